//! What an operator types: every command with its answers and exit codes.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use crate::harness::{
    postgres,
    process::{BINARY, Process},
};

mod import;
mod operate;

/// The binary, with nothing of this environment's settings.
fn zhibu(folder: &Path, url: &str) -> Command {
    let mut command = Command::new(BINARY);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ZHIBU_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).env("ZHIBU_DATABASE_URL", url).env("ZHIBU_SECRET", "5a".repeat(32));
    command
}

/// Exit code, standard output, standard error.
fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn run(command: &mut Command, arguments: &[&str]) -> (i32, String, String) {
    said(&command.args(arguments).output().expect("the binary runs"))
}

/// Runs a test on an empty database of each engine.
macro_rules! on_empty {
    (fn $name:ident($folder:ident: &Path, $url:ident: &str) $body:block) => {
        mod $name {
            use super::*;

            async fn test($folder: &Path, $url: &str) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let folder = tempfile::tempdir().unwrap();
                test(folder.path(), "sqlite://data.db").await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let Some(server) = postgres::server() else { return };
                let (folder, database) = (tempfile::tempdir().unwrap(), server.create(None).await);
                test(folder.path(), &server.url(&database)).await;
                server.drop(&database).await;
            }
        }
    };
}
use on_empty;
