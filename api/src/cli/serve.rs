use std::process::ExitCode;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::{failure::Failure, setup};
use crate::{config::Config, server};

/// Runs the server.
///
/// Settings come from the file that --config names and from variables ZHIBU_…, which win; a value
/// that can't be used stops the start (exit code 2) and is named. Without any settings it listens
/// on 127.0.0.1:8080 and keeps an SQLite file and its key in ./zhibu-data.
///
/// It brings the schema up to date unless migrate_on_start is false, logs to stderr without
/// personal data, answers /healthz and /readyz, and shows metrics on admin_listen. SIGTERM or
/// Ctrl-C finishes what is in flight first; a second one stops it at once.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {}

const EXAMPLES: &str = "\
Examples:
  zhibu serve
  zhibu serve --config /etc/zhibu.toml
  ZHIBU_LISTEN=0.0.0.0:8080 ZHIBU_ADMIN_LISTEN=127.0.0.1:9090 zhibu serve
  ZHIBU_DATABASE_URL=postgres://zhibu:…@db/zhibu ZHIBU_SECRET=$(cat key) zhibu serve";

/// Longest answer times that are told apart, in seconds.
const SECONDS: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// Serves until it is told to stop.
pub async fn run(config: Config) -> Result<ExitCode, Failure> {
    setup::log(&config)?;
    let master = setup::master_key(&config)?;
    let listener = setup::bind("listen", config.listen)?;
    // Before anything counts.
    let metrics =
        config.admin_listen.map(|address| recorder().map(|handle| (address, handle))).transpose()?;
    let app = setup::assemble(config, master).await?;
    if !app.config.migrate_on_start && !app.store.is_ready().await? {
        return Err(Failure::new(
            "the schema is not up to date: run `zhibu migrate`, or set migrate_on_start",
        ));
    }
    let running = server::listen(&app, listener)?;
    let mut admin = None;
    if let Some((address, handle)) = metrics {
        let server = server::serve_admin(&app, setup::bind("admin_listen", address)?, handle)?;
        admin = Some(server.handle());
        tokio::spawn(server);
    }
    let database = if setup::is_embedded(&app.config) { "SQLite" } else { "PostgreSQL" };
    let at = app.config.admin_listen.map(|address| address.to_string());
    tracing::info!(listen = %running.address, admin = at, database, version = env!("CARGO_PKG_VERSION"), "listening");
    running.serve_until(setup::stopped()).await?;
    if let Some(admin) = admin {
        admin.stop(true).await;
    }
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

fn recorder() -> Result<PrometheusHandle, Failure> {
    let failed = |error: metrics_exporter_prometheus::BuildError| Failure::new(format!("metrics: {error}"));
    let builder = PrometheusBuilder::new();
    let builder =
        builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS).map_err(failed)?;
    let handle = builder.install_recorder().map_err(failed)?;
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}
