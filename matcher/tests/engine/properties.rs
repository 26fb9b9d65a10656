//! What holds for every round, on generated snapshots.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Weekday;
use matcher::engine::{Evaluation, Pairing, Round, RoundOptions, evaluate, quick_pairings};
use matcher::model::{
    Availability, Meeting, RoleFacts, Snapshot, SnapshotFacts, Standing, VolunteerFacts,
};
use proptest::prelude::*;

use crate::fixture::*;

const SKILLS: [&str; 5] = ["python", "ruby", "sql", "mapping", "design"];

fn volunteer_strategy() -> impl Strategy<Value = VolunteerFacts> {
    let skills = prop::option::weighted(
        0.9,
        prop::collection::btree_map(0..5_usize, 1..=5_i64, 0..4),
    );
    let wishes = prop::option::of(prop::collection::btree_set(0..5_usize, 0..3));
    let budget = (prop::option::weighted(0.8, 0..12_i64), 1..4_u8, 0..2_u8);
    let week = prop::option::weighted(0.8, (0..5_i64, prop::bool::ANY));
    let people = (
        prop::option::of(prop::sample::subsequence(vec!["en", "fr"], 0..=2)),
        0..200_u16,
        0..9_u16,
    );
    (skills, wishes, budget, week, people).prop_map(|(skills, wishes, budget, week, people)| {
        let (hours_left, most_placements, current_placements) = budget;
        let (spoken, waiting_days, recent_suggestions) = people;
        VolunteerFacts {
            skills: skills.map(|skills| {
                skills
                    .iter()
                    .map(|(skill, level)| have(SKILLS[*skill], *level))
                    .collect()
            }),
            wants_to_learn: wishes
                .map(|wishes| wishes.iter().map(|wish| skill(SKILLS[*wish])).collect()),
            hours_per_week: hours_left.and_then(hours),
            availability: week.map(|(shift, is_east)| Availability {
                zone: if is_east {
                    chrono_tz::America::St_Johns
                } else {
                    chrono_tz::America::Vancouver
                },
                windows: vec![window(Weekday::Tue, 15 + shift, 19 + shift)],
                time_off: Vec::new(),
            }),
            languages: spoken.map(|spoken| languages(&spoken)),
            most_placements,
            current_placements,
            waiting_days,
            recent_suggestions,
            ..volunteer_facts("v")
        }
    })
}

fn role_strategy() -> impl Strategy<Value = RoleFacts> {
    let needs = prop::collection::btree_map(0..5_usize, (1..=5_i64, prop::bool::ANY), 0..4);
    (
        needs,
        0..3_u16,
        1..3_u8,
        0..7_i64,
        prop::option::of(0..180_u16),
        prop::bool::ANY,
    )
        .prop_map(
            |(needs, seats_open, suggestions_per_seat, asked, minimum, is_bilingual)| RoleFacts {
                skills: needs
                    .iter()
                    .map(|(skill, (level, is_must))| {
                        if *is_must {
                            must(SKILLS[*skill], *level)
                        } else {
                            nice(SKILLS[*skill], *level)
                        }
                    })
                    .collect(),
                seats_open,
                suggestions_per_seat,
                hours_per_week: hours(asked),
                meeting: minimum.map(|minimum_minutes| Meeting {
                    zone: chrono_tz::America::Toronto,
                    windows: vec![window(Weekday::Tue, 18, 21)],
                    minimum_minutes,
                }),
                required_languages: languages(if is_bilingual { &["fr", "en"] } else { &["en"] }),
                ..role_facts("r")
            },
        )
}

fn facts() -> impl Strategy<Value = SnapshotFacts> {
    let volunteers = prop::collection::vec(volunteer_strategy(), 0..12);
    let roles = prop::collection::vec(role_strategy(), 0..6);
    (volunteers, roles).prop_map(|(mut volunteers, mut roles)| {
        for (number, volunteer) in volunteers.iter_mut().enumerate() {
            volunteer.id = matcher::model::VolunteerId::new(&format!("v{number:02}")).unwrap();
        }
        for (number, role) in roles.iter_mut().enumerate() {
            role.id = matcher::model::RoleId::new(&format!("r{number:02}")).unwrap();
        }
        snapshot_facts(volunteers, roles)
    })
}

fn run(facts: SnapshotFacts) -> (Snapshot, Round) {
    let snapshot = Snapshot::new(facts).unwrap();
    let result = round(&snapshot, &weights(), &RoundOptions::default());
    (snapshot, result)
}

