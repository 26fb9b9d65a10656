//! Which rule of the database an error broke. The two databases word it differently; nobody else parses their words.

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Whether the statement failed only because another transaction was in the way.
pub fn is_retryable(error: &DbErr) -> bool {
    // PostgreSQL: serialization_failure, deadlock_detected. SQLite: BUSY, BUSY_RECOVERY, BUSY_SNAPSHOT, LOCKED.
    database_code(error)
        .is_some_and(|code| matches!(code.as_str(), "40001" | "40P01" | "5" | "261" | "517" | "6"))
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
