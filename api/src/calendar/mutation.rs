use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use zhibu_domain::{
    calendar::CalendarRefusal,
    id::{CalendarLinkId, OrgUnitId},
};

use super::{object::CalendarLinkObject, ops, page};
use crate::{
    call::request,
    error::outcome,
    graphql::{GlobalId, Outcome},
};

/// A calendar's address to make.
#[derive(InputObject)]
pub struct CreateCalendarLinkInput {
    /// The activities of which unit; the caller's own calendar where absent.
    pub unit_id: Option<GlobalId<OrgUnitId>>,
}

/// A calendar's address to revoke.
#[derive(InputObject)]
pub struct RevokeCalendarLinkInput {
    /// Which.
    pub id: GlobalId<CalendarLinkId>,
}

/// The address was made.
#[derive(SimpleObject)]
pub struct CreateCalendarLinkDone {
    /// What is remembered of it.
    link: CalendarLinkObject,
    /// The address itself, told this once: whoever has it reads the calendar. Phones subscribe to it, with
    /// `webcal` in place of `https` where they want that.
    url: String,
}

/// The address was revoked.
#[derive(SimpleObject)]
pub struct RevokeCalendarLinkDone {
    /// As it now stands.
    link: CalendarLinkObject,
}

/// Mutations of calendars.
#[derive(Default)]
pub struct CalendarMutation;

#[Object]
impl CalendarMutation {
    /// Makes an address by which a phone's calendar shows the caller's own activities and shifts, or a unit's
    /// activities: titles, times and places. One that the caller had of the same calendar is revoked by it.
    /// It shows what the caller may see at each moment, and nothing once they have left; twenty in an hour.
    /// One's own for Party members, a unit's for whoever sees its activities.
    async fn create_calendar_link(
        &self,
        ctx: &Context<'_>,
        input: CreateCalendarLinkInput,
    ) -> Result<Outcome<CreateCalendarLinkDone, CalendarRefusal>> {
        let (app, call) = request(ctx)?;
        let made = ops::create(app, call, input.unit_id.map(|unit| unit.0)).await;
        outcome(made.map(|(link, token)| CreateCalendarLinkDone {
            link: CalendarLinkObject(link),
            url: page::url(app, &token),
        }))
    }

    /// Revokes an address of the caller's own: the calendar is gone from it. What is revoked already stays so.
    async fn revoke_calendar_link(
        &self,
        ctx: &Context<'_>,
        input: RevokeCalendarLinkInput,
    ) -> Result<Outcome<RevokeCalendarLinkDone, CalendarRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::revoke(app, call, input.id.0).await;
        outcome(done.map(|link| RevokeCalendarLinkDone { link: CalendarLinkObject(link) }))
    }
}
