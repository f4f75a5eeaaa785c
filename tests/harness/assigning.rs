//! An assignment, as most tests need one.

use chrono::Duration;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::{Value, json};

use super::{
    cast::{Unit, Who},
    clock::rfc3339,
    document::{ACCEPT_ASSIGNMENT, ASSIGNMENT, CREATE_ASSIGNMENT, DISPATCH_ASSIGNMENT, SUBMIT_ASSIGNMENT},
    meeting::with,
    reply::Reply,
    world::{Engine, World},
};

/// Twenty visits within ten days.
pub fn work(world: &World, issuer: Unit, to: Value) -> Value {
    json!({
        "issuerUnitId": world.unit(issuer),
        "to": to,
        "kind": "TASK",
        "title": "走访困难群众",
        "measure": { "text": "入户走访", "target": 20, "unit": "户" },
        "dueAt": rfc3339(world.now() + Duration::days(10)),
    })
}

/// The same as a unit's template.
pub fn template(world: &World, unit: Unit) -> Value {
    json!({
        "unitId": world.unit(unit),
        "kind": "TASK",
        "title": "每月走访",
        "measure": { "text": "入户走访", "target": 20, "unit": "户" },
    })
}

/// The id of the assignment in an answer.
pub fn id_of(reply: &Reply) -> String {
    reply.done()["assignment"]["id"].as_str().unwrap().to_owned()
}

impl World {
    /// S1's office gives something to B1, whose secretary is the owner.
    pub async fn given(&self, more: Value) -> String {
        let to_branch = json!({ "unitId": self.unit(Unit::B1) });
        let made = self.office().run(CREATE_ASSIGNMENT, with(work(self, Unit::S1, to_branch), more)).await;
        let id = id_of(&made);
        self.office().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
        id
    }

    /// The same, taken on.
    pub async fn taken_on(&self, more: Value) -> String {
        let id = self.given(more).await;
        self.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
        id
    }

    /// The same, handed in.
    pub async fn handed_in(&self) -> String {
        let id = self.taken_on(json!({})).await;
        self.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": id, "amount": 20 })).await.done();
        id
    }

    /// An offer of S1's office to all below.
    pub async fn offered(&self, capacity: i32) -> String {
        let to = json!({ "offer": { "unitId": self.unit(Unit::S1), "capacity": capacity } });
        let kind = json!({ "kind": "RESPONSIBILITY" });
        let made = self.office().run(CREATE_ASSIGNMENT, with(work(self, Unit::S1, to), kind)).await;
        let id = id_of(&made);
        self.office().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
        id
    }

    /// An assignment with its history, as somebody sees it.
    pub async fn assignment(&self, who: Who, id: &str) -> Value {
        self.as_(who).gql(ASSIGNMENT, json!({ "id": id })).await.data("/node").clone()
    }
}

/// Every event that is written from now on, kept beside the outbox.
pub struct Told(DatabaseConnection);

impl Told {
    /// Begins to keep them.
    pub async fn keep(world: &World) -> Self {
        let database = Database::connect(&world.app.config.database_url).await.unwrap();
        let id = if world.engine == Engine::Sqlite { "blob" } else { "uuid" };
        let mut statements =
            vec![format!("CREATE TABLE told (id {id}, kind text, subject_id {id}, payload text)")];
        let keep = "INSERT INTO told VALUES (NEW.id, NEW.kind, NEW.subject_id, CAST(NEW.payload AS text));";
        match world.engine {
            Engine::Sqlite => {
                statements.push(format!("CREATE TRIGGER told AFTER INSERT ON outbox_event BEGIN {keep} END"));
            }
            Engine::Postgres => {
                statements.push(format!(
                    "CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {keep} RETURN NEW; END $$"
                ));
                statements.push(
                    "CREATE TRIGGER told AFTER INSERT ON outbox_event FOR EACH ROW EXECUTE FUNCTION told()"
                        .into(),
                );
            }
        }
        for statement in statements {
            database.execute_unprepared(&statement).await.unwrap();
        }
        Self(database)
    }

    /// The payloads of a kind, in order.
    pub async fn of(&self, kind: &str) -> Vec<Value> {
        let text = format!("SELECT payload FROM told WHERE kind = '{kind}' ORDER BY id");
        let statement = sea_orm::Statement::from_string(self.0.get_database_backend(), text);
        let rows = self.0.query_all_raw(statement).await.unwrap();
        let read = |row: &sea_orm::QueryResult| row.try_get_by_index::<String>(0).unwrap();
        rows.iter().map(|row| serde_json::from_str(&read(row)).unwrap()).collect()
    }

    /// Writes past the server, as a fault would.
    pub async fn spoil(&self, statement: &str) {
        self.0.execute_unprepared(statement).await.unwrap();
    }

    /// Lets go of the database.
    pub async fn end(self) {
        self.0.close().await.unwrap();
    }
}
