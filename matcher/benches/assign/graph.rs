//! Candidate graphs to measure on: a generator without scoring, and the files that other solvers read.
//!
//! A graph is like what scoring leaves: most roles have a full list of the best `DEPTH`, some have less; a few volunteers are
//! on very many lists (Zipf), for a skill that many ask; scores of one list lie close together.

use std::path::Path;

use matcher::engine::assign::{Edge, Problem};
use serde::{Deserialize, Serialize};

/// The longest list of a role.
pub(crate) const DEPTH: usize = 50;

/// How much room volunteers have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One to five places each.
    Loose,
    /// One place each.
    Tight,
}

/// A small generator of its own (Knuth's MMIX constants), so that the workload never changes with a library.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// From 0 to `limit`, small ones far more often: the density falls with the rank nearly as Zipf's law says.
    fn popular(&mut self, limit: u64) -> u64 {
        let part = (self.below(1 << 20) * self.below(1 << 20)) >> 20;
        (part * limit) >> 20
    }
}

/// A graph of `roles` and ten times as many volunteers.
pub(crate) fn generate(roles: u32, kind: Kind) -> Problem {
    let volunteers = u64::from(roles) * 10;
    let families = (u64::from(roles) / 40).max(1);
    let mut draw = Draw(42);
    let strength: Vec<u64> = (0..volunteers).map(|_| draw.below(2_500)).collect();
    let room = (0..volunteers)
        .map(|_| 1 + draw.below(5))
        .map(|room| if kind == Kind::Tight { 1 } else { room })
        .map(|room| u32::try_from(room).unwrap())
        .collect();
    let wanted: Vec<u32> = (0..roles)
        .map(|_| 3 * (1 + u32::try_from(draw.below(5).min(draw.below(5))).unwrap()))
        .collect();
    let mut edges = Vec::new();
    for role in 0..roles {
        let family = draw.popular(families);
        // Every fifth role asks what few have.
        let eligible = if draw.below(5) == 0 {
            5 + draw.below(60)
        } else {
            150 + draw.below(300)
        };
        let ease = 4_000 + draw.below(2_500);
        let mut list: Vec<Edge> = (0..eligible)
            .map(|_| {
                let at = if draw.below(4) == 0 {
                    draw.below(volunteers)
                } else {
                    family * (volunteers / families) + draw.popular(volunteers / families)
                };
                let score = ease + strength[usize::try_from(at).unwrap()] + draw.below(1_500);
                Edge {
                    role,
                    volunteer: u32::try_from(at).unwrap(),
                    score: u32::try_from(score).unwrap(),
                }
            })
            .collect();
        list.sort_unstable_by_key(|edge| edge.volunteer);
        list.dedup_by_key(|edge| edge.volunteer);
        list.sort_unstable_by_key(|edge| (std::cmp::Reverse(edge.score), edge.volunteer));
        list.truncate(DEPTH);
        edges.extend(list);
    }
    Problem::new(wanted, room, edges).unwrap()
}

#[derive(Serialize, Deserialize)]
struct Amount {
    position: u32,
    most: u32,
}

#[derive(Serialize, Deserialize)]
struct Pair {
    role: u32,
    volunteer: u32,
    score: u32,
}

/// Writes `roles.csv`, `volunteers.csv` and `pairs.csv`.
pub(crate) fn write(problem: &Problem, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    for (name, amounts) in [
        ("roles.csv", problem.wanted()),
        ("volunteers.csv", problem.room()),
    ] {
        let mut file = csv::Writer::from_path(folder.join(name)).unwrap();
        for (position, most) in (0..).zip(amounts.iter().copied()) {
            file.serialize(Amount { position, most }).unwrap();
        }
        file.flush().unwrap();
    }
    let mut file = csv::Writer::from_path(folder.join("pairs.csv")).unwrap();
    for &Edge {
        role,
        volunteer,
        score,
    } in problem.edges()
    {
        file.serialize(Pair {
            role,
            volunteer,
            score,
        })
        .unwrap();
    }
    file.flush().unwrap();
}

/// Reads what `write` writes.
pub(crate) fn read(folder: &Path) -> Problem {
    let amounts = |name: &str| {
        let mut file = csv::Reader::from_path(folder.join(name)).unwrap();
        let rows = file.deserialize::<Amount>().map(|row| row.unwrap().most);
        rows.collect()
    };
    let mut file = csv::Reader::from_path(folder.join("pairs.csv")).unwrap();
    let edges = file.deserialize::<Pair>().map(|row| {
        let Pair {
            role,
            volunteer,
            score,
        } = row.unwrap();
        Edge {
            role,
            volunteer,
            score,
        }
    });
    Problem::new(
        amounts("roles.csv"),
        amounts("volunteers.csv"),
        edges.collect(),
    )
    .unwrap()
}
