//! The certificate of a round, checked by a reader who has nothing but the report and the inputs.

use std::collections::{BTreeMap, BTreeSet};

use matcher::engine::assign::{Budgets, Certificate, Edge, Problem, bound_within, verify};
use matcher::engine::{Candidates, Depth, Round, RoundOptions};
use matcher::model::{Hours, Pin, Role, Snapshot, SnapshotFacts};

use crate::fixture::*;
use crate::workload;

/// Positions by id.
fn positions<T: Ord>(ids: impl Iterator<Item = T>) -> BTreeMap<T, u32> {
    ids.zip(0..).collect()
}

/// For each volunteer, how many of their pairs fit into their hours at most: the shortest first.
fn most_that_fit(pairs: &[Edge], asked: &[u32], hours: &[Option<u32>]) -> Vec<u32> {
    let mut of_each = vec![Vec::new(); hours.len()];
    for pair in pairs {
        of_each[pair.volunteer as usize].push(asked[pair.role as usize]);
    }
    let fitting = of_each.into_iter().zip(hours).map(|(mut asked, left)| {
        asked.sort_unstable();
        let sums = asked.iter().scan(0, |sum, asked| {
            *sum += asked;
            Some(*sum)
        });
        let fitting = sums.take_while(|sum| left.is_none_or(|left| *sum <= left));
        u32::try_from(fitting.count()).unwrap()
    });
    fitting.collect()
}

/// Checks what the report claims: that the choice is optimal for its rooms and pairs, and that no choice within the hours
/// totals more than the bound.
fn check(snapshot: &Snapshot, report: &str) {
    let round: Round = serde_json::from_str(report).unwrap();
    let roles = positions(snapshot.roles.iter().map(|role| &role.id));
    let volunteers = positions(snapshot.volunteers.iter().map(|volunteer| &volunteer.id));
    let most = round.options.most_per_volunteer.unwrap_or(u32::MAX);
    let asked: Vec<u32> = snapshot
        .roles
        .iter()
        .map(|role| role.hours_per_week.map_or(0, Hours::get).into())
        .collect();
    let mut wanted: Vec<u32> = snapshot
        .roles
        .iter()
        .map(Role::suggestions_wanted)
        .collect();
    let mut bonus = vec![u32::from(weights().assignment.first_suggestion.get()); wanted.len()];
    let people = snapshot.volunteers.iter();
    let mut room: Vec<u32> = people
        .map(|volunteer| most.min(volunteer.open_placements().into()))
        .collect();
    let people = snapshot.volunteers.iter();
    let mut hours: Vec<Option<u32>> = people
        .map(|volunteer| volunteer.hours_left().map(u32::from))
        .collect();

    // Pins come first and use up seats, room and hours.
    let mut chosen = Vec::new();
    let mut away: BTreeSet<(u32, u32)> = BTreeSet::new();
    for pairing in &round.pairings {
        let (role, volunteer) = (roles[&pairing.role], volunteers[&pairing.volunteer]);
        if pairing.is_pinned {
            away.insert((role, volunteer));
            let (role, volunteer) = (role as usize, volunteer as usize);
            wanted[role] -= 1;
            room[volunteer] -= 1;
            bonus[role] = 0;
            hours[volunteer] = hours[volunteer].map(|hours| hours - asked[role]);
        } else {
            let score = pairing.fit.score.get().into();
            chosen.push(Edge {
                role,
                volunteer,
                score,
            });
        }
    }
    let policy = weights();
    let lists = Candidates::new(snapshot, &policy).top(Depth {
        per_role: usize::MAX,
        per_volunteer: 0,
    });
    let eligible = (0..).zip(&lists.per_role).flat_map(|(role, list)| {
        list.iter().map(move |ranked| Edge {
            role,
            volunteer: ranked.position,
            score: ranked.score.get().into(),
        })
    });
    let fits = |edge: &Edge| {
        !away.contains(&(edge.role, edge.volunteer))
            && hours[edge.volunteer as usize].is_none_or(|left| asked[edge.role as usize] <= left)
    };
    let pairs: Vec<Edge> = eligible.filter(fits).collect();
    let problem = |room: Vec<u32>, pairs: Vec<Edge>| {
        let problem = Problem::new(wanted.clone(), room, pairs).unwrap();
        problem.with_first_bonus(bonus.clone()).unwrap()
    };
    let of_roles = |prices: &[(matcher::model::RoleId, u32)]| {
        let mut all = vec![0; wanted.len()];
        for (role, price) in prices {
            all[roles[role] as usize] = *price;
        }
        all
    };

    let proof = &round.proof;
    let before_hours = problem(room.clone(), pairs.clone());
    let fitting = most_that_fit(&pairs, &asked, &hours);
    for (volunteer, less) in &proof.rooms {
        let volunteer = volunteers[volunteer] as usize;
        assert!(*less < room[volunteer]);
        // Rooms are taken away only for hours: those in which no more roles fit, and fewer where the round was mended.
        if proof.is_over_all_pairs {
            assert_eq!(*less, fitting[volunteer]);
        } else {
            assert!(*less <= fitting[volunteer]);
        }
        room[volunteer] = *less;
    }
    let left_out: BTreeSet<(u32, u32)> = proof
        .left_out
        .iter()
        .map(|(role, volunteer)| (roles[role], volunteers[volunteer]))
        .collect();
    let pairs = pairs
        .into_iter()
        .filter(|edge| !left_out.contains(&(edge.role, edge.volunteer)));
    let certified = problem(room, pairs.collect());
    let mut volunteer_prices = vec![0; snapshot.volunteers.len()];
    for (volunteer, price) in &proof.volunteer_prices {
        volunteer_prices[volunteers[volunteer] as usize] = *price;
    }
    let certificate = Certificate {
        total: proof.total,
        role_prices: of_roles(&proof.role_prices),
        volunteer_prices,
    };
    chosen.sort_by_key(|edge| (edge.role, std::cmp::Reverse(edge.score), edge.volunteer));
    assert_eq!(verify(&certified, &chosen, &certificate), Ok(()));

    let budgets = Budgets {
        asked: &asked,
        left: &hours,
    };
    if proof.is_over_all_pairs {
        assert!(proof.left_out.is_empty() && proof.bound == proof.total);
        // Rooms that are less than placements are those of whom not more roles fit.
        let prices = of_roles(&proof.role_prices);
        assert!(bound_within(&before_hours, &prices, budgets) >= proof.total);
    } else {
        let prices = of_roles(&proof.bound_prices);
        assert_eq!(bound_within(&before_hours, &prices, budgets), proof.bound);
        assert!(proof.bound >= proof.total);
    }
}

