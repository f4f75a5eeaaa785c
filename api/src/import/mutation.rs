use async_graphql::{Context, InputObject, Object, Result, SimpleObject, Upload};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::io::Read;
use zhibu_domain::{
    id::OrgUnitId,
    member::roster::{RosterFileRefusal, RosterIssue, RosterRowError},
    policy::{Action, Denied, Subject},
};
use zhibu_persistence::organization;

use super::ops::{self, Imported, Importing};
use crate::{
    call::{Call, request},
    error::{OpError, OpExt, Stop, outcome},
    graphql::{GlobalId, Outcome, Term},
    member::workbook,
};

/// A roster to import.
#[derive(InputObject)]
pub struct ImportMembersInput {
    /// The unit whose subtree the members belong to.
    pub unit_id: GlobalId<OrgUnitId>,
    /// An `.xlsx`, `.xls` or `.csv` file (UTF-8, UTF-16 or GBK), up to 20 MiB and 50,000 rows, with
    /// Chinese headings in any order. 姓名, and 所在党支部 or 支部编码, must be there; 手机号码,
    /// 党员类别, 入党日期, 转正日期, 性别, 出生年月 and 学历 are read as well. Their synonyms stand in
    /// docs/operations.md.
    pub file: Upload,
    /// Whether everything is checked and nothing is written.
    #[graphql(default)]
    pub dry_run: bool,
}

/// What is wrong with a row.
#[derive(SimpleObject)]
pub struct ImportIssue {
    /// The row of the sheet, from 1.
    row: u32,
    /// The column's header.
    column: String,
    /// What is wrong.
    code: Term<RosterRowError>,
    /// What is wrong, as a sentence.
    message: String,
}

/// The roster was read and checked.
#[derive(SimpleObject)]
pub struct ImportMembersDone {
    /// Whether it was written: only where no row is bad and it wasn't a dry run.
    written: bool,
    /// Members that are new.
    new_count: usize,
    /// Members who had left the roster and come back to it.
    returning_count: usize,
    /// Members that change.
    changed_count: usize,
    /// Members that stay as they are.
    unchanged_count: usize,
    /// Bad rows and cells; the first 200 of `issueCount`.
    issues: Vec<ImportIssue>,
    /// How many bad rows and cells there are.
    issue_count: usize,
    /// Columns that weren't understood.
    ignored_columns: Vec<String>,
    /// Columns that Zhibu doesn't collect (e.g. 民族, 身份证号): they were not read.
    uncollected_columns: Vec<String>,
    /// Where rows are bad: a copy of the sheet with a column that says why, `.xlsx` in base64. It holds
    /// what was uploaded and isn't kept.
    error_copy: Option<String>,
}

async fn answer(call: &Call, imported: Imported) -> Result<ImportMembersDone, OpError> {
    let Imported { sheet, plan, written } = imported;
    let language = call.language;
    let issue = |i: &RosterIssue| ImportIssue {
        row: i.row,
        column: i.header.clone(),
        code: Term(i.error),
        message: i.sentence(language),
    };
    let mut done = ImportMembersDone {
        written,
        new_count: plan.new.len(),
        returning_count: plan.returning.len(),
        changed_count: plan.changed.len(),
        unchanged_count: plan.unchanged,
        issues: plan.errors.iter().take(200).map(issue).collect(),
        issue_count: plan.errors.len(),
        ignored_columns: plan.ignored_columns,
        uncollected_columns: plan.uncollected_columns,
        error_copy: None,
    };
    if done.issue_count > 0 {
        let writing =
            tokio::task::spawn_blocking(move || workbook::write_error_copy(&sheet, &plan.errors, language));
        let bytes = writing
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or(OpError::internal("no error copy could be written"))?;
        done.error_copy = Some(STANDARD.encode(bytes));
    }
    Ok(done)
}

/// Mutations that import.
#[derive(Default)]
pub struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Imports a roster as offices keep it. Everything is checked before anything is written; one bad
    /// row stops the import and comes back with its reason. Sent again, it changes nothing. Read are
    /// 姓名, 所在党支部 or 支部编码, 手机号码, 党员类别, 入党日期, 转正日期, 性别, 出生年月 and 学历,
    /// under their usual headings; the first and one of the unit's two must be there. For offices of
    /// the unit. Sent as a form, see docs/api.md.
    async fn import_members(
        &self,
        ctx: &Context<'_>,
        input: ImportMembersInput,
    ) -> Result<Outcome<ImportMembersDone, RosterFileRefusal>> {
        let (app, call) = request(ctx)?;
        // Nobody makes the server unpack a workbook without the right to import it.
        let unit = organization::unit(&app.store, call.district().op()?, input.unit_id.0).await.op()?;
        let unit = unit.ok_or(Denied::Hidden).op()?;
        call.permit(Action::ImportMember, Subject::unit(&unit.path)).op()?;
        let mut bytes = Vec::new();
        let upload = input.file.value(ctx).map_err(|_| OpError::internal("the upload is gone"))?;
        upload
            .into_read()
            .read_to_end(&mut bytes)
            .map_err(|_| OpError::internal("the upload can't be read"))?;
        let importing = Importing { unit: input.unit_id.0, dry_run: input.dry_run };
        // A workbook that unpacks to much is in memory with one other at most.
        let read = app.press.make(async { Ok(ops::read(bytes).await) }).await?;
        let done = match read {
            Ok(sheet) => ops::import(app, call, importing, sheet, &|_, _| {}).await,
            Err(stop) => Err(stop),
        };
        match done {
            Ok(imported) => outcome(Ok::<_, Stop<RosterFileRefusal>>(answer(call, imported).await?)),
            Err(stop) => outcome(Err(stop)),
        }
    }
}
