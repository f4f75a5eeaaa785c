//! Activities over REST.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    activity::{self as domain, ActivityKind, ActivityState, Audience},
    id::{ActivityId, OrgUnitId},
    policy::{Action, Denied},
};

use super::sight::{Hosted, hosted, visible};
use crate::{
    error::OpError,
    reads::{Loading, TallyOf},
    rest::{Answer, Answered, Asked, Id, Moment, Operation, PageOf, Paging, Word, get},
};

/// The operations on activities.
pub fn operations() -> Vec<Operation> {
    vec![
        get(
            "listActivities",
            "/activities",
            Action::ViewActivity,
            "The activities that a unit hosts, alone or jointly, in order of their start. What was never \
             published is shown to organizers. For the members of the unit, and its overseers; with `deep` for \
             its overseers alone.",
            list,
        )
        .links("getActivity", &[("id", "$response.body#/items/0/id")])
        .links("listAttendees", &[("id", "$response.body#/items/0/id")])
        .links("checkInMembers", &[("id", "$response.body#/items/0/id")]),
        get(
            "getActivity",
            "/activities/{id}",
            Action::ViewActivity,
            "An activity with its counts. For the members of its hosts, those on its list, and the overseers of \
             a host; for the organizers of a host alone until it is published.",
            one,
        )
        .links("listAttendees", &[("id", "$response.body#/id")])
        .links("checkInMembers", &[("id", "$response.body#/id")]),
    ]
}

/// The counts of an activity, without names.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Tally {
    /// How many are expected and counted.
    expected: u32,
    /// Of those, how many are present in time.
    present: u32,
    /// Present, but late.
    late: u32,
    /// On leave.
    on_leave: u32,
    /// Absent; 0 until the activity is closed.
    absent: u32,
    /// Of how many nothing is known yet.
    pending: u32,
    /// How many are present without being counted.
    guests: u32,
}

impl From<domain::Tally> for Tally {
    fn from(tally: domain::Tally) -> Self {
        Self {
            expected: tally.expected,
            present: tally.present,
            late: tally.late,
            on_leave: tally.on_leave,
            absent: tally.absent,
            pending: tally.pending(),
            guests: tally.guests,
        }
    }
}

/// A gathering: Party day, meeting, lecture, session.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Activity {
    /// Global id.
    id: Id<ActivityId>,
    /// Kind.
    kind: Word<ActivityKind>,
    /// Title.
    title: String,
    /// Description.
    description: Option<String>,
    /// State now: a published activity is open from the moment at which check-in begins.
    state: Word<ActivityState>,
    /// Start.
    starts_at: DateTime<Utc>,
    /// End.
    ends_at: DateTime<Utc>,
    /// When check-in begins.
    check_in_opens_at: DateTime<Utc>,
    /// When check-in ends.
    check_in_closes_at: DateTime<Utc>,
    /// Who is expected.
    audience: Word<Audience>,
    /// The name of the place; null where it isn't said.
    place: Option<String>,
    /// Its address.
    address: Option<String>,
    /// The unit that holds it.
    host_unit_id: Id<OrgUnitId>,
    /// Units that hold it together with the host.
    joint_host_unit_ids: Vec<Id<OrgUnitId>>,
    /// When it was published; null for a draft.
    published_at: Option<DateTime<Utc>>,
    /// When it was closed; null while it isn't.
    closed_at: Option<DateTime<Utc>>,
    /// The counts of attendance.
    tally: Tally,
    /// Counts the changes.
    version: i32,
}

impl Activity {
    fn of(activity: domain::Activity, tally: domain::Tally, now: DateTime<Utc>) -> Self {
        let (state, check_in) = (activity.state_at(now), activity.check_in_window());
        let (place, address) = activity.venue.map_or((None, None), |venue| (Some(venue.name), venue.address));
        Self {
            id: Id(activity.id),
            kind: Word(activity.kind),
            title: activity.title,
            description: activity.description,
            state: Word(state),
            starts_at: activity.window.starts_at,
            ends_at: activity.window.ends_at,
            check_in_opens_at: check_in.starts_at,
            check_in_closes_at: check_in.ends_at,
            audience: Word(activity.audience),
            place,
            address,
            host_unit_id: Id(activity.host_unit_id),
            joint_host_unit_ids: activity.joint_host_ids.into_iter().map(Id).collect(),
            published_at: activity.lifecycle.published_at(),
            closed_at: activity.lifecycle.closed_at(),
            tally: tally.into(),
            version: activity.version,
        }
    }
}

async fn tallies(reads: &Loading, ids: Vec<ActivityId>) -> Result<HashMap<TallyOf, domain::Tally>, OpError> {
    Ok(reads.load_many(ids.into_iter().map(TallyOf)).await?)
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    #[serde(flatten)]
    paging: Paging,
    /// Of which unit.
    unit_id: Id<OrgUnitId>,
    /// The activities of all units below as well.
    #[serde(default)]
    deep: bool,
    /// Only activities of this kind.
    kind: Option<Word<ActivityKind>>,
    /// Only those that end at or after this time.
    from: Option<Moment>,
    /// Only those that start before this time.
    until: Option<Moment>,
}

async fn list(asked: Asked<Wanted>) -> Answered<PageOf<Activity>> {
    let Wanted { paging, unit_id, deep, kind, from, until } = asked.params;
    let which = Hosted {
        unit_id: unit_id.0,
        deep,
        kind: kind.map(|kind| kind.0),
        from: from.map(|from| from.0),
        until: until.map(|until| until.0),
        latest_first: false,
    };
    let page = hosted(&asked.reads, which, paging.request()).await?;
    let mut tallies = tallies(&asked.reads, page.rows.iter().map(|activity| activity.id).collect()).await?;
    let now = asked.app().now();
    let item = |activity: domain::Activity| {
        let tally = tallies.remove(&TallyOf(activity.id)).unwrap_or_default();
        Activity::of(activity, tally, now)
    };
    Ok(Answer::page(PageOf::of(page, |activity| activity.id.0, item)))
}

#[derive(Deserialize, JsonSchema)]
struct Which {
    /// Which activity.
    id: Id<ActivityId>,
}

async fn one(asked: Asked<Which>) -> Answered<Activity> {
    let found = visible(&asked.reads, asked.params.id.0).await?.ok_or(Denied::Hidden)?;
    let tally = tallies(&asked.reads, vec![found.id]).await?.remove(&TallyOf(found.id));
    Ok(Answer::of(Activity::of(found, tally.unwrap_or_default(), asked.app().now())))
}
