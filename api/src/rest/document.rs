//! The OpenAPI document, printed from the table of operations and the types that they take and answer.

use std::sync::LazyLock;

use actix_web::http::Method;
use jsonschema::{Draft, Validator};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};
use zhibu_domain::{policy::Action, token::TokenScope, vocabulary::Vocabulary};

use super::{
    Operation, ROOT, operations,
    params::Parameters,
    problem::{self, MEDIA},
    term::flat,
};
use crate::{token, webhook};

const INTRODUCTION: &str = "\
For systems that work with Zhibu: the office's, the district's, a branch's own scripts. Every operation \
asks the same functions and the same policy as GraphQL does; ids, codes and words of closed lists are the same.\n\n\
- **Access**: `Authorization: Bearer …`, with a token that has the scope named with each operation. What the caller may not see is answered 404, what they may see but not do 403.\n\
- **Lists** go on after `next`, which the header `Link` names as well.\n\
- **Writing**: each POST takes an `Idempotency-Key`, new for each intent and the same for each try. For 24 hours \
the same key with the same request answers what was made then, read anew; with another request of the same operation it \
is 422. While the first is being done it is 409 with `Retry-After`. What was refused is looked at anew.\n\
- **Changing** what somebody has read: `If-Match` with its `ETag`; 412 where somebody was faster.\n\
- **Problems** are `application/problem+json` (RFC 9457) with a stable `code`. 400: the request doesn't fit this document, \
`errors` says where. 409: the operation's own no, in its `code`.\n\
- **Limits**: `RateLimit-Policy` and `RateLimit` tell what is left, `Retry-After` when to come back.\n\
- `Accept-Language: zh-CN` or `en` chooses the language of `title`; times are RFC 3339 in UTC.";

/// What an operation is checked against.
pub(super) struct Checks {
    /// Its parameters.
    pub parameters: Parameters,
    /// The schema of all of them.
    pub parameters_check: Validator,
    /// The schema of its body.
    pub body: Option<Validator>,
}

/// The table, with what is made of it.
pub(super) struct Book {
    /// The operations, each with its checks.
    pub operations: Vec<(Operation, Checks)>,
    /// The document.
    pub document: Value,
}

pub(super) static BOOK: LazyLock<Book> = LazyLock::new(write);

fn generator(answers: bool) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    if answers { settings.for_serialize() } else { settings.for_deserialize() }.into_generator()
}

fn write() -> Book {
    let (mut asked, mut answered) = (generator(false), generator(true));
    let mut paths: Map<String, Value> = Map::new();
    let problem = answered.subschema_for::<problem::Body<'_>>().to_value();
    let mut shaped = Vec::new();
    for operation in operations() {
        let parameters = Parameters::of((operation.params)(&mut asked).to_value(), operation.path);
        let body = operation.body.map(|body| body(&mut asked).to_value());
        let answer = (operation.answer)(&mut answered).to_value();
        let path = paths.entry(format!("{ROOT}{}", operation.path)).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_lowercase()] =
            described(&operation, &parameters, body.as_ref(), &answer);
        shaped.push((operation, parameters, body));
    }
    let webhooks = webhook::rest::messages(&mut answered);
    let mut schemas = asked.take_definitions(true);
    schemas.extend(answered.take_definitions(true));
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Zhibu", "version": env!("CARGO_PKG_VERSION"), "description": INTRODUCTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }],
        "tags": tags(&shaped),
        "paths": paths,
        "webhooks": webhooks,
        "components": {
            "schemas": schemas,
            "responses": { "Problem": { "description": "A problem.", "content": { MEDIA: { "schema": problem } } } },
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "A person's access token." },
                "token": {
                    "type": "oauth2", "description": "A client's access token, or a personal one.",
                    "flows": { "clientCredentials": { "tokenUrl": token::oauth::TOKEN, "scopes": scopes() } },
                },
            },
        },
    });
    let check = |schema: Value| {
        let mut whole = schema;
        whole["components"] = json!({ "schemas": document["components"]["schemas"] });
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        options.build(&whole)
    };
    let operations = shaped.into_iter().filter_map(|(operation, parameters, body)| {
        let parameters_check = check(parameters.schema()).ok()?;
        let body = match body {
            Some(body) => Some(check(body).ok()?),
            None => None,
        };
        Some((operation, Checks { parameters, parameters_check, body }))
    });
    Book { operations: operations.collect(), document }
}

/// What tokens may be given, with what each is for.
fn scopes() -> Map<String, Value> {
    TokenScope::words().iter().map(|word| (word.value.spoken(), flat(word.doc).into())).collect()
}

/// The first part of a path.
fn tag(operation: &Operation) -> &'static str {
    operation.path.split('/').nth(1).unwrap_or_default()
}

fn tags(shaped: &[(Operation, Parameters, Option<Value>)]) -> Vec<Value> {
    let mut names: Vec<_> = shaped.iter().map(|(operation, ..)| tag(operation)).collect();
    names.dedup();
    names.into_iter().map(|name| json!({ "name": name })).collect()
}

