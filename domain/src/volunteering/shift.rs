use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use serde::Serialize;

use super::VolunteerProject;
use crate::{
    activity::TimeWindow,
    id::{AccountId, OrgUnitId, VolunteerProjectId, VolunteerShiftId},
    member::BirthMonth,
    text, vocabulary,
};

vocabulary! {
    /// Where a shift stands.
    pub enum ShiftState {
        /// Being planned; organizers alone see it.
        Draft = "DRAFT" => "草稿", "Draft";
        /// Made known; members sign up until it starts.
        Published = "PUBLISHED" => "报名中", "Published";
        /// Called off.
        Cancelled = "CANCELLED" => "已取消", "Cancelled";
    }
}

vocabulary! {
    /// Why a shift wasn't planned, published, cancelled or counted.
    pub refusal enum ShiftRefusal {
        /// The unit has been dissolved.
        UnitDissolved = "UNIT_DISSOLVED" => "该组织已撤销。", "The unit has been dissolved.";
        /// The project has ended.
        ProjectEnded = "PROJECT_ENDED" => "该项目已结束。", "The project has ended.";
        /// The place is empty, longer than 100 characters, or holds characters that can't be shown.
        BadPlace = "BAD_PLACE" => "请填写1至100字的服务地点。", "Name the place in 1 to 100 characters.";
        /// The end isn't after the start.
        EndsBeforeStart = "ENDS_BEFORE_START" => "结束时间须晚于开始时间。", "The end must be after the start.";
        /// It lasts longer than 24 hours.
        TooLong = "TOO_LONG" => "班次不能超过24小时。", "A shift lasts at most 24 hours.";
        /// It begins in the past, or more than 400 days ahead.
        BadTime = "BAD_TIME" => "开始时间须在今后400天内。", "A shift begins within the next 400 days.";
        /// The capacity isn't 1 to 1,000.
        BadCapacity = "BAD_CAPACITY" => "人数上限须为1至1000。", "The capacity must be 1 to 1,000.";
        /// There are more than ten skills, or one isn't 1 to 30 characters.
        BadSkills = "BAD_SKILLS" => "技能要求最多10项，每项1至30字。", "At most ten skills of 1 to 30 characters.";
        /// The least age isn't 14 to 99.
        BadAge = "BAD_AGE" => "最低年龄须为14至99岁。", "The least age must be 14 to 99.";
        /// A head-count is negative or more than 100,000.
        BadCount = "BAD_COUNT" => "人数须为0至100000。", "A head-count must be 0 to 100,000.";
        /// The reason is empty, longer than 200 characters, or holds characters that can't be shown.
        BadReason = "BAD_REASON" => "请填写1至200字的理由。", "Give a reason of 1 to 200 characters.";
        /// The shift has been published already.
        AlreadyPublished = "ALREADY_PUBLISHED" => "班次已经发布。", "The shift has been published already.";
        /// The shift hasn't been published.
        NotPublished = "NOT_PUBLISHED" => "班次尚未发布。", "The shift has not been published.";
        /// The shift has been cancelled.
        Cancelled = "CANCELLED" => "班次已取消。", "The shift has been cancelled.";
        /// The shift has started.
        Started = "STARTED" => "班次已开始。", "The shift has started.";
        /// The shift hasn't started.
        NotStarted = "NOT_STARTED" => "班次尚未开始。", "The shift has not started.";
        /// Somebody has checked in already: the times by which they are judged stay.
        SomebodyThere = "SOMEBODY_THERE" => "已有志愿者签到，不能再改时间。", "Somebody has checked in; the times can no longer be changed.";
        /// The shift is over.
        Over = "OVER" => "班次已结束。", "The shift is over.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}

use ShiftRefusal as Refusal;

/// A shift's state with its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShiftProgress {
    /// Being planned.
    Draft,
    /// Made known.
    Published {
        /// When.
        at: DateTime<Utc>,
    },
    /// Called off.
    Cancelled {
        /// When it had been made known, if it had.
        published_at: Option<DateTime<Utc>>,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
}

/// Whoever came without signing up: head-counts, never names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HeadCount {
    /// Persons who were served.
    pub beneficiaries: i32,
    /// Groups that helped or were served.
    pub groups: i32,
}

/// Some hours of a project for which volunteers sign up (班次).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VolunteerShift {
    /// Identity.
    pub id: VolunteerShiftId,
    /// Of which project.
    pub project_id: VolunteerProjectId,
    /// The project's unit.
    pub unit_id: OrgUnitId,
    /// From when to when.
    pub window: TimeWindow,
    /// Where.
    pub place: String,
    /// How many volunteers it takes.
    pub capacity: i32,
    /// What they must be able to do, in a word each.
    pub skills: Vec<String>,
    /// How old they must be.
    pub minimum_age: Option<i32>,
    /// Who came unasked.
    pub head_count: HeadCount,
    /// Who planned it.
    pub created_by: AccountId,
    /// State, with its facts.
    pub progress: ShiftProgress,
    /// Counts the changes.
    pub version: i32,
}

/// A shift to plan.
#[derive(Clone, Debug)]
pub struct NewShift {
    /// Identity.
    pub id: VolunteerShiftId,
    /// From when to when.
    pub window: TimeWindow,
    /// Where.
    pub place: String,
    /// How many volunteers it takes.
    pub capacity: i32,
    /// What they must be able to do.
    pub skills: Vec<String>,
    /// How old they must be.
    pub minimum_age: Option<i32>,
    /// Who plans it.
    pub created_by: AccountId,
}

