//! One case for each operation. What is sent passes the policy and is then refused, so that
//! trying it changes nothing; where that can't be, the order of the cases minds it.

use chrono::Duration;
use serde_json::{Value, json};

use super::scene::Scene;
use crate::harness::{Unit, Who, World, assigning, clock::rfc3339, document::*, meeting};

/// Whom an operation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// It comes before an identity.
    Anybody,
    /// It reaches what is one's own, or one's own district.
    Oneself,
    /// It reaches something of district A by its id.
    Somebody,
}

/// An operation of the schema.
pub struct Case {
    pub operation: &'static str,
    pub reach: For,
    pub document: &'static str,
    pub variables: fn(&World, &Scene) -> Value,
}

const fn case(
    operation: &'static str,
    reach: For,
    document: &'static str,
    variables: fn(&World, &Scene) -> Value,
) -> Case {
    Case { operation, reach, document, variables }
}

use For::{Anybody, Oneself, Somebody};

/// The form of `importMembers` can't be JSON; the file is put in apart.
pub const UPLOADED: &str = "importMembers";

fn input(value: Value) -> Value {
    json!({ "input": value })
}

fn none(_: &World, _: &Scene) -> Value {
    json!({})
}

fn b1(world: &World, _: &Scene) -> Value {
    json!({ "unitId": world.unit(Unit::B1) })
}

fn activity(_: &World, scene: &Scene) -> Value {
    json!({ "id": scene.activity })
}

fn stale(_: &World, scene: &Scene) -> Value {
    input(json!({ "id": scene.activity, "version": 999 }))
}

/// A step of the assignment, which has been cancelled, with more said.
fn assignment(scene: &Scene, more: Value) -> Value {
    input(meeting::with(json!({ "id": scene.assignment, "version": 999 }), more))
}

fn assignment_step(_: &World, scene: &Scene) -> Value {
    assignment(scene, json!({}))
}

fn assignment_reason(_: &World, scene: &Scene) -> Value {
    assignment(scene, json!({ "reason": "" }))
}

