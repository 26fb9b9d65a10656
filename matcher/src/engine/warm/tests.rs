//! After any changes, what is kept ready beside what is made from the changed snapshot.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::engine::assign::{Edge, Problem, assign};
use crate::engine::candidates::tests::random;
use crate::engine::{Candidates, Depth, RoundOptions, pairings};
use crate::model::{
    NeedKind, NeedWeight, Point, Prohibition, RoleFacts, Setting, SkillHave, SkillId, SkillNeed,
    SnapshotFacts, VolunteerFacts,
};

/// What a snapshot holds, to be changed step by step.
#[derive(Debug, Clone)]
struct Plain {
    volunteers: BTreeMap<VolunteerId, Volunteer>,
    roles: BTreeMap<RoleId, Role>,
    prohibitions: BTreeMap<RoleId, BTreeMap<VolunteerId, ProhibitionCause>>,
    as_of: NaiveDate,
    taxonomy: Taxonomy,
}

impl Plain {
    fn of(snapshot: &Snapshot) -> Self {
        let mut prohibitions: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for prohibition in &snapshot.prohibitions {
            let of_role: &mut BTreeMap<_, _> =
                prohibitions.entry(prohibition.role.clone()).or_default();
            of_role.insert(prohibition.volunteer.clone(), prohibition.cause);
        }
        let volunteers = snapshot.volunteers.iter();
        let roles = snapshot.roles.iter();
        Self {
            volunteers: volunteers
                .map(|volunteer| (volunteer.id.clone(), volunteer.clone()))
                .collect(),
            roles: roles.map(|role| (role.id.clone(), role.clone())).collect(),
            prohibitions,
            as_of: snapshot.as_of,
            taxonomy: snapshot.taxonomy.clone(),
        }
    }

    fn snapshot(&self) -> Snapshot {
        let of_roles = self.prohibitions.iter();
        let prohibitions = of_roles.flat_map(|(role, volunteers)| {
            volunteers.iter().map(|(volunteer, cause)| Prohibition {
                role: role.clone(),
                volunteer: volunteer.clone(),
                cause: *cause,
            })
        });
        Snapshot::new(SnapshotFacts {
            volunteers: self.volunteers.values().cloned().collect(),
            roles: self.roles.values().cloned().collect(),
            taxonomy: self.taxonomy.clone(),
            prohibitions: prohibitions.collect(),
            ..SnapshotFacts::empty(self.as_of)
        })
        .unwrap()
    }

    fn edit(&mut self, edit: &Edit) {
        match edit {
            Edit::Role(role) => {
                self.roles.insert(role.id.clone(), (**role).clone());
            }
            Edit::Volunteer(volunteer) => {
                let id = volunteer.id.clone();
                self.volunteers.insert(id, (**volunteer).clone());
            }
            Edit::Prohibitions(role, volunteers) => {
                let volunteers = volunteers.iter().cloned().collect();
                self.prohibitions.insert(role.clone(), volunteers);
            }
            Edit::RoleLeft(role) => {
                self.roles.remove(role);
                self.prohibitions.remove(role);
            }
            Edit::VolunteerLeft(volunteer) => {
                self.volunteers.remove(volunteer);
                for of_role in self.prohibitions.values_mut() {
                    of_role.remove(volunteer);
                }
            }
        }
    }
}

/// One step: what is done, to whom, and how unlike what there was it makes them.
type Step = (u8, usize, u8);

/// The edit of a step: facts are those of another random snapshot, sometimes with something in them that nobody had before.
fn edit((kind, whom, twist): Step, plain: &Plain, source: &Snapshot) -> Option<Edit> {
    let role = || source.roles[whom % source.roles.len()].clone();
    let volunteer = || source.volunteers[whom % source.volunteers.len()].clone();
    Some(match kind {
        0..=2 => Edit::Role(Box::new(twisted_role(&role(), twist))),
        3..=5 => Edit::Volunteer(Box::new(twisted_volunteer(&volunteer(), twist))),
        6 => Edit::RoleLeft(
            plain
                .roles
                .keys()
                .nth(whom % plain.roles.len().max(1))?
                .clone(),
        ),
        7 => {
            let at = whom % plain.volunteers.len().max(1);
            Edit::VolunteerLeft(plain.volunteers.keys().nth(at)?.clone())
        }
        _ => {
            let role = plain.roles.keys().nth(whom % plain.roles.len().max(1))?;
            let volunteers = plain.volunteers.keys().step_by(1 + usize::from(twist));
            let cause = ProhibitionCause::Rejected;
            let prohibited = volunteers.map(|volunteer| (volunteer.clone(), cause));
            Edit::Prohibitions(role.clone(), prohibited.collect())
        }
    })
}

