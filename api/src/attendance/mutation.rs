use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::{
    activity::{AttendanceRefusal, ClaimRefusal, LeaveRefusal, check_in::CheckInRefusal},
    id::{LeaveRequestId, PartyMemberId},
    vocabulary::Vocabulary,
};

use super::{
    AttendanceObject,
    input::{
        CheckInInput, CheckInMembersInput, CheckOutInput, CorrectAttendanceInput, DecideCheckInClaimInput,
        DecideLeaveInput, DecideLeavesInput, RequestLeaveInput, WithdrawLeaveInput,
    },
    leave::{self, Decided},
    object::{ClaimObject, LeaveObject},
    ops::{self, RosterEntry, RosterResult},
};
use crate::{
    call::request,
    check_in::ops::{CheckedIn, check_in},
    error::outcome,
    graphql::{GlobalId, Outcome, Term},
    once::Once,
};

/// The check-in was received. Either it is recorded, or the organizer decides.
#[derive(SimpleObject)]
pub struct CheckInDone {
    /// The caller's record; null where the organizer decides.
    attendance: Option<AttendanceObject>,
    /// Whether this is the record of an earlier check-in.
    repeated: bool,
    /// What the organizer decides: a scan made without signal that can't be proven to lie in the window.
    claim: Option<ClaimObject>,
}

impl From<CheckedIn> for CheckInDone {
    fn from(done: CheckedIn) -> Self {
        match done {
            CheckedIn::Attendance(attendance, repeated) => {
                Self { attendance: Some(AttendanceObject(attendance)), repeated, claim: None }
            }
            CheckedIn::Claim(claim) => {
                Self { attendance: None, repeated: false, claim: Some(ClaimObject(claim)) }
            }
        }
    }
}

/// What became of one member.
#[derive(SimpleObject)]
pub struct CheckInMembersResultItem {
    /// The member.
    member_id: GlobalId<PartyMemberId>,
    /// The record; null where refused.
    attendance: Option<AttendanceObject>,
    /// Why nothing was recorded; null where it was.
    code: Option<Term<AttendanceRefusal>>,
    /// Why nothing was recorded, as a sentence; null where it was.
    message: Option<String>,
}

/// The members were gone through, one by one.
#[derive(SimpleObject)]
pub struct CheckInMembersDone {
    /// One for each member, in the order asked.
    results: Vec<CheckInMembersResultItem>,
}

/// What became of one request.
#[derive(SimpleObject)]
pub struct DecideLeavesResultItem {
    /// The request's id.
    id: GlobalId<LeaveRequestId>,
    /// The request as it now stands; null where refused.
    leave_request: Option<LeaveObject>,
    /// Why it wasn't decided; null where it was.
    code: Option<Term<LeaveRefusal>>,
    /// Why it wasn't decided, as a sentence; null where it was.
    message: Option<String>,
}

/// The requests were gone through, one by one.
#[derive(SimpleObject)]
pub struct DecideLeavesDone {
    /// One for each request, in the order asked.
    results: Vec<DecideLeavesResultItem>,
}

