//! Signing in through WeChat's mini-program.

use chrono::Duration;
use serde_json::{Value, json};
use zhibu::{clock::Clock, wechat::stand_in::Fault};

use crate::{
    both,
    harness::{
        Reply, Unit, Who, World,
        document::*,
        wechat::{SECRET, SESSION_KEY, WeChat, with_mini_program},
    },
};

const LOGIN: &str = "/sns/jscode2session";
const PHONE: &str = "/wxa/business/getuserphonenumber";

pub fn wechat(world: &World) -> WeChat<'_> {
    world.wechat_by(world.clock())
}

pub async fn link(world: &World, who: Who, code: &str, moves: bool) -> Reply {
    let appid = wechat_appid(world);
    let input = json!({ "code": code, "appId": appid, "moveFromOther": moves });
    world.as_(who).run(LINK_WECHAT, input).await
}

fn wechat_appid(world: &World) -> String {
    world.app.config.wechat.appid.clone()
}

async fn issued(world: &World, who: Who) -> String {
    let reply = world.secretary().run(ISSUE_BINDING_CODE, json!({ "memberId": world.member(who) })).await;
    reply.done()["code"].as_str().unwrap().to_owned()
}

/// The events of one's own audit, newest first.
async fn events(world: &World, who: Who) -> Vec<String> {
    let audit = world.as_(who).gql(MY_AUDIT, json!({ "first": 50 })).await;
    let nodes = audit.list("/myAudit/edges").iter().map(|edge| &edge["node"]["after"]["event"]);
    nodes.filter_map(|event| event.as_str().map(str::to_owned)).collect()
}

both! {
    with_mini_program(),
    async fn who_is_bound_once_comes_in_by_the_code_alone(world: &World) {
        let wechat = wechat(world);
        let ticket = wechat.ticket(Who::Member).await;
        let bound = wechat.bind(&ticket, json!({ "phoneCode": wechat.phone_code(Who::Member) })).await;
        assert_eq!(bound.done()["account"]["name"], "陈党员");
        assert_eq!(bound.done()["session"]["miniProgram"], wechat.appid);
        assert_eq!(bound.done()["secondFactorMissing"], false);
        let again = wechat.sign_in(&wechat.login(Who::Member)).await;
        assert_eq!(again.done()["account"]["id"], world.account(Who::Member));
        let me = world.bearer(again.done()["tokens"]["accessToken"].as_str().unwrap());
        let mine = me.gql(WECHAT_BINDINGS, json!({})).await;
        assert_eq!(mine.list("/weChatBindings").len(), 1);
        assert_eq!(mine.str("/weChatBindings/0/appId"), wechat.appid);
        assert_eq!(mine.list("/sessions").iter().filter(|s| s["miniProgram"] == wechat.appid).count(), 2);
        let told = events(world, Who::Member).await;
        assert!(told.contains(&"WECHAT_BOUND".to_owned()), "{told:?}");
        // What WeChat said in confidence is said to nobody.
        for reply in [&bound, &again, &mine] {
            assert!(!reply.text.contains(SESSION_KEY) && !reply.text.contains("openid"));
            assert!(!reply.text.contains(&wechat.with(|p| p.open_id(Who::Member.phone()))));
        }
        // The phone's code was asked for with the person whose it must be.
        let asked = wechat.with(|p| p.asked.clone());
        let phone: Vec<_> = asked.iter().filter(|asked| asked.path == PHONE).collect();
        assert_eq!(phone.len(), 1);
        assert_eq!(phone[0].body["openid"], wechat.with(|p| p.open_id(Who::Member.phone())));
        assert!(phone[0].body["code"].is_string() && !phone[0].body.to_string().contains(SECRET));
    }
}

both! {
    with_mini_program(),
    async fn a_forged_or_replayed_code_or_one_of_another_app_lets_nobody_in(world: &World) {
        let wechat = wechat(world);
        wechat.bound(Who::Member).await;
        let code = wechat.login(Who::Member);
        wechat.sign_in(&code).await.done();
        assert_eq!(wechat.sign_in(&code).await.refused(), "WECHAT_CODE_WRONG", "used before");
        for forged in ["", "forged", &"A".repeat(10_000), "\u{0}é&appid=x", &wechat.phone_code(Who::Member)] {
            assert_eq!(wechat.sign_in(forged).await.refused(), "WECHAT_CODE_WRONG", "{forged:.20}");
        }
        let old = wechat.login(Who::Member);
        world.pass(Duration::minutes(5));
        assert_eq!(wechat.sign_in(&old).await.refused(), "WECHAT_CODE_WRONG", "too old");
        let fresh = wechat.login(Who::Member);
        assert_eq!(wechat.sign_in_to(&fresh, "wxanotherone").await.refused(), "UNKNOWN_MINI_PROGRAM");
        assert_eq!(wechat.sign_in(&fresh).await.done()["account"]["name"], "陈党员", "it wasn't spent");
        let risky = wechat.with(|p| p.login_as(Who::Member.phone(), None, true));
        assert_eq!(wechat.sign_in(&risky).await.refused(), "WECHAT_BLOCKED");
    }
}

