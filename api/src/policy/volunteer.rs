//! Volunteer profiles: one's own, what staff see, and what pairings disclose to organizations step by step.

use entity::id::{AccountId, OrganizationId};
use entity::membership::MembershipRole;
use entity::organization::OrganizationState;
use entity::pairing::{self, PairingState};

use super::pairing::is_disclosed;
use super::{Decision, denial};
use crate::actor::Actor;

/// What can be done with a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolunteerAction {
    /// Begin one for one's own account.
    Start,
    /// See all of it.
    View,
    /// See first name, skills, windows, languages and causes.
    ViewSummary,
    /// See full name and mail address.
    ViewContact,
    /// Change it.
    Edit,
    /// List and search everybody's.
    List,
}

impl VolunteerAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 6] = [
        Self::Start,
        Self::View,
        Self::ViewSummary,
        Self::ViewContact,
        Self::Edit,
        Self::List,
    ];
}

/// How far a pairing discloses a volunteer to the organization it is with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disclosure {
    /// Not at all: the organization has not heard of it.
    Nothing,
    /// First name and what speaks for the pairing.
    Summary,
    /// The contact details too, when the volunteer agreed to share them.
    Contact,
}

impl Disclosure {
    /// What a pairing discloses to its organization, which is in `organization`. One that is over discloses nothing any
    /// more, and an organization that is not vetted sees nobody's data.
    pub fn of(pairing: &pairing::Model, organization: OrganizationState) -> Self {
        let is_live = PairingState::LIVE.contains(&pairing.state);
        if organization != OrganizationState::Vetted || !is_live || !is_disclosed(pairing) {
            Self::Nothing
        } else if pairing.state == PairingState::Confirmed {
            Self::Contact
        } else {
            Self::Summary
        }
    }
}

/// What a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolunteerFacts {
    /// Whose profile it is.
    pub owner: AccountId,
    /// Its pairings that disclose anything to the actor's organizations.
    pub disclosures: Vec<(OrganizationId, Disclosure)>,
    /// Whether the volunteer agreed to show contact details after both sides accepted.
    pub shares_contact: bool,
}

impl VolunteerFacts {
    /// The facts for actions that need no more than the owner.
    pub const fn of_owner(owner: AccountId) -> Self {
        Self {
            owner,
            disclosures: Vec::new(),
            shares_contact: false,
        }
    }
}

impl VolunteerFacts {
    /// The organization by whose pairing the actor is told the contact details, if by any.
    pub fn told_contact_to(&self, actor: &Actor) -> Option<OrganizationId> {
        self.disclosures
            .iter()
            .filter(|(_, disclosure)| *disclosure == Disclosure::Contact)
            .map(|(organization, _)| *organization)
            .find(|organization| {
                let role = actor.membership(*organization);
                role.is_some_and(|role| role != MembershipRole::Member)
            })
    }
}

/// Decides about a profile. [`VolunteerAction::Start`] and [`VolunteerAction::List`] are about no profile in particular:
/// their facts name the account that would own it, or any.
pub fn decide(actor: &Actor, action: VolunteerAction, facts: &VolunteerFacts) -> Decision {
    let is_own = actor.account_id() == Some(facts.owner);
    let sees_all = is_own || actor.is_staff() || *actor == Actor::System;
    let sees_summary = sees_all || disclosed(actor, facts, Disclosure::Summary, |_| true);
    let sees_contact = sees_all
        || (facts.shares_contact
            && disclosed(actor, facts, Disclosure::Contact, |role| {
                role != MembershipRole::Member
            }));
    let is_allowed = match action {
        VolunteerAction::Start | VolunteerAction::Edit => is_own,
        VolunteerAction::View => sees_all,
        VolunteerAction::ViewSummary => sees_summary,
        VolunteerAction::ViewContact => sees_contact,
        VolunteerAction::List => actor.is_staff() || *actor == Actor::System,
    };
    let otherwise = if sees_summary || action == VolunteerAction::List {
        Decision::Forbidden
    } else {
        Decision::Hidden
    };
    Decision::allow_if(is_allowed, denial(actor, otherwise))
}

/// Whether a pairing discloses at least `least` to an organization in which the actor has a role that `may_see`.
fn disclosed(
    actor: &Actor,
    facts: &VolunteerFacts,
    least: Disclosure,
    may_see: impl Fn(MembershipRole) -> bool,
) -> bool {
    facts.disclosures.iter().any(|(organization, disclosure)| {
        *disclosure >= least && actor.membership(*organization).is_some_and(&may_see)
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::id::{PairingId, RoleId};
    use entity::pairing::PairingOrigin;
    use uuid::Uuid;

    use super::*;
    use crate::policy::matrix::{ORGANIZATION_A, OWN_ACCOUNT, OWN_VOLUNTEER, table};

    #[test]
    fn volunteers() {
        let cases = [
            ("no pairing", Disclosure::Nothing, true),
            ("offered to A", Disclosure::Summary, true),
            ("confirmed with A", Disclosure::Contact, true),
            ("confirmed, not shared", Disclosure::Contact, false),
        ];
        let rows: Vec<_> = cases
            .into_iter()
            .flat_map(|(name, disclosure, shares_contact)| {
                let facts = VolunteerFacts {
                    owner: OWN_ACCOUNT,
                    disclosures: vec![(ORGANIZATION_A, disclosure)],
                    shares_contact,
                };
                VolunteerAction::ALL
                    .map(|action| (format!("{name}: {action:?}"), (action, facts.clone())))
            })
            .collect();
        insta::assert_snapshot!(table(
            "volunteer (of self)",
            &rows,
            |actor, (action, facts)| { decide(actor, *action, facts) }
        ));
    }

    #[test]
    fn disclosures() {
        let pairing = |state, origin, offered_at| pairing::Model {
            id: PairingId::new(Uuid::from_u128(1)),
            role_id: RoleId::new(Uuid::from_u128(1)),
            volunteer_id: OWN_VOLUNTEER,
            organization_id: ORGANIZATION_A,
            round_id: None,
            origin,
            state,
            score_bp: None,
            confidence_bp: None,
            factors: None,
            engine_version: None,
            message: None,
            reason_code: None,
            declined_by: None,
            approved_by: None,
            held_until: None,
            offered_at,
            answer_due_at: None,
            reminded_at: None,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let mut lines = vec![format!(
            "{:<24}{:<16}{:<16}{:<18}{}",
            "state", "by the matcher", "and offered", "by the volunteer", "offered, flagged"
        )];
        for state in PairingState::ALL {
            let matched = pairing(*state, PairingOrigin::Matcher, None);
            let offered = pairing(*state, PairingOrigin::Matcher, Some(DateTime::UNIX_EPOCH));
            let applied = pairing(*state, PairingOrigin::Volunteer, None);
            let unvetted = Disclosure::of(&offered, OrganizationState::Flagged);
            let [matched, offered, applied] = [matched, offered, applied].map(|pairing| {
                format!("{:?}", Disclosure::of(&pairing, OrganizationState::Vetted))
            });
            let name = state.as_str();
            lines.push(format!(
                "{name:<24}{matched:<16}{offered:<16}{applied:<18}{unvetted:?}"
            ));
        }
        insta::assert_snapshot!(lines.join("\n"));
    }
}
