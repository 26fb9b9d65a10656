//! What whoever runs the marketplace does only after showing a second factor in the session: decide over others, change who
//! may, and take data away. The concepts' policies name their actions; here is what it means.

use super::Decision;
use crate::actor::{Actor, SecondFactor};

/// The facts of a session.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts, each of which may hold without the others"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether it is of a coordinator or an administrator.
    pub is_staff: bool,
    /// Whether the settings ask all staff for one.
    pub is_required: bool,
    /// Whether the account has one.
    pub is_enrolled: bool,
    /// Whether it was shown in the session.
    pub is_proven: bool,
}

/// How a session stands. Where the settings do not ask for it, staff who have one are asked all the same.
pub const fn standing(facts: Facts) -> SecondFactor {
    match facts {
        Facts {
            is_proven: true, ..
        } => SecondFactor::Proven,
        Facts {
            is_staff: false, ..
        } => SecondFactor::NotAsked,
        Facts {
            is_enrolled: true, ..
        } => SecondFactor::ToProve,
        Facts {
            is_required: true, ..
        } => SecondFactor::ToEnroll,
        Facts { .. } => SecondFactor::NotAsked,
    }
}

/// `decision` about something that needs a second factor: what it would allow waits until one was shown.
pub(super) fn guard(actor: &Actor, decision: Decision) -> Decision {
    let standing = actor.person().map(|person| person.second_factor);
    match (decision, standing) {
        (Decision::Allow, Some(SecondFactor::ToProve)) => {
            Decision::SecondFactor { is_enrolled: true }
        }
        (Decision::Allow, Some(SecondFactor::ToEnroll)) => {
            Decision::SecondFactor { is_enrolled: false }
        }
        (decision, _) => decision,
    }
}

#[cfg(test)]
mod tests {
    use entity::account::StaffRole;
    use entity::organization::OrganizationState;
    use entity::pairing::PairingState;
    use entity::project::ProjectState;

    use super::*;
    use crate::actor::Person;
    use crate::policy::account::{self, AccountAction};
    use crate::policy::matching::{self, MatchingAction, MatchingFacts};
    use crate::policy::matrix::{ORGANIZATION_A, OWN_ACCOUNT, OWN_VOLUNTEER, actors};
    use crate::policy::organization::{self, OrganizationAction};
    use crate::policy::pairing::{self, PairingAction, PairingFacts};
    use crate::policy::project::{self, ProjectAction};
    use crate::policy::round::{self, RoundAction};

    /// Every decision of `actor` about a confirmed pairing of organization A, organization A and a project of its, a pair of
    /// no pairing, a round and an account.
    fn decisions(actor: &Actor) -> Vec<(String, Decision)> {
        let pairing = PairingFacts {
            organization_id: ORGANIZATION_A,
            volunteer_id: OWN_VOLUNTEER,
            state: PairingState::Confirmed,
            is_disclosed: true,
            is_organization_vetted: true,
        };
        let organization = organization::Facts {
            id: ORGANIZATION_A,
            state: OrganizationState::Vetted,
        };
        let accounts = AccountAction::ALL.map(|it| {
            (
                format!("account {it:?}"),
                account::decide(actor, it, OWN_ACCOUNT),
            )
        });
        let organizations = OrganizationAction::ALL.map(|it| {
            let decision = organization::decide(actor, it, organization);
            (format!("organization {it:?}"), decision)
        });
        let pairings = PairingAction::ALL.map(|it| {
            (
                format!("pairing {it:?}"),
                pairing::decide(actor, it, &pairing),
            )
        });
        let project = project::Facts {
            organization_id: ORGANIZATION_A,
            organization_state: OrganizationState::Vetted,
            state: ProjectState::Submitted,
        };
        let projects = ProjectAction::ALL.map(|it| {
            (
                format!("project {it:?}"),
                project::decide(actor, it, project),
            )
        });
        let pair = MatchingFacts {
            volunteer_id: Some(OWN_VOLUNTEER),
            organization_id: Some(ORGANIZATION_A),
            is_role_public: true,
        };
        let pairs = MatchingAction::ALL.map(|it| {
            (
                format!("matching {it:?}"),
                matching::decide(actor, it, &pair),
            )
        });
        let rounds = RoundAction::ALL.map(|it| (format!("round {it:?}"), round::decide(actor, it)));
        let all = accounts.into_iter().chain(organizations);
        let all = all.chain(projects).chain(pairs);
        all.chain(pairings).chain(rounds).collect()
    }

