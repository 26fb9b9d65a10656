//! The unmatched of a round counted by cause, over all of them: each once at what mostly kept it from a suggestion.

use std::collections::BTreeMap;

use matcher::engine::GateCode;

use super::report::{Cause, Report};

/// The unmatched of one side of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub count: usize,
    /// Of these, those with an eligible counterpart that was better placed elsewhere, or took others.
    pub outbid: usize,
    /// Of these, those for whom there was no counterpart at all.
    pub without_counterparts: usize,
    /// What kept the others, those kept by it mainly first.
    pub causes: Vec<TalliedCause>,
}

/// What one gate did to one side of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TalliedCause {
    /// Which gate.
    pub code: GateCode,
    /// The unmatched without an eligible counterpart to whom it closed the most pairs. Each counts at one gate.
    pub mainly: usize,
    /// The unmatched to whom it closed any pair. One may count at several gates.
    pub affected: usize,
    /// The pairs it closed to the unmatched.
    pub pairs: usize,
}

impl Report {
    /// The roles with fewer suggestions than they want.
    pub fn roles_by_cause(&self) -> Tally {
        let unmatched = self.unmatched_roles.iter();
        Tally::of(unmatched.map(|role| (role.placed_elsewhere, role.causes.as_slice())))
    }

    /// The volunteers with room who got nothing.
    pub fn volunteers_by_cause(&self) -> Tally {
        let unmatched = self.unmatched_volunteers.iter();
        Tally::of(unmatched.map(|it| (it.roles_took_others, it.causes.as_slice())))
    }
}

impl Tally {
    /// Counts the unmatched, of each of whom come the eligible counterparts and the causes, the most frequent first.
    fn of<'c>(unmatched: impl Iterator<Item = (usize, &'c [Cause])>) -> Self {
        let mut tally = Self {
            count: 0,
            outbid: 0,
            without_counterparts: 0,
            causes: Vec::new(),
        };
        let mut by_code: BTreeMap<GateCode, TalliedCause> = BTreeMap::new();
        for (eligible, causes) in unmatched {
            tally.count += 1;
            tally.outbid += usize::from(eligible > 0);
            tally.without_counterparts += usize::from(eligible == 0 && causes.is_empty());
            for (place, cause) in causes.iter().enumerate() {
                let tallied = by_code.entry(cause.code).or_insert(TalliedCause {
                    code: cause.code,
                    mainly: 0,
                    affected: 0,
                    pairs: 0,
                });
                tallied.mainly += usize::from(eligible == 0 && place == 0);
                tallied.affected += 1;
                tallied.pairs += cause.count;
            }
        }
        tally.causes = by_code.into_values().collect();
        // The sort is stable, so ties stay in the order of the gates.
        tally
            .causes
            .sort_by_key(|cause| std::cmp::Reverse((cause.mainly, cause.affected, cause.pairs)));
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_counts_once_mainly_and_wherever_it_is_affected() {
        let cause = |code, count| Cause { code, count };
        let rows = [
            (
                0,
                vec![cause(GateCode::Hours, 5), cause(GateCode::Place, 2)],
            ),
            (0, vec![cause(GateCode::Place, 9)]),
            (2, vec![cause(GateCode::Hours, 1)]),
            (0, Vec::new()),
            (
                0,
                vec![cause(GateCode::Place, 1), cause(GateCode::Hours, 1)],
            ),
        ];
        let tally = Tally::of(
            rows.iter()
                .map(|(eligible, causes)| (*eligible, causes.as_slice())),
        );
        assert_eq!(
            (tally.count, tally.outbid, tally.without_counterparts),
            (5, 1, 1)
        );
        let found: Vec<_> = tally
            .causes
            .iter()
            .map(|cause| (cause.code, cause.mainly, cause.affected, cause.pairs))
            .collect();
        assert_eq!(
            found,
            [(GateCode::Place, 2, 3, 12), (GateCode::Hours, 1, 3, 7)]
        );
        let mainly: usize = tally.causes.iter().map(|cause| cause.mainly).sum();
        assert_eq!(
            tally.outbid + tally.without_counterparts + mainly,
            tally.count
        );
    }
}
