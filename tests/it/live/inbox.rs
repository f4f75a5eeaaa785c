//! What people are told, and what they want to be told.

use chrono::Duration;
use serde_json::{Value, json};
use zhibu::notification::hand_on;

use super::handing_on::event;
use crate::{
    both,
    harness::{
        Actor, Who, World,
        clock::{beijing_time, rfc3339},
        document::*,
        fault::Fault,
        meeting::{end, start},
    },
};

/// Somebody's inbox, newest first.
pub async fn inbox(who: &Actor<'_>) -> Vec<Value> {
    let reply = who.gql(INBOX, json!({ "first": 50 })).await;
    reply.list("/inbox/edges").iter().map(|edge| edge["node"].clone()).collect()
}

fn kinds(inbox: &[Value]) -> Vec<&str> {
    inbox.iter().map(|n| n["kind"].as_str().unwrap()).collect()
}

both! {
    async fn members_are_told_once_of_a_party_day(world: &World) {
        let id = world.published(json!({})).await;
        world.settle().await;
        let mine = inbox(&world.member_of_b1()).await;
        assert_eq!(kinds(&mine), ["ACTIVITY_PUBLISHED"]);
        assert_eq!(mine[0]["title"], "活动通知");
        assert_eq!(mine[0]["body"], "“三月主题党日”，3月6日19:00开始。");
        assert_eq!(mine[0]["subject"], json!({ "__typename": "Activity", "id": id }));
        assert_eq!(inbox(&world.as_(Who::Exempt)).await.len(), 0, "who is exempt is left in peace");
        assert_eq!(inbox(&world.as_(Who::SecretaryOfB3)).await.len(), 0);
        let change = json!({ "id": id, "title": "学雷锋", "guestIds": [world.member(Who::MemberOfB2)] });
        world.office().run(UPDATE_ACTIVITY, change).await.done();
        world.settle().await;
        assert_eq!(inbox(&world.member_of_b1()).await.len(), 1, "one message for one need");
        assert_eq!(inbox(&world.as_(Who::MemberOfB2)).await.len(), 1, "a guest who comes onto the list is told then");
        let english = inbox(&world.member_of_b1().speaking("en")).await;
        assert_eq!(english[0]["body"], "“三月主题党日” begins on 6 March, 19:00.");
    }
}

both! {
    async fn whoever_knows_of_it_is_told_that_it_is_off(world: &World) {
        let draft = world.draft(json!({})).await;
        world.secretary().run(CANCEL, json!({ "id": draft, "reason": "改期" })).await.done();
        world.settle().await;
        assert_eq!(inbox(&world.member_of_b1()).await.len(), 0, "nobody knew of it");
        let id = world.published(json!({})).await;
        world.secretary().run(CANCEL, json!({ "id": id, "reason": "台风" })).await.done();
        world.settle().await;
        let mine = inbox(&world.member_of_b1()).await;
        assert_eq!(mine[0]["kind"], "ACTIVITY_CANCELLED");
        assert_eq!(mine[0]["body"], "“三月主题党日”（原定3月6日19:00）已取消。原因：台风。");
    }
}

