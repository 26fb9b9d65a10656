//! The engine's side of the comparison with other programs: writes the files that all of them read, and answers in turns.
//!
//! `compare.py` beside this file runs it and says what is compared. Nothing is measured here that the engine does not offer
//! to everybody.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench may panic, and prints its findings"
)]

mod change;
mod graph;
mod graph_file;
mod prepared;
mod table;
mod turn;
#[path = "../workload/mod.rs"]
mod workload;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use matcher::engine::assign::{Problem, assign, verify};
use matcher::engine::{Candidates, Depth};
use matcher::model::{Snapshot, Weights};

use graph::{Graph, Room};

/// The lists of both sides.
const DEPTH: Depth = Depth {
    per_role: 50,
    per_volunteer: 20,
};

const USAGE: &str = "usage: write FOLDER VOLUNTEERS ROLES | top VOLUNTEERS ROLES | assign GRAPH | change VOLUNTEERS ROLES";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|word| *word != "--bench")
        .collect();
    let snapshot = |volunteers: &str, roles: &str| {
        workload::snapshot(volunteers.parse().unwrap(), roles.parse().unwrap())
    };
    match words[..] {
        ["write", folder, volunteers, roles] => {
            write(Path::new(folder), &snapshot(volunteers, roles));
        }
        ["top", volunteers, roles] => top(&snapshot(volunteers, roles)),
        ["assign", path] => solve(Path::new(path)),
        ["change", volunteers, roles] => change::measure(&snapshot(volunteers, roles)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Everything that other programs read: prepared numbers, the engine's pairs, graphs, and the files of `matcher suggest`.
fn write(folder: &Path, snapshot: &Snapshot) {
    let weights = Weights::embedded().unwrap();
    for part in ["prepared", "suggest", "graphs"] {
        fs::create_dir_all(folder.join(part)).unwrap();
    }
    prepared::write(&folder.join("prepared"), snapshot, &weights);
    table::write(&folder.join("suggest"), snapshot);
    let candidates = Candidates::new(snapshot, &weights);
    for (name, per_role) in [("listed", DEPTH.per_role), ("all", usize::MAX)] {
        let lists = candidates.top(Depth {
            per_role,
            per_volunteer: 0,
        });
        for (kind, room) in [("loose", Room::AsGiven), ("tight", Room::One)] {
            let graph = Graph::new(snapshot, &weights, &lists, room);
            graph_file::write(&graph, &folder.join(format!("graphs/{name}-{kind}")));
        }
    }
}

/// The best of both sides, in turns.
fn top(snapshot: &Snapshot) {
    let weights = Weights::embedded().unwrap();
    let (candidates, prepared) = turn::timed(|| Candidates::new(snapshot, &weights));
    turn::take(&prepared, || {
        let lists = candidates.top(DEPTH);
        let total = |lists: &[Vec<matcher::engine::Ranked>]| {
            let ranked = lists.iter().flatten();
            ranked.map(|ranked| u64::from(ranked.score.get())).sum()
        };
        vec![
            ("eligible_pairs", lists.eligible_pairs),
            ("total_of_roles", total(&lists.per_role)),
            ("total_of_volunteers", total(&lists.per_volunteer)),
        ]
    });
}

/// The optimal assignment of a graph, in turns: from its pairs in memory to the total and its proof.
fn solve(path: &Path) {
    let (graph, prepared) = turn::timed(|| graph_file::read(path));
    let problem = in_place(&graph);
    let best = assign(&problem);
    verify(&problem, &best.chosen, &best.certificate).expect("the certificate proves the optimum");
    drop((problem, best));
    turn::take(&prepared, || {
        let best = assign(&in_place(&graph));
        vec![
            ("total", best.certificate.total),
            ("pairs", best.chosen.len() as u64),
        ]
    });
}

/// The problem over the pairs where they are, as other solvers are given them.
fn in_place(graph: &Graph) -> Problem<'_> {
    Problem::new(graph.wanted.clone(), graph.room.clone(), &graph.edges[..])
        .unwrap()
        .with_first_bonus(graph.bonus.clone())
        .unwrap()
}
