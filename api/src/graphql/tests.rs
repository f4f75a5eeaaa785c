//! The transport, with a small schema behind it.

mod documents;
mod forms;
mod http;
mod limits;
mod nulls;
mod order;

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, HttpRequest, HttpServer, web};
use async_graphql::{
    Context, ErrorExtensions, InputValueError, InputValueResult, Object, Scalar, ScalarType, Schema,
    SimpleObject, Subscription, Union, Upload, Value,
};
use futures_util::stream::{self, Stream};
use serde_json::json;
use tokio::sync::watch;
use zhibu_domain::error_code::ErrorCode;

use super::*;

/// An id whose form async-graphql can't check before the run.
pub struct Code(String);

#[Scalar]
impl ScalarType for Code {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) if text.len() == 4 => Ok(Self(text)),
            _ => Err(InputValueError::custom("a code has four characters")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

fn bug() -> i32 {
    std::panic::panic_any("a bug")
}

pub struct Query;

#[Object]
impl Query {
    async fn hello(&self, ctx: &Context<'_>) -> String {
        ctx.append_http_header("x-seen", "yes");
        ctx.data_opt::<&'static str>().map_or_else(|| "nobody".into(), ToString::to_string)
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn deeper(&self) -> Query {
        Query
    }

    /// Isn't ready at once.
    async fn late(&self) -> i32 {
        tokio::task::yield_now().await;
        1
    }

    async fn code(&self, code: Code) -> String {
        code.0
    }

    #[graphql(complexity = "5_000 + child_complexity")]
    async fn dear(&self) -> i32 {
        1
    }

    async fn failing(&self) -> async_graphql::Result<i32> {
        Err(async_graphql::Error::new("column secret does not exist"))
    }

    async fn denied(&self) -> async_graphql::Result<Option<i32>> {
        Err(async_graphql::Error::new("不行").extend_with(|_, e| e.set("code", "FORBIDDEN")))
    }

    async fn people(&self) -> Vec<Person> {
        vec![Person(0), Person(1)]
    }

    async fn person(&self, n: i32) -> Option<Person> {
        Some(Person(n))
    }

    async fn found(&self, n: i32) -> Vec<Found> {
        vec![Found::Person(Person(n)), Found::Place(Place { name: "Hall".into() })]
    }

    async fn panicking(&self) -> i32 {
        bug()
    }
}

/// Hides everything but its number if that is 1.
pub struct Person(i32);

#[Object]
impl Person {
    async fn n(&self) -> i32 {
        self.0
    }

    async fn phone(&self) -> async_graphql::Result<Option<String>> {
        self.hidden().map(Some)
    }

    async fn name(&self) -> async_graphql::Result<String> {
        self.hidden()
    }

    async fn friend(&self) -> Option<Person> {
        tokio::task::yield_now().await;
        Some(Person(self.0))
    }

    async fn posts(&self) -> Vec<Option<Person>> {
        vec![Some(Person(0)), Some(Person(self.0))]
    }
}

impl Person {
    fn hidden(&self) -> async_graphql::Result<String> {
        match self.0 {
            1 => Err(async_graphql::Error::new("hidden").extend_with(|_, e| e.set("code", "FORBIDDEN"))),
            _ => Ok("shown".into()),
        }
    }
}

#[derive(SimpleObject)]
pub struct Place {
    name: String,
}

#[derive(Union)]
pub enum Found {
    Person(Person),
    Place(Place),
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn add(&self, a: i32, b: i32) -> i32 {
        a + b
    }

    async fn weigh(&self, ctx: &Context<'_>, file: Upload, name: Option<String>) -> String {
        let upload = file.value(ctx).unwrap();
        let known = upload.filename.clone();
        let mut bytes = Vec::new();
        upload.into_read().read_to_end(&mut bytes).unwrap();
        format!("{}:{}", name.unwrap_or(known), bytes.len())
    }
}

pub struct Count;

#[Subscription]
impl Count {
    async fn count(&self, to: i32) -> impl Stream<Item = i32> {
        stream::iter(1..=to)
    }

    async fn ticks(&self, every_ms: u64, bytes: usize) -> impl Stream<Item = String> {
        stream::unfold((), move |()| async move {
            tokio::time::sleep(Duration::from_millis(every_ms)).await;
            Some(("x".repeat(bytes), ()))
        })
    }

    async fn who(&self, ctx: &Context<'_>) -> async_graphql::Result<impl Stream<Item = String> + use<>> {
        let who = *ctx.data::<&'static str>()?;
        Ok(stream::once(async move { who.to_owned() }))
    }

    async fn panics(&self) -> impl Stream<Item = i32> {
        stream::once(async { bug() })
    }
}

pub struct Guard;

impl Gate for Guard {
    async fn admit(&self, request: &HttpRequest) -> Result<Admission, Rejection> {
        let mut data = async_graphql::Data::default();
        match request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) {
            None => {}
            Some("Bearer good") => data.insert("Li"),
            Some(_) => return Err(Rejection::new(ErrorCode::Unauthenticated)),
        }
        let language = operation::language(request.headers());
        Ok(Admission { data, language, request_id: Some("r-1".into()) })
    }

    async fn connect(
        &self,
        request: &HttpRequest,
        payload: &serde_json::Value,
    ) -> Result<Connection, Rejection> {
        let mut connection =
            Connection { language: operation::language(request.headers()), ..Default::default() };
        match bearer(payload) {
            Some("good") => connection.data.insert("Li"),
            Some("short") => connection.expires_in = Some(Duration::from_millis(150)),
            Some("slow") => tokio::time::sleep(Duration::from_millis(100)).await,
            Some("down") => return Err(Rejection::new(ErrorCode::Unavailable)),
            _ => return Err(Rejection::new(ErrorCode::Unauthenticated)),
        }
        Ok(connection)
    }
}

pub type TestEndpoint = Endpoint<Schema<Query, Mutation, Count>, Guard>;

pub fn endpoint(settings: Settings) -> TestEndpoint {
    let schema = settings.limits.apply(Schema::build(Query, Mutation, Count)).finish();
    let sdl = schema.sdl();
    let nulls = Arc::new(Nullability::from_sdl(&sdl).unwrap());
    Endpoint::new(schema, nulls, Guard, settings).unwrap()
}

/// A server with these settings on a port of its own; the sender stops it.
pub fn serve(settings: Settings) -> (String, watch::Sender<bool>) {
    let (stop, stopped) = watch::channel(false);
    let endpoint = web::Data::new(endpoint(settings).closing_on(stopped));
    let server = HttpServer::new(move || App::new().configure(|cfg| configure(cfg, &endpoint)))
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
    let address = server.addrs()[0].to_string();
    actix_web::rt::spawn(server.run());
    (address, stop)
}

/// An answer taken apart.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: serde_json::Value,
    pub text: String,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }

    pub fn detail(&self) -> &str {
        self.body["errors"][0]["extensions"]["detail"].as_str().unwrap_or_default()
    }
}

