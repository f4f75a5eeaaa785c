use async_graphql::{InputObject, OneofObject};
use sha2::{Digest, Sha256};
use zhibu_domain::{
    id::{PartyMemberId, PostId, SessionId, WeChatBindingId},
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

/// What `wx.login` has given.
#[derive(InputObject)]
pub struct SignInByWeChatInput {
    /// The code: once, within five minutes.
    pub code: String,
    /// The mini-program's AppID (`wx.getAccountInfoSync`).
    pub app_id: String,
    /// The district's code; may be left out where the server has one district, or a default.
    pub district: Option<String>,
    /// How the session list names this device, up to 100 characters; the `User-Agent` where absent.
    pub device_label: Option<String>,
}

/// Whose account a WeChat account is: exactly one of the two codes.
#[derive(InputObject)]
pub struct BindWeChatInput {
    /// The ticket that `signInByWeChat` has answered, within ten minutes.
    pub binding_ticket: String,
    /// The code of `getPhoneNumber`; it must be of the same WeChat account.
    pub phone_code: Option<String>,
    /// The code that the branch has issued by `issueBindingCode`; capitals, dashes and spaces don't matter.
    pub branch_code: Option<String>,
    /// How the session list names this device, up to 100 characters; the `User-Agent` where absent.
    pub device_label: Option<String>,
}

/// The WeChat account that is to be bound to the caller's account.
#[derive(InputObject)]
pub struct LinkWeChatInput {
    /// A fresh code of `wx.login`.
    pub code: String,
    /// The mini-program's AppID.
    pub app_id: String,
    /// Whether it is taken from the account that it is bound to: for a person who has two accounts. The
    /// binding moves with the consents to messages, and nothing else does.
    #[graphql(default)]
    pub move_from_other: bool,
}

/// One of the caller's bindings.
#[derive(InputObject)]
pub struct UnbindWeChatInput {
    /// Which.
    pub id: GlobalId<WeChatBindingId>,
}

/// For whom a binding code is issued.
#[derive(InputObject)]
pub struct IssueBindingCodeInput {
    /// The member.
    pub member_id: GlobalId<PartyMemberId>,
}
