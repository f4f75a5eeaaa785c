//! Units over REST.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    id::OrgUnitId,
    organization::{CommunityClass, OrgUnit, OrgUnitKind, UnitDomain},
    policy::Action,
};
use zhibu_persistence::organization::{UnitFilter, unit_page};

use super::permitted_unit;
use crate::rest::{Answer, Answered, Asked, Id, Operation, PageOf, Paging, Word, get};

/// The operations on units.
pub fn operations() -> Vec<Operation> {
    vec![
        get(
            "listUnits",
            "/units",
            Action::ViewUnit,
            "The units of the district, in order of founding. For anybody signed in.",
            list,
        )
        .links("getUnit", &[("id", "$response.body#/items/0/id")])
        .links("listMembers", &[("unitId", "$response.body#/items/0/id")])
        .links("listActivities", &[("unitId", "$response.body#/items/0/id")])
        .links("listAssignments", &[("unitId", "$response.body#/items/0/id")]),
        get("getUnit", "/units/{id}", Action::ViewUnit, "A unit. For anybody signed in.", one)
            .links("listMembers", &[("unitId", "$response.body#/id")])
            .links("listHours", &[("unitId", "$response.body#/id")]),
    ]
}

/// A Party organization: a unit of the district's tree.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Unit {
    /// Global id: stays through rename, change of type and move.
    id: Id<OrgUnitId>,
    /// The one primary superior; null for the district's root.
    parent_id: Option<Id<OrgUnitId>>,
    /// Type.
    kind: Word<OrgUnitKind>,
    /// Full name.
    name: String,
    /// Short name.
    short_name: String,
    /// Code, unique in the district.
    code: String,
    /// Field of the "1+5"; null where none is set.
    domain: Option<Word<UnitDomain>>,
    /// Class of a community; null for other units.
    community_class: Option<Word<CommunityClass>>,
    /// IANA time zone of its civil dates.
    time_zone: String,
    /// When it was founded in Zhibu.
    created_at: DateTime<Utc>,
    /// When it was dissolved; null while it lives.
    dissolved_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    version: i32,
}

impl From<OrgUnit> for Unit {
    fn from(unit: OrgUnit) -> Self {
        Self {
            id: Id(unit.id),
            parent_id: unit.parent_id.map(Id),
            kind: Word(unit.kind),
            name: unit.name,
            short_name: unit.short_name,
            code: unit.code,
            domain: unit.domain.map(Word),
            community_class: unit.community_class.map(Word),
            time_zone: unit.time_zone,
            created_at: unit.created_at,
            dissolved_at: unit.dissolved_at,
            version: unit.version,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    #[serde(flatten)]
    paging: Paging,
    /// Only this unit and all below it.
    within: Option<Id<OrgUnitId>>,
    /// Only units of this type.
    kind: Option<Word<OrgUnitKind>>,
    /// The dissolved ones as well.
    #[serde(default)]
    dissolved: bool,
}

async fn list(asked: Asked<Wanted>) -> Answered<PageOf<Unit>> {
    let Wanted { paging, within, kind, dissolved } = asked.params;
    let scope = asked.call().scope(Action::ViewUnit)?;
    let subtree = match within {
        Some(id) => Some(permitted_unit(&asked.reads, Action::ViewUnit, id.0).await?.0.path),
        // A token has one subtree, everybody else the whole district.
        None => scope.subtrees.and_then(|reach| reach.into_iter().next()),
    };
    let filter = UnitFilter { subtree, kind: kind.map(|kind| kind.0), dissolved, ..UnitFilter::default() };
    let page = unit_page(&asked.app().store, scope.district_id, filter, paging.request()).await?;
    Ok(Answer::page(PageOf::of(page, |unit| unit.id.0, Unit::from)))
}

#[derive(Deserialize, JsonSchema)]
struct Which {
    /// Which unit.
    id: Id<OrgUnitId>,
}

async fn one(asked: Asked<Which>) -> Answered<Unit> {
    let (unit, _) = permitted_unit(&asked.reads, Action::ViewUnit, asked.params.id.0).await?;
    let version = unit.version;
    Ok(Answer::of(Unit::from(unit)).version(version))
}
