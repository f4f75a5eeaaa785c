use async_graphql::{Context, Object, Result, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::{Activity, ActivityItemKind, ActivityKind, ActivityState, Audience, Lifecycle},
    id::{ActivityId, ActivityItemId},
};
use zhibu_persistence::attendance::RosterSelection;

use super::{RecurrenceObject, ThemeObject, sight::visible, theme_node};
use crate::{
    attendance::{
        AttendanceObject, AttendeeObject, ClaimObject, LeaveObject, TallyObject, attendee_connection, roster,
    },
    call::{reads, request},
    error::{OpError, OpExt},
    graphql::{Cursor, Eager, GlobalId, Minutes, PageArgs, Term},
    organization::OrgUnitObject,
    reads::{AgendaOf, Loading, OwnAttendance, OwnClaim, OwnLeave, TallyOf},
};

/// A gathering: Party day, meeting, lecture, session. For the members of its hosts, those on its list,
/// and the overseers of a host; for the organizers of a host alone until it is published.
pub struct ActivityObject(pub Activity);

/// An activity as a node.
pub async fn activity_node(ctx: &Context<'_>, id: ActivityId) -> Result<Option<ActivityObject>> {
    Ok(visible(reads(ctx)?, id).await?.map(ActivityObject))
}

/// The circle within which a phone counts as near, WGS-84.
#[derive(SimpleObject)]
pub struct Fence {
    /// Latitude of the centre.
    latitude: f64,
    /// Longitude of the centre.
    longitude: f64,
    /// Radius in metres.
    radius_metres: i64,
}

/// Where an activity takes place.
#[derive(SimpleObject)]
pub struct Venue {
    /// Name.
    name: String,
    /// Address.
    address: Option<String>,
    /// The circle within which a phone counts as near.
    fence: Option<Fence>,
}

/// An item of an agenda.
#[derive(SimpleObject)]
pub struct ActivityItem {
    /// Global id.
    id: GlobalId<ActivityItemId>,
    /// Place in the agenda, from 1.
    position: i32,
    /// Fixed or optional.
    kind: Term<ActivityItemKind>,
    /// Title.
    title: String,
    /// When it was marked as done; null while it isn't.
    done_at: Option<DateTime<Utc>>,
}

