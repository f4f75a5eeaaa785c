//! Rosters as offices keep them.

use std::io::{Cursor, Read as _, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use calamine::{Data, Reader, Xlsx};
use reqwest::multipart::{Form, Part};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::json;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{
    both,
    harness::{Engine, Reply, Setup, Unit, Who, World, document::*},
};

/// Sends a file as an office's browser does.
pub(super) async fn upload(world: &World, who: Who, name: &str, bytes: Vec<u8>, dry_run: bool) -> Reply {
    let variables = json!({ "input": { "unitId": world.unit(Unit::S1), "file": null, "dryRun": dry_run } });
    let form = Form::new()
        .text("operations", json!({ "query": IMPORT, "variables": variables }).to_string())
        .text("map", json!({ "0": ["variables.input.file"] }).to_string())
        .part("0", Part::bytes(bytes).file_name(name.to_owned()));
    let request = world.as_(who).request().await.header("graphql-require-preflight", "1").multipart(form);
    Reply::read(request.send().await.unwrap()).await
}

async fn import(world: &World, bytes: Vec<u8>) -> Reply {
    upload(world, Who::Office, "名册.xlsx", bytes, false).await
}

pub(super) fn counts(reply: &Reply) -> (i64, i64, i64, i64) {
    let done = reply.done();
    let count = |name: &str| done[name].as_i64().unwrap();
    (count("newCount"), count("changedCount"), count("unchangedCount"), count("issueCount"))
}

/// A tidy roster as a workbook: a merged title, headers in an order of their own, Excel's dates.
fn workbook(people: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    sheet.merge_range(0, 0, 0, 5, "芙蓉社区党员花名册（2026年3月）", &Format::new()).unwrap();
    for (column, header) in
        ["序号", "联系电话", "姓 名", "所在党支部", "入党时间", "党员类别"].iter().enumerate()
    {
        sheet.write(2, u16::try_from(column).unwrap(), *header).unwrap();
    }
    for (n, (name, phone, unit)) in people.iter().enumerate() {
        let row = u32::try_from(n).unwrap() + 3;
        sheet.write(row, 0, row - 2).unwrap();
        sheet.write(row, 1, *phone).unwrap();
        sheet.write(row, 2, *name).unwrap();
        sheet.write(row, 3, *unit).unwrap();
        sheet.write_with_format(row, 4, ExcelDateTime::from_ymd(2015, 7, 1).unwrap(), &day).unwrap();
        sheet.write(row, 5, "正式党员").unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

const TIDY: &[(&str, &str, &str)] = &[
    ("甲一", "13933330001", "芙蓉社区第二党支部"),
    ("乙二", "１３９３３３３０００２", "芙蓉社区第二党支部 "),
    ("丙 三", "139-3333-0003", "B2"),
];

both! {
    async fn a_roster_is_tried_imported_and_imported_again(world: &World) {
        let tried = upload(world, Who::Office, "名册.xlsx", workbook(TIDY), true).await;
        assert_eq!((counts(&tried), &tried.done()["written"]), ((3, 0, 0, 0), &json!(false)));
        let roster = json!({ "unitId": world.unit(Unit::B2), "first": 50 });
        assert_eq!(world.office().gql(ROSTER, roster.clone()).await.list("/roster/edges").len(), 2, "nothing was written");
        let written = import(world, workbook(TIDY)).await;
        assert_eq!((counts(&written), &written.done()["written"]), ((3, 0, 0, 0), &json!(true)));
        assert_eq!(written.done()["ignoredColumns"], json!(["序号"]));
        assert_eq!(world.office().gql(ROSTER, roster.clone()).await.list("/roster/edges").len(), 5);
        let again = import(world, workbook(TIDY)).await;
        assert_eq!((counts(&again), &again.done()["written"]), ((0, 0, 3, 0), &json!(false)));
        let mut changed = TIDY.to_vec();
        changed[0].2 = "芙蓉社区第一党支部";
        let changed = import(world, workbook(&changed)).await;
        assert_eq!(counts(&changed), (0, 1, 2, 0));
        assert_eq!(world.office().gql(ROSTER, roster).await.list("/roster/edges").len(), 4);
    }
}

both! {
    async fn one_bad_row_stops_everything_and_comes_back_with_its_reason(world: &World) {
        let mut people = TIDY.to_vec();
        people.push(("丁四", "12345", "芙蓉社区第二党支部"));
        people.push(("戊五", "13933330001", "没有的支部"));
        people.push(("", "13933330009", "B2"));
        let reply = import(world, workbook(&people)).await;
        let done = reply.done();
        assert_eq!(done["written"], false);
        let codes: Vec<_> = done["issues"].as_array().unwrap().iter().map(|i| i["code"].as_str().unwrap().to_owned()).collect();
        for code in ["BAD_PHONE", "UNKNOWN_UNIT", "PHONE_TWICE", "MISSING_NAME"] {
            assert!(codes.iter().any(|c| c == code), "{code}: {codes:?}");
        }
        let bad_phone = done["issues"].as_array().unwrap().iter().find(|i| i["code"] == "BAD_PHONE").unwrap();
        assert_eq!((&bad_phone["row"], &bad_phone["column"]), (&json!(7), &json!("联系电话")), "as the sheet counts");
        let copy = STANDARD.decode(done["errorCopy"].as_str().unwrap()).unwrap();
        let mut copy: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(copy)).unwrap();
        let name = copy.sheet_names()[0].clone();
        let sheet = copy.worksheet_range(&name).unwrap();
        let text: Vec<String> = sheet.cells().map(|(_, _, cell)| cell.to_string()).collect();
        for sentence in ["手机号码无效，应为一个11位手机号。", "没有此党组织，或不在您的管理范围内。", "丁四", "甲一"] {
            assert!(text.iter().any(|t| t.contains(sentence)), "{sentence}");
        }
        assert!(!sheet.cells().any(|(_, _, cell)| matches!(cell, Data::Error(_))));
        let roster = world.office().gql(ROSTER, json!({ "unitId": world.unit(Unit::B2), "first": 50 })).await;
        assert_eq!(roster.list("/roster/edges").len(), 2, "nothing was written");
    }
}

both! {
    async fn text_files_in_gbk_and_unicode(world: &World) {
        let text = "姓名,手机,党支部,党员类别,民族,身份证号\r\n甲一,13933330001,B2,正式党员,汉,370102199001011234\r\n";
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        let gbk = upload(world, Who::Office, "名册.csv", gbk.into_owned(), false).await;
        assert_eq!(counts(&gbk), (1, 0, 0, 0), "{}", gbk.text);
        assert_eq!(gbk.done()["uncollectedColumns"], json!(["民族", "身份证号"]));
        let utf8 = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        assert_eq!(counts(&upload(world, Who::Office, "名册.csv", utf8, false).await), (0, 0, 1, 0));
        let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(counts(&upload(world, Who::Office, "名册.csv", utf16, false).await), (0, 0, 1, 0));
        let audit = world.auditor().gql(AUDIT, json!({ "first": 20 })).await;
        assert!(!audit.text.contains("370102199001011234"), "what isn't collected is nowhere");
    }
}

both! {
    async fn nobody_imports_into_anothers_subtree(world: &World) {
        let mut people = TIDY.to_vec();
        people[0].2 = "曲水亭党支部";
        let reply = import(world, workbook(&people)).await;
        assert_eq!(reply.done()["issues"][0]["code"], "UNKNOWN_UNIT");
        let transfer = import(world, workbook(&[("许党员", "13800000042", "B2")])).await;
        assert_eq!(transfer.done()["issues"][0]["code"], "OUT_OF_REACH");
        let secretary = upload(world, Who::Secretary, "名册.xlsx", workbook(TIDY), false).await;
        assert_eq!(secretary.error_code(), "FORBIDDEN");
        let foreign = upload(world, Who::ForeignOffice, "名册.xlsx", workbook(TIDY), false).await;
        assert_eq!(foreign.error_code(), "NOT_FOUND");
    }
}

/// A package that unpacks to far more than it weighs.
fn bomb() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("[Content_Types].xml", deflated).unwrap();
    zip.write_all(b"<Types/>").unwrap();
    zip.start_file("xl/workbook.xml", deflated).unwrap();
    std::io::copy(&mut std::io::repeat(b' ').take(220 << 20), &mut zip).unwrap();
    zip.finish().unwrap().into_inner()
}

both! {
    async fn hostile_files_are_refused(world: &World) {
        let started = std::time::Instant::now();
        let whole = workbook(TIDY);
        for (what, bytes, allowed) in [
            ("nothing", vec![], &["EMPTY", "NOT_A_WORKBOOK"][..]),
            ("noise", vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 1, 2, 3], &["DAMAGED", "NOT_A_WORKBOOK"]),
            ("half a workbook", whole[..whole.len() / 2].to_vec(), &["DAMAGED", "NOT_A_WORKBOOK"]),
            ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), &["NOT_A_WORKBOOK", "NO_HEADER", "DAMAGED"]),
            ("a zip bomb", bomb(), &["TOO_LARGE", "DAMAGED", "NOT_A_WORKBOOK"]),
            ("a million rows", "甲,乙\n".repeat(1_000_000).into_bytes(), &["TOO_MANY_ROWS", "NO_HEADER"]),
            ("a wide sheet", ("列,".repeat(50_000) + "\n").into_bytes(), &["TOO_MANY_COLUMNS", "NO_HEADER"]),
            ("no header", "一,二,三\n四,五,六\n".as_bytes().to_vec(), &["NO_HEADER"]),
        ] {
            let reply = import(world, bytes).await;
            let code = reply.refused();
            assert!(allowed.contains(&code), "{what}: {code}");
        }
        let huge = import(world, vec![b'x'; 30 << 20]).await;
        assert!(matches!(huge.error(), Some("PAYLOAD_TOO_LARGE")), "{}", huge.text);
        assert!(started.elapsed().as_secs() < 60);
    }
}

