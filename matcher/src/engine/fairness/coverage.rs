//! Whether small organizations get their share. The size of an organization is the number of its open roles: it is what
//! the engine knows of size, and what makes an organization loud in a round.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Given;
use super::spread::share;
use crate::model::{BasisPoints, OrganizationId, Role};

/// Size of an organization, by its open roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationSize {
    /// One open role.
    One,
    /// Two to four.
    Few,
    /// Five or more.
    Many,
}

impl OrganizationSize {
    const fn of(roles: usize) -> Self {
        match roles {
            0 | 1 => Self::One,
            2..=4 => Self::Few,
            _ => Self::Many,
        }
    }
}

/// What the organizations of one size got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The size.
    pub size: OrganizationSize,
    /// Organizations of this size.
    pub organizations: usize,
    /// Of these, with at least one suggestion.
    pub organizations_served: usize,
    /// Their open roles.
    pub roles: usize,
    /// Of these, with at least one suggestion.
    pub roles_served: usize,
    /// Suggestions their roles want.
    pub wanted: u64,
    /// Suggestions they got.
    pub got: u64,
    /// `got ÷ wanted`.
    pub filled: Option<BasisPoints>,
}

/// One organization's part.
#[derive(Default)]
struct Part {
    roles: usize,
    served: usize,
    wanted: u64,
    got: u64,
}

pub(super) fn by_size(roles: &[(&Role, Given)]) -> Vec<Coverage> {
    let mut parts: BTreeMap<&OrganizationId, Part> = BTreeMap::new();
    for (role, given) in roles {
        let part = parts.entry(&role.organization).or_default();
        part.roles += 1;
        part.served += usize::from(given.suggestions > 0);
        part.wanted += u64::from(role.suggestions_wanted());
        part.got += u64::from(given.suggestions);
    }
    let mut sizes: BTreeMap<OrganizationSize, Coverage> = BTreeMap::new();
    for part in parts.values() {
        let size = OrganizationSize::of(part.roles);
        let coverage = sizes.entry(size).or_insert(Coverage {
            size,
            organizations: 0,
            organizations_served: 0,
            roles: 0,
            roles_served: 0,
            wanted: 0,
            got: 0,
            filled: None,
        });
        coverage.organizations += 1;
        coverage.organizations_served += usize::from(part.served > 0);
        coverage.roles += part.roles;
        coverage.roles_served += part.served;
        coverage.wanted += part.wanted;
        coverage.got += part.got;
        coverage.filled = share(coverage.got, coverage.wanted);
    }
    sizes.into_values().collect()
}
