//! Work that somebody must do: 派单, 责任清单, 问题清单, follow-ups; templates and figures of it.

mod addressee;
mod figures;
mod history;
mod home;
mod input;
pub mod job;
mod leaving;
mod mutation;
mod object;
pub mod ops;
mod parts;
mod query;
pub mod rest;
mod roll_up;
mod sight;
mod step_input;
mod tell;
mod template;
mod template_ops;
mod verify;

pub use figures::AssignmentFiguresQuery;
pub use home::AssignmentHome;
pub use leaving::hand_back;
pub use mutation::{
    AcceptAssignmentDone, AssignmentMutation, DeclineAssignmentDone, ReportProgressDone, StartAssignmentDone,
    SubmitAssignmentDone,
};
pub use object::{AssignmentObject, assignment_node};
pub use query::AssignmentQuery;
pub(crate) use sight::{Look, ask, visible};
pub use step_input::{
    AcceptAssignmentInput, AssignmentReasonInput, AssignmentStepInput, ReportProgressInput,
    SubmitAssignmentInput,
};
pub use template::{AssignmentTemplateMutation, AssignmentTemplateObject, AssignmentTemplateQuery};
