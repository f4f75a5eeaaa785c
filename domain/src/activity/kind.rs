use crate::{organization::OrgUnitKind, vocabulary};

vocabulary! {
    /// What kind of gathering it is. Not every unit may host every kind; the levels of units stand
    /// with `OrgUnitKind`.
    ///
    /// | kind | hosts |
    /// | --- | --- |
    /// | `GENERAL_MEETING`, `COMMITTEE_MEETING` | levels 2 to 4: committees, general branches, branches |
    /// | `GROUP_MEETING` | levels 4 and 5: branches and groups |
    /// | `ORGANIZATION_LIFE_MEETING`, `DEMOCRATIC_APPRAISAL` | all but member hubs |
    /// | all others | any unit |
    pub enum ActivityKind {
        /// Theme Party day (主题党日): one fixed day each month (教育管理条例, Art. 16).
        ThemePartyDay = "THEME_PARTY_DAY" => "主题党日", "Theme Party day";
        /// General meeting of a branch (支部党员大会): at least one a quarter.
        GeneralMeeting = "GENERAL_MEETING" => "支部党员大会", "General meeting";
        /// Meeting of a branch's committee (支委会): at least one a month.
        CommitteeMeeting = "COMMITTEE_MEETING" => "支委会", "Committee meeting";
        /// Meeting of a Party group (党小组会): at least one a month.
        GroupMeeting = "GROUP_MEETING" => "党小组会", "Group meeting";
        /// Party lecture (党课).
        PartyLecture = "PARTY_LECTURE" => "党课", "Party lecture";
        /// Organization life meeting (组织生活会): at least one a year.
        OrganizationLifeMeeting = "ORGANIZATION_LIFE_MEETING" => "组织生活会", "Organization life meeting";
        /// Democratic appraisal of members (民主评议): one a year.
        DemocraticAppraisal = "DEMOCRATIC_APPRAISAL" => "民主评议", "Democratic appraisal";
        /// Joint conference with resident units (联席会).
        JointConference = "JOINT_CONFERENCE" => "联席会", "Joint conference";
        /// Regular meeting of the five parties of a community (五方例会).
        FivePartyMeeting = "FIVE_PARTY_MEETING" => "五方例会", "Five-party meeting";
        /// Forum (讲坛).
        Forum = "FORUM" => "讲坛", "Forum";
        /// Visit of a site (参观).
        SiteVisit = "SITE_VISIT" => "参观", "Site visit";
        /// Volunteer session (志愿服务活动).
        VolunteerSession = "VOLUNTEER_SESSION" => "志愿服务活动", "Volunteer session";
        /// Service for residents (惠民服务).
        PublicService = "PUBLIC_SERVICE" => "惠民服务", "Public service";
    }
}

impl ActivityKind {
    /// Whether a unit of this type can be the host. Members' and committees' meetings belong to
    /// organizations that have them; a group's meeting may be kept by its branch.
    pub fn fits(self, host: OrgUnitKind) -> bool {
        match self {
            Self::GeneralMeeting | Self::CommitteeMeeting => (2..=4).contains(&host.level()),
            Self::GroupMeeting => (4..=5).contains(&host.level()),
            Self::OrganizationLifeMeeting | Self::DemocraticAppraisal => host != OrgUnitKind::MemberHub,
            _ => true,
        }
    }
}
