//! The roster over REST, to be kept in step with.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use uuid::Uuid;
use zhibu_domain::{
    id::{OrgUnitId, PartyMemberId},
    member::{MemberStatus, PartyMember},
    policy::Action,
};
use zhibu_persistence::member::{Changed, ChangesFilter, roster_changes};

use super::{named, seen_member};
use crate::{
    graphql::{MAX_PAGE, storable},
    organization::permitted_unit,
    rest::{Answer, Answered, Asked, Id, Moment, Operation, Word, get},
};

/// Longer than any transaction takes: what was written earlier than that can be read.
const OVERLAP: Duration = Duration::minutes(2);

/// The operations on members.
pub fn operations() -> Vec<Operation> {
    vec![
        get(
            "listMembers",
            "/members",
            Action::ViewMember,
            "The roster of a unit and all below it, those that changed last come last. \
             With `updatedSince` only what has changed since, and of who is no longer on it a tombstone: an item \
             without `member`. To keep in step, read all pages, and begin the next time with the `syncedAt` of the \
             first page; what was read twice is the same. For the overseers of the unit.",
            list,
        )
        .links("getMember", &[("id", "$response.body#/items/0/id")])
        .links("listHoursOfMember", &[("id", "$response.body#/items/0/id")]),
        get(
            "getMember",
            "/members/{id}",
            Action::ViewMember,
            "A member's record. For the member, and the overseers of the home unit.",
            one,
        )
        .links("getUnit", &[("id", "$response.body#/unitId")]),
    ]
}

/// A Party member's record.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Member {
    /// Global id.
    id: Id<PartyMemberId>,
    /// Name.
    name: String,
    /// The phone number with its middle hidden; null where none is known.
    masked_phone: Option<String>,
    /// Full or probationary.
    status: Word<MemberStatus>,
    /// Home unit.
    unit_id: Id<OrgUnitId>,
    /// Joined the Party on; null where the roster doesn't tell.
    joined_on: Option<NaiveDate>,
    /// Full member on; null for a probationary member or where the roster doesn't tell.
    full_member_on: Option<NaiveDate>,
    /// Left the roster on; null while on it.
    left_on: Option<NaiveDate>,
    /// Counts the changes.
    version: i32,
}

impl From<PartyMember> for Member {
    fn from(member: PartyMember) -> Self {
        Self {
            id: Id(member.id),
            name: member.name,
            masked_phone: member.phone.map(|phone| phone.masked()),
            status: Word(member.status),
            unit_id: Id(member.unit_id),
            joined_on: member.joined_on,
            full_member_on: member.full_member_on,
            left_on: member.left_on,
            version: member.version,
        }
    }
}

/// How a member stands on the roster that was asked for.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct MemberChange {
    /// The member.
    id: Id<PartyMemberId>,
    /// When this was written.
    updated_at: DateTime<Utc>,
    /// The record; null where the member has left, or is at home elsewhere now.
    member: Option<Member>,
}

/// A page of a roster.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RosterPage {
    /// The members.
    items: Vec<MemberChange>,
    /// The cursor after which the list goes on; null where it has come to its end.
    next: Option<String>,
    /// The `updatedSince` to begin the next time with; keep that of the first page.
    synced_at: DateTime<Utc>,
}

/// Where a change stands in the list: its time and its member. Whatever has its form can be read.
#[derive(Clone, Copy)]
struct Place(DateTime<Utc>, Uuid);

impl Place {
    fn text(self) -> String {
        let mut bytes = self.0.timestamp_micros().to_be_bytes().to_vec();
        bytes.extend(self.1.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (time, id) = bytes.split_first_chunk::<8>()?;
        let latest = storable(DateTime::<Utc>::MAX_UTC).timestamp_micros();
        let at = DateTime::from_timestamp_micros(i64::from_be_bytes(*time).clamp(0, latest))?;
        Some(Self(at, Uuid::from_slice(id).ok()?))
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        Self::read(&text).ok_or_else(|| de::Error::custom("not a cursor"))
    }
}

impl JsonSchema for Place {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Place".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{32}$" })
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    /// Of which unit, and all below it.
    unit_id: Id<OrgUnitId>,
    /// Only what has changed at or after this time, with tombstones.
    updated_since: Option<Moment>,
    /// The most items of the page; 50 where absent.
    #[schemars(range(min = 1, max = MAX_PAGE))]
    limit: Option<u64>,
    /// Only what follows this cursor: the `next` of the page before.
    after: Option<Place>,
}

async fn list(asked: Asked<Wanted>) -> Answered<RosterPage> {
    let wanted = &asked.params;
    let (unit, permit) = permitted_unit(&asked.reads, Action::ViewMember, wanted.unit_id.0).await?;
    let filter = ChangesFilter {
        path: unit.path,
        since: wanted.updated_since.map(|since| since.0),
        after: wanted.after.map(|place| (place.0, place.1)),
        limit: wanted.limit.unwrap_or(50),
    };
    let synced_at = asked.app().now() - OVERLAP;
    let page = roster_changes(&asked.app().store, permit.district_id(), &filter).await?;
    let here = page.rows.iter().filter(|change| change.is_here);
    named(&asked.reads, here.map(|change| change.member.account_id)).await?;
    let last = page.rows.last().filter(|_| page.has_more);
    let next = last.map(|change| Place(change.updated_at, change.member.id.0).text());
    let item = |Changed { member, updated_at, is_here }| MemberChange {
        id: Id(member.id),
        updated_at,
        member: is_here.then(|| member.into()),
    };
    let items = page.rows.into_iter().map(item).collect();
    Ok(Answer { next: next.clone(), ..Answer::of(RosterPage { items, next, synced_at }) })
}

#[derive(Deserialize, JsonSchema)]
struct Which {
    /// Which member.
    id: Id<PartyMemberId>,
}

async fn one(asked: Asked<Which>) -> Answered<Member> {
    let (member, _) = seen_member(&asked.reads, Action::ViewMember, asked.params.id.0).await?;
    named(&asked.reads, [member.account_id]).await?;
    let version = member.version;
    Ok(Answer::of(Member::from(member)).version(version))
}
