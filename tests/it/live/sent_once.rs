//! A subscribe message is sent once, whatever fails before WeChat is asked, or after it has answered.

use chrono::Duration;
use zhibu::wechat::stand_in::Fault as Mood;
use zhibu_persistence::outbox;

use super::subscribe::{SEND, credit, give_work, sent, willing};
use crate::{
    both,
    harness::{
        Who, World,
        fault::Fault,
        wechat::{SECRET, with_mini_program},
    },
};

const TOKEN: &str = "/cgi-bin/stable_token";

both! {
    with_mini_program(),
    async fn what_lacks_an_access_token_is_sent_later(world: &World) {
        let wechat = world.wechat_by(world.clock());
        willing(&wechat, world, Who::Member, "T-WORK", 5).await;
        let of_member = async || (sent(&wechat).len(), credit(world, Who::Member, "T-WORK").await);
        // The answer with the next one is lost: of the message WeChat knows nothing.
        wechat.with(|p| {
            p.void_token();
            p.fail(TOKEN, &[Mood::Cut]);
        });
        give_work(world, "令牌断线").await;
        assert_eq!(of_member().await, (0, 5));
        for _ in 0..2 {
            world.pass(Duration::minutes(2));
            world.settle().await;
            assert_eq!(of_member().await, (1, 4));
        }
        // The secret is wrong for half a day.
        wechat.with(|p| {
            p.void_token();
            p.secret = "another".to_owned();
        });
        give_work(world, "密钥有误").await;
        for _ in 0..12 {
            world.pass(Duration::hours(1));
            world.settle().await;
        }
        assert_eq!(of_member().await, (1, 4));
        // However long that was, a no of WeChat's that may pass isn't its last word.
        wechat.with(|p| {
            p.secret = SECRET.to_owned();
            p.fail(SEND, &[Mood::Code(-1)]);
        });
        for expected in [(1, 4), (2, 3), (2, 3)] {
            world.pass(Duration::hours(2));
            world.settle().await;
            assert_eq!(of_member().await, expected);
        }
    }
}

both! {
    with_mini_program(),
    async fn what_could_not_be_written_down_is_not_sent_again(world: &World) {
        let (wechat, fault) = (world.wechat_by(world.clock()), Fault::of(world).await);
        willing(&wechat, world, Who::Member, "T-WORK", 5).await;
        let of_member = async || (sent(&wechat).len(), credit(world, Who::Member, "T-WORK").await);
        let failing = [("UPDATE subscribe_credit", "true"), ("DELETE outbox_event", "OLD.kind = 'subscribe_message.send'")];
        for (n, (writes, condition)) in (1_u8..).zip(failing) {
            fault.begin_where(writes, condition).await;
            give_work(world, writes).await;
            assert_eq!(of_member().await, (n.into(), i64::from(6 - n)), "{writes}");
            fault.end(writes).await;
            for _ in 0..2 {
                // Whoever had taken it is taken for dead.
                world.pass(Duration::minutes(2));
                world.settle().await;
                assert_eq!(of_member().await, (n.into(), i64::from(5 - n)), "{writes}");
            }
        }
        assert_eq!(outbox::count(&world.app.store, world.now()).await.unwrap(), 0);
        fault.close().await;
    }
}
