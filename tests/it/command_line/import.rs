use calamine::{Data, Reader, open_workbook_auto};

use super::*;

/// A branch of the demo: its unit's code and name.
const BRANCH: (&str, &str) = ("S01-C01-1", "云泽街道瑞祥社区第一党支部");

fn roster(folder: &Path, name: &str, rows: &str) {
    let text = format!("瑞祥社区第一党支部党员名册,,,\r\n姓 名,手机号码,所在党支部,入党时间\r\n{rows}");
    let (gbk, _, lossy) = encoding_rs::GBK.encode(&text);
    assert!(!lossy);
    std::fs::write(folder.join(name), gbk).unwrap();
}

fn cells(path: &Path) -> Vec<Vec<String>> {
    let mut book = open_workbook_auto(path).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

on_empty! {
    fn a_roster_is_tried_mended_imported_and_imported_again(folder: &Path, url: &str) {
        let mut demo = vec!["demo", "--dir", "demo", "--no-serve"];
        let mut database = "sqlite://demo/zhibu.db";
        if url.starts_with("postgres:") {
            demo.extend(["--database-url", url]);
            database = url;
        }
        let (code, _, err) = run(&mut zhibu(folder, url), &demo);
        assert_eq!(code, 0, "{err}");
        let import = |arguments: &[&str]| {
            let mut command = zhibu(folder, database);
            command.args(["import", "members", "名册.csv", "--unit", BRANCH.0]);
            run(&mut command, arguments)
        };
        let good = format!("钟雨禾,１９１００００００７１ ,{},2019年7月1日\r\n", BRANCH.1);
        roster(folder, "名册.csv", &format!("{good}苏晚亭,19100000072,没有的支部,2020-07-01\r\n"));

        let (code, out, err) = import(&["--dry-run"]);
        assert_eq!(code, 3, "{out}{err}");
        assert!(out.contains("new 1, changed 0, unchanged 0, wrong 1 (dry run)"), "{out}");
        let copy = cells(&folder.join("名册-错误.xlsx"));
        let wrong = copy.iter().find(|row| row.iter().any(|cell| cell == "苏晚亭")).unwrap();
        assert!(wrong.last().unwrap().contains("没有此党组织"), "{wrong:?}");
        let fine = copy.iter().find(|row| row.iter().any(|cell| cell == "钟雨禾")).unwrap();
        assert_eq!(fine.last().map(String::as_str), Some(""), "{fine:?}");

        roster(folder, "名册.csv", &good);
        let (code, out, _) = import(&["--dry-run"]);
        assert!(code == 0 && out.contains("new 1, changed 0, unchanged 0, wrong 0 (dry run)"), "{out}");
        let (code, out, _) = import(&[]);
        assert!(code == 0 && out.contains("new 1, changed 0, unchanged 0, wrong 0"), "{out}");
        let (code, out, _) = import(&[]);
        assert!(code == 0 && out.contains("new 0, changed 0, unchanged 1, wrong 0"), "{out}");

        for (arguments, named) in [(["--unit", "S99"], "--unit"), (["--district", "1"], "--district")] {
            let mut command = zhibu(folder, database);
            command.args(["import", "members", "名册.csv"]);
            if arguments[0] != "--unit" {
                command.args(["--unit", BRANCH.0]);
            }
            let (code, _, err) = run(&mut command, &arguments);
            assert!(code == 2 && err.contains(named), "{code} {err}");
        }
        let mut command = zhibu(folder, database);
        let (code, _, err) = run(&mut command, &["import", "members", "absent.xlsx", "--unit", BRANCH.0]);
        assert!(code == 1 && err.contains("absent.xlsx"), "{code} {err}");
    }
}
