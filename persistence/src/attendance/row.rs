use uuid::Uuid;
use zhibu_domain::{
    activity::{
        Attendance, Attendee, CheckInClaim, ClaimProgress, ClaimState, LeaveProgress, LeaveRequest,
        LeaveState, NewClaim,
        check_in::{AttendanceFlags, DeviceMark},
    },
    id::{
        AccountId, ActivityId, AttendanceId, CheckInClaimId, DistrictId, LeaveRequestId, OrgUnitId,
        PartyMemberId,
    },
    vocabulary::Vocabulary,
};

use crate::{
    Result, StoreError,
    row::{word, word_opt},
};

pub(super) mod attendee {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attendee")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub activity_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub member_id: Uuid,
        pub account_id: Uuid,
        pub unit_id: Uuid,
        pub source: String,
        pub counted: bool,
        pub votes: bool,
        pub exclusion: Option<String>,
    }
    crate::row::plain_entity!();
}

pub(super) mod attendance {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attendance")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub activity_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub member_id: Uuid,
        pub id: Uuid,
        pub state: String,
        pub method: Option<String>,
        pub occurred_at: DateTimeUtc,
        pub recorded_at: DateTimeUtc,
        pub recorded_by: Option<Uuid>,
        pub reason: Option<String>,
        pub flags: i32,
        pub nearness: String,
        pub device: Option<i64>,
        pub checked_out_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod leave_request {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "leave_request")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub activity_id: Uuid,
        pub member_id: Uuid,
        pub reason: String,
        pub state: String,
        pub requested_at: DateTimeUtc,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub note: Option<String>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod check_in_claim {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "check_in_claim")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub activity_id: Uuid,
        pub member_id: Uuid,
        pub reason: String,
        pub occurred_at: DateTimeUtc,
        pub received_at: DateTimeUtc,
        pub flags: i32,
        pub nearness: String,
        pub device: Option<i64>,
        pub state: String,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub rejection: Option<String>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) fn stored_attendee(district: DistrictId, activity: ActivityId, a: &Attendee) -> attendee::Model {
    attendee::Model {
        district_id: district.0,
        activity_id: activity.0,
        member_id: a.member_id.0,
        account_id: a.account_id.0,
        unit_id: a.unit_id.0,
        source: a.source.code().to_owned(),
        counted: a.counted,
        votes: a.votes,
        exclusion: a.exclusion.map(|e| e.code().to_owned()),
    }
}

pub(super) fn read_attendee(row: attendee::Model) -> Result<Attendee> {
    Ok(Attendee {
        member_id: PartyMemberId(row.member_id),
        account_id: AccountId(row.account_id),
        unit_id: OrgUnitId(row.unit_id),
        source: word(&row.source)?,
        counted: row.counted,
        votes: row.votes,
        exclusion: word_opt(row.exclusion.as_deref())?,
    })
}

pub(super) fn stored_attendance(district: DistrictId, a: &Attendance) -> attendance::Model {
    attendance::Model {
        district_id: district.0,
        activity_id: a.activity_id.0,
        member_id: a.member_id.0,
        id: a.id.0,
        state: a.state.code().to_owned(),
        method: a.method.map(|m| m.code().to_owned()),
        occurred_at: a.occurred_at,
        recorded_at: a.recorded_at,
        recorded_by: a.recorded_by.map(|b| b.0),
        reason: a.reason.clone(),
        flags: a.flags.stored(),
        nearness: a.nearness.code().to_owned(),
        device: a.device.map(|d| d.0),
        checked_out_at: a.checked_out_at,
        version: a.version,
    }
}

pub(super) fn read_attendance(row: attendance::Model) -> Result<Attendance> {
    Ok(Attendance {
        id: AttendanceId(row.id),
        activity_id: ActivityId(row.activity_id),
        member_id: PartyMemberId(row.member_id),
        state: word(&row.state)?,
        method: word_opt(row.method.as_deref())?,
        occurred_at: row.occurred_at,
        recorded_at: row.recorded_at,
        recorded_by: row.recorded_by.map(AccountId),
        reason: row.reason,
        flags: AttendanceFlags::from_stored(row.flags),
        nearness: word(&row.nearness)?,
        device: row.device.map(DeviceMark),
        checked_out_at: row.checked_out_at,
        version: row.version,
    })
}

