//! Service record sheets (服务记录单): issued by the member, downloaded, looked up by anybody with the code.

mod layout;
mod mutation;
mod object;
pub mod ops;
pub mod page;
mod query;
mod workbook;

pub use mutation::RecordSheetMutation;
pub use object::ServiceRecordSheetObject;
pub use query::RecordSheetQuery;
