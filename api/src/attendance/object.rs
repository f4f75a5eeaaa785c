use std::collections::HashSet;

use async_graphql::{Context, Object, Result, connection::Connection};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::{
        Attendance, AttendanceFigures, AttendeeSource, CheckInClaim, ClaimProgress, ClaimReason, ClaimState,
        ExclusionReason, LeaveProgress, LeaveRequest, LeaveState, Tally,
        check_in::{AttendanceFlag, AttendanceState, CheckInMethod, Nearness},
    },
    id::{ActivityId, AttendanceId, CheckInClaimId, LeaveRequestId, PartyMemberId},
};
use zhibu_persistence::{Page, PageRequest, attendance::RosterRow};

use crate::{
    activity::ActivityObject,
    error::{OpError, OpExt},
    graphql::{Cursor, Eager, GlobalId, Term, connect},
    member::{AccountObject, PartyMemberObject},
    reads::Loading,
};

async fn activity(ctx: &Context<'_>, id: ActivityId) -> Result<ActivityObject> {
    let found = ctx.data::<Loading>()?.load_one(id).await.op()?;
    Ok(ActivityObject(found.ok_or(OpError::internal("a record without an activity"))?))
}

/// A member's attendance of an activity: one record for each member and activity, corrected but
/// never deleted. For the member, and the overseers of the host or of the member's home unit.
pub struct AttendanceObject(pub Attendance);

/// A member's attendance of an activity: one record for each member and activity, corrected but
/// never deleted. For the member, and the overseers of the host or of the member's home unit.
#[Object(name = "Attendance")]
impl AttendanceObject {
    /// Global id.
    async fn id(&self) -> GlobalId<AttendanceId> {
        GlobalId(self.0.id)
    }

    /// The activity.
    async fn activity(&self, ctx: &Context<'_>) -> Result<ActivityObject> {
        activity(ctx, self.0.activity_id).await
    }

    /// The member.
    async fn member(&self, ctx: &Context<'_>) -> Result<PartyMemberObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.member_id).await.op()?;
        Ok(PartyMemberObject(found.ok_or(OpError::internal("an attendance without a member"))?))
    }

    /// Whether the member was there.
    async fn state(&self) -> Term<AttendanceState> {
        Term(self.0.state)
    }

    /// How the member was checked in; null for the absent.
    async fn method(&self) -> Option<Term<CheckInMethod>> {
        self.0.method.map(Term)
    }

    /// When the member came; for who didn't, the activity's start.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// When this was written or last corrected.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.0.recorded_at
    }

    /// The organizer who wrote or corrected it; null where the member's own phone or the closing did.
    async fn recorded_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        let Some(id) = self.0.recorded_by else { return Ok(None) };
        Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(AccountObject))
    }

    /// Why an organizer wrote or corrected it.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// All that is kept of a position: near, far, or not given.
    async fn nearness(&self) -> Term<Nearness> {
        Term(self.0.nearness)
    }

    /// When the member left, where check-out is wanted.
    async fn checked_out_at(&self) -> Option<DateTime<Utc>> {
        self.0.checked_out_at
    }

    /// Counts the changes.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A line of a meeting's roster.
pub struct AttendeeObject {
    row: RosterRow,
    shared_device: bool,
}

/// Makes a connection of a page of a roster.
pub fn attendee_connection(
    request: PageRequest,
    page: Page<RosterRow>,
    shared: &HashSet<PartyMemberId>,
) -> Connection<Cursor, Eager<AttendeeObject>> {
    let line = |row: RosterRow| {
        let shared_device = shared.contains(&row.attendee.member_id);
        Eager(AttendeeObject { row, shared_device })
    };
    connect(request, page, |row| row.attendee.member_id.0, line)
}

/// A line of a meeting's roster.
#[Object(name = "Attendee")]
impl AttendeeObject {
    /// The member.
    async fn member(&self, ctx: &Context<'_>) -> Result<Eager<PartyMemberObject>> {
        let found = ctx.data::<Loading>()?.load_one(self.row.attendee.member_id).await.op()?;
        Ok(Eager(PartyMemberObject(found.ok_or(OpError::internal("an attendee without a member"))?)))
    }

    /// How the member came onto the list.
    async fn source(&self) -> Term<AttendeeSource> {
        Term(self.row.attendee.source)
    }

    /// Whether the member is counted in 应到.
    async fn counted(&self) -> bool {
        self.row.attendee.counted
    }

    /// Whether the member is counted among the voters (R13: full members, not 留党察看).
    async fn votes(&self) -> bool {
        self.row.attendee.votes
    }

    /// Why the member isn't counted.
    async fn exclusion(&self) -> Option<Term<ExclusionReason>> {
        self.row.attendee.exclusion.map(Term)
    }

    /// The record; null while there is none.
    async fn attendance(&self) -> Option<Eager<AttendanceObject>> {
        self.row.attendance.clone().map(|record| Eager(AttendanceObject(record)))
    }

    /// Where the latest request for leave stands; null where none was made.
    async fn leave(&self) -> Option<Term<LeaveState>> {
        self.row.leave.map(Term)
    }

    /// Hints for the organizer; never a reason to reject somebody automatically.
    async fn flags(&self) -> Vec<Term<AttendanceFlag>> {
        let flags = self.row.attendance.as_ref().map(|a| a.flags).unwrap_or_default();
        flags.with_if(AttendanceFlag::SharedDevice, self.shared_device).list().into_iter().map(Term).collect()
    }
}

/// The counts of an activity's attendance, without names. `expected` is the sum of `present`, `late`,
/// `onLeave`, `absent` and `pending`.
pub struct TallyObject(pub Tally);

