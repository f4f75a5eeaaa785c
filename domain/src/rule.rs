//! Limits: each with its unit, bounds and source; a district may set its own value from a date.

use chrono::NaiveDate;

use crate::vocabulary;
use crate::vocabulary::Vocabulary;

vocabulary! {
    /// A limit. Whole numbers; the unit stands in the name.
    pub enum RuleKey {
        /// Shortest password. GB/T 22239-2019 8.1.4.1; usual value (R41).
        PasswordMinLength = "PASSWORD_MIN_LENGTH" => "密码最短长度", "Shortest password";
        /// Kinds of characters (lower, upper, digit, other) in a password (R41).
        PasswordMinClasses = "PASSWORD_MIN_CLASSES" => "密码字符类别数", "Character classes in a password";
        /// Age at which the holder of a post must change the password, in days (R41).
        PasswordMaxAgeDays = "PASSWORD_MAX_AGE_DAYS" => "任职人员密码有效天数", "Days a post holder's password lasts";
        /// Failed sign-ins in a row that lock an account (R41).
        LockoutFailures = "LOCKOUT_FAILURES" => "锁定前失败次数", "Failures before lock-out";
        /// Length of the first lock, in minutes; each further failure doubles it (R41).
        LockoutMinutes = "LOCKOUT_MINUTES" => "首次锁定分钟数", "Minutes of the first lock";
        /// Failed sign-ins from one address in an hour that block the address.
        AddressFailuresPerHour = "ADDRESS_FAILURES_PER_HOUR" => "同一地址每小时失败次数上限", "Failures per address and hour";
        /// Days without use after which a session ends.
        SessionIdleDays = "SESSION_IDLE_DAYS" => "会话闲置天数", "Idle days of a session";
        /// Minutes without use after which the session of a post holder ends (R41: 15–30).
        PostSessionIdleMinutes = "POST_SESSION_IDLE_MINUTES" => "任职人员会话闲置分钟数", "Idle minutes of a post holder's session";
        /// Minutes for which a one-time code is valid.
        OneTimeCodeMinutes = "ONE_TIME_CODE_MINUTES" => "验证码有效分钟数", "Minutes a one-time code lasts";
        /// Minutes before the start at which check-in opens.
        CheckInOpensMinutes = "CHECK_IN_OPENS_MINUTES" => "提前签到分钟数", "Minutes before the start at which check-in opens";
        /// Minutes after the end at which check-in closes.
        CheckInClosesMinutes = "CHECK_IN_CLOSES_MINUTES" => "结束后签到分钟数", "Minutes after the end at which check-in closes";
        /// Minutes after the start from which a check-in is late.
        LateAfterMinutes = "LATE_AFTER_MINUTES" => "迟到起算分钟数", "Minutes after which a check-in is late";
        /// Minutes after the end within which those present may check out.
        CheckOutMinutes = "CHECK_OUT_MINUTES" => "结束后签退分钟数", "Minutes after the end to check out";
        /// Seconds for which one check-in code is shown.
        CodeStepSeconds = "CODE_STEP_SECONDS" => "签到码更换秒数", "Seconds a check-in code is shown";
        /// Seconds for which a scanned code is accepted after its step.
        CodeGraceSeconds = "CODE_GRACE_SECONDS" => "签到码宽限秒数", "Seconds of grace of a scanned code";
        /// Seconds for which the six digits are accepted after their step: typing takes time.
        DigitsGraceSeconds = "DIGITS_GRACE_SECONDS" => "数字码宽限秒数", "Seconds of grace of the six digits";
        /// Wrong codes of one person in ten minutes after which typing is paused.
        CodeAttempts = "CODE_ATTEMPTS" => "签到码试错次数", "Wrong codes in ten minutes";
        /// Hours within which a scan made without signal may arrive.
        OfflineScanHours = "OFFLINE_SCAN_HOURS" => "离线签到补传小时数", "Hours for an offline scan to arrive";
        /// Radius of a venue that names none, in metres.
        GeofenceMetres = "GEOFENCE_METRES" => "默认场地半径（米）", "Default radius of a venue in metres";
        /// Days after an activity's end within which its attendance may be corrected.
        CorrectionDays = "CORRECTION_DAYS" => "考勤更正天数", "Days for corrections";
        /// Months ahead for which a recurrence makes drafts.
        DraftAheadMonths = "DRAFT_AHEAD_MONTHS" => "提前生成草稿月数", "Months of drafts ahead";
        /// Hours before an assignment is due at which its owner is reminded.
        AssignmentReminderHours = "ASSIGNMENT_REMINDER_HOURS" => "任务到期提醒提前小时数", "Hours before an assignment's reminder";
        /// Hours after owner and issuer were told that an assignment is overdue at which the superior is told.
        AssignmentEscalationHours = "ASSIGNMENT_ESCALATION_HOURS" => "任务逾期上报小时数", "Hours until an overdue assignment is escalated";
        /// Days for which the audit is kept at least (网络安全法, Art. 21: six months; R39).
        AuditKeepDays = "AUDIT_KEEP_DAYS" => "审计保存天数", "Days the audit is kept";
        /// Days after a service within which its hours may be reported (R30).
        ServiceReportDays = "SERVICE_REPORT_DAYS" => "志愿时长填报天数", "Days to report volunteer hours";
        /// Days after a service from which a report is marked as late (R30: 10 working days).
        ServiceLateDays = "SERVICE_LATE_DAYS" => "志愿时长补报提示天数", "Days after which a report of hours is marked late";
        /// Hours of service that one day may hold.
        ServiceDayHours = "SERVICE_DAY_HOURS" => "每日志愿时长上限（小时）", "Hours of service in a day";
        /// Hours of service in one go above which an entry is marked as long.
        ServiceLongHours = "SERVICE_LONG_HOURS" => "单次志愿时长提示小时数", "Hours above which a service is marked long";
        /// Hours of service in a month above which an entry is marked.
        ServiceMonthHours = "SERVICE_MONTH_HOURS" => "当月志愿时长提示小时数", "Hours of a month above which an entry is marked";
        /// Days of public notice before verified hours count (R31).
        PublicityDays = "PUBLICITY_DAYS" => "志愿时长公示天数", "Days of public notice of hours";
        /// Hours within which an offered place in a shift must be confirmed.
        ShiftOfferHours = "SHIFT_OFFER_HOURS" => "候补确认小时数", "Hours to confirm an offered place";
        /// Hours for one star (R32).
        StarOneHours = "STAR_ONE_HOURS" => "一星志愿者小时数", "Hours for one star";
        /// Hours for two stars (R32).
        StarTwoHours = "STAR_TWO_HOURS" => "二星志愿者小时数", "Hours for two stars";
        /// Hours for three stars (R32).
        StarThreeHours = "STAR_THREE_HOURS" => "三星志愿者小时数", "Hours for three stars";
        /// Hours for four stars (R32).
        StarFourHours = "STAR_FOUR_HOURS" => "四星志愿者小时数", "Hours for four stars";
        /// Hours for five stars (R32).
        StarFiveHours = "STAR_FIVE_HOURS" => "五星志愿者小时数", "Hours for five stars";
        /// Minutes of service by which a forgotten check-out of a shift counts at most, before it is reviewed.
        ForgottenCheckOutMinutes = "FORGOTTEN_CHECK_OUT_MINUTES" => "未签退最多计入分钟数", "Minutes counted after a forgotten check-out";
        /// Days for which a notification stays in the inbox, read or not.
        NotificationKeepDays = "NOTIFICATION_KEEP_DAYS" => "消息保存天数", "Days a notification is kept";
        /// Theme Party days that a branch holds in a month (R9).
        PartyDaysPerMonth = "PARTY_DAYS_PER_MONTH" => "每月主题党日次数", "Party days in a month";
        /// Hours within which a member may bind WeChat by a code of the branch.
        BindingCodeHours = "BINDING_CODE_HOURS" => "绑定码有效小时数", "Hours a binding code lasts";
    }
}

