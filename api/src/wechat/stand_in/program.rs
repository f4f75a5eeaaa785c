//! What the stand-in keeps of one mini-program.

use std::collections::{HashMap, HashSet, VecDeque};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{auth::random::Randomness, clock::Clock};

/// How long a code lasts.
pub(super) const CODE_LASTS: Duration = Duration::minutes(5);

/// How long an access token lasts.
pub(super) const TOKEN_LASTS: Duration = Duration::seconds(7_200);

/// How long an old token works beside its successor, and how long before its end there is one.
pub(super) const OVERLAP: Duration = Duration::minutes(5);

/// What goes wrong with the next answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is an error of this number; nothing is done.
    Code(i64),
    /// Its error code is a text; nothing is done, as the number says.
    CodeAsText(i64),
    /// It is done, but the answer is cut off.
    Cut,
    /// It is done, but the answer comes late, in milliseconds.
    Late(u64),
    /// A page of some proxy's; nothing is done.
    Page,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path.
    pub path: &'static str,
    /// The body, or what followed `?`.
    pub body: Value,
}

/// A message that a person got.
#[derive(Clone, Debug)]
pub struct Sent {
    /// To whom.
    pub open_id: String,
    /// The message.
    pub message: Value,
}

/// A template.
#[derive(Clone, Debug, Default)]
pub struct StandInTemplate {
    /// Its fields, such as `thing1`.
    pub fields: Vec<String>,
    /// Whether one consent is good for many messages.
    pub long_term: bool,
}

pub(super) struct LoginCode {
    pub(super) open_id: String,
    pub(super) union_id: Option<String>,
    pub(super) until: DateTime<Utc>,
    pub(super) used: bool,
    pub(super) risky: bool,
}

pub(super) struct PhoneCode {
    pub(super) open_id: String,
    pub(super) phone: String,
    /// Of another mini-program.
    pub(super) foreign: bool,
    pub(super) until: DateTime<Utc>,
    pub(super) used: bool,
}

/// A mini-program, as WeChat knows it.
pub struct Program {
    /// The AppID.
    pub appid: String,
    /// The AppSecret.
    pub secret: String,
    /// Whether the secret is frozen.
    pub frozen: bool,
    /// Messages of a day.
    pub messages_of_day: u32,
    /// Codes drawn in a minute.
    pub codes_of_minute: u32,
    /// Sign-ins of one person in a minute.
    pub logins_of_minute: u32,
    /// The pages that are published.
    pub pages: HashSet<String>,
    /// What came, in order.
    pub asked: Vec<Asked>,
    /// What people got.
    pub sent: Vec<Sent>,
    /// Whose a code is that WeChat hasn't given: for the demo, in which devtools make up codes.
    pub welcome: Option<String>,
    pub(super) clock: Clock,
    pub(super) faults: HashMap<&'static str, VecDeque<Fault>>,
    pub(super) logins: HashMap<String, LoginCode>,
    pub(super) phones: HashMap<String, PhoneCode>,
    pub(super) templates: HashMap<String, StandInTemplate>,
    pub(super) credits: HashMap<(String, String), u32>,
    pub(super) sending: HashSet<String>,
    pub(super) token: Option<(String, DateTime<Utc>)>,
    pub(super) previous: Option<(String, DateTime<Utc>)>,
    pub(super) counts: HashMap<(String, i64), u32>,
    tokens_made: u32,
}

