//! The demo's people, and their signing in (W5).

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, VecDeque},
    fs,
    net::SocketAddr,
    path::Path,
    rc::Rc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    Fault,
    graph::{Graph, text},
    load::{Measure, Source},
    sample::note,
    wire::{self, Answer},
};

const SIGN_IN: &str = "mutation($i: SignInInput!) { signIn(input: $i) { __typename ... on SignInDone { \
    tokens { accessToken refreshToken } } ... on SignInRefused { code message } } }";
const REFRESH: &str = "mutation($i: RefreshSessionInput!) { refreshSession(input: $i) { \
    ... on RefreshSessionDone { tokens { accessToken refreshToken } } ... on SessionRefused { code } } }";
/// Office workers who ask for reports.
const OFFICES: usize = 50;
/// Access tokens live for a quarter of an hour.
const STALE: Duration = Duration::from_secs(8 * 60);

/// Somebody of the demo.
struct Account {
    phone: String,
    password: String,
    role: String,
    unit: String,
}

struct Tokens {
    access: String,
    refresh: String,
    since: Instant,
}

/// Everybody of the demo: they sign in one after the other, branch by branch.
pub struct Crowd {
    /// Where the server listens.
    pub address: SocketAddr,
    accounts: Vec<Account>,
    next: Cell<usize>,
    tokens: RefCell<Vec<Option<Tokens>>>,
}

/// A branch whose people have signed in.
pub struct Branch {
    /// Its global id.
    pub unit: String,
    /// Its secretary.
    pub secretary: usize,
    /// Everybody.
    pub people: Vec<usize>,
}

impl Account {
    fn read(value: &Value) -> Result<Self, Fault> {
        let field = |name: &str| text(value, &format!("/{name}"));
        Ok(Self {
            phone: field("phone")?,
            password: field("password")?,
            role: field("role")?,
            unit: field("unitId")?,
        })
    }

    fn is(&self, role: &str) -> bool {
        self.role.eq_ignore_ascii_case(role)
    }

    fn input(&self) -> Value {
        json!({ "i": { "phone": self.phone, "password": self.password, "deviceLabel": "bench" } })
    }
}

impl Tokens {
    fn read(data: &Value, field: &str) -> Result<Self, Fault> {
        let part = |name: &str| text(data, &format!("/{field}/tokens/{name}"));
        Ok(Self { access: part("accessToken")?, refresh: part("refreshToken")?, since: Instant::now() })
    }
}

impl Crowd {
    /// Reads the demo's accounts.
    pub fn read(file: &Path, address: SocketAddr) -> Result<Self, Fault> {
        let list: Value = serde_json::from_slice(&fs::read(file)?)?;
        let list = list.as_array().ok_or("accounts.json is no list")?;
        let mut accounts = list.iter().map(Account::read).collect::<Result<Vec<_>, _>>()?;
        let led: Vec<String> = accounts
            .iter()
            .filter(|account| account.is("secretary"))
            .map(|account| account.unit.clone())
            .collect();
        // Who belongs to no branch comes last.
        accounts.sort_by_key(|account| (!led.contains(&account.unit), account.unit.clone()));
        let tokens = accounts.iter().map(|_| None).collect();
        Ok(Self { address, accounts, next: Cell::new(0), tokens: RefCell::new(tokens) })
    }

    /// Somebody's access token.
    pub fn token(&self, number: usize) -> Option<String> {
        self.tokens.borrow().get(number)?.as_ref().map(|tokens| tokens.access.clone())
    }

    async fn fresh_token(&self, account: &Account) -> Result<String, Fault> {
        let data = Graph::new(self.address, None).ask(SIGN_IN, account.input()).await?;
        Ok(Tokens::read(&data, "signIn")?.access)
    }

    /// A fresh token for an office worker, who may organize every branch's activities.
    pub async fn office_token(&self) -> Result<String, Fault> {
        let account = self.accounts.iter().find(|account| account.is("office")).ok_or("no office worker")?;
        self.fresh_token(account).await
    }

    /// The units of some office workers, each with a fresh token.
    pub async fn offices(&self) -> Result<Vec<(String, String)>, Fault> {
        let mut offices = Vec::new();
        for account in self.accounts.iter().filter(|account| account.is("office")).take(OFFICES) {
            offices.push((account.unit.clone(), self.fresh_token(account).await?));
        }
        Ok(offices)
    }

