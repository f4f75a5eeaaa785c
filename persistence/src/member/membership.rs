//! Where members were at home, from when to when: who was on a unit's roster on a day is asked
//! long after somebody has moved. Part of the member's record: whoever writes that has the permit
//! and the entry in the audit.

use chrono::NaiveDate;
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    member::PartyMember,
    organization::civil_day,
};

use super::row::membership;
use crate::{Result, StoreError, Tx, organization, row::insert_all, sql, volunteering};

/// Remembers where new members are at home. `entered_on` is the first day; without it they have
/// been there since before anybody wrote it down.
pub(super) async fn begin(
    tx: &Tx,
    district: DistrictId,
    members: impl Iterator<Item = &PartyMember>,
    entered_on: Option<NaiveDate>,
) -> Result<()> {
    let row = |m: &PartyMember| membership::Model {
        district_id: district.0,
        id: tx.new_id(),
        member_id: m.id.0,
        unit_id: m.unit_id.0,
        entered_on,
        left_on: m.left_on,
    };
    insert_all(tx, members.map(row).collect()).await
}

/// The civil day in a unit now.
pub(super) async fn today(tx: &Tx, district: DistrictId, unit: OrgUnitId) -> Result<NaiveDate> {
    let unit = organization::unit(tx, district, unit).await?.ok_or(StoreError::Unreadable("OrgUnit"))?;
    Ok(civil_day(tx.now(), &unit.time_zone))
}

/// Follows a change of a member's record: moving ends one home and begins another today, leaving
/// ends the last one, coming back begins one.
pub(super) async fn follow(
    tx: &Tx,
    district: DistrictId,
    before: &PartyMember,
    after: &PartyMember,
) -> Result<()> {
    if (before.unit_id, before.left_on) == (after.unit_id, after.left_on) {
        return Ok(());
    }
    if before.unit_id != after.unit_id {
        volunteering::follow_member(tx, district, after.id).await?;
    }
    let today = today(tx, district, after.unit_id).await?;
    if let Some(day) = after.left_on.or(before.left_on.is_none().then_some(today)) {
        // A day of leaving that lies before the last move ends all homes.
        let text = "UPDATE membership SET left_on = $3
            WHERE district_id = $1 AND member_id = $2 AND (left_on IS NULL OR left_on > $3)";
        sql::execute(tx, text, vec![district.0.into(), after.id.0.into(), day.into()]).await?;
    }
    if after.left_on.is_none() {
        begin(tx, district, std::iter::once(after), Some(today)).await?;
    }
    Ok(())
}
