//! The office's list for the recognition of star volunteers.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::{
    error_code::ErrorCode,
    id::{DistrictId, OrgUnitId, PartyMemberId, SessionId},
    policy::{Action, Permit},
    rule::Rules,
    vocabulary::Vocabulary,
    volunteering::{RecognitionPurpose, VolunteerStarLevel, star_level},
};
use zhibu_persistence::{
    StoreError,
    audit::{self, Entry},
    volunteering::{self, Recognizable},
};

use crate::{
    app::App,
    call::{Call, reads, request},
    error::{OpError, OpExt},
    graphql::{Eager, GlobalId, Minutes, Term},
    organization::permitted_unit,
};

/// Most members in the list.
const MOST: u32 = 50;

/// A reading of the list that stands in the audit: sessions that look again at once have looked once.
pub type Reading = (DistrictId, SessionId, OrgUnitId, i32, RecognitionPurpose);

/// A member with the verified hours of a year.
#[derive(SimpleObject)]
pub struct RecognizedVolunteer {
    /// The member; `volunteerRecord` and `hourLedger` show what the hours are.
    member_id: GlobalId<PartyMemberId>,
    /// The member's name.
    name: String,
    /// The home.
    unit_id: GlobalId<OrgUnitId>,
    /// The home's short name.
    unit_name: String,
    /// The verified minutes of the year, in whichever unit.
    minutes: Minutes,
    /// The verified minutes of all years.
    total_minutes: Minutes,
    /// The level that all years come to; null below the first.
    star_level: Option<Term<VolunteerStarLevel>>,
}

/// The members of a subdistrict with most verified hours of a year.
#[derive(SimpleObject)]
pub struct RecognitionReport {
    /// What it was asked for; it may be used for nothing else.
    purpose: Term<RecognitionPurpose>,
    /// The calendar year of the service.
    year: i32,
    /// At most 50 members, those with most minutes first.
    #[graphql(complexity = "5 + 50 * child_complexity")]
    volunteers: Vec<Eager<RecognizedVolunteer>>,
}

fn line(one: &Recognizable, rules: &Rules) -> Eager<RecognizedVolunteer> {
    Eager(RecognizedVolunteer {
        member_id: GlobalId(one.member_id),
        name: one.name.clone(),
        unit_id: GlobalId(one.unit_id),
        unit_name: one.unit_name.clone(),
        minutes: Minutes(one.minutes),
        total_minutes: Minutes(one.total),
        star_level: star_level(one.total, rules).map(Term),
    })
}

/// Writes into the audit of everybody in the list that, by whom and for what it was read; once for
/// readings of a session that come within a second.
async fn note_reading(
    app: &App,
    call: &Call,
    permit: &Permit,
    listed: &[Recognizable],
    reading: Reading,
) -> Result<Arc<()>, StoreError> {
    let (.., purpose) = reading;
    let write = async || {
        let tx = app.begin(call, "recognitionReport").await?;
        let entry = |one: &Recognizable| {
            Entry::about(one.member_id).person(one.account_id).reason(Some(purpose.code()))
        };
        audit::append_all(&tx, permit, listed.iter().map(entry).collect()).await?;
        tx.commit().await
    };
    app.memo.readings.get_or_load(reading, write).await
}

/// Queries of the recognition of volunteers.
#[derive(Default)]
pub struct RecognitionQuery;

#[Object]
impl RecognitionQuery {
    /// The 50 members of a subdistrict with most verified hours of a year, for the recognition of star
    /// volunteers (星级认定) and for nothing else: never shown to members, never public (R45). Those who
    /// have their home there now, with all their hours wherever they served. Each reading stands in the
    /// audit of everybody in the list. For offices of the subdistrict.
    async fn recognition_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The subdistrict: a unit right below the district's root.")] unit_id: GlobalId<
            OrgUnitId,
        >,
        #[graphql(desc = "The calendar year of the service.")] year: i32,
        #[graphql(desc = "What it is asked for.")] purpose: Term<RecognitionPurpose>,
    ) -> Result<Option<RecognitionReport>> {
        let (app, call) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::RecognizeVolunteers, unit_id.0).await?;
        if unit.path.superiors().len() != 1 {
            return Err(OpError::Code(ErrorCode::BadUserInput, "not a subdistrict").into());
        }
        let district = permit.district_id();
        let read = async || volunteering::recognizable(&app.store, district, unit.id, year, MOST).await;
        let listed = app.memo.recognizable.get_or_load((district, unit.id, year), read).await.op()?;
        let session = call.person().op()?.session_id;
        let reading = (district, session, unit.id, year, purpose.0);
        note_reading(app, call, &permit, &listed, reading).await.op()?;
        let rules = app.rules(district).await?;
        let volunteers = listed.iter().map(|one| line(one, &rules)).collect();
        Ok(Some(RecognitionReport { purpose, year, volunteers }))
    }
}
