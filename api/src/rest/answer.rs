//! What an operation answers.

use actix_web::http::StatusCode;

use super::{PageOf, Problem};

/// What an operation answers, or why not.
pub type Answered<T> = Result<Answer<T>, Problem>;

/// What an operation answers.
#[derive(Debug)]
pub struct Answer<T> {
    /// The status.
    pub status: StatusCode,
    /// What.
    pub value: T,
    /// The version that a change of it may name.
    pub version: Option<i32>,
    /// The path of what was made.
    pub location: Option<String>,
    /// The cursor after which the list goes on.
    pub next: Option<String>,
}

impl<T> Answer<T> {
    /// This.
    pub fn of(value: T) -> Self {
        Self { status: StatusCode::OK, value, version: None, location: None, next: None }
    }

    /// Names the version by which the thing can be changed.
    #[must_use]
    pub fn version(self, version: i32) -> Self {
        Self { version: Some(version), ..self }
    }

    /// Something new, at a path below the root.
    #[must_use]
    pub fn created(self, path: String) -> Self {
        Self { status: StatusCode::CREATED, location: Some(path), ..self }
    }
}

impl<T> Answer<PageOf<T>> {
    /// A page of a list.
    pub fn page(page: PageOf<T>) -> Self {
        let next = page.next.clone();
        Self { next, ..Self::of(page) }
    }
}
