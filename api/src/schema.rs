//! The GraphQL schema: one line for each feature.

use std::sync::{Arc, LazyLock};

use async_graphql::{
    Json, MergedObject, MergedSubscription, Schema, SchemaBuilder, Upload, connection::Connection,
};
use chrono::{DateTime, Utc};

use crate::{
    activity::{
        ActivityMutation, ActivityObject, ActivityQuery, AgendaMutation, RecurrenceMutation, ThemeAdoption,
        ThemeMutation, ThemeObject,
    },
    assignment::{
        AssignmentFiguresQuery, AssignmentMutation, AssignmentObject, AssignmentQuery,
        AssignmentTemplateMutation, AssignmentTemplateObject, AssignmentTemplateQuery,
    },
    attendance::{
        AttendanceMutation, AttendanceObject, AttendanceQuery, AttendanceSubscription, AttendeeObject,
        ClaimObject, LeaveObject,
    },
    audit::{AuditEntryObject, AuditQuery},
    board::{BoardMutation, BoardSubscription},
    calendar::{CalendarMutation, CalendarQuery},
    desk::{BranchDesk, DeskMutation, DeskQuery, WorkRecord},
    feed::FeedSubscription,
    graphql::{Cursor, Limits, Nullability},
    home::HomeQuery,
    identity::{IdentityMutation, IdentityQuery},
    import::ImportMutation,
    member::{MemberMutation, MemberQuery, PartyMemberObject},
    node::NodeQuery,
    notification::{
        NotificationMutation, NotificationObject, NotificationQuery, SubscribeMutation, SubscribeQuery,
    },
    organization::{OrgUnitObject, OrganizationMutation, OrganizationQuery},
    queued::QueuedMutation,
    report::{
        ReportQuery, UnitReport,
        export::{ReportExportMutation, ReportExportObject, ReportExportQuery},
    },
    rule::{RuleMutation, RuleQuery},
    token::{TokenGrantObject, TokenMutation, TokenQuery},
    volunteering::{
        HourLedgerLineObject, ObjectionObject, PublicityEntry, RecognitionQuery, ServiceHourEntryObject,
        VolunteeringMutation, VolunteeringQuery,
        export::{HourExportMutation, HourExportQuery, ServiceHourExportObject, ServiceHourExportRow},
        record::{RecordSheetMutation, RecordSheetQuery, ServiceRecordSheetObject},
        shift::{
            ShiftMutation, ShiftPresenceMutation, ShiftQuery, SignUpObject, TeamMutation, TeamQuery,
            VolunteerProjectObject, VolunteerShiftObject, VolunteerTeamMemberObject, VolunteerTeamObject,
        },
    },
    webhook::{WebhookDeliveryObject, WebhookEndpointObject, WebhookMutation, WebhookQuery},
    wechat::CodeQuery,
};

/// Reads. Everything is limited to the caller's district and to what the policy lets them see.
///
/// Each description tells whom it is for, in these words. A post counts on its unit and on every unit
/// below, so that "of a unit" means: with that post on the unit or on one above it.
///
/// - **Organizers**, who also **keep attendance**: office staff, secretaries, deputy secretaries,
///   organization commissioners and group leaders of the unit.
/// - **Overseers**: the organizers, and the instructors of the unit.
/// - **Offices**: the office staff of the unit.
/// - **Members** of a unit: those whose home is the unit or a unit below it.
///
/// The district's administrator and auditor, grid workers and grid assistants are none of these: by
/// their posts they see no rosters, activities or figures. Who may not even see a thing is answered
/// `NOT_FOUND`, who may see it but not do this `FORBIDDEN`. The whole table is docs/access.md.
#[derive(MergedObject, Default)]
pub struct Query(
    NodeQuery,
    IdentityQuery,
    OrganizationQuery,
    MemberQuery,
    ActivityQuery,
    AttendanceQuery,
    RuleQuery,
    AuditQuery,
    VolunteeringQuery,
    AssignmentQuery,
    AssignmentFiguresQuery,
    AssignmentTemplateQuery,
    NotificationQuery,
    HomeQuery,
    ShiftQuery,
    TeamQuery,
    DeskQuery,
    ReportQuery,
    RecognitionQuery,
    RecordSheetQuery,
    HourExportQuery,
    TokenQuery,
    SubscribeQuery,
    CodeQuery,
    CalendarQuery,
    ReportExportQuery,
    WebhookQuery,
);

/// Writes. Each takes at most one `input` and answers what was done, or why not. Once answered, it is
/// durable. Whom it is for is told in the words of `Query`: organizers, overseers, offices, members.
#[derive(MergedObject, Default)]
pub struct Mutation(
    IdentityMutation,
    OrganizationMutation,
    MemberMutation,
    ImportMutation,
    ActivityMutation,
    AgendaMutation,
    ThemeMutation,
    RecurrenceMutation,
    AttendanceMutation,
    RuleMutation,
    VolunteeringMutation,
    AssignmentMutation,
    AssignmentTemplateMutation,
    NotificationMutation,
    QueuedMutation,
    ShiftMutation,
    ShiftPresenceMutation,
    TeamMutation,
    DeskMutation,
    RecordSheetMutation,
    HourExportMutation,
    TokenMutation,
    SubscribeMutation,
    BoardMutation,
    CalendarMutation,
    ReportExportMutation,
    WebhookMutation,
);

