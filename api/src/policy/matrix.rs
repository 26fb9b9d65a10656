//! Prints the whole policy as a table: action × actor, for each concept. A change of a rule is a change of a snapshot.

use std::fmt::Write as _;

use entity::account::StaffRole;
use entity::id::{AccountId, OrganizationId, SessionId, VolunteerId};
use entity::membership::MembershipRole;
use uuid::Uuid;

use super::Decision;
use crate::actor::{Actor, Person, SecondFactor};

/// Organization A, whose things the tables are about.
pub(super) const ORGANIZATION_A: OrganizationId = OrganizationId::new(Uuid::from_u128(0xA));
/// Another organization.
pub(super) const ORGANIZATION_B: OrganizationId = OrganizationId::new(Uuid::from_u128(0xB));
/// The account whose own things the tables are about.
pub(super) const OWN_ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(1));
/// That account's volunteer profile.
pub(super) const OWN_VOLUNTEER: VolunteerId = VolunteerId::new(Uuid::from_u128(11));

fn person(account: u128) -> Person {
    Person {
        account_id: AccountId::new(Uuid::from_u128(account)),
        session_id: SessionId::new(Uuid::from_u128(account)),
        is_verified: true,
        staff_role: None,
        second_factor: SecondFactor::NotAsked,
        memberships: Vec::new(),
        volunteer_id: None,
        language: None,
    }
}

/// Every kind of actor, with its column's heading.
pub(super) fn actors() -> Vec<(&'static str, Actor)> {
    let member = |account, organization, role| {
        Actor::Person(Box::new(Person {
            memberships: vec![(organization, role)],
            ..person(account)
        }))
    };
    let staff = |account, role| {
        Actor::Person(Box::new(Person {
            staff_role: Some(role),
            ..person(account)
        }))
    };
    let volunteer = |account: u128| {
        Actor::Person(Box::new(Person {
            volunteer_id: Some(VolunteerId::new(Uuid::from_u128(account + 10))),
            ..person(account)
        }))
    };
    vec![
        ("anonymous", Actor::Anonymous),
        (
            "unverified",
            Actor::Person(Box::new(Person {
                is_verified: false,
                ..person(9)
            })),
        ),
        ("self", volunteer(1)),
        ("volunteer", volunteer(2)),
        (
            "A member",
            member(3, ORGANIZATION_A, MembershipRole::Member),
        ),
        (
            "A manager",
            member(4, ORGANIZATION_A, MembershipRole::Manager),
        ),
        ("A owner", member(5, ORGANIZATION_A, MembershipRole::Owner)),
        ("B owner", member(6, ORGANIZATION_B, MembershipRole::Owner)),
        ("coordinator", staff(7, StaffRole::Coordinator)),
        (
            "A's coord.",
            Actor::Person(Box::new(Person {
                staff_role: Some(StaffRole::Coordinator),
                memberships: vec![(ORGANIZATION_A, MembershipRole::Owner)],
                ..person(10)
            })),
        ),
        ("admin", staff(8, StaffRole::Admin)),
        ("system", Actor::System),
    ]
}

/// A table with one row for each of `rows`.
pub(super) fn table<R>(
    title: &str,
    rows: &[(String, R)],
    decide: impl Fn(&Actor, &R) -> Decision,
) -> String {
    let actors = actors();
    let mut text = format!("{title:<34}");
    for (heading, _) in &actors {
        write!(text, "{heading:>12}").unwrap();
    }
    text.push('\n');
    for (name, row) in rows {
        write!(text, "{name:<34}").unwrap();
        for (_, actor) in &actors {
            let word = match decide(actor, row) {
                Decision::Allow => "allow",
                Decision::Unauthenticated => "log in",
                Decision::Hidden => "-",
                Decision::Forbidden => "forbid",
                Decision::SecondFactor { .. } => "factor",
            };
            write!(text, "{word:>12}").unwrap();
        }
        text.push('\n');
    }
    text
}

#[test]
fn accounts() {
    use super::account::{AccountAction, decide};
    let rows: Vec<_> = AccountAction::ALL
        .into_iter()
        .map(|action| (format!("{action:?}"), action))
        .collect();
    insta::assert_snapshot!(table("account (of self)", &rows, |actor, action| decide(
        actor,
        *action,
        OWN_ACCOUNT
    )));
}