    /// A client for the office worker.
    pub async fn office(&self) -> Result<Graph, Fault> {
        Ok(Graph::new(self.address, Some(self.office_token().await?)))
    }

    /// Signs in whoever hasn't yet.
    pub async fn sign_in_all(self: &Rc<Self>, measure: &Measure) -> Result<(), Fault> {
        let missing: VecDeque<_> = {
            let tokens = self.tokens.borrow();
            (0..self.accounts.len())
                .filter(|number| tokens.get(*number).is_none_or(Option::is_none))
                .collect()
        };
        note(&format!("signs in {} members", missing.len()));
        let patient = Measure { length: Duration::from_secs(3_600), runs: 1, ..*measure };
        let missing = Rc::new(Missing { crowd: Rc::clone(self), left: RefCell::new(missing) });
        patient.repeat(64, async || Ok(Rc::clone(&missing))).await?;
        self.renew().await
    }

    fn sign_in(&self, number: usize, request: &mut Vec<u8>) -> Option<usize> {
        let body = json!({ "query": SIGN_IN, "variables": self.accounts.get(number)?.input() }).to_string();
        request.extend(wire::request(None, &body));
        Some(number)
    }

    /// The branches whose people have signed in, all of them.
    pub fn branches(&self) -> Vec<Branch> {
        let tokens = self.tokens.borrow();
        let mut units: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, account) in self.accounts.iter().enumerate() {
            units.entry(&account.unit).or_default().push(number);
        }
        let present = |number: &usize| tokens.get(*number).is_some_and(Option::is_some);
        let leads =
            |number: &usize| self.accounts.get(*number).is_some_and(|account| account.is("secretary"));
        let branch = |(unit, people): (&str, Vec<usize>)| {
            let secretary = people.iter().copied().find(leads)?;
            people.iter().all(present).then(|| Branch { unit: unit.to_owned(), secretary, people })
        };
        units.into_iter().filter_map(branch).collect()
    }

    /// Continues the sessions whose access tokens are about to expire.
    pub async fn renew(&self) -> Result<(), Fault> {
        let graph = Graph::new(self.address, None);
        let old =
            |tokens: &Option<Tokens>| tokens.as_ref().is_some_and(|tokens| tokens.since.elapsed() > STALE);
        if !self.tokens.borrow().iter().any(old) {
            return Ok(());
        }
        note("continues the sessions");
        for number in 0..self.accounts.len() {
            let refresh =
                self.tokens.borrow().get(number).and_then(Option::as_ref).map(|t| t.refresh.clone());
            let Some(refresh) = refresh else { continue };
            let data = graph.ask(REFRESH, json!({ "i": { "refreshToken": refresh } })).await?;
            self.keep(number, Tokens::read(&data, "refreshSession")?);
        }
        Ok(())
    }

    fn keep(&self, number: usize, tokens: Tokens) {
        if let Some(place) = self.tokens.borrow_mut().get_mut(number) {
            *place = Some(tokens);
        }
    }
}

impl Source for Crowd {
    async fn next(&self, request: &mut Vec<u8>) -> Option<usize> {
        let number = self.next.get() % self.accounts.len().max(1);
        self.next.set(number + 1);
        self.sign_in(number, request)
    }

    fn accept(&self, number: usize, answer: &Answer<'_>) -> bool {
        let read = serde_json::from_slice::<Value>(answer.body).map_err(Fault::from);
        let tokens = read.and_then(|body| Tokens::read(body.get("data").unwrap_or(&Value::Null), "signIn"));
        tokens.map(|tokens| self.keep(number, tokens)).is_ok()
    }
}

/// Those who haven't signed in yet.
struct Missing {
    crowd: Rc<Crowd>,
    left: RefCell<VecDeque<usize>>,
}

impl Source for Missing {
    async fn next(&self, request: &mut Vec<u8>) -> Option<usize> {
        let number = self.left.borrow_mut().pop_front()?;
        self.crowd.sign_in(number, request)
    }

    fn accept(&self, number: usize, answer: &Answer<'_>) -> bool {
        self.crowd.accept(number, answer)
    }
}
