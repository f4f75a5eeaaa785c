//! The small world written once for each engine; every test begins with a copy.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::Duration,
};

use tokio::sync::OnceCell;
use zhibu_persistence::{Settings, Store};

use super::{clock::beginning, founding::Ids, leftovers, postgres::Server};

static IDS: OnceCell<Ids> = OnceCell::const_new();
static SQLITE: OnceCell<Vec<u8>> = OnceCell::const_new();
static POSTGRES: OnceCell<String> = OnceCell::const_new();

/// The ids of the small world.
pub async fn ids() -> &'static Ids {
    IDS.get_or_init(async || tokio::task::spawn_blocking(|| Ids::draw(beginning())).await.unwrap()).await
}

/// Where files that nobody misses after a power cut are written fastest: in memory, if it has room.
pub fn fast_folder() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let kib_free = |folder: &Path| -> Option<u64> {
        let told = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
        String::from_utf8(told.stdout).ok()?.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
    };
    let memory = PathBuf::from("/dev/shm");
    let roomy = |memory: &PathBuf| kib_free(memory).is_some_and(|free| free > 1_048_576);
    FOLDER.get_or_init(|| Some(memory).filter(roomy).unwrap_or_else(std::env::temp_dir)).clone()
}

/// Connects, migrates and writes the small world.
async fn found(url: String) {
    let settings = Settings { url, connections: 2, acquire_timeout: Duration::from_secs(30) };
    let new_id = |now| zhibu::auth::random::Randomness.id(now);
    let store = Store::connect(&settings, new_id).await.expect("the template can be reached");
    store.migrate().await.expect("the template can be migrated");
    // An hour before anything happens, so that it never mixes with what a test does.
    ids().await.write(&store, beginning() - chrono::Duration::hours(1)).await;
    store.close().await.expect("the template can be closed");
}

/// A copy of the small world at `file`.
pub async fn sqlite(file: &Path) {
    let template = SQLITE
        .get_or_init(async || {
            let mut folder = tempfile::Builder::new();
            let folder = folder.prefix(&leftovers::prefix("template")).tempdir_in(fast_folder()).unwrap();
            let path = folder.path().join("template.db");
            found(format!("sqlite://{}", path.display())).await;
            std::fs::read(&path).unwrap()
        })
        .await;
    std::fs::write(file, template).unwrap();
}

/// A copy of the small world; answers the database's name.
pub async fn postgres(server: &Server) -> String {
    let template = POSTGRES
        .get_or_init(async || {
            let name = server.create(None).await;
            found(server.url(&name)).await;
            name
        })
        .await;
    server.create(Some(template)).await
}

/// The small world in a database of one's own.
pub async fn write_into(url: String) {
    found(url).await;
}
