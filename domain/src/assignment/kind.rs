use crate::vocabulary;

vocabulary! {
    /// What an assignment is.
    pub enum AssignmentKind {
        /// A task that is sent out (派单).
        Task = "TASK" => "派单", "Task";
        /// An item of a list of responsibilities (责任清单): issued, claimed, fulfilled.
        Responsibility = "RESPONSIBILITY" => "责任清单", "Responsibility";
        /// An item of a list of problems (问题清单): found, rectified, verified and closed out (销号). Its
        /// owner proposes the measure.
        Issue = "ISSUE" => "问题清单", "Issue";
        /// What follows from a resolution (决议落实).
        Resolution = "RESOLUTION" => "决议落实", "Resolution's follow-up";
    }
}

impl AssignmentKind {
    /// Whether it may be issued without a measure, which its owner then proposes when accepting.
    pub fn measure_is_proposed(self) -> bool {
        self == Self::Issue
    }
}

vocabulary! {
    /// How pressing an assignment is.
    pub enum AssignmentPriority {
        /// When there is time.
        Low = "LOW" => "低", "Low";
        /// As most are.
        Normal = "NORMAL" => "普通", "Normal";
        /// Before others.
        High = "HIGH" => "高", "High";
        /// At once.
        Urgent = "URGENT" => "紧急", "Urgent";
    }
}

vocabulary! {
    /// To whom an assignment is given.
    pub enum AddresseeKind {
        /// To a Party member.
        Member = "MEMBER" => "党员", "Member";
        /// To whoever holds a post.
        Post = "POST" => "任职人员", "Holder of a post";
        /// To a unit or Party group: whoever leads it is the owner.
        Unit = "UNIT" => "组织", "Unit";
        /// To whoever in a subtree claims it first, up to a capacity.
        Offer = "OFFER" => "认领", "Offer";
    }
}
