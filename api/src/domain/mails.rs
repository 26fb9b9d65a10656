//! What people decide about the mail they get.

pub mod unsubscribe;
