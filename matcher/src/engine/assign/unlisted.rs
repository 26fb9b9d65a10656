//! What the prices say of pairs that are not listed.
//!
//! A role's pairs that are not listed have some score at most, and a volunteer has no negative price. So where the role's
//! price is at least that score with the bonus, none of them can add to the total.

use super::Market;
use super::market::number;

#[expect(
    clippy::indexing_slicing,
    reason = "there is a score for each role of the market"
)]
impl Market {
    /// The roles whose price cannot be so high that it proves this of their pairs that are not listed, worth so much at most
    /// (by role; 0 where all are listed, and of a role that wants none: it may have any price). The prices of others are raised
    /// until they do, as far as the choice stays proven: so the next look at most roles is at their price alone.
    pub(crate) fn raise_to_prove(&mut self, most_worth: &[i32]) -> Vec<u32> {
        let prices = self.role_price.iter().zip(most_worth).enumerate();
        let low = prices.filter(|(_, (price, worth))| price < worth);
        let mut short: Vec<u32> = low.map(|(role, _)| number(role)).collect();
        short.retain(|role| {
            let role = *role as usize;
            self.role_price[role] = self.highest_price(role);
            self.role_price[role] < most_worth[role]
        });
        short
    }

    /// By how much the bound is above the total for want of higher prices; 0 where all is proven.
    pub(crate) fn lacking(&self, most_worth: &[i32]) -> u64 {
        let lacking = |(role, worth): (usize, &i32)| {
            let lacking = worth.saturating_sub(self.highest_price(role)).max(0);
            u64::from(self.wanted[role]) * u64::from(lacking.cast_unsigned())
        };
        most_worth.iter().enumerate().map(lacking).sum()
    }

    /// The highest price at which the choice is proven: a role that has all it wants may pay what its worst pair gives it.
    fn highest_price(&self, role: usize) -> i32 {
        let price = self.role_price[role];
        if self.got[role] == 0 || self.has_free_seat(role) {
            return price;
        }
        let chosen = self.pairs.of(role).iter().filter(|pair| pair.is_chosen());
        let gains = chosen.map(|pair| pair.value() - self.volunteer_price[pair.other as usize]);
        gains.min().map_or(price, |least| least.max(price))
    }
}
