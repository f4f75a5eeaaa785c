//! Several at the same moment: each thing happens once.

use zhibu::volunteering::job;

use super::*;
use crate::both;

both! {
    async fn of_two_reports_of_one_time_one_stands(world: &World) {
        // Signed in beforehand, so that the two meet.
        let (one, two) = (world.member_of_b1(), world.member_of_b1());
        one.access().await;
        let to = |unit| json!({ "unitId": world.unit(unit), "service": service(0, 120) });
        let (one, two) = tokio::join!(one.run(REPORT_HOURS, to(Unit::B1)), two.run(REPORT_HOURS, to(Unit::B3)));
        let done = [&one, &two].iter().filter(|r| r.data("/reportServiceHours/__typename") == "ReportServiceHoursDone").count();
        assert_eq!(done, 1, "{} {}", one.text, two.text);
    }
}

both! {
    async fn sent_twice_at_once_it_is_reported_once(world: &World) {
        let member = world.member_of_b1();
        member.access().await;
        let input = json!({ "service": service(0, 120), "clientMutationId": "r-1" });
        let replies = futures_util::future::join_all((0..3).map(|_| member.run(REPORT_HOURS, input.clone()))).await;
        let ids: std::collections::BTreeSet<_> = replies.iter().map(entry_id).collect();
        assert_eq!(ids.len(), 1);
    }
}

both! {
    async fn of_two_reviewers_one_decides(world: &World) {
        let id = reported(world, Who::Member, Unit::B1, 0, 120).await;
        world.secretary().access().await;
        world.deputy().access().await;
        let (one, two) = tokio::join!(
            review(world, Who::Secretary, json!({ "id": id })),
            review(world, Who::Deputy, json!({ "id": id, "returned": true, "reason": "请补充" })),
        );
        let refused = [&one, &two].iter().filter(|r| r["code"] == "ALREADY_REVIEWED").count();
        assert_eq!(refused, 1, "{one} {two}");
    }
}

both! {
    async fn of_two_workers_one_grants(world: &World) {
        in_publicity(world).await;
        world.pass(Duration::days(7));
        for one in futures_util::future::join_all(world.workers(2).map(job::run)).await {
            one.unwrap();
        }
        world.settle().await;
        let ledger = world.member_of_b1().gql(HOUR_LEDGER, json!({ "id": world.member(Who::Member) })).await;
        assert_eq!(ledger.list("/hourLedger/edges").len(), 1);
        assert_eq!(total(world, Who::Member).await, 120);
    }
}

both! {
    async fn an_objection_and_a_worker_at_the_last_moment(world: &World) {
        let id = in_publicity(world).await;
        world.as_(Who::Second).access().await;
        world.pass(Duration::days(7));
        let input = json!({ "entryId": id, "reason": "不实" });
        let second = world.as_(Who::Second);
        let (objected, granted) = tokio::join!(second.run(OBJECT_TO_HOURS, input), job::run(&world.app));
        granted.unwrap();
        assert_eq!(objected.refused(), "NOT_IN_PUBLICITY");
        world.settle().await;
        assert_eq!(total(world, Who::Member).await, 120);
    }
}