/// Reads.
pub const QUERIES: &[Case] = &[
    case("me", Oneself, ME, none),
    case("sessions", Oneself, SESSIONS, none),
    case("district", Oneself, DISTRICT, none),
    case("orgUnits", Oneself, UNITS, none),
    case("rules", Oneself, RULES, none),
    case("myActivities", Oneself, MY_ACTIVITIES, none),
    case("myAudit", Oneself, MY_AUDIT, none),
    case("node", Somebody, NODE, |w, _| json!({ "id": w.member(Who::Member) })),
    case("nodes", Somebody, NODES, |w, _| json!({ "ids": [w.member(Who::Member)] })),
    case("roster", Somebody, ROSTER, b1),
    case("posts", Somebody, POSTS, b1),
    case("activities", Somebody, ACTIVITIES, b1),
    case("themes", Somebody, THEMES, b1),
    case("recurrences", Somebody, RECURRENCES, b1),
    case("agendaTemplate", Somebody, TEMPLATE, b1),
    case("checkInCode", Somebody, CODE, activity),
    case("pageCode", Somebody, PAGE_CODE, activity),
    case("weChatBindings", Oneself, WECHAT_BINDINGS, none),
    case("subscribeTemplates", Oneself, SUBSCRIBE_TEMPLATES, none),
    case("leaveRequests", Somebody, LEAVES, activity),
    case("checkInClaims", Somebody, CLAIMS, activity),
    case("attendances", Somebody, ATTENDANCES, |w, _| json!({ "memberId": w.member(Who::Member) })),
    case(
        "memberFigures",
        Somebody,
        MEMBER_FIGURES,
        |w, _| json!({ "id": w.member(Who::Member), "year": 2026 }),
    ),
    case("unitFigures", Somebody, UNIT_FIGURES, |w, _| json!({ "id": w.unit(Unit::B1), "year": 2026 })),
    case("audit", Oneself, AUDIT, none),
    case("serviceHours", Somebody, SERVICE_HOURS, |w, _| json!({ "id": w.member(Who::Member) })),
    case("serviceHoursToReview", Somebody, HOURS_TO_REVIEW, b1),
    case("serviceHoursInPublicity", Somebody, PUBLICITY, b1),
    case("objections", Somebody, OBJECTIONS, b1),
    case("myObjections", Oneself, MY_OBJECTIONS, none),
    case("volunteerRecord", Somebody, VOLUNTEER_RECORD, |w, _| json!({ "id": w.member(Who::Member) })),
    case("hourLedger", Somebody, HOUR_LEDGER, |w, _| json!({ "id": w.member(Who::Member) })),
    case("unitHours", Somebody, UNIT_HOURS, |w, _| json!({ "id": w.unit(Unit::B1), "year": 2026 })),
    case("myAssignments", Oneself, MY_ASSIGNMENTS, none),
    case("assignments", Somebody, ASSIGNMENTS, b1),
    case("assignmentOffers", Somebody, OFFERS, b1),
    case("handedDown", Somebody, HANDED_DOWN, |_, s| json!({ "id": s.assignment })),
    case(
        "assignmentFigures",
        Somebody,
        ASSIGNMENT_FIGURES,
        |w, _| json!({ "id": w.unit(Unit::B1), "year": 2026 }),
    ),
    case("myAssignmentFigures", Oneself, MY_ASSIGNMENT_FIGURES, |_, _| json!({ "year": 2026 })),
    case(
        "ownerFigures",
        Somebody,
        OWNER_FIGURES,
        |w, _| json!({ "unit": w.unit(Unit::B1), "owner": w.account(Who::Member), "year": 2026 }),
    ),
    case("assignmentTemplates", Somebody, ASSIGNMENT_TEMPLATES, b1),
    case("inbox", Oneself, INBOX, none),
    case("unreadCount", Oneself, UNREAD, none),
    case("notificationPreferences", Oneself, PREFERENCES, none),
    case("home", Oneself, HOME, none),
    case("desk", Somebody, DESK, |w, _| json!({ "id": w.unit(Unit::B1) })),
    case("notYet", Somebody, NOT_YET, |_, s| json!({ "id": s.assignment, "step": "ACCEPTED" })),
    case("monthReport", Somebody, MONTH_REPORT, |w, _| json!({ "id": w.unit(Unit::B1) })),
    case("recognitionReport", Somebody, RECOGNITION, |w, _| json!({ "id": w.unit(Unit::S1) })),
    case("volunteerTeams", Somebody, TEAMS, b1),
    case("volunteerProjects", Somebody, PROJECTS, b1),
    case("volunteerShifts", Somebody, SHIFTS, b1),
    case("signUps", Somebody, SIGN_UPS, |w, _| json!({ "id": w.member(Who::Member) })),
    case("myServiceRecordSheets", Oneself, MY_SHEETS, none),
    case("serviceRecordLookUp", Anybody, LOOK_UP, |_, _| json!({ "code": "AAAAA-BBBBB-CCCCC-DDDDD" })),
    case("serviceHourExports", Somebody, EXPORTS, b1),
    case("volunteerTeamMembers", Somebody, TEAM_MEMBERS, |_, s| json!({ "id": s.team })),
    case("volunteerTeamHours", Somebody, TEAM_HOURS, |_, s| json!({ "id": s.team })),
    case("personalTokens", Oneself, PERSONAL_TOKENS, none),
    case("oauthClients", Somebody, CLIENTS, b1),
    case("calendarLinks", Oneself, CALENDAR_LINKS, none),
    case("reportExport", Somebody, REPORT_EXPORT, |_, s| json!({ "id": s.export })),
    case("myReportExports", Oneself, MY_REPORT_EXPORTS, none),
    case("webhookEventTypes", Oneself, WEBHOOK_TYPES, none),
    case("webhookEndpoints", Somebody, WEBHOOKS, b1),
    case("webhookDeliveries", Somebody, DELIVERIES, |_, s| json!({ "id": s.webhook })),
    case("shiftCode", Somebody, SHIFT_CODE, |_, s| json!({ "id": s.shift })),
];

