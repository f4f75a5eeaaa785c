use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::Audience;
use crate::{
    id::{AccountId, OrgUnitId, PartyMemberId},
    member::{Exemption, ExemptionKind, MemberStatus},
    vocabulary,
};

vocabulary! {
    /// How somebody came onto an activity's list.
    pub enum AttendeeSource {
        /// By the roster of a host.
        Roster = "ROSTER" => "名册", "Roster";
        /// Chosen by the organizer.
        Chosen = "CHOSEN" => "指定", "Chosen";
        /// Invited without being expected (列席).
        Guest = "GUEST" => "列席", "Guest";
    }
}

vocabulary! {
    /// Why somebody on the list isn't counted in 应到.
    pub enum ExclusionReason {
        /// The branch has decided not to count the member (不计应到); the cause is nobody else's business.
        Exempt = "EXEMPT" => "经批准不计应到", "Exempt by the branch's decision";
        /// Guests are never counted.
        Guest = "GUEST" => "列席人员", "Guest";
    }
}

/// A member who may be expected, with what decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The member.
    pub member_id: PartyMemberId,
    /// The member's account.
    pub account_id: AccountId,
    /// Full or probationary.
    pub status: MemberStatus,
    /// Home unit.
    pub unit_id: OrgUnitId,
    /// First day on the roster, where known.
    pub entered_on: Option<NaiveDate>,
    /// The day of leaving the roster.
    pub left_on: Option<NaiveDate>,
    /// Exemptions of any time.
    pub exemptions: Vec<Exemption>,
}

/// Somebody on an activity's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Attendee {
    /// The member.
    pub member_id: PartyMemberId,
    /// The member's account.
    pub account_id: AccountId,
    /// Home unit.
    pub unit_id: OrgUnitId,
    /// How they came onto the list.
    pub source: AttendeeSource,
    /// Whether they are counted in 应到.
    pub counted: bool,
    /// Whether they are counted among the voters (R13).
    pub votes: bool,
    /// Why they aren't counted.
    pub exclusion: Option<ExclusionReason>,
}

impl Candidate {
    fn on_roster(&self, day: NaiveDate) -> bool {
        self.entered_on.is_none_or(|entered| entered <= day) && self.left_on.is_none_or(|left| day < left)
    }

    fn is_exempt(&self, kind: ExemptionKind, day: NaiveDate) -> bool {
        self.exemptions.iter().any(|exemption| exemption.kind == kind && exemption.in_force(day))
    }

    fn attendee(&self, source: AttendeeSource, day: NaiveDate) -> Attendee {
        let exclusion = if source == AttendeeSource::Guest {
            Some(ExclusionReason::Guest)
        } else {
            self.is_exempt(ExemptionKind::NotExpected, day).then_some(ExclusionReason::Exempt)
        };
        let counted = exclusion.is_none();
        let votes =
            counted && self.status == MemberStatus::Full && !self.is_exempt(ExemptionKind::NoVote, day);
        Attendee {
            member_id: self.member_id,
            account_id: self.account_id,
            unit_id: self.unit_id,
            source,
            counted,
            votes,
            exclusion,
        }
    }
}

/// Who stands on an activity's list on its civil `day`: `members` (the hosts' rosters, or the
/// chosen ones), then `guests`; each person once, as what they are first.
///
/// Probationary members are expected but have no vote. An exemption from 应到 takes a member
/// out of it, one from study hours doesn't, and 留党察看 takes only the vote (R13, R20). A
/// member who isn't counted may still come and be checked in.
pub fn expected(
    audience: Audience,
    members: &[Candidate],
    guests: &[Candidate],
    day: NaiveDate,
) -> Vec<Attendee> {
    let source = match audience {
        Audience::Roster => AttendeeSource::Roster,
        Audience::Chosen => AttendeeSource::Chosen,
    };
    let mut seen = HashSet::new();
    let members = members.iter().map(|member| (source, member));
    let guests = guests.iter().map(|guest| (AttendeeSource::Guest, guest));
    members
        .chain(guests)
        .filter(|(_, candidate)| candidate.on_roster(day) && seen.insert(candidate.member_id))
        .map(|(source, candidate)| candidate.attendee(source, day))
        .collect()
}

/// A list drawn anew. Whoever has a record stays on it: that they were expected, and came, stays
/// true when they move away or leave.
pub fn redrawn(
    before: &[Attendee],
    drawn: Vec<Attendee>,
    recorded: &HashSet<PartyMemberId>,
) -> Vec<Attendee> {
    let on: HashSet<_> = drawn.iter().map(|attendee| attendee.member_id).collect();
    let stays = |a: &&Attendee| recorded.contains(&a.member_id) && !on.contains(&a.member_id);
    let stay: Vec<_> = before.iter().filter(stays).copied().collect();
    drawn.into_iter().chain(stay).collect()
}
