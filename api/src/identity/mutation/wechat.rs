use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject, Union};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    error_code::ErrorCode,
    identity::SignInRefusal,
    member::{MemberRefusal, PartyMember},
    policy::Action,
};

use super::sign_in::{Answer, SignInDone, answer, entered_as, faulty};
use crate::{
    call::{reads, request},
    error::{OpError, Stop, naming, outcome},
    graphql::{Outcome, Refused, Scoped},
    identity::{
        input::{
            BindWeChatInput, IssueBindingCodeInput, LinkWeChatInput, SignInByWeChatInput, UnbindWeChatInput,
        },
        object::WeChatBindingObject,
        ops::wechat::{
            bind::{self, Claim},
            code, link,
            sign_in::{self, Arrival, Arriving},
        },
    },
    member::{PartyMemberObject, see},
};

/// Nobody's account is bound to this WeChat account yet: bind it by `bindWeChat`, or sign in otherwise.
#[derive(SimpleObject)]
pub struct WeChatNotBound {
    /// Names the WeChat account to `bindWeChat`.
    binding_ticket: String,
    /// Until when, ten minutes from now.
    valid_until: DateTime<Utc>,
}

/// Who has come through the mini-program, or why not.
#[derive(Union)]
#[graphql(name = "SignInByWeChatResult")]
pub enum SignInByWeChatResult {
    /// Somebody is signed in.
    Done(Box<Scoped<SignInDone>>),
    /// Nobody yet.
    NotBound(WeChatNotBound),
    /// Why not.
    Refused(Refused<SignInRefusal>),
}

/// The WeChat account is bound to the caller's account.
#[derive(SimpleObject)]
pub struct LinkWeChatDone {
    /// The binding.
    binding: WeChatBindingObject,
}

/// The WeChat account is bound no longer.
#[derive(SimpleObject)]
pub struct UnbindWeChatDone {
    /// How many sessions ended that had begun by it; the running one goes on.
    sessions_ended: usize,
}

/// The binding code was issued; the one before is void.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct IssueBindingCodeDone {
    /// The code, shown this once, to be handed over in person. Its letters and digits are not mistaken for
    /// one another.
    code: String,
    /// Until when it may be used, once (rule `BINDING_CODE_HOURS`).
    expires_at: DateTime<Utc>,
    #[graphql(skip)]
    member: PartyMember,
}

#[ComplexObject]
impl IssueBindingCodeDone {
    /// The member.
    async fn party_member(&self, ctx: &Context<'_>) -> Result<Option<PartyMemberObject>> {
        see(reads(ctx)?, Action::ViewMember, &self.member).await?;
        Ok(Some(PartyMemberObject(self.member.clone())))
    }
}

/// Mutations of signing in through WeChat.
#[derive(Default)]
pub struct WeChatMutation;

#[Object]
impl WeChatMutation {
    /// Signs in by `wx.login`'s code. For anybody. Whose WeChat account isn't bound gets a ticket for
    /// `bindWeChat`. The rights of posts sleep until `proveSecondFactor`. Where WeChat doesn't answer, the
    /// error is `UNAVAILABLE`; call `wx.login` anew then, for the code may be spent.
    async fn sign_in_by_we_chat(
        &self,
        ctx: &Context<'_>,
        input: SignInByWeChatInput,
    ) -> Result<SignInByWeChatResult> {
        let (app, call) = request(ctx)?;
        let SignInByWeChatInput { code, app_id, district, device_label } = input;
        let arriving = Arriving { code, app_id, district, device_label };
        match naming(sign_in::sign_in(app, call, arriving).await, faulty) {
            Ok(Arrival::Known(entered)) => {
                Ok(SignInByWeChatResult::Done(Box::new(entered_as(app, call, *entered).await)))
            }
            Ok(Arrival::Unbound { ticket, until }) => {
                let unbound = WeChatNotBound { binding_ticket: ticket, valid_until: until };
                Ok(SignInByWeChatResult::NotBound(unbound))
            }
            Err(Stop::Refused(code, field)) => Ok(SignInByWeChatResult::Refused(Refused { code, field })),
            Err(Stop::Error(error)) => Err(error.into()),
        }
    }

    /// Binds a WeChat account to the account of who holds it, and signs them in. For anybody with a ticket
    /// of `signInByWeChat`. Proof is the phone number that WeChat vouches for, or the code that the branch
    /// has issued. Five failures lock the WeChat account as they would a number; ten tries an hour, else the
    /// error `RATE_LIMITED`. A person has one WeChat account in a mini-program: the newer takes the place of
    /// the older, whose sessions end.
    async fn bind_we_chat(&self, ctx: &Context<'_>, input: BindWeChatInput) -> Answer {
        let (app, call) = request(ctx)?;
        let claim = match (input.phone_code, input.branch_code) {
            (Some(code), None) => Claim::Phone(code),
            (None, Some(code)) => Claim::Branch(code),
            _ => {
                let rule = "exactly one of phoneCode and branchCode";
                return Err(OpError::Code(ErrorCode::BadUserInput, rule).into());
            }
        };
        let label = input.device_label.as_deref();
        answer(app, call, bind::bind(app, call, &input.binding_ticket, claim, label).await).await
    }

    /// Binds a WeChat account to one's own account. For anybody signed in who has proved the second factor, where
    /// that is in use, with a fresh code of `wx.login`.
    /// One that is bound to somebody else's account is refused, unless `moveFromOther` says that both
    /// accounts are the same person's. The holder of each account is told. Ten tries an hour, else the error
    /// `RATE_LIMITED`.
    async fn link_we_chat(
        &self,
        ctx: &Context<'_>,
        input: LinkWeChatInput,
    ) -> Result<Outcome<LinkWeChatDone, SignInRefusal>> {
        let (app, call) = request(ctx)?;
        let linked = link::link(app, call, &input.code, &input.app_id, input.move_from_other).await;
        outcome(
            naming(linked, faulty).map(|binding| LinkWeChatDone { binding: WeChatBindingObject(binding) }),
        )
    }

    /// Ends one of one's own bindings, e.g. of a lost phone; the sessions that began by it end, but not the
    /// running one. For anybody signed in.
    async fn unbind_we_chat(
        &self,
        ctx: &Context<'_>,
        input: UnbindWeChatInput,
    ) -> Result<Outcome<UnbindWeChatDone, SignInRefusal>> {
        let (app, call) = request(ctx)?;
        let ended = link::unbind(app, call, input.id.0).await;
        outcome(ended.map(|sessions_ended| UnbindWeChatDone { sessions_ended }))
    }

    /// Issues a code to a member, by which they bind their WeChat account where it can't tell the phone
    /// number. For secretaries and offices of the home unit, and the district's administrator; to who holds
    /// posts, only for those who could give each of them; never to oneself.
    async fn issue_binding_code(
        &self,
        ctx: &Context<'_>,
        input: IssueBindingCodeInput,
    ) -> Result<Outcome<IssueBindingCodeDone, MemberRefusal>> {
        let (app, call) = request(ctx)?;
        let issued = code::issue(app, call, input.member_id.0).await;
        outcome(issued.map(|done| IssueBindingCodeDone {
            code: done.plain,
            expires_at: done.code.expires_at,
            member: done.member,
        }))
    }
}
