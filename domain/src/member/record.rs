use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::{MemberRefusal as Refusal, PhoneNumber};
use crate::{
    id::{AccountId, ExemptionId, OrgUnitId, PartyMemberId},
    organization::OrgUnitKind,
    text, vocabulary,
};

vocabulary! {
    /// Whether a member has the rights of a full member (党章, Ch. 1).
    pub enum MemberStatus {
        /// Full member (正式党员).
        Full = "FULL" => "正式党员", "Full member";
        /// Probationary member (预备党员): takes part, has no vote.
        Probationary = "PROBATIONARY" => "预备党员", "Probationary member";
    }
}

vocabulary! {
    /// Sex, as the roster states it.
    pub enum Sex {
        /// Female.
        Female = "FEMALE" => "女", "Female";
        /// Male.
        Male = "MALE" => "男", "Male";
    }
}

vocabulary! {
    /// Level of education (学历).
    pub enum EducationLevel {
        /// Primary school or less (小学及以下).
        Primary = "PRIMARY" => "小学及以下", "Primary";
        /// Junior middle school (初中).
        JuniorMiddle = "JUNIOR_MIDDLE" => "初中", "Junior middle";
        /// Senior middle school, technical or vocational school (高中、中专、职高、技校).
        SeniorMiddle = "SENIOR_MIDDLE" => "高中/中专", "Senior middle";
        /// Junior college (大专).
        JuniorCollege = "JUNIOR_COLLEGE" => "大专", "Junior college";
        /// Bachelor (本科).
        Bachelor = "BACHELOR" => "本科", "Bachelor";
        /// Master (硕士研究生).
        Master = "MASTER" => "硕士", "Master";
        /// Doctor (博士研究生).
        Doctor = "DOCTOR" => "博士", "Doctor";
    }
}

vocabulary! {
    /// What a member is exempt from.
    pub enum ExemptionKind {
        /// The yearly study hours (教育管理条例, Art. 23: 年老体弱); still counted in 应到.
        StudyHours = "STUDY_HOURS" => "免学时要求", "Study hours";
        /// Being counted in 应到: long illness, detention, lost contact, by the branch's decision.
        NotExpected = "NOT_EXPECTED" => "不计应到", "Not expected";
        /// The vote: 留党察看 keeps the duty to come but not the vote (党纪处分条例, Art. 12).
        NoVote = "NO_VOTE" => "留党察看（无表决权）", "No vote";
    }
}

/// Year and month of birth; the day isn't collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BirthMonth {
    /// Year, 1900 or later.
    pub year: i32,
    /// Month, 1–12.
    pub month: u32,
}

impl BirthMonth {
    /// A month that exists and lies at least 18 years before `today`'s year ends (党章, Art. 1).
    pub fn new(year: i32, month: u32, today: NaiveDate) -> Option<Self> {
        (year >= 1900 && (1..=12).contains(&month) && today.year() - year >= 18)
            .then_some(Self { year, month })
    }

    /// `YYYY-MM`, as stored.
    pub fn stored(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    /// Reads `YYYY-MM`.
    pub fn from_stored(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        Some(Self { year: year.parse().ok()?, month: month.parse().ok()? })
    }
}

/// A Party member's record: what the glossary lists, and nothing more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartyMember {
    /// Identity.
    pub id: PartyMemberId,
    /// The person's account.
    pub account_id: AccountId,
    /// Name.
    pub name: String,
    /// Mobile number; elders may have none.
    pub phone: Option<PhoneNumber>,
    /// Full or probationary.
    pub status: MemberStatus,
    /// Home unit.
    pub unit_id: OrgUnitId,
    /// Joined the Party on (入党日期).
    pub joined_on: Option<NaiveDate>,
    /// Became a full member on (转正日期); Party standing (党龄) counts from here.
    pub full_member_on: Option<NaiveDate>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Year and month of birth.
    pub birth: Option<BirthMonth>,
    /// Level of education.
    pub education: Option<EducationLevel>,
    /// Left the roster on: transferred out, died, removed. The record stays for the figures.
    pub left_on: Option<NaiveDate>,
    /// Counts the changes.
    pub version: i32,
}

/// What is said of a new member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMember {
    /// Name.
    pub name: String,
    /// Mobile number.
    pub phone: Option<PhoneNumber>,
    /// Full or probationary.
    pub status: MemberStatus,
    /// Home unit.
    pub unit_id: OrgUnitId,
    /// Joined on.
    pub joined_on: Option<NaiveDate>,
    /// Full member on.
    pub full_member_on: Option<NaiveDate>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Birth month.
    pub birth: Option<BirthMonth>,
    /// Education.
    pub education: Option<EducationLevel>,
}

