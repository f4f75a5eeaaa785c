//! What signing in needs from the outside world: secrets, tokens, hashes, chance, counters and
//! text messages. The decisions are `zhibu_domain::identity`'s; nothing here knows of HTTP or of
//! the database.

pub mod one_time_code;
pub mod password_hash;
pub mod random;
pub mod rate;
pub mod recovery;
pub mod refresh;
pub mod secret;
pub mod sms;
pub mod token;
pub mod totp;

mod signing_keys;
