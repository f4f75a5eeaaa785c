//! One-time codes: asking for one, and handing it to the phone network.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    error_code::ErrorCode,
    id::{DistrictId, EventId},
    identity::{OneTimeCode, OneTimeCodePurpose, OneTimeCodeRefusal as Refusal, RESEND_AFTER, SecretHash},
    member::PhoneNumber,
    policy::Permit,
    vocabulary::{Language, Vocabulary},
};
use zhibu_persistence::{
    identity::{self, Whom},
    member,
    outbox::{self, Event},
};

use super::district;
use crate::{
    app::App,
    auth::rate::address_key,
    call::Call,
    error::{OpError, Stop},
};

/// The outbox's kind of event that carries a code to be sent.
pub const SEND_CODE: &str = "one_time_code.send";

/// Codes that one address may ask for in an hour: an office's people share one.
const PER_ADDRESS: u32 = 60;

/// Codes that may be asked for with one number in an hour.
const PER_NUMBER: u32 = 6;

/// Who asks for a code.
pub struct Asking {
    /// The number.
    pub phone: PhoneNumber,
    /// The district's code.
    pub district: Option<String>,
    /// What for.
    pub purpose: OneTimeCodePurpose,
}

/// What everybody is told who asks, whether or not a code was sent.
pub struct Asked {
    /// Until when the code is valid.
    pub expires_at: DateTime<Utc>,
    /// From when another may be asked for.
    pub next_at: DateTime<Utc>,
}

/// A text message that waits to be sent. A number that nobody has gets one without an addressee,
/// so that asking costs the same.
#[derive(Serialize, Deserialize)]
struct Message {
    to: Option<String>,
    code: String,
    purpose: OneTimeCodePurpose,
    minutes: i64,
    expires_at: DateTime<Utc>,
}

impl Message {
    fn text(&self) -> String {
        let (purpose, code, minutes) = (self.purpose.say(Language::Zh), &self.code, self.minutes);
        format!(
            "【支部】您正在{purpose}，验证码：{code}，{minutes}分钟内有效。请勿告诉他人，如非本人操作请忽略。"
        )
    }
}

fn admit(
    app: &App,
    call: &Call,
    district: DistrictId,
    key: SecretHash,
    now: DateTime<Utc>,
) -> Result<(), OpError> {
    let limited = |_| OpError::Code(ErrorCode::RateLimited, "too many codes were asked for in the last hour");
    if let Some(address) = call.address {
        app.auth.asked_from.admit(address_key(address), PER_ADDRESS, now).map_err(limited)?;
    }
    app.auth.asked_for.admit((district, key), PER_NUMBER, now).map(drop).map_err(limited)
}

/// Sends a code to a number, if somebody has it. The answer and the work are the same if nobody has.
pub async fn request(app: &App, call: &Call, asking: Asking) -> Result<Asked, Stop<Refusal>> {
    let Asking { phone, purpose, .. } = asking;
    let found = district(app, asking.district.as_deref()).await?.ok_or(Refusal::DistrictRequired)?;
    let district = DistrictId(found.id);
    let rules = app.rules(district).await?;
    let key = app.auth.codes.phone_digest(&phone);
    let plain = app.auth.codes.draw(&app.auth.random);
    let hash = app.auth.codes.hash(&phone, purpose, &plain);
    let tx = app.begin(call, "requestOneTimeCode").await?;
    let now = tx.now();
    let last = identity::lock_code(&tx, district, key, purpose).await?;
    let code = OneTimeCode::send(last.as_ref(), purpose, hash, now, &rules)?;
    admit(app, call, district, key, now)?;
    let account = member::account_by_phone(&tx, district, &phone).await?.map(|a| a.id);
    let permit = Permit::signing_in(district, None);
    identity::send_code(&tx, &permit, Whom::of(account, key), key, &code).await?;
    let message = Message {
        to: account.map(|_| phone.as_e164().to_owned()),
        code: plain,
        purpose,
        minutes: (code.expires_at - now).num_minutes(),
        expires_at: code.expires_at,
    };
    let subject = app.id::<EventId>().0;
    let sealed = seal(app, &message, subject)?;
    outbox::publish(&tx, district, SEND_CODE, subject, serde_json::json!({ "sealed": sealed })).await?;
    tx.commit().await?;
    app.hub.codes().notify_one();
    Ok(Asked { expires_at: code.expires_at, next_at: now + RESEND_AFTER })
}

fn seal(app: &App, message: &Message, subject: uuid::Uuid) -> Result<String, OpError> {
    let plain = serde_json::to_vec(message).map_err(|_| OpError::internal("a message can't be written"))?;
    let sealed = app.auth.messages.seal(&plain, subject.as_bytes(), &app.auth.random);
    sealed.map(|bytes| STANDARD.encode(bytes)).ok_or(OpError::internal("a message can't be sealed"))
}

fn open(app: &App, event: &Event) -> Option<Message> {
    let sealed = STANDARD.decode(event.payload.get("sealed")?.as_str()?).ok()?;
    let plain = app.auth.messages.open(&sealed, event.subject_id.as_bytes())?;
    serde_json::from_slice(&plain).ok()
}

/// Hands the code of a [`SEND_CODE`] event to the phone network. To be tried again on an error;
/// a code that is too old, or sealed with a lost key, is let go.
pub async fn deliver(app: &App, event: &Event) -> Result<(), OpError> {
    let Some(message) = open(app, event) else {
        tracing::warn!(event = %event.id, "a one-time code can't be read, and isn't sent");
        return Ok(());
    };
    let Some(to) = message.to.clone().filter(|_| app.now() < message.expires_at) else { return Ok(()) };
    let sent = app.auth.sms.send(&PhoneNumber::from_stored(to), &message.text()).await;
    sent.map_err(|error| {
        tracing::warn!(%error, event = %event.id, "a one-time code wasn't sent");
        OpError::Code(ErrorCode::Unavailable, "the text message service")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_says_what_for_and_for_how_long() {
        let message = Message {
            to: None,
            code: "012345".into(),
            purpose: OneTimeCodePurpose::ResetPassword,
            minutes: 5,
            expires_at: DateTime::UNIX_EPOCH,
        };
        assert_eq!(
            message.text(),
            "【支部】您正在重置密码，验证码：012345，5分钟内有效。请勿告诉他人，如非本人操作请忽略。"
        );
    }
}
