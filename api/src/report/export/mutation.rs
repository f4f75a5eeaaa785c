use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use zhibu_domain::{
    activity::YearMonth,
    id::{OrgUnitId, ReportExportId},
    report::{ReportExportKind, ReportExportRefusal},
};

use super::{object::ReportExportObject, ops, ops::Asked};
use crate::{
    call::request,
    error::{naming, outcome},
    graphql::{GlobalId, Outcome, Term},
    once::Once,
};

/// A month report to export.
#[derive(InputObject)]
pub struct ExportReportInput {
    /// What of the month.
    pub kind: Term<ReportExportKind>,
    /// Of which unit and all below it.
    pub unit_id: GlobalId<OrgUnitId>,
    /// The calendar year, 1900–2999.
    pub year: i32,
    /// The month, 1–12; by the unit's clock it must have begun.
    pub month: u32,
    /// What for, 2–100 characters. It stands in the audit and in the file.
    pub purpose: String,
    /// The client's key for this export, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// An export to cancel.
#[derive(InputObject)]
pub struct CancelReportExportInput {
    /// Which.
    pub id: GlobalId<ReportExportId>,
}

/// The export is under way.
#[derive(SimpleObject)]
pub struct ExportReportDone {
    /// The export: ask for it again to see how far it has come.
    export: ReportExportObject,
}

/// The export is cancelled.
#[derive(SimpleObject)]
pub struct CancelReportExportDone {
    /// As it now stands.
    export: ReportExportObject,
}

/// Mutations of exports of month reports.
#[derive(Default)]
pub struct ReportExportMutation;

#[Object]
impl ReportExportMutation {
    /// Has the month report of a unit and all below it made into a spreadsheet, with the records behind its figures
    /// by name. It is made beside the requests; its file is kept for a day. For offices of the unit, never for
    /// tokens; three at a time and twenty in an hour.
    async fn export_report(
        &self,
        ctx: &Context<'_>,
        input: ExportReportInput,
    ) -> Result<Outcome<ExportReportDone, ReportExportRefusal>> {
        use ReportExportRefusal::*;
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let month = YearMonth { year: input.year, month: input.month };
        let asked = Asked { kind: input.kind.0, unit: input.unit_id.0, month, purpose: input.purpose };
        let done = naming(ops::ask(app, call, asked, once).await, |refusal| match refusal {
            BadMonth => Some("month"),
            BadPurpose => Some("purpose"),
            TooManyUnfinished | AlreadyOver => None,
        });
        outcome(done.map(|export| ExportReportDone { export: ReportExportObject(export) }))
    }

    /// Stops an export that waits or is being made, and erases the file of one that is ready. What is cancelled
    /// already stays so. For who asked for it.
    async fn cancel_report_export(
        &self,
        ctx: &Context<'_>,
        input: CancelReportExportInput,
    ) -> Result<Outcome<CancelReportExportDone, ReportExportRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::cancel(app, call, input.id.0).await;
        outcome(done.map(|export| CancelReportExportDone { export: ReportExportObject(export) }))
    }
}