pub(super) fn stored_leave(district: DistrictId, l: &LeaveRequest) -> leave_request::Model {
    let (decided_by, decided_at, note) = match &l.progress {
        LeaveProgress::Requested => (None, None, None),
        LeaveProgress::Granted { by, at, note } | LeaveProgress::Refused { by, at, note } => {
            (Some(by.0), Some(*at), note.clone())
        }
        LeaveProgress::Withdrawn { at } => (None, Some(*at), None),
    };
    leave_request::Model {
        district_id: district.0,
        id: l.id.0,
        activity_id: l.activity_id.0,
        member_id: l.member_id.0,
        reason: l.reason.clone(),
        state: l.state().code().to_owned(),
        requested_at: l.requested_at,
        decided_by,
        decided_at,
        note,
        version: l.version,
    }
}

pub(super) fn read_leave(row: leave_request::Model) -> Result<LeaveRequest> {
    let lacks = || StoreError::Unreadable("LeaveProgress");
    let decided = |at: Option<_>, by: Option<Uuid>| {
        Ok::<_, StoreError>((at.ok_or_else(lacks)?, AccountId(by.ok_or_else(lacks)?)))
    };
    let progress = match word(&row.state)? {
        LeaveState::Requested => LeaveProgress::Requested,
        LeaveState::Granted => {
            let (at, by) = decided(row.decided_at, row.decided_by)?;
            LeaveProgress::Granted { by, at, note: row.note }
        }
        LeaveState::Refused => {
            let (at, by) = decided(row.decided_at, row.decided_by)?;
            LeaveProgress::Refused { by, at, note: row.note }
        }
        LeaveState::Withdrawn => LeaveProgress::Withdrawn { at: row.decided_at.ok_or_else(lacks)? },
    };
    Ok(LeaveRequest {
        id: LeaveRequestId(row.id),
        activity_id: ActivityId(row.activity_id),
        member_id: PartyMemberId(row.member_id),
        reason: row.reason,
        requested_at: row.requested_at,
        progress,
        version: row.version,
    })
}

pub(super) fn stored_claim(district: DistrictId, c: &CheckInClaim) -> check_in_claim::Model {
    let (decided_by, decided_at, rejection) = match &c.progress {
        ClaimProgress::Pending => (None, None, None),
        ClaimProgress::Accepted { by, at } => (Some(by.0), Some(*at), None),
        ClaimProgress::Rejected { by, at, reason } => (Some(by.0), Some(*at), Some(reason.clone())),
    };
    check_in_claim::Model {
        district_id: district.0,
        id: c.id.0,
        activity_id: c.claim.activity_id.0,
        member_id: c.claim.member_id.0,
        reason: c.claim.reason.code().to_owned(),
        occurred_at: c.claim.occurred_at,
        received_at: c.claim.received_at,
        flags: c.claim.flags.stored(),
        nearness: c.claim.nearness.code().to_owned(),
        device: c.claim.device.map(|d| d.0),
        state: c.state().code().to_owned(),
        decided_by,
        decided_at,
        rejection,
        version: c.version,
    }
}

pub(super) fn read_claim(row: check_in_claim::Model) -> Result<CheckInClaim> {
    let lacks = || StoreError::Unreadable("ClaimProgress");
    let decided = |at: Option<_>, by: Option<Uuid>| {
        Ok::<_, StoreError>((at.ok_or_else(lacks)?, AccountId(by.ok_or_else(lacks)?)))
    };
    let progress = match word(&row.state)? {
        ClaimState::Pending => ClaimProgress::Pending,
        ClaimState::Accepted => {
            let (at, by) = decided(row.decided_at, row.decided_by)?;
            ClaimProgress::Accepted { by, at }
        }
        ClaimState::Rejected => {
            let (at, by) = decided(row.decided_at, row.decided_by)?;
            ClaimProgress::Rejected { by, at, reason: row.rejection.unwrap_or_default() }
        }
    };
    Ok(CheckInClaim {
        id: CheckInClaimId(row.id),
        claim: NewClaim {
            activity_id: ActivityId(row.activity_id),
            member_id: PartyMemberId(row.member_id),
            reason: word(&row.reason)?,
            occurred_at: row.occurred_at,
            received_at: row.received_at,
            flags: AttendanceFlags::from_stored(row.flags),
            nearness: word(&row.nearness)?,
            device: row.device.map(DeviceMark),
        },
        progress,
        version: row.version,
    })
}
