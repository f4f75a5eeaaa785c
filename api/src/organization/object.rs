use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};
use uuid::Uuid;
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    organization::{CommunityClass, OrgUnit, OrgUnitKind, UnitDomain},
    policy::{Action, Denied, Subject},
    vocabulary::Vocabulary,
};
use zhibu_persistence::organization::{self, District, UnitFilter, UnitVersion};

use crate::{
    call::request,
    error::{OpError, OpExt},
    graphql::{Cursor, GlobalId, PageArgs, Term, connect, search},
    reads::{GuidedBy, GuidesOf, HistoryOf, Loading, MemberCountOf, UnitAt},
};

/// The tenant: a county-level district (区县). Its data never mixes with another's.
pub struct DistrictObject(pub District);

/// How a district calls a type of unit.
#[derive(SimpleObject)]
pub struct LevelLabel {
    /// The type.
    kind: Term<OrgUnitKind>,
    /// The label of the type in this district.
    label: String,
}

/// The tenant: a county-level district (区县). Its data never mixes with another's.
#[Object(name = "District")]
impl DistrictObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<DistrictId> {
        GlobalId(DistrictId(self.0.id))
    }

    /// The code by which clients name it at sign-in.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// IANA time zone of its civil dates.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }

    /// The root of its tree of units.
    async fn root(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let (app, _) = request(ctx)?;
        let root = organization::root(&app.store, DistrictId(self.0.id)).await.op()?;
        Ok(OrgUnitObject(root.ok_or(OpError::internal("the district has no root"))?))
    }

    /// How it calls each type of unit.
    async fn level_labels(&self, ctx: &Context<'_>) -> Result<Vec<LevelLabel>> {
        let (app, call) = request(ctx)?;
        let labels = organization::level_labels(&app.store, DistrictId(self.0.id)).await.op()?;
        Ok(OrgUnitKind::words()
            .iter()
            .map(|word| LevelLabel {
                kind: Term(word.value),
                label: labels
                    .get(&word.value)
                    .cloned()
                    .unwrap_or_else(|| word.value.say(call.language).to_owned()),
            })
            .collect())
    }
}

/// A Party organization: a unit of the district's tree.
pub struct OrgUnitObject(pub OrgUnit);

/// A version of a unit's name, type and superior.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct OrgUnitVersion {
    /// Counts from 1.
    version: i32,
    /// Type.
    kind: Term<OrgUnitKind>,
    /// Full name.
    name: String,
    /// Short name.
    short_name: String,
    /// From when; until the next version.
    starts_at: DateTime<Utc>,
    #[graphql(skip)]
    parent_id: Option<OrgUnitId>,
}

#[ComplexObject]
impl OrgUnitVersion {
    /// The superior at that time.
    async fn parent_unit(&self, ctx: &Context<'_>) -> Result<Option<OrgUnitObject>> {
        one(ctx, self.parent_id).await
    }
}

impl From<UnitVersion> for OrgUnitVersion {
    fn from(v: UnitVersion) -> Self {
        Self {
            version: v.version,
            kind: Term(v.kind),
            name: v.name,
            short_name: v.short_name,
            starts_at: v.starts_at,
            parent_id: v.parent_id,
        }
    }
}

pub(crate) async fn one(ctx: &Context<'_>, id: Option<OrgUnitId>) -> Result<Option<OrgUnitObject>> {
    let Some(id) = id else { return Ok(None) };
    let Some(found) = ctx.data::<Loading>()?.load_one(id).await.op()? else { return Ok(None) };
    Ok(shown(ctx, &found)?.then_some(OrgUnitObject(found)))
}

/// Whether the caller sees a unit: everybody does, but a token no further than its subtree.
fn shown(ctx: &Context<'_>, unit: &OrgUnit) -> Result<bool> {
    match request(ctx)?.1.permit(Action::ViewUnit, Subject::unit(&unit.path)) {
        Ok(_) => Ok(true),
        Err(Denied::Hidden) => Ok(false),
        Err(denied) => Err(OpError::from(denied).into()),
    }
}

/// A unit as a node.
pub async fn unit_node(ctx: &Context<'_>, id: OrgUnitId) -> Result<Option<OrgUnitObject>> {
    one(ctx, Some(id)).await
}

async fn many(ctx: &Context<'_>, ids: Option<Vec<OrgUnitId>>) -> Result<Vec<OrgUnitObject>> {
    let ids = ids.unwrap_or_default();
    let mut found = ctx.data::<Loading>()?.load_many(ids.iter().copied()).await.op()?;
    seen(ctx, ids.iter().filter_map(|id| found.remove(id)))
}

fn seen(ctx: &Context<'_>, units: impl Iterator<Item = OrgUnit>) -> Result<Vec<OrgUnitObject>> {
    let seen = units.map(|unit| Ok(shown(ctx, &unit)?.then_some(OrgUnitObject(unit))));
    seen.filter_map(Result::transpose).collect()
}

/// A Party organization: a unit of the district's tree.
#[Object(name = "OrgUnit")]
impl OrgUnitObject {
    /// Global id: stays through rename, change of type and move.
    pub async fn id(&self) -> GlobalId<OrgUnitId> {
        GlobalId(self.0.id)
    }

