//! Month reports taken out as spreadsheets: asked for, made by a job, fetched by a link.

mod content;
mod file;
mod job;
mod mutation;
mod object;
pub mod ops;
mod query;

pub use job::run;
pub use mutation::ReportExportMutation;
pub use object::ReportExportObject;
pub use query::ReportExportQuery;
