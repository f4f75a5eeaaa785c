use crate::{token::TokenScope, vocabulary};

vocabulary! {
    /// What somebody may want to do; each operation of the API names one.
    pub enum Action {
        /// Sign in, refresh a session, ask for a one-time code: what comes before an identity.
        SignIn = "SIGN_IN" => "登录", "Sign in";
        /// See and change one's own account: profile, password, second factor, sessions.
        UseAccount = "USE_ACCOUNT" => "使用本人账号", "Use one's own account";
        /// See the names and the tree of units.
        ViewUnit = "VIEW_UNIT" => "查看组织", "See units";
        /// Found, change, move, dissolve units and set guidance lines.
        ManageUnit = "MANAGE_UNIT" => "管理组织", "Manage units";
        /// See a member's record: name, status, home unit. The phone number is masked.
        ViewMember = "VIEW_MEMBER" => "查看党员", "See a member";
        /// See a member's whole phone number (each reading is audited, PIPL 51), sex, month of birth,
        /// education and the reasons of exemptions.
        ViewContact = "VIEW_CONTACT" => "查看联系方式", "See contact data";
        /// Add, change and exempt members one by one.
        ManageMember = "MANAGE_MEMBER" => "管理党员", "Manage members";
        /// Import a roster.
        ImportMember = "IMPORT_MEMBER" => "导入名册", "Import a roster";
        /// Give an account an initial password, which its owner must change, or a code to bind WeChat by.
        IssuePassword = "ISSUE_PASSWORD" => "签发初始密码", "Issue an initial password";
        /// See who holds which post.
        ViewPost = "VIEW_POST" => "查看职务", "See posts";
        /// Appoint to posts and end them.
        Appoint = "APPOINT" => "任免职务", "Appoint to posts";
        /// See a published activity: time, place, agenda, the counts of attendance.
        ViewActivity = "VIEW_ACTIVITY" => "查看活动", "See an activity";
        /// See an activity that was never made known: drafts, and those called off before.
        ViewDraft = "VIEW_DRAFT" => "查看草稿", "See a draft";
        /// Plan and run an activity: drafts, agenda, states, recurrences, the fixed items' template.
        Organize = "ORGANIZE" => "组织活动", "Organize an activity";
        /// Show the check-in code, check members in and out, decide leave and late scans, correct.
        KeepAttendance = "KEEP_ATTENDANCE" => "管理签到", "Keep attendance";
        /// See who attended an activity, by name, and the figures of a member.
        ViewAttendance = "VIEW_ATTENDANCE" => "查看出勤", "See attendance";
        /// Check in and out, ask for leave.
        Attend = "ATTEND" => "参加活动", "Attend";
        /// See the figures of a unit, of attendance and of assignments: numbers without names.
        ViewFigures = "VIEW_FIGURES" => "查看组织统计", "See a unit's figures";
        /// See the themes issued to one's unit.
        ViewTheme = "VIEW_THEME" => "查看主题", "See themes";
        /// Issue a theme to the units below and see who has adopted it.
        IssueTheme = "ISSUE_THEME" => "下发主题", "Issue a theme";
        /// See an assignment with its history; drafts are for those who may assign.
        ViewAssignment = "VIEW_ASSIGNMENT" => "查看任务", "See an assignment";
        /// Issue assignments and follow them up: change, dispatch, verify, return, reopen, reassign,
        /// cancel, hand down; see how a unit's assignments stand.
        Assign = "ASSIGN" => "下达和核验任务", "Issue and verify assignments";
        /// Claim what is offered.
        ClaimAssignment = "CLAIM_ASSIGNMENT" => "认领任务", "Claim an assignment";
        /// Do what one was assigned: accept, decline, report, submit.
        Undertake = "UNDERTAKE" => "办理任务", "Do an assignment";
        /// See the rules (limits and their sources) in force.
        ViewRule = "VIEW_RULE" => "查看规则", "See rules";
        /// Set the district's own value of a rule, from a date.
        ManageRule = "MANAGE_RULE" => "管理规则", "Manage rules";
        /// Read the audit.
        ViewAudit = "VIEW_AUDIT" => "查看审计", "Read the audit";
        /// Report one's own volunteer hours, correct and withdraw them.
        ReportHours = "REPORT_HOURS" => "填报志愿时长", "Report volunteer hours";
        /// See a member's entries of volunteer hours, the balance and the ledger.
        ViewHours = "VIEW_HOURS" => "查看志愿时长", "See volunteer hours";
        /// Verify, correct and return volunteer hours; decide on objections, reverse and recalculate, which a
        /// captain doesn't.
        VerifyHours = "VERIFY_HOURS" => "核实志愿时长", "Verify volunteer hours";
        /// See the hours that are in public notice in a unit.
        ViewPublicity = "VIEW_PUBLICITY" => "查看志愿时长公示", "See hours in public notice";
        /// Object to hours that are in public notice, to one's own where they were corrected, and see what
        /// became of it.
        ObjectToHours = "OBJECT_TO_HOURS" => "对公示提出异议", "Object to hours";
        /// Read one's own inbox, mark it as read, say what one wants to be told and when.
        UseInbox = "USE_INBOX" => "使用本人消息", "Use one's own inbox";
        /// See the teams and projects of volunteers, and the shifts that are made known.
        ViewService = "VIEW_SERVICE" => "查看志愿服务", "See volunteer services";
        /// Found teams and projects, plan, publish and cancel shifts.
        OrganizeService = "ORGANIZE_SERVICE" => "组织志愿服务", "Organize volunteer services";
        /// Sign up for shifts, confirm and withdraw, check in and out, join teams and leave them.
        SignUp = "SIGN_UP" => "报名志愿服务", "Sign up for shifts";
        /// See who is in a team of volunteers.
        ViewTeam = "VIEW_TEAM" => "查看服务队成员", "See a team's members";
        /// Add members to a team of volunteers and remove them.
        ManageTeam = "MANAGE_TEAM" => "管理服务队成员", "Manage a team's members";
        /// Run a shift: see who has signed up, show its code, check volunteers in and out, count heads.
        RunShift = "RUN_SHIFT" => "现场负责班次", "Run a shift";
        /// See what is due, late and missing in one's units: counts, and branch by branch.
        ViewDesk = "VIEW_DESK" => "查看工作台", "See the desk";
        /// See who in a subdistrict has most verified hours, for the recognition of star volunteers alone;
        /// each reading is in the audit of those who stand in the list.
        RecognizeVolunteers = "RECOGNIZE_VOLUNTEERS" => "认定星级志愿者", "Recognize star volunteers";
        /// Issue, download and revoke one's own service record sheets.
        IssueRecordSheet = "ISSUE_RECORD_SHEET" => "出具服务记录单", "Issue service record sheets";
        /// Look up by its code whether a service record sheet is valid.
        LookUpRecordSheet = "LOOK_UP_RECORD_SHEET" => "查验服务记录单", "Look up a service record sheet";
        /// Export verified hours, by name, for the national system; the purpose is stated.
        ExportHours = "EXPORT_HOURS" => "导出志愿时长", "Export volunteer hours";
        /// See, create, change, rotate and revoke the clients of other systems. Nobody gives a client more than
        /// they may do themselves.
        ManageClient = "MANAGE_CLIENT" => "管理第三方接入", "Manage clients";
        /// Show the check-in code and the counts of an activity on a screen that was opened for it: what
        /// the screen itself may, and nothing else.
        ShowBoard = "SHOW_BOARD" => "显示签到屏", "Show a board";
        /// Make and revoke addresses by which a phone's calendar shows what one may see oneself.
        UseCalendar = "USE_CALENDAR" => "使用日历订阅", "Use calendars";
        /// Take the month report of a unit out as a spreadsheet, with the records behind it by name; the purpose
        /// is stated.
        ExportReport = "EXPORT_REPORT" => "导出月报", "Export month reports";
        /// See, register, change, try and delete the endpoints of webhooks, and see and replay what was sent to
        /// them. Nobody has an endpoint told of what they may not see themselves; a token manages those that it
        /// has registered itself.
        ManageWebhook = "MANAGE_WEBHOOK" => "管理回调", "Manage webhooks";
    }
}

