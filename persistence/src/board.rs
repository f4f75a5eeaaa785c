//! Boards: the screens that were opened for activities.

use chrono::{DateTime, Utc};
use zhibu_domain::{
    board::Board,
    id::{AccountId, ActivityId, BoardId, DistrictId},
    policy::Permit,
};

use crate::{
    Connect, Result, Store, Tx,
    audit::{self, Entry},
    row::{insert, update},
    sql,
};

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "board")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub activity_id: Uuid,
        pub account_id: Uuid,
        pub opened_at: DateTimeUtc,
        pub entered_at: Option<DateTimeUtc>,
        pub closed_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();
}

fn stored(district: DistrictId, board: &Board) -> row::Model {
    row::Model {
        district_id: district.0,
        id: board.id.0,
        activity_id: board.activity_id.0,
        account_id: board.account_id.0,
        opened_at: board.opened_at,
        entered_at: board.entered_at,
        closed_at: board.closed_at,
    }
}

fn read(row: row::Model) -> Board {
    Board {
        id: BoardId(row.id),
        activity_id: ActivityId(row.activity_id),
        account_id: AccountId(row.account_id),
        opened_at: row.opened_at,
        entered_at: row.entered_at,
        closed_at: row.closed_at,
    }
}

/// Remembers a new board.
pub async fn insert_board(tx: &Tx, permit: &Permit, new: &Board) -> Result<()> {
    insert(tx, stored(permit.district_id(), new)).await?;
    audit::append(tx, permit, Entry::about(new.id).change(None, Some(new))).await
}

/// Remembers what became of a board. The caller has locked `before`.
pub async fn update_board(tx: &Tx, permit: &Permit, before: &Board, after: &Board) -> Result<()> {
    update(tx, stored(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}

const ONE: &str = "SELECT * FROM board WHERE district_id = $1 AND id = $2";

/// A board.
pub async fn board(db: &impl Connect, district: DistrictId, id: BoardId) -> Result<Option<Board>> {
    let row = sql::one::<row::Model>(db, ONE, vec![district.0.into(), id.0.into()]).await?;
    Ok(row.map(read))
}

/// A board that is about to be changed.
pub async fn lock_board(tx: &Tx, district: DistrictId, id: BoardId) -> Result<Option<Board>> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let text = format!("{ONE}{lock}");
    let row = sql::one::<row::Model>(tx, &text, vec![district.0.into(), id.0.into()]).await?;
    Ok(row.map(read))
}

/// The boards of an activity that nobody has closed, about to be closed.
pub async fn lock_open_boards(tx: &Tx, district: DistrictId, activity: ActivityId) -> Result<Vec<Board>> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let text = format!(
        "SELECT * FROM board WHERE district_id = $1 AND activity_id = $2 AND closed_at IS NULL
         ORDER BY id{lock}"
    );
    let rows = sql::all::<row::Model>(tx, &text, vec![district.0.into(), activity.0.into()]).await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Forgets boards that were opened before a moment, at most `limit`.
pub async fn forget(store: &Store, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let values = vec![before.into()];
    sql::delete_some(&store.writing(), "board", "opened_at < $1", values, "opened_at", limit).await
}
