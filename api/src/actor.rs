//! Who is asking, with the facts that policies need. Loaded once per request; effect of a change is therefore immediate.

use entity::account::StaffRole;
use entity::id::{AccountId, OrganizationId, SessionId, VolunteerId};
use entity::language::Language;
use entity::membership::MembershipRole;

/// The origin of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody logged in.
    Anonymous,
    /// The marketplace itself: jobs and the command line.
    System,
    /// A logged-in person.
    Person(Box<Person>),
}

/// A logged-in account and how it stands to the marketplace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account_id: AccountId,
    /// The session whose token was shown.
    pub session_id: SessionId,
    /// Whether the mail address was confirmed.
    pub is_verified: bool,
    /// Coordinator or administrator, if either.
    pub staff_role: Option<StaffRole>,
    /// How the session stands to the second factor.
    pub second_factor: SecondFactor,
    /// Active memberships.
    pub memberships: Vec<(OrganizationId, MembershipRole)>,
    /// The volunteer profile, if there is one.
    pub volunteer_id: Option<VolunteerId>,
    /// The language chosen for mail and messages, if one was.
    pub language: Option<Language>,
}

/// How a session stands to the account's second factor. Whoever runs the marketplace shows one before deciding over others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// Nobody asks for one.
    NotAsked,
    /// It was shown in this session.
    Proven,
    /// It has to be shown first.
    ToProve,
    /// There is none yet: it has to be set up first.
    ToEnroll,
}

impl Actor {
    /// Whether it may go on with what it began as `before`: it is the same, or has shown its second factor since.
    pub fn goes_on_from(&self, before: &Self) -> bool {
        match (self.person(), before.person()) {
            (Some(now), Some(then)) if now.second_factor == SecondFactor::Proven => {
                let then = Person {
                    second_factor: SecondFactor::Proven,
                    ..then.clone()
                };
                *now == then
            }
            _ => self == before,
        }
    }

    /// The logged-in person, if any.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            Self::Anonymous | Self::System => None,
        }
    }

    /// The account behind the request, if any.
    pub fn account_id(&self) -> Option<AccountId> {
        self.person().map(|person| person.account_id)
    }

    /// Coordinators and administrators.
    pub fn is_staff(&self) -> bool {
        self.person()
            .is_some_and(|person| person.staff_role.is_some())
    }

    /// Administrators.
    pub fn is_admin(&self) -> bool {
        self.person()
            .is_some_and(|person| person.staff_role == Some(StaffRole::Admin))
    }

    /// The actor's role in an organization, if it has an active one.
    pub fn membership(&self, organization: OrganizationId) -> Option<MembershipRole> {
        self.person()?
            .memberships
            .iter()
            .find(|(id, _)| *id == organization)
            .map(|(_, role)| *role)
    }
}
