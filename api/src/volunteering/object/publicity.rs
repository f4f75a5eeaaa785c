use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::ServiceHourEntryId,
    volunteering::{HourOrigin, HourProgress, ServiceHourEntry},
};

use super::{member, unit};
use crate::{
    call::reads,
    graphql::{Date, GlobalId, Minutes, Term},
    member::named,
    organization::OrgUnitObject,
};

/// Verified hours in public notice: no more of them than somebody needs to object. For the members of
/// the unit that they were reported to, and its overseers.
pub struct PublicityEntry(pub ServiceHourEntry);

/// Verified hours in public notice: no more of them than somebody needs to object. For the members of
/// the unit that they were reported to, and its overseers.
#[Object]
impl PublicityEntry {
    /// The entry's global id.
    pub async fn id(&self) -> GlobalId<ServiceHourEntryId> {
        GlobalId(self.0.id)
    }

    /// The name of who served.
    async fn name(&self, ctx: &Context<'_>) -> Result<String> {
        named(reads(ctx)?, [self.0.account_id]).await?;
        Ok(member(ctx, self.0.member_id).await?.name)
    }

    /// The unit that they were reported to.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.unit_id).await
    }

    /// The civil day of the service.
    async fn served_on(&self) -> Date {
        Date(self.0.served_on)
    }

    /// The minutes that will count.
    async fn minutes(&self) -> Minutes {
        Minutes(self.0.minutes)
    }

    /// What was done.
    async fn content(&self) -> &str {
        &self.0.service.content
    }

    /// Where they come from.
    async fn origin(&self) -> Term<HourOrigin> {
        Term(self.0.origin)
    }

    /// Until when members may object.
    async fn publicity_until(&self) -> Option<DateTime<Utc>> {
        match self.0.progress {
            HourProgress::InPublicity { until, .. } => Some(until),
            _ => None,
        }
    }
}
