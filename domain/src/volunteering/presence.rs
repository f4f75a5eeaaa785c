use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    activity::check_in::{CodeRefusal, NoProof},
    id::{AccountId, ServiceHourEntryId},
    vocabulary,
};

vocabulary! {
    /// How somebody was checked in or out at a shift.
    pub enum ShiftMarkMethod {
        /// Scanned the QR code on the screen.
        Qr = "QR" => "扫码", "QR code";
        /// Typed the six digits on the screen.
        Digits = "DIGITS" => "数字码", "Six digits";
        /// Scanned without signal, sent later.
        OfflineQr = "OFFLINE_QR" => "离线扫码", "Scanned without signal";
        /// Said so by a tap; only when leaving.
        Tap = "TAP" => "点击签退", "By a tap";
        /// Entered by somebody responsible.
        Roster = "ROSTER" => "负责人代签", "Entered by somebody responsible";
        /// Nobody checked out: closed at the shift's end.
        Forgotten = "FORGOTTEN" => "未签退，系统结束", "Forgotten, closed at the end";
    }
}

vocabulary! {
    /// Why somebody wasn't checked in or out at a shift.
    pub refusal enum ShiftCheckInRefusal {
        /// Only Party members serve here.
        NotAMember = "NOT_A_MEMBER" => "只有党员可以签到。", "Only Party members check in here.";
        /// The shift hasn't been published.
        NotPublished = "NOT_PUBLISHED" => "班次尚未发布。", "The shift has not been published.";
        /// The shift has been cancelled.
        Cancelled = "CANCELLED" => "班次已取消。", "The shift has been cancelled.";
        /// One hasn't signed up, and no place is free.
        NoPlace = "NO_PLACE" => "未报名，且该班次已无空余名额。", "Not signed up, and no place is free.";
        /// The shift asks for skills; who comes without having signed up must say that they have them.
        SkillsNeeded = "SKILLS_NEEDED" => "该班次有技能要求，请确认具备。", "This shift needs skills; please confirm them.";
        /// One isn't old enough for the shift, or the month of birth isn't on record.
        TooYoung = "TOO_YOUNG" => "未达到该班次的最低年龄，或名册未登记出生年月。", "Not old enough, or the month of birth is not on record.";
        /// One serves elsewhere at this time, has a place in another shift then, or has reported hours for it.
        Overlap = "OVERLAP" => "该时段已在其他班次，或已填报服务时长（包括在其他组织）。", "At this time there is another shift, or hours are reported, in this unit or in another.";
        /// Check-in hasn't begun.
        NotYetOpen = "NOT_YET_OPEN" => "签到尚未开始。", "Check-in has not begun.";
        /// The shift hasn't begun: there is nothing to check out of.
        NotStarted = "NOT_STARTED" => "班次尚未开始，不能签退。", "The shift has not begun; nobody checks out before.";
        /// It is over; somebody responsible can still enter who was there.
        Closed = "CLOSED" => "签到签退已结束，请联系班次负责人。", "It is over; ask whoever runs the shift.";
        /// The code isn't right.
        CodeWrong = "CODE_WRONG" => "签到码不正确。", "The code is not right.";
        /// The code belongs to another shift.
        CodeOfAnotherShift = "CODE_OF_ANOTHER_SHIFT" => "这是其他班次的签到码。", "This code belongs to another shift.";
        /// The code was shown too long ago.
        CodeExpired = "CODE_EXPIRED" => "签到码已过期，请扫描现场屏幕上的最新签到码。", "The code has expired; scan the one on the screen now.";
        /// Too many wrong codes were typed.
        TooManyAttempts = "TOO_MANY_ATTEMPTS" => "输错次数过多，请十分钟后再试，或请班次负责人代为签到。", "Too many wrong codes; try again in ten minutes or ask whoever runs the shift.";
        /// Without signal only a scanned code can be kept and sent later.
        OfflineNeedsScan = "OFFLINE_NEEDS_SCAN" => "无网络时请扫描二维码。", "Without signal, scan the QR code.";
        /// It arrived when nobody could accept it any more.
        TooLate = "TOO_LATE" => "已超过补录期限。", "It came after the days for corrections.";
        /// One has checked out already. Whoever runs the shift corrects it by saying when it was.
        AlreadyCheckedOut = "ALREADY_CHECKED_OUT" => "已签退；时间有误的，由班次负责人填写时间和理由更正。", "Checked out already; whoever runs the shift can correct the time, giving it and a reason.";
        /// The hours that it came to have been verified, or taken back: presence is no longer corrected.
        HoursReviewed = "HOURS_REVIEWED" => "该次时长已核实或已撤回，不能再更正签到签退。", "The hours have been verified or taken back; check-in and check-out can no longer be corrected.";
        /// One hasn't checked in.
        NotCheckedIn = "NOT_CHECKED_IN" => "尚未签到。", "Not checked in.";
        /// The given time lies in the future, outside the shift, or before the check-in.
        BadTime = "BAD_TIME" => "时间须在班次时段内、不晚于现在，且签退不早于签到。", "The time must lie within the shift, not after now, and check-out not before check-in.";
        /// The reason is empty, longer than 200 characters, or holds characters that can't be shown.
        BadReason = "BAD_REASON" => "请填写1至200字的理由。", "Give a reason of 1 to 200 characters.";
        /// Nobody enters themselves by the roster.
        OwnPresence = "OWN_PRESENCE" => "不能为本人代签，请扫码或由其他负责人办理。", "Nobody enters themselves; use the code or ask somebody else responsible.";
    }
}

