//! The month report of a unit: each figure is named and defined here, and nowhere else.

mod export;

use serde::Serialize;

pub use self::export::{
    MAX_REPORT_ROWS, MAX_UNFINISHED_EXPORTS, NewReportExport, ReportExport, ReportExportFailure,
    ReportExportKind, ReportExportProgress, ReportExportRefusal, ReportExportState,
};
use crate::{activity::AttendanceFigures, assignment::AssignmentFigures, policy::Action, vocabulary};

vocabulary! {
    /// In what a figure counts.
    pub enum FigureMeasure {
        /// Records.
        Records = "RECORDS" => "条", "Records";
        /// Minutes, summed over the records.
        Minutes = "MINUTES" => "分钟", "Minutes";
    }
}

vocabulary! {
    /// A figure of a month report: of a unit and all below it, by the civil days of the unit.
    pub enum ReportFigure {
        /// Activities held.
        ActivitiesHeld = "ACTIVITIES_HELD" => "开展活动", "Activities held";
        /// Persons expected (应到).
        AttendanceExpected = "ATTENDANCE_EXPECTED" => "应到人次", "Expected";
        /// Present in time.
        AttendancePresent = "ATTENDANCE_PRESENT" => "按时到会人次", "Present in time";
        /// Present, but late.
        AttendanceLate = "ATTENDANCE_LATE" => "迟到人次", "Late";
        /// On leave.
        AttendanceOnLeave = "ATTENDANCE_ON_LEAVE" => "请假人次", "On leave";
        /// Absent.
        AttendanceAbsent = "ATTENDANCE_ABSENT" => "缺席人次", "Absent";
        /// Services whose hours count.
        ServicesCounted = "SERVICES_COUNTED" => "志愿服务人次", "Services counted";
        /// Minutes of service that count.
        ServiceMinutes = "SERVICE_MINUTES" => "志愿服务时长（分钟）", "Minutes of service";
        /// Assignments due.
        AssignmentsDue = "ASSIGNMENTS_DUE" => "到期任务", "Assignments due";
        /// Of those due, verified.
        AssignmentsDelivered = "ASSIGNMENTS_DELIVERED" => "已销号任务", "Assignments verified";
        /// Of those verified, handed in late.
        AssignmentsDeliveredLate = "ASSIGNMENTS_DELIVERED_LATE" => "逾期后完成任务", "Assignments handed in late";
        /// Of those due, handed in and not looked at yet.
        AssignmentsSubmitted = "ASSIGNMENTS_SUBMITTED" => "待核验任务", "Assignments to verify";
        /// Of those due, neither handed in nor declined.
        AssignmentsOpen = "ASSIGNMENTS_OPEN" => "未完成任务", "Assignments open";
        /// Of those open, past the due time.
        AssignmentsOverdue = "ASSIGNMENTS_OVERDUE" => "逾期任务", "Assignments overdue";
        /// Of those due, declined.
        AssignmentsDeclined = "ASSIGNMENTS_DECLINED" => "被退回任务", "Assignments declined";
    }
}

/// What a figure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
    /// How it is counted, in the words of the records.
    pub formula: &'static str,
}

impl ReportFigure {
    /// In what it counts.
    pub fn measure(self) -> FigureMeasure {
        match self {
            Self::ServiceMinutes => FigureMeasure::Minutes,
            _ => FigureMeasure::Records,
        }
    }

    /// The action that shows the records behind it; the figure alone shows no names.
    pub fn action(self) -> Action {
        match self {
            Self::ActivitiesHeld
            | Self::AttendanceExpected
            | Self::AttendancePresent
            | Self::AttendanceLate
            | Self::AttendanceOnLeave
            | Self::AttendanceAbsent => Action::ViewAttendance,
            Self::ServicesCounted | Self::ServiceMinutes => Action::ViewHours,
            Self::AssignmentsDue
            | Self::AssignmentsDelivered
            | Self::AssignmentsDeliveredLate
            | Self::AssignmentsSubmitted
            | Self::AssignmentsOpen
            | Self::AssignmentsOverdue
            | Self::AssignmentsDeclined => Action::ViewAssignment,
        }
    }

