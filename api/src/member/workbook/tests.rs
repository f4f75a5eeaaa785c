mod copies;
mod hostile;
mod legacy;
mod sheets;
mod text;

use chrono::NaiveDate;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use uuid::Uuid;
use zhibu_domain::{
    id::OrgUnitId,
    member::roster::{Cell, RosterFileRefusal as Refusal, RosterPlan, RosterUnit, Sheet, plan},
    organization::OrgUnitKind,
};

use super::{Limits, read, write_error_copy, write_template};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()
}

fn units() -> Vec<RosterUnit> {
    let unit = |n, code: &str, name: &str| RosterUnit {
        id: OrgUnitId(Uuid::from_u128(n)),
        code: code.into(),
        name: name.into(),
        short_name: name.into(),
        kind: OrgUnitKind::PartyBranch,
    };
    vec![unit(1, "DS-01", "东升社区第一党支部"), unit(2, "DS-02", "东升社区第二党支部")]
}

fn planned(bytes: &[u8]) -> RosterPlan {
    plan(&opened(bytes), &units(), &[], today()).unwrap()
}

fn opened(bytes: &[u8]) -> Sheet {
    read(bytes, Limits::default()).unwrap()
}

fn refused(bytes: &[u8]) -> Refusal {
    read(bytes, Limits::default()).unwrap_err()
}

/// A workbook with one sheet.
fn workbook(fill: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet()).unwrap();
    book.save_to_buffer().unwrap()
}

fn write_rows(page: &mut Worksheet, first: u32, rows: &[&[&str]]) -> Result<(), XlsxError> {
    for (row, cells) in (first..).zip(rows) {
        for (column, text) in (0_u16..).zip(*cells) {
            page.write_string(row, column, *text)?;
        }
    }
    Ok(())
}

fn texts(sheet: &Sheet, row: u32) -> Vec<String> {
    sheet.rows.iter().find(|r| r.number == row).unwrap().cells.iter().map(Cell::shown).collect()
}
