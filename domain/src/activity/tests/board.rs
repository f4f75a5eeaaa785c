//! The room's screen.

use super::*;
use crate::{
    board::{Board, BoardPhase, BoardRefusal, phase},
    id::BoardId,
};

fn opened(activity: &Activity, minutes: i64) -> Result<Board, BoardRefusal> {
    Board::open(BoardId(Uuid::nil()), activity, SECRETARY, at(minutes))
}

#[test]
fn a_board_is_of_a_published_activity_about_its_time() {
    assert_eq!(opened(&draft(), 0), Err(BoardRefusal::NotPublished));
    let called_off = published().cancel("高温", at(0)).unwrap();
    assert_eq!(opened(&called_off, 0), Err(BoardRefusal::NotPublished));
    // Check-in opens half an hour before the start.
    assert_eq!(opened(&published(), -30 - 12 * 60 - 1), Err(BoardRefusal::TooEarly));
    assert!(opened(&published(), -30 - 12 * 60).is_ok());
    assert!(opened(&published(), 149).is_ok());
    assert_eq!(opened(&published(), 150), Err(BoardRefusal::Over));
}

#[test]
fn a_link_is_followed_once_and_soon() {
    let day = published();
    let board = opened(&day, 0).unwrap();
    assert!(!board.is_live(&day, at(1)), "nobody has come yet");
    assert_eq!(board.clone().enter(at(5)), None, "it was good for five minutes");
    let entered = board.enter(at(4)).unwrap();
    assert!(entered.is_live(&day, at(149)));
    assert!(!entered.is_live(&day, at(150)), "the meeting has been over for half an hour");
    assert_eq!(entered.clone().enter(at(4)), None, "it was followed already");
    let closed = Board { closed_at: Some(at(5)), ..entered };
    assert!(!closed.is_live(&day, at(6)));
}

#[test]
fn a_board_shows_a_code_while_check_in_is_possible() {
    assert_eq!(phase(&published(), at(-31)), BoardPhase::Early);
    assert_eq!(phase(&published(), at(-30)), BoardPhase::Open);
    assert_eq!(phase(&published(), at(120)), BoardPhase::Open);
    assert_eq!(phase(&published(), at(121)), BoardPhase::Over);
    assert_eq!(phase(&closed(), at(100)), BoardPhase::Over);
}
