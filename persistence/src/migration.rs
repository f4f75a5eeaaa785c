//! The schema, forward only: expand first, contract a release later. Each migration is SQL
//! text that both engines read, with the few words that differ filled in.

mod m001_spine;
mod m002_volunteering;
mod m003_assignment;
mod m004_notification;
mod m005_token;
mod m006_wechat;
mod m007_webhook;
mod m008_door;
mod m009_export;

use sea_orm_migration::{
    MigratorTrait,
    prelude::*,
    sea_orm::{DatabaseBackend, DbErr},
};

/// All migrations in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m001_spine::Migration),
            Box::new(m002_volunteering::Migration),
            Box::new(m003_assignment::Migration),
            Box::new(m004_notification::Migration),
            Box::new(m005_token::Migration),
            Box::new(m006_wechat::Migration),
            Box::new(m007_webhook::Migration),
            Box::new(m008_door::Migration),
            Box::new(m009_export::Migration),
        ]
    }
}

/// Fills in the words in which the engines differ and runs the statements one by one.
async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let words: &[(&str, &str)] = match manager.get_database_backend() {
        DatabaseBackend::Postgres => &[
            ("{id}", "uuid"),
            ("{time}", "timestamptz"),
            ("{json}", "jsonb"),
            ("{path}", "text COLLATE \"C\""),
            ("{bytes}", "bytea"),
            ("{double}", "double precision"),
        ],
        _ => &[
            ("{id}", "blob"),
            ("{time}", "text"),
            ("{json}", "text"),
            ("{path}", "text"),
            ("{bytes}", "blob"),
            ("{double}", "double"),
        ],
    };
    let sql = words.iter().fold(sql.to_owned(), |sql, (word, meaning)| sql.replace(word, meaning));
    for statement in sql.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Keeps the rows of a table for ever: whoever changes or deletes one is stopped by the database, and told
/// that `what` is append-only.
async fn append_only(manager: &SchemaManager<'_>, table: &str, what: &str) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DatabaseBackend::Postgres => [
            format!(
                "CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
                 BEGIN RAISE EXCEPTION '{what} is append-only'; END $$"
            ),
            format!(
                "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                 FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
            ),
        ],
        _ => ["UPDATE", "DELETE"].map(|change| {
            format!(
                "CREATE TRIGGER {table}_no_{change} BEFORE {change} ON {table}
                 BEGIN SELECT RAISE(ABORT, '{what} is append-only'); END"
            )
        }),
    };
    for statement in statements {
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}
