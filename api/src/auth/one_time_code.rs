//! One-time codes: six digits for people, a keyed hash for the database.

use zhibu_domain::{
    id::AccountId,
    identity::{OneTimeCodePurpose, SecretHash},
    member::PhoneNumber,
    vocabulary::Vocabulary,
};

use super::{
    random::Randomness,
    secret::{MasterKey, keyed_hash},
};

/// Draws and hashes one-time codes. A million codes are tried in a moment by whoever has a copy of
/// the database; without the key it doesn't help.
#[derive(Clone)]
pub struct OneTimeCodes {
    key: [u8; 32],
    phone_key: [u8; 32],
    account_key: [u8; 32],
}

impl OneTimeCodes {
    /// The codes of an installation.
    pub fn new(master: &MasterKey) -> Self {
        Self {
            key: master.derive("one-time-code", b""),
            phone_key: master.derive("phone-digest", b""),
            account_key: master.derive("account-digest", b""),
        }
    }

    /// Six digits, each number as likely as the other.
    pub fn draw(&self, random: &Randomness) -> String {
        format!("{:06}", random.below(1_000_000))
    }

    /// The digest of a code as people type it: full-width digits and spaces don't matter.
    pub fn hash(&self, phone: &PhoneNumber, purpose: OneTimeCodePurpose, code: &str) -> SecretHash {
        let digits = digits(code);
        let parts = [phone.as_e164().as_bytes(), purpose.code().as_bytes(), digits.as_bytes()];
        SecretHash(keyed_hash(&self.key, &parts))
    }

    /// The name under which failures with a number are counted, whether or not anyone has it.
    pub fn phone_digest(&self, phone: &PhoneNumber) -> SecretHash {
        SecretHash(keyed_hash(&self.phone_key, &[phone.as_e164().as_bytes()]))
    }

    /// The name under which failures of an account's second factor are counted.
    pub fn account_digest(&self, account_id: AccountId) -> SecretHash {
        SecretHash(keyed_hash(&self.account_key, &[account_id.0.as_bytes()]))
    }
}

/// The digits of a code as people type it.
pub(super) fn digits(code: &str) -> String {
    // Longer text is no code; it isn't walked through.
    let ascii = |c: char| match c {
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        ' ' | '\u{3000}' | '-' => None,
        other => Some(other),
    };
    code.chars().take(32).filter_map(ascii).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_bound_to_number_and_purpose() {
        let codes = OneTimeCodes::new(&MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap());
        let phone = PhoneNumber::parse("13800001234").unwrap();
        let other = PhoneNumber::parse("13800001235").unwrap();
        let sign_in = OneTimeCodePurpose::SignIn;
        let hash = codes.hash(&phone, sign_in, "012345");
        assert_eq!(codes.hash(&phone, sign_in, " ０１２ 345"), hash);
        assert_ne!(codes.hash(&phone, sign_in, "12345"), hash);
        assert_ne!(codes.hash(&other, sign_in, "012345"), hash);
        assert_ne!(codes.hash(&phone, OneTimeCodePurpose::ResetPassword, "012345"), hash);
        assert_ne!(codes.phone_digest(&phone), codes.phone_digest(&other));
    }

    #[test]
    fn draws_six_digits() {
        let codes = OneTimeCodes::new(&MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap());
        for _ in 0..100 {
            let code = codes.draw(&Randomness);
            assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
        }
    }
}
