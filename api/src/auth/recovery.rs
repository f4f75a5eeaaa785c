//! Recovery codes: ten on paper, in place of a lost authenticator.

use zhibu_domain::{
    id::AccountId,
    identity::{RECOVERY_CODES, SecretHash},
};

use super::{
    random::Randomness,
    secret::{MasterKey, keyed_hash},
};

/// Letters and digits that are not mistaken for one another in handwriting.
pub(super) const SYMBOLS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Symbols of a code: 50 bits.
const LENGTH: usize = 10;

/// Draws and hashes recovery codes.
#[derive(Clone)]
pub struct RecoveryCodes {
    key: [u8; 32],
}

impl RecoveryCodes {
    /// The codes of an installation.
    pub fn new(master: &MasterKey) -> Self {
        Self { key: master.derive("recovery-code", b"") }
    }

    /// Ten new codes: each for the person, to be shown once, and its digest.
    pub fn draw(&self, account_id: AccountId, random: &Randomness) -> Vec<(String, SecretHash)> {
        let one = |_| {
            let bytes = random.bytes::<LENGTH>();
            // 256 is a multiple of 32: each symbol is as likely as the other.
            let symbols = bytes.iter().filter_map(|b| SYMBOLS.get(usize::from(b % 32)));
            let plain: String = symbols.map(|s| char::from(*s)).collect();
            let (head, tail) = plain.split_at_checked(LENGTH / 2).unwrap_or((&plain, ""));
            let hash = self.hash(account_id, &plain);
            (format!("{head}-{tail}"), hash)
        };
        (0..RECOVERY_CODES).map(one).collect()
    }

    /// The digest of a code as people type it: capitals, dashes and spaces don't matter.
    pub fn hash(&self, account_id: AccountId, code: &str) -> SecretHash {
        let typed = code.chars().take(32).filter(char::is_ascii_alphanumeric);
        let plain: String = typed.map(|c| c.to_ascii_lowercase()).collect();
        SecretHash(keyed_hash(&self.key, &[account_id.0.as_bytes(), plain.as_bytes()]))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn ten_codes_each_of_one_account() {
        let codes = RecoveryCodes::new(&MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap());
        let account = AccountId(Uuid::from_u128(1));
        let drawn = codes.draw(account, &Randomness);
        assert_eq!(drawn.len(), RECOVERY_CODES);
        for (code, hash) in drawn {
            assert_eq!(code.len(), LENGTH + 1);
            assert_eq!(codes.hash(account, &code.to_uppercase().replace('-', " ")), hash);
            assert_ne!(codes.hash(AccountId(Uuid::from_u128(2)), &code), hash);
        }
    }
}
