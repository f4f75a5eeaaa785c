use std::collections::{HashMap, HashSet};

use hmac::Mac;
use serde::Serialize;

use super::CodeKey;
use crate::id::{ActivityId, PartyMemberId};

/// A phone's mark within one activity. It tells whether two check-ins came from the same
/// phone, but follows nobody from one activity to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct DeviceMark(pub i64);

impl DeviceMark {
    /// The mark of a device by what the app calls its installation; `None` for nonsense.
    pub fn of(key: &CodeKey, activity_id: ActivityId, device: &str) -> Option<Self> {
        if !(1..=200).contains(&device.len()) {
            return None;
        }
        let hash = key.mac("device", activity_id, device.as_bytes()).finalize().into_bytes();
        hash.first_chunk::<8>().map(|bytes| Self(i64::from_be_bytes(*bytes)))
    }
}

/// The members of one activity who checked in from a phone that somebody else used as well.
pub fn shared_devices(
    check_ins: impl IntoIterator<Item = (PartyMemberId, Option<DeviceMark>)>,
) -> HashSet<PartyMemberId> {
    let mut users: HashMap<DeviceMark, HashSet<PartyMemberId>> = HashMap::new();
    for (member_id, mark) in check_ins {
        if let Some(mark) = mark {
            users.entry(mark).or_default().insert(member_id);
        }
    }
    users.into_values().filter(|members| members.len() > 1).flatten().collect()
}
