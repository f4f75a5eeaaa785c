//! The code on the screen of a meeting room or of a shift. It changes every few seconds, can't be guessed
//! without the subject's key, and is worth nothing after its step and a short grace.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::CodeRefusal;
use crate::{
    activity::TimeWindow,
    id::{ActivityId, TypedId, VolunteerShiftId},
    rule::{RuleKey, Rules},
};

const TAG: usize = 12;
const DIGITS: u32 = 1_000_000;

/// What codes are shown for.
pub trait CodeSubject: TypedId {
    /// How the text of its QR codes begins: the app sees by it which door a code opens.
    const PREFIX: &'static str;
}

impl CodeSubject for ActivityId {
    const PREFIX: &'static str = "zhb1.";
}

impl CodeSubject for VolunteerShiftId {
    const PREFIX: &'static str = "zhs1.";
}

/// The secret behind the codes of one subject, given by the shell.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeKey([u8; 32]);

impl std::fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeKey(…)")
    }
}

impl CodeKey {
    /// Takes 32 secret bytes.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// A keyed hash of `parts` for one purpose.
    pub(super) fn mac(&self, purpose: &str, subject: impl CodeSubject, rest: &[u8]) -> Hmac<Sha256> {
        // HMAC pads a short key with zeros itself; doing it here needs no fallible constructor.
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(self.0) {
            *to = from;
        }
        Hmac::<Sha256>::new(&block.into())
            .chain_update(purpose)
            .chain_update(subject.uuid().as_bytes())
            .chain_update(rest)
    }

    fn digits(&self, subject: impl CodeSubject, step: u32) -> u32 {
        // Truncated as in RFC 4226, 5.3.
        let hash = self.mac("digits", subject, &step.to_be_bytes()).finalize().into_bytes();
        let offset = usize::from(hash.last().copied().unwrap_or(0) & 0xf);
        let word = hash.iter().skip(offset).take(4).fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
        (word & 0x7fff_ffff) % DIGITS
    }
}

/// What the screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCode {
    /// The QR code's text.
    pub qr: String,
    /// The six digits.
    pub digits: String,
    /// The step.
    pub step: u32,
    /// From when it is shown.
    pub valid_from: DateTime<Utc>,
    /// Until when; the next one follows.
    pub valid_until: DateTime<Utc>,
}

/// A code that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// Its step.
    pub step: u32,
    /// Whether it was accepted only by the grace.
    pub edge: bool,
}

/// The step at an instant.
fn step_at(at: DateTime<Utc>, rules: &Rules) -> u32 {
    let step = at.timestamp().div_euclid(rules.get(RuleKey::CodeStepSeconds));
    u32::try_from(step).unwrap_or(0)
}

/// From when to when a step's code is shown.
fn shown_in(step: u32, rules: &Rules) -> TimeWindow {
    let seconds = rules.get(RuleKey::CodeStepSeconds);
    let starts_at =
        DateTime::from_timestamp(i64::from(step) * seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let ends_at = starts_at.checked_add_signed(Duration::seconds(seconds)).unwrap_or(starts_at);
    TimeWindow { starts_at, ends_at }
}

/// The code to show at `now`.
pub fn show<I: CodeSubject>(key: &CodeKey, subject: I, now: DateTime<Utc>, rules: &Rules) -> ShownCode {
    let step = step_at(now, rules);
    let TimeWindow { starts_at, ends_at } = shown_in(step, rules);
    let tag = key.mac("qr", subject, &step.to_be_bytes()).finalize().into_bytes();
    let mut bytes = subject.uuid().as_bytes().to_vec();
    bytes.extend(step.to_be_bytes());
    bytes.extend(tag.iter().take(TAG));
    ShownCode {
        qr: format!("{}{}", I::PREFIX, URL_SAFE_NO_PAD.encode(bytes)),
        digits: format!("{:06}", key.digits(subject, step)),
        step,
        valid_from: starts_at,
        valid_until: ends_at,
    }
}

/// What a scanned QR code says; nothing of it is proved before [`verify_qr`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QrPayload<I> {
    /// What it names.
    pub subject: I,
    /// The step that it names.
    pub step: u32,
    tag: [u8; TAG],
}

impl<I: CodeSubject> QrPayload<I> {
    /// Reads a QR code's text.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().strip_prefix(I::PREFIX)?;
        if text.len() > 64 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (subject, rest) = bytes.split_first_chunk::<16>()?;
        let (step, tag) = rest.split_first_chunk::<4>()?;
        Some(Self {
            subject: I::from_uuid(Uuid::from_bytes(*subject)),
            step: u32::from_be_bytes(*step),
            tag: tag.try_into().ok()?,
        })
    }

    /// Whether the holder of the key made it.
    pub fn is_authentic(&self, key: &CodeKey) -> bool {
        let mac = key.mac("qr", self.subject, &self.step.to_be_bytes());
        mac.verify_truncated_left(&self.tag).is_ok()
    }

    /// From when to when the screen showed it.
    pub fn shown(&self, rules: &Rules) -> TimeWindow {
        shown_in(self.step, rules)
    }
}

/// Accepts a scanned code that was made with `key` for this subject and is on the screen at
/// `at`, or was within the grace. `rules` are those of the subject's day.
pub fn verify_qr<I: CodeSubject>(
    payload: &QrPayload<I>,
    key: &CodeKey,
    subject: I,
    at: DateTime<Utc>,
    rules: &Rules,
) -> Result<Fresh, CodeRefusal> {
    if payload.subject != subject {
        return Err(CodeRefusal::OtherActivity);
    }
    // A step that has not come can only be a forgery, or another server's wrong clock.
    if !payload.is_authentic(key) || payload.step > step_at(at, rules) {
        return Err(CodeRefusal::Wrong);
    }
    let late = at.signed_duration_since(payload.shown(rules).ends_at);
    if late >= rules.seconds(RuleKey::CodeGraceSeconds) {
        return Err(CodeRefusal::Expired);
    }
    Ok(Fresh { step: payload.step, edge: late >= Duration::zero() })
}

/// Accepts six typed digits that are on the screen at `at`, or were within the digits' grace.
/// Full-width digits and spaces, as phones type them, are understood.
pub fn verify_digits(
    typed: &str,
    key: &CodeKey,
    subject: impl CodeSubject,
    at: DateTime<Utc>,
    rules: &Rules,
) -> Result<Fresh, CodeRefusal> {
    let typed = read_digits(typed).ok_or(CodeRefusal::Wrong)?;
    let now = step_at(at, rules);
    let oldest = step_at(at - rules.seconds(RuleKey::DigitsGraceSeconds), rules);
    // Every candidate is computed whether or not an earlier one fits: time tells nothing.
    (oldest..=now)
        .rev()
        .fold(None, |found: Option<Fresh>, step| {
            let fits = key.digits(subject, step) ^ typed == 0;
            found.or(fits.then_some(Fresh { step, edge: step < now }))
        })
        .ok_or(CodeRefusal::Wrong)
}

fn read_digits(typed: &str) -> Option<u32> {
    if typed.len() > 64 {
        return None;
    }
    let mut digits = 0_u32;
    let mut count = 0;
    for c in typed.chars().filter(|c| !c.is_whitespace()) {
        let c = match c {
            '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0'))?,
            c => c,
        };
        digits = digits.checked_mul(10)?.checked_add(c.to_digit(10)?)?;
        count += 1;
    }
    (count == 6).then_some(digits)
}
