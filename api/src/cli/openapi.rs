use std::process::ExitCode;

use super::{failure::Failure, out::say};

/// Prints the OpenAPI document of the REST API (JSON).
///
/// The same text as openapi.json in the repository, in a fixed order, so that two versions can be
/// compared line by line.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {}

const EXAMPLES: &str = "\
Examples:
  zhibu openapi > openapi.json
  zhibu openapi | diff openapi.json -";

/// Prints it.
pub fn run() -> Result<ExitCode, Failure> {
    say(&crate::rest::printed());
    Ok(ExitCode::SUCCESS)
}
