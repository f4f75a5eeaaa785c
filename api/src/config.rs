//! How the server is set up: a TOML file, then `ZHIBU_*` variables over it. `zhibu.example.toml`
//! describes every key.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use serde::Deserialize;

use crate::{graphql, webhook, wechat};

/// How the server is set up.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Where metrics and probes for operators listen; none: nowhere.
    pub admin_listen: Option<SocketAddr>,
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub database_url: String,
    /// Connections to PostgreSQL, or readers of SQLite.
    pub database_connections: u32,
    /// How long a request waits for a connection, in milliseconds.
    pub database_wait_ms: u64,
    /// Whether `serve` brings the schema up to date by itself.
    pub migrate_on_start: bool,
    /// The master key: at least 32 bytes in hex or base64. Signs tokens and codes, seals secrets.
    pub secret: Option<String>,
    /// A file with the master key, made at the first start where it lacks.
    pub secret_file: PathBuf,
    /// The `iss` of access tokens: the public address of this server.
    pub public_url: String,
    /// The district of sign-ins that name none, by its code; needed where there are several.
    pub default_district: Option<String>,
    /// Whether the rights of posts sleep until the session has proved a second factor (R40).
    pub second_factor: SecondFactorMode,
    /// Threads that check passwords; each takes 19 MiB.
    pub password_threads: usize,
    /// Sign-ins that may wait for such a thread.
    pub password_queue: usize,
    /// Check-ins that may wait for the writer.
    pub check_in_queue: usize,
    /// Requests of REST that an account may send in a minute.
    pub rest_per_minute: u32,
    /// Worker threads of the HTTP server; none: one for each core.
    pub workers: Option<usize>,
    /// Whether the client's address is read from `X-Forwarded-For`, set by a proxy of ours.
    pub trust_forwarded_for: bool,
    /// A TrueType or OpenType font that print-outs are set in; none: the bundled faces.
    pub print_font: Option<PathBuf>,
    /// Where spreadsheets wait until they are whole, in files without a name: their rows are people's data.
    pub work_dir: PathBuf,
    /// How long a shutdown waits for what is in flight, in seconds.
    pub shutdown_seconds: u64,
    /// `json` or `text`.
    pub log_format: LogFormat,
    /// What is logged, e.g. `info,zhibu=debug`.
    pub log: String,
    /// GraphQL: limits, GraphiQL, introspection, trusted documents.
    pub graphql: graphql::Settings,
    /// The mini-program, where there is one.
    pub wechat: wechat::Settings,
    /// Webhooks: to where they may go.
    pub webhook: webhook::Settings,
}

/// Whether the second factor is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactorMode {
    /// Of every holder of a post that sees other people's data.
    Required,
    /// Only of who has enrolled one.
    Optional,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For eyes.
    Text,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            admin_listen: None,
            database_url: "sqlite://zhibu-data/zhibu.db".to_owned(),
            database_connections: 8,
            database_wait_ms: 5_000,
            migrate_on_start: true,
            secret: None,
            secret_file: PathBuf::from("zhibu-data/zhibu.key"),
            public_url: "http://127.0.0.1:8080".to_owned(),
            default_district: None,
            second_factor: SecondFactorMode::Required,
            password_threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            password_queue: 256,
            check_in_queue: 8_192,
            rest_per_minute: 600,
            workers: None,
            trust_forwarded_for: false,
            print_font: None,
            work_dir: PathBuf::from("zhibu-data/work"),
            shutdown_seconds: 30,
            log_format: LogFormat::Json,
            // What isn't HTTP is no fault of ours.
            log: "warn,actix_http=off,zhibu=info".to_owned(),
            graphql: graphql::Settings::default(),
            wechat: wechat::Settings::default(),
            webhook: webhook::Settings::default(),
        }
    }
}

/// Texts that may be written in digits alone, which a variable would have taken for a number.
const DIGITS: [&str; 2] = ["default_district", "secret"];

/// A value that can't be used, with the key that holds it.
#[derive(Debug)]
pub struct BadConfig(pub String);

impl std::fmt::Display for BadConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Config {
    /// Reads the file, if one is named, and the environment. Nested keys are written with `__`:
    /// `ZHIBU_GRAPHQL__GRAPHIQL=true`.
    pub fn load(file: Option<&std::path::Path>) -> Result<Self, BadConfig> {
        let mut figment = Figment::new();
        if let Some(file) = file {
            if !file.is_file() {
                return Err(BadConfig(format!("--config: there is no file {}", file.display())));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        // The tests' own variables are no settings, nor is the one that names the file.
        let setting = |key: &figment::value::UncasedStr| key != "CONFIG" && !key.starts_with("TEST_");
        figment = figment.merge(Env::prefixed("ZHIBU_").filter(setting).split("__"));
        for key in DIGITS {
            if let Some(text) = Env::var(&format!("ZHIBU_{key}")) {
                figment = figment.merge((key, text));
            }
        }
        Self::of(figment)
    }

    /// Checks the values.
    pub fn check(self) -> Result<Self, BadConfig> {
        let bad = |key: &str, why: &str| Err(BadConfig(format!("{key}: {why}")));
        if !(self.database_url.starts_with("sqlite:") || self.database_url.starts_with("postgres")) {
            return bad("database_url", "must begin with sqlite:// or postgres://");
        }
        if self.database_url.starts_with("postgres") && !self.database_url.contains('@') {
            return bad("database_url", "must name the user: postgres://USER:PASSWORD@HOST/DATABASE");
        }
        if !(1..=1_000).contains(&self.database_connections) {
            return bad("database_connections", "must be 1 to 1000");
        }
        if !(1..=64).contains(&self.password_threads) {
            return bad("password_threads", "must be 1 to 64");
        }
        if self.password_queue == 0 || self.check_in_queue == 0 {
            return bad("password_queue, check_in_queue", "must be at least 1");
        }
        if self.workers == Some(0) {
            return bad("workers", "must be at least 1");
        }
        if !self.public_url.starts_with("http://") && !self.public_url.starts_with("https://") {
            return bad("public_url", "must begin with http:// or https://");
        }
        if self.graphql.trusted_only && self.graphql.trusted_documents.is_none() {
            return bad("graphql.trusted_only", "needs graphql.trusted_documents");
        }
        if let Err((key, why)) = self.wechat.check() {
            return bad(key, &why);
        }
        if !(100..=30_000).contains(&self.webhook.timeout_ms) {
            return bad("webhook.timeout_ms", "must be 100 to 30000");
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.log) {
            return bad("log", &error.to_string());
        }
        Ok(self)
    }

    fn of(figment: Figment) -> Result<Self, BadConfig> {
        figment.extract::<Self>().map_err(|e| BadConfig(explain(&e)))?.check()
    }

    /// How to reach the database.
    pub fn database(&self) -> zhibu_persistence::Settings {
        zhibu_persistence::Settings {
            url: self.database_url.clone(),
            connections: self.database_connections,
            acquire_timeout: Duration::from_millis(self.database_wait_ms),
        }
    }
}

/// Makes a folder that nobody else may enter, where it lacks.
pub fn make_private_folder(folder: &std::path::Path) -> std::io::Result<()> {
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    let mut making = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut making, 0o700);
    making.recursive(true).create(folder)
}

fn explain(error: &figment::Error) -> String {
    let key = error.path.join(".");
    let source = error.metadata.as_ref().map(|m| format!(" (from {})", m.name)).unwrap_or_default();
    if key.is_empty() { format!("{}{source}", error.kind) } else { format!("{key}: {}{source}", error.kind) }
}

#[cfg(test)]
mod tests;
