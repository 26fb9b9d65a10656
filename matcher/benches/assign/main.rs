//! How long does the optimal assignment take, the check of its proof, and the instant answer?
//!
//! On the engine's own candidates of 10 000 × 1 000 always; `MATCHER_BENCH=large` adds 100 000 × 10 000. Beside other
//! solvers it is measured by `peers`.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "criterion's macros make undocumented functions; a bench may panic and print"
)]

#[path = "../peers/graph.rs"]
mod graph;
#[path = "../workload/mod.rs"]
mod workload;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use graph::{Graph, Room};
use matcher::engine::assign::{assign, verify};
use matcher::engine::{Candidates, Depth};
use matcher::model::Weights;

/// The best so many volunteers of each role.
const LISTED: Depth = Depth {
    per_role: 50,
    per_volunteer: 0,
};

#[allow(
    clippy::disallowed_methods,
    reason = "criterion takes no arguments of its own; a size is asked through the environment"
)]
fn sizes() -> &'static [(usize, usize)] {
    const ALL: [(usize, usize); 2] = [(10_000, 1_000), (100_000, 10_000)];
    match std::env::var("MATCHER_BENCH").as_deref() {
        Ok("large" | "huge") => &ALL,
        _ => &ALL[..1],
    }
}

fn assignments(criterion: &mut Criterion) {
    let weights = Weights::embedded().unwrap();
    let mut group = criterion.benchmark_group("assign");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    for &(volunteers, roles) in sizes() {
        let snapshot = workload::snapshot(volunteers, roles);
        let lists = Candidates::new(&snapshot, &weights).top(LISTED);
        for (kind, room) in [("loose", Room::AsGiven), ("tight", Room::One)] {
            let problem = Graph::new(&snapshot, &weights, &lists, room).problem();
            let name = format!("{volunteers}x{roles}, {kind}");
            let best = assign(&problem);
            verify(&problem, &best.chosen, &best.certificate).expect("the certificate holds");
            let total = best.certificate.total;
            println!(
                "{name}: {} pairs, the optimum is {total}",
                problem.edges().len()
            );
            group.bench_function(BenchmarkId::new("optimal", &name), |bencher| {
                bencher.iter(|| assign(&problem));
            });
            group.bench_function(BenchmarkId::new("verify", &name), |bencher| {
                bencher.iter(|| verify(&problem, &best.chosen, &best.certificate));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, assignments);
criterion_main!(benches);
