//! A server with one database, a clock that is set by hand, and the small world in it. On PostgreSQL
//! `ZHIBU_TEST_REPLICAS` says how many servers share the database; requests go to them in turn.

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration as Real, Instant},
};

use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};
use uuid::Uuid;
use zhibu::{
    activity,
    app::App,
    assignment,
    auth::secret::MasterKey,
    clock::Clock,
    config::{Config, SecondFactorMode},
    graphql::encode,
    identity::SEND_CODE,
    report,
    server::{self, Outside},
    volunteering,
    wechat::message::SEND_MESSAGE,
    worker::{self, Round},
};
use zhibu_domain::id::{DistrictId, OrgUnitId, PartyMemberId, TypedId};
use zhibu_persistence::{
    Origin, epoch, identity, member,
    outbox::{self, Kinds},
};

use super::{
    actor::{self, Actor, Tokens},
    cast::{Unit, Who},
    clock::beginning,
    founding::{self, Ids},
    leftovers,
    postgres::{self, Cluster, Server},
    sms::Captured,
    template,
};

/// The database under a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// How a world is set up.
pub struct Setup {
    /// Whether posts demand the second factor.
    pub second_factor: SecondFactorMode,
    /// Changes to the configuration.
    pub configure: fn(&mut Config),
}

impl Default for Setup {
    fn default() -> Self {
        Self { second_factor: SecondFactorMode::Optional, configure: |_| {} }
    }
}

