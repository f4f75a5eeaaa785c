//! XLSX files as offices keep them.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula};

use super::*;

#[test]
fn titles_dates_numbers_and_merged_branches_are_read() {
    let bytes = workbook(|page| {
        let (plain, day) = (Format::new(), Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\""));
        page.merge_range(0, 0, 0, 6, "东升街道党员花名册", &plain)?;
        page.merge_range(1, 0, 1, 6, "", &plain)?;
        write_rows(
            page,
            3,
            &[&["序号", "姓 名\n(必填)", "所在党支部", "手机", "入党日期", "转正日期", "出生年月"]],
        )?;
        page.merge_range(4, 2, 6, 2, "东升社区第一党支部", &plain)?;
        for (row, name) in [(4, "王　明"), (5, "李红"), (6, "阿依古丽·买买提")] {
            page.write_number(row, 0, row)?;
            page.write_string(row, 1, name)?;
            page.write_number(row, 3, 13_800_001_230.0 + f64::from(row))?;
            page.write_datetime_with_format(row, 4, ExcelDateTime::from_ymd(2010, 7, 1)?, &day)?;
            page.write_string(row, 5, "2011年7月1日")?;
            page.write_number(row, 6, 1962.03)?;
        }
        write_rows(page, 8, &[&["合计", "3人"]])
    });
    let plan = planned(&bytes);
    assert_eq!(plan.errors, []);
    let members: Vec<_> =
        plan.new.iter().map(|(row, m)| (*row, m.name.as_str(), m.unit_id.0.as_u128())).collect();
    assert_eq!(members, [(5, "王明", 1), (6, "李红", 1), (7, "阿依古丽·买买提", 1)]);
    let wang = &plan.new[0].1;
    assert_eq!(wang.phone.as_ref().unwrap().national(), "13800001234");
    assert_eq!(wang.joined_on.unwrap().to_string(), "2010-07-01");
    assert_eq!(wang.full_member_on.unwrap().to_string(), "2011-07-01");
    assert_eq!(wang.birth.unwrap().stored(), "1962-03");
}

#[test]
fn the_roster_is_the_first_visible_sheet_with_headings() {
    let mut book = Workbook::new();
    write_rows(book.add_worksheet(), 0, &[&["说明", "请勿改动表头"]]).unwrap();
    let hidden = book.add_worksheet();
    write_rows(hidden, 0, &[&["姓名", "党支部"], &["隐身", "DS-01"]]).unwrap();
    hidden.set_hidden(true);
    write_rows(book.add_worksheet(), 0, &[&["姓名", "党支部"], &["王明", "DS-01"]]).unwrap();
    let sheet = opened(&book.save_to_buffer().unwrap());
    assert_eq!(
        (sheet.name.as_str(), texts(&sheet, 2)),
        ("Sheet3", vec!["王明".to_owned(), "DS-01".to_owned()])
    );
}

#[test]
fn formulas_count_by_their_value() {
    let bytes = workbook(|page| {
        write_rows(page, 0, &[&["姓名", "党支部", "手机"]])?;
        page.write_formula(1, 0, Formula::new("=A9").set_result("王明"))?;
        page.write_formula(1, 1, Formula::new("=\"DS-01\"").set_result("DS-01"))?;
        page.write_formula(1, 2, Formula::new("=1+1").set_result("13800001234"))?;
        page.write_formula(2, 0, Formula::new("=VLOOKUP(1,2,3)").set_result("#N/A"))?;
        page.write_string(2, 1, "DS-01")?;
        Ok(())
    });
    let plan = planned(&bytes);
    assert_eq!(plan.new[0].1.name, "王明");
    assert!(plan.new[0].1.phone.is_some());
    assert_eq!(plan.errors[0].error.to_string(), "ERROR_CELL");
}

#[test]
fn twenty_thousand_rows_are_read() {
    let bytes = workbook(|page| {
        write_rows(page, 0, &[&["姓名", "支部编码", "手机"]])?;
        for row in 1..=20_000 {
            write_rows(page, row, &[&["王明", "DS-01", &format!("138{row:08}")]])?;
        }
        Ok(())
    });
    assert_eq!(opened(&bytes).rows.len(), 20_001);
}
