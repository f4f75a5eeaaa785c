//! Reported hours and work on assignments, done without signal and sent together with check-ins.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Reply, Unit, Who, World,
        assigning::{Told, id_of, work},
        clock::rfc3339,
        document::*,
        meeting::{end, start, with},
    },
};

fn action(world: &World, id: &str, deed: Value) -> Value {
    json!({ "clientActionId": id, "at": rfc3339(world.now()), "deed": deed })
}

fn hours(from: DateTime<Utc>) -> Value {
    json!({ "reportServiceHours": { "service": {
        "startsAt": rfc3339(from), "endsAt": rfc3339(from + Duration::hours(1)),
        "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
    } } })
}

async fn send_at(world: &World, who: Who, sent_at: DateTime<Utc>, actions: &[Value]) -> Reply {
    world.as_(who).run(SEND_QUEUED, json!({ "sentAt": rfc3339(sent_at), "actions": actions })).await
}

async fn send(world: &World, who: Who, actions: &[Value]) -> Vec<Value> {
    send_at(world, who, world.now(), actions).await.done()["answers"].as_array().unwrap().clone()
}

/// What an answer says: the only field besides the id that isn't null.
fn said(answer: &Value) -> (&str, &Value) {
    let told = answer.as_object().unwrap().iter().filter(|(key, v)| *key != "clientActionId" && !v.is_null());
    let told: Vec<_> = told.collect();
    assert_eq!(told.len(), 1, "{answer}");
    (told[0].0, told[0].1)
}

/// In one word: that it was done, or the code of why not.
fn word(answer: &Value) -> String {
    let (_, said) = said(answer);
    let kind = said["__typename"].as_str().unwrap_or_default();
    if kind.ends_with("Done") { "DONE".to_owned() } else { said["code"].as_str().unwrap().to_owned() }
}

fn words(answers: &[Value]) -> Vec<String> {
    answers.iter().map(word).collect()
}

/// B1's secretary gives somebody something to do.
async fn given(world: &World, to: Who) -> String {
    given_as(world, to, "走访").await
}

async fn given_as(world: &World, to: Who, title: &str) -> String {
    let work =
        with(work(world, Unit::B1, json!({ "memberId": world.member(to) })), json!({ "title": title }));
    let id = id_of(&world.secretary().run(CREATE_ASSIGNMENT, work).await);
    world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
    id
}

async fn kinds(world: &World, id: &str) -> Vec<String> {
    let seen = world.assignment(Who::Secretary, id).await;
    let kinds =
        seen["history"].as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap().to_owned());
    kinds.collect()
}

async fn entries(world: &World) -> usize {
    let id = world.member(Who::Member);
    world.member_of_b1().gql(SERVICE_HOURS, json!({ "id": id })).await.list("/serviceHours/edges").len()
}

/// A hundred actions with what should come of each: fourteen assignments in three steps each, twenty
/// hours, eight check-ins, and thirty that can't be.
async fn a_hundred(world: &World) -> (Vec<(Value, &'static str)>, Vec<String>) {
    let mut all = Vec::new();
    let strangers = given(world, Who::Second).await;
    let fresh = given(world, Who::Member).await;
    let mut assignments = Vec::new();
    for _ in 0..14 {
        assignments.push(given(world, Who::Member).await);
    }
    for n in 0..8 {
        let day = Duration::minutes(10 * n);
        let plan = json!({ "title": format!("第{n}次"), "startsAt": rfc3339(start() + day), "endsAt": rfc3339(end() + day) });
        let id = world.published(plan).await;
        world.set_clock(start() + day);
        let scan = json!({ "checkIn": { "qr": world.qr(&id).await } });
        all.push((action(world, &format!("scan-{n}"), scan), "DONE"));
    }
    let day = world.now() - Duration::days(3);
    for n in 0..20 {
        let from = day - Duration::hours(12 * n);
        all.push((action(world, &format!("hours-{n}"), hours(from)), "DONE"));
    }
    for (n, id) in assignments.iter().enumerate() {
        let mut step =
            |name: &str, deed: Value| all.push((action(world, &format!("{name}-{n}"), deed), "DONE"));
        step("accept", json!({ "acceptAssignment": { "id": id } }));
        step("report", json!({ "reportProgress": { "id": id, "amount": 20, "note": "已走访" } }));
        step(
            "submit",
            json!({ "submitAssignment": { "id": id, "text": "全部走访", "references": ["file:1.jpg"] } }),
        );
    }
    for n in 0..6 {
        let mut bad = |name: &str, deed: Value, why: &'static str| {
            // Among the others.
            let place = (n * 17 + all.len() * 5) % all.len();
            all.insert(place, (action(world, &format!("{name}-{n}"), deed), why));
        };
        let ahead = world.now() + Duration::hours(i64::try_from(n).unwrap());
        bad("future", hours(ahead), "IN_FUTURE");
        bad("empty", json!({ "declineAssignment": { "id": fresh, "reason": " " } }), "BAD_REASON");
        bad("hidden", json!({ "acceptAssignment": { "id": strangers } }), "NOT_FOUND");
        bad("early", json!({ "submitAssignment": { "id": fresh, "text": "完成" } }), "NOT_ACCEPTED");
        bad("forged", json!({ "checkIn": { "qr": format!("nonsense-{n}") } }), "CODE_WRONG");
    }
    (all, assignments)
}

