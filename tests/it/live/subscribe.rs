//! Subscribe messages: what is told through WeChat.

use chrono::Duration;
use serde_json::{Value, json};
use zhibu::wechat::stand_in::Fault;
use zhibu_persistence::outbox;

use super::inbox::inbox;
use crate::{
    both,
    harness::{
        Unit, Who, World, assigning,
        clock::{beijing_time, rfc3339},
        document::*,
        wechat::{SECRET, WeChat, with_mini_program},
    },
};

pub const SEND: &str = "/cgi-bin/message/subscribe/send";

/// Somebody is bound and consents to so many messages, in WeChat and here.
pub async fn willing(wechat: &WeChat<'_>, world: &World, who: Who, template: &str, times: u32) {
    wechat.bound(who).await;
    consent(wechat, world, who, template, times).await;
}

async fn consent(wechat: &WeChat<'_>, world: &World, who: Who, template: &str, times: u32) {
    for _ in 0..times {
        wechat.with(|p| p.consent(who.phone(), template, Some(1)));
        let results = json!([{ "templateId": template, "accepted": true }]);
        world.as_(who).run(REPORT_CONSENT, json!({ "results": results })).await.done();
    }
}

pub async fn credit(world: &World, who: Who, template: &str) -> i64 {
    let reply = world.as_(who).gql(SUBSCRIBE_TEMPLATES, json!({})).await;
    let found = reply.list("/subscribeTemplates").iter().find(|one| one["id"] == template).unwrap().clone();
    found["credit"].as_i64().unwrap()
}

/// Gives the member something to do.
pub async fn give_work(world: &World, title: &str) -> String {
    let to = json!({ "memberId": world.member(Who::Member) });
    let mut work = assigning::work(world, Unit::B1, to);
    work["title"] = json!(title);
    let made = world.secretary().run(CREATE_ASSIGNMENT, work).await;
    let id = assigning::id_of(&made);
    world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
    world.settle().await;
    id
}

pub fn sent(wechat: &WeChat<'_>) -> Vec<Value> {
    wechat.with(|p| p.sent.iter().map(|sent| sent.message.clone()).collect())
}

both! {
    with_mini_program(),
    async fn each_consent_is_good_for_one_message(world: &World) {
        let wechat = world.wechat_by(world.clock());
        let refused = json!({ "results": [{ "templateId": "T-WORK", "accepted": true }] });
        assert_eq!(world.member_of_b1().run(REPORT_CONSENT, refused).await.refused(), "UNKNOWN_TEMPLATE", "nothing is bound");
        willing(&wechat, world, Who::Member, "T-WORK", 2).await;
        let unknown = json!({ "results": [{ "templateId": "T-NONE", "accepted": true }] });
        assert_eq!(world.member_of_b1().run(REPORT_CONSENT, unknown).await.refused(), "UNKNOWN_TEMPLATE");
        let declined = json!({ "results": [{ "templateId": "T-WORK", "accepted": false }] });
        world.member_of_b1().run(REPORT_CONSENT, declined).await.done();
        assert_eq!(credit(world, Who::Member, "T-WORK").await, 2);
        let id = give_work(world, "走访困难群众并把情况如实记入台账，周五以前报支部").await;
        let letters = sent(&wechat);
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0]["template_id"], "T-WORK");
        assert_eq!(letters[0]["page"], format!("pages/assignment/index?id={id}"));
        assert_eq!(letters[0]["data"]["thing1"]["value"], "走访困难群众并把情况如实记入台账，周五…");
        assert_eq!(letters[0]["data"]["time2"]["value"], "2026-03-12 09:00");
        assert!(!letters[0].to_string().contains("支书") && !letters[0].to_string().contains(SECRET));
        give_work(world, "第二件").await;
        give_work(world, "第三件").await;
        assert_eq!(sent(&wechat).len(), 2, "there was no third consent");
        assert_eq!(credit(world, Who::Member, "T-WORK").await, 0);
        let work = inbox(&world.member_of_b1()).await;
        let work = work.iter().filter(|one| one["kind"] == "ASSIGNMENT_DISPATCHED");
        assert_eq!(work.count(), 3, "the inbox has them all");
    }
}

