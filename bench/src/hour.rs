//! The busy minutes of a subdistrict: everybody opens the app, checks in and looks again, while
//! some report hours and their secretaries review. Requests come when they come (an open loop): a
//! server that falls behind shows in the times, which count from when somebody wanted something.

use std::{
    cell::RefCell,
    collections::HashMap,
    rc::Rc,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant as Moment, sleep, sleep_until},
};

use crate::{
    Fault, check_in,
    crowd::Crowd,
    graph::Graph,
    home::HOME,
    load::Measure,
    meeting::{self, Meeting, Size, now},
    process,
    sample::{Row, Sample, note},
    wire::{self, Answer, Wire},
};

/// Connections that carry the requests of all.
const CONNECTIONS: usize = 256;
/// How soon after opening the app somebody checks in, and looks at the app again.
const THEN: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(20)];
/// How often the codes change, in milliseconds: at whole multiples of it.
const CODE_STEP: i64 = 15_000;
/// One member in so many reports hours.
const REPORTERS: usize = 10;
/// How often each secretary looks what there is to review.
const REVIEW_EVERY: Duration = Duration::from_secs(60);

const REPORT: &str = "mutation($i: ReportServiceHoursInput!) { reportServiceHours(input: $i) { __typename \
    ... on ReportServiceHoursDone { entry { id } } ... on HourReportRefused { code } } }";
const TO_REVIEW: &str = "query($u: ID!) { serviceHoursToReview(unitId: $u, first: 20) { edges { node { id \
    member { id name } minutes flags content } } } }";
const REVIEW: &str =
    "mutation($i: ReviewServiceHoursInput!) { reviewServiceHours(input: $i) { __typename } }";

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Wish {
    Home,
    CheckIn,
    Report,
    ToReview,
}

impl Wish {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::CheckIn, "hour-check-in", "busy minutes: check-in"),
        (Self::Home, "hour-home", "busy minutes: home screen"),
        (Self::Report, "hour-report", "busy minutes: report of hours"),
        (Self::ToReview, "hour-review", "busy minutes: list to review, and its approval"),
    ];
}

/// Everybody, and the codes on the screens now.
struct Scene {
    crowd: Rc<Crowd>,
    /// Where somebody meets.
    places: HashMap<usize, usize>,
    codes: RefCell<Vec<Rc<str>>>,
    units: HashMap<usize, String>,
    samples: RefCell<HashMap<Wish, Sample>>,
}

type Asked = (Instant, Wish, usize);

/// Lets everybody come within `span`.
pub async fn measure(measure: &Measure, crowd: &Rc<Crowd>, span: Duration) -> Result<Vec<Row>, Fault> {
    crowd.sign_in_all(measure).await?;
    let branches = crowd.branches();
    let everybody: usize = branches.iter().map(|branch| branch.people.len()).sum();
    let meetings = meeting::hold_all(crowd, Size::Branch, everybody).await?;
    let places = meetings.iter().enumerate();
    let places = places.flat_map(|(place, m)| m.people.iter().map(move |one| (*one, place))).collect();
    let scene = Rc::new(Scene {
        crowd: Rc::clone(crowd),
        places,
        codes: RefCell::default(),
        units: branches.iter().map(|branch| (branch.secretary, branch.unit.clone())).collect(),
        samples: RefCell::default(),
    });
    process::rest(measure.pid).await;
    let graph = crowd.office().await?;
    scene.look(&graph, &meetings).await?;
    note(&format!("{everybody} members come within {} s", span.as_secs()));
    measure.pid.inspect(|pid| process::forget_peak(*pid));
    let (wishes, rest) = scene.wishes(span);
    let screens = tokio::task::spawn_local(show(Rc::clone(&scene), graph, meetings));
    let started = Instant::now();
    run(measure, &scene, wishes, started + rest).await?;
    screens.abort();
    let elapsed = started.elapsed();
    let peak = measure.pid.and_then(process::peak);
    let mut samples = scene.samples.take();
    let rows = Wish::ALL.into_iter().filter_map(|(wish, key, label)| {
        let sample = Sample { elapsed, ..samples.remove(&wish)? };
        let mut row = Row::median(vec![sample]).named(key, format!("{label}, {everybody} members"));
        row.memory = peak;
        Some(row)
    });
    Ok(rows.collect())
}

/// Asks for the codes until the time is over.
async fn show(scene: Rc<Scene>, graph: Graph, meetings: Vec<Meeting>) {
    loop {
        let rest = CODE_STEP - now().timestamp_millis().rem_euclid(CODE_STEP);
        sleep(Duration::from_millis(rest.unsigned_abs())).await;
        if let Err(fault) = scene.look(&graph, &meetings).await {
            note(&format!("no codes: {fault}"));
        }
    }
}

/// Hands each wish to a connection when its time has come.
async fn run(
    measure: &Measure,
    scene: &Rc<Scene>,
    wishes: Vec<(Duration, Wish, usize)>,
    until: Instant,
) -> Result<(), Fault> {
    let started = Instant::now();
    let (sender, receiver) = mpsc::unbounded_channel::<Asked>();
    let receiver = Rc::new(tokio::sync::Mutex::new(receiver));
    let mut lines = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (scene, receiver) = (Rc::clone(scene), Rc::clone(&receiver));
        let mut wire = Wire::connect(measure.address).await?;
        lines.spawn_local(async move {
            loop {
                let asked = receiver.lock().await.recv().await;
                let Some((at, wish, number)) = asked else { break };
                scene.answer(&mut wire, at, wish, number).await;
            }
        });
    }
    for (after, wish, number) in wishes {
        let at = started + after;
        sleep_until(Moment::from_std(at)).await;
        if sender.send((at, wish, number)).is_err() || at > until {
            break;
        }
    }
    drop(sender);
    while let Some(line) = lines.join_next().await {
        line?;
    }
    Ok(())
}

