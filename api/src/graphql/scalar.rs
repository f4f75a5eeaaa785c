use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use zhibu_domain::member::PhoneNumber;

/// Years that a date may lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

/// The same moment, or the end of the times that both databases keep.
pub fn storable(at: DateTime<Utc>) -> DateTime<Utc> {
    let latest = DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(at);
    at.clamp(DateTime::UNIX_EPOCH, latest)
}

/// A civil date, `YYYY-MM-DD`, in the organization's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A civil date, `YYYY-MM-DD`, in the organization's time zone; the years 1900 to 2999.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()
                .filter(|day| YEARS.contains(&day.year()))
                .map(Self)
                .ok_or_else(|| InputValueError::custom("A date is written YYYY-MM-DD, from 1900 to 2999.")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// Whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minutes(pub i64);

/// Whole minutes.
#[Scalar(specified_by_url = "https://spec.graphql.org/October2021/#sec-Int")]
impl ScalarType for Minutes {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => number
                .as_i64()
                .filter(|n| i32::try_from(*n).is_ok())
                .map(Self)
                .ok_or_else(|| InputValueError::custom("Minutes are a whole number.")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

/// A mobile phone number, as somebody types it; or one that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// The number; none if what was typed isn't one.
    pub fn number(&self) -> Option<PhoneNumber> {
        PhoneNumber::parse(&self.0)
    }

    /// What was typed.
    pub fn typed(&self) -> &str {
        &self.0
    }
}

impl From<&PhoneNumber> for Phone {
    fn from(number: &PhoneNumber) -> Self {
        Self(number.as_e164().to_owned())
    }
}

/// A mobile phone number. Written in as people write it: with spaces and dashes, in full-width
/// digits, with `86`, `+86` or `0086` in front or without (`138 0000 1234`); numbers of other countries
/// with `+` and the country's code. Read out in E.164 form (`+8613800001234`). What is no such number
/// is refused by the operation, as `BAD_PHONE` mostly.
#[Scalar(name = "PhoneNumber", specified_by_url = "https://www.itu.int/rec/T-REC-E.164")]
impl ScalarType for Phone {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}
