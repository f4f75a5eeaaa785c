use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{AccountId, SignUpId},
    volunteering::{ShiftMarkMethod, SignUp, SignUpState},
};

use super::VolunteerShiftObject;
use crate::{
    error::{OpError, OpExt},
    graphql::{GlobalId, Term},
    member::AccountObject,
    reads::Loading,
    volunteering::ServiceHourEntryObject,
};

async fn account(ctx: &Context<'_>, id: Option<AccountId>) -> Result<Option<AccountObject>> {
    let Some(id) = id else { return Ok(None) };
    Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(AccountObject))
}

/// A member's place in a shift, or in the row of those who wait for one. For the member, and those
/// who run the shift.
pub struct SignUpObject(pub SignUp);

/// A member's place in a shift, or in the row of those who wait for one. For the member, and those
/// who run the shift.
#[Object(name = "SignUp")]
impl SignUpObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<SignUpId> {
        GlobalId(self.0.id)
    }

    /// The shift.
    async fn shift(&self, ctx: &Context<'_>) -> Result<VolunteerShiftObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.shift_id).await.op()?;
        Ok(VolunteerShiftObject(found.ok_or(OpError::internal("a sign-up without a shift"))?))
    }

    /// Who.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.account_id).await.op()?;
        Ok(AccountObject(found.ok_or(OpError::internal("a sign-up without an account"))?))
    }

    /// When.
    async fn signed_up_at(&self) -> DateTime<Utc> {
        self.0.signed_up_at
    }

    /// Where it stands.
    async fn state(&self) -> Term<SignUpState> {
        Term(self.0.state())
    }

    /// Until when an offered place must be confirmed; null unless one is offered.
    async fn confirm_until(&self) -> Option<DateTime<Utc>> {
        self.0.due_at()
    }
    /// When they came; null where they haven't.
    async fn checked_in_at(&self) -> Option<DateTime<Utc>> {
        self.0.presence.since().map(|mark| mark.at)
    }

    /// How they were checked in; null where they haven't come.
    async fn check_in_method(&self) -> Option<Term<ShiftMarkMethod>> {
        self.0.presence.since().map(|mark| Term(mark.method))
    }

    /// Who checked them in by the roster; null where nobody did.
    async fn checked_in_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        account(ctx, self.0.presence.since().and_then(|mark| mark.by)).await
    }

    /// Why they were checked in by the roster; null where they weren't.
    async fn check_in_reason(&self) -> Option<&str> {
        self.0.presence.since().and_then(|mark| mark.reason.as_deref())
    }

    /// When they left; null while they haven't.
    async fn checked_out_at(&self) -> Option<DateTime<Utc>> {
        self.0.presence.until().map(|mark| mark.at)
    }

    /// How they were checked out; null while they aren't.
    async fn check_out_method(&self) -> Option<Term<ShiftMarkMethod>> {
        self.0.presence.until().map(|mark| Term(mark.method))
    }

    /// Who checked them out by the roster; null where nobody did.
    async fn checked_out_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        account(ctx, self.0.presence.until().and_then(|mark| mark.by)).await
    }

    /// Why they were checked out by the roster; null where they weren't.
    async fn check_out_reason(&self) -> Option<&str> {
        self.0.presence.until().and_then(|mark| mark.reason.as_deref())
    }

    /// The hours that it came to; null until they have left, and where it wasn't a minute of the shift.
    async fn service_hours(&self, ctx: &Context<'_>) -> Result<Option<ServiceHourEntryObject>> {
        let Some(id) = self.0.presence.entry_id() else { return Ok(None) };
        Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(ServiceHourEntryObject))
    }
}
