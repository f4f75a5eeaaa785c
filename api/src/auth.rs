//! What signing in needs from the outside world: secrets, tokens, hashes, chance, counters and
//! text messages. The decisions are `zhibu_domain::identity`'s; nothing here knows of HTTP or of
//! the database.

pub mod api_key;
pub mod binding_code;
pub mod board_ticket;
pub mod envelope;
pub mod look_up_code;
pub mod one_time_code;
pub mod password_hash;
pub mod random;
pub mod rate;
pub mod recovery;
pub mod refresh;
pub mod secret;
pub mod sms;
pub mod ticket;
pub mod token;
pub mod totp;

mod signing_keys;

use std::{num::NonZeroUsize, sync::Arc};

use chrono::Duration;
use zhibu_domain::{
    id::{AccountId, DistrictId, TokenGrantId},
    identity::SecretHash,
};

use self::{
    binding_code::BindingCodes, board_ticket::BoardTickets, envelope::Envelope, look_up_code::LookUpCodes,
    one_time_code::OneTimeCodes, password_hash::PasswordHashes, random::Randomness, rate::Limiter,
    recovery::RecoveryCodes, refresh::RefreshTokens, secret::MasterKey, sms::Sms, ticket::Tickets,
    token::Tokens, totp::SecretSeal,
};
use crate::{config::Config, wechat::BindingTickets};

/// All of it.
pub struct Auth {
    /// The key from which all others are derived.
    pub master: MasterKey,
    /// Access tokens.
    pub tokens: Tokens,
    /// Refresh tokens.
    pub refresh: RefreshTokens,
    /// Password hashes.
    pub passwords: PasswordHashes,
    /// One-time codes.
    pub codes: OneTimeCodes,
    /// Recovery codes of the second factor.
    pub recovery: RecoveryCodes,
    /// The seal of the second factor's secrets.
    pub seal: SecretSeal,
    /// Seals text messages that wait to be sent.
    pub messages: Envelope,
    /// Seals what webhooks are signed with.
    pub webhooks: Envelope,
    /// Text messages.
    pub sms: Arc<dyn Sms>,
    /// Failed sign-ins by address.
    pub failures: Limiter<std::net::IpAddr>,
    /// One-time codes asked for, by address.
    pub asked_from: Limiter<std::net::IpAddr>,
    /// One-time codes asked for, by number.
    pub asked_for: Limiter<(DistrictId, SecretHash)>,
    /// Wrong check-in codes by member.
    pub wrong_codes: Limiter<(DistrictId, AccountId)>,
    /// Look-up codes of service record sheets.
    pub look_up_codes: LookUpCodes,
    /// Tickets for files.
    pub tickets: Tickets,
    /// Tickets to bind WeChat accounts by.
    pub bindings: BindingTickets,
    /// Codes of the branch, to bind WeChat accounts by.
    pub binding_codes: BindingCodes,
    /// Tries to bind a WeChat account.
    pub bindings_tried: Limiter<(DistrictId, SecretHash)>,
    /// Seals the files of exported month reports.
    pub exports: Envelope,
    /// Wrong look-up codes by address.
    pub wrong_look_ups: Limiter<std::net::IpAddr>,
    /// Sheets issued and exports made, by account.
    pub issued: Limiter<(DistrictId, AccountId)>,
    /// Requests by grant.
    pub requests: Limiter<(DistrictId, TokenGrantId)>,
    /// Requests of REST by who has signed in.
    pub asked_by: Limiter<(DistrictId, AccountId)>,
    /// Links and screens of boards.
    pub board_tickets: BoardTickets,
    /// Boards opened, by account.
    pub boards: Limiter<(DistrictId, AccountId)>,
    /// Addresses of calendars made, by account.
    pub calendars: Limiter<(DistrictId, AccountId)>,
    /// Chance.
    pub random: Randomness,
}

impl Auth {
    /// Sets it up; starts the threads that check passwords.
    pub fn start(config: &Config, master: MasterKey, sms: Arc<dyn Sms>) -> std::io::Result<Self> {
        let threads = NonZeroUsize::new(config.password_threads);
        Ok(Self {
            tokens: Tokens::new(master.clone(), &config.public_url, "zhibu"),
            refresh: RefreshTokens::new(&master),
            passwords: PasswordHashes::start(threads, config.password_queue, Randomness)?,
            codes: OneTimeCodes::new(&master),
            recovery: RecoveryCodes::new(&master),
            seal: SecretSeal::new(&master),
            messages: Envelope::new(&master, "text-message"),
            webhooks: Envelope::new(&master, "webhook-secret"),
            sms,
            failures: Limiter::new(Duration::hours(1), 100_000),
            asked_from: Limiter::new(Duration::hours(1), 100_000),
            asked_for: Limiter::new(Duration::hours(1), 100_000),
            wrong_codes: Limiter::new(Duration::minutes(10), 100_000),
            look_up_codes: LookUpCodes::new(&master),
            tickets: Tickets::new(&master),
            exports: Envelope::new(&master, "report-export"),
            bindings: BindingTickets::new(&master),
            binding_codes: BindingCodes::new(&master),
            bindings_tried: Limiter::new(Duration::hours(1), 100_000),
            wrong_look_ups: Limiter::new(Duration::hours(1), 100_000),
            issued: Limiter::new(Duration::hours(1), 100_000),
            requests: Limiter::new(Duration::minutes(1), 100_000),
            asked_by: Limiter::new(Duration::minutes(1), 100_000),
            board_tickets: BoardTickets::new(&master),
            boards: Limiter::new(Duration::hours(1), 100_000),
            calendars: Limiter::new(Duration::hours(1), 100_000),
            random: Randomness,
            master,
        })
    }
}
