use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;
use zhibu_domain::vocabulary::Language;

use super::{failure::Failure, out::say, place, progress::Progress, setup};
use crate::{
    call::Call,
    config::Config,
    import::ops::{self, Imported, Importing},
    member::workbook::write_error_copy,
};

/// Imports what offices keep in files.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Members(MembersArgs),
}

/// Imports a roster of members (.xlsx, .xls, .csv).
///
/// The heading row may stand anywhere, its columns in any order and under any of their usual
/// names; two are needed, 姓名 and 所在党支部 (its name, short name or code) or 支部编码. Also read
/// are 手机号码, 党员类别, 入党日期, 转正日期, 性别, 出生年月 and 学历; docs/operations.md lists the
/// headings. Dates, full-width digits, trailing spaces, merged titles and GBK text are read as they
/// come.
///
/// Every row is checked before anything is written. If one is wrong nothing is imported: the first
/// errors are printed, a copy of the sheet with a column of errors is written, and the exit code
/// is 3. The same file may be imported again: what the roster says already is left alone.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
struct MembersArgs {
    /// The roster.
    file: PathBuf,
    /// Code of the unit that the roster is of; rows of units beyond it are wrong.
    #[arg(long, value_name = "CODE")]
    unit: String,
    /// Code of the district; may be left out where there is one.
    #[arg(long, value_name = "CODE")]
    district: Option<String>,
    /// Check and count, but write nothing into the database.
    #[arg(long)]
    dry_run: bool,
    /// Where to write the copy with the errors [default: FILE-错误.xlsx beside the roster].
    #[arg(long, value_name = "OUT.xlsx")]
    error_copy: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  zhibu import members 名册.xlsx --unit S01 --dry-run
  zhibu import members 名册.xlsx --unit S01
  zhibu import members roster.csv --unit S01-C01-2 --district 330399 --error-copy wrong.xlsx

Exit codes:
  0  imported, or nothing to import, or a dry run without errors
  1  the file or the database can't be used
  2  no such unit or district
  3  rows are wrong; nothing was imported";

/// Errors that are printed.
const SHOWN: usize = 20;

/// Imports.
pub async fn run(args: Args, config: Config) -> Result<ExitCode, Failure> {
    let What::Members(args) = args.what;
    setup::log(&Config { log: "warn".to_owned(), ..config.clone() })?;
    let bytes = std::fs::read(&args.file)
        .map_err(|error| Failure::new(format!("{}: {error}", args.file.display())))?;
    let app = setup::assemble(config, setup::passing_key()?).await?;
    let district = place::district(&app, args.district.as_deref()).await?;
    let unit = place::unit(&app, district, &args.unit).await?;
    let call = Call::system(district, app.auth.random.id(app.now()));
    let sheet = ops::read(bytes).await?;
    let progress = Progress::new("importing");
    let importing = Importing { unit: unit.id, dry_run: args.dry_run };
    let imported = ops::import(&app, &call, importing, sheet, &|done, total| progress.set(done, total)).await;
    progress.finish();
    let imported = imported?;
    report(&imported, args.dry_run);
    if imported.plan.errors.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let copy = args.error_copy.unwrap_or_else(|| beside(&args.file));
    let bytes = write_error_copy(&imported.sheet, &imported.plan.errors, Language::Zh);
    let bytes = bytes.map_err(|error| Failure::new(format!("{}: {error}", copy.display())))?;
    std::fs::write(&copy, bytes).map_err(|error| Failure::new(format!("{}: {error}", copy.display())))?;
    say(&format!("Nothing was imported. A copy with the errors: {}", copy.display()));
    Ok(ExitCode::from(3))
}

fn beside(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}-错误.xlsx"))
}

fn report(imported: &Imported, dry_run: bool) {
    let plan = &imported.plan;
    let (new, changed, unchanged) = (plan.new.len(), plan.changed.len(), plan.unchanged);
    let wrong: std::collections::HashSet<u32> = plan.errors.iter().map(|issue| issue.row).collect();
    let dry = if dry_run { " (dry run)" } else { "" };
    let back = match plan.returning.len() {
        0 => String::new(),
        n => format!(", back {n}"),
    };
    say(&format!("new {new}{back}, changed {changed}, unchanged {unchanged}, wrong {}{dry}", wrong.len()));
    if !plan.ignored_columns.is_empty() {
        say(&format!("columns not understood: {}", plan.ignored_columns.join("、")));
    }
    if !plan.uncollected_columns.is_empty() {
        say(&format!("columns that Zhibu doesn't collect: {}", plan.uncollected_columns.join("、")));
    }
    for issue in plan.errors.iter().take(SHOWN) {
        say(&format!("row {}: {}", issue.row, issue.sentence(Language::Zh)));
    }
    if plan.errors.len() > SHOWN {
        say(&format!("… and {} more errors", plan.errors.len() - SHOWN));
    }
}
