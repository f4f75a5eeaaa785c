use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{OrgUnitId, PartyMemberId, VolunteerProjectId, VolunteerShiftId},
    policy::{Action, Subject},
    volunteering::{Presence, ShiftProgress, ShiftState, SignUp, SignUpState, VolunteerShift},
};

use super::{SignUpObject, VolunteerProjectObject};
use crate::{
    call::request,
    error::{OpError, OpExt},
    graphql::{GlobalId, Term},
    organization::OrgUnitObject,
    reads::{Loading, SignUpsFor},
};

pub(super) async fn unit(ctx: &Context<'_>, id: OrgUnitId) -> Result<OrgUnitObject> {
    let found = ctx.data::<Loading>()?.load_one(id).await.op()?;
    Ok(OrgUnitObject(found.ok_or(OpError::internal("volunteering without a unit"))?))
}

/// The captain of the team that carries a project, as long as it lives.
async fn captain(ctx: &Context<'_>, project: VolunteerProjectId) -> Result<Option<PartyMemberId>> {
    let loading = ctx.data::<Loading>()?;
    let Some(team) = loading.load_one(project).await.op()?.and_then(|p| p.team_id) else { return Ok(None) };
    let team = loading.load_one(team).await.op()?.filter(|t| t.ended_at.is_none());
    Ok(team.and_then(|t| t.captain_id))
}

/// Some hours of a project for which volunteers sign up (班次). A draft is for the organizers of its
/// unit, a published one for anybody signed in.
pub struct VolunteerShiftObject(pub VolunteerShift);

impl VolunteerShiftObject {
    async fn row(&self, ctx: &Context<'_>) -> Result<Vec<SignUp>> {
        Ok(ctx.data::<Loading>()?.load_one(SignUpsFor(self.0.id)).await.op()?.unwrap_or_default())
    }
}

/// Some hours of a project for which volunteers sign up (班次). A draft is for the organizers of its
/// unit, a published one for anybody signed in.
#[Object(name = "VolunteerShift")]
impl VolunteerShiftObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<VolunteerShiftId> {
        GlobalId(self.0.id)
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Result<VolunteerProjectObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.project_id).await.op()?;
        Ok(VolunteerProjectObject(found.ok_or(OpError::internal("a shift without a project"))?))
    }

    /// The project's unit.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.unit_id).await
    }

    /// When it begins; until then members sign up.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.window.starts_at
    }

    /// When it ends.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.window.ends_at
    }

    /// Where.
    async fn place(&self) -> &str {
        &self.0.place
    }

    /// How many volunteers it takes.
    async fn capacity(&self) -> i32 {
        self.0.capacity
    }

    /// What they must be able to do.
    async fn skills(&self) -> &[String] {
        &self.0.skills
    }

    /// How old they must be; null where it doesn't matter.
    async fn minimum_age(&self) -> Option<i32> {
        self.0.minimum_age
    }

    /// Where it stands.
    async fn state(&self) -> Term<ShiftState> {
        Term(self.0.state())
    }

    /// Why it was called off; null unless it was.
    async fn cancel_reason(&self) -> Option<&str> {
        match &self.0.progress {
            ShiftProgress::Cancelled { reason, .. } => Some(reason),
            ShiftProgress::Draft | ShiftProgress::Published { .. } => None,
        }
    }

    /// How many persons who came unasked were served: a head-count.
    async fn beneficiaries(&self) -> i32 {
        self.0.head_count.beneficiaries
    }

    /// How many groups came unasked, to help or to be served: a head-count.
    async fn groups(&self) -> i32 {
        self.0.head_count.groups
    }

    /// How many places are taken, those offered included.
    async fn taken(&self, ctx: &Context<'_>) -> Result<usize> {
        Ok(self.row(ctx).await?.iter().filter(|s| s.has_place()).count())
    }

    /// How many wait for a place.
    async fn waiting(&self, ctx: &Context<'_>) -> Result<usize> {
        Ok(self.row(ctx).await?.iter().filter(|s| s.state() == SignUpState::Waiting).count())
    }

    /// How many volunteers are there now: checked in, and not out yet.
    async fn present(&self, ctx: &Context<'_>) -> Result<usize> {
        let here = |s: &&SignUp| matches!(s.presence, Presence::Here { .. });
        Ok(self.row(ctx).await?.iter().filter(here).count())
    }

    /// The caller's own latest sign-up; null where there is none.
    async fn my_sign_up(&self, ctx: &Context<'_>) -> Result<Option<SignUpObject>> {
        let (_, call) = request(ctx)?;
        let account = call.actor.account_id();
        let own = self.row(ctx).await?.into_iter().rev().find(|s| Some(s.account_id) == account);
        Ok(own.map(SignUpObject))
    }

    /// All sign-ups, in their order, with who came and left. For who runs the shift: organizers of the unit
    /// and the team's captain.
    #[graphql(complexity = "5 + 20 * child_complexity")]
    async fn sign_ups(&self, ctx: &Context<'_>) -> Result<Option<Vec<SignUpObject>>> {
        let (_, call) = request(ctx)?;
        let unit = ctx.data::<Loading>()?.load_one(self.0.unit_id).await.op()?;
        let unit = unit.ok_or(OpError::internal("a shift without a unit"))?;
        let captain = captain(ctx, self.0.project_id).await?;
        call.permit(Action::RunShift, Subject::unit(&unit.path).captain(captain)).op()?;
        Ok(Some(self.row(ctx).await?.into_iter().map(SignUpObject).collect()))
    }

    /// Counts the changes; name it when you change the shift.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
