//! The documents that tests send, as an app would.

/// A mutation with one input, and what is asked of both of its answers.
macro_rules! mutation {
    ($operation:literal, $name:literal, $input:literal, $refused:literal, $fields:literal) => {
        concat!(
            "mutation ",
            $name,
            "($input: ",
            $input,
            "!) { ",
            $operation,
            "(input: $input) { __typename ... on ",
            $name,
            "Done { ",
            $fields,
            " } ... on ",
            $refused,
            "Refused { code message field } } }"
        )
    };
}

/// A mutation without input.
macro_rules! bare_mutation {
    ($operation:literal, $name:literal, $refused:literal, $fields:literal) => {
        concat!(
            "mutation ",
            $name,
            " { ",
            $operation,
            " { __typename ... on ",
            $name,
            "Done { ",
            $fields,
            " } ... on ",
            $refused,
            "Refused { code message field } } }"
        )
    };
}

macro_rules! documents {
    ($($name:ident = $text:expr;)+) => { $(pub const $name: &str = $text;)+ };
}

// Signing in.
documents! {
    SIGN_IN = mutation!("signIn", "SignIn", "SignInInput", "SignIn",
        "secondFactorMissing passwordChangeRequired account { id name } session { id current deviceLabel secondFactor }
         tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }");
    SIGN_IN_WITH_CODE = mutation!("signInWithOneTimeCode", "SignIn", "SignInWithOneTimeCodeInput", "SignIn",
        "secondFactorMissing passwordChangeRequired account { id name } session { id }
         tokens { accessToken accessTokenExpiresAt refreshToken }");
    REQUEST_CODE = mutation!("requestOneTimeCode", "RequestOneTimeCode", "RequestOneTimeCodeInput", "OneTimeCode", "expiresAt nextAt");
    REFRESH = mutation!("refreshSession", "RefreshSession", "RefreshSessionInput", "Session",
        "secondFactorMissing passwordChangeRequired tokens { accessToken accessTokenExpiresAt refreshToken }");
    SIGN_OUT = bare_mutation!("signOut", "SignOut", "Session", "session { id }");
    REVOKE_SESSION = mutation!("revokeSession", "RevokeSession", "RevokeSessionInput", "Session", "session { id }");
    REVOKE_OTHERS = bare_mutation!("revokeOtherSessions", "RevokeOtherSessions", "Session", "sessionsEnded");
    CHANGE_PASSWORD = mutation!("changePassword", "ChangePassword", "ChangePasswordInput", "Password",
        "sessionsEnded tokens { accessToken accessTokenExpiresAt refreshToken }");
    SET_PASSWORD = mutation!("setPassword", "SetPassword", "SetPasswordInput", "Password",
        "sessionsEnded tokens { accessToken accessTokenExpiresAt refreshToken }");
    RESET_PASSWORD = mutation!("resetPassword", "ResetPassword", "ResetPasswordInput", "Password", "sessionsEnded");
    ISSUE_PASSWORD = mutation!("issueInitialPassword", "IssueInitialPassword", "IssueInitialPasswordInput", "Member",
        "password");
    ENROLL = bare_mutation!("enrollSecondFactor", "EnrollSecondFactor", "SecondFactor", "secret otpauthUri expiresAt");
    CONFIRM_FACTOR = mutation!("confirmSecondFactor", "ConfirmSecondFactor", "ConfirmSecondFactorInput", "SecondFactor",
        "recoveryCodes tokens { accessToken accessTokenExpiresAt refreshToken }");
    PROVE_FACTOR = mutation!("proveSecondFactor", "ProveSecondFactor", "SecondFactorInput", "SecondFactor",
        "recoveryCodesLeft tokens { accessToken accessTokenExpiresAt refreshToken }");
    RENEW_RECOVERY = mutation!("renewRecoveryCodes", "RenewRecoveryCodes", "SecondFactorInput", "SecondFactor", "recoveryCodes");
    DISABLE_FACTOR = mutation!("disableSecondFactor", "DisableSecondFactor", "SecondFactorInput", "SecondFactor",
        "session { id secondFactor }");
    SESSIONS = "query Sessions { sessions { id deviceLabel createdAt lastUsedAt expiresAt current secondFactor } }";
    SIGN_IN_BY_WECHAT = "mutation SignInByWeChat($input: SignInByWeChatInput!) { signInByWeChat(input: $input) { __typename
        ... on WeChatNotBound { bindingTicket validUntil }
        ... on SignInDone { secondFactorMissing account { id name } session { id miniProgram }
            tokens { accessToken accessTokenExpiresAt refreshToken } }
        ... on SignInRefused { code message field } } }";
    BIND_WECHAT = mutation!("bindWeChat", "SignIn", "BindWeChatInput", "SignIn",
        "secondFactorMissing account { id name } session { id miniProgram } tokens { accessToken accessTokenExpiresAt refreshToken }");
    LINK_WECHAT = mutation!("linkWeChat", "LinkWeChat", "LinkWeChatInput", "SignIn", "binding { id appId boundAt }");
    UNBIND_WECHAT = mutation!("unbindWeChat", "UnbindWeChat", "UnbindWeChatInput", "SignIn", "sessionsEnded");
    ISSUE_BINDING_CODE = mutation!("issueBindingCode", "IssueBindingCode", "IssueBindingCodeInput", "Member",
        "code expiresAt");
    WECHAT_BINDINGS = "query Bindings { weChatBindings { id appId boundAt } sessions { id miniProgram current } }";
    SUBSCRIBE_TEMPLATES = "query Templates { subscribeTemplates { id kind longTerm credit } }";
    REPORT_CONSENT = mutation!("reportSubscribeConsent", "ReportSubscribeConsent", "ReportSubscribeConsentInput", "Notification",
        "templates { id credit }");
    PAGE_CODE = "query Code($id: ID!) { pageCode(id: $id) { link linkSvg miniProgramCode { url } } }";
    ME = "query Me { me { id name maskedPhone language partyMember { id name status } posts { id kind inForce unit { name } } } }";
}

