use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::ReportExportId,
    report::{
        ReportExport, ReportExportFailure, ReportExportKind, ReportExportProgress as Progress,
        ReportExportState,
    },
};

use crate::{
    auth::ticket::FileKind,
    call::request,
    download::{DownloadLink, link},
    error::{OpError, OpExt},
    graphql::{GlobalId, Term},
    organization::OrgUnitObject,
    reads::Loading,
};

/// A month report that is taken out as a spreadsheet. For who asked for it.
pub struct ReportExportObject(pub ReportExport);

/// A month report that is taken out as a spreadsheet. For who asked for it.
#[Object(name = "ReportExport")]
impl ReportExportObject {
    /// Global id.
    async fn id(&self) -> GlobalId<ReportExportId> {
        GlobalId(self.0.id)
    }

    /// What of the month.
    async fn kind(&self) -> Term<ReportExportKind> {
        Term(self.0.kind)
    }

    /// Of which unit and all below it.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.unit_id).await.op()?;
        Ok(OrgUnitObject(found.ok_or(OpError::internal("an export without a unit"))?))
    }

    /// The calendar year.
    async fn year(&self) -> i32 {
        self.0.month.year
    }

    /// The month, 1–12.
    async fn month(&self) -> u32 {
        self.0.month.month
    }

    /// What for.
    async fn purpose(&self) -> &str {
        &self.0.purpose
    }

    /// When it was asked for.
    async fn asked_at(&self) -> DateTime<Utc> {
        self.0.asked_at
    }

    /// How far it has come.
    async fn state(&self) -> Term<ReportExportState> {
        Term(self.0.state())
    }

    /// The rows that are written. A try that was broken off begins anew.
    async fn done_rows(&self) -> i64 {
        match self.0.progress {
            Progress::Running { done, .. } => done,
            Progress::Ready { rows, .. } => rows,
            _ => 0,
        }
    }

    /// The rows that there will be; null until they are counted, and where there is no file.
    async fn total_rows(&self) -> Option<i64> {
        match self.0.progress {
            Progress::Running { total, .. } => total,
            Progress::Ready { rows, .. } => Some(rows),
            _ => None,
        }
    }

    /// Since when it is ready, or over; null before.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        match self.0.progress {
            Progress::Waiting | Progress::Running { .. } => None,
            Progress::Ready { at, .. }
            | Progress::Failed { at, .. }
            | Progress::Cancelled { at }
            | Progress::Expired { at } => Some(at),
        }
    }

    /// Why it came to nothing; null where it didn't.
    async fn failure(&self) -> Option<Term<ReportExportFailure>> {
        match self.0.progress {
            Progress::Failed { why, .. } => Some(Term(why)),
            _ => None,
        }
    }

    /// The same as a sentence.
    async fn failure_message(&self, ctx: &Context<'_>) -> Result<Option<&'static str>> {
        use zhibu_domain::vocabulary::Vocabulary;
        let (_, call) = request(ctx)?;
        Ok(match self.0.progress {
            Progress::Failed { why, .. } => Some(why.say(call.language)),
            _ => None,
        })
    }

    /// The file's size; null unless it is ready.
    async fn bytes(&self) -> Option<i64> {
        match self.0.progress {
            Progress::Ready { bytes, .. } => Some(bytes),
            _ => None,
        }
    }

    /// Until when the file is kept; null unless it is ready.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        match self.0.progress {
            Progress::Ready { expires_at, .. } => Some(expires_at),
            _ => None,
        }
    }

    /// The spreadsheet (`.xlsx`); the link lasts ten minutes, and each fetching is in the audit. Null unless it
    /// is ready.
    async fn xlsx(&self, ctx: &Context<'_>) -> Result<Option<DownloadLink>> {
        let (app, call) = request(ctx)?;
        match self.0.progress {
            Progress::Ready { expires_at, .. } if expires_at > app.now() => {
                Ok(Some(link(app, call, FileKind::ReportExport, self.0.id.0)?))
            }
            _ => Ok(None),
        }
    }
}
