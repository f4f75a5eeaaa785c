use crate::vocabulary;

vocabulary! {
    /// Why a change of the tree of units was refused.
    pub refusal enum OrgUnitRefusal {
        /// The name is empty, longer than 100 characters, or holds characters that can't be shown.
        BadName = "BAD_NAME" => "名称须为1至100个可显示的字符。", "The name must be 1 to 100 printable characters.";
        /// The code is used by another unit of the district.
        CodeTaken = "CODE_TAKEN" => "该编码已被本区其他组织使用。", "Another unit of the district uses this code.";
        /// The code is longer than 32 characters or holds characters other than letters, digits, `-` and `_`.
        BadCode = "BAD_CODE" => "编码须为1至32个字母、数字、“-”或“_”。", "The code must be 1 to 32 letters, digits, '-' or '_'.";
        /// The time zone isn't a name of the IANA database.
        BadTimeZone = "BAD_TIME_ZONE" => "时区名称无效。", "This is not the name of a time zone.";
        /// The superior's level isn't higher than the unit's.
        WrongLevel = "WRONG_LEVEL" => "上级组织的层级必须高于本组织。", "The superior must be of a higher level than the unit.";
        /// The new type would put the unit at or below the level of a unit that it leads.
        LeadsHigherLevel = "LEADS_HIGHER_LEVEL" => "更改类型后层级将不高于其下级组织。", "With this type the unit would not be above the units that it leads.";
        /// A unit can't be moved below itself.
        Cycle = "CYCLE" => "不能把组织移到自己的下级之下。", "A unit cannot be moved below itself.";
        /// The district's root can't be moved, dissolved or change its type.
        Root = "ROOT" => "区级组织不能移动、撤销或更改类型。", "The district's own unit cannot be moved, dissolved or change its type.";
        /// The unit still leads units or has members or holders of posts.
        NotEmpty = "NOT_EMPTY" => "该组织还有下级组织、党员或任职人员，不能撤销。", "The unit still has units, members or post holders.";
        /// Volunteers' shifts of the unit aren't over, or assignments that lie with it aren't done.
        HasWork = "HAS_WORK" => "该组织还有未结束的志愿服务班次或未办结的任务，请先取消或移交。", "The unit still has shifts to come or open assignments; cancel or reassign them first.";
        /// The unit has been dissolved.
        Dissolved = "DISSOLVED" => "该组织已撤销。", "The unit has been dissolved.";
        /// Members hold this unit as their home, which the new type doesn't allow.
        HoldsMembers = "HOLDS_MEMBERS" => "该组织有党员，不能改为此类型。", "The unit has members, which this type cannot hold.";
        /// The guiding unit is the unit itself, or already leads or guides it.
        AlreadyLeads = "ALREADY_LEADS" => "该组织已由其领导或指导。", "That unit already leads or guides this one.";
        /// The unit isn't guided by that unit.
        NotGuided = "NOT_GUIDED" => "两个组织之间没有指导关系。", "There is no guidance between the two units.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}
