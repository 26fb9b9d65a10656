//! What deleting leaves behind. SQLite overwrites deleted content in its file (`secure_delete`), but its write-ahead log
//! still holds the pages as they were; PostgreSQL's vacuum clears dead rows in its own time, and a dump has none of them.

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, Statement};

use super::connection::Store;

/// Brings SQLite's write-ahead log into the file and cuts it to nothing. Does nothing on PostgreSQL.
///
/// # Errors
/// When a reader holds on to the log for longer than the busy timeout; to be tried again.
pub async fn remove(store: &Store) -> Result<(), DbErr> {
    let Some(_turn) = store.turn_to_write().await? else {
        return Ok(());
    };
    let statement = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
    let row = store.connection.query_one_raw(statement).await?;
    let is_busy = match row {
        Some(row) => row.try_get_by_index::<i32>(0)? != 0,
        None => false,
    };
    if is_busy {
        return Err(DbErr::Custom(
            "a reader holds on to the write-ahead log".to_owned(),
        ));
    }
    Ok(())
}
