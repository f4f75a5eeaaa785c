use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use zhibu_domain::{board::BoardRefusal, id::ActivityId};

use super::{ops, page};
use crate::{
    call::request,
    error::outcome,
    graphql::{GlobalId, Outcome},
};

/// A board to open.
#[derive(InputObject)]
pub struct OpenBoardInput {
    /// Of which activity.
    pub activity_id: GlobalId<ActivityId>,
}

/// Boards to close.
#[derive(InputObject)]
pub struct CloseBoardsInput {
    /// Of which activity.
    pub activity_id: GlobalId<ActivityId>,
}

/// The board can be opened.
#[derive(SimpleObject)]
pub struct OpenBoardDone {
    /// What the room's screen has to open. It can be followed once, and shows nothing but this activity.
    url: String,
    /// Until when it can be followed.
    valid_until: DateTime<Utc>,
}

/// The boards are closed.
#[derive(SimpleObject)]
pub struct CloseBoardsDone {
    /// How many there were.
    closed: i32,
}

/// Mutations of boards.
#[derive(Default)]
pub struct BoardMutation;

#[Object]
impl BoardMutation {
    /// Opens a board: the page for the room's screen, with the code that changes and the counts, without
    /// names. It lasts until half an hour after check-in has ended, even when the caller's session doesn't,
    /// and as long as the caller keeps attendance there; sixty in an hour. For who keeps attendance.
    async fn open_board(
        &self,
        ctx: &Context<'_>,
        input: OpenBoardInput,
    ) -> Result<Outcome<OpenBoardDone, BoardRefusal>> {
        let (app, call) = request(ctx)?;
        let opened = ops::open(app, call, input.activity_id.0).await;
        outcome(opened.map(|(board, link)| OpenBoardDone {
            url: page::url(app, board.activity_id, &link),
            valid_until: board.link_until(),
        }))
    }

    /// Closes all boards of an activity, wherever they hang; within seconds they show nothing. For who keeps
    /// attendance.
    async fn close_boards(
        &self,
        ctx: &Context<'_>,
        input: CloseBoardsInput,
    ) -> Result<Outcome<CloseBoardsDone, BoardRefusal>> {
        let (app, call) = request(ctx)?;
        let closed = ops::close(app, call, input.activity_id.0).await;
        outcome(closed.map(|closed| CloseBoardsDone { closed: i32::try_from(closed).unwrap_or(i32::MAX) }))
    }
}
