//! What takes its next step by itself: tables whose rows say when, so that a job finds the due
//! ones, and only them, by one index.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;
use zhibu_domain::id::{DistrictId, TypedId};

use crate::{Connect, Result, Store, sql};

/// A table whose rows take steps, and what in it says when the next one is due.
#[derive(Debug)]
pub struct Due<I> {
    table: &'static str,
    id: &'static str,
    at: &'static str,
    ids: PhantomData<fn() -> I>,
}

#[derive(FromQueryResult)]
struct Row {
    district_id: Uuid,
    id: Uuid,
}

impl<I: TypedId> Due<I> {
    pub(crate) const fn new(table: &'static str, id: &'static str, at: &'static str) -> Self {
        Self { table, id, at, ids: PhantomData }
    }

    /// What is due in all districts, longest due first. A row that stands for several may come more
    /// than once.
    pub async fn list(
        &self,
        db: &impl Connect,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(DistrictId, I)>> {
        let Self { table, id, at, .. } = self;
        let text = format!(
            "SELECT district_id, {id} AS id FROM {table} WHERE {at} <= $1 ORDER BY {at}, {id} LIMIT {limit}"
        );
        let rows = sql::all::<Row>(db, &text, vec![now.into()]).await?;
        Ok(rows.into_iter().map(|row| (DistrictId(row.district_id), I::from_uuid(row.id))).collect())
    }

    /// Puts off what failed from `now` to `until`, so that it doesn't stand in the way of the others.
    pub async fn put_off(
        &self,
        store: &Store,
        district: DistrictId,
        id: I,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<()> {
        let Self { table, id: column, at, .. } = self;
        let text =
            format!("UPDATE {table} SET {at} = $3 WHERE district_id = $1 AND {column} = $2 AND {at} <= $4");
        let values = vec![district.0.into(), id.uuid().into(), until.into(), now.into()];
        sql::execute(&store.writing(), &text, values).await?;
        Ok(())
    }
}
