//! What stands in parameters and bodies: ids, words of closed lists, moments.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;
use zhibu_domain::{id::TypedId, vocabulary::Vocabulary};

use crate::graphql::{decode, encode, storable};

/// A global id, the same as GraphQL's. What isn't one of this kind names nothing: it is read as the nil
/// id, which nothing has, so that an invented id is answered as an unknown one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id<I>(pub I);

impl<I: TypedId> Id<I> {
    /// As it is sent.
    pub fn text(self) -> String {
        encode(I::KIND, self.0.uuid())
    }

    /// Reads what was sent.
    pub fn read(text: &str) -> Self {
        let found = decode(text).filter(|(kind, _)| kind == I::KIND);
        Self(I::from_uuid(found.map_or_else(Uuid::nil, |(_, id)| id)))
    }
}

impl<I: TypedId> Serialize for Id<I> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text())
    }
}

impl<'de, I: TypedId> Deserialize<'de> for Id<I> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::read(&Cow::<'de, str>::deserialize(from)?))
    }
}

impl<I> JsonSchema for Id<I> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[A-Za-z0-9_-]+$" })
    }
}

/// A word of a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<V>(pub V);

impl<V: Vocabulary> Serialize for Word<V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.code())
    }
}

impl<'de, V: Vocabulary> Deserialize<'de> for Word<V> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = Cow::<'de, str>::deserialize(from)?;
        V::from_code(&code).map(Self).ok_or_else(|| de::Error::custom("not a word of the list"))
    }
}

impl<V: Vocabulary> JsonSchema for Word<V> {
    fn schema_name() -> Cow<'static, str> {
        V::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let codes: Vec<_> = V::words().iter().map(|word| word.code).collect();
        let lines = V::words().iter().map(|word| format!("- `{}`: {}", word.code, flat(word.doc)));
        let doc = format!("{}\n\n{}", flat(V::DOC), lines.collect::<Vec<_>>().join("\n"));
        json_schema!({ "type": "string", "enum": codes, "description": doc })
    }
}

/// A documentation comment as one line.
pub(super) fn flat(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A moment that somebody sends; within the times that both databases keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub DateTime<Utc>);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        let at = DateTime::parse_from_rfc3339(&text).map_err(de::Error::custom)?;
        Ok(Self(storable(at.with_timezone(&Utc))))
    }
}

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "maxLength": 40 })
    }
}
