use chrono::{DateTime, Utc};

use super::{Lockout, OneTimeCodeRefusal, SecondFactorRefusal, password_due};
use crate::{id::AccountId, rule::Rules, vocabulary};

vocabulary! {
    /// Why nobody was signed in.
    pub refusal enum SignInRefusal {
        /// Phone number or password is wrong: the same for an unknown number and an account that
        /// has no password.
        BadCredentials = "BAD_CREDENTIALS" => "手机号或密码不正确。", "The phone number or password is wrong.";
        /// The one-time code is wrong, too old, spent, or was never sent.
        CodeWrong = "CODE_WRONG" => "验证码不正确或已失效，请核对或重新获取。", "The code is wrong or no longer valid.";
        /// Too many failures with this number. Unknown numbers lock as well.
        Locked = "LOCKED" => "尝试次数过多，已暂时锁定，请稍后再试。", "Too many failures; please try again later.";
        /// Too many failures from this network address.
        TooManyFromAddress = "TOO_MANY_FROM_ADDRESS" => "当前网络尝试次数过多，请稍后再试。", "Too many failures from this network; please try again later.";
        /// The first proof holds; the authenticator's code or the recovery code doesn't.
        SecondFactorWrong = "SECOND_FACTOR_WRONG" => "动态口令不正确。", "The second factor is wrong.";
        /// The server has several districts: name one, by a code that it knows.
        DistrictRequired = "DISTRICT_REQUIRED" => "请选择所在区县。", "Name your district.";
        /// The mini-program isn't the one that this server knows.
        UnknownMiniProgram = "UNKNOWN_MINI_PROGRAM" => "本服务未接入该小程序。", "This server doesn't know this mini-program.";
        /// WeChat doesn't take the code of `wx.login`: it is forged, used, older than five minutes, or of
        /// another mini-program. Call `wx.login` again.
        WeChatCodeWrong = "WECHAT_CODE_WRONG" => "微信登录凭证无效或已过期，请重新登录。", "WeChat's code isn't valid any more; please sign in again.";
        /// WeChat keeps this user from signing in: it sees a risk. There are other ways in.
        WeChatBlocked = "WECHAT_BLOCKED" => "微信限制了此次登录，请改用手机号登录。", "WeChat has blocked this sign-in; please use your phone number.";
        /// The binding ticket is forged, or older than ten minutes. Sign in by WeChat again.
        BindingTicketExpired = "BINDING_TICKET_EXPIRED" => "绑定已超时，请重新进入小程序。", "The time to bind has run out; please open the mini-program again.";
        /// Neither WeChat's phone number nor the code of the branch tells whose account it is: the code is
        /// wrong, used or too old, or nobody has the number.
        BindingRefused = "BINDING_REFUSED" => "未能核实身份：授权码无效或已过期，或该手机号不在名册中，请联系所在支部。", "Who you are couldn't be verified: the code isn't valid, or the number isn't on the roster. Please ask your branch.";
        /// The WeChat account is bound to somebody else's account.
        WeChatBoundElsewhere = "WECHAT_BOUND_ELSEWHERE" => "该微信已绑定其他账号。", "This WeChat account is bound to another account.";
    }
}

/// How a person proves to be who they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By password: whether the hash accepted it. For nobody's account a hash of equal cost ran.
    Password(bool),
    /// By one-time code: what became of the attempt.
    Code(Result<(), OneTimeCodeRefusal>),
}

/// What came of the second proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondProof {
    /// None was offered: the session begins without, and the rights of posts sleep.
    NotOffered,
    /// One was offered.
    Offered(Result<(), SecondFactorRefusal>),
}

/// The account that the number and the district point to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Identity.
    pub account_id: AccountId,
    /// When its holder last chose the password; `None` while it is the initial one.
    pub password_changed_at: Option<DateTime<Utc>>,
    /// Whether its holder has a post.
    pub holds_post: bool,
}

/// What was found out about an attempt to sign in.
#[derive(Clone, Debug)]
pub struct Findings {
    /// Whether the address has failed too often.
    pub address_blocked: bool,
    /// Failures with this number, known or not.
    pub lockout: Lockout,
    /// Failures of the second factor. Counted apart: else signing in without one, by a stolen
    /// password, would wipe the count between guesses.
    pub second_lockout: Lockout,
    /// The account, if there is one.
    pub candidate: Option<Candidate>,
    /// The first proof.
    pub proof: Proof,
    /// The second.
    pub second_proof: SecondProof,
}

/// Who was signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub account_id: AccountId,
    /// Whether the second factor was proved.
    pub second_factor: bool,
    /// Whether nothing but changing the password is allowed.
    pub password_change_due: bool,
}

/// What came of an attempt. Both counts are to be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Failures with this number, after.
    pub lockout: Lockout,
    /// Failures of the second factor, after.
    pub second_lockout: Lockout,
    /// Who, or why not.
    pub outcome: Result<SignedIn, SignInRefusal>,
}

impl SignIn {
    /// Whether the attempt counts against the address.
    pub fn counts_against_address(&self) -> bool {
        use SignInRefusal::*;
        matches!(self.outcome, Err(BadCredentials | CodeWrong | SecondFactorWrong))
    }
}

/// Whether an attempt is examined at all: asked before the costly proof.
pub fn gate(address_blocked: bool, lockout: &Lockout, now: DateTime<Utc>) -> Result<(), SignInRefusal> {
    if address_blocked {
        return Err(SignInRefusal::TooManyFromAddress);
    }
    lockout.check(now).map_err(|_| SignInRefusal::Locked)
}

/// Decides an attempt. The gate is asked again with the counts as they are now, so that guesses
/// made in parallel don't slip through a lock that the first of them brought.
pub fn decide(found: Findings, now: DateTime<Utc>, rules: &Rules) -> SignIn {
    let (lockout, second_lockout) = (found.lockout, found.second_lockout);
    let refuse = |lockout, second_lockout, why| SignIn { lockout, second_lockout, outcome: Err(why) };
    if let Err(why) = gate(found.address_blocked, &lockout, now) {
        return refuse(lockout, second_lockout, why);
    }
    let (proved, why) = match found.proof {
        Proof::Password(right) => (right, SignInRefusal::BadCredentials),
        Proof::Code(outcome) => (outcome.is_ok(), SignInRefusal::CodeWrong),
    };
    let Some(account) = found.candidate.filter(|_| proved) else {
        return refuse(lockout.failed(now, rules), second_lockout, why);
    };
    let lockout = lockout.succeeded();
    let (second_lockout, second_factor) = match found.second_proof {
        SecondProof::NotOffered => (second_lockout, false),
        SecondProof::Offered(_) if second_lockout.check(now).is_err() => {
            return refuse(lockout, second_lockout, SignInRefusal::Locked);
        }
        SecondProof::Offered(Err(_)) => {
            let failed = second_lockout.failed(now, rules);
            return refuse(lockout, failed, SignInRefusal::SecondFactorWrong);
        }
        SecondProof::Offered(Ok(())) => (second_lockout.succeeded(), true),
    };
    let by_password = matches!(found.proof, Proof::Password(_));
    // Who came by a code may have no password at all, and is asked to choose none.
    let password_change_due =
        by_password && password_due(account.password_changed_at, account.holds_post, now, rules);
    let signed_in = SignedIn { account_id: account.account_id, second_factor, password_change_due };
    SignIn { lockout, second_lockout, outcome: Ok(signed_in) }
}

#[cfg(test)]
#[path = "sign_in_tests.rs"]
mod tests;