/// The counts of an activity's attendance, without names. `expected` is the sum of `present`, `late`,
/// `onLeave`, `absent` and `pending`.
#[Object(name = "Tally")]
impl TallyObject {
    /// 应到: how many are expected and counted.
    async fn expected(&self) -> u32 {
        self.0.expected
    }

    /// How many of those expected are present in time.
    async fn present(&self) -> u32 {
        self.0.present
    }

    /// How many of those expected are present, but came late.
    async fn late(&self) -> u32 {
        self.0.late
    }

    /// How many of those expected are on leave.
    async fn on_leave(&self) -> u32 {
        self.0.on_leave
    }

    /// How many of those expected are absent; 0 until the activity is closed.
    async fn absent(&self) -> u32 {
        self.0.absent
    }

    /// Of how many of those expected nothing is known yet.
    async fn pending(&self) -> u32 {
        self.0.pending()
    }

    /// How many are present without being counted: guests, and exempt members who came.
    async fn guests(&self) -> u32 {
        self.0.guests
    }

    /// How many of those expected have a vote (R13: full members, not 留党察看).
    async fn expected_voters(&self) -> u32 {
        self.0.expected_voters
    }

    /// How many who have a vote are present, late or not.
    async fn present_voters(&self) -> u32 {
        self.0.present_voters
    }

    /// Whether the meeting can decide: more than half of the voters are present (R13).
    async fn quorum_met(&self) -> bool {
        self.0.quorum_met()
    }
}

/// Figures of closed activities over a stretch of time.
pub struct FiguresObject(pub AttendanceFigures);

/// Figures of closed activities over a stretch of time.
#[Object(name = "AttendanceFigures")]
impl FiguresObject {
    /// Activities held.
    async fn held(&self) -> i64 {
        self.0.held
    }

    /// Persons expected, summed over the activities.
    async fn expected(&self) -> i64 {
        self.0.expected
    }

    /// How often somebody was present in time, summed over the activities.
    async fn present(&self) -> i64 {
        self.0.present
    }

    /// How often somebody was present, but late.
    async fn late(&self) -> i64 {
        self.0.late
    }

    /// How often somebody was on leave.
    async fn on_leave(&self) -> i64 {
        self.0.on_leave
    }

    /// How often somebody was absent.
    async fn absent(&self) -> i64 {
        self.0.absent
    }

    /// Present, late or not, per thousand of those expected; null where nobody was.
    async fn rate_permille(&self) -> Option<i64> {
        self.0.rate_permille()
    }
}

/// A request for leave. For the member, and who keeps attendance.
pub struct LeaveObject(pub LeaveRequest);

/// A request for leave. For the member, and who keeps attendance.
#[Object(name = "LeaveRequest")]
impl LeaveObject {
    /// Global id.
    async fn id(&self) -> GlobalId<LeaveRequestId> {
        GlobalId(self.0.id)
    }

    /// The member.
    async fn member(&self, ctx: &Context<'_>) -> Result<PartyMemberObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.member_id).await.op()?;
        Ok(PartyMemberObject(found.ok_or(OpError::internal("a leave without a member"))?))
    }

    /// The activity.
    async fn activity(&self, ctx: &Context<'_>) -> Result<ActivityObject> {
        activity(ctx, self.0.activity_id).await
    }

    /// Why, in the member's words.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Where it stands.
    async fn state(&self) -> Term<LeaveState> {
        Term(self.0.state())
    }

    /// When it was asked.
    async fn requested_at(&self) -> DateTime<Utc> {
        self.0.requested_at
    }

    /// The organizer's word to the member.
    async fn note(&self) -> Option<&str> {
        match &self.0.progress {
            LeaveProgress::Granted { note, .. } | LeaveProgress::Refused { note, .. } => note.as_deref(),
            LeaveProgress::Requested | LeaveProgress::Withdrawn { .. } => None,
        }
    }
}

/// A check-in that the organizer has to decide. For the member, and who keeps attendance.
pub struct ClaimObject(pub CheckInClaim);

/// A check-in that the organizer has to decide. For the member, and who keeps attendance.
#[Object(name = "CheckInClaim")]
impl ClaimObject {
    /// Global id.
    async fn id(&self) -> GlobalId<CheckInClaimId> {
        GlobalId(self.0.id)
    }

    /// The member.
    async fn member(&self, ctx: &Context<'_>) -> Result<PartyMemberObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.claim.member_id).await.op()?;
        Ok(PartyMemberObject(found.ok_or(OpError::internal("a claim without a member"))?))
    }

    /// The activity.
    async fn activity(&self, ctx: &Context<'_>) -> Result<ActivityObject> {
        activity(ctx, self.0.claim.activity_id).await
    }

    /// Why the organizer has to decide.
    async fn reason(&self) -> Term<ClaimReason> {
        Term(self.0.claim.reason)
    }

    /// The best that is known of the time of the scan.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.claim.occurred_at
    }

    /// When it arrived.
    async fn received_at(&self) -> DateTime<Utc> {
        self.0.claim.received_at
    }

    /// Hints for the organizer; never a reason to reject somebody automatically.
    async fn flags(&self) -> Vec<Term<AttendanceFlag>> {
        self.0.claim.flags.list().into_iter().map(Term).collect()
    }

    /// Where it stands.
    async fn state(&self) -> Term<ClaimState> {
        Term(self.0.state())
    }

    /// Why it was rejected; null unless it was.
    async fn rejection(&self) -> Option<&str> {
        match &self.0.progress {
            ClaimProgress::Rejected { reason, .. } => Some(reason),
            ClaimProgress::Pending | ClaimProgress::Accepted { .. } => None,
        }
    }
}
