use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned,
    ServerResult, Value,
    indexmap::IndexMap,
    parser::types::Field,
    registry::{Deprecation, MetaEnumValue, MetaType, MetaTypeId, Registry},
};
use async_trait::async_trait;
use zhibu_domain::vocabulary::{Vocabulary, Word};

/// A word of a domain vocabulary as a GraphQL enum value. Generated from the vocabulary
/// itself, so that a new word can't be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term<V>(pub V);

/// The text of a doc comment.
pub(super) fn description(doc: &str) -> Option<String> {
    let lines: Vec<_> = doc.lines().map(str::trim).collect();
    Some(lines.join("\n").trim().to_owned())
}

fn meta_value<V>(word: &Word<V>) -> MetaEnumValue {
    MetaEnumValue {
        name: word.code.to_owned(),
        description: description(&format!("{} — {}", word.zh, word.doc.trim())),
        deprecation: Deprecation::NoDeprecated,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        directive_invocations: Vec::new(),
    }
}

fn meta_type<V: Vocabulary>() -> MetaType {
    let values: IndexMap<_, _> = V::words().iter().map(|w| (w.code.to_owned(), meta_value(w))).collect();
    MetaType::Enum {
        name: V::NAME.to_owned(),
        description: description(V::DOC),
        enum_values: values,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(std::any::type_name::<Term<V>>()),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

impl<V: Vocabulary> InputType for Term<V> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(V::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::Enum, |_| meta_type::<V>())
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let code = match &value {
            Value::Enum(name) => name.as_str(),
            Value::String(text) => text.as_str(),
            _ => return Err(InputValueError::expected_type(value)),
        };
        V::from_code(code)
            .map(Self)
            .ok_or_else(|| InputValueError::custom(format_args!("{} has no value \"{code}\".", V::NAME)))
    }

    fn to_value(&self) -> Value {
        Value::Enum(Name::new(self.0.code()))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

#[async_trait]
impl<V: Vocabulary> OutputType for Term<V> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(V::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Enum, |_| meta_type::<V>())
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Enum(Name::new(self.0.code())))
    }
}
