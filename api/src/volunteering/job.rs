//! What happens by itself: hours whose public notice is over begin to count; offered places that
//! nobody confirms go on; a forgotten check-out is closed.

use std::convert::Infallible;

use zhibu_persistence::volunteering::{CHECK_OUTS_DUE, ENTRIES_DUE, OFFERS_DUE};

use super::{ops, shift};
use crate::{
    app::App,
    due,
    error::{OpError, Stop},
};

/// One round; answers how many steps were taken.
pub async fn run(app: &App) -> Result<usize, OpError> {
    let granted = due::take(app, &ENTRIES_DUE, |app, call, id| {
        Box::pin(async move { ops::grant(app, &call, id).await.map(usize::from) })
    });
    let moved_up = due::take(app, &OFFERS_DUE, |app, call, id| {
        Box::pin(
            async move { Ok::<_, Stop<Infallible>>(usize::from(shift::ops::advance(app, &call, id).await?)) },
        )
    });
    let closed = due::take(app, &CHECK_OUTS_DUE, |app, call, id| {
        Box::pin(
            async move { Ok::<_, Stop<Infallible>>(usize::from(shift::ops::close(app, &call, id).await?)) },
        )
    });
    Ok(granted.await? + moved_up.await? + closed.await?)
}
