//! What happens by itself as time passes: standing templates issue; reminders, what is overdue, and
//! the word to the superior; work passes to those who answer for it now. What was done is marked by the same transaction.

use std::convert::Infallible;

use chrono::{Days, NaiveDate};
use zhibu_domain::{
    assignment::{Addressee, Alert, Assignment, head},
    id::{AccountId, AssignmentId, DistrictId, OrgUnitId},
    organization::{OrgUnit, day_start},
    policy::Action,
};
use zhibu_persistence::{
    Tx,
    assignment::{self, ALERTS_DUE, SUCCESSIONS_DUE, TEMPLATES_DUE},
    organization,
};

use super::{
    addressee::{posts_on, successor},
    ops::{Done, finish, lock},
    tell::{DUE_SOON, ESCALATED, OVERDUE, tell, tell_step},
    template_ops,
};
use crate::{
    app::App,
    call::Call,
    due,
    error::{OpError, Stop},
};

/// Most assignments that are looked at together.
const ROUND: u32 = 200;

/// One round; answers how much was done.
pub async fn run(app: &App) -> Result<usize, OpError> {
    let issued = due::take(app, &TEMPLATES_DUE, |app, call, id| {
        Box::pin(async move { template_ops::issue(app, &call, id).await })
    });
    let told = due::take(app, &ALERTS_DUE, |app, call, id| {
        Box::pin(async move { Ok::<_, Stop<Infallible>>(usize::from(alert(app, &call, id).await?)) })
    });
    let passed_on = due::take(app, &SUCCESSIONS_DUE, |app, call, district| {
        Box::pin(async move { succeed(app, &call, district).await })
    });
    Ok(issued.await? + told.await? + passed_on.await?)
}

/// Tells what is due to be told of an assignment; answers whether anything was.
async fn alert(app: &App, call: &Call, id: AssignmentId) -> Result<bool, OpError> {
    let district = call.district()?;
    let tx = app.begin(call, "alertAssignment").await?;
    let held = lock(&tx, district, id).await?;
    let permit = held.around().permit(call, Action::Assign)?;
    let (before, rules) = (held.assignment, app.rules(district).await?);
    let Some(alert) = before.due_alert(&rules, tx.now()) else {
        // A rule has changed, or another server was faster.
        assignment::save_alert(&tx, &permit, &before, &before, &rules).await?;
        tx.commit().await?;
        return Ok(false);
    };
    let after = before.clone().alerted(alert, tx.now());
    assignment::save_alert(&tx, &permit, &before, &after, &rules).await?;
    let (issuer, lies_with) = ([after.issued_by], after.placement.unit_id);
    match alert {
        Alert::DueSoon(_) => tell(&tx, district, DUE_SOON, &after, after.owner(), lies_with).await?,
        Alert::Overdue(_) => {
            tell(&tx, district, OVERDUE, &after, issuer.into_iter().chain(after.owner()), lies_with).await?;
        }
        Alert::Escalate(_) => {
            let (superior, who) = superior(app, &tx, district, &held.unit, &after).await?;
            tell(&tx, district, ESCALATED, &after, issuer.into_iter().chain(who), superior).await?;
        }
    }
    finish(app, tx).await?;
    Ok(true)
}

/// Passes on a district's work of those whose posts have ended, where somebody answers for it now.
async fn succeed(app: &App, call: &Call, id: DistrictId) -> Result<usize, Stop<Infallible>> {
    let asked = assignment::asked(&app.store, id).await?;
    let zone = app.district(id).await?.time_zone;
    let day = app.today(&zone);
    let (mut passed, mut has_failed, mut last) = (0, false, None);
    loop {
        let orphaned = assignment::orphaned(&app.store, id, day, last, ROUND).await?;
        let Some(end) = orphaned.last() else { break };
        last = Some(*end);
        for one in orphaned {
            match pass_on(app, call, one, day).await {
                Ok(done) => passed += usize::from(done),
                Err(Stop::Error(error)) if error.is_unavailable() => return Err(error.into()),
                Err(stop) => {
                    tracing::error!(assignment = %one, ?stop, "work was not passed on");
                    has_failed = true;
                }
            }
        }
    }
    if has_failed {
        return Err(OpError::internal("not all work was passed on").into());
    }
    let tx = app.begin(call, "succeedAssignment").await?;
    let tomorrow = day.checked_add_days(Days::new(1)).unwrap_or(day);
    assignment::looked_through(&tx, id, asked, day_start(tomorrow, &zone)).await?;
    tx.commit().await?;
    Ok(passed)
}

async fn pass_on(app: &App, call: &Call, id: AssignmentId, day: NaiveDate) -> Done<bool> {
    let tx = app.begin(call, "succeedAssignment").await?;
    let district = call.district()?;
    let held = lock(&tx, district, id).await?;
    // Another server was faster, or the owner was appointed anew.
    if !assignment::is_orphaned(&tx, district, id, day).await? {
        return Ok(false);
    }
    let permit = held.around().permit(call, Action::Assign)?;
    let before = held.assignment;
    let to = successor(&tx, district, &before.placement, &held.unit, day).await?;
    let Some(to) = to.filter(|to| to.addressee.owner() != before.owner()) else { return Ok(false) };
    let (after, step) = before.clone().succeeded(to, tx.now())?;
    let rules = app.rules(district).await?;
    assignment::update_assignment(&tx, &permit, &before, &after, &step, &rules).await?;
    tell_step(&tx, district, &before, &after, &step).await?;
    finish(app, tx).await?;
    Ok(true)
}

/// The nearest unit above, or of a person their own, in which somebody other than the owner answers;
/// the issuer where there is none.
async fn superior(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    unit: &OrgUnit,
    assignment: &Assignment,
) -> Result<(OrgUnitId, Option<AccountId>), OpError> {
    let mut above = organization::units_at(tx, district, &unit.path.superiors()).await?;
    // A person's work comes up to those who answer for their unit first.
    if !matches!(assignment.placement.addressee, Addressee::Unit { .. }) {
        above.push(unit.clone());
    }
    let ids: Vec<_> = above.iter().map(|unit| unit.id).collect();
    let posts = posts_on(tx, district, &ids).await?;
    let answers = |unit: &OrgUnit| {
        let head = head(posts.get(&unit.id.0)?, app.today(&unit.time_zone))?.account_id;
        Some((unit.id, Some(head))).filter(|_| Some(head) != assignment.owner())
    };
    Ok(above.iter().rev().find_map(answers).unwrap_or((assignment.issuer_unit_id, None)))
}