impl Program {
    pub(super) fn new(appid: &str, secret: &str, clock: Clock) -> Self {
        Self {
            appid: appid.to_owned(),
            secret: secret.to_owned(),
            frozen: false,
            messages_of_day: 10_000_000,
            codes_of_minute: 5_000,
            logins_of_minute: 100,
            pages: HashSet::new(),
            asked: Vec::new(),
            sent: Vec::new(),
            welcome: None,
            clock,
            faults: HashMap::new(),
            logins: HashMap::new(),
            phones: HashMap::new(),
            templates: HashMap::new(),
            credits: HashMap::new(),
            sending: HashSet::new(),
            token: None,
            previous: None,
            counts: HashMap::new(),
            tokens_made: 0,
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What WeChat calls a person in this mini-program.
    pub fn open_id(&self, person: &str) -> String {
        let digest = Sha256::digest(format!("{}/{person}", self.appid));
        let name = URL_SAFE_NO_PAD.encode(digest);
        format!("o{}", name.get(..27).unwrap_or_default())
    }

    /// A person calls `wx.login`.
    pub fn login(&mut self, person: &str) -> String {
        self.login_as(person, None, false)
    }

    /// The same, of somebody whom the owner's other apps know, too, or in whom WeChat sees a risk.
    pub fn login_as(&mut self, person: &str, union_id: Option<&str>, risky: bool) -> String {
        let code = drawn();
        let login = LoginCode {
            open_id: self.open_id(person),
            union_id: union_id.map(str::to_owned),
            until: self.now() + CODE_LASTS,
            used: false,
            risky,
        };
        self.logins.insert(code.clone(), login);
        code
    }

    /// A person allows the mini-program to have their phone number.
    pub fn phone_code(&mut self, person: &str, phone: &str) -> String {
        let code = drawn();
        let until = self.now() + CODE_LASTS;
        let phone = PhoneCode {
            open_id: self.open_id(person),
            phone: phone.to_owned(),
            foreign: false,
            until,
            used: false,
        };
        self.phones.insert(code.clone(), phone);
        code
    }

    /// A number that was given to another mini-program, should WeChat ever answer it here.
    pub fn foreign_phone_code(&mut self, person: &str, phone: &str) -> String {
        let code = self.phone_code(person, phone);
        if let Some(given) = self.phones.get_mut(&code) {
            given.foreign = true;
        }
        code
    }

    /// A template of the mini-program's.
    pub fn add_template(&mut self, id: &str, fields: &[&str], long_term: bool) {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        self.templates.insert(id.to_owned(), StandInTemplate { fields, long_term });
    }

    /// A person consents to one more message, or takes it all back by `None`.
    pub fn consent(&mut self, person: &str, template: &str, more: Option<u32>) {
        let credit = self.credits.entry((self.open_id_key(person), template.to_owned())).or_default();
        *credit = more.map_or(0, |more| *credit + more);
    }

    fn open_id_key(&self, person: &str) -> String {
        self.open_id(person)
    }

    /// How many more messages a person has consented to.
    pub fn credit(&self, person: &str, template: &str) -> u32 {
        self.credits.get(&(self.open_id(person), template.to_owned())).copied().unwrap_or(0)
    }

    /// Lets the next answers of a path go wrong.
    pub fn fail(&mut self, path: &'static str, faults: &[Fault]) {
        self.faults.entry(path).or_default().extend(faults);
    }

    /// Voids the access token, as an operator's `force_refresh` does.
    pub fn void_token(&mut self) {
        self.token = None;
        self.previous = None;
    }

    /// How many access tokens there were.
    pub fn tokens_made(&self) -> u32 {
        self.tokens_made
    }

    /// The token for whoever asks now: the same for all, until its last five minutes.
    pub(super) fn stable_token(&mut self) -> (String, i64) {
        let now = self.now();
        if let Some((token, until)) = self.token.as_ref().filter(|(_, until)| *until - now > OVERLAP) {
            return (token.clone(), (*until - now).num_seconds());
        }
        if let Some((old, until)) = self.token.take().filter(|(_, until)| *until > now) {
            self.previous = Some((old, until));
        }
        let token = format!("{}!{}", self.appid, drawn());
        self.tokens_made += 1;
        self.token = Some((token.clone(), now + TOKEN_LASTS));
        (token, TOKEN_LASTS.num_seconds())
    }

    /// Whether a token works: else the error, of which there are two.
    pub(super) fn takes(&self, token: &str) -> Result<(), (i64, &'static str)> {
        let now = self.now();
        let known = self.token.iter().chain(&self.previous).find(|(known, _)| known == token);
        match known {
            Some((_, until)) if now < *until => Ok(()),
            Some(_) => Err((42001, "access_token expired")),
            None => Err((40001, "invalid credential, access_token is invalid or not latest")),
        }
    }

    /// Counts one more in a stretch of time; whether that is too many.
    pub(super) fn is_over(&mut self, what: String, stretch: Duration, most: u32) -> bool {
        let at = self.now().timestamp() / stretch.num_seconds().max(1);
        let count = self.counts.entry((what, at)).or_default();
        *count += 1;
        *count > most
    }
}

/// A code that nobody guesses.
pub(super) fn drawn() -> String {
    URL_SAFE_NO_PAD.encode(Randomness.bytes::<24>())
}
