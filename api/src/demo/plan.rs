//! How much the demo holds: the one place with its numbers.

use serde::{Deserialize, Serialize};
use zhibu_domain::organization::CommunityClass::{self, Emerging, Resettlement, VillageConverted};

/// How large a demo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// A few branches, to look around in: 112 members, 3 months.
    Branch,
    /// A large subdistrict: 64 communities, 300 branches, 20,000 members, 12 months.
    Street,
    /// A city's worth: 25 such subdistricts.
    City,
}

/// A branch: how many members, in how many groups, with how many hubs among these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BranchPlan {
    /// Members.
    pub members: usize,
    /// Groups.
    pub groups: usize,
    /// Hubs, spread over the groups.
    pub hubs: usize,
}

/// What branches stand below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A community's general branch below the subdistrict, of a class.
    Community(CommunityClass),
    /// The agencies' committee, right below the district.
    Agency,
    /// The business district's committee, which also guides so many branches of other lines.
    Business(usize),
}

/// A line with its branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePlan {
    /// What they stand below.
    pub line: Line,
    /// The branches.
    pub branches: Vec<BranchPlan>,
}

/// The whole demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Months of Party days that have been held, one a month and branch.
    pub months: u32,
    /// What stands right below the district.
    pub district: Vec<LinePlan>,
    /// The subdistricts.
    pub subdistricts: Vec<Vec<LinePlan>>,
}

/// Branches of one community (S4-10) have at least so many members for one to be exempt.
pub const EXEMPT_FROM: usize = 12;

impl Plan {
    /// The plan of a scale.
    pub fn of(scale: Scale) -> Self {
        match scale {
            Scale::Branch => Self { months: 3, district: vec![agency()], subdistricts: vec![small()] },
            Scale::Street => Self { months: 12, district: Vec::new(), subdistricts: vec![street()] },
            Scale::City => Self { months: 12, district: Vec::new(), subdistricts: vec![street(); 25] },
        }
    }

    /// All lines.
    pub fn lines(&self) -> impl Iterator<Item = &LinePlan> {
        self.district.iter().chain(self.subdistricts.iter().flatten())
    }

    /// All branches.
    pub fn branches(&self) -> impl Iterator<Item = &BranchPlan> {
        self.lines().flat_map(|line| &line.branches)
    }

    /// Party days that have been held.
    pub fn held(&self) -> usize {
        self.branches().count() * usize::try_from(self.months).unwrap_or(0)
    }

    /// Members on the lists of all Party days that have been held.
    pub fn listed(&self) -> usize {
        self.branches().map(|b| b.members).sum::<usize>() * usize::try_from(self.months).unwrap_or(0)
    }
}

/// 瑞祥 with its four levels (S4-10), a community without hubs, a business district.
fn small() -> Vec<LinePlan> {
    let ruixiang = spread(51, 4).into_iter().map(|hubs| BranchPlan { members: 18, groups: 3, hubs });
    let jinxiu = BranchPlan { members: 12, groups: 2, hubs: 0 };
    vec![
        LinePlan { line: Line::Community(Emerging), branches: ruixiang.collect() },
        LinePlan { line: Line::Community(Resettlement), branches: vec![jinxiu; 2] },
        LinePlan { line: Line::Business(3), branches: vec![BranchPlan { members: 8, groups: 0, hubs: 0 }] },
    ]
}

fn agency() -> LinePlan {
    LinePlan { line: Line::Agency, branches: vec![BranchPlan { members: 8, groups: 0, hubs: 0 }] }
}

/// 64 communities of three classes (S3-09), a business district of eleven branches (S3-13).
fn street() -> Vec<LinePlan> {
    let classes = [Emerging, VillageConverted, Resettlement];
    let mut members = spread(20_000, 300).into_iter();
    let communities = spread(300, 64).into_iter().zip(classes.into_iter().cycle());
    let mut lines: Vec<_> = communities
        .map(|(branches, class)| LinePlan {
            line: Line::Community(class),
            branches: members
                .by_ref()
                .take(branches)
                .map(|members| BranchPlan { members, groups: 3, hubs: 0 })
                .collect(),
        })
        .collect();
    lines.push(LinePlan { line: Line::Business(11), branches: Vec::new() });
    lines
}

/// `total` in `parts` that differ by one at most, the larger first.
pub fn spread(total: usize, parts: usize) -> Vec<usize> {
    let (each, rest) = (total / parts.max(1), total % parts.max(1));
    (0..parts).map(|n| each + usize::from(n < rest)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(plan: &Plan) -> [usize; 5] {
        let communities = plan.lines().filter(|l| matches!(l.line, Line::Community(_))).count();
        let members = plan.branches().map(|b| b.members).sum();
        [communities, plan.branches().count(), members, plan.held(), plan.listed()]
    }

    #[test]
    fn a_street_is_as_large_as_promised() {
        let street = Plan::of(Scale::Street);
        assert_eq!(count(&street), [64, 300, 20_000, 3_600, 240_000]);
        for class in [Emerging, VillageConverted, Resettlement] {
            let of_class = street.lines().filter(|l| l.line == Line::Community(class)).count();
            assert!((21..=22).contains(&of_class));
        }
    }

    #[test]
    fn a_city_is_twenty_five_streets() {
        let street = count(&Plan::of(Scale::Street));
        assert_eq!(count(&Plan::of(Scale::City)), street.map(|n| n * 25));
    }

    #[test]
    fn a_small_demo_has_the_four_levels_of_ruixiang() {
        let plan = Plan::of(Scale::Branch);
        assert_eq!(count(&plan), [2, 8, 112, 24, 336]);
        let ruixiang = &plan.subdistricts[0][0].branches;
        let sum = |of: fn(&BranchPlan) -> usize| ruixiang.iter().map(of).sum::<usize>();
        assert_eq!((ruixiang.len(), sum(|b| b.groups), sum(|b| b.hubs)), (4, 12, 51));
        assert!(ruixiang.iter().all(|b| b.members >= b.hubs));
    }
}
