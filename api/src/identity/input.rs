use async_graphql::{InputObject, OneofObject};
use sha2::{Digest, Sha256};
use zhibu_domain::{
    id::{PartyMemberId, PostId, SessionId},
    identity::OneTimeCodePurpose,
    member::PhoneNumber,
};

use super::ops::{initial::Recipient, sign_in::Entrant};
use crate::graphql::{GlobalId, Phone, Term};

/// The number, or, in place of text that isn't one, a number that nobody has: what is refused then
/// can't be told from a wrong password or a wrong code, in words, in work and in locks.
pub(super) fn claimed(phone: &Phone) -> PhoneNumber {
    let nobodys = || {
        let digest = Sha256::digest(phone.typed().trim().as_bytes());
        PhoneNumber::from_stored(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    };
    phone.number().unwrap_or_else(nobodys)
}

/// Phone number and password.
#[derive(InputObject)]
pub struct SignInInput {
    /// The number.
    pub phone: Phone,
    /// The password.
    pub password: String,
    /// The district's code; may be left out where the server has one district, or a default.
    pub district: Option<String>,
    /// The authenticator's six digits, or a recovery code. It can be proved later as well, by
    /// `proveSecondFactor`; until then the rights of posts sleep.
    pub second_factor: Option<String>,
    /// How the session list names this device, up to 100 characters; the `User-Agent` where absent.
    pub device_label: Option<String>,
}

impl SignInInput {
    pub(super) fn parts(self) -> (Entrant, String) {
        let entrant = Entrant {
            phone: claimed(&self.phone),
            district: self.district,
            second_factor: self.second_factor,
            device_label: self.device_label,
        };
        (entrant, self.password)
    }
}

/// Phone number and one-time code.
#[derive(InputObject)]
pub struct SignInWithOneTimeCodeInput {
    /// The number.
    pub phone: Phone,
    /// The six digits, of a code for `SIGN_IN`.
    pub code: String,
    /// The district's code; may be left out where the server has one district, or a default.
    pub district: Option<String>,
    /// The authenticator's six digits, or a recovery code.
    pub second_factor: Option<String>,
    /// How the session list names this device, up to 100 characters; the `User-Agent` where absent.
    pub device_label: Option<String>,
}

impl SignInWithOneTimeCodeInput {
    pub(super) fn parts(self) -> (Entrant, String) {
        let entrant = Entrant {
            phone: claimed(&self.phone),
            district: self.district,
            second_factor: self.second_factor,
            device_label: self.device_label,
        };
        (entrant, self.code)
    }
}

/// Where a code is to be sent, and what for.
#[derive(InputObject)]
pub struct RequestOneTimeCodeInput {
    /// The number.
    pub phone: Phone,
    /// The district's code; may be left out where the server has one district, or a default.
    pub district: Option<String>,
    /// What for: a code serves for nothing else.
    pub purpose: Term<OneTimeCodePurpose>,
}

/// A new password, and the code that allows it.
#[derive(InputObject)]
pub struct ResetPasswordInput {
    /// The number.
    pub phone: Phone,
    /// The six digits, of a code for `RESET_PASSWORD`.
    pub code: String,
    /// The new password.
    pub new_password: String,
    /// The district's code; may be left out where the server has one district, or a default.
    pub district: Option<String>,
}

/// A refresh token.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// As the last answer gave it.
    pub refresh_token: String,
}

/// One of the own sessions.
#[derive(InputObject)]
pub struct RevokeSessionInput {
    /// Which.
    pub id: GlobalId<SessionId>,
}

/// The current and the new password.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The current password.
    pub current_password: String,
    /// The new password; the rules of the district say how long and mixed it must be.
    pub new_password: String,
}

/// A first password.
#[derive(InputObject)]
pub struct SetPasswordInput {
    /// The password.
    pub new_password: String,
}

/// The first code of an authenticator.
#[derive(InputObject)]
pub struct ConfirmSecondFactorInput {
    /// The six digits.
    pub code: String,
}

/// A proof of the second factor.
#[derive(InputObject)]
pub struct SecondFactorInput {
    /// The authenticator's six digits, or a recovery code.
    pub code: String,
}

/// For whom an initial password is issued, who must have a phone number: exactly one of the two.
#[derive(OneofObject)]
pub enum IssueInitialPasswordInput {
    /// A member.
    MemberId(GlobalId<PartyMemberId>),
    /// Whoever holds this post, a member or not.
    PostId(GlobalId<PostId>),
}

impl From<IssueInitialPasswordInput> for Recipient {
    fn from(input: IssueInitialPasswordInput) -> Self {
        match input {
            IssueInitialPasswordInput::MemberId(id) => Self::Member(id.0),
            IssueInitialPasswordInput::PostId(id) => Self::Holder(id.0),
        }
    }
}
