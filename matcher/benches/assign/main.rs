//! How long does the optimal assignment take, the instant one, and one change?
//!
//! `cargo bench --bench assign -- write FOLDER` writes the graphs for other solvers; `-- solve FOLDER` solves one of them
//! and prints the total and the time: `peers/assignment.py` uses both. `-- change FOLDER` prints how long changes take, by
//! percentile.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "criterion's macros make undocumented functions; a bench may panic and print"
)]

mod graph;

use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group};
use graph::Kind;
use matcher::engine::assign::{Edge, Market, assign, greedy, verify};

const GRAPHS: [(&str, u32, Kind); 4] = [
    ("10k-loose", 1_000, Kind::Loose),
    ("10k-tight", 1_000, Kind::Tight),
    ("100k-loose", 10_000, Kind::Loose),
    ("100k-tight", 10_000, Kind::Tight),
];

fn assignments(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("assign");
    group.sample_size(10);
    for (name, roles, kind) in GRAPHS {
        let problem = graph::generate(roles, kind);
        group.bench_function(BenchmarkId::new("optimal", name), |bencher| {
            bencher.iter(|| assign(&problem));
        });
        group.bench_function(BenchmarkId::new("instant", name), |bencher| {
            bencher.iter(|| greedy(&problem));
        });
    }
    group.finish();
}

/// Processor time of this thread, where Linux tells it; else time on the clock.
fn spent(start: Instant) -> Duration {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Milliseconds of one run, from the checked problem to the certificate. The kernel counts in slices of some milliseconds,
/// so short runs are counted many at a time.
fn milliseconds_of(mut run: impl FnMut()) -> f64 {
    let (start, mut runs) = (Instant::now(), 0);
    let before = spent(start);
    loop {
        run();
        runs += 1;
        let time = spent(start).saturating_sub(before);
        if time > Duration::from_millis(400) {
            return time.as_secs_f64() * 1e3 / f64::from(runs);
        }
    }
}

/// Prints one line of JSON.
fn solve(folder: &Path) {
    let problem = graph::read(folder);
    let milliseconds = milliseconds_of(|| {
        std::hint::black_box(assign(&problem));
    });
    let best = assign(&problem);
    verify(&problem, &best.chosen, &best.certificate).unwrap();
    let instant = problem.value_of(&greedy(&problem));
    println!(
        "{{\"total\": {}, \"pairs\": {}, \"milliseconds\": {milliseconds:.2}, \"instant_total\": {instant}}}",
        best.certificate.total,
        best.chosen.len(),
    );
}

/// Takes roles and volunteers out and puts them back, and prints microseconds on the clock for both together.
fn change(folder: &Path) {
    const CHANGES: usize = 2_000;
    let problem = graph::read(folder);
    let mut market = Market::solve(&problem);
    let total = market.total();
    let mut times = [Vec::new(), Vec::new()];
    // Steps of a prime visit roles and popular volunteers in no order.
    let edges = problem.edges();
    for number in 0..CHANGES {
        let Edge {
            role, volunteer, ..
        } = edges[number * 7_919 % edges.len()];
        let of_role = edges.iter().filter(|edge| edge.role == role);
        let of_role: Vec<Edge> = of_role.copied().collect();
        let wanted = problem.wanted()[role as usize];
        let start = Instant::now();
        market.change_role(role, 0, 0, &[]).unwrap();
        market.change_role(role, wanted, 0, &of_role).unwrap();
        times[0].push(start.elapsed());

        let of_volunteer = market.pairs_of_volunteer(volunteer);
        let start = Instant::now();
        market.change_volunteer(volunteer, 0, &[]).unwrap();
        let room = problem.room()[volunteer as usize];
        market
            .change_volunteer(volunteer, room, &of_volunteer)
            .unwrap();
        times[1].push(start.elapsed());
    }
    assert_eq!(market.total(), total, "what is put back is worth the same");
    market.verify().unwrap();
    for (name, times) in ["role", "volunteer"].into_iter().zip(&mut times) {
        times.sort();
        let microseconds = |percent: usize| times[CHANGES * percent / 100].as_secs_f64() * 1e6;
        println!(
            "{name}: out and in again, p50 {:.1} µs, p99 {:.1} µs",
            microseconds(50),
            microseconds(99)
        );
    }
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
            for (name, roles, kind) in GRAPHS {
                graph::write(&graph::generate(roles, kind), &Path::new(folder).join(name));
            }
        }
        ["solve", folder] => solve(Path::new(folder)),
        ["change", folder] => change(Path::new(folder)),
        _ => {
            benches();
            Criterion::default().configure_from_args().final_summary();
        }
    }
}
