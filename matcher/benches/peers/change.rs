//! How long does one change take, from the role that changed to the optimum with its proof's prices?
//!
//! A role changes how many it wants: its best pairs are searched for again among all volunteers, then the assignment is
//! repaired. The prepared snapshot stays, since what changes is not in the score.

use std::time::{Duration, Instant};

use matcher::engine::assign::{Edge, Market, assign};
use matcher::engine::{Candidates, Depth, Ranked};
use matcher::model::{Snapshot, Weights};

use super::DEPTH;
use super::graph::{Graph, Room};

/// Changes of each kind.
const CHANGES: usize = 1_000;

/// Prints one line of JSON: percentiles in microseconds on the clock, loose and tight.
pub(crate) fn measure(snapshot: &Snapshot) {
    let weights = Weights::embedded().unwrap();
    let candidates = Candidates::new(snapshot, &weights);
    let lists = candidates.top(Depth {
        per_volunteer: 0,
        ..DEPTH
    });
    let mut found = Vec::new();
    for (kind, room) in [("loose", Room::AsGiven), ("tight", Room::One)] {
        let problem = Graph::new(snapshot, &weights, &lists, room).problem();
        let mut market = Market::solve(&problem);
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        for number in 0..CHANGES {
            // Steps of a prime visit the roles in no order.
            let role = number * 7_919 % snapshot.roles.len();
            let (wanted, bonus) = (problem.wanted()[role], problem.first_bonus()[role]);
            for wanted in [wanted + 1, wanted] {
                let (search, repair) = change_role(&candidates, &mut market, role, (wanted, bonus));
                times[0].push(search);
                times[1].push(repair);
                times[2].push(search + repair);
            }
        }
        market.verify().expect("the certificate proves the optimum");
        let again = assign(&market.problem().unwrap());
        assert_eq!(market.total(), again.certificate.total, "as solved again");
        for (part, times) in ["search", "repair", "both"].into_iter().zip(&mut times) {
            found.push(format!("\"{kind} {part}\": {}", percentiles(times)));
        }
    }
    println!("{{{}}}", found.join(", "));
}

/// What the search and the repair took.
fn change_role(
    candidates: &Candidates<'_>,
    market: &mut Market,
    role: usize,
    (wanted, bonus): (u32, u32),
) -> (Duration, Duration) {
    let start = Instant::now();
    let list = candidates.top_of_role(role, DEPTH.per_role);
    let search = start.elapsed();
    let start = Instant::now();
    let position = u32::try_from(role).unwrap();
    let edge = |ranked: &Ranked| Edge {
        role: position,
        volunteer: ranked.position,
        score: ranked.score.get().into(),
    };
    let edges: Vec<Edge> = list.iter().map(edge).collect();
    market.change_role(position, wanted, bonus, &edges).unwrap();
    (search, start.elapsed())
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
