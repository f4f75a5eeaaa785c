//! Reading a body: never more than the limit, never longer than the time allowed.

use std::{convert::Infallible, time::Duration};

use actix_web::{
    FromRequest, HttpRequest, dev,
    http::header::{self, HeaderMap},
    web::{Bytes, BytesMut, Payload},
};
use futures_util::{FutureExt, StreamExt, future::LocalBoxFuture};
use zhibu_domain::error_code::ErrorCode;

use super::rejection::Rejection;

/// A short body, as a form's is.
pub struct Short(pub Result<Bytes, Rejection>);

impl FromRequest for Short {
    type Error = Infallible;
    type Future = LocalBoxFuture<'static, Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (headers, payload) = (request.headers().clone(), Payload::from_request(request, payload));
        let read = async move {
            match payload.await {
                Ok(mut payload) => read(&headers, &mut payload, SHORT, PATIENCE).await,
                Err(error) => Err(Rejection::new(ErrorCode::BadRequest).detail(error.to_string())),
            }
        };
        read.map(|body| Ok(Self(body))).boxed_local()
    }
}

/// Longest short body.
const SHORT: usize = 16 << 10;

/// How long a short body may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a body of at most `limit` bytes. A body that came in one piece isn't copied.
pub async fn read(
    headers: &HeaderMap,
    payload: &mut Payload,
    limit: usize,
    patience: Duration,
) -> Result<Bytes, Rejection> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if announced.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    match tokio::time::timeout(patience, collect(payload, limit)).await {
        Ok(body) => body,
        Err(_) => Err(Rejection::new(ErrorCode::RequestTimeout)),
    }
}

async fn collect(payload: &mut Payload, limit: usize) -> Result<Bytes, Rejection> {
    let Some(first) = piece(payload, limit).await? else { return Ok(Bytes::new()) };
    let Some(second) = piece(payload, limit).await? else { return Ok(first) };
    let mut body = BytesMut::from(first);
    let mut next = Some(second);
    while let Some(bytes) = next {
        if body.len() + bytes.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&bytes);
        next = piece(payload, limit).await?;
    }
    Ok(body.freeze())
}

async fn piece(payload: &mut Payload, limit: usize) -> Result<Option<Bytes>, Rejection> {
    match payload.next().await.transpose() {
        Ok(Some(bytes)) if bytes.len() > limit => Err(too_large(limit)),
        Ok(bytes) => Ok(bytes),
        Err(error) => Err(Rejection::new(ErrorCode::BadRequest).detail(error.to_string())),
    }
}

fn too_large(limit: usize) -> Rejection {
    Rejection::new(ErrorCode::PayloadTooLarge).detail(format!("the limit is {limit} bytes"))
}
