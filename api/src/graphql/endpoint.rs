//! The endpoint: everything that a request to `/graphql` needs, and where it is mounted.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use async_graphql::Executor;
use serde::Deserialize;
use tokio::sync::{Semaphore, watch};

use super::document::{Documents, TrustedError};
use super::gate::Gate;
use super::limits::Limits;
use super::nulls::Nullability;
use super::{http, ws};
use crate::web::graphiql;

/// Where GraphQL is served.
pub const PATH: &str = "/graphql";

/// What an operator may set.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Longest JSON body, in bytes.
    pub json_bytes: usize,
    /// Longest form with files, in bytes.
    pub form_bytes: usize,
    /// Most files in a form.
    pub files: usize,
    /// Forms read at the same time; each is held in memory.
    pub forms_at_once: usize,
    /// How long a body may take to arrive, in milliseconds.
    pub body_ms: u64,
    /// Limits on one document.
    pub limits: Limits,
    /// Memory for parsed documents, in bytes.
    pub document_cache_bytes: u64,
    /// A JSON object of hash and document that clients may name by hash.
    pub trusted_documents: Option<PathBuf>,
    /// Whether all other documents are refused.
    pub trusted_only: bool,
    /// Whether the schema may be asked about itself.
    pub introspection: bool,
    /// Whether browsers get the page for developers.
    pub graphiql: bool,
    /// Origins whose pages may open a socket, besides the server's own: `https://app.example.cn`.
    pub origins: Vec<String>,
    /// Limits on sockets.
    pub socket: SocketSettings,
}

/// What an operator may set about sockets.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SocketSettings {
    /// Longest message, in bytes.
    pub message_bytes: usize,
    /// Most subscriptions of one socket.
    pub subscriptions: usize,
    /// How long a client may take to say who it is, in milliseconds.
    pub init_ms: u64,
    /// How often a quiet client is pinged, in milliseconds; silent for two of them, it is gone.
    pub ping_ms: u64,
    /// How long a client may leave a message unread, in milliseconds.
    pub send_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            json_bytes: 1024 * 1024,
            form_bytes: 25 * 1024 * 1024,
            files: 10,
            forms_at_once: 8,
            body_ms: 30_000,
            limits: Limits::default(),
            document_cache_bytes: 16 * 1024 * 1024,
            trusted_documents: None,
            trusted_only: false,
            introspection: true,
            graphiql: false,
            origins: Vec::new(),
            socket: SocketSettings::default(),
        }
    }
}

impl Default for SocketSettings {
    fn default() -> Self {
        Self {
            message_bytes: 64 * 1024,
            subscriptions: 20,
            init_ms: 10_000,
            ping_ms: 25_000,
            send_ms: 10_000,
        }
    }
}

/// Runs operations for whom its gate lets in.
pub struct Endpoint<E, G> {
    pub(super) executor: E,
    pub(super) gate: G,
    pub(super) settings: Settings,
    pub(super) documents: Documents,
    pub(super) nulls: Arc<Nullability>,
    pub(super) forms: Semaphore,
    pub(super) shutdown: Option<watch::Receiver<bool>>,
}

/// Why an endpoint can't be made.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The list of trusted documents can't be used.
    #[error(transparent)]
    Trusted(#[from] TrustedError),
}

impl<E: Executor, G: Gate> Endpoint<E, G> {
    /// Makes an endpoint; reads the list of trusted documents if there is one. The schema, of whose
    /// printed form `nulls` are, should have been built with [`Limits::apply`].
    pub fn new(
        executor: E,
        nulls: Arc<Nullability>,
        gate: G,
        settings: Settings,
    ) -> Result<Self, EndpointError> {
        let mut documents = Documents::new(settings.limits, settings.document_cache_bytes);
        if let Some(path) = &settings.trusted_documents {
            documents = documents.trust(path, settings.trusted_only)?;
        }
        let forms = Semaphore::new(settings.forms_at_once);
        Ok(Self { executor, gate, settings, documents, nulls, forms, shutdown: None })
    }

    /// Takes a document that the server's own pages send, even where only trusted ones are taken.
    pub fn vouching_for(mut self, document: &str) -> Result<Self, EndpointError> {
        self.documents.vouch(document)?;
        Ok(self)
    }

    /// Closes all sockets when the signal becomes true.
    #[must_use]
    pub fn closing_on(self, shutdown: watch::Receiver<bool>) -> Self {
        Self { shutdown: Some(shutdown), ..self }
    }

    pub(super) fn patience(&self) -> Duration {
        Duration::from_millis(self.settings.body_ms)
    }
}

/// Mounts the endpoint, its sockets and, if wanted, the page for developers.
pub fn configure<E: Executor, G: Gate>(cfg: &mut web::ServiceConfig, endpoint: &web::Data<Endpoint<E, G>>) {
    if endpoint.settings.graphiql {
        cfg.service(web::resource(graphiql::ASSETS).route(web::get().to(graphiql::asset)));
    }
    cfg.service(
        web::resource(PATH)
            .app_data(endpoint.clone())
            .route(web::get().guard(actix_web::guard::fn_guard(ws::is_upgrade)).to(ws::open::<E, G>))
            .route(web::get().to(http::get::<E, G>))
            .route(web::post().to(http::post::<E, G>))
            .default_service(web::to(http::other)),
    );
}
