//! How the database is reached: connections, transactions, the meaning of its errors, keyset pages.
//! One query text serves SQLite and PostgreSQL; where they differ, one function here hides it.

pub mod change_signal;
pub mod claim;
pub mod connection;
pub mod constraint;
pub mod hints;
pub mod job_signal;
pub mod noted;
pub mod page;
pub mod reach;
pub mod revision;
pub mod throttle;
pub mod traces;
pub mod transaction;
