use std::collections::BTreeMap;

use serde::Deserialize;
use zhibu_domain::{
    notification::{NotificationKind, SubscribeField},
    vocabulary::Vocabulary,
};

/// The mini-program of this server.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where WeChat's servers are.
    pub base_url: String,
    /// The mini-program; empty where there is none.
    pub appid: String,
    /// Its secret (AppSecret).
    pub secret: String,
    /// Which of its versions messages and codes open.
    pub state: ProgramState,
    /// The page that a code opens.
    pub code_page: String,
    /// The templates of subscribe messages, by the kind of notification.
    pub templates: BTreeMap<String, Template>,
}

/// A version of the mini-program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProgramState {
    /// The developer's.
    Developer,
    /// The one on trial.
    Trial,
    /// The published one.
    Formal,
}

impl ProgramState {
    /// As messages name it.
    pub fn of_message(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Trial => "trial",
            Self::Formal => "formal",
        }
    }

    /// As codes name it.
    pub fn of_code(self) -> &'static str {
        match self {
            Self::Developer => "develop",
            Self::Trial => "trial",
            Self::Formal => "release",
        }
    }
}

/// A template of subscribe messages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// As WeChat calls it.
    pub id: String,
    /// Whether one consent is good for many messages; else for one.
    #[serde(default)]
    pub long_term: bool,
    /// The page that a message opens; `{id}` stands for the id of what it is about.
    #[serde(default = "inbox")]
    pub page: String,
    /// What stands in each of its fields, such as `thing1 = "TITLE"`.
    pub fields: BTreeMap<String, String>,
}

fn inbox() -> String {
    "pages/inbox/index".to_owned()
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: "https://api.weixin.qq.com".to_owned(),
            appid: String::new(),
            secret: String::new(),
            state: ProgramState::Formal,
            code_page: "pages/scan/index".to_owned(),
            templates: BTreeMap::new(),
        }
    }
}

// The secret doesn't belong into a log.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Settings({}, {}, …)", self.base_url, self.appid)
    }
}

impl Settings {
    /// Whether there is a mini-program.
    pub fn is_used(&self) -> bool {
        !self.appid.is_empty()
    }

    /// Checks the values; answers the key at fault, and why.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let bad = |key, why: &str| Err((key, why.to_owned()));
        if !self.is_used() {
            return Ok(());
        }
        let secure = self.base_url.starts_with("https://");
        if !secure && !self.base_url.starts_with("http://127.0.0.1:") {
            return bad("wechat.base_url", "must begin with https://");
        }
        if !self.appid.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return bad("wechat.appid", "must be the mini-program's AppID");
        }
        if self.secret.is_empty() {
            return bad("wechat.secret", "must be the mini-program's AppSecret");
        }
        for (kind, template) in &self.templates {
            if NotificationKind::from_code(kind).is_none() {
                return Err(("wechat.templates", format!("{kind} is no kind of notification")));
            }
            if template.fields.is_empty() {
                return Err(("wechat.templates", format!("{kind}: a template has fields")));
            }
            for (name, fact) in &template.fields {
                if SubscribeField::new(name, fact).is_none() {
                    return Err(("wechat.templates", format!("{kind}: {name} = {fact} can't be filled in")));
                }
            }
        }
        Ok(())
    }

    /// The template of a kind of notification.
    pub fn template(&self, kind: NotificationKind) -> Option<&Template> {
        self.templates.get(kind.code())
    }
}

impl Template {
    /// Its fields.
    pub fn fields(&self) -> impl Iterator<Item = SubscribeField> {
        self.fields.iter().filter_map(|(name, fact)| SubscribeField::new(name, fact))
    }
}
