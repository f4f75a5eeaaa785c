//! Relay's `node` and `nodes`.

use async_graphql::{Context, ID, Interface, Object, Result};
use uuid::Uuid;
use zhibu_domain::{
    error_code::ErrorCode,
    id::{
        ActivityId, AssignmentId, NotificationId, ObjectionId, OrgUnitId, PartyMemberId, ServiceHourEntryId,
        SignUpId, ThemeId, TypedId, VolunteerProjectId, VolunteerShiftId, VolunteerTeamId, WebhookEndpointId,
    },
};

use crate::{
    activity::{ActivityObject, ThemeObject, activity_node, theme_node},
    assignment::{AssignmentObject, assignment_node},
    call::request,
    error::{OpError, OpExt},
    graphql::{MAX_PAGE, decode},
    member::{PartyMemberObject, member_node},
    notification::{NotificationObject, notification_node},
    organization::{OrgUnitObject, unit_node},
    volunteering::{
        ObjectionObject, ServiceHourEntryObject, entry_node, objection_node, project_node,
        shift::{SignUpObject, VolunteerProjectObject, VolunteerShiftObject, VolunteerTeamObject},
        shift_node, sign_up_node, team_node,
    },
    webhook::{WebhookEndpointObject, endpoint_node},
};

/// What can be asked for by its global id alone.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id."))]
pub enum Node {
    /// A unit.
    OrgUnit(OrgUnitObject),
    /// A member.
    PartyMember(PartyMemberObject),
    /// An activity.
    Activity(ActivityObject),
    /// A theme.
    Theme(ThemeObject),
    /// An assignment.
    Assignment(AssignmentObject),
    /// A notification.
    Notification(NotificationObject),
    /// An entry of volunteer hours.
    ServiceHourEntry(ServiceHourEntryObject),
    /// An objection to hours.
    Objection(ObjectionObject),
    /// A team of volunteers.
    VolunteerTeam(VolunteerTeamObject),
    /// A project of volunteers.
    VolunteerProject(VolunteerProjectObject),
    /// A shift.
    VolunteerShift(VolunteerShiftObject),
    /// A place in a shift, or in the row of those who wait for one.
    SignUp(SignUpObject),
    /// An endpoint of webhooks.
    WebhookEndpoint(WebhookEndpointObject),
}

/// Queries by global id.
#[derive(Default)]
pub struct NodeQuery;

async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let (kind, uuid) = decode(id).ok_or(OpError::Code(ErrorCode::BadId, "not an id of this server"))?;
    by_kind(ctx, &kind, uuid).await
}

/// What a global id stands for, if the caller may see it.
pub async fn by_kind(ctx: &Context<'_>, kind: &str, uuid: Uuid) -> Result<Option<Node>> {
    Ok(match kind {
        OrgUnitId::KIND => unit_node(ctx, OrgUnitId(uuid)).await?.map(Node::OrgUnit),
        PartyMemberId::KIND => member_node(ctx, PartyMemberId(uuid)).await?.map(Node::PartyMember),
        ActivityId::KIND => activity_node(ctx, ActivityId(uuid)).await?.map(Node::Activity),
        ThemeId::KIND => theme_node(ctx, ThemeId(uuid)).await?.map(Node::Theme),
        AssignmentId::KIND => assignment_node(ctx, AssignmentId(uuid)).await?.map(Node::Assignment),
        NotificationId::KIND => notification_node(ctx, NotificationId(uuid)).await?.map(Node::Notification),
        ServiceHourEntryId::KIND => {
            entry_node(ctx, ServiceHourEntryId(uuid)).await?.map(Node::ServiceHourEntry)
        }
        ObjectionId::KIND => objection_node(ctx, ObjectionId(uuid)).await?.map(Node::Objection),
        VolunteerTeamId::KIND => team_node(ctx, VolunteerTeamId(uuid)).await?.map(Node::VolunteerTeam),
        VolunteerProjectId::KIND => {
            project_node(ctx, VolunteerProjectId(uuid)).await?.map(Node::VolunteerProject)
        }
        VolunteerShiftId::KIND => shift_node(ctx, VolunteerShiftId(uuid)).await?.map(Node::VolunteerShift),
        SignUpId::KIND => sign_up_node(ctx, SignUpId(uuid)).await?.map(Node::SignUp),
        WebhookEndpointId::KIND => {
            endpoint_node(ctx, WebhookEndpointId(uuid)).await?.map(Node::WebhookEndpoint)
        }
        _ => None,
    })
}

#[Object]
impl NodeQuery {
    /// A unit, member, activity, theme, assignment, notification, entry of hours, objection, team, project,
    /// shift, sign-up or endpoint by its global id; null for ids of anything else, where there is none, and where the
    /// caller may not see it. For anybody signed in.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id.")] id: ID,
    ) -> Result<Option<Node>> {
        let (_, call) = request(ctx)?;
        call.signed_in().op()?;
        find(ctx, &id).await
    }

    /// Several of what `node` finds by their global ids, in that order, null where `node` would be; at most
    /// 100. For anybody signed in.
    #[graphql(complexity = "5 + ids.len() * child_complexity")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let (_, call) = request(ctx)?;
        call.signed_in().op()?;
        if ids.len() > MAX_PAGE {
            return Err(OpError::Code(ErrorCode::BadUserInput, "at most 100 ids").into());
        }
        futures_util::future::try_join_all(ids.iter().map(|id| find(ctx, id))).await
    }
}