both! {
    async fn whoever_knows_of_it_is_told_that_it_has_moved(world: &World) {
        let id = world.draft(json!({})).await;
        let secretary = world.secretary();
        let change = async |what: Value| {
            let mut what = what;
            what["id"] = json!(id);
            world.office().run(UPDATE_ACTIVITY, what).await.done();
            world.settle().await;
        };
        change(json!({ "venue": { "name": "活动室" } })).await;
        secretary.run(PUBLISH, json!({ "id": id })).await.done();
        world.settle().await;
        let muted = json!({ "mutedKinds": ["ACTIVITY_PUBLISHED"] });
        world.as_(Who::Probationary).run(SET_PREFERENCES, muted).await.done();
        // What moves nobody tells nobody.
        change(json!({ "title": "学雷锋", "startsAt": rfc3339(start()), "venue": { "name": "活动室" } })).await;
        let circle = json!({ "latitude": 36.6, "longitude": 117.0 });
        change(json!({ "venue": { "name": "活动室", "fence": circle } })).await;
        assert_eq!(kinds(&inbox(&world.member_of_b1()).await), ["ACTIVITY_PUBLISHED"]);
        let moved = json!({ "startsAt": rfc3339(start() + Duration::minutes(30)), "guestIds": [world.member(Who::MemberOfB2)] });
        change(moved).await;
        let mine = inbox(&world.member_of_b1()).await;
        assert_eq!(kinds(&mine), ["ACTIVITY_MOVED", "ACTIVITY_PUBLISHED"]);
        assert_eq!(mine[0]["body"], "“学雷锋”有变动：3月6日19:30开始。地点：活动室。");
        assert_eq!(mine[0]["subject"]["id"], id);
        let guest = inbox(&world.as_(Who::MemberOfB2)).await;
        assert_eq!(kinds(&guest), ["ACTIVITY_PUBLISHED"], "who has just been invited is told that");
        let other = inbox(&world.as_(Who::Probationary)).await;
        assert_eq!(other[0]["kind"], "ACTIVITY_MOVED", "nobody goes there in vain");
        change(json!({ "venue": { "name": "社区大礼堂" } })).await;
        for who in [Who::Member, Who::MemberOfB2] {
            let inbox = inbox(&world.as_(who)).await;
            assert_eq!(inbox[0]["body"], "“学雷锋”有变动：3月6日19:30开始。地点：社区大礼堂。", "once for each change");
        }
        assert_eq!(inbox(&world.as_(Who::Exempt)).await.len(), 0);
    }
}

both! {
    async fn decisions_and_corrections_are_told(world: &World) {
        let id = world.party_day().await;
        let ask = json!({ "activityId": id, "reason": "出差" });
        let asked = world.member_of_b1().run(REQUEST_LEAVE, ask).await;
        let leave = asked.done()["leaveRequest"]["id"].clone();
        world.secretary().run(DECIDE_LEAVE, json!({ "id": leave, "granted": false, "note": "请参加" })).await.done();
        let (qr, scanned) = (world.qr(&id).await, world.now());
        world.pass(Duration::minutes(10));
        let offline = json!({ "scannedAt": rfc3339(scanned + Duration::minutes(9)), "sentAt": rfc3339(world.now()) });
        let sent = world.as_(Who::Second).run(CHECK_IN, json!({ "qr": qr, "offline": offline })).await;
        let claim = sent.done()["claim"]["id"].clone();
        world.secretary().run(DECIDE_CLAIM, json!({ "id": claim, "accepted": true })).await.done();
        world.set_clock(end());
        world.secretary().run(CLOSE, json!({ "id": id })).await.done();
        let correction = json!({ "activityId": id, "memberId": world.member(Who::Member), "state": "PRESENT", "reason": "补签到表" });
        world.secretary().run(CORRECT, correction).await.done();
        world.settle().await;
        let mine = inbox(&world.member_of_b1()).await;
        assert_eq!(kinds(&mine), ["ATTENDANCE_CORRECTED", "LEAVE_DECIDED", "ACTIVITY_PUBLISHED"]);
        assert_eq!(mine[0]["body"], "“三月主题党日”的考勤更正为：出席。原因：补签到表。");
        assert_eq!(mine[1]["body"], "“三月主题党日”请假：未准假。说明：请参加。");
        let other = inbox(&world.as_(Who::Second)).await;
        assert_eq!(kinds(&other), ["CHECK_IN_CLAIM_DECIDED", "ACTIVITY_PUBLISHED"]);
        assert_eq!(other[0]["body"], "“三月主题党日”签到：已认可。");
    }
}

