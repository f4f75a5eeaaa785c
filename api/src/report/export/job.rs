//! Makes what was asked for. Whoever makes an export holds it by a lease that each step forward extends; when
//! it was killed, another takes the export up after that and begins anew.

use std::convert::Infallible;

use chrono::Duration;
use tokio::sync::mpsc;
use zhibu_domain::{
    id::ReportExportId,
    organization::OrgUnit,
    policy::{self, Action, Permit, Subject},
    report::{
        MAX_REPORT_ROWS, ReportExport, ReportExportFailure as Failure, ReportExportProgress as Progress,
    },
};
use zhibu_persistence::{
    StoreError, organization, report,
    report::{EXPORTS_DUE, Try},
};

use super::{content, file};
use crate::{
    app::App,
    call::Call,
    due,
    error::{OpError, Stop},
    identity,
    spreadsheet::{Column, Part, PieceWriter, Value, write_parts},
};

/// For how long nobody else takes up what is being made, from the last step forward.
const LEASE: Duration = Duration::minutes(2);

/// Why the making ended early.
pub(super) enum Halt {
    /// It was cancelled, or another server has taken it up.
    Gone,
    /// It comes to nothing.
    Failed(Failure),
    /// It may go better the next time.
    Error(OpError),
}

impl<E: Into<OpError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

/// One round: makes what waits, one export at a time, and erases what is over; answers how much was done.
pub async fn run(app: &App) -> Result<usize, OpError> {
    due::take(app, &EXPORTS_DUE, |app, call, id| Box::pin(async move { step(app, &call, id).await })).await
}

async fn step(app: &App, call: &Call, id: ReportExportId) -> Result<usize, Stop<Infallible>> {
    let permit = call.permit(Action::ExportReport, Subject::default())?;
    let Some(export) = take_up(app, call, &permit, id).await? else { return Ok(0) };
    let Progress::Running { tries, .. } = export.progress else { return Ok(1) };
    let of = Try { district: permit.district_id(), id, tries };
    let ended = match make(app, &export, of).await {
        Ok((rows, bytes)) => end(app, call, &permit, of, |it, now| it.finish(tries, rows, bytes, now)).await,
        Err(Halt::Failed(why)) => end(app, call, &permit, of, |it, now| it.fail(why, now)).await,
        Err(Halt::Gone) => Ok(()),
        Err(Halt::Error(error)) => Err(error),
    };
    Ok(ended.map(|()| 1)?)
}

/// Takes the step that is due, where nobody was faster.
async fn take_up(
    app: &App,
    call: &Call,
    permit: &Permit,
    id: ReportExportId,
) -> Result<Option<ReportExport>, OpError> {
    let tx = app.begin(call, "makeReportExport").await?;
    let found = report::lock_export(&tx, permit.district_id(), id).await?;
    let Some((before, _)) = found.filter(|(_, due_at)| due_at.is_some_and(|due_at| due_at <= tx.now()))
    else {
        return Ok(None);
    };
    let after = before.clone().due_step(tx.now());
    report::update_export(&tx, permit, &before, &after, Some(tx.now() + LEASE)).await?;
    tx.commit().await?;
    Ok(Some(after))
}

