//! What several commands need before they can begin.

use std::{net::TcpListener, path::Path, process::ExitCode, sync::Arc};

use zhibu_persistence::Store;

use super::failure::Failure;
use crate::{
    app::App,
    auth::{
        random::Randomness,
        secret::{KeyError, MasterKey},
        sms::ConsoleSms,
    },
    clock::Clock,
    config::{self, Config, LogFormat},
    server::{self, Outside},
};

/// Runs a command on the async workers.
pub fn block_on(command: impl Future<Output = Result<ExitCode, Failure>>) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(command);
    // A thread that waits for standard input mustn't hold up the end.
    runtime.shutdown_background();
    done
}

/// Starts the log, on stderr. A second start changes nothing.
pub fn log(config: &Config) -> Result<(), Failure> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log);
    let filter = filter.map_err(|error| Failure::setting(format!("log: {error}")))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _started_before = match config.log_format {
        LogFormat::Json => log.json().flatten_event(true).try_init(),
        LogFormat::Text => log.try_init(),
    };
    Ok(())
}

/// Whether the database is the embedded one.
pub fn is_embedded(config: &Config) -> bool {
    config.database_url.starts_with("sqlite:")
}

/// Makes a folder that nobody else may enter: it holds people's data.
pub fn make_private_folder(folder: &Path) -> Result<(), Failure> {
    let made = config::make_private_folder(folder);
    made.map_err(|error| Failure::new(format!("the folder {}: {error}", folder.display())))
}

/// Makes a file that nobody else may read, where there is none; SQLite gives its other files the
/// same rights.
pub fn make_private_file(file: &Path) -> Result<(), Failure> {
    let mut making = std::fs::OpenOptions::new();
    making.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut making, 0o600);
    let made = making.open(file);
    made.map(drop).map_err(|error| Failure::new(format!("the file {}: {error}", file.display())))
}

/// Makes the SQLite file and its folder, for this user's eyes only.
pub fn prepare_database(config: &Config) -> Result<(), Failure> {
    let Some(rest) = config.database_url.strip_prefix("sqlite:") else { return Ok(()) };
    let file = rest.trim_start_matches("//").split('?').next().unwrap_or_default();
    if file.is_empty() || file == ":memory:" {
        return Ok(());
    }
    let file = Path::new(file);
    make_private_folder(file.parent().unwrap_or(Path::new("")))?;
    make_private_file(file)
}

/// Connects to the database.
pub async fn connect(config: &Config) -> Result<Store, Failure> {
    prepare_database(config)?;
    let store = Store::connect(&config.database(), |now| Randomness.id(now)).await;
    store.map_err(|error| Failure::new(format!("database_url: the database can't be used: {error:?}")))
}

/// The master key: the setting's, or the file's, which is made where one server has it for itself.
pub fn master_key(config: &Config) -> Result<MasterKey, Failure> {
    if let Some(secret) = &config.secret {
        return MasterKey::from_text(secret).map_err(|error| Failure::setting(format!("secret: {error}")));
    }
    let file = &config.secret_file;
    if !is_embedded(config) && !file.exists() {
        return Err(Failure::setting(format!(
            "secret: PostgreSQL may serve several servers, which must share one key, so none is made here. \
             Draw one with `openssl rand -hex 32` and set ZHIBU_SECRET, or put it into {} (mode 0600).",
            file.display()
        )));
    }
    make_private_folder(file.parent().unwrap_or(Path::new("")))?;
    MasterKey::load_or_create(file, Randomness.bytes()).map_err(|error| match error {
        KeyError::Io(error) => Failure::new(format!("secret_file {}: {error}", file.display())),
        other => Failure::setting(format!("secret_file {}: {other}", file.display())),
    })
}

/// A key for commands that neither sign nor seal.
pub fn passing_key() -> Result<MasterKey, Failure> {
    MasterKey::from_bytes(&Randomness.bytes::<32>()).map_err(|error| Failure::new(error.to_string()))
}

/// Puts the application together.
pub async fn assemble(config: Config, master: MasterKey) -> Result<Arc<App>, Failure> {
    prepare_database(&config)?;
    let outside = Outside { clock: Clock::System, master, sms: Arc::new(ConsoleSms) };
    Ok(server::assemble(config, outside).await?)
}

/// Listens on an address; `key` is the setting that names it.
pub fn bind(key: &str, address: std::net::SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| Failure::new(format!("{key}: {address}: {error}")))
}

/// Waits for SIGTERM or SIGINT (Ctrl-C). A second one ends the process at once.
pub async fn stopped() {
    signal().await;
    tracing::info!("stopping: finishing what is in flight; once more to stop at once");
    tokio::spawn(async {
        signal().await;
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return interrupted().await };
    tokio::select! {
        _ = terminate.recv() => {}
        () = interrupted() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    interrupted().await;
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // No signal will ever come; only the process's end stops it.
        std::future::pending::<()>().await;
    }
}
