use std::process::ExitCode;

use super::{failure::Failure, out::say, setup};
use crate::config::Config;

/// Brings the database's schema up to date.
///
/// Says how many migrations were applied. They only ever go forward, and an older server runs on
/// the schema of the next version, so that replicas can be replaced one by one.
///
/// With --check nothing is changed: exit code 0 says that this version can run on the schema, 1 that
/// migrations are pending.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {
    /// Only say whether migrations are pending.
    #[arg(long)]
    check: bool,
}

const EXAMPLES: &str = "\
Examples:
  zhibu migrate
  zhibu migrate --check || echo pending
  ZHIBU_DATABASE_URL=postgres://zhibu:…@db/zhibu zhibu migrate";

fn tell_newer(newer: &[String]) {
    if !newer.is_empty() {
        say(&format!("A newer version has added {}; this one runs on it.", newer.join(", ")));
    }
}

/// Migrates, or checks.
pub async fn run(args: Args, config: Config) -> Result<ExitCode, Failure> {
    let store = setup::connect(&config).await?;
    let code = if args.check {
        let ready = store.is_ready().await?;
        say(if ready { "The schema is up to date." } else { "Migrations are pending." });
        tell_newer(&store.schema().await?.newer);
        if ready { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    } else {
        say(&match store.migrate().await? {
            0 => "The schema was up to date.".to_owned(),
            1 => "1 migration was applied.".to_owned(),
            n => format!("{n} migrations were applied."),
        });
        tell_newer(&store.schema().await?.newer);
        ExitCode::SUCCESS
    };
    store.close().await?;
    Ok(code)
}
