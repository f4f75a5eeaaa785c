use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{ObjectionId, ServiceHourEntryId},
    policy::{Action, Subject},
    volunteering::{Objection, ObjectionState},
};

use super::account;
use crate::{
    call::request,
    error::OpExt,
    graphql::{GlobalId, Term},
    member::AccountObject,
    reads::Loading,
};

/// An objection to hours in public notice. For who raised it, the member, and the overseers of the unit or
/// of the member's home unit.
pub struct ObjectionObject(pub Objection);

/// An objection to hours in public notice. For who raised it, the member, and the overseers of the unit or
/// of the member's home unit.
#[Object(name = "Objection")]
impl ObjectionObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<ObjectionId> {
        GlobalId(self.0.id)
    }

    /// The id of the entry that it is about.
    async fn entry_id(&self) -> GlobalId<ServiceHourEntryId> {
        GlobalId(self.0.entry_id)
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// When it was raised.
    async fn raised_at(&self) -> DateTime<Utc> {
        self.0.raised_at
    }

    /// Who objects. For the organizers of the unit, and who objects; null for others, the member above all.
    async fn raised_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        let (_, call) = request(ctx)?;
        let loading = ctx.data::<Loading>()?;
        let Some(entry) = loading.load_one(self.0.entry_id).await.op()? else { return Ok(None) };
        let Some(unit) = loading.load_one(entry.unit_id).await.op()? else { return Ok(None) };
        let decides = call.permit(Action::VerifyHours, Subject::unit(&unit.path)).is_ok();
        let caller = call.actor.account_id();
        if caller == Some(self.0.account_id) || decides && caller != Some(entry.account_id) {
            account(ctx, Some(self.0.account_id)).await
        } else {
            Ok(None)
        }
    }

    /// Where it stands.
    async fn state(&self) -> Term<ObjectionState> {
        Term(self.0.state())
    }

    /// Why it was decided so; null while it is open, and where nobody said why.
    async fn answer(&self) -> Option<&str> {
        self.0.answer()
    }

    /// When it was decided, or was no longer needed; null while it is open.
    async fn settled_at(&self) -> Option<DateTime<Utc>> {
        self.0.settled_at()
    }
}
