//! Teams, projects and shifts; signing up, waiting, moving up.

use super::*;
use crate::both;

/// B1's project.
pub(super) async fn project(world: &World) -> String {
    let input = json!({ "unitId": world.unit(Unit::B1), "name": "清洁家园", "description": "每周一次" });
    let begun = world.secretary().run(CREATE_PROJECT, input).await;
    begun.done()["project"]["id"].as_str().unwrap().to_owned()
}

fn plan(world: &World, project: &str) -> Value {
    json!({
        "projectId": project, "place": "曲水亭街", "capacity": 1,
        "startsAt": rfc3339(world.now() + Duration::hours(30)), "endsAt": rfc3339(world.now() + Duration::hours(32)),
    })
}

pub(super) async fn planned(world: &World, more: Value) -> String {
    let project = project(world).await;
    let shift = world.secretary().run(CREATE_SHIFT, with(plan(world, &project), more)).await;
    shift.done()["shift"]["id"].as_str().unwrap().to_owned()
}

pub(super) async fn published(world: &World, more: Value) -> String {
    let id = planned(world, more).await;
    world.secretary().run(PUBLISH_SHIFT, json!({ "id": id })).await.done();
    id
}

pub(super) async fn join(world: &World, who: Who, shift: &str) -> Reply {
    world.as_(who).run(SIGN_UP, json!({ "shiftId": shift })).await
}

pub(super) fn sign_up_id(reply: &Reply) -> String {
    reply.done()["signUp"]["id"].as_str().unwrap().to_owned()
}

pub(super) async fn seen(world: &World, who: Who) -> Value {
    let list = world.as_(who).gql(SHIFTS, json!({ "unitId": world.unit(Unit::B1) })).await;
    list.list("/volunteerShifts/edges").first().map_or(Value::Null, |e| e["node"].clone())
}

both! {
    async fn teams_and_projects(world: &World) {
        let unit = world.unit(Unit::B1);
        let team = json!({ "unitId": unit, "name": "先锋队", "captainId": world.member(Who::Leader), "clientMutationId": "t1" });
        let first = world.secretary().run(CREATE_TEAM, team.clone()).await.done()["team"].clone();
        assert_eq!(first["captainName"], "孙组长");
        assert_eq!(world.secretary().run(CREATE_TEAM, team.clone()).await.done()["team"]["id"], first["id"]);
        let stranger = with(team, json!({ "captainId": world.member(Who::MemberOfB3), "clientMutationId": "t2" }));
        assert_eq!(world.secretary().run(CREATE_TEAM, stranger).await.refused(), "NOT_A_MEMBER");
        let of_team = |unit| json!({ "unitId": world.unit(unit), "teamId": first["id"], "name": "巡逻" });
        let other = world.office().run(CREATE_PROJECT, of_team(Unit::B2)).await;
        assert_eq!(other.refused(), "OTHER_UNIT");
        world.secretary().run(CREATE_PROJECT, of_team(Unit::B1)).await.done();
        assert_eq!(world.member_of_b1().run(CREATE_PROJECT, of_team(Unit::B1)).await.error_code(), "FORBIDDEN");
        world.secretary().run(END_TEAM, json!({ "id": first["id"] })).await.done();
        assert_eq!(world.secretary().run(CREATE_PROJECT, of_team(Unit::B1)).await.refused(), "ENDED");
        let projects = world.as_(Who::Stranger).gql(PROJECTS, json!({ "unitId": unit })).await;
        assert_eq!(projects.str("/volunteerProjects/edges/0/node/team/name"), "先锋队");
        let shift = planned(world, json!({})).await;
        let project = world.secretary().gql(PROJECTS, json!({ "unitId": unit })).await;
        let end = json!({ "id": project.str("/volunteerProjects/edges/0/node/id") });
        assert_eq!(world.secretary().run(END_PROJECT, end.clone()).await.refused(), "HAS_SHIFTS");
        world.secretary().run(CANCEL_SHIFT, json!({ "id": shift, "reason": "暴雨" })).await.done();
        world.secretary().run(END_PROJECT, end.clone()).await.done();
        assert_eq!(world.secretary().run(END_PROJECT, end).await.refused(), "ENDED");
    }
}

