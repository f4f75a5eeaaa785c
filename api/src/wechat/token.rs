//! The access token of this server's calls (`stable_token`). Each server keeps its own: WeChat gives all
//! who ask the same one, and in its last five minutes a new one, beside which the old one still works. So
//! none of them ever voids another's.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Duration, Utc};

/// How long before its end a token is renewed: sooner, and WeChat answers the same one.
pub const AHEAD: Duration = Duration::seconds(290);

/// A token and until when it is used.
#[derive(Clone)]
pub struct Token {
    /// The token.
    pub value: String,
    /// When it is time for the next.
    pub renew_at: DateTime<Utc>,
    /// Until when it works.
    pub ends_at: DateTime<Utc>,
}

/// How long a token is left alone whose successor couldn't be had.
const REST: Duration = Duration::seconds(30);

/// The token that is kept.
#[derive(Default)]
pub struct Kept {
    token: Mutex<Option<Token>>,
    /// Held by whoever fetches the next, so that the others needn't.
    pub fetching: tokio::sync::Mutex<()>,
    failures: AtomicU64,
}

impl Kept {
    fn token(&self) -> MutexGuard<'_, Option<Token>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, where there is one that works.
    pub fn working(&self, now: DateTime<Utc>) -> Option<Token> {
        self.token().clone().filter(|token| now < token.ends_at)
    }

    /// Keeps a new one.
    pub fn keep(&self, token: Token) {
        *self.token() = Some(token);
    }

    /// Lets go of a token that WeChat doesn't take any more.
    pub fn forget(&self, value: &str) {
        self.token().take_if(|token| token.value == value);
    }

    /// How often there was none to be had.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::SeqCst)
    }

    /// There was none to be had: the one that is kept goes on for as long as it works, and isn't renewed at once.
    pub fn failed(&self, now: DateTime<Utc>) -> Option<Token> {
        self.failures.fetch_add(1, Ordering::SeqCst);
        if let Some(token) = self.token().as_mut() {
            token.renew_at = token.ends_at.min(now + REST);
        }
        self.working(now)
    }
}

impl Token {
    /// A token that was fetched at `now` for so many seconds; by no clock but ours.
    pub fn new(value: String, seconds: i64, now: DateTime<Utc>) -> Self {
        let left = Duration::seconds(seconds.clamp(0, 7_200));
        // One that is about to end is used for as long as it works: at once WeChat has no other.
        let used = if left > AHEAD { left - AHEAD } else { left / 2 };
        Self { value, renew_at: now + used, ends_at: now + left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_before_its_last_five_minutes_end() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(Token::new("t".into(), 7_200, at(0)).renew_at, at(7_200 - 290));
        assert_eq!(Token::new("t".into(), 100, at(0)).renew_at, at(50));
        assert_eq!(Token::new("t".into(), i64::MAX, at(0)).renew_at, at(7_200 - 290));
        assert_eq!(Token::new("t".into(), -5, at(0)).renew_at, at(0));
    }

    #[test]
    fn a_token_that_could_not_be_renewed_is_left_alone_until_it_ends() {
        let (kept, at) = (Kept::default(), |seconds| DateTime::from_timestamp(seconds, 0).unwrap());
        assert!(kept.failed(at(0)).is_none());
        kept.keep(Token::new("t".into(), 7_200, at(0)));
        assert_eq!(kept.failed(at(7_000)).unwrap().renew_at, at(7_030));
        assert_eq!(kept.failed(at(7_190)).unwrap().renew_at, at(7_200));
        assert!(kept.failed(at(7_200)).is_none());
        kept.forget("another");
        assert!(kept.working(at(0)).is_some());
        kept.forget("t");
        assert!(kept.working(at(0)).is_none());
    }
}
