use std::{io::Read, process::ExitCode};

use clap::Subcommand;
use zhibu_domain::{
    member::PhoneNumber,
    vocabulary::{Language, Vocabulary},
};

use super::{failure::Failure, out::say, setup};
use crate::{
    clock::Clock,
    config::Config,
    identity::ops::admin::{self, AdminError, NewAdministrator},
};

/// Appoints district administrators, who appoint everybody else.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Create(CreateArgs),
}

/// Makes somebody administrator of a district, with an initial password.
///
/// Founds the district, with its root unit, where there is none of that code and --district-name
/// says what it is called. Without --password an initial password is drawn and printed once. It
/// must be changed at the first sign-in. Who is administrator already gets the new password, and
/// the old sessions end: the way back in for who has lost theirs.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
struct CreateArgs {
    /// The district's code, e.g. its six-digit division code; 1–32 letters, digits, - and _.
    #[arg(long, value_name = "CODE")]
    district: String,
    /// The district's name; needed to found it.
    #[arg(long, value_name = "NAME")]
    district_name: Option<String>,
    /// The administrator's mobile number.
    #[arg(long)]
    phone: String,
    /// The administrator's name.
    #[arg(long)]
    name: String,
    /// `-` reads the initial password from standard input: arguments can be seen by others.
    #[arg(long, value_name = "-", value_parser = ["-"])]
    password: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  zhibu admin create --district 330399 --district-name 云湖区 --phone 19000000000 --name 王小明
  pass zhibu/admin | zhibu admin create --district 330399 --phone 19000000000 --name 王小明 --password -";

/// Appoints.
pub async fn run(args: Args, config: Config) -> Result<ExitCode, Failure> {
    let What::Create(args) = args.what;
    let phone =
        PhoneNumber::parse(&args.phone).ok_or_else(|| Failure::setting("--phone: not a mobile number"))?;
    let given = args.password.is_some();
    let password = if given { read_password()? } else { admin::draw_password(phone.national(), &args.name)? };
    let new = NewAdministrator {
        district: args.district,
        district_name: args.district_name,
        name: args.name,
        phone,
        password: password.clone(),
    };
    let store = setup::connect(&config).await?;
    if config.migrate_on_start {
        store.migrate().await?;
    }
    let created = admin::create(&store, Clock::System.now(), new).await?;
    store.close().await?;
    say(if created.founded { "The district was founded." } else { "The district stands." });
    say("The administrator can sign in and must choose a password of their own first.");
    if !given {
        say(&format!("Initial password, shown only now: {password}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn read_password() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().take(1_024).read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

impl From<AdminError> for Failure {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::UnknownDistrict => {
                Self::setting("--district: there is none with this code; --district-name founds it")
            }
            AdminError::BadDistrict => Self::setting("--district, --district-name: not a code or not a name"),
            AdminError::BadName => Self::setting("--name: 1 to 50 characters that can be shown"),
            AdminError::PhoneTaken => Self::setting("--phone: somebody of another name has this number"),
            AdminError::Password(refusal) => {
                Self::setting(format!("--password: {}", refusal.say(Language::En)))
            }
            AdminError::Store(error) => error.into(),
            AdminError::Fault(what) => Self::new(what),
        }
    }
}