both! {
    with_mini_program(),
    async fn what_is_muted_read_or_told_already_is_not_sent(world: &World) {
        let wechat = world.wechat_by(world.clock());
        willing(&wechat, world, Who::Member, "T-PARTY-DAY", 5).await;
        wechat.bound(Who::Second).await;
        let id = world.published(json!({})).await;
        world.settle().await;
        let letters = sent(&wechat);
        assert_eq!(letters.len(), 1, "one message for one need, and only to whoever has consented");
        assert_eq!(letters[0]["data"]["thing1"]["value"], "三月主题党日");
        assert_eq!(letters[0]["data"]["time2"]["value"], "2026-03-06 19:00");
        let change = json!({ "id": id, "title": "学雷锋" });
        world.office().run(UPDATE_ACTIVITY, change).await.done();
        world.settle().await;
        assert_eq!(sent(&wechat).len(), 1);
        let muted = json!({ "mutedKinds": ["ACTIVITY_PUBLISHED"] });
        world.member_of_b1().run(SET_PREFERENCES, muted).await.done();
        world.published(json!({ "title": "另一次" })).await;
        world.settle().await;
        assert_eq!(sent(&wechat).len(), 1);
    }
}

both! {
    with_mini_program(),
    async fn quiet_hours_are_kept(world: &World) {
        let wechat = world.wechat_by(world.clock());
        willing(&wechat, world, Who::Member, "T-WORK", 3).await;
        let quiet = json!({ "mutedKinds": [], "quietHours": { "from": "22:00", "until": "07:00" } });
        world.member_of_b1().run(SET_PREFERENCES, quiet).await.done();
        world.set_clock(beijing_time(2026, 3, 2, 23, 0));
        give_work(world, "夜里的事").await;
        give_work(world, "读过的事").await;
        assert_eq!(sent(&wechat).len(), 0);
        let told = inbox(&world.member_of_b1()).await;
        let read = told.iter().find(|one| one["body"].as_str().unwrap().contains("读过的事")).unwrap();
        world.member_of_b1().run(MARK_READ, json!({ "id": read["id"] })).await.done();
        world.set_clock(beijing_time(2026, 3, 3, 6, 59));
        world.settle().await;
        assert_eq!(sent(&wechat).len(), 0);
        world.set_clock(beijing_time(2026, 3, 3, 7, 0));
        world.settle().await;
        let letters = sent(&wechat);
        assert_eq!(letters.len(), 1, "who has read it needn't be told");
        assert_eq!(letters[0]["data"]["thing1"]["value"], "夜里的事");
    }
}

both! {
    with_mini_program(),
    async fn wechats_errors_are_heeded(world: &World) {
        // Each server has a token and a memory of its own.
        world.pin();
        let wechat = world.wechat_by(world.clock());
        willing(&wechat, world, Who::Member, "T-WORK", 9).await;
        let fail = |faults: &[Fault]| wechat.with(|p| p.fail(SEND, faults));
        // Busy, and another message on its way: tried again a little later.
        for again in [-1, 43_108] {
            let before = sent(&wechat).len();
            fail(&[Fault::Code(again)]);
            give_work(world, "稍后").await;
            assert_eq!(sent(&wechat).len(), before, "{again}");
            world.pass(Duration::minutes(2));
            world.settle().await;
            assert_eq!(sent(&wechat).len(), before + 1, "{again}");
        }
        // The token was voided: another is fetched, and nothing is lost.
        wechat.with(|p| p.void_token());
        give_work(world, "令牌").await;
        assert_eq!(sent(&wechat).len(), 3);
        // The answer was lost: not again.
        fail(&[Fault::Cut]);
        give_work(world, "断线").await;
        world.pass(Duration::minutes(30));
        world.settle().await;
        assert_eq!(sent(&wechat).len(), 4);
        assert_eq!(credit(world, Who::Member, "T-WORK").await, 5);
        // A field that WeChat doesn't take, a page that isn't there: dropped, and no consent is lost.
        for never in [47_003, 41_030, 40_037] {
            fail(&[Fault::Code(never)]);
            give_work(world, "不收").await;
        }
        world.pass(Duration::minutes(30));
        world.settle().await;
        assert_eq!((sent(&wechat).len(), credit(world, Who::Member, "T-WORK").await), (4, 5));
        // The day's messages are used up: tomorrow.
        wechat.with(|p| p.messages_of_day = 0);
        give_work(world, "明天").await;
        wechat.with(|p| p.messages_of_day = 100);
        world.pass(Duration::hours(12));
        world.settle().await;
        assert_eq!(sent(&wechat).len(), 4);
        world.pass(Duration::hours(4));
        world.settle().await;
        assert_eq!(sent(&wechat).len(), 5);
        // The person has taken the consent back in WeChat.
        wechat.with(|p| p.consent(Who::Member.phone(), "T-WORK", None));
        give_work(world, "收回").await;
        assert_eq!((sent(&wechat).len(), credit(world, Who::Member, "T-WORK").await), (5, 0));
        assert_eq!(outbox::count(&world.app.store, world.now()).await.unwrap(), 0);
    }
}

