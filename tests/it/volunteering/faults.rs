//! Clocks that jump, things sent twice or at once, and a worker that fails at every step.

use sea_orm::ConnectionTrait;
use zhibu::volunteering::job;

use super::{
    presence::{at_the_door, at_the_door_with, begins, come, hours, leave, qr, row},
    shifts::join,
    *,
};
use crate::{both, harness::Engine};

/// Member's entries, whatever became of them.
async fn entries(world: &World) -> Vec<Value> {
    let all = world.member_of_b1().gql(SERVICE_HOURS, json!({ "id": world.member(Who::Member) })).await;
    all.list("/serviceHours/edges").iter().map(|e| e["node"].clone()).collect()
}

async fn spoil(world: &World, statements: &[&str]) {
    let database = sea_orm::Database::connect(&world.app.config.database_url).await.unwrap();
    for statement in statements {
        database.execute_unprepared(statement).await.unwrap();
    }
    database.close().await.unwrap();
}

/// Breaks what writes to a table, as if the server were killed there; and mends it.
async fn break_at(world: &World, what: &str, table: &str) {
    let trigger = match world.engine {
        Engine::Sqlite => {
            format!("CREATE TRIGGER broken BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END")
        }
        Engine::Postgres => {
            format!("CREATE TRIGGER broken BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION broken()")
        }
    };
    let function = "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'broken'; END $$";
    match world.engine {
        Engine::Sqlite => spoil(world, &[&trigger]).await,
        Engine::Postgres => spoil(world, &[function, &trigger]).await,
    }
}

async fn mend(world: &World, table: &str) {
    let drop = match world.engine {
        Engine::Sqlite => "DROP TRIGGER broken".to_owned(),
        Engine::Postgres => format!("DROP TRIGGER broken ON {table}"),
    };
    spoil(world, &[&drop]).await;
}

both! {
    async fn a_worker_that_fails_at_any_step_closes_a_check_in_once(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::hours(3));
        for (what, table) in [
            ("INSERT", "service_hour_entry"),
            ("INSERT", "audit_entry"),
            ("UPDATE OF checked_out_at", "sign_up"),
            ("INSERT", "outbox_event"),
        ] {
            break_at(world, what, table).await;
            job::run(&world.app).await.unwrap();
            mend(world, table).await;
            assert_eq!((entries(world).await.len(), &row(world, &id).await["present"]), (0, &json!(1)), "{what} {table}");
            world.pass(Duration::minutes(10));
        }
        world.settle().await;
        world.settle().await;
        let seen = row(world, &id).await["signUps"][0].clone();
        assert_eq!((entries(world).await.len(), &seen["checkOutMethod"]), (1, &json!("FORGOTTEN")));
        assert_eq!(seen["checkedOutAt"].as_str().unwrap()[..19], rfc3339(begins() + Duration::hours(2))[..19], "at the shift's end");
    }
}

both! {
    async fn of_two_servers_one_closes(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::hours(3));
        let other = world.replica().await;
        let (one, two) = tokio::join!(job::run(&world.app), job::run(&other.app));
        one.unwrap();
        two.unwrap();
        other.abandon().await;
        world.settle().await;
        assert_eq!(entries(world).await.len(), 1);
    }
}

both! {
    async fn a_check_out_and_the_worker_at_the_last_moment(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::hours(3));
        world.member_of_b1().access().await;
        let (left, closed) = tokio::join!(leave(world, Who::Member, &id), job::run(&world.app));
        closed.unwrap();
        left.done();
        world.settle().await;
        let all = entries(world).await;
        assert_eq!((all.len(), &all[0]["minutes"]), (1, &json!(120)));
    }
}

both! {
    async fn what_is_sent_twice_at_once_is_done_once(world: &World) {
        let id = at_the_door_with(world, json!({ "capacity": 3 })).await;
        let qr = qr(world, &id).await;
        for who in [Who::Member, Who::Second] {
            let actor = world.as_(who);
            actor.access().await;
            let came = json!({ "qr": qr });
            let (one, two) = tokio::join!(actor.run(CHECK_IN_AT_SHIFT, came.clone()), actor.run(CHECK_IN_AT_SHIFT, came.clone()));
            assert_eq!(one.done()["signUp"], two.done()["signUp"]);
        }
        assert_eq!(row(world, &id).await["taken"], 2);
        world.set_clock(begins() + Duration::hours(1));
        world.member_of_b1().access().await;
        let (one, two) = tokio::join!(leave(world, Who::Member, &id), leave(world, Who::Member, &id));
        assert_eq!(hours(&one), hours(&two));
        assert_eq!(entries(world).await.len(), 1);
        leave(world, Who::Second, &id).await.done();
    }
}

