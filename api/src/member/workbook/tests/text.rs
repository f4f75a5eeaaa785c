//! CSV in its dialects.

use encoding_rs::{GB18030, UTF_8};

use super::*;

const ROSTER: &str = "党员名册,,\r\n\r\n姓名,所在党支部,手机\r\n王明,东升社区第一党支部,=\"13800001234\"\r\n李红,DS-02,'13800001235\r\n";

fn check(bytes: &[u8]) {
    let plan = planned(bytes);
    assert_eq!(plan.errors, []);
    let members: Vec<_> = plan.new.iter().map(|(row, m)| (*row, m.name.as_str())).collect();
    assert_eq!(members, [(4, "王明"), (5, "李红")]);
    assert_eq!(plan.new[0].1.phone.as_ref().unwrap().national(), "13800001234");
}

#[test]
fn every_encoding_and_separator_is_found_out() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    check(ROSTER.as_bytes());
    check(format!("\u{FEFF}{ROSTER}").as_bytes());
    check(&GB18030.encode(ROSTER).0);
    check(&[&[0xFF, 0xFE], utf16(&ROSTER.replace(',', "\t")).as_slice()].concat());
    check(ROSTER.replace(',', ";").as_bytes());
    check(ROSTER.replace(',', "\t").replace("\r\n", "\n").as_bytes());
}

#[test]
fn rare_characters_of_gb18030_survive() {
    let text = "姓名,党支部\n𠮷野,DS-01\n王喆䶮,DS-01\n";
    let plan = planned(&GB18030.encode(text).0);
    assert_eq!((plan.new[0].1.name.as_str(), plan.new[1].1.name.as_str()), ("𠮷野", "王喆䶮"));
}

#[test]
fn a_broken_character_costs_its_row_alone() {
    let mut bytes = UTF_8.encode("姓名,党支部\n王明,DS-01\n李X红,DS-01\n").0.into_owned();
    let at = bytes.iter().position(|b| *b == b'X').unwrap();
    bytes[at] = 0xFF;
    let plan = planned(&bytes);
    assert_eq!((plan.new.len(), plan.errors[0].error.to_string()), (1, "BROKEN_TEXT".to_owned()));
}

#[test]
fn rows_have_the_numbers_that_a_spreadsheet_shows() {
    let sheet = opened("姓名,党支部,\"备\n注\"\n\n王明,DS-01,\"一\n二\"\n李红,DS-01,\n".as_bytes());
    let numbers: Vec<_> = sheet.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [1, 3, 4]);
    let mac = opened("姓名,党支部\r王明,DS-01\r李红,DS-01\r".as_bytes());
    assert_eq!(mac.rows.len(), 3);
}

#[test]
fn what_is_no_table_is_refused() {
    assert_eq!(refused(b""), Refusal::Empty);
    assert_eq!(refused(" \r\n\u{FEFF}".as_bytes()), Refusal::Empty);
    assert_eq!(refused(b"<html><table><tr><td>\xD0\xD5\xC3\xFB</td></tr></table>"), Refusal::NotAWorkbook);
    assert_eq!(refused(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), Refusal::NotAWorkbook);
    assert_eq!(refused(b"%PDF-1.7\n1 0 obj"), Refusal::NotAWorkbook);
    assert_eq!(refused("这是一封信\n没有表格".as_bytes()), Refusal::NoHeader);
    let open_quote = format!("姓名,党支部\n\"王明,DS-01\n{}", "李红,DS-01\n".repeat(30));
    assert_eq!(refused(open_quote.as_bytes()), Refusal::Damaged);
}

#[test]
fn limits_hold() {
    let rows = format!("姓名,党支部\n{}", "王明,DS-01\n".repeat(60_000));
    assert_eq!(refused(rows.as_bytes()), Refusal::TooManyRows);
    let columns = format!("姓名,党支部{}x\n", ",".repeat(200));
    assert_eq!(refused(columns.as_bytes()), Refusal::TooManyColumns);
    assert_eq!(refused(&vec![b'a'; (20 << 20) + 1]), Refusal::TooLarge);
    let long = format!("姓名,党支部\n{},DS-01\n", "长".repeat(1_000_000));
    assert_eq!(planned(long.as_bytes()).errors[0].error.to_string(), "TEXT_TOO_LONG");
}
