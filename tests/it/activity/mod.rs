mod agenda;
mod due;
mod joint;
mod party_day;
mod recurrence;
mod theme;
mod who_is_expected;
