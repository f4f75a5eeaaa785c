//! Issuing assignments, and every step that is taken with one.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use zhibu_domain::{
    assignment::{
        Assignment, AssignmentChange, AssignmentRefusal as Refusal, AssignmentStepKind, AssignmentTerms,
        Command, NewAssignment, Recipient,
    },
    id::{AssignmentId, DistrictId, OrgUnitId},
    organization::OrgUnit,
    policy::{Action, Denied, Permit, Subject},
    rule::Rules,
};
use zhibu_persistence::{Tx, assignment, outbox};

use super::{
    addressee::{place, unit},
    leaving::{check_owner, give_back, has_left},
    parts::{heads, lock_offer},
    sight::Around,
    tell::{news_of, tell_offered, tell_step},
};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    once::Once,
};

pub(super) type Done<T> = Result<T, Stop<Refusal>>;

/// An assignment that is about to be changed, with the units around it.
pub(crate) struct Held {
    /// The assignment.
    pub assignment: Assignment,
    /// Where it lies.
    pub unit: OrgUnit,
    /// Who has it done.
    pub issuer: OrgUnit,
}

impl Held {
    /// What the policy looks at.
    pub fn around(&self) -> Around<'_> {
        Around { assignment: &self.assignment, unit: &self.unit, issuer: &self.issuer }
    }
}

/// An assignment that is about to be changed.
pub(crate) async fn lock(tx: &Tx, district: DistrictId, id: AssignmentId) -> Result<Held, OpError> {
    let assignment = assignment::lock_assignment(tx, district, id).await?.ok_or(Denied::Hidden)?;
    let lies_with = unit(tx, district, assignment.placement.unit_id).await?;
    let issuer = unit(tx, district, assignment.issuer_unit_id).await?;
    Ok(Held { assignment, unit: lies_with, issuer })
}

/// Commits, and wakes who hands events on.
pub(super) async fn finish(app: &App, tx: Tx) -> Result<(), OpError> {
    tx.commit().await?;
    app.hub.wake();
    Ok(())
}

/// A new assignment.
pub struct Issuing {
    /// The unit that has it done.
    pub issuer_unit_id: OrgUnitId,
    /// To whom.
    pub to: Recipient,
    /// What.
    pub terms: AssignmentTerms,
    /// Until when.
    pub due_at: DateTime<Utc>,
}

/// Writes an assignment down, as a draft that its issuers alone see.
pub async fn create(app: &App, call: &Call, issuing: Issuing, once: Once) -> Done<Assignment> {
    let tx = app.begin(call, "createAssignment").await?;
    let district = call.district()?;
    let issuer = unit(&tx, district, issuing.issuer_unit_id).await?;
    let permit = call.permit(Action::Assign, Subject::unit(&issuer.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(lock(&tx, district, AssignmentId(made)).await?.assignment);
    }
    if issuer.dissolved_at.is_some() {
        return Err(Refusal::UnitDissolved.into());
    }
    let new = NewAssignment {
        id: app.id(),
        issuer_unit_id: issuer.id,
        placement: place(app, &tx, district, &issuer.path, issuing.to).await?,
        parent_id: None,
        terms: issuing.terms,
        due_at: issuing.due_at,
        issued_by: call.account()?,
    };
    let (made, step) = Assignment::draft(new, tx.now())?;
    let rules = app.rules(district).await?;
    assignment::insert_assignments(&tx, &permit, &[(made.clone(), vec![step])], &rules, true).await?;
    once.keep(&tx, call, made.id.0).await?;
    tx.commit().await?;
    Ok(made)
}

/// A change of a draft.
pub struct Changing {
    /// Which.
    pub id: AssignmentId,
    /// The version that the client read.
    pub version: Option<i32>,
    /// The new terms, made of the old ones.
    pub terms: Box<dyn FnOnce(AssignmentTerms) -> AssignmentTerms + Send>,
    /// A new addressee.
    pub to: Option<Recipient>,
    /// A new due time.
    pub due_at: Option<DateTime<Utc>>,
}

/// Changes a draft.
pub async fn update(app: &App, call: &Call, changing: Changing) -> Done<Assignment> {
    let tx = app.begin(call, "updateAssignment").await?;
    let district = call.district()?;
    let held = lock(&tx, district, changing.id).await?;
    let permit = held.around().permit(call, Action::Assign)?;
    let before = held.assignment;
    if changing.version.is_some_and(|v| v != before.version) {
        return Err(Refusal::Stale.into());
    }
    let placement = match changing.to {
        Some(to) => Some(place(app, &tx, district, &held.issuer.path, to).await?),
        None => None,
    };
    let terms = Some((changing.terms)(before.terms.clone()));
    let change = AssignmentChange { terms, placement, due_at: changing.due_at };
    let (after, step) = before.clone().change(change, call.account()?, tx.now())?;
    let rules = app.rules(district).await?;
    assignment::update_assignment(&tx, &permit, &before, &after, &step, &rules).await?;
    tx.commit().await?;
    Ok(after)
}

fn operation(command: &Command) -> &'static str {
    match command {
        Command::Dispatch => "dispatchAssignment",
        Command::Accept { .. } => "acceptAssignment",
        Command::Decline { .. } => "declineAssignment",
        Command::Start => "startAssignment",
        Command::Report { .. } => "reportProgress",
        Command::Submit { .. } => "submitAssignment",
        Command::Return { .. } => "returnAssignment",
        Command::Verify => "verifyAssignment",
        Command::Reopen { .. } => "reopenAssignment",
        Command::Cancel { .. } => "cancelAssignment",
        Command::Reassign { .. } => "reassignAssignment",
    }
}

/// Which assignment, as the client has read it.
#[derive(Clone, Copy, Debug)]
pub struct Which {
    /// Which.
    pub id: AssignmentId,
    /// The version that the client read.
    pub version: Option<i32>,
}

