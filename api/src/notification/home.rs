use async_graphql::{Context, Object, Result};

use super::unread_count;

/// What the inbox gives to the home screen.
#[derive(Default)]
pub struct InboxHome;

#[Object]
impl InboxHome {
    /// How many of the caller's notifications are unread.
    async fn unread_count(&self, ctx: &Context<'_>) -> Result<u64> {
        unread_count(ctx).await
    }
}