impl RuleKey {
    /// The value where a district sets none, and the least and greatest value that it may set.
    pub fn bounds(self) -> (i64, std::ops::RangeInclusive<i64>) {
        match self {
            Self::PasswordMinLength => (8, 8..=64),
            Self::PasswordMinClasses => (3, 3..=4),
            Self::PasswordMaxAgeDays => (90, 30..=365),
            Self::LockoutFailures => (5, 3..=10),
            Self::LockoutMinutes => (10, 10..=1440),
            Self::AddressFailuresPerHour => (300, 20..=100_000),
            Self::SessionIdleDays => (30, 1..=90),
            Self::PostSessionIdleMinutes => (30, 15..=1440),
            Self::OneTimeCodeMinutes => (5, 1..=15),
            Self::CheckInOpensMinutes => (30, 0..=240),
            Self::CheckInClosesMinutes => (0, 0..=240),
            Self::LateAfterMinutes => (10, 0..=120),
            Self::CheckOutMinutes => (60, 0..=720),
            Self::CodeStepSeconds => (15, 10..=60),
            Self::CodeGraceSeconds => (5, 0..=30),
            Self::DigitsGraceSeconds => (30, 0..=120),
            Self::CodeAttempts => (10, 3..=50),
            Self::OfflineScanHours => (24, 1..=72),
            Self::GeofenceMetres => (300, 50..=5_000),
            Self::CorrectionDays => (30, 1..=366),
            Self::DraftAheadMonths => (2, 1..=12),
            Self::AssignmentReminderHours => (24, 1..=720),
            Self::AssignmentEscalationHours => (72, 1..=2_160),
            Self::AuditKeepDays => (190, 190..=36_500),
            Self::ServiceReportDays => (30, 1..=366),
            Self::ServiceLateDays => (14, 1..=366),
            Self::ServiceDayHours => (24, 1..=24),
            Self::ServiceLongHours => (8, 1..=24),
            Self::ServiceMonthHours => (60, 1..=744),
            Self::PublicityDays => (7, 7..=60),
            Self::ShiftOfferHours => (12, 1..=168),
            Self::StarOneHours => (100, 1..=100_000),
            Self::StarTwoHours => (300, 1..=100_000),
            Self::StarThreeHours => (600, 1..=100_000),
            Self::StarFourHours => (1000, 1..=100_000),
            Self::StarFiveHours => (1500, 1..=100_000),
            Self::ForgottenCheckOutMinutes => (240, 1..=1_440),
            Self::NotificationKeepDays => (90, 7..=366),
            Self::BindingCodeHours => (24, 1..=168),
            Self::PartyDaysPerMonth => (1, 1..=5),
        }
    }