// Units.
documents! {
    CREATE_UNIT = mutation!("createOrgUnit", "CreateOrgUnit", "CreateOrgUnitInput", "OrgUnit",
        "orgUnit { id name shortName code kind version parentUnit { id } timeZone }");
    UPDATE_UNIT = mutation!("updateOrgUnit", "UpdateOrgUnit", "UpdateOrgUnitInput", "OrgUnit",
        "orgUnit { id name kind version history { version name kind parentUnit { id } } }");
    MOVE_UNIT = mutation!("moveOrgUnit", "MoveOrgUnit", "MoveOrgUnitInput", "OrgUnit",
        "orgUnit { id version parentUnit { id } superiors { id } history { version parentUnit { id } } }");
    DISSOLVE_UNIT = mutation!("dissolveOrgUnit", "DissolveOrgUnit", "DissolveOrgUnitInput", "OrgUnit", "orgUnit { id dissolvedAt }");
    ADD_GUIDANCE = mutation!("addGuidance", "AddGuidance", "GuidanceInput", "OrgUnit", "orgUnit { id parentUnit { id } guides { id } }");
    END_GUIDANCE = mutation!("endGuidance", "EndGuidance", "GuidanceInput", "OrgUnit", "orgUnit { id guides { id } }");
    SET_LABEL = mutation!("setLevelLabel", "SetLevelLabel", "SetLevelLabelInput", "OrgUnit", "district { levelLabels { kind label } }");
    DISTRICT = "query District { district { id code name timeZone root { id name } levelLabels { kind label } } }";
    UNITS = "query Units($first: Int, $after: String, $text: String) { orgUnits(first: $first, after: $after, text: $text) {
        pageInfo { hasNextPage endCursor } edges { node { id name kindLabel parentUnit { name } } } } }";
    UNIT = "query Unit($id: ID!, $deep: Boolean! = false, $first: Int) { node(id: $id) { __typename id ... on OrgUnit { name kind kindLabel version
        dissolvedAt parentUnit { id } superiors { id } guides { id } guidedUnits { id }
        history { version name kind startsAt parentUnit { id } } units(deep: $deep, first: $first) { edges { node { id name } } } } } }";
    NODE = "query Node($id: ID!) { node(id: $id) { __typename id } }";
    NODES = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
}

// Members, posts, rules, audit.
documents! {
    ADD_MEMBER = mutation!("addMember", "AddMember", "AddMemberInput", "Member",
        "partyMember { id name maskedPhone status version homeUnit { id } }");
    UPDATE_MEMBER = mutation!("updateMember", "UpdateMember", "UpdateMemberInput", "Member",
        "partyMember { id name maskedPhone status version leftOn homeUnit { id } }");
    GRANT_EXEMPTION = mutation!("grantExemption", "GrantExemption", "GrantExemptionInput", "Member",
        "exemption { id kind reason startsOn endsOn }");
    END_EXEMPTION = mutation!("endExemption", "EndExemption", "EndExemptionInput", "Member", "exemption { id endsOn }");
    APPOINT = mutation!("appointPost", "AppointPost", "AppointPostInput", "Post",
        "post { id kind inForce startsOn endsOn holder { id name } unit { id } }");
    END_POST = mutation!("endPost", "EndPost", "EndPostInput", "Post", "post { id endsOn inForce }");
    ROSTER = "query Roster($unitId: ID!, $first: Int, $after: String, $name: String) {
        roster(unitId: $unitId, first: $first, after: $after, name: $name) { pageInfo { hasNextPage endCursor }
        edges { node { id name maskedPhone status partyStanding homeUnit { id name } } } } }";
    CONTACT = "query Contact($id: ID!) { node(id: $id) { ... on PartyMember { id name phone sex birthMonth education
        exemptions { id kind reason startsOn endsOn } version } } }";
    MEMBER = "query Member($id: ID!) { node(id: $id) { ... on PartyMember { id name maskedPhone status version leftOn homeUnit { id } } } }";
    POSTS = "query Posts($unitId: ID!) { posts(unitId: $unitId) { id kind inForce startsOn endsOn holder { id name } } }";
    RULES = "query Rules { rules { key label value defaultValue minimum maximum source startsOn } }";
    SET_RULE = mutation!("setRule", "SetRule", "SetRuleInput", "Rule", "rule { key value source startsOn }");
    MY_AUDIT = "query MyAudit($first: Int, $after: String) { myAudit(first: $first, after: $after) { pageInfo { hasNextPage endCursor }
        edges { node { id at action operation subjectKind subjectId requestId actor { name } before after } } } }";
    AUDIT = "query Audit($first: Int, $after: String, $actorId: ID, $subjectId: ID) {
        audit(first: $first, after: $after, actorId: $actorId, subjectId: $subjectId) { pageInfo { hasNextPage endCursor }
        edges { node { id at action operation subjectKind subjectId requestId reason actor { id name } before after } } } }";
    SET_LANGUAGE = mutation!("setContactLanguage", "SetContactLanguage", "SetContactLanguageInput", "Member", "account { id language }");
    IMPORT = mutation!("importMembers", "ImportMembers", "ImportMembersInput", "RosterFile",
        "written newCount returningCount changedCount unchangedCount issueCount issues { row column code message }
         ignoredColumns uncollectedColumns errorCopy");
}

