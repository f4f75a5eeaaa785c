//! Who is expected at an activity: its list, drawn from the rosters, the chosen members and the guests.

use std::collections::HashSet;

use zhibu_domain::{
    activity::{Activity, ActivityRefusal as Refusal, Attendee, AttendeeSource, Audience, expected, redrawn},
    id::{AccountId, ActivityId, DistrictId, PartyMemberId},
    organization::{OrgUnit, OrgUnitPath, civil_day},
    policy::{Action, Denied, Permit, Subject},
};
use zhibu_persistence::{StoreError, Tx, attendance, organization};

use crate::{
    call::Call,
    error::{OpError, Stop, at},
};

type Done<T> = Result<T, Stop<Refusal>>;

/// Who is on a list besides the rosters.
#[derive(Clone, Debug, Default)]
pub struct Invitations {
    /// The chosen members, where the audience is chosen.
    pub members: Vec<PartyMemberId>,
    /// Guests.
    pub guests: Vec<PartyMemberId>,
}

/// The rosters of which a list is drawn; nobody is left on that of a host dissolved meanwhile.
async fn rosters(
    tx: &Tx,
    district: DistrictId,
    activity: &Activity,
    host: &OrgUnit,
) -> Result<Vec<OrgUnitPath>, StoreError> {
    let mut paths = organization::paths(tx, district, &activity.joint_host_ids).await?;
    paths.push(host.path.clone());
    Ok(paths)
}

/// An activity's list as it was, and who on it has a record.
pub(super) struct Listed {
    pub list: Vec<Attendee>,
    pub recorded: HashSet<PartyMemberId>,
}

impl Listed {
    pub async fn load(tx: &Tx, district: DistrictId, id: ActivityId) -> Result<Self, StoreError> {
        let recorded = attendance::attendances(tx, district, id).await?;
        Ok(Self {
            list: attendance::attendees(tx, district, id).await?,
            recorded: recorded.into_iter().map(|a| a.member_id).collect(),
        })
    }

    /// Who is invited after a change: those named anew must be visible to the organizer, and who
    /// has a record can't be left out.
    pub async fn invited(
        &self,
        tx: &Tx,
        call: &Call,
        district: DistrictId,
        change: Inviting,
    ) -> Done<Invitations> {
        let named =
            [change.members.as_deref().unwrap_or_default(), change.guests.as_deref().unwrap_or_default()];
        check_invited(tx, call, district, &named.concat()).await?;
        let stored = Invitations::stored(&self.list);
        let field = if change.members.is_some() { "memberIds" } else { "guestIds" };
        let invited = Invitations {
            members: change.members.unwrap_or_else(|| stored.members.clone()),
            guests: change.guests.unwrap_or_else(|| stored.guests.clone()),
        };
        let dropped = |a: &&Attendee| stored.contains(a) && !invited.contains(a);
        if self.list.iter().filter(dropped).any(|a| self.recorded.contains(&a.member_id)) {
            return Err(at(field)(Refusal::HasRecord));
        }
        Ok(invited)
    }

    /// Draws the list anew from the rosters of the day, the chosen members and the guests; answers who
    /// has come onto it.
    pub async fn draw(
        &self,
        tx: &Tx,
        permit: &Permit,
        activity: &Activity,
        host: &OrgUnit,
        invited: &Invitations,
    ) -> Result<Vec<AccountId>, OpError> {
        let district = permit.district_id();
        let day = civil_day(activity.window.starts_at, &host.time_zone);
        let members = match activity.audience {
            Audience::Roster => {
                let rosters = rosters(tx, district, activity, host).await?;
                attendance::candidates_of_units(tx, district, &rosters, day).await?
            }
            Audience::Chosen => attendance::candidates_by_id(tx, district, &invited.members).await?,
        };
        let guests = attendance::candidates_by_id(tx, district, &invited.guests).await?;
        let drawn = expected(activity.audience, &members, &guests, day);
        let list = redrawn(&self.list, drawn, &self.recorded);
        attendance::save_attendees(tx, permit, activity.id, &self.list, &list).await?;
        let known: HashSet<_> = self.list.iter().map(|a| a.member_id).collect();
        Ok(list.iter().filter(|a| !known.contains(&a.member_id)).map(|a| a.account_id).collect())
    }
}

/// A change of who is on a list besides the rosters: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Inviting {
    /// New chosen members.
    pub members: Option<Vec<PartyMemberId>>,
    /// New guests.
    pub guests: Option<Vec<PartyMemberId>>,
}

impl Invitations {
    /// Those of a list as stored.
    pub(super) fn stored(list: &[Attendee]) -> Self {
        let of = |source| list.iter().filter(|a| a.source == source).map(|a| a.member_id).collect();
        Self { members: of(AttendeeSource::Chosen), guests: of(AttendeeSource::Guest) }
    }

    fn contains(&self, attendee: &Attendee) -> bool {
        self.members.contains(&attendee.member_id) || self.guests.contains(&attendee.member_id)
    }
}

/// Everybody invited must be one whom the organizer may see.
pub(super) async fn check_invited(
    tx: &Tx,
    call: &Call,
    district: DistrictId,
    ids: &[PartyMemberId],
) -> Result<(), OpError> {
    let found = zhibu_persistence::member::members(tx, district, ids).await?;
    let homes: Vec<_> = found.values().map(|m| m.unit_id).collect();
    let homes = organization::units(tx, district, &homes).await?;
    for id in ids {
        let member = found.get(id).ok_or(Denied::Hidden)?;
        let home = homes.get(&member.unit_id).ok_or(Denied::Hidden)?;
        call.permit(Action::ViewMember, Subject::unit(&home.path))?;
    }
    Ok(())
}
