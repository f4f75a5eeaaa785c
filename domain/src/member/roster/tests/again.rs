//! An import repeated does nothing, whatever the file and the roster.

use std::time::Instant;

use proptest::prelude::*;

use super::*;

/// Few names, phones, months and units, so that rows collide all the time.
fn row() -> impl Strategy<Value = String> {
    let pick = |words: &'static [&'static str]| prop::sample::select(words);
    (
        pick(&["王伟", "李红", "王 伟", ""]),
        pick(&["DS-01", "DS-02", "DS-01-1", "东升社区", "第二党支部"]),
        pick(&["", "", "13800000001", "13800000002", "13800000003", "138"]),
        pick(&["", "", "1960-05", "1961-06", "x"]),
        pick(&["", "正式党员", "预备党员"]),
        pick(&["", "2010-07-01", "2025-12-01", "2030-01-01"]),
        pick(&["", "2011-07-01"]),
    )
        .prop_map(|(name, unit, phone, birth, status, joined, full)| {
            format!("{name}|{unit}|{phone}|{birth}|{status}|{joined}|{full}")
        })
}

fn file() -> impl Strategy<Value = String> {
    prop::collection::vec(row(), 0..7)
        .prop_map(|rows| format!("姓名|党支部|手机|出生年月|类别|入党日期|转正日期\n{}", rows.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_second_import_changes_nothing(before in file(), text in file()) {
        let roster = apply(&plan_of(&before, &[]), Vec::new());
        let first = plan_of(&text, &roster);
        let written = first.new.len() + first.changed.len() + first.unchanged;
        let second = plan_of(&text, &apply(&first, roster));
        prop_assert_eq!(&second.new, &[]);
        prop_assert_eq!(&second.changed, &[]);
        prop_assert_eq!(second.unchanged, written);
        prop_assert_eq!(second.errors, first.errors);
    }
}

#[test]
fn a_large_street_is_planned_at_once() {
    let mut text = String::from("姓名|支部编码|手机|出生年月|入党日期\n");
    for n in 0..20_000 {
        // 500 names, many of them with the same birth month.
        let name = format!("{}{}", char::from_u32(0x4E00 + n % 500).unwrap(), "明");
        let (year, month) = (1950 + n % 40, 1 + n % 12);
        text += &format!("{name}|DS-0{}|138{n:08}|{year}-{month:02}|2010-07-01\n", 1 + n % 2);
    }
    let roster = roster_of(&text);
    let sheet = sheet(&text);
    let begun = Instant::now();
    let plan = plan(&sheet, &units(), &roster, today()).unwrap();
    let took = begun.elapsed();
    assert_eq!(plan.unchanged, 20_000);
    assert!(took.as_secs() < 5, "{took:?}");
}

#[test]
fn twenty_thousand_namesakes_take_no_longer() {
    let head = "姓名|支部编码|手机|出生年月|入党日期\n";
    let same = "王伟|DS-01||1960-05|2010-07-01\n".repeat(20_000);
    let phones = |area: u32| {
        let row = |n| format!("王伟|DS-01|{area}{n:08}|1960-05|2010-07-01\n");
        (0..20_000).map(row).collect::<String>()
    };
    let begun = Instant::now();
    let plan = plan_of(&format!("{head}{same}"), &[]);
    assert_eq!((plan.new.len(), plan.errors.len()), (1, 19_999));
    let roster = roster_of(&format!("{head}{}", phones(138)));
    let plan = plan_of(&format!("{head}{}", phones(139)), &roster);
    assert_eq!(plan.errors.len(), 20_000);
    assert!(begun.elapsed().as_secs() < 15, "{:?}", begun.elapsed());
}
