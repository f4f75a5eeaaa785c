use sea_orm::FromQueryResult;
use uuid::Uuid;
use zhibu_domain::{
    activity::TimeWindow,
    id::{
        AccountId, DistrictId, HourLedgerLineId, ObjectionId, OrgUnitId, PartyMemberId, ServiceHourEntryId,
        VolunteerShiftId,
    },
    vocabulary::Vocabulary,
    volunteering::{
        HourFlags, HourLedgerLine, HourProgress, HourState, Objection, ObjectionProgress, ObjectionState,
        Posting, Service, ServiceHourEntry, Verification,
    },
};

use crate::{Result, StoreError, row::word};

pub(super) mod entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "service_hour_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub member_id: Uuid,
        pub account_id: Uuid,
        pub unit_id: Uuid,
        pub origin: String,
        pub shift_id: Option<Uuid>,
        pub served_on: Date,
        pub starts_at: DateTimeUtc,
        pub ends_at: DateTimeUtc,
        pub travel_minutes: i64,
        pub minutes: i64,
        pub place: String,
        pub content: String,
        pub beneficiary: String,
        pub beneficiary_count: Option<i32>,
        pub pictures: Json,
        pub flags: i32,
        /// The fewer hints, the calmer: a list in this order begins with the riskiest.
        pub calm: i32,
        pub reported_at: DateTimeUtc,
        pub state: String,
        pub verified_by: Option<Uuid>,
        pub verified_at: Option<DateTimeUtc>,
        pub correction: Option<String>,
        pub publicity_until: Option<DateTimeUtc>,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub reason: Option<String>,
        pub due_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod objection {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "objection")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub entry_id: Uuid,
        pub account_id: Uuid,
        pub reason: String,
        pub raised_at: DateTimeUtc,
        pub state: String,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub answer: Option<String>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod ledger {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "hour_ledger")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub member_id: Uuid,
        pub unit_id: Uuid,
        pub year: i32,
        pub entry_id: Uuid,
        pub kind: String,
        pub before_minutes: i64,
        pub after_minutes: i64,
        pub balance: i64,
        pub posted_by: Option<Uuid>,
        pub reason: Option<String>,
        pub posted_at: DateTimeUtc,
    }
    crate::row::plain_entity!();
}

/// A balance as stored.
#[derive(FromQueryResult)]
pub(super) struct BalanceRow {
    pub member_id: Uuid,
    pub unit_id: Uuid,
    pub year: i32,
    pub minutes: i64,
}

pub(super) fn stored_entry(district: DistrictId, e: &ServiceHourEntry, disputed: bool) -> entry::Model {
    let (decided_by, decided_at, reason) = match &e.progress {
        HourProgress::Reported | HourProgress::InPublicity { .. } => (None, None, None),
        HourProgress::Returned { by, at, reason } | HourProgress::Reversed { by, at, reason, .. } => {
            (Some(by.0), Some(*at), Some(reason.clone()))
        }
        HourProgress::Granted { at, .. } | HourProgress::Withdrawn { at } => (None, Some(*at), None),
    };
    let publicity_until = match &e.progress {
        HourProgress::InPublicity { until, .. } => Some(*until),
        _ => None,
    };
    let verified = e.verification();
    entry::Model {
        district_id: district.0,
        id: e.id.0,
        member_id: e.member_id.0,
        account_id: e.account_id.0,
        unit_id: e.unit_id.0,
        origin: e.origin.code().to_owned(),
        shift_id: e.shift_id.map(|s| s.0),
        served_on: e.served_on,
        starts_at: e.service.window.starts_at,
        ends_at: e.service.window.ends_at,
        travel_minutes: e.service.travel_minutes,
        minutes: e.minutes,
        place: e.service.place.clone(),
        content: e.service.content.clone(),
        beneficiary: e.service.beneficiary.clone(),
        beneficiary_count: e.service.beneficiary_count,
        pictures: serde_json::json!(e.service.pictures),
        flags: e.flags.stored(),
        calm: -e.flags.count(),
        reported_at: e.reported_at,
        state: e.state().code().to_owned(),
        verified_by: verified.map(|v| v.by.0),
        verified_at: verified.map(|v| v.at),
        correction: verified.and_then(|v| v.correction.clone()),
        publicity_until,
        decided_by,
        decided_at,
        reason,
        due_at: e.due_at(disputed),
        version: e.version,
    }
}

