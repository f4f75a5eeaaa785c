//! Verifying many at once.

use std::collections::HashMap;

use zhibu_domain::{
    assignment::{Assignment, AssignmentRefusal as Refusal, Command},
    id::AssignmentId,
    policy::{Action, Denied, Permit},
};
use zhibu_persistence::{assignment, organization, outbox};

use super::{
    ops::{Done, Which, finish},
    sight::Around,
    tell::news_of,
};
use crate::{app::App, call::Call};

/// What became of one of them.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Which.
    pub id: AssignmentId,
    /// The assignment, or why it stands as it did.
    pub result: Result<Assignment, Refusal>,
}

/// Finds that assignments are done; one refusal never holds up the others. Who may not verify one of
/// them verifies none. As many statements for a hundred as for one.
pub async fn verify(app: &App, call: &Call, which: Vec<Which>) -> Done<Vec<Verified>> {
    let tx = app.begin(call, "verifyAssignments").await?;
    let (district, by) = (call.district()?, call.account()?);
    let ids: Vec<_> = which.iter().map(|w| w.id).collect();
    let found = assignment::lock_assignments(&tx, district, &ids).await?;
    let units: Vec<_> = found.values().flat_map(|a| [a.placement.unit_id, a.issuer_unit_id]).collect();
    let units = organization::units(&tx, district, &units).await?;
    let mut permit: Option<Permit> = None;
    for id in &ids {
        let assignment = found.get(id).ok_or(Denied::Hidden)?;
        let unit = units.get(&assignment.placement.unit_id).ok_or(Denied::Hidden)?;
        let issuer = units.get(&assignment.issuer_unit_id).ok_or(Denied::Hidden)?;
        permit = Some(Around { assignment, unit, issuer }.permit(call, Action::Assign)?);
    }
    let Some(permit) = permit else { return Ok(Vec::new()) };
    let rules = app.rules(district).await?;
    let mut results: HashMap<AssignmentId, Result<Assignment, Refusal>> = HashMap::new();
    let (mut changed, mut news) = (Vec::new(), Vec::new());
    for Which { id, version } in &which {
        let Some(before) = found.get(id).filter(|_| !results.contains_key(id)) else { continue };
        let result = if before.has_done(&Command::Verify, by) {
            Ok(before.clone())
        } else if version.is_some_and(|v| v != before.version) {
            Err(Refusal::Stale)
        } else {
            before.clone().apply(Command::Verify, by, &rules, tx.now()).map(|(after, step)| {
                news.extend(news_of(before, &after, &step));
                changed.push((before.clone(), after.clone(), step));
                after
            })
        };
        results.insert(*id, result);
    }
    assignment::update_assignments(&tx, &permit, &changed, &rules).await?;
    outbox::publish_all(&tx, district, news).await?;
    finish(app, tx).await?;
    // What was named twice is answered twice.
    let answer = |id: &AssignmentId| Some(Verified { id: *id, result: results.get(id)?.clone() });
    Ok(ids.iter().filter_map(answer).collect())
}
