mod again;
mod files;
mod people;
mod rows;

use chrono::NaiveDate;
use uuid::Uuid;

use super::*;
use crate::{
    id::{AccountId, OrgUnitId, PartyMemberId},
    member::PartyMember,
    organization::OrgUnitKind,
};

pub(super) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()
}

/// Units 1–3: two branches and a group; 4: their committee, which shares a short name with 1.
pub(super) fn units() -> Vec<RosterUnit> {
    let unit = |n: u128, code: &str, name: &str, short: &str, kind| RosterUnit {
        id: OrgUnitId(Uuid::from_u128(n)),
        code: code.into(),
        name: name.into(),
        short_name: short.into(),
        kind,
    };
    vec![
        unit(1, "DS-01", "东升社区第一党支部", "东升社区", OrgUnitKind::PartyBranch),
        unit(2, "DS-02", "东升社区第二党支部（联合）", "第二党支部", OrgUnitKind::JointBranch),
        unit(3, "DS-01-1", "第一党小组", "第一党小组", OrgUnitKind::PartyGroup),
        unit(4, "DS", "东升社区党委", "东升社区", OrgUnitKind::PartyCommittee),
        unit(5, "XH-02", "西湖社区第二党支部", "第二党支部", OrgUnitKind::PartyBranch),
    ]
}

/// A sheet of text; `|` separates cells, the first line has number 1, blank lines are dropped.
pub(super) fn sheet(text: &str) -> Sheet {
    let cell = |text: &str| match text.trim_matches(' ') {
        "" => Cell::Empty,
        text => Cell::Text(text.into()),
    };
    let rows = text.trim_matches('\n').lines().enumerate();
    let rows = rows.filter(|(_, line)| !line.trim().is_empty()).map(|(index, line)| SheetRow {
        number: u32::try_from(index).unwrap() + 1,
        cells: line.split('|').map(cell).collect(),
    });
    Sheet { name: "名册".into(), rows: rows.collect() }
}

/// Writes a plan, as the shell would.
pub(super) fn apply(plan: &RosterPlan, mut roster: Vec<PartyMember>) -> Vec<PartyMember> {
    let units = units();
    let kind = |id| units.iter().find(|u| u.id == id).unwrap().kind;
    for planned in &plan.changed {
        let member = roster.iter_mut().find(|m| m.id == planned.member_id).unwrap();
        let home = planned.change.unit_id.unwrap_or(member.unit_id);
        *member = member.clone().change(planned.change.clone(), kind(home), today()).unwrap();
    }
    for (_, new) in &plan.new {
        let n = roster.len() as u128 + 1_000;
        let (id, account) = (PartyMemberId(Uuid::from_u128(n)), AccountId(Uuid::from_u128(n)));
        roster.push(PartyMember::enter(id, account, new.clone(), kind(new.unit_id), today()).unwrap());
    }
    let mut phones: Vec<_> = roster.iter().filter_map(|m| m.phone.clone()).collect();
    phones.sort();
    assert!(phones.windows(2).all(|pair| pair[0] != pair[1]), "a phone has one owner");
    roster
}

pub(super) fn plan_of(text: &str, existing: &[PartyMember]) -> RosterPlan {
    plan(&sheet(text), &units(), existing, today()).unwrap()
}

/// The roster that a sheet without errors makes.
pub(super) fn roster_of(text: &str) -> Vec<PartyMember> {
    let plan = plan_of(text, &[]);
    assert_eq!(plan.errors, []);
    apply(&plan, Vec::new())
}

/// Errors as `row column CODE [other row]`.
pub(super) fn errors(plan: &RosterPlan) -> Vec<String> {
    let line = |issue: &RosterIssue| {
        let other = issue.other_row.map(|row| format!(" {row}")).unwrap_or_default();
        format!("{} {} {}{other}", issue.row, issue.header, issue.error)
    };
    plan.errors.iter().map(line).collect()
}