// Activities.
documents! {
    CREATE_ACTIVITY = mutation!("createActivity", "CreateActivity", "CreateActivityInput", "Activity",
        "activity { id state title version agenda { id position kind title doneAt } tally { expected expectedVoters guests } }");
    UPDATE_ACTIVITY = mutation!("updateActivity", "UpdateActivity", "UpdateActivityInput", "Activity",
        "activity { id state title description startsAt version venue { name } tally { expected guests } }");
    PUBLISH = mutation!("publishActivity", "PublishActivity", "ActivityStepInput", "Activity", "activity { id state publishedAt version }");
    OPEN = mutation!("openActivity", "OpenActivity", "ActivityStepInput", "Activity", "activity { id state checkInOpensAt }");
    CLOSE = mutation!("closeActivity", "CloseActivity", "ActivityStepInput", "Activity",
        "activity { id state closedAt tally { expected present late onLeave absent pending guests } }");
    ARCHIVE = mutation!("archiveActivity", "ArchiveActivity", "ActivityStepInput", "Activity", "activity { id state }");
    CANCEL = mutation!("cancelActivity", "CancelActivity", "CancelActivityInput", "Activity", "activity { id state cancelReason }");
    CHANGE_AGENDA = mutation!("changeAgenda", "ChangeAgenda", "ChangeAgendaInput", "Agenda",
        "activity { id agenda { id position kind title doneAt } }");
    SET_TEMPLATE = mutation!("setAgendaTemplate", "SetAgendaTemplate", "SetAgendaTemplateInput", "Agenda", "orgUnit { id }");
    TEMPLATE = "query Template($unitId: ID!) { agendaTemplate(unitId: $unitId) }";
    ISSUE_THEME = mutation!("issueTheme", "IssueTheme", "IssueThemeInput", "Theme", "theme { id title items startsOn endsOn }");
    WITHDRAW_THEME = mutation!("withdrawTheme", "WithdrawTheme", "WithdrawThemeInput", "Theme", "theme { id withdrawnAt }");
    ADOPT_THEME = mutation!("adoptTheme", "AdoptTheme", "AdoptThemeInput", "Theme",
        "activity { id state title agenda { kind title } theme { id } }");
    THEMES = "query Themes($unitId: ID!, $first: Int, $after: String) { themes(unitId: $unitId, first: $first, after: $after) {
        edges { node { id title kind description items startsOn endsOn withdrawnAt issuer { id name } } } } }";
    ADOPTIONS = "query Adoptions($unitId: ID!, $first: Int) { themes(unitId: $unitId) { edges { node { id adoptedCount
        adoptions(first: $first) { edges { node { unit { id name } activity { id state title } } } } } } } }";
    CREATE_RECURRENCE = mutation!("createRecurrence", "CreateRecurrence", "CreateRecurrenceInput", "Recurrence",
        "recurrence { id rule time timeZone duration draftedUntil stoppedAt }");
    STOP_RECURRENCE = mutation!("stopRecurrence", "StopRecurrence", "StopRecurrenceInput", "Recurrence", "recurrence { id stoppedAt }");
    RECURRENCES = "query Recurrences($unitId: ID!) { recurrences(unitId: $unitId) { id title rule draftedUntil stoppedAt host { id } } }";
    ACTIVITIES = "query Activities($unitId: ID!, $first: Int, $after: String, $deep: Boolean! = false, $from: DateTime, $until: DateTime) {
        activities(unitId: $unitId, first: $first, after: $after, deep: $deep, from: $from, until: $until) { pageInfo { hasNextPage endCursor }
        edges { node { id title kind state startsAt endsAt host { id name } agenda { title kind } tally { expected present late absent quorumMet } } } } }";
    MY_ACTIVITIES = "query MyActivities($first: Int, $after: String) { myActivities(first: $first, after: $after) {
        pageInfo { hasNextPage endCursor } edges { node { id title state startsAt endsAt checkInOpensAt checkInClosesAt lateAfter
        wantsCheckOut venue { name address fence { latitude longitude radiusMetres } } host { name } jointHosts { name } cancelReason
        agenda { position kind title doneAt } myAttendance { id state method occurredAt checkedOutAt } } } } }";
}

// Attendance.
documents! {
    CODE = "query Code($id: ID!) { checkInCode(activityId: $id) { qr qrSvg digits validFrom validUntil } }";
    CHECK_IN = mutation!("checkIn", "CheckIn", "CheckInInput", "CheckIn",
        "repeated attendance { id state method occurredAt recordedAt nearness } claim { id reason state }");
    CHECK_IN_MEMBERS = mutation!("checkInMembers", "CheckInMembers", "CheckInMembersInput", "Attendance",
        "results { memberId code message attendance { id state method occurredAt reason recordedBy { name } } }");
    CHECK_OUT = mutation!("checkOut", "CheckOut", "CheckOutInput", "Attendance", "attendance { id state checkedOutAt }");
    CORRECT = mutation!("correctAttendance", "CorrectAttendance", "CorrectAttendanceInput", "Attendance",
        "attendance { id state method reason version recordedBy { name } }");
    REQUEST_LEAVE = mutation!("requestLeave", "RequestLeave", "RequestLeaveInput", "Leave", "leaveRequest { id state reason }");
    DECIDE_LEAVE = mutation!("decideLeave", "DecideLeave", "DecideLeaveInput", "Leave", "leaveRequest { id state note }");
    WITHDRAW_LEAVE = mutation!("withdrawLeave", "WithdrawLeave", "WithdrawLeaveInput", "Leave", "leaveRequest { id state }");
    DECIDE_CLAIM = mutation!("decideCheckInClaim", "DecideCheckInClaim", "DecideCheckInClaimInput", "Claim",
        "checkInClaim { id state rejection }");
    LEAVES = "query Leaves($id: ID!, $first: Int, $after: String) { leaveRequests(activityId: $id, first: $first, after: $after) {
        edges { node { id state reason member { id name } } } } }";
    CLAIMS = "query Claims($id: ID!, $first: Int, $after: String) { checkInClaims(activityId: $id, first: $first, after: $after) {
        edges { node { id state reason occurredAt receivedAt flags member { id name } } } } }";
    ATTENDANCES = "query Attendances($memberId: ID!, $first: Int, $after: String) {
        attendances(memberId: $memberId, first: $first, after: $after) { pageInfo { hasNextPage endCursor }
        edges { node { id state method activity { id title state } recordedBy { name } } } } }";
    ATTENDEES = "query Attendees($unitId: ID!, $first: Int, $missingOnly: Boolean! = false) { activities(unitId: $unitId, first: 1, latestFirst: true) { edges { node { id
        attendees(first: $first, missingOnly: $missingOnly) { edges { node { source counted votes exclusion leave flags member { id name }
        attendance { id state method nearness recordedBy { name } } } } } } } } }";
    MEMBER_FIGURES = "query MemberFigures($id: ID!, $year: Int!, $month: Int) { memberFigures(memberId: $id, year: $year, month: $month) {
        held expected present late onLeave absent ratePermille } }";
    UNIT_FIGURES = "query UnitFigures($id: ID!, $year: Int!, $month: Int) { unitFigures(unitId: $id, year: $year, month: $month) {
        held expected present late onLeave absent ratePermille } }";
    TALLY = "subscription Tally($id: ID!) { tally(activityId: $id) { expected present late onLeave absent pending guests
        expectedVoters presentVoters quorumMet } }";
}

