//! Keeps a Party day open, so that whoever starts the demo can check in at once.

use std::collections::HashMap;

use chrono::{DateTime, Duration, DurationRound, Utc};
use uuid::Uuid;
use zhibu_domain::{
    activity::{
        Activity, ActivityKind, ActivityState, Agenda, AgendaTemplate, Audience, NewActivity, NewVenue,
        TimeWindow, expected,
    },
    id::{AccountId, ActivityId, DistrictId, OrgUnitId, TypedId},
    member::{Post, PostKind},
    organization::{OrgUnit, OrgUnitKind},
    policy::Action,
    rule::Rules,
};
use zhibu_persistence::{
    Origin, PageRequest, Store,
    activity::{self, ActivityFilter},
    attendance, member, organization,
};

use super::{DemoError, OPERATION, fill::permit, made};
use crate::{app::civil_day, auth::random::Randomness};

/// How long it is open.
const LENGTH: Duration = Duration::hours(2);
/// One that ends sooner is replaced.
const LEAST: Duration = Duration::minutes(30);

/// The open Party day of each branch of the first subdistrict, and of the branches beside it;
/// branches that have none get one. The first is the first branch's.
pub async fn keep(
    store: &Store,
    district: DistrictId,
    now: DateTime<Utc>,
) -> Result<Vec<(OrgUnitId, ActivityId)>, DemoError> {
    let branches = branches(store, district).await?;
    let mut open = already(store, district, now).await?;
    let missing: Vec<_> = branches.iter().filter(|branch| !open.contains_key(&branch.id)).collect();
    let secretaries = secretaries(store, district, &missing).await?;
    let permit = permit(district, Action::Organize)?;
    let tx = store.begin(Origin { operation: OPERATION, request_id: None, now }).await?;
    let (mut activities, mut lists) = (Vec::new(), Vec::new());
    for branch in missing {
        // A branch whose secretary has been dismissed meanwhile has no Party day.
        let Some(secretary) = secretaries.get(&branch.id) else { continue };
        let day = civil_day(now, &branch.time_zone);
        let (opened, agenda) = party_day(branch, *secretary, now)?;
        let roster =
            attendance::candidates_of_units(&tx, district, std::slice::from_ref(&branch.path), day).await?;
        let list = expected(Audience::Roster, &roster, &[], day);
        lists.extend(list.into_iter().map(|attendee| (opened.id, attendee)));
        open.insert(branch.id, opened.id);
        activities.push((opened, agenda));
    }
    activity::insert_activities(&tx, &permit, &activities, &Rules::defaults()).await?;
    attendance::insert_attendees(&tx, &permit, &lists).await?;
    tx.commit().await?;
    Ok(branches.iter().filter_map(|branch| open.get(&branch.id).map(|id| (branch.id, *id))).collect())
}

async fn branches(store: &Store, district: DistrictId) -> Result<Vec<OrgUnit>, DemoError> {
    let root = organization::root(store, district).await?;
    let root = root.ok_or_else(|| DemoError::fault("the district has no root"))?;
    let units = organization::subtree(store, district, &root.path).await?;
    let mut streets: Vec<_> = units.iter().filter(|u| u.kind == OrgUnitKind::PartyWorkCommittee).collect();
    streets.sort_by_key(|street| street.id);
    let elsewhere = |unit: &OrgUnit| streets.iter().skip(1).any(|street| unit.path.is_within(&street.path));
    let mut branches: Vec<_> =
        units.iter().filter(|u| u.kind.is_branch() && !elsewhere(u)).cloned().collect();
    let first = streets.first();
    branches.sort_by_key(|b| (first.is_some_and(|street| !b.path.is_within(&street.path)), b.id));
    Ok(branches)
}

/// The branches' activities at which one can check in now and for a while.
async fn already(
    store: &Store,
    district: DistrictId,
    now: DateTime<Utc>,
) -> Result<HashMap<OrgUnitId, ActivityId>, DemoError> {
    let filter = ActivityFilter {
        states: vec![ActivityState::Published, ActivityState::Open],
        from: Some(now + LEAST),
        until: Some(now + LENGTH),
        ..ActivityFilter::default()
    };
    let page = activity::activity_page(store, district, filter, PageRequest::first(10_000)).await?;
    let open = page.rows.into_iter().filter(|a| a.accepts_check_in(now));
    Ok(open.map(|a| (a.host_unit_id, a.id)).collect())
}

async fn secretaries(
    store: &Store,
    district: DistrictId,
    branches: &[&OrgUnit],
) -> Result<HashMap<OrgUnitId, AccountId>, DemoError> {
    let ids: Vec<_> = branches.iter().map(|b| b.id).collect();
    let posts = member::posts(store, district, member::HeldOn::Units(&ids)).await?;
    let is_secretary = |post: &&Post| post.kind == PostKind::Secretary && post.ends_on.is_none();
    let held = |(unit, posts): (&Uuid, &Vec<Post>)| {
        posts.iter().find(is_secretary).map(|post| (OrgUnitId(*unit), post.account_id))
    };
    Ok(posts.iter().filter_map(held).collect())
}

fn draw<I: TypedId>(now: DateTime<Utc>) -> I {
    I::from_uuid(Randomness.id(now))
}

fn party_day(
    branch: &OrgUnit,
    secretary: AccountId,
    now: DateTime<Utc>,
) -> Result<(Activity, Agenda), DemoError> {
    let starts_at = now.duration_round_up(Duration::minutes(5)).unwrap_or(now);
    let new = NewActivity {
        id: draw(now),
        host_unit_id: branch.id,
        joint_host_ids: Vec::new(),
        kind: ActivityKind::ThemePartyDay,
        title: "主题党日：今日签到演示".to_owned(),
        description: None,
        theme_id: None,
        occurrence: None,
        window: TimeWindow { starts_at, ends_at: starts_at + LENGTH },
        venue: Some(NewVenue {
            name: "党群服务中心一楼会议室".to_owned(), address: None, fence: None
        }),
        audience: Audience::Roster,
        wants_check_out: true,
        late_after_minutes: None,
        check_in_opens_minutes: None,
        check_in_closes_minutes: None,
        created_by: secretary,
    };
    let planned = made(Activity::plan(new, branch.kind, &Rules::defaults(), now))?;
    let opened = made(made(planned.publish(now))?.open(now))?;
    let agenda =
        Agenda::make(Some(&AgendaTemplate::default()), &[], &["邻里议事".to_owned()], || draw(now));
    Ok((opened, made(agenda)?))
}