impl Action {
    /// Whether the units beside the one with which a thing lies give this too. They see, and no more:
    /// joint hosts an activity, which the host alone organizes; a member's home hours that were reported
    /// elsewhere; an assignment's issuer what lies with others.
    pub fn is_given_beside(self) -> bool {
        matches!(
            self,
            Self::ViewActivity
                | Self::ViewDraft
                | Self::ViewAttendance
                | Self::ViewHours
                | Self::ViewAssignment
        )
    }

    /// The action that shows the same thing. Who may not even see it is told that it doesn't
    /// exist; who may see it is told that this is forbidden.
    pub fn sight(self) -> Option<Self> {
        match self {
            Self::ManageUnit | Self::ImportMember | Self::Appoint | Self::IssueTheme => Some(Self::ViewUnit),
            Self::ExportHours | Self::ManageClient | Self::ManageWebhook | Self::ExportReport => {
                Some(Self::ViewUnit)
            }
            Self::ViewFigures | Self::ViewPost | Self::ViewDesk | Self::RecognizeVolunteers => {
                Some(Self::ViewUnit)
            }
            Self::ViewContact | Self::ManageMember | Self::IssuePassword => Some(Self::ViewMember),
            Self::Organize | Self::KeepAttendance | Self::ViewAttendance | Self::Attend => {
                Some(Self::ViewActivity)
            }
            Self::Assign | Self::ClaimAssignment | Self::Undertake => Some(Self::ViewAssignment),
            Self::ManageRule => Some(Self::ViewRule),
            Self::ReportHours | Self::VerifyHours => Some(Self::ViewHours),
            Self::ObjectToHours => Some(Self::ViewPublicity),
            Self::OrganizeService | Self::SignUp | Self::ViewTeam | Self::ManageTeam | Self::RunShift => {
                Some(Self::ViewService)
            }
            Self::SignIn
            | Self::UseAccount
            | Self::ViewUnit
            | Self::ViewMember
            | Self::ViewActivity
            | Self::ViewDraft
            | Self::ViewTheme
            | Self::ViewAssignment
            | Self::ViewRule
            | Self::ViewAudit
            | Self::ViewHours
            | Self::ViewPublicity
            | Self::UseInbox
            | Self::ViewService
            | Self::IssueRecordSheet
            | Self::LookUpRecordSheet
            | Self::ShowBoard
            | Self::UseCalendar => None,
        }
    }

