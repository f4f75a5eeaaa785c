//! A district to look around in: made-up people, real numbers. The same seed draws the same
//! people; the Party days lie in the months before the day on which it is filled.

mod accounts;
mod assignment;
mod draw;
mod extras;
mod fill;
mod history;
mod names;
mod open;
mod people;
mod plan;
#[cfg(test)]
mod tests;
mod units;
mod volunteering;
mod world;

pub use accounts::write as write_accounts;
pub use fill::{Content, Progress, content, fill};
pub use open::keep as keep_open;
pub use plan::Scale;
pub use world::{Part, Recipe, Role, Someone, World};

use zhibu_persistence::StoreError;

/// Everybody's password.
pub const PASSWORD: &str = "Demo-7lotus";

/// How the audit names what the demo has written.
const OPERATION: &str = "demo";

/// Why there is no demo.
#[derive(Debug)]
pub enum DemoError {
    /// The database.
    Store(StoreError),
    /// A file.
    Io(std::io::Error),
    /// The rules refused what the demo had drawn: a fault of its own.
    Fault(String),
}

impl DemoError {
    fn fault(what: &str) -> Self {
        Self::Fault(what.to_owned())
    }
}

impl std::fmt::Display for DemoError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => write!(f, "the database can't be used: {error:?}"),
            Self::Io(error) => write!(f, "a file can't be written: {error}"),
            Self::Fault(what) => write!(f, "the demo contradicts the rules: {what}"),
        }
    }
}

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<std::io::Error> for DemoError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// What the rules say of something that the demo has drawn.
fn made<T, R: std::fmt::Debug>(result: Result<T, R>) -> Result<T, DemoError> {
    result.map_err(|refusal| DemoError::Fault(format!("{refusal:?}")))
}
