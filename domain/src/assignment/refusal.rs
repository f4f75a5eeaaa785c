use crate::vocabulary;

vocabulary! {
    /// Why something was refused about an assignment.
    pub refusal enum AssignmentRefusal {
        /// The title is empty, longer than 100 characters, or holds characters that can't be shown.
        BadTitle = "BAD_TITLE" => "标题须为1至100个可显示的字符。", "The title must be 1 to 100 printable characters.";
        /// The description is longer than 5,000 characters or holds characters that can't be shown.
        BadDescription = "BAD_DESCRIPTION" => "说明不能超过5000字，且不能含有无法显示的字符。", "The description must be at most 5,000 printable characters.";
        /// The basis is longer than 200 characters or holds characters that can't be shown.
        BadBasis = "BAD_BASIS" => "依据或来源不能超过200字，且不能含有无法显示的字符。", "The basis must be at most 200 printable characters.";
        /// There is no measure; only an issue may wait for its owner to propose one.
        MeasureMissing = "MEASURE_MISSING" => "请填写措施和量化指标。", "Give the measure with its number and unit.";
        /// The measure's text isn't 1 to 200 characters, its number not 1 to 1,000,000, or its unit not 1 to 20 characters.
        BadMeasure = "BAD_MEASURE" => "措施须为1至200字，指标为1至1000000的整数，单位为1至20字。", "A measure needs a text of 1 to 200 characters, a number of 1 to 1,000,000 and a unit of 1 to 20 characters.";
        /// The due time has passed, lies over 800 days ahead, or after the one that was given.
        BadDue = "BAD_DUE" => "完成时限须在今后800天内，且不能晚于下达的时限。", "The due time must lie within the next 800 days and not after the one that was given.";
        /// There are more than 30 items, or one isn't 1 to 100 characters.
        BadChecklist = "BAD_CHECKLIST" => "清单不能超过30项，每项1至100字。", "A checklist has at most 30 items of 1 to 100 characters.";
        /// The evidence's text is longer than 2,000 characters, or it has more than 9 references of 1 to 500 characters.
        BadEvidence = "BAD_EVIDENCE" => "完成情况不能超过2000字，附件不能超过9个。", "Evidence has at most 2,000 characters and 9 references of at most 500.";
        /// The amount lies outside 0 to 1,000,000.
        BadAmount = "BAD_AMOUNT" => "完成数量须为0至1000000的整数。", "The amount must be a whole number from 0 to 1,000,000.";
        /// The reason or note is empty, longer than 500 characters, or holds characters that can't be shown.
        BadReason = "BAD_REASON" => "请填写1至500字的理由或说明。", "Give a reason or note of 1 to 500 characters.";
        /// The capacity isn't 1 to 10,000.
        BadCapacity = "BAD_CAPACITY" => "认领名额须为1至10000。", "The capacity must be 1 to 10,000.";
        /// Nobody holds a post there who could be the owner.
        NoOwner = "NO_OWNER" => "该组织或职务目前没有责任人，请指定具体人员。", "Nobody there could be the owner; name a person.";
        /// The addressee doesn't lie below the issuer.
        BeyondIssuer = "BEYOND_ISSUER" => "只能向本组织及下级下达。", "It can only be given within the issuing unit.";
        /// The unit has been dissolved.
        UnitDissolved = "UNIT_DISSOLVED" => "该组织已撤销。", "The unit has been dissolved.";
        /// The member has left the roster.
        LeftRoster = "LEFT_ROSTER" => "该党员已不在名册中。", "The member has left the roster.";
        /// It is a draft still.
        IsDraft = "IS_DRAFT" => "尚未下达。", "It has not been dispatched.";
        /// It waits for its owner to accept it.
        NotAccepted = "NOT_ACCEPTED" => "尚未接收。", "It has not been accepted.";
        /// Its owner has declined it; it may be reassigned.
        WasDeclined = "WAS_DECLINED" => "已被退回，请重新指派。", "It was declined; reassign it.";
        /// It has been accepted, and isn't submitted.
        Underway = "UNDERWAY" => "正在办理中。", "It is being worked on.";
        /// It waits for somebody to verify it.
        AlreadySubmitted = "ALREADY_SUBMITTED" => "已提交，等待核验。", "It has been submitted and waits to be verified.";
        /// It has been verified.
        AlreadyVerified = "ALREADY_VERIFIED" => "已核验销号。", "It has been verified.";
        /// It has been cancelled.
        Cancelled = "CANCELLED" => "已撤销。", "It has been cancelled.";
        /// Only what was verified can be opened again.
        NotVerified = "NOT_VERIFIED" => "只有已销号的事项才能重新打开。", "Only what was verified can be opened again.";
        /// It is no draft any more.
        FixedNow = "FIXED_NOW" => "下达后不能再修改内容。", "Once dispatched it can no longer be changed.";
        /// Not all items of the checklist are done.
        ChecklistOpen = "CHECKLIST_OPEN" => "清单中还有未完成的事项。", "Items of the checklist are not done.";
        /// Evidence is wanted.
        EvidenceMissing = "EVIDENCE_MISSING" => "请提交所要求的完成情况。", "Evidence is wanted.";
        /// Nobody verifies or returns their own work, and nobody drops or puts off what they were given.
        OwnWork = "OWN_WORK" => "不能核验、撤销、改派或重开本人负责的事项，请由其他人办理。", "Nobody verifies, cancels, reassigns or reopens their own work; ask somebody else.";
        /// Parts of it that were handed down are still open.
        PartsOpen = "PARTS_OPEN" => "分解下达的任务还有未办结的，请先办结或撤销。", "Parts of it that were handed down are open; have them done or cancel them.";
        /// It is an offer: each claim of it is worked on for itself.
        IsOffer = "IS_OFFER" => "这是待认领事项，请先认领。", "This is an offer; claim it first.";
        /// It isn't an offer.
        NotOffer = "NOT_OFFER" => "该事项不能认领。", "This is not an offer.";
        /// It wasn't offered to this unit.
        NotForYou = "NOT_FOR_YOU" => "该事项不面向此组织。", "It was not offered to this unit.";
        /// All has been claimed.
        Full = "FULL" => "名额已认领完。", "All has been claimed.";
        /// It was due before it was claimed.
        ClaimOver = "CLAIM_OVER" => "认领时限已过。", "It can no longer be claimed: it was due.";
        /// The unit or person has claimed it already.
        AlreadyClaimed = "ALREADY_CLAIMED" => "已认领过。", "It has been claimed already.";
        /// There is nobody to whom it could be handed down.
        NobodyBelow = "NOBODY_BELOW" => "没有可以分解下达的对象。", "There is nobody to hand it down to.";
        /// The rule isn't an RRULE of RFC 5545 that Zhibu understands.
        BadRule = "BAD_RULE" => "重复规则无效，只支持按周、按月或按年重复。", "The rule must be an RRULE with FREQ WEEKLY, MONTHLY or YEARLY and without times of day.";
        /// The rule gives no day within ten years.
        Never = "NEVER" => "按此规则不会下达任何任务。", "The rule gives no day.";
        /// The rule gives more than 53 days a year (every week).
        TooOften = "TOO_OFTEN" => "重复过于频繁，最多每周一次。", "The rule recurs too often: at most every week.";
        /// The first day lies more than 400 days from today, or the time of day isn't one.
        BadStart = "BAD_START" => "起始日期须在前后400天以内，时间须为时:分。", "The first day must lie within 400 days of today, and the time be HH:MM.";
        /// The time until it is due isn't 1 minute to 92 days.
        BadDuration = "BAD_DURATION" => "办理时长须为1分钟至92天。", "The time until it is due must be 1 minute to 92 days.";
        /// The template has been put away.
        Stopped = "STOPPED" => "该模板已停用。", "The template has been put away.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}
