//! The factors whose weights can be learned, and where a policy keeps them.

use crate::engine::{FactorCode, View};
use crate::model::Weights;

/// Number of factors with a weight.
pub(super) const FACTORS: usize = 9;

/// The factors with a weight, the role's first.
pub(super) const ALL: [(FactorCode, View); FACTORS] = [
    (FactorCode::MustHave, View::Role),
    (FactorCode::NiceToHave, View::Role),
    (FactorCode::Evidence, View::Role),
    (FactorCode::Meeting, View::Role),
    (FactorCode::Hours, View::Role),
    (FactorCode::Causes, View::Volunteer),
    (FactorCode::Wish, View::Volunteer),
    (FactorCode::Place, View::Volunteer),
    (FactorCode::Languages, View::Volunteer),
];

/// The weights of a policy, in the order of [`ALL`].
pub(super) const fn weights_of(policy: &Weights) -> [u16; FACTORS] {
    let (role, volunteer) = (&policy.role_view, &policy.volunteer_view);
    [
        role.must_have,
        role.nice_to_have,
        role.evidence,
        role.meeting,
        role.hours,
        volunteer.causes,
        volunteer.wish,
        volunteer.place,
        volunteer.languages,
    ]
}

/// The policy with other weights, in the order of [`ALL`].
pub(super) fn with_weights(policy: &Weights, weights: [u16; FACTORS]) -> Weights {
    let mut other = policy.clone();
    let (role, volunteer) = (&mut other.role_view, &mut other.volunteer_view);
    [
        role.must_have,
        role.nice_to_have,
        role.evidence,
        role.meeting,
        role.hours,
        volunteer.causes,
        volunteer.wish,
        volunteer.place,
        volunteer.languages,
    ] = weights;
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_written_where_they_are_read() {
        let policy = Weights::embedded().unwrap();
        let mut weights = weights_of(&policy);
        for (place, weight) in (1_u16..).zip(&mut weights) {
            *weight = place;
        }
        let other = with_weights(&policy, weights);
        assert_eq!(weights_of(&other), weights);
        assert_eq!(with_weights(&other, weights_of(&policy)), policy);
    }
}
