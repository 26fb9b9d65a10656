//! The proof that a choice is optimal, and its check, which knows nothing of how either was found.
//!
//! Let `value = score + bonus of the role`: the first suggestion keeps the bonus, each further one pays it back. For all
//! prices `u, p ≥ 0`, linear-programming duality bounds every permitted choice from above:
//! `Σ u·[wanted ≥ 1] + (wanted − 1)·max(0, u − bonus) + Σ room·p + Σ max(0, value − u − p)`, the last sum over all pairs.
//! (Without a bonus the first part is `Σ wanted·u`.) A choice that reaches the bound is optimal. The check is one walk over
//! the pairs.

use serde::{Deserialize, Serialize};

use super::{Edge, Problem};

/// Prices that prove a choice optimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The greatest total: scores, and the bonus of each role that has a suggestion.
    pub total: u64,
    /// What one more suggestion for the role would add at most, by position; its bonus included.
    pub role_prices: Vec<u32>,
    /// What one more suggestion for the volunteer would add at most, by position.
    pub volunteer_prices: Vec<u32>,
}

/// Why a certificate proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Not one price for each role and volunteer.
    #[error("there is not one price for each role and volunteer")]
    WrongShape,
    /// A chosen pair is not among the pairs or has no score, or the chosen pairs are out of order or twice.
    #[error("the chosen pairs are not pairs of the problem in their order")]
    NotAChoice,
    /// A role or a volunteer has more than is permitted.
    #[error("a role or a volunteer has more than is permitted")]
    TooMany,
    /// The total of the choice is not the certificate's.
    #[error("the choice totals {chosen}, the certificate says {certified}")]
    WrongTotal {
        /// What the choice is worth.
        chosen: u64,
        /// The certificate's total.
        certified: u64,
    },
    /// The prices leave room for a better choice.
    #[error("the choice totals {total}, the prices allow {bound}")]
    Gap {
        /// The certificate's total.
        total: u64,
        /// What the prices allow.
        bound: u64,
    },
}

/// Checks that `chosen` (in the order of the problem's pairs) is permitted and optimal. One walk over the pairs.
pub fn verify(
    problem: &Problem<'_>,
    chosen: &[Edge],
    certificate: &Certificate,
) -> Result<(), CertificateError> {
    let Certificate {
        total,
        role_prices,
        volunteer_prices,
    } = certificate;
    if role_prices.len() != problem.wanted().len() || volunteer_prices.len() != problem.room().len()
    {
        return Err(CertificateError::WrongShape);
    }
    let mut role_left = problem.wanted().to_vec();
    let mut volunteer_left = problem.room().to_vec();
    let mut bound =
        role_part(problem, role_prices) + product(problem.room(), volunteer_prices.iter().copied());
    let at = |values: &[u32], position: u32| {
        u64::from(values.get(position as usize).copied().unwrap_or(0))
    };
    let mut next = chosen.iter().peekable();
    for edge in problem.edges().iter().filter(|edge| edge.score > 0) {
        let value = u64::from(edge.score) + at(problem.first_bonus(), edge.role);
        let paid = at(role_prices, edge.role) + at(volunteer_prices, edge.volunteer);
        bound += value.saturating_sub(paid);
        if next.next_if_eq(&edge).is_some() {
            take(&mut role_left, edge.role)?;
            take(&mut volunteer_left, edge.volunteer)?;
        }
    }
    if next.peek().is_some() {
        return Err(CertificateError::NotAChoice);
    }
    let sum = problem.value_of(chosen);
    if sum != *total {
        return Err(CertificateError::WrongTotal {
            chosen: sum,
            certified: *total,
        });
    }
    if bound == sum {
        Ok(())
    } else {
        Err(CertificateError::Gap { total: sum, bound })
    }
}

/// The roles' part of the bound: the first suggestion at the price, further ones at what the price is above the bonus.
pub(super) fn role_part(problem: &Problem<'_>, prices: &[u32]) -> u64 {
    let first: u64 = problem
        .wanted()
        .iter()
        .zip(prices)
        .filter(|(wanted, _)| **wanted > 0)
        .map(|(_, price)| u64::from(*price))
        .sum();
    let further: Vec<u32> = problem
        .wanted()
        .iter()
        .map(|wanted| wanted.saturating_sub(1))
        .collect();
    let above = prices
        .iter()
        .zip(problem.first_bonus())
        .map(|(price, bonus)| price.saturating_sub(*bonus));
    first + product(&further, above)
}

fn product(amounts: &[u32], prices: impl Iterator<Item = u32>) -> u64 {
    amounts
        .iter()
        .zip(prices)
        .map(|(amount, price)| u64::from(*amount) * u64::from(price))
        .sum()
}

fn take(left: &mut [u32], position: u32) -> Result<(), CertificateError> {
    let left = left
        .get_mut(position as usize)
        .ok_or(CertificateError::NotAChoice)?;
    *left = left.checked_sub(1).ok_or(CertificateError::TooMany)?;
    Ok(())
}
