//! Planning and changing activities, and everything that steps from one state to the next.

use std::collections::HashSet;

use zhibu_domain::{
    activity::{
        Activity, ActivityChange, ActivityRefusal as Refusal, ActivityState, Agenda, AgendaRefusal,
        DueTransition, NewActivity, missing,
    },
    id::{ActivityId, DistrictId, OrgUnitId},
    organization::{OrgUnit, OrgUnitPath},
    policy::{Action, Denied, Permit, Subject},
    rule::Rules,
};
use zhibu_persistence::{StoreError, Tx, activity, attendance, organization, outbox, rule};

use super::list::{Invitations, Inviting, Listed, check_invited};
use crate::{
    app::{App, civil_day},
    attendance::ops::retally,
    call::Call,
    error::{OpError, Stop, at},
    once::Once,
};

type Done<T> = Result<T, Stop<Refusal>>;

/// A unit that exists.
pub(super) async fn unit(tx: &Tx, district: DistrictId, id: OrgUnitId) -> Result<OrgUnit, OpError> {
    Ok(organization::unit(tx, district, id).await?.ok_or(Denied::Hidden)?)
}

/// An activity that is about to be changed, with the units that hold it.
pub(super) struct Held {
    /// The activity.
    pub activity: Activity,
    /// Its host.
    pub host: OrgUnit,
    /// The places of its joint hosts.
    pub joint: Vec<OrgUnitPath>,
}

impl Held {
    /// Asks the policy.
    pub fn permit(&self, call: &Call, action: Action) -> Result<Permit, Denied> {
        call.permit(action, Subject::unit(&self.host.path).joint(&self.joint))
    }
}

/// An activity that is about to be changed.
pub(super) async fn lock(tx: &Tx, district: DistrictId, id: ActivityId) -> Result<Held, OpError> {
    let activity = activity::lock_activity(tx, district, id).await?.ok_or(Denied::Hidden)?;
    let host = unit(tx, district, activity.host_unit_id).await?;
    let joint = organization::paths(tx, district, &activity.joint_host_ids).await?;
    Ok(Held { activity, host, joint })
}

/// The rules of an activity's day.
pub(super) async fn rules_of(
    tx: &Tx,
    district: DistrictId,
    activity: &Activity,
    host: &OrgUnit,
) -> Result<Rules, StoreError> {
    let day = civil_day(activity.window.starts_at, &host.time_zone);
    Ok(Rules::on(day, rule::settings(tx, district).await?))
}

/// Commits what was done to an activity and tells who waits for it.
pub(super) async fn finish(
    app: &App,
    tx: Tx,
    permit: &Permit,
    id: ActivityId,
    kind: &'static str,
) -> Result<(), OpError> {
    let district = permit.district_id();
    outbox::publish(&tx, district, kind, id.0, serde_json::Value::Null).await?;
    tx.commit().await?;
    app.memo.rooms.forget(&(district, id)).await;
    app.hub.wake();
    Ok(())
}

/// Checks units that are to hold an activity with its host: who joins another unit's roster to a
/// list must be its organizer too.
async fn check_joint(tx: &Tx, call: &Call, district: DistrictId, ids: &[OrgUnitId]) -> Done<()> {
    let found = organization::units(tx, district, ids).await?;
    for id in ids {
        let joint = found.get(id).ok_or(Denied::Hidden)?;
        call.permit(Action::Organize, Subject::unit(&joint.path))?;
        if joint.dissolved_at.is_some() {
            return Err(at("jointHostIds")(Refusal::HostDissolved));
        }
    }
    Ok(())
}

/// A new activity with what belongs to it.
pub struct Planning {
    /// The activity.
    pub new: NewActivity,
    /// Who is invited.
    pub invited: Invitations,
    /// The branch's own items of the agenda.
    pub items: Vec<String>,
    /// The items of the theme that it adopts.
    pub theme_items: Vec<String>,
}

