//! Which rule of the database an error broke. The two databases word it differently; nobody else parses their words.

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Whether the statement failed only because another transaction was in the way.
pub fn is_retryable(error: &DbErr) -> bool {
    // PostgreSQL: serialization_failure, deadlock_detected. SQLite: BUSY, BUSY_RECOVERY, BUSY_SNAPSHOT, LOCKED.
    database_code(error)
        .is_some_and(|code| matches!(code.as_str(), "40001" | "40P01" | "5" | "261" | "517" | "6"))
}

/// Whether the database could not be reached, or has no room: the statement may succeed later, and nothing about it is wrong.
pub fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match error.as_ref() {
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => true,
                sqlx::Error::Database(error) => error
                    .code()
                    .is_some_and(|code| is_code_of_unavailable(&code)),
                _ => false,
            }
        }
        _ => false,
    }
}

fn is_code_of_unavailable(code: &str) -> bool {
    // PostgreSQL, five characters: connection exceptions, insufficient resources (a full disk among them), and a server that
    // ends, starts or stands still. admin_shutdown, crash_shutdown, cannot_connect_now.
    if code.len() == 5 {
        return code.starts_with("08")
            || code.starts_with("53")
            || matches!(code, "57P01" | "57P02" | "57P03");
    }
    // SQLite: IOERR, FULL, CANTOPEN. The lowest byte says what it is, the others in which way.
    code.parse::<u32>()
        .is_ok_and(|code| matches!(code & 0xff, 10 | 13 | 14))
}

/// Whether a UNIQUE rule was broken that covers `columns` of `table` (PostgreSQL tells the constraint's name
/// `constraint`, SQLite the columns or the index's name).
pub fn is_unique_violation(error: &DbErr, constraint: &str, table: &str, columns: &[&str]) -> bool {
    let Some(database_error) = database_error(error) else {
        return false;
    };
    if !database_error.is_unique_violation() {
        return false;
    }
    if let Some(name) = database_error.constraint() {
        return name == constraint;
    }
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("{table}.{column}"))
        .collect();
    // The whole list: a rule over (a, b) is not one over (b).
    database_error
        .message()
        .rsplit_once(": ")
        .is_some_and(|(_, rule)| {
            rule == columns.join(", ") || rule == format!("index '{constraint}'")
        })
}

fn database_code(error: &DbErr) -> Option<String> {
    database_error(error)?
        .code()
        .map(std::borrow::Cow::into_owned)
}

fn database_error(error: &DbErr) -> Option<&dyn sqlx::error::DatabaseError> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))
    | DbErr::Conn(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    match error.as_ref() {
        sqlx::Error::Database(error) => Some(error.as_ref()),
        _ => None,
    }
}
