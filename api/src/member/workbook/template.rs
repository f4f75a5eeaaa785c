use rust_xlsxwriter::{DataValidation, Format, Workbook, XlsxError};
use zhibu_domain::{
    member::{EducationLevel, MemberStatus, Sex, roster::RosterColumn},
    vocabulary::Vocabulary,
};

use super::Limits;

/// Writes an empty roster: the headings, and lists to choose from.
pub fn write_template() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name("党员名册")?;
    let head = Format::new().set_bold();
    let last_row = u32::try_from(Limits::default().rows).unwrap_or(u32::MAX);
    for (column, word) in (0_u16..).zip(RosterColumn::words()) {
        page.write_string_with_format(0, column, word.zh, &head)?;
        page.set_column_width(column, if word.value == RosterColumn::Unit { 32 } else { 14 })?;
        let format = match word.value {
            RosterColumn::JoinedOn | RosterColumn::FullMemberOn => "yyyy-mm-dd",
            // Text keeps the digits of phones and codes, and the zero of 1980.10.
            _ => "@",
        };
        page.set_column_format(column, &Format::new().set_num_format(format))?;
        let choices = match word.value {
            RosterColumn::Status => labels::<MemberStatus>(),
            RosterColumn::Sex => labels::<Sex>(),
            RosterColumn::Education => labels::<EducationLevel>(),
            _ => continue,
        };
        let list = DataValidation::new().allow_list_strings(&choices)?;
        page.add_data_validation(1, column, last_row, column, &list)?;
    }
    page.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}

fn labels<V: Vocabulary>() -> Vec<&'static str> {
    V::words().iter().map(|word| word.zh).collect()
}
