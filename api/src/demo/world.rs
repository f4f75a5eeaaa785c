//! The demo district, drawn part by part: the district itself, then each subdistrict. Names and
//! ids follow from the seed; dates lie before the day on which it is drawn.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    id::{AccountId, DistrictId, OrgUnitId, PartyMemberId},
    member::PostKind,
    organization::DEFAULT_TIME_ZONE,
};
use zhibu_persistence::organization::District;

use super::{
    DemoError,
    draw::Draw,
    people::{Casting, People},
    plan::{Plan, Scale},
    units::{DISTRICT, Tree},
};
use crate::app::civil_day;

/// What a demo is drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// The seed.
    pub seed: u64,
    /// How much.
    pub scale: Scale,
}

/// A part: units and the people in them.
pub struct Part {
    /// Units.
    pub tree: Tree,
    /// People.
    pub people: People,
}

/// The demo district as seen on one day.
pub struct World {
    /// What it is drawn from.
    pub recipe: Recipe,
    /// Its numbers.
    pub plan: Plan,
    /// When it is drawn.
    pub now: DateTime<Utc>,
    /// The day, in the district's time zone.
    pub today: NaiveDate,
    /// When it began to use Zhibu, a month before the first Party day.
    pub since: DateTime<Utc>,
}

impl World {
    /// The demo of a recipe at `now`.
    pub fn new(recipe: Recipe, now: DateTime<Utc>) -> Self {
        let plan = Plan::of(recipe.scale);
        let today = civil_day(now, DEFAULT_TIME_ZONE);
        let first = today.with_day(1).unwrap_or(today);
        let since = first.checked_sub_months(Months::new(plan.months + 1)).unwrap_or(first);
        Self { recipe, plan, now, today, since: since.and_time(NaiveTime::MIN).and_utc() }
    }

    /// The tenant.
    pub fn district(&self) -> District {
        District {
            id: Draw::stream(self.recipe.seed, 0).id::<DistrictId>().0,
            code: DISTRICT.1.to_owned(),
            name: DISTRICT.0.to_owned(),
            time_zone: DEFAULT_TIME_ZONE.to_owned(),
        }
    }

    /// Chance for what a part has done, apart from who is in it.
    pub fn history(&self, part: usize) -> Draw {
        Draw::stream(self.recipe.seed, stream(part) + 1)
    }

    /// Chance for what the members of a part have worked, apart from both.
    pub fn work(&self, part: usize) -> Draw {
        Draw::stream(self.recipe.seed, 1_000 + stream(part))
    }

    /// The district itself.
    pub fn base(&self) -> Result<Part, DemoError> {
        let mut draw = Draw::stream(self.recipe.seed, 1);
        let tree = Tree::district(&mut draw, &self.plan.district, self.since)?;
        let staff = [PostKind::DistrictAdministrator, PostKind::Auditor, PostKind::OfficeStaff];
        self.part(tree, draw, 0, &staff)
    }

    /// The `n`th subdistrict.
    pub fn subdistrict(&self, n: usize, base: &Part) -> Result<Part, DemoError> {
        let mut draw = Draw::stream(self.recipe.seed, stream(n + 1));
        let lines = self.plan.subdistricts.get(n).map_or(&[][..], Vec::as_slice);
        let tree = Tree::subdistrict(&mut draw, n, &base.tree, lines, self.since)?;
        let first = 1_000 + 25_000 * u64::try_from(n).unwrap_or(0);
        self.part(tree, draw, first, &[PostKind::OfficeStaff, PostKind::OfficeStaff])
    }

    fn part(&self, tree: Tree, mut draw: Draw, first: u64, staff: &[PostKind]) -> Result<Part, DemoError> {
        let casting = Casting {
            draw: &mut draw,
            since: self.since,
            today: self.today,
            next_phone: first,
            people: People::default(),
        };
        let people = casting.cast(&tree, staff)?;
        Ok(Part { tree, people })
    }
}

/// Even streams cast, the odd one after each tells the history.
fn stream(part: usize) -> u64 {
    2 + 2 * u64::try_from(part).unwrap_or(0)
}

/// What may be done with an account of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    /// A member, with whatever post inside a branch but its secretary's.
    Member,
    /// A branch's secretary.
    Secretary,
    /// Staff of an office.
    Office,
    /// District administrator.
    Administrator,
    /// Auditor.
    Auditor,
}

/// An account of the demo.
#[derive(Clone, Debug)]
pub struct Someone<'a> {
    /// The account.
    pub id: AccountId,
    /// Name.
    pub name: &'a str,
    /// The national number.
    pub phone: &'a str,
    /// What it may do.
    pub role: Role,
    /// The branch, or the office's unit: id, code and name.
    pub unit: (OrgUnitId, &'a str, &'a str),
    /// The membership.
    pub member: Option<PartyMemberId>,
}

impl Part {
    /// Everybody: staff, then members branch by branch, the secretary first.
    pub fn everybody(&self) -> impl Iterator<Item = Someone<'_>> {
        let staff = self.people.staff.iter().map(|(account, unit, kind)| Someone {
            id: account.id,
            name: &account.name,
            phone: account.phone.as_ref().map_or("", |p| p.national()),
            role: match kind {
                PostKind::DistrictAdministrator => Role::Administrator,
                PostKind::Auditor => Role::Auditor,
                _ => Role::Office,
            },
            unit: (unit.id, &unit.code, &unit.name),
            member: None,
        });
        let members = self.people.rosters.iter().flat_map(|roster| {
            roster.people.iter().enumerate().map(|(n, (account, member))| Someone {
                id: account.id,
                name: &account.name,
                phone: account.phone.as_ref().map_or("", |p| p.national()),
                role: if n == 0 { Role::Secretary } else { Role::Member },
                unit: (roster.unit.id, &roster.unit.code, &roster.unit.name),
                member: Some(member.id),
            })
        });
        staff.chain(members)
    }
}
