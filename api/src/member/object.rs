use async_graphql::{Context, Object, Result};
use chrono::Datelike;
use zhibu_domain::{
    id::{AccountId, ExemptionId, PartyMemberId, PostId},
    member::{
        Account, ContactLanguage, EducationLevel, Exemption, ExemptionKind, MemberStatus, PartyMember, Post,
        PostKind, Sex,
    },
    policy::{Action, Denied, Subject},
};

use super::sight::{named, see};
use crate::{
    call::{reads, request},
    error::{OpError, OpExt},
    graphql::{Date, GlobalId, Phone, Term},
    organization::OrgUnitObject,
    reads::{ExemptionsOf, Loading, MemberOf, PhoneRead, PostsOf},
};

/// A person known to the district: Party member, volunteer, staff or resident.
pub struct AccountObject(pub Account);

/// A person known to the district: Party member, volunteer, staff or resident.
#[Object(name = "Account")]
impl AccountObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<AccountId> {
        GlobalId(self.0.id)
    }

    /// Name. A token needs the scope `members:read` for it.
    async fn name(&self, ctx: &Context<'_>) -> Result<&str> {
        named(reads(ctx)?, [self.0.id]).await?;
        Ok(&self.0.name)
    }

    /// The phone number with its middle hidden; null where none is known. For the person; others
    /// see it with the member.
    async fn masked_phone(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let (_, call) = request(ctx)?;
        if call.person().op()?.account_id != self.0.id {
            return Err(OpError::Denied(Denied::Forbidden).into());
        }
        Ok(self.0.phone.as_ref().map(|p| p.masked()))
    }

    /// Contact language.
    async fn language(&self) -> Term<ContactLanguage> {
        Term(self.0.language)
    }

    /// The Party member that the person is. For that person, and the overseers of the home unit; null
    /// for others.
    async fn party_member(&self, ctx: &Context<'_>) -> Result<Option<PartyMemberObject>> {
        let found = ctx.data::<Loading>()?.load_one(MemberOf(self.0.id)).await.op()?;
        let Some(member) = found else { return Ok(None) };
        match see(reads(ctx)?, Action::ViewMember, &member).await {
            Ok(_) => Ok(Some(PartyMemberObject(member))),
            Err(OpError::Denied(Denied::Hidden)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The posts that the person holds, held and will hold. For anybody signed in.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn posts(&self, ctx: &Context<'_>) -> Result<Vec<PostObject>> {
        let (_, call) = request(ctx)?;
        let loading = ctx.data::<Loading>()?;
        let mut posts = loading.load_one(PostsOf(self.0.id)).await.op()?.unwrap_or_default();
        if call.actor.limit().is_some() {
            let units = loading.load_many(posts.iter().map(|post| post.unit_id)).await.op()?;
            posts.retain(|post| {
                let unit = units.get(&post.unit_id);
                unit.is_some_and(|unit| call.permit(Action::ViewPost, Subject::unit(&unit.path)).is_ok())
            });
        }
        Ok(posts.into_iter().map(PostObject).collect())
    }
}

/// A Party member's record. For the member, and the overseers of the home unit.
pub struct PartyMemberObject(pub PartyMember);

/// A member as a node: hidden from whom the policy hides it.
pub async fn member_node(ctx: &Context<'_>, id: PartyMemberId) -> Result<Option<PartyMemberObject>> {
    let found = ctx.data::<Loading>()?.load_one(id).await.op()?;
    let Some(member) = found else { return Ok(None) };
    match see(reads(ctx)?, Action::ViewMember, &member).await {
        Ok(_) => Ok(Some(PartyMemberObject(member))),
        Err(OpError::Denied(Denied::Hidden)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A Party member's record. For the member, and the overseers of the home unit.
#[Object(name = "PartyMember")]
impl PartyMemberObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<PartyMemberId> {
        GlobalId(self.0.id)
    }

    /// Name. A token needs the scope `members:read` for it.
    async fn name(&self, ctx: &Context<'_>) -> Result<&str> {
        named(reads(ctx)?, [self.0.account_id]).await?;
        Ok(&self.0.name)
    }

    /// The phone number with its middle hidden; null where none is known.
    async fn masked_phone(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        named(reads(ctx)?, [self.0.account_id]).await?;
        Ok(self.0.phone.as_ref().map(|p| p.masked()))
    }

    /// The whole phone number. For the member, and the office staff, secretaries, deputy secretaries
    /// and organization commissioners of the home unit (`VIEW_CONTACT` of docs/access.md); each
    /// reading of somebody else's number is audited and shown to its owner.
    async fn phone(&self, ctx: &Context<'_>) -> Result<Option<Phone>> {
        let permit = see(reads(ctx)?, Action::ViewContact, &self.0).await?;
        if permit.account_id() != Some(self.0.account_id) {
            let loading = ctx.data::<Loading>()?;
            loading.loader().contact.get_or_init(|| permit);
            loading.load_one(PhoneRead(self.0.id, self.0.account_id)).await.op()?;
        }
        Ok(self.0.phone.as_ref().map(Phone::from))
    }

    /// Full or probationary.
    async fn status(&self) -> Term<MemberStatus> {
        Term(self.0.status)
    }

    /// Home unit.
    async fn home_unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let home = ctx.data::<Loading>()?.load_one(self.0.unit_id).await.op()?;
        Ok(OrgUnitObject(home.ok_or(OpError::internal("a member without a home unit"))?))
    }

    /// Joined the Party on; null where the roster doesn't tell.
    async fn joined_on(&self) -> Option<Date> {
        self.0.joined_on.map(Date)
    }

    /// Full member on; null for a probationary member or where the roster doesn't tell.
    async fn full_member_on(&self) -> Option<Date> {
        self.0.full_member_on.map(Date)
    }

    /// Party standing (党龄): whole years since full membership; null where that date lacks.
    async fn party_standing(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        let (app, _) = request(ctx)?;
        let today = app.today(zhibu_domain::organization::DEFAULT_TIME_ZONE);
        Ok(self.0.full_member_on.map(|since| {
            let before_the_day = (today.month(), today.day()) < (since.month(), since.day());
            today.year() - since.year() - i32::from(before_the_day)
        }))
    }

    /// Sex. For the same persons as `phone`; not audited.
    async fn sex(&self, ctx: &Context<'_>) -> Result<Option<Term<Sex>>> {
        see(reads(ctx)?, Action::ViewContact, &self.0).await?;
        Ok(self.0.sex.map(Term))
    }

    /// Month of birth, `YYYY-MM`. For the same persons as `phone`; not audited.
    async fn birth_month(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        see(reads(ctx)?, Action::ViewContact, &self.0).await?;
        Ok(self.0.birth.map(|b| b.stored()))
    }

    /// Education. For the same persons as `phone`; not audited.
    async fn education(&self, ctx: &Context<'_>) -> Result<Option<Term<EducationLevel>>> {
        see(reads(ctx)?, Action::ViewContact, &self.0).await?;
        Ok(self.0.education.map(Term))
    }

    /// Exemptions, past ones too. For the same persons as `phone`; not audited.
    #[graphql(complexity = "5 + 3 * child_complexity")]
    async fn exemptions(&self, ctx: &Context<'_>) -> Result<Option<Vec<ExemptionObject>>> {
        see(reads(ctx)?, Action::ViewContact, &self.0).await?;
        let found = ctx.data::<Loading>()?.load_one(ExemptionsOf(self.0.id)).await.op()?;
        Ok(Some(found.unwrap_or_default().into_iter().map(ExemptionObject).collect()))
    }

    /// Left the roster on; null while on it.
    async fn left_on(&self) -> Option<Date> {
        self.0.left_on.map(Date)
    }

    /// Counts the changes; name it when you change the record.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// An exemption from a duty, with its period: whole civil days, both inclusive.
pub struct ExemptionObject(pub Exemption);

/// An exemption from a duty, with its period: whole civil days, both inclusive.
#[Object(name = "Exemption")]
impl ExemptionObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<ExemptionId> {
        GlobalId(self.0.id)
    }

    /// From what.
    async fn kind(&self) -> Term<ExemptionKind> {
        Term(self.0.kind)
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// First day.
    async fn starts_on(&self) -> Date {
        Date(self.0.starts_on)
    }

    /// Last day; null while open.
    async fn ends_on(&self) -> Option<Date> {
        self.0.ends_on.map(Date)
    }
}

/// A post held from–to on a unit. Its rights reach the unit's whole subtree.
pub struct PostObject(pub Post);

/// A post held from–to on a unit. Its rights reach the unit's whole subtree.
#[Object(name = "Post")]
impl PostObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<PostId> {
        GlobalId(self.0.id)
    }

    /// Which.
    async fn kind(&self) -> Term<PostKind> {
        Term(self.0.kind)
    }

    /// On which unit.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let unit = ctx.data::<Loading>()?.load_one(self.0.unit_id).await.op()?;
        Ok(OrgUnitObject(unit.ok_or(OpError::internal("a post without a unit"))?))
    }

    /// The holder.
    async fn holder(&self, ctx: &Context<'_>) -> Result<AccountObject> {
        let holder = ctx.data::<Loading>()?.load_one(self.0.account_id).await.op()?;
        Ok(AccountObject(holder.ok_or(OpError::internal("a post without a holder"))?))
    }

    /// First day, in the unit's time zone.
    async fn starts_on(&self) -> Date {
        Date(self.0.starts_on)
    }

    /// Last day; null while open.
    async fn ends_on(&self) -> Option<Date> {
        self.0.ends_on.map(Date)
    }

    /// Whether it gives rights now.
    async fn in_force(&self, ctx: &Context<'_>) -> Result<bool> {
        let (app, _) = request(ctx)?;
        let unit = ctx.data::<Loading>()?.load_one(self.0.unit_id).await.op()?;
        let zone = unit.map_or_else(String::new, |u| u.time_zone);
        Ok(self.0.in_force(app.today(&zone)))
    }
}
