//! The agenda of an activity, and the template of its fixed items.

use uuid::Uuid;
use zhibu_domain::{
    activity::{Agenda, AgendaRefusal as Refusal, AgendaTemplate, ItemDone},
    id::{ActivityId, ActivityItemId, OrgUnitId},
    organization::OrgUnit,
    policy::{Action, Subject},
};
use zhibu_persistence::activity;

use super::ops::{finish, lock, unit};
use crate::{app::App, call::Call, error::Stop, once::Once};

/// A change of an agenda.
#[derive(Clone, Debug)]
pub enum Change {
    /// Adds an item of the branch's own at the end.
    Add(String),
    /// Removes one.
    Remove(ActivityItemId),
    /// Renames one.
    Rename(ActivityItemId, String),
    /// Puts the items into this order.
    Reorder(Vec<ActivityItemId>),
    /// Marks an item as done, or as not done.
    Mark(ActivityItemId, bool),
}

impl Change {
    fn operation(&self) -> &'static str {
        match self {
            Self::Add(_) => "addActivityItem",
            Self::Remove(_) => "removeActivityItem",
            Self::Rename(..) => "renameActivityItem",
            Self::Reorder(_) => "reorderActivityItems",
            Self::Mark(..) => "markActivityItem",
        }
    }
}

/// Changes an agenda.
pub async fn change(
    app: &App,
    call: &Call,
    id: ActivityId,
    change: Change,
    once: Once,
) -> Result<zhibu_domain::activity::Activity, Stop<Refusal>> {
    let tx = app.begin(call, change.operation()).await?;
    let district = call.district()?;
    let held = lock(&tx, district, id).await?;
    let permit = held.permit(call, Action::Organize)?;
    let found = held.activity;
    if once.earlier::<Uuid>(&tx, call).await?.is_some() {
        return Ok(found);
    }
    let before = activity::agendas(&tx, district, &[id]).await?.remove(&id).unwrap_or_default();
    let state = found.state_at(tx.now());
    let agenda: Agenda = before.clone();
    let after = match change {
        Change::Add(title) => agenda.add(app.id(), &title, state)?,
        Change::Remove(item) => agenda.remove(item, state)?,
        Change::Rename(item, title) => agenda.rename(item, &title, state)?,
        Change::Reorder(order) => agenda.reorder(&order, state)?,
        Change::Mark(item, done) => {
            let done = done.then_some(ItemDone { at: tx.now(), by: call.account()? });
            agenda.mark(item, done, state)?
        }
    };
    activity::save_agenda(&tx, &permit, id, &before, &after).await?;
    once.keep(&tx, call, id.0).await?;
    finish(app, tx, &permit, id, "activity.changed").await?;
    Ok(found)
}

/// Sets the fixed items of Party days for a unit and all below it that have none of their own.
pub async fn set_template(
    app: &App,
    call: &Call,
    id: OrgUnitId,
    titles: &[String],
) -> Result<OrgUnit, Stop<Refusal>> {
    let tx = app.begin(call, "setAgendaTemplate").await?;
    let district = call.district()?;
    let unit = unit(&tx, district, id).await?;
    let permit = call.permit(Action::Organize, Subject::unit(&unit.path))?;
    let template = AgendaTemplate::new(titles)?;
    activity::save_template(&tx, &permit, id, &template).await?;
    tx.commit().await?;
    Ok(unit)
}
