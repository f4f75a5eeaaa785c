use crate::{
    id::{
        ActivityId, AssignmentId, OrgUnitId, PartyMemberId, ServiceHourEntryId, TypedId, WebhookEndpointId,
    },
    policy::Action,
    vocabulary,
};

vocabulary! {
    /// What a webhook tells. A message names the thing and its unit, by id; all else is asked for.
    pub enum WebhookEventType {
        /// An activity was made known.
        ActivityPublished = "ACTIVITY_PUBLISHED" => "活动发布", "Activity published";
        /// A known activity has another time, place, agenda or list.
        ActivityChanged = "ACTIVITY_CHANGED" => "活动变更", "Activity changed";
        /// Check-in has begun.
        ActivityOpened = "ACTIVITY_OPENED" => "活动开始签到", "Activity opened";
        /// An activity is over; who was absent is known.
        ActivityClosed = "ACTIVITY_CLOSED" => "活动结束", "Activity closed";
        /// An activity's record is final.
        ActivityArchived = "ACTIVITY_ARCHIVED" => "活动归档", "Activity archived";
        /// A known activity is called off.
        ActivityCancelled = "ACTIVITY_CANCELLED" => "活动取消", "Activity cancelled";
        /// Attendance at an activity was recorded or corrected: of one or of many, so read who.
        AttendanceChanged = "ATTENDANCE_CHANGED" => "考勤变动", "Attendance changed";
        /// A member was entered into a roster, or has come back.
        MemberJoined = "MEMBER_JOINED" => "党员入册", "Member joined";
        /// A member's record has changed, or the member has moved to another unit; the one left is told, too.
        MemberChanged = "MEMBER_CHANGED" => "党员信息变更", "Member changed";
        /// A member has left the roster.
        MemberLeft = "MEMBER_LEFT" => "党员出册", "Member left";
        /// A roster was imported: any member of the unit, or below it, may have changed.
        RosterImported = "ROSTER_IMPORTED" => "名册导入", "Roster imported";
        /// A unit was founded, changed, moved or dissolved.
        UnitChanged = "UNIT_CHANGED" => "组织变动", "Unit changed";
        /// Volunteer hours were reported, or reported anew.
        HoursReported = "HOURS_REPORTED" => "志愿时长填报", "Hours reported";
        /// Volunteer hours were verified, and are in public notice.
        HoursVerified = "HOURS_VERIFIED" => "志愿时长核实", "Hours verified";
        /// Volunteer hours were returned to the member.
        HoursReturned = "HOURS_RETURNED" => "志愿时长退回", "Hours returned";
        /// Volunteer hours count: their public notice is over.
        HoursGranted = "HOURS_GRANTED" => "志愿时长记入", "Hours granted";
        /// Volunteer hours were corrected or objected to, or an objection to them was decided.
        HoursChanged = "HOURS_CHANGED" => "志愿时长变动", "Hours changed";
        /// The member has withdrawn volunteer hours.
        HoursWithdrawn = "HOURS_WITHDRAWN" => "志愿时长撤回", "Hours withdrawn";
        /// An assignment was given to its owner.
        AssignmentDispatched = "ASSIGNMENT_DISPATCHED" => "任务下达", "Assignment dispatched";
        /// An assignment was offered, to be claimed.
        AssignmentOffered = "ASSIGNMENT_OFFERED" => "任务待认领", "Assignment offered";
        /// Something was done with an assignment.
        AssignmentChanged = "ASSIGNMENT_CHANGED" => "任务变动", "Assignment changed";
        /// An assignment was given back to its owner.
        AssignmentReturned = "ASSIGNMENT_RETURNED" => "任务退回", "Assignment returned";
        /// An assignment was cancelled.
        AssignmentCancelled = "ASSIGNMENT_CANCELLED" => "任务撤销", "Assignment cancelled";
        /// An assignment is overdue.
        AssignmentOverdue = "ASSIGNMENT_OVERDUE" => "任务逾期", "Assignment overdue";
        /// A test, sent when it is asked for, to whatever an endpoint listens; it is tried once.
        Ping = "PING" => "测试", "Ping";
    }
}

