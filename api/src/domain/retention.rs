//! Nothing is kept longer than the settings say. Everything here may be run again at any moment: what is gone is gone, and
//! nobody is told the same twice.

pub mod accounts;
pub(in crate::domain) mod activity;
mod rows;
pub mod run;