/// Takes a step.
pub async fn command(app: &App, call: &Call, which: Which, command: Command, once: Once) -> Done<Assignment> {
    let tx = app.begin(call, operation(&command)).await?;
    let district = call.district()?;
    let offer = if command.moves_place() { lock_offer(&tx, district, which.id).await? } else { None };
    let held = lock(&tx, district, which.id).await?;
    let permit = permit(&held, call, &command)?;
    Box::pin(obey(app, tx, call, Ordered { held, offer, which, permit, once }, command)).await
}

/// Gives it to another owner, who accepts or declines for themselves.
pub async fn reassign(
    app: &App,
    call: &Call,
    which: Which,
    to: Recipient,
    reason: String,
    due_at: Option<DateTime<Utc>>,
) -> Done<Assignment> {
    let tx = app.begin(call, "reassignAssignment").await?;
    let district = call.district()?;
    let offer = lock_offer(&tx, district, which.id).await?;
    let held = lock(&tx, district, which.id).await?;
    let permit = held.around().permit(call, Action::Assign)?;
    let to = place(app, &tx, district, &held.issuer.path, to).await?;
    let command = Command::Reassign { to, reason, due_at };
    let once = Once::default();
    Box::pin(obey(app, tx, call, Ordered { held, offer, which, permit, once }, command)).await
}

fn permit(held: &Held, call: &Call, command: &Command) -> Result<Permit, Denied> {
    let action = if command.is_owners() { Action::Undertake } else { Action::Assign };
    held.around().permit(call, action)
}

/// A step that is allowed, and may yet be refused.
struct Ordered {
    held: Held,
    /// Of which it is a claim, where that may matter.
    offer: Option<Assignment>,
    which: Which,
    permit: Permit,
    once: Once,
}

async fn obey(app: &App, tx: Tx, call: &Call, ordered: Ordered, command: Command) -> Done<Assignment> {
    let Ordered { held: Held { assignment: before, unit, .. }, offer, which, permit, once } = ordered;
    let by = call.account()?;
    if once.earlier::<Uuid>(&tx, call).await?.is_some() {
        return Ok(before);
    }
    if before.has_done(&command, by) {
        once.keep(&tx, call, before.id.0).await?;
        tx.commit().await?;
        return Ok(before);
    }
    if which.version.is_some_and(|v| v != before.version) {
        return Err(Refusal::Stale.into());
    }
    let district = permit.district_id();
    let rules = app.rules(district).await?;
    if command.needs_whole() && assignment::has_open_parts(&tx, district, before.id).await? {
        return Err(Refusal::PartsOpen.into());
    }
    if matches!(command, Command::Dispatch | Command::Reopen { .. }) {
        check_owner(&tx, district, &before).await?;
    }
    let command = with_parts_amount(&tx, district, &before, command).await?;
    let (after, step) = before.clone().apply(command.clone(), by, &rules, tx.now())?;
    assignment::update_assignment(&tx, &permit, &before, &after, &step, &rules).await?;
    if matches!(command, Command::Return { .. }) && has_left(&tx, district, &after).await? {
        tell_step(&tx, district, &before, &after, &step).await?;
        let after = give_back(&tx, &permit, after, offer, &rules).await?;
        once.keep(&tx, call, after.id.0).await?;
        finish(app, tx).await?;
        return Ok(after);
    }
    if let Some(offer) = offer
        && let Some((recounted, step)) = offer.clone().recounted(&before, &after, by, tx.now())?
    {
        assignment::update_assignment(&tx, &permit, &offer, &recounted, &step, &rules).await?;
    }
    once.keep(&tx, call, after.id.0).await?;
    if step.kind == AssignmentStepKind::Dispatched && after.is_offer() {
        let heads = heads(app, &tx, district, &unit).await?;
        tell_offered(&tx, district, &after, heads).await?;
    } else {
        tell_step(&tx, district, &before, &after, &step).await?;
    }
    if let Command::Cancel { reason } = command {
        cancel_parts(&tx, &permit, &after, &reason, &rules).await?;
    }
    finish(app, tx).await?;
    Ok(after)
}

/// Who hands a whole in and doesn't say how much was done, says what its parts come to, unless they have
/// reported more themselves.
async fn with_parts_amount(
    tx: &Tx,
    district: DistrictId,
    whole: &Assignment,
    command: Command,
) -> Result<Command, OpError> {
    let Command::Submit { evidence, amount: None } = command else { return Ok(command) };
    let sum = assignment::roll_ups(tx, district, &[whole.id], tx.now()).await?.remove(&whole.id);
    let amount = sum.filter(|sum| sum.parts > 0).map(|sum| sum.amount.max(whole.amount));
    Ok(Command::Submit { evidence, amount })
}

/// What isn't to be done isn't to be done in parts either; what was verified stays.
async fn cancel_parts(tx: &Tx, permit: &Permit, whole: &Assignment, reason: &str, rules: &Rules) -> Done<()> {
    let district = permit.district_id();
    let Some(by) = permit.account_id() else { return Ok(()) };
    let mut wholes = vec![whole.id];
    while let Some(id) = wholes.pop() {
        let (mut cancelled, mut news) = (Vec::new(), Vec::new());
        for before in assignment::lock_parts(tx, district, id).await? {
            wholes.push(before.id);
            let done = before.clone().cancel_with_whole(reason.to_owned(), by, rules, tx.now());
            let Ok((after, step)) = done else { continue };
            news.extend(news_of(&before, &after, &step));
            cancelled.push((before, after, step));
        }
        assignment::update_assignments(tx, permit, &cancelled, rules).await?;
        outbox::publish_all(tx, district, news).await?;
    }
    Ok(())
}
