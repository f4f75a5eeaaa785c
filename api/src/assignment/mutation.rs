use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::{
    assignment::{Assignment, AssignmentRefusal, Command},
    id::AssignmentId,
    vocabulary::Vocabulary,
};

use super::{
    AssignmentObject,
    input::{ClaimAssignmentInput, CreateAssignmentInput, HandDownAssignmentInput, UpdateAssignmentInput},
    ops::{self, Which},
    parts,
    step_input::{
        AcceptAssignmentInput, AssignmentReasonInput, AssignmentStepInput, ReassignAssignmentInput,
        ReopenAssignmentInput, ReportProgressInput, ReturnAssignmentInput, SubmitAssignmentInput,
        VerifyAssignmentsInput,
    },
    verify::{Verified, verify},
};
use crate::{
    call::request,
    error::outcome,
    graphql::{GlobalId, Outcome, Term, done},
    once::Once,
    organization::OrgUnitObject,
};

done! {
    /// The assignment was written down.
    CreateAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// The draft was changed.
    UpdateAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// The assignment was given to its owner, or offered.
    DispatchAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// One was claimed: the claimant's own assignment.
    ClaimAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// The owner has taken it on.
    AcceptAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// The owner hasn't taken it on.
    DeclineAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// It was begun.
    StartAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// The progress was written down.
    ReportProgressDone { assignment: AssignmentObject(Assignment) };
    /// It was handed in.
    SubmitAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// It was given back to its owner.
    ReturnAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// It was verified (销号).
    VerifyAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// It was opened again.
    ReopenAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// It was cancelled, and with it its parts that weren't verified.
    CancelAssignmentDone { assignment: AssignmentObject(Assignment) };
    /// It was given to another owner.
    ReassignAssignmentDone { assignment: AssignmentObject(Assignment) };
}

/// Parts of the assignment were handed down.
#[derive(SimpleObject)]
pub struct HandDownAssignmentDone {
    /// The whole, as it now stands.
    assignment: AssignmentObject,
    /// The branches to which nothing was given, because nobody there could be the owner. Appoint
    /// somebody and hand it down again: who has a part already gets no other.
    without_owner: Vec<OrgUnitObject>,
    /// How many branches are still to get a part: at most 500 do at once. Hand it down again, under another
    /// `clientMutationId`.
    remaining: usize,
}

/// What became of one assignment.
#[derive(SimpleObject)]
pub struct VerifyAssignmentsResultItem {
    /// The assignment's id.
    id: GlobalId<AssignmentId>,
    /// The assignment as it now stands; null where refused.
    assignment: Option<AssignmentObject>,
    /// Why it wasn't verified; null where it was.
    code: Option<Term<AssignmentRefusal>>,
    /// Why it wasn't verified, as a sentence; null where it was.
    message: Option<String>,
}

/// The assignments were gone through, one by one.
#[derive(SimpleObject)]
pub struct VerifyAssignmentsDone {
    /// One for each assignment, in the order asked.
    results: Vec<VerifyAssignmentsResultItem>,
}

type Answer<D> = Result<Outcome<D, AssignmentRefusal>>;

/// Mutations of assignments.
#[derive(Default)]
pub struct AssignmentMutation;

async fn step<D: From<Assignment>>(ctx: &Context<'_>, which: Which, command: Command) -> Answer<D> {
    let (app, call) = request(ctx)?;
    outcome(ops::command(app, call, which, command, Once::default()).await.map(D::from))
}

