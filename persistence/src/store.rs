use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction,
    DbErr, FromQueryResult, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigratorTrait, SchemaManager};
use uuid::Uuid;

use crate::{Result, StoreError, migration::Migrator};

tokio::task_local! {
    static STATEMENTS: Arc<std::sync::atomic::AtomicUsize>;
}

/// Runs `work` and counts the statements that it sends, in `counter`.
pub async fn count_statements<T>(
    counter: Arc<std::sync::atomic::AtomicUsize>,
    work: impl Future<Output = T>,
) -> T {
    STATEMENTS.scope(counter, work).await
}

/// Lets a task that is spawned for a request count its statements there too.
pub fn carry_count<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = T> + Send + 'static {
    let counter = STATEMENTS.try_with(Arc::clone).ok();
    async move {
        match counter {
            Some(counter) => STATEMENTS.scope(counter, work).await,
            None => work.await,
        }
    }
}

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub url: String,
    /// Connections to PostgreSQL, of which half are for transactions; or readers of SQLite.
    pub connections: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
}

/// The database. Transactions and single statements have connections apart: whoever waits for a read
/// inside a transaction, such as of what is kept in memory, never waits for the other transactions.
#[derive(Clone)]
pub struct Store {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    new_id: fn(DateTime<Utc>) -> Uuid,
    url: Arc<str>,
}

/// How a database's schema stands to this version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaState {
    /// This version's migrations that weren't applied yet.
    pub pending: Vec<String>,
    /// Migrations that were applied and that this version doesn't know: a newer one's.
    pub newer: Vec<String>,
}

#[derive(FromQueryResult)]
struct AppliedRow {
    version: String,
}

/// Where a write comes from, for the audit.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The operation, as the API names it.
    pub operation: &'static str,
    /// The request.
    pub request_id: Option<Uuid>,
    /// The moment of the write.
    pub now: DateTime<Utc>,
}

/// A transaction: what it writes is remembered as a whole by [`Tx::commit`], or not at all.
pub struct Tx {
    conn: DatabaseTransaction,
    origin: Origin,
    new_id: fn(DateTime<Utc>) -> Uuid,
}

/// Something that statements can be sent to.
pub trait Connect: Sync {
    /// The kind of connection.
    type Conn: ConnectionTrait + Send;
    /// The connection.
    fn conn(&self) -> &Self::Conn;
    /// The engine.
    fn is_postgres(&self) -> bool {
        self.conn().get_database_backend() == DatabaseBackend::Postgres
    }
}

impl Connect for Store {
    type Conn = DatabaseConnection;
    fn conn(&self) -> &DatabaseConnection {
        &self.reader
    }
}

/// Single statements that write, outside a transaction of their own.
pub(crate) struct Writing<'a>(&'a DatabaseConnection);

impl Connect for Writing<'_> {
    type Conn = DatabaseConnection;
    fn conn(&self) -> &DatabaseConnection {
        self.0
    }
}

impl Connect for Tx {
    type Conn = DatabaseTransaction;
    fn conn(&self) -> &DatabaseTransaction {
        &self.conn
    }
}

