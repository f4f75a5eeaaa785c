//! Answers: every error gets its code and its sentence, then the answer is written.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use async_graphql::{Response, ServerError, Value};
use serde::Serialize;
use zhibu_domain::error_code::ErrorCode;
use zhibu_domain::vocabulary::{Language, Vocabulary};

use super::accept::Media;
use super::nulls::Nullability;
use super::operation::Asked;
use super::rejection::{self, Rejection};

/// For whom an answer is.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// The language of messages.
    pub language: Language,
    /// Under which the log has more about a fault.
    pub request_id: Option<String>,
}

/// Most errors sent of a document that doesn't fit the schema.
const MAX_REQUEST_ERRORS: usize = 20;

/// An answer as it is written: no `data` at all if nothing was run.
#[derive(Serialize)]
pub struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    extensions: &'a std::collections::BTreeMap<String, Value>,
}

impl<'a> Body<'a> {
    /// Of a response dressed by [`dress`].
    pub fn of(response: &'a Response, run: bool) -> Self {
        Self {
            errors: &response.errors,
            data: run.then_some(&response.data),
            extensions: &response.extensions,
        }
    }
}

/// Gives every error its code and sentence, and the data their order and their nulls. Says whether the operation
/// was run: a document or variables that don't fit stop it before.
pub fn dress(response: &mut Response, asked: &Asked, nulls: &Nullability, reader: &Reader) -> bool {
    if response.errors.is_empty() {
        asked.complete(response, nulls);
        return true;
    }
    let mut run = response.data != Value::Null;
    for error in &mut response.errors {
        let given = code_of(error);
        let code = given.unwrap_or_else(|| classify(error));
        run |= match code {
            // A scalar of ours is read in the middle of the run, yet belongs before it.
            ErrorCode::BadUserInput | ErrorCode::BadId => !asked.single && !error.path.is_empty(),
            _ => !error.path.is_empty(),
        };
        match given {
            Some(code) if !is_input(error) => error.message = code.say(reader.language).to_owned(),
            _ => dress_error(error, code, reader),
        }
        if let (ErrorCode::Internal, Some(extensions), Some(id)) =
            (code, &mut error.extensions, &reader.request_id)
        {
            extensions.set("requestId", id.as_str());
        }
    }
    if run {
        asked.complete(response, nulls);
    } else {
        response.errors.truncate(MAX_REQUEST_ERRORS);
        for error in &mut response.errors {
            error.path.clear();
        }
    }
    run
}

/// The code that a resolver, a guard or a scalar gave to its error.
fn code_of(error: &ServerError) -> Option<ErrorCode> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => ErrorCode::from_code(code),
        _ => None,
    }
}

fn dress_error(error: &mut ServerError, code: ErrorCode, reader: &Reader) {
    let message = std::mem::take(&mut error.message);
    let dressed = if code == ErrorCode::Internal {
        let request_id = reader.request_id.as_deref();
        tracing::error!(request_id, path = ?error.path, cause = message, "a resolver failed without a code");
        rejection::error(code, reader.language, None)
    } else {
        rejection::error(code, reader.language, Some(&rejection::shorten(message.into())))
    };
    error.message = dressed.message;
    error.extensions = dressed.extensions;
}

/// Whether the error says that an argument or a variable doesn't have the form of its type.
fn is_input(error: &ServerError) -> bool {
    let message = error.message.as_str();
    let beginnings = ["Invalid value for argument ", "Failed to parse \"", "Expected input type \""];
    error.source.is_none()
        && (beginnings.iter().any(|text| message.starts_with(text))
            || message.starts_with("Variable ") && message.ends_with(" is not defined."))
}

/// What an error of async-graphql means. It tells them apart by their text alone.
fn classify(error: &ServerError) -> ErrorCode {
    match error.message.as_str() {
        _ if is_input(error) => ErrorCode::BadUserInput,
        _ if !error.path.is_empty() => ErrorCode::Internal,
        "Query is too complex." => ErrorCode::QueryTooComplex,
        "Query is nested too deep." => ErrorCode::QueryTooDeep,
        text if text.starts_with("The recursion depth of the query") => ErrorCode::QueryTooDeep,
        text if text.starts_with("The number of directives") => ErrorCode::TooManyDirectives,
        _ => ErrorCode::GraphqlValidationFailed,
    }
}

/// The error for a panic in a resolver; the log has it from the panic's hook.
pub fn fault(reader: &Reader) -> Response {
    let mut error = ServerError::new("a resolver panicked", None);
    dress_error(&mut error, ErrorCode::Internal, reader);
    Response::from_errors(vec![error])
}

/// Answers with what an operation came to, and whether it was run.
pub fn respond(response: &Response, run: bool, media: Media) -> HttpResponse {
    let status = if run { StatusCode::OK } else { status_of(&response.errors, media) };
    let mut answer = write(status, media, &Body::of(response, run));
    for (name, value) in &response.http_headers {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}

/// The status of an operation that wasn't run.
fn status_of(errors: &[ServerError], media: Media) -> StatusCode {
    let code = errors.first().and_then(code_of);
    rejection::status(code.unwrap_or(ErrorCode::Internal), media)
}

/// Answers that a request was turned away.
pub fn reject(rejection: &Rejection, media: Media, language: Language) -> HttpResponse {
    let errors = [rejection.to_error(language)];
    let body = Body { errors: &errors, data: None, extensions: &std::collections::BTreeMap::new() };
    let mut answer = write(rejection.status(media), media, &body);
    for (name, value) in rejection.headers() {
        answer.headers_mut().append(name, value);
    }
    answer
}

fn write(status: StatusCode, media: Media, body: &Body<'_>) -> HttpResponse {
    let mut bytes = Vec::with_capacity(512);
    if serde_json::to_writer(&mut bytes, body).is_err() {
        return HttpResponse::InternalServerError().finish();
    }
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static(media.content_type())))
        .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .body(bytes)
}
