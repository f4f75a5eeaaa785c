//! The HTTP server: routes, request ids, probes, metrics, shutdown.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use actix_web::{
    App as Actix, HttpMessage, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::{Compress, Next, from_fn},
    web,
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{sync::watch, task::JoinSet};
use tracing::Instrument;
use uuid::Uuid;
use zhibu_persistence::{Store, StoreError, count_statements};

use crate::{
    app::App,
    auth::{Auth, secret::MasterKey, sms::Sms},
    board, calendar,
    check_in::Recorder,
    clock::Clock,
    config::Config,
    download::{self, Press},
    gate::{RequestId, TokenGate},
    graphql::{self, Endpoint},
    live::Hub,
    memo::Memo,
    quota::Quota,
    rest, schema, token,
    volunteering::record::page,
    web::{fetch, post, read, redoc},
    webhook::Sender,
    wechat::{WeChat, code},
    worker,
};

/// Why the server didn't start.
#[derive(Debug)]
pub struct StartError(pub String);

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self(format!("the database can't be used: {error:?}"))
    }
}

/// What stands outside the server and is given to it.
pub struct Outside {
    /// The clock.
    pub clock: Clock,
    /// The master key.
    pub master: MasterKey,
    /// Text messages.
    pub sms: Arc<dyn Sms>,
}

/// Connects, migrates and puts the application together.
pub async fn assemble(config: Config, outside: Outside) -> Result<Arc<App>, StartError> {
    let new_id = |now| crate::auth::random::Randomness.id(now);
    let store = Store::connect(&config.database(), new_id).await?;
    if config.migrate_on_start {
        store.migrate().await?;
    }
    let hub = Arc::new(Hub::default());
    let auth = Auth::start(&config, outside.master, outside.sms)
        .map_err(|error| StartError(format!("the password threads can't be started: {error}")))?;
    let recorder =
        Recorder::start(store.clone(), outside.clock.clone(), Arc::clone(&hub), config.check_in_queue);
    let press = Press::load(&config).map_err(|error| StartError(error.0))?;
    let webhooks =
        Sender::new(&config.webhook).map_err(|why| StartError(format!("webhooks can't be sent: {why}")))?;
    let memo = Memo::default();
    let wechat = config.wechat.is_used().then(|| WeChat::new(config.wechat.clone(), outside.clock.clone()));
    let wechat = wechat.transpose().map_err(|error| StartError(format!("wechat: {error}")))?;
    Ok(Arc::new(App {
        store,
        clock: outside.clock,
        config,
        auth,
        memo,
        hub,
        recorder,
        press,
        wechat,
        webhooks,
    }))
}

/// A server that listens.
pub struct Running {
    /// Where.
    pub address: SocketAddr,
    /// Stops it: finishes what is in flight.
    pub stop: watch::Sender<bool>,
    /// The application.
    pub app: Arc<App>,
    server: actix_web::dev::Server,
    workers: JoinSet<()>,
}

/// The endpoint of the schema.
pub type ZhibuEndpoint = Endpoint<schema::ZhibuSchema, TokenGate>;

/// Starts to listen on `listener`.
pub fn listen(app: &Arc<App>, listener: TcpListener) -> Result<Running, StartError> {
    let failed = |what: &str, why: String| StartError(format!("{what}: {why}"));
    let (stop, stopped) = watch::channel(false);
    let settings = app.config.graphql.clone();
    let built = schema::build(&settings.limits);
    let nulls = schema::nulls().map_err(|error| failed("graphql", error))?;
    let endpoint = Endpoint::new(built, nulls, TokenGate(Arc::clone(app)), settings)
        .and_then(|endpoint| endpoint.vouching_for(board::DOCUMENT))
        .map_err(|error| failed("graphql", error.to_string()))?
        .closing_on(stopped.clone());
    let endpoint = web::Data::new(endpoint);
    let data = web::Data::from(Arc::clone(app));
    let address = listener.local_addr().map_err(|error| failed("listen", error.to_string()))?;
    let mut server = HttpServer::new(move || {
        let endpoint = endpoint.clone();
        Actix::new()
            .app_data(data.clone())
            .wrap(from_fn(request_scope))
            .wrap(Compress::default())
            .configure(move |cfg| graphql::configure(cfg, &endpoint))
            .service(read("/healthz", healthz))
            .service(read("/readyz", readyz))
            .service(read("/.well-known/jwks.json", jwks))
            .configure(token::oauth::configure)
            .service(fetch(download::PATH, download::get))
            .configure(rest::configure)
            .service(read(redoc::PAGE, redoc::page))
            .service(read(redoc::ASSETS, redoc::asset))
            .service(read(redoc::DOCUMENT, redoc::document))
            .service(read(page::PATH, page::get))
            .service(read(code::PATH, code::open))
            .service(read(page::PATH_OF_CODE, page::get_of_code))
            .service(read(calendar::page::PATH, calendar::page::get))
            .service(read(board::page::ASSETS, board::page::asset))
            .service(read(board::page::PATH, board::page::get))
            .service(post(board::page::ENTER, board::page::enter))
    })
    .disable_signals()
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(app.config.shutdown_seconds);
    if let Some(workers) = app.config.workers {
        server = server.workers(workers);
    }
    let server = server.listen(listener).map_err(|error| failed("listen", error.to_string()))?.run();
    let workers = worker::start(app, &stopped);
    Ok(Running { address, stop, app: Arc::clone(app), server, workers })
}

