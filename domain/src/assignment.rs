//! Work that somebody must do (派单, 责任清单, 问题清单, follow-ups): every piece of it is an
//! [`Assignment`] with one owner, a measure, a due time and one state machine.

mod alert;
mod command;
mod figures;
mod hand_down;
mod kind;
mod owner;
mod record;
mod refusal;
mod roll_up;
mod stage;
mod state;
mod step;
mod template;
mod transition;

pub use alert::Alert;
pub use command::Command;
pub use figures::{AssignmentFigures, Counted, Quota};
pub use hand_down::{Claimant, Part};
pub use kind::{AddresseeKind, AssignmentKind, AssignmentPriority};
pub use owner::head;
pub use record::{
    Addressee, Assignment, AssignmentChange, AssignmentTerms, ChecklistItem, Measure, NewAssignment,
    Placement,
};
pub use refusal::AssignmentRefusal;
pub use roll_up::RollUp;
pub use stage::ListStage;
pub use state::{AssignmentProgress, AssignmentState, Evidence, Submission};
pub use step::{AssignmentStepKind, Step};
pub use template::{AssignmentTemplate, NewTemplate, Recipient, Standing};

#[cfg(test)]
mod tests;
