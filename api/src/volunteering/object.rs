use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{AccountId, HourLedgerLineId, ObjectionId, OrgUnitId, PartyMemberId, ServiceHourEntryId},
    policy::{Action, Subject},
    volunteering::{
        HourFlag, HourLedgerLine, HourOrigin, HourProgress, HourState, LedgerKind, Objection,
        ObjectionProgress, ObjectionState, ServiceHourEntry, VolunteerStarLevel,
    },
};
use zhibu_persistence::volunteering::{HourBalance, UnitHours};

use super::shift::VolunteerShiftObject;
use crate::{
    call::request,
    error::{OpError, OpExt},
    graphql::{Date, GlobalId, Minutes, Term},
    member::{AccountObject, PartyMemberObject},
    organization::OrgUnitObject,
    reads::{Loading, ObjectionsTo},
};

async fn unit(ctx: &Context<'_>, id: OrgUnitId) -> Result<OrgUnitObject> {
    let found = ctx.data::<Loading>()?.load_one(id).await.op()?;
    Ok(OrgUnitObject(found.ok_or(OpError::internal("hours without a unit"))?))
}

async fn account(ctx: &Context<'_>, id: Option<AccountId>) -> Result<Option<AccountObject>> {
    let Some(id) = id else { return Ok(None) };
    Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(AccountObject))
}

/// A member's service of some hours, and how far its recognition has come. For the member, and the
/// overseers of the unit that it was reported to or of the member's home unit.
pub struct ServiceHourEntryObject(pub ServiceHourEntry);

