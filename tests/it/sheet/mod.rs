//! Month reports as spreadsheets, read by programs that we didn't write: calamine here and, in CI, openpyxl.

mod cells;
mod content;
mod job;
mod memory;
mod who;

use std::time::Duration;

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};

use crate::{
    harness::{Reply, Unit, Who, World, document::*, meeting::with},
    volunteering::files::{Fetched, fetch},
};

fn wanted(world: &World, kind: &str, unit: Unit) -> Value {
    json!({ "kind": kind, "unitId": world.unit(unit), "year": 2026, "month": 3, "purpose": "报送区委组织部" })
}

/// Somebody asks for an export.
async fn ask(world: &World, who: Who, kind: &str, unit: Unit, more: Value) -> Reply {
    world.as_(who).run(EXPORT_REPORT, with(wanted(world, kind, unit), more)).await
}

fn id_of(reply: &Reply) -> String {
    reply.done()["export"]["id"].as_str().unwrap().to_owned()
}

/// An export as who asked for it sees it.
async fn seen(world: &World, who: Who, id: &str) -> Value {
    world.as_(who).gql(REPORT_EXPORT, json!({ "id": id })).await.data("/reportExport").clone()
}

/// Waits until nobody is at an export any more, the server's own worker included.
async fn ended(world: &World, who: Who, id: &str) -> Value {
    for _ in 0..2_000 {
        world.settle().await;
        let export = seen(world, who, id).await;
        if !matches!(export["state"].as_str(), Some("WAITING" | "RUNNING")) {
            return export;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the export doesn't end");
}

async fn opened(world: &World, export: &Value) -> Fetched {
    let url = export["xlsx"]["url"].as_str().unwrap_or_else(|| panic!("no file: {export}"));
    fetch(world, url).await
}

/// The file of March; it is left for CI where that wants it.
async fn file(world: &World, who: Who, kind: &str, unit: Unit) -> Vec<u8> {
    let id = id_of(&ask(world, who, kind, unit, json!({})).await);
    let export = ended(world, who, &id).await;
    assert_eq!(export["state"], "READY", "{export}");
    let content = opened(world, &export).await.file();
    assert_eq!(export["bytes"], content.len(), "as long as it says");
    if let Ok(folder) = std::env::var("ZHIBU_TEST_SHEETS") {
        let name = format!("{folder}/{:?}-{kind}-{}.xlsx", world.engine, content.len());
        std::fs::write(name, &content).unwrap();
    }
    content
}

/// What the database holds of files.
async fn pieces(world: &World) -> Vec<Vec<u8>> {
    let database = Database::connect(&world.app.config.database_url).await.unwrap();
    let text = "SELECT sealed FROM report_export_piece".to_owned();
    let rows = database.query_all_raw(Statement::from_string(database.get_database_backend(), text)).await;
    let pieces = rows.unwrap().iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    database.close().await.unwrap();
    pieces
}