/// Plans an activity: a draft that only its organizers see.
pub async fn create(app: &App, call: &Call, planning: Planning, once: Once) -> Done<Activity> {
    let tx = app.begin(call, "createActivity").await?;
    let district = call.district()?;
    let host = unit(&tx, district, planning.new.host_unit_id).await?;
    let permit = call.permit(Action::Organize, Subject::unit(&host.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(lock(&tx, district, ActivityId(made)).await?.activity);
    }
    let planned = plan(app, &tx, Some(call), &permit, planning, &host).await?;
    once.keep(&tx, call, planned.id.0).await?;
    finish(app, tx, &permit, planned.id, "activity.planned").await?;
    Ok(planned)
}

/// Plans and saves an activity of a host, in an open transaction.
pub(super) async fn plan(
    app: &App,
    tx: &Tx,
    call: Option<&Call>,
    permit: &Permit,
    planning: Planning,
    host: &OrgUnit,
) -> Done<Activity> {
    if host.dissolved_at.is_some() {
        return Err(Refusal::HostDissolved.into());
    }
    let district = permit.district_id();
    let day = civil_day(planning.new.window.starts_at, &host.time_zone);
    let rules = Rules::on(day, rule::settings(tx, district).await?);
    let activity = Activity::plan(planning.new, host.kind, &rules, tx.now())?;
    let template = match activity.kind {
        zhibu_domain::activity::ActivityKind::ThemePartyDay => {
            Some(activity::template(tx, district, &host.path).await?)
        }
        _ => None,
    };
    let agenda = Agenda::make(template.as_ref(), &planning.theme_items, &planning.items, || app.id())
        .map_err(|refusal| bad_agenda(&refusal))?;
    if let Some(call) = call {
        check_joint(tx, call, district, &activity.joint_host_ids).await?;
        let invited = &planning.invited;
        check_invited(tx, call, district, &[invited.members.as_slice(), &invited.guests].concat()).await?;
    }
    activity::insert_activity(tx, permit, &activity, &agenda, &rules).await?;
    let nobody = Listed { list: Vec::new(), recorded: HashSet::new() };
    nobody.draw(tx, permit, &activity, host, &planning.invited).await?;
    Ok(activity)
}

fn bad_agenda(refusal: &AgendaRefusal) -> Stop<Refusal> {
    match refusal {
        AgendaRefusal::TooMany => Refusal::TooManyItems.into(),
        _ => Refusal::BadItem.into(),
    }
}

/// A change of an activity.
pub struct Changing {
    /// Which.
    pub id: ActivityId,
    /// The version that the client read.
    pub version: Option<i32>,
    /// What changes.
    pub change: ActivityChange,
    /// New chosen members and guests.
    pub invited: Inviting,
}

/// Changes an activity; what may change depends on its state.
pub async fn update(app: &App, call: &Call, changing: Changing) -> Done<Activity> {
    let tx = app.begin(call, "updateActivity").await?;
    let district = call.district()?;
    let held = lock(&tx, district, changing.id).await?;
    let permit = held.permit(call, Action::Organize)?;
    let Held { activity: before, host, .. } = held;
    if changing.version.is_some_and(|v| v != before.version) {
        return Err(Refusal::Stale.into());
    }
    let rules = rules_of(&tx, district, &before, &host).await?;
    let after = before.clone().change(changing.change, host.kind, &rules, tx.now())?;
    let joining: Vec<_> =
        after.joint_host_ids.iter().filter(|id| !before.joint_host_ids.contains(id)).copied().collect();
    check_joint(&tx, call, district, &joining).await?;
    activity::update_activity(&tx, &permit, &before, &after, &rules, None).await?;
    if !matches!(after.state(), ActivityState::Closed) {
        let listed = Listed::load(&tx, district, after.id).await?;
        let invited = listed.invited(&tx, call, district, changing.invited).await?;
        let new = listed.draw(&tx, &permit, &after, &host, &invited).await?;
        if before.is_known() && after.has_moved(&before) {
            // Who has just come onto the list hears of it as it now is.
            let but = serde_json::json!({ "but": new });
            outbox::publish(&tx, district, "activity.moved", after.id.0, but).await?;
        }
    }
    finish(app, tx, &permit, after.id, "activity.changed").await?;
    Ok(after)
}

/// A step of an activity's life, taken by its organizer.
#[derive(Clone, Debug)]
pub enum Step {
    /// Make it known.
    Publish,
    /// Open check-in.
    Open,
    /// Close it: whoever is missing is absent.
    Close,
    /// Make it final.
    Archive,
    /// Call it off, with a reason.
    Cancel(String),
}

impl Step {
    fn operation(&self) -> (&'static str, &'static str) {
        match self {
            Self::Publish => ("publishActivity", "activity.published"),
            Self::Open => ("openActivity", "activity.opened"),
            Self::Close => ("closeActivity", "activity.closed"),
            Self::Archive => ("archiveActivity", "activity.archived"),
            Self::Cancel(_) => ("cancelActivity", "activity.cancelled"),
        }
    }
}

/// Takes a step.
pub async fn step(
    app: &App,
    call: &Call,
    id: ActivityId,
    version: Option<i32>,
    step: Step,
) -> Done<Activity> {
    let (operation, event) = step.operation();
    let tx = app.begin(call, operation).await?;
    let district = call.district()?;
    let held = lock(&tx, district, id).await?;
    let permit = held.permit(call, Action::Organize)?;
    let Held { activity: before, host, .. } = held;
    if version.is_some_and(|v| v != before.version) {
        return Err(Refusal::Stale.into());
    }
    let rules = rules_of(&tx, district, &before, &host).await?;
    let now = tx.now();
    let after = match &step {
        Step::Publish => before.clone().publish(now)?,
        Step::Open => before.clone().open(now)?,
        Step::Close => before.clone().close(now)?,
        Step::Archive => before.clone().archive(now)?,
        Step::Cancel(reason) => before.clone().cancel(reason, now)?,
    };
    let reason = match &step {
        Step::Cancel(reason) => Some(reason.as_str()),
        _ => None,
    };
    settle(app, &tx, &permit, Stepped { before: &before, after: &after, host: &host, rules: &rules, reason })
        .await?;
    finish(app, tx, &permit, id, event).await?;
    Ok(after)
}

/// A step that was taken.
struct Stepped<'a> {
    before: &'a Activity,
    after: &'a Activity,
    host: &'a OrgUnit,
    rules: &'a Rules,
    reason: Option<&'a str>,
}