/// What changes while one watches.
pub const SUBSCRIPTIONS: &[Case] = &[
    case("tally", Somebody, TALLY, activity),
    case("board", Somebody, BOARD, none),
    case("inboxChanges", Oneself, FOLLOW_INBOX, none),
    case("assignmentChanges", Oneself, FOLLOW_ASSIGNMENTS, none),
    case("workBoardChanges", Somebody, FOLLOW_BOARD, |w, _| json!({ "id": w.unit(Unit::B1) })),
];

/// Writes to units, people and rules.
pub const RECORDS: &[Case] = &[
    case("createOrgUnit", Somebody, CREATE_UNIT, |w, _| {
        input(json!({ "parentId": w.unit(Unit::General), "kind": "PARTY_BRANCH", "name": "" }))
    }),
    case("updateOrgUnit", Somebody, UPDATE_UNIT, |w, _| {
        input(json!({ "id": w.unit(Unit::B1), "version": 999 }))
    }),
    case("moveOrgUnit", Somebody, MOVE_UNIT, |w, _| {
        input(json!({ "id": w.unit(Unit::B1), "parentId": w.unit(Unit::S1), "version": 999 }))
    }),
    case("dissolveOrgUnit", Somebody, DISSOLVE_UNIT, |w, _| {
        input(json!({ "id": w.unit(Unit::B1), "version": 999 }))
    }),
    case("addGuidance", Somebody, ADD_GUIDANCE, |w, _| {
        input(json!({ "unitId": w.unit(Unit::B1), "guideId": w.unit(Unit::General) }))
    }),
    case("endGuidance", Somebody, END_GUIDANCE, |w, _| {
        input(json!({ "unitId": w.unit(Unit::B1), "guideId": w.unit(Unit::S2) }))
    }),
    case("setLevelLabel", Oneself, SET_LABEL, |_, _| input(json!({ "kind": "PARTY_GROUP", "label": "" }))),
    case("addMember", Somebody, ADD_MEMBER, |w, _| {
        input(json!({ "name": "", "status": "FULL", "homeUnitId": w.unit(Unit::B1) }))
    }),
    case("updateMember", Somebody, UPDATE_MEMBER, |w, _| {
        input(json!({ "id": w.member(Who::Member), "version": 999 }))
    }),
    case("grantExemption", Somebody, GRANT_EXEMPTION, |w, _| {
        input(
            json!({ "memberId": w.member(Who::Member), "kind": "STUDY_HOURS", "reason": "", "startsOn": "2026-03-01" }),
        )
    }),
    case("endExemption", Somebody, END_EXEMPTION, |_, s| {
        input(json!({ "id": s.exemption, "endsOn": "2020-01-01" }))
    }),
    case("appointPost", Somebody, APPOINT, |w, _| {
        input(
            json!({ "accountId": w.account(Who::Member), "unitId": w.unit(Unit::B1), "kind": "GROUP_LEADER" }),
        )
    }),
    case("endPost", Somebody, END_POST, |_, s| input(json!({ "id": s.ended_post, "endsOn": "2026-03-30" }))),
    case("issueInitialPassword", Somebody, ISSUE_PASSWORD, |w, _| {
        input(json!({ "memberId": w.member(Who::Elder) }))
    }),
    case(UPLOADED, Somebody, IMPORT, |w, _| {
        input(json!({ "unitId": w.unit(Unit::B1), "file": null, "dryRun": true }))
    }),
    case("setContactLanguage", Oneself, SET_LANGUAGE, |_, _| input(json!({ "language": "ZH" }))),
    case("setRule", Oneself, SET_RULE, |_, _| {
        input(json!({ "key": "CORRECTION_DAYS", "value": -1, "source": "试" }))
    }),
];

