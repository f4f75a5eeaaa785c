use async_graphql::InputObject;
use zhibu_domain::{
    id::OrgUnitId,
    organization::{
        CommunityClass, NewOrgUnit, OrgUnitChange, OrgUnitKind, OrgUnitRefusal, UnitDomain, check_name,
    },
};

use super::ops::Founding;
use crate::{
    app::App,
    graphql::{GlobalId, Term},
};

/// Which of the two names is at fault, if one is.
pub(super) fn bad_name(name: Option<&String>) -> &'static str {
    if name.is_some_and(|name| check_name(name).is_err()) { "name" } else { "shortName" }
}

/// The input field that a refusal is about; `name` and `place` say which one holds a name, and
/// which one the place in the tree.
pub(super) fn faulty(
    refusal: OrgUnitRefusal,
    name: &'static str,
    place: &'static str,
) -> Option<&'static str> {
    use OrgUnitRefusal::*;
    match refusal {
        BadName => Some(name),
        CodeTaken | BadCode => Some("code"),
        BadTimeZone => Some("timeZone"),
        WrongLevel | Cycle | AlreadyLeads | NotGuided => Some(place),
        LeadsHigherLevel | HoldsMembers => Some("kind"),
        Stale => Some("version"),
        Root | NotEmpty | HasWork | Dissolved => None,
    }
}

/// A new unit.
#[derive(InputObject)]
pub struct CreateOrgUnitInput {
    /// Its superior.
    pub parent_id: GlobalId<OrgUnitId>,
    /// Type; its level must be below the superior's. The levels stand with `OrgUnitKind`.
    pub kind: Term<OrgUnitKind>,
    /// Full name, 1–100 characters.
    pub name: String,
    /// Short name for lists; the full name where absent.
    pub short_name: Option<String>,
    /// Code, unique in the district, 1–32 letters, digits, `-`, `_`; drawn where absent.
    pub code: Option<String>,
    /// Field of the "1+5".
    pub domain: Option<Term<UnitDomain>>,
    /// Class of a community.
    pub community_class: Option<Term<CommunityClass>>,
    /// IANA time zone; the superior's where absent.
    pub time_zone: Option<String>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

impl CreateOrgUnitInput {
    pub(super) fn founding(self, app: &App) -> Founding {
        Founding {
            parent: self.parent_id.0,
            unit: NewOrgUnit {
                id: app.id(),
                kind: self.kind.0,
                name: self.name,
                short_name: self.short_name,
                code: self.code,
                domain: self.domain.map(|d| d.0),
                community_class: self.community_class.map(|c| c.0),
                time_zone: self.time_zone,
            },
        }
    }
}

/// A change of a unit; what is absent stays.
#[derive(InputObject)]
pub struct UpdateOrgUnitInput {
    /// Which.
    pub id: GlobalId<OrgUnitId>,
    /// The version that the client read; refused as `STALE` if it has changed since.
    pub version: Option<i32>,
    /// New type, e.g. when a town becomes a subdistrict. The id and the history stay.
    pub kind: Option<Term<OrgUnitKind>>,
    /// New full name.
    pub name: Option<String>,
    /// New short name.
    pub short_name: Option<String>,
    /// New code.
    pub code: Option<String>,
    /// New field.
    pub domain: Option<Term<UnitDomain>>,
    /// New class.
    pub community_class: Option<Term<CommunityClass>>,
    /// New time zone.
    pub time_zone: Option<String>,
}

impl UpdateOrgUnitInput {
    pub(super) fn change(self) -> OrgUnitChange {
        OrgUnitChange {
            kind: self.kind.map(|k| k.0),
            name: self.name,
            short_name: self.short_name,
            code: self.code,
            domain: self.domain.map(|d| d.0),
            community_class: self.community_class.map(|c| c.0),
            time_zone: self.time_zone,
        }
    }
}

/// A unit's new superior.
#[derive(InputObject)]
pub struct MoveOrgUnitInput {
    /// Which.
    pub id: GlobalId<OrgUnitId>,
    /// The version that the client read; refused as `STALE` if it has changed since.
    pub version: Option<i32>,
    /// The new superior.
    pub parent_id: GlobalId<OrgUnitId>,
}

/// A unit to dissolve.
#[derive(InputObject)]
pub struct DissolveOrgUnitInput {
    /// Which.
    pub id: GlobalId<OrgUnitId>,
    /// The version that the client read; refused as `STALE` if it has changed since.
    pub version: Option<i32>,
}

/// A guidance line beside the primary superior.
#[derive(InputObject)]
pub struct GuidanceInput {
    /// The unit that is guided.
    pub unit_id: GlobalId<OrgUnitId>,
    /// The unit that guides, e.g. a business-district committee.
    pub guide_id: GlobalId<OrgUnitId>,
}

/// The district's own label of a type of unit.
#[derive(InputObject)]
pub struct SetLevelLabelInput {
    /// The type.
    pub kind: Term<OrgUnitKind>,
    /// The label, 1–20 characters; absent: back to the standard one.
    pub label: Option<String>,
}
