//! The command line.

mod admin;
mod demo;
mod failure;
mod healthcheck;
mod import;
mod migrate;
mod openapi;
mod out;
mod place;
mod progress;
mod schema;
mod serve;
mod setup;
mod token;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use self::failure::Failure;
use crate::config::Config;

/// Zhibu, the open backend of a Party branch: units and members, Party days and check-in.
///
/// `zhibu demo` shows a working district without any set-up. `zhibu serve` runs the server for
/// real: embedded SQLite by default, PostgreSQL where ZHIBU_DATABASE_URL names one.
#[derive(Parser)]
#[command(name = "zhibu", version, propagate_version = true, after_long_help = EXIT_CODES)]
struct Cli {
    /// The configuration file (TOML); variables ZHIBU_… win over it. See zhibu.example.toml.
    #[arg(long, global = true, env = "ZHIBU_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  not done; the last line on stderr says why
  2  wrong arguments, or a setting that can't be used; says which
  3  import: rows are wrong, nothing was imported";

#[derive(Subcommand)]
enum Command {
    Serve(serve::Args),
    Demo(demo::Args),
    Migrate(migrate::Args),
    Import(import::Args),
    Admin(admin::Args),
    Token(token::Args),
    Schema(schema::Args),
    Openapi(openapi::Args),
    Healthcheck(healthcheck::Args),
}

/// Runs the command line and answers the exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(failure) => {
            out::complain(&format!("zhibu: {}", failure.message));
            ExitCode::from(failure.code)
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let config = || Config::load(cli.config.as_deref()).map_err(|bad| Failure::setting(bad.to_string()));
    match cli.command {
        Command::Schema(_) => schema::run(),
        Command::Openapi(_) => openapi::run(),
        Command::Healthcheck(args) => healthcheck::run(&args),
        Command::Serve(_) => setup::block_on(serve::run(config()?)),
        Command::Migrate(args) => setup::block_on(migrate::run(args, config()?)),
        Command::Import(args) => setup::block_on(import::run(args, config()?)),
        Command::Admin(args) => setup::block_on(admin::run(args, config()?)),
        Command::Token(args) => setup::block_on(token::run(args, config()?)),
        Command::Demo(args) => setup::block_on(demo::run(args, config()?)),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent_and_each_command_helps() {
        let mut command = Cli::command();
        command.build();
        command.clone().debug_assert();
        for sub in command.get_subcommands_mut().filter(|sub| sub.get_name() != "help") {
            let help = sub.render_long_help().to_string();
            assert!(help.contains("Examples:"), "{help}");
        }
    }
}
