use async_graphql::{
    OutputType,
    connection::{Connection, CursorType, Edge},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;
use zhibu_domain::error_code::ErrorCode;
use zhibu_persistence::{Page, PageRequest};

use crate::error::OpError;

/// The largest page.
pub const MAX_PAGE: usize = 100;

/// Where a row stands in its list: opaque to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub Uuid);

impl CursorType for Cursor {
    type Error = &'static str;

    fn decode_cursor(text: &str) -> Result<Self, Self::Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| "not a cursor")?;
        Uuid::from_slice(&bytes).map(Self).map_err(|_| "not a cursor")
    }

    fn encode_cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_bytes())
    }
}

/// The arguments of a connection, as Relay names them.
#[derive(Clone, Debug, Default)]
pub struct PageArgs {
    /// The first so many …
    pub first: Option<i32>,
    /// … after this cursor.
    pub after: Option<String>,
    /// The last so many …
    pub last: Option<i32>,
    /// … before this cursor.
    pub before: Option<String>,
}

impl PageArgs {
    /// Checks the arguments; without `first` and `last` a page of 20.
    pub fn request(&self) -> Result<PageRequest, OpError> {
        let cursor = |text: &Option<String>| match text.as_deref() {
            None => Ok(None),
            Some(text) => Cursor::decode_cursor(text)
                .map(|c| Some(c.0))
                .map_err(|_| OpError::Code(ErrorCode::BadUserInput, "not a cursor")),
        };
        let (limit, backwards) = match (self.first, self.last) {
            (Some(_), Some(_)) => {
                return Err(OpError::Code(ErrorCode::BadUserInput, "first and last exclude each other"));
            }
            (None, Some(last)) => (last, true),
            (first, None) => (first.unwrap_or(20), false),
        };
        match usize::try_from(limit) {
            Ok(limit) if (1..=MAX_PAGE).contains(&limit) => Ok(PageRequest {
                after: cursor(&self.after)?,
                before: cursor(&self.before)?,
                limit: limit as u64,
                backwards,
            }),
            _ => Err(OpError::Code(ErrorCode::BadUserInput, "a page holds 1 to 100 items")),
        }
    }
}

/// Makes a connection of a page.
pub fn connect<T, N: OutputType>(
    request: PageRequest,
    page: Page<T>,
    cursor: impl Fn(&T) -> Uuid,
    node: impl Fn(T) -> N,
) -> Connection<Cursor, N> {
    let (previous, next) = if request.backwards {
        (page.has_more, request.before.is_some())
    } else {
        (request.after.is_some(), page.has_more)
    };
    let mut connection = Connection::new(previous, next);
    connection.edges.extend(page.rows.into_iter().map(|row| {
        let cursor = Cursor(cursor(&row));
        Edge::new(cursor, node(row))
    }));
    connection
}
