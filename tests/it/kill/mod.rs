//! The server is killed in the middle of a burst of check-ins: whatever it had acknowledged is
//! there afterwards, exactly once. `KILL_ROUNDS` says how often; `scripts/kill-loop` runs fifty.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::task::JoinSet;
use zhibu::clock::Clock;

use crate::harness::{postgres, process::Process};

const CREATE: &str = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { ... on CreateActivityDone { activity { id } } } }";
const PUBLISH: &str = "mutation($i: ActivityStepInput!) { publishActivity(input: $i) { ... on PublishActivityDone { activity { state } } } }";
const CODE: &str = "query($a: ID!) { checkInCode(activityId: $a) { qr } }";
const CHECK_IN: &str =
    "mutation($i: CheckInInput!) { checkIn(input: $i) { ... on CheckInDone { attendance { id } } } }";
const ATTENDEES: &str = "query($a: ID!) { node(id: $a) { ... on Activity {
    tally { present late }
    attendees(first: 100) { edges { node { member { id } attendance { id state } } } } } } }";
const AUDIT: &str = "query($s: ID!) { audit(first: 5, subjectId: $s) { edges { node { operation } } } }";

/// A member's check-ins, by activity and member: the ids that the server answered.
type Acknowledged = BTreeMap<(String, String), BTreeSet<String>>;

struct People {
    secretary: String,
    auditor: String,
    members: Vec<(String, String)>,
    unit: String,
}

/// One branch of the demo with its secretary, from `accounts.json`.
async fn people(server: &Process, folder: &Path) -> People {
    let accounts: Value =
        serde_json::from_slice(&std::fs::read(folder.join("accounts.json")).unwrap()).unwrap();
    let accounts = accounts.as_array().unwrap();
    let text = |a: &Value, key: &str| a[key].as_str().unwrap_or_default().to_owned();
    let of = |role: &'static str| accounts.iter().filter(move |a| a["role"] == role);
    let secretary = of("SECRETARY").next().unwrap();
    let token = async |a: &Value| server.sign_in(&text(a, "phone"), &text(a, "password")).await;
    let (unit, secretary) = (text(secretary, "unitId"), token(secretary).await);
    let roster = "query($u: ID!) { roster(unitId: $u, first: 100) { edges { node { id } } } }";
    let roster = server.gql(Some(&secretary), roster, json!({ "u": unit })).await.unwrap();
    let ids: BTreeSet<_> = roster["data"]["roster"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| text(&e["node"], "id"))
        .collect();
    let mut members = Vec::new();
    for account in accounts.iter().filter(|a| ids.contains(&text(a, "memberId"))).take(12) {
        members.push((text(account, "memberId"), token(account).await));
    }
    let auditor = token(of("AUDITOR").next().unwrap()).await;
    assert!(members.len() >= 5, "the branch has too few members: {}", members.len());
    People { secretary, auditor, members, unit }
}

/// Plans and publishes Party days that are open now; answers each with the code on its screen.
async fn open(server: &Process, people: &People, count: usize) -> Vec<(String, String)> {
    let mut open = Vec::new();
    for n in 0..count {
        let now = Clock::System.now();
        let plan = json!({
            "hostUnitId": people.unit, "kind": "THEME_PARTY_DAY", "title": format!("第{n}场"),
            "startsAt": now.to_rfc3339(), "endsAt": (now + chrono::Duration::hours(1)).to_rfc3339(),
        });
        let planned = server.gql(Some(&people.secretary), CREATE, json!({ "i": plan })).await.unwrap();
        let id = planned["data"]["createActivity"]["activity"]["id"].as_str().expect("planned").to_owned();
        server.gql(Some(&people.secretary), PUBLISH, json!({ "i": { "id": id } })).await.unwrap();
        open.push(id);
    }
    let mut shown = Vec::new();
    for id in open {
        let code = server.gql(Some(&people.secretary), CODE, json!({ "a": id })).await.unwrap();
        shown.push((id, code["data"]["checkInCode"]["qr"].as_str().expect("shown").to_owned()));
    }
    shown
}

