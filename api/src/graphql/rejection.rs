//! A request that is turned away instead of being run.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use async_graphql::{ErrorExtensionValues, Pos, ServerError};
use zhibu_domain::error_code::ErrorCode;
use zhibu_domain::vocabulary::{Language, Vocabulary};

use super::accept::Media;

/// Why a request was turned away; answered as a GraphQL error.
#[derive(Clone, Debug)]
pub struct Rejection(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    code: ErrorCode,
    detail: Option<Cow<'static, str>>,
    position: Option<Pos>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Longest detail sent: a parser quotes whole lines of a hostile document.
const MAX_DETAIL: usize = 500;

impl Rejection {
    /// For this reason.
    pub fn new(code: ErrorCode) -> Self {
        Self(Box::new(Inner { code, detail: None, position: None, headers: Vec::new() }))
    }

    /// Adds a sentence for developers, in English.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = Some(shorten(detail.into()));
        self
    }

    /// Names the place in the document.
    #[must_use]
    pub fn at(mut self, position: Pos) -> Self {
        self.0.position = Some(position);
        self
    }

    /// Adds a header to the answer, such as `Retry-After`.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// The reason.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Headers of the answer: those added, and the one that the status demands.
    pub fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> + '_ {
        let challenge = challenge(self.0.code, true)
            .map(|challenge| (header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge)));
        self.0.headers.iter().cloned().chain(challenge)
    }

    /// The status of the answer.
    pub fn status(&self, media: Media) -> StatusCode {
        status(self.0.code, media)
    }

    /// The status of an answer that isn't about a document.
    pub fn plain_status(&self) -> StatusCode {
        self.status(Media::GraphqlResponse)
    }

    /// The error as it stands in the answer.
    pub fn to_error(&self, language: Language) -> ServerError {
        let mut error = error(self.0.code, language, self.0.detail.as_deref());
        error.locations.extend(self.0.position);
        error
    }
}

/// What `WWW-Authenticate` says about a token that was shown, or of one that is missing (RFC 6750).
pub fn challenge(code: ErrorCode, shown: bool) -> Option<&'static str> {
    match code {
        ErrorCode::Unauthenticated if shown => Some("Bearer realm=\"zhibu\", error=\"invalid_token\""),
        ErrorCode::Unauthenticated => Some("Bearer realm=\"zhibu\""),
        ErrorCode::InsufficientScope => Some("Bearer realm=\"zhibu\", error=\"insufficient_scope\""),
        _ => None,
    }
}

/// An error with its code, its sentence and, for developers, a detail.
pub fn error(code: ErrorCode, language: Language, detail: Option<&str>) -> ServerError {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code.code());
    if let Some(detail) = detail {
        extensions.set("detail", detail);
    }
    let mut error = ServerError::new(code.say(language), None);
    error.extensions = Some(extensions);
    error
}

/// Cuts a text for developers to a length that can't be abused.
pub fn shorten(detail: Cow<'static, str>) -> Cow<'static, str> {
    match detail.char_indices().nth(MAX_DETAIL) {
        Some((end, _)) => Cow::Owned(format!("{}…", detail.get(..end).unwrap_or_default())),
        None => detail,
    }
}

/// The HTTP status of a request turned away for `code`. What is wrong with a well-formed
/// request's document or variables is told by the status in `graphql-response+json` alone.
pub fn status(code: ErrorCode, media: Media) -> StatusCode {
    match code {
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden
        | ErrorCode::InsufficientScope
        | ErrorCode::SecondFactorRequired
        | ErrorCode::PasswordChangeRequired
        | ErrorCode::PreflightRequired => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::LinkExpired | ErrorCode::Superseded => StatusCode::GONE,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Overloaded | ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
        // Not a failure: the client answers it by sending the document.
        ErrorCode::PersistedQueryNotFound => StatusCode::OK,
        ErrorCode::BadId
        | ErrorCode::BadUserInput
        | ErrorCode::GraphqlParseFailed
        | ErrorCode::GraphqlValidationFailed
        | ErrorCode::OperationResolutionFailure
        | ErrorCode::PersistedQueryOnly
        | ErrorCode::QueryTooLong
        | ErrorCode::QueryTooDeep
        | ErrorCode::QueryTooComplex
        | ErrorCode::TooManyAliases
        | ErrorCode::TooManyRootFields
        | ErrorCode::TooManyDirectives
        | ErrorCode::TooManySubscriptions => match media {
            Media::GraphqlResponse => StatusCode::BAD_REQUEST,
            Media::Json | Media::Html => StatusCode::OK,
        },
    }
}