impl Running {
    /// Serves until `until` is done, then finishes what is in flight.
    pub async fn serve_until(mut self, until: impl Future<Output = ()>) -> std::io::Result<()> {
        let handle = self.server.handle();
        let mut server = tokio::spawn(self.server);
        let ended = tokio::select! {
            ended = &mut server => Some(ended),
            () = until => None,
        };
        let _nobody_listens = self.stop.send(true);
        if ended.is_none() {
            handle.stop(true).await;
        }
        while self.workers.join_next().await.is_some() {}
        match ended {
            Some(ended) => ended.unwrap_or_else(|error| Err(std::io::Error::other(error))),
            None => Ok(()),
        }
    }
}

/// Serves metrics and probes for operators on a port of its own.
pub fn serve_admin(
    app: &Arc<App>,
    listener: TcpListener,
    metrics: PrometheusHandle,
) -> std::io::Result<actix_web::dev::Server> {
    let data = web::Data::from(Arc::clone(app));
    let metrics = web::Data::new(metrics);
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(data.clone())
            .app_data(metrics.clone())
            .service(read("/metrics", async |metrics: web::Data<PrometheusHandle>| metrics.render()))
            .service(read("/healthz", healthz))
            .service(read("/readyz", readyz))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

async fn readyz(app: web::Data<App>) -> HttpResponse {
    match app.store.is_ready().await {
        Ok(true) => HttpResponse::Ok().content_type("text/plain").body("ready\n"),
        Ok(false) => HttpResponse::ServiceUnavailable()
            .content_type("text/plain")
            .body("the schema is not up to date\n"),
        Err(_) => HttpResponse::ServiceUnavailable()
            .content_type("text/plain")
            .body("the database does not answer\n"),
    }
}

async fn jwks(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("cache-control", "public, max-age=300"))
        .json(app.auth.tokens.jwks(app.now()))
}

/// What of a path may stand in the log: a file's ticket, a sheet's code, which meeting a screen shows and
/// a calendar's secret may not.
fn logged(path: &str) -> &str {
    let secret = ["/downloads/", "/service-records/", "/board/", "/calendar/"]
        .into_iter()
        .find(|start| path.starts_with(start));
    secret.unwrap_or(path)
}

/// Gives a request its id, its span, its count of statements and its metrics.
async fn request_scope(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let app = request.app_data::<web::Data<App>>().cloned();
    let id = app.as_ref().map_or_else(Uuid::nil, |app| app.auth.random.id(app.now()));
    request.extensions_mut().insert(RequestId(id));
    let span = tracing::info_span!("request", %id, method = %request.method(), path = logged(request.path()));
    let statements = Arc::new(AtomicUsize::new(0));
    let started = tokio::time::Instant::now();
    let mut response = count_statements(Arc::clone(&statements), next.call(request).instrument(span)).await?;
    let statements = statements.load(std::sync::atomic::Ordering::Relaxed);
    let status = response.status().as_u16().to_string();
    metrics::counter!("zhibu_requests_total", "status" => status).increment(1);
    metrics::histogram!("zhibu_request_seconds").record(started.elapsed().as_secs_f64());
    let quota = response.request().extensions().get::<Quota>().copied();
    let headers = response.headers_mut();
    let mut insert = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    insert("x-request-id", id.to_string());
    insert("server-timing", format!("sql;desc=\"{statements}\""));
    insert("x-content-type-options", "nosniff".to_owned());
    if let Some(quota) = quota {
        quota.tell(headers);
    }
    Ok(response)
}
