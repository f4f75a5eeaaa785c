use crate::{policy::Action, vocabulary};

vocabulary! {
    /// What lies on the desk of those responsible for a unit. What waits lies there however old it is;
    /// nothing drops off at the end of a month.
    pub enum DeskItem {
        /// A branch for which no Party day of the month is made known, as many as the rule
        /// `PARTY_DAYS_PER_MONTH` wants (R9).
        PartyDayMissing = "PARTY_DAY_MISSING" => "主题党日未安排", "Party day missing";
        /// An activity that is over, and whose attendance isn't closed.
        AttendanceOpen = "ATTENDANCE_OPEN" => "考勤未结束", "Attendance not closed";
        /// An assignment whose owner is late with it.
        AssignmentOverdue = "ASSIGNMENT_OVERDUE" => "任务已逾期", "Assignments overdue";
        /// A request for leave that waits for a decision.
        LeaveWaiting = "LEAVE_WAITING" => "待审批请假", "Leave to decide";
        /// A check-in that was left to the organizer.
        CheckInWaiting = "CHECK_IN_WAITING" => "待核定签到", "Check-ins to decide";
        /// Volunteer hours that wait for review, those with most hints first.
        HoursWaiting = "HOURS_WAITING" => "待核实服务时长", "Hours to review";
        /// An objection to hours in public notice that isn't decided.
        ObjectionOpen = "OBJECTION_OPEN" => "待处理异议", "Objections to decide";
        /// An assignment that was handed in to the unit as its issuer, and not looked at yet.
        AssignmentToVerify = "ASSIGNMENT_TO_VERIFY" => "待核验任务", "Assignments to verify";
        /// An assignment that its owner has declined: the unit as its issuer gives it to somebody else.
        AssignmentDeclined = "ASSIGNMENT_DECLINED" => "被退回任务", "Assignments declined";
        /// An assignment that its owner hasn't accepted.
        AssignmentNotAccepted = "ASSIGNMENT_NOT_ACCEPTED" => "待接收任务", "Assignments not accepted";
        /// An assignment that is due soon.
        AssignmentDueSoon = "ASSIGNMENT_DUE_SOON" => "即将到期任务", "Assignments due soon";
        /// An offer that can still be claimed: made to the unit or below it; or made from above, and not
        /// claimed by the unit or one below it.
        OfferUnclaimed = "OFFER_UNCLAIMED" => "待认领事项", "Offers to claim";
    }
}

impl DeskItem {
    /// Whether somebody is late: that comes before all that merely waits.
    pub fn is_late(self) -> bool {
        matches!(self, Self::PartyDayMissing | Self::AttendanceOpen | Self::AssignmentOverdue)
    }

    /// The action that shows the records behind it; the count alone shows no names.
    pub fn action(self) -> Action {
        match self {
            Self::PartyDayMissing => Action::ViewDesk,
            Self::AttendanceOpen | Self::LeaveWaiting | Self::CheckInWaiting => Action::KeepAttendance,
            Self::HoursWaiting | Self::ObjectionOpen => Action::VerifyHours,
            Self::AssignmentOverdue
            | Self::AssignmentToVerify
            | Self::AssignmentDeclined
            | Self::AssignmentNotAccepted
            | Self::AssignmentDueSoon
            | Self::OfferUnclaimed => Action::ViewAssignment,
        }
    }
}
