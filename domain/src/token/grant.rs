use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use ipnet::IpNet;
use serde::Serialize;

use super::{TokenRefusal as Refusal, TokenScope};
use crate::{
    id::{AccountId, OrgUnitId, TokenGrantId},
    text, vocabulary,
};

/// The longest time that a grant may run without being renewed.
pub const LONGEST: Duration = Duration::days(366);
/// How many live tokens a person may have.
pub const MOST_PERSONAL: usize = 50;
/// Requests per minute, where nobody says another number.
pub const RATE: i32 = 300;

const HIGHEST_RATE: i32 = 6_000;
const MOST_ADDRESSES: usize = 50;

vocabulary! {
    /// Whose rights a grant cuts.
    pub enum GrantKind {
        /// Another system's, an OAuth client: it has an account of its own, and may what docs/access.md says of
        /// integrators.
        Client = "CLIENT" => "第三方系统", "OAuth client";
        /// A person's own, for scripts.
        Personal = "PERSONAL" => "个人访问令牌", "Personal access token";
    }
}

/// What a script or another system was given: scopes, in a subtree, until a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// Identity; of a client also its `client_id`.
    pub id: TokenGrantId,
    /// Whose rights it cuts.
    pub kind: GrantKind,
    /// Whose: the person's, or the client's own account.
    pub account_id: AccountId,
    /// What people call it.
    pub name: String,
    /// What personal data is read for.
    pub purpose: Option<String>,
    /// What it may be used for.
    pub scopes: Vec<TokenScope>,
    /// The unit in whose subtree it counts.
    pub unit_id: OrgUnitId,
    /// The networks from which alone it counts; none is everywhere.
    pub addresses: Vec<IpNet>,
    /// Requests per minute.
    pub per_minute: i32,
    /// Whether the person had proved the second factor when they made it.
    pub second_factor: bool,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// Who gave it; none is the server's operator.
    pub created_by: Option<AccountId>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
}

/// A grant as asked for.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// What people call it.
    pub name: String,
    /// What personal data is read for.
    pub purpose: Option<String>,
    /// What it may be used for.
    pub scopes: Vec<TokenScope>,
    /// The unit in whose subtree it counts.
    pub unit_id: OrgUnitId,
    /// Addresses and networks, as typed.
    pub addresses: Vec<String>,
    /// Requests per minute.
    pub per_minute: Option<i32>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// A change of a grant: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct GrantChange {
    /// New name.
    pub name: Option<String>,
    /// New purpose.
    pub purpose: Option<String>,
    /// New scopes.
    pub scopes: Option<Vec<TokenScope>>,
    /// New unit.
    pub unit_id: Option<OrgUnitId>,
    /// New addresses; an empty list is everywhere.
    pub addresses: Option<Vec<String>>,
    /// New requests per minute.
    pub per_minute: Option<i32>,
    /// New end.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Whose a new grant is.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// Whose rights it cuts.
    pub kind: GrantKind,
    /// Whose.
    pub account_id: AccountId,
    /// Who gives it; none is the server's operator.
    pub created_by: Option<AccountId>,
    /// Whether the person has proved the second factor.
    pub second_factor: bool,
}

impl Grant {
    /// Gives what was asked for.
    pub fn issue(
        id: TokenGrantId,
        new: NewGrant,
        holder: Holder,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let grant = Self {
            id,
            kind: holder.kind,
            account_id: holder.account_id,
            name: new.name,
            purpose: new.purpose,
            scopes: new.scopes,
            unit_id: new.unit_id,
            addresses: networks(&new.addresses)?,
            per_minute: new.per_minute.unwrap_or(RATE),
            second_factor: holder.second_factor,
            expires_at: new.expires_at,
            created_by: holder.created_by,
            created_at: now,
            revoked_at: None,
            version: 1,
        };
        grant.lasting(now)?.checked()
    }

    /// Changes it.
    pub fn change(self, change: GrantChange, version: i32, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !self.is_live(now) {
            return Err(Refusal::Ended);
        }
        if version != self.version {
            return Err(Refusal::Stale);
        }
        let addresses = change.addresses.as_deref().map(networks).transpose()?;
        let renewed = change.expires_at.is_some();
        let grant = Self {
            name: change.name.unwrap_or(self.name),
            purpose: change.purpose.or(self.purpose),
            scopes: change.scopes.unwrap_or(self.scopes),
            unit_id: change.unit_id.unwrap_or(self.unit_id),
            addresses: addresses.unwrap_or(self.addresses),
            per_minute: change.per_minute.unwrap_or(self.per_minute),
            expires_at: change.expires_at.unwrap_or(self.expires_at),
            version: self.version + 1,
            ..self
        };
        if renewed { grant.lasting(now)?.checked() } else { grant.checked() }
    }

    /// Takes it back. Once more changes nothing.
    pub fn revoke(self, now: DateTime<Utc>) -> Self {
        match self.revoked_at {
            Some(_) => self,
            None => Self { revoked_at: Some(now), version: self.version + 1, ..self },
        }
    }

    /// Whether it counts.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// Whether it counts for requests from an address.
    pub fn admits(&self, address: Option<IpAddr>) -> bool {
        let within = |address: IpAddr| self.addresses.iter().any(|net| net.contains(&address));
        self.addresses.is_empty() || address.is_some_and(|address| within(address.to_canonical()))
    }

    fn lasting(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if self.expires_at <= now || self.expires_at > now + LONGEST {
            return Err(Refusal::BadExpiry);
        }
        Ok(self)
    }

    fn checked(mut self) -> Result<Self, Refusal> {
        self.name = text::line(&self.name, 50).ok_or(Refusal::BadName)?;
        self.purpose = match self.purpose {
            Some(purpose) => Some(text::line(&purpose, 200).ok_or(Refusal::BadPurpose)?),
            None if self.scopes.iter().any(|scope| scope.is_personal()) => {
                return Err(Refusal::PurposeRequired);
            }
            None => None,
        };
        self.scopes.sort_unstable();
        self.scopes.dedup();
        if self.scopes.is_empty() {
            return Err(Refusal::NoScope);
        }
        if !(1..=HIGHEST_RATE).contains(&self.per_minute) {
            return Err(Refusal::BadRate);
        }
        Ok(self)
    }
}

/// Reads addresses and networks.
fn networks(typed: &[String]) -> Result<Vec<IpNet>, Refusal> {
    if typed.len() > MOST_ADDRESSES {
        return Err(Refusal::BadAddress);
    }
    let read = |text: &String| {
        let text = text.trim();
        let one = text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
        one.or_else(|_| text.parse::<IpNet>().map(|net| net.trunc())).map_err(|_| Refusal::BadAddress)
    };
    typed.iter().map(read).collect()
}
