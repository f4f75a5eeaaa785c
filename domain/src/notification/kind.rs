use uuid::Uuid;

use crate::{
    id::{
        AccountId, ActivityId, AssignmentId, ObjectionId, ServiceHourEntryId, SignUpId, TypedId,
        VolunteerShiftId, WebhookEndpointId,
    },
    vocabulary,
    vocabulary::Vocabulary,
};

vocabulary! {
    /// What a notification tells. Its label is the notification's title.
    pub enum NotificationKind {
        /// An activity at which the person is expected, or a guest, was made known.
        ActivityPublished = "ACTIVITY_PUBLISHED" => "活动通知", "An activity";
        /// An activity that the person was told of won't take place. Can't be muted: whoever isn't told
        /// goes there in vain.
        ActivityCancelled = "ACTIVITY_CANCELLED" => "活动取消", "An activity is called off";
        /// An activity that the person was told of takes place at another time or in another place. Can't be
        /// muted: whoever isn't told goes there in vain.
        ActivityMoved = "ACTIVITY_MOVED" => "活动时间地点变更", "An activity has moved";
        /// The person's request for leave was granted or refused.
        LeaveDecided = "LEAVE_DECIDED" => "请假审批结果", "Your leave was decided";
        /// A check-in of the person's that was left to the organizer was decided.
        CheckInClaimDecided = "CHECK_IN_CLAIM_DECIDED" => "签到核定结果", "Your check-in was decided";
        /// An organizer has corrected the person's record. Can't be muted: nobody's record is changed
        /// behind their back.
        AttendanceCorrected = "ATTENDANCE_CORRECTED" => "考勤更正", "Your attendance was corrected";
        /// The person has a new assignment. Can't be muted: it waits to be accepted or declined.
        AssignmentDispatched = "ASSIGNMENT_DISPATCHED" => "新任务", "A new assignment";
        /// An assignment that concerns the person has changed.
        AssignmentChanged = "ASSIGNMENT_CHANGED" => "任务变动", "An assignment has changed";
        /// An assignment of the person's was given back: it isn't good enough yet, or isn't done any more. Can't
        /// be muted: there is something to do.
        AssignmentReturned = "ASSIGNMENT_RETURNED" => "任务退回补办", "An assignment is yours again";
        /// An assignment of the person's isn't to be done any more, or not by them. Can't be muted: whoever
        /// isn't told works in vain.
        AssignmentCancelled = "ASSIGNMENT_CANCELLED" => "任务撤销", "An assignment is called off";
        /// Something was offered that the person's branch may claim.
        AssignmentOffered = "ASSIGNMENT_OFFERED" => "可认领任务", "Something to claim";
        /// An assignment of the person's is due soon.
        AssignmentDueSoon = "ASSIGNMENT_DUE_SOON" => "任务即将到期", "An assignment is due soon";
        /// An assignment of the person's is overdue.
        AssignmentOverdue = "ASSIGNMENT_OVERDUE" => "任务已逾期", "An assignment is overdue";
        /// An overdue assignment was handed up to the person as the superior.
        AssignmentEscalated = "ASSIGNMENT_ESCALATED" => "逾期任务上报", "An overdue assignment came up to you";
        /// Hours of the person's were reviewed. Can't be muted: a correction may be objected to in time only.
        HoursReviewed = "HOURS_REVIEWED" => "服务时长审核结果", "Your hours were reviewed";
        /// Somebody has objected to hours of the person's, or that was decided. Can't be muted: they don't count
        /// until it is.
        HoursDisputed = "HOURS_DISPUTED" => "服务时长异议", "An objection to your hours";
        /// An objection of the person's was decided, or is no longer needed.
        ObjectionDecided = "OBJECTION_DECIDED" => "异议处理结果", "Your objection was decided";
        /// A shift that the person signed up for won't take place. Can't be muted: whoever isn't told goes
        /// there in vain.
        ShiftCancelled = "SHIFT_CANCELLED" => "班次取消", "A shift is called off";
        /// A shift that the person signed up for takes place at another time, or elsewhere. Can't be muted:
        /// whoever isn't told goes there in vain.
        ShiftChanged = "SHIFT_CHANGED" => "班次变动", "A shift has changed";
        /// The person has moved up from a shift's waiting list. Can't be muted: the place has to be confirmed
        /// in time.
        ShiftPromoted = "SHIFT_PROMOTED" => "候补递补", "A place on a shift is yours";
        /// An organizer reminds the person of an activity at which they are expected: once a day at most.
        ActivityReminder = "ACTIVITY_REMINDER" => "活动提醒", "A reminder of an activity";
        /// Somebody responsible reminds the person of an assignment or an offer: once a day at most.
        AssignmentReminder = "ASSIGNMENT_REMINDER" => "任务提醒", "A reminder of an assignment";
        /// Nothing is sent to an endpoint of the person's any more. Can't be muted: nobody else would notice.
        WebhookDisabled = "WEBHOOK_DISABLED" => "回调已停用", "A webhook is disabled";
        /// A WeChat account was bound to the person's account: there is a new way in. Can't be muted: whoever
        /// isn't told can't close it.
        WeChatBound = "WECHAT_BOUND" => "微信已绑定", "A WeChat account was bound";
        /// The person's WeChat account was bound to another account. Can't be muted: whoever isn't told doesn't
        /// learn that it was taken.
        WeChatMoved = "WECHAT_MOVED" => "微信已改绑", "Your WeChat account has moved";
    }
}

