use std::process::ExitCode;

use super::{failure::Failure, out::say};

/// Prints the GraphQL schema (SDL).
///
/// The same text as schema.graphql in the repository: types and fields in a fixed order, so that
/// two versions can be compared line by line.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {}

const EXAMPLES: &str = "\
Examples:
  zhibu schema > schema.graphql
  zhibu schema | diff schema.graphql -";

/// Prints it.
pub fn run() -> Result<ExitCode, Failure> {
    say(crate::schema::sdl().trim_end());
    Ok(ExitCode::SUCCESS)
}