/// Writes to activities and attendance.
pub const MEETINGS: &[Case] = &[
    case("createActivity", Somebody, CREATE_ACTIVITY, |w, _| {
        input(meeting::with(meeting::plan(w, Unit::B1), json!({ "title": "" })))
    }),
    case("updateActivity", Somebody, UPDATE_ACTIVITY, stale),
    case("publishActivity", Somebody, PUBLISH, stale),
    case("openActivity", Somebody, OPEN, stale),
    case("closeActivity", Somebody, CLOSE, stale),
    case("archiveActivity", Somebody, ARCHIVE, stale),
    case("cancelActivity", Somebody, CANCEL, |_, s| {
        input(json!({ "id": s.activity, "version": 999, "reason": "" }))
    }),
    case("changeAgenda", Somebody, CHANGE_AGENDA, |_, s| {
        input(json!({ "activityId": s.activity, "change": { "remove": s.item } }))
    }),
    case("setAgendaTemplate", Somebody, SET_TEMPLATE, |w, _| {
        input(json!({ "unitId": w.unit(Unit::B1), "titles": [] }))
    }),
    case("issueTheme", Somebody, ISSUE_THEME, |w, _| {
        input(
            json!({ "issuerUnitId": w.unit(Unit::S1), "title": "", "startsOn": "2026-04-01", "endsOn": "2026-04-30" }),
        )
    }),
    case("withdrawTheme", Somebody, WITHDRAW_THEME, |_, s| input(json!({ "id": s.theme }))),
    case("adoptTheme", Somebody, ADOPT_THEME, |w, s| {
        let day = meeting::start() + Duration::days(7);
        input(json!({
            "themeId": s.theme, "hostUnitId": w.unit(Unit::B1),
            "startsAt": rfc3339(day), "endsAt": rfc3339(day + Duration::hours(1)),
        }))
    }),
    case("createRecurrence", Somebody, CREATE_RECURRENCE, |w, _| {
        input(json!({
            "hostUnitId": w.unit(Unit::B1), "title": "党日", "rule": "FREQ=HOURLY",
            "startsOn": "2026-04-01", "time": "19:00", "duration": 60,
        }))
    }),
    case("stopRecurrence", Somebody, STOP_RECURRENCE, |_, s| input(json!({ "id": s.recurrence }))),
    case("checkIn", Somebody, CHECK_IN, |_, s| input(json!({ "qr": s.old_qr }))),
    case("checkInMembers", Somebody, CHECK_IN_MEMBERS, |w, s| {
        input(json!({ "activityId": s.activity, "memberIds": [w.member(Who::MemberOfB3)] }))
    }),
    case("checkOut", Somebody, CHECK_OUT, |_, s| input(json!({ "activityId": s.activity }))),
    case("correctAttendance", Somebody, CORRECT, |w, s| {
        input(
            json!({ "activityId": s.activity, "memberId": w.member(Who::Member), "state": "ABSENT", "reason": "试" }),
        )
    }),
    case("requestLeave", Somebody, REQUEST_LEAVE, |_, s| {
        input(json!({ "activityId": s.activity, "reason": "" }))
    }),
    case("decideLeave", Somebody, DECIDE_LEAVE, |_, s| input(json!({ "id": s.leave, "granted": false }))),
    case("decideLeaves", Somebody, DECIDE_LEAVES, |_, s| {
        input(json!({ "decisions": [{ "id": s.leave, "granted": false }] }))
    }),
    case("remindAttendees", Somebody, REMIND_ATTENDEES, |_, s| input(json!({ "activityId": s.draft }))),
    case("withdrawLeave", Somebody, WITHDRAW_LEAVE, |_, s| input(json!({ "id": s.leave }))),
    case("decideCheckInClaim", Somebody, DECIDE_CLAIM, |_, s| {
        input(json!({ "id": s.claim, "accepted": true }))
    }),
    case("openBoard", Somebody, OPEN_BOARD, |_, s| input(json!({ "activityId": s.draft }))),
    case("closeBoards", Somebody, CLOSE_BOARDS, |_, s| input(json!({ "activityId": s.draft }))),
    case("createCalendarLink", Somebody, CREATE_CALENDAR_LINK, |w, _| {
        input(json!({ "unitId": w.unit(Unit::B1) }))
    }),
    case("revokeCalendarLink", Somebody, REVOKE_CALENDAR_LINK, |_, s| input(json!({ "id": s.calendar }))),
    case("exportReport", Somebody, EXPORT_REPORT, |w, _| {
        let month = json!({ "kind": "ATTENDANCE", "year": 2026, "month": 3 });
        input(meeting::with(month, json!({ "unitId": w.unit(Unit::B1), "purpose": "" })))
    }),
    case("cancelReportExport", Somebody, CANCEL_REPORT_EXPORT, |_, s| input(json!({ "id": s.export }))),
    case("sendQueued", Oneself, SEND_QUEUED, |w, _| {
        let scan =
            json!({ "clientActionId": "a", "at": rfc3339(w.now()), "deed": { "checkIn": { "qr": "x" } } });
        input(json!({ "sentAt": rfc3339(w.now()), "actions": [scan] }))
    }),
    case("markNotificationRead", Somebody, MARK_READ, |_, s| input(json!({ "id": s.notification }))),
    case("markAllNotificationsRead", Oneself, MARK_ALL_READ, |_, _| input(json!({}))),
    case("setNotificationPreferences", Oneself, SET_PREFERENCES, |_, _| {
        input(json!({ "mutedKinds": ["ACTIVITY_CANCELLED"] }))
    }),
];