/// A member's service of some hours, and how far its recognition has come. For the member, and the
/// overseers of the unit that it was reported to or of the member's home unit.
#[Object(name = "ServiceHourEntry")]
impl ServiceHourEntryObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<ServiceHourEntryId> {
        GlobalId(self.0.id)
    }

    /// Who served.
    async fn member(&self, ctx: &Context<'_>) -> Result<PartyMemberObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.member_id).await.op()?;
        Ok(PartyMemberObject(found.ok_or(OpError::internal("hours without a member"))?))
    }

    /// The unit that it was reported to, whose organizers verify it.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.unit_id).await
    }

    /// Where it comes from; the two kinds are kept apart for ever.
    async fn origin(&self) -> Term<HourOrigin> {
        Term(self.0.origin)
    }

    /// The shift at which it was served; null where the member has reported it.
    async fn shift(&self, ctx: &Context<'_>) -> Result<Option<VolunteerShiftObject>> {
        let Some(id) = self.0.shift_id else { return Ok(None) };
        Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(VolunteerShiftObject))
    }

    /// The civil day of its start, in the unit's time zone.
    async fn served_on(&self) -> Date {
        Date(self.0.served_on)
    }

    /// When it began.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.service.window.starts_at
    }

    /// When it ended.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.service.window.ends_at
    }

    /// Minutes of it spent on the way, which don't count.
    async fn travel_minutes(&self) -> Minutes {
        Minutes(self.0.service.travel_minutes)
    }

    /// The minutes from start to end without the way, as reported.
    async fn reported_minutes(&self) -> Minutes {
        Minutes(self.0.service.served_minutes())
    }

    /// The minutes that count, or would: as reported, unless a reviewer has corrected them, or a forgotten
    /// check-out is capped.
    async fn minutes(&self) -> Minutes {
        Minutes(self.0.minutes)
    }

    /// Where.
    async fn place(&self) -> &str {
        &self.0.service.place
    }

    /// What was done.
    async fn content(&self) -> &str {
        &self.0.service.content
    }

    /// For whom, in general words; empty where the project of its shift doesn't say.
    async fn beneficiary(&self) -> &str {
        &self.0.service.beneficiary
    }

    /// How many were served; null where that can't be said.
    async fn beneficiary_count(&self) -> Option<i32> {
        self.0.service.beneficiary_count
    }

    /// References to pictures.
    async fn pictures(&self) -> &[String] {
        &self.0.service.pictures
    }

    /// Hints for the reviewer; never a reason to reject automatically.
    async fn flags(&self) -> Vec<Term<HourFlag>> {
        self.0.flags.list().into_iter().map(Term).collect()
    }

    /// When it was first reported.
    async fn reported_at(&self) -> DateTime<Utc> {
        self.0.reported_at
    }

    /// Where it stands.
    async fn state(&self) -> Term<HourState> {
        Term(self.0.state())
    }

    /// Why it was returned or reversed; null otherwise.
    async fn reason(&self) -> Option<&str> {
        match &self.0.progress {
            HourProgress::Returned { reason, .. } | HourProgress::Reversed { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// Why a reviewer has corrected the minutes; null where none has.
    async fn correction(&self) -> Option<&str> {
        self.0.verification().and_then(|v| v.correction.as_deref())
    }

    /// Who has verified it; null while nobody has.
    async fn verified_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        account(ctx, self.0.verification().map(|v| v.by)).await
    }

    /// When it was verified; null while it isn't.
    async fn verified_at(&self) -> Option<DateTime<Utc>> {
        self.0.verification().map(|v| v.at)
    }

    /// Until when it is in public notice; null unless it is.
    async fn publicity_until(&self) -> Option<DateTime<Utc>> {
        match self.0.progress {
            HourProgress::InPublicity { until, .. } => Some(until),
            _ => None,
        }
    }

    /// Since when it counts; null unless it does.
    async fn granted_at(&self) -> Option<DateTime<Utc>> {
        match self.0.progress {
            HourProgress::Granted { at, .. } => Some(at),
            _ => None,
        }
    }

    /// The objections to it, in order of raising.
    #[graphql(complexity = "5 + 3 * child_complexity")]
    async fn objections(&self, ctx: &Context<'_>) -> Result<Vec<ObjectionObject>> {
        let found = ctx.data::<Loading>()?.load_one(ObjectionsTo(self.0.id)).await.op()?;
        Ok(found.unwrap_or_default().into_iter().map(ObjectionObject).collect())
    }

    /// Counts the changes; name it when you change the entry.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// An objection to hours in public notice. For who raised it, the member, and the overseers of the unit.
pub struct ObjectionObject(pub Objection);

/// An objection to hours in public notice. For who raised it, the member, and the overseers of the unit.
#[Object(name = "Objection")]
impl ObjectionObject {
    /// Global id.
    async fn id(&self) -> GlobalId<ObjectionId> {
        GlobalId(self.0.id)
    }

    /// The id of the entry that it is about.
    async fn entry_id(&self) -> GlobalId<ServiceHourEntryId> {
        GlobalId(self.0.entry_id)
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// When it was raised.
    async fn raised_at(&self) -> DateTime<Utc> {
        self.0.raised_at
    }

    /// Who objects. For the organizers of the unit; null for others, the member above all.
    async fn raised_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        let (_, call) = request(ctx)?;
        let loading = ctx.data::<Loading>()?;
        let Some(entry) = loading.load_one(self.0.entry_id).await.op()? else { return Ok(None) };
        let Some(unit) = loading.load_one(entry.unit_id).await.op()? else { return Ok(None) };
        let decides = call.permit(Action::VerifyHours, Subject::unit(&unit.path)).is_ok();
        if decides && call.actor.account_id() != Some(entry.account_id) {
            account(ctx, Some(self.0.account_id)).await
        } else {
            Ok(None)
        }
    }

    /// Where it stands.
    async fn state(&self) -> Term<ObjectionState> {
        Term(self.0.state())
    }

    /// Why it was decided so; null while it is open.
    async fn answer(&self) -> Option<&str> {
        match &self.0.progress {
            ObjectionProgress::Open => None,
            ObjectionProgress::Decided { answer, .. } => Some(answer),
        }
    }
}

/// Verified hours in public notice: no more of them than somebody needs to object. For the members of
/// the unit that they were reported to, and its overseers.
pub struct PublicityEntry(pub ServiceHourEntry);

/// Verified hours in public notice: no more of them than somebody needs to object. For the members of
/// the unit that they were reported to, and its overseers.
#[Object]
impl PublicityEntry {
    /// The entry's global id.
    pub async fn id(&self) -> GlobalId<ServiceHourEntryId> {
        GlobalId(self.0.id)
    }

    /// The name of who served.
    async fn name(&self, ctx: &Context<'_>) -> Result<String> {
        let found = ctx.data::<Loading>()?.load_one(self.0.member_id).await.op()?;
        Ok(found.ok_or(OpError::internal("hours without a member"))?.name)
    }

    /// The unit that they were reported to.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.unit_id).await
    }

    /// The civil day of the service.
    async fn served_on(&self) -> Date {
        Date(self.0.served_on)
    }

    /// The minutes that will count.
    async fn minutes(&self) -> Minutes {
        Minutes(self.0.minutes)
    }

    /// What was done.
    async fn content(&self) -> &str {
        &self.0.service.content
    }

    /// Where they come from.
    async fn origin(&self) -> Term<HourOrigin> {
        Term(self.0.origin)
    }

    /// Until when members may object.
    async fn publicity_until(&self) -> Option<DateTime<Utc>> {
        match self.0.progress {
            HourProgress::InPublicity { until, .. } => Some(until),
            _ => None,
        }
    }
}

/// A line of a member's ledger of hours: never changed, never deleted.
pub struct HourLedgerLineObject(pub HourLedgerLine);

/// A line of a member's ledger of hours: never changed, never deleted.
#[Object(name = "HourLedgerLine")]
impl HourLedgerLineObject {
    /// Global id.
    async fn id(&self) -> GlobalId<HourLedgerLineId> {
        GlobalId(self.0.id)
    }

    /// What it does.
    async fn kind(&self) -> Term<LedgerKind> {
        Term(self.0.posting.kind)
    }

    /// The entry that it counts.
    async fn entry(&self, ctx: &Context<'_>) -> Result<ServiceHourEntryObject> {
        let found = ctx.data::<Loading>()?.load_one(self.0.posting.entry_id).await.op()?;
        Ok(ServiceHourEntryObject(found.ok_or(OpError::internal("a ledger line without an entry"))?))
    }

    /// For which unit it counts.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.posting.unit_id).await
    }

    /// The year of the service, for which it counts.
    async fn year(&self) -> i32 {
        self.0.posting.year
    }

    /// The entry's counted minutes before.
    async fn before(&self) -> Minutes {
        Minutes(self.0.posting.before)
    }

    /// The entry's counted minutes after.
    async fn after(&self) -> Minutes {
        Minutes(self.0.posting.after)
    }

    /// The member's balance for the unit and the year after it.
    async fn balance(&self) -> Minutes {
        Minutes(self.0.balance)
    }

    /// Who did it; null where the end of the public notice did.
    async fn posted_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        account(ctx, self.0.posting.by).await
    }

    /// Why; null where the end of the public notice did it.
    async fn reason(&self) -> Option<&str> {
        self.0.posting.reason.as_deref()
    }

    /// When.
    async fn posted_at(&self) -> DateTime<Utc> {
        self.0.posting.at
    }
}

