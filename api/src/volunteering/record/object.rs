use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::ServiceRecordSheetId,
    volunteering::{RecordSheetState, ServiceRecordSheet, VolunteerStarLevel},
};

use super::{ops::LookUp, page};
use crate::{
    auth::ticket::FileKind,
    call::request,
    download::{DownloadLink, link},
    error::{OpError, OpExt},
    graphql::{Date, GlobalId, Minutes, Term},
    organization::OrgUnitObject,
    reads::{IsSuperseded, Loading},
};

/// A service record sheet (服务记录单): what of a member's services counted on the day of issue. It is not
/// the national certificate. For the member.
pub struct ServiceRecordSheetObject(pub ServiceRecordSheet);

/// A service record sheet (服务记录单): what of a member's services counted on the day of issue. It is not
/// the national certificate. For the member.
#[Object(name = "ServiceRecordSheet")]
impl ServiceRecordSheetObject {
    /// Global id.
    async fn id(&self) -> GlobalId<ServiceRecordSheetId> {
        GlobalId(self.0.id)
    }

    /// The number printed on it.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// The code by which anybody can look it up: whoever has the sheet has it.
    async fn code(&self, ctx: &Context<'_>) -> Result<String> {
        let (app, call) = request(ctx)?;
        Ok(app.auth.look_up_codes.code(call.district().op()?, self.0.id))
    }

    /// The page on which anybody can look it up.
    async fn look_up_url(&self, ctx: &Context<'_>) -> Result<String> {
        let (app, call) = request(ctx)?;
        Ok(page::url(app, call.district().op()?, self.0.id))
    }

    /// The member's name on the day of issue.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The issuer: the branch of that day, where the hours are kept.
    async fn issuer(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.unit_id).await.op()?;
        Ok(OrgUnitObject(found.ok_or(OpError::internal("a sheet without its issuer"))?))
    }

    /// The year that it is of; null for all years.
    async fn year(&self) -> Option<i32> {
        self.0.year
    }

    /// The civil day of the first service on it.
    async fn first_on(&self) -> Date {
        Date(self.0.first_on)
    }

    /// The civil day of the last service on it.
    async fn last_on(&self) -> Date {
        Date(self.0.last_on)
    }

    /// How many services are on it.
    async fn services(&self) -> i32 {
        self.0.services
    }

    /// Their minutes, both kinds together.
    async fn total_minutes(&self) -> Minutes {
        Minutes(self.0.minutes)
    }

    /// The minutes of shifts.
    async fn shift_minutes(&self) -> Minutes {
        Minutes(self.0.shift_minutes)
    }

    /// The minutes that the member reported.
    async fn self_reported_minutes(&self) -> Minutes {
        Minutes(self.0.minutes - self.0.shift_minutes)
    }

    /// The star level of the day of issue, by the hours of all years (R32); null below the first.
    async fn star_level(&self) -> Option<Term<VolunteerStarLevel>> {
        self.0.star_level.map(Term)
    }

    /// The civil day of issue.
    async fn issued_on(&self) -> Date {
        Date(self.0.issued_on)
    }

    /// When it was issued.
    async fn issued_at(&self) -> DateTime<Utc> {
        self.0.issued_at
    }

    /// When it was revoked; null unless it was.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }

    /// What it is worth now.
    async fn state(&self, ctx: &Context<'_>) -> Result<Term<RecordSheetState>> {
        let superseded = ctx.data::<Loading>()?.load_one(IsSuperseded(self.0.id)).await.op()?;
        Ok(Term(self.0.state(superseded.is_none())))
    }

    /// The sheet as PDF. The link lasts ten minutes, and opens only while the sheet is valid.
    async fn pdf(&self, ctx: &Context<'_>) -> Result<DownloadLink> {
        let (app, call) = request(ctx)?;
        Ok(link(app, call, FileKind::SheetPdf, self.0.id.0)?)
    }

    /// The sheet as a spreadsheet (`.xlsx`). The link lasts ten minutes, and opens only while the sheet is
    /// valid.
    async fn xlsx(&self, ctx: &Context<'_>) -> Result<DownloadLink> {
        let (app, call) = request(ctx)?;
        Ok(link(app, call, FileKind::SheetXlsx, self.0.id.0)?)
    }
}

/// What anybody who has a sheet's code is told of it: enough to compare it with the sheet.
#[derive(SimpleObject)]
pub struct ServiceRecordLookUp {
    /// The number printed on it.
    number: String,
    /// What it is worth.
    state: Term<RecordSheetState>,
    /// The civil day of issue.
    issued_on: Date,
    /// The name of the issuer.
    issuer: String,
    /// The member's name with its middle hidden, 王*明; null once the sheet is revoked.
    masked_name: Option<String>,
    /// The minutes on it; null once the sheet is revoked.
    total_minutes: Option<Minutes>,
    /// The civil day of the first service on it; null once the sheet is revoked.
    first_on: Option<Date>,
    /// The civil day of the last service on it; null once the sheet is revoked.
    last_on: Option<Date>,
}

impl From<LookUp> for ServiceRecordLookUp {
    fn from(found: LookUp) -> Self {
        let told = found.told();
        let masked_name = told.then(|| found.masked_name());
        let sheet = found.sheet;
        Self {
            number: sheet.number,
            state: Term(found.state),
            issued_on: Date(sheet.issued_on),
            issuer: found.issuer,
            masked_name,
            total_minutes: told.then_some(Minutes(sheet.minutes)),
            first_on: told.then_some(Date(sheet.first_on)),
            last_on: told.then_some(Date(sheet.last_on)),
        }
    }
}
