//! Steps that end in the middle, as if the server had been killed there: for a while a table takes
//! no writes, and the transaction that tries is lost.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

use super::world::{Engine, World};

/// Takes writes away from tables.
pub struct Fault {
    database: DatabaseConnection,
    engine: Engine,
}

impl Fault {
    pub async fn of(world: &World) -> Self {
        let database = Database::connect(&world.app.config.database_url).await.unwrap();
        let fault = Self { database, engine: world.engine };
        if fault.engine == Engine::Postgres {
            let raise = "CREATE FUNCTION killed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed'; END $$";
            fault.run(raise).await;
        }
        fault
    }

    /// Writes behind the server's back.
    pub async fn run(&self, statement: &str) {
        self.database.execute_unprepared(statement).await.unwrap();
    }

    fn triggers(writes: &str) -> impl Iterator<Item = (String, &str, &str)> {
        writes.split(", ").map(|write| {
            let (verb, table) = write.split_once(' ').expect("a verb and a table");
            (format!("killed_{verb}_{table}"), verb, table)
        })
    }

    /// Lets whoever tries one of these writes, such as `INSERT attendance, UPDATE activity`, end there.
    pub async fn begin(&self, writes: &str) {
        self.begin_where(writes, "true").await;
    }

    /// The same for rows that meet a condition, such as `NEW.event = 'x'`.
    pub async fn begin_where(&self, writes: &str, condition: &str) {
        for (name, verb, table) in Self::triggers(writes) {
            let does = match self.engine {
                Engine::Sqlite => format!("WHEN {condition} BEGIN SELECT RAISE(ABORT, 'killed'); END"),
                Engine::Postgres => format!("FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION killed()"),
            };
            self.run(&format!("CREATE TRIGGER {name} BEFORE {verb} ON {table} {does}")).await;
        }
    }

    /// All is well again.
    pub async fn end(&self, writes: &str) {
        for (name, _, table) in Self::triggers(writes) {
            let on = if self.engine == Engine::Postgres { format!(" ON {table}") } else { String::new() };
            self.run(&format!("DROP TRIGGER {name}{on}")).await;
        }
    }

    /// Lets go of the database.
    pub async fn close(self) {
        self.database.close().await.unwrap();
    }
}
