use std::sync::Arc;

use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::{
        Tally,
        check_in::{ShownCode, show},
    },
    board::{Board, BoardPhase, BoardRefusal, lasts_until, phase},
    error_code::ErrorCode,
    id::{ActivityId, DistrictId},
    policy::{self, Action, Actor, Denied, Screen, Subject},
};
use zhibu_persistence::{board, outbox};

use crate::{
    app::App,
    attendance::ops::{lock_room, tally},
    auth::board_ticket::BoardTicket,
    call::Call,
    check_in::Room,
    error::{OpError, Stop},
    identity,
};

/// Boards that an account opens in an hour.
const PER_ACCOUNT: u32 = 60;

/// Opens a board of an activity; answers the ticket of its link, too.
pub async fn open(app: &App, call: &Call, id: ActivityId) -> Result<(Board, String), Stop<BoardRefusal>> {
    let tx = app.begin(call, "openBoard").await?;
    let district = call.district()?;
    let room = lock_room(app, &tx, district, id).await?;
    let permit = call.permit(Action::KeepAttendance, room.subject(None))?;
    // What a token opened would outlast it.
    let account_id = call.person()?.account_id;
    let new = Board::open(app.id(), &room.activity, account_id, tx.now())?;
    let often = app.auth.boards.admit((district, account_id), PER_ACCOUNT, tx.now());
    often.map_err(|_| OpError::Code(ErrorCode::RateLimited, "sixty boards in an hour"))?;
    board::insert_board(&tx, &permit, &new).await?;
    tx.commit().await?;
    let ticket = app.auth.board_tickets.issue(BoardTicket::Link, district, new.id, &app.auth.random);
    Ok((new, ticket.ok_or(OpError::internal("a ticket can't be sealed"))?))
}

/// Closes all boards of an activity, wherever they hang; answers how many there were.
pub async fn close(app: &App, call: &Call, id: ActivityId) -> Result<usize, Stop<BoardRefusal>> {
    let tx = app.begin(call, "closeBoards").await?;
    let district = call.district()?;
    let room = lock_room(app, &tx, district, id).await?;
    let permit = call.permit(Action::KeepAttendance, room.subject(None))?;
    let open = board::lock_open_boards(&tx, district, id).await?;
    for before in &open {
        let after = Board { closed_at: Some(tx.now()), ..before.clone() };
        board::update_board(&tx, &permit, before, &after).await?;
    }
    if !open.is_empty() {
        outbox::publish(&tx, district, "board.closed", id.0, serde_json::Value::Null).await?;
    }
    tx.commit().await?;
    app.hub.signal((district.0, id.0));
    app.hub.wake();
    Ok(open.len())
}

/// Follows the link of an activity's board; answers the ticket that the screen shows from then on.
pub async fn enter(app: &App, call: &Call, id: ActivityId, link: &str) -> Result<String, OpError> {
    let (district, board_id) = app.auth.board_tickets.read(BoardTicket::Link, link).ok_or(Denied::Hidden)?;
    let tx = app.begin(call, "enterBoard").await?;
    let before = board::lock_board(&tx, district, board_id).await?.ok_or(Denied::Hidden)?;
    let screen = screen(district, &before);
    let permit = policy::permit(&Actor::Screen(screen), Action::ShowBoard, Subject::screen(id))?;
    let over = OpError::Code(ErrorCode::LinkExpired, "a link is followed once, and within five minutes");
    let after = before.clone().enter(tx.now()).ok_or(over)?;
    board::update_board(&tx, &permit, &before, &after).await?;
    tx.commit().await?;
    let ticket = app.auth.board_tickets.issue(BoardTicket::Screen, district, board_id, &app.auth.random);
    ticket.ok_or(OpError::internal("a ticket can't be sealed"))
}

fn screen(district_id: DistrictId, of: &Board) -> Screen {
    Screen { district_id, board_id: of.id, activity_id: of.activity_id, account_id: of.account_id }
}

/// Which screen shows a ticket, and until when it lasts.
pub async fn admit(app: &App, ticket: &str) -> Result<(Screen, DateTime<Utc>), OpError> {
    let (district, id) =
        app.auth.board_tickets.read(BoardTicket::Screen, ticket).ok_or(Denied::Unauthenticated)?;
    let found = board::board(&app.store, district, id).await?.ok_or(Denied::Unauthenticated)?;
    let screen = screen(district, &found);
    let room = live(app, screen).await?;
    Ok((screen, room.as_ref().as_ref().map_or(app.now(), |room| lasts_until(&room.activity))))
}

/// The room of a screen that may show it now: the board lasts, and whoever opened it keeps attendance
/// there still, whether or not they are signed in.
async fn live(app: &App, screen: Screen) -> Result<Arc<Option<Room>>, OpError> {
    let Screen { district_id, board_id, activity_id, account_id } = screen;
    let board = board::board(&app.store, district_id, board_id).await?.ok_or(Denied::Hidden)?;
    let kept = Room::kept(app, district_id, activity_id).await?;
    let room = kept.as_ref().as_ref().ok_or(Denied::Hidden)?;
    if !board.is_live(&room.activity, app.now()) {
        return Err(OpError::Code(ErrorCode::LinkExpired, "the board was closed, or its activity is over"));
    }
    let opener = identity::in_absence(app, district_id, account_id).await?;
    policy::permit(&opener, Action::KeepAttendance, room.subject(None))?;
    Ok(kept)
}

/// What a board shows at one moment.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The room.
    pub room: Arc<Option<Room>>,
    /// What there is to show.
    pub phase: BoardPhase,
    /// The code, while check-in is possible.
    pub code: Option<ShownCode>,
    /// The counts.
    pub tally: Tally,
}

/// What a screen shows now.
pub async fn look(app: &App, call: &Call, screen: Screen) -> Result<Shown, OpError> {
    call.permit(Action::ShowBoard, Subject::screen(screen.activity_id))?;
    let kept = live(app, screen).await?;
    let room = kept.as_ref().as_ref().ok_or(Denied::Hidden)?;
    let now = app.now();
    let phase = phase(&room.activity, now);
    let code = (phase == BoardPhase::Open).then(|| show(&room.key, screen.activity_id, now, &room.rules));
    let tally = *tally(app, screen.district_id, screen.activity_id).await?;
    Ok(Shown { phase, code, tally, room: kept })
}