impl From<NoProof> for ShiftCheckInRefusal {
    fn from(refusal: NoProof) -> Self {
        match refusal {
            NoProof::Code(CodeRefusal::Wrong) => Self::CodeWrong,
            NoProof::Code(CodeRefusal::OtherActivity) => Self::CodeOfAnotherShift,
            NoProof::Code(CodeRefusal::Expired) => Self::CodeExpired,
            NoProof::NotYetOpen => Self::NotYetOpen,
            NoProof::Closed => Self::Closed,
            NoProof::TooLate => Self::TooLate,
            NoProof::TooManyAttempts => Self::TooManyAttempts,
        }
    }
}

/// That somebody came, or left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShiftMark {
    /// When.
    pub at: DateTime<Utc>,
    /// How it is known.
    pub method: ShiftMarkMethod,
    /// Whether a scan made without signal came too late, or with times that don't fit.
    pub doubtful: bool,
    /// Who entered it, where it wasn't the volunteer.
    pub by: Option<AccountId>,
    /// Why they did.
    pub reason: Option<String>,
}

/// Whether a volunteer is at the shift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Presence {
    /// Hasn't come.
    #[default]
    Absent,
    /// Is there.
    Here {
        /// Since when.
        since: ShiftMark,
        /// When it is closed by itself, unless they check out.
        closes_at: DateTime<Utc>,
    },
    /// Was there.
    Left {
        /// Since when.
        since: ShiftMark,
        /// Until when.
        until: ShiftMark,
        /// The hours that it came to; none where it wasn't a minute of the shift.
        entry_id: Option<ServiceHourEntryId>,
    },
}

impl Presence {
    /// The check-in.
    pub fn since(&self) -> Option<&ShiftMark> {
        match self {
            Self::Absent => None,
            Self::Here { since, .. } | Self::Left { since, .. } => Some(since),
        }
    }

    /// The check-out.
    pub fn until(&self) -> Option<&ShiftMark> {
        match self {
            Self::Absent | Self::Here { .. } => None,
            Self::Left { until, .. } => Some(until),
        }
    }

    /// The same, but they came then.
    pub(super) fn since_then(self, since: ShiftMark) -> Self {
        match self {
            Self::Absent => Self::Absent,
            Self::Here { closes_at, .. } => Self::Here { since, closes_at },
            Self::Left { until, entry_id, .. } => Self::Left { since, until, entry_id },
        }
    }

    /// The hours that it came to.
    pub fn entry_id(&self) -> Option<ServiceHourEntryId> {
        match self {
            Self::Left { entry_id, .. } => *entry_id,
            Self::Absent | Self::Here { .. } => None,
        }
    }

    /// When it is closed by itself.
    pub fn closes_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Here { closes_at, .. } => Some(*closes_at),
            Self::Absent | Self::Left { .. } => None,
        }
    }

    /// Whether the check-out was forgotten.
    pub fn is_forgotten(&self) -> bool {
        self.until().is_some_and(|until| until.method == ShiftMarkMethod::Forgotten)
    }
}
