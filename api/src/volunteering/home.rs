use async_graphql::{Context, Object, Result};
use chrono::Datelike;
use zhibu_persistence::volunteering;

use crate::{call::request, error::OpExt, graphql::Minutes};

/// What volunteer hours give to the home screen.
#[derive(Default)]
pub struct VolunteeringHome;

#[Object]
impl VolunteeringHome {
    /// The caller's minutes of service that count in this civil year of the district's time zone, of all
    /// units together. None for who is no Party member.
    async fn minutes_this_year(&self, ctx: &Context<'_>) -> Result<Minutes> {
        let (app, call) = request(ctx)?;
        let district = call.permit_own().op()?.district_id();
        let Some(member) = call.person().op()?.membership.as_ref().map(|m| m.member_id) else {
            return Ok(Minutes(0));
        };
        let year = app.today(&app.district(district).await.op()?.time_zone).year();
        let balances = volunteering::balances(&app.store, district, &[member]).await.op()?;
        let own = balances.into_values().flatten().filter(|balance| balance.year == year);
        Ok(Minutes(own.map(|balance| balance.minutes).sum()))
    }
}