const AHEAD: Duration = Duration::days(400);
const LONGEST: Duration = Duration::hours(24);

impl NewShift {
    /// Plans it for a project, as a draft.
    pub fn plan(self, project: &VolunteerProject, now: DateTime<Utc>) -> Result<VolunteerShift, Refusal> {
        if project.ended_at.is_some() {
            return Err(Refusal::ProjectEnded);
        }
        let shift = VolunteerShift {
            id: self.id,
            project_id: project.id,
            unit_id: project.unit_id,
            window: check_window(self.window, now)?,
            place: self.place,
            capacity: self.capacity,
            skills: self.skills,
            minimum_age: self.minimum_age,
            head_count: HeadCount::default(),
            created_by: self.created_by,
            progress: ShiftProgress::Draft,
            version: 1,
        };
        shift.check_terms()
    }
}

pub(super) fn check_window(window: TimeWindow, now: DateTime<Utc>) -> Result<TimeWindow, Refusal> {
    let TimeWindow { starts_at, ends_at } = window;
    let length = ends_at.signed_duration_since(starts_at);
    if length <= Duration::zero() {
        return Err(Refusal::EndsBeforeStart);
    }
    if length > LONGEST {
        return Err(Refusal::TooLong);
    }
    if starts_at <= now || starts_at.signed_duration_since(now) > AHEAD {
        return Err(Refusal::BadTime);
    }
    Ok(window)
}

impl VolunteerShift {
    /// The state without its facts.
    pub fn state(&self) -> ShiftState {
        match self.progress {
            ShiftProgress::Draft => ShiftState::Draft,
            ShiftProgress::Published { .. } => ShiftState::Published,
            ShiftProgress::Cancelled { .. } => ShiftState::Cancelled,
        }
    }

    /// When it was made known; what never was is for its organizers alone.
    pub fn published_at(&self) -> Option<DateTime<Utc>> {
        match self.progress {
            ShiftProgress::Draft => None,
            ShiftProgress::Published { at } => Some(at),
            ShiftProgress::Cancelled { published_at, .. } => published_at,
        }
    }

    /// Makes it known.
    pub fn publish(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        match self.state() {
            ShiftState::Published => Err(Refusal::AlreadyPublished),
            ShiftState::Cancelled => Err(Refusal::Cancelled),
            ShiftState::Draft if self.has_started(now) => Err(Refusal::Started),
            ShiftState::Draft => Ok(self.moved(ShiftProgress::Published { at: now })),
        }
    }

    /// Calls it off, before it starts.
    pub fn cancel(self, reason: &str, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if self.state() == ShiftState::Cancelled {
            return Err(Refusal::Cancelled);
        }
        if self.has_started(now) {
            return Err(Refusal::Started);
        }
        let reason = text::line(reason, 200).ok_or(Refusal::BadReason)?;
        let published_at = self.published_at();
        Ok(self.moved(ShiftProgress::Cancelled { published_at, at: now, reason }))
    }

    pub(super) fn check_terms(self) -> Result<Self, Refusal> {
        if !(1..=1_000).contains(&self.capacity) {
            return Err(Refusal::BadCapacity);
        }
        if self.minimum_age.is_some_and(|age| !(14..=99).contains(&age)) {
            return Err(Refusal::BadAge);
        }
        let skills: Option<Vec<_>> = self.skills.iter().map(|s| text::line(s, 30)).collect();
        Ok(Self {
            place: text::line(&self.place, 100).ok_or(Refusal::BadPlace)?,
            skills: skills.filter(|s| s.len() <= 10).ok_or(Refusal::BadSkills)?,
            ..self
        })
    }

    /// Says how many came unasked.
    pub fn count_heads(self, head_count: HeadCount, now: DateTime<Utc>) -> Result<Self, Refusal> {
        match self.state() {
            ShiftState::Draft => return Err(Refusal::NotPublished),
            ShiftState::Cancelled => return Err(Refusal::Cancelled),
            ShiftState::Published if !self.has_started(now) => return Err(Refusal::NotStarted),
            ShiftState::Published => {}
        }
        if [head_count.beneficiaries, head_count.groups].iter().any(|n| !(0..=100_000).contains(n)) {
            return Err(Refusal::BadCount);
        }
        Ok(Self { head_count, version: self.version + 1, ..self })
    }

    /// Whether it has started.
    pub fn has_started(&self, now: DateTime<Utc>) -> bool {
        now >= self.window.starts_at
    }

    /// Whether somebody born in a month is old enough on the shift's day. The day of birth isn't known:
    /// whoever might come of age only later in the month isn't yet.
    pub fn is_of_age(&self, birth: BirthMonth, day: NaiveDate) -> bool {
        let months = |year: i32, month: u32| i64::from(year) * 12 + i64::from(month);
        let age = i64::from(self.minimum_age.unwrap_or(0));
        months(day.year(), day.month()) > months(birth.year, birth.month) + age * 12
    }

    fn moved(self, progress: ShiftProgress) -> Self {
        Self { progress, version: self.version + 1, ..self }
    }
}
