//! Files of a form stand in the variables as text with a number, which async-graphql takes for
//! an index without a look. A client that writes such a text itself must not get through.

use async_graphql::{Name, Request, UploadValue, Value, Variables};
use zhibu_domain::error_code::ErrorCode;

use super::rejection::Rejection;

const PLACEHOLDER: &str = "#__graphql_file__:";

/// Whether this value, or one within, names a file by number.
pub fn is_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with(PLACEHOLDER),
        Value::List(items) => items.iter().any(is_placeholder),
        Value::Object(fields) => fields.values().any(is_placeholder),
        _ => false,
    }
}

/// The same of a literal, its variables put aside by [`no_variable`].
pub fn is_forged(literal: Result<Value, ()>) -> bool {
    literal.is_ok_and(|value| is_placeholder(&value))
}

/// Stands for a variable of a literal: variables are looked at as they arrive.
#[expect(clippy::unnecessary_wraps, reason = "the signature that async-graphql asks for")]
pub fn no_variable(_: Name) -> Result<Value, ()> {
    Ok(Value::Null)
}

/// Whether a variable names a file by number.
pub fn any_placeholder(variables: &Variables) -> bool {
    variables.values().any(is_placeholder)
}

/// A file of a form and the variables that stand for it, such as `variables.input.sheet`.
pub struct File {
    /// Where it belongs.
    pub paths: Vec<String>,
    /// The file.
    pub content: UploadValue,
}

impl File {
    /// Puts the file where it belongs.
    pub fn put_into(self, request: &mut Request) -> Result<(), Rejection> {
        for path in &self.paths {
            let before = request.uploads.len();
            let copy = UploadValue {
                filename: self.content.filename.clone(),
                content_type: self.content.content_type.clone(),
                content: self.content.content.clone(),
            };
            request.set_upload(path, copy);
            if request.uploads.len() == before {
                return Err(Rejection::new(ErrorCode::BadRequest)
                    .detail(format!("the map names {path}, which is not among the variables")));
            }
        }
        Ok(())
    }
}
