use crate::vocabulary;

vocabulary! {
    /// Why a change of a member's record was refused.
    pub refusal enum MemberRefusal {
        /// The name is empty, longer than 50 characters, or holds characters that can't be shown.
        BadName = "BAD_NAME" => "姓名须为1至50个可显示的字符。", "The name must be 1 to 50 printable characters.";
        /// The phone number isn't a mobile number.
        BadPhone = "BAD_PHONE" => "手机号码无效。", "This is not a mobile number.";
        /// Another person of the district has this phone number.
        PhoneTaken = "PHONE_TAKEN" => "该手机号码已属于本区另一人。", "Another person of the district has this phone number.";
        /// The person with this account is a member already.
        AlreadyMember = "ALREADY_MEMBER" => "此人已在党员名册中。", "This person is on the roster already.";
        /// Only a branch, a group or a member hub can be a home unit.
        NotABranch = "NOT_A_BRANCH" => "党员只能编入党支部、党小组或党员中心户。", "A member's home must be a branch, a group or a member hub.";
        /// The home unit has been dissolved.
        UnitDissolved = "UNIT_DISSOLVED" => "该组织已撤销。", "The unit has been dissolved.";
        /// A date lies in the future.
        DateInFuture = "DATE_IN_FUTURE" => "日期不能晚于今天。", "The date lies in the future.";
        /// Full membership can't begin before joining.
        FullBeforeJoined = "FULL_BEFORE_JOINED" => "转正日期不能早于入党日期。", "Full membership cannot begin before joining.";
        /// A probationary member has no date of full membership.
        ProbationaryButFull = "PROBATIONARY_BUT_FULL" => "预备党员不应有转正日期。", "A probationary member has no date of full membership.";
        /// The month of birth doesn't exist or is less than 18 years ago.
        BadBirthMonth = "BAD_BIRTH_MONTH" => "出生年月无效。", "The month of birth is not valid.";
        /// Joined before the year of the 18th birthday (党章, Art. 1).
        TooYoung = "TOO_YOUNG" => "入党时未满18周岁。", "Joined the Party before the age of 18.";
        /// The member has left the roster.
        HasLeft = "HAS_LEFT" => "该党员已离开名册。", "The member has left the roster.";
        /// The person isn't a member and has chosen a password already: a one-time code resets it.
        HasPassword = "HAS_PASSWORD" => "该用户已自行设置密码，请用短信验证码重置。", "They have chosen a password; a one-time code resets it.";
        /// The reason is empty, longer than 200 characters, or holds characters that can't be shown.
        BadReason = "BAD_REASON" => "请填写1至200字的理由。", "Give a reason of 1 to 200 characters.";
        /// The last day lies before the first.
        EndsBeforeStart = "ENDS_BEFORE_START" => "结束日期不能早于开始日期。", "The last day lies before the first.";
        /// The exemption has ended already.
        AlreadyEnded = "ALREADY_ENDED" => "已经结束。", "It has ended already.";
        /// The person holds posts; only the district's administrator may do this.
        HoldsPosts = "HOLDS_POSTS" => "此人担任职务，须由系统管理员办理。", "The person holds posts; the district's administrator must do this.";
        /// Nobody may do this to their own record.
        OwnRecord = "OWN_RECORD" => "不能办理本人的此项业务。", "Nobody may do this to their own record.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}

vocabulary! {
    /// Why an appointment, or its end, was refused.
    pub refusal enum PostRefusal {
        /// A unit of this type has no such post.
        WrongUnit = "WRONG_UNIT" => "该类组织没有此职务。", "A unit of this type has no such post.";
        /// Nobody appoints himself.
        Self_ = "SELF" => "不能任命本人。", "Nobody may appoint himself.";
        /// This post is beyond the appointer's power.
        BeyondYours = "BEYOND_YOURS" => "无权任免此职务。", "This post is beyond your power to give or end.";
        /// The person holds this post on this unit already.
        AlreadyHeld = "ALREADY_HELD" => "此人已担任该职务。", "The person already holds this post.";
        /// The post has ended already.
        AlreadyEnded = "ALREADY_ENDED" => "该职务已经结束。", "The post has ended already.";
        /// The last day lies before the first.
        EndsBeforeStart = "ENDS_BEFORE_START" => "结束日期不能早于开始日期。", "The last day lies before the first.";
        /// The unit has been dissolved.
        UnitDissolved = "UNIT_DISSOLVED" => "该组织已撤销。", "The unit has been dissolved.";
        /// The phone number isn't a mobile number.
        BadPhone = "BAD_PHONE" => "手机号码无效。", "This is not a mobile number.";
        /// A person of another name has this phone number.
        PhoneTaken = "PHONE_TAKEN" => "该手机号码已属于本区另一人。", "Another person of the district has this phone number.";
        /// The name is empty, longer than 50 characters, or holds characters that can't be shown.
        BadName = "BAD_NAME" => "姓名须为1至50个可显示的字符。", "The name must be 1 to 50 printable characters.";
    }
}
