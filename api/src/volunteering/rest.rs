//! Volunteer hours over REST, and their export in the shape of the national record.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    id::{OrgUnitId, PartyMemberId, ServiceHourEntryId, ServiceHourExportId},
    member::Sex,
    policy::Action,
    volunteering::{
        ExportMark, ExportRequest, HourOrigin, HourProgress, HourState, ServiceHourEntry, ServiceHourExport,
    },
};

use super::{
    export,
    list::{entries_at, entries_of, exports_of},
};
use crate::{
    member::named,
    rest::{Answer, Answered, Asked, Id, Operation, PageOf, Paging, Word, get, post},
};

/// The operations on hours.
pub fn operations() -> Vec<Operation> {
    vec![
        get(
            "listHours",
            "/hours",
            Action::ViewHours,
            "The hours that were reported to a unit and to those below it, those with most hints first, then in order \
             of reporting. For the overseers of the unit.",
            list,
        )
        .links("listHoursOfMember", &[("id", "$response.body#/items/0/memberId")]),
        get(
            "listHoursOfMember",
            "/members/{id}/hours",
            Action::ViewHours,
            "A member's hours, in all units, latest reported first. For the member, and the overseers of the home unit.",
            list_of_member,
        ),
        get(
            "listHourExports",
            "/hour-exports",
            Action::ExportHours,
            "What was exported of a unit, by whom and what for, latest first. For offices of the unit.",
            list_exports,
        ),
        post(
            "exportHours",
            "/hour-exports",
            Action::ExportHours,
            "Exports the verified hours of a unit and all below it, by name, for the national system. Each row says \
             whether it was exported before; what was reversed or recalculated since comes as a correction. For \
             offices of the unit; twenty in an hour.",
            make_export,
        )
        .creates()
        .links("getHourExport", &[("id", "$response.body#/id")])
        .links("listHourExportRows", &[("id", "$response.body#/id")]),
        get(
            "getHourExport",
            "/hour-exports/{id}",
            Action::ExportHours,
            "An export. For who made it.",
            one_export,
        )
        .links("listHourExportRows", &[("id", "$response.body#/id")]),
        get(
            "listHourExportRows",
            "/hour-exports/{id}/rows",
            Action::ExportHours,
            "The rows of an export as the national record has them, in order of reporting. For who made it.",
            rows,
        ),
    ]
}

/// A member's service of some hours, and how far its recognition has come.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Hours {
    /// Global id.
    id: Id<ServiceHourEntryId>,
    /// Who served.
    member_id: Id<PartyMemberId>,
    /// The branch that it was reported to.
    unit_id: Id<OrgUnitId>,
    /// Where it comes from.
    origin: Word<HourOrigin>,
    /// The civil day of its start.
    served_on: NaiveDate,
    /// When it began.
    starts_at: DateTime<Utc>,
    /// When it ended.
    ends_at: DateTime<Utc>,
    /// The minutes that count, or would.
    minutes: i64,
    /// Where.
    place: String,
    /// What was done.
    content: String,
    /// Where it stands.
    state: Word<HourState>,
    /// Since when it counts; null unless it does.
    granted_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    version: i32,
}

