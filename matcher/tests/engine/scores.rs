//! Single factors, where a policy or a fact stands at its limit.

use matcher::engine::{Evaluation, FactorCode, evaluate};
use matcher::model::{BasisPoints, RoleFacts, RoleId, VolunteerFacts, VolunteerId, Weights};

use crate::fixture::*;

/// The value of a factor of the pair, whose gates are open.
fn value(code: FactorCode, volunteer: VolunteerFacts, role: RoleFacts, weights: &Weights) -> u16 {
    let snapshot = snapshot(vec![volunteer], vec![role]);
    let (role, volunteer) = (RoleId::new("r").unwrap(), VolunteerId::new("v").unwrap());
    let evaluation = evaluate(&snapshot, weights, &role, &volunteer).unwrap();
    let Evaluation::Eligible(fit) = evaluation else {
        panic!("{evaluation:?}")
    };
    let factor = fit.factors.iter().find(|factor| factor.code == code);
    factor.unwrap().value.get()
}

#[test]
fn a_policy_may_leave_the_whole_value_of_languages_to_the_preferred_ones() {
    let mut policy = weights();
    policy.languages.required = BasisPoints::LEAST;
    let speaking = |codes: &[&str]| {
        let volunteer = VolunteerFacts {
            languages: Some(languages(codes)),
            ..volunteer_facts("v")
        };
        value(FactorCode::Languages, volunteer, role_facts("r"), &policy)
    };
    assert_eq!(speaking(&["en", "fr"]), 10_000);
    assert_eq!(speaking(&["en"]), 0);
}

#[test]
fn minutes_of_full_value_are_those_of_whole_weeks() {
    // Nine days, of which the first seven count: Tuesday and Thursday once each, four hours in all, two of full value.
    let role = RoleFacts {
        start_on: today().checked_add_days(chrono::Days::new(2)),
        end_on: today().checked_add_days(chrono::Days::new(10)),
        ..role_facts("r")
    };
    assert_eq!(
        value(FactorCode::Meeting, volunteer_facts("v"), role, &weights()),
        10_000
    );
}