#[test]
fn the_report_is_enough_to_check_the_certificate() {
    let mut mended = 0;
    for (volunteers, roles, most_per_volunteer) in
        [(150, 90, None), (400, 60, None), (400, 60, Some(1))]
    {
        let facts = workload::snapshot(volunteers, roles);
        let options = RoundOptions {
            most_per_volunteer,
            ..RoundOptions::default()
        };
        // Every seventh pairing of a round becomes a pin of the next.
        let first = round(&facts, &weights(), &options);
        let pins = first.pairings.iter().step_by(7).map(|pairing| Pin {
            role: pairing.role.clone(),
            volunteer: pairing.volunteer.clone(),
        });
        let pinned = Snapshot::new(SnapshotFacts {
            volunteers: facts.volunteers.clone(),
            roles: facts.roles.clone(),
            taxonomy: facts.taxonomy.clone(),
            pins: pins.collect(),
            ..SnapshotFacts::empty(facts.as_of)
        });
        for snapshot in [facts, pinned.unwrap()] {
            let round = round(&snapshot, &weights(), &options);
            mended += usize::from(!round.proof.is_over_all_pairs);
            assert!(round.proof.is_verified);
            check(&snapshot, &serde_json::to_string(&round).unwrap());
        }
    }
    // With one suggestion each nobody is over their hours.
    assert!(
        (1..=4).contains(&mended),
        "{mended} of 6 rounds were mended"
    );
}
