use std::borrow::Cow;

use async_graphql::{InputType, InputValueError, InputValueResult, Pos, Value, registry::Registry};
use chrono::{DateTime, Utc};
use zhibu_domain::error_code::ErrorCode;

use super::{decode, rejection::shorten};

/// One of many inputs, read by itself: what can't be read spoils none of the others. In the schema it is
/// what it holds.
#[derive(Clone, Debug)]
pub struct Each<T> {
    /// What the client sent.
    pub sent: Value,
    /// What it says, or why it can't be read.
    pub read: Result<T, Unread>,
}

/// Why an input wasn't read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// As for a request that consists of it.
    pub code: ErrorCode,
    /// The path of the field at fault, where the value itself shows which it is.
    pub field: Option<Vec<String>>,
    /// A sentence for developers.
    pub detail: String,
}

impl<T: InputType> InputType for Each<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let sent = value.unwrap_or_default();
        let read = T::parse(Some(sent.clone())).map_err(|error| unread(error, &sent));
        Ok(Self { sent, read })
    }

    fn to_value(&self) -> Value {
        self.sent.clone()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

fn unread<T: InputType>(error: InputValueError<T>, sent: &Value) -> Unread {
    let detail = error.into_server_error(Pos::default()).message;
    let is_id = detail.starts_with(r#"Failed to parse "ID""#);
    let is_suspect = |name: &str, value: &Value| match value {
        Value::String(text) if is_id => is_id_of_ours(name) && decode(text).is_none(),
        Value::String(text) => is_named(name, "at", "At") && text.parse::<DateTime<Utc>>().is_err(),
        Value::Number(number) if !is_id => number.as_i64().is_some_and(|n| !(0..=1 << 31).contains(&n)),
        _ => false,
    };
    let mut path = Vec::new();
    let field = leads_to(sent, &is_suspect, &mut path).then_some(path);
    let code = if is_id { ErrorCode::BadId } else { ErrorCode::BadUserInput };
    Unread { code, field, detail: shorten(detail.into()).into_owned() }
}

/// Whether there is a suspect in a value; the path leads to the first one.
fn leads_to(value: &Value, is_suspect: &impl Fn(&str, &Value) -> bool, path: &mut Vec<String>) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            path.push(name.to_string());
            let found = leads_to(value, is_suspect, path);
            if !found {
                path.pop();
            }
            found
        }),
        Value::List(values) => values.iter().any(|value| leads_to(value, is_suspect, path)),
        value => path.last().is_some_and(|name| is_suspect(name, value)),
    }
}

fn is_named(name: &str, alone: &str, ending: &str) -> bool {
    name == alone || name.ends_with(ending)
}

/// Whether a field holds an id that the server gave out; the client's own are any text.
fn is_id_of_ours(name: &str) -> bool {
    is_named(name, "id", "Id") && !name.starts_with("client") && name != "deviceId"
}
