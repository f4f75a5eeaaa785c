//! Makes one text out of the many ways in which it's typed.

/// Format characters that come along when a phone's contact list or a web page is copied.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '〇' | '々' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Half-width, without any space or invisible character.
pub(super) fn compact(text: &str) -> String {
    text.chars().map(half_width).filter(|c| *c != ' ' && !is_invisible(*c)).collect()
}

/// As [`compact`], in lower case: for codes and names that are compared.
pub(super) fn key(text: &str) -> String {
    compact(text).to_lowercase()
}

/// A person's name: `王　明` → `王明`, `阿依古丽•买买提` → `阿依古丽·买买提`, `Li  Ming` → `Li Ming`.
/// Invisible characters stay, for the record refuses them.
pub(super) fn person(text: &str) -> String {
    let half: String = text
        .chars()
        .map(|c| match c {
            '•' | '・' | '．' | '∙' | '‧' | '⋅' | '●' | '▪' => '·',
            c => half_width(c),
        })
        .collect();
    if half.chars().any(is_han) {
        half.chars().filter(|c| *c != ' ').collect()
    } else {
        half.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Whether the text only says that there is nothing to say.
pub(super) fn is_placeholder(compact: &str) -> bool {
    matches!(
        compact,
        "" | "无" | "暂无" | "没有" | "空" | "未填" | "不详" | "/" | "\\" | "-" | "--" | "—" | "——" | "*"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_padding_and_keep_their_parts() {
        for (typed, name) in [
            ("王　明", "王明"),
            (" 李\u{A0}红\t", "李红"),
            ("阿依古丽•买买提", "阿依古丽·买买提"),
            ("Li   Ming ", "Li Ming"),
            ("𠮷 野", "𠮷野"),
            ("王明（大）", "王明(大)"),
        ] {
            assert_eq!(person(typed), name);
        }
        assert_eq!(compact("\u{202D}138 0000　１２３４\u{202C}"), "13800001234");
    }
}