    /// Type.
    async fn kind(&self) -> Term<OrgUnitKind> {
        Term(self.0.kind)
    }

    /// The type as the district calls it.
    async fn kind_label(&self, ctx: &Context<'_>) -> Result<String> {
        let (app, call) = request(ctx)?;
        let district = call.district().op()?;
        let load = async || organization::level_labels(&app.store, district).await;
        let labels = app.memo.labels.get_or_load(district, load).await.op()?;
        let standard = || self.0.kind.say(call.language).to_owned();
        Ok(labels.get(&self.0.kind).cloned().unwrap_or_else(standard))
    }

    /// Full name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Short name for lists and phones.
    async fn short_name(&self) -> &str {
        &self.0.short_name
    }

    /// Code, unique in the district.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Field of the "1+5"; null where none is set.
    async fn domain(&self) -> Option<Term<UnitDomain>> {
        self.0.domain.map(Term)
    }

    /// Class of a community; null for other units.
    async fn community_class(&self) -> Option<Term<CommunityClass>> {
        self.0.community_class.map(Term)
    }

    /// IANA time zone of its civil dates.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }

    /// When it was founded in Zhibu.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was dissolved; null while it lives.
    async fn dissolved_at(&self) -> Option<DateTime<Utc>> {
        self.0.dissolved_at
    }

    /// Counts the changes; name it when you change the unit.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The one primary superior; null for the district's root.
    async fn parent_unit(&self, ctx: &Context<'_>) -> Result<Option<OrgUnitObject>> {
        one(ctx, self.0.parent_id).await
    }

    /// All superiors, from the root down.
    #[graphql(complexity = "5 + 6 * child_complexity")]
    async fn superiors(&self, ctx: &Context<'_>) -> Result<Vec<OrgUnitObject>> {
        let places: Vec<_> = self.0.path.superiors().into_iter().map(UnitAt).collect();
        let mut found = ctx.data::<Loading>()?.load_many(places.iter().cloned()).await.op()?;
        seen(ctx, places.iter().filter_map(|place| found.remove(place)))
    }

    /// The live units right below it, in order of founding; with `deep` its whole subtree, the unit
    /// itself included. A page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four and three filters")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(
            default,
            desc = "The whole subtree, this unit included, instead of the units right below."
        )]
        deep: bool,
        #[graphql(desc = "Only units of this type.")] kind: Option<Term<OrgUnitKind>>,
        #[graphql(
            desc = "Text in the name, the short name or the code, up to 100 characters; the case of Latin letters doesn't matter."
        )]
        text: Option<String>,
    ) -> Result<Connection<Cursor, OrgUnitObject>> {
        if !shown(ctx, &self.0)? {
            return Ok(Connection::new(false, false));
        }
        let filter = UnitFilter {
            parent: (!deep).then_some(self.0.id),
            subtree: deep.then(|| self.0.path.clone()),
            kind: kind.map(|k| k.0),
            text: search(text)?,
            ..UnitFilter::default()
        };
        unit_page(ctx, filter, PageArgs { first, after, last, before }).await
    }

    /// The units that guide it, beside its superior.
    async fn guides(&self, ctx: &Context<'_>) -> Result<Vec<OrgUnitObject>> {
        let ids = ctx.data::<Loading>()?.load_one(GuidesOf(self.0.id)).await.op()?;
        many(ctx, ids).await
    }

    /// The units that it guides.
    #[graphql(complexity = "5 + 20 * child_complexity")]
    async fn guided_units(&self, ctx: &Context<'_>) -> Result<Vec<OrgUnitObject>> {
        let ids = ctx.data::<Loading>()?.load_one(GuidedBy(self.0.id)).await.op()?;
        many(ctx, ids).await
    }

    /// Its names, types and superiors over time, oldest first.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<OrgUnitVersion>> {
        let versions = ctx.data::<Loading>()?.load_one(HistoryOf(self.0.id)).await.op()?;
        Ok(versions.unwrap_or_default().into_iter().map(Into::into).collect())
    }

    /// How many members its subtree has. For the members of the unit, and its overseers.
    async fn member_count(&self, ctx: &Context<'_>) -> Result<Option<u64>> {
        let (_, call) = request(ctx)?;
        call.permit(Action::ViewFigures, Subject::unit(&self.0.path)).op()?;
        let count = ctx.data::<Loading>()?.load_one(MemberCountOf(self.0.id)).await.op()?;
        Ok(Some(count.unwrap_or(0)))
    }
}

pub(super) async fn unit_page(
    ctx: &Context<'_>,
    filter: UnitFilter,
    args: PageArgs,
) -> Result<Connection<Cursor, OrgUnitObject>> {
    let (app, call) = request(ctx)?;
    let district = call.district().op()?;
    let request = args.request()?;
    let page = organization::unit_page(&app.store, district, filter, request).await.op()?;
    Ok(connect(request, page, |u: &OrgUnit| -> Uuid { u.id.0 }, OrgUnitObject))
}
