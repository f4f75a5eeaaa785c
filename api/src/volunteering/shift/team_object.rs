use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{PartyMemberId, VolunteerProjectId, VolunteerTeamId, VolunteerTeamMemberId},
    volunteering::{VolunteerProject, VolunteerTeam, VolunteerTeamMember},
};

use super::object::unit;
use crate::{
    call::reads,
    error::{OpError, OpExt},
    graphql::GlobalId,
    member::{AccountObject, named},
    organization::OrgUnitObject,
    reads::{InTeam, Loading, TeamSizeOf},
};

/// A unit's team of volunteers (志愿服务队). For anybody signed in.
pub struct VolunteerTeamObject(pub VolunteerTeam);

/// A unit's team of volunteers (志愿服务队). For anybody signed in.
#[Object(name = "VolunteerTeam")]
impl VolunteerTeamObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<VolunteerTeamId> {
        GlobalId(self.0.id)
    }

    /// Whose.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.unit_id).await
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The name of who answers for it to others; null where nobody is named.
    async fn captain_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(id) = self.0.captain_id else { return Ok(None) };
        let Some(captain) = ctx.data::<Loading>()?.load_one(id).await.op()? else { return Ok(None) };
        named(reads(ctx)?, [captain.account_id]).await?;
        Ok(Some(captain.name))
    }

    /// The captain's member id; null where nobody is named.
    async fn captain_id(&self) -> Option<GlobalId<PartyMemberId>> {
        self.0.captain_id.map(GlobalId)
    }

    /// How many are in it.
    async fn member_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.data::<Loading>()?.load_one(TeamSizeOf(self.0.id)).await.op()?.unwrap_or(0))
    }

    /// Whether the caller is in it.
    async fn joined(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.data::<Loading>()?.load_one(InTeam(self.0.id)).await.op()?.is_some())
    }

    /// When it was founded.
    async fn founded_at(&self) -> DateTime<Utc> {
        self.0.founded_at
    }

    /// When it ended; null while it lives.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.0.ended_at
    }
}

/// Something that volunteers do again and again, in shifts (志愿服务项目). For anybody signed in.
pub struct VolunteerProjectObject(pub VolunteerProject);

/// Something that volunteers do again and again, in shifts (志愿服务项目). For anybody signed in.
#[Object(name = "VolunteerProject")]
impl VolunteerProjectObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<VolunteerProjectId> {
        GlobalId(self.0.id)
    }

    /// Whose.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.unit_id).await
    }

    /// The team that carries it; null where none does.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<VolunteerTeamObject>> {
        let Some(id) = self.0.team_id else { return Ok(None) };
        Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(VolunteerTeamObject))
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is about.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// For whom it is, in general words; null where it isn't said.
    async fn beneficiary(&self) -> Option<&str> {
        self.0.beneficiary.as_deref()
    }

    /// When it was begun.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it ended; null while it goes on.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.0.ended_at
    }
}

/// Somebody who is in a team of volunteers. For the team, its captain, and the overseers of its unit.
pub struct VolunteerTeamMemberObject(pub VolunteerTeamMember);

/// Somebody who is in a team of volunteers. For the team, its captain, and the overseers of its unit.
#[Object(name = "VolunteerTeamMember")]
impl VolunteerTeamMemberObject {
    /// Global id.
    async fn id(&self) -> GlobalId<VolunteerTeamMemberId> {
        GlobalId(self.0.id)
    }

    /// The member's id.
    async fn member_id(&self) -> GlobalId<PartyMemberId> {
        GlobalId(self.0.member_id)
    }

    /// Who.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.account_id).await.op()?;
        Ok(AccountObject(found.ok_or(OpError::internal("a team's member without an account"))?))
    }

    /// Since when.
    async fn joined_at(&self) -> DateTime<Utc> {
        self.0.joined_at
    }

    /// Who added them; null where they joined by themselves.
    async fn added_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        let Some(id) = self.0.added_by else { return Ok(None) };
        Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(AccountObject))
    }
}