/// Sends requests, one after the other, to one endpoint.
pub async fn send_all(settings: Settings, requests: Vec<TestRequest>) -> Vec<Answer> {
    let endpoint = web::Data::new(endpoint(settings));
    let app = init_service(App::new().configure(|cfg| configure(cfg, &endpoint))).await;
    let mut answers = Vec::new();
    for request in requests {
        let response: ServiceResponse = call_service(&app, request.to_request()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = String::from_utf8_lossy(&read_body(response).await).into_owned();
        let body = serde_json::from_str(&text).unwrap_or_default();
        answers.push(Answer { status, headers, body, text });
    }
    answers
}

pub async fn send(request: TestRequest) -> Answer {
    send_all(Settings::default(), vec![request]).await.remove(0)
}

/// A POST of this JSON that wants the newer type of answer.
pub fn post(body: &serde_json::Value) -> TestRequest {
    raw(body.to_string()).insert_header((header::ACCEPT, "application/graphql-response+json"))
}

/// A POST of this text as JSON.
pub fn raw(body: impl Into<web::Bytes>) -> TestRequest {
    TestRequest::post()
        .uri(PATH)
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::ACCEPT_LANGUAGE, "en"))
        .set_payload(body)
}

/// The answer to a query by POST.
pub async fn query(text: &str) -> Answer {
    send(post(&json!({ "query": text }))).await
}