#[Object]
impl AssignmentMutation {
    /// Writes an assignment down, as a draft that the issuer's overseers alone see. For the overseers of
    /// the issuer.
    async fn create_assignment(
        &self,
        ctx: &Context<'_>,
        input: CreateAssignmentInput,
    ) -> Answer<CreateAssignmentDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = ops::create(app, call, input.issuing(), once).await;
        outcome(done.map(CreateAssignmentDone::from))
    }

    /// Changes a draft. For the overseers of the issuer.
    async fn update_assignment(
        &self,
        ctx: &Context<'_>,
        input: UpdateAssignmentInput,
    ) -> Answer<UpdateAssignmentDone> {
        let (app, call) = request(ctx)?;
        let done = ops::update(app, call, input.changing()).await;
        outcome(done.map(UpdateAssignmentDone::from))
    }

    /// Gives a draft to its owner, or offers it. For the overseers of the issuer.
    async fn dispatch_assignment(
        &self,
        ctx: &Context<'_>,
        input: AssignmentStepInput,
    ) -> Answer<DispatchAssignmentDone> {
        step(ctx, input.which(), Command::Dispatch).await
    }

    /// Claims one of an offer, for a unit or for oneself. For those to whom it is made; for a unit, its
    /// overseers. A unit or a person claims it once.
    async fn claim_assignment(
        &self,
        ctx: &Context<'_>,
        input: ClaimAssignmentInput,
    ) -> Answer<ClaimAssignmentDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = parts::claim(app, call, input.id.0, input.unit_id.map(|u| u.0), once).await;
        outcome(done.map(ClaimAssignmentDone::from))
    }

    /// Takes an assignment on; of an issue with the measure by which it will be put right. For its owner.
    async fn accept_assignment(
        &self,
        ctx: &Context<'_>,
        input: AcceptAssignmentInput,
    ) -> Answer<AcceptAssignmentDone> {
        let which = input.which();
        step(ctx, which, input.command()).await
    }

    /// Doesn't take an assignment on, and says why. For its owner.
    async fn decline_assignment(
        &self,
        ctx: &Context<'_>,
        input: AssignmentReasonInput,
    ) -> Answer<DeclineAssignmentDone> {
        step(ctx, input.which(), Command::Decline { reason: input.reason }).await
    }

    /// Begins an assignment that was accepted or returned. For its owner.
    async fn start_assignment(
        &self,
        ctx: &Context<'_>,
        input: AssignmentStepInput,
    ) -> Answer<StartAssignmentDone> {
        step(ctx, input.which(), Command::Start).await
    }

    /// Tells how far an assignment is: in words, by its number, by its checklist. For its owner.
    async fn report_progress(
        &self,
        ctx: &Context<'_>,
        input: ReportProgressInput,
    ) -> Answer<ReportProgressDone> {
        let (app, call) = request(ctx)?;
        let (which, once) = (input.which(), input.once(None));
        let done = ops::command(app, call, which, input.command(), once).await;
        outcome(done.map(ReportProgressDone::from))
    }

    /// Hands an assignment in. Sent twice it is done once. For its owner.
    async fn submit_assignment(
        &self,
        ctx: &Context<'_>,
        input: SubmitAssignmentInput,
    ) -> Answer<SubmitAssignmentDone> {
        let which = input.which();
        step(ctx, which, input.command()).await
    }

    /// Gives what was handed in back to its owner, and says why; with a new due time where the owner needs one.
    /// Without one the superior of who is late by now is told `ASSIGNMENT_ESCALATION_HOURS` after the owner, and
    /// not at once. Where the owner has left the roster it is `DECLINED` instead. For the overseers of the
    /// issuer, other than its owner.
    async fn return_assignment(
        &self,
        ctx: &Context<'_>,
        input: ReturnAssignmentInput,
    ) -> Answer<ReturnAssignmentDone> {
        let which = input.which();
        step(ctx, which, Command::Return { reason: input.reason, due_at: input.due_at }).await
    }

    /// Finds that what was handed in is done (销号). For the overseers of the issuer, other than its owner.
    async fn verify_assignment(
        &self,
        ctx: &Context<'_>,
        input: AssignmentStepInput,
    ) -> Answer<VerifyAssignmentDone> {
        step(ctx, input.which(), Command::Verify).await
    }

    /// Finds that what was handed in is done (销号), up to a hundred at once; one refusal never holds up the
    /// others. For the overseers of the issuers, other than their owners; who may not verify one of them
    /// verifies none.
    #[graphql(complexity = "5 + input.assignments.len() * child_complexity")]
    async fn verify_assignments(
        &self,
        ctx: &Context<'_>,
        input: VerifyAssignmentsInput,
    ) -> Answer<VerifyAssignmentsDone> {
        let (app, call) = request(ctx)?;
        let item = |v: Verified| {
            let code = v.result.as_ref().err().copied();
            VerifyAssignmentsResultItem {
                id: GlobalId(v.id),
                assignment: v.result.ok().map(AssignmentObject),
                message: code.map(|c| c.say(call.language).to_owned()),
                code: code.map(Term),
            }
        };
        let which = input.assignments.iter().map(AssignmentStepInput::which).collect();
        let done = verify(app, call, which).await;
        outcome(done.map(|all| VerifyAssignmentsDone { results: all.into_iter().map(item).collect() }))
    }

    /// Opens a verified assignment again after a relapse. For the overseers of the issuer.
    async fn reopen_assignment(
        &self,
        ctx: &Context<'_>,
        input: ReopenAssignmentInput,
    ) -> Answer<ReopenAssignmentDone> {
        let command = Command::Reopen { reason: input.reason.clone(), due_at: input.due_at };
        step(ctx, input.which(), command).await
    }

    /// Cancels an assignment that isn't verified, with all its parts that aren't. For the overseers of the
    /// issuer.
    async fn cancel_assignment(
        &self,
        ctx: &Context<'_>,
        input: AssignmentReasonInput,
    ) -> Answer<CancelAssignmentDone> {
        step(ctx, input.which(), Command::Cancel { reason: input.reason }).await
    }

    /// Gives an assignment to another owner, who accepts or declines for themselves. For the overseers of
    /// the issuer.
    async fn reassign_assignment(
        &self,
        ctx: &Context<'_>,
        input: ReassignAssignmentInput,
    ) -> Answer<ReassignAssignmentDone> {
        let (app, call) = request(ctx)?;
        let (which, to) = (input.which(), input.to());
        let done = ops::reassign(app, call, which, to, input.reason, input.due_at).await;
        outcome(done.map(ReassignAssignmentDone::from))
    }

    /// Hands an accepted assignment down: each part is an assignment of its own, issued by the unit that
    /// has the whole, and its progress counts in the whole's `rollUp`. For the overseers of that unit.
    async fn hand_down_assignment(
        &self,
        ctx: &Context<'_>,
        input: HandDownAssignmentInput,
    ) -> Answer<HandDownAssignmentDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = parts::hand_down(app, call, input.handing_down(), once).await;
        outcome(done.map(|done| HandDownAssignmentDone {
            assignment: AssignmentObject(done.whole),
            remaining: done.remaining,
            without_owner: done.without_owner.into_iter().map(OrgUnitObject).collect(),
        }))
    }
}
