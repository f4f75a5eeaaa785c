//! A month report taken out as a spreadsheet: made by a job beside the requests, kept for a day.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use super::ReportFigure;
use crate::{
    activity::YearMonth,
    id::{AccountId, OrgUnitId, ReportExportId},
    policy::Action,
    text, vocabulary,
    vocabulary::Vocabulary,
};

/// The most rows of an export: a spreadsheet that people can still open.
pub const MAX_REPORT_ROWS: i64 = 100_000;
/// The most exports of an account that wait or are being made.
pub const MAX_UNFINISHED_EXPORTS: u64 = 3;
/// How long a file is kept.
const KEPT: Duration = Duration::hours(24);
/// How often it is tried: whoever began it may have been killed.
const MOST_TRIES: i32 = 5;

vocabulary! {
    /// What of a month is taken out.
    pub enum ReportExportKind {
        /// Attendance by unit and by member.
        Attendance = "ATTENDANCE" => "出勤月报", "Attendance";
        /// Volunteer hours by unit, the services that count, and the month's lines of the ledger.
        ServiceHours = "SERVICE_HOURS" => "志愿服务时长月报", "Volunteer hours";
        /// Assignments due, by unit and one by one.
        Assignments = "ASSIGNMENTS" => "任务月报", "Assignments";
    }
}

impl ReportExportKind {
    /// The action that shows one by one what the export holds.
    fn action(self) -> Action {
        match self {
            Self::Attendance => Action::ViewAttendance,
            Self::ServiceHours => Action::ViewHours,
            Self::Assignments => Action::ViewAssignment,
        }
    }

    /// The figures of the month report that are its own.
    pub fn figures(self) -> Vec<ReportFigure> {
        let figures = ReportFigure::words().iter().map(|word| word.value);
        figures.filter(|figure| figure.action() == self.action()).collect()
    }
}

vocabulary! {
    /// How far an export has come.
    pub enum ReportExportState {
        /// It waits for a worker.
        Waiting = "WAITING" => "等待生成", "Waiting";
        /// It is being made.
        Running = "RUNNING" => "生成中", "Running";
        /// Its file can be fetched.
        Ready = "READY" => "可下载", "Ready";
        /// It came to nothing; `failure` says why.
        Failed = "FAILED" => "生成失败", "Failed";
        /// Who asked for it wants it no longer.
        Cancelled = "CANCELLED" => "已取消", "Cancelled";
        /// Its file was erased when its time was over.
        Expired = "EXPIRED" => "已过期", "Expired";
    }
}

vocabulary! {
    /// Why an export came to nothing.
    pub enum ReportExportFailure {
        /// There are more than 100,000 rows.
        TooManyRows = "TOO_MANY_ROWS" => "记录超过100000条，请按下级组织导出。", "There are more than 100,000 rows; export units below.";
        /// Who asked for it may do so no longer, or the unit is gone.
        RightsLost = "RIGHTS_LOST" => "导出人已无此项权限。", "Whoever asked for it has lost the right.";
        /// It could not be made, however often it was tried. The log has the cause.
        Fault = "FAULT" => "系统出错，未能生成，请重新导出。", "It could not be made; please export it again.";
    }
}

vocabulary! {
    /// Why a month report is not exported, or an export not cancelled.
    pub refusal enum ReportExportRefusal {
        /// The purpose is shorter than two or longer than 100 characters, or can't be shown.
        BadPurpose = "BAD_PURPOSE" => "请用2至100字说明导出用途。", "Say in 2 to 100 characters what the export is for.";
        /// There is no such month, or it hasn't begun.
        BadMonth = "BAD_MONTH" => "月份有误，或该月尚未开始。", "There is no such month, or it has not begun.";
        /// Three exports of the account wait or are being made.
        TooManyUnfinished = "TOO_MANY_UNFINISHED" => "您已有3项导出尚未完成，请稍后再试。", "Three of your exports are not finished yet; please wait.";
        /// It has failed or expired: there is nothing left to cancel.
        AlreadyOver = "ALREADY_OVER" => "该导出已结束。", "This export is over.";
    }
}

