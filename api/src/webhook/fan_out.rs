//! From an event of the outbox to a message for each endpoint that is to hear of it.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use uuid::Uuid;
use zhibu_domain::{
    assignment::AssignmentState,
    id::{ActivityId, DistrictId, OrgUnitId, PartyMemberId, TypedId, WebhookEndpointId},
    vocabulary::Vocabulary,
    webhook::{Delivery, WebhookEventType as Type, event_type},
};
use zhibu_persistence::{
    activity, member, organization,
    outbox::Event,
    webhook::{self, Known},
};

use super::owner::{Hearing, hearing, lapse};
use crate::{app::App, error::OpError};

/// A message to be, with its event.
pub type Addressed = (Uuid, DistrictId, Delivery);

/// Who listens, as it stands at the beginning of a round.
#[derive(Default)]
pub struct Listening {
    endpoints: HashMap<DistrictId, Vec<Known>>,
    /// The meetings whose attendance this round has had looked at.
    looks: HashSet<Uuid>,
    /// The endpoints that it has found to be nobody's any more.
    lapsed: HashSet<WebhookEndpointId>,
}

fn listed(payload: &Value, name: &str) -> Vec<OrgUnitId> {
    let all = payload.get(name).and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|id| Uuid::try_parse(id.as_str()?).ok()).map(OrgUnitId).collect()
}

/// What an event tells. An assignment that was taken from one and given to another goes on.
fn told(event: &Event) -> Option<Type> {
    let kind = event_type(&event.kind)?;
    let outcome = event.payload.get("outcome").and_then(Value::as_str);
    let over = outcome == Some(AssignmentState::Cancelled.code());
    Some(if kind == Type::AssignmentCancelled && !over { Type::AssignmentChanged } else { kind })
}

/// The units where it happened; none where nobody may know of it.
async fn places(
    app: &App,
    district: DistrictId,
    kind: Type,
    subject: Uuid,
    payload: &Value,
) -> Result<Vec<OrgUnitId>, OpError> {
    Ok(match kind.subject_kind() {
        OrgUnitId::KIND => vec![OrgUnitId(subject)],
        ActivityId::KIND => {
            let found = activity::activity(&app.store, district, ActivityId(subject)).await?;
            let known = found.filter(|activity| activity.is_known());
            known.map_or_else(Vec::new, |a| [vec![a.host_unit_id], a.joint_host_ids].concat())
        }
        PartyMemberId::KIND => {
            let found = member::member(&app.store, district, PartyMemberId(subject)).await?;
            found.map(|member| member.unit_id).into_iter().chain(listed(payload, "from")).collect()
        }
        _ => listed(payload, "units"),
    })
}

impl Listening {
    /// The endpoints of a district that listen to a type.
    async fn to(&mut self, app: &App, district: DistrictId, kind: Type) -> Result<Vec<Known>, OpError> {
        let all = match self.endpoints.entry(district) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(unknown) => {
                unknown.insert(webhook::enabled(&app.store, district).await?)
            }
        };
        Ok(all.iter().filter(|known| known.endpoint.events.contains(&kind)).cloned().collect())
    }

    /// Addresses an event to all that are to hear of it.
    pub async fn address(&mut self, app: &App, event: &Event) -> Result<Vec<Addressed>, OpError> {
        let district = DistrictId(event.district_id);
        let Some(kind) = told(event) else { return Ok(Vec::new()) };
        let listening = self.to(app, district, kind).await?;
        let mut addressed = Vec::new();
        if listening.is_empty() {
            return Ok(addressed);
        }
        for subject in event.subjects() {
            // Whoever looks at a meeting's attendance anyway needn't be told once more.
            if kind == Type::AttendanceChanged && !self.looks.insert(subject) {
                continue;
            }
            let places = places(app, district, kind, subject, &event.payload).await?;
            let units = organization::units(&app.store, district, &places).await?;
            // In the order in which they were named: the first that an endpoint covers is told.
            let units: Vec<_> = places.iter().filter_map(|id| units.get(id)).collect();
            for known in &listening {
                let covers = |path| {
                    // What was imported above may have changed what lies below.
                    known.path.is_within(path) && kind == Type::RosterImported
                };
                let place = units.iter().find(|u| u.path.is_within(&known.path) || covers(&u.path));
                let Some(place) = place.filter(|_| !self.lapsed.contains(&known.endpoint.id)) else {
                    continue;
                };
                match hearing(app, known, kind).await? {
                    Hearing::This if is_looked_at(app, known, kind, subject).await? => continue,
                    Hearing::This => {}
                    Hearing::Others => continue,
                    Hearing::Nothing => {
                        lapse(app, known, None).await?;
                        self.lapsed.insert(known.endpoint.id);
                        continue;
                    }
                }
                let (to, what) = (known.endpoint.id, (kind, subject, place.id));
                let delivery = Delivery::new(app.id(), to, what, event.occurred_at, app.now());
                addressed.push((event.id, district, delivery));
            }
        }
        Ok(addressed)
    }
}

/// Whether somebody will look at a meeting's attendance anyway: in a burst of check-ins one message that isn't on its
/// way yet is enough.
async fn is_looked_at(app: &App, known: &Known, kind: Type, subject: Uuid) -> Result<bool, OpError> {
    let (district, to) = (known.district_id, known.endpoint.id);
    Ok(kind == Type::AttendanceChanged
        && webhook::is_waiting(&app.store, district, to, kind, subject).await?)
}