fn skill(number: u8) -> SkillId {
    SkillId::new(&format!("s{number}")).unwrap()
}

fn twisted_role(role: &Role, twist: u8) -> Role {
    let mut facts: RoleFacts = (**role).clone();
    match twist {
        // Dates that no clock shows yet.
        0 => {
            facts.start_on = facts.start_on.map(|date| date + chrono::Days::new(800));
            facts.end_on = None;
        }
        // A skill and a cause that nobody named, and one that others stand in for.
        1 | 2 => {
            facts.skills = vec![SkillNeed {
                skill: skill(if twist == 1 { 20 } else { 4 }),
                kind: NeedKind::NiceToHave,
                level: crate::model::Level::new(5).unwrap(),
                weight: NeedWeight::new(7).unwrap(),
            }];
            facts.causes = [crate::model::CauseId::new("c-new").unwrap()].into();
        }
        // A place in a cell of the map that is there, beyond those that made it; and one far from all.
        3 => facts.setting = Setting::OnSite(Some(Point::new(45.62, -75.51).unwrap())),
        4 => facts.setting = Setting::OnSite(Some(Point::new(52.1, 106.7).unwrap())),
        5 => facts.hours_per_week = Some(crate::model::Hours::new(9).unwrap()),
        _ => {}
    }
    Role::new(facts).unwrap()
}

fn twisted_volunteer(volunteer: &Volunteer, twist: u8) -> Volunteer {
    let mut facts: VolunteerFacts = (**volunteer).clone();
    match twist {
        // A clock that nobody has.
        0 | 1 => {
            if let Some(availability) = &mut facts.availability {
                availability.zone = [Tz::Pacific__Chatham, Tz::Africa__Lagos][usize::from(twist)];
            }
        }
        2 => {
            facts.skills = Some(vec![SkillHave {
                skill: skill(20),
                level: None,
                years: None,
            }]);
        }
        3 => facts.skills = None,
        4 => facts.causes = Some([crate::model::CauseId::new("c-new").unwrap()].into()),
        _ => {}
    }
    Volunteer::new(facts).unwrap()
}

fn check_search(ready: &Ready<'_>, snapshot: &Snapshot, weights: &Weights) -> Vec<Edge> {
    let fresh = Candidates::new(snapshot, weights);
    let all = fresh.all(&|_, _| {});
    assert_eq!(ready.search.all(), all);
    let depth = Depth {
        per_role: 5,
        per_volunteer: 3,
    };
    let lists = fresh.top(depth);
    assert_eq!(ready.search.candidates().top(depth), lists);
    for (role, list) in lists.per_role.iter().enumerate() {
        assert_eq!(&ready.search.top_of_role(role, 5), list);
        let of_role = all.iter().filter(|edge| edge.role as usize == role);
        let of_role: Vec<Edge> = of_role.copied().collect();
        assert_eq!(ready.search.all_of_role(role), of_role);
    }
    for volunteer in 0..snapshot.volunteers.len() {
        let theirs = all
            .iter()
            .filter(|edge| edge.volunteer as usize == volunteer);
        let theirs: Vec<Edge> = theirs.copied().collect();
        assert_eq!(ready.search.all_of_volunteer(volunteer), theirs);
    }
    all
}

/// The greatest total over all these pairs.
fn optimum(snapshot: &Snapshot, weights: &Weights, edges: Vec<Edge>, most: u32) -> u64 {
    let wanted = snapshot.roles.iter().map(Role::suggestions_wanted);
    let volunteers = snapshot.volunteers.iter();
    let room = volunteers.map(|volunteer| most.min(volunteer.open_placements().into()));
    let bonus = u32::from(weights.assignment.first_suggestion.get());
    let problem = Problem::new(wanted.collect(), room.collect(), edges)
        .unwrap()
        .with_first_bonus(vec![bonus; snapshot.roles.len()])
        .unwrap();
    assign(&problem).certificate.total
}

