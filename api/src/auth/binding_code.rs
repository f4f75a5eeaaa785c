//! Codes of the branch, to bind WeChat by: fifty bits on a slip of paper, a keyed digest in the database.

use zhibu_domain::{
    id::DistrictId,
    identity::{SecretHash, WeChatIdentity},
};

use super::{
    random::Randomness,
    recovery::SYMBOLS,
    secret::{MasterKey, keyed_hash},
};

/// Symbols of a code.
const LENGTH: usize = 10;

/// Draws and hashes binding codes.
#[derive(Clone)]
pub struct BindingCodes {
    key: [u8; 32],
    identity_key: [u8; 32],
}

impl BindingCodes {
    /// The codes of an installation.
    pub fn new(master: &MasterKey) -> Self {
        Self { key: master.derive("binding-code", b""), identity_key: master.derive("wechat-digest", b"") }
    }

    /// A new code, in two groups.
    pub fn draw(&self, random: &Randomness) -> String {
        let bytes = random.bytes::<LENGTH>();
        // 256 is a multiple of 32: each symbol is as likely as the other.
        let symbols = bytes.iter().filter_map(|b| SYMBOLS.get(usize::from(b % 32)));
        let plain: String = symbols.map(|s| char::from(s.to_ascii_uppercase())).collect();
        let (head, tail) = plain.split_at_checked(LENGTH / 2).unwrap_or((&plain, ""));
        format!("{head}-{tail}")
    }

    /// The digest of a code as people type it: capitals, dashes and spaces don't matter.
    pub fn hash(&self, district: DistrictId, code: &str) -> SecretHash {
        let typed = code.chars().take(64).filter(char::is_ascii_alphanumeric);
        let plain: String = typed.map(|c| c.to_ascii_lowercase()).collect();
        SecretHash(keyed_hash(&self.key, &[district.0.as_bytes(), plain.as_bytes()]))
    }

    /// The name under which the failures of a WeChat account are counted.
    pub fn digest(&self, who: &WeChatIdentity) -> SecretHash {
        SecretHash(keyed_hash(&self.identity_key, &[who.app_id.as_bytes(), who.open_id.as_bytes()]))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_code_is_of_one_district_and_read_as_it_is_typed() {
        let codes = BindingCodes::new(&MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap());
        let district = DistrictId(Uuid::from_u128(1));
        let code = codes.draw(&Randomness);
        assert_eq!(code.len(), LENGTH + 1);
        let hash = codes.hash(district, &code);
        assert_eq!(codes.hash(district, &code.to_lowercase().replace('-', " ")), hash);
        assert_ne!(codes.hash(DistrictId(Uuid::from_u128(2)), &code), hash);
        assert_ne!(codes.draw(&Randomness), code);
    }
}
