use std::sync::Arc;

use tokio::sync::mpsc;
use zhibu_domain::{
    error_code::ErrorCode,
    id::{OrgUnitId, ServiceHourExportId},
    policy::{Action, Denied, Subject},
    volunteering::{ExportCounts, ExportRequest, ExportRow, HourExportRefusal as Refusal, ServiceHourExport},
};
use zhibu_persistence::{Page, PageRequest, organization, volunteering};

use super::{
    super::service_row::{ServiceRow, service_rows},
    workbook,
};
use crate::{
    app::App,
    call::Call,
    download::{Content, File, XLSX},
    error::{OpError, Stop},
    once::Once,
};

/// Exports that an account makes in an hour.
const PER_ACCOUNT: u32 = 20;
/// Rows read at a time while a file is written.
const AT_A_TIME: u64 = 500;

/// Exports what was verified in a unit and all below it. One export of a district at a time: each says
/// what the one before has exported already.
pub async fn export(
    app: &App,
    call: &Call,
    unit: OrgUnitId,
    asked: ExportRequest,
    once: Once,
) -> Result<ServiceHourExport, Stop<Refusal>> {
    let tx = app.begin(call, "exportServiceHours").await?;
    let (district, account_id) = (call.district()?, call.account()?);
    let unit = organization::unit(&tx, district, unit).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::ExportHours, Subject::unit(&unit.path))?;
    call.naming()?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let made = volunteering::export(&tx, district, ServiceHourExportId(made)).await?;
        return Ok(made.ok_or(Denied::Hidden)?);
    }
    let asked = asked.check()?;
    let often = app.auth.issued.admit((district, account_id), PER_ACCOUNT, tx.now());
    often.map_err(|_| OpError::Code(ErrorCode::RateLimited, "twenty exports in an hour"))?;
    organization::lock_district(&tx, district).await?;
    let begun = ServiceHourExport {
        id: app.id(),
        unit_id: unit.id,
        from: asked.from,
        until: asked.until,
        purpose: asked.purpose.clone(),
        account_id,
        exported_at: tx.now(),
        counts: ExportCounts::default(),
    };
    volunteering::begin_export(&tx, &permit, &begun).await?;
    let counts = volunteering::draw_rows(&tx, &permit, begun.id, &unit.path, &asked).await?.check()?;
    let export = ServiceHourExport { counts, ..begun };
    volunteering::finish_export(&tx, &permit, &export).await?;
    once.keep(&tx, call, export.id.0).await?;
    tx.commit().await?;
    Ok(export)
}

/// An export that the caller made, for what the caller said; with the right that it took.
pub async fn own(app: &App, call: &Call, id: ServiceHourExportId) -> Result<ServiceHourExport, OpError> {
    let district = call.district()?;
    let export = volunteering::export(&app.store, district, id).await?.ok_or(Denied::Hidden)?;
    let unit = organization::unit(&app.store, district, export.unit_id).await?.ok_or(Denied::Hidden)?;
    call.permit(Action::ExportHours, Subject::unit(&unit.path))?;
    call.naming()?;
    if export.account_id != call.account()? {
        return Err(Denied::Hidden.into());
    }
    Ok(export)
}

/// A row of an export, with the service and its names.
pub type Row = (ExportRow, ServiceRow);

/// A page of an export's rows: six statements, however many rows.
pub async fn rows(
    app: &App,
    call: &Call,
    export: &ServiceHourExport,
    page: PageRequest,
) -> Result<Page<Row>, OpError> {
    let district = call.district()?;
    let found = volunteering::export_rows(&app.store, district, export.id, page).await?;
    let lines: Vec<_> = found.rows.iter().map(|row| (row.entry_id, row.minutes)).collect();
    let services = service_rows(&app.store, district, &lines).await?;
    Ok(Page { rows: found.rows.into_iter().zip(services).collect(), has_more: found.has_more })
}

/// The file of an export that the caller made. Rows are read and written page by page: memory doesn't
/// grow with them.
pub async fn file(app: &Arc<App>, call: &Call, id: ServiceHourExportId) -> Result<File, OpError> {
    let export = own(app, call, id).await?;
    let name = format!("{}-{}", export.from.format("%Y%m%d"), export.until.format("%Y%m%d"));
    let content = app.press.make(written(app, call, export)).await?;
    Ok(File {
        name: format!("service-hours-{name}.xlsx"),
        title: format!("志愿服务时长导出-{name}.xlsx"),
        media: XLSX,
        content: Content::Whole(content),
    })
}

async fn written(app: &App, call: &Call, export: ServiceHourExport) -> Result<Vec<u8>, OpError> {
    let (sender, mut pages) = mpsc::channel::<Vec<Row>>(1);
    let (about, folder) = (export.clone(), app.config.work_dir.clone());
    let zone = app.district(call.district()?).await?.time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let writing = tokio::task::spawn_blocking(move || {
        workbook::write(&about, zone, &folder, std::iter::from_fn(|| pages.blocking_recv()))
    });
    let mut page = PageRequest::first(AT_A_TIME);
    loop {
        let read = rows(app, call, &export, page).await?;
        let last = read.rows.last().map(|(row, _)| row.entry_id.0);
        // Nobody takes it where the writer has failed; then it says why.
        let taken = sender.send(read.rows).await;
        if taken.is_err() || !read.has_more {
            break;
        }
        page.after = last;
    }
    drop(sender);
    let failed = || OpError::internal("an export can't be written");
    writing.await.map_err(|_| failed())?.map_err(|error| {
        tracing::error!(?error, "an export");
        failed()
    })
}
