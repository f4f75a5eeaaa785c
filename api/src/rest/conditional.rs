//! `ETag`, `If-None-Match` and `If-Match` (RFC 9110).

use actix_web::http::header::{self, HeaderMap, HeaderName};
use sha2::{Digest, Sha256};

fn values(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    headers
        .get_all(name)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .map(str::trim)
}

/// The tag of an answer: of what it says, led by its version where it has one that a change may name.
pub fn tag(version: Option<i32>, content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    match version {
        Some(version) => format!("\"{version}-{digest}\""),
        None => format!("W/\"{digest}\""),
    }
}

/// Whether the client has what the tag stands for.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    values(headers, header::IF_NONE_MATCH).any(|known| known == "*" || bare(known) == bare(tag))
}

/// The version that `If-Match` names. Another thing than one tag of ours is a version that never was.
pub fn version(headers: &HeaderMap) -> Option<i32> {
    let mut tags = headers.get_all(header::IF_MATCH);
    let tag = tags.next()?;
    let only = tag.to_str().ok().filter(|_| tags.next().is_none()).map(str::trim);
    if only == Some("*") {
        return None;
    }
    let tag = only.and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"'));
    let number = tag.and_then(|tag| tag.split_once('-').map_or(tag, |(version, _)| version).parse().ok());
    Some(number.unwrap_or(-1))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn sent(name: HeaderName, value: &str) -> HeaderMap {
        TestRequest::default().insert_header((name, value)).to_http_request().headers().clone()
    }

    #[test]
    fn a_tag_is_known_by_its_value() {
        for (sent_, tag, known) in [
            ("\"3\"", "\"3\"", true),
            ("W/\"3\"", "\"3\"", true),
            ("\"1\", W/\"ab\"", "W/\"ab\"", true),
            ("*", "\"3\"", true),
            ("\"4\"", "\"3\"", false),
            ("3", "\"3\"", false),
        ] {
            assert_eq!(is_known(&sent(header::IF_NONE_MATCH, sent_), tag), known, "{sent_}");
        }
    }

    #[test]
    fn a_version_is_named_by_one_strong_tag() {
        for (sent_, named) in [
            ("\"3\"", Some(3)),
            ("\"3-0123456789abcdef\"", Some(3)),
            ("*", None),
            ("W/\"3\"", Some(-1)),
            ("\"3\", \"4\"", Some(-1)),
            ("\"99999999999\"", Some(-1)),
            ("", Some(-1)),
        ] {
            assert_eq!(version(&sent(header::IF_MATCH, sent_)), named, "{sent_}");
        }
        assert_eq!(version(&HeaderMap::new()), None);
    }
}
