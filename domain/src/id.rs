//! Typed identifiers: UUIDv7, made by the shell and passed in.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What all typed identifiers share.
pub trait TypedId: Copy + Eq + Send + Sync + 'static {
    /// The name of the identified kind, as in the API's type name.
    const KIND: &'static str;
    /// The bare UUID.
    fn uuid(self) -> Uuid;
    /// Gives a bare UUID its type.
    fn from_uuid(uuid: Uuid) -> Self;
}

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident = $kind:literal;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl TypedId for $name {
            const KIND: &'static str = $kind;
            fn uuid(self) -> Uuid { self.0 }
            fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
    )+};
}

ids! {
    /// The tenant: a county-level district (区县), R47.
    DistrictId = "District";
    /// A unit of the tree of Party organizations.
    OrgUnitId = "OrgUnit";
    /// A person who can sign in, or could: member, volunteer, staff, resident.
    AccountId = "Account";
    /// A Party member's record.
    PartyMemberId = "PartyMember";
    /// An exemption of a member from a duty.
    ExemptionId = "Exemption";
    /// A post held from–to on a unit.
    PostId = "Post";
    /// One sign-in on one device.
    SessionId = "Session";
    /// A gathering.
    ActivityId = "Activity";
    /// An item of an activity's agenda.
    ActivityItemId = "ActivityItem";
    /// A member's attendance of an activity.
    AttendanceId = "Attendance";
    /// A check-in that the organizer has to decide.
    CheckInClaimId = "CheckInClaim";
    /// A member's request for leave.
    LeaveRequestId = "LeaveRequest";
    /// A fixed Party day that recurs.
    RecurrenceId = "Recurrence";
    /// A theme issued for branches to adopt.
    ThemeId = "Theme";
    /// An entry of the audit.
    AuditEntryId = "AuditEntry";
    /// A piece of work that somebody must do.
    AssignmentId = "Assignment";
    /// What assignments are made of again and again.
    AssignmentTemplateId = "AssignmentTemplate";
    /// An event of the outbox.
    EventId = "Event";
    /// A member's service of some hours.
    ServiceHourEntryId = "ServiceHourEntry";
    /// A member's objection to an entry in public notice.
    ObjectionId = "Objection";
    /// A line of the ledger of hours.
    HourLedgerLineId = "HourLedgerLine";
    /// Something that a person is told.
    NotificationId = "Notification";
    /// A unit's team of volunteers.
    VolunteerTeamId = "VolunteerTeam";
    /// Somebody's time in a team of volunteers.
    VolunteerTeamMemberId = "VolunteerTeamMember";
    /// Something that volunteers do in shifts.
    VolunteerProjectId = "VolunteerProject";
    /// Some hours of a project for which volunteers sign up.
    VolunteerShiftId = "VolunteerShift";
    /// A member's place in a shift, or in the row of those who wait.
    SignUpId = "SignUp";
    /// A sheet of what a member's services came to on a day.
    ServiceRecordSheetId = "ServiceRecordSheet";
    /// Verified hours, taken out for the national system.
    ServiceHourExportId = "ServiceHourExport";
    /// What a script or another system was given.
    TokenGrantId = "TokenGrant";
    /// A person's WeChat account, bound to their account.
    WeChatBindingId = "WeChatBinding";
    /// A room's screen, opened for one activity.
    BoardId = "Board";
    /// The address of a calendar that a phone reads.
    CalendarLinkId = "CalendarLink";
    /// A month report that is taken out as a spreadsheet.
    ReportExportId = "ReportExport";
    /// Where another system is told of what has happened.
    WebhookEndpointId = "WebhookEndpoint";
    /// A message to such an endpoint.
    WebhookDeliveryId = "WebhookDelivery";
}
