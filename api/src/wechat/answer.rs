//! What WeChat answers. The HTTP status is 200 for errors, too: `errcode` decides, a number or a text.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use zhibu_domain::error_code::ErrorCode;

use crate::error::OpError;

/// Why WeChat hasn't done what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeChatFault {
    /// Too busy: the same may work in a moment.
    Busy,
    /// The code is wrong, expired, used, or of another mini-program.
    BadCode,
    /// WeChat sees a risk in this user.
    Blocked,
    /// More was asked for than a minute may hold.
    MinuteLimit,
    /// More was asked for than a day may hold.
    DayLimit,
    /// The access token isn't valid any more.
    BadToken,
    /// The person hasn't consented to another message.
    NoConsent,
    /// Another message to the person is on its way this moment.
    Concurrent,
    /// What was asked for, or how this server is set up, is wrong: the operator's matter.
    Misfit,
}

/// Why there is no answer to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeChatError {
    /// WeChat has said no.
    Told(WeChatFault, i64),
    /// The request never reached WeChat.
    Unreached,
    /// The request wasn't sent, for want of an access token; why there is none stands in the log.
    NoToken,
    /// It may have been done or not: no answer came, or one that isn't WeChat's.
    Unknown,
}

impl From<WeChatError> for OpError {
    fn from(error: WeChatError) -> Self {
        match error {
            WeChatError::Told(WeChatFault::MinuteLimit, _) => Self::Code(
                ErrorCode::RateLimited,
                "WeChat takes no more of this user's requests for a minute",
            ),
            _ => Self::Code(ErrorCode::Unavailable, "WeChat"),
        }
    }
}

fn fault(errcode: i64) -> WeChatFault {
    match errcode {
        -1 => WeChatFault::Busy,
        40029 | 40163 => WeChatFault::BadCode,
        40226 => WeChatFault::Blocked,
        45011 => WeChatFault::MinuteLimit,
        45009 => WeChatFault::DayLimit,
        40001 | 40014 | 42001 => WeChatFault::BadToken,
        43101 => WeChatFault::NoConsent,
        43108 => WeChatFault::Concurrent,
        _ => WeChatFault::Misfit,
    }
}

/// The number of what WeChat says; 0 where it says nothing.
fn errcode(answer: &Map<String, Value>) -> Option<i64> {
    match answer.get("errcode") {
        None => Some(0),
        Some(Value::Number(code)) => code.as_i64(),
        Some(Value::String(code)) => code.parse().ok(),
        Some(_) => None,
    }
}

/// The id under which WeChat's support finds the request.
fn rid(errmsg: &str) -> &str {
    let id = errmsg.split_once("rid: ").map_or("", |(_, id)| id);
    id.split(|c: char| !c.is_ascii_hexdigit() && c != '-').next().unwrap_or_default()
}

/// Whether WeChat has done it; what it says of an error goes to the log, but for its own words.
pub fn verdict(what: &'static str, body: &[u8]) -> Result<(), WeChatError> {
    let answer: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
    let Some((answer, errcode)) = answer.and_then(|answer| errcode(&answer).map(|code| (answer, code)))
    else {
        tracing::warn!(what, "WeChat's answer can't be read");
        return Err(WeChatError::Unknown);
    };
    if errcode == 0 {
        return Ok(());
    }
    let (fault, rid) =
        (fault(errcode), rid(answer.get("errmsg").and_then(Value::as_str).unwrap_or_default()));
    match fault {
        WeChatFault::Misfit => {
            tracing::error!(what, errcode, rid, "WeChat refuses what this server asks for")
        }
        WeChatFault::BadCode | WeChatFault::NoConsent => {
            tracing::debug!(what, errcode, rid, "WeChat says no")
        }
        _ => tracing::warn!(what, errcode, rid, "WeChat says no"),
    }
    Err(WeChatError::Told(fault, errcode))
}

/// Reads an answer that isn't an error.
pub fn read<T: DeserializeOwned>(what: &'static str, body: &[u8]) -> Result<T, WeChatError> {
    verdict(what, body)?;
    serde_json::from_slice(body).map_err(|_| {
        tracing::warn!(what, "WeChat's answer can't be read");
        WeChatError::Unknown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_known_by_its_number_or_its_text() {
        for body in [
            r#"{"errcode":40029,"errmsg":"invalid code rid: 6166f719-6cb5d09c-633ab469"}"#,
            r#"{"errcode":"40029","errmsg":"invalid code"}"#,
        ] {
            let told = verdict("a", body.as_bytes());
            assert_eq!(told, Err(WeChatError::Told(WeChatFault::BadCode, 40029)), "{body}");
        }
        for done in [r#"{"openid":"o"}"#, r#"{"errcode":0,"errmsg":"ok"}"#, r#"{"errcode":"0"}"#] {
            assert_eq!(verdict("a", done.as_bytes()), Ok(()), "{done}");
        }
        for strange in ["", "<html>502</html>", "[]", r#"{"errcode":{}}"#, r#"{"errcode":"x"}"#] {
            assert_eq!(verdict("a", strange.as_bytes()), Err(WeChatError::Unknown), "{strange}");
        }
        assert_eq!(verdict("a", b"{\"errcode\":99999}"), Err(WeChatError::Told(WeChatFault::Misfit, 99999)));
    }

    #[test]
    fn only_the_id_of_the_request_is_taken_out_of_the_words() {
        assert_eq!(rid("invalid code rid: 6166f719-6cb5d09c-633ab469"), "6166f719-6cb5d09c-633ab469");
        assert_eq!(rid("invalid code, hints: [ req_id: qEjdmsNre-EYNDhA ]"), "");
    }
}