/// A change of a member: what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// New name.
    pub name: Option<String>,
    /// New phone; `Some(None)` removes it.
    pub phone: Option<Option<PhoneNumber>>,
    /// New status.
    pub status: Option<MemberStatus>,
    /// New home unit.
    pub unit_id: Option<OrgUnitId>,
    /// New joining date.
    pub joined_on: Option<NaiveDate>,
    /// New date of full membership.
    pub full_member_on: Option<NaiveDate>,
    /// New sex.
    pub sex: Option<Sex>,
    /// New birth month.
    pub birth: Option<BirthMonth>,
    /// New education.
    pub education: Option<EducationLevel>,
    /// Left the roster on.
    pub left_on: Option<NaiveDate>,
}

impl PartyMember {
    /// Enters a member into the roster of a unit of type `unit_kind`.
    pub fn enter(
        id: PartyMemberId,
        account_id: AccountId,
        new: NewMember,
        unit_kind: OrgUnitKind,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        if !unit_kind.holds_members() {
            return Err(Refusal::NotABranch);
        }
        Self {
            id,
            account_id,
            name: text::line(&new.name, 50).ok_or(Refusal::BadName)?,
            phone: new.phone,
            status: new.status,
            unit_id: new.unit_id,
            joined_on: new.joined_on,
            full_member_on: new.full_member_on,
            sex: new.sex,
            birth: new.birth,
            education: new.education,
            left_on: None,
            version: 1,
        }
        .check(today)
    }

    /// Changes the record. `unit_kind` is the type of the (new) home unit.
    pub fn change(
        mut self,
        change: MemberChange,
        unit_kind: OrgUnitKind,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        if self.left_on.is_some() {
            return Err(Refusal::HasLeft);
        }
        if !unit_kind.holds_members() {
            return Err(Refusal::NotABranch);
        }
        if let Some(name) = change.name {
            self.name = text::line(&name, 50).ok_or(Refusal::BadName)?;
        }
        self.phone = change.phone.unwrap_or(self.phone);
        self.status = change.status.unwrap_or(self.status);
        self.unit_id = change.unit_id.unwrap_or(self.unit_id);
        self.joined_on = change.joined_on.or(self.joined_on);
        self.full_member_on = change.full_member_on.or(self.full_member_on);
        self.sex = change.sex.or(self.sex);
        self.birth = change.birth.or(self.birth);
        self.education = change.education.or(self.education);
        self.left_on = change.left_on.or(self.left_on);
        self.version += 1;
        self.check(today)
    }

    /// Takes back into a roster who had left one (R22). Known by name and phone, the person keeps
    /// both; what isn't said anew stays.
    pub fn come_back(
        self,
        new: NewMember,
        unit_kind: OrgUnitKind,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        if self.left_on.is_none() {
            return Err(Refusal::AlreadyMember);
        }
        if !unit_kind.holds_members() {
            return Err(Refusal::NotABranch);
        }
        // Who is probationary anew has lost the old full membership.
        let full = self.full_member_on.filter(|_| new.status == MemberStatus::Full);
        Self {
            status: new.status,
            unit_id: new.unit_id,
            joined_on: new.joined_on.or(self.joined_on),
            full_member_on: new.full_member_on.or(full),
            sex: new.sex.or(self.sex),
            birth: new.birth.or(self.birth),
            education: new.education.or(self.education),
            left_on: None,
            version: self.version + 1,
            ..self
        }
        .check(today)
    }

    fn check(self, today: NaiveDate) -> Result<Self, Refusal> {
        let future = |day: Option<NaiveDate>| day.is_some_and(|d| d > today);
        if future(self.joined_on) || future(self.full_member_on) || future(self.left_on) {
            return Err(Refusal::DateInFuture);
        }
        if let (Some(joined), Some(full)) = (self.joined_on, self.full_member_on)
            && full < joined
        {
            return Err(Refusal::FullBeforeJoined);
        }
        if self.status == MemberStatus::Probationary && self.full_member_on.is_some() {
            return Err(Refusal::ProbationaryButFull);
        }
        if let (Some(birth), Some(joined)) = (self.birth, self.joined_on)
            && joined.year() - birth.year < 18
        {
            return Err(Refusal::TooYoung);
        }
        Ok(self)
    }
}

/// An exemption with its reason and period; whole civil days, both inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exemption {
    /// Identity.
    pub id: ExemptionId,
    /// Whose.
    pub member_id: PartyMemberId,
    /// From what.
    pub kind: ExemptionKind,
    /// Why, in a sentence; no diagnosis is asked for.
    pub reason: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day; open while none.
    pub ends_on: Option<NaiveDate>,
}

impl Exemption {
    /// Checks a new exemption.
    pub fn grant(self) -> Result<Self, Refusal> {
        let reason = text::line(&self.reason, 200).ok_or(Refusal::BadReason)?;
        if self.ends_on.is_some_and(|end| end < self.starts_on) {
            return Err(Refusal::EndsBeforeStart);
        }
        Ok(Self { reason, ..self })
    }

    /// Whether it holds on `day`.
    pub fn in_force(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|end| day <= end)
    }
}