/// What changes while one watches, over `graphql-transport-ws`.
#[derive(MergedSubscription, Default)]
pub struct Subscription(AttendanceSubscription, FeedSubscription, BoardSubscription);

/// The schema.
pub type ZhibuSchema = Schema<Query, Mutation, Subscription>;

type PageOf<N> = Connection<Cursor, N>;

/// Describes the types that the library makes, where it says little or nothing itself.
fn describe(
    schema: SchemaBuilder<Query, Mutation, Subscription>,
) -> SchemaBuilder<Query, Mutation, Subscription> {
    schema
        .override_output_type_description::<DateTime<Utc>>(
            "A moment, RFC 3339 with an offset (`2026-11-22T18:30:00+08:00`); answered in UTC.",
        )
        .override_output_type_description::<Json<serde_json::Value>>("Any JSON.")
        .override_input_type_description::<Upload>(
            "A file of a multipart form: `null` among the variables, and named by the form's `map`. See docs/api.md.",
        )
        .override_output_type_description::<PageOf<ActivityObject>>("A page of activities.")
        .override_output_type_description::<PageOf<AssignmentObject>>("A page of assignments.")
        .override_output_type_description::<PageOf<AssignmentTemplateObject>>("A page of templates of assignments.")
        .override_output_type_description::<PageOf<AttendanceObject>>("A page of a member's records.")
        .override_output_type_description::<PageOf<AttendeeObject>>("A page of a meeting's roster.")
        .override_output_type_description::<PageOf<AuditEntryObject>>("A page of the audit.")
        .override_output_type_description::<PageOf<ClaimObject>>(
            "A page of check-ins that the organizer has to decide.",
        )
        .override_output_type_description::<PageOf<LeaveObject>>("A page of requests for leave.")
        .override_output_type_description::<PageOf<NotificationObject>>("A page of an inbox.")
        .override_output_type_description::<PageOf<OrgUnitObject>>("A page of units.")
        .override_output_type_description::<PageOf<PartyMemberObject>>("A page of members.")
        .override_output_type_description::<PageOf<ThemeAdoption>>(
            "A page of branches, each with the activity by which it has adopted the theme.",
        )
        .override_output_type_description::<PageOf<ThemeObject>>("A page of themes.")
        .override_output_type_description::<PageOf<HourLedgerLineObject>>("A page of a member's ledger.")
        .override_output_type_description::<PageOf<ObjectionObject>>("A page of objections.")
        .override_output_type_description::<PageOf<SignUpObject>>("A page of a member's sign-ups.")
        .override_output_type_description::<PageOf<TokenGrantObject>>("A page of clients.")
        .override_output_type_description::<PageOf<WebhookDeliveryObject>>("A page of what was sent to an endpoint.")
        .override_output_type_description::<PageOf<WebhookEndpointObject>>("A page of endpoints.")
        .override_output_type_description::<PageOf<VolunteerProjectObject>>("A page of projects.")
        .override_output_type_description::<PageOf<VolunteerShiftObject>>("A page of shifts.")
        .override_output_type_description::<PageOf<VolunteerTeamMemberObject>>("A page of who is in a team.")
        .override_output_type_description::<PageOf<VolunteerTeamObject>>("A page of teams.")
        .override_output_type_description::<PageOf<BranchDesk>>("A page of branches, each with what lies on its desk.")
        .override_output_type_description::<PageOf<WorkRecord>>("A page of the records behind a count.")
        .override_output_type_description::<PageOf<ReportExportObject>>("A page of one's own exports.")
        .override_output_type_description::<PageOf<UnitReport>>("A page of units, each with the figures of its month.")
        .override_output_type_description::<PageOf<ServiceRecordSheetObject>>("A page of one's own sheets.")
        .override_output_type_description::<PageOf<ServiceHourExportObject>>("A page of a unit's exports.")
        .override_output_type_description::<PageOf<ServiceHourExportRow>>("A page of an export's rows.")
        .override_output_type_description::<PageOf<PublicityEntry>>("A page of hours in public notice.")
        .override_output_type_description::<PageOf<ServiceHourEntryObject>>(
            "A page of entries of volunteer hours.",
        )
}

/// Builds the schema.
pub fn build(limits: &Limits) -> ZhibuSchema {
    let schema = Schema::build(Query::default(), Mutation::default(), Subscription::default());
    limits.apply(describe(schema)).finish()
}

/// Where answers may be null: read once, the same for every server of a process.
pub fn nulls() -> Result<Arc<Nullability>, String> {
    static NULLS: LazyLock<Result<Arc<Nullability>, String>> = LazyLock::new(|| {
        Nullability::from_sdl(&sdl())
            .map(Arc::new)
            .map_err(|error| format!("the schema can't be read: {error}"))
    });
    NULLS.clone()
}

/// The schema as text (SDL), fields and types in a fixed order.
pub fn sdl() -> String {
    let options =
        async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    build(&Limits::default()).sdl_with_options(options.include_specified_by())
}
