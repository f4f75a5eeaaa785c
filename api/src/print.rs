//! Print-outs as PDF: text in embedded faces, lines, and pages of A4. What a sheet says stands in its
//! room; here is the paper.

mod font;
mod paper;

pub use font::{FontError, Fonts};
pub use paper::{Imprint, Ink, PAGE_HEIGHT, PAGE_WIDTH, Paper};

/// Why nothing was printed: a face can't be read or cut down.
#[derive(Debug)]
pub struct PrintError(pub String);
