//! The second factor: rights of posts sleep until it is proved.

use chrono::Duration;
use serde_json::json;
use totp_rs::{Algorithm, Builder, Secret};
use zhibu::config::SecondFactorMode;

use crate::{
    both,
    harness::{
        Reply, Setup, Unit, Who, World,
        actor::{Tokens, sign_in},
        cast::PASSWORD,
        document::*,
    },
};

fn required() -> Setup {
    Setup { second_factor: SecondFactorMode::Required, ..Setup::default() }
}

async fn enter(world: &World) -> (Tokens, bool) {
    let reply = sign_in(world, Who::Secretary.phone(), "370100", PASSWORD).await;
    let done = reply.done();
    (Tokens::of(&done["tokens"]), done["secondFactorMissing"].as_bool().unwrap())
}

fn code(world: &World, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).expect("base32");
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(secret);
    totp.build()
        .expect("a sound secret")
        .generate(u64::try_from(world.now().timestamp()).unwrap())
        .to_string()
}

async fn roster(world: &World, token: &str) -> Reply {
    world.bearer(token).gql(ROSTER, json!({ "unitId": world.unit(Unit::B1) })).await
}

/// Sets an authenticator up; answers the new tokens, the secret and the recovery codes.
async fn set_up(world: &World, token: &str) -> (Tokens, String, Vec<String>) {
    let enrolled = world.bearer(token).gql(ENROLL, json!({})).await;
    let secret = enrolled.done()["secret"].as_str().unwrap().replace(' ', "");
    assert!(enrolled.done()["otpauthUri"].as_str().unwrap().starts_with("otpauth://totp/"));
    let confirmed = world.bearer(token).run(CONFIRM_FACTOR, json!({ "code": code(world, &secret) })).await;
    let done = confirmed.done();
    let codes =
        done["recoveryCodes"].as_array().unwrap().iter().map(|c| c.as_str().unwrap().to_owned()).collect();
    (Tokens::of(&done["tokens"]), secret, codes)
}

both! {
    required(),
    async fn posts_sleep_until_it_is_proved(world: &World) {
        let (tokens, missing) = enter(world).await;
        assert!(missing);
        assert_eq!(roster(world, &tokens.access).await.error_code(), "SECOND_FACTOR_REQUIRED");
        // What everybody may, the secretary may.
        world.bearer(&tokens.access).gql(MY_ACTIVITIES, json!({})).await.data("/myActivities");
        let (awake, secret, _) = set_up(world, &tokens.access).await;
        roster(world, &awake.access).await.data("/roster");
        world.pass(Duration::seconds(60));
        let (asleep, missing) = enter(world).await;
        assert!(missing);
        assert_eq!(roster(world, &asleep.access).await.error_code(), "SECOND_FACTOR_REQUIRED");
        let proof = json!({ "code": code(world, &secret) });
        let proved = world.bearer(&asleep.access).run(PROVE_FACTOR, proof.clone()).await;
        let awake = Tokens::of(&proved.done()["tokens"]);
        roster(world, &awake.access).await.data("/roster");
        let (other, _) = enter(world).await;
        let replayed = world.bearer(&other.access).run(PROVE_FACTOR, proof).await;
        assert_ne!(replayed.data("/proveSecondFactor/__typename"), "ProveSecondFactorDone", "a code is good once");
    }
}

both! {
    required(),
    async fn it_can_be_given_at_once(world: &World) {
        let (tokens, _) = enter(world).await;
        let (_, secret, _) = set_up(world, &tokens.access).await;
        world.pass(Duration::seconds(60));
        let mut input = json!({
            "phone": Who::Secretary.phone(), "password": PASSWORD, "district": "370100", "secondFactor": code(world, &secret),
        });
        let entered = world.anonymous().run(SIGN_IN, input.clone()).await;
        assert_eq!(entered.done()["secondFactorMissing"], false);
        input["secondFactor"] = json!("000000");
        assert_eq!(world.anonymous().run(SIGN_IN, input).await.refused(), "SECOND_FACTOR_WRONG");
    }
}

both! {
    required(),
    async fn recovery_codes_work_once_each(world: &World) {
        let (tokens, _) = enter(world).await;
        let (_, _, recovery) = set_up(world, &tokens.access).await;
        assert_eq!(recovery.len(), 10);
        let (asleep, _) = enter(world).await;
        let proved = world.bearer(&asleep.access).run(PROVE_FACTOR, json!({ "code": recovery[0] })).await;
        assert_eq!(proved.done()["recoveryCodesLeft"], 9);
        let (asleep, _) = enter(world).await;
        let again = world.bearer(&asleep.access).run(PROVE_FACTOR, json!({ "code": recovery[0] })).await;
        again.refused();
    }
}

both! {
    required(),
    async fn guessing_is_locked(world: &World) {
        let (tokens, _) = enter(world).await;
        set_up(world, &tokens.access).await;
        let (asleep, _) = enter(world).await;
        let mut codes = Vec::new();
        for _ in 0..6 {
            let reply = world.bearer(&asleep.access).run(PROVE_FACTOR, json!({ "code": "000000" })).await;
            codes.push(reply.refused().to_owned());
        }
        assert_eq!(codes.last().unwrap(), "LOCKED");
    }
}

both! {
    required(),
    async fn it_stays_while_a_post_asks_for_it(world: &World) {
        let (tokens, _) = enter(world).await;
        let (awake, secret, _) = set_up(world, &tokens.access).await;
        world.pass(Duration::seconds(60));
        let proof = json!({ "code": code(world, &secret) });
        world.bearer(&awake.access).run(DISABLE_FACTOR, proof).await.refused();
    }
}