// Boards.
documents! {
    OPEN_BOARD = mutation!("openBoard", "OpenBoard", "OpenBoardInput", "Board", "url validUntil");
    CLOSE_BOARDS = mutation!("closeBoards", "CloseBoards", "CloseBoardsInput", "Board", "closed");
    BOARD = "subscription Board { board { title phase timeZone opensAt showUntil now code { qr digits validUntil }
        tally { expected present late onLeave } } }";
}

// Calendars.
documents! {
    CREATE_CALENDAR_LINK = mutation!("createCalendarLink", "CreateCalendarLink", "CreateCalendarLinkInput", "Calendar",
        "url link { id createdAt unit { id } }");
    REVOKE_CALENDAR_LINK = mutation!("revokeCalendarLink", "RevokeCalendarLink", "RevokeCalendarLinkInput", "Calendar",
        "link { id revokedAt }");
    CALENDAR_LINKS = "query CalendarLinks { calendarLinks { id createdAt revokedAt unit { id name } } }";
}

// Volunteer hours.
documents! {
    REPORT_HOURS = mutation!("reportServiceHours", "ReportServiceHours", "ReportServiceHoursInput", "HourReport",
        "entry { id state origin minutes reportedMinutes flags servedOn version unit { name } }");
    REVISE_HOURS = mutation!("reviseServiceHours", "ReviseServiceHours", "ReviseServiceHoursInput", "HourReport",
        "entry { id state minutes version }");
    WITHDRAW_HOURS = mutation!("withdrawServiceHours", "WithdrawServiceHours", "WithdrawServiceHoursInput", "HourReport",
        "entry { id state }");
    REVIEW_HOURS = mutation!("reviewServiceHours", "ReviewServiceHours", "ReviewServiceHoursInput", "HourReview",
        "results { id code message entry { id state minutes correction reason publicityUntil verifiedBy { name } } }");
    OBJECT_TO_HOURS = mutation!("objectToServiceHours", "ObjectToServiceHours", "ObjectToServiceHoursInput", "Objection",
        "objection { id state reason }");
    DECIDE_OBJECTION = mutation!("decideObjection", "DecideObjection", "DecideObjectionInput", "Objection",
        "objection { id state answer }");
    REVERSE_HOURS = mutation!("reverseServiceHours", "ReverseServiceHours", "ReverseServiceHoursInput", "HourReview",
        "entry { id state reason }");
    RECALCULATE_HOURS = mutation!("recalculateServiceHours", "RecalculateServiceHours", "RecalculateServiceHoursInput", "HourReview",
        "entry { id state minutes correction }");
    SERVICE_HOURS = "query Hours($id: ID!, $first: Int, $after: String, $state: HourState) {
        serviceHours(memberId: $id, first: $first, after: $after, state: $state) { pageInfo { hasNextPage endCursor }
        edges { node { id state origin minutes reason correction grantedAt publicityUntil memberName member { id name } unit { id name }
        objections { id state reason answer raisedBy { name } } } } } }";
    HOURS_TO_REVIEW = "query ToReview($unitId: ID!, $first: Int, $after: String, $state: HourState) {
        serviceHoursToReview(unitId: $unitId, first: $first, after: $after, state: $state) { pageInfo { hasNextPage endCursor }
        edges { node { id state minutes flags content memberName member { id name } unit { id name } } } } }";
    PUBLICITY = "query Publicity($unitId: ID!, $first: Int) { serviceHoursInPublicity(unitId: $unitId, first: $first) {
        edges { node { id name minutes content servedOn origin publicityUntil unit { id name } } } } }";
    OBJECTIONS = "query Objections($unitId: ID!, $state: ObjectionState) { objections(unitId: $unitId, state: $state) {
        edges { node { id entryId state reason answer raisedAt raisedBy { name } } } } }";
    MY_OBJECTIONS = "query MyObjections($first: Int) { myObjections(first: $first) {
        edges { node { id entryId state reason answer raisedAt settledAt raisedBy { name } } } } }";
    VOLUNTEER_RECORD = "query Record($id: ID!) { volunteerRecord(memberId: $id) { memberId totalMinutes starLevel
        balances { year minutes unit { id name } } } }";
    HOUR_LEDGER = "query Ledger($id: ID!) { hourLedger(memberId: $id) { edges { node { id kind before after balance year reason
        postedAt postedBy { name } entry { id } unit { name } } } } }";
    UNIT_HOURS = "query UnitHours($id: ID!, $year: Int!) { unitHours(unitId: $id, year: $year) { minutes volunteers } }";
    ISSUE_SHEET = mutation!("issueServiceRecordSheet", "IssueServiceRecordSheet", "IssueServiceRecordSheetInput", "RecordSheet",
        "sheet { id number code lookUpUrl name year services totalMinutes shiftMinutes selfReportedMinutes starLevel state
        firstOn lastOn issuedOn issuer { name } pdf { url expiresAt } xlsx { url } }");
    REVOKE_SHEET = mutation!("revokeServiceRecordSheet", "RevokeServiceRecordSheet", "RevokeServiceRecordSheetInput", "RecordSheet",
        "sheet { id state revokedAt }");
    MY_SHEETS = "query MySheets($first: Int) { myServiceRecordSheets(first: $first) { edges { node { id number code name state
        totalMinutes issuer { name } pdf { url } } } } }";
    LOOK_UP = "query LookUp($code: String!) { serviceRecordLookUp(code: $code) { number state issuedOn issuer maskedName
        totalMinutes firstOn lastOn } }";
    EXPORT_HOURS = mutation!("exportServiceHours", "ExportServiceHours", "ExportServiceHoursInput", "HourExport",
        "export { id from until purpose rowCount newCount repeatedCount correctionCount totalMinutes unit { name }
        exportedBy { name } xlsx { url } rows(first: 100) { pageInfo { hasNextPage endCursor } edges { node { entryId mark
        minutes minutesBefore reason name sex birthMonth phone servedOn startsAt endsAt serviceName place content beneficiary
        beneficiaryCount origin unitName verifier recorder } } } }");
    EXPORTS = "query Exports($unitId: ID!, $first: Int, $rows: Int) { serviceHourExports(unitId: $unitId, first: $first) {
        edges { node { id purpose rowCount exportedBy { name } xlsx { url } rows(first: $rows) { edges { node { name
        minutes } } } } } } }";
}

