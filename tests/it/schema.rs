//! `schema.graphql` and `openapi.json` are what the server serves.

use std::path::PathBuf;

/// A file of the repository, compared with what it must be; rewritten where the variable is set.
pub fn assert_file(name: &str, variable: &str, expected: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    if std::env::var(variable).is_ok_and(|v| v == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("{}\n", expected.trim_end())).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found.trim_end() == expected.trim_end(),
        "{name} is stale: run the tests with {variable}=1 and look at the change"
    );
}

#[test]
fn the_printed_schema_is_up_to_date() {
    assert_file("schema.graphql", "UPDATE_SCHEMA", &zhibu::schema::sdl());
}

#[test]
fn the_printed_document_is_up_to_date() {
    assert_file("openapi.json", "UPDATE_SCHEMA", &zhibu::rest::printed());
}
