//! What happens by itself as time passes: standing templates issue; reminders, what is overdue, and
//! the word to the superior. Safe with several replicas: each locks its row and looks again, and what
//! was done is marked by the same transaction.

use chrono::Duration;
use zhibu_domain::{
    assignment::{Alert, Assignment, head},
    id::{AccountId, AssignmentId, DistrictId, OrgUnitId},
    organization::OrgUnit,
    policy::Action,
};
use zhibu_persistence::{Tx, assignment, organization};

use super::{
    addressee::posts_on,
    ops::{finish, lock},
    tell::{DUE_SOON, ESCALATED, OVERDUE, tell},
    template_ops,
};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
};

/// Most assignments in one round.
const ROUND: u32 = 200;
/// After how long one of which telling failed is tried again.
const PUT_OFF: Duration = Duration::minutes(10);

fn call(app: &App, district: DistrictId) -> Call {
    Call::system(district, app.auth.random.id(app.now()))
}

/// One round; answers how much was done.
pub async fn run(app: &App) -> Result<usize, OpError> {
    Ok(issue(app).await? + tell_due(app).await?)
}

/// Issues what templates are due to issue. One that fails is told of, put off, and holds up no other.
async fn issue(app: &App) -> Result<usize, OpError> {
    let mut issued = 0;
    loop {
        let due = assignment::templates_due(&app.store, app.now(), ROUND).await?;
        let last = due.len() < ROUND as usize;
        for (district, id) in due {
            match template_ops::issue(app, &call(app, district), id).await {
                Ok(some) => issued += some,
                Err(Stop::Error(error)) if error.is_unavailable() => return Err(error),
                Err(stop) => {
                    tracing::error!(template = %id, ?stop, "a template did not issue");
                    assignment::put_off_template(&app.store, district, id, app.now() + PUT_OFF).await?;
                }
            }
        }
        if last {
            return Ok(issued);
        }
    }
}

/// Tells what is due to be told. One that fails is told of, put off, and holds up no other.
async fn tell_due(app: &App) -> Result<usize, OpError> {
    let mut told = 0;
    loop {
        let due = assignment::alerts_due(&app.store, app.now(), ROUND).await?;
        let last = due.len() < ROUND as usize;
        for (district, id) in due {
            match alert(app, district, id).await {
                Ok(one) => told += usize::from(one),
                Err(error) if error.is_unavailable() => return Err(error),
                Err(error) => {
                    tracing::error!(assignment = %id, ?error, "nobody was told of an assignment");
                    assignment::put_off(&app.store, district, id, app.now() + PUT_OFF).await?;
                }
            }
        }
        if last {
            return Ok(told);
        }
    }
}

async fn alert(app: &App, district: DistrictId, id: AssignmentId) -> Result<bool, OpError> {
    let call = call(app, district);
    let tx = app.begin(&call, "alertAssignment").await?;
    let held = lock(&tx, district, id).await?;
    let permit = held.around().permit(&call, Action::Assign)?;
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

/// The nearest unit above in which somebody other than the owner answers; the issuer where there is
/// none.
async fn superior(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    unit: &OrgUnit,
    assignment: &Assignment,
) -> Result<(OrgUnitId, Option<AccountId>), OpError> {
    let above = organization::units_at(tx, district, &unit.path.superiors()).await?;
    let ids: Vec<_> = above.iter().map(|unit| unit.id).collect();
    let posts = posts_on(tx, district, &ids).await?;
    let answers = |unit: &OrgUnit| {
        let head = head(posts.get(&unit.id.0)?, app.today(&unit.time_zone))?.account_id;
        Some((unit.id, Some(head))).filter(|_| Some(head) != assignment.owner())
    };
    Ok(above.iter().rev().find_map(answers).unwrap_or((assignment.issuer_unit_id, None)))
}
