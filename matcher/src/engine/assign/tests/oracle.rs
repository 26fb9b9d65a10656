//! A textbook minimum-cost flow (Bellman–Ford, one unit at a time), to compare with: slow, and plainly right.

use crate::engine::assign::Problem;

struct Arc {
    to: usize,
    capacity: u32,
    cost: i64,
}

/// The greatest total.
pub(super) fn total(problem: &Problem<'_>) -> u64 {
    let (roles, volunteers) = (problem.wanted().len(), problem.room().len());
    let (source, sink) = (roles + volunteers, roles + volunteers + 1);
    let mut arcs = Vec::new();
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); sink + 1];
    let mut join = |from: usize, to: usize, capacity: u32, cost: i64| {
        of[from].push(arcs.len());
        arcs.push(Arc { to, capacity, cost });
        of[to].push(arcs.len());
        arcs.push(Arc {
            to: from,
            capacity: 0,
            cost: -cost,
        });
    };
    for (role, (wanted, bonus)) in problem
        .wanted()
        .iter()
        .zip(problem.first_bonus())
        .enumerate()
    {
        join(source, role, (*wanted).min(1), -i64::from(*bonus));
        join(source, role, wanted.saturating_sub(1), 0);
    }
    for edge in problem.edges().iter().filter(|edge| edge.score > 0) {
        let volunteer = roles + edge.volunteer as usize;
        join(edge.role as usize, volunteer, 1, -i64::from(edge.score));
    }
    for (volunteer, room) in problem.room().iter().enumerate() {
        join(roles + volunteer, sink, *room, 0);
    }
    let mut total = 0;
    loop {
        let mut distance = vec![i64::MAX; sink + 1];
        let mut by = vec![usize::MAX; sink + 1];
        distance[source] = 0;
        let mut queue = std::collections::VecDeque::from([source]);
        while let Some(node) = queue.pop_front() {
            for arc in &of[node] {
                let Arc { to, capacity, cost } = arcs[*arc];
                if capacity > 0 && distance[node] + cost < distance[to] {
                    distance[to] = distance[node] + cost;
                    by[to] = *arc;
                    queue.push_back(to);
                }
            }
        }
        if distance[sink] >= 0 {
            return u64::try_from(total).unwrap();
        }
        total -= distance[sink];
        let mut node = sink;
        while node != source {
            let arc = by[node];
            arcs[arc].capacity -= 1;
            arcs[arc ^ 1].capacity += 1;
            node = arcs[arc ^ 1].to;
        }
    }
}
