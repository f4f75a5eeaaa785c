use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use zhibu_domain::id::{ActivityId, DistrictId, TypedId};
use zhibu_persistence::Store;

use super::{
    failure::Failure,
    out::{complain, say},
    progress::Progress,
    setup,
};
use crate::{
    app::App,
    auth::{password_hash::Hasher, random::Randomness},
    clock::Clock,
    config::{Config, LogFormat, SecondFactorMode},
    demo::{self, Content, PASSWORD, Recipe, Role, Scale, World},
    graphql::{self, encode},
    server,
    wechat::Settings,
};

mod guide;
mod wechat;

/// Shows a working district: fills a database with made-up people and serves it.
///
/// Units, members, posts, months of Party days with their attendance, and one that is open right
/// now, at every start. Prints where GraphiQL is and who can sign in; everybody who can stands in
/// accounts.json. The same seed draws the same people; dates are of the days before the filling.
///
/// A folder that holds a demo is served as it is. The settings of a server hold here, too, but for
/// addresses, database, key, log format, district, second factor and WeChat, which are the demo's own. The passwords are public and the second factor
/// isn't demanded: never put real data into it, and let nobody but you reach it.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {
    /// Where database, key and accounts.json are kept.
    #[arg(long, default_value = "zhibu-demo")]
    dir: PathBuf,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where others reach it, for links [default: http:// and --listen].
    #[arg(long, value_name = "http://…")]
    public_url: Option<String>,
    /// What people and ids are drawn from [default: 1].
    #[arg(long)]
    seed: Option<u64>,
    /// How much [default: branch].
    #[arg(long)]
    scale: Option<Scale>,
    /// An empty PostgreSQL database instead of the SQLite file, or one with a demo.
    #[arg(long, value_name = "postgres://…")]
    database_url: Option<String>,
    /// The AppID of the mini-program that may sign in; the devtools' tourists have this one.
    #[arg(long, value_name = "APPID", default_value = "touristappid")]
    wechat_appid: String,
    /// Fill, but don't serve.
    #[arg(long)]
    no_serve: bool,
    /// Delete the SQLite demo of the folder and begin anew.
    #[arg(long, conflicts_with = "database_url")]
    reset: bool,
}

const EXAMPLES: &str = "\
Examples:
  zhibu demo
  zhibu demo --scale street --reset
  zhibu demo --dir /tmp/d --listen 127.0.0.1:9000 --seed 7
  zhibu demo --scale street --database-url postgres://zhibu:…@127.0.0.1/demo --no-serve";

const DATABASE: &str = "zhibu.db";
const ACCOUNTS: &str = "accounts.json";

/// Fills and serves.
pub async fn run(args: Args, config: Config) -> Result<ExitCode, Failure> {
    let config = of_demo(config, &args)?;
    setup::log(&config)?;
    setup::make_private_folder(&args.dir)?;
    if args.reset {
        reset(&args.dir)?;
    }
    let store = setup::connect(&config).await?;
    store.migrate().await?;
    let world = filled(&args, &store).await?;
    let accounts = args.dir.join(ACCOUNTS);
    setup::make_private_file(&accounts)?;
    let people = demo::write_accounts(&accounts, &world)?;
    let open = demo::keep_open(&store, DistrictId(world.district().id), world.now).await?;
    store.close().await?;
    let activity = open.first().map(|(_, id)| encode(ActivityId::KIND, id.0));
    let person = wechat::person(&world)?;
    let wechat = person.as_deref().map(|person| (args.wechat_appid.as_str(), person));
    let guide = guide::Guide { listen: args.listen, people, accounts: &accounts, activity, wechat };
    if args.no_serve {
        guide.print(&world)?;
        return Ok(ExitCode::SUCCESS);
    }
    let listener = setup::bind("--listen", args.listen)?;
    let master = demo_key(&config)?;
    let config = wechat::set_up(config, &args.wechat_appid, person.clone())?;
    let app = setup::assemble(config, master).await?;
    serve(&app, listener, &guide, &world).await
}

async fn serve(
    app: &std::sync::Arc<App>,
    listener: std::net::TcpListener,
    guide: &guide::Guide<'_>,
    world: &World,
) -> Result<ExitCode, Failure> {
    let running = server::listen(app, listener)?;
    guide::Guide { listen: running.address, ..guide.clone() }.print(world)?;
    running.serve_until(setup::stopped()).await?;
    Ok(ExitCode::SUCCESS)
}

/// The settings, but for where the demo itself is kept: no variable of a real server leads it elsewhere.
fn of_demo(config: Config, args: &Args) -> Result<Config, Failure> {
    let file = args.dir.join(DATABASE);
    let database_url = args.database_url.clone().unwrap_or_else(|| format!("sqlite://{}", file.display()));
    if !args.listen.ip().is_loopback() {
        complain("zhibu: the demo's passwords are public, and --listen lets others in");
    }
    let config = Config {
        listen: args.listen,
        database_url,
        secret_file: args.dir.join("zhibu.key"),
        work_dir: args.dir.join("work"),
        public_url: args.public_url.clone().unwrap_or_else(|| format!("http://{}", args.listen)),
        admin_listen: None,
        default_district: None,
        wechat: Settings::default(),
        second_factor: SecondFactorMode::Optional,
        log_format: LogFormat::Text,
        graphql: graphql::Settings { graphiql: true, ..config.graphql },
        ..config
    };
    config.check().map_err(|bad| Failure::setting(bad.to_string()))
}

/// The folder's key, whatever the database.
fn demo_key(config: &Config) -> Result<crate::auth::secret::MasterKey, Failure> {
    let file = &config.secret_file;
    crate::auth::secret::MasterKey::load_or_create(file, Randomness.bytes())
        .map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}

fn reset(folder: &Path) -> Result<(), Failure> {
    for name in ["zhibu.db", "zhibu.db-wal", "zhibu.db-shm", ACCOUNTS] {
        match std::fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Fills the database, or finds that it holds a demo already.
async fn filled(args: &Args, store: &Store) -> Result<World, Failure> {
    let now = Clock::System.now();
    match demo::content(store).await? {
        Content::Nothing => {
            let recipe = Recipe { seed: args.seed.unwrap_or(1), scale: args.scale.unwrap_or(Scale::Branch) };
            let world = World::new(recipe, now);
            let hash = Hasher::default().hash(PASSWORD, Randomness.bytes());
            let hash = hash.map_err(|error| Failure::new(error.to_string()))?;
            let progress = Progress::new("filling");
            let filled = demo::fill(store, &world, &hash, &|done, total| progress.set(done, total)).await;
            progress.finish();
            filled?;
            Ok(world)
        }
        Content::Demo(recipe) => {
            let other =
                args.seed.is_some_and(|s| s != recipe.seed) || args.scale.is_some_and(|s| s != recipe.scale);
            if other {
                let Recipe { seed, scale } = recipe;
                return Err(Failure::setting(format!(
                    "the database holds a demo of another seed or scale ({seed}, {scale:?}): --reset begins anew, \
                     --dir or --database-url names another"
                )));
            }
            Ok(World::new(recipe, now))
        }
        Content::Other => Err(Failure::new(
            "the database holds something other than a whole demo; nothing was changed. \
             If it is a demo whose filling was interrupted, --reset begins anew; on PostgreSQL empty the database",
        )),
    }
}
