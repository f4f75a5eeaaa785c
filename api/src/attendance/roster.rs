//! The roster of a meeting: who is expected, with their records.

use std::collections::HashSet;

use zhibu_domain::{activity::Activity, id::PartyMemberId, policy::Action};
use zhibu_persistence::{
    Page, PageRequest,
    attendance::{self, RosterRow, RosterSelection},
};

use crate::{activity::see_activity, error::OpError, reads::Loading};

/// A page of the roster of an activity, with those of it whose phone somebody else used as well. For
/// the overseers of a host.
pub async fn roster(
    reads: &Loading,
    activity: &Activity,
    select: RosterSelection,
    page: PageRequest,
) -> Result<(Page<RosterRow>, HashSet<PartyMemberId>), OpError> {
    let district = see_activity(reads, Action::ViewAttendance, activity).await?.district_id();
    let store = &reads.loader().app.store;
    let found = attendance::roster_page(store, district, activity.id, select, page).await?;
    let has_device = |row: &RosterRow| row.attendance.as_ref().is_some_and(|record| record.device.is_some());
    let shared = match found.rows.iter().any(has_device) {
        true => attendance::shared_devices(store, district, activity.id).await?,
        false => HashSet::new(),
    };
    Ok((found, shared))
}