fn service(world: &World) -> Value {
    json!({
        "startsAt": rfc3339(world.now() - Duration::hours(2)), "endsAt": rfc3339(world.now()),
        "place": "", "content": "清洁家园", "beneficiary": "社区居民",
    })
}

/// Writes to volunteer hours.
pub const HOURS: &[Case] = &[
    case("reportServiceHours", Somebody, REPORT_HOURS, |w, _| {
        input(json!({ "unitId": w.unit(Unit::B1), "service": service(w) }))
    }),
    case("reviseServiceHours", Somebody, REVISE_HOURS, |w, s| {
        input(json!({ "id": s.hours, "version": 999, "service": service(w) }))
    }),
    case("withdrawServiceHours", Somebody, WITHDRAW_HOURS, |_, s| input(json!({ "id": s.hours }))),
    case("reviewServiceHours", Somebody, REVIEW_HOURS, |_, s| {
        input(json!({ "reviews": [{ "id": s.hours }] }))
    }),
    case("objectToServiceHours", Somebody, OBJECT_TO_HOURS, |_, s| {
        input(json!({ "entryId": s.hours, "reason": "" }))
    }),
    case("decideObjection", Somebody, DECIDE_OBJECTION, |_, s| {
        input(json!({ "id": s.objection, "upheld": true, "answer": "" }))
    }),
    case("reverseServiceHours", Somebody, REVERSE_HOURS, |_, s| {
        input(json!({ "id": s.hours, "reason": "" }))
    }),
    case("recalculateServiceHours", Somebody, RECALCULATE_HOURS, |_, s| {
        input(json!({ "id": s.hours, "minutes": 1, "reason": "" }))
    }),
    case("createVolunteerTeam", Somebody, CREATE_TEAM, |w, _| {
        input(json!({ "unitId": w.unit(Unit::B1), "name": "" }))
    }),
    case("endVolunteerTeam", Somebody, END_TEAM, |_, s| input(json!({ "id": s.team }))),
    case("createVolunteerProject", Somebody, CREATE_PROJECT, |w, _| {
        input(json!({ "unitId": w.unit(Unit::B1), "name": "" }))
    }),
    case("endVolunteerProject", Somebody, END_PROJECT, |_, s| input(json!({ "id": s.project }))),
    case("createVolunteerShift", Somebody, CREATE_SHIFT, |w, s| {
        let day = w.now() + Duration::days(1);
        input(json!({
            "projectId": s.project, "place": "曲水亭街", "capacity": 1,
            "startsAt": rfc3339(day), "endsAt": rfc3339(day + Duration::hours(1)),
        }))
    }),
    case("publishVolunteerShift", Somebody, PUBLISH_SHIFT, |_, s| input(json!({ "id": s.shift }))),
    case("cancelVolunteerShift", Somebody, CANCEL_SHIFT, |_, s| {
        input(json!({ "id": s.shift, "reason": "" }))
    }),
    case("countHeads", Somebody, COUNT_HEADS, |_, s| {
        input(json!({ "shiftId": s.shift, "beneficiaries": 1 }))
    }),
    case("signUp", Somebody, SIGN_UP, |_, s| input(json!({ "shiftId": s.shift }))),
    case("confirmSignUp", Somebody, CONFIRM_SIGN_UP, |_, s| input(json!({ "id": s.sign_up }))),
    case("withdrawSignUp", Somebody, WITHDRAW_SIGN_UP, |_, s| input(json!({ "id": s.sign_up }))),
    case("issueServiceRecordSheet", Oneself, ISSUE_SHEET, |_, _| input(json!({ "year": 1900 }))),
    case("revokeServiceRecordSheet", Somebody, REVOKE_SHEET, |_, s| input(json!({ "id": s.sheet }))),
    case("exportServiceHours", Somebody, EXPORT_HOURS, |w, _| {
        input(
            json!({ "unitId": w.unit(Unit::B1), "from": "2026-01-01", "until": "2026-12-31", "purpose": "" }),
        )
    }),
    case("updateVolunteerTeam", Somebody, UPDATE_TEAM, |_, s| input(json!({ "id": s.team, "name": "" }))),
    case("updateVolunteerProject", Somebody, UPDATE_PROJECT, |_, s| {
        input(json!({ "id": s.project, "name": "" }))
    }),
    case("updateVolunteerShift", Somebody, UPDATE_SHIFT, |_, s| {
        input(json!({ "id": s.shift, "capacity": 2 }))
    }),
    case("joinVolunteerTeam", Somebody, JOIN_TEAM, |_, s| input(json!({ "teamId": s.team }))),
    case("leaveVolunteerTeam", Somebody, LEAVE_TEAM, |_, s| input(json!({ "teamId": s.team }))),
    case("addVolunteerTeamMembers", Somebody, ADD_TEAM_MEMBERS, |w, s| {
        input(json!({ "teamId": s.team, "memberIds": [w.member(Who::Second)] }))
    }),
    case("removeVolunteerTeamMember", Somebody, REMOVE_TEAM_MEMBER, |w, s| {
        input(json!({ "teamId": s.team, "memberId": w.member(Who::Second) }))
    }),
    case("checkInAtShift", Somebody, CHECK_IN_AT_SHIFT, |_, s| {
        input(json!({ "shiftId": s.shift, "digits": "000000" }))
    }),
    case("checkOutOfShift", Somebody, CHECK_OUT_OF_SHIFT, |_, s| input(json!({ "shiftId": s.shift }))),
    case("checkInVolunteers", Somebody, CHECK_IN_VOLUNTEERS, |w, s| {
        input(json!({ "shiftId": s.shift, "memberIds": [w.member(Who::Second)], "reason": "没有智能手机" }))
    }),
    case("checkOutVolunteers", Somebody, CHECK_OUT_VOLUNTEERS, |w, s| {
        input(json!({ "shiftId": s.shift, "memberIds": [w.member(Who::Second)], "reason": "没有智能手机" }))
    }),
];

