//! What hangs on a unit.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Value};
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    organization::{Dependents, OrgUnitKind},
};

use super::row::org_unit;
use crate::{Connect, Result, Tx, row::word, sql};

/// The level closest to the root among the live units right below a unit.
pub async fn lowest_led_level(db: &impl Connect, district: DistrictId, id: OrgUnitId) -> Result<Option<u8>> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::ParentId.eq(id.0))
        .filter(org_unit::Column::DissolvedAt.is_null());
    let kinds = query.all(db.conn()).await?;
    let levels: Vec<u8> =
        kinds.iter().map(|r| word::<OrgUnitKind>(&r.kind).map(OrgUnitKind::level)).collect::<Result<_>>()?;
    Ok(levels.into_iter().min())
}

/// What depends on a unit.
pub async fn dependents(
    tx: &Tx,
    district: DistrictId,
    id: OrgUnitId,
    today: chrono::NaiveDate,
) -> Result<Dependents> {
    let key = || vec![Value::from(district.0), id.0.into()];
    let units = sql::count(
        tx,
        "SELECT count(*) FROM org_unit WHERE district_id = $1 AND parent_id = $2 AND dissolved_at IS NULL",
        key(),
    );
    let members = sql::count(
        tx,
        "SELECT count(*) FROM party_member WHERE district_id = $1 AND unit_id = $2 AND left_on IS NULL",
        key(),
    );
    let posts = sql::count(
        tx,
        "SELECT count(*) FROM post WHERE district_id = $1 AND unit_id = $2 AND (ends_on IS NULL OR ends_on >= $3)",
        [key(), vec![today.into()]].concat(),
    );
    let shifts = sql::count(
        tx,
        "SELECT count(*) FROM volunteer_shift
         WHERE district_id = $1 AND unit_id = $2 AND state <> 'CANCELLED' AND ends_at > $3",
        [key(), vec![tx.now().into()]].concat(),
    );
    let assignments = sql::count(
        tx,
        "SELECT count(*) FROM assignment
         WHERE district_id = $1 AND unit_id = $2 AND state NOT IN ('VERIFIED', 'CANCELLED')",
        key(),
    );
    Ok(Dependents {
        units: units.await?,
        members: members.await?,
        posts: posts.await?,
        shifts: shifts.await?,
        assignments: assignments.await?,
    })
}
