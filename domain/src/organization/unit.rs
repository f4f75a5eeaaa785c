use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{CommunityClass, OrgUnitKind, OrgUnitPath, OrgUnitRefusal as Refusal, UnitDomain};
use crate::{id::OrgUnitId, text};

/// The time zone of a unit that names none.
pub const DEFAULT_TIME_ZONE: &str = "Asia/Shanghai";

/// A Party organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrgUnit {
    /// Identity: stays through rename, change of type and move.
    pub id: OrgUnitId,
    /// The one primary superior; none for the district's root.
    pub parent_id: Option<OrgUnitId>,
    /// Place in the tree.
    pub path: OrgUnitPath,
    /// Type.
    pub kind: OrgUnitKind,
    /// Full name.
    pub name: String,
    /// Short name for lists and phones.
    pub short_name: String,
    /// The unit's code in the district, unique.
    pub code: String,
    /// Field of the "1+5".
    pub domain: Option<UnitDomain>,
    /// Class of a community.
    pub community_class: Option<CommunityClass>,
    /// IANA name of the time zone of its civil dates.
    pub time_zone: String,
    /// When it was founded in Zhibu.
    pub created_at: DateTime<Utc>,
    /// When it was dissolved.
    pub dissolved_at: Option<DateTime<Utc>>,
    /// Counts the changes; a writer names the version that it read.
    pub version: i32,
}

/// What a founder says of a new unit.
#[derive(Clone, Debug)]
pub struct NewOrgUnit {
    /// Identity, drawn by the shell.
    pub id: OrgUnitId,
    /// Type.
    pub kind: OrgUnitKind,
    /// Full name.
    pub name: String,
    /// Short name; the full name where absent.
    pub short_name: Option<String>,
    /// Code; drawn from the id where absent.
    pub code: Option<String>,
    /// Field.
    pub domain: Option<UnitDomain>,
    /// Class.
    pub community_class: Option<CommunityClass>,
    /// Time zone; the superior's where absent.
    pub time_zone: Option<String>,
}

/// A change of a unit: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct OrgUnitChange {
    /// New type (e.g. town → subdistrict).
    pub kind: Option<OrgUnitKind>,
    /// New full name.
    pub name: Option<String>,
    /// New short name.
    pub short_name: Option<String>,
    /// New code.
    pub code: Option<String>,
    /// New field.
    pub domain: Option<UnitDomain>,
    /// New class.
    pub community_class: Option<CommunityClass>,
    /// New time zone.
    pub time_zone: Option<String>,
}

/// A unit's name: 1–100 characters, nothing that deceives.
pub fn check_name(name: &str) -> Result<String, Refusal> {
    text::line(name, 100).ok_or(Refusal::BadName)
}

fn check_code(code: &str) -> Result<String, Refusal> {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if (1..=32).contains(&code.len()) && code.chars().all(legal) {
        Ok(code.to_owned())
    } else {
        Err(Refusal::BadCode)
    }
}

fn check_time_zone(name: &str) -> Result<String, Refusal> {
    name.parse::<chrono_tz::Tz>().map(|tz| tz.name().to_owned()).map_err(|_| Refusal::BadTimeZone)
}

fn check_alive(unit: &OrgUnit) -> Result<(), Refusal> {
    if unit.dissolved_at.is_some() { Err(Refusal::Dissolved) } else { Ok(()) }
}

impl OrgUnit {
    /// Founds a unit below `parent`; without one, the district's root.
    pub fn found(parent: Option<&Self>, new: NewOrgUnit, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if let Some(parent) = parent {
            check_alive(parent)?;
            if parent.kind.level() >= new.kind.level() {
                return Err(Refusal::WrongLevel);
            }
        } else if new.kind != OrgUnitKind::DistrictCommittee {
            return Err(Refusal::WrongLevel);
        }
        let name = check_name(&new.name)?;
        let time_zone = match (&new.time_zone, parent) {
            (Some(name), _) => check_time_zone(name)?,
            (None, Some(parent)) => parent.time_zone.clone(),
            (None, None) => DEFAULT_TIME_ZONE.to_owned(),
        };
        let path = OrgUnitPath::of(parent.map(|p| &p.path), new.id.0);
        Ok(Self {
            id: new.id,
            parent_id: parent.map(|p| p.id),
            kind: new.kind,
            short_name: new.short_name.as_deref().map_or_else(|| Ok(name.clone()), check_name)?,
            name,
            code: match &new.code {
                Some(code) => check_code(code)?,
                None => path.as_str().rsplit('/').nth(1).unwrap_or_default().to_owned(),
            },
            path,
            domain: new.domain,
            community_class: new.community_class,
            time_zone,
            created_at: now,
            dissolved_at: None,
            version: 1,
        })
    }