both! {
    async fn one_or_all_are_marked_as_read(world: &World) {
        for n in 0..3 {
            world.pass(Duration::minutes(1));
            world.published(json!({ "title": format!("第{n}次") })).await;
            world.settle().await;
        }
        let me = world.member_of_b1();
        let ids: Vec<_> = inbox(&me).await.iter().map(|n| n["id"].clone()).collect();
        assert_eq!(me.gql(UNREAD, json!({})).await.int("/unreadCount"), 3);
        let read = me.run(MARK_READ, json!({ "id": ids[2] })).await;
        let at = read.done()["notification"]["readAt"].clone();
        assert!(at.is_string());
        world.pass(Duration::minutes(1));
        let again = me.run(MARK_READ, json!({ "id": ids[2] })).await;
        assert_eq!(again.done()["notification"]["readAt"], at, "the first reading counts");
        let unread = me.gql(INBOX, json!({ "unreadOnly": true })).await;
        assert_eq!(unread.list("/inbox/edges").len(), 2);
        assert_eq!(me.run(MARK_ALL_READ, json!({ "upTo": ids[1] })).await.done()["markedCount"], 1);
        assert_eq!(me.gql(UNREAD, json!({})).await.int("/unreadCount"), 1, "what has come since stays unread");
        assert_eq!(me.run(MARK_ALL_READ, json!({})).await.done()["markedCount"], 1);
        assert_eq!(me.gql(UNREAD, json!({})).await.int("/unreadCount"), 0);
        assert_eq!(world.as_(Who::Second).gql(UNREAD, json!({})).await.int("/unreadCount"), 3);
    }
}

both! {
    async fn nobody_reads_anothers(world: &World) {
        world.published(json!({})).await;
        world.settle().await;
        let id = inbox(&world.member_of_b1()).await[0]["id"].clone();
        assert_eq!(world.member_of_b1().gql(NODE, json!({ "id": id })).await.str("/node/__typename"), "Notification");
        for who in [Who::Second, Who::Secretary, Who::Office, Who::Administrator, Who::ForeignMember] {
            assert_eq!(world.as_(who).run(MARK_READ, json!({ "id": id })).await.error_code(), "NOT_FOUND", "{who:?}");
            assert!(world.as_(who).gql(NODE, json!({ "id": id })).await.data("/node").is_null(), "{who:?}");
        }
        assert_eq!(world.anonymous().gql(INBOX, json!({})).await.error_code(), "UNAUTHENTICATED");
    }
}

both! {
    async fn a_person_says_what_and_when(world: &World) {
        let me = world.member_of_b1();
        let vain = json!({ "mutedKinds": ["LEAVE_DECIDED", "ACTIVITY_CANCELLED"] });
        assert_eq!(me.run(SET_PREFERENCES, vain).await.refused(), "CANNOT_BE_MUTED");
        for (from, until) in [("22:00", "22:00"), ("24:00", "07:00"), ("", "07:00"), ("22:00", "晚上")] {
            let bad = json!({ "mutedKinds": [], "quietHours": { "from": from, "until": until } });
            assert_eq!(me.run(SET_PREFERENCES, bad).await.refused(), "BAD_QUIET_HOURS", "{from} {until}");
        }
        let wish = json!({ "mutedKinds": ["LEAVE_DECIDED"], "quietHours": { "from": "22:00", "until": "07:30" } });
        me.run(SET_PREFERENCES, wish).await.done();
        let shown = me.gql(PREFERENCES, json!({})).await;
        assert_eq!(shown.data("/notificationPreferences/mutedKinds"), &json!(["LEAVE_DECIDED"]));
        assert_eq!(shown.data("/notificationPreferences/quietHours"), &json!({ "from": "22:00", "until": "07:30" }));
        world.set_clock(beijing_time(2026, 3, 3, 23, 0));
        let id = world.published(json!({})).await;
        let asked = me.run(REQUEST_LEAVE, json!({ "activityId": id, "reason": "出差" })).await;
        let leave = asked.done()["leaveRequest"]["id"].clone();
        world.secretary().run(DECIDE_LEAVE, json!({ "id": leave, "granted": true })).await.done();
        world.settle().await;
        let mine = inbox(&me).await;
        assert_eq!(kinds(&mine), ["ACTIVITY_PUBLISHED"], "the muted kind didn't come");
        let at = |field: &str| mine[0][field].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        assert_eq!(at("createdAt"), beijing_time(2026, 3, 3, 23, 0), "the inbox has it at once");
        assert_eq!(at("alertAt"), beijing_time(2026, 3, 4, 7, 30), "the phone stays silent till the morning");
        let audit = me.gql(MY_AUDIT, json!({ "first": 20 })).await;
        let set = audit.list("/myAudit/edges").iter().any(|e| e["node"]["operation"] == "setNotificationPreferences");
        assert!(set, "{}", audit.text);
    }
}

