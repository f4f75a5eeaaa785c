use std::{collections::HashMap, sync::Arc};

use zhibu_domain::{
    activity::{
        Activity, Attendee,
        check_in::{CodeKey, CodeSubject},
    },
    id::{ActivityId, DistrictId, PartyMemberId},
    organization::OrgUnitPath,
    policy::Subject,
    rule::Rules,
};
use zhibu_persistence::{Connect, StoreError, activity, attendance, organization, rule};

use crate::app::{App, civil_day};

/// All that a check-in looks at except the member's own record: read once and kept for the few
/// seconds in which everybody scans.
#[derive(Clone, Debug)]
pub struct Room {
    /// The activity.
    pub activity: Activity,
    /// The host's place in the tree.
    pub host: OrgUnitPath,
    /// The joint hosts' places.
    pub joint: Vec<OrgUnitPath>,
    /// The list.
    pub attendees: HashMap<PartyMemberId, Attendee>,
    /// The key of the codes.
    pub key: CodeKey,
    /// The rules of the activity's day.
    pub rules: Rules,
}

impl Room {
    /// The kept room of an activity; none where there is no such activity.
    pub async fn kept(
        app: &App,
        district: DistrictId,
        id: ActivityId,
    ) -> Result<Arc<Option<Self>>, StoreError> {
        app.memo
            .rooms
            .get_or_load((district, id), async || Self::load(app, &app.store, district, id).await)
            .await
    }

    /// The room as the policy sees it, of a member who may be on the list.
    pub fn subject(&self, member: Option<PartyMemberId>) -> Subject<'_> {
        let invited = member.is_some_and(|m| self.attendees.contains_key(&m));
        Subject::unit(&self.host).joint(&self.joint).invited(invited)
    }

    /// Reads the room.
    pub async fn load(
        app: &App,
        db: &impl Connect,
        district: DistrictId,
        id: ActivityId,
    ) -> Result<Option<Self>, StoreError> {
        let Some(activity) = activity::activity(db, district, id).await? else { return Ok(None) };
        let Some(host) = organization::unit(db, district, activity.host_unit_id).await? else {
            return Ok(None);
        };
        let attendees = attendance::attendees(db, district, id).await?;
        let day = civil_day(activity.window.starts_at, &host.time_zone);
        Ok(Some(Self {
            attendees: attendees.into_iter().map(|a| (a.member_id, a)).collect(),
            joint: organization::paths(db, district, &activity.joint_host_ids).await?,
            key: key(app, id),
            rules: Rules::on(day, rule::settings(db, district).await?),
            host: host.path,
            activity,
        }))
    }
}

/// The key of a subject's codes, derived from the master key: nothing to store, nothing to leak.
pub fn key(app: &App, id: impl CodeSubject) -> CodeKey {
    CodeKey::new(app.auth.master.derive("check-in", id.uuid().as_bytes()))
}
