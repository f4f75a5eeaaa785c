//! Look-up codes of service record sheets: a hundred bits that only the holder of the master key can
//! make. They are derived, not kept: the member sees theirs again at any time, and the database, which
//! finds them by a digest, can't tell them.

use sha2::{Digest, Sha256};
use zhibu_domain::{
    id::{DistrictId, ServiceRecordSheetId},
    identity::SecretHash,
};

use super::{
    recovery::SYMBOLS,
    secret::{MasterKey, keyed_hash},
};

/// Symbols of a code, in groups of five: 100 bits.
const LENGTH: usize = 20;

/// Makes and reads look-up codes.
#[derive(Clone)]
pub struct LookUpCodes {
    key: [u8; 32],
}

impl LookUpCodes {
    /// The codes of an installation.
    pub fn new(master: &MasterKey) -> Self {
        Self { key: master.derive("look-up-code", b"") }
    }

    /// A sheet's code, as it is printed.
    pub fn code(&self, district: DistrictId, sheet: ServiceRecordSheetId) -> String {
        let bytes = keyed_hash(&self.key, &[district.0.as_bytes(), sheet.0.as_bytes()]);
        // 256 is a multiple of 32: each symbol is as likely as the other.
        let symbols = bytes.iter().take(LENGTH).filter_map(|b| SYMBOLS.get(usize::from(b % 32)));
        let mut code = String::new();
        for (at, symbol) in symbols.enumerate() {
            if at > 0 && at % 5 == 0 {
                code.push('-');
            }
            code.push(char::from(symbol.to_ascii_uppercase()));
        }
        code
    }

    /// The digest of a code as people type it; none of what can't be one.
    pub fn hash(code: &str) -> Option<SecretHash> {
        let typed = code.chars().take(64).filter(|c| !matches!(c, '-' | ' ' | '－'));
        let plain: String = typed.map(|c| c.to_ascii_lowercase()).collect();
        let ours = plain.len() == LENGTH && plain.bytes().all(|b| SYMBOLS.contains(&b));
        ours.then(|| SecretHash(Sha256::digest(plain.as_bytes()).into()))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::auth::random::Randomness;

    #[test]
    fn a_code_is_of_one_sheet_and_read_as_it_is_typed() {
        let codes = LookUpCodes::new(&MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap());
        let (district, sheet) = (DistrictId(Uuid::from_u128(1)), ServiceRecordSheetId(Uuid::from_u128(2)));
        let code = codes.code(district, sheet);
        assert_eq!(code.len(), LENGTH + 3);
        assert_eq!(code, codes.code(district, sheet));
        assert_ne!(code, codes.code(district, ServiceRecordSheetId(Uuid::from_u128(3))));
        let hash = LookUpCodes::hash(&code).unwrap();
        assert_eq!(LookUpCodes::hash(&code.to_lowercase().replace('-', " ")), Some(hash));
        for bad in ["", "ABCDE", &code[1..], &format!("{code}A"), &"长".repeat(20), &"A".repeat(1_000_000)] {
            assert_eq!(LookUpCodes::hash(bad), None, "{bad:.40}");
        }
    }
}
