//! The closed words of a roster in their many spellings.

use super::super::{EducationLevel, MemberStatus, Sex};

/// Full or probationary.
pub(super) fn status(text: &str) -> Option<MemberStatus> {
    match text {
        "正式党员" | "正式" | "中共正式党员" | "中共党员" | "党员" => {
            Some(MemberStatus::Full)
        }
        "预备党员" | "预备" | "中共预备党员" => Some(MemberStatus::Probationary),
        _ => None,
    }
}

/// Female or male.
pub(super) fn sex(text: &str) -> Option<Sex> {
    match text {
        "女" | "女性" | "女士" => Some(Sex::Female),
        "男" | "男性" | "男士" => Some(Sex::Male),
        _ => None,
    }
}

/// Level of education; how and where it was reached says nothing about the level.
pub(super) fn education(text: &str) -> Option<EducationLevel> {
    const BEFORE: &[&str] = &[
        "全日制",
        "在职",
        "函授",
        "自考",
        "自学考试",
        "电大",
        "成人",
        "成教",
        "夜大",
        "网络",
        "中央党校",
        "省委党校",
        "市委党校",
        "党校",
        "普通",
    ];
    const AFTER: &[&str] =
        &["毕业", "结业", "肄业", "在读", "及以下", "及以上", "以下", "以上", "文化", "学历", "教育", "程度"];
    let mut level = text;
    while let Some(rest) = BEFORE.iter().find_map(|b| level.strip_prefix(b)).filter(|r| !r.is_empty()) {
        level = rest;
    }
    while let Some(rest) = AFTER.iter().find_map(|a| level.strip_suffix(a)).filter(|r| !r.is_empty()) {
        level = rest;
    }
    match level {
        "文盲" | "半文盲" | "文盲或半文盲" | "小学" => Some(EducationLevel::Primary),
        "初中" | "初级中学" => Some(EducationLevel::JuniorMiddle),
        "高中" | "高级中学" | "中专" | "中等专科" | "中等专业学校" | "中专中技" | "高中/中专"
        | "高中中专" | "职高" | "职业高中" | "职专" | "中职" | "中等职业" | "技校" | "技工学校" | "中技"
        | "中师" => Some(EducationLevel::SeniorMiddle),
        "大专" | "专科" | "大学专科" | "高职" | "高等职业" => {
            Some(EducationLevel::JuniorCollege)
        }
        "本科" | "大学本科" | "大本" | "大学" | "学士" | "本科学士" | "大学学士" | "双学士" => {
            Some(EducationLevel::Bachelor)
        }
        "硕士" | "硕士研究生" | "研究生" | "研究生硕士" | "大学硕士" => {
            Some(EducationLevel::Master)
        }
        "博士" | "博士研究生" | "研究生博士" | "博士后" => Some(EducationLevel::Doctor),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_usual_words() {
        for (text, level) in [
            ("小学及以下", EducationLevel::Primary),
            ("初中毕业", EducationLevel::JuniorMiddle),
            ("技校", EducationLevel::SeniorMiddle),
            ("普通高中", EducationLevel::SeniorMiddle),
            ("专科", EducationLevel::JuniorCollege),
            ("函授大专", EducationLevel::JuniorCollege),
            ("省委党校大学", EducationLevel::Bachelor),
            ("大学本科毕业", EducationLevel::Bachelor),
            ("在职研究生", EducationLevel::Master),
            ("博士研究生", EducationLevel::Doctor),
        ] {
            assert_eq!(education(text), Some(level), "{text}");
        }
        for word in <EducationLevel as crate::vocabulary::Vocabulary>::words() {
            assert_eq!(education(word.zh), Some(word.value), "{}", word.zh);
        }
        assert_eq!(education("毕业"), None);
        assert_eq!(education("家里蹲大学"), None);
    }
}
