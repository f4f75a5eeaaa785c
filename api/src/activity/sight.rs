//! Who sees an activity, and which of a unit's.

use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::{Activity, ActivityKind},
    id::{ActivityId, OrgUnitId},
    policy::{Action, Denied, Permit, Subject},
};
use zhibu_persistence::{
    Page, PageRequest,
    activity::{self, ActivityFilter},
};

use crate::{
    error::OpError,
    graphql::storable,
    organization::named_unit,
    reads::{Invited, Loading},
};

/// Asks the policy about an activity.
pub async fn see(reads: &Loading, action: Action, activity: &Activity) -> Result<Permit, OpError> {
    let call = &reads.loader().call;
    let ids = activity.joint_host_ids.iter().copied().chain([activity.host_unit_id]);
    let mut hosts = reads.load_many(ids).await?;
    let host = hosts.remove(&activity.host_unit_id).ok_or(Denied::Hidden)?;
    let joint: Vec<_> = hosts.into_values().map(|unit| unit.path).collect();
    let subject = Subject::unit(&host.path).joint(&joint);
    let first = call.permit(action, subject);
    if first.is_ok() || !activity.is_known() {
        return Ok(first?);
    }
    let Some(member) = call.member_id() else { return Ok(first?) };
    let invited = reads.load_one(Invited(member, activity.id)).await?.is_some();
    Ok(call.permit(action, subject.invited(invited))?)
}

/// An activity that the caller may see.
pub async fn visible(reads: &Loading, id: ActivityId) -> Result<Option<Activity>, OpError> {
    let Some(found) = reads.load_one(id).await? else { return Ok(None) };
    let sight = if found.is_known() { Action::ViewActivity } else { Action::ViewDraft };
    match see(reads, sight, &found).await {
        Ok(_) => Ok(Some(found)),
        Err(OpError::Denied(Denied::Hidden | Denied::Forbidden)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Which activities of a unit.
#[derive(Clone, Copy, Debug)]
pub struct Hosted {
    /// Of which unit.
    pub unit_id: OrgUnitId,
    /// Those of all units below as well.
    pub deep: bool,
    /// Only of this kind.
    pub kind: Option<ActivityKind>,
    /// Only those that end at or after this time.
    pub from: Option<DateTime<Utc>>,
    /// Only those that start before this time.
    pub until: Option<DateTime<Utc>>,
    /// Latest start first.
    pub latest_first: bool,
}

/// A page of the activities that a unit hosts, as far as the caller may see them.
pub async fn hosted(reads: &Loading, which: Hosted, page: PageRequest) -> Result<Page<Activity>, OpError> {
    let (app, call) = (&reads.loader().app, &reads.loader().call);
    let unit = named_unit(reads, which.unit_id).await?;
    let subject = Subject::unit(&unit.path);
    let permit =
        call.permit(if which.deep { Action::ViewAttendance } else { Action::ViewActivity }, subject)?;
    let organizes = call.permit(Action::ViewDraft, subject).is_ok();
    let filter = ActivityFilter {
        unit: (!which.deep).then_some(unit.id),
        subtree: which.deep.then(|| unit.path.clone()),
        kind: which.kind,
        known_only: !organizes,
        from: which.from.map(storable),
        until: which.until.map(storable),
        latest_first: which.latest_first,
        ..ActivityFilter::default()
    };
    Ok(activity::activity_page(&app.store, permit.district_id(), filter, page).await?)
}
