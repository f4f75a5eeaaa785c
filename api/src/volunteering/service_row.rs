//! A verified service with the names that print-outs need: what a record holds (R28), as far as we have it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use zhibu_domain::{
    id::{DistrictId, ServiceHourEntryId},
    member::PartyMember,
    vocabulary::{Language, Vocabulary},
    volunteering::{HourOrigin, HourProgress, ServiceHourEntry},
};
use zhibu_persistence::{Connect, member, organization, volunteering};

use crate::{
    error::OpError,
    spreadsheet::{Column, Value, column},
};

/// A verified service with its names.
pub struct ServiceRow {
    /// The service.
    pub entry: ServiceHourEntry,
    /// The minutes by which it counted when the sheet was issued, or the export made.
    pub minutes: i64,
    /// Who served.
    pub member: PartyMember,
    /// What it is called: of a shift its project's name. A member's own report has none.
    pub name: Option<String>,
    /// The name of the unit that it was reported to.
    pub unit: String,
    /// Who has verified it, and answers for it.
    pub verifier: Option<String>,
    zone: Tz,
}

/// The columns of a service.
pub const COLUMNS: [Column; 16] = [
    column("服务日期", 11.0),
    column("开始时间", 16.0),
    column("结束时间", 16.0),
    column("服务名称", 20.0),
    column("服务内容", 36.0),
    column("服务地点", 22.0),
    column("服务对象", 18.0),
    column("服务人数", 9.0),
    column("服务时长（小时）", 10.0),
    column("服务时长（分钟）", 10.0),
    column("服务质量评价", 14.0),
    column("组织单位", 26.0),
    column("负责人（核实人）", 12.0),
    column("记录人", 12.0),
    column("记录方式", 11.0),
    column("入账时间", 16.0),
];

/// Minutes as hours; decimals are allowed (R29).
#[expect(clippy::cast_precision_loss, reason = "minutes of a lifetime fit a float")]
pub fn hours(minutes: i64) -> f64 {
    minutes as f64 / 60.0
}

impl ServiceRow {
    /// A moment at the place of the unit.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }

    /// Who recorded it.
    pub fn recorder(&self) -> &str {
        match self.entry.origin {
            HourOrigin::SelfReported => &self.member.name,
            HourOrigin::Shift => "班次签到",
        }
    }

    /// Why it was reversed, or its minutes were corrected.
    pub fn reason(&self) -> Option<&str> {
        match &self.entry.progress {
            HourProgress::Reversed { reason, .. } => Some(reason),
            _ => self.entry.verification().and_then(|v| v.correction.as_deref()),
        }
    }

    /// What stands in the columns. What the source doesn't tell stays empty.
    pub fn values(&self) -> [Value; COLUMNS.len()] {
        let (entry, service) = (&self.entry, &self.entry.service);
        let granted = match &entry.progress {
            HourProgress::Granted { at, .. } => Value::Moment(self.local(*at)),
            _ => Value::Empty,
        };
        [
            Value::Day(entry.served_on),
            Value::Moment(self.local(service.window.starts_at)),
            Value::Moment(self.local(service.window.ends_at)),
            self.name.clone().into(),
            service.content.as_str().into(),
            service.place.as_str().into(),
            service.beneficiary.as_str().into(),
            service.beneficiary_count.map(i64::from).into(),
            Value::Decimal(hours(self.minutes)),
            self.minutes.into(),
            Value::Empty,
            self.unit.as_str().into(),
            self.verifier.clone().into(),
            self.recorder().into(),
            entry.origin.say(Language::Zh).into(),
            granted,
        ]
    }
}

/// Services with their names, in the order asked; seven statements, however many.
pub async fn service_rows(
    db: &impl Connect,
    district: DistrictId,
    lines: &[(ServiceHourEntryId, i64)],
) -> Result<Vec<ServiceRow>, OpError> {
    let ids: Vec<_> = lines.iter().map(|(id, _)| *id).collect();
    let entries = volunteering::entries(db, district, &ids).await?;
    let units: Vec<_> = distinct(entries.values().map(|e| e.unit_id));
    let units = organization::units(db, district, &units).await?;
    let members: Vec<_> = distinct(entries.values().map(|e| e.member_id));
    let members = member::members(db, district, &members).await?;
    let verifiers: Vec<_> = distinct(entries.values().filter_map(|e| e.verification()).map(|v| v.by));
    let verifiers = member::accounts(db, district, &verifiers).await?;
    let shifts: Vec<_> = distinct(entries.values().filter_map(|e| e.shift_id));
    let shifts = volunteering::shifts(db, district, &shifts).await?;
    let projects: Vec<_> = distinct(shifts.values().map(|s| s.project_id));
    let projects = volunteering::projects(db, district, &projects).await?;
    let name = |e: &ServiceHourEntry| Some(projects.get(&shifts.get(&e.shift_id?)?.project_id)?.name.clone());
    let lost = || OpError::internal("a service without a member or a unit");
    let row = |(id, minutes): &(ServiceHourEntryId, i64)| {
        let entry = entries.get(id).cloned().ok_or_else(lost)?;
        let unit = units.get(&entry.unit_id).ok_or_else(lost)?;
        Ok(ServiceRow {
            minutes: *minutes,
            member: members.get(&entry.member_id).cloned().ok_or_else(lost)?,
            name: name(&entry),
            unit: unit.name.clone(),
            verifier: entry.verification().and_then(|v| verifiers.get(&v.by)).map(|a| a.name.clone()),
            zone: unit.time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai),
            entry,
        })
    };
    lines.iter().map(row).collect()
}

fn distinct<I: std::hash::Hash + Eq + Copy>(ids: impl Iterator<Item = I>) -> Vec<I> {
    ids.map(|id| (id, ())).collect::<HashMap<_, _>>().into_keys().collect()
}