impl NotificationKind {
    /// Whether a person may choose not to be told. The others begin a duty, change a record of the
    /// person's or who can sign in as them, or spare a way in vain; why, each says itself.
    pub fn can_be_muted(self) -> bool {
        match self {
            Self::ActivityPublished
            | Self::LeaveDecided
            | Self::CheckInClaimDecided
            | Self::AssignmentChanged
            | Self::AssignmentOffered
            | Self::AssignmentDueSoon
            | Self::AssignmentOverdue
            | Self::AssignmentEscalated
            | Self::ActivityReminder
            | Self::AssignmentReminder
            | Self::ObjectionDecided => true,
            Self::ActivityCancelled
            | Self::ActivityMoved
            | Self::AttendanceCorrected
            | Self::AssignmentDispatched
            | Self::AssignmentReturned
            | Self::AssignmentCancelled
            | Self::HoursReviewed
            | Self::HoursDisputed
            | Self::ShiftCancelled
            | Self::ShiftChanged
            | Self::ShiftPromoted
            | Self::WebhookDisabled
            | Self::WeChatBound
            | Self::WeChatMoved => false,
        }
    }
}

/// What makes two tellings the same: a person is told of one need once (R45, R46).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The thing: told once, however often something happens to it.
    Subject,
    /// The event: told once, however often it is handed on.
    Event,
}

/// What an event tells the accounts that it names.
#[derive(Debug)]
pub struct Telling {
    /// The event's kind.
    pub event: &'static str,
    /// What they are told.
    pub kind: NotificationKind,
    /// The kind of thing that the event's subject is, as in its global id.
    pub subject_kind: &'static str,
    /// What makes it one need.
    pub need: Need,
}

impl Telling {
    /// The key under which a person is told of this once. `more` sets apart what is told again of the
    /// same thing, such as a reminder for each due time.
    pub fn need(&self, event: Uuid, subject: Uuid, more: Option<&str>) -> String {
        let kind = self.kind.code();
        match (self.need, more) {
            (_, Some(more)) => format!("{kind}:{subject}:{more}"),
            (Need::Subject, None) => format!("{kind}:{subject}"),
            (Need::Event, None) => format!("{kind}:{event}"),
        }
    }
}

