//! Candidate graphs as files that other solvers read.
//!
//! A file is numbers of 32 bits, little-endian: how many roles, volunteers and pairs; of each role the suggestions wanted,
//! then of each role the bonus of the first; of each volunteer the room; then the role of each pair, the volunteer of each
//! pair, the score of each pair, by role, best first.

use std::fs;
use std::path::Path;

use matcher::engine::assign::Edge;

use super::graph::Graph;

/// Writes the file.
pub(crate) fn write(graph: &Graph, path: &Path) {
    let edges = &graph.edges;
    let sizes = [graph.wanted.len(), graph.room.len(), edges.len()];
    let numbers = sizes
        .iter()
        .map(|size| u32::try_from(*size).unwrap())
        .chain(graph.wanted.iter().copied())
        .chain(graph.bonus.iter().copied())
        .chain(graph.room.iter().copied())
        .chain(edges.iter().map(|edge| edge.role))
        .chain(edges.iter().map(|edge| edge.volunteer))
        .chain(edges.iter().map(|edge| edge.score));
    let bytes: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
    fs::write(path, bytes).unwrap();
}

/// Reads what [`write`] writes.
pub(crate) fn read(path: &Path) -> Graph {
    let bytes = fs::read(path).unwrap();
    let mut numbers = bytes
        .chunks_exact(4)
        .map(|number| u32::from_le_bytes(number.try_into().unwrap()));
    let sizes: Vec<usize> = numbers.by_ref().take(3).map(|size| size as usize).collect();
    let mut column = |length: usize| -> Vec<u32> { numbers.by_ref().take(length).collect() };
    let (wanted, bonus, room) = (column(sizes[0]), column(sizes[0]), column(sizes[1]));
    let (role, volunteer, score) = (column(sizes[2]), column(sizes[2]), column(sizes[2]));
    let edges = role.into_iter().zip(volunteer).zip(score);
    Graph {
        wanted,
        bonus,
        room,
        edges: edges
            .map(|((role, volunteer), score)| Edge {
                role,
                volunteer,
                score,
            })
            .collect(),
    }
}
