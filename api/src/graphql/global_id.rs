use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, ID, InputType, InputValueError, InputValueResult, OutputType, Positioned,
    ServerResult, Value, parser::types::Field, registry::Registry,
};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;
use zhibu_domain::{error_code::ErrorCode, id::TypedId, vocabulary::Vocabulary};

/// A typed id as Relay's opaque global `ID`: base64url of `kind:uuid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlobalId<I>(pub I);

/// Writes an id of any kind.
pub fn encode(kind: &str, id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(format!("{kind}:{}", id.simple()))
}

/// Reads an id of any kind.
pub fn decode(text: &str) -> Option<(String, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (kind, id) = text.split_once(':')?;
    Some((kind.to_owned(), Uuid::try_parse(id).ok()?))
}

impl<I: TypedId> GlobalId<I> {
    fn text(self) -> String {
        encode(I::KIND, self.0.uuid())
    }
}

impl<I: TypedId> InputType for GlobalId<I> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            Some(Value::String(text)) => decode(&text)
                .filter(|(kind, _)| kind == I::KIND)
                .map(|(_, id)| Self(I::from_uuid(id)))
                .ok_or_else(|| {
                    InputValueError::custom(format_args!("Not an id of this kind: {}.", I::KIND))
                        .with_extension("code", ErrorCode::BadId.code())
                }),
            other => Err(InputValueError::expected_type(other.unwrap_or_default())),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.text())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

#[async_trait]
impl<I: TypedId> OutputType for GlobalId<I> {
    fn type_name() -> Cow<'static, str> {
        <ID as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::String(self.text()))
    }
}

impl<I: TypedId> std::fmt::Display for GlobalId<I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}
