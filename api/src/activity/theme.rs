use async_graphql::{Context, Object, Result, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::{Activity, ActivityKind, Adoption, NewTheme, Theme, ThemeRefusal as Refusal, TimeWindow},
    id::{ActivityId, OrgUnitId, ThemeId},
    policy::{Action, Denied, Subject},
};
use zhibu_persistence::{StoreError, activity, organization, outbox};

use super::{
    ActivityObject,
    input::{AdoptThemeInput, IssueThemeInput, VenueInput, WithdrawThemeInput},
    list::Invitations,
    ops::{self, Planning, finish, unit},
};
use crate::{
    app::App,
    call::{Call, request},
    error::{OpError, OpExt, Stop, outcome},
    graphql::{Cursor, Date, GlobalId, Outcome, PageArgs, Term, connect},
    once::Once,
    organization::OrgUnitObject,
    reads::{AdoptionsOf, Loading},
};

async fn issue(app: &App, call: &Call, new: NewTheme, once: Once) -> Result<Theme, Stop<Refusal>> {
    let tx = app.begin(call, "issueTheme").await?;
    let district = call.district()?;
    let issuer = unit(&tx, district, new.issuer_unit_id).await?;
    let permit = call.permit(Action::IssueTheme, Subject::unit(&issuer.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(activity::lock_theme(&tx, district, ThemeId(made)).await?.ok_or(Denied::Hidden)?);
    }
    let theme = Theme::issue(new, app.today(&issuer.time_zone), tx.now())?;
    activity::insert_theme(&tx, &permit, &theme).await?;
    once.keep(&tx, call, theme.id.0).await?;
    outbox::publish(&tx, district, "theme.issued", theme.id.0, serde_json::Value::Null).await?;
    tx.commit().await?;
    app.hub.wake();
    Ok(theme)
}

async fn withdraw(app: &App, call: &Call, id: ThemeId) -> Result<Theme, Stop<Refusal>> {
    let tx = app.begin(call, "withdrawTheme").await?;
    let district = call.district()?;
    let before = activity::lock_theme(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let issuer = unit(&tx, district, before.issuer_unit_id).await?;
    let permit = call.permit(Action::IssueTheme, Subject::unit(&issuer.path))?;
    let after = before.clone().withdraw(tx.now())?;
    activity::update_theme(&tx, &permit, &before, &after).await?;
    tx.commit().await?;
    Ok(after)
}

/// A theme that the caller may see: their unit lies below the issuer, or they hold a post there.
async fn visible(ctx: &Context<'_>, id: ThemeId) -> Result<Option<Theme>, OpError> {
    let (_, call) = request(ctx).map_err(|_| OpError::internal("no request"))?;
    let loading = ctx.data::<Loading>().map_err(|_| OpError::Denied(Denied::Unauthenticated))?;
    let Some(theme) = loading.load_one(id).await.op()? else { return Ok(None) };
    let issuer = loading.load_one(theme.issuer_unit_id).await.op()?.ok_or(Denied::Hidden)?;
    let below = |path: &zhibu_domain::organization::OrgUnitPath| path.is_within(&issuer.path);
    let person = call.actor.person().ok_or(Denied::Unauthenticated)?;
    let own = person.membership.iter().map(|m| &m.path).chain(person.posts.iter().map(|p| &p.path));
    let allowed = own
        .filter(|path| below(path))
        .chain([&issuer.path])
        .any(|path| call.permit(Action::ViewTheme, Subject::unit(path)).is_ok());
    Ok(allowed.then_some(theme))
}

/// A theme as a node.
pub async fn theme_node(ctx: &Context<'_>, id: ThemeId) -> Result<Option<ThemeObject>> {
    Ok(visible(ctx, id).await?.map(ThemeObject))
}

async fn adopt(
    app: &App,
    call: &Call,
    input: AdoptThemeInput,
    once: Once,
) -> Result<Activity, Stop<Refusal>> {
    let tx = app.begin(call, "adoptTheme").await?;
    let district = call.district()?;
    let host = unit(&tx, district, input.host_unit_id.0).await?;
    let permit = call.permit(Action::Organize, Subject::unit(&host.path))?;
    let theme = activity::lock_theme(&tx, district, input.theme_id.0).await?.ok_or(Denied::Hidden)?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(ops::lock(&tx, district, ActivityId(made)).await?.activity);
    }
    let issuer = unit(&tx, district, theme.issuer_unit_id).await?;
    let adopted = activity::adoptions(&tx, district, &[theme.id]).await?;
    if adopted.get(&theme.id).is_some_and(|a| a.iter().any(|a| a.unit_id == host.id)) {
        return Err(Refusal::AlreadyAdopted.into());
    }
    let adoption = Adoption {
        id: app.id(),
        host_unit_id: host.id,
        host_path: &host.path,
        zone: host.time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai),
        title: input.title,
        window: TimeWindow { starts_at: input.starts_at, ends_at: input.ends_at },
        venue: input.venue.map(VenueInput::venue),
        created_by: call.account()?,
    };
    let new = theme.adopt(&issuer.path, adoption)?;
    let planning = Planning {
        new,
        invited: Invitations::default(),
        items: input.items,
        theme_items: theme.items.clone(),
    };
    let planned = match ops::plan(app, &tx, Some(call), &permit, planning, &host).await {
        Ok(planned) => planned,
        Err(Stop::Refused(..)) => return Err(Refusal::BadActivity.into()),
        Err(Stop::Error(error)) => return Err(error.into()),
    };
    once.keep(&tx, call, planned.id.0).await?;
    finish(app, tx, &permit, planned.id, "theme.adopted").await?;
    Ok(planned)
}

