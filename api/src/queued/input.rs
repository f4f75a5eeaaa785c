use async_graphql::{InputObject, OneofObject};
use chrono::{DateTime, Utc};
use uuid::Uuid;
use zhibu_domain::{
    activity::check_in::{OfflineScan, QrPayload},
    id::VolunteerShiftId,
};

use crate::{
    assignment::{
        AcceptAssignmentInput, AssignmentReasonInput, AssignmentStepInput, ReportProgressInput,
        SubmitAssignmentInput,
    },
    attendance::PositionInput,
    check_in::ops::Scan,
    graphql::Each,
    volunteering::{ReportServiceHoursInput, shift::ops::ShiftScan},
};

/// A scan of the code in the meeting room, kept by the phone.
#[derive(InputObject)]
pub struct QueuedCheckInInput {
    /// The text of the scanned QR code.
    pub qr: String,
    /// What the app calls its installation, up to 200 characters; see `CheckInInput`.
    pub device_id: Option<String>,
    /// Where the phone was, if the member chooses to tell.
    pub position: Option<PositionInput>,
}

impl QueuedCheckInInput {
    pub(super) fn scan(self, times: OfflineScan) -> Scan {
        Scan {
            qr: Some(self.qr),
            digits: None,
            activity_id: None,
            device: self.device_id,
            offline: Some(times),
            position: self.position.map(Into::into),
        }
    }
}

/// A scan of the code at a shift, kept by the phone.
#[derive(InputObject)]
pub struct QueuedShiftScanInput {
    /// The text of the scanned QR code.
    pub qr: String,
    /// That the volunteer has the skills that the shift needs; see `CheckInAtShiftInput`.
    #[graphql(default)]
    pub has_skills: bool,
}

impl QueuedShiftScanInput {
    pub(super) fn scan(self, times: OfflineScan) -> ShiftScan {
        ShiftScan {
            qr: Some(self.qr),
            digits: None,
            shift_id: None,
            offline: Some(times),
            has_skills: self.has_skills,
        }
    }
}

/// What a phone did: exactly one of these.
#[derive(OneofObject)]
pub enum QueuedDeedInput {
    /// It scanned the code in the meeting room.
    CheckIn(QueuedCheckInInput),
    /// It scanned the code at a shift when its holder came.
    CheckInAtShift(QueuedShiftScanInput),
    /// It scanned the code at a shift when its holder left.
    CheckOutOfShift(QueuedShiftScanInput),
    /// Its holder reported volunteer hours. The action's id serves as `clientMutationId` where none is given.
    ReportServiceHours(ReportServiceHoursInput),
    /// Its holder took an assignment on. Leave the `version` of this and the following deeds out where an
    /// earlier action of the same assignment waits, too.
    AcceptAssignment(AcceptAssignmentInput),
    /// Its holder didn't take an assignment on.
    DeclineAssignment(AssignmentReasonInput),
    /// Its holder began an assignment.
    StartAssignment(AssignmentStepInput),
    /// Its holder told how far an assignment is. The action's id serves as `clientMutationId` where none is
    /// given.
    ReportProgress(ReportProgressInput),
    /// Its holder handed an assignment in.
    SubmitAssignment(SubmitAssignmentInput),
}

impl QueuedDeedInput {
    /// The assignment or shift with which a step was taken: a later one comes after it.
    pub(super) fn follows(&self) -> Option<Uuid> {
        match self {
            Self::CheckIn(_) | Self::ReportServiceHours(_) => None,
            Self::CheckInAtShift(deed) | Self::CheckOutOfShift(deed) => {
                QrPayload::<VolunteerShiftId>::parse(&deed.qr).map(|code| code.subject.0)
            }
            Self::AcceptAssignment(deed) => Some(deed.id.0.0),
            Self::DeclineAssignment(deed) => Some(deed.id.0.0),
            Self::StartAssignment(deed) => Some(deed.id.0.0),
            Self::ReportProgress(deed) => Some(deed.id.0.0),
            Self::SubmitAssignment(deed) => Some(deed.id.0.0),
        }
    }
}

/// Something that a phone did without signal.
#[derive(InputObject)]
pub struct QueuedActionInput {
    /// The client's id of this action, 1–64 characters: new for each action, the same each time it is sent.
    pub client_action_id: String,
    /// When it was done, by the phone's own clock. Counts for check-ins, where the code bounds it; whatever
    /// else was done counts from when the server hears of it.
    pub at: DateTime<Utc>,
    /// What was done.
    pub deed: QueuedDeedInput,
}

/// What a phone did without signal, in the order in which it was done.
#[derive(InputObject)]
pub struct SendQueuedInput {
    /// The phone's clock when it sends this, taken anew at every try: tells how wrong it is.
    pub sent_at: DateTime<Utc>,
    /// The actions, at most 100. One with an id, a time or a number that can't be read is answered by itself,
    /// too.
    pub actions: Vec<Each<QueuedActionInput>>,
}
