//! Authenticated encryption (XChaCha20-Poly1305) of what the database may hold but not tell:
//! nonce, then ciphertext.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use super::{random::Randomness, secret::MasterKey};

const NONCE: usize = 24;

/// Seals and opens for one use.
pub struct Envelope(XChaCha20Poly1305);

impl Envelope {
    /// The envelope of an installation for the use that `label` names.
    pub fn new(master: &MasterKey, label: &str) -> Self {
        Self(XChaCha20Poly1305::new(&master.derive(label, b"").into()))
    }

    /// Seals. `bound` isn't hidden: it is what the content belongs to, and must be named to open it.
    pub fn seal(&self, plain: &[u8], bound: &[u8], random: &Randomness) -> Option<Vec<u8>> {
        let nonce = random.bytes::<NONCE>();
        let payload = Payload { msg: plain, aad: bound };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Opens; `None` if damaged, bound to something else, or sealed with another master key.
    pub fn open(&self, sealed: &[u8], bound: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE>()?;
        self.0.decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: bound }).ok()
    }
}