/// Where the database is, for clearing it away.
enum Place {
    Folder(#[allow(dead_code, reason = "removed with the world")] TempDir),
    Database(&'static Server, String),
    Elsewhere,
}

/// A server of a world.
struct Replica {
    app: Arc<App>,
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Replica {
    async fn start(config: Config, outside: Outside) -> Self {
        let app = server::assemble(config, outside).await.expect("the server starts");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let running = server::listen(&app, listener).expect("the server listens");
        let address = running.address;
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(running.serve_until(async {
            let _dropped = stopped.await;
        }));
        Self { app, address, stop, serving }
    }
}

/// How many servers a world on PostgreSQL has.
fn replicas(engine: Engine) -> usize {
    let wanted = std::env::var("ZHIBU_TEST_REPLICAS").ok().and_then(|n| n.parse().ok());
    if engine == Engine::Postgres { wanted.unwrap_or(1) } else { 1 }
}

/// What every server of the tests derives its keys from.
pub const MASTER_KEY: &[u8] = b"a master key for tests and for nothing else";

/// A server, or several, with the small world.
pub struct World {
    /// The first server's.
    pub app: Arc<App>,
    pub engine: Engine,
    pub http: reqwest::Client,
    pub sms: Arc<Captured>,
    pub ids: &'static Ids,
    clock: Clock,
    replicas: Vec<Replica>,
    /// Counts the requests, which go to the servers in turn …
    turn: AtomicUsize,
    /// … or to the first alone.
    pinned: AtomicBool,
    tokens: Mutex<HashMap<(String, String), Tokens>>,
    place: Place,
}

fn config(url: String, setup: &Setup) -> Config {
    let mut config = Config {
        database_url: url,
        database_connections: 6,
        database_wait_ms: 10_000,
        migrate_on_start: false,
        second_factor: setup.second_factor,
        password_threads: 1,
        workers: Some(1),
        shutdown_seconds: 1,
        work_dir: template::fast_folder().join(format!("{}work", leftovers::prefix("test"))),
        public_url: "http://127.0.0.1".to_owned(),
        ..Config::default()
    };
    (setup.configure)(&mut config);
    config
}

impl World {
    /// Opens a world; none where there is no PostgreSQL.
    pub async fn open(engine: Engine, setup: Setup) -> Option<Self> {
        let (url, place) = match engine {
            Engine::Sqlite => {
                let folder = tempfile::Builder::new()
                    .prefix(&leftovers::prefix("test"))
                    .tempdir_in(template::fast_folder())
                    .unwrap();
                let file = folder.path().join("zhibu.db");
                template::sqlite(&file).await;
                (format!("sqlite://{}", file.display()), Place::Folder(folder))
            }
            Engine::Postgres => {
                let server = postgres::available().await?;
                let name = template::postgres(server).await;
                (server.url(&name), Place::Database(server, name))
            }
        };
        Some(Self::at(engine, url, place, &setup, Clock::manual(beginning()), replicas(engine)).await)
    }

    /// Another server on the same database, by the same clock.
    pub async fn replica(&self) -> Self {
        self.replica_of(Setup::default()).await
    }

    /// The same, set up so.
    pub async fn replica_of(&self, setup: Setup) -> Self {
        let url = self.app.config.database_url.clone();
        Self::at(self.engine, url, Place::Elsewhere, &setup, self.clock.clone(), 1).await
    }

    /// Opens a world in a cluster of the test's own, which goes with it.
    pub async fn open_on(cluster: &Cluster, setup: Setup) -> Self {
        let url = cluster.url("postgres");
        template::write_into(url.clone()).await;
        Self::at(Engine::Postgres, url, Place::Elsewhere, &setup, Clock::manual(beginning()), 1).await
    }

    async fn at(
        engine: Engine,
        url: String,
        place: Place,
        setup: &Setup,
        clock: Clock,
        count: usize,
    ) -> Self {
        let sms = Arc::new(Captured::default());
        let master = || MasterKey::from_bytes(MASTER_KEY).unwrap();
        let mut replicas = Vec::new();
        for _ in 0..count {
            let outside = Outside { clock: clock.clone(), master: master(), sms: Arc::clone(&sms) as _ };
            replicas.push(Replica::start(config(url.clone(), setup), outside).await);
        }
        let http = zhibu::outgoing::client().unwrap().timeout(Real::from_secs(60)).build().unwrap();
        let (app, ids) = (Arc::clone(&replicas[0].app), template::ids().await);
        let (turn, pinned, tokens) = (AtomicUsize::default(), AtomicBool::default(), Mutex::default());
        Self { app, engine, http, sms, ids, clock, replicas, turn, pinned, tokens, place }
    }

    /// Sends every request to the first server from now on: what one server keeps in memory, or
    /// counts for itself, is to be looked at.
    pub fn pin(&self) {
        self.pinned.store(true, Ordering::SeqCst);
    }

    /// Whose turn it is.
    fn address(&self) -> std::net::SocketAddr {
        let turn =
            if self.pinned.load(Ordering::SeqCst) { 0 } else { self.turn.fetch_add(1, Ordering::SeqCst) };
        self.replicas[turn % self.replicas.len()].address
    }

    /// The GraphQL endpoint.
    pub fn url(&self) -> String {
        format!("http://{}/graphql", self.address())
    }

    /// Another path of the server.
    pub fn path(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// The socket.
    pub fn socket(&self) -> String {
        format!("ws://{}/graphql", self.address())
    }

    /// Waits until each server has heard which rights, rules, units and sessions the others have
    /// changed: they promise to within a second.
    pub async fn heard(&self) {
        if self.replicas.len() == 1 {
            return;
        }
        let asked = Instant::now();
        let epoch = epoch::current(&self.app.store).await.expect("the epoch can be read");
        let ended = identity::revoked_since(&self.app.store, self.now() - Duration::minutes(15)).await;
        let ended = ended.expect("the sessions can be read");
        let has_heard = |replica: &Replica| {
            let memo = &replica.app.memo;
            memo.epoch() >= epoch && ended.iter().all(|(session, _)| memo.revoked.contains_key(session))
        };
        while !self.replicas.iter().all(has_heard) {
            assert!(asked.elapsed() < Real::from_secs(3), "a server has not heard of a change");
            tokio::time::sleep(Real::from_millis(1)).await;
        }
    }

    /// The time in this world.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The clock.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Sets the clock.
    pub fn set_clock(&self, now: DateTime<Utc>) {
        self.clock.set(now);
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        self.set_clock(self.now() + time);
    }

    /// Does what is due and hands on what has happened, until there is nothing left.
    pub async fn settle(&self) {
        let mut quiet = 0;
        loop {
            let rounds = join_all(self.replicas.iter().map(|replica| round(&replica.app))).await;
            if rounds.contains(&true) {
                quiet = 0;
                continue;
            }
            // The server's own worker may be at the rest this moment; or it has failed, and waits.
            let left = outbox::count(&self.app.store, self.now()).await.expect("the outbox can be counted");
            if left == 0 || quiet == 400 {
                return;
            }
            quiet += 1;
            tokio::time::sleep(Real::from_millis(5)).await;
        }
    }

    /// The applications of all servers.
    pub fn apps(&self) -> impl Iterator<Item = &Arc<App>> {
        self.replicas.iter().map(|replica| &replica.app)
    }

    /// So many workers at once, on all servers.
    pub fn workers(&self, count: usize) -> impl Iterator<Item = &App> {
        self.replicas.iter().map(|replica| &*replica.app).cycle().take(count)
    }

    /// The six digits in the last message to a number; the server's own worker may be sending it.
    pub async fn sms_code(&self, phone: &str) -> String {
        for _ in 0..200 {
            if self.sms.count(phone) > 0 {
                break;
            }
            tokio::time::sleep(Real::from_millis(10)).await;
        }
        self.sms.code(phone)
    }

    /// Whether everything that has happened was handed on. A worker of the server's own may be at
    /// it this moment.
    async fn assert_nothing_is_left(&self) {
        let far = self.now() + Duration::days(10_000);
        for _ in 0..200 {
            let mut left = Vec::new();
            for kinds in [Kinds::Only(SEND_CODE), Kinds::AllBut(&[SEND_CODE, SEND_MESSAGE])] {
                let claimed = outbox::claim(&self.app.store, far, 100, kinds).await;
                left.extend(claimed.expect("the outbox can be read"));
            }
            if left.is_empty() {
                return;
            }
            self.app.hub.wake();
            self.app.hub.codes().notify_one();
            tokio::time::sleep(Real::from_millis(20)).await;
        }
        panic!("events were left in the outbox");
    }

    /// Ends the world; nothing may be left undone.
    pub async fn close(self) {
        self.settle().await;
        self.assert_nothing_is_left().await;
        self.abandon().await;
    }

    /// Ends the world as it is.
    pub async fn abandon(self) {
        // An open connection would be waited for.
        drop(self.http);
        drop(self.app);
        let end = |replica: Replica| async {
            let _gone = replica.stop.send(());
            replica.serving.await.unwrap().expect("the server ends in order");
        };
        join_all(self.replicas.into_iter().map(end)).await;
        if let Place::Database(server, name) = self.place {
            server.drop(&name).await;
        }
    }

    pub(super) async fn signed_in(&self, phone: &str, district: &'static str) -> Tokens {
        let key = (phone.to_owned(), district.to_owned());
        let known = self.tokens.lock().unwrap().get(&key).cloned();
        if let Some(tokens) = known.filter(|t| actor::last(t, self.now())) {
            return tokens;
        }
        let tokens = actor::fresh_tokens(self, phone, district).await;
        self.tokens.lock().unwrap().insert(key, tokens.clone());
        tokens
    }

    /// Forgets all kept tokens: everybody signs in anew.
    pub fn forget_tokens(&self) {
        self.tokens.lock().unwrap().clear();
    }

    /// Nobody.
    pub fn anonymous(&self) -> Actor<'_> {
        Actor::nobody(self)
    }

    /// Somebody.
    pub fn as_(&self, who: Who) -> Actor<'_> {
        Actor::person(self, who.phone(), who.district())
    }

    /// Somebody of district A by phone.
    pub fn by_phone(&self, phone: &str) -> Actor<'_> {
        Actor::person(self, phone, "370100")
    }

    /// Whoever holds a token.
    pub fn bearer(&self, token: &str) -> Actor<'_> {
        Actor::token(self, token)
    }