both! {
    async fn a_hundred_of_all_kinds_thirty_of_them_bad(world: &World) {
        let (all, assignments) = a_hundred(world).await;
        let (actions, expected): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        assert_eq!((actions.len(), expected.iter().filter(|word| **word != "DONE").count()), (100, 30));
        let reply = send_at(world, Who::Member, world.now(), &actions).await;
        let first = reply.done()["answers"].as_array().unwrap().clone();
        for ((action, answer), expected) in actions.iter().zip(&first).zip(&expected) {
            assert_eq!(action["clientActionId"], answer["clientActionId"], "in the order sent");
            assert_eq!(word(answer), *expected, "{action} {answer}");
            let deed = action["deed"].as_object().unwrap().keys().next().unwrap();
            assert!([deed.as_str(), "error"].contains(&said(answer).0), "{answer}");
        }
        // Each action is a transaction of its own: a dozen statements, not a dozen for each before it.
        assert!(reply.statements() < 800, "{} statements", reply.statements());
        let whole = send(world, Who::Member, &actions).await;
        assert_eq!(words(&whole), words(&first));
        let half: Vec<_> = actions.iter().skip(1).step_by(2).cloned().collect();
        let again = send(world, Who::Member, &half).await;
        let before: Vec<_> = words(&first).into_iter().skip(1).step_by(2).collect();
        assert_eq!(words(&again), before);
        for (first, again) in first.iter().zip(&whole) {
            let entry = "/reportServiceHours/entry/id";
            assert_eq!(first.pointer(entry), again.pointer(entry));
        }
        assert_eq!(entries(world).await, 20);
        for id in &assignments {
            assert_eq!(kinds(world, id).await, ["CREATED", "DISPATCHED", "ACCEPTED", "REPORTED", "SUBMITTED"]);
        }
    }
}

/// Actions that can't be read, each with its code and the field at fault.
fn unreadable(world: &World, id: &str) -> Vec<(Value, &'static str, Value)> {
    let mut all = Vec::new();
    for n in 0..5 {
        let mut bad = |name: &str, deed: Value, code: &'static str, field: Value| {
            all.push((action(world, &format!("{name}-{n}"), deed), code, field));
        };
        let no_id = json!({ "acceptAssignment": { "id": format!("nonsense-{n}") } });
        bad("no-id", no_id, "BAD_ID", json!(["deed", "acceptAssignment", "id"]));
        let no_unit = with(hours(world.now())["reportServiceHours"].clone(), json!({ "unitId": "B1" }));
        let no_unit = json!({ "reportServiceHours": no_unit });
        bad("no-unit", no_unit, "BAD_ID", json!(["deed", "reportServiceHours", "unitId"]));
        let other = json!({ "startAssignment": { "id": world.unit(Unit::B1) } });
        bad("other-kind", other, "BAD_ID", Value::Null);
        let mut no_time = hours(world.now());
        no_time["reportServiceHours"]["service"]["startsAt"] = json!("昨天上午");
        bad(
            "no-time",
            no_time,
            "BAD_USER_INPUT",
            json!(["deed", "reportServiceHours", "service", "startsAt"]),
        );
        let no_place = json!({ "reportProgress": { "id": id, "doneItems": [-1] } });
        bad("no-place", no_place, "BAD_USER_INPUT", json!(["deed", "reportProgress", "doneItems"]));
        let timeless = json!({ "clientActionId": format!("timeless-{n}"), "at": "0", "deed": { "startAssignment": { "id": id } } });
        all.push((timeless, "BAD_USER_INPUT", json!(["at"])));
    }
    all
}

