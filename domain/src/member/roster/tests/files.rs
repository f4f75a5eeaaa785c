//! Headings, titles, footers: whole files.

use super::*;
use crate::{
    member::{EducationLevel, MemberStatus, Sex},
    vocabulary::Language,
};

#[test]
fn reads_the_roster_of_an_office() {
    let plan = plan_of(
        "
东升街道党员花名册
填报单位：东升街道党工委                     | | | | 填报日期：2026.2.28

序号 | 姓 名 * | 性别 | 民族 | 出生年月（年月） | 公民身份号码       | 文化程度 | 所在党支部（全称）         | 人员类别 | 入党时间   | 转正时间  | 联系方式        | 家庭住址 | 备注
1    | 王　明  | 男   | 汉   | 1960.05         | 330105196005010011 | 大学本科 | 东升社区第一党支部         | 正式党员 | 1985年7月1日 | 1986.7.1 | １３８００００１２３４ | 某路1号 |
2    | 阿依古丽•买买提 | 女 | 维吾尔 | 1988年10月 | 330105198810010022 | 大专 | 东升社区第二党支部(联合) | 预备 | 2025-06-30 |           | 138-0000-1235   | 某路2号 | 流动
3    |         |      |      |                 |                    |          |                            |          |            |           |                 |          |
姓名 | 姓名    | 性别 | 民族 | 出生年月        | 公民身份号码       | 文化程度 | 所在党支部                 | 人员类别 | 入党时间   | 转正时间  | 联系方式        |          |
4    | 李红    |      |      | 无              |                    |          | 第一党小组                 | 正式     | 201007     |           | /               |          |
合计 | 3人
填表人：张三 |  | | | | | | 审核人：李四
",
        &[],
    );
    assert_eq!(errors(&plan), Vec::<String>::new());
    assert_eq!(plan.ignored_columns, ["序号", "备注"]);
    assert_eq!(plan.uncollected_columns, ["民族", "公民身份号码", "家庭住址"]);
    let names: Vec<_> = plan.new.iter().map(|(row, new)| (*row, new.name.as_str())).collect();
    assert_eq!(names, [(5, "王明"), (6, "阿依古丽·买买提"), (9, "李红")]);
    let wang = &plan.new[0].1;
    assert_eq!(wang.phone.as_ref().unwrap().as_e164(), "+8613800001234");
    assert_eq!(wang.status, MemberStatus::Full);
    assert_eq!(wang.unit_id.0.as_u128(), 1);
    assert_eq!(wang.joined_on.unwrap().to_string(), "1985-07-01");
    assert_eq!(wang.full_member_on.unwrap().to_string(), "1986-07-01");
    assert_eq!(wang.sex, Some(Sex::Male));
    assert_eq!(wang.birth.unwrap().stored(), "1960-05");
    assert_eq!(wang.education, Some(EducationLevel::Bachelor));
    let li = &plan.new[2].1;
    assert_eq!((li.phone.clone(), li.birth, li.unit_id.0.as_u128()), (None, None, 3));
    assert_eq!(plan.new[1].1.status, MemberStatus::Probationary);
}

#[test]
fn headings_in_two_rows_take_the_fuller_one() {
    let plan =
        plan_of("姓名 | 党支部 | 联系\n姓名 | 党支部 | 手机 | 性别\n王明 | DS-01 | 13800001234 | 男", &[]);
    assert_eq!(plan.new.len(), 1);
    assert!(plan.new[0].1.phone.is_some());
}

#[test]
fn of_two_phone_columns_the_surer_counts() {
    let plan = plan_of(
        "联系电话 | 姓名 | 支部名称 | 手机号\n0577-88881234 | 王明 | 东升社区第一党支部 | 13800001234",
        &[],
    );
    assert_eq!(plan.errors, []);
    assert_eq!(plan.ignored_columns, ["联系电话"]);
}

#[test]
fn a_sheet_without_the_two_columns_is_no_roster() {
    let refusal = |text| plan(&sheet(text), &units(), &[], today()).unwrap_err();
    assert_eq!(refusal(""), RosterFileRefusal::Empty);
    assert_eq!(refusal("姓名 | 手机\n王明 | 13800001234"), RosterFileRefusal::NoHeader);
    let late = format!("{}姓名 | 党支部\n王明 | DS-01", "说明\n".repeat(20));
    assert_eq!(refusal(&late), RosterFileRefusal::NoHeader);
    assert_eq!(header_row(&sheet("名册\n\n姓名 | 党支部")), Some(3));
}

#[test]
fn units_are_found_by_code_full_name_and_short_name() {
    let plan = plan_of(
        "
姓名 | 党支部 | 支部编码
甲甲 | 东升社区 |
乙乙 | 第二党支部 |
丙丙 | 东升社区党委 |
丁丁 | 没有的党支部 |
戊戊 | | ds-02
己己 | 东升社区第一党支部 | DS-02
庚庚 | | ＤＳ－０１
辛辛 | |
壬壬 | 东升社区 第二党支部 (联合) | DS-02
",
        &[],
    );
    let homes: Vec<_> = plan.new.iter().map(|(row, new)| (*row, new.unit_id.0.as_u128())).collect();
    assert_eq!(homes, [(2, 1), (6, 2), (8, 1), (10, 2)]);
    assert_eq!(
        errors(&plan),
        [
            "3 党支部 AMBIGUOUS_UNIT",
            "4 党支部 NOT_A_BRANCH",
            "5 党支部 UNKNOWN_UNIT",
            "7 党支部 UNIT_MISMATCH",
            "9 党支部 MISSING_UNIT",
        ]
    );
}

#[test]
fn issues_speak_both_languages() {
    let plan = plan_of("姓名|党支部|手机\n王明|DS-01|13800001234\n李红|DS-01|13800001234", &[]);
    let said = |language| plan.errors[0].sentence(language);
    assert_eq!(said(Language::Zh), "手机：本表中有他人使用同一手机号码。（见第3行）");
    assert_eq!(said(Language::En), "手机: Another person of the file has the same phone number. (see row 3)");
}