both! {
    async fn a_clock_that_is_set_back_takes_no_minutes_away(world: &World) {
        let id = at_the_door_with(world, json!({ "capacity": 2 })).await;
        world.set_clock(begins() + Duration::minutes(30));
        come(world, Who::Member, &id).await.done();
        come(world, Who::Second, &id).await.done();
        world.set_clock(begins() - Duration::minutes(20));
        // A token of a later hour isn't taken.
        world.forget_tokens();
        assert_eq!(leave(world, Who::Member, &id).await.refused(), "NOT_STARTED", "nothing is lost");
        world.set_clock(begins() + Duration::minutes(10));
        let left = leave(world, Who::Member, &id).await;
        let done = left.done()["signUp"].clone();
        assert_eq!((&done["serviceHours"], &done["checkedOutAt"]), (&Value::Null, &done["checkedInAt"]));
        world.set_clock(begins() + Duration::minutes(50));
        assert_eq!(hours(&leave(world, Who::Second, &id).await)["minutes"], 20);
        assert_eq!(entries(world).await.len(), 0);
    }
}

both! {
    async fn a_phone_whose_clock_is_nonsense_gains_nothing(world: &World) {
        let id = at_the_door(world).await;
        let (qr, made) = (qr(world, &id).await, world.now());
        world.set_clock(begins() + Duration::hours(1));
        let scan = |scanned: Duration, sent: Duration| json!({ "qr": qr, "offline": {
            "scannedAt": rfc3339(made + scanned), "sentAt": rfc3339(world.now() + sent) } });
        let came = world.member_of_b1().run(CHECK_IN_AT_SHIFT, scan(Duration::hours(-48), Duration::days(300))).await;
        let at = came.done()["signUp"]["checkedInAt"].as_str().unwrap().to_owned();
        assert_eq!(at[..16], rfc3339(made)[..16], "the code bounds the time");
        let entry = hours(&leave(world, Who::Member, &id).await);
        assert_eq!((&entry["minutes"], &entry["flags"]), (&json!(60), &json!(["DOUBTFUL_TIMES"])));
    }
}

both! {
    async fn of_two_who_review_a_shifts_hours_one_decides(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::hours(1));
        let entry = hours(&leave(world, Who::Member, &id).await)["id"].clone();
        world.secretary().access().await;
        world.office().access().await;
        let (one, two) = tokio::join!(
            review(world, Who::Secretary, json!({ "id": entry })),
            review(world, Who::Office, json!({ "id": entry, "minutes": 30, "reason": "扣除休息" })),
        );
        let refused = [&one, &two].iter().filter(|r| r["code"] == "ALREADY_REVIEWED").count();
        assert_eq!(refused, 1, "{one} {two}");
    }
}

both! {
    async fn what_was_withdrawn_is_not_reviewed(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::hours(1));
        let entry = hours(&leave(world, Who::Member, &id).await)["id"].clone();
        world.member_of_b1().run(WITHDRAW_HOURS, json!({ "id": entry })).await.done();
        assert_eq!(review(world, Who::Secretary, json!({ "id": entry })).await["code"], "ALREADY_REVIEWED");
        // What was taken back doesn't come back by a repeat.
        assert_eq!(hours(&leave(world, Who::Member, &id).await)["state"], "WITHDRAWN");
    }
}

both! {
    async fn a_sign_up_that_was_withdrawn_is_no_place(world: &World) {
        let id = at_the_door(world).await;
        let own = world.member_of_b1().gql(MY_PRESENCE, json!({ "id": id })).await.str("/node/mySignUp/id");
        world.member_of_b1().run(WITHDRAW_SIGN_UP, json!({ "id": own })).await.done();
        join(world, Who::Second, &id).await.done();
        assert_eq!(come(world, Who::Member, &id).await.refused(), "NO_PLACE");
        world.set_clock(begins() + Duration::minutes(10));
        let entered = json!({ "shiftId": id, "memberIds": [world.member(Who::Member)], "reason": "忘带手机" });
        let refused = world.secretary().run(CHECK_IN_VOLUNTEERS, entered.clone()).await;
        assert_eq!(refused.done()["results"][0]["code"], "NO_PLACE");
        let out = world.secretary().run(CHECK_OUT_VOLUNTEERS, entered).await;
        assert_eq!(out.done()["results"][0]["code"], "NOT_CHECKED_IN");
    }
}

both! {
    async fn of_coming_and_withdrawing_at_once_one_happens(world: &World) {
        let id = at_the_door(world).await;
        let own = world.member_of_b1().gql(MY_PRESENCE, json!({ "id": id })).await.str("/node/mySignUp/id");
        let qr = qr(world, &id).await;
        let member = world.member_of_b1();
        let (came, withdrawn) = tokio::join!(
            member.run(CHECK_IN_AT_SHIFT, json!({ "qr": qr })),
            member.run(WITHDRAW_SIGN_UP, json!({ "id": own })),
        );
        came.done();
        let seen = row(world, &id).await;
        let live = seen["signUps"].as_array().unwrap().iter().filter(|s| s["state"] == "SIGNED_UP").count();
        assert_eq!(live, 1, "either the first place was kept, or a new one taken: {}", withdrawn.text);
        assert_eq!(seen["present"], 1);
    }
}