both! {
    async fn thirty_of_a_hundred_cannot_be_read(world: &World) {
        let (hundred, assignments) = a_hundred(world).await;
        let sound = hundred.into_iter().filter(|(_, word)| *word == "DONE").map(|(action, _)| (action, "DONE", Value::Null));
        let mut all: Vec<_> = sound.collect();
        for (n, bad) in unreadable(world, &assignments[0]).into_iter().enumerate() {
            all.insert((n * 17 + 5) % all.len(), bad);
        }
        let actions: Vec<_> = all.iter().map(|(action, ..)| action.clone()).collect();
        assert_eq!(actions.len(), 100);
        for _ in 0..2 {
            let answers = send(world, Who::Member, &actions).await;
            for ((action, code, field), answer) in all.iter().zip(&answers) {
                assert_eq!(action["clientActionId"], answer["clientActionId"], "in the order sent");
                assert_eq!(word(answer), *code, "{action} {answer}");
                if *code != "DONE" {
                    assert_eq!((&answer["error"]["field"], &answer["error"]["retry"]), (field, &json!(false)), "{answer}");
                    assert!(answer["error"]["detail"].is_string());
                }
            }
        }
        assert_eq!(entries(world).await, 20);
        for id in &assignments {
            assert_eq!(kinds(world, id).await, ["CREATED", "DISPATCHED", "ACCEPTED", "REPORTED", "SUBMITTED"]);
        }
        // Put right it may keep its id.
        let id = given(world, Who::Member).await;
        let right = action(world, "no-id-0", json!({ "acceptAssignment": { "id": id } }));
        assert_eq!(words(&send(world, Who::Member, &[right]).await), ["DONE"]);
    }
}

both! {
    async fn two_phones_send_the_same_at_once(world: &World) {
        let (all, assignments) = a_hundred(world).await;
        let (actions, expected): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        world.member_of_b1().access().await;
        let (mut one, mut two) = tokio::join!(send(world, Who::Member, &actions), send(world, Who::Member, &actions));
        // Whatever was said to be in the other's hands is asked for once more.
        for answers in [&mut one, &mut two] {
            let retry: Vec<_> = answers.iter().map(|answer| answer["error"]["retry"] == true).collect();
            let rest: Vec<_> = actions.iter().zip(&retry).filter(|(_, retry)| **retry).map(|(a, _)| a.clone()).collect();
            let mut later = send(world, Who::Member, &rest).await.into_iter();
            for (answer, retry) in answers.iter_mut().zip(retry) {
                if retry {
                    *answer = later.next().unwrap();
                }
            }
            assert_eq!(words(answers), expected);
        }
        assert_eq!(entries(world).await, 20);
        for id in &assignments {
            assert_eq!(kinds(world, id).await, ["CREATED", "DISPATCHED", "ACCEPTED", "REPORTED", "SUBMITTED"]);
        }
    }
}

both! {
    async fn the_first_answer_stays(world: &World) {
        let id = given(world, Who::Member).await;
        let early = action(world, "early", json!({ "submitAssignment": { "id": id, "text": "完成" } }));
        let accept = action(world, "accept", json!({ "acceptAssignment": { "id": id } }));
        let ahead = action(world, "ahead", hours(world.now()));
        assert_eq!(words(&send(world, Who::Member, &[early.clone(), ahead.clone()]).await), ["NOT_ACCEPTED", "IN_FUTURE"]);
        world.pass(Duration::hours(2));
        let again = send(world, Who::Member, &[early, ahead, accept.clone()]).await;
        assert_eq!(words(&again), ["NOT_ACCEPTED", "IN_FUTURE", "DONE"]);
        assert_eq!(again[1]["reportServiceHours"]["field"], json!(["service.endsAt"]));
        let submit = action(world, "submit", json!({ "submitAssignment": { "id": id, "text": "完成" } }));
        assert_eq!(words(&send(world, Who::Member, &[submit]).await), ["DONE"]);
        let returned = json!({ "id": id, "reason": "缺两户" });
        world.secretary().run(RETURN_ASSIGNMENT, returned).await.done();
        assert_eq!(words(&send(world, Who::Member, &[accept]).await), ["DONE"], "long past, and still the answer");
        assert_eq!(kinds(world, &id).await, ["CREATED", "DISPATCHED", "ACCEPTED", "SUBMITTED", "RETURNED"]);
    }
}

