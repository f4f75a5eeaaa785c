use async_graphql::{InputObject, OneofObject};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::{ActivityChange, ActivityKind, Audience, NewActivity, NewFence, NewVenue, TimeWindow},
    id::{AccountId, ActivityId, ActivityItemId, OrgUnitId, PartyMemberId, ThemeId},
};

use super::{
    list::{Invitations, Inviting},
    ops::{Changing, Planning},
};
use crate::{
    app::App,
    graphql::{GlobalId, Minutes, Term},
};

/// A circle on the ground, WGS-84 degrees.
#[derive(InputObject)]
pub struct FenceInput {
    /// Latitude of the centre, −90 to 90.
    pub latitude: f64,
    /// Longitude of the centre, −180 to 180.
    pub longitude: f64,
    /// Radius in metres, 20–5000; the rule's where absent.
    pub radius_metres: Option<i32>,
}

/// Where an activity takes place.
#[derive(InputObject)]
pub struct VenueInput {
    /// Name, 1–100 characters.
    pub name: String,
    /// Address, up to 200 characters.
    pub address: Option<String>,
    /// The circle within which a phone counts as near. A position far away is a hint for the
    /// organizer, never a refusal, and is not kept.
    pub fence: Option<FenceInput>,
}

impl VenueInput {
    pub(super) fn venue(self) -> NewVenue {
        let fence = self.fence.map(|f| NewFence {
            latitude: f.latitude,
            longitude: f.longitude,
            radius_metres: f.radius_metres.map(i64::from),
        });
        NewVenue { name: self.name, address: self.address, fence }
    }
}

