use crate::{
    id::{AccountId, ActivityId, BoardId, DistrictId, OrgUnitId, PartyMemberId, SessionId, TokenGrantId},
    member::PostKind,
    organization::OrgUnitPath,
    token::{GrantKind, TokenScope},
};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody has signed in.
    Anonymous,
    /// The server itself: jobs and the command line, inside one district.
    System(DistrictId),
    /// A person who has signed in.
    Person(Box<Person>),
    /// A room's screen: nobody sits before it who has signed in.
    Screen(Screen),
}

/// A room's screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// The tenant.
    pub district_id: DistrictId,
    /// The board that it is.
    pub board_id: BoardId,
    /// The one activity that it shows.
    pub activity_id: ActivityId,
    /// Who opened it.
    pub account_id: AccountId,
}

/// A person who has signed in, with what gives rights today; or somebody's token, by which the same person acts
/// within a limit, or another system's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The tenant.
    pub district_id: DistrictId,
    /// The account.
    pub account_id: AccountId,
    /// The session; of a token what stands for it in the audit.
    pub session_id: SessionId,
    /// The membership, of a Party member.
    pub membership: Option<Membership>,
    /// The posts in force now.
    pub posts: Vec<HeldPost>,
    /// Whether the posts' rights sleep until the session has proved a second factor.
    pub second_factor_missing: bool,
    /// Whether nothing but changing the initial password is allowed.
    pub password_change_due: bool,
    /// What a token cuts the rights down to; none where the person has signed in themselves.
    pub limit: Option<Limit>,
}

/// What a token cuts rights down to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// By which grant.
    pub grant_id: TokenGrantId,
    /// Whose rights they are: a person's, or those of integrators.
    pub kind: GrantKind,
    /// What for.
    pub scopes: Vec<TokenScope>,
    /// In which unit and all below it.
    pub path: OrgUnitPath,
}

/// A Party member's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The member's record.
    pub member_id: PartyMemberId,
    /// The home unit.
    pub unit_id: OrgUnitId,
    /// The home unit's path.
    pub path: OrgUnitPath,
}

/// A post in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPost {
    /// Which.
    pub kind: PostKind,
    /// On which unit.
    pub unit_id: OrgUnitId,
    /// That unit's path: rights reach all below it.
    pub path: OrgUnitPath,
}

impl Actor {
    /// The tenant, unless anonymous.
    pub fn district_id(&self) -> Option<DistrictId> {
        match self {
            Self::Anonymous => None,
            Self::System(district_id) => Some(*district_id),
            Self::Person(person) => Some(person.district_id),
            Self::Screen(screen) => Some(screen.district_id),
        }
    }

    /// The person, if one has signed in.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            Self::Anonymous | Self::System(_) | Self::Screen(_) => None,
        }
    }

    /// The account, if a person has signed in.
    pub fn account_id(&self) -> Option<AccountId> {
        self.person().map(|p| p.account_id)
    }

    /// What a token limits the actor to.
    pub fn limit(&self) -> Option<&Limit> {
        self.person().and_then(|person| person.limit.as_ref())
    }
}
