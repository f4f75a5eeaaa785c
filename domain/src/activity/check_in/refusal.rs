use super::NoProof;
use crate::vocabulary;

vocabulary! {
    /// Why a code wasn't accepted.
    pub refusal enum CodeRefusal {
        /// It isn't a code of this activity, or isn't one at all.
        Wrong = "WRONG" => "签到码不正确。", "The code is not right.";
        /// It belongs to another activity.
        OtherActivity = "OTHER_ACTIVITY" => "这是其他活动的签到码。", "This code belongs to another activity.";
        /// It was shown too long ago.
        Expired = "EXPIRED" => "签到码已过期，请扫描现场屏幕上的最新签到码。", "The code has expired; scan the one on the screen now.";
    }
}

vocabulary! {
    /// Why a check-in was refused.
    pub refusal enum CheckInRefusal {
        /// The activity hasn't been published.
        NotPublished = "NOT_PUBLISHED" => "活动尚未发布。", "The activity has not been published.";
        /// The activity has been cancelled.
        Cancelled = "CANCELLED" => "活动已取消。", "The activity has been cancelled.";
        /// The person isn't on the activity's list; the organizer can add them as a guest.
        NotExpected = "NOT_EXPECTED" => "您不在本次活动名单中，请联系组织者。", "You are not on this activity's list; ask the organizer.";
        /// Check-in hasn't begun.
        NotYetOpen = "NOT_YET_OPEN" => "签到尚未开始。", "Check-in has not begun.";
        /// Check-in is over; the organizer can still enter somebody who was there.
        Closed = "CLOSED" => "签到已结束，如确已到场请联系组织者。", "Check-in is over; if you were there, ask the organizer.";
        /// The code isn't right.
        CodeWrong = "CODE_WRONG" => "签到码不正确。", "The code is not right.";
        /// The code belongs to another activity.
        CodeOfAnotherActivity = "CODE_OF_ANOTHER_ACTIVITY" => "这是其他活动的签到码。", "This code belongs to another activity.";
        /// The code was shown too long ago.
        CodeExpired = "CODE_EXPIRED" => "签到码已过期，请扫描现场屏幕上的最新签到码。", "The code has expired; scan the one on the screen now.";
        /// Too many wrong codes were typed.
        TooManyAttempts = "TOO_MANY_ATTEMPTS" => "输错次数过多，请十分钟后再试，或请组织者代为签到。", "Too many wrong codes; try again in ten minutes or ask the organizer.";
        /// Without signal only a scanned code can be kept and sent later.
        OfflineNeedsScan = "OFFLINE_NEEDS_SCAN" => "无网络时请扫描二维码签到。", "Without signal, scan the QR code.";
        /// The scan arrived when not even the organizer could accept it any more.
        TooLate = "TOO_LATE" => "补传已超过考勤更正期限。", "The scan arrived after the days for corrections.";
    }
}

impl From<NoProof> for CheckInRefusal {
    fn from(refusal: NoProof) -> Self {
        match refusal {
            NoProof::Code(CodeRefusal::Wrong) => Self::CodeWrong,
            NoProof::Code(CodeRefusal::OtherActivity) => Self::CodeOfAnotherActivity,
            NoProof::Code(CodeRefusal::Expired) => Self::CodeExpired,
            NoProof::NotYetOpen => Self::NotYetOpen,
            NoProof::Closed => Self::Closed,
            NoProof::TooLate => Self::TooLate,
            NoProof::TooManyAttempts => Self::TooManyAttempts,
        }
    }
}
