//! The GraphQL schema: one line for each feature.

use async_graphql::{MergedObject, MergedSubscription, Schema};

use crate::{
    activity::{ActivityMutation, ActivityQuery, AgendaMutation, RecurrenceMutation, ThemeMutation},
    attendance::{AttendanceMutation, AttendanceQuery, AttendanceSubscription},
    audit::AuditQuery,
    graphql::Limits,
    identity::{IdentityMutation, IdentityQuery},
    import::ImportMutation,
    member::{MemberMutation, MemberQuery},
    node::NodeQuery,
    organization::{OrganizationMutation, OrganizationQuery},
    rule::{RuleMutation, RuleQuery},
};

/// Reads. Everything is limited to the caller's district and to what the policy lets them see.
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
);

/// Writes. Each takes one `input` and answers what was done, or why not. Once answered, it is durable.
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
);

/// What changes while one watches, over `graphql-transport-ws`.
#[derive(MergedSubscription, Default)]
pub struct Subscription(AttendanceSubscription);

/// The schema.
pub type ZhibuSchema = Schema<Query, Mutation, Subscription>;

/// Builds the schema.
pub fn build(limits: &Limits) -> ZhibuSchema {
    limits.apply(Schema::build(Query::default(), Mutation::default(), Subscription::default())).finish()
}

/// The schema as text (SDL), fields and types in a fixed order.
pub fn sdl() -> String {
    let options =
        async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    build(&Limits::default()).sdl_with_options(options.include_specified_by())
}