/// A theme that a district or subdistrict issues to the units below it. For the members of the
/// issuer and of the units below, the holders of any post there, and the issuer's overseers.
pub struct ThemeObject(pub Theme);

/// A branch below the issuer, and the activity by which it has adopted the theme, if it has.
#[derive(SimpleObject)]
pub struct ThemeAdoption {
    /// The branch.
    unit: OrgUnitObject,
    /// The activity by which the branch has adopted the theme; null while it hasn't.
    activity: Option<ActivityObject>,
}

/// A theme that a district or subdistrict issues to the units below it. For the members of the
/// issuer and of the units below, the holders of any post there, and the issuer's overseers.
#[Object(name = "Theme")]
impl ThemeObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<ThemeId> {
        GlobalId(self.0.id)
    }

    /// The issuer.
    async fn issuer(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let issuer = ctx.data::<Loading>()?.load_one(self.0.issuer_unit_id).await.op()?;
        Ok(OrgUnitObject(issuer.ok_or(OpError::internal("a theme without an issuer"))?))
    }

    /// Kind of the activities that adopt it.
    async fn kind(&self) -> Term<ActivityKind> {
        Term(self.0.kind)
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Description.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// First day on which an adopting activity may lie.
    async fn starts_on(&self) -> Date {
        Date(self.0.starts_on)
    }

    /// Last day on which an adopting activity may lie.
    async fn ends_on(&self) -> Date {
        Date(self.0.ends_on)
    }

    /// What every adopting activity must do.
    async fn items(&self) -> &[String] {
        &self.0.items
    }

    /// When it was issued.
    async fn issued_at(&self) -> DateTime<Utc> {
        self.0.issued_at
    }

    /// When it was withdrawn; null while it stands.
    async fn withdrawn_at(&self) -> Option<DateTime<Utc>> {
        self.0.withdrawn_at
    }

    /// How many units have adopted it. For offices of the issuer.
    async fn adopted_count(&self, ctx: &Context<'_>) -> Result<Option<usize>> {
        self.check_issuer(ctx).await?;
        let adopted = ctx.data::<Loading>()?.load_one(AdoptionsOf(self.0.id)).await.op()?;
        Ok(Some(adopted.map_or(0, |a| a.len())))
    }

    /// The branches below the issuer in order of founding, each with its activity or without: who
    /// has adopted it and who hasn't. For offices of the issuer; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn adoptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, ThemeAdoption>>> {
        let issuer = self.check_issuer(ctx).await?;
        let (app, call) = request(ctx)?;
        let loading = ctx.data::<Loading>()?;
        let args = PageArgs { first, after, last, before }.request()?;
        let filter = organization::UnitFilter {
            subtree: Some(issuer.path),
            branches_only: true,
            ..organization::UnitFilter::default()
        };
        let page = organization::unit_page(&app.store, call.district().op()?, filter, args).await.op()?;
        let adopted = loading.load_one(AdoptionsOf(self.0.id)).await.op()?.unwrap_or_default();
        let activities = loading.load_many(adopted.iter().map(|a| a.activity_id)).await.op()?;
        Ok(Some(connect(
            args,
            page,
            |u| u.id.0,
            |unit| {
                let mine = adopted.iter().find(|a| a.unit_id == unit.id);
                let activity = mine.and_then(|a| activities.get(&a.activity_id).cloned()).map(ActivityObject);
                ThemeAdoption { unit: OrgUnitObject(unit), activity }
            },
        )))
    }
}

