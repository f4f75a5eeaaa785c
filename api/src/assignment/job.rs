//! What happens by itself as time passes: standing templates issue; reminders, what is overdue, and
//! the word to the superior. What was done is marked by the same transaction.

use std::convert::Infallible;

use zhibu_domain::{
    assignment::{Alert, Assignment, head},
    id::{AccountId, AssignmentId, DistrictId, OrgUnitId},
    organization::OrgUnit,
    policy::Action,
};
use zhibu_persistence::{
    Tx,
    assignment::{self, ALERTS_DUE, TEMPLATES_DUE},
    organization,
};

use super::{
    addressee::posts_on,
    ops::{finish, lock},
    tell::{DUE_SOON, ESCALATED, OVERDUE, tell},
    template_ops,
};
use crate::{
    app::App,
    call::Call,
    due,
    error::{OpError, Stop},
};

/// One round; answers how much was done.
pub async fn run(app: &App) -> Result<usize, OpError> {
    let issued = due::take(app, &TEMPLATES_DUE, |app, call, id| {
        Box::pin(async move { template_ops::issue(app, &call, id).await })
    });
    let told = due::take(app, &ALERTS_DUE, |app, call, id| {
        Box::pin(async move { Ok::<_, Stop<Infallible>>(usize::from(alert(app, &call, id).await?)) })
    });
    Ok(issued.await? + told.await?)
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
