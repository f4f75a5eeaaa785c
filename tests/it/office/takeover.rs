//! Whoever sets somebody's number or password can sign in as them.

use serde_json::json;

use super::import::{counts, upload};
use crate::{
    both,
    harness::{Unit, Who, World, document::*},
};

fn row(name: &str, phone: &str, unit: &str) -> Vec<u8> {
    format!("姓名,手机,党支部,党员类别\n{name},{phone},{unit},正式党员\n").into_bytes()
}

both! {
    async fn an_office_does_not_get_at_the_administrators_account(world: &World) {
        let add = json!({ "name": "管理员甲", "phone": "13800000001", "status": "FULL", "homeUnitId": world.unit(Unit::B1) });
        let id = world.secretary().run(ADD_MEMBER, add).await.done()["partyMember"]["id"].clone();
        for who in [Who::Office, Who::Secretary, Who::Commissioner] {
            for change in [json!({ "id": id, "phone": "13911113333" }), json!({ "id": id, "removePhone": true })] {
                assert_eq!(world.as_(who).run(UPDATE_MEMBER, change).await.refused(), "HOLDS_POSTS", "{who:?}");
            }
        }
        let imported = upload(world, Who::Office, "名册.csv", row("管理员甲", "13911113333", "B1"), false).await;
        let done = imported.done();
        assert_eq!((&done["written"], &done["issues"][0]["code"]), (&json!(false), &json!("HOLDS_POSTS")), "{}", imported.text);
        assert_eq!((&done["issues"][0]["row"], &done["issues"][0]["column"]), (&json!(2), &json!("手机")));
        let seen = world.office().gql(MEMBER, json!({ "id": id })).await;
        assert_eq!(seen.str("/node/maskedPhone"), "138****0001");
    }
}

both! {
    async fn a_post_of_next_month_is_guarded_today(world: &World) {
        let post = json!({
            "accountId": world.account(Who::MemberOfB2), "unitId": world.unit(Unit::A), "kind": "AUDITOR", "startsOn": "2026-04-01",
        });
        world.administrator().run(APPOINT, post).await.done();
        let change = json!({ "id": world.member(Who::MemberOfB2), "phone": "13911113333" });
        assert_eq!(world.office().run(UPDATE_MEMBER, change).await.refused(), "HOLDS_POSTS");
        let issue = json!({ "memberId": world.member(Who::MemberOfB2) });
        assert_eq!(world.office().run(ISSUE_PASSWORD, issue).await.refused(), "HOLDS_POSTS");
        let imported = upload(world, Who::Office, "名册.csv", row("朱党员", "13911113333", "B2"), false).await;
        assert_eq!(imported.done()["issues"][0]["code"], "HOLDS_POSTS");
    }
}

both! {
    async fn who_could_give_the_post_may_set_the_number(world: &World) {
        let change = json!({ "id": world.member(Who::Secretary), "phone": "13911113333" });
        world.office().run(UPDATE_MEMBER, change).await.done();
        let imported = upload(world, Who::Office, "名册.csv", row("李副书记", "13911114444", "B1"), false).await;
        assert_eq!(counts(&imported), (0, 1, 0, 0), "{}", imported.text);
    }
}
