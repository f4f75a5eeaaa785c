//! An export in the shape of the national record (R28): one row for each service. What the source
//! doesn't hold is an empty cell, never a zero.

use std::path::Path;

use chrono_tz::Tz;
use rust_xlsxwriter::XlsxError;
use zhibu_domain::{
    vocabulary::{Language, Vocabulary},
    volunteering::ServiceHourExport,
};

use super::{super::service_row::COLUMNS, ops::Row};
use crate::spreadsheet::{Column, Looks, Value, book, column};

const WHO: [Column; 6] = [
    column("处理标记", 12.0),
    column("姓名", 12.0),
    column("性别", 6.0),
    column("出生年月", 10.0),
    column("证件号码", 20.0),
    column("手机号码", 16.0),
];

const HOW: [Column; 3] =
    [column("上次导出时长（分钟）", 12.0), column("更正原因", 26.0), column("本系统记录编号", 38.0)];

/// Writes an export of pages of rows, of which no more than one is held: the others wait in a folder. Its
/// times are those of a zone.
pub(super) fn write(
    export: &ServiceHourExport,
    zone: Tz,
    folder: &Path,
    pages: impl Iterator<Item = Vec<Row>>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = book(folder)?;
    let looks = Looks::default();
    let columns: Vec<Column> = WHO.into_iter().chain(COLUMNS).chain(HOW).collect();
    let page = book.add_worksheet_with_constant_memory()?;
    page.set_name("志愿服务时长")?;
    looks.lay_out(page, &columns)?;
    for (row, found) in (1..).zip(pages.flatten()) {
        looks.write(page, row, &values(&found))?;
    }
    let page = book.add_worksheet();
    page.set_name("说明")?;
    page.set_column_width(0, 14)?.set_column_width(1, 70)?;
    for (row, (label, value)) in (0..).zip(about(export, zone)) {
        looks.write(page, row, &[label.into(), value])?;
    }
    book.save_to_buffer()
}

fn values((row, service): &Row) -> Vec<Value> {
    let member = &service.member;
    let who = [
        row.mark.say(Language::Zh).into(),
        member.name.as_str().into(),
        member.sex.map(|sex| sex.say(Language::Zh)).into(),
        member.birth.map(|birth| birth.stored()).into(),
        Value::Empty,
        member.phone.as_ref().map(|phone| phone.as_e164()).into(),
    ];
    let how = [row.before.into(), service.reason().into(), service.entry.id.to_string().into()];
    who.into_iter().chain(service.values()).chain(how).collect()
}

fn about(export: &ServiceHourExport, zone: Tz) -> Vec<(&'static str, Value)> {
    let counts = export.counts;
    vec![
        ("服务日期起", Value::Day(export.from)),
        ("服务日期止", Value::Day(export.until)),
        ("导出用途", export.purpose.as_str().into()),
        ("导出时间", Value::Moment(export.exported_at.with_timezone(&zone).naive_local())),
        ("首次导出", counts.new.into()),
        ("此前已导出", counts.repeated.into()),
        ("更正", counts.corrections.into()),
        ("时长合计（分钟）", counts.minutes.into()),
        (
            "更正的处理",
            "“更正”行的时长为现在有效的时长；为0的，表示原记录已冲销，应在全国系统中撤销。".into(),
        ),
        ("手机号码", "为带国家代码的完整号码，中国大陆号码以+86开头。".into()),
        ("空白单元格", "表示本系统没有该项数据：证件号码、服务名称、服务质量评价不作收集。".into()),
    ]
}