/// A new activity; it begins as a draft.
#[derive(InputObject)]
pub struct CreateActivityInput {
    /// The unit that holds it.
    pub host_unit_id: GlobalId<OrgUnitId>,
    /// Units that hold it together with the host; the caller must organize there too. Their members
    /// are expected too, and their organizers see it; the host's alone run it. At most 20.
    #[graphql(default)]
    pub joint_host_ids: Vec<GlobalId<OrgUnitId>>,
    /// Kind; which units may host it is told with `ActivityKind`. A Party day gets the fixed items of its
    /// template.
    pub kind: Term<ActivityKind>,
    /// Title, 1–100 characters.
    pub title: String,
    /// Description, up to 5000 characters.
    pub description: Option<String>,
    /// Start; not more than 400 days ahead nor 31 days ago (a paper list entered later).
    pub starts_at: DateTime<Utc>,
    /// End; at most 24 hours after the start.
    pub ends_at: DateTime<Utc>,
    /// Where.
    pub venue: Option<VenueInput>,
    /// Who is expected; the hosts' rosters where absent.
    pub audience: Option<Term<Audience>>,
    /// The chosen members, where the audience is `CHOSEN`. At most 1000.
    #[graphql(default, validator(max_items = 1000))]
    pub member_ids: Vec<GlobalId<PartyMemberId>>,
    /// Guests: may check in, are not counted. At most 1000.
    #[graphql(default, validator(max_items = 1000))]
    pub guest_ids: Vec<GlobalId<PartyMemberId>>,
    /// The branch's own items of the agenda (the "X" of 4+X).
    #[graphql(default, validator(max_items = 30))]
    pub items: Vec<String>,
    /// Whether those present are asked to check out.
    #[graphql(default)]
    pub wants_check_out: bool,
    /// Minutes after the start from which a check-in is late; the rule's where absent.
    pub late_after: Option<Minutes>,
    /// Minutes before the start at which check-in opens; the rule's where absent.
    pub check_in_opens: Option<Minutes>,
    /// Minutes after the end at which check-in closes; the rule's where absent.
    pub check_in_closes: Option<Minutes>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

fn bare<I: Copy>(ids: &[GlobalId<I>]) -> Vec<I> {
    ids.iter().map(|id| id.0).collect()
}

impl CreateActivityInput {
    pub(super) fn planning(self, app: &App, by: AccountId) -> Planning {
        let invited = Invitations { members: bare(&self.member_ids), guests: bare(&self.guest_ids) };
        let new = NewActivity {
            id: app.id(),
            host_unit_id: self.host_unit_id.0,
            joint_host_ids: bare(&self.joint_host_ids),
            kind: self.kind.0,
            title: self.title,
            description: self.description,
            theme_id: None,
            occurrence: None,
            window: TimeWindow { starts_at: self.starts_at, ends_at: self.ends_at },
            venue: self.venue.map(VenueInput::venue),
            audience: self.audience.map_or(Audience::Roster, |a| a.0),
            wants_check_out: self.wants_check_out,
            late_after_minutes: self.late_after.map(|m| m.0),
            check_in_opens_minutes: self.check_in_opens.map(|m| m.0),
            check_in_closes_minutes: self.check_in_closes.map(|m| m.0),
            created_by: by,
        };
        Planning { new, invited, items: self.items, theme_items: Vec::new() }
    }
}

/// A change of an activity; what is absent stays. What may change depends on the state: all of a
/// draft; time, place, title and list of a published one; the description of a closed one.
#[derive(InputObject)]
pub struct UpdateActivityInput {
    /// Which.
    pub id: GlobalId<ActivityId>,
    /// The version that the client read; refused as `STALE` if it has changed since.
    pub version: Option<i32>,
    /// New kind.
    pub kind: Option<Term<ActivityKind>>,
    /// New title.
    pub title: Option<String>,
    /// New description; an empty one removes it.
    pub description: Option<String>,
    /// New start; the end stays where `endsAt` is absent.
    pub starts_at: Option<DateTime<Utc>>,
    /// New end; the start stays where `startsAt` is absent.
    pub ends_at: Option<DateTime<Utc>>,
    /// New place.
    pub venue: Option<VenueInput>,
    /// Whether the place is removed.
    #[graphql(default)]
    pub remove_venue: bool,
    /// New joint hosts.
    pub joint_host_ids: Option<Vec<GlobalId<OrgUnitId>>>,
    /// New audience.
    pub audience: Option<Term<Audience>>,
    /// New chosen members, all of them; the guests stay where `guestIds` is absent. Who has a record of
    /// attendance already can't be left out.
    #[graphql(validator(max_items = 1000))]
    pub member_ids: Option<Vec<GlobalId<PartyMemberId>>>,
    /// New guests, all of them; the chosen members stay where `memberIds` is absent.
    #[graphql(validator(max_items = 1000))]
    pub guest_ids: Option<Vec<GlobalId<PartyMemberId>>>,
    /// Whether check-out is wanted.
    pub wants_check_out: Option<bool>,
    /// New minutes of lateness.
    pub late_after: Option<Minutes>,
    /// New minutes before the start at which check-in opens.
    pub check_in_opens: Option<Minutes>,
    /// New minutes after the end at which check-in closes.
    pub check_in_closes: Option<Minutes>,
}

impl UpdateActivityInput {
    pub(super) fn changing(self) -> Changing {
        let venue = match (self.venue, self.remove_venue) {
            (Some(venue), _) => Some(Some(venue.venue())),
            (None, true) => Some(None),
            (None, false) => None,
        };
        let invited = Inviting {
            members: self.member_ids.as_deref().map(bare),
            guests: self.guest_ids.as_deref().map(bare),
        };
        let change = ActivityChange {
            kind: self.kind.map(|k| k.0),
            title: self.title,
            description: self.description.map(Some),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            venue,
            invites: invited.members.is_some() || invited.guests.is_some(),
            joint_host_ids: self.joint_host_ids.map(|ids| bare(&ids)),
            audience: self.audience.map(|a| a.0),
            wants_check_out: self.wants_check_out,
            late_after_minutes: self.late_after.map(|m| m.0),
            check_in_opens_minutes: self.check_in_opens.map(|m| m.0),
            check_in_closes_minutes: self.check_in_closes.map(|m| m.0),
        };
        Changing { id: self.id.0, version: self.version, change, invited }
    }
}

/// A step of an activity's life.
#[derive(InputObject)]
pub struct ActivityStepInput {
    /// Which.
    pub id: GlobalId<ActivityId>,
    /// The version that the client read; refused as `STALE` if it has changed since.
    pub version: Option<i32>,
}

/// An activity to call off.
#[derive(InputObject)]
pub struct CancelActivityInput {
    /// Which.
    pub id: GlobalId<ActivityId>,
    /// The version that the client read; refused as `STALE` if it has changed since.
    pub version: Option<i32>,
    /// Why, 1–200 characters; shown to those invited.
    pub reason: String,
}

/// An item to rename.
#[derive(InputObject)]
pub struct RenameItem {
    /// Which.
    pub id: GlobalId<ActivityItemId>,
    /// The new title, 1–100 characters.
    pub title: String,
}

/// An item to mark.
#[derive(InputObject)]
pub struct MarkItem {
    /// Which.
    pub id: GlobalId<ActivityItemId>,
    /// Whether it is done.
    pub done: bool,
}

/// Exactly one change of an agenda.
#[derive(OneofObject)]
pub enum AgendaChangeInput {
    /// Adds an item of the branch's own at the end: its title.
    Add(String),
    /// Removes an item of the branch's own.
    Remove(GlobalId<ActivityItemId>),
    /// Renames an item of the branch's own.
    Rename(RenameItem),
    /// Puts the items into this order; each exactly once.
    Reorder(Vec<GlobalId<ActivityItemId>>),
    /// Marks an item as done or not done, once the activity is open.
    Mark(MarkItem),
}

/// A change of an activity's agenda.
#[derive(InputObject)]
pub struct ChangeAgendaInput {
    /// Of which activity.
    pub activity_id: GlobalId<ActivityId>,
    /// The change.
    pub change: AgendaChangeInput,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// The fixed items of a unit's Party days.
#[derive(InputObject)]
pub struct SetAgendaTemplateInput {
    /// The unit; all below it that have no template of their own follow.
    pub unit_id: GlobalId<OrgUnitId>,
    /// 1–10 different titles.
    pub titles: Vec<String>,
}

/// A theme to issue.
#[derive(InputObject)]
pub struct IssueThemeInput {
    /// The issuer: a subdistrict or the district; the units below may adopt it.
    pub issuer_unit_id: GlobalId<OrgUnitId>,
    /// Kind of the activities that adopt it; Party days where absent.
    pub kind: Option<Term<ActivityKind>>,
    /// Title, 1–100 characters.
    pub title: String,
    /// Description, up to 5000 characters.
    pub description: Option<String>,
    /// First day on which an adopting activity may lie.
    pub starts_on: crate::graphql::Date,
    /// Last day on which an adopting activity may lie.
    pub ends_on: crate::graphql::Date,
    /// What every adopting activity must do, up to 10 items.
    #[graphql(default)]
    pub items: Vec<String>,
    /// The client's key for this request, 1–64 characters.
    pub client_mutation_id: Option<String>,
}

/// A theme to take back.
#[derive(InputObject)]
pub struct WithdrawThemeInput {
    /// Which.
    pub id: GlobalId<ThemeId>,
}

/// A theme to adopt as an activity of one's own.
#[derive(InputObject)]
pub struct AdoptThemeInput {
    /// Which.
    pub theme_id: GlobalId<ThemeId>,
    /// The host.
    pub host_unit_id: GlobalId<OrgUnitId>,
    /// The branch's own title; the theme's where absent.
    pub title: Option<String>,
    /// Start, within the theme's period.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Where.
    pub venue: Option<VenueInput>,
    /// The branch's own items of the agenda.
    #[graphql(default, validator(max_items = 30))]
    pub items: Vec<String>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// A fixed Party day that recurs.
#[derive(InputObject)]
pub struct CreateRecurrenceInput {
    /// The host.
    pub host_unit_id: GlobalId<OrgUnitId>,
    /// Kind; Party days where absent.
    pub kind: Option<Term<ActivityKind>>,
    /// Title of the activities.
    pub title: String,
    /// An RRULE of RFC 5545 without its name, e.g. `FREQ=MONTHLY;BYDAY=1FR`. Yearly, monthly or weekly; no time parts.
    pub rule: String,
    /// The first day on which it may fall.
    pub starts_on: crate::graphql::Date,
    /// Time of day, `HH:MM`, in the host's time zone.
    pub time: String,
    /// How long each activity lasts.
    pub duration: Minutes,
    /// Where.
    pub venue: Option<VenueInput>,
    /// Whether check-out is wanted.
    #[graphql(default)]
    pub wants_check_out: bool,
    /// The client's key for this request, 1–64 characters.
    pub client_mutation_id: Option<String>,
}

/// A recurrence to stop.
#[derive(InputObject)]
pub struct StopRecurrenceInput {
    /// Which. Drafts that it has made stay.
    pub id: GlobalId<zhibu_domain::id::RecurrenceId>,
}
