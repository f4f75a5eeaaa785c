//! Sheets and exports (R27, R28, R31).

use chrono::{DateTime, NaiveDate};
use uuid::Uuid;

use super::super::*;
use crate::id::{AccountId, OrgUnitId, PartyMemberId, ServiceHourEntryId, ServiceRecordSheetId};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn head() -> SheetHead {
    SheetHead {
        id: ServiceRecordSheetId(Uuid::from_u128(0xabc_de01_2345)),
        member_id: PartyMemberId(Uuid::from_u128(1)),
        account_id: AccountId(Uuid::from_u128(2)),
        name: "王小明".to_owned(),
        unit_id: OrgUnitId(Uuid::from_u128(3)),
        year: None,
        star_level: None,
        today: day("2026-03-02"),
    }
}

fn line(n: u128, origin: HourOrigin, on: &str, minutes: i64) -> SheetLine {
    SheetLine { entry_id: ServiceHourEntryId(Uuid::from_u128(n)), origin, served_on: day(on), minutes }
}

#[test]
fn a_sheet_keeps_the_two_kinds_apart() {
    let lines = [
        line(1, HourOrigin::Shift, "2026-02-01", 90),
        line(2, HourOrigin::SelfReported, "2025-12-31", 30),
        line(3, HourOrigin::Shift, "2026-01-01", 10),
    ];
    let sheet = ServiceRecordSheet::issue(head(), &lines, DateTime::UNIX_EPOCH).unwrap();
    assert_eq!((sheet.services, sheet.minutes, sheet.shift_minutes), (3, 130, 100));
    assert_eq!((sheet.first_on, sheet.last_on), (day("2025-12-31"), day("2026-02-01")));
    assert_eq!(sheet.number, "20260302-BCDE012345");
}

#[test]
fn a_sheet_is_neither_empty_nor_endless() {
    let issue = |lines: &[SheetLine]| ServiceRecordSheet::issue(head(), lines, DateTime::UNIX_EPOCH);
    assert_eq!(issue(&[]), Err(RecordSheetRefusal::NothingVerified));
    for year in [i32::MIN, 1948, 2027, i32::MAX] {
        let of_year = SheetHead { year: Some(year), ..head() };
        let refused = ServiceRecordSheet::issue(of_year, &[], DateTime::UNIX_EPOCH);
        assert_eq!(refused, Err(RecordSheetRefusal::BadYear));
    }
    let mut lines = vec![line(1, HourOrigin::Shift, "2026-02-01", 1); MAX_SHEET_LINES];
    assert!(issue(&lines).is_ok());
    lines.push(line(1, HourOrigin::Shift, "2026-02-01", 1));
    assert_eq!(issue(&lines), Err(RecordSheetRefusal::TooManyServices));
}

#[test]
fn what_is_revoked_stays_revoked() {
    let lines = [line(1, HourOrigin::Shift, "2026-02-01", 90)];
    let sheet = ServiceRecordSheet::issue(head(), &lines, DateTime::UNIX_EPOCH).unwrap();
    assert_eq!(sheet.state(true), RecordSheetState::Valid);
    assert_eq!(sheet.state(false), RecordSheetState::Superseded);
    let revoked = sheet.revoke(DateTime::UNIX_EPOCH);
    assert_eq!(revoked.state(true), RecordSheetState::Revoked);
    let later = DateTime::from_timestamp(1, 0).unwrap();
    assert_eq!(revoked.clone().revoke(later), revoked);
}

#[test]
fn a_masked_name_shows_no_more_than_its_ends() {
    for (name, masked) in [
        ("王小明", "王*明"),
        ("王明", "王*"),
        ("王", "*"),
        ("", "*"),
        ("阿依古丽·买买提", "阿*提"),
        ("𠮷野家", "𠮷*家"),
    ] {
        assert_eq!(masked_name(name), masked);
    }
}

#[test]
fn an_export_has_a_purpose_and_a_year_at_most() {
    let request = |from: &str, until: &str, purpose: &str| {
        ExportRequest { from: day(from), until: day(until), purpose: purpose.to_owned() }.check()
    };
    assert!(request("2024-01-01", "2024-12-31", "录入全国系统").is_ok());
    assert!(request("2026-01-01", "2026-01-01", "补录").is_ok());
    for (from, until) in
        [("2026-01-02", "2026-01-01"), ("2025-01-01", "2026-01-02"), ("1900-01-01", "2999-12-31")]
    {
        assert_eq!(request(from, until, "补录"), Err(HourExportRefusal::BadPeriod));
    }
    for purpose in ["", " 录 ", "录\u{202E}入", &"长".repeat(101)] {
        assert_eq!(request("2026-01-01", "2026-01-31", purpose), Err(HourExportRefusal::BadPurpose));
    }
    let rows = |new| ExportCounts { new, ..ExportCounts::default() }.check();
    assert_eq!(rows(0), Err(HourExportRefusal::NothingToExport));
    assert_eq!(rows(100_001), Err(HourExportRefusal::TooManyRows));
    assert!(rows(100_000).is_ok());
}
