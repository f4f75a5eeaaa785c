//! The zip around an XLSX file, opened with gloves on.
//!
//! Only the parts that a roster needs are unpacked, under one limit, looked at, and packed
//! again without compression under their usual names. What the spreadsheet library then reads
//! is exactly what was looked at: no bomb, no second entry of the same name, no strange places.

use std::{
    collections::HashSet,
    io::{Cursor, Read, Write},
};

use zhibu_domain::member::roster::RosterFileRefusal as Refusal;
use zip::{CompressionMethod, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::Limits;

const ENTRIES: usize = 2_000;
/// More than any roster has of strings.
const STRINGS: usize = 2_000_000;
/// More than a spreadsheet lets anybody type into one cell (32,767 characters), however encoded.
const TEXT_BYTES: usize = 1 << 20;
/// What the library may come to hold of one value repeated in each sheet or style.
const REPEATED_BYTES: usize = 256 << 20;
const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
const STYLES: &str = "xl/styles.xml";
const STRINGS_PART: &str = "xl/sharedstrings.xml";
const ROOT: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// Unpacks, inspects and packs again.
pub fn repack(bytes: &[u8], limits: Limits) -> Result<Vec<u8>, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(refusal)?;
    if archive.len() > ENTRIES
        || archive.decompressed_size().is_some_and(|n| n > limits.unpacked_bytes.into())
    {
        return Err(Refusal::TooLarge);
    }
    let mut safe = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut left = limits.unpacked_bytes;
    let mut seen = HashSet::new();
    let mut sheets_named = 0;
    let mut relations = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(refusal)?;
        let name = entry.name().map_err(refusal)?.replace('\\', "/").to_ascii_lowercase();
        if !is_needed(&name) || !seen.insert(name.clone()) {
            continue;
        }
        // The declared size is a claim; what comes out is what counts.
        let mut part = Vec::new();
        entry.by_ref().take(left + 1).read_to_end(&mut part).map_err(|_| Refusal::Damaged)?;
        left = left.checked_sub(part.len() as u64).ok_or(Refusal::TooLarge)?;
        inspect(&name, &part)?;
        match name.as_str() {
            WORKBOOK => sheets_named = count(&part, b"sheet"),
            RELATIONS => relations = part.len(),
            _ => {}
        }
        safe.start_file(name, stored).map_err(|_| Refusal::Damaged)?;
        safe.write_all(&part).map_err(|_| Refusal::Damaged)?;
    }
    if !seen.contains(WORKBOOK) {
        return Err(Refusal::NotAWorkbook);
    }
    if sheets_named.saturating_mul(relations) > REPEATED_BYTES {
        return Err(Refusal::Damaged);
    }
    safe.start_file("_rels/.rels", stored).map_err(|_| Refusal::Damaged)?;
    safe.write_all(ROOT).map_err(|_| Refusal::Damaged)?;
    safe.finish().map(Cursor::into_inner).map_err(|_| Refusal::Damaged)
}

fn refusal(error: ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Refusal::Encrypted,
        _ => Refusal::Damaged,
    }
}

fn is_needed(name: &str) -> bool {
    let sheet = name.strip_prefix("xl/worksheets/").and_then(|rest| rest.strip_suffix(".xml"));
    matches!(name, WORKBOOK | RELATIONS | STYLES | STRINGS_PART) || sheet.is_some_and(|s| !s.contains('/'))
}

/// Refuses what would make the library reserve or repeat more than there is.
fn inspect(name: &str, part: &[u8]) -> Result<(), Refusal> {
    // NUL and ESC are the marks of encodings in which the searches below would be blind.
    if part.iter().any(|byte| matches!(byte, 0 | 0x1B)) {
        return Err(Refusal::Damaged);
    }
    let (mut tags, mut longest_text) = (0, 0);
    for piece in part.split(|byte| *byte == b'<') {
        tags += 1;
        longest_text = piece.len().max(longest_text);
    }
    if longest_text > TEXT_BYTES {
        return Err(Refusal::TooLarge);
    }
    match name {
        STRINGS_PART if tags > 4 * STRINGS || most_announced(part) > STRINGS => Err(Refusal::TooLarge),
        STYLES => {
            // A style repeats its number format and its font: no attribute is longer than this.
            let body = part.splitn(2, |byte| *byte == b'>').nth(1).unwrap_or_default();
            let longest = body.split(|byte| *byte == b'"').map(<[u8]>::len).max().unwrap_or(0);
            let repeated = count(part, b"xf").saturating_mul(longest);
            let mut solid = body.iter().filter(|byte| !byte.is_ascii_whitespace()).peekable();
            let mut single_quoted = false;
            while let Some(byte) = solid.next() {
                single_quoted |= *byte == b'=' && solid.peek() == Some(&&b'\'');
            }
            if repeated > REPEATED_BYTES || single_quoted { Err(Refusal::Damaged) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

fn count(part: &[u8], word: &[u8]) -> usize {
    let Some(first) = word.first() else { return 0 };
    let starts = part.iter().enumerate().filter(|(_, byte)| *byte == first);
    starts.filter(|(at, _)| part.get(*at..).is_some_and(|rest| rest.starts_with(word))).count()
}

/// The greatest number of strings that the part announces: room is made for it unseen.
fn most_announced(part: &[u8]) -> usize {
    const WORD: &[u8] = b"uniqueCount";
    let mut most = 0;
    let mut rest = part;
    while let Some(at) = rest.windows(WORD.len()).position(|window| window == WORD) {
        rest = rest.get(at + WORD.len()..).unwrap_or_default();
        let mut near = rest.iter().take(1_000).skip_while(|b| !b.is_ascii_digit() && **b != b'>').peekable();
        if near.peek().is_none() {
            return usize::MAX;
        }
        let digits = near.take_while(|b| b.is_ascii_digit());
        let number = digits.fold(0_usize, |n, b| n.saturating_mul(10).saturating_add(usize::from(b - b'0')));
        most = most.max(number);
    }
    most
}
