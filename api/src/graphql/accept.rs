//! What a client sends and what it wants back, from its headers.

use actix_web::http::header::{self, HeaderMap, HeaderName};
use zhibu_domain::error_code::ErrorCode;

use super::rejection::Rejection;

/// A type of answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: 200 for every well-formed request, for clients of the old custom.
    Json,
    /// `application/graphql-response+json`: the status tells whether the request was run.
    GraphqlResponse,
    /// `text/html`: a browser that wants the page for developers.
    Html,
}

impl Media {
    /// The `Content-Type` of an answer.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    /// How exactly a media range names this type: 2 by name, 1 by its family, 0 by `*/*`.
    fn matched_by(self, range: &str) -> Option<u8> {
        let name = match self {
            Self::Json => "application/json",
            Self::GraphqlResponse => "application/graphql-response+json",
            Self::Html => "text/html",
        };
        let family = if self == Self::Html { "text/*" } else { "application/*" };
        match range {
            _ if range.eq_ignore_ascii_case(name) => Some(2),
            _ if range.eq_ignore_ascii_case(family) => Some(1),
            "*/*" => Some(0),
            _ => None,
        }
    }
}

/// The best of `offers` for the `Accept` headers. A client that names both JSON types alike gets
/// the newer; one that says nothing, or anything, gets `application/json`.
pub fn negotiate(headers: &HeaderMap, offers: &[Media]) -> Result<Media, Rejection> {
    let accept = || headers.get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    if accept().next().is_none_or(|first| first.is_empty()) {
        return Ok(Media::Json);
    }
    let mut best: Option<((u16, u8, bool), Media)> = None;
    for &offer in offers {
        let Some((exactness, weight)) = weigh(offer, accept()) else { continue };
        let preferred = if exactness == 2 { Media::GraphqlResponse } else { Media::Json };
        let rank = (weight, exactness, offer == preferred);
        if weight > 0 && best.is_none_or(|(other, _)| rank > other) {
            best = Some((rank, offer));
        }
    }
    best.map(|(_, media)| media).ok_or_else(|| {
        Rejection::new(ErrorCode::NotAcceptable)
            .detail("accept application/graphql-response+json or application/json, in UTF-8")
    })
}

/// The weight, in thousandths, that the most exact range gives to `offer`.
fn weigh<'a>(offer: Media, accept: impl Iterator<Item = &'a str>) -> Option<(u8, u16)> {
    let mut found: Option<(u8, u16)> = None;
    for range in accept.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let Some(exactness) = parts.next().and_then(|name| offer.matched_by(name)) else { continue };
        let mut weight = 1000;
        let mut readable = true;
        for (key, value) in parts.filter_map(|parameter| parameter.split_once('=')) {
            if key.eq_ignore_ascii_case("q") {
                weight = thousandths(value);
            } else if key.eq_ignore_ascii_case("charset") {
                readable = is_utf8(value);
            }
        }
        if readable && found.is_none_or(|(e, w)| (exactness, weight) > (e, w)) {
            found = Some((exactness, weight));
        }
    }
    found
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number lies between 0 and 1000"
)]
fn thousandths(q: &str) -> u16 {
    match q.parse::<f32>() {
        Ok(q) if (0.0..=1.0).contains(&q) => (q * 1000.0) as u16,
        _ => 0,
    }
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// How a request's body is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyFormat {
    /// One JSON object.
    Json,
    /// A form with files, divided by this boundary.
    Form(String),
}

/// Headers that a page of another origin can't send unless it was allowed to. A form, unlike
/// JSON, could otherwise be sent by any page with the reader's credentials.
const PREFLIGHT: [HeaderName; 3] = [
    HeaderName::from_static("graphql-require-preflight"),
    HeaderName::from_static("apollo-require-preflight"),
    HeaderName::from_static("x-apollo-operation-name"),
];

/// The format of the body, or why it can't be read.
pub fn body_format(headers: &HeaderMap) -> Result<BodyFormat, Rejection> {
    let unsupported = |why: &'static str| Rejection::new(ErrorCode::UnsupportedMediaType).detail(why);
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(unsupported("send the body without Content-Encoding"));
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let mut parameters = parts.filter_map(|parameter| parameter.split_once('='));
    if name.eq_ignore_ascii_case("application/json") {
        return match parameters.find(|(key, _)| key.eq_ignore_ascii_case("charset")) {
            Some((_, charset)) if !is_utf8(charset) => Err(unsupported("the charset must be utf-8")),
            _ => Ok(BodyFormat::Json),
        };
    }
    if !name.eq_ignore_ascii_case("multipart/form-data") {
        return Err(unsupported("send application/json, or multipart/form-data for files"));
    }
    if !PREFLIGHT.iter().any(|name| headers.contains_key(name)) {
        return Err(Rejection::new(ErrorCode::PreflightRequired)
            .detail("send the header GraphQL-Require-Preflight with any value"));
    }
    let boundary = parameters
        .find(|(key, _)| key.eq_ignore_ascii_case("boundary"))
        .map(|(_, boundary)| boundary.trim_matches('"'))
        .filter(|boundary| (1..=70).contains(&boundary.len()));
    match boundary {
        Some(boundary) => Ok(BodyFormat::Form(boundary.to_owned())),
        None => Err(unsupported("the form names no boundary")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    const ALL: [Media; 3] = [Media::GraphqlResponse, Media::Json, Media::Html];

    fn accept(value: &'static str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(value));
        negotiate(&headers, &ALL).ok()
    }

    #[test]
    fn the_heaviest_type_wins_and_a_wildcard_means_json() {
        use Media::{GraphqlResponse, Html, Json};
        for (value, expected) in [
            ("", Some(Json)),
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Html)),
            ("application/json", Some(Json)),
            ("application/json, multipart/mixed", Some(Json)),
            ("Application/GraphQL-Response+JSON", Some(GraphqlResponse)),
            ("application/graphql-response+json, application/json", Some(GraphqlResponse)),
            ("application/graphql-response+json;q=0.5, application/json", Some(Json)),
            ("application/graphql-response+json; charset=utf-8; q=0.9, */*;q=0.1", Some(GraphqlResponse)),
            ("application/json;q=0, */*", Some(GraphqlResponse)),
            ("application/json; charset=iso-8859-1", None),
            ("application/json;q=nan", None),
            ("image/png", None),
        ] {
            assert_eq!(accept(value), expected, "{value}");
        }
    }

    #[test]
    fn only_json_in_utf8_and_guarded_forms_are_read() {
        let format = |content_type: &'static str, guard: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            if guard {
                headers.insert(PREFLIGHT[0].clone(), HeaderValue::from_static("1"));
            }
            body_format(&headers).map_err(|rejection| rejection.code())
        };
        assert_eq!(format("application/json", false), Ok(BodyFormat::Json));
        assert_eq!(format("application/json; charset=\"UTF-8\"", false), Ok(BodyFormat::Json));
        assert_eq!(format("application/json; charset=gbk", false), Err(ErrorCode::UnsupportedMediaType));
        assert_eq!(format("text/plain", false), Err(ErrorCode::UnsupportedMediaType));
        assert_eq!(format("", false), Err(ErrorCode::UnsupportedMediaType));
        assert_eq!(format("multipart/form-data; boundary=x", false), Err(ErrorCode::PreflightRequired));
        assert_eq!(format("multipart/form-data; boundary=\"x y\"", true), Ok(BodyFormat::Form("x y".into())));
        assert_eq!(format("multipart/form-data", true), Err(ErrorCode::UnsupportedMediaType));
    }
}
