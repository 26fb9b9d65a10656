//! Accounts and sessions.

mod sign_up;