/// A step of an assignment.
macro_rules! assignment_step {
    ($operation:literal, $name:literal, $input:literal) => {
        mutation!(
            $operation,
            $name,
            $input,
            "Assignment",
            "assignment { id kind title state stage version amount dueAt overdue reason addressee capacity claimedCount submittedAt
             owner { id name } unit { id name } issuer { id } measure { text target unit } checklist { position title done }
             evidence { text references } }"
        )
    };
}

// Assignments.
documents! {
    CREATE_ASSIGNMENT = assignment_step!("createAssignment", "CreateAssignment", "CreateAssignmentInput");
    UPDATE_ASSIGNMENT = assignment_step!("updateAssignment", "UpdateAssignment", "UpdateAssignmentInput");
    DISPATCH_ASSIGNMENT = assignment_step!("dispatchAssignment", "DispatchAssignment", "AssignmentStepInput");
    CLAIM_ASSIGNMENT = assignment_step!("claimAssignment", "ClaimAssignment", "ClaimAssignmentInput");
    ACCEPT_ASSIGNMENT = assignment_step!("acceptAssignment", "AcceptAssignment", "AcceptAssignmentInput");
    DECLINE_ASSIGNMENT = assignment_step!("declineAssignment", "DeclineAssignment", "AssignmentReasonInput");
    START_ASSIGNMENT = assignment_step!("startAssignment", "StartAssignment", "AssignmentStepInput");
    REPORT_PROGRESS = assignment_step!("reportProgress", "ReportProgress", "ReportProgressInput");
    SUBMIT_ASSIGNMENT = assignment_step!("submitAssignment", "SubmitAssignment", "SubmitAssignmentInput");
    RETURN_ASSIGNMENT = assignment_step!("returnAssignment", "ReturnAssignment", "ReturnAssignmentInput");
    VERIFY_ASSIGNMENT = assignment_step!("verifyAssignment", "VerifyAssignment", "AssignmentStepInput");
    REOPEN_ASSIGNMENT = assignment_step!("reopenAssignment", "ReopenAssignment", "ReopenAssignmentInput");
    CANCEL_ASSIGNMENT = assignment_step!("cancelAssignment", "CancelAssignment", "AssignmentReasonInput");
    REASSIGN_ASSIGNMENT = assignment_step!("reassignAssignment", "ReassignAssignment", "ReassignAssignmentInput");
    HAND_DOWN_ASSIGNMENT = mutation!("handDownAssignment", "HandDownAssignment", "HandDownAssignmentInput", "Assignment",
        "assignment { id state version rollUp { parts waiting } } withoutOwner { id name } remaining");
    MY_ASSIGNMENTS = "query MyAssignments($first: Int, $states: [AssignmentState!]! = []) { myAssignments(first: $first, states: $states) {
        pageInfo { hasNextPage endCursor } edges { node { id title state overdue dueAt issuer { name } } } } }";
    ASSIGNMENTS = "query Assignments($unitId: ID!, $first: Int, $after: String, $deep: Boolean! = false, $kind: AssignmentKind,
        $states: [AssignmentState!]! = [], $until: DateTime, $overdue: Boolean! = false, $issued: Boolean! = false) {
        assignments(unitId: $unitId, first: $first, after: $after, deep: $deep, issued: $issued, kind: $kind, states: $states, until: $until, overdue: $overdue) {
        pageInfo { hasNextPage endCursor } edges { node { id title kind state stage overdue } } } }";
    OFFERS = "query Offers($unitId: ID) { assignmentOffers(unitId: $unitId) { edges { node { id title capacity claimedCount } } } }";
    HANDED_DOWN = "query HandedDown($id: ID!, $after: ID) { handedDown(assignmentId: $id, after: $after) { moreAfter
        assignment { id rollUp { parts waiting underway submitted verified declined overdue target declinedTarget amount } }
        parts { id state amount overdue unit { id name } owner { name } measure { target } } } }";
    ASSIGNMENT_FIGURES = "query AssignmentFigures($id: ID!, $year: Int!, $month: Int) { assignmentFigures(unitId: $id, year: $year, month: $month) {
        due delivered deliveredLate submitted open overdue declined quotas { unit target amount verified } } }";
    MY_ASSIGNMENT_FIGURES = "query MyAssignmentFigures($year: Int!, $month: Int) { myAssignmentFigures(year: $year, month: $month) { due delivered } }";
    OWNER_FIGURES = "query OwnerFigures($unit: ID!, $owner: ID!, $year: Int!, $month: Int) {
        ownerFigures(unitId: $unit, ownerId: $owner, year: $year, month: $month) { due delivered } }";
    CREATE_ASSIGNMENT_TEMPLATE = mutation!("createAssignmentTemplate", "CreateAssignmentTemplate", "CreateAssignmentTemplateInput", "Assignment",
        "template { id title rule nextAt stoppedAt }");
    STOP_ASSIGNMENT_TEMPLATE = mutation!("stopAssignmentTemplate", "StopAssignmentTemplate", "StopAssignmentTemplateInput", "Assignment",
        "template { id stoppedAt }");
    CREATE_FROM_TEMPLATE = assignment_step!("createAssignmentFromTemplate", "CreateAssignmentFromTemplate", "CreateAssignmentFromTemplateInput");
    ASSIGNMENT_TEMPLATES = "query AssignmentTemplates($unitId: ID!, $first: Int) { assignmentTemplates(unitId: $unitId, first: $first) {
        edges { node { id title kind rule nextAt unit { name } measure { target } } } } }";
    ASSIGNMENT = "query Assignment($id: ID!) { node(id: $id) { ... on Assignment { id state reason version parent { id } overdue escalatedAt owner { name }
        history { version kind fromState toState by { name } at note amount dueAt owner { name } evidence { text } } } } }";
}

