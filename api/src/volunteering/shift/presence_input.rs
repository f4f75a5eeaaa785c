use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::check_in::OfflineScan,
    id::{PartyMemberId, VolunteerShiftId},
};

use super::ops::{RosterEntry, ShiftScan};
use crate::{attendance::OfflineScanInput, graphql::GlobalId};

/// The caller comes to a shift: exactly one of `qr` and `digits`, the latter with `shiftId`. Anything else
/// is refused as `CODE_WRONG`.
#[derive(InputObject)]
pub struct CheckInAtShiftInput {
    /// The text of the scanned QR code; instead of `digits`.
    pub qr: Option<String>,
    /// The six digits shown beside the QR code, together with `shiftId`; instead of `qr`.
    pub digits: Option<String>,
    /// The shift whose `digits` they are; a QR code names its own.
    pub shift_id: Option<GlobalId<VolunteerShiftId>>,
    /// Set when the scan was made without signal and is sent later.
    pub offline: Option<OfflineScanInput>,
    /// That the caller has the skills that the shift needs; asked of who comes without having signed up. Not
    /// kept.
    #[graphql(default)]
    pub has_skills: bool,
}

/// The caller leaves a shift: by at most one of `qr` and `digits`; with `shiftId` alone by a tap.
#[derive(InputObject)]
pub struct CheckOutOfShiftInput {
    /// The text of the scanned QR code.
    pub qr: Option<String>,
    /// The six digits shown beside the QR code, together with `shiftId`.
    pub digits: Option<String>,
    /// The shift; a QR code names its own.
    pub shift_id: Option<GlobalId<VolunteerShiftId>>,
    /// Set when the scan was made without signal and is sent later.
    pub offline: Option<OfflineScanInput>,
}

/// Volunteers whom somebody responsible checks in.
#[derive(InputObject)]
pub struct CheckInVolunteersInput {
    /// At which shift.
    pub shift_id: GlobalId<VolunteerShiftId>,
    /// Who, 1–200; one refusal never holds up the others.
    #[graphql(validator(min_items = 1, max_items = 200))]
    pub member_ids: Vec<GlobalId<PartyMemberId>>,
    /// When they came; now, or the shift's end once it is over, where absent.
    pub at: Option<DateTime<Utc>>,
    /// Why they don't do it themselves, 1–200 characters.
    pub reason: String,
}

/// Volunteers whom somebody responsible checks out.
#[derive(InputObject)]
pub struct CheckOutVolunteersInput {
    /// Of which shift.
    pub shift_id: GlobalId<VolunteerShiftId>,
    /// Who, 1–200; one refusal never holds up the others.
    #[graphql(validator(min_items = 1, max_items = 200))]
    pub member_ids: Vec<GlobalId<PartyMemberId>>,
    /// When they left; now, or the shift's end once it is over, where absent.
    pub at: Option<DateTime<Utc>>,
    /// Why they don't do it themselves, 1–200 characters.
    pub reason: String,
}

fn times(offline: Option<OfflineScanInput>) -> Option<OfflineScan> {
    offline.map(|o| OfflineScan { scanned_at: o.scanned_at, sent_at: o.sent_at })
}

impl CheckInAtShiftInput {
    pub(super) fn scan(self) -> ShiftScan {
        ShiftScan {
            qr: self.qr,
            digits: self.digits,
            shift_id: self.shift_id.map(|id| id.0),
            offline: times(self.offline),
            has_skills: self.has_skills,
        }
    }
}

impl CheckOutOfShiftInput {
    pub(super) fn scan(self) -> ShiftScan {
        ShiftScan {
            qr: self.qr,
            digits: self.digits,
            shift_id: self.shift_id.map(|id| id.0),
            offline: times(self.offline),
            has_skills: false,
        }
    }
}

macro_rules! roster {
    ($($input:ident),+) => {$(
        impl $input {
            pub(super) fn entry(self) -> RosterEntry {
                RosterEntry {
                    shift_id: self.shift_id.0,
                    members: self.member_ids.into_iter().map(|id| id.0).collect(),
                    at: self.at,
                    reason: self.reason,
                }
            }
        }
    )+};
}
roster!(CheckInVolunteersInput, CheckOutVolunteersInput);
