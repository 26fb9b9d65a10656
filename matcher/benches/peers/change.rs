//! How long does one change take, from the facts that were edited to the optimum with its proof's prices?
//!
//! A role or a volunteer takes over one part of the facts of another (drawn like all, so the workload stays what it is), or a
//! must-have asks another level. Inside of `Warm::edit` they are prepared again, scored against everybody on the other side,
//! and the assignment over all eligible pairs is repaired and proven.

use std::time::{Duration, Instant};

use matcher::engine::assign::assign;
use matcher::engine::warm::{Edit, Warm};
use matcher::engine::{Candidates, Depth};
use matcher::model::{
    Level, NeedKind, Role, RoleFacts, Snapshot, SnapshotFacts, Volunteer, VolunteerFacts, Weights,
};

use super::DEPTH;
use super::graph::{Graph, Room};

/// Changes of roles, and as many of volunteers.
const CHANGES: usize = 1_000;

/// Prints one line of JSON: percentiles in microseconds on the clock, loose and tight, of roles and of volunteers.
pub(crate) fn measure(snapshot: &Snapshot) {
    let weights = Weights::embedded().unwrap();
    let mut found = Vec::new();
    for (kind, room) in [("loose", Room::AsGiven), ("tight", Room::One)] {
        let most = match room {
            Room::AsGiven => None,
            Room::One => Some(1),
        };
        let mut warm = Warm::new(snapshot, &weights, DEPTH.per_role, most).unwrap();
        let (mut roles, mut volunteers) = (snapshot.roles.clone(), snapshot.volunteers.clone());
        let mut times = [Vec::new(), Vec::new()];
        for number in 0..CHANGES {
            let role = edited_role(&roles, number);
            times[0].push(timed(&mut warm, Edit::Role(Box::new(role.clone()))));
            let at = roles.binary_search_by(|other| other.id.cmp(&role.id));
            roles[at.unwrap()] = role;
            let volunteer = edited_volunteer(&volunteers, number);
            times[1].push(timed(
                &mut warm,
                Edit::Volunteer(Box::new(volunteer.clone())),
            ));
            let at = volunteers.binary_search_by(|other| other.id.cmp(&volunteer.id));
            volunteers[at.unwrap()] = volunteer;
        }
        warm.verify().expect("the certificate proves the optimum");
        let changed = Snapshot::new(SnapshotFacts {
            volunteers,
            roles,
            taxonomy: snapshot.taxonomy.clone(),
            ..SnapshotFacts::empty(snapshot.as_of)
        });
        let again = solved_anew(&changed.unwrap(), &weights, room);
        assert_eq!(warm.total(), again, "as solved again over all pairs");
        for (part, times) in ["role", "volunteer"].into_iter().zip(&mut times) {
            found.push(format!("\"{kind} {part}\": {}", percentiles(times)));
        }
    }
    println!("{{{}}}", found.join(", "));
}

fn timed(warm: &mut Warm<'_>, edit: Edit) -> Duration {
    let start = Instant::now();
    warm.edit(edit).unwrap();
    start.elapsed()
}

/// The greatest total over all eligible pairs.
fn solved_anew(snapshot: &Snapshot, weights: &Weights, room: Room) -> u64 {
    let lists = Candidates::new(snapshot, weights).top(Depth {
        per_role: usize::MAX,
        per_volunteer: 0,
    });
    let graph = Graph::new(snapshot, weights, &lists, room);
    assign(&graph.problem()).certificate.total
}

/// A role, in no order, with one part of another's facts.
fn edited_role(roles: &[Role], number: usize) -> Role {
    // Steps of primes visit the roles in no order.
    let role = &roles[number * 7_919 % roles.len()];
    let other = &roles[(number * 6_007 + 1) % roles.len()];
    let mut facts: RoleFacts = (**role).clone();
    match number % 6 {
        0 => facts.skills.clone_from(&other.skills),
        1 => facts.hours_per_week = other.hours_per_week,
        2 => facts.meeting.clone_from(&other.meeting),
        3 => facts.causes.clone_from(&other.causes),
        4 => {
            (facts.seats_open, facts.start_on, facts.end_on) =
                (other.seats_open, other.start_on, other.end_on)
        }
        _ => {
            let mut needs = facts.skills.iter_mut();
            if let Some(need) = needs.find(|need| need.kind == NeedKind::MustHave) {
                let level = i64::from(need.level.get()) % 5 + 1;
                need.level = Level::new(level).unwrap();
            }
        }
    }
    Role::new(facts).unwrap()
}

/// A volunteer, in no order, with one part of another's facts.
fn edited_volunteer(volunteers: &[Volunteer], number: usize) -> Volunteer {
    let volunteer = &volunteers[number * 7_919 % volunteers.len()];
    let other = &volunteers[(number * 6_007 + 1) % volunteers.len()];
    let mut facts: VolunteerFacts = (**volunteer).clone();
    match number % 6 {
        0 => facts.skills.clone_from(&other.skills),
        1 => facts.hours_per_week = other.hours_per_week,
        2 => facts.availability.clone_from(&other.availability),
        3 => facts.causes.clone_from(&other.causes),
        4 => (facts.home, facts.radius_km) = (other.home, other.radius_km),
        _ => {
            (facts.most_placements, facts.current_placements) =
                (other.most_placements, other.current_placements)
        }
    }
    Volunteer::new(facts).unwrap()
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let microseconds =
        |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e6;
    format!(
        "{{\"p50\": {:.1}, \"p99\": {:.1}, \"most\": {:.1}}}",
        microseconds(50),
        microseconds(99),
        microseconds(100)
    )
}
