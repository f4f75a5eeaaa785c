//! What people are told, and what they want to be told.

mod consent;
mod row;

pub use consent::{Addressee, addressees, consent, credits, forget_consent, spend_consent};

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::LazyLock,
};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Value,
    sea_query::{Expr, OnConflict},
};
use zhibu_domain::{
    activity::ExclusionReason,
    id::{AccountId, ActivityId, DistrictId, NotificationId},
    notification::{FeedKind, Notification, NotificationKind, Preferences},
    policy::Permit,
    vocabulary::Vocabulary,
};

use self::row::{notification, preference};
use crate::{
    Connect, Page, PageRequest, Result, Store, Tx,
    audit::{self, Entry},
    feed,
    row::upsert,
    sql,
};

/// The condition that this version knows a notification's kind. A newer one's waits until this server
/// is of that version, too: unseen, uncounted and unread.
static KNOWN: LazyLock<String> = LazyLock::new(|| {
    let codes: Vec<_> = NotificationKind::words().iter().map(|word| format!("'{}'", word.code)).collect();
    format!("kind IN ({})", codes.join(", "))
});

/// Tells people, each of a need, and answers which of these are new: who was told of it before isn't
/// told again, however often it is handed on. What has happened stands in the audit already; that
/// people are told says nothing new. The caller appends the new ones to the inboxes' feeds; each bears the
/// number of the next change of its feed, so that they are numbered in the order of the commits.
pub async fn tell(
    tx: &Tx,
    permit: &Permit,
    notifications: &[Notification],
    need: impl Fn(&Notification) -> String,
) -> Result<HashSet<NotificationId>> {
    let key = [notification::Column::DistrictId, notification::Column::AccountId, notification::Column::Need];
    let mut told = HashSet::new();
    let accounts: BTreeSet<_> = notifications.iter().map(|n| n.account_id.0).collect();
    let latest = feed::hold(tx, permit, FeedKind::Inbox, &accounts).await?;
    for notifications in notifications.chunks(ROWS) {
        let rows = notifications.iter().map(|n| {
            let position = latest.get(&n.account_id.0).map_or(1, |latest| latest + 1);
            row::stored(permit.district_id(), n, &need(n), position)
        });
        let rows: Vec<_> =
            rows.map(|row| row.map(IntoActiveModel::into_active_model)).collect::<Result<_>>()?;
        let new = notification::Entity::insert_many(rows)
            .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
            .exec_with_returning_keys(tx.conn())
            .await?;
        told.extend(new.into_iter().map(|(_, _, id)| NotificationId(id)));
    }
    Ok(told)
}

/// Rows in one statement.
const ROWS: usize = 200;

/// A page of a person's inbox, newest first: in the order of the commits, which isn't that of the ids
/// where several servers tell.
pub async fn inbox_page(
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
    unread_only: bool,
    page: PageRequest,
) -> Result<Page<Notification>> {
    let mut values: Vec<Value> = vec![district.0.into(), account.0.into()];
    let mut text = format!(
        "SELECT t.* FROM notification t WHERE t.district_id = $1 AND t.account_id = $2 AND {}",
        *KNOWN
    );
    if unread_only {
        text.push_str(" AND read_at IS NULL");
    }
    page.append_by(&mut text, &mut values, OWN, "position", true);
    let rows: Vec<notification::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read).collect::<Result<_>>()?))
}

/// The notifications of the person `$2`.
const OWN: &str = "(SELECT * FROM notification WHERE account_id = $2) own";

/// How many of a person's notifications are unread.
pub async fn unread_count(db: &impl Connect, district: DistrictId, account: AccountId) -> Result<u64> {
    let text = format!(
        "SELECT count(*) FROM notification WHERE district_id = $1 AND account_id = $2 AND read_at IS NULL
         AND {}",
        *KNOWN
    );
    sql::count(db, &text, vec![district.0.into(), account.0.into()]).await
}

