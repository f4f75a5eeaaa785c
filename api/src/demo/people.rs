//! Members, staff and their posts.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use zhibu_domain::{
    id::AccountId,
    member::{
        Account, BirthMonth, ContactLanguage, EducationLevel, Exemption, ExemptionKind, MemberStatus,
        NewMember, PartyMember, PhoneNumber, Post, PostKind, Sex,
    },
    organization::OrgUnit,
};

use super::{
    DemoError,
    draw::Draw,
    made, names,
    plan::EXEMPT_FROM,
    units::{Branch, Tree},
};

/// The demo's numbers begin with this one: 190 0000 0000.
const FIRST_PHONE: u64 = 19_000_000_000;

/// The members of a branch; the first is its secretary.
#[derive(Clone, Debug)]
pub struct Roster {
    /// The branch.
    pub unit: OrgUnit,
    /// Its members with their accounts.
    pub people: Vec<(Account, PartyMember)>,
    /// Who is exempt from what.
    pub exemptions: Vec<(Exemption, AccountId)>,
}

/// Everybody of a part of the tree.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// By branch.
    pub rosters: Vec<Roster>,
    /// Who isn't a member: offices' staff, administrator, auditor. The post names the unit.
    pub staff: Vec<(Account, OrgUnit, PostKind)>,
    /// All posts.
    pub posts: Vec<Post>,
}

/// Draws people.
pub struct Casting<'a> {
    /// Chance.
    pub draw: &'a mut Draw,
    /// When the district began to use Zhibu.
    pub since: DateTime<Utc>,
    /// Today.
    pub today: NaiveDate,
    /// The next number to give, counted from the demo's first.
    pub next_phone: u64,
    /// What has been cast.
    pub people: People,
}