both! {
    with_mini_program(),
    async fn a_number_is_taken_only_of_the_same_person_and_mini_program(world: &World) {
        let wechat = wechat(world);
        let ticket = wechat.ticket(Who::Stranger).await;
        let stolen = wechat.phone_code(Who::Member);
        let (nobody, foreign) = wechat.with(|p| {
            let phone = Who::Stranger.phone();
            (p.phone_code(phone, "13099998888"), p.foreign_phone_code(phone, Who::Member.phone()))
        });
        let mut answers = Vec::new();
        for code in [&stolen, &nobody, &foreign, "forged"] {
            let reply = wechat.bind(&ticket, json!({ "phoneCode": code })).await;
            assert_eq!(reply.refused(), "BINDING_REFUSED");
            answers.push(reply.body);
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "why isn't told");
        // The fifth failure locks, whatever comes then.
        assert_eq!(wechat.bind(&ticket, json!({ "branchCode": "AAAAA-AAAAA" })).await.refused(), "BINDING_REFUSED");
        let right = wechat.phone_code(Who::Stranger);
        assert_eq!(wechat.bind(&ticket, json!({ "phoneCode": right })).await.refused(), "LOCKED");
        world.pass(Duration::minutes(11));
        wechat.bound(Who::Stranger).await;
    }
}

both! {
    with_mini_program(),
    async fn a_code_of_the_branch_binds_one_member_once(world: &World) {
        let wechat = wechat(world);
        let code = issued(world, Who::Member).await;
        assert!(code.len() >= 8);
        let first = issued(world, Who::Second).await;
        let second = issued(world, Who::Second).await;
        let ticket = wechat.ticket(Who::Member).await;
        let typed = code.to_lowercase().replace('-', " ");
        let bound = wechat.bind(&ticket, json!({ "branchCode": typed })).await;
        assert_eq!(bound.done()["account"]["id"], world.account(Who::Member));
        let other = wechat.ticket(Who::Second).await;
        for spent in [&code, &first] {
            let reply = wechat.bind(&other, json!({ "branchCode": spent })).await;
            assert_eq!(reply.refused(), "BINDING_REFUSED", "used, or replaced by another");
        }
        world.pass(Duration::hours(24));
        let late = wechat.ticket(Who::Second).await;
        assert_eq!(wechat.bind(&late, json!({ "branchCode": second })).await.refused(), "BINDING_REFUSED");
        let told = events(world, Who::Member).await;
        assert!(told.contains(&"BINDING_CODE_ISSUED".to_owned()), "{told:?}");
    }
}

both! {
    with_mini_program(),
    async fn a_code_is_issued_by_the_roster_keeper_and_never_for_oneself_or_for_more_rights(world: &World) {
        let issue = async |who: Who, to: Who| {
            world.as_(who).run(ISSUE_BINDING_CODE, json!({ "memberId": world.member(to) })).await
        };
        assert_eq!(issue(Who::Secretary, Who::Secretary).await.refused(), "OWN_RECORD");
        assert_eq!(issue(Who::Secretary, Who::Deputy).await.refused(), "HOLDS_POSTS");
        issue(Who::Office, Who::Member).await.done();
        assert_eq!(issue(Who::Member, Who::Second).await.error_code(), "NOT_FOUND");
        assert_eq!(issue(Who::Deputy, Who::Member).await.error_code(), "FORBIDDEN");
        assert_eq!(issue(Who::SecretaryOfB2, Who::Member).await.error_code(), "NOT_FOUND");
    }
}

both! {
    with_mini_program(),
    async fn a_ticket_is_ours_and_of_ten_minutes(world: &World) {
        let wechat = wechat(world);
        let ticket = wechat.ticket(Who::Member).await;
        for forged in ["", "forged", &format!("{ticket}A"), &ticket[1..]] {
            let reply = wechat.bind(forged, json!({ "phoneCode": wechat.phone_code(Who::Member) })).await;
            assert_eq!(reply.refused(), "BINDING_TICKET_EXPIRED");
        }
        let both_codes = json!({ "phoneCode": "a", "branchCode": "b" });
        for proof in [both_codes, json!({})] {
            assert_eq!(wechat.bind(&ticket, proof).await.error_code(), "BAD_USER_INPUT");
        }
        world.pass(Duration::minutes(10));
        let reply = wechat.bind(&ticket, json!({ "phoneCode": wechat.phone_code(Who::Member) })).await;
        assert_eq!(reply.refused(), "BINDING_TICKET_EXPIRED");
    }
}

