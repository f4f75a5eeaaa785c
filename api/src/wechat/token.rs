//! The access token of this server's calls (`stable_token`). Each server keeps its own: WeChat gives all
//! who ask the same one, and in its last five minutes a new one, beside which the old one still works. So
//! none of them ever voids another's.

use chrono::{DateTime, Duration, Utc};
use tokio::sync::Mutex;

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

/// The token that is kept. Whoever fetches one holds the lock, so that the others needn't.
#[derive(Default)]
pub struct Kept(pub Mutex<Option<Token>>);

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
}
