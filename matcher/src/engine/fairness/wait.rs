//! How long people have waited: all of them before the round, those it serves, and those who go on waiting.

use serde::{Deserialize, Serialize};

use super::Given;
use crate::model::Volunteer;

/// Waits of the available volunteers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// Everybody, before the round. `None` when there is nobody.
    pub before: Option<Wait>,
    /// Those who got a suggestion.
    pub served: Option<Wait>,
    /// Those who got none and go on waiting.
    pub unserved: Option<Wait>,
}

/// Days waited by a group of at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Members of the group.
    pub volunteers: usize,
    /// Mean in days, rounded half up.
    pub mean_days: u16,
    /// Half of them waited at most so long.
    pub median_days: u16,
    /// Nine of ten waited at most so long.
    pub ninth_decile_days: u16,
    /// The longest wait.
    pub longest_days: u16,
}

pub(super) fn waits(volunteers: &[(&Volunteer, Given)]) -> Waits {
    let days_of = |is_wanted: &dyn Fn(u32) -> bool| {
        let chosen = volunteers
            .iter()
            .filter(|(_, given)| is_wanted(given.suggestions));
        Wait::of(
            chosen
                .map(|(volunteer, _)| volunteer.waiting_days)
                .collect(),
        )
    };
    Waits {
        before: days_of(&|_| true),
        served: days_of(&|suggestions| suggestions > 0),
        unserved: days_of(&|suggestions| suggestions == 0),
    }
}

impl Wait {
    fn of(mut days: Vec<u16>) -> Option<Self> {
        days.sort_unstable();
        let people = days.len() as u64;
        let sum: u64 = days.iter().copied().map(u64::from).sum();
        // The nearest rank: the least wait that at least so many tenths do not exceed.
        let rank = |tenths: usize| {
            let position = (days.len() * tenths).div_ceil(10).saturating_sub(1);
            days.get(position).copied()
        };
        Some(Self {
            volunteers: days.len(),
            mean_days: u16::try_from((sum + people / 2).checked_div(people)?).unwrap_or(u16::MAX),
            median_days: rank(5)?,
            ninth_decile_days: rank(9)?,
            longest_days: days.last().copied()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_no_wait_and_one_person_has_theirs() {
        assert_eq!(Wait::of(Vec::new()), None);
        let one = Wait::of(vec![7]).unwrap();
        assert_eq!(
            [
                one.mean_days,
                one.median_days,
                one.ninth_decile_days,
                one.longest_days
            ],
            [7; 4]
        );
    }

    #[test]
    fn ranks_are_the_nearest() {
        let ten = Wait::of((1..=10).rev().collect()).unwrap();
        assert_eq!(ten.mean_days, 6, "5.5 is rounded up");
        assert_eq!(
            (ten.median_days, ten.ninth_decile_days, ten.longest_days),
            (5, 9, 10)
        );
    }
}