impl From<ServiceHourEntry> for Hours {
    fn from(entry: ServiceHourEntry) -> Self {
        let granted_at = match entry.progress {
            HourProgress::Granted { at, .. } => Some(at),
            _ => None,
        };
        Self {
            state: Word(entry.state()),
            granted_at,
            id: Id(entry.id),
            member_id: Id(entry.member_id),
            unit_id: Id(entry.unit_id),
            origin: Word(entry.origin),
            served_on: entry.served_on,
            starts_at: entry.service.window.starts_at,
            ends_at: entry.service.window.ends_at,
            minutes: entry.minutes,
            place: entry.service.place,
            content: entry.service.content,
            version: entry.version,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    #[serde(flatten)]
    paging: Paging,
    /// To which unit they were reported, or to one below.
    unit_id: Id<OrgUnitId>,
    /// Only those that stand here; those that count where absent.
    state: Option<Word<HourState>>,
}

async fn list(asked: Asked<Wanted>) -> Answered<PageOf<Hours>> {
    let Wanted { paging, unit_id, state } = asked.params;
    let state = state.map_or(HourState::Granted, |state| state.0);
    let page = entries_at(&asked.reads, Action::ViewHours, unit_id.0, state, paging.request()).await?;
    Ok(Answer::page(PageOf::of(page, |entry| entry.id.0, Hours::from)))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OfMember {
    /// Which member.
    id: Id<PartyMemberId>,
    #[serde(flatten)]
    paging: Paging,
    /// Only those that stand here; all where absent.
    state: Option<Word<HourState>>,
}

async fn list_of_member(asked: Asked<OfMember>) -> Answered<PageOf<Hours>> {
    let OfMember { id, paging, state } = asked.params;
    let page = entries_of(&asked.reads, id.0, state.map(|state| state.0), paging.request()).await?;
    Ok(Answer::page(PageOf::of(page, |entry| entry.id.0, Hours::from)))
}

/// Verified hours of a unit and all below it, taken out for the national system.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HourExport {
    /// Global id.
    id: Id<ServiceHourExportId>,
    /// Of which unit and all below it.
    unit_id: Id<OrgUnitId>,
    /// The first civil day of service.
    from: NaiveDate,
    /// The last.
    until: NaiveDate,
    /// What for.
    purpose: String,
    /// When.
    exported_at: DateTime<Utc>,
    /// How many rows were never exported before.
    new_count: i64,
    /// How many were exported just so before.
    repeated_count: i64,
    /// How many correct what was exported before.
    correction_count: i64,
    /// The minutes of all rows.
    total_minutes: i64,
}

impl From<ServiceHourExport> for HourExport {
    fn from(export: ServiceHourExport) -> Self {
        Self {
            id: Id(export.id),
            unit_id: Id(export.unit_id),
            from: export.from,
            until: export.until,
            purpose: export.purpose,
            exported_at: export.exported_at,
            new_count: export.counts.new,
            repeated_count: export.counts.repeated,
            correction_count: export.counts.corrections,
            total_minutes: export.counts.minutes,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OfUnit {
    #[serde(flatten)]
    paging: Paging,
    /// Of which unit; units below have exports of their own.
    unit_id: Id<OrgUnitId>,
}

async fn list_exports(asked: Asked<OfUnit>) -> Answered<PageOf<HourExport>> {
    let OfUnit { paging, unit_id } = asked.params;
    let page = exports_of(&asked.reads, unit_id.0, paging.request()).await?;
    Ok(Answer::page(PageOf::of(page, |export| export.id.0, HourExport::from)))
}

/// Hours to export.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewExport {
    /// Of which unit and all below it.
    unit_id: Id<OrgUnitId>,
    /// The first civil day of service.
    from: NaiveDate,
    /// The last civil day of service, at most a year later.
    until: NaiveDate,
    /// What for. Everybody whose hours it holds can read it in their audit.
    #[schemars(length(min = 2, max = 100))]
    purpose: String,
}

#[derive(Deserialize, JsonSchema)]
struct Nothing {}

async fn make_export(asked: Asked<Nothing, NewExport>) -> Answered<HourExport> {
    let NewExport { unit_id, from, until, purpose } = &asked.body;
    let wanted = ExportRequest { from: *from, until: *until, purpose: purpose.clone() };
    let made = export::ops::export(asked.app(), asked.call(), unit_id.0, wanted, asked.once.clone()).await?;
    let export = HourExport::from(made);
    let path = format!("/hour-exports/{}", export.id.text());
    Ok(Answer::of(export).created(path))
}

#[derive(Deserialize, JsonSchema)]
struct Which {
    /// Which export.
    id: Id<ServiceHourExportId>,
}

async fn one_export(asked: Asked<Which>) -> Answered<HourExport> {
    let found = export::ops::own(asked.app(), asked.call(), asked.params.id.0).await?;
    Ok(Answer::of(found.into()))
}

/// A service as the national record has it, as far as it is known here.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ExportRow {
    /// The id of the entry.
    entry_id: Id<ServiceHourEntryId>,
    /// What the national system has to do with it.
    mark: Word<ExportMark>,
    /// The minutes with which it was exported last; null if never.
    minutes_before: Option<i64>,
    /// The name of who served.
    name: String,
    /// Sex; null where the roster doesn't tell.
    sex: Option<Word<Sex>>,
    /// Month of birth, `YYYY-MM`; null where the roster doesn't tell.
    birth_month: Option<String>,
    /// The whole phone number; null where none is known.
    phone: Option<String>,
    /// What the service is called; null for a member's own report.
    service_name: Option<String>,
    /// What was done.
    content: String,
    /// Where.
    place: String,
    /// For whom.
    beneficiary: String,
    /// How many were served; null where that can't be said.
    beneficiary_count: Option<i32>,
    /// The civil day of service.
    served_on: NaiveDate,
    /// When it began.
    starts_at: DateTime<Utc>,
    /// When it ended.
    ends_at: DateTime<Utc>,
    /// The minutes that count; 0 where it was reversed.
    minutes: i64,
    /// The name of the unit that it was reported to.
    unit: String,
    /// Who has verified it.
    verifier: Option<String>,
    /// Where it comes from.
    origin: Word<HourOrigin>,
    /// Why it was reversed, or its minutes were corrected.
    reason: Option<String>,
}

impl From<export::ops::Row> for ExportRow {
    fn from((row, service): export::ops::Row) -> Self {
        let reason = service.reason().map(str::to_owned);
        let (entry, member) = (service.entry, service.member);
        Self {
            entry_id: Id(row.entry_id),
            mark: Word(row.mark),
            minutes_before: row.before,
            name: member.name,
            sex: member.sex.map(Word),
            birth_month: member.birth.map(|birth| birth.stored()),
            phone: member.phone.map(|phone| phone.as_e164().to_owned()),
            service_name: service.name,
            content: entry.service.content,
            place: entry.service.place,
            beneficiary: entry.service.beneficiary,
            beneficiary_count: entry.service.beneficiary_count,
            served_on: entry.served_on,
            starts_at: entry.service.window.starts_at,
            ends_at: entry.service.window.ends_at,
            minutes: row.minutes,
            unit: service.unit,
            verifier: service.verifier,
            origin: Word(entry.origin),
            reason,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RowsOf {
    /// Of which export.
    id: Id<ServiceHourExportId>,
    #[serde(flatten)]
    paging: Paging,
}

async fn rows(asked: Asked<RowsOf>) -> Answered<PageOf<ExportRow>> {
    let (app, call) = (asked.app(), asked.call());
    let found = export::ops::own(app, call, asked.params.id.0).await?;
    let page = export::ops::rows(app, call, &found, asked.params.paging.request()).await?;
    named(&asked.reads, page.rows.iter().map(|(_, service)| service.member.account_id)).await?;
    Ok(Answer::page(PageOf::of(page, |(row, _)| row.entry_id.0, ExportRow::from)))
}
