//! The proof that a choice is optimal, and its check, which knows nothing of how either was found.
//!
//! For all prices `u, p ≥ 0`, linear-programming duality bounds every permitted choice from above:
//! `Σ score ≤ Σ wanted·u + Σ room·p + Σ max(0, score − u − p)`, the last sum over all pairs. A choice that reaches the
//! bound is optimal. The check is one walk over the pairs.

use serde::{Deserialize, Serialize};

use super::{Edge, Problem};

/// Prices that prove a choice optimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The greatest total score.
    pub total: u64,
    /// What one more suggestion for the role would add at most, by position.
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
    /// A chosen pair is not among the pairs, or the chosen pairs are out of order or twice.
    #[error("the chosen pairs are not pairs of the problem in their order")]
    NotAChoice,
    /// A role or a volunteer has more than is permitted.
    #[error("a role or a volunteer has more than is permitted")]
    TooMany,
    /// The total of the choice is not the certificate's.
    #[error("the choice totals {chosen}, the certificate says {certified}")]
    WrongTotal {
        /// Sum of the chosen scores.
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

/// Checks that `chosen` (by role, then volunteer) is permitted and optimal. One walk over the pairs.
pub fn verify(
    problem: &Problem,
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
    let mut bound = value(problem.wanted(), role_prices) + value(problem.room(), volunteer_prices);
    let mut sum = 0_u64;
    let mut next = chosen.iter().peekable();
    for edge in problem.edges() {
        let (role, volunteer) = (edge.role as usize, edge.volunteer as usize);
        let price =
            |prices: &[u32], position: usize| u64::from(prices.get(position).copied().unwrap_or(0));
        let paid = price(role_prices, role) + price(volunteer_prices, volunteer);
        bound += u64::from(edge.score).saturating_sub(paid);
        if next.next_if_eq(&edge).is_some() {
            take(&mut role_left, role)?;
            take(&mut volunteer_left, volunteer)?;
            sum += u64::from(edge.score);
        }
    }
    if next.peek().is_some() {
        return Err(CertificateError::NotAChoice);
    }
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

fn value(amounts: &[u32], prices: &[u32]) -> u64 {
    amounts
        .iter()
        .zip(prices)
        .map(|(amount, price)| u64::from(*amount) * u64::from(*price))
        .sum()
}

fn take(left: &mut [u32], position: usize) -> Result<(), CertificateError> {
    let left = left.get_mut(position).ok_or(CertificateError::NotAChoice)?;
    *left = left.checked_sub(1).ok_or(CertificateError::TooMany)?;
    Ok(())
}
