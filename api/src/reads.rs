//! Reads shared by the fields of one request: asked for one by one, sent as one statement.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use async_trait::async_trait;
use uuid::Uuid;
use zhibu_domain::{
    activity::{Activity, Agenda, Attendance, CheckInClaim, LeaveRequest, Recurrence, Tally, Theme},
    assignment::{Assignment, RollUp, Step},
    id::{
        AccountId, ActivityId, AssignmentId, CheckInClaimId, DistrictId, LeaveRequestId, NotificationId,
        ObjectionId, OrgUnitId, PartyMemberId, RecurrenceId, ServiceHourEntryId, ServiceRecordSheetId,
        SignUpId, ThemeId, TypedId, VolunteerProjectId, VolunteerShiftId, VolunteerTeamId,
    },
    member::{Account, Exemption, PartyMember, Post},
    notification::Notification,
    organization::{OrgUnit, OrgUnitPath},
    policy::Permit,
    volunteering::{Objection, ServiceHourEntry, SignUp, VolunteerProject, VolunteerShift, VolunteerTeam},
};
use zhibu_persistence::{
    StoreError,
    activity::{self, Adopted},
    assignment, attendance,
    audit::{self, Entry},
    member, notification,
    organization::{self, UnitVersion},
    volunteering,
};

use crate::{app::App, call::Call, graphql::settled};

/// What loads; one for each request.
pub struct Reads {
    pub(crate) app: Arc<App>,
    pub(crate) district: DistrictId,
    pub(crate) call: Call,
    /// The permit under which this request reads phone numbers.
    pub(crate) contact: OnceLock<Permit>,
    /// The permit under which this request lets names out through a token.
    pub(crate) naming: OnceLock<Permit>,
    /// The units that this request has read.
    units: Mutex<HashMap<OrgUnitId, OrgUnit>>,
}

/// The request's loader.
pub type Loading = DataLoader<Reads, HashMapCache>;

/// A loader for a request in a district.
pub fn loading(app: Arc<App>, district: DistrictId, call: Call) -> Loading {
    DataLoader::with_cache(
        Reads {
            app,
            district,
            call,
            contact: OnceLock::new(),
            naming: OnceLock::new(),
            units: Mutex::default(),
        },
        settled::load,
        HashMapCache::default(),
    )
    .delay(Duration::ZERO)
}

#[async_trait]
impl Loader<OrgUnitId> for Reads {
    type Value = OrgUnit;
    type Error = StoreError;

    async fn load(&self, ids: &[OrgUnitId]) -> Result<HashMap<OrgUnitId, OrgUnit>, StoreError> {
        // A unit may be asked for again while it is being loaded: the dataloader forgets that.
        let known = |seen: &HashMap<OrgUnitId, OrgUnit>| -> HashMap<_, _> {
            ids.iter().filter_map(|id| seen.get(id).map(|unit| (*id, unit.clone()))).collect()
        };
        let mut found = known(&self.units.lock().unwrap_or_else(PoisonError::into_inner));
        let missing: Vec<_> = ids.iter().filter(|id| !found.contains_key(id)).copied().collect();
        if !missing.is_empty() {
            let new = organization::units(&self.app.store, self.district, &missing).await?;
            self.units.lock().unwrap_or_else(PoisonError::into_inner).extend(new.clone());
            found.extend(new);
        }
        Ok(found)
    }
}

/// What is read by its id alone.
macro_rules! by_id {
    ($($id:ty => $value:ty, $load:path;)+) => {$(
        #[async_trait]
        impl Loader<$id> for Reads {
            type Value = $value;
            type Error = StoreError;

            async fn load(&self, ids: &[$id]) -> Result<HashMap<$id, $value>, StoreError> {
                $load(&self.app.store, self.district, ids).await
            }
        }
    )+};
}

by_id! {
    PartyMemberId => PartyMember, member::members;
    AccountId => Account, member::accounts;
    ActivityId => Activity, activity::activities;
    ThemeId => Theme, activity::themes;
    RecurrenceId => Recurrence, activity::recurrences;
    AssignmentId => Assignment, assignment::assignments;
    ServiceHourEntryId => ServiceHourEntry, volunteering::entries;
    LeaveRequestId => LeaveRequest, attendance::leaves;
    CheckInClaimId => CheckInClaim, attendance::claims;
    ObjectionId => Objection, volunteering::objections_by_id;
    VolunteerTeamId => VolunteerTeam, volunteering::teams;
    VolunteerProjectId => VolunteerProject, volunteering::projects;
    VolunteerShiftId => VolunteerShift, volunteering::shifts;
    SignUpId => SignUp, volunteering::sign_ups_by_id;
}

#[async_trait]
impl Loader<NotificationId> for Reads {
    type Value = Notification;
    type Error = StoreError;