both! {
    async fn a_draft_is_for_its_organizers(world: &World) {
        let id = planned(world, json!({})).await;
        assert_eq!(seen(world, Who::Member).await, Value::Null);
        assert_eq!(seen(world, Who::Secretary).await["state"], "DRAFT");
        assert_eq!(join(world, Who::Member, &id).await.refused(), "NOT_PUBLISHED");
        let publish = json!({ "id": id });
        assert_eq!(world.member_of_b1().run(PUBLISH_SHIFT, publish.clone()).await.error_code(), "NOT_FOUND");
        world.secretary().run(PUBLISH_SHIFT, publish.clone()).await.done();
        assert_eq!(world.secretary().run(PUBLISH_SHIFT, publish.clone()).await.refused(), "ALREADY_PUBLISHED");
        assert_eq!(world.member_of_b1().run(PUBLISH_SHIFT, publish).await.error_code(), "FORBIDDEN");
        let dropped = planned(world, json!({ "place": "未定" })).await;
        world.secretary().run(CANCEL_SHIFT, json!({ "id": dropped, "reason": "重复" })).await.done();
        let all = world.member_of_b1().gql(SHIFTS, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert!(!all.text.contains("未定"), "what was never made known stays so");
        let everybody = seen(world, Who::MemberOfB3).await;
        assert_eq!((&everybody["taken"], &everybody["mySignUp"]), (&json!(0), &Value::Null));
        assert_eq!(join(world, Who::ForeignMember, &id).await.error_code(), "NOT_FOUND");
        assert_eq!(join(world, Who::Stranger, &id).await.refused(), "NOT_A_MEMBER");
    }
}

both! {
    async fn who_waits_moves_up_and_the_place_goes_on(world: &World) {
        let id = published(world, json!({})).await;
        let first = join(world, Who::Member, &id).await;
        assert_eq!(first.done()["signUp"]["state"], "SIGNED_UP");
        assert_eq!(sign_up_id(&join(world, Who::Member, &id).await), sign_up_id(&first), "sent twice it is done once");
        let second = sign_up_id(&join(world, Who::Second, &id).await);
        let third = sign_up_id(&join(world, Who::MemberOfB3, &id).await);
        assert_eq!(seen(world, Who::Second).await["mySignUp"]["state"], "WAITING");
        let own = json!({ "id": sign_up_id(&first) });
        assert_eq!(world.as_(Who::Second).run(WITHDRAW_SIGN_UP, own.clone()).await.error_code(), "FORBIDDEN");
        world.member_of_b1().run(WITHDRAW_SIGN_UP, own.clone()).await.done();
        assert_eq!(world.member_of_b1().run(WITHDRAW_SIGN_UP, own).await.refused(), "ALREADY_OVER");
        let offered = seen(world, Who::Second).await["mySignUp"].clone();
        assert_eq!(offered["state"], "OFFERED");
        assert!(offered["confirmUntil"].is_string());
        let too_soon = world.as_(Who::MemberOfB3).run(CONFIRM_SIGN_UP, json!({ "id": third })).await;
        assert_eq!(too_soon.refused(), "NOT_OFFERED");
        world.pass(Duration::hours(12));
        world.settle().await;
        assert_eq!(seen(world, Who::Second).await["mySignUp"]["state"], "LAPSED");
        let late = world.as_(Who::Second).run(CONFIRM_SIGN_UP, json!({ "id": second })).await;
        assert_eq!(late.refused(), "NOT_OFFERED");
        for _ in 0..2 {
            let taken = world.as_(Who::MemberOfB3).run(CONFIRM_SIGN_UP, json!({ "id": third })).await;
            assert_eq!(taken.done()["signUp"]["state"], "SIGNED_UP");
        }
        let row = world.secretary().gql(SHIFT_ROW, json!({ "unitId": world.unit(Unit::B1) })).await;
        let names: Vec<_> = row.list("/volunteerShifts/edges/0/node/signUps").iter()
            .map(|s| (s["account"]["name"].as_str().unwrap(), s["state"].as_str().unwrap())).collect();
        assert_eq!(names, [("陈党员", "WITHDRAWN"), ("林党员", "LAPSED"), ("许党员", "SIGNED_UP")]);
        let others = world.member_of_b1().gql(SHIFT_ROW, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(others.error_code(), "FORBIDDEN");
    }
}

both! {
    async fn of_many_at_once_as_many_have_a_place_as_there_are(world: &World) {
        let id = published(world, json!({ "capacity": 2 })).await;
        let people = [Who::Member, Who::Second, Who::Probationary, Who::Leader, Who::MemberOfB2];
        for who in people {
            world.as_(who).access().await;
        }
        futures_util::future::join_all(people.iter().map(|who| join(world, *who, &id))).await;
        let shift = seen(world, Who::Member).await;
        assert_eq!((&shift["taken"], &shift["waiting"]), (&json!(2), &json!(3)));
    }
}

both! {
    async fn nobody_is_in_two_shifts_at_once(world: &World) {
        let one = published(world, json!({})).await;
        let two = published(world, json!({ "capacity": 5 })).await;
        join(world, Who::Member, &one).await.done();
        assert_eq!(join(world, Who::Member, &two).await.refused(), "OVERLAP");
        world.secretary().run(CANCEL_SHIFT, json!({ "id": one, "reason": "暴雨" })).await.done();
        join(world, Who::Member, &two).await.done();
    }
}

both! {
    async fn skills_and_age(world: &World) {
        let skilled = published(world, json!({ "skills": ["电工"] })).await;
        assert_eq!(join(world, Who::Member, &skilled).await.refused(), "SKILLS_NEEDED");
        let able = json!({ "shiftId": skilled, "hasSkills": true });
        world.member_of_b1().run(SIGN_UP, able).await.done();
        let aged = published(world, json!({ "minimumAge": 60 })).await;
        assert_eq!(join(world, Who::Second, &aged).await.refused(), "TOO_YOUNG", "no month of birth is on record");
    }
}

both! {
    async fn a_shift_that_is_called_off_tells_those_signed_up(world: &World) {
        let id = published(world, json!({})).await;
        join(world, Who::Member, &id).await.done();
        let stale = json!({ "id": id, "version": 1, "reason": "暴雨" });
        assert_eq!(world.secretary().run(CANCEL_SHIFT, stale).await.refused(), "STALE");
        let cancel = json!({ "id": id, "version": 2, "reason": "暴雨" });
        let cancelled = world.secretary().run(CANCEL_SHIFT, cancel).await;
        assert_eq!(cancelled.done()["shift"]["cancelReason"], "暴雨");
        assert_eq!(join(world, Who::Second, &id).await.refused(), "CANCELLED");
        let mine = world.member_of_b1().gql(SIGN_UPS, json!({ "id": world.member(Who::Member) })).await;
        assert_eq!(mine.str("/signUps/edges/0/node/shift/state"), "CANCELLED");
    }
}

both! {
    async fn who_comes_unasked_is_counted_without_a_name(world: &World) {
        let id = published(world, json!({})).await;
        let heads = json!({ "shiftId": id, "beneficiaries": 40, "groups": 2 });
        assert_eq!(world.secretary().run(COUNT_HEADS, heads.clone()).await.refused(), "NOT_STARTED");
        world.pass(Duration::hours(30));
        assert_eq!(world.member_of_b1().run(COUNT_HEADS, heads.clone()).await.error_code(), "FORBIDDEN");
        let counted = world.secretary().run(COUNT_HEADS, heads).await;
        assert_eq!(counted.done()["shift"]["beneficiaries"], 40);
        assert_eq!(join(world, Who::Member, &id).await.refused(), "STARTED");
        let too_many = json!({ "shiftId": id, "beneficiaries": -1 });
        assert_eq!(world.secretary().run(COUNT_HEADS, too_many).await.refused(), "BAD_COUNT");
    }
}

both! {
    async fn what_cannot_be_planned(world: &World) {
        let project = project(world).await;
        let past = json!({ "startsAt": rfc3339(world.now()), "endsAt": rfc3339(world.now() + Duration::hours(1)) });
        for (more, why) in [
            (json!({ "place": " " }), "BAD_PLACE"),
            (json!({ "capacity": 0 }), "BAD_CAPACITY"),
            (json!({ "skills": ["\u{200B}"] }), "BAD_SKILLS"),
            (json!({ "minimumAge": 5 }), "BAD_AGE"),
            (json!({ "endsAt": rfc3339(world.now()) }), "ENDS_BEFORE_START"),
            (past, "BAD_TIME"),
        ] {
            let reply = world.secretary().run(CREATE_SHIFT, with(plan(world, &project), more.clone())).await;
            assert_eq!(reply.refused(), why, "{more}");
        }
        assert_eq!(world.member_of_b1().run(CREATE_SHIFT, plan(world, &project)).await.error_code(), "FORBIDDEN");
    }
}

/// The places of what somebody finds, by unit and state.
async fn found(world: &World, who: Who, unit: Unit, more: Value) -> Vec<(String, String)> {
    let asked = with(json!({ "unitId": world.unit(unit) }), more);
    let found = world.as_(who).gql(SHIFTS_BETWEEN, asked).await;
    let text = |edge: &Value, at: &str| edge.pointer(at).unwrap().as_str().unwrap().to_owned();
    let line = |edge: &Value| (text(edge, "/node/unit/name"), text(edge, "/node/state"));
    found.list("/volunteerShifts/edges").iter().map(line).collect()
}

both! {
    async fn what_is_over_is_found_and_so_is_what_others_offer(world: &World) {
        let began = world.now();
        let id = published(world, json!({})).await;
        let elsewhere = json!({ "unitId": world.unit(Unit::B2), "name": "护学岗" });
        let project = world.office().run(CREATE_PROJECT, elsewhere).await;
        let project = project.done()["project"]["id"].as_str().unwrap().to_owned();
        let shift = world.office().run(CREATE_SHIFT, plan(world, &project)).await;
        let other = shift.done()["shift"]["id"].clone();
        assert_eq!(found(world, Who::Member, Unit::S1, json!({})).await, [], "the street itself has none");
        let deep = json!({ "deep": true });
        assert_eq!(found(world, Who::Member, Unit::S1, deep.clone()).await.len(), 1, "a draft is for its organizers");
        assert_eq!(found(world, Who::Secretary, Unit::S1, deep.clone()).await.len(), 1);
        assert_eq!(found(world, Who::Office, Unit::S1, deep.clone()).await.len(), 2);
        world.office().run(PUBLISH_SHIFT, json!({ "id": other })).await.done();
        for who in [Who::Member, Who::MemberOfB3, Who::Stranger] {
            assert_eq!(found(world, who, Unit::S1, deep.clone()).await.len(), 2, "{who:?}");
        }
        assert_eq!(found(world, Who::Member, Unit::S2, deep.clone()).await.len(), 0);
        let foreign = with(json!({ "unitId": world.unit(Unit::S1) }), deep.clone());
        assert_eq!(world.as_(Who::ForeignMember).gql(SHIFTS_BETWEEN, foreign).await.error_code(), "NOT_FOUND");
        world.pass(Duration::hours(33));
        world.forget_tokens();
        world.secretary().run(COUNT_HEADS, json!({ "shiftId": id, "beneficiaries": 12 })).await.done();
        assert_eq!(found(world, Who::Member, Unit::B1, json!({})).await, [], "it is over");
        let past = json!({ "from": rfc3339(began), "until": rfc3339(world.now()) });
        let over = world.member_of_b1().gql(SHIFTS_BETWEEN, with(json!({ "unitId": world.unit(Unit::B1) }), past)).await;
        assert_eq!(over.data("/volunteerShifts/edges/0/node/id"), &json!(id));
        assert_eq!(over.int("/volunteerShifts/edges/0/node/beneficiaries"), 12);
        let before = json!({ "from": rfc3339(began), "until": rfc3339(began + Duration::hours(30)), "deep": true });
        assert_eq!(found(world, Who::Member, Unit::S1, before).await, [], "none begins sooner");
    }
}

both! {
    async fn the_time_to_confirm_begins_when_the_phone_may_ring(world: &World) {
        let night = json!({ "mutedKinds": [], "quietHours": { "from": "22:00", "until": "07:00" } });
        world.as_(Who::Second).run(SET_PREFERENCES, night).await.done();
        let six = json!({ "key": "SHIFT_OFFER_HOURS", "value": 6, "source": "试点" });
        world.administrator().run(SET_RULE, six).await.done();
        world.heard().await;
        world.set_clock(beijing_time(2026, 3, 3, 22, 30));
        let times = json!({
            "startsAt": rfc3339(beijing_time(2026, 3, 4, 12, 0)), "endsAt": rfc3339(beijing_time(2026, 3, 4, 14, 0)),
        });
        let id = published(world, times).await;
        let mut first = Value::Null;
        for who in [Who::Member, Who::Second] {
            let joined = join(world, who, &id).await.done()["signUp"]["id"].clone();
            if who == Who::Member {
                first = joined;
            }
        }
        world.member_of_b1().run(WITHDRAW_SIGN_UP, json!({ "id": first })).await.done();
        let until = |offered: &Value| offered["confirmUntil"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        let offered = seen(world, Who::Second).await["mySignUp"].clone();
        assert_eq!(until(&offered), beijing_time(2026, 3, 4, 12, 0), "six hours from seven, but no later than the start");
        world.as_(Who::Second).run(CONFIRM_SIGN_UP, json!({ "id": offered["id"] })).await.done();
    }
}

/// Where somebody stands with each shift they have signed up for, the last first.
async fn stands(world: &World, who: Who) -> Vec<String> {
    let mine = world.as_(who).gql(SIGN_UPS, json!({ "id": world.member(who) })).await;
    let state = |edge: &Value| edge["node"]["state"].as_str().unwrap().to_owned();
    mine.list("/signUps/edges").iter().map(state).collect()
}

async fn withdraw(world: &World, who: Who, id: &str) {
    world.as_(who).run(WITHDRAW_SIGN_UP, json!({ "id": id })).await.done();
}

both! {
    async fn who_has_a_place_elsewhere_by_now_is_passed_over_until_they_give_it_up(world: &World) {
        let full = published(world, json!({})).await;
        let open = published(world, json!({ "capacity": 5 })).await;
        let first = sign_up_id(&join(world, Who::Leader, &full).await);
        join(world, Who::Member, &full).await.done();
        let next = sign_up_id(&join(world, Who::Second, &full).await);
        let elsewhere = sign_up_id(&join(world, Who::Member, &open).await);
        withdraw(world, Who::Leader, &first).await;
        assert_eq!(stands(world, Who::Member).await, ["SIGNED_UP", "WAITING"], "a place at the time is theirs");
        assert_eq!(stands(world, Who::Second).await, ["OFFERED"]);
        withdraw(world, Who::Second, &next).await;
        assert_eq!(stands(world, Who::Member).await, ["SIGNED_UP", "WAITING"]);
        let place = sign_up_id(&join(world, Who::Probationary, &full).await);
        assert_eq!(stands(world, Who::Probationary).await, ["SIGNED_UP"], "nobody else could take it");
        withdraw(world, Who::Probationary, &place).await;
        withdraw(world, Who::Member, &elsewhere).await;
        assert_eq!(stands(world, Who::Member).await, ["WITHDRAWN", "OFFERED"]);
    }
}

both! {
    async fn who_is_passed_over_moves_up_when_the_other_shift_is_called_off(world: &World) {
        let full = published(world, json!({})).await;
        let open = published(world, json!({})).await;
        let first = sign_up_id(&join(world, Who::Leader, &full).await);
        join(world, Who::Member, &full).await.done();
        join(world, Who::Member, &open).await.done();
        withdraw(world, Who::Leader, &first).await;
        world.secretary().run(CANCEL_SHIFT, json!({ "id": open, "reason": "暴雨" })).await.done();
        assert_eq!(stands(world, Who::Member).await, ["SIGNED_UP", "OFFERED"]);
    }
}

both! {
    async fn of_two_offers_for_one_time_one_is_confirmed(world: &World) {
        let later = json!({
            "startsAt": rfc3339(world.now() + Duration::hours(40)), "endsAt": rfc3339(world.now() + Duration::hours(42)),
        });
        let shifts = [published(world, json!({})).await, published(world, later).await];
        let mut offers = Vec::new();
        for shift in &shifts {
            let first = sign_up_id(&join(world, Who::Leader, shift).await);
            offers.push(sign_up_id(&join(world, Who::Member, shift).await));
            withdraw(world, Who::Leader, &first).await;
        }
        assert_eq!(stands(world, Who::Member).await, ["OFFERED", "OFFERED"]);
        let same = json!({
            "id": shifts[1],
            "startsAt": rfc3339(world.now() + Duration::hours(31)), "endsAt": rfc3339(world.now() + Duration::hours(33)),
        });
        world.secretary().run(UPDATE_SHIFT, same).await.done();
        let confirm = async |id: &String| world.member_of_b1().run(CONFIRM_SIGN_UP, json!({ "id": id })).await;
        let replies = futures_util::future::join_all(offers.iter().map(confirm)).await;
        let confirmed = |reply: &&Reply| reply.data("/confirmSignUp/__typename") == "ConfirmSignUpDone";
        assert_eq!(replies.iter().filter(confirmed).count(), 1, "{} {}", replies[0].text, replies[1].text);
        let other = replies.iter().position(|reply| !confirmed(&reply)).unwrap();
        assert_eq!(replies[other].refused(), "OVERLAP");
        world.set_clock(world.now() + Duration::hours(1));
        assert_eq!(confirm(&offers[other]).await.refused(), "OVERLAP");
    }
}

both! {
    async fn nothing_is_planned_in_a_unit_that_is_no_more(world: &World) {
        let unit = json!({ "parentId": world.unit(Unit::General), "kind": "PARTY_BRANCH", "name": "芙蓉社区第三党支部" });
        let unit = world.office().run(CREATE_UNIT, unit).await.done()["orgUnit"]["id"].clone();
        let begin = json!({ "unitId": unit, "name": "护学岗" });
        let project = world.office().run(CREATE_PROJECT, begin).await.done()["project"]["id"].clone();
        let team = world.office().run(CREATE_TEAM, json!({ "unitId": unit, "name": "先锋队" })).await;
        let team = team.done()["team"]["id"].clone();
        let plan = plan(world, project.as_str().unwrap());
        let shift = world.office().run(CREATE_SHIFT, plan.clone()).await.done()["shift"]["id"].clone();
        assert_eq!(world.office().run(DISSOLVE_UNIT, json!({ "id": unit })).await.refused(), "HAS_WORK");
        world.office().run(CANCEL_SHIFT, json!({ "id": shift, "reason": "支部将撤销" })).await.done();
        world.office().run(DISSOLVE_UNIT, json!({ "id": unit })).await.done();
        for (mutation, input) in [
            (CREATE_SHIFT, plan),
            (PUBLISH_SHIFT, json!({ "id": shift })),
            (UPDATE_SHIFT, json!({ "id": shift, "capacity": 5 })),
            (UPDATE_PROJECT, json!({ "id": project, "name": "护苗岗" })),
            (UPDATE_TEAM, json!({ "id": team, "name": "红色先锋队" })),
        ] {
            assert_eq!(world.office().run(mutation, input.clone()).await.refused(), "UNIT_DISSOLVED", "{input}");
        }
        world.office().run(END_PROJECT, json!({ "id": project })).await.done();
    }
}
