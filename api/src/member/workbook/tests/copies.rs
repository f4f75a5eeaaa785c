//! What people get back.

use std::io::{Cursor, Read};

use zhibu_domain::vocabulary::Language;

use super::*;

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

const BAD: &str = "党员名册,,,\n姓名,党支部,手机,备注\n王明,DS-01,13800001234,=cmd|' /C calc'!A0\n李红,XX,138,@SUM(A1)\n周强,DS-01,13800001236,+1\n";

#[test]
fn each_wrong_row_says_what_is_wrong() {
    let sheet = opened(BAD.as_bytes());
    let plan = planned(BAD.as_bytes());
    let copy = write_error_copy(&sheet, &plan.errors, Language::Zh).unwrap();
    let again = opened(&copy);
    assert_eq!(texts(&again, 2), ["姓名", "党支部", "手机", "备注", "错误"]);
    assert_eq!(texts(&again, 3), ["王明", "DS-01", "13800001234", "=cmd|' /C calc'!A0"]);
    assert_eq!(
        texts(&again, 4)[4],
        "手机：手机号码无效，应为一个11位手机号。\n党支部：没有此党组织，或不在您的管理范围内。"
    );
    let page = part(&copy, "xl/worksheets/sheet1.xml");
    assert!(!page.contains("<f>"), "nothing is a formula");
    assert!(page.contains("<pane ySplit=\"2\""), "the headings stay in sight");
    assert!(part(&copy, "xl/styles.xml").contains("quotePrefix=\"1\""));
    // Sent in again, it says the same, in the same column.
    let second = planned(&copy);
    assert_eq!(second.errors, plan.errors);
    let copy = write_error_copy(&again, &second.errors, Language::En).unwrap();
    assert_eq!(texts(&opened(&copy), 2).last().unwrap(), "Errors");
    assert_eq!(texts(&opened(&copy), 2).len(), 5);
}

#[test]
fn numbers_and_days_stay_what_they_were() {
    let bytes = workbook(|page| {
        write_rows(page, 0, &[&["姓名", "党支部", "手机", "入党日期", "序号"]])?;
        write_rows(page, 1, &[&["王明", "XX"]])?;
        page.write_number(1, 2, 13_800_001_234.0)?;
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2010, 7, 1)?;
        let format = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
        page.write_datetime_with_format(1, 3, day, &format)?;
        page.write_number(1, 4, 1.5)?;
        Ok(())
    });
    let sheet = opened(&bytes);
    let copy = opened(&write_error_copy(&sheet, &planned(&bytes).errors, Language::En).unwrap());
    let cells = &copy.rows[1].cells;
    assert_eq!(cells[2], Cell::Text("13800001234".into()));
    assert_eq!(cells[3], Cell::Date(NaiveDate::from_ymd_opt(2010, 7, 1).unwrap()));
    assert_eq!(cells[4], Cell::Number(1.5));
}

#[test]
fn the_template_is_a_roster_without_rows() {
    let template = write_template().unwrap();
    let sheet = opened(&template);
    let plan = plan(&sheet, &units(), &[], today()).unwrap();
    assert_eq!((plan.new.len(), plan.errors.len(), plan.unchanged), (0, 0, 0));
    assert!(plan.ignored_columns.is_empty() && plan.uncollected_columns.is_empty());
    let page = part(&template, "xl/worksheets/sheet1.xml");
    assert_eq!(page.matches("<dataValidation ").count(), 3);
    assert!(page.contains("正式党员,预备党员"));
}
