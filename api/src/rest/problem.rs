//! Problems as RFC 9457 has them: what every door but GraphQL's answers instead of what was asked for.

use std::borrow::Cow;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use schemars::JsonSchema;
use serde::Serialize;
use zhibu_domain::{
    error_code::ErrorCode,
    policy::Denied,
    vocabulary::{Language, Refusal, Vocabulary},
};
use zhibu_persistence::StoreError;

use crate::{
    error::{OpError, Stop},
    gate::{self, RequestId},
    graphql::{Rejection, challenge},
    once,
};

/// Its media type.
pub const MEDIA: &str = "application/problem+json";

/// What is wrong at one place.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Fault {
    /// Where, of the body: a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Where, of the parameters: a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// What, for developers, in English.
    pub detail: String,
}

/// Why a request was not done.
#[derive(Clone, Debug)]
pub struct Problem(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    status: StatusCode,
    code: &'static str,
    /// The code, where no operation has refused.
    error: Option<ErrorCode>,
    sentences: [&'static str; 2],
    kind: Cow<'static, str>,
    detail: Option<Cow<'static, str>>,
    faults: Vec<Fault>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// A problem (RFC 9457).
#[derive(Serialize, JsonSchema)]
#[serde(rename = "Problem", rename_all = "camelCase")]
pub(super) struct Body<'a> {
    /// The kind of problem.
    #[serde(rename = "type")]
    #[schemars(extend("format" = "uri-reference"))]
    kind: &'a str,
    /// What it is, for people, in the language of `Accept-Language`.
    title: &'a str,
    /// The status of the answer.
    status: u16,
    /// The stable code: the same as GraphQL's of an error, or of the operation's refusal.
    code: &'a str,
    /// More of it, for developers, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// What is wrong where.
    #[serde(skip_serializing_if = "<[Fault]>::is_empty")]
    #[schemars(default)]
    errors: &'a [Fault],
    /// The id under which the log and the audit know the request; as `x-request-id`.
    request_id: String,
}

impl Problem {
    /// For this reason.
    pub fn new(code: ErrorCode) -> Self {
        let mut problem = Self::of(Rejection::new(code).plain_status(), code);
        problem.0.error = Some(code);
        problem
    }

    fn of<V: Vocabulary>(status: StatusCode, code: V) -> Self {
        Self(Box::new(Inner {
            status,
            code: code.code(),
            error: None,
            sentences: [code.say(Language::Zh), code.say(Language::En)],
            kind: format!("urn:zhibu:problem:{}", code.code()).into(),
            detail: None,
            faults: Vec::new(),
            headers: Vec::new(),
        }))
    }

    /// What was sent doesn't fit the document.
    pub fn faulty(faults: Vec<Fault>) -> Self {
        let mut problem = Self::of(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput);
        problem.0.faults = faults;
        problem
    }

    /// The same, of a registered kind.
    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.0.kind = kind.into();
        self
    }

    /// Adds a sentence for developers.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Self {
        self.0.headers.extend(value.try_into().ok().map(|value| (name, value)));
        self
    }

    /// The answer to a request.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let inner = &self.0;
        let [zh, en] = inner.sentences;
        let id = request.extensions().get::<RequestId>().map(|id| id.0.to_string());
        let body = Body {
            kind: &inner.kind,
            title: if gate::language(request) == Language::Zh { zh } else { en },
            status: inner.status.as_u16(),
            code: inner.code,
            detail: inner.detail.as_deref(),
            errors: &inner.faults,
            request_id: id.unwrap_or_default(),
        };
        let mut answer = HttpResponse::build(inner.status);
        answer
            .insert_header((header::CONTENT_TYPE, MEDIA))
            .insert_header((header::CACHE_CONTROL, "no-store"));
        if inner.status == StatusCode::SERVICE_UNAVAILABLE {
            answer.insert_header((header::RETRY_AFTER, "1"));
        }
        let shown = request.headers().contains_key(header::AUTHORIZATION);
        if let Some(challenge) = inner.error.and_then(|code| challenge(code, shown)) {
            answer.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        for header in inner.headers.iter().cloned() {
            answer.insert_header(header);
        }
        answer.json(body)
    }
}

/// The kind of problem that draft-ietf-httpapi-ratelimit-headers registers.
const EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";

impl From<OpError> for Problem {
    fn from(error: OpError) -> Self {
        error.log();
        let problem = match &error {
            OpError::Code(_, once::IN_FLIGHT) => {
                Self::of(StatusCode::CONFLICT, error.code()).header(header::RETRY_AFTER, "1")
            }
            // What GraphQL calls a wrong id or input of a well-formed request is a bad request here.
            OpError::Code(ErrorCode::RateLimited, _) => Self::new(error.code()).kind(EXCEEDED),
            // RFC 6750, section 3.1: the scope that would do.
            OpError::Denied(Denied::ScopeTooSmall(Some(scope))) => {
                let said = challenge(error.code(), true).unwrap_or_default();
                let said = format!("{said}, scope=\"{}\"", scope.spoken());
                Self::new(error.code()).header(header::WWW_AUTHENTICATE, said)
            }
            _ => Self::new(error.code()),
        };
        match error.detail() {
            Some(detail) => problem.detail(detail),
            None => problem,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        OpError::from(error).into()
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        OpError::from(denied).into()
    }
}

/// What a refusal says of a version that has changed since it was read.
const STALE: &str = "STALE";

impl<R: Refusal> From<Stop<R>> for Problem {
    fn from(stop: Stop<R>) -> Self {
        match stop {
            Stop::Error(error) => error.into(),
            Stop::Refused(refusal, field) => {
                let stale = refusal.code() == STALE;
                let status = if stale { StatusCode::PRECONDITION_FAILED } else { StatusCode::CONFLICT };
                let mut problem = Self::of(status, refusal);
                // What is stale was named by a header.
                problem.0.faults.extend(field.filter(|_| !stale).map(|path| Fault {
                    pointer: Some(path.iter().map(|step| format!("/{step}")).collect()),
                    parameter: None,
                    detail: refusal.say(Language::En).to_owned(),
                }));
                problem
            }
        }
    }
}
