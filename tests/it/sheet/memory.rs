//! What spreadsheets take of memory, those that are made and those that are sent in, measured on the binary as
//! a process of its own.

use std::{
    fs,
    io::{Cursor, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Instant,
};

use futures_util::future::join_all;
use reqwest::multipart::{Form, Part};
use zhibu::clock::Clock;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::{
    both,
    harness::{cast::PASSWORD, fault::Fault, meeting::end, process::BINARY},
    volunteering::files::read_xlsx,
};

const MEMBERS: usize = 20_000;
/// What an export may take besides what the server has anyway.
const MOST_KIB: u64 = 64 * 1_024;
/// What eight workbooks made to hurt may take together: two are read at a time, each of 200 MiB unpacked.
const HURT_KIB: u64 = 768 * 1_024;

/// A server on the world's database, by the clock of the day.
struct Served {
    child: Child,
    url: String,
    client: reqwest::Client,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _gone_already = self.child.wait();
    }
}

impl Served {
    async fn start(world: &World) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}");
        let child = Command::new(BINARY)
            .arg("serve")
            .env("ZHIBU_LISTEN", format!("127.0.0.1:{port}"))
            .env("ZHIBU_PUBLIC_URL", &url)
            .env("ZHIBU_DATABASE_URL", &world.app.config.database_url)
            .env("ZHIBU_DATABASE_CONNECTIONS", "4")
            .env("ZHIBU_MIGRATE_ON_START", "false")
            .env("ZHIBU_SECRET", "c2e1f0a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1")
            .env("ZHIBU_SECOND_FACTOR", "optional")
            .env("ZHIBU_WORK_DIR", &world.app.config.work_dir)
            .env("ZHIBU_WORKERS", "1")
            .env("ZHIBU_PASSWORD_THREADS", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let served = Self { child, url, client: zhibu::outgoing::client().unwrap().build().unwrap() };
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "the server didn't answer in a minute");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        served
    }

    async fn gql(&self, token: &str, document: &str, variables: Value) -> Value {
        let body = json!({ "query": document, "variables": variables });
        let request = self.client.post(format!("{}/graphql", self.url)).bearer_auth(token).json(&body);
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn sign_in(&self, who: Who) -> String {
        let input = json!({ "phone": who.spec().phone, "password": PASSWORD, "district": who.district() });
        let body = json!({ "query": SIGN_IN, "variables": { "input": input } });
        let request = self.client.post(format!("{}/graphql", self.url)).json(&body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        let token = answer["data"]["signIn"]["tokens"]["accessToken"].as_str();
        token.unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// Exports attendance of a unit; answers the rows and the file.
    async fn export(&self, token: &str, unit: String) -> (i64, Vec<u8>) {
        let input =
            json!({ "kind": "ATTENDANCE", "unitId": unit, "year": 2026, "month": 3, "purpose": "量内存" });
        let asked = self.gql(token, EXPORT_REPORT, json!({ "input": input })).await;
        let id = asked["data"]["exportReport"]["export"]["id"].clone();
        let deadline = Instant::now() + Duration::from_secs(300);
        loop {
            let answer = self.gql(token, REPORT_EXPORT, json!({ "id": id })).await;
            let export = &answer["data"]["reportExport"];
            if export["state"] == "READY" {
                let link = self.client.get(export["xlsx"]["url"].as_str().unwrap());
                let content = link.send().await.unwrap().bytes().await.unwrap().to_vec();
                return (export["totalRows"].as_i64().unwrap(), content);
            }
            assert!(Instant::now() < deadline && export["state"] != "FAILED", "{answer}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Sends a roster in; answers the code of its refusal.
    async fn upload(&self, token: &str, unit: &str, bytes: Vec<u8>) -> String {
        let variables = json!({ "input": { "unitId": unit, "file": null } });
        let form = Form::new()
            .text("operations", json!({ "query": IMPORT, "variables": variables }).to_string())
            .text("map", json!({ "0": ["variables.input.file"] }).to_string())
            .part("0", Part::bytes(bytes).file_name("名册.xlsx"));
        let request = self.client.post(format!("{}/graphql", self.url)).bearer_auth(token);
        let answer = request.header("graphql-require-preflight", "1").multipart(form).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let code = answer["data"]["importMembers"]["code"].as_str();
        code.unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// A figure of the process, in KiB.
    fn kib(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Has the greatest size counted from now on.
    fn forget_the_peak(&self) {
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }
}

/// A closed Party day of B1 at which everybody was, 20,000 of them.
async fn crowded(world: &World) {
    let id = world.party_day().await;
    world.set_clock(end());
    world.secretary().run(CLOSE, json!({ "id": id })).await.done();
    world.crowd(Unit::B1, MEMBERS).await;
    let fault = Fault::of(world).await;
    // By the clock of the day everybody's would be too old.
    let today = Clock::System.now().to_rfc3339();
    fault.run(&format!("UPDATE credential SET changed_at = '{today}'")).await;
    fault
        .run(
            "INSERT INTO attendee (district_id, activity_id, member_id, account_id, unit_id, source, counted, votes)
             SELECT m.district_id, a.id, m.id, m.account_id, m.unit_id, 'ROSTER', true, true
             FROM activity a JOIN party_member m ON m.district_id = a.district_id JOIN account c
                ON c.district_id = m.district_id AND c.id = m.account_id WHERE c.name LIKE '群众%'",
        )
        .await;
    fault
        .run(
            "INSERT INTO attendance (district_id, activity_id, member_id, id, state, occurred_at, recorded_at, flags,
                nearness, version)
             SELECT e.district_id, e.activity_id, e.member_id, e.member_id, 'PRESENT', a.starts_at, a.starts_at, 0,
                'UNKNOWN', 1
             FROM attendee e JOIN activity a ON a.district_id = e.district_id AND a.id = e.activity_id
             WHERE NOT EXISTS (SELECT 1 FROM attendance o WHERE o.district_id = e.district_id
                AND o.activity_id = e.activity_id AND o.member_id = e.member_id)",
        )
        .await;
    // As PostgreSQL does by itself within a minute.
    fault.run("ANALYZE").await;
    fault.close().await;
}

/// A workbook whose one sheet is written by `write`.
fn package(write: impl FnOnce(&mut dyn Write)) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let named = [
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
    ];
    for (name, text) in named {
        zip.start_file(name, deflated).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", deflated).unwrap();
    zip.write_all(
        br#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    )
    .unwrap();
    write(&mut zip);
    zip.write_all(b"</sheetData></worksheet>").unwrap();
    zip.finish().unwrap().into_inner()
}

/// As many rows as a sheet has.
fn a_million_rows() -> Vec<u8> {
    package(|sheet| {
        let mut sheet = std::io::BufWriter::new(sheet);
        write!(
            sheet,
            r#"<row r="1"><c r="A1" t="str"><v>姓名</v></c><c r="B1" t="str"><v>党支部</v></c></row>"#
        )
        .unwrap();
        for n in 2..=1_048_576 {
            write!(sheet, r#"<row r="{n}"><c r="A{n}"><v>1</v></c></row>"#).unwrap();
        }
    })
}

/// What is just below the limit of what may be unpacked, in one cell.
fn a_bomb() -> Vec<u8> {
    package(|sheet| {
        sheet.write_all(br#"<row r="1"><c r="A1" t="str"><v>"#).unwrap();
        let blanks = vec![b' '; 1 << 20];
        (0..199).for_each(|_| sheet.write_all(&blanks).unwrap());
        sheet.write_all(b"</v></c></row>").unwrap();
    })
}

both! {
    async fn twenty_thousand_rows_take_less_than_64_mib(world: &World) {
        crowded(world).await;
        let served = Served::start(world).await;
        let token = served.sign_in(Who::Office).await;
        // What the server needs anyway it has after a small one.
        served.export(&token, world.unit(Unit::B2)).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let before = served.kib("VmRSS");
        served.forget_the_peak();
        let begun = Instant::now();
        let (rows, content) = served.export(&token, world.unit(Unit::B1)).await;
        let taken = served.kib("VmHWM").saturating_sub(before);
        println!("{rows} rows, {} KiB: {taken} KiB of memory, {:?} ({:?})", content.len() / 1_024, begun.elapsed(), world.engine);
        assert!(taken < MOST_KIB, "{taken} KiB of memory");
        let members = read_xlsx(content, "党员出勤");
        assert!(members.height() > MEMBERS, "{} rows", members.height());
        assert!(rows > 20_000);
    }
}

both! {
    async fn workbooks_made_to_hurt_are_read_two_at_a_time(world: &World) {
        let (rows, bomb) = (a_million_rows(), a_bomb());
        assert!(rows.len() < 20 << 20 && bomb.len() < 1 << 20, "{}, {}", rows.len(), bomb.len());
        let fault = Fault::of(world).await;
        let today = Clock::System.now().to_rfc3339();
        fault.run(&format!("UPDATE credential SET changed_at = '{today}'")).await;
        fault.close().await;
        let served = Served::start(world).await;
        let (token, unit) = (served.sign_in(Who::Office).await, world.unit(Unit::S1));
        let before = served.kib("VmRSS");
        served.forget_the_peak();
        let all = [&rows, &bomb].into_iter().cycle().take(8);
        let codes = join_all(all.map(|bytes| served.upload(&token, &unit, bytes.clone()))).await;
        let taken = served.kib("VmHWM").saturating_sub(before);
        println!("{codes:?}: {taken} KiB of memory ({:?})", world.engine);
        for pair in codes.chunks(2) {
            assert_eq!(pair, ["TOO_MANY_ROWS", "TOO_LARGE"]);
        }
        assert!(taken < HURT_KIB, "{taken} KiB of memory");
        assert!(served.sign_in(Who::Office).await.len() > 20, "it serves on");
    }
}