both! {
    async fn formulas_are_read_as_values_and_written_as_text(world: &World) {
        let evil = r#"=HYPERLINK("http://evil.example","点我")"#;
        let text = format!("姓名,手机,党支部,党员类别\n甲一,13933330001,B2,正式党员\n\"{}\",1,B2,正式党员\n", evil.replace('"', "\"\""));
        let reply = upload(world, Who::Office, "名册.csv", text.into_bytes(), false).await;
        let copy = STANDARD.decode(reply.done()["errorCopy"].as_str().unwrap()).unwrap();
        let mut copy: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(copy)).unwrap();
        let name = copy.sheet_names()[0].clone();
        assert!(copy.worksheet_formula(&name).unwrap().cells().all(|(_, _, f)| f.is_empty()), "no cell became a formula");
    }
}

both! {
    async fn a_form_needs_its_safety_header_and_its_map(world: &World) {
        let variables = json!({ "input": { "unitId": world.unit(Unit::S1), "file": null } });
        let form = |map: &str| {
            Form::new()
                .text("operations", json!({ "query": IMPORT, "variables": variables }).to_string())
                .text("map", map.to_owned())
                .part("0", Part::bytes(workbook(TIDY)).file_name("a.xlsx"))
        };
        let bare = world.office().request().await.multipart(form(r#"{"0":["variables.input.file"]}"#));
        assert_eq!(Reply::read(bare.send().await.unwrap()).await.error_code(), "PREFLIGHT_REQUIRED");
        for map in ["", "[]", "{}", r#"{"0":["variables.input.nothing"]}"#, r#"{"7":["variables.input.file"]}"#] {
            let request = world.office().request().await.header("graphql-require-preflight", "1").multipart(form(map));
            let reply = Reply::read(request.send().await.unwrap()).await;
            assert!(reply.error().is_some(), "{map}: {}", reply.text);
            assert_ne!(reply.error_code(), "INTERNAL");
        }
        let json = world.office().run(IMPORT, json!({ "unitId": world.unit(Unit::S1), "file": "#__graphql_file__:0" })).await;
        assert!(json.error().is_some());
        assert_ne!(json.error_code(), "INTERNAL");
    }
}

both! {
    async fn twenty_thousand_rows_are_read_in_seconds(world: &World) {
        let mut text = "姓名,手机,党支部,党员类别\n".to_owned();
        for n in 0..20_000 {
            text.push_str(&format!("人{},139{:08},B2,正式党员\n", char::from_u32(0x4E00 + n % 20_000).unwrap(), 40_000_000 + n));
        }
        let started = std::time::Instant::now();
        let reply = upload(world, Who::Office, "大名册.csv", text.into_bytes(), true).await;
        assert_eq!(counts(&reply), (20_000, 0, 0, 0));
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_writes_nothing_and_waits_for_nobody() {
    let setup = Setup { configure: |c| c.database_wait_ms = 500, ..Setup::default() };
    let world = World::open(Engine::Sqlite, setup).await.unwrap();
    world.office().access().await;
    let blocker = sea_orm::Database::connect(&world.app.config.database_url).await.unwrap();
    let immediate = sea_orm::TransactionOptions {
        sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    // SQLite has one writer, and this is it.
    let writing = sea_orm::TransactionTrait::begin_with_options(&blocker, immediate).await.unwrap();
    let tried = upload(&world, Who::Office, "名册.xlsx", workbook(TIDY), true).await;
    assert_eq!(counts(&tried), (3, 0, 0, 0));
    let mut bad = TIDY.to_vec();
    bad[0].1 = "12345";
    assert_eq!(
        counts(&import(&world, workbook(&bad)).await).3,
        1,
        "what isn't written needs no writer either"
    );
    writing.rollback().await.unwrap();
    assert_eq!(import(&world, workbook(TIDY)).await.done()["written"], true);
    world.close().await;
}
