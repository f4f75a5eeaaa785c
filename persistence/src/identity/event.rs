use serde_json::{Map, Value, json};
use zhibu_domain::{
    id::{AccountId, DistrictId},
    identity::{IdentityEvent, SecretHash},
    policy::Permit,
    vocabulary::Vocabulary,
};

use crate::{
    Result, Tx,
    audit::{self, Entry},
};

/// Whom an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Somebody with an account.
    Account(AccountId),
    /// A number that nobody has, by its digest.
    Nobody(SecretHash),
}

impl Whom {
    /// The account with this number, or nobody.
    pub fn of(account: Option<AccountId>, phone: SecretHash) -> Self {
        account.map_or(Self::Nobody(phone), Self::Account)
    }
}

/// Appends what happened. Of a number that nobody has, the first bytes of its digest tell one
/// from another.
pub(super) async fn record(
    tx: &Tx,
    permit: &Permit,
    event: IdentityEvent,
    whom: Whom,
    details: &[(&str, Value)],
) -> Result<()> {
    let mut after = Map::from_iter([("event".to_owned(), json!(event.code()))]);
    after.extend(details.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| ((*k).to_owned(), v.clone())));
    let entry = match whom {
        Whom::Account(id) => Entry::about(id).person(id),
        Whom::Nobody(phone) => {
            let start: String = phone.0.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
            after.insert("number".to_owned(), json!(start));
            Entry::about::<DistrictId>(permit.district_id())
        }
    };
    audit::append(tx, permit, Entry { after: Some(Value::Object(after)), ..entry }).await
}