/// Writes to assignments.
pub const ASSIGNING: &[Case] = &[
    case("createAssignment", Somebody, CREATE_ASSIGNMENT, |w, _| {
        let to = json!({ "memberId": w.member(Who::Member) });
        input(meeting::with(assigning::work(w, Unit::B1, to), json!({ "title": "" })))
    }),
    case("updateAssignment", Somebody, UPDATE_ASSIGNMENT, assignment_step),
    case("dispatchAssignment", Somebody, DISPATCH_ASSIGNMENT, assignment_step),
    case("claimAssignment", Somebody, CLAIM_ASSIGNMENT, |_, s| input(json!({ "id": s.offer }))),
    case("acceptAssignment", Somebody, ACCEPT_ASSIGNMENT, assignment_step),
    case("declineAssignment", Somebody, DECLINE_ASSIGNMENT, assignment_reason),
    case("startAssignment", Somebody, START_ASSIGNMENT, assignment_step),
    case("reportProgress", Somebody, REPORT_PROGRESS, assignment_step),
    case("submitAssignment", Somebody, SUBMIT_ASSIGNMENT, assignment_step),
    case("returnAssignment", Somebody, RETURN_ASSIGNMENT, assignment_reason),
    case("verifyAssignment", Somebody, VERIFY_ASSIGNMENT, assignment_step),
    case("verifyAssignments", Somebody, VERIFY_ASSIGNMENTS, |_, s| {
        input(json!({ "assignments": [{ "id": s.assignment, "version": 999 }] }))
    }),
    case("remindOwners", Somebody, REMIND_OWNERS, |_, s| {
        input(json!({ "assignmentId": s.assignment, "step": "ACCEPTED" }))
    }),
    case("reopenAssignment", Somebody, REOPEN_ASSIGNMENT, |w, s| {
        assignment(s, json!({ "reason": "", "dueAt": rfc3339(w.now()) }))
    }),
    case("cancelAssignment", Somebody, CANCEL_ASSIGNMENT, assignment_reason),
    case("reassignAssignment", Somebody, REASSIGN_ASSIGNMENT, |w, s| {
        assignment(s, json!({ "reason": "", "to": { "memberId": w.member(Who::Second) } }))
    }),
    case("handDownAssignment", Somebody, HAND_DOWN_ASSIGNMENT, |_, s| {
        assignment(s, json!({ "branches": true }))
    }),
    case("createAssignmentTemplate", Somebody, CREATE_ASSIGNMENT_TEMPLATE, |w, _| {
        input(json!({ "unitId": w.unit(Unit::B1), "kind": "TASK", "title": "" }))
    }),
    case("stopAssignmentTemplate", Somebody, STOP_ASSIGNMENT_TEMPLATE, |_, s| {
        input(json!({ "id": s.assignment_template }))
    }),
    case("createAssignmentFromTemplate", Somebody, CREATE_FROM_TEMPLATE, |w, s| {
        input(json!({
            "templateId": s.assignment_template, "issuerUnitId": w.unit(Unit::B1),
            "to": { "memberId": w.member(Who::Member) }, "dueAt": rfc3339(w.now() + Duration::days(3)),
        }))
    }),
];

