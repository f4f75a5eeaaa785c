//! Guessing is slowed down.

use chrono::Duration;

use crate::{
    both,
    harness::{Setup, Who, World, actor::sign_in, cast::PASSWORD},
};

const WRONG: &str = "not-the-Password-9";

both! {
    async fn five_failures_lock_the_number_and_the_right_password_does_not_open_it(world: &World) {
        let phone = Who::Member.phone();
        for _ in 0..5 {
            assert_eq!(sign_in(world, phone, "370100", WRONG).await.refused(), "BAD_CREDENTIALS");
        }
        assert_eq!(sign_in(world, phone, "370100", PASSWORD).await.refused(), "LOCKED");
        sign_in(world, Who::Second.phone(), "370100", PASSWORD).await.done();
        sign_in(world, phone, "370200", PASSWORD).await.done();
        world.pass(Duration::minutes(9));
        assert_eq!(sign_in(world, phone, "370100", PASSWORD).await.refused(), "LOCKED");
        world.pass(Duration::minutes(2));
        sign_in(world, phone, "370100", PASSWORD).await.done();
    }
}

both! {
    async fn the_next_lock_is_twice_as_long(world: &World) {
        let phone = Who::Member.phone();
        for _ in 0..5 {
            sign_in(world, phone, "370100", WRONG).await.refused();
        }
        world.pass(Duration::minutes(11));
        assert_eq!(sign_in(world, phone, "370100", WRONG).await.refused(), "BAD_CREDENTIALS");
        world.pass(Duration::minutes(19));
        assert_eq!(sign_in(world, phone, "370100", PASSWORD).await.refused(), "LOCKED");
        world.pass(Duration::minutes(2));
        sign_in(world, phone, "370100", PASSWORD).await.done();
    }
}

both! {
    async fn an_unknown_number_is_locked_just_the_same(world: &World) {
        for _ in 0..5 {
            assert_eq!(sign_in(world, "13012345678", "370100", WRONG).await.refused(), "BAD_CREDENTIALS");
        }
        assert_eq!(sign_in(world, "13012345678", "370100", WRONG).await.refused(), "LOCKED");
    }
}

both! {
    async fn failures_at_the_same_time_all_count(world: &World) {
        let phone = Who::Member.phone();
        let tries = (0..8).map(|_| sign_in(world, phone, "370100", WRONG));
        let replies = futures_util::future::join_all(tries).await;
        let locked = replies.iter().filter(|r| r.refused() == "LOCKED").count();
        assert_eq!(locked, 3, "five are examined, no more");
        assert_eq!(sign_in(world, phone, "370100", PASSWORD).await.refused(), "LOCKED");
    }
}

both! {
    Setup { configure: |c| c.password_queue = 1, ..Setup::default() },
    async fn a_storm_of_sign_ins_is_told_that_the_server_is_busy(world: &World) {
        let storm = (0..30).map(|_| sign_in(world, Who::Member.phone(), "370100", PASSWORD));
        let replies = futures_util::future::join_all(storm).await;
        let busy = replies.iter().filter(|r| r.error() == Some("OVERLOADED")).count();
        assert!(busy > 0, "some are turned away at once");
        assert!(replies.iter().any(|r| r.error().is_none()), "some get in");
        sign_in(world, Who::Member.phone(), "370100", PASSWORD).await.done();
    }
}
