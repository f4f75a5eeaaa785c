//! Signing secrets: drawn, sealed for the database, opened to sign.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use zhibu_domain::{id::WebhookEndpointId, webhook::SigningSecret};

use crate::{app::App, error::OpError};

/// Bytes of a key: Standard Webhooks asks for 24 to 64; these fill base64 without padding.
const KEY: usize = 36;

/// What Standard Webhooks puts before a secret.
const PREFIX: &str = "whsec_";

/// Letters by which people know one again.
const TAIL: usize = 4;

/// Draws a secret for an endpoint: for whoever is to use it, shown once, and for the database.
pub fn draw(
    app: &App,
    of: WebhookEndpointId,
    now: DateTime<Utc>,
) -> Result<(String, SigningSecret), OpError> {
    let key = app.auth.random.bytes::<KEY>();
    let sealed = app.auth.webhooks.seal(&key, of.0.as_bytes(), &app.auth.random);
    let text = format!("{PREFIX}{}", STANDARD.encode(key));
    let tail = text.get(text.len() - TAIL..).unwrap_or_default().to_owned();
    let sealed = sealed.ok_or(OpError::internal("a secret can't be sealed"))?;
    Ok((text, SigningSecret { sealed, tail, created_at: now, expires_at: None }))
}

/// The key of a secret; none where it was sealed with another master key.
pub fn open(app: &App, of: WebhookEndpointId, secret: &SigningSecret) -> Option<Vec<u8>> {
    app.auth.webhooks.open(&secret.sealed, of.0.as_bytes())
}
