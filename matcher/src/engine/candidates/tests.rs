//! The search beside looking at every pair with the readable gates, on random snapshots in which anything may be unknown.

pub(in crate::engine) mod random;

use std::cmp::Reverse;

use proptest::prelude::*;

use super::survivor::{Answer, Scorer};
use super::*;
use crate::engine::index::PreparedVolunteer;
use crate::engine::{fit, gate, score};

/// Every eligible pair by role, then volunteer: each gate looked at as an explanation does.
fn by_looking(index: &Index<'_>) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (role, prepared) in index.roles.iter().enumerate() {
        for pair in index.pairs_of(prepared) {
            let measured = score::measure(pair);
            let codes = gate::closed(pair)
                .iter()
                .map(|blocked| blocked.gate.code())
                .collect();
            assert_eq!(gate::closed_set(pair), codes);
            if gate::closed(pair).is_empty()
                && gate::closed_by_measure(&measured, pair.weights).is_empty()
            {
                edges.push(Edge {
                    role: narrow(role),
                    volunteer: narrow(pair.position),
                    score: measured.score.get().into(),
                });
            }
        }
    }
    edges
}

/// The best of some pairs as position and score, ties by position.
fn best_of(edges: impl Iterator<Item = (u32, u32)>, most: usize) -> Vec<(u32, u32)> {
    let mut sorted: Vec<_> = edges.collect();
    sorted.sort_by_key(|(position, score)| (Reverse(*score), *position));
    sorted.truncate(most);
    sorted
}