/// The hours that count for a unit in a year.
pub struct HourBalanceObject(pub HourBalance);

/// The hours that count for a unit in a year.
#[Object(name = "HourBalance")]
impl HourBalanceObject {
    /// For which unit.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.unit_id).await
    }

    /// The year of the service.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// How many minutes count.
    async fn minutes(&self) -> Minutes {
        Minutes(self.0.minutes)
    }
}

/// What a member's volunteer hours come to. For the member and the overseers of the home unit: never
/// a ranking (R45).
pub struct VolunteerRecord {
    pub(super) member_id: PartyMemberId,
    pub(super) balances: Vec<HourBalance>,
    pub(super) star_level: Option<VolunteerStarLevel>,
}

/// What a member's volunteer hours come to. For the member and the overseers of the home unit: never
/// a ranking (R45).
#[Object]
impl VolunteerRecord {
    /// The member's id.
    async fn member_id(&self) -> GlobalId<PartyMemberId> {
        GlobalId(self.member_id)
    }

    /// All minutes that count, of all units and years.
    async fn total_minutes(&self) -> Minutes {
        Minutes(self.balances.iter().map(|b| b.minutes).sum())
    }

    /// The star level that they come to (R32); null below the first.
    async fn star_level(&self) -> Option<Term<VolunteerStarLevel>> {
        self.star_level.map(Term)
    }

    /// The minutes for each unit and year, latest year first.
    async fn balances(&self) -> Vec<HourBalanceObject> {
        self.balances.iter().copied().map(HourBalanceObject).collect()
    }
}

/// What was served for a unit and all below it in a year: numbers without names.
pub struct UnitHoursObject(pub UnitHours);

/// What was served for a unit and all below it in a year: numbers without names.
#[Object(name = "UnitHours")]
impl UnitHoursObject {
    /// The minutes that count.
    async fn minutes(&self) -> Minutes {
        Minutes(self.0.minutes)
    }

    /// How many members they come from.
    async fn volunteers(&self) -> i64 {
        self.0.volunteers
    }
}
