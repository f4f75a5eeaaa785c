//! The job: killed, cancelled, given up, expired.

use chrono::Duration as Time;
use futures_util::future::join_all;
use zhibu::report::export::run;

use super::*;
use crate::{both, harness::fault::Fault, volunteering::files::read_xlsx};

/// Where a worker ends when its file is about to be kept.
const KEEPING: &str = "INSERT report_export_piece";

/// Several workers at once.
async fn work(world: &World) {
    let _killed = join_all(world.workers(3).map(run)).await;
}

/// An export whose worker was killed when it kept the file.
async fn killed(world: &World, fault: &Fault) -> String {
    fault.begin(KEEPING).await;
    let id = id_of(&ask(world, Who::Office, "ATTENDANCE", Unit::S1, json!({})).await);
    until_tried(world, &id).await;
    id
}

/// Waits until whoever has taken the export up is gone.
async fn until_tried(world: &World, id: &str) {
    for _ in 0..2_000 {
        work(world).await;
        let export = seen(world, Who::Office, id).await;
        if export["state"] == "RUNNING"
            && export["doneRows"] == export["totalRows"]
            && export["doneRows"] != 0
        {
            // The write that ends it follows at once.
            return tokio::time::sleep(Duration::from_millis(300)).await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody has taken the export up");
}

both! {
    async fn what_a_killed_worker_left_is_made_by_the_next(world: &World) {
        let fault = Fault::of(world).await;
        let id = killed(world, &fault).await;
        fault.end(KEEPING).await;
        work(world).await;
        assert_eq!(seen(world, Who::Office, &id).await["state"], "RUNNING", "it may be alive still");
        world.pass(Time::minutes(3));
        work(world).await;
        let export = ended(world, Who::Office, &id).await;
        assert_eq!((&export["state"], &export["doneRows"]), (&json!("READY"), &export["totalRows"]));
        assert!(read_xlsx(opened(world, &export).await.file(), "组织汇总").height() > 1);
        assert_eq!(pieces(world).await.len(), 1, "of one try alone");
        fault.close().await;
    }
}

both! {
    async fn what_never_succeeds_is_given_up_and_says_so(world: &World) {
        let fault = Fault::of(world).await;
        let id = killed(world, &fault).await;
        for _ in 0..5 {
            assert_eq!(seen(world, Who::Office, &id).await["state"], "RUNNING");
            world.pass(Time::minutes(3));
            for _ in 0..3 {
                work(world).await;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        fault.end(KEEPING).await;
        let export = ended(world, Who::Office, &id).await;
        assert_eq!((&export["state"], &export["failure"], &export["xlsx"]), (&json!("FAILED"), &json!("FAULT"), &Value::Null));
        assert!(export["failureMessage"].as_str().is_some_and(|sentence| sentence.ends_with('。')));
        assert_eq!(pieces(world).await.len(), 0);
        assert_eq!(world.office().run(CANCEL_REPORT_EXPORT, json!({ "id": id })).await.refused(), "ALREADY_OVER");
        // One that failed is in nobody's way.
        file(world, Who::Office, "ASSIGNMENTS", Unit::S1).await;
        fault.close().await;
    }
}

both! {
    async fn three_wait_at_a_time_and_what_is_cancelled_stays_so(world: &World) {
        let fault = Fault::of(world).await;
        let first = killed(world, &fault).await;
        for kind in ["SERVICE_HOURS", "ASSIGNMENTS"] {
            ask(world, Who::Office, kind, Unit::S1, json!({})).await.done();
        }
        assert_eq!(ask(world, Who::Office, "ATTENDANCE", Unit::S1, json!({})).await.refused(), "TOO_MANY_UNFINISHED");
        ask(world, Who::OfficeOfS2, "ATTENDANCE", Unit::S2, json!({})).await.done();
        let cancelled = world.office().run(CANCEL_REPORT_EXPORT, json!({ "id": first })).await;
        assert_eq!(cancelled.done()["export"]["state"], "CANCELLED");
        ask(world, Who::Office, "ATTENDANCE", Unit::S1, json!({})).await.done();
        fault.end(KEEPING).await;
        world.pass(Time::minutes(3));
        work(world).await;
        assert_eq!(ended(world, Who::Office, &first).await["state"], "CANCELLED", "nobody takes it up");
        world.office().run(CANCEL_REPORT_EXPORT, json!({ "id": first })).await.done();
        fault.close().await;
    }
}

both! {
    async fn cancelling_erases_the_file(world: &World) {
        let id = id_of(&ask(world, Who::Office, "ATTENDANCE", Unit::S1, json!({})).await);
        let export = ended(world, Who::Office, &id).await;
        assert_eq!(pieces(world).await.len(), 1);
        let cancelled = world.office().run(CANCEL_REPORT_EXPORT, json!({ "id": id })).await;
        assert_eq!((&cancelled.done()["export"]["state"], &cancelled.done()["export"]["xlsx"]), (&json!("CANCELLED"), &Value::Null));
        assert_eq!(pieces(world).await.len(), 0);
        assert_eq!(opened(world, &export).await.problem(), "NOT_FOUND");
    }
}

both! {
    async fn a_link_lasts_minutes_and_a_file_a_day(world: &World) {
        let id = id_of(&ask(world, Who::Office, "ATTENDANCE", Unit::S1, json!({})).await);
        let export = ended(world, Who::Office, &id).await;
        opened(world, &export).await.file();
        world.pass(Time::minutes(11));
        let late = opened(world, &export).await;
        assert_eq!((late.status.as_u16(), late.problem()), (410, "LINK_EXPIRED".to_owned()));
        let again = seen(world, Who::Office, &id).await;
        opened(world, &again).await.file();
        world.pass(Time::hours(24) - Time::minutes(14));
        let last = seen(world, Who::Office, &id).await;
        opened(world, &last).await.file();
        world.pass(Time::minutes(6));
        assert_eq!(opened(world, &last).await.problem(), "LINK_EXPIRED", "the link stands, the file's day is over");
        work(world).await;
        let over = seen(world, Who::Office, &id).await;
        assert_eq!((&over["state"], &over["xlsx"]), (&json!("EXPIRED"), &Value::Null));
        assert_eq!(pieces(world).await.len(), 0, "erased");
        assert_eq!(opened(world, &last).await.problem(), "LINK_EXPIRED");
    }
}

both! {
    async fn who_has_lost_the_right_gets_nothing(world: &World) {
        let fault = Fault::of(world).await;
        let id = killed(world, &fault).await;
        world.administrator().run(END_POST, json!({ "id": world.post(Who::Office), "endsOn": "2026-03-01" })).await.done();
        world.heard().await;
        fault.end(KEEPING).await;
        world.pass(Time::minutes(3));
        for _ in 0..100 {
            work(world).await;
            let mine = world.office().gql(MY_REPORT_EXPORTS, json!({})).await;
            if mine.str("/myReportExports/edges/0/node/state") == "FAILED" {
                assert_eq!(mine.str("/myReportExports/edges/0/node/failure"), "RIGHTS_LOST");
                assert_eq!(pieces(world).await.len(), 0);
                assert_eq!(world.office().gql(REPORT_EXPORT, json!({ "id": id })).await.error_code(), "FORBIDDEN");
                return fault.close().await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it was made");
    }
}