    fn with(person: &Person, second_factor: SecondFactor) -> Actor {
        Actor::Person(Box::new(Person {
            second_factor,
            ..person.clone()
        }))
    }

    #[test]
    fn these_wait_for_it_and_nothing_else_changes() {
        let mut waiting = Vec::new();
        for (name, actor) in actors() {
            let Some(person) = actor.person() else {
                continue;
            };
            for (standing, is_enrolled) in [
                (SecondFactor::ToProve, true),
                (SecondFactor::ToEnroll, false),
            ] {
                let before = decisions(&with(person, SecondFactor::Proven));
                assert_eq!(before, decisions(&with(person, SecondFactor::NotAsked)));
                let after = decisions(&with(person, standing));
                for ((action, before), (_, after)) in before.into_iter().zip(after) {
                    if before == after {
                        continue;
                    }
                    assert_eq!(before, Decision::Allow, "{name}: {action}");
                    assert_eq!(after, Decision::SecondFactor { is_enrolled });
                    waiting.push((name, action));
                }
            }
        }
        let of = |who: &str| {
            let mut actions: Vec<_> = waiting
                .iter()
                .filter(|(name, _)| *name == who)
                .map(|(_, action)| action.as_str())
                .collect();
            actions.sort_unstable();
            actions.dedup();
            actions
        };
        let coordinators = [
            "matching Propose",
            "matching SetRule",
            "organization Review",
            "pairing Decide",
            "pairing ManagePlacement",
            "project Review",
            "round Apply",
            "round Export",
        ];
        assert_eq!(of("coordinator"), coordinators);
        let administrators = [
            "account Disable",
            "account Enable",
            "account Erase",
            "account ResetSecondFactor",
            "account SetStaffRole",
            "organization ManageMembers",
        ];
        let mut both = [&administrators[..], &coordinators[..]].concat();
        both.sort_unstable();
        assert_eq!(of("admin"), both);
        assert_eq!(of("A's coord."), ["round Apply", "round Export"]);
        assert!(
            waiting
                .iter()
                .all(|(name, _)| ["coordinator", "A's coord.", "admin"].contains(name))
        );
    }

    #[test]
    fn staff_are_asked_where_the_settings_say_so_or_they_have_one() {
        let standing = |is_staff, is_required, is_enrolled, is_proven| {
            standing(Facts {
                is_staff,
                is_required,
                is_enrolled,
                is_proven,
            })
        };
        for is_required in [false, true] {
            for is_enrolled in [false, true] {
                let others = standing(false, is_required, is_enrolled, false);
                assert_eq!(others, SecondFactor::NotAsked);
                for is_staff in [false, true] {
                    let proven = standing(is_staff, is_required, is_enrolled, true);
                    assert_eq!(proven, SecondFactor::Proven);
                }
            }
        }
        assert_eq!(standing(true, false, false, false), SecondFactor::NotAsked);
        assert_eq!(standing(true, true, false, false), SecondFactor::ToEnroll);
        assert_eq!(standing(true, false, true, false), SecondFactor::ToProve);
        assert_eq!(standing(true, true, true, false), SecondFactor::ToProve);
    }

    #[test]
    fn whoever_has_shown_it_goes_on_and_whoever_lost_it_does_not() {
        let staff = actors()
            .into_iter()
            .find(|(name, _)| *name == "coordinator")
            .unwrap()
            .1;
        let person = staff.person().unwrap();
        let [not_asked, proven, to_prove] = [
            SecondFactor::NotAsked,
            SecondFactor::Proven,
            SecondFactor::ToProve,
        ]
        .map(|standing| with(person, standing));
        for before in [&not_asked, &proven, &to_prove] {
            assert!(proven.goes_on_from(before));
            assert!(before.goes_on_from(before));
        }
        assert!(!to_prove.goes_on_from(&proven));
        assert!(!to_prove.goes_on_from(&not_asked));
        let demoted = with(
            &Person {
                staff_role: None,
                ..person.clone()
            },
            SecondFactor::Proven,
        );
        assert!(!demoted.goes_on_from(&proven));
        let raised = with(
            &Person {
                staff_role: Some(StaffRole::Admin),
                ..person.clone()
            },
            SecondFactor::Proven,
        );
        assert!(!raised.goes_on_from(&to_prove));
        assert!(!Actor::Anonymous.goes_on_from(&proven));
    }
}
