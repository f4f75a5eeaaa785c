//! The authenticator app's six digits (RFC 6238): SHA-1, 30 seconds, one step to either side, as
//! every app understands. The shared secret is encrypted at rest.

use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zhibu_domain::id::AccountId;

use super::{envelope::Envelope, one_time_code::digits, random::Randomness, secret::MasterKey};

/// Bytes of a shared secret: the length of SHA-1's output, as RFC 4226 advises.
const SECRET: usize = 20;
const STEP_SECONDS: u64 = 30;

/// Why a secret can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TotpError {
    /// Damaged, of another account, or encrypted with another master key.
    #[error("the second factor's secret can't be decrypted")]
    Sealed,
    /// Not of the length that the method wants.
    #[error("the second factor's secret is unusable")]
    Unusable,
}

/// A shared secret in the clear: only while a code is checked or the QR code shown.
pub struct SharedSecret([u8; SECRET]);

impl std::fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

impl SharedSecret {
    /// A new one.
    pub fn draw(random: &Randomness) -> Self {
        Self(random.bytes())
    }

    /// As people type it into an app that can't scan.
    pub fn base32(&self) -> String {
        Secret::from(self.0).to_base32()
    }

    /// What the QR code holds.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (percent(issuer), percent(account));
        format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP_SECONDS}",
            self.base32()
        )
    }

    /// The step that a code belongs to, if it is the one of `now` or of a neighbour. Each step
    /// may be accepted once: that is the domain's to see to.
    pub fn matching_step(&self, code: &str, now: DateTime<Utc>) -> Result<Option<i64>, TotpError> {
        let now = u64::try_from(now.timestamp()).unwrap_or(0);
        let step = self.totp()?.check(&digits(code), now);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    fn totp(&self) -> Result<Totp, TotpError> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP_SECONDS)
            .with_secret(self.0)
            .build()
            .map_err(|_| TotpError::Unusable)
    }
}

/// Encrypts shared secrets for the database, each bound to its account, so that a row can't be
/// given another's secret.
pub struct SecretSeal(Envelope);

impl SecretSeal {
    /// The seal of an installation.
    pub fn new(master: &MasterKey) -> Self {
        Self(Envelope::new(master, "second-factor"))
    }

    /// Encrypts.
    pub fn seal(
        &self,
        secret: &SharedSecret,
        account_id: AccountId,
        random: &Randomness,
    ) -> Result<Vec<u8>, TotpError> {
        self.0.seal(&secret.0, account_id.0.as_bytes(), random).ok_or(TotpError::Sealed)
    }

    /// Decrypts.
    pub fn open(&self, sealed: &[u8], account_id: AccountId) -> Result<SharedSecret, TotpError> {
        let plain = self.0.open(sealed, account_id.0.as_bytes()).ok_or(TotpError::Sealed)?;
        plain.try_into().map(SharedSecret).map_err(|_| TotpError::Unusable)
    }
}

/// Whether what somebody typed has the form of an authenticator's code; recovery codes are longer.
pub fn is_code(text: &str) -> bool {
    let typed = digits(text);
    typed.len() == 6 && typed.bytes().all(|b| b.is_ascii_digit())
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn percent(text: &str) -> String {
    let encode = |b: u8| {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            char::from(b).to_string()
        } else {
            format!("%{b:02X}")
        }
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn agrees_with_the_standard() {
        // RFC 6238, appendix B, SHA-1; the last six of its eight digits.
        let secret = SharedSecret(*b"12345678901234567890");
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(secret.matching_step(code, at(seconds)), Ok(Some(seconds / 30)), "{seconds}");
        }
        let of_step_one = |seconds| secret.matching_step("２８７ 082", at(seconds)).unwrap();
        assert_eq!([of_step_one(0), of_step_one(89), of_step_one(90)], [Some(1), Some(1), None]);
        assert!(is_code("２８７ 082") && !is_code("abcde-f2345") && !is_code("2870820"));
        for bad in ["", "28708", "2870820", "abcdef", "-28708"] {
            assert_eq!(secret.matching_step(bad, at(59)), Ok(None), "{bad}");
        }
        assert_eq!(secret.matching_step("287082", at(-5)), Ok(Some(1)));
    }

    #[test]
    fn a_sealed_secret_opens_for_its_account_only() {
        let master = MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap();
        let (seal, account) = (SecretSeal::new(&master), AccountId(Uuid::from_u128(1)));
        let secret = SharedSecret::draw(&Randomness);
        let sealed = seal.seal(&secret, account, &Randomness).unwrap();
        assert_eq!(seal.open(&sealed, account).unwrap().0, secret.0);
        assert!(!sealed.windows(8).any(|part| secret.0.windows(8).any(|s| s == part)));
        assert!(seal.open(&sealed, AccountId(Uuid::from_u128(2))).is_err());
        let other = MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap();
        assert!(SecretSeal::new(&other).open(&sealed, account).is_err());
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(seal.open(&damaged, account).is_err());
            assert!(seal.open(&sealed[..at], account).is_err());
        }
    }

    #[test]
    fn the_uri_is_what_apps_scan() {
        let secret = SharedSecret(*b"12345678901234567890");
        assert_eq!(
            secret.uri("支部", "138****1234"),
            "otpauth://totp/%E6%94%AF%E9%83%A8:138%2A%2A%2A%2A1234?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%E6%94%AF%E9%83%A8&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(format!("{secret:?}"), "SharedSecret(…)");
    }
}
