//! Consents to subscribe messages, counted as WeChat counts them: each is good for one message of one
//! template, unless that is a long-term one.

use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, WeChatBindingId},
    identity::WeChatBinding,
    policy::Permit,
};

use crate::{
    Connect, Result, Tx,
    audit::{self, Entry},
    sql,
};

/// Most consents that are counted: WeChat has no limit, but nobody needs more.
const MOST: i32 = 1_000;

/// Where a person's messages of a template go.
#[derive(Clone, PartialEq, Eq)]
pub struct Addressee {
    /// By which binding.
    pub binding: WeChatBindingId,
    /// What WeChat calls the person.
    pub open_id: String,
}

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    binding_id: Uuid,
    open_id: String,
}

/// Those of some accounts to whom a message of a template may be sent.
pub async fn addressees(
    db: &impl Connect,
    district: DistrictId,
    app_id: &str,
    template: &str,
    accounts: &[AccountId],
) -> Result<Vec<(AccountId, Addressee)>> {
    let text = format!(
        "SELECT b.account_id, b.id AS binding_id, b.open_id FROM wechat_binding b
         JOIN subscribe_credit c ON c.district_id = b.district_id AND c.binding_id = b.id
         WHERE b.district_id = $1 AND b.app_id = $2 AND c.template_id = $3 AND c.credit > 0 AND {}",
        sql::in_list("b.account_id", 4, accounts.len())
    );
    let mut values: Vec<Value> = vec![district.0.into(), app_id.into(), template.into()];
    values.extend(accounts.iter().map(|account| Value::from(account.0)));
    let rows = sql::all::<Row>(db, &text, values).await?;
    let read = |row: Row| {
        let addressee = Addressee { binding: WeChatBindingId(row.binding_id), open_id: row.open_id };
        (AccountId(row.account_id), addressee)
    };
    Ok(rows.into_iter().map(read).collect())
}

#[derive(FromQueryResult)]
struct CreditRow {
    template_id: String,
    credit: i32,
}

/// How many more messages a binding's holder has consented to, by template.
pub async fn credits(
    db: &impl Connect,
    district: DistrictId,
    binding: WeChatBindingId,
) -> Result<Vec<(String, i32)>> {
    let text = "SELECT template_id, credit FROM subscribe_credit
        WHERE district_id = $1 AND binding_id = $2 ORDER BY template_id";
    let rows = sql::all::<CreditRow>(db, text, vec![district.0.into(), binding.0.into()]).await?;
    Ok(rows.into_iter().map(|row| (row.template_id, row.credit)).collect())
}

/// Counts one more consent to each of some templates.
pub async fn consent(tx: &Tx, permit: &Permit, binding: &WeChatBinding, templates: &[&str]) -> Result<()> {
    let text = format!(
        "INSERT INTO subscribe_credit (district_id, binding_id, template_id, credit, consented_at)
         VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (district_id, binding_id, template_id) DO UPDATE SET consented_at = excluded.consented_at,
            credit = CASE WHEN subscribe_credit.credit < {MOST} THEN subscribe_credit.credit + 1 ELSE {MOST} END"
    );
    for template in templates {
        let values =
            vec![permit.district_id().0.into(), binding.id.0.into(), (*template).into(), tx.now().into()];
        sql::execute(tx, &text, values).await?;
    }
    let entry = Entry::about(binding.id).person(binding.account_id);
    audit::append(tx, permit, entry.change(None, Some(&json!({ "consented": templates })))).await
}

/// Counts a message that was sent by a consent for one. That somebody is told says nothing new to the audit.
pub async fn spend_consent(tx: &Tx, permit: &Permit, binding: WeChatBindingId, template: &str) -> Result<()> {
    let text = "UPDATE subscribe_credit SET credit = credit - 1
        WHERE district_id = $1 AND binding_id = $2 AND template_id = $3 AND credit > 0";
    sql::execute(tx, text, key(permit, binding, template)).await?;
    Ok(())
}

/// Forgets the consents to a template: WeChat says that there are none.
pub async fn forget_consent(
    tx: &Tx,
    permit: &Permit,
    binding: WeChatBindingId,
    template: &str,
) -> Result<()> {
    let text = "UPDATE subscribe_credit SET credit = 0
        WHERE district_id = $1 AND binding_id = $2 AND template_id = $3";
    sql::execute(tx, text, key(permit, binding, template)).await?;
    Ok(())
}

fn key(permit: &Permit, binding: WeChatBindingId, template: &str) -> Vec<Value> {
    vec![permit.district_id().0.into(), binding.0.into(), template.into()]
}