// Inbox, feeds, home, what was queued.
documents! {
    INBOX = "query Inbox($first: Int, $after: String, $unreadOnly: Boolean! = false) { unreadCount
        inbox(first: $first, after: $after, unreadOnly: $unreadOnly) { pageInfo { hasNextPage endCursor }
        edges { node { id kind title body createdAt alertAt readAt subject { __typename id } } } } }";
    UNREAD = "query Unread { unreadCount }";
    PREFERENCES = "query Preferences { notificationPreferences { mutedKinds quietHours { from until } kinds { kind label canBeMuted muted } } }";
    MARK_READ = mutation!("markNotificationRead", "MarkNotificationRead", "MarkNotificationReadInput", "Notification",
        "notification { id kind readAt }");
    MARK_ALL_READ = mutation!("markAllNotificationsRead", "MarkAllNotificationsRead", "MarkAllNotificationsReadInput", "Notification",
        "markedCount");
    SET_PREFERENCES = mutation!("setNotificationPreferences", "SetNotificationPreferences", "SetNotificationPreferencesInput", "Notification",
        "preferences { mutedKinds quietHours { from until } }");
    HOME = "query Home { home { me { id name maskedPhone partyMember { id status } } branch { id name parentUnit { id name } }
        nextActivities { id title kind state startsAt endsAt checkInOpensAt venue { name } host { id name } myAttendance { state } }
        lastAttendances { id state occurredAt activity { id title startsAt host { name } } }
        openAssignments { id title state dueAt overdue issuer { name } } minutesThisYear unreadCount } }";
    SEND_QUEUED = mutation!("sendQueued", "SendQueued", "SendQueuedInput", "Queued",
        "answers { clientActionId error { code message retry field detail } checkIn { __typename
            ... on CheckInDone { repeated attendance { id state method occurredAt } claim { id reason } }
            ... on CheckInRefused { code message } }
            checkInAtShift { __typename ... on CheckInAtShiftDone { repeated signUp { checkedInAt } } ... on ShiftCheckInRefused { code } }
            checkOutOfShift { __typename ... on CheckOutOfShiftDone { repeated signUp { serviceHours { id minutes flags } } }
                ... on ShiftCheckInRefused { code } }
            reportServiceHours { __typename ... on ReportServiceHoursDone { entry { id state minutes } } ... on HourReportRefused { code field } }
            acceptAssignment { __typename ... on AcceptAssignmentDone { assignment { id } } ... on AssignmentRefused { code message } }
            declineAssignment { __typename ... on DeclineAssignmentDone { assignment { id } } ... on AssignmentRefused { code message } }
            startAssignment { __typename ... on StartAssignmentDone { assignment { id } } ... on AssignmentRefused { code message } }
            reportProgress { __typename ... on ReportProgressDone { assignment { id } } ... on AssignmentRefused { code message } }
            submitAssignment { __typename ... on SubmitAssignmentDone { assignment { id state submittedAt } } ... on AssignmentRefused { code message } } }");
    FOLLOW_INBOX = "subscription Inbox($since: String) { inboxChanges(since: $since) { position reread unreadCount
        changes { event at subjectId subject { __typename ... on Notification { kind title readAt } } } } }";
    FOLLOW_ASSIGNMENTS = "subscription Assignments($since: String) { assignmentChanges(since: $since) { position reread
        changes { event subjectId } } }";
    FOLLOW_BOARD = "subscription Board($id: ID!, $since: String) { workBoardChanges(unitId: $id, since: $since) { position reread
        changes { event subjectId subject { __typename ... on Activity { title state } } } } }";
}

// The desk of those responsible.
documents! {
    DESK = "query Desk($id: ID!, $year: Int, $month: Int, $first: Int, $after: String) { desk(unitId: $id, year: $year, month: $month) {
        unit { id } year month partyDays { held planned drafted missing } waiting { item label late count }
        branches(first: $first, after: $after) { pageInfo { hasNextPage endCursor }
        edges { node { unit { id name } partyDay waiting { item count } } } } } }";
    DESK_RECORDS = "query Records($id: ID!, $item: DeskItem!, $first: Int, $after: String) { desk(unitId: $id) {
        records(item: $item, first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { node { __typename
        ... on OrgUnit { id name } ... on Activity { id title host { id } } ... on LeaveRequest { id activity { id title } member { id name } }
        ... on CheckInClaim { id activity { id } member { name } } ... on ServiceHourEntry { id flags member { name } unit { name } }
        ... on Objection { id entryId } ... on Assignment { id title unit { name } owner { name } } } } } } }";
    NOT_YET = "query NotYet($id: ID!, $step: DutyStep!, $first: Int) { notYet(assignmentId: $id, step: $step, first: $first) {
        edges { node { __typename ... on Assignment { id unit { id } owner { name } } ... on OrgUnit { id } } } } }";
    REMIND_ATTENDEES = mutation!("remindAttendees", "RemindAttendees", "RemindAttendeesInput", "Reminder", "told");
    REMIND_OWNERS = mutation!("remindOwners", "RemindOwners", "RemindOwnersInput", "Reminder", "told");
    DECIDE_LEAVES = mutation!("decideLeaves", "DecideLeaves", "DecideLeavesInput", "Leave",
        "results { id code message leaveRequest { id state note } }");
    VERIFY_ASSIGNMENTS = mutation!("verifyAssignments", "VerifyAssignments", "VerifyAssignmentsInput", "Assignment",
        "results { id code message assignment { id state } }");
}

// Reports.
documents! {
    MONTH_REPORT = "query Report($id: ID!, $year: Int! = 2026, $month: Int! = 3, $first: Int) {
        monthReport(unitId: $id, year: $year, month: $month) { unit { id } year month ratePermille
        figures { figure label definition formula measure value }
        units(first: $first) { edges { node { unit { id name } ratePermille figures { figure value } } } } } }";
    REPORT_RECORDS = "query Records($id: ID!, $figure: ReportFigure!, $year: Int! = 2026, $month: Int! = 3, $first: Int, $after: String) {
        monthReport(unitId: $id, year: $year, month: $month) { records(figure: $figure, first: $first, after: $after) {
        pageInfo { hasNextPage endCursor } edges { node { __typename ... on Activity { id title }
        ... on Attendance { id state member { name } activity { id } } ... on ServiceHourEntry { id minutes member { name } }
        ... on Assignment { id title state } } } } } }";
    EXPORT_REPORT = mutation!("exportReport", "ExportReport", "ExportReportInput", "ReportExport",
        "export { id kind state purpose doneRows totalRows }");
    CANCEL_REPORT_EXPORT = mutation!("cancelReportExport", "CancelReportExport", "CancelReportExportInput", "ReportExport",
        "export { id state xlsx { url } }");
    REPORT_EXPORT = "query ReportExport($id: ID!) { reportExport(id: $id) { id kind year month purpose state doneRows totalRows
        askedAt endedAt failure failureMessage bytes expiresAt unit { id name } xlsx { url expiresAt } } }";
    MY_REPORT_EXPORTS = "query MyReportExports($first: Int) { myReportExports(first: $first) {
        edges { node { id state failure kind month xlsx { url } } } } }";
    RECOGNITION = "query Recognition($id: ID!, $year: Int! = 2026) { recognitionReport(unitId: $id, year: $year, purpose: STAR_RECOGNITION) {
        purpose year volunteers { memberId name unitId unitName minutes totalMinutes starLevel } } }";
}

