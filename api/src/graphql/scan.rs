//! A look at a document before it is parsed. The parser calls itself for every bracket and goes
//! back over strings that don't end, so a short hostile text could overflow its stack or keep it
//! busy for seconds; this counts in one pass and builds nothing.

use zhibu_domain::error_code::ErrorCode;

use super::rejection::Rejection;

/// Deepest nesting of brackets that the parser is given.
const MAX_NESTING: usize = 64;

/// Refuses a document with more than `max_tokens` words and signs, with brackets nested too
/// deeply or with a string that doesn't end.
pub fn scan(text: &str, max_tokens: usize) -> Result<(), Rejection> {
    let mut rest = text.as_bytes();
    let mut tokens = 0_usize;
    let mut nesting = 0_usize;
    while let [first, tail @ ..] = rest {
        rest = match first {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                rest = tail;
                continue;
            }
            b'#' => {
                rest = after_comment(tail);
                continue;
            }
            b'"' => after_string(rest).ok_or_else(|| {
                Rejection::new(ErrorCode::GraphqlParseFailed).detail("a string does not end")
            })?,
            b'{' | b'[' | b'(' => {
                nesting += 1;
                if nesting > MAX_NESTING {
                    return Err(Rejection::new(ErrorCode::QueryTooDeep)
                        .detail(format!("brackets are nested deeper than {MAX_NESTING}")));
                }
                tail
            }
            b'}' | b']' | b')' => {
                nesting = nesting.saturating_sub(1);
                tail
            }
            b'.' => after(tail, |byte| byte == b'.'),
            byte if is_word(*byte) => after(tail, is_word),
            _ => tail,
        };
        tokens += 1;
        if tokens > max_tokens {
            return Err(Rejection::new(ErrorCode::QueryTooLong)
                .detail(format!("the document has more than {max_tokens} tokens")));
        }
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// What follows the leading bytes that fit.
fn after(bytes: &[u8], fits: impl Fn(u8) -> bool) -> &[u8] {
    let end = bytes.iter().position(|&byte| !fits(byte)).unwrap_or(bytes.len());
    bytes.get(end..).unwrap_or_default()
}

fn after_comment(bytes: &[u8]) -> &[u8] {
    after(bytes, |byte| byte != b'\n' && byte != b'\r')
}

fn after_string(bytes: &[u8]) -> Option<&[u8]> {
    if let Some(mut rest) = bytes.strip_prefix(b"\"\"\"") {
        loop {
            if let Some(tail) = rest.strip_prefix(b"\"\"\"") {
                return Some(tail);
            }
            rest = match rest.strip_prefix(b"\\\"\"\"") {
                Some(tail) => tail,
                None => rest.get(1..)?,
            };
        }
    }
    let mut rest = bytes.get(1..)?;
    loop {
        rest = match rest {
            [b'"', tail @ ..] => return Some(tail),
            [b'\n' | b'\r', ..] | [] => return None,
            [b'\\', _, tail @ ..] => tail,
            [_, tail @ ..] => tail,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, max_tokens: usize) -> Option<&'static str> {
        use zhibu_domain::vocabulary::Vocabulary;
        scan(text, max_tokens).err().map(|rejection| rejection.code().code())
    }

    #[test]
    fn tokens_are_counted_as_graphql_has_them() {
        // { a ( b : -1.5 … the number counts as three here: counting is for limits, not parsing.
        assert_eq!(code("{ a, b # c d e\n f(x: \"g h {{{\") ...on T { z } }", 18), None);
        assert_eq!(code("{ a, b # c d e\n f(x: \"g h {{{\") ...on T { z } }", 14), Some("QUERY_TOO_LONG"));
        assert_eq!(code("", 0), None);
    }

    #[test]
    fn brackets_in_strings_and_comments_are_no_nesting() {
        let many = "[".repeat(100);
        assert_eq!(code(&format!("{{ a(x: \"{many}\") }} #{many}"), 99), None);
        assert_eq!(code(&format!("{{ a(x: \"\"\"{many}\\\"\"\"{many}\n\"\"\") }}"), 99), None);
        assert_eq!(code(&format!("{{ a(x: \"\\\"{many}\") }}"), 99), None);
        assert_eq!(code(&format!("{{ a(x: {many}"), 99), Some("QUERY_TOO_DEEP"));
        assert_eq!(code(&format!("{{ a(x: \"\" {many}"), 99), Some("QUERY_TOO_DEEP"));
    }

    #[test]
    fn a_string_without_an_end_stops_the_scan() {
        for text in ["{ a(x: \"b", "{ a(x: \"b\n\") }", "{ a(x: \"\"\" \" [[[[", "\"\\", "\"\"\"\\\"\"\""] {
            assert_eq!(code(text, 99), Some("GRAPHQL_PARSE_FAILED"), "{text}");
        }
    }
}
