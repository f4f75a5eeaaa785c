use chrono::{DateTime, Utc};

use super::{ShiftRefusal as Refusal, ShiftState, VolunteerShift, shift::check_window};
use crate::activity::TimeWindow;

/// A change of a shift: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ShiftChange {
    /// New start; the end stays where none is given.
    pub starts_at: Option<DateTime<Utc>>,
    /// New end; the start stays where none is given.
    pub ends_at: Option<DateTime<Utc>>,
    /// New place.
    pub place: Option<String>,
    /// How many volunteers it takes from now on; who has a place keeps it.
    pub capacity: Option<i32>,
    /// What who signs up from now on must be able to do.
    pub skills: Option<Vec<String>>,
    /// How old who signs up from now on must be; `Some(None)` removes it.
    pub minimum_age: Option<Option<i32>>,
}

impl VolunteerShift {
    /// Changes it. Once it has begun only place and capacity may still change, until it is over; its
    /// times stay as soon as somebody is there.
    pub fn change(
        self,
        change: ShiftChange,
        somebody_there: bool,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let begun = self.published_at().is_some() && self.has_started(now);
        let window = TimeWindow {
            starts_at: change.starts_at.unwrap_or(self.window.starts_at),
            ends_at: change.ends_at.unwrap_or(self.window.ends_at),
        };
        let moves = window != self.window;
        if self.state() == ShiftState::Cancelled {
            return Err(Refusal::Cancelled);
        }
        if begun && now >= self.window.ends_at {
            return Err(Refusal::Over);
        }
        if begun && (moves || change.skills.is_some() || change.minimum_age.is_some()) {
            return Err(Refusal::Started);
        }
        if moves && somebody_there {
            return Err(Refusal::SomebodyThere);
        }
        let changed = Self {
            window: if moves { check_window(window, now)? } else { window },
            place: change.place.unwrap_or(self.place),
            capacity: change.capacity.unwrap_or(self.capacity),
            skills: change.skills.unwrap_or(self.skills),
            minimum_age: change.minimum_age.unwrap_or(self.minimum_age),
            version: self.version + 1,
            ..self
        };
        changed.check_terms()
    }

    /// Whether those who signed up have to know what it was changed into.
    pub fn is_elsewhere_than(&self, before: &Self) -> bool {
        self.state() == ShiftState::Published && (self.window != before.window || self.place != before.place)
    }
}
