//! How long does the optimal assignment take, and the instant one?
//!
//! `cargo bench --bench assign -- write FOLDER` writes the graphs for other solvers; `-- solve FOLDER` solves one of them
//! and prints the total and the time: `peers/assignment.py` uses both.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "criterion's macros make undocumented functions; a bench may panic and print"
)]

mod graph;

use std::path::Path;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, criterion_group};
use graph::Market;
use matcher::engine::assign::{assign, greedy, verify};

const GRAPHS: [(&str, u32, Market); 4] = [
    ("10k-loose", 1_000, Market::Loose),
    ("10k-tight", 1_000, Market::Tight),
    ("100k-loose", 10_000, Market::Loose),
    ("100k-tight", 10_000, Market::Tight),
];

fn assignments(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("assign");
    group.sample_size(10);
    for (name, roles, market) in GRAPHS {
        let problem = graph::generate(roles, market);
        group.bench_function(BenchmarkId::new("optimal", name), |bencher| {
            bencher.iter(|| assign(&problem));
        });
        group.bench_function(BenchmarkId::new("instant", name), |bencher| {
            bencher.iter(|| greedy(&problem));
        });
    }
    group.finish();
}

/// Prints one line of JSON; the time is the median of five, from the checked problem to the certificate.
fn solve(folder: &Path) {
    let problem = graph::read(folder);
    let mut milliseconds: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(assign(&problem));
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    milliseconds.sort_by(f64::total_cmp);
    let best = assign(&problem);
    verify(&problem, &best.chosen, &best.certificate).unwrap();
    let instant = problem.value_of(&greedy(&problem));
    println!(
        "{{\"total\": {}, \"pairs\": {}, \"milliseconds\": {:.2}, \"instant_total\": {instant}}}",
        best.certificate.total,
        best.chosen.len(),
        milliseconds[2],
    );
}

criterion_group!(benches, assignments);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|word| *word != "--bench")
        .collect();
    match words[..] {
        ["write", folder] => {
            for (name, roles, market) in GRAPHS {
                graph::write(
                    &graph::generate(roles, market),
                    &Path::new(folder).join(name),
                );
            }
        }
        ["solve", folder] => solve(Path::new(folder)),
        _ => {
            benches();
            Criterion::default().configure_from_args().final_summary();
        }
    }
}
