//! One line of the table: a method on a path, what it takes and answers, and who decides.

use std::any::TypeId;

use actix_web::http::{Method, StatusCode};
use futures_util::{FutureExt, future::LocalBoxFuture};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use zhibu_domain::policy::Action;

use super::{Answer, Asked, Problem, answer::Answered, asked::Raw, problem::Fault};

/// An answer of any operation.
pub(super) type Sent = Answer<Vec<u8>>;

type Run = dyn Fn(Raw) -> LocalBoxFuture<'static, Result<Sent, Problem>> + Send + Sync;

/// A way to go on from an answer: the operation, and its parameters as runtime expressions.
pub type Link = (&'static str, &'static [(&'static str, &'static str)]);

/// An operation.
pub struct Operation {
    /// Its name in the document.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path, below the root.
    pub path: &'static str,
    /// What the policy is asked.
    pub action: Action,
    /// What it does, and for whom.
    pub summary: &'static str,
    /// The status when it is done.
    pub done: StatusCode,
    /// Whether `If-Match` names the version that it changes.
    pub versioned: bool,
    /// What follows from it.
    pub links: Vec<Link>,
    pub(super) params: fn(&mut SchemaGenerator) -> Schema,
    pub(super) body: Option<fn(&mut SchemaGenerator) -> Schema>,
    pub(super) answer: fn(&mut SchemaGenerator) -> Schema,
    pub(super) run: Box<Run>,
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    // What the published schema lets through can be read; if not, the request is at fault all the same.
    serde_json::from_value(value).map_err(|error| {
        Problem::faulty(vec![Fault { pointer: None, parameter: None, detail: error.to_string() }])
    })
}

impl Operation {
    fn new<P, B, T, F>(
        (method, id, path): (Method, &'static str, &'static str),
        action: Action,
        summary: &'static str,
        handler: fn(Asked<P, B>) -> F,
    ) -> Self
    where
        P: DeserializeOwned + JsonSchema + 'static,
        B: DeserializeOwned + JsonSchema + 'static,
        T: Serialize + JsonSchema + 'static,
        F: Future<Output = Answered<T>> + 'static,
    {
        let run = move |raw: Raw| {
            async move {
                let once = raw.once(id);
                let Raw { reads, params, body, version, .. } = raw;
                let (params, body) = (read(params)?, read(body.unwrap_or_default())?);
                let done = handler(Asked { reads, params, body, version, once }).await?;
                let content = serde_json::to_vec(&done.value);
                let value =
                    content.map_err(|_| crate::error::OpError::internal("an answer can't be written"))?;
                let Answer { status, version, location, next, .. } = done;
                Ok(Answer { status, value, version, location, next })
            }
            .boxed_local()
        };
        Self {
            id,
            method,
            path,
            action,
            summary,
            done: StatusCode::OK,
            versioned: false,
            links: Vec::new(),
            params: P::json_schema,
            body: (TypeId::of::<B>() != TypeId::of::<()>()).then_some(SchemaGenerator::subschema_for::<B>),
            answer: SchemaGenerator::subschema_for::<T>,
            run: Box::new(run),
        }
    }

    /// It makes something new.
    #[must_use]
    pub fn creates(self) -> Self {
        Self { done: StatusCode::CREATED, ..self }
    }

    /// It takes `If-Match`.
    #[must_use]
    pub fn versioned(self) -> Self {
        Self { versioned: true, ..self }
    }

    /// How to go on from its answer.
    #[must_use]
    pub fn links(
        mut self,
        operation: &'static str,
        parameters: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.links.push((operation, parameters));
        self
    }
}

/// A read.
pub fn get<P, T, F>(
    id: &'static str,
    path: &'static str,
    action: Action,
    summary: &'static str,
    handler: fn(Asked<P>) -> F,
) -> Operation
where
    P: DeserializeOwned + JsonSchema + 'static,
    T: Serialize + JsonSchema + 'static,
    F: Future<Output = Answered<T>> + 'static,
{
    Operation::new((Method::GET, id, path), action, summary, handler)
}

/// A write; without a body where that is `()`.
pub fn post<P, B, T, F>(
    id: &'static str,
    path: &'static str,
    action: Action,
    summary: &'static str,
    handler: fn(Asked<P, B>) -> F,
) -> Operation
where
    P: DeserializeOwned + JsonSchema + 'static,
    B: DeserializeOwned + JsonSchema + 'static,
    T: Serialize + JsonSchema + 'static,
    F: Future<Output = Answered<T>> + 'static,
{
    Operation::new((Method::POST, id, path), action, summary, handler)
}

/// Ends something; answers what it was.
pub fn delete<P, T, F>(
    id: &'static str,
    path: &'static str,
    action: Action,
    summary: &'static str,
    handler: fn(Asked<P>) -> F,
) -> Operation
where
    P: DeserializeOwned + JsonSchema + 'static,
    T: Serialize + JsonSchema + 'static,
    F: Future<Output = Answered<T>> + 'static,
{
    Operation::new((Method::DELETE, id, path), action, summary, handler).versioned()
}
