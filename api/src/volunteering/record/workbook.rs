//! The sheet as a spreadsheet: what it says of itself on one page, the services on the other.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

use super::{
    super::service_row::{COLUMNS, hours},
    layout::{NOT_KEPT, NOTICE, facts},
    ops::Printed,
};
use crate::spreadsheet::{Looks, Value};

/// Writes a sheet.
pub(super) fn write(printed: &Printed) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let looks = Looks::default();
    let page = book.add_worksheet();
    page.set_name("服务记录单")?;
    page.set_column_width(0, 14)?.set_column_width(1, 70)?;
    page.set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&C&P / &N");
    let title = bold.clone().set_font_size(18).set_align(FormatAlign::Center);
    page.merge_range(0, 0, 0, 1, "志愿服务记录单", &title)?;
    for (row, line) in (1..).zip(NOTICE) {
        page.merge_range(row, 0, row, 1, line, &bold.clone().set_text_wrap())?;
        page.set_row_height(row, 32)?;
    }
    let facts = facts(printed);
    let mut row = 4;
    for (label, value) in facts {
        looks.write(page, row, &[label.replace([' ', '　'], "").into(), value.into()])?;
        row += 1;
    }
    page.write_string(row + 1, 0, NOT_KEPT)?;
    page.set_freeze_panes(4, 0)?;
    let page = book.add_worksheet();
    page.set_name("服务明细")?;
    looks.lay_out(page, &COLUMNS)?;
    for (row, service) in (1..).zip(&printed.rows) {
        looks.write(page, row, &service.values())?;
    }
    let last = u32::try_from(printed.rows.len()).unwrap_or(u32::MAX).saturating_add(1);
    let mut total = vec![Value::Empty; COLUMNS.len()];
    let sum = printed.sheet.minutes;
    let cells = [Value::from("合计"), Value::Decimal(hours(sum)), sum.into()];
    for (cell, value) in total.iter_mut().skip(7).zip(cells) {
        *cell = value;
    }
    looks.write(page, last, &total)?;
    book.save_to_buffer()
}
