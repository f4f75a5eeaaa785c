//! WeChat, as it stands in for the tests: one for all worlds, in which each has a mini-program of its own.

use std::{
    net::TcpListener,
    sync::{Arc, OnceLock},
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zhibu::{
    clock::Clock,
    config::Config,
    wechat::{
        Settings, Template,
        stand_in::{Program, StandIn},
    },
};

use super::{
    cast::Who,
    document::{BIND_WECHAT, SIGN_IN_BY_WECHAT},
    reply::Reply,
    world::{Setup, World},
};

/// Its secret, which must never be seen again.
pub const SECRET: &str = "a secret of the mini-program alone";

/// What the stand-in answers as `session_key`.
pub const SESSION_KEY: &str = "never+to/be/kept";

fn stand_in() -> &'static (Arc<StandIn>, String) {
    static RUNNING: OnceLock<(Arc<StandIn>, String)> = OnceLock::new();
    RUNNING.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stand_in = Arc::new(StandIn::default());
        let serving = Arc::clone(&stand_in);
        // Of no test's runtime, for that ends with the test.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            runtime.unwrap().block_on(async { serving.listen(listener).unwrap().await }).unwrap();
        });
        (stand_in, url)
    })
}

/// The same for all servers of a world.
fn appid(config: &Config) -> String {
    let digest = Sha256::digest(config.database_url.as_bytes());
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("wx{hex}")
}

fn template(id: &str, fields: &[(&str, &str)], page: &str) -> Template {
    Template {
        id: id.to_owned(),
        long_term: false,
        page: page.to_owned(),
        fields: fields.iter().map(|(name, fact)| ((*name).to_owned(), (*fact).to_owned())).collect(),
    }
}

/// The templates of the tests' mini-program: of one time, but for the last.
fn templates() -> Vec<(&'static str, Template)> {
    let inbox = "pages/inbox/index";
    let (party_day, work) =
        ([("thing1", "TITLE"), ("time2", "AT"), ("thing3", "PLACE")], [("thing1", "TITLE"), ("time2", "AT")]);
    let reviewed = template("T-HOURS", &[("thing1", "TITLE"), ("phrase2", "OUTCOME")], inbox);
    vec![
        ("ACTIVITY_PUBLISHED", template("T-PARTY-DAY", &party_day, inbox)),
        ("ASSIGNMENT_DISPATCHED", template("T-WORK", &work, "pages/assignment/index?id={id}")),
        ("ASSIGNMENT_DUE_SOON", template("T-DUE", &work, inbox)),
        ("HOURS_REVIEWED", Template { long_term: true, ..reviewed }),
    ]
}

/// A world with a mini-program.
pub fn with_mini_program() -> Setup {
    Setup {
        configure: |config| {
            let templates = templates().into_iter().map(|(kind, template)| (kind.to_owned(), template));
            config.wechat = Settings {
                base_url: stand_in().1.clone(),
                appid: appid(config),
                secret: SECRET.to_owned(),
                templates: templates.collect(),
                ..Settings::default()
            };
        },
        ..Setup::default()
    }
}

/// A world's mini-program, from WeChat's side.
pub struct WeChat<'a> {
    world: &'a World,
    pub appid: String,
}

impl World {
    /// Has WeChat know the world's mini-program; WeChat's clock is this one.
    pub fn wechat_by(&self, clock: Clock) -> WeChat<'_> {
        let appid = appid(&self.app.config);
        stand_in().0.found(&appid, SECRET, clock);
        let wechat = WeChat { world: self, appid };
        wechat.with(|program| {
            for page in ["pages/inbox/index", "pages/assignment/index", "pages/scan/index"] {
                program.pages.insert(page.to_owned());
            }
            for (_, template) in templates() {
                let fields: Vec<_> = template.fields.keys().map(String::as_str).collect();
                program.add_template(&template.id, &fields, template.long_term);
            }
        });
        wechat
    }
}

impl World {
    /// The mini-program, as it is known, by the servers of this world.
    pub fn wechat_view(&self) -> WeChat<'_> {
        WeChat { world: self, appid: appid(&self.app.config) }
    }
}

impl WeChat<'_> {
    /// Looks at the mini-program as WeChat keeps it, or changes it.
    pub fn with<T>(&self, look: impl FnOnce(&mut Program) -> T) -> T {
        stand_in().0.with(&self.appid, look).expect("the mini-program is known")
    }

    /// Somebody's phone calls `wx.login`.
    pub fn login(&self, who: Who) -> String {
        self.with(|program| program.login(who.phone()))
    }

    /// Somebody allows the mini-program to have their number.
    pub fn phone_code(&self, who: Who) -> String {
        self.with(|program| program.phone_code(who.phone(), who.phone()))
    }

    /// Sends a code of `wx.login`.
    pub async fn sign_in(&self, code: &str) -> Reply {
        self.sign_in_to(code, &self.appid).await
    }

    /// The same, of another mini-program.
    pub async fn sign_in_to(&self, code: &str, appid: &str) -> Reply {
        let input = json!({ "code": code, "appId": appid, "district": "370100" });
        self.world.anonymous().run(SIGN_IN_BY_WECHAT, input).await
    }

    /// The ticket that somebody gets whose WeChat account isn't bound.
    pub async fn ticket(&self, who: Who) -> String {
        let reply = self.sign_in(&self.login(who)).await;
        assert_eq!(reply.root_typename(), "WeChatNotBound", "{}", reply.text);
        reply.str("/signInByWeChat/bindingTicket")
    }

    /// Binds by a ticket.
    pub async fn bind(&self, ticket: &str, proof: Value) -> Reply {
        let mut input = proof;
        input["bindingTicket"] = json!(ticket);
        self.world.anonymous().run(BIND_WECHAT, input).await
    }

    /// Binds somebody by their phone number; answers the access token.
    pub async fn bound(&self, who: Who) -> String {
        let ticket = self.ticket(who).await;
        let reply = self.bind(&ticket, json!({ "phoneCode": self.phone_code(who) })).await;
        reply.done()["tokens"]["accessToken"].as_str().unwrap().to_owned()
    }
}