macro_rules! tellings {
    ($($event:literal => $kind:ident, $subject:expr, $need:ident;)+) => {
        &[$(Telling {
            event: $event,
            kind: NotificationKind::$kind,
            subject_kind: $subject,
            need: Need::$need,
        },)+]
    };
}

/// From an event to what people are told of it. An event that isn't here tells nobody anything.
const TELLINGS: &[Telling] = tellings! {
    "activity.published" => ActivityPublished, ActivityId::KIND, Subject;
    // Whoever comes onto the list of a published activity is told then; the others know.
    "activity.changed" => ActivityPublished, ActivityId::KIND, Subject;
    "activity.moved" => ActivityMoved, ActivityId::KIND, Event;
    "activity.cancelled" => ActivityCancelled, ActivityId::KIND, Subject;
    "leave.decided" => LeaveDecided, ActivityId::KIND, Event;
    "check_in_claim.decided" => CheckInClaimDecided, ActivityId::KIND, Event;
    "attendance.corrected" => AttendanceCorrected, ActivityId::KIND, Event;
    "assignment.dispatched" => AssignmentDispatched, AssignmentId::KIND, Event;
    "assignment.changed" => AssignmentChanged, AssignmentId::KIND, Event;
    "assignment.offered" => AssignmentOffered, AssignmentId::KIND, Subject;
    "assignment.returned" => AssignmentReturned, AssignmentId::KIND, Event;
    "assignment.cancelled" => AssignmentCancelled, AssignmentId::KIND, Event;
    "assignment.due_soon" => AssignmentDueSoon, AssignmentId::KIND, Event;
    "assignment.overdue" => AssignmentOverdue, AssignmentId::KIND, Event;
    "assignment.escalated" => AssignmentEscalated, AssignmentId::KIND, Event;
    "service_hours.verified" => HoursReviewed, ServiceHourEntryId::KIND, Event;
    "service_hours.returned" => HoursReviewed, ServiceHourEntryId::KIND, Event;
    "service_hours.adjusted" => HoursReviewed, ServiceHourEntryId::KIND, Event;
    // Whoever keeps a shift's roster has corrected when somebody came or left.
    "service_hours.corrected" => HoursReviewed, ServiceHourEntryId::KIND, Event;
    "service_hours.granted" => HoursReviewed, ServiceHourEntryId::KIND, Event;
    "service_hours.disputed" => HoursDisputed, ServiceHourEntryId::KIND, Event;
    "service_hours.undisputed" => HoursDisputed, ServiceHourEntryId::KIND, Event;
    "objection.decided" => ObjectionDecided, ObjectionId::KIND, Event;
    "volunteer_shift.cancelled" => ShiftCancelled, VolunteerShiftId::KIND, Subject;
    "volunteer_shift.changed" => ShiftChanged, VolunteerShiftId::KIND, Event;
    "sign_up.offered" => ShiftPromoted, SignUpId::KIND, Event;
    "webhook.disabled" => WebhookDisabled, WebhookEndpointId::KIND, Event;
    "wechat.bound" => WeChatBound, AccountId::KIND, Event;
    "wechat.moved" => WeChatMoved, AccountId::KIND, Event;
};

/// Somebody was reminded; told already, so that it only has their phones look.
pub const REMINDED: &str = "reminder.sent";

/// What an organizer's reminder of an activity tells.
pub const ACTIVITY_REMINDER: Telling = Telling {
    event: REMINDED,
    kind: NotificationKind::ActivityReminder,
    subject_kind: ActivityId::KIND,
    need: Need::Subject,
};

/// What a reminder of an assignment tells.
pub const ASSIGNMENT_REMINDER: Telling = Telling {
    event: REMINDED,
    kind: NotificationKind::AssignmentReminder,
    subject_kind: AssignmentId::KIND,
    need: Need::Subject,
};

/// What an event of a kind tells.
pub fn telling(event: &str) -> Option<&'static Telling> {
    TELLINGS.iter().find(|telling| telling.event == event)
}
