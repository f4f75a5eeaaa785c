//! GraphQL over HTTP: `POST` for everything but subscriptions, `GET` for queries alone.

use std::panic::AssertUnwindSafe;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::Executor;
use async_graphql::parser::types::OperationType;
use futures_util::FutureExt;
use tokio::sync::SemaphorePermit;
use zhibu_domain::error_code::ErrorCode;

use super::accept::{self, BodyFormat, Media};
use super::answer::{self, Reader};
use super::endpoint::Endpoint;
use super::gate::{Admission, Gate};
use super::operation::{Operation, language};
use super::rejection::Rejection;
use super::settled::settled;
use super::{body, form};
use crate::web::graphiql;

const ANSWERS: [Media; 2] = [Media::Json, Media::GraphqlResponse];
const ANSWERS_AND_PAGE: [Media; 3] = [Media::Json, Media::GraphqlResponse, Media::Html];

/// Answers `POST /graphql`.
pub async fn post<E: Executor, G: Gate>(
    request: HttpRequest,
    mut payload: web::Payload,
    endpoint: web::Data<Endpoint<E, G>>,
) -> HttpResponse {
    let media = match accept::negotiate(request.headers(), &ANSWERS) {
        Ok(media) => media,
        Err(rejection) => return answer::reject(&rejection, Media::Json, language(request.headers())),
    };
    match posted(&request, &mut payload, &endpoint).await {
        Ok((operation, admission, _place)) => run(&endpoint, operation, admission, media, false).await,
        Err(rejection) => answer::reject(&rejection, media, language(request.headers())),
    }
}

/// Lets the request in, then reads its body. A form keeps its place until it is answered.
async fn posted<'a, E: Executor, G: Gate>(
    request: &HttpRequest,
    payload: &mut web::Payload,
    endpoint: &'a Endpoint<E, G>,
) -> Result<(Operation, Admission, Option<SemaphorePermit<'a>>), Rejection> {
    let headers = request.headers();
    let settings = &endpoint.settings;
    let format = accept::body_format(headers)?;
    let admission = endpoint.gate.admit(request).await?;
    match format {
        BodyFormat::Json => {
            let bytes = body::read(headers, payload, settings.json_bytes, endpoint.patience()).await?;
            Ok((Operation::from_json(&bytes)?, admission, None))
        }
        BodyFormat::Form(boundary) => {
            let place = endpoint.forms.try_acquire().map_err(|_| {
                Rejection::new(ErrorCode::Overloaded)
                    .header(header::RETRY_AFTER, HeaderValue::from_static("5"))
            })?;
            let bytes = body::read(headers, payload, settings.form_bytes, endpoint.patience()).await?;
            let operation = form::read(&bytes, &boundary, settings.files, settings.json_bytes)?;
            Ok((operation, admission, Some(place)))
        }
    }
}

/// Answers `GET /graphql`: a query in the query string, or the page for developers.
pub async fn get<E: Executor, G: Gate>(
    request: HttpRequest,
    endpoint: web::Data<Endpoint<E, G>>,
) -> HttpResponse {
    let offers = if endpoint.settings.graphiql { ANSWERS_AND_PAGE.as_slice() } else { ANSWERS.as_slice() };
    let media = match accept::negotiate(request.headers(), offers) {
        Ok(Media::Html) => return graphiql::page(),
        Ok(media) => media,
        Err(rejection) => return answer::reject(&rejection, Media::Json, language(request.headers())),
    };
    let admitted = async {
        let operation = Operation::from_query_string(request.query_string())?;
        Ok((operation, endpoint.gate.admit(&request).await?))
    };
    match admitted.await {
        Ok((operation, admission)) => run(&endpoint, operation, admission, media, true).await,
        Err(rejection) => answer::reject(&rejection, media, language(request.headers())),
    }
}

/// Answers every other method.
pub async fn other(request: HttpRequest) -> HttpResponse {
    let media = accept::negotiate(request.headers(), &ANSWERS).unwrap_or(Media::Json);
    let rejection = Rejection::new(ErrorCode::MethodNotAllowed)
        .header(header::ALLOW, HeaderValue::from_static("GET, POST"));
    answer::reject(&rejection, media, language(request.headers()))
}

async fn run<E: Executor, G: Gate>(
    endpoint: &Endpoint<E, G>,
    operation: Operation,
    admission: Admission,
    media: Media,
    queries_only: bool,
) -> HttpResponse {
    let reader = Reader { language: admission.language, request_id: admission.request_id };
    let prepared = operation.prepare(&endpoint.documents, endpoint.settings.introspection);
    let mut prepared = match prepared {
        Ok(prepared) => prepared,
        Err(rejection) => return answer::reject(&rejection, media, reader.language),
    };
    if let Some(rejection) = misplaced(prepared.asked.kind, queries_only) {
        return answer::reject(&rejection, media, reader.language);
    }
    prepared.request.data = admission.data;
    let running = settled(endpoint.executor.execute(prepared.request));
    let response = AssertUnwindSafe(running).catch_unwind().await;
    let mut response = response.unwrap_or_else(|_| answer::fault(&reader));
    let run = answer::dress(&mut response, &prepared.asked, &endpoint.nulls, &reader);
    answer::respond(&response, run, media)
}

/// Why this kind of operation doesn't go this way.
fn misplaced(kind: OperationType, queries_only: bool) -> Option<Rejection> {
    match kind {
        OperationType::Query => None,
        OperationType::Mutation if !queries_only => None,
        OperationType::Mutation => Some(
            Rejection::new(ErrorCode::MethodNotAllowed)
                .detail("a mutation must be sent by POST")
                .header(header::ALLOW, HeaderValue::from_static("POST")),
        ),
        OperationType::Subscription => Some(
            Rejection::new(ErrorCode::BadRequest)
                .detail("a subscription runs over WebSocket with the protocol graphql-transport-ws"),
        ),
    }
}
