//! The account of 64 people at a time beside that of looking at every pair, on random snapshots.

use std::collections::BTreeSet;

use super::super::gate::GATES;
use super::*;
use crate::engine::candidates::Candidates;
use crate::engine::candidates::tests::random;
use crate::engine::seats::narrow;

/// What remains of a role or volunteer, by looking at each of the pairs.
fn plain<'i, 'a: 'i>(
    pairs: impl Iterator<Item = Pair<'i, 'a>>,
    most: usize,
) -> (usize, BTreeMap<GateCode, usize>, Vec<Nearest>) {
    let tally = Tally::of(pairs, most);
    (tally.open, tally.blocked_by.by_code(), tally.nearest)
}

#[test]
fn it_is_that_of_looking_at_every_pair() {
    // In the last one more people than are looked at together.
    let many = people::TOGETHER + 100;
    let mut seen: BTreeSet<GateCode> = BTreeSet::new();
    for (seed, volunteers) in (0..24).map(|seed| (seed, 150)).chain([(24, many)]) {
        let (snapshot, mut weights) = random::snapshot(seed, volunteers, 14);
        // So that the gates on what was measured close to some.
        weights.gates.minimum_confidence = BasisPoints::new(4_000).unwrap();
        weights.gates.minimum_score = BasisPoints::new(3_000).unwrap();
        let options = RoundOptions::default();
        let candidates = Candidates::new(&snapshot, &weights);
        let index = candidates.index();
        let eligible = candidates.all(&|_, _| {});
        // Every fifth pair, and one that no search would give, as a pin may be.
        let pairs = eligible.iter().step_by(5);
        let chosen: BTreeSet<(usize, usize)> = pairs
            .map(|edge| (edge.role as usize, edge.volunteer as usize))
            .chain([(0, volunteers - 1)])
            .collect();
        let in_any_order: Vec<(usize, usize)> = chosen.iter().rev().copied().collect();
        let account = account(index, &eligible, &in_any_order, &options, &|_, _| {});

        let mut roles = account.roles.into_iter();
        for (position, role) in index.roles.iter().enumerate() {
            let got = chosen.iter().filter(|(role, _)| *role == position).count();
            let wanted = role.facts.suggestions_wanted();
            if got >= wanted as usize {
                continue;
            }
            let others = index.pairs_of(role);
            let others = others.filter(|pair| !chosen.contains(&(position, pair.position)));
            let most = if got == 0 { options.nearest } else { 0 };
            let (placed_elsewhere, blocked_by, nearest) = plain(others, most);
            seen.extend(blocked_by.keys());
            let expected = UnmatchedRole {
                role: role.facts.id.clone(),
                wanted,
                got: narrow(got),
                placed_elsewhere,
                blocked_by,
                nearest,
            };
            assert_eq!(roles.next(), Some(expected), "seed {seed}");
        }
        assert_eq!(roles.next(), None);

        let mut volunteers = account.volunteers.into_iter();
        for (position, volunteer) in index.volunteers.iter().enumerate() {
            if !volunteer.is_available || chosen.iter().any(|(_, served)| *served == position) {
                continue;
            }
            let pairs = (0..index.roles.len()).filter_map(|role| index.pair(role, position));
            let open = pairs.filter(|pair| pair.role.facts.suggestions_wanted() > 0);
            let (roles_took_others, blocked_by, nearest) = plain(open, options.nearest);
            let expected = UnmatchedVolunteer {
                volunteer: volunteer.facts.id.clone(),
                roles_took_others,
                blocked_by,
                nearest,
            };
            assert_eq!(volunteers.next(), Some(expected), "seed {seed}");
        }
        assert_eq!(volunteers.next(), None);
    }
    // A role that wants suggestions is neither closed nor full.
    assert_eq!(seen.len(), GATES - 2, "{seen:?}");
}

#[test]
fn a_role_is_accounted_for_where_there_is_nobody() {
    let (snapshot, weights) = random::snapshot(1, 1, 9);
    let nobody = crate::model::SnapshotFacts {
        roles: snapshot.roles.clone(),
        ..crate::model::SnapshotFacts::empty(snapshot.as_of)
    };
    let nobody = crate::model::Snapshot::new(nobody).unwrap();
    let candidates = Candidates::new(&nobody, &weights);
    let account = account(
        candidates.index(),
        &[],
        &[],
        &RoundOptions::default(),
        &|_, _| {},
    );
    let roles = nobody.roles.iter();
    let wanting = roles.filter(|role| role.suggestions_wanted() > 0).count();
    assert!(wanting > 0);
    assert_eq!(
        (account.roles.len(), account.volunteers.len()),
        (wanting, 0)
    );
}