both! {
    with_mini_program(),
    async fn one_wechat_account_is_of_one_person(world: &World) {
        let wechat = wechat(world);
        let token = wechat.bound(Who::Member).await;
        // Somebody else's code of the branch doesn't take it over.
        let ticket = {
            let fresh = wechat.with(|p| p.login("a phone that nobody knows"));
            wechat.sign_in(&fresh).await.str("/signInByWeChat/bindingTicket")
        };
        let code = issued(world, Who::Second).await;
        wechat.bind(&ticket, json!({ "branchCode": code })).await.done();
        assert_eq!(link(world, Who::Second, &wechat.login(Who::Member), false).await.refused(), "WECHAT_BOUND_ELSEWHERE");
        // The ticket's WeChat account is bound by now: another code doesn't bind it elsewhere.
        let code = issued(world, Who::Elder).await;
        assert_eq!(wechat.bind(&ticket, json!({ "branchCode": code })).await.refused(), "WECHAT_BOUND_ELSEWHERE");
        // With both proofs the binding moves, and only that: the sessions that began by it end.
        let before = world.bearer(&token).gql(ME, json!({})).await;
        assert_eq!(before.str("/me/name"), "陈党员");
        link(world, Who::Second, &wechat.login(Who::Member), true).await.done();
        world.heard().await;
        assert_eq!(world.bearer(&token).gql(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        let now = wechat.sign_in(&wechat.login(Who::Member)).await;
        assert_eq!(now.done()["account"]["id"], world.account(Who::Second));
        for who in [Who::Member, Who::Second] {
            let told = events(world, who).await;
            assert!(told.contains(&"WECHAT_UNBOUND".to_owned()), "{who:?}: {told:?}");
        }
    }
}

both! {
    with_mini_program(),
    async fn of_two_who_bind_the_same_at_once_one_does(world: &World) {
        let wechat = wechat(world);
        let ticket = wechat.ticket(Who::Stranger).await;
        let (one, two) = (issued(world, Who::Member).await, issued(world, Who::Second).await);
        let (one, two) = (json!({ "branchCode": one }), json!({ "branchCode": two }));
        let (one, two) = tokio::join!(wechat.bind(&ticket, one), wechat.bind(&ticket, two));
        let words: Vec<_> = [&one, &two].iter().map(|reply| reply.root_typename().to_owned()).collect();
        assert_eq!(words.iter().filter(|word| *word == "SignInDone").count(), 1, "{words:?}");
        let refused = [&one, &two].into_iter().find(|r| r.root_typename() == "SignInRefused").unwrap();
        assert_eq!(refused.refused(), "WECHAT_BOUND_ELSEWHERE");
    }
}

both! {
    with_mini_program(),
    async fn unbinding_ends_what_began_by_it(world: &World) {
        let wechat = wechat(world);
        let token = wechat.bound(Who::Member).await;
        let me = world.member_of_b1();
        let mine = me.gql(WECHAT_BINDINGS, json!({})).await;
        let id = mine.str("/weChatBindings/0/id");
        let foreign = world.as_(Who::Second).run(UNBIND_WECHAT, json!({ "id": id })).await;
        assert_eq!(foreign.error_code(), "NOT_FOUND");
        assert_eq!(me.run(UNBIND_WECHAT, json!({ "id": id })).await.done()["sessionsEnded"], 1);
        world.heard().await;
        assert_eq!(world.bearer(&token).gql(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        assert_eq!(me.gql(ME, json!({})).await.str("/me/name"), "陈党员", "who has unbound stays");
        wechat.ticket(Who::Member).await;
        // Signed in, a person binds again by a fresh code alone.
        link(world, Who::Member, &wechat.login(Who::Member), false).await.done();
        wechat.sign_in(&wechat.login(Who::Member)).await.done();
    }
}

both! {
    with_mini_program(),
    async fn a_new_phone_takes_the_place_of_the_old_one(world: &World) {
        let wechat = wechat(world);
        let old = wechat.bound(Who::Member).await;
        let code = wechat.with(|p| p.login("the member's new WeChat account"));
        let ticket = wechat.sign_in(&code).await.str("/signInByWeChat/bindingTicket");
        let given = wechat.with(|p| p.phone_code("the member's new WeChat account", Who::Member.phone()));
        wechat.bind(&ticket, json!({ "phoneCode": given })).await.done();
        world.heard().await;
        assert_eq!(world.bearer(&old).gql(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        wechat.ticket(Who::Member).await;
    }
}

both! {
    with_mini_program(),
    async fn the_owners_other_apps_know_a_person_by_the_union(world: &World) {
        let wechat = wechat(world);
        let login = |person: &str, union: &str| wechat.with(|p| p.login_as(person, Some(union), false));
        let ticket = wechat.sign_in(&login("in another app", "u-1")).await.str("/signInByWeChat/bindingTicket");
        let code = issued(world, Who::Member).await;
        wechat.bind(&ticket, json!({ "branchCode": code })).await.done();
        // The same person under another name is known, and no second account comes of it.
        let known = wechat.sign_in(&login("in this one", "u-1")).await;
        assert_eq!(known.done()["account"]["id"], world.account(Who::Member));
        let other = wechat.sign_in(&login("somebody else", "u-2")).await;
        assert_eq!(other.root_typename(), "WeChatNotBound");
        let taken = link(world, Who::Second, &login("in a third", "u-1"), false).await;
        assert_eq!(taken.refused(), "WECHAT_BOUND_ELSEWHERE");
    }
}

both! {
    with_mini_program(),
    async fn wechats_moods_are_borne(world: &World) {
        // Each server asks by itself.
        world.pin();
        let wechat = wechat(world);
        wechat.bound(Who::Member).await;
        let fail = |faults: &[Fault]| wechat.with(|p| p.fail(LOGIN, faults));
        fail(&[Fault::Code(-1), Fault::Code(-1)]);
        wechat.sign_in(&wechat.login(Who::Member)).await.done();
        for gone in [Fault::Page, Fault::Code(50_000), Fault::Code(40_125)] {
            fail(&[gone]);
            assert_eq!(wechat.sign_in(&wechat.login(Who::Member)).await.error_code(), "UNAVAILABLE", "{gone:?}");
        }
        fail(&[Fault::CodeAsText(40_029)]);
        assert_eq!(wechat.sign_in(&wechat.login(Who::Member)).await.refused(), "WECHAT_CODE_WRONG");
        fail(&[Fault::Code(45_011)]);
        assert_eq!(wechat.sign_in(&wechat.login(Who::Member)).await.error_code(), "RATE_LIMITED");
        // An answer that was lost: the code may be spent, and isn't sent again.
        let before = wechat.with(|p| p.asked.len());
        fail(&[Fault::Cut]);
        assert_eq!(wechat.sign_in(&wechat.login(Who::Member)).await.error_code(), "UNAVAILABLE");
        assert_eq!(wechat.with(|p| p.asked.len()), before + 1);
        fail(&[Fault::Code(-1), Fault::Code(-1), Fault::Code(-1)]);
        assert_eq!(wechat.sign_in(&wechat.login(Who::Member)).await.error_code(), "UNAVAILABLE");
        wechat.with(|p| p.logins_of_minute = 0);
        assert_eq!(wechat.sign_in(&wechat.login(Who::Member)).await.error_code(), "RATE_LIMITED");
        wechat.with(|p| p.frozen = true);
        assert_eq!(wechat.sign_in(&wechat.login(Who::Member)).await.error_code(), "UNAVAILABLE");
    }
}

both! {
    with_mini_program(),
    async fn wechats_clock_may_go_otherwise(world: &World) {
        for skew in [Duration::hours(3), Duration::hours(-3)] {
            let wechat = world.wechat_by(Clock::manual(world.now() + skew));
            let who = if skew > Duration::zero() { Who::Member } else { Who::Second };
            wechat.bound(who).await;
            wechat.sign_in(&wechat.login(who)).await.done();
            // The tokens of the WeChat before are none of this one's.
        }
    }
}

both! {
    crate::harness::Setup {
        second_factor: zhibu::config::SecondFactorMode::Required,
        ..with_mini_program()
    },
    async fn the_rights_of_posts_sleep_until_the_second_factor_is_proved(world: &World) {
        let wechat = wechat(world);
        let ticket = wechat.ticket(Who::Secretary).await;
        let bound = wechat.bind(&ticket, json!({ "phoneCode": wechat.phone_code(Who::Secretary) })).await;
        assert_eq!(bound.done()["secondFactorMissing"], true);
        let me = world.bearer(bound.done()["tokens"]["accessToken"].as_str().unwrap());
        let roster = me.gql(ROSTER, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(roster.error_code(), "SECOND_FACTOR_REQUIRED");
    }
}

both! {
    async fn without_a_mini_program_nobody_comes_through_it(world: &World) {
        let code = json!({ "code": "x", "appId": "wx0", "district": "370100" });
        let reply = world.anonymous().run(SIGN_IN_BY_WECHAT, code).await;
        assert_eq!(reply.refused(), "UNKNOWN_MINI_PROGRAM");
        assert_eq!(reply.data("/signInByWeChat/field"), &json!(["appId"]));
        let templates = world.member_of_b1().gql("{ subscribeTemplates { id } }", json!({})).await;
        assert_eq!(templates.list("/subscribeTemplates"), &Vec::<Value>::new());
    }
}
