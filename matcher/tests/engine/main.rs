//! The engine from outside: what holds for whole rounds, whatever the snapshot.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic; the workload is that of the benches"
)]

mod fairness;
mod fixture;
mod gates;
mod identical;
mod proof;
mod properties;
mod rounds;
mod scores;
mod why;
mod words;
#[path = "../../benches/workload/mod.rs"]
mod workload;
