use chrono::{DateTime, Duration, Utc};

use super::SecretHash;
use crate::vocabulary;

/// How many recovery codes are handed out.
pub const RECOVERY_CODES: usize = 10;

/// How long an enrolment waits for its first code.
pub const ENROLMENT_LASTS: Duration = Duration::minutes(15);

vocabulary! {
    /// Why something about the second factor wasn't done.
    pub refusal enum SecondFactorRefusal {
        /// An authenticator is set up already.
        AlreadyActive = "ALREADY_ACTIVE" => "您已绑定动态口令，如需更换请先解绑。", "An authenticator is set up already; remove it first.";
        /// No authenticator is set up.
        NotEnrolled = "NOT_ENROLLED" => "您尚未绑定动态口令。", "No authenticator is set up.";
        /// The enrolment was begun more than a quarter of an hour ago.
        EnrolmentExpired = "ENROLMENT_EXPIRED" => "绑定已超时，请重新开始。", "The enrolment took too long; please start again.";
        /// The code is wrong.
        WrongCode = "WRONG_CODE" => "动态口令不正确，请核对手机时间后重试。", "The code is wrong; check your phone's clock.";
        /// The code was used already.
        CodeUsed = "CODE_USED" => "该动态口令已使用，请等待下一个。", "The code was used already; wait for the next one.";
        /// The recovery code is wrong.
        WrongRecoveryCode = "WRONG_RECOVERY_CODE" => "恢复码不正确。", "The recovery code is wrong.";
        /// The recovery code was used already.
        RecoveryCodeUsed = "RECOVERY_CODE_USED" => "该恢复码已使用。", "The recovery code was used already.";
        /// Too many wrong codes.
        Locked = "LOCKED" => "尝试次数过多，已暂时锁定，请稍后再试。", "Too many wrong codes; please try again later.";
        /// A post that is held asks for the second factor.
        Required = "REQUIRED" => "您担任的职务要求使用动态口令，不能解绑。", "A post that you hold asks for the second factor.";
    }
}

/// A code on paper that works once in place of the authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryCode {
    /// Keyed digest.
    pub hash: SecretHash,
    /// Used at.
    pub used_at: Option<DateTime<Utc>>,
}

/// How far the set-up has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactorState {
    /// The secret was shown; a first code is awaited.
    Pending {
        /// Begun at.
        since: DateTime<Utc>,
    },
    /// In use.
    Active {
        /// Confirmed at.
        since: DateTime<Utc>,
        /// Step of the code accepted last: none at or before it is accepted again.
        last_step: i64,
        /// Codes on paper.
        recovery: Vec<RecoveryCode>,
    },
}

/// A person's authenticator (TOTP, RFC 6238). Which step a code belongs to is found outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// The shared secret, encrypted.
    pub sealed_secret: Vec<u8>,
    /// How far the set-up has come.
    pub state: SecondFactorState,
}

impl SecondFactor {
    /// Begins a set-up. One that was never confirmed is replaced.
    pub fn enrol(
        existing: Option<&Self>,
        sealed_secret: Vec<u8>,
        now: DateTime<Utc>,
    ) -> Result<Self, SecondFactorRefusal> {
        if existing.is_some_and(Self::is_active) {
            return Err(SecondFactorRefusal::AlreadyActive);
        }
        Ok(Self { sealed_secret, state: SecondFactorState::Pending { since: now } })
    }

    /// Whether it is in use.
    pub fn is_active(&self) -> bool {
        matches!(self.state, SecondFactorState::Active { .. })
    }

    /// Recovery codes that are left.
    pub fn recovery_left(&self) -> usize {
        match &self.state {
            SecondFactorState::Pending { .. } => 0,
            SecondFactorState::Active { recovery, .. } => {
                recovery.iter().filter(|code| code.used_at.is_none()).count()
            }
        }
    }

    /// Ends the set-up with a first code. `step` is the step the code belongs to, if any.
    pub fn confirm(
        self,
        step: Option<i64>,
        recovery: Vec<SecretHash>,
        now: DateTime<Utc>,
    ) -> Result<Self, SecondFactorRefusal> {
        let SecondFactorState::Pending { since } = self.state else {
            return Err(SecondFactorRefusal::AlreadyActive);
        };
        if now - since >= ENROLMENT_LASTS {
            return Err(SecondFactorRefusal::EnrolmentExpired);
        }
        let last_step = step.ok_or(SecondFactorRefusal::WrongCode)?;
        let recovery = unused(recovery);
        Ok(Self { state: SecondFactorState::Active { since: now, last_step, recovery }, ..self })
    }

