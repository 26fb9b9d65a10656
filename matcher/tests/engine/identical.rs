//! The same round, bit for bit, on any number of threads and in every run.

use matcher::engine::RoundOptions;

use crate::fixture::*;
use crate::workload;

#[test]
fn a_whole_round_is_the_same_on_one_two_and_eight_threads_and_in_every_run() {
    let snapshot = workload::snapshot(900, 70);
    let report = || {
        // Pairings, account, fairness and proof.
        let round = round(&snapshot, &weights(), &RoundOptions::default());
        assert!(!round.unmatched_roles.is_empty() && !round.unmatched_volunteers.is_empty());
        serde_json::to_string(&round).unwrap()
    };
    let first = report();
    for threads in [1, 2, 8, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let again = pool.build().unwrap().install(report);
        assert!(first == again, "another round on {threads} threads");
    }
}