fn grant(world: &World) -> Value {
    input(json!({
        "name": "", "scopes": ["UNITS_READ"], "unitId": world.unit(Unit::B1),
        "expiresAt": rfc3339(world.now() + Duration::days(1)),
    }))
}

/// Writes to clients and tokens.
pub const TOKENS: &[Case] = &[
    case("createOAuthClient", Somebody, CREATE_CLIENT, |w, _| grant(w)),
    case("changeOAuthClient", Somebody, CHANGE_CLIENT, |_, s| {
        input(json!({ "id": s.client, "version": 999, "name": "官网" }))
    }),
    case("createPersonalToken", Somebody, CREATE_TOKEN, |w, _| grant(w)),
    case("rotateTokenGrant", Somebody, ROTATE_GRANT, |_, s| input(json!({ "id": s.client }))),
    case("revokeTokenGrant", Somebody, REVOKE_GRANT, |_, s| input(json!({ "id": s.client }))),
];

/// Writes to webhooks. The endpoint is switched off; the first who may deletes it, so that this comes last.
pub const WEBHOOKING: &[Case] = &[
    case("createWebhookEndpoint", Somebody, CREATE_WEBHOOK, |w, _| {
        input(json!({
            "unitId": w.unit(Unit::B1), "url": "https://127.0.0.1/", "description": "门户网站", "events": ["UNIT_CHANGED"],
        }))
    }),
    case("changeWebhookEndpoint", Somebody, CHANGE_WEBHOOK, |_, s| {
        input(json!({ "id": s.webhook, "version": 999, "enabled": false }))
    }),
    case("rotateWebhookSecret", Somebody, ROTATE_WEBHOOK, |_, s| {
        input(json!({ "id": s.webhook, "overlapHours": 999 }))
    }),
    case("pingWebhookEndpoint", Somebody, PING_WEBHOOK, |_, s| input(json!({ "id": s.webhook }))),
    case("replayWebhookDelivery", Somebody, REPLAY_DELIVERY, |_, s| input(json!({ "id": s.delivery }))),
    case("replayWebhookDeliveries", Somebody, REPLAY_DELIVERIES, |w, s| {
        let at = rfc3339(w.now());
        input(json!({ "endpointId": s.webhook, "from": at, "until": at }))
    }),
    case("deleteWebhookEndpoint", Somebody, DELETE_WEBHOOK, |_, s| input(json!({ "id": s.webhook }))),
];

