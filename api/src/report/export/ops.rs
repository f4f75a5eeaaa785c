use std::sync::Arc;

use zhibu_domain::{
    activity::YearMonth,
    error_code::ErrorCode,
    id::{OrgUnitId, ReportExportId},
    policy::{Action, Denied, Permit, Subject},
    report::{
        NewReportExport, ReportExport, ReportExportKind, ReportExportProgress as Progress,
        ReportExportRefusal as Refusal,
    },
    vocabulary::{Language, Vocabulary},
};
use zhibu_persistence::{Connect, organization, report, report::Try};

use super::file;
use crate::{
    app::App,
    call::Call,
    download::{Content, File, XLSX},
    error::{OpError, Stop},
    once::Once,
};

/// Exports that an account asks for in an hour.
const PER_ACCOUNT: u32 = 20;

/// What is asked for.
pub struct Asked {
    /// What of the month.
    pub kind: ReportExportKind,
    /// Of which unit and all below it.
    pub unit: OrgUnitId,
    /// Of which month.
    pub month: YearMonth,
    /// What for.
    pub purpose: String,
}

/// Asks for an export, and wakes the worker that makes it.
pub async fn ask(app: &App, call: &Call, asked: Asked, once: Once) -> Result<ReportExport, Stop<Refusal>> {
    let tx = app.begin(call, "exportReport").await?;
    let (district, account_id) = (call.district()?, call.account()?);
    let unit = organization::unit(&tx, district, asked.unit).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::ExportReport, Subject::unit(&unit.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let made = report::export(&tx, district, ReportExportId(made)).await?;
        return Ok(made.ok_or(Denied::Hidden)?);
    }
    // One after the other, so that they are counted.
    organization::lock_district(&tx, district).await?;
    let unfinished = report::count_unfinished(&tx, district, account_id).await?;
    let zone = unit.time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let new = NewReportExport {
        id: app.id(),
        kind: asked.kind,
        unit_id: unit.id,
        month: asked.month,
        purpose: asked.purpose,
        account_id,
    };
    let export = ReportExport::ask(new, YearMonth::of(tx.now(), zone), unfinished, tx.now())?;
    let often = app.auth.issued.admit((district, account_id), PER_ACCOUNT, tx.now());
    often.map_err(|_| OpError::Code(ErrorCode::RateLimited, "twenty exports in an hour"))?;
    report::insert_export(&tx, &permit, &export).await?;
    once.keep(&tx, call, export.id.0).await?;
    tx.commit().await?;
    app.hub.exports().notify_one();
    Ok(export)
}

/// Cancels an export of the caller's own; what there is of its file is erased.
pub async fn cancel(app: &App, call: &Call, id: ReportExportId) -> Result<ReportExport, Stop<Refusal>> {
    let tx = app.begin(call, "cancelReportExport").await?;
    let (_, permit) = own(&tx, call, id).await?;
    let (before, _) = report::lock_export(&tx, permit.district_id(), id).await?.ok_or(Denied::Hidden)?;
    let after = before.clone().cancel(tx.now())?;
    if after != before {
        report::update_export(&tx, &permit, &before, &after, None).await?;
        tx.commit().await?;
    }
    Ok(after)
}

/// An export that the caller asked for, where they hold the right still.
pub async fn own(
    db: &impl Connect,
    call: &Call,
    id: ReportExportId,
) -> Result<(ReportExport, Permit), OpError> {
    let district = call.signed_in()?;
    let export = report::export(db, district, id).await?;
    let export = export.filter(|export| call.actor.account_id() == Some(export.account_id));
    let export = export.ok_or(Denied::Hidden)?;
    let unit = organization::unit(db, district, export.unit_id).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::ExportReport, Subject::unit(&unit.path))?;
    Ok((export, permit))
}

/// The file of an export that the caller asked for. Each fetching is in the audit.
pub async fn file(app: &Arc<App>, call: &Call, id: ReportExportId) -> Result<File, OpError> {
    let tx = app.begin(call, "downloadReportExport").await?;
    let (export, permit) = own(&tx, call, id).await?;
    let (tries, bytes) = match export.progress {
        Progress::Ready { tries, bytes, expires_at, .. } if tx.now() < expires_at => (tries, bytes),
        Progress::Ready { .. } | Progress::Expired { .. } => {
            return Err(OpError::Code(ErrorCode::LinkExpired, "the file is kept for a day"));
        }
        _ => return Err(Denied::Hidden.into()),
    };
    report::fetched(&tx, &permit, &export).await?;
    tx.commit().await?;
    let YearMonth { year, month } = export.month;
    let made_by = Try { district: permit.district_id(), id, tries };
    Ok(File {
        name: format!("{}-{year}-{month:02}.xlsx", export.kind.code().to_ascii_lowercase().replace('_', "-")),
        title: format!("{}-{year}年{month}月.xlsx", export.kind.say(Language::Zh)),
        media: XLSX,
        content: Content::Coming(u64::try_from(bytes).unwrap_or(0), file::read(app, made_by)),
    })
}
