//! The access matrix: every operation of the schema, tried by everybody.

mod cases;
mod observed;
mod policy;
mod scene;
mod tokens;

pub use observed::TRIED_BY;
pub use scene::Scene;
