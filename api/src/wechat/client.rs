//! The client of WeChat's servers.

use std::time::Duration;

use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use zhibu_domain::{identity::WeChatIdentity, member::PhoneNumber};

use super::{
    answer::{WeChatError, WeChatFault, read, verdict},
    settings::Settings,
    token::{Kept, Token},
};
use crate::{auth::random::Randomness, clock::Clock, outgoing::client};

type Answered<T> = Result<T, WeChatError>;

/// How long WeChat may take for an answer.
const PATIENCE: Duration = Duration::from_secs(6);

/// How often a call is made that WeChat was too busy for.
const TRIES: u32 = 3;

/// The largest picture that is taken.
const LARGEST: usize = 1 << 20;

/// Speaks with WeChat's servers in the name of the mini-program.
pub struct WeChat {
    /// How the mini-program is set up.
    pub settings: Settings,
    http: Client,
    clock: Clock,
    token: Kept,
}

/// One of a server's addresses, without what follows `?`.
#[derive(Clone, Copy)]
struct Path(&'static str);

impl WeChat {
    /// A client.
    pub fn new(settings: Settings, clock: Clock) -> Result<Self, String> {
        let http = client()?
            .connect_timeout(Duration::from_secs(3))
            .timeout(PATIENCE)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { settings, http, clock, token: Kept::default() })
    }

    /// Who has called `wx.login`. The `session_key` that WeChat sends along is let go unread: nothing here
    /// needs it.
    pub async fn identity(&self, code: &str) -> Answered<WeChatIdentity> {
        #[derive(Deserialize)]
        struct Session {
            openid: String,
            unionid: Option<String>,
        }
        let Settings { appid, secret, .. } = &self.settings;
        let path = Path("/sns/jscode2session");
        let query = [
            ("appid", appid.as_str()),
            ("secret", secret),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        let url = self.url(path, &query)?;
        let body = self.plainly(path, self.http.get(url)).await?;
        let session: Session = read(path.0, &body)?;
        let union_id = session.unionid.filter(|id| !id.is_empty());
        Ok(WeChatIdentity { app_id: appid.clone(), open_id: session.openid, union_id })
    }

    /// The phone number behind the code of `getPhoneNumber`, which must be of the same person.
    pub async fn phone(&self, code: &str, open_id: &str) -> Answered<PhoneNumber> {
        #[derive(Deserialize)]
        struct Answer {
            phone_info: Info,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Info {
            pure_phone_number: String,
            country_code: Value,
            watermark: Watermark,
        }
        #[derive(Deserialize)]
        struct Watermark {
            appid: String,
        }
        let path = Path("/wxa/business/getuserphonenumber");
        let body = self.call(path, &json!({ "code": code, "openid": open_id })).await?;
        let Info { pure_phone_number, country_code, watermark } = read::<Answer>(path.0, &body)?.phone_info;
        if watermark.appid != self.settings.appid {
            return Err(WeChatError::Told(WeChatFault::BadCode, 0));
        }
        let country = country_code.as_str().map_or_else(|| country_code.to_string(), str::to_owned);
        let number = PhoneNumber::parse(&format!("+{country}{pure_phone_number}"));
        number.ok_or(WeChatError::Told(WeChatFault::BadCode, 0))
    }

    /// Sees to it that a call has an access token: that can take its time.
    pub async fn ready(&self) -> Answered<()> {
        self.token().await.map(drop)
    }

    /// Sends a subscribe message.
    pub async fn message(&self, message: &Value) -> Answered<()> {
        let path = Path("/cgi-bin/message/subscribe/send");
        // Tried again by the outbox, which knows until when.
        let body = self.authorized(path, message).await?;
        verdict(path.0, &body)
    }

    /// The picture of a mini-program code that opens a page with `scene`.
    pub async fn code(&self, scene: &str) -> Answered<Vec<u8>> {
        let path = Path("/wxa/getwxacodeunlimit");
        let Settings { code_page, state, .. } = &self.settings;
        // A version that isn't published yet has pages that WeChat can't check.
        let check = state.of_code() == "release";
        let asked = json!({
            "scene": scene, "page": code_page, "check_path": check, "env_version": state.of_code(), "width": 430,
        });
        let body = self.call(path, &asked).await?;
        let picture = picture_type(&body).is_some() && body.len() <= LARGEST;
        if picture { Ok(body) } else { Err(verdict(path.0, &body).err().unwrap_or(WeChatError::Unknown)) }
    }

    fn url(&self, path: Path, query: &[(&str, &str)]) -> Answered<reqwest::Url> {
        let base = self.settings.base_url.trim_end_matches('/');
        // The base was checked when the server started.
        reqwest::Url::parse_with_params(&format!("{base}{}", path.0), query)
            .map_err(|_| WeChatError::Unreached)
    }

    /// Sends a request and reads the answer, whatever its status.
    async fn send(&self, path: Path, request: reqwest::RequestBuilder) -> Answered<Vec<u8>> {
        let failed = |error: reqwest::Error| {
            // Without the address, which holds the secret.
            let error = error.without_url();
            tracing::warn!(what = path.0, %error, "WeChat doesn't answer");
            if error.is_connect() { WeChatError::Unreached } else { WeChatError::Unknown }
        };
        let mut response = request.send().await.map_err(failed)?;
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(failed)? {
            body.extend_from_slice(&part);
            if body.len() > LARGEST {
                return Err(WeChatError::Unknown);
            }
        }
        Ok(body)
    }

    /// A request by the secret, made again where WeChat was too busy or wasn't reached.
    async fn plainly(&self, path: Path, request: reqwest::RequestBuilder) -> Answered<Vec<u8>> {
        let mut tries = 0;
        loop {
            let again = request.try_clone().ok_or(WeChatError::Unreached)?;
            let answer = self.send(path, again).await;
            tries += 1;
            if tries == TRIES || !is_worth_another_try(&answer) {
                return answer;
            }
            pause(path, tries).await;
        }
    }

    /// A call that may be made again.
    async fn call(&self, path: Path, asked: &Value) -> Answered<Vec<u8>> {
        let mut tries = 0;
        loop {
            let answer = self.authorized(path, asked).await;
            tries += 1;
            if tries == TRIES || !is_worth_another_try(&answer) {
                return answer;
            }
            pause(path, tries).await;
        }
    }

    /// A call with the access token. Where WeChat doesn't take the token, it is let go, and the call made
    /// once more with another.
    async fn authorized(&self, path: Path, asked: &Value) -> Answered<Vec<u8>> {
        let token = self.token().await?;
        let body = self.post(path, &token, asked).await?;
        if !is_bad_token(&body) {
            return Ok(body);
        }
        tracing::warn!(what = path.0, "WeChat doesn't take the access token any more");
        self.token.forget(&token);
        let token = self.token().await?;
        let body = self.post(path, &token, asked).await?;
        if is_bad_token(&body) { Err(WeChatError::Told(WeChatFault::BadToken, 40001)) } else { Ok(body) }
    }

    async fn post(&self, path: Path, token: &str, asked: &Value) -> Answered<Vec<u8>> {
        let url = self.url(path, &[("access_token", token)])?;
        self.send(path, self.http.post(url).json(asked)).await
    }

    /// The token that is kept, or a new one. While the old one works, nobody waits for its successor. Without one
    /// they fetch it one after the other, and give up where the one before them has tried in vain.
    async fn token(&self) -> Answered<String> {
        let failures = self.token.failures();
        let _fetching = match self.token.working(self.clock.now()) {
            Some(token) if self.clock.now() < token.renew_at => return Ok(token.value),
            Some(token) => match self.token.fetching.try_lock() {
                Ok(fetching) => fetching,
                Err(_) => return Ok(token.value),
            },
            None => self.token.fetching.lock().await,
        };
        let now = self.clock.now();
        if let Some(token) = self.token.working(now).filter(|token| now < token.renew_at) {
            return Ok(token.value);
        }
        if self.token.failures() != failures {
            return Err(WeChatError::NoToken);
        }
        match self.fetch().await {
            Ok(token) => {
                self.token.keep(token.clone());
                Ok(token.value)
            }
            Err(_) => {
                let old = self.token.failed(self.clock.now());
                old.map(|token| token.value).ok_or(WeChatError::NoToken)
            }
        }
    }

    async fn fetch(&self) -> Answered<Token> {
        #[derive(Deserialize)]
        struct Fresh {
            access_token: String,
            expires_in: i64,
        }
        let path = Path("/cgi-bin/stable_token");
        let Settings { appid, secret, .. } = &self.settings;
        let asked = json!({ "grant_type": "client_credential", "appid": appid, "secret": secret });
        let url = self.url(path, &[])?;
        let body = self.plainly(path, self.http.post(url).json(&asked)).await?;
        let fresh: Fresh = read(path.0, &body).map_err(|error| match error {
            // Here it is the secret that is wrong.
            WeChatError::Told(WeChatFault::BadToken, code) => WeChatError::Told(WeChatFault::Misfit, code),
            other => other,
        })?;
        Ok(Token::new(fresh.access_token, fresh.expires_in, self.clock.now()))
    }
}

fn errcode(body: &[u8]) -> Option<i64> {
    // A picture isn't parsed.
    let text = body.first().filter(|first| **first == b'{').and(Some(body))?;
    let value: Value = serde_json::from_slice(text).ok()?;
    let code = value.get("errcode")?;
    code.as_i64().or_else(|| code.as_str()?.parse().ok())
}

/// Whether WeChat was too busy, as it says itself, or wasn't reached.
fn is_worth_another_try(answer: &Answered<Vec<u8>>) -> bool {
    match answer {
        Ok(body) => errcode(body) == Some(-1),
        Err(error) => *error == WeChatError::Unreached,
    }
}

/// Waits before another try, each time for longer.
async fn pause(path: Path, tries: u32) {
    tracing::debug!(what = path.0, tries, "WeChat is busy");
    let wait = 100 * u64::from(tries) + u64::from(Randomness.below(100));
    tokio::time::sleep(Duration::from_millis(wait)).await;
}

fn is_bad_token(body: &[u8]) -> bool {
    matches!(errcode(body), Some(40001 | 40014 | 42001))
}

/// The media type of a picture, by its first bytes.
pub fn picture_type(body: &[u8]) -> Option<&'static str> {
    if body.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some("image/jpeg")
    } else if body.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else {
        None
    }
}