/// Saves a step and does what belongs to it.
async fn settle(app: &App, tx: &Tx, permit: &Permit, stepped: Stepped<'_>) -> Done<()> {
    let Stepped { before, after, host, rules, reason } = stepped;
    activity::update_activity(tx, permit, before, after, rules, reason).await?;
    match after.state() {
        ActivityState::Published | ActivityState::Open => {
            let listed = Listed::load(tx, permit.district_id(), after.id).await?;
            let invited = Invitations::stored(&listed.list);
            listed.draw(tx, permit, after, host, &invited).await?;
        }
        ActivityState::Closed => close_records(app, tx, permit, after).await?,
        ActivityState::Archived => attendance::forget_devices(tx, permit, after.id).await?,
        ActivityState::Draft | ActivityState::Cancelled => {}
    }
    Ok(())
}

/// Closing turns the missing into absent, or on leave where that was granted.
async fn close_records(app: &App, tx: &Tx, permit: &Permit, closed: &Activity) -> Result<(), OpError> {
    let district = permit.district_id();
    let list = attendance::attendees(tx, district, closed.id).await?;
    let recorded =
        attendance::attendances(tx, district, closed.id).await?.into_iter().map(|a| a.member_id).collect();
    let on_leave = attendance::leaves_granted(tx, district, closed.id).await?;
    let people: std::collections::HashMap<_, _> = list.iter().map(|a| (a.member_id, a.account_id)).collect();
    let records: Vec<_> = missing(closed, &list, &recorded, &on_leave, tx.now())
        .into_iter()
        .filter_map(|new| people.get(&new.member_id).map(|person| (new.enter(app.id()), *person)))
        .collect();
    attendance::insert_missing(tx, permit, &records).await?;
    Ok(retally(tx, permit, closed).await?)
}

/// Takes the steps that are due by themselves; answers whether there was one.
pub async fn advance(app: &App, call: &Call, id: ActivityId) -> Done<bool> {
    let tx = app.begin(call, "advanceActivity").await?;
    let district = call.district()?;
    let held = lock(&tx, district, id).await?;
    let permit = held.permit(call, Action::Organize)?;
    let Held { activity: before, host, .. } = held;
    let rules = rules_of(&tx, district, &before, &host).await?;
    let Some(due) = before.due_transition(tx.now(), &rules) else {
        // A rule has changed, or another server was faster.
        let due_at = before.next_step(&rules).map(DueTransition::at);
        activity::set_due(&tx, &permit, id, due_at).await?;
        tx.commit().await?;
        return Ok(false);
    };
    let after = before.clone().advance(due)?;
    let stepped = Stepped { before: &before, after: &after, host: &host, rules: &rules, reason: None };
    settle(app, &tx, &permit, stepped).await?;
    let event = match due {
        DueTransition::Open(_) => "activity.opened",
        DueTransition::Close(_) => "activity.closed",
        DueTransition::Archive(_) => "activity.archived",
    };
    finish(app, tx, &permit, id, event).await?;
    Ok(true)
}
