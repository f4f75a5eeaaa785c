use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use zhibu_domain::{
    id::OrgUnitId,
    volunteering::{ExportRequest, HourExportRefusal},
};

use super::{object::ServiceHourExportObject, ops};
use crate::{
    call::request,
    error::{naming, outcome},
    graphql::{Date, GlobalId, Outcome},
    once::Once,
};

/// Hours to export.
#[derive(InputObject)]
pub struct ExportServiceHoursInput {
    /// Of which unit and all below it.
    pub unit_id: GlobalId<OrgUnitId>,
    /// The first civil day of service.
    pub from: Date,
    /// The last civil day of service, at most a year later.
    pub until: Date,
    /// What for, 2–100 characters. Everybody whose hours it holds can read it in their audit.
    pub purpose: String,
    /// The client's key for this export, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// The hours were exported.
#[derive(SimpleObject)]
pub struct ExportServiceHoursDone {
    /// The export.
    export: ServiceHourExportObject,
}

/// Mutations of exports of volunteer hours.
#[derive(Default)]
pub struct HourExportMutation;

#[Object]
impl HourExportMutation {
    /// Exports the verified hours of a unit and all below it, by name, for the national system. Each row says
    /// whether it was exported before; what was reversed or recalculated since comes as a correction. For
    /// offices of the unit; twenty in an hour.
    async fn export_service_hours(
        &self,
        ctx: &Context<'_>,
        input: ExportServiceHoursInput,
    ) -> Result<Outcome<ExportServiceHoursDone, HourExportRefusal>> {
        use HourExportRefusal::*;
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let asked = ExportRequest { from: input.from.0, until: input.until.0, purpose: input.purpose };
        let done = naming(ops::export(app, call, input.unit_id.0, asked, once).await, |r| match r {
            BadPeriod => Some("until"),
            BadPurpose => Some("purpose"),
            NothingToExport | TooManyRows => None,
        });
        outcome(done.map(|e| ExportServiceHoursDone { export: ServiceHourExportObject(e) }))
    }
}
