//! The same round, bit for bit, on any number of threads and in every run; and parts that sum to the whole.

use matcher::engine::{RoundOptions, top_for_each_role};
use matcher::model::BasisPoints;

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

#[test]
fn the_points_of_a_hundred_thousand_explanations_sum_to_their_scores() {
    // All gates that a policy can open are open, so that weak pairs are explained too.
    let mut policy = weights();
    policy.gates.must_have_credit = BasisPoints::LEAST;
    policy.gates.minimum_confidence = BasisPoints::LEAST;
    policy.gates.minimum_score = BasisPoints::LEAST;
    let snapshot = workload::snapshot(1_000, 1_000);
    let explained = top_for_each_role(&snapshot, &policy, usize::MAX);
    assert!(explained.len() >= 100_000, "only {} pairs", explained.len());
    for suggestion in &explained {
        let points: i32 = suggestion
            .fit
            .factors
            .iter()
            .map(|factor| factor.points)
            .sum();
        assert_eq!(
            points,
            i32::from(suggestion.fit.score.get()),
            "{} and {}",
            suggestion.role,
            suggestion.volunteer
        );
    }
}