both! {
    async fn what_was_tried_with_signal_may_be_queued(world: &World) {
        let id = given(world, Who::Member).await;
        world.member_of_b1().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
        // The answers of these were lost.
        let mut report = hours(world.now() - Duration::hours(3));
        report["reportServiceHours"]["clientMutationId"] = json!("online-1");
        world.member_of_b1().run(REPORT_HOURS, report["reportServiceHours"].clone()).await.done();
        let progress = json!({ "id": id, "amount": 3, "clientMutationId": "online-2" });
        world.member_of_b1().run(REPORT_PROGRESS, progress.clone()).await.done();
        let queued = [
            action(world, "a", report),
            action(world, "b", json!({ "acceptAssignment": { "id": id } })),
            action(world, "c", json!({ "reportProgress": progress })),
            action(world, "d", json!({ "startAssignment": { "id": id } })),
        ];
        assert_eq!(words(&send(world, Who::Member, &queued).await), ["DONE", "UNDERWAY", "DONE", "DONE"]);
        assert_eq!(entries(world).await, 1);
        assert_eq!(kinds(world, &id).await, ["CREATED", "DISPATCHED", "ACCEPTED", "REPORTED"]);
    }
}

both! {
    async fn what_follows_a_step_that_has_to_come_again_waits_for_it(world: &World) {
        let told = Told::keep(world).await;
        let (spoilt, sound) = (given_as(world, Who::Member, "坏").await, given(world, Who::Member).await);
        let mut actions = Vec::new();
        for (name, id) in [("spoilt", &spoilt), ("sound", &sound)] {
            actions.push(action(world, &format!("{name}-1"), json!({ "acceptAssignment": { "id": id } })));
            actions.push(action(world, &format!("{name}-2"), json!({ "submitAssignment": { "id": id } })));
        }
        actions.push(action(world, "hours", hours(world.now() - Duration::hours(3))));
        told.spoil("UPDATE assignment SET kind = 'SPOILT' WHERE title = '坏'").await;
        let answers = send(world, Who::Member, &actions).await;
        assert_eq!(words(&answers), ["INTERNAL", "OVERLOADED", "DONE", "DONE", "DONE"]);
        assert!(answers[..2].iter().all(|answer| answer["error"]["retry"] == true));
        told.spoil("UPDATE assignment SET kind = 'TASK'").await;
        assert_eq!(words(&send(world, Who::Member, &actions).await), ["DONE"; 5]);
        for id in [&spoilt, &sound] {
            assert_eq!(kinds(world, id).await, ["CREATED", "DISPATCHED", "ACCEPTED", "SUBMITTED"]);
        }
        told.end().await;
    }
}

both! {
    async fn a_phones_clock_decides_nothing(world: &World) {
        for (n, wrong) in [-7, 7, 24 * 400].into_iter().map(Duration::hours).enumerate() {
            let id = given(world, Who::Member).await;
            let phone = world.now() + wrong;
            let mut actions = Vec::new();
            for (step, deed) in [
                json!({ "acceptAssignment": { "id": id } }),
                json!({ "submitAssignment": { "id": id } }),
                hours(world.now() - Duration::hours(2 + 2 * i64::try_from(n).unwrap())),
                hours(world.now() + Duration::hours(1)),
            ].into_iter().enumerate() {
                // The later ones seem to have been done after they were sent.
                let at = rfc3339(phone + Duration::hours(i64::try_from(step).unwrap() - 1));
                actions.push(json!({ "clientActionId": format!("{n}-{step}"), "at": at, "deed": deed }));
            }
            let reply = send_at(world, Who::Member, phone, &actions).await;
            let answers = reply.done()["answers"].as_array().unwrap().clone();
            assert_eq!(words(&answers), ["DONE", "DONE", "DONE", "IN_FUTURE"], "{wrong}");
            let submitted = answers[1]["submitAssignment"]["assignment"]["submittedAt"].as_str().unwrap();
            assert_eq!(submitted.parse::<DateTime<Utc>>().unwrap(), world.now());
        }
    }
}