    /// The global id of a unit.
    pub fn unit(&self, unit: Unit) -> String {
        encode(OrgUnitId::KIND, self.ids.units[&unit].id.0)
    }

    /// The global id of somebody's member record.
    pub fn member(&self, who: Who) -> String {
        encode(PartyMemberId::KIND, self.ids.members[&who].0)
    }

    /// The global id of somebody's account.
    pub fn account(&self, who: Who) -> String {
        encode("Account", self.ids.accounts[&who].0)
    }

    /// The global id of somebody's post.
    pub fn post(&self, who: Who) -> String {
        encode("Post", self.ids.posts[&who].0)
    }

    /// The district of a person.
    pub fn district(&self, foreign: bool) -> DistrictId {
        self.ids.districts[usize::from(foreign)]
    }

    /// Adds a crowd to a branch of district A; answers phone numbers and global ids.
    pub async fn crowd(&self, home: Unit, size: usize) -> Vec<(String, String)> {
        let permit = founding::system(self.district(home.is_foreign()));
        let now = self.now();
        let tx = self.app.store.begin(Origin { operation: "found", request_id: None, now }).await.unwrap();
        let home = &self.ids.units[&home];
        let offset =
            usize::try_from(Uuid::from_u128(home.id.0.as_u128()).as_u128() % 50_000).unwrap() * 1_000;
        let people: Vec<_> = (0..size).map(|n| founding::one_of_many(offset + n, home, now)).collect();
        member::insert_members(&tx, &permit, &people, false).await.unwrap();
        let accounts: Vec<_> = people.iter().map(|(_, m)| m.account_id).collect();
        self.ids.write_passwords(&tx, &permit, &accounts, now).await;
        tx.commit().await.unwrap();
        let line = |(_, m): &(_, zhibu_domain::member::PartyMember)| {
            let phone = m.phone.as_ref().unwrap().national().to_owned();
            (phone, encode(PartyMemberId::KIND, m.id.0))
        };
        people.iter().map(line).collect()
    }
}

/// Does what is due and hands on what has happened, once; answers whether there was something.
async fn round(app: &App) -> bool {
    let stepped = activity::job::run(app).await.expect("due steps can be taken")
        + volunteering::job::run(app).await.expect("due hours can be granted")
        + assignment::job::run(app).await.expect("what is due can be told")
        + report::export::run(app).await.expect("what is due can be exported");
    let relayed = worker::relay_once(app).await.expect("the outbox can be read");
    let posted = worker::post_once(app).await.expect("the outbox can be read");
    let sent = worker::message_once(app).await.expect("the outbox can be read");
    stepped != 0 || relayed != Round::Empty || posted != Round::Empty || sent != Round::Empty
}

macro_rules! shorthands {
    ($($name:ident => $who:ident,)+) => {
        impl World {
            $(#[doc = concat!("See [`Who::", stringify!($who), "`].")]
            pub fn $name(&self) -> Actor<'_> {
                self.as_(Who::$who)
            })+
        }
    };
}
shorthands! {
    administrator => Administrator,
    auditor => Auditor,
    office => Office,
    secretary => Secretary,
    deputy => Deputy,
    commissioner => Commissioner,
    leader => Leader,
    instructor => Instructor,
    member_of_b1 => Member,
    stranger => Stranger,
}