fn plain(list: &[Ranked]) -> Vec<(u32, u32)> {
    list.iter()
        .map(|ranked| (ranked.position, ranked.score.get().into()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_search_finds_what_looking_at_every_pair_finds(
        seed in any::<u64>(),
        volunteers in 1..180_usize,
        roles in 1..24_usize,
        per_role in 0..12_usize,
        per_volunteer in 0..6_usize,
    ) {
        let (snapshot, weights) = random::snapshot(seed, volunteers, roles);
        let candidates = Candidates::new(&snapshot, &weights);
        let expected = by_looking(candidates.index());
        prop_assert_eq!(&candidates.all(&|_, _| {}), &expected);

        let lists = candidates.top(Depth { per_role, per_volunteer });
        let open = candidates.index().pairs().filter(|pair| gate::closed(*pair).is_empty());
        prop_assert_eq!(lists.eligible_pairs, open.count() as u64);
        for (position, list) in (0_u32..).zip(&lists.per_role) {
            let edges = expected.iter().filter(|edge| edge.role == position);
            prop_assert_eq!(plain(list), best_of(edges.map(|edge| (edge.volunteer, edge.score)), per_role));
            prop_assert_eq!(&candidates.top_of_role(position as usize, per_role), list);
        }
        let (positions, each): (Vec<_>, Vec<_>) = candidates
            .top_of_each_role(per_role, &|role, list| (role, list.to_vec()))
            .into_iter()
            .unzip();
        prop_assert_eq!(positions, (0..roles).collect::<Vec<_>>());
        prop_assert!(per_role == 0 || each == lists.per_role);
        for (position, list) in (0_u32..).zip(&lists.per_volunteer) {
            let edges = expected.iter().filter(|edge| edge.volunteer == position);
            prop_assert_eq!(plain(list), best_of(edges.map(|edge| (edge.role, edge.score)), per_volunteer));
        }
        prop_assert_eq!(lists.per_role.len(), if per_role == 0 { 0 } else { roles });
        prop_assert_eq!(lists.per_volunteer.len(), if per_volunteer == 0 { 0 } else { volunteers });
    }
}

#[test]
fn asking_for_more_than_there_are_gives_all() {
    let (snapshot, weights) = random::snapshot(3, 60, 12);
    let candidates = Candidates::new(&snapshot, &weights);
    let all = |most: usize| {
        candidates.top(Depth {
            per_role: most,
            per_volunteer: most,
        })
    };
    assert!(all(60).per_role.iter().flatten().count() > 0);
    assert_eq!(all(usize::MAX), all(60));
    let whole = candidates.top_of_role(0, 60);
    assert_eq!(candidates.top_of_role(0, usize::MAX), whole);
    let each = candidates.top_of_each_role(usize::MAX, &|_, list| list.to_vec());
    assert_eq!(each, all(60).per_role);
}

#[test]
fn random_snapshots_have_eligible_pairs_and_close_every_gate_on_facts() {
    let mut closed = std::collections::BTreeSet::new();
    let mut eligible_pairs = 0;
    for seed in 0..40 {
        let (snapshot, weights) = random::snapshot(seed, 40, 12);
        let index = Index::new(&snapshot, &weights);
        eligible_pairs += by_looking(&index).len();
        closed.extend(
            index
                .pairs()
                .flat_map(gate::closed)
                .map(|blocked| blocked.gate.code()),
        );
    }
    assert!(eligible_pairs > 500, "{eligible_pairs}");
    assert_eq!(closed.len(), 13, "{closed:?}");
}

#[test]
fn few_survivors_are_left_to_the_readable_score() {
    let (mut at_hand, mut unusual) = (0, 0);
    for seed in 0..20 {
        let (snapshot, weights) = random::snapshot(seed, 80, 20);
        let candidates = Candidates::new(&snapshot, &weights);
        for block in &candidates.blocks {
            for (role, terms) in candidates.terms.iter().enumerate() {
                let on_clock = block.clock.map(|clock| &candidates.times[clock]);
                let time = on_clock.and_then(|times| times[role].as_ref());
                let mut filtered = Vec::new();
                let live = filter::words(block, &terms.asked);
                filter::survivors(block, live, &terms.asked, time, &mut filtered);
                let scorer = Scorer {
                    terms,
                    time,
                    block,
                    holdings: &candidates.holdings,
                    weights: &weights,
                };
                for place in filtered {
                    let (member, _) = block.member(place as usize).unwrap();
                    match scorer.answer(place as usize, member) {
                        Answer::Unusual => unusual += 1,
                        Answer::Open(_) | Answer::Closed => at_hand += 1,
                    }
                }
            }
        }
    }
    // One volunteer in five has windows that are not on half hours.
    assert!(
        at_hand > 1_000 && at_hand > 2 * unusual,
        "{at_hand} {unusual}"
    );
}

#[test]
fn random_snapshots_have_holdings_that_no_byte_numbers() {
    let unlisted = (0..20).map(|seed| {
        let (snapshot, weights) = random::snapshot(seed, 150, 2);
        let index = Index::new(&snapshot, &weights);
        let holdings = Holdings::of(&index);
        let held = index
            .volunteers
            .iter()
            .flat_map(PreparedVolunteer::each_holding);
        held.filter(|holding| !holdings.is_listed(&holding.worth, &weights))
            .count()
    });
    let unlisted: Vec<usize> = unlisted.collect();
    assert!(unlisted.contains(&0), "{unlisted:?}");
    assert!(unlisted.iter().sum::<usize>() > 100, "{unlisted:?}");
}

#[test]
fn one_two_and_eight_threads_give_the_same_lists_over_many_blocks() {
    let (snapshot, weights) = random::snapshot(7, 6_000, 30);
    let depth = Depth {
        per_role: 25,
        per_volunteer: 4,
    };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let candidates = Candidates::new(&snapshot, &weights);
            assert!(candidates.blocks.len() > 2);
            (candidates.top(depth), candidates.all(&|_, _| {}))
        })
    };
    let alone = on(1);
    assert!(alone.0.eligible_pairs > 1_000);
    assert_eq!(alone, on(2));
    assert_eq!(alone, on(8));
}

#[test]
fn the_parts_of_an_explanation_sum_to_the_score_for_a_hundred_thousand_pairs() {
    let mut pairs = 0;
    for seed in 0..100 {
        let (snapshot, weights) = random::snapshot(1_000 + seed, 40, 25);
        let index = Index::new(&snapshot, &weights);
        for pair in index.pairs() {
            let measured = score::measure(pair);
            let fit = fit::explain(pair, &measured, &snapshot.taxonomy);
            let sum: i32 = fit.factors.iter().map(|factor| factor.points).sum();
            assert_eq!(sum, i32::from(measured.score.get()), "{fit:?}");
            assert_eq!(fit.score, measured.score);
            pairs += 1;
        }
    }
    assert_eq!(pairs, 100_000);
}
