use zhibu_domain::{error_code::ErrorCode, text};

use crate::error::OpError;

/// Longest text to look for.
const LONGEST: usize = 100;

/// Text to look for, as somebody types it into a field: one line. An empty field asks for nothing
/// in particular.
pub fn search(typed: Option<String>) -> Result<Option<String>, OpError> {
    let Some(typed) = typed.filter(|typed| !typed.trim().is_empty()) else { return Ok(None) };
    let line = text::line(&typed, LONGEST);
    line.map(Some)
        .ok_or(OpError::Code(ErrorCode::BadUserInput, "a search is one line of at most 100 characters"))
}