    /// The caller's own: nobody has another's in hand.
    async fn load(
        &self,
        ids: &[NotificationId],
    ) -> Result<HashMap<NotificationId, Notification>, StoreError> {
        let Some(account) = self.call.actor.account_id() else { return Ok(HashMap::new()) };
        notification::notifications(&self.app.store, self.district, account, ids).await
    }
}

/// The unit at a place in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnitAt(pub OrgUnitPath);

#[async_trait]
impl Loader<UnitAt> for Reads {
    type Value = OrgUnit;
    type Error = StoreError;

    async fn load(&self, places: &[UnitAt]) -> Result<HashMap<UnitAt, OrgUnit>, StoreError> {
        let paths: Vec<_> = places.iter().map(|place| place.0.clone()).collect();
        let found = organization::units_at(&self.app.store, self.district, &paths).await?;
        Ok(found.into_iter().map(|unit| (UnitAt(unit.path.clone()), unit)).collect())
    }
}

/// Whether the caller, a member, stands on an activity's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Invited(pub PartyMemberId, pub ActivityId);

#[async_trait]
impl Loader<Invited> for Reads {
    type Value = ();
    type Error = StoreError;

    async fn load(&self, asked: &[Invited]) -> Result<HashMap<Invited, ()>, StoreError> {
        let Some(member) = asked.first().map(|i| i.0) else { return Ok(HashMap::new()) };
        let ids: Vec<_> = asked.iter().map(|i| i.1).collect();
        let found = attendance::invited(&self.app.store, self.district, member, &ids).await?;
        Ok(found.into_iter().map(|id| (Invited(member, id), ())).collect())
    }
}

