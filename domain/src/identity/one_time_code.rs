use chrono::{DateTime, Duration, Utc};

use super::SecretHash;
use crate::{
    rule::{RuleKey, Rules},
    vocabulary,
};

/// How often one code may be tried.
pub const CODE_ATTEMPTS: i32 = 5;

/// How soon another code may be sent to the same number.
pub const RESEND_AFTER: Duration = Duration::seconds(60);

vocabulary! {
    /// What a one-time code is for.
    pub enum OneTimeCodePurpose {
        /// Signing in without a password.
        SignIn = "SIGN_IN" => "登录", "Signing in";
        /// Choosing a new password.
        ResetPassword = "RESET_PASSWORD" => "重置密码", "Resetting the password";
    }
}

vocabulary! {
    /// Why a one-time code wasn't sent or accepted. Codes are kept for unknown numbers as well,
    /// so that none of these tells whether somebody has the number.
    pub refusal enum OneTimeCodeRefusal {
        /// Another code went to this number less than a minute ago.
        TooSoon = "TOO_SOON" => "验证码已发送，请一分钟后再试。", "A code was sent; try again in a minute.";
        /// The code isn't the one that was sent.
        Wrong = "WRONG" => "验证码不正确。", "The code is wrong.";
        /// The code is too old.
        Expired = "EXPIRED" => "验证码已过期，请重新获取。", "The code has expired; ask for another.";
        /// The code was tried five times.
        TooManyAttempts = "TOO_MANY_ATTEMPTS" => "验证码错误次数过多，请重新获取。", "Too many wrong tries; ask for another code.";
        /// The code was used already.
        AlreadyUsed = "ALREADY_USED" => "验证码已使用，请重新获取。", "The code was used already; ask for another.";
        /// The phone number isn't a mobile number.
        BadPhone = "BAD_PHONE" => "手机号码无效。", "This is not a mobile number.";
        /// The server has several districts: name one, by a code that it knows.
        DistrictRequired = "DISTRICT_REQUIRED" => "请选择所在区县。", "Name your district.";
    }
}

/// Six digits sent to a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimeCode {
    /// What for.
    pub purpose: OneTimeCodePurpose,
    /// Keyed digest of number, purpose and digits.
    pub hash: SecretHash,
    /// Sent at.
    pub sent_at: DateTime<Utc>,
    /// Valid until.
    pub expires_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: i32,
    /// Used at.
    pub used_at: Option<DateTime<Utc>>,
}

impl OneTimeCode {
    /// A new code in place of `last`, the latest one of the same number and purpose.
    pub fn send(
        last: Option<&Self>,
        purpose: OneTimeCodePurpose,
        hash: SecretHash,
        now: DateTime<Utc>,
        rules: &Rules,
    ) -> Result<Self, OneTimeCodeRefusal> {
        if last.is_some_and(|code| now - code.sent_at < RESEND_AFTER) {
            return Err(OneTimeCodeRefusal::TooSoon);
        }
        let expires_at = now + rules.minutes(RuleKey::OneTimeCodeMinutes);
        Ok(Self { purpose, hash, sent_at: now, expires_at, attempts: 0, used_at: None })
    }

    /// Tries a code. The attempt is counted, so the code after it is to be saved in either case.
    pub fn attempt(
        mut self,
        purpose: OneTimeCodePurpose,
        presented: SecretHash,
        now: DateTime<Utc>,
    ) -> (Self, Result<(), OneTimeCodeRefusal>) {
        let refusal = if self.used_at.is_some() {
            Some(OneTimeCodeRefusal::AlreadyUsed)
        } else if now >= self.expires_at {
            Some(OneTimeCodeRefusal::Expired)
        } else if self.attempts >= CODE_ATTEMPTS {
            Some(OneTimeCodeRefusal::TooManyAttempts)
        } else if self.purpose != purpose || self.hash != presented {
            self.attempts += 1;
            Some(OneTimeCodeRefusal::Wrong)
        } else {
            self.attempts += 1;
            self.used_at = Some(now);
            None
        };
        (self, refusal.map_or(Ok(()), Err))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: SecretHash = SecretHash([1; 32]);
    const WRONG: SecretHash = SecretHash([2; 32]);
    const SIGN_IN: OneTimeCodePurpose = OneTimeCodePurpose::SignIn;

    fn code() -> OneTimeCode {
        OneTimeCode::send(None, SIGN_IN, RIGHT, DateTime::UNIX_EPOCH, &Rules::defaults()).unwrap()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::seconds(seconds)
    }

    #[test]
    fn works_once_for_its_purpose_while_it_is_valid() {
        let (used, outcome) = code().attempt(SIGN_IN, RIGHT, at(299));
        assert_eq!(outcome, Ok(()));
        assert_eq!(used.attempt(SIGN_IN, RIGHT, at(299)).1, Err(OneTimeCodeRefusal::AlreadyUsed));
        assert_eq!(code().attempt(SIGN_IN, RIGHT, at(300)).1, Err(OneTimeCodeRefusal::Expired));
        let reset = OneTimeCodePurpose::ResetPassword;
        assert_eq!(code().attempt(reset, RIGHT, at(1)).1, Err(OneTimeCodeRefusal::Wrong));
    }

    #[test]
    fn five_wrong_tries_spend_it() {
        let mut code = code();
        for _ in 0..CODE_ATTEMPTS {
            let (next, outcome) = code.attempt(SIGN_IN, WRONG, at(1));
            assert_eq!(outcome, Err(OneTimeCodeRefusal::Wrong));
            code = next;
        }
        assert_eq!(code.attempt(SIGN_IN, RIGHT, at(1)).1, Err(OneTimeCodeRefusal::TooManyAttempts));
    }

    #[test]
    fn another_is_sent_after_a_minute() {
        let send = |seconds| {
            OneTimeCode::send(Some(&code()), SIGN_IN, WRONG, at(seconds), &Rules::defaults())
                .map(|c| c.sent_at)
        };
        assert_eq!(send(59), Err(OneTimeCodeRefusal::TooSoon));
        assert_eq!(send(60), Ok(at(60)));
    }
}
