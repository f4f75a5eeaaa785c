//! Finds a PostgreSQL: the one that `ZHIBU_TEST_POSTGRES_URL` names, else a throw-away cluster
//! started from installed server binaries. The cluster ends with the test process, however that
//! ends: a shell holds it and waits for the pipe to this process to close.

use std::{
    io::Write as _,
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use tokio::sync::OnceCell;

use super::{leftovers, template::fast_folder};

/// Where databases for tests can be made.
#[derive(Debug)]
pub struct Server {
    /// `postgres://USER:PASSWORD@HOST:PORT`, without a database.
    base: String,
    /// The database to connect to for making others, with parameters.
    maintenance: String,
    /// How a database is copied.
    copied: OnceCell<&'static str>,
}

/// A cluster of one's own.
pub struct Cluster {
    /// Its port on the loopback.
    pub port: u16,
    /// Ended by closing its standard input.
    keeper: Child,
    binaries: PathBuf,
    data: PathBuf,
}

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static KEPT: OnceLock<Cluster> = OnceLock::new();
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The server for this test process; none where there is none.
pub fn server() -> Option<&'static Server> {
    let found = SERVER.get_or_init(|| {
        if let Ok(url) = std::env::var("ZHIBU_TEST_POSTGRES_URL") {
            return Some(Server::at(&url));
        }
        match Cluster::start(false) {
            Ok(cluster) => {
                let url = cluster.url("postgres");
                KEPT.get_or_init(|| cluster);
                Some(Server::at(&url))
            }
            Err(why) => {
                let demanded = std::env::var("ZHIBU_TEST_DEMAND_POSTGRES").is_ok_and(|v| v == "1");
                assert!(!demanded, "PostgreSQL is demanded, but {why}");
                // Past libtest's capture: exactly one line in the run's output.
                let line = format!("note: the PostgreSQL half of the tests did not run: {why}\n");
                std::io::stderr().lock().write_all(line.as_bytes()).unwrap();
                None
            }
        }
    });
    found.as_ref()
}

/// The same, for async code: finding it may take seconds.
pub async fn available() -> Option<&'static Server> {
    tokio::task::spawn_blocking(server).await.unwrap()
}

impl Server {
    fn at(url: &str) -> Self {
        let at = url.rfind('/').expect("postgres://USER:PASSWORD@HOST/DATABASE");
        Self { base: url[..at].to_owned(), maintenance: url.to_owned(), copied: OnceCell::const_new() }
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.base)
    }

    /// Runs an administrative statement.
    pub async fn run(&self, statement: &str) {
        let connection = Database::connect(&self.maintenance).await.expect("PostgreSQL answers");
        connection.execute_unprepared(statement).await.expect("the statement works");
        connection.close().await.unwrap();
    }

    /// Makes a database, empty or like another, and answers its name.
    pub async fn create(&self, like: Option<&str>) -> String {
        let name = format!("zhibu_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let template = like.unwrap_or("template0");
        let copied = self.copied.get_or_init(|| self.how_to_copy()).await;
        self.run(&format!("CREATE DATABASE {name} TEMPLATE {template}{copied}")).await;
        name
    }

    /// Since version 15 a new database goes through the log unless told otherwise: several times slower.
    async fn how_to_copy(&self) -> &'static str {
        let connection = Database::connect(&self.maintenance).await.expect("PostgreSQL answers");
        let asked = "SELECT current_setting('server_version_num')::integer AS version";
        let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, asked)).await.unwrap();
        connection.close().await.unwrap();
        let version: i32 = row.unwrap().try_get("", "version").unwrap();
        if version >= 150_000 { " STRATEGY file_copy" } else { "" }
    }

    /// Removes a database.
    pub async fn drop(&self, name: &str) {
        self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }
}

