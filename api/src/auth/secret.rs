//! The one secret that all others are derived from.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    path::Path,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Fewest bytes of a master key.
pub const SHORTEST_KEY: usize = 32;

/// Longest key file that is read.
const LONGEST_FILE: u64 = 4_096;

/// Why there is no master key. None of these shows any of it.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Too short.
    #[error("the master key has fewer than {SHORTEST_KEY} bytes")]
    TooShort,
    /// Neither hexadecimal nor base64.
    #[error("the master key is neither hexadecimal nor base64")]
    NotText,
    /// One byte repeated, as in a placeholder.
    #[error("the master key is a placeholder, not a random key")]
    Placeholder,
    /// Others may read the file.
    #[error("the key file can be read by others: its mode must be 0600")]
    Exposed,
    /// The file can't be read or written.
    #[error("the key file: {0}")]
    Io(#[from] std::io::Error),
}

/// The master key. Whoever has it can sign tokens and read the second factors' secrets; when it
/// is lost or replaced, everybody signs in anew and sets up the second factor again.
#[derive(Clone)]
pub struct MasterKey(Box<[u8]>);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// A key from random bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() < SHORTEST_KEY {
            return Err(KeyError::TooShort);
        }
        if bytes.iter().all(|b| Some(b) == bytes.first()) {
            return Err(KeyError::Placeholder);
        }
        Ok(Self(bytes.into()))
    }

    /// A key from configuration: hexadecimal or base64.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let bytes = from_hex(text)
            .or_else(|| STANDARD.decode(text).ok())
            .or_else(|| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok())
            .ok_or(KeyError::NotText)?;
        Self::from_bytes(&bytes)
    }

    /// Reads the key file at `path`; where there is none, writes `fresh` into a new one that
    /// nobody but its owner can read.
    pub fn load_or_create(path: &Path, fresh: [u8; 32]) -> Result<Self, KeyError> {
        match create_private(path) {
            Ok(mut file) => {
                let key = Self::from_bytes(&fresh)?;
                let written = writeln!(file, "{}", STANDARD.encode(fresh)).and_then(|()| file.sync_all());
                if let Err(error) = written {
                    // Half a key would keep every later start from working.
                    std::fs::remove_file(path)?;
                    return Err(error.into());
                }
                Ok(key)
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let mut text = String::new();
                let file = File::open(path)?;
                if exposed(&file)? {
                    return Err(KeyError::Exposed);
                }
                file.take(LONGEST_FILE).read_to_string(&mut text)?;
                Self::from_text(&text)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A key for one use: `label` names the use, `context` tells its instances apart.
    pub fn derive(&self, label: &str, context: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        // The zero byte keeps ("a", "bc") and ("ab", "c") apart: no label holds one.
        let info = [label.as_bytes(), b"\0", context].concat();
        // Fails only for more than 255 blocks of output; this is one.
        let expanded = Hkdf::<Sha256>::new(Some(b"zhibu"), &self.0).expand(&info, &mut out);
        debug_assert!(expanded.is_ok());
        out
    }
}

/// HMAC-SHA256 over parts, each preceded by its length.
pub(super) fn keyed_hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    over(key, parts).finalize().into_bytes().into()
}

/// Whether the hash over `parts` begins with `start`; the time it takes doesn't tell where it
/// differs.
pub(super) fn is_keyed_hash(key: &[u8; 32], parts: &[&[u8]], start: &[u8]) -> bool {
    over(key, parts).verify_truncated_left(start).is_ok()
}

fn over(key: &[u8; 32], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = keyed(key);
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

/// An HMAC over nothing yet.
fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // Padded to the hash's block, which every HMAC key of this length is.
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    Hmac::<Sha256>::new(&block.into())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn exposed(file: &File) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn exposed(_: &File) -> std::io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::random::Randomness;

    #[test]
    fn reads_hexadecimal_and_base64_and_refuses_the_rest() {
        let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        let bytes: Vec<u8> = (0..32).collect();
        let same = |text: &str| MasterKey::from_text(text).unwrap().derive("a", b"");
        assert_eq!(same(hex), same(&STANDARD.encode(&bytes)));
        assert_eq!(same(hex), MasterKey::from_bytes(&bytes).unwrap().derive("a", b""));
        assert!(matches!(MasterKey::from_text("c2hvcnQ="), Err(KeyError::TooShort)));
        assert!(matches!(MasterKey::from_text("not a key!"), Err(KeyError::NotText)));
        assert!(matches!(MasterKey::from_text(&"00".repeat(32)), Err(KeyError::Placeholder)));
    }

    #[test]
    fn derived_keys_differ_and_the_master_key_is_never_shown() {
        let key = MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap();
        assert_ne!(key.derive("a", b"1"), key.derive("a", b"2"));
        assert_ne!(key.derive("a", b"1"), key.derive("b", b"1"));
        assert_eq!(format!("{key:?}"), "MasterKey(…)");
        let hash = |parts: &[&[u8]]| keyed_hash(&[1; 32], parts);
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    }

    #[test]
    fn hmac_is_the_standards() {
        // RFC 4231, test case 2 has a short key; ours is padded to 32 bytes, which changes nothing.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let mut mac = keyed(&key);
        mac.update(b"what do ya want for nothing?");
        let digest: [u8; 32] = mac.finalize().into_bytes().into();
        assert_eq!(digest[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_is_private_and_stays() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(Randomness.id(chrono::DateTime::UNIX_EPOCH).to_string());
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("master.key");
        let first = MasterKey::load_or_create(&path, Randomness.bytes()).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = MasterKey::load_or_create(&path, Randomness.bytes()).unwrap();
        assert_eq!(first.derive("a", b""), again.derive("a", b""));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let exposed = MasterKey::load_or_create(&path, Randomness.bytes());
        assert!(matches!(exposed, Err(KeyError::Exposed)));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
