//! Fault drills over the program that stands beside this one, on both databases; prints a table, and ends with an error that
//! names the numbers which were missed.
//!
//! `-- small` for short ones, `-- sqlite` or `-- postgres` for one database, and the name of a drill for that one alone.
#![allow(clippy::print_stdout, reason = "a bench may print")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use tests::database::Backend;
use tests::drill::{
    Figure, TABLE_HEAD, clock_jump, database_outage, full_disk, hanging_domain, mail_faults,
    mail_under_kill, offers, relay_outage, server_under_kill, two_nodes,
};

/// The drills by the names that they are asked for by.
const DRILLS: [&str; 11] = [
    "mail-kill",
    "mail-speed",
    "mail-faults",
    "relay-outage",
    "hanging-domain",
    "postfix",
    "server-kill",
    "two-nodes",
    "clock-jump",
    "database-outage",
    "full-disk",
];

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |word: &str| arguments.iter().any(|argument| argument == word);
    let is_small = is_asked("small");
    let backends: &[Backend] = match (is_asked("sqlite"), is_asked("postgres")) {
        (true, false) => &[Backend::Sqlite],
        (false, true) => &[Backend::Postgres],
        _ => &[Backend::Sqlite, Backend::Postgres],
    };
    let is_one_asked = DRILLS.iter().any(|name| is_asked(name));
    let mut figures = Vec::new();
    for name in DRILLS {
        if is_one_asked && !is_asked(name) {
            continue;
        }
        for &backend in backends {
            let begin = Instant::now();
            figures.extend(drill(name, backend, is_small).await);
            println!(
                "{name} on {backend:?}: {:.0} s",
                begin.elapsed().as_secs_f64()
            );
        }
    }
    println!("\n{TABLE_HEAD}");
    for figure in &figures {
        println!("{figure}");
    }
    let missed: Vec<&Figure> = figures.iter().filter(|figure| !figure.is_met()).collect();
    if missed.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("\nMissed:");
    for figure in missed {
        println!("{figure}");
    }
    ExitCode::FAILURE
}

/// Runs one drill, at the size that `make test` has or at the whole one.
async fn drill(name: &str, backend: Backend, is_small: bool) -> Vec<Figure> {
    let size = |small, large| if is_small { small } else { large };
    match name {
        "mail-kill" => mail_under_kill::run(backend, size(500, 10_000), size(10, 200)).await,
        "mail-speed" => {
            let mut figures = mail_under_kill::speed(backend, size(200, 2_000)).await;
            figures.extend(offers::speed(backend, size(10, 100)).await);
            figures
        }
        "mail-faults" => mail_faults::run(backend, size(100, 10_000)).await,
        "relay-outage" => relay_outage::run(backend, size(10, 100)).await,
        "hanging-domain" => hanging_domain::run(backend, size(1, 5), size(20, 100)).await,
        "postfix" => offers::by_postfix(backend).await,
        "server-kill" => server_under_kill::run(backend, size(5, 100)).await,
        "two-nodes" => two_nodes::run(backend, size(6, 100), size(10, 50)).await,
        "clock-jump" => clock_jump::run(backend, size(1, 5)).await,
        "database-outage" if backend == Backend::Postgres => {
            let a_second = if is_small { 20 } else { 100 };
            let mut figures = database_outage::restarts(size(2, 20), a_second).await;
            let lasting = Duration::from_secs(if is_small { 8 } else { 30 });
            for end in [
                database_outage::End::Speaks,
                database_outage::End::FailsOver,
            ] {
                figures.extend(database_outage::silence(lasting, end, a_second).await);
            }
            figures.extend(database_outage::locks().await);
            figures
        }
        "full-disk" if backend == Backend::Sqlite => full_disk::run(size(2, 20)).await,
        _ => Vec::new(),
    }
}
