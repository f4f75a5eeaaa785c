use async_graphql::{Context, Object, Result};
use zhibu_domain::{id::OrgUnitId, policy::Action};

use super::object::{Month, MonthReportObject};
use crate::{
    call::{reads, request},
    graphql::GlobalId,
    organization::permitted_unit,
};

/// Queries of reports.
#[derive(Default)]
pub struct ReportQuery;

#[Object]
impl ReportQuery {
    /// The report of a unit and all below it of one month, in the unit's time zone: attendance, volunteer
    /// hours, assignments. Numbers without names. For the members of the unit, and its overseers.
    async fn month_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The calendar year, 1900–2999.")] year: i32,
        #[graphql(desc = "1–12.")] month: u32,
    ) -> Result<Option<MonthReportObject>> {
        let (app, _) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::ViewFigures, unit_id.0).await?;
        let times = Month::of(&unit.time_zone, year, month, app.now())?;
        Ok(Some(MonthReportObject { unit, district: permit.district_id(), year, month, times }))
    }
}
