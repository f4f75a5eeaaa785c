//! One request: who asks, in which language, from where.

use std::{net::IpAddr, sync::Arc};

use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId},
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

    /// The person who has signed in.
    pub fn person(&self) -> Result<&Person, Denied> {
        self.actor.person().ok_or(Denied::Unauthenticated)
    }

    /// The account of the person who has signed in.
    pub fn account(&self) -> Result<AccountId, Denied> {
        self.person().map(|p| p.account_id)
    }

    /// Asks the policy.
    pub fn permit(&self, action: Action, subject: Subject<'_>) -> Result<Permit, Denied> {
        policy::permit(&self.actor, action, subject)
    }

    /// Asks the policy about something of one's own.
    pub fn permit_own(&self) -> Result<Permit, Denied> {
        self.permit(Action::UseAccount, Subject::owner(self.account()?))
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