/// A gathering: Party day, meeting, lecture, session. For the members of its hosts, those on its list,
/// and the overseers of a host; for the organizers of a host alone until it is published.
#[Object(name = "Activity")]
impl ActivityObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<ActivityId> {
        GlobalId(self.0.id)
    }

    /// Kind.
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

    /// State now: a published activity is open from the moment at which check-in begins.
    async fn state(&self, ctx: &Context<'_>) -> Result<Term<ActivityState>> {
        let (app, _) = request(ctx)?;
        Ok(Term(self.0.state_at(app.now())))
    }

    /// Start.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.window.starts_at
    }

    /// End.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.window.ends_at
    }

    /// When check-in begins.
    async fn check_in_opens_at(&self) -> DateTime<Utc> {
        self.0.check_in_window().starts_at
    }

    /// When check-in ends.
    async fn check_in_closes_at(&self) -> DateTime<Utc> {
        self.0.check_in_window().ends_at
    }

    /// Minutes after the start from which a check-in is late.
    async fn late_after(&self) -> Minutes {
        Minutes(self.0.late_after_minutes)
    }

    /// Whether those present are asked to check out.
    async fn wants_check_out(&self) -> bool {
        self.0.wants_check_out
    }

    /// Who is expected.
    async fn audience(&self) -> Term<Audience> {
        Term(self.0.audience)
    }

    /// Where; null where it isn't said.
    async fn venue(&self) -> Option<Venue> {
        self.0.venue.as_ref().map(|v| Venue {
            name: v.name.clone(),
            address: v.address.clone(),
            fence: v.fence.map(|f| Fence {
                latitude: f.latitude,
                longitude: f.longitude,
                radius_metres: f.radius_metres,
            }),
        })
    }

    /// The unit that holds it.
    async fn host(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let host = ctx.data::<Loading>()?.load_one(self.0.host_unit_id).await.op()?;
        Ok(OrgUnitObject(host.ok_or(OpError::internal("an activity without a host"))?))
    }

    /// Units that hold it together with the host. Who sees an activity of theirs sees this one, its
    /// roster and its counts; the host's organizers alone run it and keep its attendance.
    #[graphql(complexity = "3 + 3 * child_complexity")]
    async fn joint_hosts(&self, ctx: &Context<'_>) -> Result<Vec<OrgUnitObject>> {
        let mut found = ctx.data::<Loading>()?.load_many(self.0.joint_host_ids.iter().copied()).await.op()?;
        Ok(self.0.joint_host_ids.iter().filter_map(|id| found.remove(id)).map(OrgUnitObject).collect())
    }

    /// The theme that it adopts.
    async fn theme(&self, ctx: &Context<'_>) -> Result<Option<ThemeObject>> {
        match self.0.theme_id {
            Some(id) => theme_node(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The recurrence that made it.
    async fn recurrence(&self, ctx: &Context<'_>) -> Result<Option<RecurrenceObject>> {
        let Some(occurrence) = self.0.occurrence else { return Ok(None) };
        let found = ctx.data::<Loading>()?.load_one(occurrence.recurrence_id).await.op()?;
        Ok(found.map(RecurrenceObject))
    }

    /// The agenda: fixed items ("4") and the branch's own ("X").
    #[graphql(complexity = "3 + 5 * child_complexity")]
    async fn agenda(&self, ctx: &Context<'_>) -> Result<Vec<ActivityItem>> {
        let agenda = ctx.data::<Loading>()?.load_one(AgendaOf(self.0.id)).await.op()?.unwrap_or_default();
        let item = |i: &zhibu_domain::activity::ActivityItem| ActivityItem {
            id: GlobalId(i.id),
            position: i.position,
            kind: Term(i.kind),
            title: i.title.clone(),
            done_at: i.done.map(|d| d.at),
        };
        Ok(agenda.items().iter().map(item).collect())
    }

    /// The counts of attendance, without names. For who sees the activity.
    async fn tally(&self, ctx: &Context<'_>) -> Result<TallyObject> {
        let tally = ctx.data::<Loading>()?.load_one(TallyOf(self.0.id)).await.op()?;
        Ok(TallyObject(tally.unwrap_or_default()))
    }

    /// The caller's own record; null while there is none.
    async fn my_attendance(&self, ctx: &Context<'_>) -> Result<Option<AttendanceObject>> {
        let (_, call) = request(ctx)?;
        let Some(member) = call.person().op()?.membership.as_ref().map(|m| m.member_id) else {
            return Ok(None);
        };
        let found = ctx.data::<Loading>()?.load_one(OwnAttendance(member, self.0.id)).await.op()?;
        Ok(found.map(AttendanceObject))
    }

    /// The caller's own latest request for leave; null where none was made.
    async fn my_leave_request(&self, ctx: &Context<'_>) -> Result<Option<LeaveObject>> {
        let (_, call) = request(ctx)?;
        let Some(member) = call.person().op()?.membership.as_ref().map(|m| m.member_id) else {
            return Ok(None);
        };
        Ok(ctx.data::<Loading>()?.load_one(OwnLeave(member, self.0.id)).await.op()?.map(LeaveObject))
    }

    /// The caller's own check-in that was left to the organizer; null where there is none.
    async fn my_check_in_claim(&self, ctx: &Context<'_>) -> Result<Option<ClaimObject>> {
        let (_, call) = request(ctx)?;
        let Some(member) = call.person().op()?.membership.as_ref().map(|m| m.member_id) else {
            return Ok(None);
        };
        Ok(ctx.data::<Loading>()?.load_one(OwnClaim(member, self.0.id)).await.op()?.map(ClaimObject))
    }

    /// Who is expected, with their records: the roster of the meeting. With `missingOnly` the "not
    /// yet" list. For the overseers of a host; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn attendees(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(default, desc = "Only those who are expected, not present and not on leave.")] missing_only: bool,
    ) -> Result<Option<Connection<Cursor, Eager<AttendeeObject>>>> {
        let args = PageArgs { first, after, last, before }.request()?;
        let select = RosterSelection { missing_only };
        let (page, shared) = roster(reads(ctx)?, &self.0, select, args).await?;
        let members = page.rows.iter().map(|row| (row.member.id, row.member.clone()));
        ctx.data::<Loading>()?.feed_many(members).await;
        Ok(Some(attendee_connection(args, page, &shared)))
    }

    /// When it was published; null for a draft.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.lifecycle.published_at()
    }

    /// When it was closed; null while it isn't.
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.0.lifecycle.closed_at()
    }

    /// Why it was cancelled; null unless it was.
    async fn cancel_reason(&self) -> Option<&str> {
        match &self.0.lifecycle {
            Lifecycle::Cancelled { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// Counts the changes; name it when you change the activity.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
