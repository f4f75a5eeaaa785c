//! Something of everything in branch B1, for others to try their hands on.

use chrono::Duration;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use crate::harness::{
    Unit, Who, World, assigning,
    clock::rfc3339,
    document::*,
    meeting::{end, start},
};

/// Ids of things of district A, most of them settled so that trying changes nothing.
pub struct Scene {
    pub activity: String,
    pub draft: String,
    pub item: String,
    pub old_qr: String,
    pub leave: String,
    pub claim: String,
    pub theme: String,
    pub recurrence: String,
    pub exemption: String,
    pub ended_post: String,
    pub session: String,
    pub hours: String,
    pub objection: String,
    pub assignment: String,
    pub offer: String,
    pub assignment_template: String,
    pub notification: String,
    pub team: String,
    pub project: String,
    pub shift: String,
    pub sign_up: String,
    pub sheet: String,
    pub client: String,
    pub calendar: String,
    pub export: String,
    pub webhook: String,
    pub delivery: String,
}

fn id(reply: &crate::harness::Reply, field: &str) -> String {
    reply.done()[field]["id"].as_str().unwrap().to_owned()
}

impl Scene {
    /// Lays everything out; the Party day is open, and its first code is old.
    pub async fn set(world: &World) -> Self {
        let (theme, recurrence) = (theme(world).await, recurrence(world).await);
        let (hours, objection) = hours(world).await;
        counting(world).await;
        let Service { team, project, shift, sign_up } = service(world).await;
        let ended_post = ended_post(world).await;
        let activity = world.published(json!({ "items": ["参观"] })).await;
        let leave = leave(world, &activity).await;
        let draft = world.draft(json!({ "title": "四月主题党日" })).await;
        world.set_clock(start() - Duration::minutes(5));
        world.settle().await;
        let old_qr = world.qr(&activity).await;
        let claim = claim(world, &old_qr).await;
        world.pass(Duration::minutes(3));
        let agenda = world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
        agenda.data("/activities");
        let sessions = world.member_of_b1().gql(SESSIONS, json!({})).await;
        let item = item(world, &activity).await;
        let (assignment, offer) = assignments(world).await;
        let inbox = world.member_of_b1().gql(INBOX, json!({})).await;
        let (webhook, delivery) = webhook(world).await;
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
            hours,
            objection,
            notification: inbox.str("/inbox/edges/0/node/id"),
            team,
            project,
            shift,
            sign_up,
            sheet: sheet(world).await,
            client: client(world).await,
            calendar: calendar(world).await,
            export: export(world).await,
            webhook,
            delivery,
            activity,
            draft,
            assignment,
            offer,
            assignment_template: assignment_template(world).await,
        }
    }
}

/// An endpoint of B1 that was tried in vain and is switched off.
async fn webhook(world: &World) -> (String, String) {
    // Nobody is there: it is a name that never stands for anything.
    let new = json!({
        "unitId": world.unit(Unit::B1), "url": "https://hook.invalid/", "description": "门户网站", "events": ["UNIT_CHANGED"],
    });
    let made = id(&world.office().run(CREATE_WEBHOOK, new).await, "endpoint");
    let ping = id(&world.office().run(PING_WEBHOOK, json!({ "id": made })).await, "delivery");
    let off = json!({ "id": made, "version": 1, "enabled": false });
    world.office().run(CHANGE_WEBHOOK, off).await.done();
    (made, ping)
}

/// A client of B1 that was taken back.
async fn client(world: &World) -> String {
    let new = json!({
        "name": "门户网站", "scopes": ["ACTIVITIES_READ"], "unitId": world.unit(Unit::B1),
        "expiresAt": rfc3339(world.now() + Duration::days(90)),
    });
    let made = id(&world.office().run(CREATE_CLIENT, new).await, "grant");
    world.office().run(REVOKE_GRANT, json!({ "id": made })).await.done();
    made
}

/// The address of a member's own calendar, which has been revoked.
async fn calendar(world: &World) -> String {
    let made = world.member_of_b1().run(CREATE_CALENDAR_LINK, json!({})).await;
    let calendar = id(&made, "link");
    world.member_of_b1().run(REVOKE_CALENDAR_LINK, json!({ "id": calendar })).await.done();
    calendar
}

/// An export of the office, which was cancelled.
async fn export(world: &World) -> String {
    let wanted = json!({
        "kind": "ATTENDANCE", "unitId": world.unit(Unit::B1), "year": 2026, "month": 3, "purpose": "报送区委组织部",
    });
    let export = id(&world.office().run(EXPORT_REPORT, wanted).await, "export");
    world.office().run(CANCEL_REPORT_EXPORT, json!({ "id": export })).await.done();
    export
}

