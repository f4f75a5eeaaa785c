//! What happens at the same moment: nothing is lost, nobody waits for ever, no count is short.

use chrono::Duration;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Reply, Unit, Who, World,
        clock::rfc3339,
        document::*,
        meeting::{end, start},
    },
};

/// Members of B1 who can sign in and whom the deputy may decide on.
const SOME: [Who; 4] = [Who::Member, Who::Second, Who::Commissioner, Who::Leader];

/// Everybody has a token before it counts.
async fn sign_in(world: &World) {
    for who in SOME.into_iter().chain([Who::Secretary, Who::Deputy]) {
        world.as_(who).access().await;
    }
}

async fn tally(world: &World) -> Value {
    let shown = world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
    shown.data("/activities/edges/0/node/tally").clone()
}

fn fine(replies: &[Reply]) {
    for reply in replies {
        reply.done();
    }
}

both! {
    async fn a_doubtful_scan_sent_twice_is_one_claim(world: &World) {
        let id = world.party_day().await;
        let (qr, scanned) = (world.qr(&id).await, world.now());
        world.pass(Duration::hours(1));
        sign_in(world).await;
        for who in SOME {
            let offline = json!({ "scannedAt": rfc3339(scanned + Duration::minutes(20)), "sentAt": rfc3339(world.now()) });
            let input = json!({ "qr": qr, "offline": offline });
            let member = world.as_(who);
            let replies = join_all((0..5).map(|_| member.run(CHECK_IN, input.clone()))).await;
            let ids: Vec<_> = replies.iter().map(|r| r.done()["claim"]["id"].clone()).collect();
            assert!(ids.iter().all(|id| id.is_string() && id == &ids[0]), "{ids:?}");
        }
    }
}

both! {
    async fn leave_granted_while_it_is_closed_excuses(world: &World) {
        let id = world.party_day().await;
        sign_in(world).await;
        let mut asked = Vec::new();
        for who in SOME {
            let input = json!({ "activityId": id, "reason": "出差" });
            let leave = world.as_(who).run(REQUEST_LEAVE, input).await;
            asked.push(leave.done()["leaveRequest"]["id"].clone());
        }
        world.set_clock(end());
        sign_in(world).await;
        let (secretary, deputy) = (world.secretary(), world.deputy());
        let grant = |leave: &Value| deputy.run(DECIDE_LEAVE, json!({ "id": leave, "granted": true }));
        let (decided, closed) =
            join(join_all(asked.iter().map(grant)), secretary.run(CLOSE, json!({ "id": id }))).await;
        fine(&decided);
        closed.done();
        assert_eq!(tally(world).await["absent"], 4, "8 expected, 4 on leave");
    }
}

both! {
    async fn scans_and_corrections_after_the_closing_are_all_counted(world: &World) {
        let id = world.party_day().await;
        let (qr, scanned) = (world.qr(&id).await, world.now());
        world.set_clock(end());
        world.secretary().run(CLOSE, json!({ "id": id })).await.done();
        world.pass(Duration::minutes(30));
        sign_in(world).await;
        let offline = json!({ "scannedAt": rfc3339(scanned), "sentAt": rfc3339(world.now()) });
        let scan = json!({ "qr": qr, "offline": offline });
        let people: Vec<_> = SOME.iter().map(|who| world.as_(*who)).collect();
        let secretary = world.secretary();
        let correct = |who: Who| {
            let input = json!({ "activityId": id, "memberId": world.member(who), "state": "PRESENT", "reason": "在场" });
            secretary.run(CORRECT, input)
        };
        let others = [Who::Deputy, Who::Probationary, Who::Elder];
        let (scanned, corrected) = join(
            join_all(people.iter().map(|member| member.run(CHECK_IN, scan.clone()))),
            join_all(others.into_iter().map(correct)),
        )
        .await;
        fine(&scanned);
        fine(&corrected);
        assert_eq!((&tally(world).await["present"], &tally(world).await["absent"]), (&json!(7), &json!(1)));
    }
}

both! {
    async fn a_list_is_ticked_while_members_scan(world: &World) {
        let id = world.party_day().await;
        world.set_clock(start());
        sign_in(world).await;
        let qr = world.qr(&id).await;
        let everybody: Vec<_> = SOME.iter().rev().map(|who| world.member(*who)).collect();
        let people: Vec<_> = SOME.iter().map(|who| world.as_(*who)).collect();
        let deputy = world.deputy();
        let (scanned, ticked) = join(
            join_all(people.iter().map(|member| member.run(CHECK_IN, json!({ "qr": qr })))),
            deputy.run(CHECK_IN_MEMBERS, json!({ "activityId": id, "memberIds": everybody })),
        )
        .await;
        fine(&scanned);
        let results = ticked.done()["results"].as_array().unwrap().clone();
        let order: Vec<_> = results.iter().map(|r| r["memberId"].as_str().unwrap().to_owned()).collect();
        assert_eq!(order, everybody);
        assert!(results.iter().all(|r| r["attendance"]["state"] == "PRESENT"), "{results:?}");
    }
}
