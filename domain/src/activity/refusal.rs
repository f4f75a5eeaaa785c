use crate::vocabulary;

vocabulary! {
    /// Why a change of an activity was refused.
    pub refusal enum ActivityRefusal {
        /// The title is empty, longer than 100 characters, or holds characters that can't be shown.
        BadTitle = "BAD_TITLE" => "标题须为1至100个可显示的字符。", "The title must be 1 to 100 printable characters.";
        /// The description is longer than 5,000 characters or holds characters that can't be shown.
        BadDescription = "BAD_DESCRIPTION" => "说明不能超过5000字，且不能含有无法显示的字符。", "The description must be at most 5,000 printable characters.";
        /// The venue's name or address is empty, too long, or holds characters that can't be shown.
        BadVenue = "BAD_VENUE" => "地点名称须为1至100字，地址不超过200字。", "A venue needs a name of 1 to 100 characters and an address of at most 200.";
        /// The position doesn't exist, or the radius isn't 20 to 5,000 metres.
        BadFence = "BAD_FENCE" => "签到范围无效：经纬度须有效，半径须为20至5000米。", "The fence needs a valid position and a radius of 20 to 5,000 metres.";
        /// The end isn't after the start.
        EndsBeforeStart = "ENDS_BEFORE_START" => "结束时间须晚于开始时间。", "The end must be after the start.";
        /// It lasts longer than 24 hours.
        TooLong = "TOO_LONG" => "活动时长不能超过24小时。", "An activity lasts at most 24 hours.";
        /// It starts more than 400 days ahead.
        TooFarAhead = "TOO_FAR_AHEAD" => "开始时间不能晚于400天之后。", "An activity may be planned at most 400 days ahead.";
        /// It started more than 31 days ago.
        TooLongAgo = "TOO_LONG_AGO" => "只能补录31天以内的活动。", "Only activities of the last 31 days may be entered.";
        /// A published activity can't be moved into the past.
        InPast = "IN_PAST" => "已发布的活动不能改到过去的时间。", "A published activity cannot be moved into the past.";
        /// The minutes of check-in or lateness lie outside the rule's bounds.
        BadMinutes = "BAD_MINUTES" => "签到或迟到的分钟数超出允许范围。", "The minutes of check-in or lateness are outside the bounds.";
        /// There are more than 20 joint hosts.
        TooManyHosts = "TOO_MANY_HOSTS" => "联合主办单位不能超过20个。", "There can be at most 20 joint hosts.";
        /// The agenda has more than 30 items.
        TooManyItems = "TOO_MANY_ITEMS" => "议程不能超过30项。", "An agenda has at most 30 items.";
        /// An item of the agenda is empty, longer than 100 characters, or holds characters that can't be shown.
        BadItem = "BAD_ITEM" => "议程标题须为1至100个可显示的字符。", "An item's title must be 1 to 100 printable characters.";
        /// A unit of this type doesn't hold activities of this kind.
        WrongHost = "WRONG_HOST" => "该类组织不能举办此类活动。", "A unit of this type does not hold this kind of activity.";
        /// A host has been dissolved.
        HostDissolved = "HOST_DISSOLVED" => "主办组织已撤销。", "A host has been dissolved.";
        /// The reason is empty, longer than 200 characters, or holds characters that can't be shown.
        BadReason = "BAD_REASON" => "请填写1至200字的理由。", "Give a reason of 1 to 200 characters.";
        /// Somebody who would be taken off the list has a record of attendance already.
        HasRecord = "HAS_RECORD" => "名单中有人已有考勤记录，不能移出。", "Somebody who would be taken off the list has a record of attendance.";
        /// This can't change any more in the activity's present state.
        FixedNow = "FIXED_NOW" => "活动在当前状态下不能再更改此项。", "This can no longer be changed in the activity's present state.";
        /// The activity hasn't been published.
        NotPublished = "NOT_PUBLISHED" => "活动尚未发布。", "The activity has not been published.";
        /// The activity has been published already.
        AlreadyPublished = "ALREADY_PUBLISHED" => "活动已经发布。", "The activity has been published already.";
        /// It is more than four hours before the start.
        TooEarly = "TOO_EARLY" => "最早可在活动开始前4小时开放签到。", "Check-in can be opened at most four hours before the start.";
        /// The activity is open already.
        AlreadyOpen = "ALREADY_OPEN" => "活动签到已经开放。", "The activity is open already.";
        /// The activity hasn't started.
        NotStarted = "NOT_STARTED" => "活动尚未开始，如不举行请取消。", "The activity has not started; cancel it if it will not take place.";
        /// The activity has been closed.
        AlreadyClosed = "ALREADY_CLOSED" => "活动已经结束。", "The activity has been closed.";
        /// Only a closed activity can be archived.
        NotClosed = "NOT_CLOSED" => "活动结束后才能归档。", "Only a closed activity can be archived.";
        /// The activity has been archived.
        Archived = "ARCHIVED" => "活动已归档，不能再更改。", "The activity has been archived and can no longer be changed.";
        /// The activity has been cancelled.
        Cancelled = "CANCELLED" => "活动已取消。", "The activity has been cancelled.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}

vocabulary! {
    /// Why a record of attendance wasn't made or changed.
    pub refusal enum AttendanceRefusal {
        /// The activity hasn't been published.
        NotPublished = "NOT_PUBLISHED" => "活动尚未发布。", "The activity has not been published.";
        /// The activity has been cancelled.
        Cancelled = "CANCELLED" => "活动已取消。", "The activity has been cancelled.";
        /// The activity has been archived.
        Archived = "ARCHIVED" => "活动已归档，考勤不能再更改。", "The activity has been archived; its attendance is final.";
        /// Check-in hasn't begun.
        NotYetOpen = "NOT_YET_OPEN" => "签到尚未开始。", "Check-in has not begun.";
        /// The days for corrections are over.
        CorrectionOver = "CORRECTION_OVER" => "已超过考勤更正期限。", "The days for corrections are over.";
        /// The person isn't on the activity's list.
        NotExpected = "NOT_EXPECTED" => "此人不在本次活动名单中。", "This person is not on the activity's list.";
        /// The reason is missing, longer than 200 characters, or holds characters that can't be shown.
        BadReason = "BAD_REASON" => "请填写1至200字的理由。", "Give a reason of 1 to 200 characters.";
        /// The time of arrival lies before check-in began, after the end, or in the future.
        BadArrival = "BAD_ARRIVAL" => "到场时间须在签到开始与活动结束之间，且不晚于现在。", "The arrival must lie between the opening of check-in and the end, and not in the future.";
        /// The record says so already.
        SameState = "SAME_STATE" => "考勤状态未变。", "The record already says so.";
        /// Nobody may change their own record.
        OwnRecord = "OWN_RECORD" => "不能更正本人的考勤，请由其他组织者办理。", "Nobody may change their own record; ask another organizer.";
        /// This activity has no check-out.
        CheckOutNotWanted = "CHECK_OUT_NOT_WANTED" => "本次活动无需签退。", "This activity has no check-out.";
        /// There is no record to correct; check the member in, or close the activity first.
        NoRecord = "NO_RECORD" => "尚无考勤记录，请先代签或结束活动。", "There is no record yet; check the member in, or close the activity first.";
        /// Only who has checked in can check out.
        NotCheckedIn = "NOT_CHECKED_IN" => "尚未签到，不能签退。", "Only those who have checked in can check out.";
        /// The time for check-out is over.
        CheckOutClosed = "CHECK_OUT_CLOSED" => "签退时间已过。", "The time for check-out is over.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}

vocabulary! {
    /// Why a recurrence was refused.
    pub refusal enum RecurrenceRefusal {
        /// The rule isn't an RRULE of RFC 5545 that Zhibu understands.
        BadRule = "BAD_RULE" => "重复规则无效，只支持按周、按月或按年重复。", "The rule must be an RRULE with FREQ WEEKLY, MONTHLY or YEARLY and without times of day.";
        /// The rule gives no day within ten years.
        Never = "NEVER" => "按此规则没有任何一次活动。", "The rule gives no day.";
        /// The rule gives more than 27 days a year (every fortnight).
        TooOften = "TOO_OFTEN" => "重复过于频繁，最多每两周一次。", "The rule recurs too often: at most every fortnight.";
        /// The first day lies more than 400 days from today.
        BadStart = "BAD_START" => "起始日期须在前后400天以内。", "The first day must lie within 400 days of today.";
        /// It lasts no time, or longer than 24 hours.
        BadDuration = "BAD_DURATION" => "时长须为1分钟至24小时。", "The duration must be 1 minute to 24 hours.";
        /// The time zone isn't a name of the IANA database.
        BadTimeZone = "BAD_TIME_ZONE" => "时区名称无效。", "This is not the name of a time zone.";
        /// The title is empty, longer than 100 characters, or holds characters that can't be shown.
        BadTitle = "BAD_TITLE" => "标题须为1至100个可显示的字符。", "The title must be 1 to 100 printable characters.";
        /// The venue isn't valid.
        BadVenue = "BAD_VENUE" => "地点或签到范围无效。", "The venue or its fence is not valid.";
        /// A unit of this type doesn't hold activities of this kind.
        WrongHost = "WRONG_HOST" => "该类组织不能举办此类活动。", "A unit of this type does not hold this kind of activity.";
        /// The recurrence has been stopped.
        AlreadyStopped = "ALREADY_STOPPED" => "该重复安排已停止。", "The recurrence has been stopped already.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}