fn header_parameters(operation: &Operation) -> Vec<Value> {
    let mut headers = Vec::new();
    if operation.method == Method::GET {
        headers.push(json!({
            "name": "If-None-Match", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "The `ETag` of what the client has: answered 304 where that still holds.",
        }));
    } else if operation.method == Method::POST {
        headers.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "schema": { "type": "string", "pattern": "^(\"[!#-\\[\\]-~]{1,64}\"|[0-9A-Za-z._~:-]{1,64})$" },
            "description": "New for each intent, the same for each try; kept for 24 hours.",
            "example": "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"",
        }));
    }
    if operation.versioned {
        headers.push(json!({
            "name": "If-Match", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "The `ETag` of what the client has read: answered 412 where it has changed since.",
        }));
    }
    headers
}

fn headers(operation: &Operation, answer: &Value) -> Value {
    let text =
        |about: &str| json!({ "description": about, "required": true, "schema": { "type": "string" } });
    let mut headers = json!({
        "RateLimit": text("What is left to the caller, and for how long."),
        "RateLimit-Policy": text("How many requests, in how many seconds."),
    });
    if operation.method == Method::GET {
        headers["ETag"] = json!({
            "description": "Stands for this answer.", "required": true,
            "schema": { "type": "string", "pattern": "^(W/\"[0-9a-f]+\"|\"[0-9]+-[0-9a-f]+\")$" },
        });
    }
    if operation.versioned || operation.done == 201 {
        headers["ETag"] = json!({
            "description": "Of what has a version: by it, `If-Match` can change it.", "schema": { "type": "string" },
        });
    }
    if operation.done == 201 {
        headers["Location"] = json!({
            "description": "Where it is.", "required": true, "schema": { "type": "string", "format": "uri-reference" },
        });
    }
    if answer["$ref"].as_str().is_some_and(|name| name.ends_with("Page")) && operation.method == Method::GET {
        headers["Link"] =
            json!({ "description": "`rel=\"next\"`: the next page.", "schema": { "type": "string" } });
    }
    headers
}

fn described(operation: &Operation, parameters: &Parameters, body: Option<&Value>, answer: &Value) -> Value {
    let Operation { id, summary, links, .. } = operation;
    let (summary, about) =
        summary.split_once(". ").map_or((*summary, None), |(first, rest)| (first, Some(rest)));
    let link = |(target, parameters): &super::operation::Link| {
        let parameters: Map<_, _> =
            parameters.iter().map(|(name, from)| ((*name).to_owned(), json!(from))).collect();
        ((*target).to_owned(), json!({ "operationId": target, "parameters": parameters }))
    };
    let links: Map<_, _> = links.iter().map(link).collect();
    let mut done = json!({
        "description": "Done.", "headers": headers(operation, answer),
        "content": { "application/json": { "schema": answer } },
    });
    if !links.is_empty() {
        done["links"] = links.into();
    }
    let mut responses = json!({ operation.done.as_str(): done });
    let mut statuses = vec![400, 401, 403, 404, 429, 503];
    if operation.method == Method::GET {
        responses["304"] = json!({ "description": "The client has it already." });
    } else {
        statuses.push(409);
    }
    if operation.method == Method::POST {
        statuses.push(422);
    }
    if body.is_some() {
        statuses.extend([408, 413, 415]);
    }
    if operation.versioned {
        statuses.push(412);
    }
    for status in statuses {
        responses[status.to_string()] = json!({ "$ref": "#/components/responses/Problem" });
    }
    let all: Vec<_> = parameters.described().chain(header_parameters(operation)).collect();
    let scope = operation.action.token_scope().map(TokenScope::spoken);
    let needs = scope.as_ref().map_or_else(
        || "No token may do it.".to_owned(),
        |scope| format!("A token needs the scope `{scope}`."),
    );
    let (code, said) = (operation.action.code(), Action::word(operation.action).en);
    let asks = format!("Asks the policy for `{code}`: {said}. {needs}");
    let about = about.map_or_else(|| asks.clone(), |about| format!("{about}\n\n{asks}"));
    let mut described = json!({
        "operationId": id, "summary": summary.trim_end_matches('.'), "description": about, "tags": [tag(operation)],
        "parameters": all, "responses": responses,
    });
    if let Some(scope) = scope {
        described["security"] = json!([{ "bearer": [] }, { "token": [scope] }]);
    }
    if let Some(schema) = body {
        described["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    described
}

/// The document.
pub fn document() -> &'static Value {
    &BOOK.document
}

/// The document as text, in a fixed order.
pub fn printed() -> String {
    format!("{:#}", document())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_operation_stands_in_the_book() {
        let all = operations();
        assert_eq!(BOOK.operations.len(), all.len(), "each schema can be checked against");
        let names: HashSet<_> = all.iter().map(|operation| operation.id).collect();
        assert_eq!(names.len(), all.len(), "each has a name of its own");
        for operation in &all {
            for (target, parameters) in &operation.links {
                let target = BOOK.operations.iter().find(|(other, _)| other.id == *target);
                let (_, checks) = target.expect("a link leads to an operation");
                let known = checks.parameters.schema();
                for (name, _) in *parameters {
                    let of_header = name.starts_with("header.");
                    assert!(of_header || known["properties"].get(name).is_some(), "{}: {name}", operation.id);
                }
            }
        }
    }
}
