//! Whatever people write into a record, a cell shows it and runs nothing.

use std::io::{Cursor, Read};

use calamine::Data;

use super::*;
use crate::{
    both,
    harness::fault::Fault,
    volunteering::files::{cell, read_xlsx},
};

both! {
    async fn no_text_becomes_a_formula(world: &World) {
        let unit = json!({ "parentId": world.unit(Unit::General), "kind": "PARTY_BRANCH", "name": "=cmd|'/C calc'!A0" });
        world.office().run(CREATE_UNIT, unit).await.done();
        let typed = [
            "=HYPERLINK(\"http://evil.example\",\"点我\")", "+1+1", "-2+3", "@SUM(A1:A9)", "＝1+1", "＋1", "－1", "＠1", "%0A=1", "👨\u{200D}👩\u{200D}👧 走访",
        ];
        for title in typed {
            world.given(json!({ "title": title })).await;
        }
        // What no door lets in, but may be in the database since older times.
        let long = "长".repeat(40_000);
        let smuggled = [("制表", "\t=1+1"), ("换行", "\n=1+1"), ("空格", "  =1+1"), ("控制", "坏\u{1}字\u{b}"), ("冗长", &long)];
        let fault = Fault::of(world).await;
        for (title, text) in smuggled {
            world.given(json!({ "title": title })).await;
            fault.run(&format!("UPDATE assignment SET title = '{text}' WHERE title = '{title}'")).await;
        }
        fault.close().await;
        let content = file(world, Who::Office, "ASSIGNMENTS", Unit::S1).await;
        let table = read_xlsx(content.clone(), "到期任务");
        let titles: Vec<_> = (1..table.height()).map(|row| cell(&table, row, "任务名称").clone()).collect();
        assert_eq!(titles.len(), typed.len() + smuggled.len(), "each is there");
        for title in typed.iter().chain(&["\t=1+1", "\n=1+1", "  =1+1"]) {
            assert!(titles.contains(&Data::String((*title).to_owned())), "{title:?}: {titles:?}");
        }
        assert!(titles.iter().any(|title| title.to_string().starts_with('坏')));
        let longest = titles.iter().map(|title| title.to_string().encode_utf16().count()).max();
        assert_eq!(longest, Some(32_767), "as much as a cell holds");
        let units = read_xlsx(content.clone(), "组织汇总");
        assert!(units.rows().any(|row| row[0] == "=cmd|'/C calc'!A0"));
        let mut styles = String::new();
        let mut package = zip::ZipArchive::new(Cursor::new(content)).unwrap();
        package.by_name("xl/styles.xml").unwrap().read_to_string(&mut styles).unwrap();
        assert!(styles.contains(r#"quotePrefix="1""#), "they stay text when somebody edits them");
    }
}
