//! Party days and all other gatherings: planning, agenda, themes, recurrences.

mod agenda;
mod home;
mod input;
pub mod job;
mod list;
mod mutation;
mod object;
pub mod ops;
mod query;
mod recurrence;
pub mod rest;
mod sight;
mod theme;

pub use home::ActivityHome;
pub use mutation::{ActivityMutation, AgendaMutation};
pub use object::{ActivityObject, activity_node};
pub use query::ActivityQuery;
pub use recurrence::{RecurrenceMutation, RecurrenceObject};
pub use sight::{see as see_activity, visible as visible_activity};
pub use theme::{ThemeAdoption, ThemeMutation, ThemeObject, theme_node};
