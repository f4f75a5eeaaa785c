//! Activities to check in to.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use crate::{
    Fault,
    crowd::{Branch, Crowd},
    graph::{Graph, text},
    sample::note,
};

/// Activities planned or published in one request.
const TOGETHER: usize = 10;
/// Units that hold a joint activity.
const HOSTS: usize = 21;
const PUBLISH: (&str, &str, &str) =
    ("mutation", "ActivityStepInput", "publishActivity(input: %) { __typename }");
const OPEN: (&str, &str, &str) = ("mutation", "ActivityStepInput", "openActivity(input: %) { __typename }");
/// Who meets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Many branches, each by itself, at the same time.
    Branch,
    /// Many branches in one activity after the other.
    Joint,
}

/// An activity and those who are still to check in.
pub struct Meeting {
    /// Its global id.
    pub id: String,
    /// Who may come.
    pub people: Vec<usize>,
}

/// Hosts and people of an activity to be.
struct Plan {
    hosts: Vec<String>,
    people: Vec<usize>,
}

/// The time of day.
#[expect(clippy::disallowed_methods, reason = "the generator's only use of the time of day")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

fn plans(branches: &[Branch], size: Size, pairs: usize) -> VecDeque<Plan> {
    let group = if size == Size::Joint { HOSTS } else { 1 };
    let plan = |group: &[Branch]| Plan {
        hosts: group.iter().map(|branch| branch.unit.clone()).collect(),
        people: group.iter().flat_map(|branch| branch.people.iter().copied()).collect(),
    };
    let mut held = 0;
    let enough = |plan: &Plan| {
        let wanted = held < pairs;
        held += plan.people.len();
        wanted
    };
    // Again and again the same branches, as far as it takes; without any there is nothing to plan.
    let rounds = if branches.is_empty() { 0 } else { usize::MAX };
    (0..rounds).flat_map(|_| branches.chunks(group).map(plan)).take_while(enough).collect()
}

/// One operation on several things at once: `query($a0: T!, …) { a0: field(arg: $a0) { … } … }`.
async fn several(
    graph: &Graph,
    (kind, variable, call): (&str, &str, &str),
    things: Vec<Value>,
) -> Result<Value, Fault> {
    let numbers = 0..things.len();
    let declared: Vec<_> = numbers.clone().map(|n| format!("$a{n}: {variable}!")).collect();
    let asked: Vec<_> = numbers.map(|n| format!("a{n}: {}", call.replace('%', &format!("$a{n}")))).collect();
    let variables: Map<_, _> = things.into_iter().enumerate().map(|(n, v)| (format!("a{n}"), v)).collect();
    let query = format!("{kind}({}) {{ {} }}", declared.join(", "), asked.join(" "));
    graph.ask(&query, Value::Object(variables)).await
}

/// Plans, publishes and opens some activities.
async fn hold(graph: &Graph, plans: Vec<Plan>) -> Result<Vec<Meeting>, Fault> {
    let starts = now() + TimeDelta::minutes(10);
    let input = |plan: &Plan| {
        json!({
            "hostUnitId": plan.hosts.first(), "jointHostIds": plan.hosts.get(1..).unwrap_or_default(),
            "kind": "FORUM", "title": "压力测试", "checkInOpens": 30,
            "startsAt": starts, "endsAt": starts + TimeDelta::hours(2),
        })
    };
    let create = (
        "mutation",
        "CreateActivityInput",
        "createActivity(input: %) { ... on CreateActivityDone \
        { activity { id } } ... on ActivityRefused { code message } }",
    );
    let made = several(graph, create, plans.iter().map(input).collect()).await?;
    let id = |number: usize| text(&made, &format!("/a{number}/activity/id"));
    let ids = (0..plans.len()).map(id).collect::<Result<Vec<_>, _>>()?;
    // Opened by hand: by itself each would open at some moment of the measurement.
    for step in [PUBLISH, OPEN] {
        let made = several(graph, step, ids.iter().map(|id| json!({ "id": id })).collect()).await?;
        text(&made, "/a0/__typename")?;
    }
    Ok(ids.into_iter().zip(plans).map(|(id, plan)| Meeting { id, people: plan.people }).collect())
}

/// Holds activities for at least so many pairs of member and activity.
pub async fn hold_all(crowd: &Crowd, size: Size, pairs: usize) -> Result<Vec<Meeting>, Fault> {
    crowd.renew().await?;
    let branches = crowd.branches();
    let plans = Rc::new(RefCell::new(plans(&branches, size, pairs)));
    note(&format!("prepares {} activities of {} branches", plans.borrow().len(), branches.len()));
    let mut makers = JoinSet::new();
    for _ in 0..8 {
        let (plans, graph) = (Rc::clone(&plans), crowd.office().await?);
        makers.spawn_local(async move {
            let mut held = Vec::new();
            loop {
                let some: Vec<_> =
                    std::iter::from_fn(|| plans.borrow_mut().pop_front()).take(TOGETHER).collect();
                if some.is_empty() {
                    break Ok(held);
                }
                held.extend(hold(&graph, some).await.map_err(|fault| fault.to_string())?);
            }
        });
    }
    let mut meetings = Vec::new();
    while let Some(held) = makers.join_next().await {
        let held: Result<_, String> = held?;
        meetings.extend(held?);
    }
    Ok(meetings)
}

/// The codes on the screens of some activities now.
pub async fn codes(graph: &Graph, meetings: &[Meeting]) -> Result<Vec<Rc<str>>, Fault> {
    let code = ("query", "ID", "checkInCode(activityId: %) { qr }");
    let codes = several(graph, code, meetings.iter().map(|meeting| json!(meeting.id)).collect()).await?;
    (0..meetings.len()).map(|number| text(&codes, &format!("/a{number}/qr")).map(Rc::from)).collect()
}
