//! What is old is forgotten a little at a time, and one thing that can't be keeps no other.

use chrono::Duration;
use sea_orm::{ConnectionTrait, Database};
use serde_json::json;
use zhibu::worker::forget;

use crate::{
    both,
    harness::{Who, World, document::*, fault::Fault, meeting::start},
    live::{follow::append, inbox::inbox},
};

/// How many changes the feeds have.
async fn changes(world: &World) -> i64 {
    let db = Database::connect(&world.app.config.database_url).await.unwrap();
    let count =
        sea_orm::Statement::from_string(db.get_database_backend(), "SELECT count(*) FROM feed_change");
    let count = db.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    db.close().await.unwrap();
    count
}

both! {
    async fn many_rows_are_forgotten_in_rounds(world: &World) {
        let many = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5100)
            INSERT INTO feed_change (district_id, feed_kind, owner_id, position, event, subject_kind, subject_id, at)
            SELECT district_id, feed_kind, owner_id, position + n, event, subject_kind, subject_id, at
            FROM feed_change CROSS JOIN n";
        // The server's own worker forgets every twenty seconds: it may come in between, but not each time.
        for tries in 1.. {
            append(world, 1).await;
            let fault = Fault::of(world).await;
            fault.run(many).await;
            fault.close().await;
            assert_eq!(changes(world).await, 5_101);
            world.pass(Duration::days(8));
            forget(&world.app).await.unwrap();
            let left = changes(world).await;
            if left > 0 || tries == 3 {
                assert_eq!(left, 101, "a round takes so many and no more");
                break;
            }
        }
        forget(&world.app).await.unwrap();
        assert_eq!(changes(world).await, 0);
    }
}

both! {
    async fn one_that_fails_keeps_no_other(world: &World) {
        world.published(json!({})).await;
        world.settle().await;
        let fault = Fault::of(world).await;
        fault.begin("DELETE feed_change").await;
        world.set_clock(start() + Duration::days(120));
        forget(&world.app).await.expect_err("the feeds can't be forgotten");
        assert_eq!(inbox(&world.member_of_b1()).await.len(), 0, "the notifications are");
        fault.end("DELETE feed_change").await;
        forget(&world.app).await.unwrap();
        assert_eq!(changes(world).await, 0);
        fault.close().await;
    }
}

both! {
    async fn who_was_told_of_what_is_to_come_is_not_told_anew(world: &World) {
        let week = json!({ "key": "NOTIFICATION_KEEP_DAYS", "value": 7, "source": "试点" });
        world.administrator().run(SET_RULE, week).await.done();
        let day = start() + Duration::days(6);
        let times = json!({
            "startsAt": crate::harness::clock::rfc3339(day),
            "endsAt": crate::harness::clock::rfc3339(day + Duration::hours(2)),
        });
        let id = world.published(times).await;
        world.settle().await;
        let told = inbox(&world.member_of_b1()).await;
        assert_eq!(told.len(), 1);
        world.pass(Duration::days(8));
        forget(&world.app).await.unwrap();
        world.secretary().run(UPDATE_ACTIVITY, json!({ "id": id, "title": "学雷锋" })).await.done();
        world.settle().await;
        let still = inbox(&world.member_of_b1()).await;
        assert_eq!((still.len(), &still[0]["id"]), (1, &told[0]["id"]), "one message for one need");
        world.set_clock(day + Duration::hours(3));
        forget(&world.app).await.unwrap();
        assert_eq!(inbox(&world.as_(Who::Second)).await.len(), 0, "now it is over");
    }
}
