use std::sync::Arc;

use chrono::{DateTime, Duration, FixedOffset, NaiveDate};
use zhibu_domain::{
    error_code::ErrorCode,
    id::{DistrictId, ServiceRecordSheetId},
    organization::OrgUnit,
    policy::{Action, Denied, Subject},
    volunteering::{
        RecordSheetRefusal as Refusal, RecordSheetState, ServiceRecordSheet, SheetHead, masked_name,
        star_level,
    },
};
use zhibu_persistence::{Connect, Tx, member, organization, volunteering};

use super::{
    super::{
        ops::{branch_of, zone},
        service_row::{ServiceRow, service_rows},
    },
    layout, page, workbook,
};
use crate::{
    app::App,
    auth::{look_up_code::LookUpCodes, rate::address_key, ticket::FileKind},
    call::Call,
    download::{Content, File, PDF, XLSX},
    error::{OpError, Stop},
    once::Once,
};

/// Sheets that an account issues in an hour.
const PER_ACCOUNT: u32 = 20;
/// Wrong codes of an address in an hour, after which it has to wait with others; a right one passes.
const WRONG_PER_ADDRESS: u32 = 20;
/// Wrong codes of an address in an hour, after which nothing of it is looked at.
const MOST_PER_ADDRESS: u32 = 200;

/// A sheet of the caller's own, in the caller's district.
async fn own(
    db: &impl Connect,
    call: &Call,
    id: ServiceRecordSheetId,
) -> Result<ServiceRecordSheet, OpError> {
    let sheet = volunteering::sheet(db, call.district()?, id).await?.ok_or(Denied::Hidden)?;
    call.permit(Action::IssueRecordSheet, Subject::owner(sheet.account_id))?;
    Ok(sheet)
}

/// Issues a sheet of what counts of the caller's services, in a year or in all.
pub async fn issue(
    app: &App,
    call: &Call,
    year: Option<i32>,
    once: Once,
) -> Result<ServiceRecordSheet, Stop<Refusal>> {
    let tx = app.begin(call, "issueServiceRecordSheet").await?;
    let (district, account_id) = (call.district()?, call.account()?);
    let permit = call.permit(Action::IssueRecordSheet, Subject::owner(account_id))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(own(&tx, call, ServiceRecordSheetId(made)).await?);
    }
    let head = head(app, call, &tx, year).await?;
    let within = year.map(|year| {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN);
        (day(1, 1), day(12, 31))
    });
    let known = year.is_none_or(|year| (1..=9_999).contains(&year));
    let lines = match known {
        true => volunteering::counting(&tx, district, head.member_id, within).await?,
        false => Vec::new(),
    };
    let sheet = ServiceRecordSheet::issue(head, &lines, tx.now())?;
    let often = app.auth.issued.admit((district, account_id), PER_ACCOUNT, tx.now());
    often.map_err(|_| OpError::Code(ErrorCode::RateLimited, "twenty sheets in an hour"))?;
    let code = LookUpCodes::hash(&app.auth.look_up_codes.code(district, sheet.id));
    let code = code.ok_or(OpError::internal("a look-up code can't be read"))?;
    volunteering::insert_sheet(&tx, &permit, &sheet, &lines, code).await?;
    once.keep(&tx, call, sheet.id.0).await?;
    tx.commit().await?;
    Ok(sheet)
}

async fn head(app: &App, call: &Call, tx: &Tx, year: Option<i32>) -> Result<SheetHead, Stop<Refusal>> {
    let district = call.district()?;
    let membership = call.person()?.membership.as_ref().ok_or(Refusal::NotAMember)?;
    let member_id = membership.member_id;
    let mut members = member::members(tx, district, &[member_id]).await?;
    let member = members.remove(&member_id).ok_or(Refusal::NotAMember)?;
    let home = organization::unit(tx, district, member.unit_id).await?.ok_or(Denied::Hidden)?;
    // The branch keeps the hours (R31), whichever of its groups or hubs is the home.
    let unit = branch_of(tx, district, home).await?;
    let mut balances = volunteering::balances(tx, district, &[member_id]).await?;
    let all_minutes = balances.remove(&member_id).unwrap_or_default().iter().map(|b| b.minutes).sum();
    Ok(SheetHead {
        id: app.id(),
        member_id,
        account_id: member.account_id,
        name: member.name,
        unit_id: unit.id,
        year,
        star_level: star_level(all_minutes, &app.rules(district).await?),
        today: app.today(&unit.time_zone),
    })
}

/// Revokes a sheet of the caller's own.
pub async fn revoke(
    app: &App,
    call: &Call,
    id: ServiceRecordSheetId,
) -> Result<ServiceRecordSheet, Stop<Refusal>> {
    let tx = app.begin(call, "revokeServiceRecordSheet").await?;
    let before = volunteering::lock_sheet(&tx, call.district()?, id).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::IssueRecordSheet, Subject::owner(before.account_id))?;
    let after = before.clone().revoke(tx.now());
    if after != before {
        volunteering::revoke_sheet(&tx, &permit, &before, &after).await?;
        tx.commit().await?;
    }
    Ok(after)
}

async fn state(
    db: &impl Connect,
    district: DistrictId,
    sheet: &ServiceRecordSheet,
) -> Result<RecordSheetState, OpError> {
    let superseded = volunteering::superseded(db, district, &[sheet.id]).await?;
    Ok(sheet.state(superseded.is_empty()))
}