macro_rules! own_keys {
    ($($(#[$doc:meta])+ $key:ident => $value:ty, $load:path;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub PartyMemberId, pub ActivityId);

        #[async_trait]
        impl Loader<$key> for Reads {
            type Value = $value;
            type Error = StoreError;

            async fn load(&self, asked: &[$key]) -> Result<HashMap<$key, $value>, StoreError> {
                let Some(member) = asked.first().map(|key| key.0) else { return Ok(HashMap::new()) };
                let ids: Vec<_> = asked.iter().map(|key| key.1).collect();
                let found = $load(&self.app.store, self.district, member, &ids).await?;
                Ok(found.into_iter().map(|(id, value)| ($key(member, id), value)).collect())
            }
        }
    )+};
}

own_keys! {
    /// The caller's own record of an activity.
    OwnAttendance => Attendance, attendance::attendances_of;
    /// The caller's own latest request for leave from an activity.
    OwnLeave => LeaveRequest, attendance::leaves_of;
    /// The caller's own claim of an activity.
    OwnClaim => CheckInClaim, attendance::claims_of;
}

/// A reading of somebody else's phone number, which is audited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PhoneRead(pub PartyMemberId, pub AccountId);

#[async_trait]
impl Loader<PhoneRead> for Reads {
    type Value = ();
    type Error = StoreError;

    async fn load(&self, reads: &[PhoneRead]) -> Result<HashMap<PhoneRead, ()>, StoreError> {
        let Some(permit) = self.contact.get() else { return Ok(HashMap::new()) };
        let tx = self.app.begin(&self.call, "PartyMember.phone").await?;
        let entries = reads.iter().map(|read| Entry::about(read.0).person(read.1)).collect();
        audit::append_all(&tx, permit, entries).await?;
        tx.commit().await?;
        Ok(reads.iter().map(|read| (*read, ())).collect())
    }
}

/// A reading of somebody's name through a token, which is audited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NameRead(pub AccountId);

#[async_trait]
impl Loader<NameRead> for Reads {
    type Value = ();
    type Error = StoreError;

    /// One entry for all names of a list: it says how many, and by which grant.
    async fn load(&self, reads: &[NameRead]) -> Result<HashMap<NameRead, ()>, StoreError> {
        let (Some(permit), Some(limit)) = (self.naming.get(), self.call.actor.limit()) else {
            return Ok(HashMap::new());
        };
        let tx = self.app.begin(&self.call, "readNames").await?;
        let count = serde_json::json!({ "names": reads.len() });
        audit::append(&tx, permit, Entry::about(limit.grant_id).change(None, Some(&count))).await?;
        tx.commit().await?;
        Ok(reads.iter().map(|read| (*read, ())).collect())
    }
}

macro_rules! keys {
    ($($(#[$doc:meta])+ $key:ident($id:ty) => $value:ty, |$reads:ident, $ids:ident| $load:expr;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub $id);

        #[async_trait]
        impl Loader<$key> for Reads {
            type Value = $value;
            type Error = StoreError;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, StoreError> {
                let ids: Vec<$id> = keys.iter().map(|key| key.0).collect();
                let ($reads, $ids) = (self, ids.as_slice());
                let found = $load.await?;
                Ok(found.into_iter().map(|(id, value)| ($key(id), value)).collect())
            }
        }
    )+};
}

keys! {
    /// The units that guide a unit.
    GuidesOf(OrgUnitId) => Vec<OrgUnitId>, |reads, ids|
        organization::guides(&reads.app.store, reads.district, ids);
    /// The units that a unit guides.
    GuidedBy(OrgUnitId) => Vec<OrgUnitId>, |reads, ids|
        organization::guided(&reads.app.store, reads.district, ids);
    /// The versions of a unit.
    HistoryOf(OrgUnitId) => Vec<UnitVersion>, |reads, ids|
        organization::histories(&reads.app.store, reads.district, ids);
    /// How many members a unit's subtree has.
    MemberCountOf(OrgUnitId) => u64, |reads, ids|
        member::count_by_unit(&reads.app.store, reads.district, ids);
    /// The exemptions of a member.
    ExemptionsOf(PartyMemberId) => Vec<Exemption>, |reads, ids|
        member::exemptions(&reads.app.store, reads.district, ids);
    /// The member that an account is.
    MemberOf(AccountId) => PartyMember, |reads, ids|
        member::members_of_accounts(&reads.app.store, reads.district, ids);
    /// The agenda of an activity.
    AgendaOf(ActivityId) => Agenda, |reads, ids|
        activity::agendas(&reads.app.store, reads.district, ids);
    /// The counts of an activity.
    TallyOf(ActivityId) => Tally, |reads, ids|
        attendance::tallies(&reads.app.store, reads.district, ids);
    /// Who has adopted a theme.
    AdoptionsOf(ThemeId) => Vec<Adopted>, |reads, ids|
        activity::adoptions(&reads.app.store, reads.district, ids);
    /// The posts on a unit.
    PostsOn(OrgUnitId) => Vec<Post>, |reads, ids|
        reads.posts(member::HeldOn::Units(ids), OrgUnitId);
    /// The posts of an account.
    PostsOf(AccountId) => Vec<Post>, |reads, ids|
        reads.posts(member::HeldOn::Accounts(ids), AccountId);
    /// The objections to an entry of volunteer hours.
    ObjectionsTo(ServiceHourEntryId) => Vec<Objection>, |reads, ids|
        volunteering::objections(&reads.app.store, reads.district, ids);
    /// What was done with an assignment.
    StepsOf(AssignmentId) => Vec<Step>, |reads, ids|
        assignment::histories(&reads.app.store, reads.district, ids);
    /// How far the parts of an assignment are.
    RollUpOf(AssignmentId) => RollUp, |reads, ids|
        assignment::roll_ups(&reads.app.store, reads.district, ids, reads.app.now());
    /// The captain of the team that carries a shift.
    CaptainOf(VolunteerShiftId) => PartyMemberId, |reads, ids|
        volunteering::captains(&reads.app.store, reads.district, ids);
    /// That a service on a sheet no longer counts as it did.
    IsSuperseded(ServiceRecordSheetId) => (), |reads, ids| async {
        let found = volunteering::superseded(&reads.app.store, reads.district, ids).await?;
        Ok::<_, StoreError>(found.into_iter().map(|id| (id, ())).collect::<Vec<_>>())
    };
    /// The sign-ups for a shift.
    SignUpsFor(VolunteerShiftId) => Vec<SignUp>, |reads, ids|
        volunteering::sign_ups(&reads.app.store, reads.district, ids);
    /// How many are in a team of volunteers.
    TeamSizeOf(VolunteerTeamId) => i64, |reads, ids|
        volunteering::team_sizes(&reads.app.store, reads.district, ids);
    /// Whether the caller is in a team of volunteers.
    InTeam(VolunteerTeamId) => (), |reads, ids| reads.own_teams(ids);
}

impl Reads {
    /// Units that were read elsewhere: this request needn't load them.
    pub(crate) fn know(&self, units: &[OrgUnit]) {
        let known = units.iter().map(|unit| (unit.id, unit.clone()));
        self.units.lock().unwrap_or_else(PoisonError::into_inner).extend(known);
    }

    async fn own_teams(&self, ids: &[VolunteerTeamId]) -> Result<HashMap<VolunteerTeamId, ()>, StoreError> {
        let own = self.call.actor.person().and_then(|p| p.membership.as_ref());
        let Some(own) = own else { return Ok(HashMap::new()) };
        let teams = volunteering::teams_of(&self.app.store, self.district, own.member_id).await?;
        Ok(ids.iter().filter(|id| teams.contains(id)).map(|id| (*id, ())).collect())
    }

    async fn posts<I: TypedId + Hash>(
        &self,
        on: member::HeldOn<'_>,
        typed: fn(Uuid) -> I,
    ) -> Result<HashMap<I, Vec<Post>>, StoreError> {
        let posts = member::posts(&self.app.store, self.district, on).await?;
        Ok(posts.into_iter().map(|(id, posts)| (typed(id), posts)).collect())
    }
}