/// Signing in and one's own account; those that end sessions come last.
pub const IDENTITY: &[Case] = &[
    case("signIn", Anybody, SIGN_IN, |_, _| {
        input(json!({ "phone": "13011112222", "password": "x", "district": "370100" }))
    }),
    case("signInWithOneTimeCode", Anybody, SIGN_IN_WITH_CODE, |_, _| {
        input(json!({ "phone": "13011112223", "code": "000000", "district": "370100" }))
    }),
    case("requestOneTimeCode", Anybody, REQUEST_CODE, |_, _| {
        input(json!({ "phone": "13011112224", "purpose": "SIGN_IN", "district": "370100" }))
    }),
    case("refreshSession", Anybody, REFRESH, |_, _| input(json!({ "refreshToken": "nonsense" }))),
    case("resetPassword", Anybody, RESET_PASSWORD, |_, _| {
        input(json!({ "phone": "13011112225", "code": "000000", "newPassword": "x", "district": "370100" }))
    }),
    case("changePassword", Oneself, CHANGE_PASSWORD, |_, _| {
        input(json!({ "currentPassword": crate::harness::cast::PASSWORD, "newPassword": "x" }))
    }),
    case("setPassword", Oneself, SET_PASSWORD, |_, _| input(json!({ "newPassword": "x" }))),
    case("proveSecondFactor", Oneself, PROVE_FACTOR, |_, _| input(json!({ "code": "000000" }))),
    case("renewRecoveryCodes", Oneself, RENEW_RECOVERY, |_, _| input(json!({ "code": "000000" }))),
    case("disableSecondFactor", Oneself, DISABLE_FACTOR, |_, _| input(json!({ "code": "000000" }))),
    case("confirmSecondFactor", Oneself, CONFIRM_FACTOR, |_, _| input(json!({ "code": "000000" }))),
    case("enrollSecondFactor", Oneself, ENROLL, none),
    case("signInByWeChat", Anybody, SIGN_IN_BY_WECHAT, |_, _| {
        input(json!({ "code": "x", "appId": "wx0", "district": "370100" }))
    }),
    case("bindWeChat", Anybody, BIND_WECHAT, |_, _| {
        input(json!({ "bindingTicket": "nonsense", "branchCode": "AAAAA-AAAAA" }))
    }),
    case("linkWeChat", Oneself, LINK_WECHAT, |_, _| input(json!({ "code": "x", "appId": "wx0" }))),
    case("unbindWeChat", Somebody, UNBIND_WECHAT, |_, _| {
        input(json!({ "id": zhibu::graphql::encode("WeChatBinding", uuid::Uuid::nil()) }))
    }),
    case("reportSubscribeConsent", Oneself, REPORT_CONSENT, |_, _| {
        input(json!({ "results": [{ "templateId": "x", "accepted": true }] }))
    }),
    case("issueBindingCode", Somebody, ISSUE_BINDING_CODE, |w, _| {
        input(json!({ "memberId": w.member(Who::Member) }))
    }),
    case("revokeSession", Somebody, REVOKE_SESSION, |_, s| input(json!({ "id": s.session }))),
    case("revokeOtherSessions", Oneself, REVOKE_OTHERS, none),
    case("signOut", Oneself, SIGN_OUT, none),
];

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Case> {
    [QUERIES, SUBSCRIPTIONS, RECORDS, MEETINGS, HOURS, ASSIGNING, TOKENS, WEBHOOKING, IDENTITY]
        .into_iter()
        .flatten()
}
