use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Serialize;

use super::{HourOrigin, VolunteerStarLevel};
use crate::{
    id::{AccountId, OrgUnitId, PartyMemberId, ServiceHourEntryId, ServiceRecordSheetId},
    vocabulary,
};

/// The most services that a sheet holds; whoever has more asks for one year at a time.
pub const MAX_SHEET_LINES: usize = 2_000;

vocabulary! {
    /// What a sheet is worth to who looks it up.
    pub enum RecordSheetState {
        /// It agrees with the ledger.
        Valid = "VALID" => "有效，与时长台账一致", "Valid: it agrees with the ledger";
        /// Hours on it were reversed or recalculated since.
        Superseded = "SUPERSEDED" => "已失效：出具后有时长被冲销或重算", "Superseded: hours on it were reversed or recalculated since";
        /// The member has revoked it.
        Revoked = "REVOKED" => "已由本人作废", "Revoked by the member";
    }
}

vocabulary! {
    /// Why a service record sheet was not issued.
    pub refusal enum RecordSheetRefusal {
        /// Sheets are for Party members.
        NotAMember = "NOT_A_MEMBER" => "只有党员可以出具服务记录单。", "Only Party members have service record sheets here.";
        /// The year lies before 1949 or in the future.
        BadYear = "BAD_YEAR" => "年份无效。", "This is not a year of service.";
        /// No verified hours fall into the period.
        NothingVerified = "NOTHING_VERIFIED" => "该期间没有已入账的服务时长。", "No verified hours fall into this period.";
        /// There are more than 2,000 services in it.
        TooManyServices = "TOO_MANY_SERVICES" => "服务记录超过2000条，请按年度出具。", "There are more than 2,000 services; ask for one year.";
    }
}

/// A service that a sheet lists, and the minutes by which it counted then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetLine {
    /// Which.
    pub entry_id: ServiceHourEntryId,
    /// Where it comes from.
    pub origin: HourOrigin,
    /// The civil day.
    pub served_on: NaiveDate,
    /// The minutes.
    pub minutes: i64,
}

/// Who a sheet is for, and who issues it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetHead {
    /// Identity.
    pub id: ServiceRecordSheetId,
    /// For which member.
    pub member_id: PartyMemberId,
    /// The member's account.
    pub account_id: AccountId,
    /// The member's name.
    pub name: String,
    /// The issuer: the home unit of that day.
    pub unit_id: OrgUnitId,
    /// The year; none is all years.
    pub year: Option<i32>,
    /// The level that all hours of all years come to.
    pub star_level: Option<VolunteerStarLevel>,
    /// The civil day at the issuer.
    pub today: NaiveDate,
}

/// A service record sheet (服务记录单): what of a member's services counted on the day of issue. Never
/// a certificate (R31).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceRecordSheet {
    /// Identity.
    pub id: ServiceRecordSheetId,
    /// For which member.
    pub member_id: PartyMemberId,
    /// The member's account.
    pub account_id: AccountId,
    /// The issuer.
    pub unit_id: OrgUnitId,
    /// The number printed on it.
    pub number: String,
    /// The member's name on that day.
    pub name: String,
    /// The year; none is all years.
    pub year: Option<i32>,
    /// The day of the first service on it.
    pub first_on: NaiveDate,
    /// The day of the last.
    pub last_on: NaiveDate,
    /// How many services.
    pub services: i32,
    /// Their minutes.
    pub minutes: i64,
    /// Those of them that come from shifts; the others were reported by the member.
    pub shift_minutes: i64,
    /// The star level on that day.
    pub star_level: Option<VolunteerStarLevel>,
    /// The civil day of issue.
    pub issued_on: NaiveDate,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// When the member revoked it.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl ServiceRecordSheet {
    /// Issues a sheet of the services that count now.
    pub fn issue(
        head: SheetHead,
        lines: &[SheetLine],
        now: DateTime<Utc>,
    ) -> Result<Self, RecordSheetRefusal> {
        if head.year.is_some_and(|year| !(1949..=head.today.year()).contains(&year)) {
            return Err(RecordSheetRefusal::BadYear);
        }
        let days = lines.iter().map(|line| line.served_on);
        let (Some(first_on), Some(last_on)) = (days.clone().min(), days.max()) else {
            return Err(RecordSheetRefusal::NothingVerified);
        };
        let services = i32::try_from(lines.len()).ok().filter(|_| lines.len() <= MAX_SHEET_LINES);
        let minutes =
            |of: &dyn Fn(&SheetLine) -> bool| lines.iter().filter(|l| of(l)).map(|l| l.minutes).sum();
        Ok(Self {
            number: number(head.today, head.id),
            id: head.id,
            member_id: head.member_id,
            account_id: head.account_id,
            unit_id: head.unit_id,
            name: head.name,
            year: head.year,
            first_on,
            last_on,
            services: services.ok_or(RecordSheetRefusal::TooManyServices)?,
            minutes: minutes(&|_| true),
            shift_minutes: minutes(&|line| line.origin == HourOrigin::Shift),
            star_level: head.star_level,
            issued_on: head.today,
            issued_at: now,
            revoked_at: None,
        })
    }

    /// Revokes it; what is revoked stays as it is.
    pub fn revoke(self, now: DateTime<Utc>) -> Self {
        Self { revoked_at: self.revoked_at.or(Some(now)), ..self }
    }

    /// What it is worth; `agrees` says whether every service on it counts as it did.
    pub fn state(&self, agrees: bool) -> RecordSheetState {
        match (self.revoked_at, agrees) {
            (Some(_), _) => RecordSheetState::Revoked,
            (None, true) => RecordSheetState::Valid,
            (None, false) => RecordSheetState::Superseded,
        }
    }
}

/// The day, and forty of the identity's random bits: no sequence tells how many were issued.
fn number(today: NaiveDate, id: ServiceRecordSheetId) -> String {
    format!("{}-{:010X}", today.format("%Y%m%d"), id.0.as_u128() & 0xff_ffff_ffff)
}

/// A name of which who knows it recognises enough: 王*明.
pub fn masked_name(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    match letters.as_slice() {
        [] | [_] => "*".to_owned(),
        [first, _] => format!("{first}*"),
        [first, .., last] => format!("{first}*{last}"),
    }
}
