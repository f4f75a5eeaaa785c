//! Something of everything in branch B1, for others to try their hands on.

use chrono::Duration;
use serde_json::{Value, json};

use crate::harness::{
    Unit, Who, World,
    clock::rfc3339,
    document::*,
    meeting::{end, start},
};

/// Ids of things of district A, most of them settled so that trying changes nothing.
pub struct Scene {
    pub activity: String,
    pub item: String,
    pub old_qr: String,
    pub leave: String,
    pub claim: String,
    pub theme: String,
    pub recurrence: String,
    pub exemption: String,
    pub ended_post: String,
    pub session: String,
    pub notification: String,
}

fn id(reply: &crate::harness::Reply, field: &str) -> String {
    reply.done()[field]["id"].as_str().unwrap().to_owned()
}

impl Scene {
    /// Lays everything out; the Party day is open, and its first code is old.
    pub async fn set(world: &World) -> Self {
        let (theme, recurrence) = (theme(world).await, recurrence(world).await);
        let ended_post = ended_post(world).await;
        let activity = world.published(json!({ "items": ["参观"] })).await;
        let leave = leave(world, &activity).await;
        world.set_clock(start() - Duration::minutes(5));
        world.settle().await;
        let old_qr = world.qr(&activity).await;
        let claim = claim(world, &old_qr).await;
        world.pass(Duration::minutes(3));
        let agenda = world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
        agenda.data("/activities");
        let sessions = world.member_of_b1().gql(SESSIONS, json!({})).await;
        let item = item(world, &activity).await;
        let inbox = world.member_of_b1().gql(INBOX, json!({})).await;
        Self {
            item,
            old_qr,
            leave,
            claim,
            theme,
            recurrence,
            exemption: zhibu::graphql::encode("Exemption", world.ids.exemption.0),
            ended_post,
            session: sessions.str("/sessions/0/id"),
            notification: inbox.str("/inbox/edges/0/node/id"),
            activity,
        }
    }
}

async fn theme(world: &World) -> String {
    let issued = world.office().run(ISSUE_THEME, json!({
        "issuerUnitId": world.unit(Unit::S1), "title": "学雷锋", "startsOn": "2026-03-01", "endsOn": "2026-03-31",
    })).await;
    let theme = id(&issued, "theme");
    let adopted = world.secretary().run(ADOPT_THEME, json!({
        "themeId": theme, "hostUnitId": world.unit(Unit::B1),
        "startsAt": rfc3339(start() + Duration::days(7)), "endsAt": rfc3339(end() + Duration::days(7)),
    })).await;
    adopted.done();
    world.office().run(WITHDRAW_THEME, json!({ "id": theme })).await.done();
    theme
}

async fn recurrence(world: &World) -> String {
    let set_up = world
        .secretary()
        .run(
            CREATE_RECURRENCE,
            json!({
                "hostUnitId": world.unit(Unit::B1), "title": "主题党日", "rule": "FREQ=MONTHLY;BYDAY=3FR",
                "startsOn": "2026-05-01", "time": "19:00", "duration": 120,
            }),
        )
        .await;
    let recurrence = id(&set_up, "recurrence");
    world.secretary().run(STOP_RECURRENCE, json!({ "id": recurrence })).await.done();
    recurrence
}

async fn ended_post(world: &World) -> String {
    let appointed = world.office().run(APPOINT, json!({
        "accountId": world.account(Who::Stranger), "unitId": world.unit(Unit::B2), "kind": "GRID_WORKER",
    })).await;
    let post = id(&appointed, "post");
    world.office().run(END_POST, json!({ "id": post })).await.done();
    post
}

async fn leave(world: &World, activity: &str) -> String {
    let asked =
        world.as_(Who::Second).run(REQUEST_LEAVE, json!({ "activityId": activity, "reason": "出差" })).await;
    let leave = id(&asked, "leaveRequest");
    world.secretary().run(DECIDE_LEAVE, json!({ "id": leave, "granted": true })).await.done();
    leave
}

/// A scan whose times can't be, rejected by the secretary.
async fn claim(world: &World, qr: &str) -> String {
    let offline =
        json!({ "scannedAt": rfc3339(world.now() + Duration::minutes(1)), "sentAt": rfc3339(world.now()) });
    let sent = world.as_(Who::Probationary).run(CHECK_IN, json!({ "qr": qr, "offline": offline })).await;
    let claim: &Value = &sent.done()["claim"];
    let claim = claim["id"].as_str().expect("a claim").to_owned();
    let rejected = json!({ "id": claim, "accepted": false, "reason": "未到场" });
    world.secretary().run(DECIDE_CLAIM, rejected).await.done();
    claim
}

async fn item(world: &World, activity: &str) -> String {
    let added = world
        .secretary()
        .run(CHANGE_AGENDA, json!({ "activityId": activity, "change": { "add": "座谈" } }))
        .await;
    let agenda = added.done()["activity"]["agenda"].as_array().unwrap().clone();
    agenda[0]["id"].as_str().unwrap().to_owned()
}