macro_rules! done {
    ($($(#[$doc:meta])+ $name:ident { $field:ident: $object:ty };)+) => {$(
        $(#[$doc])+
        #[derive(SimpleObject)]
        pub struct $name {
            /// As it now stands.
            $field: $object,
        }
    )+};
}
done! {
    /// The caller has checked out.
    CheckOutDone { attendance: AttendanceObject };
    /// The record was corrected; the earlier state stays in the audit.
    CorrectAttendanceDone { attendance: AttendanceObject };
    /// Leave was asked for.
    RequestLeaveDone { leave_request: LeaveObject };
    /// Leave was decided.
    DecideLeaveDone { leave_request: LeaveObject };
    /// The request was taken back.
    WithdrawLeaveDone { leave_request: LeaveObject };
    /// The check-in was decided.
    DecideCheckInClaimDone { check_in_claim: ClaimObject };
}

/// Mutations of attendance.
#[derive(Default)]
pub struct AttendanceMutation;

#[Object]
impl AttendanceMutation {
    /// Checks the caller in by the code on the meeting room's screen: by exactly one of `qr` and
    /// `digits`, the latter with `activityId`; anything else is refused as `CODE_WRONG`. A repeat answers
    /// the first record, so it may be sent again over a bad link. For members on the activity's list,
    /// guests too.
    async fn check_in(
        &self,
        ctx: &Context<'_>,
        input: CheckInInput,
    ) -> Result<Outcome<CheckInDone, CheckInRefusal>> {
        let (app, call) = request(ctx)?;
        outcome(check_in(app, call, &input.scan()).await.map(Into::into))
    }

    /// Checks in members who have no smart-phone, or whom a paper list names; the record names the
    /// organizer. Possible from the opening of check-in until corrections end. For who keeps attendance.
    async fn check_in_members(
        &self,
        ctx: &Context<'_>,
        input: CheckInMembersInput,
    ) -> Result<Outcome<CheckInMembersDone, AttendanceRefusal>> {
        let (app, call) = request(ctx)?;
        let entry = RosterEntry {
            activity: input.activity_id.0,
            members: input.member_ids.iter().map(|id| id.0).collect(),
            arrived_at: input.arrived_at,
            reason: input.reason,
        };
        let item = |r: RosterResult| {
            let code = r.result.as_ref().err().copied();
            CheckInMembersResultItem {
                member_id: GlobalId(r.member),
                attendance: r.result.ok().map(AttendanceObject),
                message: code.map(|c| c.say(call.language).to_owned()),
                code: code.map(Term),
            }
        };
        let done = ops::check_in_members(app, call, entry, Once::default()).await;
        outcome(done.map(|results| CheckInMembersDone { results: results.into_iter().map(item).collect() }))
    }

    /// Checks the caller out, where the activity wants it. A repeat keeps the first time. For members who
    /// have checked in.
    async fn check_out(
        &self,
        ctx: &Context<'_>,
        input: CheckOutInput,
    ) -> Result<Outcome<CheckOutDone, AttendanceRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::check_out(app, call, input.activity_id.0).await;
        outcome(done.map(|a| CheckOutDone { attendance: AttendanceObject(a) }))
    }

    /// Corrects a member's record, never one's own, until corrections end. For who keeps attendance.
    async fn correct_attendance(
        &self,
        ctx: &Context<'_>,
        input: CorrectAttendanceInput,
    ) -> Result<Outcome<CorrectAttendanceDone, AttendanceRefusal>> {
        let (app, call) = request(ctx)?;
        let correction = (input.state.0, input.reason);
        let done = ops::correct(app, call, input.activity_id.0, input.member_id.0, correction).await;
        outcome(done.map(|a| CorrectAttendanceDone { attendance: AttendanceObject(a) }))
    }

    /// Asks for leave from an activity at which the caller is expected. For members on its list.
    async fn request_leave(
        &self,
        ctx: &Context<'_>,
        input: RequestLeaveInput,
    ) -> Result<Outcome<RequestLeaveDone, LeaveRefusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = ops::request_leave(app, call, input.activity_id.0, &input.reason, once).await;
        outcome(done.map(|l| RequestLeaveDone { leave_request: LeaveObject(l) }))
    }

    /// Grants or refuses leave, never one's own. For who keeps attendance.
    async fn decide_leave(
        &self,
        ctx: &Context<'_>,
        input: DecideLeaveInput,
    ) -> Result<Outcome<DecideLeaveDone, LeaveRefusal>> {
        let (app, call) = request(ctx)?;
        let done = leave::decide_one(app, call, input.decision()).await;
        outcome(done.map(|l| DecideLeaveDone { leave_request: LeaveObject(l) }))
    }

    /// Grants or refuses leave, up to a hundred requests at once, never one's own; one refusal never holds
    /// up the others. For who keeps attendance; who may not decide on one of the requests decides on none.
    #[graphql(complexity = "5 + input.decisions.len() * child_complexity")]
    async fn decide_leaves(
        &self,
        ctx: &Context<'_>,
        input: DecideLeavesInput,
    ) -> Result<Outcome<DecideLeavesDone, LeaveRefusal>> {
        let (app, call) = request(ctx)?;
        let item = |d: Decided| {
            let code = d.result.as_ref().err().copied();
            DecideLeavesResultItem {
                id: GlobalId(d.id),
                leave_request: d.result.ok().map(LeaveObject),
                message: code.map(|c| c.say(call.language).to_owned()),
                code: code.map(Term),
            }
        };
        let decisions = input.decisions.into_iter().map(DecideLeaveInput::decision).collect();
        let done = leave::decide_all(app, call, decisions).await;
        outcome(done.map(|all| DecideLeavesDone { results: all.into_iter().map(item).collect() }))
    }

    /// Takes a request for leave back, before the start. For the member who asked.
    async fn withdraw_leave(
        &self,
        ctx: &Context<'_>,
        input: WithdrawLeaveInput,
    ) -> Result<Outcome<WithdrawLeaveDone, LeaveRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::withdraw_leave(app, call, input.id.0).await;
        outcome(done.map(|l| WithdrawLeaveDone { leave_request: LeaveObject(l) }))
    }

    /// Decides a check-in that was left to the organizer, never one's own. For who keeps attendance.
    async fn decide_check_in_claim(
        &self,
        ctx: &Context<'_>,
        input: DecideCheckInClaimInput,
    ) -> Result<Outcome<DecideCheckInClaimDone, ClaimRefusal>> {
        let (app, call) = request(ctx)?;
        let rejection = if input.accepted { None } else { Some(input.reason.unwrap_or_default()) };
        let done = ops::decide_claim(app, call, input.id.0, rejection.as_deref()).await;
        outcome(done.map(|c| DecideCheckInClaimDone { check_in_claim: ClaimObject(c) }))
    }
}