/// What a look-up tells: no more than is needed to compare it with the sheet in one's hand.
pub struct LookUp {
    /// The sheet.
    pub sheet: ServiceRecordSheet,
    /// What it is worth.
    pub state: RecordSheetState,
    /// The issuer.
    pub issuer: String,
}

impl LookUp {
    /// Whether it tells of the member: of a revoked sheet it says no more than that.
    pub fn told(&self) -> bool {
        self.state != RecordSheetState::Revoked
    }

    /// The name with its middle hidden.
    pub fn masked_name(&self) -> String {
        masked_name(&self.sheet.name)
    }
}

/// How long the caller's address has to wait, if it has sent as many wrong codes.
fn wait(app: &App, call: &Call, wrong: u32) -> Option<Duration> {
    let address = call.address.map(address_key)?;
    app.auth.wrong_look_ups.check(address, wrong, app.now()).err()
}

/// How long the caller's address has to wait until its wrong codes are answered again.
pub fn look_up_wait(app: &App, call: &Call) -> Option<Duration> {
    wait(app, call, WRONG_PER_ADDRESS)
}

/// Looks a sheet up by its code; for anybody. Who has guessed often is told to wait; a right code passes,
/// for many may stand behind one address.
pub async fn look_up(app: &App, call: &Call, code: &str) -> Result<Option<LookUp>, OpError> {
    let limited = || OpError::Code(ErrorCode::RateLimited, "too many wrong codes from this address");
    if wait(app, call, MOST_PER_ADDRESS).is_some() {
        return Err(limited());
    }
    let found = match LookUpCodes::hash(code) {
        Some(hash) => volunteering::sheet_by_code(&app.store, hash).await?,
        None => None,
    };
    let Some((district, sheet)) = found else {
        let waits = look_up_wait(app, call).is_some();
        call.address.map(address_key).into_iter().for_each(|a| app.auth.wrong_look_ups.record(a, app.now()));
        return if waits { Err(limited()) } else { Ok(None) };
    };
    let state = state(&app.store, district, &sheet).await?;
    let issuer = issuer(&app.store, district, &sheet).await?.name;
    Ok(Some(LookUp { sheet, state, issuer }))
}

async fn issuer(
    db: &impl Connect,
    district: DistrictId,
    sheet: &ServiceRecordSheet,
) -> Result<OrgUnit, OpError> {
    let unit = organization::unit(db, district, sheet.unit_id).await?;
    unit.ok_or(OpError::internal("a sheet without its issuer"))
}

/// All that is printed on a sheet.
pub struct Printed {
    /// The sheet.
    pub sheet: ServiceRecordSheet,
    /// The issuer.
    pub issuer: String,
    /// When it was issued, as the issuer's clocks show it.
    pub issued_at: DateTime<FixedOffset>,
    /// The district's name.
    pub district: String,
    /// The look-up code.
    pub code: String,
    /// Where it is looked up.
    pub look_up_url: String,
    /// The services on it.
    pub rows: Vec<ServiceRow>,
}

/// The file of a sheet of the caller's own. One that is no longer valid isn't handed out.
pub async fn file(
    app: &Arc<App>,
    call: &Call,
    id: ServiceRecordSheetId,
    kind: FileKind,
) -> Result<File, OpError> {
    let district = call.district()?;
    let sheet = own(&app.store, call, id).await?;
    if state(&app.store, district, &sheet).await? != RecordSheetState::Valid {
        return Err(OpError::Code(ErrorCode::Superseded, "the sheet is no longer valid"));
    }
    let lines = volunteering::sheet_lines(&app.store, district, id).await?;
    let issuer = issuer(&app.store, district, &sheet).await?;
    let printed = Printed {
        issued_at: sheet.issued_at.with_timezone(&zone(&issuer)).fixed_offset(),
        issuer: issuer.name,
        district: app.district(district).await?.name,
        code: app.auth.look_up_codes.code(district, id),
        look_up_url: page::url(app, district, id),
        rows: service_rows(&app.store, district, &lines).await?,
        sheet,
    };
    let fonts = Arc::clone(&app.press.fonts);
    let making = async move {
        tokio::task::spawn_blocking(move || made(&printed, kind, &fonts))
            .await
            .map_err(|_| OpError::internal("a sheet can't be made"))?
    };
    app.press.make(making).await
}

fn made(printed: &Printed, kind: FileKind, fonts: &crate::print::Fonts) -> Result<File, OpError> {
    let number = &printed.sheet.number;
    let (media, ending, content) = match kind {
        FileKind::SheetXlsx => {
            let written = workbook::write(printed).map_err(|error| {
                tracing::error!(?error, "a sheet");
                OpError::internal("a spreadsheet can't be written")
            })?;
            (XLSX, "xlsx", written)
        }
        _ => {
            let printed = layout::print(printed, fonts).map_err(|error| {
                tracing::error!(?error, "a sheet");
                OpError::internal("a sheet can't be printed")
            })?;
            (PDF, "pdf", printed)
        }
    };
    let name = format!("service-record-{number}.{ending}");
    Ok(File {
        name,
        title: format!("志愿服务记录单-{number}.{ending}"),
        media,
        content: Content::Whole(content),
    })
}