fn read_progress(row: &entry::Model) -> Result<HourProgress> {
    let lacks = || StoreError::Unreadable("HourProgress");
    let at = || row.decided_at.ok_or_else(lacks);
    let by = || row.decided_by.map(AccountId).ok_or_else(lacks);
    let verified = || {
        Ok::<_, StoreError>(Verification {
            by: AccountId(row.verified_by.ok_or_else(lacks)?),
            at: row.verified_at.ok_or_else(lacks)?,
            correction: row.correction.clone(),
        })
    };
    let reason = row.reason.clone().unwrap_or_default();
    Ok(match word(&row.state)? {
        HourState::Reported => HourProgress::Reported,
        HourState::Returned => HourProgress::Returned { by: by()?, at: at()?, reason },
        HourState::InPublicity => {
            HourProgress::InPublicity { verified: verified()?, until: row.publicity_until.ok_or_else(lacks)? }
        }
        HourState::Granted => HourProgress::Granted { verified: verified()?, at: at()? },
        HourState::Reversed => HourProgress::Reversed { verified: verified()?, by: by()?, at: at()?, reason },
        HourState::Withdrawn => HourProgress::Withdrawn { at: at()? },
    })
}

pub(super) fn read_entry(row: entry::Model) -> Result<ServiceHourEntry> {
    let progress = read_progress(&row)?;
    let pictures = serde_json::from_value(row.pictures);
    Ok(ServiceHourEntry {
        id: ServiceHourEntryId(row.id),
        member_id: PartyMemberId(row.member_id),
        account_id: AccountId(row.account_id),
        unit_id: OrgUnitId(row.unit_id),
        origin: word(&row.origin)?,
        shift_id: row.shift_id.map(VolunteerShiftId),
        served_on: row.served_on,
        service: Service {
            window: TimeWindow { starts_at: row.starts_at, ends_at: row.ends_at },
            travel_minutes: row.travel_minutes,
            place: row.place,
            content: row.content,
            beneficiary: row.beneficiary,
            beneficiary_count: row.beneficiary_count,
            pictures: pictures.map_err(|_| StoreError::Unreadable("ServiceHourEntry.pictures"))?,
        },
        minutes: row.minutes,
        flags: HourFlags::from_stored(row.flags),
        reported_at: row.reported_at,
        progress,
        version: row.version,
    })
}

pub(super) fn stored_objection(district: DistrictId, o: &Objection) -> objection::Model {
    let (decided_by, decided_at, answer) = match &o.progress {
        ObjectionProgress::Open => (None, None, None),
        ObjectionProgress::Decided { by, at, answer, .. } => (Some(by.0), Some(*at), Some(answer.clone())),
        ObjectionProgress::Lapsed { at, answer } => (None, Some(*at), answer.clone()),
    };
    objection::Model {
        district_id: district.0,
        id: o.id.0,
        entry_id: o.entry_id.0,
        account_id: o.account_id.0,
        reason: o.reason.clone(),
        raised_at: o.raised_at,
        state: o.state().code().to_owned(),
        decided_by,
        decided_at,
        answer,
        version: o.version,
    }
}

pub(super) fn read_objection(row: objection::Model) -> Result<Objection> {
    let lacks = || StoreError::Unreadable("ObjectionProgress");
    let decided = |upheld| {
        Ok::<_, StoreError>(ObjectionProgress::Decided {
            upheld,
            by: AccountId(row.decided_by.ok_or_else(lacks)?),
            at: row.decided_at.ok_or_else(lacks)?,
            answer: row.answer.clone().unwrap_or_default(),
        })
    };
    let progress = match word(&row.state)? {
        ObjectionState::Open => ObjectionProgress::Open,
        ObjectionState::Upheld => decided(true)?,
        ObjectionState::Dismissed => decided(false)?,
        ObjectionState::Lapsed => {
            ObjectionProgress::Lapsed { at: row.decided_at.ok_or_else(lacks)?, answer: row.answer.clone() }
        }
    };
    Ok(Objection {
        id: ObjectionId(row.id),
        entry_id: ServiceHourEntryId(row.entry_id),
        account_id: AccountId(row.account_id),
        reason: row.reason,
        raised_at: row.raised_at,
        progress,
        version: row.version,
    })
}

pub(super) fn stored_line(district: DistrictId, line: &HourLedgerLine) -> ledger::Model {
    let posting = &line.posting;
    ledger::Model {
        district_id: district.0,
        id: line.id.0,
        member_id: posting.member_id.0,
        unit_id: posting.unit_id.0,
        year: posting.year,
        entry_id: posting.entry_id.0,
        kind: posting.kind.code().to_owned(),
        before_minutes: posting.before,
        after_minutes: posting.after,
        balance: line.balance,
        posted_by: posting.by.map(|a| a.0),
        reason: posting.reason.clone(),
        posted_at: posting.at,
    }
}

pub(super) fn read_line(row: ledger::Model) -> Result<HourLedgerLine> {
    Ok(HourLedgerLine {
        id: HourLedgerLineId(row.id),
        posting: Posting {
            entry_id: ServiceHourEntryId(row.entry_id),
            member_id: PartyMemberId(row.member_id),
            unit_id: OrgUnitId(row.unit_id),
            year: row.year,
            kind: word(&row.kind)?,
            before: row.before_minutes,
            after: row.after_minutes,
            by: row.posted_by.map(AccountId),
            reason: row.reason,
            at: row.posted_at,
        },
        balance: row.balance,
    })
}
