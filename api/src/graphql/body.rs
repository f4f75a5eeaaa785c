//! Reading a body: never more than the limit, never longer than the time allowed.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::StreamExt;
use zhibu_domain::error_code::ErrorCode;

use super::rejection::Rejection;

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
