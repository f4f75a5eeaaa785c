//! Who is meant by a row.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::member::PhoneNumber;

const BASE: &str = "
姓名 | 支部编码 | 手机 | 出生年月 | 学历
王明 | DS-01 | 13800001234 | 1960-05 | 大专
李红 | DS-01 | | 1970-01 |
周强 | DS-02 | | |
";

fn changes(plan: &RosterPlan) -> Vec<(u32, Vec<RosterColumn>)> {
    plan.changed.iter().map(|c| (c.row, c.columns.clone())).collect()
}

#[test]
fn the_same_file_again_changes_nothing() {
    let again = plan_of(BASE, &roster_of(BASE));
    assert_eq!((again.new.len(), again.changed.len(), again.unchanged), (0, 0, 3));
}

#[test]
fn a_row_changes_what_it_says_and_erases_nothing() {
    use RosterColumn::*;
    let plan = plan_of(
        "
姓名 | 支部编码 | 手机 | 出生年月 | 性别 | 转正日期
王 明 | DS-02 | 13800001234 | | | 1986-01-01
李红 | DS-02 | 13900000001 | 1970-01 | 女 |
周强 | DS-02 | 13900000002 | 1980-12 | |
",
        &roster_of(BASE),
    );
    assert_eq!(plan.errors, []);
    assert_eq!(
        changes(&plan),
        [(2, vec![Unit, FullMemberOn]), (3, vec![Phone, Unit, Sex]), (4, vec![Phone, Birth])]
    );
    let after = apply(&plan, roster_of(BASE));
    assert_eq!(after[0].education, Some(crate::member::EducationLevel::JuniorCollege));
    assert_eq!(after[0].birth.unwrap().stored(), "1960-05");
}

#[test]
fn a_phone_decides_nothing_without_the_name() {
    let plan = plan_of("姓名|支部编码|手机\n赵六|DS-01|13800001234", &roster_of(BASE));
    assert_eq!(errors(&plan), ["2 手机 PHONE_OF_ANOTHER"]);
}

#[test]
fn a_phone_is_not_passed_on_by_a_file() {
    let plan = plan_of(
        "姓名|支部编码|手机|出生年月\n王明|DS-01|13900000009|1960-05\n赵六|DS-01|13800001234|",
        &roster_of(BASE),
    );
    assert_eq!(errors(&plan), ["2 手机 PHONE_PASSED_ON", "3 手机 PHONE_OF_ANOTHER"]);
}

#[test]
fn namesakes_are_told_apart_or_asked_about() {
    let two = roster_of(
        "姓名|支部编码|手机|出生年月\n王伟|DS-01|13800000001|1960-05\n王伟|DS-01|13800000002|1960-05",
    );
    let plan = plan_of("姓名|支部编码|手机|出生年月\n王伟|DS-01|13800000003|1960-05", &two);
    assert_eq!(errors(&plan), ["2 姓名 SEVERAL_MATCHES"]);
    // Another phone and another branch: another person.
    let plan = plan_of("姓名|支部编码|手机|出生年月\n王伟|DS-02|13800000003|1960-05", &two);
    assert_eq!((plan.new.len(), plan.errors.len()), (1, 0));
}

#[test]
fn members_beyond_reach_are_not_drawn_over() {
    let roster = roster_of(BASE);
    let reach: Vec<_> = units().into_iter().filter(|unit| unit.code == "DS-02").collect();
    let sheet = sheet("姓名|支部编码|手机\n王明|DS-02|13800001234");
    let plan = plan(&sheet, &reach, &roster, today()).unwrap();
    assert_eq!(errors(&plan), ["2 姓名 OUT_OF_REACH"]);
}

#[test]
fn who_has_left_is_nobody() {
    let mut roster = roster_of(BASE);
    roster[0].left_on = Some(today());
    let plan = plan_of("姓名|支部编码|手机\n王明|DS-01|13800001234", &roster);
    assert_eq!(plan.new.len(), 1);
}

/// What the shell finds of the numbers' owners.
fn known(people: &[(&str, &str, Option<PartyMember>)]) -> HashMap<PhoneNumber, KnownPerson> {
    let person = |(phone, name, former): &(&str, &str, Option<PartyMember>)| {
        let account_id = former.as_ref().map_or(AccountId(Uuid::from_u128(9)), |m| m.account_id);
        let person = KnownPerson { account_id, name: (*name).to_owned(), former: former.clone() };
        (PhoneNumber::parse(phone).unwrap(), person)
    };
    people.iter().map(person).collect()
}

#[test]
fn who_has_left_comes_back() {
    let mut roster = roster_of(BASE);
    roster[0].left_on = Some(today());
    let known = known(&[("13800001234", "王明", Some(roster[0].clone()))]);
    let text = "姓名|支部编码|手机|类别\n王 明|DS-02|13800001234|正式党员";
    let plan = plan_of(text, &roster).meet(&known, &units(), today());
    assert_eq!((plan.new.len(), plan.errors.len()), (0, 0));
    let back = &plan.returning[0].after;
    assert_eq!((back.id, back.left_on, back.unit_id), (roster[0].id, None, units()[1].id));
    assert_eq!(back.education, Some(crate::member::EducationLevel::JuniorCollege), "what isn't said stays");
    roster[0] = back.clone();
    assert_eq!(plan_of(text, &roster).unchanged, 1, "sent again it changes nothing");
}

#[test]
fn a_number_stays_with_its_owner() {
    let known = known(&[("13900000008", "周强", None), ("13900000009", "何居民", None)]);
    let text = "姓名|支部编码|手机|出生年月\n王明|DS-01|13900000009|1960-05\n周强|DS-02|13900000008|";
    let plan = plan_of(text, &roster_of(BASE)).meet(&known, &units(), today());
    assert_eq!(
        errors(&plan),
        ["2 手机 PHONE_OF_ANOTHER", "3 手机 PHONE_OF_ANOTHER"],
        "an account of the same name is another's, too"
    );
    assert_eq!(plan.written(), 0);
}

#[test]
fn a_guarded_number_is_not_changed() {
    let plan = plan_of("姓名|支部编码|手机|出生年月\n王明|DS-01|13900000009|1960-05", &roster_of(BASE));
    let account = roster_of(BASE)[0].account_id;
    assert_eq!(plan.given_phones(), [account]);
    let plan = plan.guard(&HashSet::from([account]));
    assert_eq!((errors(&plan), plan.is_due()), (vec!["2 手机 HOLDS_POSTS".to_owned()], false));
}
