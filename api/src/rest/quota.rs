//! How much an account may ask for, told as draft-ietf-httpapi-ratelimit-headers has it.

use actix_web::{
    HttpResponse,
    http::header::{HeaderName, HeaderValue, RETRY_AFTER},
};
use zhibu_domain::error_code::ErrorCode;

use super::Problem;
use crate::{app::App, call::Call, error::OpError};

/// The kind of problem that the draft registers.
const EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";

/// What is left to a caller.
pub struct Quota {
    limit: u32,
    left: u32,
    seconds: i64,
}

/// Counts a request of the caller.
pub fn spend(app: &App, call: &Call) -> Result<Quota, Problem> {
    let (limit, now) = (app.config.rest_per_minute, app.now());
    let key = (call.district()?, call.account()?);
    let admitted = app.auth.asked_by.admit(key, limit, now);
    let (left, until) = app.auth.asked_by.left(&key, limit, now);
    let quota = Quota { limit, left, seconds: until.num_seconds() + 1 };
    admitted.map(|()| quota).map_err(|wait| {
        let wait = wait.num_seconds() + 1;
        let empty = Quota { limit, left: 0, seconds: wait };
        let problem = Problem::from(OpError::Code(ErrorCode::RateLimited, "requests in a minute"));
        let problem = problem.kind(EXCEEDED).header(RETRY_AFTER, HeaderValue::from(wait));
        empty.headers().into_iter().fold(problem, |problem, (name, value)| problem.header(name, value))
    })
}

impl Quota {
    fn headers(&self) -> [(HeaderName, String); 2] {
        [
            (HeaderName::from_static("ratelimit-policy"), format!("\"default\";q={};w=60", self.limit)),
            (HeaderName::from_static("ratelimit"), format!("\"default\";r={};t={}", self.left, self.seconds)),
        ]
    }

    /// Tells it with an answer.
    pub fn tell(&self, answer: &mut HttpResponse) {
        for (name, value) in self.headers() {
            if let Ok(value) = HeaderValue::try_from(value) {
                answer.headers_mut().insert(name, value);
            }
        }
    }
}
