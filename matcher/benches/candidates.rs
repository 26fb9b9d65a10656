//! How long does the search for candidates take: every pair considered, the best 50 of each role and 20 of each volunteer?
//!
//! 10 000 × 1 000 always; `MATCHER_BENCH=large` adds 100 000 × 10 000, `MATCHER_BENCH=huge` 1 000 000 × 100 000 too, which
//! runs once and is timed plainly.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "criterion's macros make undocumented functions; a bench may panic and print"
)]

mod workload;

use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use matcher::engine::{Candidates, Depth};
use matcher::model::Weights;

const DEPTH: Depth = Depth {
    per_role: 50,
    per_volunteer: 20,
};

/// Most volunteers with which a search is run again and again.
const MOST_SAMPLED: usize = 100_000;

/// The most memory that the process had so far, in mebibytes, where the system says so.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes / 1024)
}

#[allow(
    clippy::disallowed_methods,
    reason = "criterion takes no arguments of its own; a size is asked through the environment"
)]
fn sizes() -> &'static [(usize, usize)] {
    const ALL: [(usize, usize); 3] = [(10_000, 1_000), (100_000, 10_000), (1_000_000, 100_000)];
    match std::env::var("MATCHER_BENCH").as_deref() {
        Ok("huge") => &ALL,
        Ok("large") => &ALL[..2],
        _ => &ALL[..1],
    }
}

fn searches(criterion: &mut Criterion) {
    let weights = Weights::embedded().unwrap();
    let mut group = criterion.benchmark_group("candidates");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    for &(volunteers, roles) in sizes() {
        let snapshot = workload::snapshot(volunteers, roles);
        let size = format!("{volunteers}x{roles}");
        println!("{size}: snapshot, {:?} MiB", most_memory());
        let candidates = Candidates::new(&snapshot, &weights);
        println!("{size}: prepared, {:?} MiB", most_memory());
        if volunteers > MOST_SAMPLED {
            let begun = Instant::now();
            let eligible = candidates.top(DEPTH).eligible_pairs;
            let taken = begun.elapsed();
            println!(
                "{size}: both sides once {taken:.2?}, {eligible} eligible pairs, {:?} MiB",
                most_memory()
            );
            continue;
        }
        group.bench_function(BenchmarkId::new("both sides", &size), |bencher| {
            bencher.iter(|| candidates.top(DEPTH));
        });
        let eligible = candidates.top(DEPTH).eligible_pairs;
        println!("{size}: {eligible} eligible pairs, {:?} MiB", most_memory());
        drop(candidates);
        group.bench_function(BenchmarkId::new("prepare", &size), |bencher| {
            bencher.iter(|| Candidates::new(&snapshot, &weights));
        });
    }
    group.finish();
}

criterion_group!(benches, searches);
criterion_main!(benches);
