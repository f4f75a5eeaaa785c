use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject};
use zhibu_domain::{
    identity::PasswordRefusal,
    member::{MemberRefusal, PartyMember},
    policy::Action,
};

use crate::{
    call::{reads, request},
    error::{naming, outcome},
    graphql::Outcome,
    identity::{
        AuthTokensObject,
        input::{
            ChangePasswordInput, IssueInitialPasswordInput, ResetPasswordInput, SetPasswordInput, claimed,
        },
        ops::{
            initial,
            password::{self, Resetting},
        },
    },
    member::{PartyMemberObject, see},
};

/// The password was changed.
#[derive(SimpleObject)]
pub struct ChangePasswordDone {
    /// The running session's new tokens; the old refresh token is spent.
    tokens: AuthTokensObject,
    /// How many other sessions were ended.
    sessions_ended: usize,
}

/// The password was set.
#[derive(SimpleObject)]
pub struct SetPasswordDone {
    /// The running session's new tokens; the old refresh token is spent.
    tokens: AuthTokensObject,
    /// How many other sessions were ended.
    sessions_ended: usize,
}

/// The password was reset; sign in with it.
#[derive(SimpleObject)]
pub struct ResetPasswordDone {
    /// How many sessions were ended.
    sessions_ended: usize,
}

/// The initial password was issued.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct IssueInitialPasswordDone {
    /// The password, shown this once, to be handed over in person. Its letters and digits are not
    /// mistaken for one another.
    password: String,
    #[graphql(skip)]
    member: Option<PartyMember>,
}

#[ComplexObject]
impl IssueInitialPasswordDone {
    /// The member; null for who isn't one. For who sees the record: the district's administrator may
    /// issue the password only.
    async fn party_member(&self, ctx: &Context<'_>) -> Result<Option<PartyMemberObject>> {
        let Some(member) = &self.member else { return Ok(None) };
        see(reads(ctx)?, Action::ViewMember, member).await?;
        Ok(Some(PartyMemberObject(member.clone())))
    }
}

type Answer<D> = Result<Outcome<D, PasswordRefusal>>;

/// Mutations of passwords.
#[derive(Default)]
pub struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Changes one's own password. The running session goes on with new tokens, all others end. For
    /// anybody signed in who has one, the initial one too.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Answer<ChangePasswordDone> {
        let (app, call) = request(ctx)?;
        let changed = password::change(app, call, &input.current_password, input.new_password).await;
        outcome(changed.map(|done| ChangePasswordDone {
            tokens: done.tokens.into(),
            sessions_ended: done.sessions_ended,
        }))
    }

    /// Sets one's own first password; all other sessions end. For anybody signed in who has none, by
    /// one-time code.
    async fn set_password(&self, ctx: &Context<'_>, input: SetPasswordInput) -> Answer<SetPasswordDone> {
        let (app, call) = request(ctx)?;
        let set = password::set(app, call, input.new_password).await;
        outcome(
            set.map(|done| SetPasswordDone {
                tokens: done.tokens.into(),
                sessions_ended: done.sessions_ended,
            }),
        )
    }

    /// Chooses a new password by a one-time code. For anybody. All sessions end. A refused new
    /// password doesn't spend the code: offer another with it.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        input: ResetPasswordInput,
    ) -> Answer<ResetPasswordDone> {
        let (app, call) = request(ctx)?;
        let resetting = Resetting {
            phone: claimed(&input.phone),
            district: input.district,
            code: input.code,
            new: input.new_password,
        };
        let reset = password::reset(app, call, resetting).await;
        let field = |refusal| matches!(refusal, PasswordRefusal::DistrictRequired).then_some("district");
        outcome(naming(reset, field).map(|sessions_ended| ResetPasswordDone { sessions_ended }))
    }

    /// Issues an initial password to a member, or to the holder of a post who isn't one and has not
    /// chosen a password yet. It must be changed at the first sign-in; running sessions end. For
    /// secretaries and offices of the home unit, or of the post's, and the district's administrator;
    /// to who holds posts, only for those who could give each of them.
    async fn issue_initial_password(
        &self,
        ctx: &Context<'_>,
        input: IssueInitialPasswordInput,
    ) -> Result<Outcome<IssueInitialPasswordDone, MemberRefusal>> {
        let (app, call) = request(ctx)?;
        let issued = initial::issue(app, call, input.into()).await;
        outcome(issued.map(|done| IssueInitialPasswordDone { password: done.password, member: done.member }))
    }
}
