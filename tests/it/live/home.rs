//! The home screen: everything in one query, in few statements, however much there is.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Unit, Who, World, assigning,
        clock::rfc3339,
        document::*,
        meeting::{end, start},
    },
};

async fn meet(world: &World, n: i64) {
    let day = Duration::days(n);
    let plan = json!({ "title": format!("第{n}次"), "startsAt": rfc3339(start() + day), "endsAt": rfc3339(end() + day) });
    let id = world.published(plan).await;
    world.set_clock(start() + day);
    world.settle().await;
    let entry = json!({ "activityId": id, "memberIds": [world.member(Who::Member)] });
    world.secretary().run(CHECK_IN_MEMBERS, entry).await.done();
    world.set_clock(end() + day);
    world.secretary().run(CLOSE, json!({ "id": id })).await.done();
    world.settle().await;
}

async fn give_work(world: &World) -> Value {
    let to = json!({ "memberId": world.member(Who::Member) });
    let made = world.secretary().run(CREATE_ASSIGNMENT, assigning::work(world, Unit::B1, to)).await;
    let id = made.done()["assignment"]["id"].clone();
    world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
    id
}

both! {
    async fn one_query_shows_everything(world: &World) {
        meet(world, 0).await;
        let day = Duration::days(20);
        for (n, title) in ["下一次", "再下一次"].iter().enumerate() {
            let day = day + Duration::days(n.try_into().unwrap());
            let plan = json!({ "title": title, "startsAt": rfc3339(start() + day), "endsAt": rfc3339(end() + day) });
            world.published(plan).await;
        }
        world.settle().await;
        let home = world.member_of_b1().gql(HOME, json!({})).await;
        assert_eq!(home.str("/home/me/name"), "陈党员");
        assert_eq!(home.str("/home/branch/id"), world.unit(Unit::B1));
        assert_eq!(home.str("/home/branch/parentUnit/id"), world.unit(Unit::General));
        let titles: Vec<_> = home.list("/home/nextActivities").iter().map(|a| a["title"].clone()).collect();
        assert_eq!(titles, ["下一次", "再下一次"]);
        assert_eq!(home.list("/home/lastAttendances").len(), 1);
        assert_eq!(home.str("/home/lastAttendances/0/activity/title"), "第0次");
        assert_eq!(home.int("/home/unreadCount"), 3);
        assert_eq!((home.list("/home/openAssignments").len(), home.int("/home/minutesThisYear")), (0, 0));
        let made = give_work(world).await;
        let home = world.member_of_b1().gql(HOME, json!({})).await;
        assert_eq!(home.data("/home/openAssignments/0/id"), &made);
        assert_eq!(home.str("/home/openAssignments/0/state"), "DISPATCHED");
        let leader = world.as_(Who::Leader).gql(HOME, json!({})).await;
        assert_eq!(leader.str("/home/branch/id"), world.unit(Unit::B1), "a group's members belong to its branch");
        let guest = world.stranger().gql(HOME, json!({})).await;
        assert!(guest.data("/home/branch").is_null());
        assert_eq!(guest.list("/home/nextActivities").len(), 0);
        assert_eq!(world.anonymous().gql(HOME, json!({})).await.error_code(), "UNAUTHENTICATED");
    }
}

both! {
    async fn its_statements_are_few_and_always_as_many(world: &World) {
        world.pin();
        let me = world.member_of_b1();
        for n in 0..2 {
            meet(world, n).await;
        }
        world.published(json!({ "startsAt": rfc3339(start() + Duration::days(30)), "endsAt": rfc3339(end() + Duration::days(30)) })).await;
        world.settle().await;
        give_work(world).await;
        me.gql(HOME, json!({})).await.data("/home");
        let few = me.gql(HOME, json!({})).await.statements();
        for n in 2..12 {
            give_work(world).await;
            meet(world, n).await;
            let day = Duration::days(30 + n);
            world.published(json!({ "startsAt": rfc3339(start() + day), "endsAt": rfc3339(end() + day) })).await;
        }
        world.settle().await;
        me.gql(HOME, json!({})).await.data("/home");
        let many = me.gql(HOME, json!({})).await;
        assert_eq!(many.list("/home/lastAttendances").len(), 5);
        assert_eq!(many.list("/home/openAssignments").len(), 5);
        assert_eq!(many.statements(), few, "as many for much as for little");
        assert!(few <= 7, "{few} statements");
    }
}
