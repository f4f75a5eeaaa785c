//! Tries every operation with everybody and writes down what came of it.

use std::collections::BTreeSet;

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{
    cases::{self, Case, For, UPLOADED},
    scene::Scene,
};
use crate::{
    both,
    harness::{
        Actor, Reply, Unit, Who, World,
        cast::{FOREIGNERS, PEOPLE, UNITS},
        ws::{Came, Socket},
    },
};

/// Who tries, of district A.
pub const TRIED_BY: &[Who] = &[
    Who::Stranger,
    Who::MemberOfB2,
    Who::SecretaryOfB2,
    Who::SecretaryOfB3,
    Who::OfficeOfS2,
    Who::Member,
    Who::Second,
    Who::Leader,
    Who::Instructor,
    Who::Commissioner,
    Who::Deputy,
    Who::Secretary,
    Who::Office,
    Who::Administrator,
    Who::Auditor,
];

/// What came of a request, in one word: the refusal's or the error's code, `DONE`, `DATA` or `NULL`.
fn word(reply: &Reply) -> String {
    if let Some(code) = reply.error() {
        return code.to_owned();
    }
    let root = reply.body.pointer("/data").and_then(Value::as_object).and_then(|d| d.values().next());
    let root = root.unwrap_or_else(|| panic!("neither data nor errors: {}", reply.text));
    match root["__typename"].as_str() {
        Some(kind) if kind.ends_with("Refused") => root["code"].as_str().unwrap().to_owned(),
        Some(kind) if kind.ends_with("Done") => "DONE".to_owned(),
        _ if root.is_null() || root == &json!([null]) => "NULL".to_owned(),
        _ => "DATA".to_owned(),
    }
}

async fn upload(actor: &Actor<'_>, case: &Case, variables: Value) -> Reply {
    let operations = json!({ "query": case.document, "variables": variables }).to_string();
    let form = Form::new()
        .text("operations", operations)
        .text("map", json!({ "0": ["variables.input.file"] }).to_string())
        .part("0", Part::bytes("姓名,所在党支部\n".as_bytes().to_vec()).file_name("a.csv"));
    let request = actor.request().await.header("graphql-require-preflight", "1").multipart(form);
    Reply::read(request.send().await.unwrap()).await
}

async fn watch(world: &World, actor: &Actor<'_>, case: &Case, variables: Value) -> (String, String) {
    let token = actor.access().await;
    let mut socket = match Socket::connect(world, token.as_deref()).await {
        Ok(socket) => socket,
        Err(4403 | 4401) => return ("UNAUTHENTICATED".to_owned(), String::new()),
        Err(code) => panic!("closed with {code}"),
    };
    socket.subscribe("1", case.document, variables).await;
    let Came::Message(message) = socket.next().await else { panic!("the socket was closed") };
    let text = message.to_string();
    let errors =
        message.pointer("/payload/errors").or_else(|| message.get("payload").filter(|p| p.is_array()));
    let code = errors.and_then(|e| e[0]["extensions"]["code"].as_str());
    (code.unwrap_or("DATA").to_owned(), text)
}

/// Sends a case; answers the word and the whole text.
pub(super) async fn attempt(
    world: &World,
    actor: &Actor<'_>,
    case: &Case,
    scene: &Scene,
) -> (String, String) {
    let variables = (case.variables)(world, scene);
    if case.document.starts_with("subscription") {
        return watch(world, actor, case, variables).await;
    }
    let reply = match case.operation {
        UPLOADED => upload(actor, case, variables).await,
        _ => actor.gql(case.document, variables).await,
    };
    (word(&reply), reply.text.clone())
}

/// Everything by which district A could be recognised in an answer.
fn marks(world: &World) -> Vec<String> {
    let units = UNITS.iter().filter(|u| !u.unit.is_foreign());
    let mut marks: Vec<_> = units.flat_map(|u| [world.unit(u.unit), u.name.to_owned()]).collect();
    for person in PEOPLE.iter().filter(|p| !p.foreign) {
        marks.push(person.name.to_owned());
        marks.push(world.account(person.who));
    }
    marks.push(world.member(Who::Member));
    marks.push("历下区".to_owned());
    marks
}

async fn observe(world: &World) -> String {
    let scene = Scene::set(world).await;
    let marks = marks(world);
    let mut table = String::new();
    for case in cases::all() {
        let (word, _) = attempt(world, &world.anonymous(), case, &scene).await;
        let expected = if case.reach == For::Anybody { word.clone() } else { "UNAUTHENTICATED".to_owned() };
        assert_eq!(word, expected, "nobody, {}", case.operation);
        table.push_str(&format!("{} (nobody: {word})\n", case.operation));
        if case.reach == For::Anybody {
            continue;
        }
        let mut by_word: Vec<(String, Vec<String>)> = Vec::new();
        for who in TRIED_BY.iter().chain(FOREIGNERS) {
            let (word, text) = attempt(world, &world.as_(*who), case, &scene).await;
            let foreign = FOREIGNERS.contains(who);
            if foreign {
                let leak = marks.iter().find(|mark| text.contains(*mark));
                assert_eq!(leak, None, "{who:?} sees something of district A by {}: {text}", case.operation);
            }
            if foreign && case.reach == For::Somebody {
                let expected: &[&str] = match case.operation {
                    "checkIn" => &["CODE_WRONG"],
                    "node" | "nodes" => &["NULL"],
                    // Nothing is held on a unit that isn't there.
                    "posts" => &["DATA", "NOT_FOUND"],
                    _ => &["NOT_FOUND"],
                };
                assert!(expected.contains(&word.as_str()), "{who:?}, {}: {word}", case.operation);
            }
            if matches!(case.operation, "signOut" | "revokeSession") && word == "DONE" {
                world.forget_tokens();
            }
            match by_word.iter_mut().find(|(w, _)| *w == word) {
                Some((_, people)) => people.push(format!("{who:?}")),
                None => by_word.push((word, vec![format!("{who:?}")])),
            }
        }
        for (word, people) in by_word {
            table.push_str(&format!("    {word}: {}\n", people.join(", ")));
        }
    }
    table
}

both! {
    async fn every_operation_is_tried_by_everybody(world: &World) {
        let table = observe(world).await;
        // Both engines must give the same table.
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("access", table);
        });
    }
}

const ROOTS: &str = "{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }";

both! {
    async fn no_operation_is_without_a_case(world: &World) {
        let reply = world.member_of_b1().gql(ROOTS, json!({})).await;
        let mut operations = BTreeSet::new();
        for root in ["queryType", "mutationType", "subscriptionType"] {
            for field in reply.list(&format!("/__schema/{root}/fields")) {
                operations.insert(field["name"].as_str().unwrap().to_owned());
            }
        }
        let cases: BTreeSet<_> = cases::all().map(|c| c.operation.to_owned()).collect();
        assert_eq!(operations, cases, "each operation has its case in the access matrix");
        assert_eq!(cases.len(), cases::all().count(), "each has one");
        assert!(world.unit(Unit::B1) != world.unit(Unit::D));
    }
}
