//! Workbooks made to hurt.

use std::{
    io::{Cursor, Write},
    time::Instant,
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;

const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const HEAD: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>党支部</t></is></c></row>"#;

/// A package with this sheet data and these other parts.
fn package(dimension: &str, sheet_data: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="{dimension}"/><sheetData>{sheet_data}</sheetData></worksheet>"#
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let parts: [(&str, &[u8]); 3] = [
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    for (name, bytes) in parts.iter().chain(others) {
        zip.start_file(*name, deflated).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_sound_package_made_by_hand_is_read() {
    let row = r#"<row r="2"><c r="A2" t="inlineStr"><is><t>王明</t></is></c><c r="B2" t="str"><v>DS-01</v></c></row>"#;
    assert_eq!(planned(&package("A1:B2", &format!("{HEAD}{row}"), &[])).new.len(), 1);
}

#[test]
fn a_bomb_is_refused_by_what_it_claims_and_by_what_comes_out() {
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    let zeros = vec![b' '; 8 << 20];
    let bomb = package("A1", HEAD, &[("xl/sharedStrings.xml", &zeros)]);
    assert!(bomb.len() < 32 << 10);
    assert_eq!(read(&bomb, limits), Err(Refusal::TooLarge));
    // The same with a modest claim in the directory.
    let claim = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let mut liar = bomb;
    while let Some(at) = liar.windows(4).position(|window| window == claim) {
        liar[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert!(matches!(read(&liar, limits), Err(Refusal::TooLarge | Refusal::Damaged)));
}

#[test]
fn a_far_cell_takes_no_room() {
    let far = |cell: &str| format!(r#"{HEAD}<row r="1048576"><c r="{cell}" t="str"><v>x</v></c></row>"#);
    let begun = Instant::now();
    let wide = package("A1:XFD1048576", &far("XFD1048576"), &[]);
    assert_eq!(refused(&wide), Refusal::TooManyColumns);
    let deep = opened(&package("A1:XFD1048576", &far("A1048576"), &[]));
    assert_eq!(deep.rows.last().unwrap().number, 1_048_576);
    // A colour in the far corner is no cell.
    let coloured = package("A1:XFD1048576", &format!(r#"{HEAD}<row r="9"><c r="XFD9" s="1"/></row>"#), &[]);
    assert_eq!(opened(&coloured).rows.len(), 1);
    assert!(begun.elapsed().as_secs() < 5);
}

#[test]
fn places_that_do_not_exist_do_no_harm() {
    for cell in ["ZZZZZZZZZZ1", "A99999999999", "1A", "", "AAAAAAA4294967295"] {
        let bytes = package("A1", &format!(r#"{HEAD}<row r="2"><c r="{cell}"><v>1</v></c></row>"#), &[]);
        let _ = read(&bytes, Limits::default());
    }
    for dimension in ["B2:A1", "A1:", "XFD1048576:A1", "A0", "A1:B2:C3"] {
        let _ = read(&package(dimension, HEAD, &[]), Limits::default());
    }
}

#[test]
fn sixty_thousand_rows_are_too_many() {
    let rows: String =
        (2..60_002).map(|n| format!(r#"<row r="{n}"><c r="A{n}"><v>1</v></c></row>"#)).collect();
    assert_eq!(refused(&package("A1", &format!("{HEAD}{rows}"), &[])), Refusal::TooManyRows);
}

#[test]
fn strings_and_styles_that_multiply_are_refused() {
    let announced = br#"<sst uniqueCount="99999999999999"><si><t>a</t></si></sst>"#;
    assert_eq!(refused(&package("A1", HEAD, &[("xl/sharedStrings.xml", announced)])), Refusal::TooLarge);
    let padded = format!("<sst uniqueCount{}=\"99999999999999\"/>", " ".repeat(2_000));
    assert_eq!(
        refused(&package("A1", HEAD, &[("xl/sharedStrings.xml", padded.as_bytes())])),
        Refusal::TooLarge
    );
    let text = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(2 << 20));
    assert_eq!(
        refused(&package("A1", HEAD, &[("xl/sharedStrings.xml", text.as_bytes())])),
        Refusal::TooLarge
    );
    let hidden: Vec<u8> = "<sst uniqueCount=\"9\"/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused(&package("A1", HEAD, &[("xl/sharedStrings.xml", &hidden)])), Refusal::Damaged);
    let styles = format!(
        r#"<styleSheet><numFmts><numFmt numFmtId="200" formatCode="{}"/></numFmts><cellXfs>{}</cellXfs></styleSheet>"#,
        "0".repeat(100_000),
        r#"<xf numFmtId="200"/>"#.repeat(50_000)
    );
    assert_eq!(refused(&package("A1", HEAD, &[("xl/styles.xml", styles.as_bytes())])), Refusal::Damaged);
}

#[test]
fn merged_regions_without_end_are_bounded() {
    let rows: String =
        (2..5_000).map(|n| format!(r#"<row r="{n}"><c r="B{n}"><v>1</v></c></row>"#)).collect();
    let regions = r#"<mergeCell ref="A1:A1048576"/>"#.repeat(1_000);
    let data = format!("{HEAD}{rows}</sheetData><mergeCells>{regions}</mergeCells><sheetData>");
    assert_eq!(refused(&package("A1", &data, &[])), Refusal::TooLarge);
}

#[test]
fn broken_packages_are_damaged() {
    let good = workbook(|page| write_rows(page, 0, &[&["姓名", "党支部"], &["王明", "DS-01"]]));
    assert_eq!(refused(&good[..good.len() / 2]), Refusal::Damaged);
    assert_eq!(refused(b"PK\x03\x04"), Refusal::Damaged);
    assert_eq!(refused(&package("A1", "<row><c><v>", &[])), Refusal::Damaged);
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    assert_eq!(refused(&other.finish().unwrap().into_inner()), Refusal::NotAWorkbook);
    // A bit flipped anywhere is either harmless or refused, never a crash.
    for at in (0..good.len()).step_by(7) {
        let mut flipped = good.clone();
        flipped[at] ^= 0x55;
        let _ = read(&flipped, Limits::default());
    }
}
