//! Numbers of roles or volunteers in the assignment: they stay when positions move, so that nothing there has to.

use crate::engine::seats::narrow;

/// Numbers that stay while positions move, those that are free to be given again, and whose they are.
#[derive(Debug, Clone)]
pub(super) struct Numbered<T> {
    pub(super) by_position: Vec<u32>,
    ids: Vec<T>,
    free: Vec<u32>,
}

impl<T: Clone> Numbered<T> {
    pub(super) fn of(ids: Vec<T>) -> Self {
        Self {
            by_position: (0..narrow(ids.len())).collect(),
            ids,
            free: Vec::new(),
        }
    }

    pub(super) fn number(&self, position: usize) -> u32 {
        self.by_position.get(position).copied().unwrap_or(u32::MAX)
    }

    pub(super) fn id(&self, number: u32) -> Option<&T> {
        self.ids.get(number as usize)
    }

    pub(super) fn insert(&mut self, position: usize, id: T) -> u32 {
        let number = self.free.pop().unwrap_or_else(|| narrow(self.ids.len()));
        match self.ids.get_mut(number as usize) {
            Some(known) => *known = id,
            None => self.ids.push(id),
        }
        self.by_position.insert(position, number);
        number
    }

    pub(super) fn remove(&mut self, position: usize) -> u32 {
        let number = self.by_position.remove(position);
        self.free.push(number);
        number
    }
}
