//! Reading the audit: who did what, and who handled my data.

use async_graphql::{Context, ID, Json, Object, Result, connection::Connection};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    error_code::ErrorCode,
    id::{AccountId, AuditEntryId},
    policy::{Action, Denied, Subject},
};
use zhibu_persistence::{
    audit::{self, AuditRow, Filter},
    organization,
};

use crate::{
    call::request,
    error::{OpError, OpExt},
    graphql::{Cursor, GlobalId, PageArgs, connect, decode, encode},
    member::AccountObject,
    reads::Loading,
};

/// An entry of the append-only audit.
pub struct AuditEntryObject(AuditRow);

/// An entry of the append-only audit.
#[Object(name = "AuditEntry")]
impl AuditEntryObject {
    /// Global id.
    async fn id(&self) -> GlobalId<AuditEntryId> {
        GlobalId(AuditEntryId(self.0.id))
    }

    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// What the policy allowed: a word of docs/access.md, e.g. `MANAGE_MEMBER`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// The operation, mostly a mutation's name.
    async fn operation(&self) -> &str {
        &self.0.operation
    }

    /// Who did it; null for the server itself.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        let Some(id) = self.0.account_id else { return Ok(None) };
        Ok(ctx.data::<Loading>()?.load_one(AccountId(id)).await.op()?.map(AccountObject))
    }

    /// With which session.
    async fn session_id(&self) -> Option<ID> {
        self.0.session_id.map(|id| ID(encode("Session", id)))
    }

    /// In which request; the answer's `x-request-id`.
    async fn request_id(&self) -> Option<ID> {
        self.0.request_id.map(|id| ID(id.to_string()))
    }

    /// To what.
    async fn subject_id(&self) -> ID {
        ID(encode(&self.0.subject_kind, self.0.subject_id))
    }

    /// The type of what it was done to.
    async fn subject_kind(&self) -> &str {
        &self.0.subject_kind
    }

    /// The reason that was given.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The state before; null where there was none. Phone numbers are masked; ids are bare UUIDs, not
    /// the global ids of this API.
    async fn before(&self) -> Option<Json<serde_json::Value>> {
        self.0.before.clone().map(Json)
    }

    /// The state after; null where there is none. Phone numbers are masked; ids are bare UUIDs, not the
    /// global ids of this API.
    async fn after(&self) -> Option<Json<serde_json::Value>> {
        self.0.after.clone().map(Json)
    }
}

/// Queries of the audit.
#[derive(Default)]
pub struct AuditQuery;

async fn page(
    ctx: &Context<'_>,
    filter: Filter,
    args: PageArgs,
) -> Result<Connection<Cursor, AuditEntryObject>> {
    let (app, call) = request(ctx)?;
    let args = args.request()?;
    let page = audit::page(&app.store, call.district().op()?, filter, args).await.op()?;
    Ok(connect(args, page, |e| e.id, AuditEntryObject))
}

#[Object]
impl AuditQuery {
    /// Who has written to, or read the contact data of, the caller's own record; newest first (PIPL,
    /// Art. 45). For anybody signed in; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn my_audit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Cursor, AuditEntryObject>> {
        let (_, call) = request(ctx)?;
        let person = call.account().op()?;
        call.permit(Action::ViewAudit, Subject::owner(person)).op()?;
        let filter = Filter { person: Some(person), ..Filter::default() };
        page(ctx, filter, PageArgs { first, after, last, before }).await
    }

    /// The district's audit, newest first. For its auditor alone; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four and two filters")]
    async fn audit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only what this account did.")] actor_id: Option<GlobalId<AccountId>>,
        #[graphql(desc = "Only what happened to the thing with this global id.")] subject_id: Option<ID>,
    ) -> Result<Option<Connection<Cursor, AuditEntryObject>>> {
        let (app, call) = request(ctx)?;
        let root =
            organization::root(&app.store, call.district().op()?).await.op()?.ok_or(Denied::Hidden).op()?;
        call.permit(Action::ViewAudit, Subject::unit(&root.path)).op()?;
        let subject = match &subject_id {
            Some(id) => {
                Some(decode(id).ok_or(OpError::Code(ErrorCode::BadId, "not an id of this server"))?.1)
            }
            None => None,
        };
        let filter = Filter { account: actor_id.map(|id| id.0), subject, person: None };
        page(ctx, filter, PageArgs { first, after, last, before }).await.map(Some)
    }
}
