use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use sha2::{Digest, Sha256};
use zhibu_domain::{
    calendar::{CalendarLink, CalendarRefusal},
    error_code::ErrorCode,
    id::{CalendarLinkId, DistrictId, OrgUnitId},
    identity::SecretHash,
    organization::OrgUnit,
    policy::{self, Action, Denied, Permit, Subject},
};
use zhibu_persistence::{
    Connect, PageRequest,
    activity::{self, ActivityFilter},
    calendar, organization, volunteering,
};

use super::feed::{Feed, Happening};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    identity,
};

/// Addresses that an account makes in an hour.
const PER_ACCOUNT: u32 = 20;
/// What is over stays in a calendar for so long.
const BEHIND: Duration = Duration::days(90);
/// What a calendar holds at most of a kind, those to come first to go.
const MOST: u64 = 500;

fn digest(token: &str) -> SecretHash {
    SecretHash(Sha256::digest(token.as_bytes()).into())
}

async fn unit(db: &impl Connect, district: DistrictId, id: OrgUnitId) -> Result<OrgUnit, OpError> {
    Ok(organization::unit(db, district, id).await?.ok_or(Denied::Hidden)?)
}

/// Makes an address of the caller's own calendar, or of a unit's whose activities the caller sees; answers
/// its secret, too. It takes the place of the one that the caller had of that calendar.
pub async fn create(
    app: &App,
    call: &Call,
    unit_id: Option<OrgUnitId>,
) -> Result<(CalendarLink, String), Stop<CalendarRefusal>> {
    let tx = app.begin(call, "createCalendarLink").await?;
    let (district, account_id) = (call.district()?, call.person()?.account_id);
    let permit = call.permit(Action::UseCalendar, Subject::owner(account_id))?;
    match unit_id {
        Some(id) => {
            let unit = unit(&tx, district, id).await?;
            call.permit(Action::ViewActivity, Subject::unit(&unit.path))?;
        }
        None => {
            call.person()?.membership.as_ref().ok_or(CalendarRefusal::NotAMember)?;
        }
    }
    let often = app.auth.calendars.admit((district, account_id), PER_ACCOUNT, tx.now());
    often.map_err(|_| OpError::Code(ErrorCode::RateLimited, "twenty addresses in an hour"))?;
    for before in calendar::links(&tx, district, account_id).await? {
        if before.unit_id == unit_id {
            calendar::revoke_link(&tx, &permit, &before, &before.clone().revoke(tx.now())).await?;
        }
    }
    let link = CalendarLink { id: app.id(), account_id, unit_id, created_at: tx.now(), revoked_at: None };
    let token = URL_SAFE_NO_PAD.encode(app.auth.random.bytes::<32>());
    calendar::insert_link(&tx, &permit, &link, digest(&token)).await?;
    tx.commit().await?;
    Ok((link, token))
}

/// Revokes an address of the caller's own.
pub async fn revoke(
    app: &App,
    call: &Call,
    id: CalendarLinkId,
) -> Result<CalendarLink, Stop<CalendarRefusal>> {
    let tx = app.begin(call, "revokeCalendarLink").await?;
    let before = calendar::lock_link(&tx, call.district()?, id).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::UseCalendar, Subject::owner(before.account_id))?;
    let after = before.clone().revoke(tx.now());
    if after != before {
        calendar::revoke_link(&tx, &permit, &before, &after).await?;
        tx.commit().await?;
    }
    Ok(after)
}

/// The calendar of an address. It shows what its owner may see at this moment.
pub async fn feed(app: &App, token: &str) -> Result<Feed, OpError> {
    let gone = || {
        OpError::Code(ErrorCode::LinkExpired, "the address was revoked, or its owner may see it no longer")
    };
    let (district, link) = calendar::link_by_token(&app.store, digest(token)).await?.ok_or(Denied::Hidden)?;
    if link.revoked_at.is_some() {
        return Err(gone());
    }
    let owner = identity::in_absence(app, district, link.account_id).await?;
    let permitted = |action, subject: Subject<'_>| -> Result<Permit, OpError> {
        policy::permit(&owner, action, subject).map_err(|_| gone())
    };
    permitted(Action::UseCalendar, Subject::owner(link.account_id))?;
    match link.unit_id {
        Some(id) => {
            let unit = organization::unit(&app.store, district, id).await?.ok_or_else(gone)?;
            permitted(Action::ViewActivity, Subject::unit(&unit.path))?;
            let filter = ActivityFilter { unit: Some(id), ..ActivityFilter::default() };
            let happenings = activities(app, district, filter).await?;
            Ok(Feed { name: unit.name, zone: unit.time_zone, happenings })
        }
        None => {
            let membership = owner.person().and_then(|owner| owner.membership.as_ref()).ok_or_else(gone)?;
            let filter = ActivityFilter { member: Some(membership.member_id), ..ActivityFilter::default() };
            let mut happenings = activities(app, district, filter).await?;
            let since = app.now() - BEHIND;
            let shifts =
                volunteering::places(&app.store, district, membership.member_id, since, MOST).await?;
            happenings.extend(shifts.iter().map(|(shift, name)| Happening::of_shift(shift, name)));
            let zone = unit(&app.store, district, membership.unit_id).await?.time_zone;
            Ok(Feed { name: "支部".to_owned(), zone, happenings })
        }
    }
}

/// What was made known, and what of that was called off.
async fn activities(
    app: &App,
    district: DistrictId,
    filter: ActivityFilter,
) -> Result<Vec<Happening>, OpError> {
    let filter = ActivityFilter { known_only: true, from: Some(app.now() - BEHIND), ..filter };
    let page = activity::activity_page(&app.store, district, filter, PageRequest::first(MOST)).await?;
    Ok(page.rows.iter().map(Happening::of_activity).collect())
}
