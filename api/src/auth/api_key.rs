//! What opens a grant: `zhb_` (a person's token) or `zhc_` (a client's secret), 30 random characters and 6 that
//! check them, so that a mistyped or invented one is turned away without the database, and so that scanners of
//! published code know one when they see it.

use sha2::{Digest, Sha256};
use zhibu_domain::{identity::SecretHash, token::GrantKind};

use super::random::Randomness;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX: usize = 4;
const RANDOM: usize = 30;
const CHECK: usize = 6;
/// Letters by which people know one again.
const TAIL: usize = 4;

/// A new one: it is shown once.
pub struct IssuedKey {
    /// For whoever is to use it.
    pub text: String,
    /// For the database.
    pub hash: SecretHash,
    /// Its last letters.
    pub tail: String,
}

fn prefix(kind: GrantKind) -> &'static str {
    match kind {
        GrantKind::Personal => "zhb_",
        GrantKind::Client => "zhc_",
    }
}

fn letter(n: u32) -> char {
    ALPHABET.get(n as usize).copied().map_or('0', char::from)
}

/// CRC-32 of prefix and random part, base 62, led by zeros.
fn check(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut letters = ['0'; CHECK];
    for place in letters.iter_mut().rev() {
        *place = letter(rest % 62);
        rest /= 62;
    }
    letters.iter().collect()
}

/// Draws one.
pub fn draw(kind: GrantKind, random: &Randomness) -> IssuedKey {
    let mut text = prefix(kind).to_owned();
    text.extend((0..RANDOM).map(|_| letter(random.below(62))));
    let check = check(&text);
    text.push_str(&check);
    let tail = text.get(text.len() - TAIL..).unwrap_or_default().to_owned();
    IssuedKey { hash: digest(&text), tail, text }
}

/// The digest of one that has the right form; 178 random bits need no slower hash.
pub fn read(kind: GrantKind, text: &str) -> Option<SecretHash> {
    let (body, checked) = text.split_at_checked(PREFIX + RANDOM)?;
    let ours = body.starts_with(prefix(kind)) && check(body) == checked;
    ours.then(|| digest(text))
}

/// Whether a bearer means to be a person's token, not a JWT.
pub fn is_personal(text: &str) -> bool {
    text.starts_with(prefix(GrantKind::Personal))
}

fn digest(text: &str) -> SecretHash {
    SecretHash(Sha256::digest(text).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_form() {
        assert_eq!(check("zhb_0123456789ABCDEFGHIJKLMNOPQRST"), "4AkSgm");
        for kind in [GrantKind::Personal, GrantKind::Client] {
            let issued = draw(kind, &Randomness);
            assert_eq!(issued.text.len(), 40);
            assert!(issued.text.ends_with(&issued.tail) && issued.tail.len() == 4);
            assert_eq!(read(kind, &issued.text), Some(issued.hash));
            assert!(draw(kind, &Randomness).hash != issued.hash);
            let other = if kind == GrantKind::Client { GrantKind::Personal } else { GrantKind::Client };
            assert_eq!(read(other, &issued.text), None);
            for at in 0..issued.text.len() {
                let mut typed = issued.text.clone().into_bytes();
                typed[at] = if typed[at] == b'A' { b'B' } else { b'A' };
                assert_eq!(read(kind, std::str::from_utf8(&typed).unwrap()), None, "{at}");
            }
            for bad in ["", "zhb_", "zhb_é", &issued.text[1..], &format!("{}A", issued.text), &"é".repeat(99)]
            {
                assert_eq!(read(kind, bad), None);
            }
        }
    }
}
