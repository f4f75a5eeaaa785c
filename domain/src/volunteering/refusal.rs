use crate::vocabulary;

vocabulary! {
    /// Why volunteer hours were not reported, corrected by the member or taken back.
    pub refusal enum HourReportRefusal {
        /// Hours are kept for Party members.
        NotAMember = "NOT_A_MEMBER" => "只有党员可以填报志愿服务时长。", "Only Party members report volunteer hours here.";
        /// The unit has been dissolved.
        UnitDissolved = "UNIT_DISSOLVED" => "该组织已撤销。", "The unit has been dissolved.";
        /// The place is empty, longer than 100 characters, or holds characters that can't be shown.
        BadPlace = "BAD_PLACE" => "请填写1至100字的服务地点。", "Name the place in 1 to 100 characters.";
        /// What was done is empty, longer than 200 characters, or holds characters that can't be shown.
        BadContent = "BAD_CONTENT" => "请填写1至200字的服务内容。", "Say what was done in 1 to 200 characters.";
        /// For whom is empty, longer than 100 characters or can't be shown, or the number isn't 1 to 100,000.
        BadBeneficiary = "BAD_BENEFICIARY" => "请用1至100字概括服务对象（勿写姓名），人数须为1至100000。", "Say for whom in 1 to 100 characters, without names; the number must be 1 to 100,000.";
        /// There are more than nine pictures, or a reference isn't 1 to 300 printable ASCII characters.
        BadPictures = "BAD_PICTURES" => "图片最多9张，且引用须有效。", "At most nine pictures, each with a valid reference.";
        /// It ends after now.
        InFuture = "IN_FUTURE" => "服务尚未结束，不能填报未来的时间。", "The service has not ended yet.";
        /// The end isn't at least a minute after the start.
        EndsBeforeStart = "ENDS_BEFORE_START" => "结束时间须晚于开始时间。", "The end must be after the start.";
        /// It lasts longer than 24 hours.
        LongerThanADay = "LONGER_THAN_A_DAY" => "一次服务不能超过24小时。", "A service lasts at most 24 hours.";
        /// It ended longer ago than the district takes reports.
        TooOld = "TOO_OLD" => "已超过填报期限。", "It is too long ago to be reported.";
        /// The minutes on the way are negative, or leave nothing.
        BadTravel = "BAD_TRAVEL" => "路途时间不计入服务时长，且须少于总时间。", "Time on the way does not count and must be less than the whole.";
        /// The same time has been reported already.
        Duplicate = "DUPLICATE" => "该时段已填报，请勿重复。", "The same time has been reported already.";
        /// It overlaps another entry of the same person, in this unit or in another.
        Overlap = "OVERLAP" => "与本人另一条服务记录的时间重叠（包括在其他组织填报的）。", "It overlaps another entry of yours, in this unit or in another.";
        /// With it the day would hold more hours than the district takes.
        DayFull = "DAY_FULL" => "当日服务时长超过上限。", "The day would hold more hours than are possible.";
        /// It can't be changed any more.
        Settled = "SETTLED" => "该记录已核实或已撤回，不能再更改。", "It has been verified or taken back and can no longer be changed.";
        /// What comes from a shift isn't rewritten by the member.
        FromShift = "FROM_SHIFT" => "班次签到形成的记录不能由本人修改；有误请联系班次负责人更正签到签退。", "An entry of a shift is not rewritten by the member; ask whoever runs the shift to correct check-in and check-out.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}

vocabulary! {
    /// Why an entry was not verified, returned, granted, taken back or counted anew.
    pub refusal enum HourReviewRefusal {
        /// Nobody decides on their own service.
        OwnEntry = "OWN_ENTRY" => "不能核实本人的服务时长，请由其他负责人办理。", "Nobody may verify their own hours; ask somebody else responsible.";
        /// It has been decided already, or was taken back.
        AlreadyReviewed = "ALREADY_REVIEWED" => "该记录已处理。", "This entry has been decided.";
        /// The minutes aren't between one and the whole time from start to end.
        BadMinutes = "BAD_MINUTES" => "分钟数须在1与起止时间之间。", "The minutes must lie between one and the whole time.";
        /// The minutes are the same as before.
        SameMinutes = "SAME_MINUTES" => "分钟数没有变化。", "The minutes are the same as before.";
        /// The reason is empty, longer than 200 characters, or holds characters that can't be shown.
        BadReason = "BAD_REASON" => "请填写1至200字的理由。", "Give a reason of 1 to 200 characters.";
        /// Only what counts can be taken back or counted anew.
        NotGranted = "NOT_GRANTED" => "该记录尚未入账或已冲销。", "This entry does not count.";
        /// The notice isn't over, or an objection is open.
        NotDue = "NOT_DUE" => "公示期未满或异议未处理。", "The public notice is not over, or an objection is open.";
        /// The same entry was named twice.
        Repeated = "REPEATED" => "同一记录只能列出一次。", "The same entry was named twice.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}

vocabulary! {
    /// Why an objection was not raised or decided.
    pub refusal enum ObjectionRefusal {
        /// The entry isn't in public notice, or the notice is over; and it isn't one's own, counted anew since.
        NotInPublicity = "NOT_IN_PUBLICITY" => "该记录不在公示期内。", "The entry is not in public notice.";
        /// It is about one's own service: one objects to a correction of it alone, and doesn't decide.
        OwnEntry = "OWN_ENTRY" => "对本人的记录只能就被更正的分钟数提出异议，且不能由本人处理；有误请撤回。", "Of your own entry you may object to a correction only, and somebody else decides; take it back if it is wrong.";
        /// One's earlier objection to it is still open; to a correction of the own entry one objects once.
        AlreadyObjected = "ALREADY_OBJECTED" => "您已提出过异议。", "You have objected already.";
        /// The reason is empty, longer than 200 characters, or holds characters that can't be shown.
        BadReason = "BAD_REASON" => "请填写1至200字的理由。", "Give a reason of 1 to 200 characters.";
        /// It has been decided already.
        AlreadyDecided = "ALREADY_DECIDED" => "该异议已处理。", "This objection has been decided.";
        /// Nobody decides on their own objection.
        OwnObjection = "OWN_OBJECTION" => "不能处理本人提出的异议。", "Nobody decides on their own objection.";
        /// Nobody decides on an objection to what they have verified themselves.
        OwnApproval = "OWN_APPROVAL" => "该记录由您核实，异议须由其他负责人处理。", "You have verified this entry; somebody else must decide on the objection.";
    }
}
