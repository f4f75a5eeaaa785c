//! One request to run one operation: read from JSON or from a query string, then made ready.

use actix_web::http::header::HeaderMap;
use actix_web::web;
use std::sync::Arc;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
};
use async_graphql::{Extensions, Request, Response, Value, Variables};
use serde::Deserialize;
use zhibu_domain::error_code::ErrorCode;

use super::document::{Document, Documents};
use super::nulls::Nullability;
use super::order::order;
use super::rejection::Rejection;
use super::upload::{self, File};

/// What a client asks for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    query: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    extensions: Option<Extensions>,
    /// Files of a form, for the variables that they stand for.
    #[serde(skip)]
    pub files: Vec<File>,
}

/// An operation that has been understood and may be run.
pub struct Prepared {
    /// For the executor.
    pub request: Request,
    /// What it is.
    pub asked: Asked,
}

/// The operation of a document that a request asks for.
#[derive(Clone)]
pub struct Asked {
    /// Whether it reads, writes or subscribes.
    pub kind: OperationType,
    /// Whether it has one field at its root: if that fails, nothing has been done.
    pub single: bool,
    document: Arc<Document>,
    name: Option<String>,
}

impl Asked {
    /// Puts the fields of an answer in the order in which they were asked for, and nulls where errors call
    /// for them.
    pub fn complete(&self, response: &mut Response, nulls: &Nullability) {
        let ast = &self.document.ast;
        if let Ok(operation) = choose(ast, self.name.as_deref()) {
            if !response.errors.is_empty() {
                nulls.complete(response, ast, operation);
            }
            order(&mut response.data, &[&operation.selection_set.node], ast);
        }
    }
}

impl Operation {
    /// Reads the body of a POST.
    pub fn from_json(body: &[u8]) -> Result<Self, Rejection> {
        let bad = |why: String| Rejection::new(ErrorCode::BadRequest).detail(why);
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => {}
            Some(b'[') => return Err(bad("batches are not supported; send one object".into())),
            _ => return Err(bad("the body must be a JSON object with a query".into())),
        }
        serde_json::from_slice(body).map_err(|error| bad(error.to_string()))
    }

    /// Reads the query string of a GET.
    pub fn from_query_string(query: &str) -> Result<Self, Rejection> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Form {
            query: Option<String>,
            operation_name: Option<String>,
            variables: Option<String>,
            extensions: Option<String>,
        }
        fn json<T: serde::de::DeserializeOwned>(text: Option<String>) -> Result<Option<T>, Rejection> {
            let text = text.filter(|text| !text.is_empty());
            let parsed = text.map(|text| serde_json::from_str(&text)).transpose();
            parsed.map_err(|error| Rejection::new(ErrorCode::BadRequest).detail(error.to_string()))
        }
        let form = web::Query::<Form>::from_query(query)
            .map_err(|error| Rejection::new(ErrorCode::BadRequest).detail(error.to_string()))?
            .into_inner();
        Ok(Self {
            query: form.query,
            operation_name: form.operation_name,
            variables: json(form.variables)?.unwrap_or_default(),
            extensions: json(form.extensions)?,
            files: Vec::new(),
        })
    }

    /// Finds the document and the operation in it, and checks what needs no schema.
    pub fn prepare(self, documents: &Documents, introspection: bool) -> Result<Prepared, Rejection> {
        if upload::any_placeholder(&self.variables) {
            return Err(Rejection::new(ErrorCode::BadUserInput).detail("files come as parts of a form"));
        }
        let mut extensions = self.extensions.unwrap_or_default();
        let persisted = extensions.0.remove("persistedQuery").filter(|value| *value != Value::Null);
        let document = documents.find(self.query.as_deref(), persisted.as_ref())?;
        let name = self.operation_name.filter(|name| !name.is_empty());
        if document.introspects && !introspection {
            return Err(Rejection::new(ErrorCode::GraphqlValidationFailed).detail("introspection is off"));
        }
        let operation = choose(&document.ast, name.as_deref())?;
        let mut request = Request::new(String::new());
        request.variables = self.variables;
        for file in self.files {
            file.put_into(&mut request)?;
        }
        check_variables(operation, &request.variables)?;

        let kind = operation.ty;
        let items = &operation.selection_set.node.items;
        let single = matches!(items.as_slice(), [item] if matches!(item.node, Selection::Field(_)));
        request.set_parsed_query(document.ast.clone());
        request.operation_name.clone_from(&name);
        request.extensions = extensions;
        Ok(Prepared { request, asked: Asked { kind, single, document, name } })
    }
}

/// The operation of this name, or the only one.
fn choose<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, Rejection> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next()
        }
        _ => None,
    };
    found.map(|operation| &operation.node).ok_or_else(|| {
        Rejection::new(ErrorCode::OperationResolutionFailure).detail(match name {
            Some(name) => format!("the document has no operation named {name}"),
            None => "the document has several operations; operationName must name one".to_owned(),
        })
    })
}

/// A variable that must have a value has one. async-graphql notices only in the middle of a run.
fn check_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Rejection> {
    for definition in &operation.variable_definitions {
        let variable = &definition.node;
        let value = variables.get(&variable.name.node);
        let lacks = match value {
            Some(value) => *value == Value::Null,
            None => variable.default_value.is_none(),
        };
        if lacks && !variable.var_type.node.nullable {
            return Err(Rejection::new(ErrorCode::BadUserInput)
                .detail(format!("the variable ${} needs a value", variable.name.node))
                .at(definition.pos));
        }
    }
    Ok(())
}

/// The language of the answer.
pub fn language(headers: &HeaderMap) -> zhibu_domain::vocabulary::Language {
    headers
        .get(actix_web::http::header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map(zhibu_domain::vocabulary::Language::from_accept_language)
        .unwrap_or_default()
}
