//! From a request to an answer: method, caller, quota, headers, parameters, body, and only then the
//! operation.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{self, ContentEncoding, HeaderValue},
    },
    web,
};
use serde_json::Value;
use zhibu_domain::{error_code::ErrorCode, policy::Denied};

use super::{
    Operation, Problem, ROOT,
    asked::Raw,
    conditional,
    document::{BOOK, Checks},
    operation::Sent,
    params::check_body,
};
use crate::{
    app::App,
    call::Call,
    gate,
    graphql::{body, settled::settled},
    quota,
    reads::loading,
};

/// The largest body: more than the largest that fits the document.
const BODY: usize = 256 * 1024;
/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is under one path.
#[derive(Clone, Copy)]
struct Resource {
    path: &'static str,
}

impl Resource {
    fn operations(self) -> impl Iterator<Item = &'static (Operation, Checks)> {
        BOOK.operations.iter().filter(move |(operation, _)| operation.path == self.path)
    }

    fn find(self, method: &Method) -> Option<&'static (Operation, Checks)> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.operations().find(|(operation, _)| operation.method == *method)
    }

    fn allow(self) -> String {
        let mut methods = vec!["OPTIONS"];
        for (operation, _) in self.operations() {
            methods.extend((operation.method == Method::GET).then_some("HEAD"));
            methods.push(operation.method.as_str());
        }
        methods.sort_unstable();
        methods.join(", ")
    }
}

/// Opens the door: everything below the root is answered here.
pub fn configure(config: &mut web::ServiceConfig) {
    let mut paths: Vec<_> = BOOK.operations.iter().map(|(operation, _)| operation.path).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut scope = web::scope(ROOT);
    for path in paths {
        let resource = Resource { path };
        let answer = move |app: web::Data<App>, request: HttpRequest, body: web::Payload| {
            answer(resource, app.into_inner(), request, body)
        };
        scope = scope.service(web::resource(path).to(answer));
    }
    config.service(scope.default_service(web::to(nothing)));
}

async fn nothing(request: HttpRequest) -> HttpResponse {
    Problem::new(ErrorCode::NotFound).answer(&request)
}

async fn answer(
    resource: Resource,
    app: Arc<App>,
    request: HttpRequest,
    mut body: web::Payload,
) -> HttpResponse {
    let Some((operation, checks)) = resource.find(request.method()) else {
        if request.method() == Method::OPTIONS {
            return HttpResponse::NoContent().insert_header((header::ALLOW, resource.allow())).finish();
        }
        return Problem::new(ErrorCode::MethodNotAllowed)
            .header(header::ALLOW, resource.allow())
            .answer(&request);
    };
    let call = match caller(&app, &request).await {
        Ok(call) => call,
        Err(problem) => return problem.answer(&request),
    };
    match obey(operation, checks, &app, call, &request, &mut body).await {
        Ok(sent) => send(&request, operation, sent),
        Err(problem) => problem.answer(&request),
    }
}

async fn caller(app: &App, request: &HttpRequest) -> Result<Call, Problem> {
    let call = gate::authenticated(app, request).await?;
    if call.actor.account_id().is_none() {
        return Err(Denied::Unauthenticated.into());
    }
    // A token was counted when it was shown.
    if call.actor.limit().is_none() {
        let key = (call.district()?, call.account()?);
        quota::spend(request, &app.auth.asked_by, key, app.config.rest_per_minute, app.now())?;
    }
    Ok(call)
}

async fn obey(
    operation: &Operation,
    checks: &Checks,
    app: &Arc<App>,
    call: Call,
    request: &HttpRequest,
    body: &mut web::Payload,
) -> Result<Sent, Problem> {
    // Twice DELETE comes to the same.
    let key = if operation.method == Method::POST { Some(key(request)?) } else { None };
    let params = checks.parameters.gather(request, &checks.parameters_check)?;
    let body = match &checks.body {
        None => None,
        Some(check) => Some(check_body(check, read(request, body).await?)?),
    };
    let version = if operation.versioned { conditional::version(request.headers()) } else { None };
    let reads = loading(Arc::clone(app), call.district()?, call);
    settled((operation.run)(Raw { reads, params, body, version, key })).await
}

/// The client's key, which a structured field has in quotation marks.
fn key(request: &HttpRequest) -> Result<String, Problem> {
    let bad = |detail| Problem::new(ErrorCode::BadRequest).detail(detail);
    let mut keys = request.headers().get_all("idempotency-key");
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return Err(bad("a POST takes one Idempotency-Key"));
    };
    let text = key.to_str().unwrap_or_default();
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let key = quoted.unwrap_or(text);
    let fits = |c: char| match quoted {
        Some(_) => c.is_ascii_graphic() && !matches!(c, '"' | '\\'),
        None => c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '~' | ':' | '-'),
    };
    let right = (1..=64).contains(&key.len()) && key.chars().all(fits);
    if right {
        Ok(key.to_owned())
    } else {
        Err(bad("an Idempotency-Key is 1 to 64 characters in quotation marks"))
    }
}

async fn read(request: &HttpRequest, payload: &mut web::Payload) -> Result<Value, Problem> {
    let headers = request.headers();
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(ErrorCode::UnsupportedMediaType).detail("a body is application/json"));
    }
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(Problem::new(ErrorCode::UnsupportedMediaType).detail("a body has no Content-Encoding"));
    }
    let bytes = body::read(headers, payload, BODY, PATIENCE).await;
    let bytes = bytes.map_err(|rejection| Problem::new(rejection.code()))?;
    serde_json::from_slice(&bytes)
        .map_err(|_| Problem::new(ErrorCode::BadRequest).detail("the body isn't JSON"))
}

fn send(request: &HttpRequest, operation: &Operation, sent: Sent) -> HttpResponse {
    let mut answer = HttpResponse::build(sent.status);
    answer
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "authorization"));
    let reads = operation.method == Method::GET;
    if reads || sent.version.is_some() {
        let tag = conditional::tag(sent.version, &sent.value);
        answer.insert_header((header::ETAG, tag.as_str()));
        if reads && conditional::is_known(request.headers(), &tag) {
            return answer.status(StatusCode::NOT_MODIFIED).finish();
        }
    }
    if sent.version.is_some() {
        // A strong tag is of these very bytes.
        answer.insert_header(ContentEncoding::Identity);
    }
    if let Some(path) = &sent.location {
        answer.insert_header((header::LOCATION, format!("{ROOT}{path}")));
    }
    if let Some(link) = sent.next.as_deref().and_then(|next| next_link(request, next)) {
        answer.insert_header((header::LINK, link));
    }
    answer.content_type("application/json").body(sent.value)
}

/// The same address, after another cursor. It is relative: no header of the request decides where it leads.
fn next_link(request: &HttpRequest, after: &str) -> Option<HeaderValue> {
    let others =
        request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
    let after = format!("after={after}");
    let query: Vec<_> = others.chain([after.as_str()]).collect();
    HeaderValue::try_from(format!("<{}?{}>; rel=\"next\"", request.path(), query.join("&"))).ok()
}
