use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// What can go wrong between a decision and its being remembered.
// No `Display`: nothing turns it into an answer with database text by mistake.
#[derive(Clone, Debug)]
pub enum StoreError {
    /// A unique key is taken; holds the name of the index.
    Taken(&'static str),
    /// The record isn't the version that the writer read.
    Stale,
    /// The database can't be reached, or is too busy to answer in time.
    Unavailable(DbErr),
    /// Anything else: a fault.
    Fault(DbErr),
    /// A stored value that this version can't read.
    Unreadable(&'static str),
    /// The work on a statement has panicked; the log has where.
    Panicked,
}

/// The unique keys whose violation is an expected answer: PostgreSQL names the index, SQLite
/// its last column.
const KEYS: &[(&str, &str)] = &[
    ("account_phone", "account.phone"),
    ("party_member_account", "party_member.account_id"),
    ("org_unit_code", "org_unit.code"),
    ("leave_request_open", "leave_request.member_id"),
    ("check_in_claim_member", "check_in_claim.member_id"),
    ("attendance_pkey", "attendance.member_id"),
    ("attendee_pkey", "attendee.member_id"),
    ("guidance_pkey", "guidance.guide_id"),
    ("district_code_key", "district.code"),
    ("objection_open", "objection.account_id"),
    ("wechat_binding_open_id", "wechat_binding.open_id"),
    ("wechat_binding_account", "wechat_binding.account_id"),
];

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() {
            let taken =
                KEYS.iter().find(|(index, column)| message.contains(index) || message.contains(column));
            if let Some((index, _)) = taken {
                return Self::Taken(index);
            }
        }
        if is_unavailable(&error) { Self::Unavailable(error) } else { Self::Fault(error) }
    }
}

fn is_unavailable(error: &DbErr) -> bool {
    let runtime = match error {
        DbErr::ConnectionAcquire(_) => return true,
        DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime) => runtime,
        _ => return false,
    };
    match runtime {
        RuntimeErr::SqlxError(error) => match error.as_ref() {
            sea_orm::sqlx::Error::Io(_)
            | sea_orm::sqlx::Error::PoolTimedOut
            | sea_orm::sqlx::Error::PoolClosed
            | sea_orm::sqlx::Error::WorkerCrashed
            | sea_orm::sqlx::Error::Protocol(_) => true,
            // 57P01–57P03: shutting down, starting; 53300: too many connections; 08: connection;
            // 40: rolled back by the server; 5, 6: SQLite busy, locked.
            sea_orm::sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                code.starts_with("57P")
                    || code.starts_with("08")
                    || code.starts_with("40")
                    || code == "53300"
                    || code == "5"
                    || code == "6"
            }),
            _ => false,
        },
        RuntimeErr::Internal(_) => false,
    }
}
