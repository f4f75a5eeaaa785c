//! Lists of hours and exports, as far as the caller may see them.

use zhibu_domain::{
    id::{OrgUnitId, PartyMemberId},
    policy::Action,
    volunteering::{HourState, ServiceHourEntry, ServiceHourExport},
};
use zhibu_persistence::{Page, PageRequest, volunteering};

use crate::{error::OpError, member::see_member, organization::permitted_unit, reads::Loading};

/// A member's entries, latest reported first. For the member, and the overseers of the home unit.
pub async fn entries_of(
    reads: &Loading,
    member: PartyMemberId,
    state: Option<HourState>,
    page: PageRequest,
) -> Result<Page<ServiceHourEntry>, OpError> {
    let district = see_member(reads, Action::ViewHours, member).await?.district_id();
    Ok(volunteering::entry_page(&reads.loader().app.store, district, member, state, page).await?)
}

/// The entries that were reported to a unit or to those below it. For those who may do this in the unit.
pub async fn entries_at(
    reads: &Loading,
    action: Action,
    unit: OrgUnitId,
    state: HourState,
    page: PageRequest,
) -> Result<Page<ServiceHourEntry>, OpError> {
    let (unit, permit) = permitted_unit(reads, action, unit).await?;
    let store = &reads.loader().app.store;
    Ok(volunteering::unit_entry_page(store, permit.district_id(), &unit.path, state, page).await?)
}

/// What was exported of a unit, latest first. For offices of the unit.
pub async fn exports_of(
    reads: &Loading,
    unit: OrgUnitId,
    page: PageRequest,
) -> Result<Page<ServiceHourExport>, OpError> {
    let (unit, permit) = permitted_unit(reads, Action::ExportHours, unit).await?;
    Ok(volunteering::export_page(&reads.loader().app.store, permit.district_id(), unit.id, page).await?)
}