/// Everybody scans every code, and the server is killed once `enough` of them have their answer.
async fn burst(
    mut server: Process,
    people: &People,
    shown: &[(String, String)],
    enough: usize,
) -> Acknowledged {
    let answered = Arc::new(AtomicUsize::new(0));
    let shared = Arc::new(tokio::sync::RwLock::new(Vec::new()));
    let server_url = Arc::new(server.client());
    let mut scans = JoinSet::new();
    for (activity, qr) in shown {
        for (member, token) in &people.members {
            let (activity, qr, member, token) = (activity.clone(), qr.clone(), member.clone(), token.clone());
            let (client, answered, shared) =
                (Arc::clone(&server_url), Arc::clone(&answered), Arc::clone(&shared));
            scans.spawn(async move {
                let answer = client.gql(Some(&token), CHECK_IN, json!({ "i": { "qr": qr } })).await;
                let id = answer.as_ref().and_then(|a| a["data"]["checkIn"]["attendance"]["id"].as_str());
                if let Some(id) = id {
                    shared.write().await.push(((activity, member), id.to_owned()));
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    }
    while answered.load(Ordering::SeqCst) < enough && !scans.is_empty() {
        tokio::select! {
            _ = scans.join_next() => {}
            () = tokio::time::sleep(Duration::from_millis(1)) => {}
        }
    }
    server.kill();
    while scans.join_next().await.is_some() {}
    let mut acknowledged = Acknowledged::new();
    for (key, id) in shared.read().await.iter() {
        acknowledged.entry(key.clone()).or_default().insert(id.clone());
    }
    acknowledged
}

/// Whatever was acknowledged is there under the id that was answered; nobody is there twice; every
/// record stands in the audit once.
async fn examine(
    server: &Process,
    people: &People,
    shown: &[(String, String)],
    acknowledged: &Acknowledged,
) -> usize {
    let mut recorded = 0;
    for (activity, _) in shown {
        let answer = server.gql(Some(&people.secretary), ATTENDEES, json!({ "a": activity })).await.unwrap();
        let node = &answer["data"]["node"];
        let lines = node["attendees"]["edges"].as_array().unwrap();
        let there: BTreeMap<_, _> = lines
            .iter()
            .filter(|l| !l["node"]["attendance"].is_null())
            .map(|l| {
                let text = |v: &Value| v.as_str().unwrap().to_owned();
                (text(&l["node"]["member"]["id"]), text(&l["node"]["attendance"]["id"]))
            })
            .collect();
        let count = node["tally"]["present"].as_u64().unwrap() + node["tally"]["late"].as_u64().unwrap();
        assert_eq!(there.len() as u64, count, "the count differs from the records of {activity}");
        for (member, _) in &people.members {
            let Some(ids) = acknowledged.get(&(activity.clone(), member.clone())) else { continue };
            let id = there
                .get(member)
                .unwrap_or_else(|| panic!("an acknowledged check-in is lost: {activity} {member}"));
            assert_eq!(ids.iter().collect::<Vec<_>>(), vec![id], "the record isn't the acknowledged one");
        }
        if let Some(id) = there.values().next() {
            let audit = server.gql(Some(&people.auditor), AUDIT, json!({ "s": id })).await.unwrap();
            assert_eq!(audit["data"]["audit"]["edges"].as_array().map(Vec::len), Some(1), "{audit}");
        }
        recorded += there.len();
    }
    recorded
}

async fn rounds(folder: &Path, url: Option<&str>) {
    let rounds = std::env::var("KILL_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(2);
    for round in 0..rounds {
        let server = Process::demo(folder, url).await;
        let before = people(&server, folder).await;
        let shown = open(&server, &before, 8).await;
        let acknowledged = burst(server, &before, &shown, 3 + (round * 17) % 60).await;
        assert!(!acknowledged.is_empty(), "nothing was acknowledged before the end");
        let server = Process::demo(folder, url).await;
        let after = people(&server, folder).await;
        let recorded = examine(&server, &after, &shown, &acknowledged).await;
        println!("round {round}: {} acknowledged, {recorded} recorded", acknowledged.len());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let folder = tempfile::tempdir().unwrap();
    rounds(folder.path(), None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(server) = postgres::server() else { return };
    let database = server.create(None).await;
    let folder = tempfile::tempdir().unwrap();
    rounds(folder.path(), Some(&server.url(&database))).await;
    server.drop(&database).await;
}