/// The folder of the newest server binaries.
fn binaries() -> Option<PathBuf> {
    let complete =
        |dir: &PathBuf| ["initdb", "postgres", "pg_ctl", "pg_isready"].iter().all(|b| dir.join(b).is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    // A link on the path leads to the rest.
    let real = |dir: PathBuf| Some(dir.join("initdb").canonicalize().ok()?.parent()?.to_owned());
    if let Some(found) = std::env::split_paths(&path).filter_map(real).find(complete) {
        return Some(found);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<_> = versions.flatten().map(|v| v.path().join("bin")).filter(complete).collect();
    folders.sort_by_key(|bin| bin.parent().and_then(|v| v.file_name()?.to_str()?.parse::<u32>().ok()));
    folders.pop()
}

fn output(mut command: Command, what: &str) -> Result<String, String> {
    let out = command.output().map_err(|e| format!("{what} can't be run: {e}"))?;
    if out.status.success() {
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    } else {
        Err(format!("{what} failed: {}", String::from_utf8_lossy(&out.stderr).trim()))
    }
}

/// Who runs the server: it refuses to be root.
fn as_server(program: &Path) -> Result<Command, String> {
    let mut id = Command::new("id");
    id.arg("-u");
    if output(id, "id")?.trim() != "0" {
        return Ok(Command::new(program));
    }
    let known = |user: &str| Command::new("id").arg(user).output().is_ok_and(|o| o.status.success());
    let user = ["postgres", "nobody"].into_iter().find(|u| known(u)).ok_or("no user is there to run it")?;
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--regid"]);
    let mut group = Command::new("id");
    group.args(["-g", user]);
    command.arg(output(group, "id")?.trim()).arg("--clear-groups").arg(program);
    Ok(command)
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port()
}

impl Cluster {
    /// Starts one. A `durable` one survives kill -9 and power cuts; the others are faster.
    pub fn start(durable: bool) -> Result<Self, String> {
        let binaries = binaries().ok_or("no server binaries were found")?;
        let mut mktemp = as_server(Path::new("mktemp"))?;
        let name = format!("{}XXXXXXXX", leftovers::prefix("postgres"));
        let folder = if durable { std::env::temp_dir() } else { fast_folder() };
        mktemp.arg("-d").arg(folder.join(name)).current_dir("/");
        let folder = PathBuf::from(output(mktemp, "mktemp")?.trim());
        let data = folder.join("data");
        let mut initdb = as_server(&binaries.join("initdb"))?;
        initdb
            .args(["--auth=trust", "--username=zhibu", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data);
        initdb.current_dir("/");
        output(initdb, "initdb")?;
        let port = free_port();
        let keeper = Self::keep(&binaries, &folder, &data, port, durable)?;
        let cluster = Self { port, keeper, binaries, data };
        cluster.wait()?;
        Ok(cluster)
    }

    fn keep(binaries: &Path, folder: &Path, data: &Path, port: u16, durable: bool) -> Result<Child, String> {
        // Whatever ends this process closes the pipe, `read` returns, and all is cleared away.
        let script = r#"
            trap '' INT TERM HUP
            "$1/postgres" -D "$3" -k "$2" -p "$4" -c listen_addresses=127.0.0.1 $5 >"$2/log" 2>&1 </dev/null &
            read -r _
            "$1/pg_ctl" stop -D "$3" -m immediate >/dev/null 2>&1
            wait
            rm -rf "$2""#;
        let fast = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=64MB";
        let settings =
            format!("-c max_connections=300 -c shared_buffers=64MB {}", if durable { "" } else { fast });
        let mut keeper = as_server(Path::new("/bin/sh"))?;
        keeper
            .args(["-c", script, "keeper"])
            .arg(binaries)
            .arg(folder)
            .arg(data)
            .arg(port.to_string())
            .arg(settings);
        keeper
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        keeper.spawn().map_err(|e| format!("the server can't be started: {e}"))
    }

    fn wait(&self) -> Result<(), String> {
        let deadline = Instant::now() + Duration::from_secs(30);
        let ready = || {
            let mut probe = Command::new(self.binaries.join("pg_isready"));
            probe.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            probe.status().is_ok_and(|s| s.success())
        };
        while !(TcpStream::connect(("127.0.0.1", self.port)).is_ok() && ready()) {
            if Instant::now() > deadline {
                return Err("the server didn't answer in 30 s".to_owned());
            }
            #[expect(clippy::disallowed_methods, reason = "the cluster starts before any worker does")]
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// The address of a database in it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://zhibu:zhibu@127.0.0.1:{}/{database}", self.port)
    }

    /// Stops what may still run on the data of a cluster whose keeper was killed.
    pub fn stop_left(data: &Path) {
        if !data.join("postmaster.pid").exists() {
            return;
        }
        let Some(Ok(mut command)) = binaries().map(|binaries| as_server(&binaries.join("pg_ctl"))) else {
            return;
        };
        command.args(["stop", "-m", "immediate", "-D"]).arg(data).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let _stopped_already = command.status();
    }

    /// Takes it away at once, as a crash does.
    pub fn stop(&self) {
        self.control(&["stop", "-m", "immediate"]);
    }

    /// Brings it back.
    pub fn restart(&self) {
        let port = format!(
            "-p {} -k {} -c listen_addresses=127.0.0.1",
            self.port,
            self.data.parent().unwrap().display()
        );
        self.control(&["start", "-w", "-l", "/dev/null", "-o", &port]);
    }

    fn control(&self, arguments: &[&str]) {
        let mut command = as_server(&self.binaries.join("pg_ctl")).unwrap();
        command.args(arguments).arg("-D").arg(&self.data).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "pg_ctl {arguments:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ended = self.keeper.wait();
    }
}
