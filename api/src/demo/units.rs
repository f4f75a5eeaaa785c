//! The tree of units.

use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::OrgUnitId,
    organization::{CommunityClass, NewOrgUnit, OrgUnit, OrgUnitKind, UnitDomain},
};

use super::{
    DemoError,
    draw::Draw,
    made,
    names::{community, ordinal, subdistrict},
    plan::{BranchPlan, Line, LinePlan, spread},
};

/// The demo district's name and code; no real one has either.
pub const DISTRICT: (&str, &str) = ("云湖区", "330399");

/// A branch and what is inside it.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The branch.
    pub unit: OrgUnit,
    /// Its groups.
    pub groups: Vec<OrgUnit>,
    /// Where its members belong: hubs, else groups, else the branch itself.
    pub homes: Vec<OrgUnit>,
    /// How many.
    pub members: usize,
}

/// What branches stand below, with them.
#[derive(Clone, Debug)]
pub struct Led {
    /// The committee or general branch.
    pub unit: OrgUnit,
    /// The branches.
    pub branches: Vec<Branch>,
}

/// A part of the district's tree.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The district's root, or a subdistrict's work committee.
    pub top: OrgUnit,
    /// All units, superiors first.
    pub units: Vec<OrgUnit>,
    /// By line.
    pub led: Vec<Led>,
    /// Who is guided by whom beside the superior.
    pub guidance: Vec<(OrgUnitId, OrgUnitId)>,
}

struct Naming {
    kind: OrgUnitKind,
    name: String,
    short: String,
    code: String,
    domain: Option<UnitDomain>,
    class: Option<CommunityClass>,
}

struct Founder<'a> {
    draw: &'a mut Draw,
    at: DateTime<Utc>,
    units: Vec<OrgUnit>,
}

impl Tree {
    /// The district's root and the lines right below it.
    pub fn district(draw: &mut Draw, lines: &[LinePlan], at: DateTime<Utc>) -> Result<Self, DemoError> {
        let naming = Naming {
            kind: OrgUnitKind::DistrictCommittee,
            name: format!("中共{}委员会", DISTRICT.0),
            short: DISTRICT.0.to_owned(),
            code: DISTRICT.1.to_owned(),
            domain: None,
            class: None,
        };
        Founder { draw, at, units: Vec::new() }.tree(None, naming, &Place::district(), lines, &[])
    }

    /// The `n`th subdistrict, below the district's `root`; `others` are branches of other parts
    /// that its business district guides.
    pub fn subdistrict(
        draw: &mut Draw,
        n: usize,
        root: &Self,
        lines: &[LinePlan],
        at: DateTime<Utc>,
    ) -> Result<Self, DemoError> {
        let place = Place { name: subdistrict(n), code: format!("S{:02}", n + 1) };
        let naming = Naming {
            kind: OrgUnitKind::PartyWorkCommittee,
            name: format!("中共{}街道工作委员会", place.name),
            short: format!("{}街道", place.name),
            code: place.code.clone(),
            domain: Some(UnitDomain::Subdistrict),
            class: None,
        };
        let others: Vec<_> = root.branches().map(|b| b.unit.id).collect();
        Founder { draw, at, units: Vec::new() }.tree(Some(&root.top), naming, &place, lines, &others)
    }

    /// All branches.
    pub fn branches(&self) -> impl Iterator<Item = &Branch> {
        self.led.iter().flat_map(|led| &led.branches)
    }
}

/// The part of the district that names begin with.
struct Place {
    name: String,
    code: String,
}

impl Place {
    fn district() -> Self {
        Self { name: DISTRICT.0.to_owned(), code: "D".to_owned() }
    }
}

