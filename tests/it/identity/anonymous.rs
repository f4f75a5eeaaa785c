//! What nobody in particular may ask, with everything that can be asked of the answer.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{Reply, Who, World, cast::PASSWORD, document::*},
};

const FIELDS: &str =
    "query($name: String!) { __type(name: $name) { fields { name type { kind name ofType { kind name
    ofType { kind name ofType { kind name } } } } } } }";

/// All fields of a type; of objects further than `depth` away, their type alone.
async fn fields(world: &World, name: &str, depth: usize) -> String {
    let described = world.member_of_b1().gql(FIELDS, json!({ "name": name })).await;
    let mut selection = String::new();
    for field in described.list("/__type/fields") {
        let mut kind = &field["type"];
        while !kind["ofType"].is_null() {
            kind = &kind["ofType"];
        }
        selection.push_str(&format!(" {}", field["name"].as_str().unwrap()));
        if kind["kind"] == "OBJECT" {
            let inner = match depth {
                0 => "__typename".to_owned(),
                _ => Box::pin(fields(world, kind["name"].as_str().unwrap(), depth - 1)).await,
            };
            selection.push_str(&format!(" {{ {inner} }}"));
        }
    }
    selection
}

/// Sends a mutation that anybody may send, and asks for everything.
async fn ask(world: &World, operation: &str, input: &str, done: &str, value: Value) -> Reply {
    let all = fields(world, done, 2).await;
    let document = format!(
        "mutation($input: {input}!) {{ {operation}(input: $input) {{ __typename ... on {done} {{ {all} }} }} }}"
    );
    world.anonymous().run(&document, value).await
}

async fn code(world: &World, purpose: &str) -> String {
    let value = json!({ "phone": Who::Secretary.phone(), "district": "370100", "purpose": purpose });
    let sent = ask(world, "requestOneTimeCode", "RequestOneTimeCodeInput", "RequestOneTimeCodeDone", value);
    sent.await.done();
    world.settle().await;
    world.sms_code(Who::Secretary.phone()).await
}

fn assert_is_the_secretary(world: &World, reply: &Reply) -> String {
    let done = reply.done();
    assert_eq!(done["account"]["posts"][0]["kind"], "SECRETARY");
    assert_eq!(done["account"]["partyMember"]["id"], json!(world.member(Who::Secretary)));
    assert_eq!(done["account"]["partyMember"]["phone"], "+8613800000011");
    assert_eq!(
        (&done["session"]["current"], &done["account"]["maskedPhone"]),
        (&json!(true), &json!("138****0011"))
    );
    done["tokens"]["refreshToken"].as_str().unwrap().to_owned()
}

both! {
    async fn every_field_of_the_answer_can_be_asked_for(world: &World) {
        let (phone, district) = (Who::Secretary.phone(), "370100");
        let value = json!({ "phone": phone, "password": PASSWORD, "district": district });
        let entered = ask(world, "signIn", "SignInInput", "SignInDone", value).await;
        let refresh = assert_is_the_secretary(world, &entered);
        let value = json!({ "refreshToken": refresh });
        ask(world, "refreshSession", "RefreshSessionInput", "RefreshSessionDone", value).await.done();
        let value = json!({ "phone": phone, "code": code(world, "SIGN_IN").await, "district": district });
        let entered = ask(world, "signInWithOneTimeCode", "SignInWithOneTimeCodeInput", "SignInDone", value).await;
        assert_is_the_secretary(world, &entered);
        world.pass(chrono::Duration::minutes(2));
        let value = json!({
            "phone": phone, "code": code(world, "RESET_PASSWORD").await, "district": district, "newPassword": "Brücke-7-Segel",
        });
        ask(world, "resetPassword", "ResetPasswordInput", "ResetPasswordDone", value).await.done();
    }
}

both! {
    async fn two_who_sign_in_at_once_each_see_their_own(world: &World) {
        let one = |phone: &str, district: &str| format!(
            r#"signIn(input: {{ phone: "{phone}", password: "{PASSWORD}", district: "{district}" }}) {{ ... on SignInDone {{
                tokens {{ accessToken }} account {{ name partyMember {{ id homeUnit {{ name }} }} }} }} }}"#
        );
        let document = format!("mutation {{ a: {} b: {} }}", one("13800000021", "370100"), one("13800000021", "370200"));
        let both = world.anonymous().gql(&document, json!({})).await;
        if both.error() == Some("TOO_MANY_ROOT_FIELDS") {
            return;
        }
        assert_eq!(both.str("/a/account/partyMember/id"), world.member(Who::Member));
        assert_eq!(both.str("/b/account/partyMember/id"), world.member(Who::ForeignMember));
        assert_eq!(both.str("/b/account/partyMember/homeUnit/name"), "东海路党支部");
    }
}

/// Text that is no mobile number, in ways of its own.
fn no_numbers() -> [String; 5] {
    ["12345".to_owned(), String::new(), "1380000\u{0}021".to_owned(), "九".repeat(30_000), "+86 1".to_owned()]
}

both! {
    async fn what_is_no_number_is_refused_as_an_unknown_one_is(world: &World) {
        let wrong = |phone: &str| json!({ "phone": phone, "password": "not-the-Password-9", "district": "370100" });
        world.pin();
        world.anonymous().run(SIGN_IN, wrong("13087654321")).await.refused();
        let known = world.anonymous().run(SIGN_IN, wrong(Who::Member.phone())).await;
        for text in no_numbers() {
            let reply = world.anonymous().run(SIGN_IN, wrong(&text)).await;
            assert_eq!((reply.status, &reply.body), (known.status, &known.body));
            assert_eq!(reply.statements(), known.statements(), "the same work");
            let by_code = json!({ "phone": text, "code": "000000", "district": "370100" });
            assert_eq!(world.anonymous().run(SIGN_IN_WITH_CODE, by_code.clone()).await.refused(), "CODE_WRONG");
            let reset = crate::harness::meeting::with(by_code, json!({ "newPassword": "Brücke-7-Segel" }));
            assert_eq!(world.anonymous().run(RESET_PASSWORD, reset).await.refused(), "CODE_WRONG");
            let asked = json!({ "phone": text, "purpose": "SIGN_IN", "district": "370100" });
            let asked = world.anonymous().run(REQUEST_CODE, asked).await;
            assert_eq!((asked.refused(), asked.data("/requestOneTimeCode/field")), ("BAD_PHONE", &json!(["phone"])));
        }
        for _ in 0..2 {
            assert_eq!(world.anonymous().run(SIGN_IN, wrong("12345")).await.refused(), "BAD_CREDENTIALS");
        }
        assert_eq!(world.anonymous().run(SIGN_IN, wrong("12345")).await.refused(), "LOCKED");
    }
}