/// How far an export has come, with what belongs to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReportExportProgress {
    /// It waits for a worker.
    Waiting,
    /// It is being made.
    Running {
        /// The how many-th try this is.
        tries: i32,
        /// The rows that are written.
        done: i64,
        /// The rows that there will be; none until they are counted.
        total: Option<i64>,
    },
    /// Its file can be fetched.
    Ready {
        /// The try that has made it.
        tries: i32,
        /// Since when.
        at: DateTime<Utc>,
        /// Its rows.
        rows: i64,
        /// The file's size.
        bytes: i64,
        /// Until when.
        expires_at: DateTime<Utc>,
    },
    /// It came to nothing.
    Failed {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        why: ReportExportFailure,
    },
    /// Who asked for it wants it no longer.
    Cancelled {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Its file was erased.
    Expired {
        /// When.
        at: DateTime<Utc>,
    },
}

/// A month report of a unit and all below it that somebody takes out as a spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportExport {
    /// Identity.
    pub id: ReportExportId,
    /// What of the month.
    pub kind: ReportExportKind,
    /// Of which unit and all below it.
    pub unit_id: OrgUnitId,
    /// Of which month.
    pub month: YearMonth,
    /// What for.
    pub purpose: String,
    /// Who asked for it.
    pub account_id: AccountId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// How far it has come.
    pub progress: ReportExportProgress,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewReportExport {
    /// Identity, drawn by the shell.
    pub id: ReportExportId,
    /// What of the month.
    pub kind: ReportExportKind,
    /// Of which unit and all below it.
    pub unit_id: OrgUnitId,
    /// Of which month.
    pub month: YearMonth,
    /// What for.
    pub purpose: String,
    /// Who asks for it.
    pub account_id: AccountId,
}

use ReportExportProgress::{Cancelled, Expired, Failed, Ready, Running, Waiting};

impl ReportExport {
    /// Asks for one. `this_month` is that of the unit's clock; `unfinished` counts the account's others that
    /// wait or are being made.
    pub fn ask(
        new: NewReportExport,
        this_month: YearMonth,
        unfinished: u64,
        now: DateTime<Utc>,
    ) -> Result<Self, ReportExportRefusal> {
        let NewReportExport { id, kind, unit_id, month, purpose, account_id } = new;
        let is_month = (1900..3000).contains(&month.year) && (1..=12).contains(&month.month);
        if !is_month || month > this_month {
            return Err(ReportExportRefusal::BadMonth);
        }
        let purpose = text::line(&purpose, 100).filter(|purpose| purpose.chars().count() >= 2);
        let purpose = purpose.ok_or(ReportExportRefusal::BadPurpose)?;
        if unfinished >= MAX_UNFINISHED_EXPORTS {
            return Err(ReportExportRefusal::TooManyUnfinished);
        }
        Ok(Self { id, kind, unit_id, month, purpose, account_id, asked_at: now, progress: Waiting })
    }

    /// The state without its facts.
    pub fn state(&self) -> ReportExportState {
        match self.progress {
            Waiting => ReportExportState::Waiting,
            Running { .. } => ReportExportState::Running,
            Ready { .. } => ReportExportState::Ready,
            Failed { .. } => ReportExportState::Failed,
            Cancelled { .. } => ReportExportState::Cancelled,
            Expired { .. } => ReportExportState::Expired,
        }
    }

    /// The step that is due, where nobody is at it: it is begun, begun anew or given up; or its file's
    /// time is over.
    pub fn due_step(self, now: DateTime<Utc>) -> Self {
        let begun = |tries| match tries {
            MOST_TRIES => Failed { at: now, why: ReportExportFailure::Fault },
            _ => Running { tries: tries + 1, done: 0, total: None },
        };
        let progress = match self.progress {
            Waiting => begun(0),
            Running { tries, .. } => begun(tries),
            Ready { expires_at, .. } if expires_at <= now => Expired { at: now },
            other => other,
        };
        Self { progress, ..self }
    }

    /// The same with its file, which one try has made.
    pub fn finish(self, tries: i32, rows: i64, bytes: i64, now: DateTime<Utc>) -> Self {
        Self { progress: Ready { tries, at: now, rows, bytes, expires_at: now + KEPT }, ..self }
    }

    /// The same, come to nothing.
    pub fn fail(self, why: ReportExportFailure, now: DateTime<Utc>) -> Self {
        Self { progress: Failed { at: now, why }, ..self }
    }

