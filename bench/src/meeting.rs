//! Activities to check in to, and the check-ins themselves (W1, W1h).

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use tokio::{sync::Notify, task::JoinSet, time::sleep};

use crate::{
    Fault,
    crowd::{Branch, Crowd},
    graph::{Graph, text},
    load::Source,
    sample::note,
    wire::{self, Answer},
};

/// Activities planned, published or asked for their codes in one request.
const TOGETHER: usize = 10;
const CODES_TOGETHER: usize = 50;
/// Units that hold a joint activity.
const HOSTS: usize = 21;
/// How many check-ins are kept ready: few, because the codes in them grow old.
const READY: usize = 3_000;
const PUBLISH: (&str, &str, &str) =
    ("mutation", "ActivityStepInput", "publishActivity(input: %) { __typename }");
const OPEN: (&str, &str, &str) = ("mutation", "ActivityStepInput", "openActivity(input: %) { __typename }");
const CHECK_IN: &str = "mutation($i: CheckInInput!) { checkIn(input: $i) { __typename ... on CheckInDone { \
    repeated attendance { id state occurredAt } } ... on CheckInRefused { code message } } }";

/// Who meets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Many branches, each by itself, at the same time.
    Branch,
    /// Many branches in one activity after the other.
    Joint,
}

/// An activity and those who are still to check in.
struct Meeting {
    id: String,
    people: Vec<usize>,
}

/// Hosts and people of an activity to be.
struct Plan {
    hosts: Vec<String>,
    people: Vec<usize>,
}

/// Pairs of member and activity, each used once, with codes as they are on the screen now.
pub struct Supply {
    crowd: Rc<Crowd>,
    ready: RefCell<VecDeque<(usize, Rc<str>)>>,
    more: Notify,
    over: Cell<bool>,
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
    let everybody: usize = branches.iter().map(|branch| branch.people.len()).sum();
    let rounds = pairs.div_ceil(everybody.max(1));
    (0..rounds).flat_map(|_| branches.chunks(group).map(plan)).collect()
}

/// One operation on several things at once: `query($a0: T!, …) { a0: field(arg: $a0) { … } … }`.
async fn several(
    graph: &mut Graph,
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
async fn hold(graph: &mut Graph, plans: Vec<Plan>) -> Result<Vec<Meeting>, Fault> {
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

impl Supply {
    /// Holds activities for so many pairs.
    pub async fn prepare(crowd: &Rc<Crowd>, size: Size, pairs: usize) -> Result<Rc<Self>, Fault> {
        crowd.renew().await?;
        let branches = crowd.branches();
        let plans = Rc::new(RefCell::new(plans(&branches, size, pairs)));
        note(&format!("prepares {} activities of {} branches", plans.borrow().len(), branches.len()));
        let mut makers = JoinSet::new();
        for _ in 0..8 {
            let (plans, mut graph) = (Rc::clone(&plans), crowd.office().await?);
            makers.spawn_local(async move {
                let mut held = Vec::new();
                loop {
                    let some: Vec<_> =
                        std::iter::from_fn(|| plans.borrow_mut().pop_front()).take(TOGETHER).collect();
                    if some.is_empty() {
                        break Ok(held);
                    }
                    held.extend(hold(&mut graph, some).await.map_err(|fault| fault.to_string())?);
                }
            });
        }
        let mut meetings = Vec::new();
        while let Some(held) = makers.join_next().await {
            let held: Result<_, String> = held?;
            meetings.extend(held?);
        }
        let supply = Rc::new(Self {
            crowd: Rc::clone(crowd),
            ready: RefCell::default(),
            more: Notify::new(),
            over: Cell::new(false),
        });
        let together = if size == Size::Joint { 1 } else { CODES_TOGETHER };
        let feeding = feed(Rc::downgrade(&supply), crowd.office().await?, meetings, together);
        tokio::task::spawn_local(async move {
            if let Err(fault) = feeding.await {
                note(&format!("no more codes: {fault}"));
            }
        });
        // What the preparations have left to do is not to be measured.
        sleep(Duration::from_secs(1)).await;
        Ok(supply)
    }
}

/// Asks for codes shortly before they are used, until the run is over.
async fn feed(
    supply: Weak<Supply>,
    mut graph: Graph,
    meetings: Vec<Meeting>,
    together: usize,
) -> Result<(), Fault> {
    let over = Over(Weak::clone(&supply));
    let code = ("query", "ID", "checkInCode(activityId: %) { qr }");
    for meetings in meetings.chunks(together) {
        loop {
            let Some(supply) = supply.upgrade() else { return Ok(()) };
            if supply.ready.borrow().len() < READY {
                break;
            }
            drop(supply);
            sleep(Duration::from_millis(2)).await;
        }
        let codes =
            several(&mut graph, code, meetings.iter().map(|meeting| json!(meeting.id)).collect()).await?;
        let code = |number: usize| text(&codes, &format!("/a{number}/qr")).map(Rc::from);
        let codes: Vec<Rc<str>> = (0..meetings.len()).map(code).collect::<Result<_, _>>()?;
        let Some(supply) = supply.upgrade() else { return Ok(()) };
        let most = meetings.iter().map(|meeting| meeting.people.len()).max().unwrap_or_default();
        // Everywhere at once, as on a Party day's evening.
        let pairs = (0..most).flat_map(|place| {
            let pair = move |(meeting, code): (&Meeting, &Rc<str>)| {
                Some((*meeting.people.get(place)?, Rc::clone(code)))
            };
            meetings.iter().zip(&codes).filter_map(pair)
        });
        supply.ready.borrow_mut().extend(pairs);
        supply.more.notify_waiters();
    }
    drop(over);
    Ok(())
}

/// Says that nothing more comes, however the feeding ends.
struct Over(Weak<Supply>);

impl Drop for Over {
    fn drop(&mut self) {
        if let Some(supply) = self.0.upgrade() {
            supply.over.set(true);
            supply.more.notify_waiters();
        }
    }
}

impl Source for Supply {
    async fn next(&self, request: &mut Vec<u8>) -> Option<usize> {
        let (number, code) = loop {
            let more = self.more.notified();
            if let Some(pair) = self.ready.borrow_mut().pop_front() {
                break pair;
            }
            if self.over.get() {
                return None;
            }
            more.await;
        };
        let token = self.crowd.token(number)?;
        let variables = format!(r#"{{"i":{{"qr":"{code}","deviceId":"bench-{number}"}}}}"#);
        let body = format!(r#"{{"query":"{CHECK_IN}","variables":{variables}}}"#);
        request.extend(wire::request(Some(&token), &body));
        Some(number)
    }

    fn accept(&self, _: usize, answer: &Answer<'_>) -> bool {
        answer.holds(br#""repeated":false,"attendance":{"#)
    }
}
