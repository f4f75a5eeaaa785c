use std::io::Write;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::*;

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn persisted(query: Option<&str>, hash: &str) -> TestRequest {
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    post(&json!({ "query": query, "extensions": extensions }))
}

#[actix_web::test]
async fn a_document_is_registered_by_its_hash() {
    let text = "{ hello }";
    let answers = send_all(
        Settings::default(),
        vec![
            persisted(None, &hash(text)),
            persisted(Some(text), &hash("{ other }")),
            persisted(Some(text), &hash(text)),
            persisted(None, &hash(text)),
            persisted(None, "no hash"),
            TestRequest::get().uri(&format!(
                "{PATH}?extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22{}%22%7D%7D",
                hash(text)
            )),
        ],
    )
    .await;
    assert_eq!((answers[0].status.as_u16(), answers[0].code()), (200, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!((answers[1].status.as_u16(), answers[1].code()), (400, "BAD_REQUEST"));
    assert_eq!(answers[2].body["data"]["hello"], "nobody");
    assert_eq!(answers[3].body["data"]["hello"], "nobody");
    assert_eq!(answers[4].code(), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(answers[5].body["data"]["hello"], "nobody");
}

#[actix_web::test]
async fn registered_documents_are_bounded() {
    let documents = document::Documents::new(Limits::default(), 1024 * 1024);
    let texts: Vec<_> = (0..200).map(|n| format!("{{ hello }} #{n}")).collect();
    let known = |text: &String| {
        let reference = async_graphql::value!({ "version": 1, "sha256Hash": (hash(text)) });
        documents.find(None, Some(&reference)).is_ok()
    };
    for text in &texts {
        let reference = async_graphql::value!({ "version": 1, "sha256Hash": (hash(text)) });
        documents.find(Some(text), Some(&reference)).unwrap();
    }
    let kept = texts.iter().filter(|text| known(text)).count();
    assert!(kept < 200, "all are kept");
}

fn list(documents: &serde_json::Value) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(documents.to_string().as_bytes()).unwrap();
    file
}

#[actix_web::test]
async fn only_trusted_documents_are_run_where_the_operator_says_so() {
    let file = list(&json!({ "greet": "{ hello }" }));
    let settings = |only| Settings {
        trusted_documents: Some(file.path().into()),
        trusted_only: only,
        ..Settings::default()
    };
    let requests = || {
        vec![
            persisted(None, "greet"),
            post(&json!({ "query": "{ hello }" })),
            post(&json!({ "query": "{ deeper { hello } }" })),
            persisted(None, &hash("{ deeper { hello } }")),
        ]
    };
    let answers = send_all(settings(true), requests()).await;
    assert_eq!(answers[0].body["data"]["hello"], "nobody");
    assert_eq!(answers[1].body["data"]["hello"], "nobody");
    assert_eq!((answers[2].status.as_u16(), answers[2].code()), (400, "PERSISTED_QUERY_ONLY"));
    assert_eq!(answers[3].code(), "PERSISTED_QUERY_ONLY");
    let answers = send_all(settings(false), requests()).await;
    assert_eq!(answers[0].body["data"]["hello"], "nobody");
    assert!(answers[2].body.get("errors").is_none());
}

#[test]
fn a_wrong_list_is_told_at_the_start() {
    let file = list(&json!({ "bad": "{ hello" }));
    let settings = Settings { trusted_documents: Some(file.path().into()), ..Settings::default() };
    let schema = Schema::new(Query, Mutation, Count);
    let error = Endpoint::new(schema.clone(), Arc::default(), Guard, settings).err().unwrap();
    assert!(error.to_string().contains("bad"), "{error}");
}
