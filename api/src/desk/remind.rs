//! One tap reminds those who haven't done something yet, and only those.

use std::collections::HashSet;

use zhibu_domain::{
    assignment::{Addressee, Assignment, AssignmentState, head},
    desk::{DutyStep, ReminderRefusal as Refusal, check_reminder},
    id::{ActivityId, AssignmentId, DistrictId, OrgUnitId},
    notification::{ACTIVITY_REMINDER, ASSIGNMENT_REMINDER, Facts},
    organization::OrgUnit,
    policy::Action,
};
use zhibu_persistence::{PageRequest, Tx, attendance, audit::Entry, desk, member, organization};

use crate::{
    app::App,
    assignment::ops::lock,
    attendance::ops::lock_room,
    call::Call,
    error::Stop,
    notification::{MOST_REMINDED, Notice, Reminder, remind},
};

type Told = Result<usize, Stop<Refusal>>;

/// Reminds those who are expected at an activity, not present and not on leave.
pub async fn attendees(app: &App, call: &Call, id: ActivityId) -> Told {
    let tx = app.begin(call, "remindAttendees").await?;
    let district = call.district()?;
    let room = lock_room(app, &tx, district, id).await?;
    let permit = call.permit(Action::KeepAttendance, room.subject(call.member_id()))?;
    let activity = &room.activity;
    check_reminder(activity, tx.now())?;
    let facts = Facts {
        title: Some(activity.title.clone()),
        at: Some(activity.window.starts_at),
        ..Facts::default()
    };
    let missing = attendance::not_yet(&tx, district, id, MOST_REMINDED + 1).await?;
    let notice = |account| Notice { account, subject: id.0, facts: facts.clone() };
    let notices = missing.into_iter().map(notice).collect();
    remind(app, tx, &permit, Reminder { telling: &ACTIVITY_REMINDER, notices, about: Entry::about(id) }).await
}

/// Reminds those who haven't taken a step with what was given to them; of an offer that isn't claimed,
/// whoever answers for a branch in which nobody has.
pub async fn owners(app: &App, call: &Call, id: AssignmentId, step: DutyStep) -> Told {
    let tx = app.begin(call, "remindOwners").await?;
    let district = call.district()?;
    let held = lock(&tx, district, id).await?;
    let permit = held.around().permit_below(call)?;
    let whole = &held.assignment;
    if matches!(whole.state(), AssignmentState::Draft | AssignmentState::Cancelled) {
        return Err(Refusal::NotInForce.into());
    }
    let notices = match step {
        DutyStep::Claimed => heads(app, &tx, district, whole, &held.unit).await?,
        DutyStep::Accepted | DutyStep::Submitted => {
            let waiting = desk::owners_not_yet(&tx, district, id, step, MOST_REMINDED + 1).await?;
            let facts = |title, due_at| Facts { title: Some(title), at: Some(due_at), ..Facts::default() };
            waiting
                .into_iter()
                .map(|n| Notice {
                    account: n.owner,
                    subject: n.assignment_id.0,
                    facts: facts(n.title, n.due_at),
                })
                .collect()
        }
    };
    let about = Entry::about(id);
    remind(app, tx, &permit, Reminder { telling: &ASSIGNMENT_REMINDER, notices, about }).await
}

/// Whoever answers for a branch to which an offer is made, and in which nobody has claimed one.
async fn heads(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    offer: &Assignment,
    unit: &OrgUnit,
) -> Result<Vec<Notice>, Stop<Refusal>> {
    let Addressee::Offer { capacity, claimed } = offer.placement.addressee else {
        return Ok(Vec::new());
    };
    if claimed >= capacity || offer.due_at <= tx.now() {
        return Err(Refusal::Over.into());
    }
    let most = PageRequest::first(MOST_REMINDED as u64);
    let page = desk::unclaimed_branches(tx, district, offer.id, &unit.path, most).await?;
    if page.has_more {
        return Err(Refusal::TooMany.into());
    }
    let ids: Vec<_> = page.rows.into_iter().map(OrgUnitId).collect();
    let units = organization::units(tx, district, &ids).await?;
    let posts = member::posts(tx, district, member::HeldOn::Units(&ids)).await?;
    let facts = Facts { title: Some(offer.terms.title.clone()), at: Some(offer.due_at), ..Facts::default() };
    let answers = |id: &OrgUnitId| {
        let today = app.today(&units.get(id)?.time_zone);
        Some(head(posts.get(&id.0)?, today)?.account_id)
    };
    // Who answers for several branches is told once.
    let accounts: HashSet<_> = ids.iter().filter_map(answers).collect();
    let notice = |account| Notice { account, subject: offer.id.0, facts: facts.clone() };
    Ok(accounts.into_iter().map(notice).collect())
}
