use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;
use zhibu_domain::member::PhoneNumber;

/// A civil date, `YYYY-MM-DD`, in the organization's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A civil date, `YYYY-MM-DD`, in the organization's time zone.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .map(Self)
                .map_err(|_| InputValueError::custom("A date is written YYYY-MM-DD.")),
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

/// A mobile phone number. Written in as people write it: with spaces and dashes, in full-width
/// digits, with `86`, `+86` or `0086` in front or without (`138 0000 1234`); numbers of other countries
/// with `+` and the country's code. Read out in E.164 form (`+8613800001234`). What is no such number is
/// the error `BAD_USER_INPUT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone(pub PhoneNumber);

/// A mobile phone number. Written in as people write it: with spaces and dashes, in full-width
/// digits, with `86`, `+86` or `0086` in front or without (`138 0000 1234`); numbers of other countries
/// with `+` and the country's code. Read out in E.164 form (`+8613800001234`). What is no such number is
/// the error `BAD_USER_INPUT`.
#[Scalar(name = "PhoneNumber", specified_by_url = "https://www.itu.int/rec/T-REC-E.164")]
impl ScalarType for Phone {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => PhoneNumber::parse(text)
                .map(Self)
                .ok_or_else(|| InputValueError::custom("This is not a mobile phone number.")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.as_e164().to_owned())
    }
}
