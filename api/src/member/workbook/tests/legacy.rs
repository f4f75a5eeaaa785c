//! .xls files, built byte by byte as MS-CFB and MS-XLS say.

use super::*;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let len = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes(), &len.to_le_bytes(), data].concat()
}

fn numbers(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    [numbers(&[u16::try_from(units.len()).unwrap()]), vec![1], numbers(&units)].concat()
}

/// The records of a workbook with these strings and these records in its one sheet.
fn stream(strings: &[Vec<u8>], sheet: &[Vec<u8>]) -> Vec<u8> {
    let bof = |kind| record(0x0809, &numbers(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let globals = |start: u32| {
        [
            bof(5),
            record(0x041E, &[numbers(&[164]), wide("yyyy\"年\"m\"月\"")].concat()),
            record(0x00E0, &[numbers(&[0, 0]), vec![0; 16]].concat()),
            record(0x00E0, &[numbers(&[0, 164]), vec![0; 16]].concat()),
            record(0x0085, &[&start.to_le_bytes()[..], &[0, 0, 2, 0], b"S1"].concat()),
            strings.concat(),
            record(0x000A, &[]),
        ]
        .concat()
    };
    let start = u32::try_from(globals(0).len()).unwrap();
    [globals(start), bof(0x10), sheet.concat(), record(0x000A, &[])].concat()
}

/// A container with one stream.
fn container(name: &str, stream: &[u8]) -> Vec<u8> {
    let sectors = u32::try_from(stream.len().max(4096).div_ceil(512)).unwrap();
    let mut header = vec![0_u8; 512];
    header[..8].copy_from_slice(&crate::member::workbook::compound::MAGIC);
    header[24..34].copy_from_slice(&numbers(&[0x3E, 3, 0xFFFE, 9, 6]));
    header[44..48].copy_from_slice(&1_u32.to_le_bytes());
    header[48..52].copy_from_slice(&1_u32.to_le_bytes());
    header[68..72].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    header[76..512].fill(0xFF);
    header[76..80].copy_from_slice(&0_u32.to_le_bytes());
    // Sector 0 is the table, 1 the directory, the stream follows.
    let chain = (0..sectors).map(|n| if n + 1 == sectors { 0xFFFF_FFFE } else { n + 3 });
    let fat = [0xFFFF_FFFD, 0xFFFF_FFFE].into_iter().chain(chain).chain(std::iter::repeat(0xFFFF_FFFF));
    let fat: Vec<u8> = fat.take(128).flat_map(u32::to_le_bytes).collect();
    let entry = |name: &str, start: u32, len: u32| {
        let mut entry = vec![0_u8; 128];
        let units: Vec<u16> = name.encode_utf16().collect();
        entry[..units.len() * 2].copy_from_slice(&numbers(&units));
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&len.to_le_bytes());
        entry
    };
    let mut directory = [entry("Root Entry", 0xFFFF_FFFE, 0), entry(name, 2, sectors * 512)].concat();
    directory.resize(512, 0);
    let mut body = stream.to_vec();
    body.resize(sectors as usize * 512, 0);
    [header, fat, directory, body].concat()
}

fn sst(strings: &[&str]) -> Vec<u8> {
    let count = u32::try_from(strings.len()).unwrap().to_le_bytes();
    let body: Vec<u8> = strings.iter().flat_map(|text| wide(text)).collect();
    record(0x00FC, &[&count[..], &count[..], &body].concat())
}

fn label(row: u16, column: u16, string: u16) -> Vec<u8> {
    record(0x00FD, &numbers(&[row, column, 0, string, 0]))
}

#[test]
fn an_old_workbook_is_read() {
    let number = |row, column, format, n: f64| {
        record(0x0203, &[numbers(&[row, column, format]), n.to_le_bytes().to_vec()].concat())
    };
    let strings = ["姓名", "党支部", "手机", "入党日期", "王明", "东升社区第一党支部"];
    let sheet = [
        label(0, 0, 0),
        label(0, 1, 1),
        label(0, 2, 2),
        label(0, 3, 3),
        label(1, 0, 4),
        label(1, 1, 5),
        number(1, 2, 0, 13_800_001_234.0),
        number(1, 3, 1, 40_360.0),
        label(2, 0, 4),
        record(0x027E, &[numbers(&[2, 2, 0]), (7_u32 << 2 | 2).to_le_bytes().to_vec()].concat()),
        record(0x00E5, &numbers(&[1, 1, 2, 1, 1])),
    ];
    let sheet = opened(&container("Workbook", &stream(&[sst(&strings)], &sheet)));
    assert_eq!(texts(&sheet, 2), ["王明", "东升社区第一党支部", "13800001234", "2010-07-01"]);
    assert_eq!(texts(&sheet, 3), ["王明", "东升社区第一党支部", "7"]);
}

#[test]
fn a_string_may_run_on_in_the_next_record() {
    let units: Vec<u16> = "姓名".encode_utf16().collect();
    let first = [vec![0; 8], numbers(&[2]), vec![1], numbers(&units[..1])].concat();
    let rest = [vec![1], numbers(&units[1..]), wide("党支部")].concat();
    let strings = [record(0x00FC, &first), record(0x003C, &rest)];
    let sheet = opened(&container("Workbook", &stream(&strings, &[label(0, 0, 0), label(0, 1, 1)])));
    assert_eq!(texts(&sheet, 1), ["姓名", "党支部"]);
}

#[test]
fn encrypted_files_say_so() {
    assert_eq!(refused(&container("EncryptedPackage", b"")), Refusal::Encrypted);
    let locked = stream(&[record(0x002F, &[1, 0])], &[]);
    assert_eq!(refused(&container("Workbook", &locked)), Refusal::Encrypted);
    assert_eq!(refused(&container("WordDocument", b"")), Refusal::NotAWorkbook);
}

#[test]
fn circles_lies_and_flipped_bits_end_in_a_refusal() {
    let dimensions = record(0x0200, &[0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0]);
    let strings = [sst(&["姓名", "党支部"])];
    let good = container("Workbook", &stream(&strings, &[dimensions, label(0, 0, 0), label(0, 1, 1)]));
    assert_eq!(opened(&good).rows.len(), 1);
    let far = stream(&strings, &[label(0, 0, 0), label(0, 1, 1), label(65_535, 255, 0)]);
    assert_eq!(refused(&container("Workbook", &far)), Refusal::TooManyColumns);
    let mut circle = good.clone();
    circle[512 + 4..512 + 8].copy_from_slice(&1_u32.to_le_bytes());
    assert_eq!(refused(&circle), Refusal::Damaged);
    for at in 0..2048 {
        let mut flipped = good.clone();
        flipped[at] ^= 0xFF;
        let _ = read(&flipped, Limits::default());
    }
    assert_eq!(refused(&good[..600]), Refusal::Damaged);
}
