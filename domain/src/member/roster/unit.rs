use std::collections::HashMap;

use super::{RosterRowError as Error, clean::key};
use crate::{id::OrgUnitId, organization::OrgUnitKind};

/// A live unit within the importer's reach.
#[derive(Clone, Debug)]
pub struct RosterUnit {
    /// Identity.
    pub id: OrgUnitId,
    /// Code.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// Type.
    pub kind: OrgUnitKind,
}

/// Finds units by what a roster calls them.
pub(super) struct UnitIndex<'a> {
    by_id: HashMap<OrgUnitId, &'a RosterUnit>,
    codes: HashMap<String, Vec<&'a RosterUnit>>,
    names: HashMap<String, Vec<&'a RosterUnit>>,
    short_names: HashMap<String, Vec<&'a RosterUnit>>,
}

impl<'a> UnitIndex<'a> {
    pub fn new(units: &'a [RosterUnit]) -> Self {
        let by = |text: fn(&RosterUnit) -> &str| {
            let mut map: HashMap<String, Vec<&'a RosterUnit>> = HashMap::new();
            for unit in units {
                map.entry(key(text(unit))).or_default().push(unit);
            }
            map
        };
        Self {
            by_id: units.iter().map(|unit| (unit.id, unit)).collect(),
            codes: by(|unit| &unit.code),
            names: by(|unit| &unit.name),
            short_names: by(|unit| &unit.short_name),
        }
    }

    /// The unit with this identity, if it's within reach.
    pub fn get(&self, id: OrgUnitId) -> Option<&'a RosterUnit> {
        self.by_id.get(&id).copied()
    }

    /// The unit of this code.
    pub fn by_code(&self, code: &str) -> Result<&'a RosterUnit, Error> {
        one(self.codes.get(&key(code)))
    }

    /// The unit of this name: full name before short name before code.
    pub fn by_name(&self, name: &str) -> Result<&'a RosterUnit, Error> {
        let name = key(name);
        let mut error = Error::UnknownUnit;
        for map in [&self.names, &self.short_names, &self.codes] {
            match one(map.get(&name)) {
                Err(Error::UnknownUnit) => {}
                Err(Error::NotABranch) => error = Error::NotABranch,
                found => return found,
            }
        }
        Err(error)
    }
}

/// The one that's meant: a branch and its superior may share a name, but only one holds members.
fn one<'a>(found: Option<&Vec<&'a RosterUnit>>) -> Result<&'a RosterUnit, Error> {
    let found = found.ok_or(Error::UnknownUnit)?;
    let mut homes = found.iter().filter(|unit| unit.kind.holds_members());
    match (homes.next(), homes.next()) {
        (Some(unit), None) => Ok(unit),
        (None, _) => Err(Error::NotABranch),
        (Some(_), Some(_)) => Err(Error::AmbiguousUnit),
    }
}
