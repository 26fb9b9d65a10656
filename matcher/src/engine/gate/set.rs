//! Sets of gates as the bits of one number, and counts of them.

use std::collections::BTreeMap;

use super::GateCode;

/// How many gates there are.
pub(crate) const GATES: usize = 15;

impl GateCode {
    /// Every gate, in the order in which gates are tried.
    pub const ALL: [Self; GATES] = [
        Self::RoleClosed,
        Self::RoleFull,
        Self::RoleOver,
        Self::VolunteerUnavailable,
        Self::NoOpenPlacement,
        Self::Prohibited,
        Self::Conflict,
        Self::Languages,
        Self::Hours,
        Self::Place,
        Self::MustHave,
        Self::Away,
        Self::Meeting,
        Self::Confidence,
        Self::Score,
    ];
}

/// A set of gates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct GateSet(u16);

impl FromIterator<GateCode> for GateSet {
    fn from_iter<I: IntoIterator<Item = GateCode>>(codes: I) -> Self {
        Self(codes.into_iter().fold(0, |bits, code| bits | bit(code)))
    }
}

impl GateSet {
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The gates, in the order in which gates are tried.
    pub(crate) fn iter(self) -> impl Iterator<Item = GateCode> {
        GateCode::ALL
            .into_iter()
            .filter(move |code| self.0 & bit(*code) != 0)
    }
}

const fn bit(code: GateCode) -> u16 {
    1 << code as u16
}

/// How often each gate was closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct GateCounts([usize; GATES]);

impl GateCounts {
    /// Counts every gate of the set once.
    pub(crate) fn add(&mut self, closed: GateSet) {
        for code in closed.iter() {
            if let Some(count) = self.0.get_mut(code as usize) {
                *count += 1;
            }
        }
    }

    /// Counts more, by the place of each gate.
    pub(crate) fn add_all(&mut self, more: [usize; GATES]) {
        for (count, more) in self.0.iter_mut().zip(more) {
            *count += more;
        }
    }

    /// Counts what another counted.
    pub(crate) fn join(&mut self, other: &Self) {
        self.add_all(other.0);
    }

    /// The gates that were ever closed, with their counts.
    pub(crate) fn by_code(&self) -> BTreeMap<GateCode, usize> {
        let counted = GateCode::ALL.into_iter().zip(self.0);
        counted.filter(|(_, count)| *count > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gate_has_its_own_bit_and_count() {
        for (place, code) in GateCode::ALL.into_iter().enumerate() {
            assert_eq!(code as usize, place);
            let set: GateSet = [code].into_iter().collect();
            assert_eq!((set.len(), set.iter().next()), (1, Some(code)));
        }
        let all: GateSet = GateCode::ALL.into_iter().collect();
        let mut counts = GateCounts::default();
        counts.add(all);
        counts.add([GateCode::Hours].into_iter().collect());
        assert_eq!(counts.by_code().len(), GateCode::ALL.len());
        assert_eq!(counts.by_code()[&GateCode::Hours], 2);
    }
}
