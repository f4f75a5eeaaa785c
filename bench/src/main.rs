//! Measures Zhibu's own workloads. `bench/run` starts everything that it needs.

mod check_in;
mod crowd;
mod graph;
mod home;
mod hour;
mod limit;
mod load;
mod meeting;
mod prepared;
mod process;
mod recognition;
mod roster;
mod sample;
mod screens;
mod wire;

use std::{net::SocketAddr, path::PathBuf, rc::Rc, time::Duration};

use clap::{Parser, Subcommand};

use crate::{
    check_in::Supply,
    crowd::Crowd,
    load::{Measure, Probe},
    meeting::Size,
    prepared::Prepared,
    sample::Row,
};

/// Anything that stops a measurement.
type Fault = Box<dyn std::error::Error>;

#[derive(Parser)]
#[command(about = "Measures Zhibu's own workloads; see bench/README.md")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Measures a server that runs on demo data. Prints one tab-separated line per workload.
    Server(Server),
    /// The machine's limit of sign-ins: argon2id with the server's parameters on all cores.
    Argon2Limit(Span),
    /// The machine's limit of durable single-row inserts with SQLite, in a table of the same shape.
    SqliteLimit {
        /// A folder on the disk in question.
        #[arg(long)]
        dir: PathBuf,
        #[command(flatten)]
        span: Span,
    },
}

#[derive(Parser)]
struct Server {
    /// Where the server listens.
    #[arg(long)]
    address: SocketAddr,
    /// The demo's accounts.json.
    #[arg(long)]
    accounts: PathBuf,
    /// The server's process, whose memory is read.
    #[arg(long)]
    pid: Option<u32>,
    #[command(flatten)]
    span: Span,
    /// Keep-alive connections.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Keep-alive connections of the crowded check-in.
    #[arg(long, default_value_t = 1_000)]
    crowd: usize,
    /// Screens that follow an activity.
    #[arg(long, default_value_t = 10_000)]
    screens: usize,
    /// Seconds within which everybody comes in the busy minutes.
    #[arg(long, default_value_t = 300)]
    busy_seconds: u64,
    /// Only these workloads, by key: ceiling, w5, w2, w3, w4, w1, w1k, w1h, screens, hour.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// How long is measured.
#[derive(Parser, Clone, Copy)]
struct Span {
    /// Seconds of a run.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// Runs, of which the median is told.
    #[arg(long, default_value_t = 3)]
    runs: usize,
}

impl Span {
    fn length(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    match Arguments::parse().what {
        What::Server(server) => tokio::task::LocalSet::new().run_until(measure(server)).await,
        What::Argon2Limit(span) => {
            sample::tell(limit::argon2(span.runs, span.length())?);
            Ok(())
        }
        What::SqliteLimit { dir, span } => {
            sample::tell(limit::sqlite(&dir, span.runs, span.length()).await?);
            Ok(())
        }
    }
}

/// Runs the workloads one after the other. Those who sign in first check in later.
async fn measure(server: Server) -> Result<(), Fault> {
    let wanted = |key: &str| server.only.is_empty() || server.only.iter().any(|only| only == key);
    let measure = Measure {
        address: server.address,
        pid: server.pid,
        length: server.span.length(),
        runs: server.span.runs,
    };
    let narrow = server.connections;
    if wanted("ceiling") {
        let row = measure.repeat(narrow, async || Ok(Rc::new(Probe::new(&measure)))).await?;
        sample::tell(
            row.named("ceiling", format!("the generator's ceiling: `/healthz`, {narrow} connections")),
        );
    }
    let crowd = Rc::new(Crowd::read(&server.accounts, measure.address)?);
    let row = measure.repeat(narrow, async || Ok(Rc::clone(&crowd))).await?;
    if wanted("w5") {
        sample::tell(row.named("w5", format!("W5 sign-in, {narrow} connections")));
    }
    if wanted("w2") {
        let row = read(&measure, narrow, home::screens(&crowd)?).await?;
        sample::tell(row.named("w2", format!("W2 the phone's home screen, {narrow} connections")));
    }
    if wanted("w3") {
        let (rosters, rows) = roster::rosters(&crowd).await?;
        let row = read(&measure, narrow, rosters).await?;
        sample::tell(row.named("w3", format!("W3 a branch's roster with attendance ({rows} rows)")));
    }
    if wanted("w4") {
        let row = read(&measure, narrow, recognition::reports(&crowd).await?).await?;
        sample::tell(row.named("w4", format!("W4 the office's recognition report, {narrow} connections")));
    }
    let check_ins = [
        ("w1", narrow, Size::Branch, format!("W1 check-in, {narrow} connections")),
        ("w1k", server.crowd, Size::Branch, format!("W1 check-in, {} connections", server.crowd)),
        ("w1h", narrow, Size::Joint, format!("W1h everybody into one activity, {narrow} connections")),
    ];
    for (key, connections, size, label) in check_ins {
        if wanted(key) {
            sample::tell(check_in(&measure, &crowd, connections, size).await?.named(key, label));
        }
    }
    if wanted("screens") {
        sample::tell(screens::measure(&measure, &crowd, server.screens).await?);
    }
    if wanted("hour") {
        let rows = hour::measure(&measure, &crowd, Duration::from_secs(server.busy_seconds)).await?;
        rows.into_iter().for_each(sample::tell);
    }
    Ok(())
}

/// Asks what can be asked again and again.
async fn read(measure: &Measure, connections: usize, prepared: Prepared) -> Result<Row, Fault> {
    let prepared = Rc::new(prepared);
    measure.repeat(connections, async || Ok(Rc::clone(&prepared))).await
}

/// A short run tells how many pairs of member and activity a long one uses up; each gets new ones.
async fn check_in(
    measure: &Measure,
    crowd: &Rc<Crowd>,
    connections: usize,
    size: Size,
) -> Result<Row, Fault> {
    let brief = Measure { length: Duration::from_secs(2), runs: 1, ..*measure };
    let taste =
        brief.repeat(connections, async || Supply::prepare(measure, crowd, size, 60_000).await).await?;
    let pairs = taste.pairs_for(measure.length);
    measure.repeat(connections, async || Supply::prepare(measure, crowd, size, pairs).await).await
}
