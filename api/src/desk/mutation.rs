use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use zhibu_domain::{
    desk::{DutyStep, ReminderRefusal},
    id::{ActivityId, AssignmentId},
};

use super::remind;
use crate::{
    call::request,
    error::outcome,
    graphql::{GlobalId, Outcome, Term},
};

/// Whom to remind of an activity.
#[derive(InputObject)]
pub struct RemindAttendeesInput {
    /// The activity: those on its list who are expected, not present and not on leave.
    pub activity_id: GlobalId<ActivityId>,
}

/// Whom to remind of an assignment.
#[derive(InputObject)]
pub struct RemindOwnersInput {
    /// The assignment: its owner, or those of its parts at every depth; of an offer, those of its claims.
    pub assignment_id: GlobalId<AssignmentId>,
    /// What they haven't done; `CLAIMED` reminds whoever answers for a branch to which the offer is made,
    /// and in which nobody has claimed.
    pub step: Term<DutyStep>,
}

/// Those who hadn't come were reminded.
#[derive(SimpleObject)]
pub struct RemindAttendeesDone {
    /// How many were told: not those who were reminded today already, nor those who have muted reminders.
    told: usize,
}

/// Those who hadn't done it were reminded.
#[derive(SimpleObject)]
pub struct RemindOwnersDone {
    /// How many were told: not those who were reminded today already, nor those who have muted reminders.
    told: usize,
}

/// Mutations of the desk.
#[derive(Default)]
pub struct DeskMutation;

#[Object]
impl DeskMutation {
    /// Reminds those who are expected at an activity, not present and not on leave, and nobody else: once
    /// a day each, at most 500. For who keeps attendance.
    async fn remind_attendees(
        &self,
        ctx: &Context<'_>,
        input: RemindAttendeesInput,
    ) -> Result<Outcome<RemindAttendeesDone, ReminderRefusal>> {
        let (app, call) = request(ctx)?;
        let told = remind::attendees(app, call, input.activity_id.0).await;
        outcome(told.map(|told| RemindAttendeesDone { told }))
    }

    /// Reminds those who haven't taken a step yet with what was given or offered to them, and nobody else:
    /// each once a day of each assignment, at most 500. For the overseers of the unit with which it lies.
    async fn remind_owners(
        &self,
        ctx: &Context<'_>,
        input: RemindOwnersInput,
    ) -> Result<Outcome<RemindOwnersDone, ReminderRefusal>> {
        let (app, call) = request(ctx)?;
        let told = remind::owners(app, call, input.assignment_id.0, input.step.0).await;
        outcome(told.map(|told| RemindOwnersDone { told }))
    }
}
