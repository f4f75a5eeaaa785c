use async_graphql::{Context, Object, Result, connection::Connection};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{ServiceHourEntryId, ServiceHourExportId},
    member::Sex,
    volunteering::{ExportMark, HourOrigin, ServiceHourExport},
};

use super::ops::{self, Row};
use crate::{
    auth::ticket::FileKind,
    call::{Call, reads, request},
    download::{DownloadLink, link},
    error::{OpError, OpExt},
    graphql::{Cursor, Date, GlobalId, Minutes, PageArgs, Phone, Term, connect},
    member::{AccountObject, named},
    organization::OrgUnitObject,
    reads::Loading,
};

/// Verified hours of a unit and all below it, taken out for the national system. For offices of the unit;
/// the rows are for who made it.
pub struct ServiceHourExportObject(pub ServiceHourExport);

impl ServiceHourExportObject {
    fn is_own(&self, call: &Call) -> bool {
        call.actor.account_id() == Some(self.0.account_id)
    }
}

/// Verified hours of a unit and all below it, taken out for the national system. For offices of the unit;
/// the rows are for who made it.
#[Object(name = "ServiceHourExport")]
impl ServiceHourExportObject {
    /// Global id.
    async fn id(&self) -> GlobalId<ServiceHourExportId> {
        GlobalId(self.0.id)
    }

    /// Of which unit and all below it.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.unit_id).await.op()?;
        Ok(OrgUnitObject(found.ok_or(OpError::internal("an export without a unit"))?))
    }

    /// The first civil day of service.
    async fn from(&self) -> Date {
        Date(self.0.from)
    }

    /// The last civil day of service.
    async fn until(&self) -> Date {
        Date(self.0.until)
    }

    /// What for.
    async fn purpose(&self) -> &str {
        &self.0.purpose
    }

    /// Who made it.
    async fn exported_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        Ok(ctx.data::<Loading>()?.load_one(self.0.account_id).await.op()?.map(AccountObject))
    }

    /// When.
    async fn exported_at(&self) -> DateTime<Utc> {
        self.0.exported_at
    }

    /// How many rows it has.
    async fn row_count(&self) -> i64 {
        self.0.counts.rows()
    }

    /// How many of them were never exported before.
    async fn new_count(&self) -> i64 {
        self.0.counts.new
    }

    /// How many of them were exported just so before.
    async fn repeated_count(&self) -> i64 {
        self.0.counts.repeated
    }

    /// How many of them correct what was exported before.
    async fn correction_count(&self) -> i64 {
        self.0.counts.corrections
    }

    /// The minutes of all rows.
    async fn total_minutes(&self) -> Minutes {
        Minutes(self.0.counts.minutes)
    }

    /// The export as a spreadsheet (`.xlsx`); the link lasts ten minutes. Null for others than who made
    /// the export.
    async fn xlsx(&self, ctx: &Context<'_>) -> Result<Option<DownloadLink>> {
        let (app, call) = request(ctx)?;
        if !self.is_own(call) {
            return Ok(None);
        }
        Ok(Some(link(app, call, FileKind::HourExport, self.0.id.0)?))
    }

    /// The rows, in order of reporting; a page of at most 100. Null for others than who made the export.
    #[graphql(complexity = "10 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, ServiceHourExportRow>>> {
        let (app, call) = request(ctx)?;
        if !self.is_own(call) {
            return Ok(None);
        }
        let args = PageArgs { first, after, last, before }.request()?;
        let page = ops::rows(app, call, &self.0, args).await?;
        Ok(Some(connect(args, page, |(row, _)| row.entry_id.0, ServiceHourExportRow)))
    }
}

/// A row of an export: a service as the national record has it, as far as it is known here. For who made
/// the export.
pub struct ServiceHourExportRow(pub Row);

/// A row of an export: a service as the national record has it, as far as it is known here. For who made
/// the export.
#[Object]
impl ServiceHourExportRow {
    /// The id of the entry.
    async fn entry_id(&self) -> GlobalId<ServiceHourEntryId> {
        GlobalId(self.0.0.entry_id)
    }

    /// What the national system has to do with it.
    async fn mark(&self) -> Term<ExportMark> {
        Term(self.0.0.mark)
    }

    /// The minutes that count; 0 where the entry was reversed.
    async fn minutes(&self) -> Minutes {
        Minutes(self.0.0.minutes)
    }

    /// The minutes with which it was exported last; null where it never was.
    async fn minutes_before(&self) -> Option<Minutes> {
        self.0.0.before.map(Minutes)
    }

    /// Why it was reversed or its minutes were corrected; null where they weren't.
    async fn reason(&self) -> Option<&str> {
        self.0.1.reason()
    }

    /// The volunteer's name.
    async fn name(&self, ctx: &Context<'_>) -> Result<&str> {
        named(reads(ctx)?, [self.0.1.member.account_id]).await?;
        Ok(&self.0.1.member.name)
    }

    /// The volunteer's sex; null where the roster doesn't tell.
    async fn sex(&self) -> Option<Term<Sex>> {
        self.0.1.member.sex.map(Term)
    }

    /// The volunteer's year and month of birth, `YYYY-MM`; null where the roster doesn't tell.
    async fn birth_month(&self) -> Option<String> {
        self.0.1.member.birth.map(|birth| birth.stored())
    }

    /// The volunteer's phone number, by which the national system knows people; null where there is none.
    async fn phone(&self) -> Option<Phone> {
        self.0.1.member.phone.as_ref().map(Phone::from)
    }

    /// The civil day of the service.
    async fn served_on(&self) -> Date {
        Date(self.0.1.entry.served_on)
    }

    /// When it began.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.1.entry.service.window.starts_at
    }

    /// When it ended.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.1.entry.service.window.ends_at
    }

    /// Where.
    async fn place(&self) -> &str {
        &self.0.1.entry.service.place
    }

    /// What the service is called: of a shift its project's name; null for what members report, who give none.
    async fn service_name(&self) -> Option<&str> {
        self.0.1.name.as_deref()
    }

    /// What was done.
    async fn content(&self) -> &str {
        &self.0.1.entry.service.content
    }

    /// For whom, in general words.
    async fn beneficiary(&self) -> &str {
        &self.0.1.entry.service.beneficiary
    }

    /// How many were served; null where that isn't known.
    async fn beneficiary_count(&self) -> Option<i32> {
        self.0.1.entry.service.beneficiary_count
    }

    /// Where it comes from; the two kinds are kept apart for ever.
    async fn origin(&self) -> Term<HourOrigin> {
        Term(self.0.1.entry.origin)
    }

    /// The name of the unit that it was reported to.
    async fn unit_name(&self) -> &str {
        &self.0.1.unit
    }

    /// The name of who has verified it and answers for it; null where the account is gone.
    async fn verifier(&self) -> Option<&str> {
        self.0.1.verifier.as_deref()
    }

    /// Who recorded it: the member, or the shift's sign-in.
    async fn recorder(&self) -> &str {
        self.0.1.recorder()
    }
}
