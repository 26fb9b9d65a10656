//! Fault drills over the real program: what is asked of it while processes die and what it stands on misbehaves, and what was seen.

pub mod clock_jump;
pub mod database_outage;
pub mod full_disk;
pub mod hanging_domain;
mod mail;
pub mod mail_faults;
pub mod mail_under_kill;
mod marketplace;
pub mod offers;
pub mod relay_outage;
mod server;
pub mod server_under_kill;
pub mod two_nodes;

use std::fmt;
use std::time::{Duration, Instant};

use crate::database::Backend;

/// One number of a drill.
#[derive(Debug)]
pub struct Figure {
    drill: &'static str,
    backend: Backend,
    what: &'static str,
    seen: f64,
    /// Inclusive; none for what is only told.
    limits: Option<(f64, f64)>,
}

impl Figure {
    /// Whether it is what was asked.
    pub fn is_met(&self) -> bool {
        self.limits
            .is_none_or(|(least, most)| least <= self.seen && self.seen <= most)
    }
}

/// A row of the table whose head is [`TABLE_HEAD`].
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let asked = match self.limits {
            None => String::new(),
            Some((least, most)) if (most - least).abs() < f64::EPSILON => most.to_string(),
            Some((_, most)) => format!("≤ {most}"),
        };
        let verdict = match (self.limits, self.is_met()) {
            (None, _) => "",
            (Some(_), true) => "met",
            (Some(_), false) => "MISSED",
        };
        write!(
            f,
            "| {} | {:?} | {} | {asked} | {} | {verdict} |",
            self.drill,
            self.backend,
            self.what,
            (self.seen * 10.0).round() / 10.0
        )
    }
}

/// The head of the table of figures.
pub const TABLE_HEAD: &str =
    "| drill | database | number | asked | seen | verdict |\n|---|---|---|---:|---:|---|";

/// The figures of one drill on one database.
struct Report {
    drill: &'static str,
    backend: Backend,
    figures: Vec<Figure>,
}

impl Report {
    fn new(drill: &'static str, backend: Backend) -> Self {
        Self {
            drill,
            backend,
            figures: Vec::new(),
        }
    }

    /// Something that is to be exactly so.
    fn exactly(&mut self, what: &'static str, asked: usize, seen: usize) {
        let asked = count(asked);
        self.note(what, count(seen), Some((asked, asked)));
    }

    /// Something of which there is a most.
    fn at_most(&mut self, what: &'static str, most: f64, seen: f64) {
        self.note(what, seen, Some((0.0, most)));
    }

    /// Something of which nothing is asked.
    fn told(&mut self, what: &'static str, seen: f64) {
        self.note(what, seen, None);
    }

    fn note(&mut self, what: &'static str, seen: f64, limits: Option<(f64, f64)>) {
        self.figures.push(Figure {
            drill: self.drill,
            backend: self.backend,
            what,
            seen,
            limits,
        });
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

/// Asks again and again whether something has come about in another process, for as long as `patience` lasts.
async fn comes_about(patience: Duration, mut is_so: impl AsyncFnMut() -> bool) -> bool {
    let begin = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    while begin.elapsed() < patience {
        ticks.tick().await;
        if is_so().await {
            return true;
        }
    }
    false
}
