//! Consents to subscribe messages: what there is to consent to, and what a person has consented to.

use std::collections::HashMap;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use zhibu_domain::{
    error_code::ErrorCode,
    identity::WeChatBinding,
    notification::{NotificationKind, NotificationRefusal as Refusal},
    vocabulary::Vocabulary,
};
use zhibu_persistence::{Connect, identity, notification};

use super::ops;
use crate::{
    app::App,
    call::{Call, request},
    error::{OpError, OpExt, Stop, outcome},
    graphql::{Outcome, Term},
    wechat::WeChat,
};

/// Most answers in one report: WeChat asks for five templates at once.
const MOST: usize = 20;

/// A template of subscribe messages, to be named to `wx.requestSubscribeMessage`. For anybody signed in.
#[derive(SimpleObject)]
pub struct SubscribeTemplate {
    /// As WeChat calls it.
    id: String,
    /// The kind of notification that it brings.
    kind: Term<NotificationKind>,
    /// Whether one consent is good for many messages; else each is good for one.
    long_term: bool,
    /// How many messages the caller has consented to and not had yet, as far as is known; 0 where WeChat
    /// isn't bound.
    credit: i32,
}

/// What `wx.requestSubscribeMessage` has answered.
#[derive(InputObject)]
pub struct ReportSubscribeConsentInput {
    /// For each template that was asked for; 1 to 20.
    pub results: Vec<SubscribeConsentInput>,
}

/// The answer for one template.
#[derive(InputObject)]
pub struct SubscribeConsentInput {
    /// The template.
    pub template_id: String,
    /// Whether it is one that begins with `accept`.
    pub accepted: bool,
}

/// The consents are counted.
#[derive(SimpleObject)]
pub struct ReportSubscribeConsentDone {
    /// All templates, as they now stand.
    templates: Vec<SubscribeTemplate>,
}

/// The caller's binding to this server's mini-program.
async fn own(app: &App, db: &impl Connect, call: &Call) -> Result<Option<WeChatBinding>, OpError> {
    let (permit, account) = ops::permit(call)?;
    let Some(wechat) = &app.wechat else { return Ok(None) };
    let bindings = identity::bindings_of(db, permit.district_id(), account).await?;
    Ok(bindings.into_iter().find(|binding| binding.identity.app_id == wechat.settings.appid))
}

async fn templates(app: &App, call: &Call) -> Result<Vec<SubscribeTemplate>, OpError> {
    let own = own(app, &app.store, call).await?;
    let credits: HashMap<_, _> = match &own {
        Some(own) => notification::credits(&app.store, call.district()?, own.id).await?.into_iter().collect(),
        None => HashMap::new(),
    };
    let listed = |wechat: &WeChat| {
        let templates = wechat.settings.templates.iter();
        let read = templates.filter_map(|(kind, template)| {
            Some(SubscribeTemplate {
                id: template.id.clone(),
                kind: Term(NotificationKind::from_code(kind)?),
                long_term: template.long_term,
                credit: credits.get(&template.id).copied().unwrap_or(0),
            })
        });
        read.collect()
    };
    Ok(app.wechat.as_ref().map(listed).unwrap_or_default())
}

/// Counts what a person has consented to.
async fn report(app: &App, call: &Call, accepted: &[&str], named: &[&str]) -> Result<(), Stop<Refusal>> {
    let tx = app.begin(call, "reportSubscribeConsent").await?;
    let (permit, _) = ops::permit(call)?;
    let binding = own(app, &tx, call).await?.ok_or(Refusal::UnknownTemplate)?;
    let known = |id: &&str| {
        let mut templates = app.wechat.iter().flat_map(|wechat| wechat.settings.templates.values());
        templates.any(|template| template.id == **id)
    };
    if !named.iter().all(known) {
        return Err(Refusal::UnknownTemplate.into());
    }
    if !accepted.is_empty() {
        notification::consent(&tx, &permit, &binding, accepted).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Queries of subscribe messages.
#[derive(Default)]
pub struct SubscribeQuery;

#[Object]
impl SubscribeQuery {
    /// The templates of subscribe messages; none where this server has no mini-program. For anybody signed in.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn subscribe_templates(&self, ctx: &Context<'_>) -> Result<Vec<SubscribeTemplate>> {
        let (app, call) = request(ctx)?;
        Ok(templates(app, call).await?)
    }
}

/// Mutations of subscribe messages.
#[derive(Default)]
pub struct SubscribeMutation;

#[Object]
impl SubscribeMutation {
    /// Reports what `wx.requestSubscribeMessage` has answered: each consent is good for one message, of
    /// a long-term template for many. For anybody signed in whose WeChat account is bound.
    async fn report_subscribe_consent(
        &self,
        ctx: &Context<'_>,
        input: ReportSubscribeConsentInput,
    ) -> Result<Outcome<ReportSubscribeConsentDone, Refusal>> {
        let (app, call) = request(ctx)?;
        ops::permit(call).op()?;
        if !(1..=MOST).contains(&input.results.len()) {
            return Err(OpError::Code(ErrorCode::BadUserInput, "1 to 20 results").into());
        }
        let named: Vec<_> = input.results.iter().map(|result| result.template_id.as_str()).collect();
        let accepted = input.results.iter().filter(|result| result.accepted);
        let accepted: Vec<_> = accepted.map(|result| result.template_id.as_str()).collect();
        if let Err(stop) = report(app, call, &accepted, &named).await {
            return outcome(Err(stop));
        }
        let templates = templates(app, call).await?;
        outcome(Ok(ReportSubscribeConsentDone { templates }))
    }
}