    /// The same, wanted no longer: what there is of its file goes. What is cancelled stays so.
    pub fn cancel(self, now: DateTime<Utc>) -> Result<Self, ReportExportRefusal> {
        let progress = match self.progress {
            Waiting | Running { .. } | Ready { .. } => Cancelled { at: now },
            Cancelled { .. } => self.progress,
            Failed { .. } | Expired { .. } => return Err(ReportExportRefusal::AlreadyOver),
        };
        Ok(Self { progress, ..self })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::policy::{ACCESS, Relation};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn asked(purpose: &str, month: (i32, u32), unfinished: u64) -> Result<ReportExport, ReportExportRefusal> {
        let new = NewReportExport {
            id: ReportExportId(Uuid::nil()),
            kind: ReportExportKind::Attendance,
            unit_id: OrgUnitId(Uuid::nil()),
            month: YearMonth { year: month.0, month: month.1 },
            purpose: purpose.to_owned(),
            account_id: AccountId(Uuid::nil()),
        };
        ReportExport::ask(new, YearMonth { year: 2026, month: 3 }, unfinished, now())
    }

    #[test]
    fn it_needs_a_purpose_a_month_that_has_begun_and_patience() {
        assert!(asked("报送区委", (2026, 3), 2).is_ok());
        for bad in ["", "报", "报\u{202E}送", &"长".repeat(101)] {
            assert_eq!(asked(bad, (2026, 3), 0), Err(ReportExportRefusal::BadPurpose));
        }
        for bad in [(2026, 4), (2026, 0), (2026, 13), (1899, 1), (3000, 1)] {
            assert_eq!(asked("报送区委", bad, 0), Err(ReportExportRefusal::BadMonth), "{bad:?}");
        }
        let busy = asked("报送区委", (2026, 3), MAX_UNFINISHED_EXPORTS);
        assert_eq!(busy, Err(ReportExportRefusal::TooManyUnfinished));
    }

    #[test]
    fn it_is_tried_five_times_and_then_given_up() {
        let mut export = asked("报送区委", (2026, 3), 0).unwrap();
        for n in 1..=MOST_TRIES {
            export = export.due_step(now());
            assert_eq!(export.progress, Running { tries: n, done: 0, total: None });
        }
        let given_up = export.due_step(now());
        assert_eq!(given_up.progress, Failed { at: now(), why: ReportExportFailure::Fault });
        assert_eq!(given_up.clone().due_step(now()), given_up);
        assert_eq!(given_up.cancel(now()), Err(ReportExportRefusal::AlreadyOver));
    }

    #[test]
    fn its_file_is_kept_for_a_day_unless_it_is_thrown_away() {
        let ready = asked("报送区委", (2026, 3), 0).unwrap().due_step(now()).finish(1, 9, 9, now());
        let early = ready.clone().due_step(now() + KEPT - Duration::seconds(1));
        assert_eq!(early, ready);
        let over = ready.clone().due_step(now() + KEPT);
        assert_eq!(over.state(), ReportExportState::Expired);
        assert_eq!(over.cancel(now()), Err(ReportExportRefusal::AlreadyOver));
        let thrown_away = ready.cancel(now()).unwrap();
        assert_eq!(thrown_away.state(), ReportExportState::Cancelled);
        assert_eq!(thrown_away.clone().cancel(now() + KEPT), Ok(thrown_away));
    }

    #[test]
    fn every_figure_of_the_month_is_in_one_export() {
        let kinds = ReportExportKind::words().iter().map(|word| word.value);
        let mut figures: Vec<_> = kinds.flat_map(ReportExportKind::figures).collect();
        figures.sort();
        assert_eq!(figures, ReportFigure::words().iter().map(|word| word.value).collect::<Vec<_>>());
    }

    #[test]
    fn nobody_exports_what_they_may_not_see() {
        let given = |action| ACCESS.iter().find(|access| access.action == action).unwrap().relations;
        for kind in ReportExportKind::words().iter().map(|word| word.value) {
            for relation in given(Action::ExportReport) {
                assert!(given(kind.action()).contains(relation), "{kind}: {relation:?}");
                assert!(matches!(relation, Relation::Held(_)), "by a post alone");
            }
        }
    }
}
