//! Changes of many members at once: a few statements, however many.

use sea_orm::{
    EntityTrait, ExprTrait, IntoActiveModel, Iterable, Value,
    sea_query::{Alias, Expr, OnConflict},
};
use zhibu_domain::{id::DistrictId, member::PartyMember};

use super::row::party_member::{Column, Entity, Model};
use crate::{Connect, Result, StoreError, Tx, sql};

/// Rows in one statement.
const STEP: usize = 500;

/// Writes records that stand already, each one version on; `entered` begins their time on the
/// roster anew.
pub(super) async fn members(tx: &Tx, rows: Vec<Model>, entered: bool) -> Result<()> {
    let fixed = |column: &Column| {
        matches!(column, Column::DistrictId | Column::Id | Column::AccountId)
            || (!entered && matches!(column, Column::CreatedAt))
    };
    // The version is what was read and one more: whoever wrote meanwhile isn't overwritten.
    let read = Expr::col((Entity, Column::Version)).add(1);
    let conflict = OnConflict::columns([Column::DistrictId, Column::Id])
        .update_columns(Column::iter().filter(|column| !fixed(column)))
        .action_and_where(read.eq(Expr::col((Alias::new("excluded"), Column::Version))))
        .to_owned();
    for rows in rows.chunks(STEP) {
        let batch: Vec<_> = rows.iter().cloned().map(IntoActiveModel::into_active_model).collect();
        let written = Entity::insert_many(batch)
            .on_conflict(conflict.clone())
            .exec_without_returning(tx.conn())
            .await?;
        if usize::try_from(written) != Ok(rows.len()) {
            return Err(StoreError::Stale);
        }
    }
    Ok(())
}

/// Writes the names and phone numbers of members into their accounts.
pub(super) async fn accounts(tx: &Tx, district: DistrictId, members: &[&PartyMember]) -> Result<()> {
    for members in members.chunks(STEP) {
        let mut values: Vec<Value> = vec![district.0.into()];
        let mut put = |value: Value| {
            values.push(value);
            format!("${}", values.len())
        };
        let (mut ids, mut names, mut phones) = (Vec::new(), String::new(), String::new());
        for member in members {
            let id = put(member.account_id.0.into());
            names.push_str(&format!(" WHEN {id} THEN {}", put(member.name.clone().into())));
            let phone = member.phone.as_ref().map(|phone| phone.as_e164().to_owned());
            phones.push_str(&format!(" WHEN {id} THEN {}", put(phone.into())));
            ids.push(id);
        }
        let text = format!(
            "UPDATE account SET name = CASE id{names} END, phone = CASE id{phones} END
             WHERE district_id = $1 AND id IN ({})",
            ids.join(", ")
        );
        sql::execute(tx, &text, values).await?;
    }
    Ok(())
}