    /// What it means.
    pub fn definition(self) -> Definition {
        let (zh, en, formula) = match self {
            Self::ActivitiesHeld => (
                "当月开始、已结束考勤的活动次数，按主办组织统计。",
                "The activities that began in the month and whose attendance is closed, by their host.",
                "count(Activity: startsAt in month, state CLOSED or ARCHIVED)",
            ),
            Self::AttendanceExpected => (
                "这些活动的应到人次，不含不计应到的党员和列席人员。",
                "Those who were expected at these activities, without guests and those whom an exemption takes out.",
                "count(Attendance: activity held, attendee counted)",
            ),
            Self::AttendancePresent => (
                "应到人员中按时到会的人次。",
                "Of those expected, who came in time.",
                "count(Attendance: activity held, attendee counted, state PRESENT)",
            ),
            Self::AttendanceLate => (
                "应到人员中迟到的人次。",
                "Of those expected, who came late.",
                "count(Attendance: activity held, attendee counted, state LATE)",
            ),
            Self::AttendanceOnLeave => (
                "应到人员中已准假的人次。",
                "Of those expected, who were on leave.",
                "count(Attendance: activity held, attendee counted, state ON_LEAVE)",
            ),
            Self::AttendanceAbsent => (
                "应到人员中缺席的人次。",
                "Of those expected, who were absent.",
                "count(Attendance: activity held, attendee counted, state ABSENT)",
            ),
            Self::ServicesCounted => (
                "服务日期在当月、已入账的志愿服务记录数，按受理组织统计。",
                "The entries of volunteer hours that count, by the day of the service and the unit that they were reported to.",
                "count(ServiceHourEntry: servedOn in month, state GRANTED)",
            ),
            Self::ServiceMinutes => (
                "这些记录的服务分钟数之和。",
                "The minutes of these entries, added up.",
                "sum(ServiceHourEntry.minutes: servedOn in month, state GRANTED)",
            ),
            Self::AssignmentsDue => (
                "时限在当月的任务数，不含草稿、已撤销、待认领和已分解的任务，分解或认领后的部分另计。",
                "The assignments that were due in the month: no drafts, nothing cancelled, no offers and no wholes that were handed down; their claims and parts count.",
                "count(Assignment: dueAt in month, not DRAFT or CANCELLED, no offer, without parts)",
            ),
            Self::AssignmentsDelivered => (
                "到期任务中已核验销号的。",
                "Of those due, verified.",
                "count(Assignment: due, state VERIFIED)",
            ),
            Self::AssignmentsDeliveredLate => (
                "已销号任务中逾期后才提交的。",
                "Of those verified, handed in after the due time.",
                "count(Assignment: due, state VERIFIED, submittedAt > dueAt)",
            ),
            Self::AssignmentsSubmitted => (
                "到期任务中已提交、待核验的。",
                "Of those due, handed in and not looked at yet.",
                "count(Assignment: due, state SUBMITTED)",
            ),
            Self::AssignmentsOpen => (
                "到期任务中未提交也未被退回的。",
                "Of those due, neither handed in nor declined.",
                "count(Assignment: due, state DISPATCHED, ACCEPTED, IN_PROGRESS or RETURNED)",
            ),
            Self::AssignmentsOverdue => (
                "未完成任务中已过时限的。",
                "Of those open, past the due time.",
                "count(Assignment: open, dueAt < now)",
            ),
            Self::AssignmentsDeclined => (
                "到期任务中被责任人退回的。",
                "Of those due, declined.",
                "count(Assignment: due, state DECLINED)",
            ),
        };
        Definition { zh, en, formula }
    }
}

/// Volunteer hours that count, by the day of the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ServiceFigures {
    /// Entries.
    pub entries: i64,
    /// Their minutes.
    pub minutes: i64,
}

/// A unit's month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthReport {
    /// Of its activities.
    pub attendance: AttendanceFigures,
    /// Of volunteer hours.
    pub service: ServiceFigures,
    /// Of what was due.
    pub assignments: AssignmentFigures,
}

impl MonthReport {
    /// A figure's value.
    pub fn value(&self, figure: ReportFigure) -> i64 {
        let (a, s, t) = (&self.attendance, &self.service, &self.assignments);
        match figure {
            ReportFigure::ActivitiesHeld => a.held,
            ReportFigure::AttendanceExpected => a.expected,
            ReportFigure::AttendancePresent => a.present,
            ReportFigure::AttendanceLate => a.late,
            ReportFigure::AttendanceOnLeave => a.on_leave,
            ReportFigure::AttendanceAbsent => a.absent,
            ReportFigure::ServicesCounted => s.entries,
            ReportFigure::ServiceMinutes => s.minutes,
            ReportFigure::AssignmentsDue => t.due,
            ReportFigure::AssignmentsDelivered => t.delivered,
            ReportFigure::AssignmentsDeliveredLate => t.delivered_late,
            ReportFigure::AssignmentsSubmitted => t.submitted,
            ReportFigure::AssignmentsOpen => t.open,
            ReportFigure::AssignmentsOverdue => t.overdue,
            ReportFigure::AssignmentsDeclined => t.declined,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn every_figure_is_defined_in_both_languages_and_once() {
        let mut formulas: Vec<_> = ReportFigure::words().iter().map(|w| w.value.definition()).collect();
        assert!(
            formulas.iter().all(|d| d.zh.ends_with('。') && d.en.ends_with('.') && d.formula.ends_with(')'))
        );
        formulas.sort_by_key(|d| d.formula);
        let all = formulas.len();
        formulas.dedup_by_key(|d| d.formula);
        assert_eq!(formulas.len(), all, "no two figures are counted the same way");
    }
}