// Volunteers' shifts.
documents! {
    CREATE_TEAM = mutation!("createVolunteerTeam", "CreateVolunteerTeam", "CreateVolunteerTeamInput", "VolunteerProject",
        "team { id name captainName endedAt }");
    END_TEAM = mutation!("endVolunteerTeam", "EndVolunteerTeam", "EndVolunteerTeamInput", "VolunteerProject", "team { id endedAt }");
    CREATE_PROJECT = mutation!("createVolunteerProject", "CreateVolunteerProject", "CreateVolunteerProjectInput", "VolunteerProject",
        "project { id name description beneficiary team { name } }");
    END_PROJECT = mutation!("endVolunteerProject", "EndVolunteerProject", "EndVolunteerProjectInput", "VolunteerProject",
        "project { id endedAt }");
    CREATE_SHIFT = mutation!("createVolunteerShift", "CreateVolunteerShift", "CreateVolunteerShiftInput", "Shift",
        "shift { id state version }");
    PUBLISH_SHIFT = mutation!("publishVolunteerShift", "PublishVolunteerShift", "PublishVolunteerShiftInput", "Shift",
        "shift { id state version }");
    CANCEL_SHIFT = mutation!("cancelVolunteerShift", "CancelVolunteerShift", "CancelVolunteerShiftInput", "Shift",
        "shift { id state cancelReason }");
    COUNT_HEADS = mutation!("countHeads", "CountHeads", "CountHeadsInput", "Shift", "shift { id beneficiaries groups }");
    SIGN_UP = mutation!("signUp", "SignUp", "SignUpInput", "SignUp", "signUp { id state confirmUntil }");
    CONFIRM_SIGN_UP = mutation!("confirmSignUp", "ConfirmSignUp", "ConfirmSignUpInput", "SignUp", "signUp { id state }");
    WITHDRAW_SIGN_UP = mutation!("withdrawSignUp", "WithdrawSignUp", "WithdrawSignUpInput", "SignUp", "signUp { id state }");
    TEAMS = "query Teams($unitId: ID!) { volunteerTeams(unitId: $unitId) { edges { node { id name captainName memberCount joined unit { name } foundedAt endedAt } } } }";
    PROJECTS = "query Projects($unitId: ID!) { volunteerProjects(unitId: $unitId) { edges { node { id name team { name } unit { name } endedAt } } } }";
    SHIFTS = "query Shifts($unitId: ID!, $first: Int) { volunteerShifts(unitId: $unitId, first: $first) { edges { node { id state startsAt place capacity
        skills minimumAge taken waiting beneficiaries groups cancelReason version project { name team { name } } unit { name }
        mySignUp { id state confirmUntil } } } } }";
    SHIFTS_BETWEEN = "query Between($unitId: ID!, $deep: Boolean! = false, $from: DateTime, $until: DateTime) {
        volunteerShifts(unitId: $unitId, deep: $deep, from: $from, until: $until) { edges { node { id state beneficiaries unit { name } } } } }";
    SHIFT_ROW = "query Row($unitId: ID!) { volunteerShifts(unitId: $unitId) { edges { node { id signUps { id state account { name } } } } } }";
    UPDATE_SHIFT = mutation!("updateVolunteerShift", "UpdateVolunteerShift", "UpdateVolunteerShiftInput", "Shift",
        "shift { id version startsAt place capacity skills minimumAge taken waiting }");
    UPDATE_TEAM = mutation!("updateVolunteerTeam", "UpdateVolunteerTeam", "UpdateVolunteerTeamInput", "VolunteerProject",
        "team { id name captainId captainName memberCount }");
    UPDATE_PROJECT = mutation!("updateVolunteerProject", "UpdateVolunteerProject", "UpdateVolunteerProjectInput", "VolunteerProject",
        "project { id name description beneficiary team { id } }");
    JOIN_TEAM = mutation!("joinVolunteerTeam", "JoinVolunteerTeam", "VolunteerTeamStepInput", "TeamMember", "team { id memberCount joined }");
    LEAVE_TEAM = mutation!("leaveVolunteerTeam", "LeaveVolunteerTeam", "VolunteerTeamStepInput", "TeamMember", "team { id memberCount joined }");
    ADD_TEAM_MEMBERS = mutation!("addVolunteerTeamMembers", "AddVolunteerTeamMembers", "AddVolunteerTeamMembersInput", "TeamMember",
        "team { id memberCount }");
    REMOVE_TEAM_MEMBER = mutation!("removeVolunteerTeamMember", "RemoveVolunteerTeamMember", "RemoveVolunteerTeamMemberInput", "TeamMember",
        "team { id memberCount }");
    TEAM_MEMBERS = "query TeamMembers($id: ID!, $first: Int) { volunteerTeamMembers(teamId: $id, first: $first) { edges { node { id memberId joinedAt
        account { name } addedBy { name } } } } }";
    TEAM_HOURS = "query TeamHours($id: ID!, $first: Int, $state: HourState) { volunteerTeamHours(teamId: $id, first: $first, state: $state) { edges { node {
        id state minutes flags member { name } unit { name } shift { id } } } } }";
    CHECK_IN_AT_SHIFT = mutation!("checkInAtShift", "CheckInAtShift", "CheckInAtShiftInput", "ShiftCheckIn",
        "repeated signUp { id state checkedInAt checkInMethod }");
    CHECK_OUT_OF_SHIFT = mutation!("checkOutOfShift", "CheckOutOfShift", "CheckOutOfShiftInput", "ShiftCheckIn",
        "repeated signUp { id checkedInAt checkedOutAt checkOutMethod serviceHours { id state origin minutes reportedMinutes flags content
            beneficiary shift { id } } }");
    CHECK_IN_VOLUNTEERS = mutation!("checkInVolunteers", "CheckInVolunteers", "CheckInVolunteersInput", "ShiftCheckIn",
        "results { memberId code message signUp { id serviceHours { id minutes } checkedInAt checkInMethod checkInReason checkedInBy { name } } }");
    CHECK_OUT_VOLUNTEERS = mutation!("checkOutVolunteers", "CheckOutVolunteers", "CheckOutVolunteersInput", "ShiftCheckIn",
        "results { memberId code message signUp { id checkedOutAt checkOutMethod checkOutReason checkedOutBy { name } serviceHours { id state origin minutes flags } } }");
    SHIFT_CODE = "query ShiftCode($id: ID!) { shiftCode(shiftId: $id) { qr digits qrSvg validFrom validUntil } }";
    SHIFT_PRESENCE = "query Presence($id: ID!) { node(id: $id) { ... on VolunteerShift { id state version present taken capacity place startsAt endsAt
        mySignUp { id checkedInAt checkedOutAt serviceHours { id state minutes } }
        signUps { id state checkedInAt checkedOutAt checkInMethod checkOutMethod checkedInBy { name } account { name }
            serviceHours { id state origin minutes reportedMinutes flags } } } } }";
    MY_PRESENCE = "query MyPresence($id: ID!) { node(id: $id) { ... on VolunteerShift { id state present place startsAt
        mySignUp { id state checkedInAt checkedOutAt serviceHours { id state minutes } } } } }";
    SIGN_UPS = "query SignUps($id: ID!) { signUps(memberId: $id) { edges { node { id state signedUpAt account { id name }
        shift { id state project { name } unit { name } } } } } }";
}

