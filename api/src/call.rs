//! One request: who asks, in which language, from where.

use std::{net::IpAddr, sync::Arc};

use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, PartyMemberId},
    policy::{self, Action, Actor, Denied, Permit, Person, Scope, Subject},
    vocabulary::Language,
};

use crate::{app::App, error::OpError, reads::Loading};

/// Who asks, in which language, from where.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who.
    pub actor: Actor,
    /// For sentences.
    pub language: Language,
    /// Stands in the log, the audit and the answer's `x-request-id`.
    pub request_id: Uuid,
    /// The client's address, for limits.
    pub address: Option<IpAddr>,
    /// What the client says that it is (`User-Agent`), for the session list.
    pub device: Option<String>,
}

impl Call {
    /// A call of the server itself: a job, the command line.
    pub fn system(district: DistrictId, request_id: Uuid) -> Self {
        Self {
            actor: Actor::System(district),
            language: Language::Zh,
            request_id,
            address: None,
            device: None,
        }
    }

    /// The tenant.
    pub fn district(&self) -> Result<DistrictId, Denied> {
        self.actor.district_id().ok_or(Denied::Unauthenticated)
    }

    /// The person who has signed in themselves: what is one's own isn't for tokens.
    pub fn person(&self) -> Result<&Person, Denied> {
        match self.actor.person() {
            None => Err(Denied::Unauthenticated),
            Some(person) if person.limit.is_some() => Err(Denied::ScopeTooSmall(None)),
            Some(person) => Ok(person),
        }
    }

    /// The account that acts: the person's, by a token, too, or another system's.
    pub fn account(&self) -> Result<AccountId, Denied> {
        self.actor.account_id().ok_or(Denied::Unauthenticated)
    }

    /// The member who asks, by a token, too; none where it is no member.
    pub fn member_id(&self) -> Option<PartyMemberId> {
        self.actor.person().and_then(|person| person.membership.as_ref()).map(|m| m.member_id)
    }

    /// Asks the policy.
    pub fn permit(&self, action: Action, subject: Subject<'_>) -> Result<Permit, Denied> {
        policy::permit(&self.actor, action, subject)
    }

    /// Asks the policy about something of one's own.
    pub fn permit_own(&self) -> Result<Permit, Denied> {
        self.permit(Action::UseAccount, Subject::owner(self.account()?))
    }

    /// Whether somebody is there at all who may go on; what an id stands for decides the rest.
    pub fn signed_in(&self) -> Result<DistrictId, Denied> {
        policy::signed_in(&self.actor)
    }

    /// Whether names may be let out; with a permit where each reading is to be audited.
    pub fn naming(&self) -> Result<Option<Permit>, Denied> {
        policy::naming(&self.actor)
    }

    /// Where the policy gives an action.
    pub fn scope(&self, action: Action) -> Result<Scope, Denied> {
        policy::scope(&self.actor, action)
    }
}

/// The application and the request, as a resolver finds them.
pub fn request<'a>(ctx: &'a async_graphql::Context<'_>) -> async_graphql::Result<(&'a Arc<App>, &'a Call)> {
    Ok((ctx.data::<Arc<App>>()?, ctx.data::<Call>()?))
}

/// What loads for the request: each read asks the policy in the name of its call.
pub fn reads<'a>(ctx: &'a async_graphql::Context<'_>) -> Result<&'a Loading, OpError> {
    ctx.data::<Loading>().map_err(|_| Denied::Unauthenticated.into())
}