    /// Whether it is about the whole district, not about a unit or a person.
    pub fn is_of_the_district(self) -> bool {
        self == Self::ViewRule
    }

    /// The scope that a token needs for it. `None`: no token may do it, it is people's own.
    pub fn token_scope(self) -> Option<TokenScope> {
        match self {
            Self::ViewUnit | Self::ViewRule => Some(TokenScope::UnitsRead),
            Self::ViewMember | Self::ViewPost | Self::ViewTeam => Some(TokenScope::MembersRead),
            Self::ViewContact => Some(TokenScope::ContactsRead),
            Self::ViewActivity | Self::ViewTheme => Some(TokenScope::ActivitiesRead),
            Self::ViewDraft | Self::Organize => Some(TokenScope::ActivitiesWrite),
            Self::ViewAttendance => Some(TokenScope::AttendanceRead),
            Self::KeepAttendance => Some(TokenScope::AttendanceWrite),
            Self::ViewHours | Self::ViewPublicity | Self::ViewService => Some(TokenScope::HoursRead),
            Self::ExportHours => Some(TokenScope::HoursExport),
            Self::ViewAssignment => Some(TokenScope::AssignmentsRead),
            Self::Assign => Some(TokenScope::AssignmentsWrite),
            Self::ViewFigures | Self::ViewDesk => Some(TokenScope::FiguresRead),
            Self::ManageWebhook => Some(TokenScope::WebhooksManage),
            Self::SignIn
            | Self::UseAccount
            | Self::ManageUnit
            | Self::ManageMember
            | Self::ImportMember
            | Self::IssuePassword
            | Self::Appoint
            | Self::Attend
            | Self::IssueTheme
            | Self::ClaimAssignment
            | Self::Undertake
            | Self::ManageRule
            | Self::ViewAudit
            | Self::ReportHours
            | Self::VerifyHours
            | Self::ObjectToHours
            | Self::UseInbox
            | Self::OrganizeService
            | Self::SignUp
            | Self::ManageTeam
            | Self::RunShift
            | Self::RecognizeVolunteers
            | Self::IssueRecordSheet
            | Self::LookUpRecordSheet
            | Self::ManageClient
            | Self::ShowBoard
            | Self::UseCalendar
            | Self::ExportReport => None,
        }
    }
}
