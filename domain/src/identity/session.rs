use chrono::{DateTime, Duration, Utc};

use super::SecretHash;
use crate::{
    id::{AccountId, SessionId},
    rule::{RuleKey, Rules},
    vocabulary,
};

/// How long after a rotation the token before it may be presented once more.
pub const RETRY_WITHIN: Duration = Duration::seconds(10);

vocabulary! {
    /// Why a session ended.
    pub enum RevocationReason {
        /// Its holder signed out on the device.
        SignedOut = "SIGNED_OUT" => "已退出登录", "Signed out";
        /// Its holder ended it from another device, or an administrator did.
        Revoked = "REVOKED" => "已被终止", "Ended from elsewhere";
        /// A refresh token that had been used was presented again: somebody else may hold a copy.
        ReuseDetected = "REUSE_DETECTED" => "登录凭证被重复使用", "A used token was presented again";
        /// The password was changed.
        PasswordChanged = "PASSWORD_CHANGED" => "密码已修改", "The password was changed";
        /// It wasn't used for too long.
        Expired = "EXPIRED" => "长时间未使用", "Not used for too long";
        /// The WeChat account by which it began is bound no longer.
        Unbound = "UNBOUND" => "微信已解绑", "WeChat was unbound";
    }
}

vocabulary! {
    /// Why a session wasn't continued.
    pub refusal enum SessionRefusal {
        /// The token is none of ours, or its session is gone.
        UnknownToken = "UNKNOWN_TOKEN" => "登录凭证无效，请重新登录。", "The token isn't valid; please sign in again.";
        /// The session was ended.
        Ended = "ENDED" => "本次登录已被终止，请重新登录。", "The session has been ended; please sign in again.";
        /// The session wasn't used for too long.
        Expired = "EXPIRED" => "长时间未使用，请重新登录。", "The session was idle for too long; please sign in again.";
        /// The token had been used before: the session is ended, as somebody else may hold a copy.
        ReuseDetected = "REUSE_DETECTED" => "登录凭证已被使用过，为安全起见请重新登录；如非本人操作，请修改密码。", "The token had been used before; please sign in again, and change the password if that wasn't you.";
    }
}

/// The end of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: RevocationReason,
}

/// One sign-in on one device, continued by refresh tokens of which each is used once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// Signed in at.
    pub created_at: DateTime<Utc>,
    /// Last continued at.
    pub last_used_at: DateTime<Utc>,
    /// Ends at, unless continued before.
    pub expires_at: DateTime<Utc>,
    /// What the holder calls the device, or what it calls itself.
    pub device_label: Option<String>,
    /// Whether it began with the password, else with a one-time code: only who knows a password
    /// is asked to change it.
    pub by_password: bool,
    /// The mini-program by which it began, if it was one.
    pub mini_program: Option<String>,
    /// When the second factor was proved.
    pub second_factor_at: Option<DateTime<Utc>>,
    /// Its end, if it was ended.
    pub revoked: Option<Revocation>,
    /// Digest of the token that continues it.
    pub refresh: SecretHash,
    /// Digest of the token that was exchanged for the present one.
    pub previous: Option<SecretHash>,
    /// When that token was first exchanged.
    pub rotated_at: DateTime<Utc>,
    /// Counts the rotations.
    pub generation: i32,
}

/// What a new session is made of.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Identity.
    pub id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// Name of the device.
    pub device_label: Option<String>,
    /// Whether it begins with the password.
    pub by_password: bool,
    /// The mini-program by which it begins.
    pub mini_program: Option<String>,
    /// Whether the second factor was proved at sign-in.
    pub second_factor: bool,
    /// Digest of the first refresh token.
    pub refresh: SecretHash,
}

/// What came of presenting a refresh token. The session is to be saved in either case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The new token continues the session.
    Continued {
        /// After.
        session: Session,
        /// Whether the answer before this one had been lost on the way.
        retry: bool,
    },
    /// The session isn't continued.
    Refused {
        /// After: now ended, if it wasn't before.
        session: Session,
        /// Why.
        refusal: SessionRefusal,
    },
}

