//! The rules: limits with their sources, and a district's own values of them.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use zhibu_domain::{
    organization::day_start,
    policy::{Action, Denied, Subject},
    rule::{RuleKey, RuleRefusal, RuleSetting, Rules},
    vocabulary::Vocabulary,
};
use zhibu_persistence::{activity, assignment, epoch, organization, rule};

use crate::{
    app::App,
    call::{Call, request},
    error::{OpExt, Stop, naming, outcome},
    graphql::{Date, Outcome, Term},
};

/// A rule in force today.
#[derive(SimpleObject)]
pub struct Rule {
    /// Which.
    key: Term<RuleKey>,
    /// What it is, in words.
    label: String,
    /// The value in force; the unit stands in the key's name.
    value: i64,
    /// The value where the district sets none.
    default_value: i64,
    /// The least value that the district may set.
    minimum: i64,
    /// The greatest value that the district may set.
    maximum: i64,
    /// The regulation or decision behind the value.
    source: String,
    /// Since when the district's own value holds; null while the default does.
    starts_on: Option<Date>,
}

fn describe(rules: &Rules, key: RuleKey, call: &Call) -> Rule {
    let (default_value, bounds) = key.bounds();
    let own = rules.setting(key);
    Rule {
        key: Term(key),
        label: key.say(call.language).to_owned(),
        value: rules.get(key),
        default_value,
        minimum: *bounds.start(),
        maximum: *bounds.end(),
        source: own.map_or_else(|| key.source().to_owned(), |s| s.source.clone()),
        starts_on: own.map(|s| Date(s.starts_on)),
    }
}

async fn set(app: &App, call: &Call, input: SetRuleInput) -> Result<Rule, Stop<RuleRefusal>> {
    let tx = app.begin(call, "setRule").await?;
    let district = call.district()?;
    let root = organization::root(&tx, district).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::ManageRule, Subject::unit(&root.path))?;
    let today = app.today(&root.time_zone);
    let setting = RuleSetting {
        key: input.key.0,
        value: input.value,
        starts_on: input.starts_on.map_or(today, |d| d.0),
        source: input.source,
    };
    let setting = setting.check(today)?;
    rule::save_setting(&tx, &permit, &setting).await?;
    if setting.key.moves_due_steps() {
        activity::reconsider(&tx, &permit, setting.starts_on).await?;
    }
    if setting.key.moves_alerts() {
        let from = day_start(setting.starts_on, &root.time_zone).max(tx.now());
        assignment::reconsider(&tx, &permit, from).await?;
    }
    let rules = Rules::on(today, rule::settings(&tx, district).await?);
    epoch::advance(&tx).await?;
    tx.commit().await?;
    app.memo.clear();
    Ok(describe(&rules, input.key.0, call))
}

/// A district's own value of a rule.
#[derive(InputObject)]
pub struct SetRuleInput {
    /// Which.
    pub key: Term<RuleKey>,
    /// The value, within the rule's bounds.
    pub value: i64,
    /// First day; today where absent. Never in the past.
    pub starts_on: Option<Date>,
    /// The regulation or decision behind it, 1–200 characters.
    pub source: String,
}

/// The rule was set.
#[derive(SimpleObject)]
pub struct SetRuleDone {
    /// The rule as it holds today.
    rule: Rule,
}

/// Queries of rules.
#[derive(Default)]
pub struct RuleQuery;

#[Object]
impl RuleQuery {
    /// The rules in force today in the caller's district, with their sources. For anybody signed in.
    #[graphql(complexity = "5 + 40 * child_complexity")]
    async fn rules(&self, ctx: &Context<'_>) -> Result<Vec<Rule>> {
        let (app, call) = request(ctx)?;
        let permit = call.permit(Action::ViewRule, Subject::default()).op()?;
        let rules = app.rules(permit.district_id()).await?;
        Ok(Rules::keys().map(|key| describe(&rules, key, call)).collect())
    }
}

/// Mutations of rules.
#[derive(Default)]
pub struct RuleMutation;

#[Object]
impl RuleMutation {
    /// Sets the district's own value of a rule from a day on. For the district's administrator.
    async fn set_rule(
        &self,
        ctx: &Context<'_>,
        input: SetRuleInput,
    ) -> Result<Outcome<SetRuleDone, RuleRefusal>> {
        let (app, call) = request(ctx)?;
        let field = |refusal| match refusal {
            RuleRefusal::OutOfBounds => Some("value"),
            RuleRefusal::InPast => Some("startsOn"),
            RuleRefusal::BadSource => Some("source"),
        };
        outcome(naming(set(app, call, input).await, field).map(|rule| SetRuleDone { rule }))
    }
}
