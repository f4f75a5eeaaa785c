//! What text people may write into a record.

/// Characters that deceive the eye or break a display: controls, zero-width and bidi
/// controls, private-use, and U+FFFD, the trace of a broken encoding.
fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{E007F}')
}

/// A line of text: trimmed, 1 to `max` characters, nothing that deceives; else `None`.
pub fn line(text: &str, max: usize) -> Option<String> {
    let text = text.trim();
    let count = text.chars().count();
    // Zero-width joiners live inside emoji and some scripts; alone or at an edge they only hide.
    let joiner = |c: char| matches!(c, '\u{200C}' | '\u{200D}');
    let hidden_edge = text.starts_with(joiner) || text.ends_with(joiner);
    ((1..=max).contains(&count) && !hidden_edge && !text.chars().any(deceives)).then(|| text.to_owned())
}

/// Text of several lines: as [`line()`], but line breaks and tabs may stand in it.
pub fn paragraphs(text: &str, max: usize) -> Option<String> {
    let text = text.trim().replace("\r\n", "\n");
    let count = text.chars().count();
    let bad = |c: char| c != '\n' && c != '\t' && deceives(c);
    ((1..=max).contains(&count) && !text.chars().any(bad)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_be_rare_but_not_deceive() {
        for good in ["王小明", "𠮷野", " 阿依古丽·买买提 ", "👨\u{200D}👩\u{200D}👧 队"]
        {
            assert_eq!(line(good, 20).as_deref(), Some(good.trim()));
        }
        for bad in ["", "  ", "王\u{202E}明", "王\u{200B}明", "\u{FFFD}", "a\nb", "\u{200D}a"] {
            assert_eq!(line(bad, 20), None, "{bad:?}");
        }
        assert_eq!(line(&"长".repeat(21), 20), None);
        assert_eq!(paragraphs("一\r\n二", 9).as_deref(), Some("一\n二"));
    }
}