impl NewSession {
    /// Opens the session.
    pub fn open(self, holds_post: bool, now: DateTime<Utc>, rules: &Rules) -> Session {
        Session {
            id: self.id,
            account_id: self.account_id,
            created_at: now,
            last_used_at: now,
            expires_at: now + idle(holds_post, rules),
            device_label: self.device_label,
            by_password: self.by_password,
            mini_program: self.mini_program,
            second_factor_at: self.second_factor.then_some(now),
            revoked: None,
            refresh: self.refresh,
            previous: None,
            rotated_at: now,
            generation: 0,
        }
    }
}

impl Session {
    /// Whether the session still runs. Access tokens of one that doesn't are void at once.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.revoked.is_none() && now < self.expires_at
    }

    /// Presents a refresh token and offers the next one (RFC 9700, section 4.14).
    ///
    /// `presented` is the digest of a token **that we issued for this session**: the shell sees
    /// that by its seal. So whatever isn't the present token has been used before, be it of the
    /// last rotation or of a hundred ago; two parties hold the chain, and it ends for both.
    ///
    /// One exception: on a bad link the answer with the new token gets lost, and the app presents
    /// the old one again. Within [`RETRY_WITHIN`] of the *first* exchange the token just exchanged
    /// is taken once more and the lost token becomes void. A thief gains no lasting chain by this:
    /// if he slips in during those seconds, the rightful holder's token is the void one, and
    /// presenting it ends the session. An app must not refresh twice in parallel.
    pub fn rotate(
        mut self,
        presented: SecretHash,
        new: SecretHash,
        holds_post: bool,
        now: DateTime<Utc>,
        rules: &Rules,
    ) -> Rotation {
        if self.revoked.is_some() {
            return Rotation::Refused { session: self, refusal: SessionRefusal::Ended };
        }
        let current = presented == self.refresh;
        let retry = !current && self.previous == Some(presented) && now - self.rotated_at <= RETRY_WITHIN;
        if !current && !retry {
            let session = self.revoke(RevocationReason::ReuseDetected, now);
            return Rotation::Refused { session, refusal: SessionRefusal::ReuseDetected };
        }
        let idle = idle(holds_post, rules);
        // Who was given a post since the last use has the shorter time from then on.
        if now >= self.expires_at.min(self.last_used_at + idle) {
            let session = self.revoke(RevocationReason::Expired, now);
            return Rotation::Refused { session, refusal: SessionRefusal::Expired };
        }
        if current {
            self.previous = Some(self.refresh);
            self.rotated_at = now;
        }
        Rotation::Continued { session: self.continued(new, idle, now), retry }
    }

    /// Gives the holder, who has just proved more than a refresh token does, the next one: what
    /// the tokens say has changed (the password, the second factor).
    pub fn renew(mut self, new: SecretHash, holds_post: bool, now: DateTime<Utc>, rules: &Rules) -> Self {
        self.previous = Some(self.refresh);
        self.rotated_at = now;
        self.continued(new, idle(holds_post, rules), now)
    }

    fn continued(mut self, new: SecretHash, idle: Duration, now: DateTime<Utc>) -> Self {
        self.refresh = new;
        self.generation = self.generation.saturating_add(1);
        self.last_used_at = self.last_used_at.max(now);
        self.expires_at = now + idle;
        self
    }

    /// Ends the session. The first end stands.
    pub fn revoke(mut self, reason: RevocationReason, now: DateTime<Utc>) -> Self {
        self.revoked = self.revoked.or(Some(Revocation { at: now, reason }));
        self
    }

    /// Notes that the second factor was proved.
    pub fn second_factor_proved(mut self, now: DateTime<Utc>) -> Self {
        self.second_factor_at = Some(now);
        self
    }
}

fn idle(holds_post: bool, rules: &Rules) -> Duration {
    if holds_post {
        rules.minutes(RuleKey::PostSessionIdleMinutes)
    } else {
        Duration::days(rules.get(RuleKey::SessionIdleDays))
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