    /// Whether a change of it moves the moments at which activities close or become final.
    pub fn moves_due_steps(self) -> bool {
        matches!(self, Self::OfflineScanHours | Self::CorrectionDays)
    }

    /// Whether a change of it moves the moments at which assignments are reminded of.
    pub fn moves_alerts(self) -> bool {
        matches!(self, Self::AssignmentReminderHours | Self::AssignmentEscalationHours)
    }

    /// Where the default comes from.
    pub fn source(self) -> &'static str {
        match self {
            Self::PasswordMinLength | Self::PasswordMinClasses => "GB/T 22239-2019 8.1.4.1",
            Self::PasswordMaxAgeDays | Self::LockoutFailures | Self::LockoutMinutes => {
                "GB/T 22239-2019 8.1.4.1"
            }
            Self::PostSessionIdleMinutes => "GB/T 22239-2019 8.1.4.1",
            Self::AuditKeepDays => "网络安全法 第21条",
            Self::PublicityDays => "志愿服务记录证明（2015）：公示不少于7天",
            Self::StarOneHours
            | Self::StarTwoHours
            | Self::StarThreeHours
            | Self::StarFourHours
            | Self::StarFiveHours => "志愿服务记录办法（2012）",
            Self::PartyDaysPerMonth => "中国共产党党员教育管理工作条例 第16条",
            _ => "Zhibu",
        }
    }
}

vocabulary! {
    /// Why a rule wasn't set.
    pub refusal enum RuleRefusal {
        /// The value lies outside the rule's bounds.
        OutOfBounds = "OUT_OF_BOUNDS" => "该值超出允许范围。", "The value is outside the rule's bounds.";
        /// A rule can't be changed for the past.
        InPast = "IN_PAST" => "生效日期不能早于今天。", "The first day lies in the past.";
        /// The source is empty, longer than 200 characters, or holds characters that can't be shown.
        BadSource = "BAD_SOURCE" => "请填写1至200字的依据。", "Name the source in 1 to 200 characters.";
    }
}

/// A district's own value of a rule, from a civil day on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RuleSetting {
    /// Which.
    pub key: RuleKey,
    /// The value.
    pub value: i64,
    /// First day, in the district's time zone.
    pub starts_on: NaiveDate,
    /// The decision or regulation behind it.
    pub source: String,
}

impl RuleSetting {
    /// Checks a new setting.
    pub fn check(self, today: NaiveDate) -> Result<Self, RuleRefusal> {
        if !self.key.bounds().1.contains(&self.value) {
            return Err(RuleRefusal::OutOfBounds);
        }
        if self.starts_on < today {
            return Err(RuleRefusal::InPast);
        }
        let source = crate::text::line(&self.source, 200).ok_or(RuleRefusal::BadSource)?;
        Ok(Self { source, ..self })
    }
}

/// The rules in force in a district on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules(Vec<RuleSetting>);

impl Rules {
    /// The rules on `day`: of each key the latest setting that has begun.
    pub fn on(day: NaiveDate, mut settings: Vec<RuleSetting>) -> Self {
        settings.retain(|s| s.starts_on <= day);
        settings.sort_by_key(|s| std::cmp::Reverse(s.starts_on));
        Self(settings)
    }

    /// The defaults alone.
    pub fn defaults() -> Self {
        Self(Vec::new())
    }

    /// The district's own setting in force, if it has one.
    pub fn setting(&self, key: RuleKey) -> Option<&RuleSetting> {
        self.0.iter().find(|s| s.key == key)
    }

    /// The value in force.
    pub fn get(&self, key: RuleKey) -> i64 {
        self.setting(key).map_or_else(|| key.bounds().0, |s| s.value)
    }

    /// The value in force as minutes.
    pub fn minutes(&self, key: RuleKey) -> chrono::Duration {
        chrono::Duration::minutes(self.get(key))
    }

    /// The value in force as seconds.
    pub fn seconds(&self, key: RuleKey) -> chrono::Duration {
        chrono::Duration::seconds(self.get(key))
    }

    /// All keys.
    pub fn keys() -> impl Iterator<Item = RuleKey> {
        <RuleKey as Vocabulary>::words().iter().map(|w: &vocabulary::Word<RuleKey>| w.value)
    }
}