impl Casting<'_> {
    /// Casts all rosters of a tree and the staff of its top unit.
    pub fn cast(mut self, tree: &Tree, staff: &[PostKind]) -> Result<People, DemoError> {
        for kind in staff {
            let sex = self.sex();
            let account = self.account(sex)?;
            self.post(account.id, &tree.top, *kind);
            self.people.staff.push((account, tree.top.clone(), *kind));
        }
        for led in &tree.led {
            let first = self.people.rosters.len();
            for branch in &led.branches {
                let roster = self.roster(branch)?;
                self.people.rosters.push(roster);
            }
            // The secretary of the line's first branch leads the line as well.
            let lead = self.people.rosters.get(first).and_then(|r| r.people.first());
            if let Some(lead) = lead.map(|(account, _)| account.id) {
                self.post(lead, &led.unit, PostKind::Secretary);
            }
        }
        // One of the office instructs the last branch.
        let office = self.people.staff.iter().rfind(|(_, _, kind)| *kind == PostKind::OfficeStaff);
        if let (Some(office), Some(branch)) = (office.map(|o| o.0.id), tree.branches().last()) {
            self.post(office, &branch.unit, PostKind::Instructor);
        }
        Ok(self.people)
    }

    fn roster(&mut self, branch: &Branch) -> Result<Roster, DemoError> {
        let mut people = Vec::with_capacity(branch.members);
        for home in branch.homes.iter().cycle().take(branch.members) {
            people.push(self.member(home)?);
        }
        let account = |n: usize| people.get(n).map(|(account, _): &(Account, PartyMember)| account.id);
        // The organization commissioner assists in the grid too (S4-13).
        let committee = [
            (0, PostKind::Secretary),
            (1, PostKind::DeputySecretary),
            (2, PostKind::OrganizationCommissioner),
            (2, PostKind::GridAssistant),
        ];
        for (n, kind) in committee {
            if let Some(holder) = account(n) {
                self.post(holder, &branch.unit, kind);
            }
        }
        for group in &branch.groups {
            let mut homes = branch.homes.iter().cycle().take(branch.members);
            if let Some(holder) = homes.position(|home| home.path.is_within(&group.path)).and_then(account) {
                self.post(holder, group, PostKind::GroupLeader);
            }
        }
        let exemptions = self.exemptions(&people)?;
        Ok(Roster { unit: branch.unit.clone(), people, exemptions })
    }

    /// The last member of a larger branch isn't expected, the one before is free of study hours.
    fn exemptions(
        &mut self,
        people: &[(Account, PartyMember)],
    ) -> Result<Vec<(Exemption, AccountId)>, DemoError> {
        if people.len() < EXEMPT_FROM {
            return Ok(Vec::new());
        }
        let kinds = [
            (ExemptionKind::NotExpected, "长期在外疗养，经支部党员大会同意"),
            (ExemptionKind::StudyHours, "年老体弱"),
        ];
        let mut exemptions = Vec::new();
        for ((account, member), (kind, reason)) in people.iter().rev().zip(kinds) {
            let (id, member_id, starts_on) = (self.draw.id(), member.id, self.since.date_naive());
            let new = Exemption { id, member_id, kind, reason: reason.to_owned(), starts_on, ends_on: None };
            exemptions.push((made(new.grant())?, account.id));
        }
        Ok(exemptions)
    }

    fn sex(&mut self) -> Sex {
        if self.draw.percent(38) { Sex::Female } else { Sex::Male }
    }

    fn account(&mut self, sex: Sex) -> Result<Account, DemoError> {
        self.next_phone += 1;
        let phone = PhoneNumber::parse(&(FIRST_PHONE + self.next_phone).to_string());
        Ok(Account {
            id: self.draw.id(),
            name: names::person(self.draw, sex),
            phone: Some(phone.ok_or_else(|| DemoError::fault("a demo number isn't one"))?),
            language: ContactLanguage::Zh,
            created_at: self.since,
        })
    }

    fn member(&mut self, home: &OrgUnit) -> Result<(Account, PartyMember), DemoError> {
        let sex = self.sex();
        let account = self.account(sex)?;
        let probation = self.draw.percent(3).then(|| self.draw.below(300) + 30);
        let born = self.draw.between(1940, 2000);
        let month = u32::try_from(self.draw.between(1, 12)).unwrap_or(1);
        let joined = (born + self.draw.between(20, 40)).min(2023);
        let day = u64::try_from(self.draw.between(0, 363)).unwrap_or(0);
        let joined = NaiveDate::from_ymd_opt(joined, 1, 1).and_then(|d| d.checked_add_days(Days::new(day)));
        let full = joined.and_then(|d| d.with_year(d.year() + 1));
        let recently = |days: usize| self.today.checked_sub_days(Days::new(u64::try_from(days).unwrap_or(0)));
        let new = NewMember {
            name: account.name.clone(),
            phone: account.phone.clone(),
            status: if probation.is_some() { MemberStatus::Probationary } else { MemberStatus::Full },
            unit_id: home.id,
            joined_on: probation.map_or(joined, recently),
            full_member_on: if probation.is_some() { None } else { full },
            sex: Some(sex),
            birth: BirthMonth::new(born, month, self.today),
            education: Some(self.education(born)),
        };
        let member = made(PartyMember::enter(self.draw.id(), account.id, new, home.kind, self.today))?;
        Ok((account, member))
    }

    fn education(&mut self, born: i32) -> EducationLevel {
        use EducationLevel::*;
        let usual = if born < 1965 {
            [Primary, JuniorMiddle, JuniorMiddle, SeniorMiddle, JuniorCollege]
        } else {
            [SeniorMiddle, JuniorCollege, Bachelor, Bachelor, Master]
        };
        usual.get(self.draw.below(usual.len())).copied().unwrap_or(Bachelor)
    }

    fn post(&mut self, account_id: AccountId, unit: &OrgUnit, kind: PostKind) {
        let (id, unit_id, starts_on) = (self.draw.id(), unit.id, self.since.date_naive());
        self.people.posts.push(Post { id, account_id, unit_id, kind, starts_on, ends_on: None });
    }
}
