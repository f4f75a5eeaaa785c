//! Cells and rows that are wrong.

use super::*;
use crate::member::MemberStatus;

#[test]
fn a_row_names_all_its_errors_with_their_columns() {
    let plan = plan_of(
        "
姓名 | 所在支部 | 手机号 | 党员类别 | 入党日期 | 转正日期 | 性别 | 出生年月 | 学历
王2明 | 天上支部 | 1380000 | 积极分子 | 去年 | 2030-01-01 | 中 | 2020-01 | 胎教
     | DS-01 | | | | | | |
王明 | DS-01 | 13800001234 | 正式党员 | 2010-07-01 | 2009-07-01 | | |
李红 | DS-01 | 13800001235 | 预备党员 | 2025-07-01 | 2026-01-01 | | |
周强 | DS-01 | 13800001236 | 正式党员 | 2010-07-01 | | | 1995-01 |
吴刚 | DS-01 | 13800001237 | | 2025-07-01 | | | |
郑洁 | DS-01 | 13800001238 | | 2005-07-01 | | | |
钱多 | DS-01 | 13800001239 | | | | | |
孙\u{FFFD} | DS-01 | | 正式党员 | | | | |
孙\u{202E}红 | DS-01 | | 正式党员 | | | | |
"
        .replace("\\u{FFFD}", "\u{FFFD}")
        .replace("\\u{202E}", "\u{202E}")
        .as_str(),
        &[],
    );
    assert_eq!(
        errors(&plan),
        [
            "2 姓名 BAD_NAME",
            "2 手机号 BAD_PHONE",
            "2 所在支部 UNKNOWN_UNIT",
            "2 党员类别 UNKNOWN_STATUS",
            "2 入党日期 BAD_DATE",
            "2 转正日期 DATE_IN_FUTURE",
            "2 性别 UNKNOWN_SEX",
            "2 出生年月 BAD_BIRTH_MONTH",
            "2 学历 UNKNOWN_EDUCATION",
            "3 姓名 MISSING_NAME",
            "4 转正日期 FULL_BEFORE_JOINED",
            "5 转正日期 PROBATIONARY_BUT_FULL",
            "6 入党日期 TOO_YOUNG",
            "7 党员类别 MISSING_STATUS",
            "9 党员类别 MISSING_STATUS",
            "10 姓名 BROKEN_TEXT",
            "11 姓名 BAD_NAME",
        ]
    );
    // A member of 2005 is no longer probationary.
    assert_eq!(plan.new.len(), 1);
    assert_eq!(plan.new[0].1.status, MemberStatus::Full);
}

#[test]
fn cells_of_a_spreadsheet_are_read_as_meant() {
    let mut sheet = sheet("姓名|支部编码|手机|入党日期|出生年月|党员类别");
    let day = NaiveDate::from_ymd_opt(1962, 3, 9).unwrap();
    sheet.rows.push(SheetRow {
        number: 2,
        cells: vec![
            Cell::Text("王明".into()),
            Cell::Text("DS-01".into()),
            Cell::Number(13_800_001_234.0),
            Cell::Number(40360.0),
            Cell::Date(day),
            Cell::Text("正式党员\u{A0}".into()),
        ],
    });
    let text = |text: &str| Cell::Text(text.into());
    for (number, name, phone, joined) in [
        (3, Cell::Number(7.0), Cell::Error("#N/A".into()), Cell::Empty),
        (4, text(&"长".repeat(51)), Cell::Bool(true), Cell::Bool(true)),
        (5, text(&"长".repeat(1001)), Cell::Number(1.38e12), Cell::Number(2010.0)),
        (6, Cell::Error("=A1".into()), Cell::Number(f64::NAN), Cell::Number(f64::INFINITY)),
    ] {
        let cells = vec![name, text("DS-01"), phone, joined];
        sheet.rows.push(SheetRow { number, cells });
    }
    let plan = plan(&sheet, &units(), &[], today()).unwrap();
    let (_, wang) = &plan.new[0];
    assert_eq!(wang.phone.as_ref().unwrap().national(), "13800001234");
    assert_eq!(wang.joined_on.unwrap().to_string(), "2010-07-01");
    assert_eq!(wang.birth.unwrap().stored(), "1962-03");
    assert_eq!(
        errors(&plan),
        [
            "3 姓名 BAD_NAME",
            "3 手机 ERROR_CELL",
            "4 姓名 BAD_NAME",
            "4 手机 BAD_PHONE",
            "4 入党日期 BAD_DATE",
            "5 姓名 TEXT_TOO_LONG",
            "5 手机 BAD_PHONE",
            "5 入党日期 BAD_DATE",
            "6 姓名 ERROR_CELL",
            "6 手机 BAD_PHONE",
            "6 入党日期 BAD_DATE",
        ]
    );
}

#[test]
fn rows_that_repeat_or_contradict_each_other_name_each_other() {
    let plan = plan_of(
        "
姓名 | 支部编码 | 手机 | 出生年月
王明 | DS-01 | 13800001234 |
李红 | DS-01 | 13800001234 |
周强 | DS-01 | 13800001236 |
周强 | DS-02 | 13800001236 |
吴刚 | DS-01 | | 1970-01
吴刚 | DS-01 | | 1970-01
郑洁 | DS-01 | | 1970-01
郑洁 | DS-01 | | 1971-01
钱多 | DS-01 | 13800001240 | 1980-01
钱多 | DS-01 | 13800001241 | 1980-01
钱多 | DS-01 | | 1980-01
",
        &[],
    );
    assert_eq!(
        errors(&plan),
        [
            "2 手机 PHONE_TWICE 3",
            "3 手机 PHONE_TWICE 2",
            "5 手机 SAME_PERSON_TWICE 4",
            "7 姓名 SAME_PERSON_TWICE 6",
            "12 姓名 SAME_PERSON_TWICE 10",
        ]
    );
    let rows: Vec<_> = plan.new.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [4, 6, 8, 9, 10, 11]);
}
