//! Names and phone numbers through tokens: by scope and purpose alone, and audited.

use serde_json::json;

use super::{access, client, personal};
use crate::{
    both,
    harness::{Actor, Reply, Unit, Who, World, document::*},
};

const ATTENDEES: &str = "query($id: ID!) { node(id: $id) { ... on Activity { attendees { edges { node { member { id } } } } } } }";
const NAMES: &str = "query($id: ID!) { node(id: $id) { ... on Activity { attendees { edges { node { member { id name } } } } } } }";

async fn read(actor: &Actor<'_>, document: &str, id: &str) -> Reply {
    actor.gql(document, json!({ "id": id })).await
}

async fn entries(world: &World, subject: &str) -> Vec<serde_json::Value> {
    let found = world.auditor().gql(AUDIT, json!({ "subjectId": subject, "first": 50 })).await;
    found.list("/audit/edges").iter().map(|edge| edge["node"].clone()).collect()
}

both! {
    async fn names_need_their_scope_and_one_entry_tells_of_a_whole_list(world: &World) {
        world.crowd(Unit::B1, 5).await;
        let id = world.published(json!({})).await;
        let blind = personal(world, Who::Secretary, &["ACTIVITIES_READ", "ATTENDANCE_READ"], Unit::B1).await;
        let seeing = personal(world, Who::Secretary, &["ACTIVITIES_READ", "ATTENDANCE_READ", "MEMBERS_READ"], Unit::B1).await;
        let (blind_actor, seeing_actor) = (world.bearer(&blind.secret), world.bearer(&seeing.secret));
        read(&blind_actor, ATTENDEES, &id).await.data("/node/attendees");
        let refused = read(&blind_actor, NAMES, &id).await;
        assert_eq!(refused.error_code(), "INSUFFICIENT_SCOPE");
        assert!(!refused.text.contains("王书记"), "{}", refused.text);
        let named = read(&seeing_actor, NAMES, &id).await;
        let count = named.list("/node/attendees/edges").len();
        assert!(named.text.contains("王书记") && count > 5);
        let told: Vec<_> = entries(world, &seeing.id).await.into_iter().filter(|e| e["operation"] == "readNames").collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((&told[0]["action"], &told[0]["after"]["names"]), (&json!("VIEW_MEMBER"), &json!(count)));
        assert!(entries(world, &blind.id).await.iter().all(|e| e["operation"] != "readNames"));
        // Who reads as themselves leaves no such line.
        read(&world.secretary(), NAMES, &id).await.data("/node/attendees");
        let again = entries(world, &seeing.id).await;
        assert_eq!(again.iter().filter(|e| e["operation"] == "readNames").count(), 1);
    }
}

both! {
    async fn phones_need_a_scope_of_their_own_and_their_owner_sees_who_read(world: &World) {
        let member = world.member(Who::Member);
        let names = client(world, &["MEMBERS_READ"], Unit::B1).await;
        let contacts = client(world, &["MEMBERS_READ", "CONTACTS_READ"], Unit::B1).await;
        let phone = "query($id: ID!) { node(id: $id) { ... on PartyMember { name phone } } }";
        let refused = world.bearer(&access(world, &names).await).gql(phone, json!({ "id": member })).await;
        assert_eq!(refused.error_code(), "INSUFFICIENT_SCOPE");
        assert!(!refused.text.contains(Who::Member.phone()));
        let seen = world.bearer(&access(world, &contacts).await).gql(phone, json!({ "id": member })).await;
        assert!(seen.str("/node/phone").ends_with(Who::Member.phone()));
        let mine = world.member_of_b1().gql(MY_AUDIT, json!({ "first": 50 })).await;
        let read: Vec<_> = mine.list("/myAudit/edges").iter().filter(|e| e["node"]["action"] == "VIEW_CONTACT").collect();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0]["node"]["actor"]["name"], "名册同步", "the client is named");
    }
}

both! {
    async fn exports_by_name_need_both_scopes(world: &World) {
        let ask = json!({ "unitId": world.unit(Unit::B1), "from": "2026-01-01", "until": "2026-12-31", "purpose": "上报全国系统" });
        let alone = access(world, &client(world, &["HOURS_EXPORT"], Unit::B1).await).await;
        assert_eq!(world.bearer(&alone).run(EXPORT_HOURS, ask.clone()).await.error_code(), "INSUFFICIENT_SCOPE");
        let both = access(world, &client(world, &["HOURS_EXPORT", "MEMBERS_READ"], Unit::B1).await).await;
        let reply = world.bearer(&both).run(EXPORT_HOURS, ask).await;
        assert!(reply.error().is_none(), "{}", reply.text);
    }
}
