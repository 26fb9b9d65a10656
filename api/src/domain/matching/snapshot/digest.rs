//! What identifies a snapshot, whole and in its parts, so that a later look can tell what changed in between.

use std::collections::BTreeMap;

use entity::id::{RoleId, VolunteerId};
use matcher::model::Snapshot;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::credentials::secret_token::hexadecimal;
use crate::error::DomainError;

/// SHA-256 digests of a snapshot's parts, in hexadecimal; of single roles and volunteers, those a round proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprints {
    roles: String,
    volunteers: String,
    rules: String,
    taxonomy: String,
    proposed_roles: BTreeMap<RoleId, String>,
    proposed_volunteers: BTreeMap<VolunteerId, String>,
}

/// Which parts of the inputs differ from an earlier look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four parts that change independently of each other"
)]
pub struct InputsChange {
    /// Some role's facts, or which roles take part.
    pub has_roles: bool,
    /// Some volunteer's facts, or which volunteers take part.
    pub has_volunteers: bool,
    /// Pins, prohibitions, or pairings between the same people.
    pub has_rules: bool,
    /// How skills are related.
    pub has_taxonomy: bool,
    /// Proposed roles whose own facts differ or which no longer take part.
    pub proposed_roles: Vec<RoleId>,
    /// Proposed volunteers whose own facts differ or who no longer take part.
    pub proposed_volunteers: Vec<VolunteerId>,
}

impl Fingerprints {
    /// Identifies `snapshot`, and in it the roles and volunteers of the `proposed` pairs.
    ///
    /// # Errors
    /// When a part has no JSON form, which plain data always has.
    pub fn of(
        snapshot: &Snapshot,
        proposed: impl IntoIterator<Item = (RoleId, VolunteerId)>,
    ) -> Result<Self, DomainError> {
        let (roles, volunteers): (Vec<_>, Vec<_>) = proposed.into_iter().unzip();
        let proposed_roles = of_roles(snapshot, roles)?;
        let proposed_volunteers = of_volunteers(snapshot, volunteers)?;
        Ok(Self {
            roles: fingerprint(&snapshot.roles)?,
            volunteers: fingerprint(&snapshot.volunteers)?,
            rules: fingerprint(&(&snapshot.pins, &snapshot.prohibitions))?,
            taxonomy: fingerprint(&snapshot.taxonomy)?,
            proposed_roles,
            proposed_volunteers,
        })
    }

    /// What differs in a `later` snapshot.
    ///
    /// # Errors
    /// As [`Fingerprints::of`].
    pub fn compare(&self, later: &Snapshot) -> Result<InputsChange, DomainError> {
        let whole = Self::of(later, [])?;
        let roles = of_roles(later, self.proposed_roles.keys().copied())?;
        let volunteers = of_volunteers(later, self.proposed_volunteers.keys().copied())?;
        Ok(InputsChange {
            has_roles: self.roles != whole.roles,
            has_volunteers: self.volunteers != whole.volunteers,
            has_rules: self.rules != whole.rules,
            has_taxonomy: self.taxonomy != whole.taxonomy,
            proposed_roles: differing(&self.proposed_roles, &roles),
            proposed_volunteers: differing(&self.proposed_volunteers, &volunteers),
        })
    }
}

impl InputsChange {
    /// Whether anything differs.
    pub fn is_any(&self) -> bool {
        self.has_roles || self.has_volunteers || self.has_rules || self.has_taxonomy
    }

    /// What differs, in one English and one French phrase.
    pub fn words(&self) -> (String, String) {
        let parts = [
            (self.has_roles, "roles", "rôles"),
            (self.has_volunteers, "volunteers", "bénévoles"),
            (self.has_rules, "rules or pairings", "règles ou jumelages"),
            (
                self.has_taxonomy,
                "relations of skills",
                "liens entre compétences",
            ),
        ];
        let changed = || parts.iter().filter(|(is_changed, ..)| *is_changed);
        let en: Vec<&str> = changed().map(|(_, en, _)| *en).collect();
        let fr: Vec<&str> = changed().map(|(_, _, fr)| *fr).collect();
        let (roles, volunteers) = (self.proposed_roles.len(), self.proposed_volunteers.len());
        (
            format!(
                "{} (proposed roles concerned: {roles}, proposed volunteers concerned: {volunteers})",
                en.join(", ")
            ),
            format!(
                "{} (rôles proposés touchés : {roles}, bénévoles proposés touchés : {volunteers})",
                fr.join(", ")
            ),
        )
    }
}

/// An empty digest stands for a role that takes no part.
fn of_roles(
    snapshot: &Snapshot,
    ids: impl IntoIterator<Item = RoleId>,
) -> Result<BTreeMap<RoleId, String>, DomainError> {
    ids.into_iter()
        .map(|id| {
            let role = snapshot.find_role(&super::role_key(id)?);
            Ok((id, role.map(fingerprint).transpose()?.unwrap_or_default()))
        })
        .collect()
}

/// An empty digest stands for a volunteer who takes no part.
fn of_volunteers(
    snapshot: &Snapshot,
    ids: impl IntoIterator<Item = VolunteerId>,
) -> Result<BTreeMap<VolunteerId, String>, DomainError> {
    ids.into_iter()
        .map(|id| {
            let volunteer = snapshot.find_volunteer(&super::volunteer_key(id)?);
            Ok((
                id,
                volunteer.map(fingerprint).transpose()?.unwrap_or_default(),
            ))
        })
        .collect()
}

fn differing<K: Ord + Copy>(earlier: &BTreeMap<K, String>, later: &BTreeMap<K, String>) -> Vec<K> {
    earlier
        .iter()
        .filter(|(id, digest)| later.get(id) != Some(digest))
        .map(|(id, _)| *id)
        .collect()
}

fn fingerprint(part: &impl Serialize) -> Result<String, DomainError> {
    let text = serde_json::to_vec(part).map_err(|error| DomainError::Internal(error.into()))?;
    Ok(hexadecimal(&Sha256::digest(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_by_its_parts_in_both_languages() {
        let change = InputsChange {
            has_volunteers: true,
            has_rules: true,
            proposed_volunteers: vec![VolunteerId::new(uuid::Uuid::from_u128(1))],
            ..InputsChange::default()
        };
        let (en, fr) = change.words();
        assert_eq!(
            en,
            "volunteers, rules or pairings (proposed roles concerned: 0, proposed volunteers concerned: 1)"
        );
        assert_eq!(
            fr,
            "bénévoles, règles ou jumelages (rôles proposés touchés : 0, bénévoles proposés touchés : 1)"
        );
        assert!(change.is_any() && !InputsChange::default().is_any());
    }
}
