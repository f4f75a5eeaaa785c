//! What this machine could do at best.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use argon2::Argon2;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};

use crate::{Fault, sample::Row};

/// argon2id with 19 MiB and two passes on every core.
pub fn argon2(runs: usize, length: Duration) -> Result<Row, Fault> {
    let cores = thread::available_parallelism()?.get();
    let mut rates = Vec::with_capacity(runs);
    for _ in 0..runs {
        let until = Instant::now() + length;
        let threads: Vec<_> = (0..cores).map(|_| thread::spawn(move || hash_until(until))).collect();
        let mut hashes = 0;
        for thread in threads {
            hashes += thread.join().map_err(|_| "a thread has failed")??;
        }
        rates.push(f64::from(hashes) / length.as_secs_f64());
    }
    Ok(Row::limit("limit-argon2", "limit: argon2id, 19 MiB, t=2, on all cores", rates))
}

fn hash_until(until: Instant) -> Result<u32, String> {
    let argon2 = Argon2::default();
    let mut memory = vec![argon2::Block::new(); argon2.params().block_count()];
    let (mut out, mut hashes) = ([0; 32], 0);
    while Instant::now() < until {
        argon2
            .hash_password_into_with_memory(b"Zhibu-2025", b"sixteen-salt-bts", &mut out, &mut memory)
            .map_err(|error| error.to_string())?;
        hashes += 1;
    }
    Ok(hashes)
}

const TABLE: &str = "CREATE TABLE limit_check_in (
    district_id blob NOT NULL, activity_id blob NOT NULL, member_id blob NOT NULL, id blob NOT NULL,
    state text NOT NULL, method text, occurred_at text NOT NULL, recorded_at text NOT NULL, recorded_by blob,
    reason text, flags integer NOT NULL, nearness text NOT NULL, device bigint, checked_out_at text,
    version integer NOT NULL, PRIMARY KEY (district_id, activity_id, member_id));";
/// Each is a transaction of its own; several go to the writer's thread at once, so that the
/// way there doesn't count.
const INSERT: &str = "INSERT INTO limit_check_in VALUES (x'00112233445566778899aabbccddeeff', randomblob(16), \
    randomblob(16), randomblob(16), 'PRESENT', 'QR', '2025-06-01T11:00:00+00:00', '2025-06-01T11:00:00+00:00', \
    NULL, NULL, 0, 'NOT_GIVEN', 42, NULL, 1);";
const AT_ONCE: u32 = 200;

/// Durable single-row inserts, one after the other, with the server's settings.
pub async fn sqlite(dir: &Path, runs: usize, length: Duration) -> Result<Row, Fault> {
    let file = dir.join("limit.db");
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(|options| {
        options.pragma("journal_mode", "WAL").pragma("synchronous", "FULL").pragma("cache_size", "-2048")
    });
    let database = Database::connect(options).await?;
    database.execute_unprepared(TABLE).await?;
    let mut rates = Vec::with_capacity(runs);
    for _ in 0..runs {
        rates.push(insert_for(&database, length).await?);
    }
    database.close().await?;
    Ok(Row::limit("limit-sqlite", "limit: SQLite, same insert, one row per commit, synchronous=FULL", rates))
}

async fn insert_for(database: &DatabaseConnection, length: Duration) -> Result<f64, Fault> {
    let many = INSERT.repeat(AT_ONCE as usize);
    let started = Instant::now();
    let mut rows = 0;
    while started.elapsed() < length {
        database.execute_unprepared(&many).await?;
        rows += AT_ONCE;
    }
    Ok(f64::from(rows) / started.elapsed().as_secs_f64())
}
