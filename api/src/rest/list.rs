//! Pages of lists, by keyset: a page names what comes after it, as `next` and as a `Link`.

use std::borrow::Cow;

use async_graphql::connection::CursorType;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use uuid::Uuid;
use zhibu_persistence::{Page, PageRequest};

use crate::graphql::{Cursor, MAX_PAGE};

/// Items of a page where nobody says how many.
const USUAL: u64 = 50;

/// The parameters of every list.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub struct Paging {
    /// The most items of the page; 50 where absent.
    #[schemars(range(min = 1, max = MAX_PAGE))]
    limit: Option<u64>,
    /// Only what follows this cursor: the `next` of the page before.
    after: Option<Mark>,
}

impl Paging {
    /// The page that is asked for.
    pub fn request(self) -> PageRequest {
        PageRequest { after: self.after.map(|mark| mark.0), ..PageRequest::first(self.limit()) }
    }

    /// How many items.
    pub fn limit(self) -> u64 {
        self.limit.unwrap_or(USUAL)
    }
}

/// A cursor: where a row stands in its list. Whatever has its form can be read.
#[derive(Clone, Copy, Debug)]
struct Mark(Uuid);

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        Cursor::decode_cursor(&text).map(|cursor| Self(cursor.0)).map_err(de::Error::custom)
    }
}

impl JsonSchema for Mark {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Cursor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{21}[AQgw]$" })
    }
}

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub struct PageOf<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor after which the list goes on; null where it has come to its end.
    pub next: Option<String>,
}

impl<T> PageOf<T> {
    /// Makes a page of rows read.
    pub fn of<R>(page: Page<R>, id: impl Fn(&R) -> Uuid, item: impl FnMut(R) -> T) -> Self {
        let next = page.rows.last().filter(|_| page.has_more).map(|row| Cursor(id(row)).encode_cursor());
        Self { items: page.rows.into_iter().map(item).collect(), next }
    }
}