impl Scene {
    async fn look(&self, graph: &Graph, meetings: &[Meeting]) -> Result<(), Fault> {
        let mut codes = Vec::with_capacity(meetings.len());
        for some in meetings.chunks(50) {
            codes.extend(meeting::codes(graph, some).await?);
        }
        *self.codes.borrow_mut() = codes;
        Ok(())
    }

    /// All wishes in order of their times, and when the last one comes.
    fn wishes(&self, span: Duration) -> (Vec<(Duration, Wish, usize)>, Duration) {
        let everybody = u32::try_from(self.places.len().max(1)).unwrap_or(u32::MAX);
        let mut numbers: Vec<_> = self.places.keys().copied().collect();
        // Neighbours in the list are members of different branches.
        numbers.sort_by_key(|number| number.wrapping_mul(0x9E37_79B9) & 0xFFFF_FFFF);
        let mut wishes = Vec::with_capacity(numbers.len() * 4);
        for (place, number) in (0_u32..).zip(&numbers) {
            let at = span / everybody * place;
            wishes.extend([(at, Wish::Home, *number), (at + THEN[0], Wish::CheckIn, *number)]);
            wishes.push((at + THEN[1], Wish::Home, *number));
            if number % REPORTERS == 0 {
                wishes.push((at + THEN[1], Wish::Report, *number));
            }
        }
        for (place, secretary) in (0_u32..).zip(self.units.keys()) {
            let mut at = REVIEW_EVERY / u32::try_from(self.units.len().max(1)).unwrap_or(1) * place;
            while at < span {
                wishes.push((at, Wish::ToReview, *secretary));
                at += REVIEW_EVERY;
            }
        }
        wishes.sort_by_key(|(at, ..)| *at);
        let last = wishes.last().map_or(span, |(at, ..)| *at);
        (wishes, last)
    }

    async fn answer(&self, wire: &mut Wire, at: Instant, wish: Wish, number: usize) {
        let complaint = match self.ask(wire, wish, number).await {
            Ok(None) => None,
            Ok(Some(complaint)) => Some(complaint),
            Err(fault) => Some(fault.to_string()),
        };
        let mut samples = self.samples.borrow_mut();
        let sample = samples.entry(wish).or_default();
        match complaint {
            None => sample.micros.push(u32::try_from(at.elapsed().as_micros()).unwrap_or(u32::MAX)),
            Some(complaint) => {
                sample.errors += 1;
                sample.complaint.get_or_insert(complaint);
            }
        }
    }

    /// Does what somebody wants; answers a complaint where the answer isn't the wanted one.
    async fn ask(&self, wire: &mut Wire, wish: Wish, number: usize) -> Result<Option<String>, Fault> {
        let token = self.crowd.token(number).ok_or("somebody without a token")?;
        let post = |query: &str, variables: Value| {
            wire::request(Some(&token), &json!({ "query": query, "variables": variables }).to_string())
        };
        let good = |answer: &Answer<'_>, sign: &str| {
            let told = || String::from_utf8_lossy(answer.body).chars().take(300).collect();
            (!answer.ok || !answer.holds(sign.as_bytes())).then(told)
        };
        Ok(match wish {
            Wish::Home => good(&wire.exchange(&post(HOME, json!({}))).await?, r#"{"data":{"home":{"#),
            Wish::CheckIn => {
                let place = self.places.get(&number).copied().unwrap_or_default();
                let code = self.codes.borrow().get(place).cloned().ok_or("no code")?;
                let request = check_in::request(&self.crowd, number, &code).ok_or("no token")?;
                let answer = wire.exchange(&request).await?;
                if check_in::is_done(&answer) { None } else { good(&answer, "nothing but a new record") }
            }
            Wish::Report => {
                let ends = now() - TimeDelta::minutes(1);
                let service = json!({ "startsAt": ends - TimeDelta::hours(1), "endsAt": ends,
                    "place": "社区广场", "content": "反诈宣传", "beneficiary": "社区居民" });
                let request = post(REPORT, json!({ "i": { "service": service } }));
                good(&wire.exchange(&request).await?, "ReportServiceHoursDone")
            }
            Wish::ToReview => {
                let unit = self.units.get(&number).ok_or("no secretary")?;
                let answer = wire.exchange(&post(TO_REVIEW, json!({ "u": unit }))).await?;
                if let Some(complaint) = good(&answer, r#""serviceHoursToReview""#) {
                    return Ok(Some(complaint));
                }
                let found: Value = serde_json::from_slice(answer.body)?;
                let edges = found.pointer("/data/serviceHoursToReview/edges").and_then(Value::as_array);
                let ids = edges.into_iter().flatten().filter_map(|edge| edge.pointer("/node/id"));
                let reviews: Vec<_> = ids.map(|id| json!({ "id": id })).collect();
                if reviews.is_empty() {
                    return Ok(None);
                }
                let request = post(REVIEW, json!({ "i": { "reviews": reviews } }));
                good(&wire.exchange(&request).await?, "ReviewServiceHoursDone")
            }
        })
    }
}
