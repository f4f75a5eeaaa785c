//! What members and branches were given to do: a task now and then from the secretary, and one of
//! the district that a subdistrict has handed down to each of its branches.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use zhibu_domain::{
    assignment::{
        Addressee, Assignment, AssignmentKind, AssignmentPriority, AssignmentTerms, Command, Evidence,
        Measure, NewAssignment, Part, Placement, Step,
    },
    id::AccountId,
    organization::OrgUnit,
    rule::Rules,
};

use super::{
    DemoError,
    draw::Draw,
    history::{local, month_ago},
    made,
    people::Roster,
};

/// What is to be done, how many, of what.
const TASKS: [(&str, i64, &str); 6] = [
    ("入户走访困难党员", 3, "户"),
    ("更新党务公开栏", 1, "期"),
    ("收集居民意见", 5, "条"),
    ("张贴防火宣传材料", 10, "处"),
    ("整理党员档案", 8, "份"),
    ("联系流动党员", 2, "人"),
];
/// Of a hundred members so many are given a task in a month.
const GIVEN: usize = 8;

/// An assignment with its history.
pub type Told = (Assignment, Vec<Step>);

/// An assignment that is being told, step by step.
struct Tale {
    assignment: Assignment,
    steps: Vec<Step>,
    rules: Rules,
}

impl Tale {
    fn draft(new: NewAssignment, at: DateTime<Utc>) -> Result<Self, DemoError> {
        let (assignment, step) = made(Assignment::draft(new, at))?;
        Ok(Self { assignment, steps: vec![step], rules: Rules::defaults() })
    }

    fn then(mut self, command: Command, by: AccountId, at: DateTime<Utc>) -> Result<Self, DemoError> {
        let (after, step) = made(self.assignment.apply(command, by, &self.rules, at))?;
        self.assignment = after;
        self.steps.push(step);
        Ok(self)
    }

    /// Whatever was to be told of it until `now` has been told.
    fn end(mut self, now: DateTime<Utc>) -> Told {
        while let Some(alert) = self.assignment.due_alert(&self.rules, now) {
            self.assignment = self.assignment.alerted(alert, alert.at());
        }
        (self.assignment, self.steps)
    }
}

fn terms(kind: AssignmentKind, title: &str, target: i64, unit: &str) -> AssignmentTerms {
    let measure = Measure { text: title.to_owned(), target, unit: unit.to_owned() };
    AssignmentTerms {
        kind,
        title: title.to_owned(),
        description: None,
        basis: None,
        measure: Some(measure),
        priority: AssignmentPriority::Normal,
        checklist: Vec::new(),
        evidence_wanted: None,
    }
}

const ACCEPT: Command = Command::Accept { measure: None, due_at: None };

/// The tasks that a branch's secretary gave its members in the `months` before `today`'s and in it.
pub fn tasks(
    draw: &mut Draw,
    roster: &Roster,
    months: u32,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Vec<Told>, DemoError> {
    let mut told = Vec::new();
    let Some((secretary, _)) = roster.people.first() else { return Ok(told) };
    for ago in (0..=months).rev() {
        let first = month_ago(today, ago);
        for (account, member) in roster.people.iter().skip(1) {
            let given_on = first.checked_add_days(Days::new(u64::try_from(draw.below(25)).unwrap_or(0)));
            let given_at = local(given_on.unwrap_or(first), 9, 0);
            if !draw.percent(GIVEN) || given_at > now {
                continue;
            }
            let (title, target, unit) = TASKS.get(draw.below(TASKS.len())).copied().unwrap_or_default();
            let new = NewAssignment {
                id: draw.id(),
                issuer_unit_id: roster.unit.id,
                placement: Placement {
                    unit_id: member.unit_id,
                    addressee: Addressee::Member { owner: account.id },
                },
                parent_id: None,
                terms: terms(AssignmentKind::Task, title, target, unit),
                due_at: given_at + Duration::days(14),
                issued_by: secretary.id,
            };
            let tale = Tale::draft(new, given_at)?.then(Command::Dispatch, secretary.id, given_at)?;
            told.push(done(draw, tale, secretary.id, now)?.end(now));
        }
    }
    Ok(told)
}

/// As far as the owner has come by `now`: most are done in time, a few never.
fn done(draw: &mut Draw, tale: Tale, verifier: AccountId, now: DateTime<Utc>) -> Result<Tale, DemoError> {
    let (given_at, luck) = (tale.assignment.created_at, draw.below(100));
    let Some(owner) = tale.assignment.owner() else { return Ok(tale) };
    let after = |days: i64| Some(given_at + Duration::days(days)).filter(|at| *at <= now);
    let Some(at) = after(1).filter(|_| luck >= 2) else { return Ok(tale) };
    let tale = tale.then(ACCEPT, owner, at)?;
    let Some(at) = after(4).filter(|_| luck >= 4) else { return Ok(tale) };
    let target = tale.assignment.terms.measure.as_ref().map_or(1, |measure| measure.target);
    let half = Command::Report { note: None, amount: Some(target / 2), done: None };
    let tale = tale.then(half, owner, at)?;
    let Some(at) = after(10).filter(|_| luck >= 7) else { return Ok(tale) };
    let evidence = Evidence { text: Some("已完成，情况良好。".to_owned()), references: Vec::new() };
    let tale = tale.then(Command::Submit { evidence, amount: Some(target) }, owner, at)?;
    match after(12).filter(|_| luck >= 9) {
        Some(at) => tale.then(Command::Verify, verifier, at),
        None => Ok(tale),
    }
}

/// A responsibility that the district gave a subdistrict some days ago, and the subdistrict handed
/// down to its branches: the whole, then the parts.
pub fn handed_down(
    draw: &mut Draw,
    (issuer, administrator): (&OrgUnit, AccountId),
    (street, office): (&OrgUnit, AccountId),
    rosters: &[Roster],
    now: DateTime<Utc>,
) -> Result<Vec<Told>, DemoError> {
    let days = |days: i64| now - Duration::days(days);
    let mut wanted = terms(AssignmentKind::Responsibility, "“双报到”党员联系群众全覆盖", 10, "户");
    wanted.basis = Some("区委组织部年度重点任务清单".to_owned());
    let new = NewAssignment {
        id: draw.id(),
        issuer_unit_id: issuer.id,
        placement: Placement { unit_id: street.id, addressee: Addressee::Unit { owner: office } },
        parent_id: None,
        terms: wanted,
        due_at: now + Duration::days(10),
        issued_by: administrator,
    };
    let whole = Tale::draft(new, days(9))?.then(Command::Dispatch, administrator, days(9))?.then(
        ACCEPT,
        office,
        days(8),
    )?;
    let mut told = Vec::with_capacity(rosters.len() + 1);
    for roster in rosters {
        let Some((secretary, _)) = roster.people.first() else { continue };
        let placement =
            Placement { unit_id: roster.unit.id, addressee: Addressee::Unit { owner: secretary.id } };
        let part = Part { id: draw.id(), placement };
        let (assignment, steps) =
            made(whole.assignment.hand_down(part, None, None, office, &whole.rules, days(8)))?;
        let tale = Tale { assignment, steps, rules: Rules::defaults() };
        told.push(done(draw, tale, office, now)?.end(now));
    }
    let Tale { assignment, mut steps, rules } = whole;
    let (assignment, step) = made(assignment.divided(office, days(8)))?;
    steps.push(step);
    told.insert(0, Tale { assignment, steps, rules }.end(now));
    Ok(told)
}