    /// Renames the unit or changes its type and labels. `parent` is its superior,
    /// `lowest_led_level` the smallest level number among the units right below it.
    pub fn change(
        mut self,
        change: OrgUnitChange,
        parent: Option<&Self>,
        lowest_led_level: Option<u8>,
        has_members: bool,
    ) -> Result<Self, Refusal> {
        check_alive(&self)?;
        if let Some(kind) = change.kind.filter(|k| *k != self.kind) {
            let parent = parent.ok_or(Refusal::Root)?;
            if parent.kind.level() >= kind.level() {
                return Err(Refusal::WrongLevel);
            }
            if lowest_led_level.is_some_and(|led| led <= kind.level()) {
                return Err(Refusal::LeadsHigherLevel);
            }
            if has_members && !kind.holds_members() {
                return Err(Refusal::HoldsMembers);
            }
            self.kind = kind;
        }
        if let Some(name) = &change.name {
            self.name = check_name(name)?;
        }
        if let Some(short_name) = &change.short_name {
            self.short_name = check_name(short_name)?;
        }
        if let Some(code) = &change.code {
            self.code = check_code(code)?;
        }
        if let Some(time_zone) = &change.time_zone {
            self.time_zone = check_time_zone(time_zone)?;
        }
        self.domain = change.domain.or(self.domain);
        self.community_class = change.community_class.or(self.community_class);
        self.version += 1;
        Ok(self)
    }

    /// Dissolves the unit once nothing depends on it.
    pub fn dissolve(mut self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        check_alive(&self)?;
        if self.parent_id.is_none() {
            return Err(Refusal::Root);
        }
        self.dissolved_at = Some(now);
        self.version += 1;
        Ok(self)
    }

    /// Moves the unit, with everything below it, under another superior.
    pub fn move_under(mut self, parent: &Self) -> Result<Self, Refusal> {
        check_alive(&self)?;
        check_alive(parent)?;
        if self.parent_id.is_none() {
            return Err(Refusal::Root);
        }
        if parent.path.is_within(&self.path) {
            return Err(Refusal::Cycle);
        }
        if parent.kind.level() >= self.kind.level() {
            return Err(Refusal::WrongLevel);
        }
        self.parent_id = Some(parent.id);
        self.path = place(parent, self.id);
        self.version += 1;
        Ok(self)
    }
}

/// The path of a unit below `parent`.
pub fn place(parent: &OrgUnit, id: OrgUnitId) -> OrgUnitPath {
    OrgUnitPath::of(Some(&parent.path), id.0)
}

/// How much depends on a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dependents {
    /// Live units right below.
    pub units: u64,
    /// Members.
    pub members: u64,
    /// Posts that are held, or will be.
    pub posts: u64,
    /// Volunteers' shifts that aren't over.
    pub shifts: u64,
    /// Assignments that lie with it and aren't done.
    pub assignments: u64,
}

/// Whether a unit may be dissolved: nothing may depend on it.
pub fn check_dissolve(on: Dependents) -> Result<(), Refusal> {
    if on.units + on.members + on.posts > 0 {
        return Err(Refusal::NotEmpty);
    }
    if on.shifts + on.assignments > 0 { Err(Refusal::HasWork) } else { Ok(()) }
}

/// Whether `guide` may guide `unit` beside its superior (e.g. a business-district committee).
pub fn check_guidance(unit: &OrgUnit, guide: &OrgUnit, already: bool) -> Result<(), Refusal> {
    check_alive(unit)?;
    check_alive(guide)?;
    if already || unit.path.is_within(&guide.path) {
        return Err(Refusal::AlreadyLeads);
    }
    if guide.kind.level() >= unit.kind.level() {
        return Err(Refusal::WrongLevel);
    }
    Ok(())
}
