//! From an event of the outbox to what people are told and to the feeds of those whom it concerns.
//! An event may name, in its payload:
//!
//! - `accounts`: whom it concerns;
//! - `followers`: whose assignments change, though they are told nothing;
//! - `units`: for whose organizers it is work;
//! - `but`: of an activity's list, who is told otherwise;
//! - `title`, `at`, `place`, `outcome`, `reason`, `before`, `minutes`, `until`: the facts of the message;
//! - `unit`, `person`: in whose hands it lies, told by name;
//! - `need`: what sets this message apart from others about the same thing.

use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;
use zhibu_domain::{
    activity::{Activity, ActivityState, Lifecycle},
    id::{AccountId, ActivityId, DistrictId, OrgUnitId, TypedId},
    notification::{Facts, FeedKind, NotificationKind, Telling, telling},
    policy::{Action, Permit, Subject},
};
use zhibu_persistence::{
    Origin, Tx, activity,
    feed::{self, Change},
    member, notification, organization,
    outbox::Event,
};

use super::tell::{Notice, tell};
use crate::{app::App, call::Call, error::OpError};

/// People who are told in one transaction: many at once would hold up the check-ins.
const TOGETHER: usize = 500;

/// Whom an event concerns, and what is told of it.
struct News<'a> {
    event: &'a Event,
    district: DistrictId,
    accounts: Vec<AccountId>,
    followers: Vec<AccountId>,
    units: Vec<OrgUnitId>,
    facts: Facts,
    telling: Option<&'static Telling>,
    permit: Permit,
}

fn text(payload: &Value, name: &str) -> Option<String> {
    payload.get(name)?.as_str().map(str::to_owned)
}

fn ids<I: TypedId>(payload: &Value, name: &str) -> Vec<I> {
    let listed = payload.get(name).and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|id| Uuid::try_parse(id.as_str()?).ok()).map(I::from_uuid).collect()
}

fn id<I: TypedId>(payload: &Value, name: &str) -> Option<I> {
    Uuid::try_parse(payload.get(name)?.as_str()?).ok().map(I::from_uuid)
}

/// In whose hands a thing lies, by name.
async fn whose(app: &App, district: DistrictId, payload: &Value) -> Result<Option<String>, OpError> {
    let Some(unit) = id(payload, "unit") else { return Ok(None) };
    let unit = organization::unit(&app.store, district, unit).await?.map(|unit| unit.name);
    let person = match id(payload, "person") {
        Some(person) => member::account(&app.store, district, person).await?.map(|account| account.name),
        None => None,
    };
    Ok(Some(unit.into_iter().chain(person).collect::<Vec<_>>().join(" ")))
}

/// Tells those whom an event concerns; answers whose screens have to look. Handed on again, it
/// tells nobody anything twice.
pub async fn hand_on(app: &App, event: &Event) -> Result<BTreeSet<Uuid>, OpError> {
    let district = DistrictId(event.district_id);
    let payload = &event.payload;
    let call = Call::system(district, event.id);
    let mut news = News {
        event,
        district,
        accounts: ids(payload, "accounts"),
        followers: ids(payload, "followers"),
        units: ids(payload, "units"),
        facts: Facts {
            title: text(payload, "title"),
            at: text(payload, "at").and_then(|at| at.parse().ok()),
            place: text(payload, "place"),
            outcome: text(payload, "outcome"),
            reason: text(payload, "reason"),
            before: payload.get("before").and_then(Value::as_i64),
            minutes: payload.get("minutes").and_then(Value::as_i64),
            until: text(payload, "until").and_then(|until| until.parse().ok()),
            ..Facts::default()
        },
        telling: telling(&event.kind),
        permit: call.permit(Action::UseInbox, Subject::default())?,
    };
    if event.kind.starts_with("activity.") {
        news.add_activity(app).await?;
    }
    if !news.accounts.is_empty() && news.telling.is_some() {
        news.facts.whose = whose(app, district, payload).await?;
    }
    let mut owners = news.post_to_boards(app).await?;
    news.accounts.sort();
    news.accounts.dedup();
    let concerned: BTreeSet<_> = news.accounts.iter().chain(&news.followers).copied().collect();
    let concerned: Vec<_> = concerned.into_iter().collect();
    for accounts in concerned.chunks(TOGETHER) {
        news.tell(app, accounts).await?;
    }
    owners.extend(concerned.iter().map(|account| account.0));
    Ok(owners)
}