both! {
    with_mini_program(),
    async fn a_long_term_consent_is_good_for_many(world: &World) {
        let wechat = world.wechat_by(world.clock());
        willing(&wechat, world, Who::Member, "T-HOURS", 1).await;
        for n in 0..2 {
            let reported = world.member_of_b1().run(REPORT_HOURS, json!({
                "unitId": world.unit(Unit::B1),
                "service": {
                    "startsAt": rfc3339(world.now() - Duration::hours(26 + n * 3)),
                    "endsAt": rfc3339(world.now() - Duration::hours(24 + n * 3)),
                    "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
                },
            })).await;
            let id = reported.done()["entry"]["id"].clone();
            world.secretary().run(REVIEW_HOURS, json!({ "reviews": [{ "id": id }] })).await.done();
            world.settle().await;
        }
        let letters = sent(&wechat);
        assert_eq!(letters.len(), 2);
        assert_eq!(letters[0]["data"]["thing1"]["value"], "清洁家园");
        assert_eq!(letters[0]["data"]["phrase2"]["value"], "公示中");
        assert_eq!(credit(world, Who::Member, "T-HOURS").await, 1);
    }
}

both! {
    with_mini_program(),
    async fn who_is_reminded_before_it_is_due_is_told_through_wechat(world: &World) {
        let wechat = world.wechat_by(world.clock());
        willing(&wechat, world, Who::Member, "T-DUE", 1).await;
        let id = give_work(world, "快到期的事").await;
        world.member_of_b1().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
        world.pass(Duration::days(9) + Duration::hours(12));
        world.settle().await;
        let letters = sent(&wechat);
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0]["template_id"], "T-DUE");
    }
}

both! {
    with_mini_program(),
    async fn the_way_to_an_activity_is_a_link_and_a_code(world: &World) {
        world.pin();
        let wechat = world.wechat_by(world.clock());
        let id = world.published(json!({})).await;
        let reply = world.member_of_b1().gql(PAGE_CODE, json!({ "id": id })).await;
        let link = reply.str("/pageCode/link");
        let scene = link.rsplit('/').next().unwrap().to_owned();
        assert!(scene.starts_with("a.") && scene.len() == 24, "{scene}");
        assert!(reply.str("/pageCode/linkSvg").contains("<svg"));
        let page = world.http.get(world.path(&format!("/open/{scene}"))).send().await.unwrap();
        assert_eq!(page.status(), 200);
        let url = reply.str("/pageCode/miniProgramCode/url");
        let path = url.split_once("127.0.0.1").unwrap().1.to_owned();
        for _ in 0..3 {
            let picture = world.http.get(world.path(&path)).send().await.unwrap();
            assert_eq!(picture.headers()["content-type"], "image/jpeg");
            assert!(picture.bytes().await.unwrap().starts_with(&[0xFF, 0xD8, 0xFF]));
        }
        let asked = wechat.with(|p| p.asked.clone());
        let drawn: Vec<_> = asked.iter().filter(|asked| asked.path == "/wxa/getwxacodeunlimit").collect();
        assert_eq!(drawn.len(), 1, "the same picture is asked for once");
        assert_eq!(drawn[0].body["scene"], scene);
        assert_eq!(drawn[0].body["page"], "pages/scan/index");
        for nothing in [world.unit(Unit::B1), "nonsense".to_owned()] {
            assert_eq!(world.member_of_b1().gql(PAGE_CODE, json!({ "id": nothing })).await.error_code(), "BAD_ID");
        }
        // A board for volunteers: anybody of the district sees a project.
        let begun = world.secretary().run(CREATE_PROJECT, json!({ "unitId": world.unit(Unit::B1), "name": "清洁家园" })).await;
        let project = begun.done()["project"]["id"].clone();
        let board = world.as_(Who::Stranger).gql(PAGE_CODE, json!({ "id": project })).await;
        assert!(board.str("/pageCode/link").rsplit('/').next().unwrap().starts_with("p."));
        let draft = world.draft(json!({})).await;
        assert_eq!(world.member_of_b1().gql(PAGE_CODE, json!({ "id": draft })).await.error_code(), "NOT_FOUND");
        wechat.with(|p| p.codes_of_minute = 0);
        let other = world.published(json!({ "title": "另一次" })).await;
        let reply = world.member_of_b1().gql(PAGE_CODE, json!({ "id": other })).await;
        let path = reply.str("/pageCode/miniProgramCode/url").split_once("127.0.0.1").unwrap().1.to_owned();
        assert_eq!(world.http.get(world.path(&path)).send().await.unwrap().status(), 503);
    }
}
