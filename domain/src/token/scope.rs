use crate::vocabulary;

vocabulary! {
    /// What a token may be used for: it cuts the rights of whoever it is of. Written `units:read` where OAuth
    /// speaks. Which action needs which stands with `Action::token_scope`, and in docs/access.md.
    pub enum TokenScope {
        /// Units, their tree, and the rules in force.
        UnitsRead = "UNITS_READ" => "读取组织", "Read units";
        /// Members by name, posts, and who is in a team. The purpose must be stated; readings are audited.
        MembersRead = "MEMBERS_READ" => "读取党员姓名", "Read members by name";
        /// Whole phone numbers and what else is contact data. The purpose must be stated; each reading is audited.
        ContactsRead = "CONTACTS_READ" => "读取联系方式", "Read contact data";
        /// Activities, their agenda and their counts, and themes.
        ActivitiesRead = "ACTIVITIES_READ" => "读取活动", "Read activities";
        /// Drafts, and to plan, publish, open, close and cancel activities.
        ActivitiesWrite = "ACTIVITIES_WRITE" => "组织活动", "Organize activities";
        /// Who attended.
        AttendanceRead = "ATTENDANCE_READ" => "读取出勤", "Read attendance";
        /// To check members in and out, decide leave and correct.
        AttendanceWrite = "ATTENDANCE_WRITE" => "管理签到", "Keep attendance";
        /// Volunteer hours, those in public notice, and the teams, projects and shifts.
        HoursRead = "HOURS_READ" => "读取志愿时长", "Read volunteer hours";
        /// To export verified hours for the national system, by name and phone number: it needs `members:read`, too.
        HoursExport = "HOURS_EXPORT" => "导出志愿时长", "Export volunteer hours";
        /// Assignments and how they stand.
        AssignmentsRead = "ASSIGNMENTS_READ" => "读取任务", "Read assignments";
        /// To issue assignments and follow them up.
        AssignmentsWrite = "ASSIGNMENTS_WRITE" => "下达和核验任务", "Issue and verify assignments";
        /// The figures of units and what waits on the desk: numbers without names.
        FiguresRead = "FIGURES_READ" => "读取统计", "Read figures";
        /// To be told by webhooks: endpoints of its own, for events of what its other scopes let it read.
        WebhooksManage = "WEBHOOKS_MANAGE" => "管理回调", "Manage webhooks";
    }
}

/// Some scopes: a bit for each, in order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenScopes(pub u32);

impl TokenScopes {
    /// These.
    pub fn of(scopes: &[TokenScope]) -> Self {
        Self(scopes.iter().fold(0, |bits, scope| bits | Self::bit(*scope)))
    }

    /// Whether this is one of them.
    pub fn contains(self, scope: TokenScope) -> bool {
        self.0 & Self::bit(scope) != 0
    }

    /// Reads a list as OAuth speaks it; `None` where a word of it is no scope.
    pub fn heard(text: &str) -> Option<Self> {
        let scopes: Option<Vec<_>> = text.split(' ').map(TokenScope::heard).collect();
        scopes.map(|scopes| Self::of(&scopes))
    }

    fn bit(scope: TokenScope) -> u32 {
        1 << (scope as u32)
    }
}

impl TokenScope {
    /// As OAuth speaks it: `units:read`.
    pub fn spoken(self) -> String {
        use crate::vocabulary::Vocabulary;
        self.code().to_ascii_lowercase().replace('_', ":")
    }

    /// Reads what OAuth speaks.
    pub fn heard(text: &str) -> Option<Self> {
        use crate::vocabulary::Vocabulary;
        Self::words().iter().map(|word| word.value).find(|scope| scope.spoken() == text)
    }

    /// Whether it lets out who somebody is, so that the purpose must be stated (PIPL).
    pub fn is_personal(self) -> bool {
        matches!(self, Self::MembersRead | Self::ContactsRead | Self::HoursExport)
    }
}