/// Some of a person's notifications.
pub async fn notifications(
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
    ids: &[NotificationId],
) -> Result<HashMap<NotificationId, Notification>> {
    let query = notification::Entity::find()
        .filter(notification::Column::DistrictId.eq(district.0))
        .filter(notification::Column::AccountId.eq(account.0))
        .filter(notification::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(Expr::cust(KNOWN.as_str()));
    query.all(db.conn()).await?.into_iter().map(|r| row::read(r).map(|n| (n.id, n))).collect()
}

/// Marks one of a person's notifications as read; answers whether it wasn't. The audit has no entry
/// of it: when somebody reads is nobody's business (R45, R46).
pub async fn mark_read(tx: &Tx, permit: &Permit, account: AccountId, id: NotificationId) -> Result<bool> {
    let text = "UPDATE notification SET read_at = $4 WHERE district_id = $1 AND account_id = $2 AND id = $3
         AND read_at IS NULL";
    let values = vec![permit.district_id().0.into(), account.0.into(), id.0.into(), tx.now().into()];
    Ok(sql::execute(tx, text, values).await? > 0)
}

/// Marks all of a person's notifications as read, or one and those told before it; answers how many
/// weren't. No more than [`mark_read`] in the audit.
pub async fn mark_all_read(
    tx: &Tx,
    permit: &Permit,
    account: AccountId,
    up_to: Option<NotificationId>,
) -> Result<u64> {
    let mut values: Vec<Value> = vec![permit.district_id().0.into(), account.0.into(), tx.now().into()];
    let mut text = format!(
        "UPDATE notification SET read_at = $3 WHERE district_id = $1 AND account_id = $2
         AND read_at IS NULL AND {}",
        *KNOWN
    );
    if let Some(last) = up_to {
        values.push(last.0.into());
        let last = format!("SELECT position, id FROM {OWN} WHERE district_id = $1 AND id = $4");
        text.push_str(&format!(" AND (position, id) <= ({last})"));
    }
    sql::execute(tx, &text, values).await
}

/// What people want to be told; who has said nothing isn't there.
pub async fn preferences(
    db: &impl Connect,
    district: DistrictId,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, Preferences>> {
    let query = preference::Entity::find()
        .filter(preference::Column::DistrictId.eq(district.0))
        .filter(preference::Column::AccountId.is_in(accounts.iter().map(|id| id.0)));
    let rows = query.all(db.conn()).await?;
    Ok(rows.iter().map(|row| (AccountId(row.account_id), row::read_preferences(row))).collect())
}

/// Remembers what a person wants to be told.
pub async fn save_preferences(
    tx: &Tx,
    permit: &Permit,
    account: AccountId,
    preferences: &Preferences,
) -> Result<()> {
    let district = permit.district_id();
    let before = self::preferences(tx, district, &[account]).await?.remove(&account);
    upsert(tx, row::stored_preferences(district, account.0, preferences)).await?;
    let entry = Entry::about(account).person(account).change(before.as_ref(), Some(preferences));
    audit::append(tx, permit, entry).await
}

/// Forgets a district's notifications of before `before`, at most `limit`. What was said of an activity
/// that isn't over is kept: whoever was told of it would be told anew.
pub async fn forget(
    store: &Store,
    district: DistrictId,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<u64> {
    let old = "district_id = $1 AND created_at < $2 AND NOT EXISTS (SELECT 1 FROM activity a
        WHERE a.district_id = notification.district_id AND a.id = notification.subject_id AND a.ends_at > $3)";
    let values = vec![district.0.into(), before.into(), now.into()];
    sql::delete_some(&store.writing(), "notification", old, values, "created_at", limit).await
}

/// The accounts of those on an activity's list who are to be told of it under a need, and haven't
/// been: not of those whom an exemption takes out of the count.
pub async fn untold(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
    need: &str,
) -> Result<Vec<AccountId>> {
    let text = "SELECT e.account_id FROM attendee e WHERE e.district_id = $1 AND e.activity_id = $2
         AND (e.exclusion IS NULL OR e.exclusion = $3) AND NOT EXISTS (SELECT 1 FROM notification n
            WHERE n.district_id = e.district_id AND n.account_id = e.account_id AND n.need = $4)
         ORDER BY e.account_id";
    let guest = ExclusionReason::Guest.code();
    let values = vec![district.0.into(), activity.0.into(), guest.into(), need.into()];
    let rows = sql::rows(db, text, values).await?;
    rows.iter().map(|row| Ok(AccountId(row.try_get("", "account_id")?))).collect()
}
