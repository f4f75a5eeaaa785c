use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::ServiceHourEntryId,
    policy::{Action, Denied},
    volunteering::{HourFlag, HourOrigin, HourProgress, HourState, ServiceHourEntry},
};

use super::{ObjectionObject, account, member, unit};
use crate::{
    call::reads,
    error::{OpError, OpExt},
    graphql::{Date, GlobalId, Minutes, Term},
    member::{AccountObject, PartyMemberObject, named, see},
    organization::OrgUnitObject,
    reads::{Loading, ObjectionsTo},
    volunteering::shift::VolunteerShiftObject,
};

/// A member's service of some hours, and how far its recognition has come. For the member, and the
/// overseers of the unit that it was reported to or of the member's home unit.
pub struct ServiceHourEntryObject(pub ServiceHourEntry);

/// A member's service of some hours, and how far its recognition has come. For the member, and the
/// overseers of the unit that it was reported to or of the member's home unit.
#[Object(name = "ServiceHourEntry")]
impl ServiceHourEntryObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<ServiceHourEntryId> {
        GlobalId(self.0.id)
    }

    /// The name of who served.
    async fn member_name(&self, ctx: &Context<'_>) -> Result<String> {
        named(reads(ctx)?, [self.0.account_id]).await?;
        Ok(member(ctx, self.0.member_id).await?.name)
    }

    /// The record of who served; null for who may see the hours, but not the record: it is for the overseers
    /// of the home unit.
    async fn member(&self, ctx: &Context<'_>) -> Result<Option<PartyMemberObject>> {
        let member = member(ctx, self.0.member_id).await?;
        match see(reads(ctx)?, Action::ViewMember, &member).await {
            Ok(_) => Ok(Some(PartyMemberObject(member))),
            Err(OpError::Denied(Denied::Hidden)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The branch that it was reported to, whose organizers verify it.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.unit_id).await
    }

    /// Where it comes from; the two kinds are kept apart for ever.
    async fn origin(&self) -> Term<HourOrigin> {
        Term(self.0.origin)
    }

    /// The shift at which it was served; null where the member has reported it.
    async fn shift(&self, ctx: &Context<'_>) -> Result<Option<VolunteerShiftObject>> {
        let Some(id) = self.0.shift_id else { return Ok(None) };
        Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(VolunteerShiftObject))
    }

    /// The civil day of its start, in the unit's time zone.
    async fn served_on(&self) -> Date {
        Date(self.0.served_on)
    }

    /// When it began.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.service.window.starts_at
    }

    /// When it ended.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.service.window.ends_at
    }

    /// Minutes of it spent on the way, which don't count.
    async fn travel_minutes(&self) -> Minutes {
        Minutes(self.0.service.travel_minutes)
    }

    /// The minutes from start to end without the way, as reported.
    async fn reported_minutes(&self) -> Minutes {
        Minutes(self.0.service.served_minutes())
    }

    /// The minutes that count, or would: as reported, unless a reviewer has corrected them, or a forgotten
    /// check-out is capped.
    async fn minutes(&self) -> Minutes {
        Minutes(self.0.minutes)
    }

    /// Where.
    async fn place(&self) -> &str {
        &self.0.service.place
    }

    /// What was done.
    async fn content(&self) -> &str {
        &self.0.service.content
    }

    /// For whom, in general words; empty where the project of its shift doesn't say.
    async fn beneficiary(&self) -> &str {
        &self.0.service.beneficiary
    }

    /// How many were served; null where that can't be said.
    async fn beneficiary_count(&self) -> Option<i32> {
        self.0.service.beneficiary_count
    }

    /// References to pictures.
    async fn pictures(&self) -> &[String] {
        &self.0.service.pictures
    }

    /// Hints for the reviewer; never a reason to reject automatically.
    async fn flags(&self) -> Vec<Term<HourFlag>> {
        self.0.flags.list().into_iter().map(Term).collect()
    }

    /// When it was first reported.
    async fn reported_at(&self) -> DateTime<Utc> {
        self.0.reported_at
    }

    /// Where it stands.
    async fn state(&self) -> Term<HourState> {
        Term(self.0.state())
    }

    /// Why it was returned or reversed; null otherwise.
    async fn reason(&self) -> Option<&str> {
        match &self.0.progress {
            HourProgress::Returned { reason, .. } | HourProgress::Reversed { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// Why a reviewer has corrected the minutes; null where none has.
    async fn correction(&self) -> Option<&str> {
        self.0.verification().and_then(|v| v.correction.as_deref())
    }

    /// Who has verified it; null while nobody has.
    async fn verified_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        account(ctx, self.0.verification().map(|v| v.by)).await
    }

    /// When it was verified; null while it isn't.
    async fn verified_at(&self) -> Option<DateTime<Utc>> {
        self.0.verification().map(|v| v.at)
    }

    /// Until when it is in public notice; null unless it is.
    async fn publicity_until(&self) -> Option<DateTime<Utc>> {
        match self.0.progress {
            HourProgress::InPublicity { until, .. } => Some(until),
            _ => None,
        }
    }

    /// Since when it counts; null unless it does.
    async fn granted_at(&self) -> Option<DateTime<Utc>> {
        match self.0.progress {
            HourProgress::Granted { at, .. } => Some(at),
            _ => None,
        }
    }

    /// The objections to it, in order of raising.
    #[graphql(complexity = "5 + 3 * child_complexity")]
    async fn objections(&self, ctx: &Context<'_>) -> Result<Vec<ObjectionObject>> {
        let found = ctx.data::<Loading>()?.load_one(ObjectionsTo(self.0.id)).await.op()?;
        Ok(found.unwrap_or_default().into_iter().map(ObjectionObject).collect())
    }

    /// Counts the changes; name it when you change the entry.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
