use crate::vocabulary;

vocabulary! {
    /// Type of a Party organization (支部工作条例, Art. 4–5; 党章, Ch. 5). A unit's superior always
    /// stands on a level with a smaller number; levels may be skipped. Members have their home on
    /// levels 4 to 6.
    ///
    /// | level | types |
    /// | --- | --- |
    /// | 0 | `DISTRICT_COMMITTEE`, the root |
    /// | 1 | `PARTY_WORK_COMMITTEE`, `TOWN_COMMITTEE` |
    /// | 2 | `PARTY_COMMITTEE`, `BUSINESS_DISTRICT_COMMITTEE` |
    /// | 3 | `GENERAL_BRANCH` |
    /// | 4 | `PARTY_BRANCH`, `JOINT_BRANCH` |
    /// | 5 | `PARTY_GROUP` |
    /// | 6 | `MEMBER_HUB` |
    pub enum OrgUnitKind {
        /// The district's Party committee (区县委): the root of the tenant's tree.
        DistrictCommittee = "DISTRICT_COMMITTEE" => "区（县）委", "District committee";
        /// A subdistrict's Party work committee (街道党工委).
        PartyWorkCommittee = "PARTY_WORK_COMMITTEE" => "街道党工委", "Party work committee";
        /// A town's Party committee (镇党委); becomes a `PARTY_WORK_COMMITTEE` when the town does (镇改街道).
        TownCommittee = "TOWN_COMMITTEE" => "镇党委", "Town committee";
        /// A grass-roots Party committee (党委), generally over 100 members.
        PartyCommittee = "PARTY_COMMITTEE" => "党委", "Party committee";
        /// A business district's committee (商圈党委), which guides branches that keep their own superior.
        BusinessDistrictCommittee = "BUSINESS_DISTRICT_COMMITTEE" => "商圈党委", "Business district committee";
        /// A general branch (党总支), generally 50–100 members.
        GeneralBranch = "GENERAL_BRANCH" => "党总支", "General branch";
        /// A branch (党支部), at least 3 full members.
        PartyBranch = "PARTY_BRANCH" => "党支部", "Party branch";
        /// A joint branch (联合党支部) of units with fewer than 3 full members each.
        JointBranch = "JOINT_BRANCH" => "联合党支部", "Joint branch";
        /// A Party group (党小组) inside a branch.
        PartyGroup = "PARTY_GROUP" => "党小组", "Party group";
        /// A member hub (党员中心户): a member's household that serves its neighbours.
        MemberHub = "MEMBER_HUB" => "党员中心户", "Member hub";
    }
}

impl OrgUnitKind {
    /// Level in the tree: 0 is the district, a superior's level is always lower than its unit's.
    pub fn level(self) -> u8 {
        match self {
            Self::DistrictCommittee => 0,
            Self::PartyWorkCommittee | Self::TownCommittee => 1,
            Self::PartyCommittee | Self::BusinessDistrictCommittee => 2,
            Self::GeneralBranch => 3,
            Self::PartyBranch | Self::JointBranch => 4,
            Self::PartyGroup => 5,
            Self::MemberHub => 6,
        }
    }

    /// Whether members may have this unit as their home: branches, and what is inside them.
    pub fn holds_members(self) -> bool {
        self.level() >= 4
    }

    /// Whether the unit is a part of a branch, which answers for it.
    pub fn is_within_branch(self) -> bool {
        self.level() > 4
    }

    /// Whether the unit is a branch, the unit that holds Party days.
    pub fn is_branch(self) -> bool {
        self.level() == 4
    }
}

vocabulary! {
    /// The field a unit belongs to: the "1+5" (1 work committee, 5 fields).
    pub enum UnitDomain {
        /// The "1": the subdistrict itself.
        Subdistrict = "SUBDISTRICT" => "街道", "Subdistrict";
        /// Government agencies (机关).
        Agency = "AGENCY" => "机关", "Agency";
        /// Urban communities (社区).
        Community = "COMMUNITY" => "社区", "Community";
        /// Villages (农村).
        Rural = "RURAL" => "农村", "Rural";
        /// Schools (学校).
        School = "SCHOOL" => "学校", "School";
        /// Enterprises and social organizations (企业，含两新组织).
        Enterprise = "ENTERPRISE" => "企业", "Enterprise";
    }
}

vocabulary! {
    /// Class of a community.
    pub enum CommunityClass {
        /// Newly built (新兴社区).
        Emerging = "EMERGING" => "新兴社区", "Emerging";
        /// Converted from a village (村改社区).
        VillageConverted = "VILLAGE_CONVERTED" => "村改社区", "Converted from a village";
        /// Resettlement (安置社区).
        Resettlement = "RESETTLEMENT" => "安置社区", "Resettlement";
    }
}