/// Groups of some two hundred people lie in blocks of several words, and more than 64 newcomers come to one.
#[test]
fn long_blocks_after_many_edits_are_as_if_laid_out_anew() {
    let (snapshot, weights) = random::snapshot(11, 1_600, 8);
    let (source, _) = random::snapshot(12, 1_600, 12);
    let mut plain = Plain::of(&snapshot);
    let mut ready = Ready::new(&snapshot, &weights);
    for number in 0..600_usize {
        let (kind, twist) = match number % 10 {
            0 => (0, [1, 2, 5, 9][number / 10 % 4]),
            8 => (7, 0),
            _ => (3, 9),
        };
        if let Some(edit) = edit((kind, number * 37, twist), &plain, &source) {
            plain.edit(&edit);
            ready.edit(edit).unwrap();
        }
        if number == 150 {
            check_search(&ready, &plain.snapshot(), &weights);
        }
    }
    check_search(&ready, &plain.snapshot(), &weights);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn pairings_chosen_from_what_is_kept_are_those_of_a_round(
        seed in any::<u64>(),
        (volunteers, roles) in (1..60_usize, 1..12_usize),
        changes in prop::collection::vec(
            prop::collection::vec((0..9_u8, any::<usize>(), 0..12_u8), 0..6), 1..6
        ),
    ) {
        let (snapshot, weights) = random::snapshot(seed, volunteers, roles);
        let (source, _) = random::snapshot(seed ^ 1, volunteers + 5, roles + 3);
        let options = RoundOptions { most_per_volunteer: Some(2), ..RoundOptions::default() };
        let mut plain = Plain::of(&snapshot);
        let mut graph = WarmGraph::new(&snapshot, &weights);
        prop_assert_eq!(
            graph.pairings(&snapshot, &options),
            pairings(&snapshot, &weights, &options)
        );
        for steps in changes {
            for step in steps {
                if let Some(edit) = edit(step, &plain, &source) {
                    plain.edit(&edit);
                }
            }
            let snapshot = plain.snapshot();
            prop_assert_eq!(
                graph.pairings(&snapshot, &options),
                pairings(&snapshot, &weights, &options)
            );
        }
    }

    #[test]
    fn after_any_edits_all_is_as_if_made_anew(
        seed in any::<u64>(),
        (volunteers, roles) in (1..90_usize, 1..14_usize),
        (more_volunteers, more_roles) in (0..12_usize, 0..6_usize),
        per_role in 1..6_usize,
        most in 1..4_u32,
        steps in prop::collection::vec((0..9_u8, any::<usize>(), 0..12_u8), 1..20),
    ) {
        let (snapshot, weights) = random::snapshot(seed, volunteers, roles);
        let (source, _) =
            random::snapshot(seed ^ 1, volunteers + more_volunteers, roles + more_roles);
        let mut plain = Plain::of(&snapshot);
        let mut warm = Warm::new(&snapshot, &weights, per_role, Some(most)).unwrap();
        let mut shown: BTreeSet<MovedPair> = warm.chosen().into_iter().collect();
        for (number, step) in steps.into_iter().enumerate() {
            let Some(edit) = edit(step, &plain, &source) else { continue };
            plain.edit(&edit);
            let moved = warm.edit(edit).unwrap();
            for pair in &moved.went {
                prop_assert!(shown.remove(pair), "{:?} went and was not there", pair);
            }
            for pair in moved.came {
                prop_assert!(shown.insert(pair), "a pair came twice");
            }
            let snapshot = plain.snapshot();
            let all = check_search(&warm.ready, &snapshot, &weights);
            warm.verify().unwrap();
            prop_assert_eq!(warm.total(), optimum(&snapshot, &weights, all, most));
            prop_assert_eq!(&shown, &warm.chosen().into_iter().collect());
            if number % 5 == 4 {
                warm.ready.lay_out_anew();
            }
        }
    }
}
