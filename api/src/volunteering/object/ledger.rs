use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{HourLedgerLineId, PartyMemberId},
    volunteering::{HourLedgerLine, LedgerKind, VolunteerStarLevel},
};
use zhibu_persistence::volunteering::{HourBalance, UnitHours};

use super::{ServiceHourEntryObject, account, unit};
use crate::{
    error::{OpError, OpExt},
    graphql::{GlobalId, Minutes, Term},
    member::AccountObject,
    organization::OrgUnitObject,
    reads::Loading,
};

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
    pub(in crate::volunteering) member_id: PartyMemberId,
    pub(in crate::volunteering) balances: Vec<HourBalance>,
    pub(in crate::volunteering) star_level: Option<VolunteerStarLevel>,
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
