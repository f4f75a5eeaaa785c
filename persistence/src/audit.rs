//! The audit: append-only, written by the same transaction as what it tells of.

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, TypedId},
    policy::Permit,
    vocabulary::Vocabulary,
};

use crate::{
    Connect, Page, PageRequest, Result, Tx,
    row::{insert, insert_all},
    sql,
};

/// What an entry says beyond who, when and by which request.
#[derive(Debug, Default)]
pub struct Entry<'a> {
    /// The kind of thing that was changed or read, as the API names its type.
    pub subject_kind: &'static str,
    /// Which.
    pub subject_id: Uuid,
    /// The person whose data it is, so that they can see who handled it.
    pub person: Option<AccountId>,
    /// The reason that was given.
    pub reason: Option<&'a str>,
    /// The state before.
    pub before: Option<serde_json::Value>,
    /// The state after.
    pub after: Option<serde_json::Value>,
}

impl<'a> Entry<'a> {
    /// An entry about a thing.
    pub fn about<I: TypedId>(id: I) -> Self {
        Self { subject_kind: I::KIND, subject_id: id.uuid(), ..Self::default() }
    }

    /// Whose data it is.
    pub fn person(self, account_id: AccountId) -> Self {
        Self { person: Some(account_id), ..self }
    }

    /// The reason.
    pub fn reason(self, reason: Option<&'a str>) -> Self {
        Self { reason, ..self }
    }

    /// The states before and after; phone numbers in them are masked by their own type.
    pub fn change<T: Serialize>(self, before: Option<&T>, after: Option<&T>) -> Self {
        let json = |state: Option<&T>| state.and_then(|s| serde_json::to_value(s).ok());
        Self { before: json(before), after: json(after), ..self }
    }
}

mod audit_entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: DateTimeUtc,
        pub action: String,
        pub operation: String,
        pub account_id: Option<Uuid>,
        pub session_id: Option<Uuid>,
        pub request_id: Option<Uuid>,
        pub subject_kind: String,
        pub subject_id: Uuid,
        pub person_id: Option<Uuid>,
        pub reason: Option<String>,
        pub before: Option<Json>,
        pub after: Option<Json>,
    }
    crate::row::plain_entity!();
}

fn row(tx: &Tx, permit: &Permit, entry: Entry<'_>) -> audit_entry::Model {
    let origin = tx.origin();
    audit_entry::Model {
        district_id: permit.district_id().0,
        id: tx.new_id(),
        at: origin.now,
        action: permit.action().code().to_owned(),
        operation: origin.operation.to_owned(),
        account_id: permit.account_id().map(|a| a.0),
        session_id: permit.session_id().map(|s| s.0),
        request_id: origin.request_id,
        subject_kind: entry.subject_kind.to_owned(),
        subject_id: entry.subject_id,
        person_id: entry.person.map(|a| a.0),
        reason: entry.reason.map(str::to_owned),
        before: entry.before,
        after: entry.after,
    }
}

/// Appends an entry.
pub async fn append(tx: &Tx, permit: &Permit, entry: Entry<'_>) -> Result<()> {
    insert(tx, row(tx, permit, entry)).await
}

/// Appends many entries.
pub async fn append_all(tx: &Tx, permit: &Permit, entries: Vec<Entry<'_>>) -> Result<()> {
    insert_all(tx, entries.into_iter().map(|e| row(tx, permit, e)).collect()).await
}

/// An entry as read.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AuditRow {
    /// Identity; in order of time.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The policy's action.
    pub action: String,
    /// The API's operation.
    pub operation: String,
    /// Who; none is the server itself.
    pub account_id: Option<Uuid>,
    /// With which session.
    pub session_id: Option<Uuid>,
    /// In which request.
    pub request_id: Option<Uuid>,
    /// Kind of the thing.
    pub subject_kind: String,
    /// The thing.
    pub subject_id: Uuid,
    /// Whose data.
    pub person_id: Option<Uuid>,
    /// Why.
    pub reason: Option<String>,
    /// Before.
    pub before: Option<serde_json::Value>,
    /// After.
    pub after: Option<serde_json::Value>,
}

/// What to read of the audit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only what concerns this person's data.
    pub person: Option<AccountId>,
    /// Only what this account did.
    pub account: Option<AccountId>,
    /// Only what happened to this thing.
    pub subject: Option<Uuid>,
}

/// Reads the audit, newest first.
pub async fn page(
    db: &impl Connect,
    district: DistrictId,
    filter: Filter,
    page: PageRequest,
) -> Result<Page<AuditRow>> {
    let mut text =
        "SELECT id, at, action, operation, account_id, session_id, request_id, subject_kind, subject_id,
         person_id, reason, before, after FROM audit_entry WHERE district_id = $1"
            .to_owned();
    let mut values: Vec<Value> = vec![district.0.into()];
    let columns = [
        ("person_id", filter.person.map(|a| a.0)),
        ("account_id", filter.account.map(|a| a.0)),
        ("subject_id", filter.subject),
    ];
    for (column, value) in columns {
        if let Some(value) = value {
            values.push(value.into());
            text.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    page.append(&mut text, &mut values, "id", true);
    Ok(page.page(sql::all(db, &text, values).await?))
}
