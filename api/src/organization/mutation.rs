use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::organization::OrgUnitRefusal;

use super::{
    DistrictObject, OrgUnitObject,
    input::{
        CreateOrgUnitInput, DissolveOrgUnitInput, GuidanceInput, MoveOrgUnitInput, SetLevelLabelInput,
        UpdateOrgUnitInput, bad_name, faulty,
    },
    ops,
};
use crate::{
    call::request,
    error::{naming, outcome},
    graphql::Outcome,
    once::Once,
};

macro_rules! done {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(SimpleObject)]
        pub struct $name {
            /// The unit, as it now stands.
            org_unit: OrgUnitObject,
        }
    )+};
}
done! {
    /// The unit was founded.
    CreateOrgUnitDone;
    /// The unit was changed.
    UpdateOrgUnitDone;
    /// The unit was moved.
    MoveOrgUnitDone;
    /// The unit was dissolved.
    DissolveOrgUnitDone;
    /// The guidance line was added.
    AddGuidanceDone;
    /// The guidance line was ended.
    EndGuidanceDone;
}

/// The label was set.
#[derive(SimpleObject)]
pub struct SetLevelLabelDone {
    /// The district, with its labels.
    district: DistrictObject,
}

type Answer<D> = Result<Outcome<D, OrgUnitRefusal>>;

/// Mutations of the tree of units.
#[derive(Default)]
pub struct OrganizationMutation;

#[Object]
impl OrganizationMutation {
    /// Founds a unit below another. For the district's administrator, and offices of the superior.
    async fn create_org_unit(
        &self,
        ctx: &Context<'_>,
        input: CreateOrgUnitInput,
    ) -> Answer<CreateOrgUnitDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let name = bad_name(Some(&input.name));
        let done = ops::create(app, call, input.founding(app), once).await;
        outcome(
            naming(done, |refusal| faulty(refusal, name, "kind"))
                .map(|unit| CreateOrgUnitDone { org_unit: OrgUnitObject(unit) }),
        )
    }

    /// Renames a unit, or changes its type and labels; its id and history stay. For the
    /// district's administrator, and offices of the unit.
    async fn update_org_unit(
        &self,
        ctx: &Context<'_>,
        input: UpdateOrgUnitInput,
    ) -> Answer<UpdateOrgUnitDone> {
        let (app, call) = request(ctx)?;
        let name = bad_name(input.name.as_ref());
        let done = ops::update(app, call, input.id.0, input.version, input.change()).await;
        outcome(
            naming(done, |refusal| faulty(refusal, name, "kind"))
                .map(|unit| UpdateOrgUnitDone { org_unit: OrgUnitObject(unit) }),
        )
    }

    /// Moves a unit, with everything below it, under another superior. For the district's
    /// administrator, and offices of both the unit and the new superior.
    async fn move_org_unit(&self, ctx: &Context<'_>, input: MoveOrgUnitInput) -> Answer<MoveOrgUnitDone> {
        let (app, call) = request(ctx)?;
        let done = ops::move_under(app, call, input.id.0, input.version, input.parent_id.0).await;
        outcome(
            naming(done, |refusal| faulty(refusal, "name", "parentId"))
                .map(|unit| MoveOrgUnitDone { org_unit: OrgUnitObject(unit) }),
        )
    }

    /// Dissolves a unit that has no units, members or post holders left. Its past stays. For the
    /// district's administrator, and offices of the unit.
    async fn dissolve_org_unit(
        &self,
        ctx: &Context<'_>,
        input: DissolveOrgUnitInput,
    ) -> Answer<DissolveOrgUnitDone> {
        let (app, call) = request(ctx)?;
        let done = ops::dissolve(app, call, input.id.0, input.version).await;
        outcome(
            naming(done, |refusal| faulty(refusal, "name", "id"))
                .map(|unit| DissolveOrgUnitDone { org_unit: OrgUnitObject(unit) }),
        )
    }

    /// Puts a unit under a second unit's guidance; its own superior stays. Guidance gives no rights.
    /// For the district's administrator, and offices of the guided unit.
    async fn add_guidance(&self, ctx: &Context<'_>, input: GuidanceInput) -> Answer<AddGuidanceDone> {
        let (app, call) = request(ctx)?;
        let done = ops::guide(app, call, input.unit_id.0, input.guide_id.0, true).await;
        outcome(
            naming(done, |refusal| faulty(refusal, "name", "guideId"))
                .map(|unit| AddGuidanceDone { org_unit: OrgUnitObject(unit) }),
        )
    }

    /// Ends a guidance line. For the district's administrator, and offices of the guided unit.
    async fn end_guidance(&self, ctx: &Context<'_>, input: GuidanceInput) -> Answer<EndGuidanceDone> {
        let (app, call) = request(ctx)?;
        let done = ops::guide(app, call, input.unit_id.0, input.guide_id.0, false).await;
        outcome(
            naming(done, |refusal| faulty(refusal, "name", "guideId"))
                .map(|unit| EndGuidanceDone { org_unit: OrgUnitObject(unit) }),
        )
    }

    /// Sets how the district calls a type of unit (e.g. 楼栋党小组 for `PARTY_GROUP`). For the
    /// district's administrator, and offices of its root.
    async fn set_level_label(
        &self,
        ctx: &Context<'_>,
        input: SetLevelLabelInput,
    ) -> Answer<SetLevelLabelDone> {
        let (app, call) = request(ctx)?;
        let district = match ops::set_label(app, call, input.kind.0, input.label).await {
            Ok(id) => Ok(SetLevelLabelDone { district: DistrictObject(app.district(id).await?) }),
            Err(stop) => Err(stop),
        };
        outcome(naming(district, |refusal| faulty(refusal, "label", "kind")))
    }
}
