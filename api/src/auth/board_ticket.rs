//! What opens a board: the link that is followed once, and what its screen shows from then on. Each names
//! a board, sealed so that nobody else can write one; whether it still stands the board itself says.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;
use zhibu_domain::id::{BoardId, DistrictId};

use super::{envelope::Envelope, random::Randomness, secret::MasterKey};

/// What a ticket is for: one of them isn't taken for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardTicket {
    /// In the link, to be followed once.
    Link,
    /// Of the screen, to be shown at each connection.
    Screen,
}

impl BoardTicket {
    fn bound(self) -> &'static [u8] {
        match self {
            Self::Link => b"zhibu board link",
            Self::Screen => b"zhibu board screen",
        }
    }
}

/// Issues and reads the tickets of boards.
pub struct BoardTickets(Envelope);

impl BoardTickets {
    /// The tickets of an installation.
    pub fn new(master: &MasterKey) -> Self {
        Self(Envelope::new(master, "board-ticket"))
    }

    /// A ticket of a board.
    pub fn issue(
        &self,
        ticket: BoardTicket,
        district: DistrictId,
        board: BoardId,
        random: &Randomness,
    ) -> Option<String> {
        let plain = [district.0.as_bytes().as_slice(), board.0.as_bytes()].concat();
        self.0.seal(&plain, ticket.bound(), random).map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Reads a ticket; none where we never issued it for this.
    pub fn read(&self, ticket: BoardTicket, text: &str) -> Option<(DistrictId, BoardId)> {
        let sealed = URL_SAFE_NO_PAD.decode(text.get(..text.len().min(256))?).ok()?;
        let plain = self.0.open(&sealed, ticket.bound())?;
        let (district, board) = plain.split_at_checked(16)?;
        Some((DistrictId(Uuid::from_slice(district).ok()?), BoardId(Uuid::from_slice(board).ok()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_ours_and_for_one_thing() {
        let tickets = BoardTickets::new(&MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap());
        let named = (DistrictId(Uuid::from_u128(1)), BoardId(Uuid::from_u128(2)));
        let link = tickets.issue(BoardTicket::Link, named.0, named.1, &Randomness).unwrap();
        assert_eq!(tickets.read(BoardTicket::Link, &link), Some(named));
        assert_eq!(tickets.read(BoardTicket::Screen, &link), None);
        for at in 0..link.len() {
            let mut forged = link.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(tickets.read(BoardTicket::Link, &String::from_utf8(forged).unwrap()), None, "{at}");
        }
        for bad in ["", "A", "é", &format!("{link}AAAA"), &"A".repeat(1_000_000)] {
            assert_eq!(tickets.read(BoardTicket::Link, bad), None);
        }
    }
}
