//! What is read often and changes seldom. Our own change clears it at once; another process's as soon
//! as we hear of it, within a second at the latest, by the epoch that every change advances.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use moka::future::Cache;
use uuid::Uuid;
use zhibu_domain::{
    activity::Tally,
    id::{AccountId, ActivityId, DistrictId, OrgUnitId, SessionId, TokenGrantId},
    organization::{OrgUnit, OrgUnitKind},
    policy::{HeldPost, Membership},
    rule::RuleSetting,
};
use zhibu_persistence::{
    StoreError,
    organization::District,
    token::{GrantKey, Known},
    volunteering::Recognizable,
};

use crate::{check_in::Room, volunteering::Reading};

/// Values by key, loaded once however many ask at the same time.
pub struct Kept<K, V> {
    values: Cache<K, Arc<V>>,
    /// How often something was forgotten.
    forgotten: AtomicU64,
}

impl<K: Clone + Hash + Eq + Send + Sync + 'static, V: Send + Sync + 'static> Kept<K, V> {
    /// Keeps up to `capacity` values for `ttl`.
    pub fn new(capacity: u64, ttl: Duration) -> Self {
        let values = Cache::builder().max_capacity(capacity).time_to_live(ttl).build();
        Self { values, forgotten: AtomicU64::new(0) }
    }

    /// The kept value, or the loaded one. What was loaded while something was forgotten may be of
    /// before: it isn't kept.
    pub async fn get_or_load(
        &self,
        key: K,
        load: impl AsyncFnOnce() -> Result<V, StoreError>,
    ) -> Result<Arc<V>, StoreError> {
        if let Some(kept) = self.values.get(&key).await {
            return Ok(kept);
        }
        let before = self.forgotten.load(Ordering::SeqCst);
        let loading = self.values.try_get_with(key.clone(), async { load().await.map(Arc::new) });
        let loaded = loading.await.map_err(|error| error.as_ref().clone());
        if self.forgotten.load(Ordering::SeqCst) != before {
            self.values.invalidate(&key).await;
        }
        loaded
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.values.invalidate_all();
    }

    /// Forgets one value.
    pub async fn forget(&self, key: &K) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.values.invalidate(key).await;
    }
}

/// What gives an account its rights today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// The membership.
    pub membership: Option<Membership>,
    /// The posts in force.
    pub posts: Vec<HeldPost>,
    /// Whether the second factor is in use.
    pub second_factor_active: bool,
}

/// All that is kept.
pub struct Memo {
    /// The districts of this server.
    pub districts: Kept<(), Vec<District>>,
    /// The districts' settings of rules.
    pub rules: Kept<DistrictId, Vec<RuleSetting>>,
    /// The districts' labels of types of units.
    pub labels: Kept<DistrictId, HashMap<OrgUnitKind, String>>,
    /// Rights by account.
    pub rights: Kept<(DistrictId, AccountId), Rights>,
    /// Grants by id and by secret; whoever guesses secrets crowds nobody out for long.
    pub grants: Kept<GrantKey, Option<Known>>,
    /// The last minute in which a grant's use was written down.
    pub used: moka::sync::Cache<TokenGrantId, i64>,
    /// Units with those above them, from the root down: the line in which a member stands.
    pub lines: Kept<(DistrictId, OrgUnitId), Vec<OrgUnit>>,
    /// Rooms in which people check in.
    pub rooms: Kept<(DistrictId, ActivityId), Option<Room>>,
    /// Counts of activities, for everybody who watches one.
    pub tallies: Kept<(DistrictId, ActivityId), Tally>,
    /// Those with most verified hours by subdistrict and year, for everybody who asks within a second.
    pub recognizable: Kept<(DistrictId, OrgUnitId, i32), Vec<Recognizable>>,
    /// Readings of these that stand in the audit already.
    pub readings: Kept<Reading, ()>,
    /// Sessions that were ended: kept for longer than their access tokens live.
    pub revoked: moka::sync::Cache<SessionId, ()>,
    /// One-time codes that were handed over, until the outbox has surely been told: longer than one is valid.
    pub sent: moka::sync::Cache<Uuid, ()>,
    /// Mini-program codes: WeChat draws the same one for ever.
    pub codes: moka::sync::Cache<String, Arc<Vec<u8>>>,
    /// Nothing of before this epoch of the database is kept.
    epoch: AtomicU64,
}

impl Default for Memo {
    fn default() -> Self {
        let brief = Duration::from_secs(60);
        Self {
            districts: Kept::new(1, brief),
            rules: Kept::new(1_000, brief),
            labels: Kept::new(1_000, brief),
            rights: Kept::new(100_000, brief),
            grants: Kept::new(10_000, brief),
            used: moka::sync::Cache::builder().max_capacity(10_000).time_to_live(brief).build(),
            lines: Kept::new(10_000, brief),
            rooms: Kept::new(2_000, Duration::from_secs(5)),
            tallies: Kept::new(10_000, Duration::from_millis(200)),
            recognizable: Kept::new(1_000, Duration::from_secs(1)),
            readings: Kept::new(10_000, Duration::from_secs(1)),
            // Unbounded: a session that is crowded out would come back to life.
            revoked: moka::sync::Cache::builder().time_to_live(Duration::from_secs(20 * 60)).build(),
            sent: moka::sync::Cache::builder().time_to_live(Duration::from_secs(60 * 60)).build(),
            codes: moka::sync::Cache::new(200),
            epoch: AtomicU64::new(0),
        }
    }
}

impl Memo {
    /// Forgets everything but the ended sessions: rights, rules or units have changed.
    pub fn clear(&self) {
        self.districts.clear();
        self.rules.clear();
        self.labels.clear();
        self.rights.clear();
        self.grants.clear();
        self.lines.clear();
        self.recognizable.clear();
    }

    /// Forgets what is of before an epoch of the database.
    pub fn reach(&self, epoch: u64) {
        if self.epoch() != epoch {
            self.clear();
            self.epoch.store(epoch, Ordering::SeqCst);
        }
    }

    /// The last epoch of the database that was heard of here.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    /// Voids the access tokens of sessions that were ended.
    pub fn revoke(&self, sessions: impl IntoIterator<Item = SessionId>) {
        for session in sessions {
            self.revoked.insert(session, ());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_read_before_a_change_is_not_kept_after_it() {
        let kept = Kept::new(10, Duration::from_secs(60));
        let old = kept.get_or_load(1, async || {
            // Something changes between the reading and the keeping.
            kept.clear();
            Ok("old")
        });
        assert_eq!(*old.await.unwrap(), "old");
        assert_eq!(*kept.get_or_load(1, async || Ok("new")).await.unwrap(), "new");
        assert_eq!(*kept.get_or_load(1, async || Ok("newer")).await.unwrap(), "new");
    }
}
