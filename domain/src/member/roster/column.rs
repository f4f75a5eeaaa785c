use super::clean::{compact, key};
use crate::{vocabulary, vocabulary::Vocabulary};

vocabulary! {
    /// A column that a roster may have.
    pub enum RosterColumn {
        /// Name; must be there.
        Name = "NAME" => "姓名", "Name";
        /// Mobile number.
        Phone = "PHONE" => "手机号码", "Phone";
        /// Name of the home unit; this or the code must be there.
        Unit = "UNIT" => "所在党支部", "Unit";
        /// Code of the home unit.
        UnitCode = "UNIT_CODE" => "支部编码", "Unit code";
        /// Full or probationary.
        Status = "STATUS" => "党员类别", "Status";
        /// Day of joining the Party.
        JoinedOn = "JOINED_ON" => "入党日期", "Joined on";
        /// Day of becoming a full member.
        FullMemberOn = "FULL_MEMBER_ON" => "转正日期", "Full member on";
        /// Sex.
        Sex = "SEX" => "性别", "Sex";
        /// Year and month of birth.
        Birth = "BIRTH" => "出生年月", "Birth month";
        /// Level of education.
        Education = "EDUCATION" => "学历", "Education";
    }
}

impl RosterColumn {
    /// Its headings in the rosters of offices, the surest first.
    fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["姓名", "党员姓名", "人员姓名", "名字"],
            Self::Phone => &[
                "手机号码",
                "手机号",
                "手机",
                "移动电话",
                "本人手机",
                "联系手机",
                "手机电话",
                "联系电话",
                "联系方式",
                "联系号码",
                "电话号码",
                "电话",
            ],
            Self::Unit => &[
                "所在党支部",
                "所在支部",
                "党支部",
                "党支部名称",
                "支部名称",
                "支部",
                "所属党支部",
                "所属支部",
                "所在党组织",
                "所属党组织",
                "党组织名称",
                "党组织",
                "组织名称",
                "所在党支部名称",
                "所在党组织名称",
                "所属党组织名称",
                "组织关系所在党支部",
                "组织关系所在支部",
                "组织关系所在单位",
            ],
            Self::UnitCode => &["支部编码", "党支部编码", "党组织编码", "组织编码", "支部代码", "党组织代码"],
            Self::Status => &["党员类别", "人员类别", "党员状态", "党员类型", "党籍状态", "类别"],
            Self::JoinedOn => {
                &["入党日期", "入党时间", "加入党组织日期", "加入党组织时间", "入党年月", "何时入党"]
            }
            Self::FullMemberOn => &["转正日期", "转正时间", "转为正式党员日期", "转正年月"],
            Self::Sex => &["性别"],
            Self::Birth => &["出生年月", "出生日期", "出生年月日", "出生时间", "生日"],
            Self::Education => &["学历", "文化程度", "最高学历", "学历层次", "学历学位"],
        }
    }

    /// The column with this heading, and the rank of the heading among its synonyms.
    pub(super) fn of(heading: &str) -> Option<(Self, usize)> {
        let text = bare(heading);
        let english = key(heading);
        Self::words().iter().find_map(|word| {
            let rank = word.value.headings().iter().position(|h| *h == text);
            let rank = rank.or_else(|| (key(word.en) == english).then_some(0));
            rank.map(|rank| (word.value, rank))
        })
    }
}

/// A heading without spaces, line breaks, marks (`*`) and remarks in brackets.
fn bare(heading: &str) -> String {
    let mut depth = 0_u32;
    let mut text = String::new();
    for c in compact(heading).chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            '*' | '★' | '☆' | '※' | '●' | ':' | '"' | '\'' | '“' | '”' | '#' => {}
            c if depth == 0 => text.push(c),
            _ => {}
        }
    }
    text
}

/// Whether a column holds what Zhibu must not collect: nothing needs it (个人信息保护法, Art. 6).
pub(super) fn is_uncollected(heading: &str) -> bool {
    const STEMS: &[&str] = &[
        "民族",
        "族别",
        "身份证",
        "身份号码",
        "证件号",
        "宗教",
        "信仰",
        "住址",
        "地址",
        "居住地",
        "籍贯",
        "户籍",
        "户口",
        "出生地",
        "婚",
        "配偶",
        "子女",
        "健康",
        "疾病",
        "病史",
        "残疾",
        "血型",
        "银行",
        "卡号",
        "工资",
        "收入",
        "照片",
        "相片",
        "微信",
        "邮箱",
        "QQ",
        "qq",
        "家庭",
        "低保",
    ];
    let text = compact(heading);
    STEMS.iter().any(|stem| text.contains(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_headings_as_they_are_typed() {
        for (heading, column) in [
            ("姓 名", RosterColumn::Name),
            ("*姓名（必填）", RosterColumn::Name),
            ("手机\n号码", RosterColumn::Phone),
            ("联系方式", RosterColumn::Phone),
            ("所在党支部\r\n（全称）", RosterColumn::Unit),
            ("＊入党时间", RosterColumn::JoinedOn),
            ("出生年月【如1980.01】", RosterColumn::Birth),
            ("Unit  Code", RosterColumn::UnitCode),
        ] {
            assert_eq!(RosterColumn::of(heading).map(|(c, _)| c), Some(column), "{heading}");
        }
        assert_eq!(RosterColumn::of("序号"), None);
        assert_eq!(RosterColumn::of("入党介绍人"), None);
        for heading in ["民 族", "公民身份号码", "身份证号", "家庭住址", "籍贯", "宗教信仰", "现居住地"]
        {
            assert!(is_uncollected(heading), "{heading}");
        }
        assert!(!is_uncollected("职务"));
    }
}
