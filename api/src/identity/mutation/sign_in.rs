use std::sync::Arc;

use async_graphql::{Context, Data, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use zhibu_domain::identity::{OneTimeCodeRefusal, SignInRefusal};

use crate::{
    app::App,
    call::{Call, request},
    error::{Stop, naming, outcome},
    gate::data,
    graphql::{Outcome, Scoped},
    identity::{
        self, AuthTokensObject, SessionObject,
        input::{RequestOneTimeCodeInput, SignInInput, SignInWithOneTimeCodeInput},
        ops::{
            one_time_code::{self, Asking},
            sign_in::{self, Entered},
        },
    },
    member::AccountObject,
};

/// Somebody is signed in. Ask `me` with the new token for membership and posts.
#[derive(SimpleObject)]
pub struct SignInDone {
    /// What continues and proves the session.
    tokens: AuthTokensObject,
    /// Who has signed in.
    account: AccountObject,
    /// Whether the rights of posts sleep: prove the second factor by `proveSecondFactor`, or set
    /// one up by `enrollSecondFactor`.
    second_factor_missing: bool,
    /// Whether nothing but one's own account can be used until `changePassword`.
    password_change_required: bool,
    /// The session.
    session: SessionObject,
}

impl From<Entered> for SignInDone {
    fn from(entered: Entered) -> Self {
        Self {
            tokens: entered.tokens.into(),
            account: AccountObject(entered.account),
            second_factor_missing: entered.second_factor_missing,
            password_change_required: entered.password_change_due,
            session: SessionObject(entered.session),
        }
    }
}

/// The request was taken. A code was sent if somebody has the number; the answer doesn't tell.
#[derive(SimpleObject)]
pub struct RequestOneTimeCodeDone {
    /// Until when the code is valid.
    expires_at: DateTime<Utc>,
    /// From when another may be asked for.
    next_at: DateTime<Utc>,
}

pub(super) type Answer = Result<Outcome<Scoped<SignInDone>, SignInRefusal>>;

/// Answers as the person who has just signed in.
pub(super) async fn answer(
    app: &Arc<App>,
    call: &Call,
    done: Result<Entered, Stop<SignInRefusal>>,
) -> Answer {
    match naming(done, faulty) {
        Ok(entered) => outcome(Ok(entered_as(app, call, entered).await)),
        Err(stop) => outcome(Err(stop)),
    }
}

/// What somebody is told who has just signed in, and as whom the rest of the answer is read.
pub(super) async fn entered_as(app: &Arc<App>, call: &Call, done: Entered) -> Scoped<SignInDone> {
    // The tokens are given whatever happens now.
    let own = match identity::actor(app, done.bearer()).await {
        Ok(actor) => data(app, &Call { actor, ..call.clone() }, true),
        Err(_) => Data::default(),
    };
    Scoped::new(SignInDone::from(done), own)
}

/// The input field that a refusal is about.
pub(super) fn faulty(refusal: SignInRefusal) -> Option<&'static str> {
    match refusal {
        SignInRefusal::WeChatCodeWrong => Some("code"),
        SignInRefusal::UnknownMiniProgram => Some("appId"),
        SignInRefusal::BindingTicketExpired => Some("bindingTicket"),
        SignInRefusal::CodeWrong => Some("code"),
        SignInRefusal::SecondFactorWrong => Some("secondFactor"),
        SignInRefusal::DistrictRequired => Some("district"),
        SignInRefusal::BadCredentials
        | SignInRefusal::Locked
        | SignInRefusal::TooManyFromAddress
        | SignInRefusal::WeChatBlocked
        | SignInRefusal::BindingRefused
        | SignInRefusal::WeChatBoundElsewhere => None,
    }
}

/// Mutations that sign somebody in.
#[derive(Default)]
pub struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Signs in by phone number and password. For anybody. Five failures in a row lock the number for
    /// ten minutes, each further one for twice as long as before, a day at most (rules
    /// `LOCKOUT_FAILURES`, `LOCKOUT_MINUTES`); until then the right password is refused as `LOCKED` as
    /// well. A success, or a day after the last lock, begins the count anew.
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Answer {
        let (app, call) = request(ctx)?;
        let (entrant, password) = input.parts();
        answer(app, call, sign_in::by_password(app, call, entrant, password).await).await
    }

    /// Signs in by phone number and one-time code, for who has no password or forgot it. For
    /// anybody. A code can be tried five times and used once.
    async fn sign_in_with_one_time_code(
        &self,
        ctx: &Context<'_>,
        input: SignInWithOneTimeCodeInput,
    ) -> Answer {
        let (app, call) = request(ctx)?;
        let (entrant, code) = input.parts();
        answer(app, call, sign_in::by_code(app, call, entrant, &code).await).await
    }

    /// Sends six digits to a phone by text message. For anybody. Once a minute for each number and
    /// purpose, else `TOO_SOON`; six an hour for each number and sixty an hour from each network address,
    /// else the error `RATE_LIMITED`.
    async fn request_one_time_code(
        &self,
        ctx: &Context<'_>,
        input: RequestOneTimeCodeInput,
    ) -> Result<Outcome<RequestOneTimeCodeDone, OneTimeCodeRefusal>> {
        let (app, call) = request(ctx)?;
        let field = |refusal| match refusal {
            OneTimeCodeRefusal::BadPhone => Some("phone"),
            OneTimeCodeRefusal::DistrictRequired => Some("district"),
            _ => None,
        };
        let asked = match input.phone.number() {
            Some(phone) => {
                let asking = Asking { phone, district: input.district, purpose: input.purpose.0 };
                one_time_code::request(app, call, asking).await
            }
            None => Err(OneTimeCodeRefusal::BadPhone.into()),
        };
        outcome(
            naming(asked, field)
                .map(|a| RequestOneTimeCodeDone { expires_at: a.expires_at, next_at: a.next_at }),
        )
    }
}