/// An assignment of B1 to one of its members, and an offer to all of B1; both are cancelled.
async fn assignments(world: &World) -> (String, String) {
    let to_member = json!({ "memberId": world.member(Who::Member) });
    let to_all = json!({ "offer": { "unitId": world.unit(Unit::B1), "capacity": 3 } });
    let mut made = Vec::new();
    for to in [to_member, to_all] {
        let one = world.secretary().run(CREATE_ASSIGNMENT, assigning::work(world, Unit::B1, to)).await;
        let one = id(&one, "assignment");
        world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": one })).await.done();
        world.secretary().run(CANCEL_ASSIGNMENT, json!({ "id": one, "reason": "并入其他任务" })).await.done();
        made.push(one);
    }
    (made.remove(0), made.remove(0))
}

/// A template of B1 that has been put away.
async fn assignment_template(world: &World) -> String {
    let written =
        world.secretary().run(CREATE_ASSIGNMENT_TEMPLATE, assigning::template(world, Unit::B1)).await;
    let template = id(&written, "template");
    world.secretary().run(STOP_ASSIGNMENT_TEMPLATE, json!({ "id": template })).await.done();
    template
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

/// Hours that were verified, objected to in vain, and then taken back by the member.
async fn hours(world: &World) -> (String, String) {
    let reported = world.member_of_b1().run(REPORT_HOURS, json!({
        "unitId": world.unit(Unit::B1),
        "service": {
            "startsAt": rfc3339(world.now() - Duration::hours(26)), "endsAt": rfc3339(world.now() - Duration::hours(24)),
            "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
        },
    })).await;
    let hours = id(&reported, "entry");
    world.secretary().run(REVIEW_HOURS, json!({ "reviews": [{ "id": hours }] })).await.done();
    let objected =
        world.as_(Who::Second).run(OBJECT_TO_HOURS, json!({ "entryId": hours, "reason": "不在场" })).await;
    let objection = id(&objected, "objection");
    let dismissed = json!({ "id": objection, "upheld": false, "answer": "属实" });
    world.office().run(DECIDE_OBJECTION, dismissed).await.done();
    world.member_of_b1().run(WITHDRAW_HOURS, json!({ "id": hours })).await.done();
    (hours, objection)
}

/// Hours of a member's that count when the Party day begins.
async fn counting(world: &World) {
    let reported = world.member_of_b1().run(REPORT_HOURS, json!({
        "unitId": world.unit(Unit::B1),
        "service": {
            "startsAt": rfc3339(world.now() - Duration::hours(30)), "endsAt": rfc3339(world.now() - Duration::hours(28)),
            "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
        },
    })).await;
    let hours = id(&reported, "entry");
    world.secretary().run(REVIEW_HOURS, json!({ "reviews": [{ "id": hours }] })).await.done();
    // No rule makes a notice shorter than a week, which the scene hasn't.
    let database = Database::connect(&world.app.config.database_url).await.unwrap();
    let over = "UPDATE service_hour_entry SET publicity_until = verified_at, due_at = verified_at
        WHERE state = 'IN_PUBLICITY'";
    database.execute_unprepared(over).await.unwrap();
    database.close().await.unwrap();
}

/// A sheet of them, which was revoked.
async fn sheet(world: &World) -> String {
    let sheet = id(&world.member_of_b1().run(ISSUE_SHEET, json!({})).await, "sheet");
    world.member_of_b1().run(REVOKE_SHEET, json!({ "id": sheet })).await.done();
    sheet
}

/// A team, a project and a shift of B1, all of them over, and a sign-up that was taken back.
struct Service {
    team: String,
    project: String,
    shift: String,
    sign_up: String,
}

async fn service(world: &World) -> Service {
    let unit = world.unit(Unit::B1);
    let secretary = world.secretary();
    let team = id(&secretary.run(CREATE_TEAM, json!({ "unitId": unit, "name": "先锋队" })).await, "team");
    let begun =
        secretary.run(CREATE_PROJECT, json!({ "unitId": unit, "teamId": team, "name": "清洁家园" })).await;
    let project = id(&begun, "project");
    let planned = secretary.run(CREATE_SHIFT, json!({
        "projectId": project, "place": "曲水亭街", "capacity": 1,
        "startsAt": rfc3339(world.now() + Duration::days(30)), "endsAt": rfc3339(world.now() + Duration::days(30) + Duration::hours(2)),
    })).await;
    let shift = id(&planned, "shift");
    secretary.run(PUBLISH_SHIFT, json!({ "id": shift })).await.done();
    let sign_up = id(&world.member_of_b1().run(SIGN_UP, json!({ "shiftId": shift })).await, "signUp");
    world.member_of_b1().run(WITHDRAW_SIGN_UP, json!({ "id": sign_up })).await.done();
    secretary.run(CANCEL_SHIFT, json!({ "id": shift, "reason": "暴雨" })).await.done();
    secretary.run(END_PROJECT, json!({ "id": project })).await.done();
    secretary.run(END_TEAM, json!({ "id": team })).await.done();
    Service { team, project, shift, sign_up }
}
