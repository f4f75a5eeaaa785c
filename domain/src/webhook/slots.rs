use chrono::{DateTime, Utc};

use super::Endpoint;

/// Messages that a server has on their way at the same time.
const SLOTS: usize = 64;

/// How many of these are lent at most.
const LENT: usize = SLOTS / 2;

/// The places of a server for messages on their way. Who has nothing on its way and answers quickly gets one of its
/// own; whatever goes beyond is lent, and of that there is no more than half: so a quick one finds room though
/// others keep all that is lent for as long as they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    free: usize,
    to_lend: usize,
}

/// What an endpoint may take of the places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Places of its own.
    pub own: usize,
    /// Places that are lent to it.
    pub lent: usize,
}

impl Share {
    /// All of it.
    pub fn size(self) -> usize {
        self.own + self.lent
    }
}

impl Slots {
    /// What is left while so many messages are on their way from this server in places of their own, and so many in
    /// lent ones.
    pub fn beside(own: usize, lent: usize) -> Self {
        Self { free: SLOTS.saturating_sub(own + lent), to_lend: LENT.saturating_sub(lent) }
    }

    /// Whether nothing more may be taken by anybody.
    pub fn are_taken(self) -> bool {
        self.free == 0
    }

    /// What an endpoint may take that has `busy` messages on their way.
    pub fn share(self, endpoint: &Endpoint, busy: usize, now: DateTime<Utc>) -> Share {
        let most = endpoint.at_once(now).saturating_sub(busy).min(self.free);
        let own = usize::from(busy == 0 && endpoint.is_quick()).min(most);
        Share { own, lent: (most - own).min(self.to_lend) }
    }

    /// What is left when so much of a share was taken.
    #[must_use]
    pub fn without(self, taken: Share) -> Self {
        Self { free: self.free - taken.size(), to_lend: self.to_lend - taken.lent }
    }
}