// Clients and tokens.
documents! {
    CREATE_CLIENT = mutation!("createOAuthClient", "CreateOAuthClient", "CreateTokenGrantInput", "Token",
        "secret grant { id clientId kind name scopes unit { id } addresses perMinute expiresAt version secrets { tail expiresAt } createdBy { id } }");
    CHANGE_CLIENT = mutation!("changeOAuthClient", "ChangeOAuthClient", "ChangeOAuthClientInput", "Token",
        "grant { id name scopes perMinute expiresAt version }");
    CREATE_TOKEN = mutation!("createPersonalToken", "CreatePersonalToken", "CreateTokenGrantInput", "Token",
        "secret grant { id clientId kind name scopes version secrets { tail } }");
    ROTATE_GRANT = mutation!("rotateTokenGrant", "RotateTokenGrant", "RotateTokenGrantInput", "Token",
        "secret grant { id expiresAt version secrets { tail expiresAt } }");
    REVOKE_GRANT = mutation!("revokeTokenGrant", "RevokeTokenGrant", "RevokeTokenGrantInput", "Token", "grant { id revokedAt version }");
    PERSONAL_TOKENS = "query PersonalTokens { personalTokens { id name scopes lastUsedAt expiresAt secrets { tail } } }";
    CLIENTS = "query Clients($unitId: ID!, $first: Int, $after: String) { oauthClients(unitId: $unitId, first: $first, after: $after) {
        pageInfo { hasNextPage endCursor } edges { node { id clientId name scopes lastUsedAt revokedAt unit { id } } } } }";
}

// Webhooks.
documents! {
    CREATE_WEBHOOK = mutation!("createWebhookEndpoint", "CreateWebhookEndpoint", "CreateWebhookEndpointInput", "Webhook",
        "secret endpoint { id unit { id } owner { id } url description events enabled secrets { tail expiresAt } version }");
    CHANGE_WEBHOOK = mutation!("changeWebhookEndpoint", "ChangeWebhookEndpoint", "ChangeWebhookEndpointInput", "Webhook",
        "endpoint { id owner { id } url description events enabled disabledReason version }");
    ROTATE_WEBHOOK = mutation!("rotateWebhookSecret", "RotateWebhookSecret", "RotateWebhookSecretInput", "Webhook",
        "secret endpoint { id secrets { tail expiresAt } }");
    DELETE_WEBHOOK = mutation!("deleteWebhookEndpoint", "DeleteWebhookEndpoint", "DeleteWebhookEndpointInput", "Webhook",
        "endpoint { id }");
    PING_WEBHOOK = mutation!("pingWebhookEndpoint", "PingWebhookEndpoint", "PingWebhookEndpointInput", "Webhook",
        "delivery { id event state attempts }");
    REPLAY_DELIVERY = mutation!("replayWebhookDelivery", "ReplayWebhookDelivery", "ReplayWebhookDeliveryInput", "Webhook",
        "delivery { id state attempts }");
    REPLAY_DELIVERIES = mutation!("replayWebhookDeliveries", "ReplayWebhookDeliveries", "ReplayWebhookDeliveriesInput", "Webhook",
        "count");
    WEBHOOK_TYPES = "query WebhookTypes { webhookEventTypes { type name label scope example } }";
    WEBHOOKS = "query Webhooks($unitId: ID!, $first: Int, $after: String) { webhookEndpoints(unitId: $unitId, first: $first, after: $after) {
        pageInfo { hasNextPage endCursor } edges { node { id url description events enabled failures pausedUntil unit { id } owner { id } secrets { tail } } } } }";
    WEBHOOK = "query Webhook($id: ID!) { node(id: $id) { ... on WebhookEndpoint { id enabled disabledReason disabledAt failures pausedUntil version } } }";
    DELIVERIES = "query Deliveries($id: ID!, $state: DeliveryState, $first: Int, $after: String) { webhookDeliveries(endpointId: $id, state: $state, first: $first, after: $after) {
        pageInfo { hasNextPage endCursor } edges { node { id event subjectId occurredAt state attempts nextAttemptAt triedAt failure responseStatus latencyMs responseBody } } } }";
}
