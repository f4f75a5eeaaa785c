//! Tickets to bind a WeChat account: who it is that WeChat has told us of, sealed, until the person has
//! proved whose account it belongs to.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zhibu_domain::{id::DistrictId, identity::WeChatIdentity};

use crate::auth::{envelope::Envelope, random::Randomness, secret::MasterKey};

/// How long a ticket may be used: time to ask the branch for a code.
pub const TICKET_LIFETIME: Duration = Duration::minutes(10);

const BOUND: &[u8] = b"zhibu wechat binding";

#[derive(Serialize, Deserialize)]
struct Written {
    district: Uuid,
    app: String,
    open: String,
    union: Option<String>,
    until: i64,
}

/// Issues and reads tickets.
pub struct BindingTickets(Envelope);

impl BindingTickets {
    /// The tickets of an installation.
    pub fn new(master: &MasterKey) -> Self {
        Self(Envelope::new(master, "wechat-binding"))
    }

    /// A ticket.
    pub fn issue(
        &self,
        district: DistrictId,
        identity: &WeChatIdentity,
        until: DateTime<Utc>,
        random: &Randomness,
    ) -> Option<String> {
        let written = Written {
            district: district.0,
            app: identity.app_id.clone(),
            open: identity.open_id.clone(),
            union: identity.union_id.clone(),
            until: until.timestamp(),
        };
        let plain = serde_json::to_vec(&written).ok()?;
        self.0.seal(&plain, BOUND, random).map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Reads a ticket that is ours and not too old.
    pub fn read(&self, text: &str, now: DateTime<Utc>) -> Option<(DistrictId, WeChatIdentity)> {
        let sealed = URL_SAFE_NO_PAD.decode(text.get(..text.len().min(1_024))?).ok()?;
        let plain = self.0.open(&sealed, BOUND)?;
        let Written { district, app, open, union, until } = serde_json::from_slice(&plain).ok()?;
        let identity = WeChatIdentity { app_id: app, open_id: open, union_id: union };
        (now.timestamp() < until).then_some((DistrictId(district), identity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_ours_and_of_its_time() {
        let tickets = BindingTickets::new(&MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap());
        let until = DateTime::from_timestamp(1_000, 0).unwrap();
        let identity = WeChatIdentity { app_id: "wx".into(), open_id: "o".into(), union_id: None };
        let district = DistrictId(Uuid::from_u128(7));
        let text = tickets.issue(district, &identity, until, &Randomness).unwrap();
        let before = until - Duration::seconds(1);
        assert_eq!(tickets.read(&text, before), Some((district, identity)));
        assert_eq!(tickets.read(&text, until), None);
        for forged in ["", "A", "é", &text[1..], &format!("{text}AAAA"), &"A".repeat(100_000)] {
            assert_eq!(tickets.read(forged, before), None, "{forged:.20}");
        }
    }
}
