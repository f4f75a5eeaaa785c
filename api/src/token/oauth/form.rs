use actix_web::{HttpMessage, HttpRequest};

use super::answer::Fault;
use crate::graphql::body::Short;

/// The parameters of a request. What is empty counts as absent (RFC 6749, 3.2).
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body. Only `resource` may stand there more than once.
    pub fn read(request: &HttpRequest, body: Short) -> Result<Self, Fault> {
        if !request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Fault::bad("invalid_request", "the body must be application/x-www-form-urlencoded"));
        }
        let body = body.0.map_err(|_| Fault::bad("invalid_request", "the body can't be read"))?;
        let fields: Vec<(String, String)> = form_urlencoded::parse(&body)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let again = |at: usize, name: &str| fields.iter().take(at).any(|(earlier, _)| earlier == name);
        if fields.iter().enumerate().any(|(at, (name, _))| name != "resource" && again(at, name)) {
            return Err(Fault::bad("invalid_request", "a parameter is repeated"));
        }
        Ok(Self(fields))
    }

    /// A parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All of one name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
