//! Signing in: passwords, one-time codes, the second factor, sessions, and what is refused.
//! Hashes, random values and the matched steps of a code are made outside and passed in.

mod event;
mod lockout;
mod one_time_code;
mod password;
mod predictable;
mod second_factor;
mod session;
mod sign_in;
mod wechat;

pub use event::IdentityEvent;
pub use lockout::{LONGEST_LOCK, Lockout};
pub use one_time_code::{CODE_ATTEMPTS, OneTimeCode, OneTimeCodePurpose, OneTimeCodeRefusal, RESEND_AFTER};
pub use password::{LONGEST_PASSWORD, PasswordRefusal, check_password, password_due};
pub use second_factor::{
    ENROLMENT_LASTS, RECOVERY_CODES, RecoveryCode, SecondFactor, SecondFactorRefusal, SecondFactorState,
};
pub use session::{
    NewSession, RETRY_WITHIN, Revocation, RevocationReason, Rotation, Session, SessionRefusal,
};
pub use sign_in::{Candidate, Findings, Proof, SecondProof, SignIn, SignInRefusal, SignedIn, decide, gate};
pub use wechat::{Binding, BindingCode, WeChatBinding, WeChatIdentity, bind, owner};

/// A digest of a secret that the holder keeps: SHA-256 of a token, keyed hash of a short code.
/// Tokens are long and codes keyed, so that comparing digests byte by byte tells nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    /// Reads a stored digest.
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

// Not even a digest belongs into a log.
impl std::fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretHash(…)")
    }
}