fn count(info: &sea_orm::metric::Info<'_>) {
    // Its text has places for the values, not the values.
    tracing::trace!(elapsed_us = info.elapsed.as_micros(), text = info.statement.sql, "statement");
    let _outside_a_request = STATEMENTS.try_with(|n| n.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
}

async fn open(settings: &Settings, connections: u32) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(&settings.url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(settings.acquire_timeout)
        .connect_timeout(settings.acquire_timeout)
        .idle_timeout(Duration::from_secs(600))
        .sqlx_logging(false)
        .test_before_acquire(false);
    if settings.url.starts_with("sqlite:") {
        options.map_sqlx_sqlite_opts(|o| {
            o.create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("temp_store", "MEMORY")
                // KiB for each connection; what is read again and again is in the system's cache.
                .pragma("cache_size", "-2048")
                // Pages that a burst writes again and again go into the file once.
                .pragma("wal_autocheckpoint", "8000")
                .statement_cache_capacity(200)
                // With fewer, each row past them makes two threads wait for each other.
                .row_buffer_size(4_096)
        });
    } else {
        options
            .set_application_name("zhibu")
            .statement_timeout(Duration::from_secs(30))
            .test_before_acquire_if_idle_for(Duration::from_secs(5))
            .map_sqlx_postgres_opts(|o| {
                // Every statement goes by its keys, and planning it anew costs more than running it.
                o.statement_cache_capacity(200).options([("plan_cache_mode", "force_generic_plan")])
            });
    }
    let mut connection = Database::connect(options).await?;
    connection.set_metric_callback(count);
    Ok(connection)
}

impl Store {
    /// Connects. `new_id` draws the ids of audit entries and events.
    pub async fn connect(settings: &Settings, new_id: fn(DateTime<Utc>) -> Uuid) -> Result<Self> {
        let url = Arc::from(settings.url.as_str());
        let (writers, readers) = if settings.url.starts_with("sqlite:") {
            // One writer, many readers: SQLite's own discipline.
            (1, settings.connections)
        } else {
            let writers = (settings.connections / 2).max(1);
            (writers, settings.connections.saturating_sub(writers).max(1))
        };
        let writer = open(settings, writers).await?;
        let reader = open(settings, readers).await?;
        Ok(Self { writer, reader, new_id, url })
    }

    /// Brings the schema up to date; answers how many migrations were applied.
    pub async fn migrate(&self) -> Result<usize> {
        let SchemaState { pending, newer } = self.schema().await?;
        // The library takes a migration that it doesn't know for a fault.
        if !pending.is_empty() && !newer.is_empty() {
            let (lacks, holds) = (pending.join(", "), newer.join(", "));
            let why = format!("the schema lacks {lacks} and holds {holds}, which this version doesn't know");
            return Err(StoreError::Fault(DbErr::Migration(why)));
        }
        if !pending.is_empty() {
            Migrator::up(&self.writer, None).await?;
        }
        Ok(pending.len())
    }

    /// Whether the database answers, and its schema has all that this version needs. What a newer
    /// version has added is borne: migrations expand first.
    pub async fn is_ready(&self) -> Result<bool> {
        Ok(self.schema().await?.pending.is_empty())
    }

    /// How the schema stands to this version.
    pub async fn schema(&self) -> Result<SchemaState> {
        let manager = SchemaManager::new(&self.reader);
        let applied: HashSet<String> = if manager.has_table("seaql_migrations").await? {
            let text = "SELECT version FROM seaql_migrations";
            crate::sql::all::<AppliedRow>(self, text, vec![]).await?.into_iter().map(|r| r.version).collect()
        } else {
            HashSet::new()
        };
        let known: Vec<_> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
        let mut newer: Vec<_> = applied.iter().filter(|name| !known.contains(name)).cloned().collect();
        newer.sort();
        let pending = known.into_iter().filter(|name| !applied.contains(name)).collect();
        Ok(SchemaState { pending, newer })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.reader.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// Counts the data for the planner, after very much has been written at once.
    pub async fn analyze(&self) -> Result<()> {
        self.writer.execute_unprepared("ANALYZE").await?;
        Ok(())
    }

    /// Opens a transaction that may read and then write.
    pub async fn begin(&self, origin: Origin) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let conn = self.writer.begin_with_options(options).await?;
        Ok(Tx { conn, origin, new_id: self.new_id })
    }

    pub(crate) fn new_id(&self, now: DateTime<Utc>) -> Uuid {
        (self.new_id)(now)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn writing(&self) -> Writing<'_> {
        Writing(&self.writer)
    }

    /// Closes the connections, after which SQLite leaves a single file.
    pub async fn close(self) -> Result<()> {
        self.reader.close().await?;
        self.writer.close().await.map_err(StoreError::from)
    }
}

impl Tx {
    /// Where this transaction comes from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The moment of the write.
    pub fn now(&self) -> DateTime<Utc> {
        self.origin.now
    }

    pub(crate) fn new_id(&self) -> Uuid {
        (self.new_id)(self.origin.now)
    }

    /// Says that very many rows will follow. PostgreSQL plans the check of a foreign key once, when
    /// it first meets it: with a table that is still small, it would read the whole of it for each
    /// of the rows to come.
    pub async fn expect_many(&self) -> Result<()> {
        if self.is_postgres() {
            self.conn.execute_unprepared("SET LOCAL enable_seqscan = off").await?;
        }
        Ok(())
    }

    /// Counts what is there for the planner, which else takes full tables for empty ones and checks
    /// foreign keys by whatever index comes first.
    pub async fn analyze(&self) -> Result<()> {
        if self.is_postgres() {
            self.conn.execute_unprepared("ANALYZE").await?;
        }
        Ok(())
    }

    /// Remembers all that was written. Once this answers, it is durable.
    pub async fn commit(self) -> Result<()> {
        self.conn.commit().await.map_err(StoreError::from)
    }
}
