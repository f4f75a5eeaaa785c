use std::{process::ExitCode, sync::Arc};

use chrono::Duration;
use clap::Subcommand;
use uuid::Uuid;
use zhibu_domain::{
    id::{DistrictId, TokenGrantId},
    token::{NewGrant, TokenScope},
};
use zhibu_persistence::{
    PageRequest, organization,
    token::{self, Known},
};

use super::{failure::Failure, out::say, place, setup};
use crate::{
    app::App,
    auth::token::client_id,
    call::Call,
    config::Config,
    once::Once,
    token::ops::{self, Issued},
};

/// Lets other systems in: OAuth clients with scopes, in a unit and all below it, until a day.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {
    /// The district's code; not needed where there is one alone.
    #[arg(long, global = true, value_name = "CODE")]
    district: Option<String>,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Create(CreateArgs),
    /// Lists the clients, latest first.
    List,
    Rotate(RotateArgs),
    Revoke(RevokeArgs),
}

/// Creates a client; prints its id and, only now, its secret.
#[derive(clap::Args)]
struct CreateArgs {
    /// What people call it.
    #[arg(long)]
    name: String,
    /// The code of the unit: the client counts there and below.
    #[arg(long, value_name = "CODE")]
    unit: String,
    /// What it may be used for, e.g. units:read; may be given several times.
    #[arg(long = "scope", required = true, value_parser = scope)]
    scopes: Vec<TokenScope>,
    /// What personal data is read for; needed with members:read, contacts:read and hours:export.
    #[arg(long)]
    purpose: Option<String>,
    /// For how many days, 366 at most.
    #[arg(long, default_value_t = 90)]
    days: u16,
    /// An address or a network from which alone it counts; may be given several times.
    #[arg(long = "address", value_name = "192.0.2.0/24")]
    addresses: Vec<String>,
    /// Requests per minute [default: 300].
    #[arg(long)]
    per_minute: Option<i32>,
}

/// Gives a client a new secret; prints it, only now.
#[derive(clap::Args)]
struct RotateArgs {
    /// The client's id.
    #[arg(value_parser = client)]
    client: TokenGrantId,
    /// For how many hours the old secret goes on, 168 at most.
    #[arg(long, default_value_t = 24)]
    overlap_hours: u16,
    /// For how many days from today the client goes on; as long as before where absent.
    #[arg(long)]
    days: Option<u16>,
}

/// Takes a client back, with all tokens that it was given. It holds at once.
#[derive(clap::Args)]
struct RevokeArgs {
    /// The client's id.
    #[arg(value_parser = client)]
    client: TokenGrantId,
}

const EXAMPLES: &str = "\
Examples:
  zhibu token create --name 区门户网站 --unit 330399 --scope units:read --scope activities:read --days 180
  zhibu token create --name 名册同步 --unit S01 --scope members:read --purpose 区人力系统同步名册 --address 192.0.2.0/24
  zhibu token list
  zhibu token rotate 0198c0de00007000800000000000abcd --overlap-hours 48
  zhibu token revoke 0198c0de00007000800000000000abcd";

fn scope(text: &str) -> Result<TokenScope, String> {
    TokenScope::heard(text).ok_or_else(|| "no such scope; see docs/access.md".to_owned())
}

fn client(text: &str) -> Result<TokenGrantId, String> {
    Uuid::try_parse(text).map(TokenGrantId).map_err(|_| "not the id of a client".to_owned())
}

/// Does it.
pub async fn run(args: Args, config: Config) -> Result<ExitCode, Failure> {
    setup::log(&Config { log: "warn".to_owned(), ..config.clone() })?;
    let app = setup::assemble(config, setup::passing_key()?).await?;
    let district = place::district(&app, args.district.as_deref()).await?;
    let call = Call::system(district, app.auth.random.id(app.now()));
    match args.what {
        What::Create(args) => {
            let new = asked(&app, district, args).await?;
            print(&ops::create_client(&app, &call, new, Once::default()).await?);
        }
        What::List => list(&app, district).await?,
        What::Rotate(args) => {
            let until = args.days.map(|days| app.now() + Duration::days(days.into()));
            let overlap = Duration::hours(args.overlap_hours.into());
            print(&ops::rotate(&app, &call, args.client, overlap, until).await?);
        }
        What::Revoke(args) => {
            let known = ops::revoke(&app, &call, args.client).await?;
            say(&format!("{} was taken back.", known.grant.name));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn asked(app: &App, district: DistrictId, args: CreateArgs) -> Result<NewGrant, Failure> {
    Ok(NewGrant {
        name: args.name,
        purpose: args.purpose,
        scopes: args.scopes,
        unit_id: place::unit(app, district, &args.unit).await?.id,
        addresses: args.addresses,
        per_minute: args.per_minute,
        expires_at: app.now() + Duration::days(args.days.into()),
    })
}

fn print(issued: &Issued) {
    say(&format!("client_id: {}", client_id(issued.known.grant.id)));
    if let Some(secret) = &issued.secret {
        say(&format!("client_secret, shown only now: {secret}"));
    }
    say(&format!("Until {}.", issued.known.grant.expires_at.format("%Y-%m-%d")));
}

async fn list(app: &Arc<App>, district: DistrictId) -> Result<(), Failure> {
    let Some(root) = organization::root(&app.store, district).await? else { return Ok(()) };
    let mut page = PageRequest::first(100);
    loop {
        let clients = token::client_page(&app.store, district, &root.path, page).await?;
        clients.rows.iter().for_each(|known| line(app, known));
        page.after = clients.rows.last().map(|known| known.grant.id.0);
        if !clients.has_more {
            return Ok(());
        }
    }
}

fn line(app: &App, known: &Known) {
    let grant = &known.grant;
    let state = match grant.revoked_at {
        Some(_) => "revoked",
        None if grant.is_live(app.now()) => "live",
        None => "expired",
    };
    let scopes: Vec<_> = grant.scopes.iter().map(|scope| scope.spoken()).collect();
    let used = known
        .last_used_at
        .map_or_else(|| "never used".to_owned(), |at| format!("used {}", at.format("%Y-%m-%d %H:%M")));
    let until = grant.expires_at.format("%Y-%m-%d");
    let (id, name, scopes) = (client_id(grant.id), &grant.name, scopes.join(" "));
    say(&format!("{id}  {state}  until {until}  {used}  {name}  {scopes}"));
}
