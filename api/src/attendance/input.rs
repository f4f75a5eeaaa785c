use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::check_in::{AttendanceState, Datum, OfflineScan, Position},
    id::{ActivityId, CheckInClaimId, LeaveRequestId, PartyMemberId},
};

use super::leave::Decision;
use crate::{
    check_in::ops::Scan,
    graphql::{GlobalId, Term},
};

/// A position that the member chose to send. It decides near or far and is then thrown away.
#[derive(InputObject)]
pub struct PositionInput {
    /// Latitude.
    pub latitude: f64,
    /// Longitude.
    pub longitude: f64,
    /// How wrong it may be, in metres.
    pub accuracy_metres: Option<f64>,
    /// The datum: WeChat sends `GCJ02`.
    pub datum: Term<Datum>,
}

/// The times of a scan made without signal, by the phone's own clock.
#[derive(InputObject)]
pub struct OfflineScanInput {
    /// When it scanned.
    pub scanned_at: DateTime<Utc>,
    /// When it sends this; tells how wrong the phone's clock is.
    pub sent_at: DateTime<Utc>,
}

/// A check-in: exactly one of `qr` and `digits`, the latter with `activityId`. Anything else is refused
/// as `CODE_WRONG`.
#[derive(InputObject)]
pub struct CheckInInput {
    /// The text of the scanned QR code; instead of `digits`.
    pub qr: Option<String>,
    /// The six digits shown beside the QR code, together with `activityId`; instead of `qr`.
    pub digits: Option<String>,
    /// The activity whose `digits` they are; a QR code names its own.
    pub activity_id: Option<GlobalId<ActivityId>>,
    /// What the app calls its installation, up to 200 characters. Kept only as a mark within this
    /// activity, to show the organizer when several people used one phone.
    pub device_id: Option<String>,
    /// Set when the scan was made without signal and is sent later.
    pub offline: Option<OfflineScanInput>,
    /// Where the phone is, if the member chooses to tell.
    pub position: Option<PositionInput>,
}

impl From<PositionInput> for Position {
    fn from(p: PositionInput) -> Self {
        Self {
            latitude: p.latitude,
            longitude: p.longitude,
            accuracy_metres: p.accuracy_metres,
            datum: p.datum.0,
        }
    }
}

impl CheckInInput {
    pub(super) fn scan(self) -> Scan {
        Scan {
            qr: self.qr,
            digits: self.digits,
            activity_id: self.activity_id.map(|id| id.0),
            device: self.device_id,
            offline: self.offline.map(|o| OfflineScan { scanned_at: o.scanned_at, sent_at: o.sent_at }),
            position: self.position.map(Into::into),
        }
    }
}

/// Members whom the organizer checks in.
#[derive(InputObject)]
pub struct CheckInMembersInput {
    /// At which activity.
    pub activity_id: GlobalId<ActivityId>,
    /// Who, 1–200; one refusal never holds up the others.
    #[graphql(validator(min_items = 1, max_items = 200))]
    pub member_ids: Vec<GlobalId<PartyMemberId>>,
    /// When they came; now while check-in is open, else the start, where absent.
    pub arrived_at: Option<DateTime<Utc>>,
    /// Why, up to 200 characters; needed to override an earlier record.
    pub reason: Option<String>,
}

/// The caller leaves.
#[derive(InputObject)]
pub struct CheckOutInput {
    /// Which activity.
    pub activity_id: GlobalId<ActivityId>,
}

/// A correction.
#[derive(InputObject)]
pub struct CorrectAttendanceInput {
    /// Of which activity.
    pub activity_id: GlobalId<ActivityId>,
    /// Whose record.
    pub member_id: GlobalId<PartyMemberId>,
    /// What is true.
    pub state: Term<AttendanceState>,
    /// Why, 1–200 characters.
    pub reason: String,
}

/// A request for leave.
#[derive(InputObject)]
pub struct RequestLeaveInput {
    /// From which activity.
    pub activity_id: GlobalId<ActivityId>,
    /// Why, 1–200 characters.
    pub reason: String,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// A decision on leave.
#[derive(InputObject)]
pub struct DecideLeaveInput {
    /// Which request.
    pub id: GlobalId<LeaveRequestId>,
    /// Granted or refused.
    pub granted: bool,
    /// A word to the member, up to 200 characters.
    pub note: Option<String>,
}

impl DecideLeaveInput {
    pub(super) fn decision(self) -> Decision {
        Decision { id: self.id.0, granted: self.granted, note: self.note }
    }
}

/// Decisions on leave.
#[derive(InputObject)]
pub struct DecideLeavesInput {
    /// 1–100 decisions; one refusal never holds up the others.
    #[graphql(validator(min_items = 1, max_items = 100))]
    pub decisions: Vec<DecideLeaveInput>,
}

/// A request to take back.
#[derive(InputObject)]
pub struct WithdrawLeaveInput {
    /// Which.
    pub id: GlobalId<LeaveRequestId>,
}

/// A decision on a check-in that was left to the organizer.
#[derive(InputObject)]
pub struct DecideCheckInClaimInput {
    /// Which.
    pub id: GlobalId<CheckInClaimId>,
    /// Accepted or rejected.
    pub accepted: bool,
    /// Why it is rejected, 1–200 characters.
    pub reason: Option<String>,
}