/// Ends a try, where the export is still its.
async fn end(
    app: &App,
    call: &Call,
    permit: &Permit,
    of: Try,
    ended: impl FnOnce(ReportExport, chrono::DateTime<chrono::Utc>) -> ReportExport,
) -> Result<(), OpError> {
    let tx = app.begin(call, "makeReportExport").await?;
    let Some((before, _)) = report::lock_export(&tx, of.district, of.id).await? else { return Ok(()) };
    if matches!(before.progress, Progress::Running { tries, .. } if tries == of.tries) {
        let after = ended(before.clone(), tx.now());
        report::update_export(&tx, permit, &before, &after, None).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What an export is of, if whoever asked for it may have it still.
async fn permitted(app: &App, export: &ReportExport, of: Try) -> Result<OrgUnit, Halt> {
    let lost = || Halt::Failed(Failure::RightsLost);
    let unit = organization::unit(&app.store, of.district, export.unit_id).await?.ok_or_else(lost)?;
    let asker = identity::in_absence(app, of.district, export.account_id).await?;
    policy::permit(&asker, Action::ExportReport, Subject::unit(&unit.path)).map_err(|_| lost())?;
    Ok(unit)
}

/// Makes the file; answers its rows and its size.
async fn make(app: &App, export: &ReportExport, of: Try) -> Result<(i64, i64), Halt> {
    let unit = permitted(app, export, of).await?;
    let (parts, mut taken) = mpsc::channel(1);
    let (pieces, mut written) = mpsc::channel(1);
    let folder = app.config.work_dir.clone();
    let writing = tokio::task::spawn_blocking(move || {
        write_parts(&folder, std::iter::from_fn(|| taken.blocking_recv()), PieceWriter::new(pieces))
    });
    let mut making = Making { app, of, parts, done: 0, total: 0 };
    content::write(&mut making, export, &unit, of.district).await?;
    let Making { done, parts, .. } = making;
    // Now it is whole, and comes out in pieces.
    drop(parts);
    let (mut position, mut bytes) = (0, 0);
    while let Some(piece) = written.recv().await {
        bytes += i64::try_from(piece.len()).unwrap_or(0);
        keep(app, of, position, &piece).await?;
        position += 1;
    }
    let failed = || OpError::internal("an export can't be written");
    writing.await.map_err(|_| failed())?.map_err(|error| {
        tracing::error!(?error, export = %of.id, "an export can't be written");
        failed()
    })?;
    Ok((done, bytes))
}

async fn keep(app: &App, of: Try, position: i32, piece: &[u8]) -> Result<(), Halt> {
    let sealed = file::seal(app, of, position, piece)?;
    let tx = app.begin(&Call::system(of.district, of.id.0), "makeReportExport").await?;
    if !report::insert_piece(&tx, of, position, sealed, tx.now() + LEASE).await? {
        return Err(Halt::Gone);
    }
    tx.commit().await?;
    Ok(())
}

/// An export that is being made.
pub(super) struct Making<'a> {
    pub app: &'a App,
    of: Try,
    parts: mpsc::Sender<Part>,
    done: i64,
    total: i64,
}

impl Making<'_> {
    /// Tells how many rows there will be.
    pub async fn expect(&mut self, rows: i64) -> Result<(), Halt> {
        if rows > MAX_REPORT_ROWS {
            return Err(Halt::Failed(Failure::TooManyRows));
        }
        self.total = rows;
        self.tick().await
    }

    /// Begins a sheet.
    pub async fn sheet(&mut self, name: &'static str, columns: Vec<Column>) -> Result<(), Halt> {
        self.send(Part::Sheet(name, columns)).await
    }

    /// Writes rows of records, which are counted.
    pub async fn records(&mut self, rows: Vec<Vec<Value>>) -> Result<(), Halt> {
        self.done += i64::try_from(rows.len()).unwrap_or(0);
        // What was counted a moment ago may have grown since.
        self.total = self.total.max(self.done);
        self.rows(rows).await?;
        self.tick().await
    }

    /// Writes rows that aren't records.
    pub async fn rows(&mut self, rows: Vec<Vec<Value>>) -> Result<(), Halt> {
        self.send(Part::Rows(rows)).await
    }

    async fn send(&self, part: Part) -> Result<(), Halt> {
        let lost = |_| OpError::internal("an export's writer has ended; the log has why");
        Ok(self.parts.send(part).await.map_err(lost)?)
    }

    async fn tick(&self) -> Result<(), Halt> {
        let lease = self.app.now() + LEASE;
        let ours: Result<bool, StoreError> =
            report::tick(&self.app.store, self.of, (self.done, self.total), lease).await;
        if ours? { Ok(()) } else { Err(Halt::Gone) }
    }
}