impl ThemeObject {
    async fn check_issuer(&self, ctx: &Context<'_>) -> Result<zhibu_domain::organization::OrgUnit, OpError> {
        let (_, call) = request(ctx).map_err(|_| OpError::internal("no request"))?;
        let loading = ctx.data::<Loading>().map_err(|_| OpError::Denied(Denied::Unauthenticated))?;
        let issuer = loading.load_one(self.0.issuer_unit_id).await.op()?.ok_or(Denied::Hidden)?;
        call.permit(Action::IssueTheme, Subject::unit(&issuer.path))?;
        Ok(issuer)
    }
}

/// The theme was issued.
#[derive(SimpleObject)]
pub struct IssueThemeDone {
    /// The theme.
    theme: ThemeObject,
}

/// The theme was taken back.
#[derive(SimpleObject)]
pub struct WithdrawThemeDone {
    /// The theme.
    theme: ThemeObject,
}

/// The theme was adopted.
#[derive(SimpleObject)]
pub struct AdoptThemeDone {
    /// The unit's own activity, a draft.
    activity: ActivityObject,
}

/// Mutations of themes.
#[derive(Default)]
pub struct ThemeMutation;

#[Object]
impl ThemeMutation {
    /// Issues a theme to all units below. For offices of the issuer.
    async fn issue_theme(
        &self,
        ctx: &Context<'_>,
        input: IssueThemeInput,
    ) -> Result<Outcome<IssueThemeDone, Refusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let new = NewTheme {
            id: app.id(),
            issuer_unit_id: input.issuer_unit_id.0,
            kind: input.kind.map_or(ActivityKind::ThemePartyDay, |k| k.0),
            title: input.title,
            description: input.description,
            starts_on: input.starts_on.0,
            ends_on: input.ends_on.0,
            items: input.items,
            issued_by: call.account().op()?,
        };
        outcome(issue(app, call, new, once).await.map(|t| IssueThemeDone { theme: ThemeObject(t) }))
    }

    /// Takes a theme back; activities that have adopted it stay. For offices of the issuer.
    async fn withdraw_theme(
        &self,
        ctx: &Context<'_>,
        input: WithdrawThemeInput,
    ) -> Result<Outcome<WithdrawThemeDone, Refusal>> {
        let (app, call) = request(ctx)?;
        let done = withdraw(app, call, input.id.0).await;
        outcome(done.map(|t| WithdrawThemeDone { theme: ThemeObject(t) }))
    }

    /// Adopts a theme as a draft of one's own unit, with the theme's items in its agenda. For organizers
    /// of the host.
    async fn adopt_theme(
        &self,
        ctx: &Context<'_>,
        input: AdoptThemeInput,
    ) -> Result<Outcome<AdoptThemeDone, Refusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = adopt(app, call, input, once).await;
        outcome(done.map(|a| AdoptThemeDone { activity: ActivityObject(a) }))
    }
}

/// A page of the themes issued to a unit.
pub(super) async fn theme_page(
    ctx: &Context<'_>,
    id: OrgUnitId,
    args: PageArgs,
) -> Result<Connection<Cursor, ThemeObject>> {
    let (app, call) = request(ctx)?;
    let loading = ctx.data::<Loading>().map_err(|_| OpError::Denied(Denied::Unauthenticated))?;
    let unit = loading.load_one(id).await.op()?.ok_or(Denied::Hidden).op()?;
    let permit = call.permit(Action::ViewTheme, Subject::unit(&unit.path)).op()?;
    let args = args.request()?;
    let page: Result<_, StoreError> =
        activity::theme_page(&app.store, permit.district_id(), &unit.path, args).await;
    Ok(connect(args, page.op()?, |t| t.id.0, ThemeObject))
}