both! {
    async fn what_is_old_is_forgotten(world: &World) {
        world.published(json!({})).await;
        world.settle().await;
        world.set_clock(start() + Duration::days(80));
        zhibu::worker::forget(&world.app).await.unwrap();
        assert_eq!(inbox(&world.member_of_b1()).await.len(), 1);
        world.pass(Duration::days(10));
        zhibu::worker::forget(&world.app).await.unwrap();
        assert_eq!(inbox(&world.member_of_b1()).await.len(), 0);
    }
}

both! {
    async fn nothing_is_marked_that_came_after_the_screen_was_read(world: &World) {
        let remind = |need: &str| event(world, "assignment.due_soon", &[Who::Member], json!({ "need": need }));
        let (me, began) = (world.member_of_b1(), world.now());
        me.access().await;
        // A server whose clock is ahead tells first: its message has the higher id.
        world.pass(Duration::minutes(5));
        hand_on(&world.app, &remind("1")).await.unwrap();
        let read = inbox(&me).await[0]["id"].clone();
        world.set_clock(began);
        hand_on(&world.app, &remind("2")).await.unwrap();
        let ids: Vec<_> = inbox(&me).await.iter().map(|n| n["id"].clone()).collect();
        assert_eq!((ids.len(), &ids[1]), (2, &read), "what was told last stands first");
        let page = me.gql(INBOX, json!({ "first": 1 })).await;
        let after = page.str("/inbox/pageInfo/endCursor");
        let rest = me.gql(INBOX, json!({ "first": 5, "after": after })).await;
        assert_eq!(rest.list("/inbox/edges").len(), 1);
        assert_eq!(rest.data("/inbox/edges/0/node/id"), &read);
        assert_eq!(me.run(MARK_ALL_READ, json!({ "upTo": read })).await.done()["markedCount"], 1);
        let unread = me.gql(INBOX, json!({ "unreadOnly": true })).await;
        assert_eq!(unread.data("/inbox/edges/0/node/id"), &ids[0]);
        assert_eq!(me.run(MARK_ALL_READ, json!({ "upTo": ids[0] })).await.done()["markedCount"], 1);
    }
}

both! {
    async fn what_a_newer_server_told_waits_for_one(world: &World) {
        for (n, kind) in ["assignment.due_soon", "assignment.overdue", "assignment.escalated"].into_iter().enumerate() {
            let told = event(world, kind, &[Who::Member], json!({ "need": n.to_string() }));
            hand_on(&world.app, &told).await.unwrap();
        }
        let me = world.member_of_b1();
        let hidden = inbox(&me).await[1]["id"].clone();
        let fault = Fault::of(world).await;
        fault.run("UPDATE notification SET kind = 'OF_A_LATER_VERSION' WHERE kind = 'ASSIGNMENT_OVERDUE'").await;
        let page = me.gql(INBOX, json!({ "first": 1 })).await;
        let rest = json!({ "first": 1, "after": page.str("/inbox/pageInfo/endCursor") });
        let rest = me.gql(INBOX, rest).await;
        assert_eq!(kinds(&inbox(&me).await), ["ASSIGNMENT_ESCALATED", "ASSIGNMENT_DUE_SOON"]);
        assert_eq!(rest.str("/inbox/edges/0/node/kind"), "ASSIGNMENT_DUE_SOON");
        assert_eq!(me.gql(UNREAD, json!({})).await.int("/unreadCount"), 2);
        assert!(me.gql(NODE, json!({ "id": hidden })).await.data("/node").is_null());
        assert_eq!(me.run(MARK_READ, json!({ "id": hidden })).await.error_code(), "NOT_FOUND");
        assert_eq!(me.run(MARK_ALL_READ, json!({})).await.done()["markedCount"], 2);
        fault.run("UPDATE notification SET kind = 'ASSIGNMENT_OVERDUE' WHERE kind = 'OF_A_LATER_VERSION'").await;
        assert_eq!(me.gql(UNREAD, json!({})).await.int("/unreadCount"), 1, "a server that knows it shows it unread");
        fault.close().await;
    }
}