/// Nobody has more than their room, hours or seats.
fn keep_to_limits(snapshot: &Snapshot, pairings: &[Pairing]) -> Result<(), TestCaseError> {
    let mut volunteers: BTreeMap<_, (u32, u32)> = BTreeMap::new();
    let mut roles: BTreeMap<_, u32> = BTreeMap::new();
    for pairing in pairings {
        let role = snapshot.find_role(&pairing.role).unwrap();
        let held = volunteers.entry(&pairing.volunteer).or_default();
        held.0 += 1;
        held.1 += role
            .hours_per_week
            .map_or(0, |hours| u32::from(hours.get()));
        *roles.entry(&pairing.role).or_default() += 1;
    }
    for (id, (count, hours)) in volunteers {
        let volunteer = snapshot.find_volunteer(id).unwrap();
        prop_assert!(count <= u32::from(volunteer.open_placements()));
        let left = volunteer.hours_left();
        prop_assert!(left.is_none_or(|left| hours <= u32::from(left)));
    }
    for (id, count) in roles {
        prop_assert!(count <= snapshot.find_role(id).unwrap().suggestions_wanted());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nobody_gets_more_than_they_have_room_or_hours_for(facts in facts()) {
        let (snapshot, round) = run(facts);
        keep_to_limits(&snapshot, &round.pairings)?;
        prop_assert!(round.proof.is_verified);
        prop_assert!(round.proof.total <= round.proof.bound);
    }

    #[test]
    fn a_quick_answer_keeps_to_the_same_limits_leaves_nothing_that_fits_and_is_below_the_bound(facts in facts()) {
        let (snapshot, round) = run(facts);
        let quick = quick_pairings(&snapshot, &weights(), &RoundOptions::default(), &|_| {});
        prop_assert_eq!(&quick.refused_pins, &round.refused_pins);
        let quick = quick.pairings;
        keep_to_limits(&snapshot, &quick)?;
        for (role, volunteer) in snapshot.roles.iter().flat_map(|role| snapshot.volunteers.iter().map(move |one| (role, one))) {
            let is_there = quick.iter().any(|pairing| (&pairing.role, &pairing.volunteer) == (&role.id, &volunteer.id));
            let found = evaluate(&snapshot, &weights(), &role.id, &volunteer.id);
            if let Some(Evaluation::Eligible(fit)) = found && !is_there && fit.score.get() > 0 {
                let one_more = Pairing { role: role.id.clone(), volunteer: volunteer.id.clone(), is_pinned: false, fit };
                let more = [quick.as_slice(), &[one_more]].concat();
                prop_assert!(keep_to_limits(&snapshot, &more).is_err());
            }
        }
        let scores: u64 = quick.iter().map(|pairing| u64::from(pairing.fit.score.get())).sum();
        let served: BTreeSet<_> = quick.iter().map(|pairing| &pairing.role).collect();
        let bonus = u64::from(weights().assignment.first_suggestion.get());
        prop_assert!(scores + bonus * served.len() as u64 <= round.proof.bound);
        prop_assert_eq!(quick.is_empty(), round.pairings.is_empty());
    }

    #[test]
    fn whoever_is_proposed_is_eligible_with_the_same_fit_and_its_points_sum_to_the_score(facts in facts()) {
        let (snapshot, round) = run(facts);
        for pairing in &round.pairings {
            let evaluation = evaluate(&snapshot, &weights(), &pairing.role, &pairing.volunteer).unwrap();
            prop_assert_eq!(&evaluation, &Evaluation::Eligible(pairing.fit.clone()));
            let points: i32 = pairing.fit.factors.iter().map(|factor| factor.points).sum();
            prop_assert_eq!(points, i32::from(pairing.fit.score.get()));
        }
    }

    #[test]
    fn the_order_of_the_inputs_changes_nothing(
        (facts, volunteers, roles) in facts().prop_flat_map(|facts| {
            let volunteers = Just(facts.volunteers.clone()).prop_shuffle();
            let roles = Just(facts.roles.clone()).prop_shuffle();
            (Just(facts), volunteers, roles)
        }),
    ) {
        let shuffled = SnapshotFacts { volunteers, roles, ..facts.clone() };
        prop_assert_eq!(run(facts).1, run(shuffled).1);
    }

    #[test]
    fn the_number_of_threads_changes_nothing(facts in facts()) {
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let (other, facts) = (facts.clone(), facts);
        prop_assert_eq!(alone.install(|| run(facts).1), run(other).1);
    }

    #[test]
    fn a_volunteer_who_may_not_be_proposed_changes_nothing(facts in facts(), stranger in volunteer_strategy()) {
        let before = run(facts.clone()).1;
        let mut more = facts;
        let id = matcher::model::VolunteerId::new("v05b").unwrap();
        more.volunteers.push(volunteer(VolunteerFacts { id, standing: Standing::Busy, ..stranger }));
        let after = run(more).1;
        prop_assert_eq!(before.pairings, after.pairings);
        prop_assert_eq!(before.proof, after.proof);
    }

    #[test]
    fn every_volunteer_with_room_is_either_served_or_accounted_for(facts in facts()) {
        let (snapshot, round) = run(facts);
        let served: BTreeSet<_> = round.pairings.iter().map(|pairing| &pairing.volunteer).collect();
        let reported: BTreeSet<_> = round.unmatched_volunteers.iter().map(|unmatched| &unmatched.volunteer).collect();
        prop_assert!(served.is_disjoint(&reported));
        for volunteer in snapshot.volunteers.iter().filter(|volunteer| volunteer.open_placements() > 0) {
            prop_assert!(served.contains(&volunteer.id) || reported.contains(&volunteer.id));
        }
    }
}
