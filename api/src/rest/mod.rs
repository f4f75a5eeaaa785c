//! The REST door, for integrators: `/api/v1`. One table of operations gives the routes, `Allow`, the
//! checks of what is sent, and the OpenAPI document; each operation asks the same functions as
//! GraphQL's fields do.

mod answer;
mod asked;
pub mod conditional;
#[expect(clippy::indexing_slicing, reason = "JSON objects of our own making")]
mod document;
mod door;
mod list;
mod operation;
#[expect(clippy::indexing_slicing, reason = "JSON objects of our own making")]
mod params;
pub mod problem;
mod term;

pub use answer::{Answer, Answered};
pub use asked::Asked;
pub use document::{document, printed};
pub use door::configure;
pub use list::{PageOf, Paging};
pub use operation::{Operation, delete, get, post};
pub use problem::Problem;
pub use term::{Id, Moment, Word};

use crate::{activity, assignment, attendance, member, organization, volunteering, webhook};

/// Where it is.
pub const ROOT: &str = "/api/v1";

/// All operations: each room brings its own.
pub fn operations() -> Vec<Operation> {
    [
        organization::rest::operations(),
        member::rest::operations(),
        activity::rest::operations(),
        attendance::rest::operations(),
        volunteering::rest::operations(),
        assignment::rest::operations(),
        webhook::rest::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