/// What there is to know of a type.
struct Facts {
    kind: WebhookEventType,
    name: &'static str,
    subject_kind: &'static str,
    action: Action,
    told_by: &'static [&'static str],
}

macro_rules! facts {
    ($($kind:ident = $name:literal, $subject:ty, $action:ident, $told_by:expr;)+) => {
        &[$(Facts {
            kind: WebhookEventType::$kind,
            name: $name,
            subject_kind: <$subject>::KIND,
            action: Action::$action,
            told_by: &$told_by,
        },)+]
    };
}

/// Each type: its name, to what it happens, who may see that, and by which events of the outbox it is told.
const FACTS: &[Facts] = facts! {
    ActivityPublished = "activity.published", ActivityId, ViewActivity, ["activity.published"];
    ActivityChanged = "activity.changed", ActivityId, ViewActivity, ["activity.changed"];
    ActivityOpened = "activity.opened", ActivityId, ViewActivity, ["activity.opened"];
    ActivityClosed = "activity.closed", ActivityId, ViewActivity, ["activity.closed"];
    ActivityArchived = "activity.archived", ActivityId, ViewActivity, ["activity.archived"];
    ActivityCancelled = "activity.cancelled", ActivityId, ViewActivity, ["activity.cancelled"];
    AttendanceChanged = "attendance.changed", ActivityId, ViewAttendance, ["attendance.changed"];
    MemberJoined = "member.joined", PartyMemberId, ViewMember, ["member.entered"];
    MemberChanged = "member.changed", PartyMemberId, ViewMember, ["member.changed"];
    MemberLeft = "member.left", PartyMemberId, ViewMember, ["member.left"];
    RosterImported = "roster.imported", OrgUnitId, ViewMember, ["roster.imported"];
    UnitChanged = "unit.changed", OrgUnitId, ViewUnit, ["unit.changed"];
    HoursReported = "hours.reported", ServiceHourEntryId, ViewHours, ["service_hours.reported"];
    HoursVerified = "hours.verified", ServiceHourEntryId, ViewHours, ["service_hours.verified"];
    HoursReturned = "hours.returned", ServiceHourEntryId, ViewHours, ["service_hours.returned"];
    HoursGranted = "hours.granted", ServiceHourEntryId, ViewHours, ["service_hours.granted"];
    HoursChanged = "hours.changed", ServiceHourEntryId, ViewHours, [
        "service_hours.adjusted", "service_hours.corrected", "service_hours.disputed", "service_hours.undisputed"
    ];
    HoursWithdrawn = "hours.withdrawn", ServiceHourEntryId, ViewHours, ["service_hours.withdrawn"];
    AssignmentDispatched = "assignment.dispatched", AssignmentId, ViewAssignment, ["assignment.dispatched"];
    AssignmentOffered = "assignment.offered", AssignmentId, ViewAssignment, ["assignment.offered"];
    AssignmentChanged = "assignment.changed", AssignmentId, ViewAssignment, ["assignment.changed"];
    AssignmentReturned = "assignment.returned", AssignmentId, ViewAssignment, ["assignment.returned"];
    AssignmentCancelled = "assignment.cancelled", AssignmentId, ViewAssignment, ["assignment.cancelled"];
    AssignmentOverdue = "assignment.overdue", AssignmentId, ViewAssignment, ["assignment.overdue"];
    Ping = "webhook.ping", WebhookEndpointId, ManageWebhook, [];
};

impl WebhookEventType {
    fn facts(self) -> Option<&'static Facts> {
        FACTS.iter().find(|facts| facts.kind == self)
    }

    /// As messages say it: `activity.published`.
    pub fn name(self) -> &'static str {
        self.facts().map_or("", |facts| facts.name)
    }

    /// The kind of thing to which it happens, as in its global id.
    pub fn subject_kind(self) -> &'static str {
        self.facts().map_or("", |facts| facts.subject_kind)
    }

    /// What one must be allowed in the unit to be told.
    pub fn action(self) -> Action {
        self.facts().map_or(Action::ManageWebhook, |facts| facts.action)
    }
}

/// What webhooks tell of an event of the outbox; nothing of most.
pub fn event_type(event: &str) -> Option<WebhookEventType> {
    FACTS.iter().find(|facts| facts.told_by.contains(&event)).map(|facts| facts.kind)
}
