//! What stands in the sheets is what the month report says.

use std::{
    collections::BTreeSet,
    io::{Cursor, Read},
    os::unix::fs::PermissionsExt,
};

use calamine::{Data, Range};

use super::*;
use crate::{
    both,
    desk::report::fill,
    harness::cast::UNITS,
    volunteering::files::{cell, read_xlsx},
};

fn number(cell: &Data) -> f64 {
    match cell {
        Data::Float(number) => *number,
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        Data::Int(number) => *number as f64,
        other => panic!("no number: {other:?}"),
    }
}

/// The row that begins with a name.
fn row_of(table: &Range<Data>, name: &str) -> usize {
    table.rows().position(|row| row[0] == name).unwrap_or_else(|| panic!("no row of {name}"))
}

/// What a column adds up to.
fn sum(table: &Range<Data>, heading: &str) -> f64 {
    (1..table.height()).map(|row| number(cell(table, row, heading))).sum()
}

fn part(content: &[u8], name: &str) -> String {
    let mut package = zip::ZipArchive::new(Cursor::new(content)).unwrap();
    let mut text = String::new();
    package.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

const UNITS_SEEN: [Unit; 5] = [Unit::S1, Unit::General, Unit::B1, Unit::B2, Unit::Group];

both! {
    async fn every_figure_of_the_month_report_is_in_the_sheets(world: &World) {
        fill(world).await;
        let mut compared = BTreeSet::new();
        for kind in ["ATTENDANCE", "SERVICE_HOURS", "ASSIGNMENTS"] {
            let content = file(world, Who::Office, kind, Unit::S1).await;
            let table = read_xlsx(content.clone(), "组织汇总");
            assert_eq!(table.height(), 1 + UNITS_SEEN.len(), "each unit of the subtree, and no other");
            assert_eq!(row_of(&table, UNITS.iter().find(|u| u.unit == Unit::S1).unwrap().name), 1, "itself first");
            let about = read_xlsx(content, "说明");
            for unit in UNITS_SEEN {
                let name = UNITS.iter().find(|u| u.unit == unit).unwrap().name;
                let report = world.office().gql(MONTH_REPORT, json!({ "id": world.unit(unit) })).await;
                let row = row_of(&table, name);
                for figure in report.list("/monthReport/figures") {
                    let label = figure["label"].as_str().unwrap();
                    let headings: Vec<_> = table.rows().next().unwrap().iter().map(ToString::to_string).collect();
                    if !headings.iter().any(|heading| heading == label) {
                        continue;
                    }
                    compared.insert(label.to_owned());
                    let value = number(cell(&table, row, label));
                    assert_eq!(json!(value), json!(figure["value"].as_f64()), "{name}, {label}");
                    let meaning = cell(&about, row_of(&about, label), "内容").to_string();
                    assert_eq!(meaning, figure["definition"].as_str().unwrap());
                }
                if kind == "ATTENDANCE" {
                    let rate = report.data("/monthReport/ratePermille").as_f64();
                    match (cell(&table, row, "到会率"), rate) {
                        (Data::Empty, None) => {}
                        (share, Some(rate)) => assert!((number(share) * 1_000.0 - rate).abs() < 1e-6),
                        other => panic!("{name}: {other:?}"),
                    }
                }
            }
        }
        assert_eq!(compared.len(), 15, "each figure is in one of them: {compared:?}");
    }
}

both! {
    async fn the_records_add_up_to_the_figures(world: &World) {
        fill(world).await;
        let report = world.office().gql(MONTH_REPORT, json!({ "id": world.unit(Unit::S1) })).await;
        let figure = |code: &str| {
            let figures = report.list("/monthReport/figures");
            figures.iter().find(|f| f["figure"] == code).unwrap()["value"].as_f64().unwrap()
        };
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a}, {b}");
        let members = read_xlsx(file(world, Who::Office, "ATTENDANCE", Unit::S1).await, "党员出勤");
        for (heading, code) in [
            ("应到人次", "ATTENDANCE_EXPECTED"), ("按时到会人次", "ATTENDANCE_PRESENT"), ("迟到人次", "ATTENDANCE_LATE"),
            ("请假人次", "ATTENDANCE_ON_LEAVE"), ("缺席人次", "ATTENDANCE_ABSENT"),
        ] {
            near(sum(&members, heading), figure(code));
        }
        let late = row_of(&members, "林党员");
        near(number(cell(&members, late, "迟到人次")), 1.0);
        near(number(cell(&members, late, "到会率")), 1.0);
        assert!(!members.rows().any(|row| row[0] == "郑长病"), "who isn't expected isn't counted");

        let content = file(world, Who::Office, "SERVICE_HOURS", Unit::S1).await;
        let services = read_xlsx(content.clone(), "服务明细");
        near(sum(&services, "服务时长（分钟）"), figure("SERVICE_MINUTES"));
        assert_eq!(json!(services.height() - 1), json!(figure("SERVICES_COUNTED") as u64));
        assert!(matches!(cell(&services, 1, "服务日期"), Data::DateTime(_)) && matches!(cell(&services, 1, "开始时间"), Data::DateTime(_)));
        let ledger = read_xlsx(content, "时长台账");
        near(sum(&ledger, "增减（分钟）"), figure("SERVICE_MINUTES"));
        let kinds: Vec<_> = (1..ledger.height()).map(|row| cell(&ledger, row, "记账类型").to_string()).collect();
        assert_eq!(kinds.iter().filter(|kind| *kind == "入账").count(), 3);
        let reversal = 1 + kinds.iter().position(|kind| kind == "冲销").expect("what was taken back");
        assert_eq!((cell(&ledger, reversal, "原因"), cell(&ledger, reversal, "经办人")), (&Data::String("误报".to_owned()), &Data::String("党建办甲".to_owned())));
        assert!(matches!(cell(&ledger, 1, "记账时间"), Data::DateTime(_)));

        let content = file(world, Who::Office, "ASSIGNMENTS", Unit::S1).await;
        let assignments = read_xlsx(content.clone(), "到期任务");
        assert_eq!(json!(assignments.height() - 1), json!(figure("ASSIGNMENTS_DUE") as u64));
        let count = |heading: &str, word: &str| (1..assignments.height()).filter(|row| *cell(&assignments, *row, heading) == word).count();
        for (heading, word, code) in [
            ("状态", "已销号", "ASSIGNMENTS_DELIVERED"), ("状态", "待核验", "ASSIGNMENTS_SUBMITTED"), ("状态", "已退回下达方", "ASSIGNMENTS_DECLINED"),
            ("逾期情况", "逾期任务", "ASSIGNMENTS_OVERDUE"), ("逾期情况", "逾期后完成任务", "ASSIGNMENTS_DELIVERED_LATE"),
        ] {
            assert_eq!(json!(count(heading, word)), json!(figure(code) as u64), "{code}");
        }
        assert!(matches!(cell(&assignments, 1, "时限"), Data::DateTime(_)));
        assert_eq!(cell(&assignments, 1, "目标数"), &Data::Float(20.0));
        for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
            assert!(part(&content, sheet).contains(r#"ySplit="1""#) && part(&content, sheet).contains(r#"state="frozen""#));
        }
    }
}

both! {
    async fn the_file_is_kept_sealed_and_nobody_else_can_enter_the_folder(world: &World) {
        file(world, Who::Office, "ATTENDANCE", Unit::S1).await;
        let kept = pieces(world).await;
        assert!(!kept.is_empty());
        let shows = |piece: &Vec<u8>, text: &[u8]| piece.windows(text.len()).any(|window| window == text);
        assert!(!kept.iter().any(|piece| shows(piece, b"xl/workbook.xml") || piece.starts_with(b"PK")));
        let folder = &world.app.config.work_dir;
        assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "nothing in it has a name");
    }
}