    /// Accepts a code of `step`. Each step is accepted once, and none before it after it.
    pub fn accept(mut self, step: Option<i64>) -> Result<Self, SecondFactorRefusal> {
        let SecondFactorState::Active { last_step, .. } = &mut self.state else {
            return Err(SecondFactorRefusal::NotEnrolled);
        };
        let step = step.ok_or(SecondFactorRefusal::WrongCode)?;
        if step <= *last_step {
            return Err(SecondFactorRefusal::CodeUsed);
        }
        *last_step = step;
        Ok(self)
    }

    /// Accepts a recovery code, once.
    pub fn recover(mut self, presented: SecretHash, now: DateTime<Utc>) -> Result<Self, SecondFactorRefusal> {
        let SecondFactorState::Active { recovery, .. } = &mut self.state else {
            return Err(SecondFactorRefusal::NotEnrolled);
        };
        let code = recovery.iter_mut().find(|code| code.hash == presented);
        let code = code.ok_or(SecondFactorRefusal::WrongRecoveryCode)?;
        if code.used_at.is_some() {
            return Err(SecondFactorRefusal::RecoveryCodeUsed);
        }
        code.used_at = Some(now);
        Ok(self)
    }

    /// Replaces the recovery codes, used or not.
    pub fn renew_recovery(mut self, hashes: Vec<SecretHash>) -> Result<Self, SecondFactorRefusal> {
        let SecondFactorState::Active { recovery, .. } = &mut self.state else {
            return Err(SecondFactorRefusal::NotEnrolled);
        };
        *recovery = unused(hashes);
        Ok(self)
    }
}

fn unused(hashes: Vec<SecretHash>) -> Vec<RecoveryCode> {
    hashes.into_iter().map(|hash| RecoveryCode { hash, used_at: None }).collect()
}

#[cfg(test)]
mod tests {
    use SecondFactorRefusal::*;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn pending() -> SecondFactor {
        SecondFactor::enrol(None, vec![7], NOW).unwrap()
    }

    fn active() -> SecondFactor {
        let codes = (0..10).map(|n| SecretHash([n; 32])).collect();
        pending().confirm(Some(100), codes, NOW).unwrap()
    }

    #[test]
    fn counts_only_after_a_first_code() {
        assert!(!pending().is_active());
        assert_eq!(pending().accept(Some(1)), Err(NotEnrolled));
        assert_eq!(pending().recover(SecretHash([0; 32]), NOW), Err(NotEnrolled));
        assert_eq!(pending().confirm(None, vec![], NOW), Err(WrongCode));
        let late = NOW + ENROLMENT_LASTS;
        assert_eq!(pending().confirm(Some(1), vec![], late), Err(EnrolmentExpired));
        assert!(SecondFactor::enrol(Some(&pending()), vec![8], late).is_ok());
        assert_eq!(SecondFactor::enrol(Some(&active()), vec![8], late), Err(AlreadyActive));
        assert_eq!(active().confirm(Some(101), vec![], NOW), Err(AlreadyActive));
    }

    #[test]
    fn a_step_is_accepted_once_and_none_before_it() {
        assert_eq!(active().accept(None), Err(WrongCode));
        assert_eq!(active().accept(Some(100)), Err(CodeUsed));
        let after = active().accept(Some(102)).unwrap();
        assert_eq!(after.clone().accept(Some(102)), Err(CodeUsed));
        assert_eq!(after.clone().accept(Some(101)), Err(CodeUsed));
        assert!(after.accept(Some(103)).is_ok());
    }

    #[test]
    fn a_recovery_code_works_once() {
        let after = active().recover(SecretHash([3; 32]), NOW).unwrap();
        assert_eq!(after.recovery_left(), RECOVERY_CODES - 1);
        assert_eq!(after.clone().recover(SecretHash([3; 32]), NOW), Err(RecoveryCodeUsed));
        assert_eq!(after.clone().recover(SecretHash([99; 32]), NOW), Err(WrongRecoveryCode));
        let renewed = after.renew_recovery(vec![SecretHash([50; 32])]).unwrap();
        assert_eq!(renewed.recovery_left(), 1);
        assert_eq!(renewed.recover(SecretHash([4; 32]), NOW), Err(WrongRecoveryCode));
    }
}
