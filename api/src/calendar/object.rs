use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use zhibu_domain::{calendar::CalendarLink, id::CalendarLinkId};

use crate::{error::OpExt, graphql::GlobalId, organization::OrgUnitObject, reads::Loading};

/// A calendar's address that the caller has made. For who made it.
pub struct CalendarLinkObject(pub CalendarLink);

/// A calendar's address that the caller has made. For who made it.
#[Object(name = "CalendarLink")]
impl CalendarLinkObject {
    /// Global id.
    async fn id(&self) -> GlobalId<CalendarLinkId> {
        GlobalId(self.0.id)
    }

    /// Of which unit; null where it is one's own calendar.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<OrgUnitObject>> {
        let Some(unit) = self.0.unit_id else { return Ok(None) };
        Ok(ctx.data::<Loading>()?.load_one(unit).await.op()?.map(OrgUnitObject))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was revoked, or another took its place; null while it stands.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }
}
