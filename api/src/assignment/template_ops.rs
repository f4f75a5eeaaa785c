//! Writing templates, making drafts of them by hand, and issuing by themselves.

use chrono::{DateTime, NaiveTime, Utc};
use zhibu_domain::{
    activity::Schedule,
    assignment::{Assignment, AssignmentRefusal as Refusal, AssignmentTemplate, Command, NewTemplate},
    id::{AssignmentId, AssignmentTemplateId, DistrictId},
    policy::{Action, Denied, Permit, Subject},
};
use zhibu_persistence::{Tx, assignment, outbox};

use super::{
    addressee::{place, unit},
    ops::{Done, finish, lock},
    tell::news_of,
    template::{CreateAssignmentFromTemplateInput, CreateAssignmentTemplateInput},
};
use crate::{
    app::App,
    call::Call,
    error::{Stop, at},
    once::Once,
};

/// Writes a template.
pub(super) async fn create(
    app: &App,
    call: &Call,
    input: CreateAssignmentTemplateInput,
    once: Once,
) -> Done<AssignmentTemplate> {
    let tx = app.begin(call, "createAssignmentTemplate").await?;
    let district = call.district()?;
    let owner = unit(&tx, district, input.unit_id.0).await?;
    let permit = call.permit(Action::Assign, Subject::unit(&owner.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let found = assignment::template(&tx, district, AssignmentTemplateId(made)).await?;
        return Ok(found.ok_or(Denied::Hidden)?);
    }
    let standing = match input.standing {
        None => None,
        Some(standing) => {
            let to = standing.to.to();
            // Nobody is told to do what nobody could: who answers for it is looked for now, and each time.
            place(app, &tx, district, &owner.path, to).await?;
            let time = NaiveTime::parse_from_str(&standing.time, "%H:%M");
            let schedule = Schedule {
                rule: standing.rule,
                starts_on: standing.starts_on.0,
                time: time.map_err(|_| at("standing.time")(Refusal::BadStart))?,
                minutes: standing.duration.0,
                time_zone: owner.time_zone.clone(),
            };
            Some((to, schedule))
        }
    };
    let new = NewTemplate {
        id: app.id(),
        unit_id: owner.id,
        terms: input.terms.terms(),
        standing,
        created_by: call.account()?,
    };
    let made = AssignmentTemplate::write(new, app.today(&owner.time_zone), tx.now())?;
    assignment::insert_template(&tx, &permit, &made).await?;
    once.keep(&tx, call, made.id.0).await?;
    tx.commit().await?;
    Ok(made)
}

/// A template that is about to be changed, or to issue.
async fn locked(
    tx: &Tx,
    call: &Call,
    district: DistrictId,
    id: AssignmentTemplateId,
) -> Result<(AssignmentTemplate, Permit), Stop<Refusal>> {
    let found = assignment::lock_template(tx, district, id).await?.ok_or(Denied::Hidden)?;
    let owner = unit(tx, district, found.unit_id).await?;
    let permit = call.permit(Action::Assign, Subject::unit(&owner.path))?;
    Ok((found, permit))
}

/// Puts a template away.
pub(super) async fn stop(app: &App, call: &Call, id: AssignmentTemplateId) -> Done<AssignmentTemplate> {
    let tx = app.begin(call, "stopAssignmentTemplate").await?;
    let (before, permit) = locked(&tx, call, call.district()?, id).await?;
    let after = before.clone().stop(tx.now())?;
    assignment::update_template(&tx, &permit, &before, &after).await?;
    tx.commit().await?;
    Ok(after)
}

/// Makes a draft of a template of one's own unit or a superior.
pub(super) async fn make(
    app: &App,
    call: &Call,
    input: CreateAssignmentFromTemplateInput,
    once: Once,
) -> Done<Assignment> {
    let tx = app.begin(call, "createAssignmentFromTemplate").await?;
    let district = call.district()?;
    let issuer = unit(&tx, district, input.issuer_unit_id.0).await?;
    let permit = call.permit(Action::Assign, Subject::unit(&issuer.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(lock(&tx, district, AssignmentId(made)).await?.assignment);
    }
    let template = assignment::template(&tx, district, input.template_id.0).await?.ok_or(Denied::Hidden)?;
    if !issuer.path.is_within(&unit(&tx, district, template.unit_id).await?.path) {
        return Err(Denied::Hidden.into());
    }
    let placement = place(app, &tx, district, &issuer.path, input.to.to()).await?;
    let new = template.make(app.id(), issuer.id, placement, input.due_at, call.account()?)?;
    let (made, step) = Assignment::draft(new, tx.now())?;
    let rules = app.rules(district).await?;
    assignment::insert_assignments(&tx, &permit, &[(made.clone(), vec![step])], &rules, true).await?;
    once.keep(&tx, call, made.id.0).await?;
    tx.commit().await?;
    Ok(made)
}

/// Issues what is due to be issued of a template; for the job. Answers how many that were.
pub async fn issue(app: &App, call: &Call, id: AssignmentTemplateId) -> Done<usize> {
    let tx = app.begin(call, "issueAssignmentTemplate").await?;
    let district = call.district()?;
    let (before, permit) = locked(&tx, call, district, id).await?;
    let (windows, mut after) = before.clone().due(tx.now())?;
    let (mut issued, mut waits_for) = (0, None);
    for window in windows {
        match issue_one(app, &tx, &permit, &before, window.ends_at).await {
            Ok(()) => issued += 1,
            // It is over already: the next one may be issued.
            Err(Stop::Refused(refusal, _)) if window.ends_at <= tx.now() => {
                tracing::warn!(template = %id, %refusal, "a standing assignment was not issued")
            }
            // Nobody answers for it now: somebody may, before it is due.
            Err(Stop::Refused(refusal, at)) => {
                after = after.waiting(window.starts_at);
                waits_for = Some(Stop::Refused(refusal, at));
                break;
            }
            Err(error) => return Err(error),
        }
    }
    // Another server may have been faster.
    if after != before {
        assignment::update_template(&tx, &permit, &before, &after).await?;
    }
    finish(app, tx).await?;
    waits_for.map_or(Ok(issued), Err)
}

async fn issue_one(
    app: &App,
    tx: &Tx,
    permit: &Permit,
    template: &AssignmentTemplate,
    due_at: DateTime<Utc>,
) -> Done<()> {
    let Some(standing) = &template.standing else { return Ok(()) };
    let (district, by, now) = (permit.district_id(), template.created_by, tx.now());
    let issuer = unit(tx, district, template.unit_id).await?;
    let placement = place(app, tx, district, &issuer.path, standing.to).await?;
    let new = template.make(app.id(), issuer.id, placement, due_at, by)?;
    let rules = app.rules(district).await?;
    let (draft, created) = Assignment::draft(new, now)?;
    let (given, dispatched) = draft.apply(Command::Dispatch, by, &rules, now)?;
    let news = news_of(&given, &given, &dispatched);
    assignment::insert_assignments(tx, permit, &[(given, vec![created, dispatched])], &rules, true).await?;
    Ok(outbox::publish_all(tx, district, news).await?)
}
