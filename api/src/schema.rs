//! The GraphQL schema: one line for each feature.

use async_graphql::{Context, MergedObject, MergedSubscription, Object, Schema};

use crate::{
    graphql::Settings,
    identity::{IdentityMutation, IdentityQuery},
    member::{MemberMutation, MemberQuery},
    node::NodeQuery,
    organization::{OrganizationMutation, OrganizationQuery},
};

/// Reads.
#[derive(MergedObject, Default)]
pub struct Query(NodeQuery, IdentityQuery, OrganizationQuery, MemberQuery);

/// Writes: each takes one `input` and answers what was done, or why not.
#[derive(MergedObject, Default)]
pub struct Mutation(IdentityMutation, OrganizationMutation, MemberMutation);
