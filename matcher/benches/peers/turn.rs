//! Taking turns: prepare, then work once for each line on standard input, and say in one line of JSON what it took.
//!
//! Whoever else takes part does the same, so that each measures itself, one at a time, all ready before the first turn.

use std::fs;
use std::io::BufRead as _;
use std::time::{Duration, Instant};

/// A turn repeats short work for so long, since the system counts processor time in slices of milliseconds.
const LEAST: Duration = Duration::from_millis(400);

/// What some work took.
pub(crate) struct Cost {
    wall: Duration,
    cpu: Duration,
}

/// Does some work and says what it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let (start, before) = (Instant::now(), processor_time());
    let made = work();
    let cost = Cost {
        wall: start.elapsed(),
        cpu: processor_time().saturating_sub(before),
    };
    (made, cost)
}

/// Says that all is prepared, then does the work in turns. The findings must be the same each time.
pub(crate) fn take(prepared: &Cost, mut work: impl FnMut() -> Vec<(&'static str, u64)>) {
    println!("{}", line(prepared, 1, &[]));
    for turn in std::io::stdin().lock().lines() {
        turn.unwrap();
        let mut runs = 0;
        let mut found = Vec::new();
        let ((), cost) = timed(|| {
            let start = Instant::now();
            while runs == 0 || start.elapsed() < LEAST {
                let finding = work();
                assert!(runs == 0 || finding == found, "another result");
                found = finding;
                runs += 1;
            }
        });
        println!("{}", line(&cost, runs, &found));
    }
}

fn line(cost: &Cost, runs: u32, found: &[(&'static str, u64)]) -> String {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3 / f64::from(runs);
    let found: Vec<String> = found
        .iter()
        .map(|(name, number)| format!("\"{name}\": {number}"))
        .collect();
    format!(
        "{{\"wall_ms\": {:.4}, \"cpu_ms\": {:.4}, \"peak_mib\": {}, \"found\": {{{}}}}}",
        milliseconds(cost.wall),
        milliseconds(cost.cpu),
        peak_mebibytes(),
        found.join(", ")
    )
}

/// Processor time of all threads of this process, as Linux tells it; 0 where it does not.
fn processor_time() -> Duration {
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return Duration::ZERO;
    };
    threads
        .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next()?.parse().ok())
        .map(Duration::from_nanos)
        .sum()
}

/// The most memory that the process had so far, as Linux tells it; 0 where it does not.
fn peak_mebibytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kibibytes: Option<u64> = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    kibibytes.unwrap_or(0) / 1024
}