impl News<'_> {
    async fn begin(&self, app: &App) -> Result<Tx, OpError> {
        let origin = Origin { operation: "handOn", request_id: Some(self.event.id), now: app.now() };
        Ok(app.store.begin(origin).await?)
    }

    fn need(&self, telling: &Telling) -> String {
        let more = text(&self.event.payload, "need");
        telling.need(self.event.id, self.event.subject_id, more.as_deref())
    }

    /// An event of an activity is too small to list everybody on the activity's list: it is read here.
    async fn add_activity(&mut self, app: &App) -> Result<(), OpError> {
        let id = ActivityId(self.event.subject_id);
        let Some(found) = activity::activity(&app.store, self.district, id).await? else { return Ok(()) };
        self.units.push(found.host_unit_id);
        self.units.extend(&found.joint_host_ids);
        if let Some(telling) = self.telling
            && is_news(telling, &found)
            && found.window.ends_at > app.now()
        {
            let mut untold = notification::untold(&app.store, self.district, id, &self.need(telling)).await?;
            let but: Vec<AccountId> = ids(&self.event.payload, "but");
            untold.retain(|account| !but.contains(account));
            self.accounts = untold;
        }
        self.facts = Facts {
            title: Some(found.title),
            at: Some(found.window.starts_at),
            place: found.venue.map(|venue| venue.name),
            reason: match found.lifecycle {
                Lifecycle::Cancelled { reason, .. } => Some(reason),
                _ => None,
            },
            ..Facts::default()
        };
        Ok(())
    }

    fn change(&self) -> Change {
        let activity = || self.event.kind.starts_with("activity.").then_some(ActivityId::KIND);
        let kind = self.telling.map(|telling| telling.subject_kind).or_else(activity);
        let kind = kind.map(str::to_owned).or_else(|| text(&self.event.payload, "subjectKind"));
        Change {
            event: self.event.kind.clone(),
            subject_kind: kind.unwrap_or_default(),
            subject_id: self.event.subject_id,
        }
    }

    /// Puts the event on the boards of its units and of all above them.
    async fn post_to_boards(&self, app: &App) -> Result<BTreeSet<Uuid>, OpError> {
        if self.units.is_empty() {
            return Ok(BTreeSet::new());
        }
        let paths = organization::paths(&app.store, self.district, &self.units).await?;
        let above: BTreeSet<_> = paths.iter().flat_map(|path| path.superiors()).collect();
        let above: Vec<_> = above.into_iter().collect();
        let superiors = organization::units_at(&app.store, self.district, &above).await?;
        let boards: BTreeSet<_> =
            self.units.iter().map(|id| id.0).chain(superiors.iter().map(|unit| unit.id.0)).collect();
        let changes: Vec<_> = boards.iter().map(|board| (*board, self.change())).collect();
        let tx = self.begin(app).await?;
        feed::append(&tx, &self.permit, FeedKind::WorkBoard, &changes).await?;
        tx.commit().await?;
        Ok(boards)
    }

    /// Tells some of those whom it concerns.
    async fn tell(&self, app: &App, accounts: &[AccountId]) -> Result<(), OpError> {
        let is_assignment = self.event.kind.starts_with("assignment.");
        if self.telling.is_none() && !is_assignment {
            return Ok(());
        }
        let tx = self.begin(app).await?;
        if let Some(telling) = self.telling {
            let notice = |account: &AccountId| Notice {
                account: *account,
                subject: self.event.subject_id,
                facts: self.facts.clone(),
            };
            let told = accounts.iter().filter(|account| self.accounts.contains(account));
            let notices = told.map(notice).collect();
            tell(app, &tx, &self.permit, telling, notices, |_| self.need(telling)).await?;
        }
        if is_assignment {
            let changes: Vec<_> = accounts.iter().map(|account| (account.0, self.change())).collect();
            feed::append(&tx, &self.permit, FeedKind::Assignments, &changes).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Whether those on its list are to know of an activity as it stands now, which may be other than
/// when the event was written.
fn is_news(telling: &Telling, activity: &Activity) -> bool {
    match activity.state() {
        ActivityState::Published | ActivityState::Open => {
            matches!(telling.kind, NotificationKind::ActivityPublished | NotificationKind::ActivityMoved)
        }
        // Who never knew of it needn't know that it won't be.
        ActivityState::Cancelled => {
            telling.kind == NotificationKind::ActivityCancelled && activity.is_known()
        }
        ActivityState::Draft | ActivityState::Closed | ActivityState::Archived => false,
    }
}