impl Founder<'_> {
    fn tree(
        mut self,
        parent: Option<&OrgUnit>,
        naming: Naming,
        place: &Place,
        lines: &[LinePlan],
        others: &[OrgUnitId],
    ) -> Result<Tree, DemoError> {
        let top = self.found(parent, naming)?;
        let mut tree = Tree { top: top.clone(), units: Vec::new(), led: Vec::new(), guidance: Vec::new() };
        for (n, plan) in lines.iter().enumerate() {
            let naming = line(place, n, plan.line);
            let stem = naming.short.trim_end_matches("社区").to_owned();
            let unit = self.found(Some(&top), naming)?;
            if let Line::Business(guided) = plan.line {
                let own: Vec<_> = tree.branches().map(|b| b.unit.id).collect();
                let lines = others.iter().chain(own.iter().rev()).take(guided);
                tree.guidance.extend(lines.map(|branch| (*branch, unit.id)));
            }
            let mut branches = Vec::with_capacity(plan.branches.len());
            for (b, branch) in plan.branches.iter().enumerate() {
                branches.push(self.branch(&unit, (plan.line, &stem, b + 1), *branch)?);
            }
            tree.led.push(Led { unit, branches });
        }
        tree.units = self.units;
        Ok(tree)
    }

    fn branch(
        &mut self,
        above: &OrgUnit,
        named: (Line, &str, usize),
        plan: BranchPlan,
    ) -> Result<Branch, DemoError> {
        let (line, stem, n) = named;
        let (kind, name, short) = match line {
            Line::Community(_) => {
                let name = above.name.replace("党总支", &format!("第{}党支部", ordinal(n)));
                (OrgUnitKind::PartyBranch, name, format!("{stem}{}支部", ordinal(n)))
            }
            Line::Agency => {
                let name = format!("{}市场监督管理局党支部", DISTRICT.0);
                (OrgUnitKind::PartyBranch, name, "市场监管局支部".to_owned())
            }
            Line::Business(_) => {
                let name = above.name.replace("党委", "联合党支部");
                (OrgUnitKind::JointBranch, name, format!("{stem}联合支部"))
            }
        };
        let code = format!("{}-{n}", above.code);
        let unit = self.inside(above, kind, (name, short, code))?;
        let (mut groups, mut hubs) = (Vec::new(), Vec::new());
        for (g, of_group) in (1..).zip(spread(plan.hubs, plan.groups)) {
            let names = (
                format!("{}第{}党小组", unit.name, ordinal(g)),
                format!("{}{}组", unit.short_name, ordinal(g)),
                format!("{}-{g}", unit.code),
            );
            let group = self.inside(&unit, OrgUnitKind::PartyGroup, names)?;
            for h in 1..=of_group {
                let names = (
                    format!("{}第{}中心户", group.name, ordinal(h)),
                    format!("{}{}户", group.short_name, ordinal(h)),
                    format!("{}-{h}", group.code),
                );
                hubs.push(self.inside(&group, OrgUnitKind::MemberHub, names)?);
            }
            groups.push(group);
        }
        let homes = [hubs, groups.clone(), vec![unit.clone()]].into_iter().find(|homes| !homes.is_empty());
        Ok(Branch { unit, groups, homes: homes.unwrap_or_default(), members: plan.members })
    }

    fn inside(
        &mut self,
        above: &OrgUnit,
        kind: OrgUnitKind,
        names: (String, String, String),
    ) -> Result<OrgUnit, DemoError> {
        let (name, short, code) = names;
        self.found(Some(above), Naming { kind, name, short, code, domain: above.domain, class: None })
    }

    fn found(&mut self, parent: Option<&OrgUnit>, naming: Naming) -> Result<OrgUnit, DemoError> {
        let new = NewOrgUnit {
            id: self.draw.id(),
            kind: naming.kind,
            name: naming.name,
            short_name: Some(naming.short),
            code: Some(naming.code),
            domain: naming.domain,
            community_class: naming.class,
            time_zone: None,
        };
        let unit = made(OrgUnit::found(parent, new, self.at))?;
        self.units.push(unit.clone());
        Ok(unit)
    }
}

fn line(place: &Place, n: usize, line: Line) -> Naming {
    match line {
        Line::Community(class) => {
            let short = format!("{}社区", community(n));
            Naming {
                kind: OrgUnitKind::GeneralBranch,
                name: format!("{}街道{short}党总支", place.name),
                short,
                code: format!("{}-C{:02}", place.code, n + 1),
                domain: Some(UnitDomain::Community),
                class: Some(class),
            }
        }
        Line::Agency => Naming {
            kind: OrgUnitKind::PartyCommittee,
            name: format!("{}直属机关党委", place.name),
            short: "机关党委".to_owned(),
            code: format!("{}-A", place.code),
            domain: Some(UnitDomain::Agency),
            class: None,
        },
        Line::Business(_) => Naming {
            kind: OrgUnitKind::BusinessDistrictCommittee,
            name: format!("{}商圈党委", place.name),
            short: format!("{}商圈", place.name),
            code: format!("{}-M", place.code),
            domain: Some(UnitDomain::Enterprise),
            class: None,
        },
    }
}
