//! Hand-written statements: one text for both engines, parameters as `$1`, `$2`, ….

use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult, Statement, Value};

use crate::{Connect, Result};

fn statement(db: &impl Connect, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(db.conn().get_database_backend(), sql, values)
}

/// All rows of a query.
pub(crate) async fn all<R: FromQueryResult>(
    db: &impl Connect,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<R>> {
    let rows = db.conn().query_all_raw(statement(db, sql, values)).await?;
    rows.iter().map(|row| R::from_query_result(row, "").map_err(Into::into)).collect()
}

/// All rows of a query, unread.
pub(crate) async fn rows(db: &impl Connect, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>> {
    Ok(db.conn().query_all_raw(statement(db, sql, values)).await?)
}

/// The first row of a query.
pub(crate) async fn one<R: FromQueryResult>(
    db: &impl Connect,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<R>> {
    let row = db.conn().query_one_raw(statement(db, sql, values)).await?;
    row.map(|row| R::from_query_result(&row, "").map_err(Into::into)).transpose()
}

/// The single number that a query counts.
pub(crate) async fn count(db: &impl Connect, sql: &str, values: Vec<Value>) -> Result<u64> {
    let row = db.conn().query_one_raw(statement(db, sql, values)).await?;
    let n: i64 = row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or(0);
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Executes a statement; answers the number of rows that it changed.
pub(crate) async fn execute(db: &impl Connect, sql: &str, values: Vec<Value>) -> Result<u64> {
    Ok(db.conn().execute_raw(statement(db, sql, values)).await?.rows_affected())
}

/// Deletes rows of a table that meet a condition, at most `limit`, those first that come first by a
/// column; answers how many.
pub(crate) async fn delete_some(
    db: &impl Connect,
    table: &str,
    condition: &str,
    values: Vec<Value>,
    oldest_by: &str,
    limit: u64,
) -> Result<u64> {
    let some =
        |row| format!("SELECT {row} FROM {table} WHERE {condition} ORDER BY {oldest_by} LIMIT {limit}");
    let among = if db.is_postgres() {
        format!("ctid = ANY (ARRAY({}))", some("ctid"))
    } else {
        format!("rowid IN ({})", some("rowid"))
    };
    execute(db, &format!("DELETE FROM {table} WHERE {among}"), values).await
}

/// The condition `column IN (…)` for a list of any length as one parameter list, starting at
/// parameter `first`.
pub(crate) fn in_list(column: &str, first: usize, length: usize) -> String {
    if length == 0 {
        return "1 = 0".to_owned();
    }
    let list: Vec<String> = (first..first + length).map(|n| format!("${n}")).collect();
    format!("{column} IN ({})", list.join(", "))
}

/// The condition that a column contains the text of a [`containing`] pattern, parameter `n`.
/// SQLite's `LIKE` passes over the case of ASCII letters; so does this on both engines.
pub(crate) fn contains(db: &impl Connect, column: &str, n: usize) -> String {
    let ascii = if db.is_postgres() { " COLLATE \"C\"" } else { "" };
    format!("lower({column}{ascii}) LIKE ${n} ESCAPE '\\'")
}

/// A `LIKE` pattern (with `ESCAPE '\\'`) for [`contains`].
pub(crate) fn containing(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}
