use crate::vocabulary;

vocabulary! {
    /// How a branch stands with the Party days that a month wants of it (R9).
    pub enum PartyDayState {
        /// As many as wanted were held.
        Held = "HELD" => "已开展", "Held";
        /// As many as wanted were held or are made known.
        Planned = "PLANNED" => "已安排", "Planned";
        /// Too few are made known, but drafts would be enough.
        Drafted = "DRAFTED" => "仅有草稿", "Drafted";
        /// There are too few.
        Missing = "MISSING" => "未安排", "Missing";
    }
}

/// A branch's Party days of a month, as host or joint host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartyDays {
    /// Over.
    pub held: i64,
    /// Made known, and not over.
    pub planned: i64,
    /// Not made known.
    pub drafted: i64,
}

impl PartyDays {
    /// How the branch stands, where so many are wanted.
    pub fn state(&self, wanted: i64) -> PartyDayState {
        if self.held >= wanted {
            PartyDayState::Held
        } else if self.held + self.planned >= wanted {
            PartyDayState::Planned
        } else if self.held + self.planned + self.drafted >= wanted {
            PartyDayState::Drafted
        } else {
            PartyDayState::Missing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_no_party_day_yet() {
        let days = |held, planned, drafted| PartyDays { held, planned, drafted };
        assert_eq!(days(1, 0, 0).state(1), PartyDayState::Held);
        assert_eq!(days(0, 1, 1).state(1), PartyDayState::Planned);
        assert_eq!(days(0, 0, 1).state(1), PartyDayState::Drafted);
        assert_eq!(days(0, 0, 0).state(1), PartyDayState::Missing);
        assert_eq!(days(1, 0, 0).state(2), PartyDayState::Missing);
        assert_eq!(days(1, 1, 0).state(2), PartyDayState::Planned);
    }
}
