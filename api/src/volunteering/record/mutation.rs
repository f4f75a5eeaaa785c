use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use zhibu_domain::{id::ServiceRecordSheetId, volunteering::RecordSheetRefusal};

use super::{object::ServiceRecordSheetObject, ops};
use crate::{
    call::request,
    error::{naming, outcome},
    graphql::{GlobalId, Outcome},
    once::Once,
};

/// A sheet to issue.
#[derive(InputObject)]
pub struct IssueServiceRecordSheetInput {
    /// Of which calendar year of service; all years where absent.
    pub year: Option<i32>,
    /// The client's key for this sheet, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// A sheet to revoke.
#[derive(InputObject)]
pub struct RevokeServiceRecordSheetInput {
    /// Which.
    pub id: GlobalId<ServiceRecordSheetId>,
}

/// The sheet was issued.
#[derive(SimpleObject)]
pub struct IssueServiceRecordSheetDone {
    /// The sheet.
    sheet: ServiceRecordSheetObject,
}

/// The sheet was revoked.
#[derive(SimpleObject)]
pub struct RevokeServiceRecordSheetDone {
    /// As it now stands.
    sheet: ServiceRecordSheetObject,
}

/// Mutations of service record sheets.
#[derive(Default)]
pub struct RecordSheetMutation;

#[Object]
impl RecordSheetMutation {
    /// Issues a sheet of the caller's own services that count now, with its number, its code and links to
    /// its files; twenty in an hour. For Party members.
    async fn issue_service_record_sheet(
        &self,
        ctx: &Context<'_>,
        input: IssueServiceRecordSheetInput,
    ) -> Result<Outcome<IssueServiceRecordSheetDone, RecordSheetRefusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = naming(ops::issue(app, call, input.year, once).await, |refusal| match refusal {
            RecordSheetRefusal::BadYear => Some("year"),
            _ => None,
        });
        outcome(done.map(|s| IssueServiceRecordSheetDone { sheet: ServiceRecordSheetObject(s) }))
    }

    /// Revokes a sheet of the caller's own: who looks it up is told so and nothing else, and its files are
    /// gone. What is revoked already stays so.
    async fn revoke_service_record_sheet(
        &self,
        ctx: &Context<'_>,
        input: RevokeServiceRecordSheetInput,
    ) -> Result<Outcome<RevokeServiceRecordSheetDone, RecordSheetRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::revoke(app, call, input.id.0).await;
        outcome(done.map(|s| RevokeServiceRecordSheetDone { sheet: ServiceRecordSheetObject(s) }))
    }
}
