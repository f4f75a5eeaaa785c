mod password;
mod second_factor;
mod session;
mod sign_in;
mod wechat;

use async_graphql::MergedObject;

/// Mutations of signing in.
#[derive(MergedObject, Default)]
pub struct IdentityMutation(
    sign_in::SignInMutation,
    session::SessionMutation,
    password::PasswordMutation,
    second_factor::SecondFactorMutation,
    wechat::WeChatMutation,
);
