//! From a problem to a choice near the optimum and whole prices, by an auction in which the side that is less scarce sells.

use super::auction::{Auction, PARTS, Side};
use super::lists::Lists;
use super::market::{CLOSED, Market, Pair, number};

#[expect(
    clippy::indexing_slicing,
    reason = "roles, volunteers and places are those of the market"
)]
impl Market {
    fn sides(&self) -> (Side, Side) {
        let roles = Side {
            places: self.wanted.clone(),
            bonus: self.bonus.clone(),
        };
        let volunteers = Side {
            places: self.room.clone(),
            bonus: vec![0; self.room.len()],
        };
        (roles, volunteers)
    }

    /// Auctions volunteers off and keeps to rule 1; nothing is chosen before.
    pub(super) fn roles_bid(&mut self) {
        let most_held = most_held(&self.offers, &self.room);
        let (roles, volunteers) = self.sides();
        let lists = std::mem::take(&mut self.pairs);
        let result = Auction::new(lists, true, &roles, &volunteers, &most_held).run();
        self.pairs = result.lists;
        for (volunteer, price) in result.price.iter().enumerate() {
            self.volunteer_price[volunteer] = whole(*price);
            for bid in result.held.of(volunteer) {
                self.hold(bid.bidder as usize, bid.place as usize);
            }
        }
        for role in 0..self.wanted.len() {
            self.settle_role(role);
        }
        for volunteer in 0..self.room.len() {
            self.lower_volunteer(volunteer);
        }
    }

    /// The same with the seats of roles.
    pub(super) fn volunteers_bid(&mut self) {
        let most_held = most_held(&self.pairs, &self.wanted);
        let (roles, volunteers) = self.sides();
        let lists = std::mem::take(&mut self.offers);
        let mut result = Auction::new(lists, false, &volunteers, &roles, &most_held).run();
        for (role, price) in result.price.iter().enumerate() {
            self.role_price[role] = whole(*price);
            for bid in result.held.of(role) {
                let volunteer = bid.bidder as usize;
                result.lists.of_mut(volunteer)[bid.place as usize].give_up();
                self.hold(role, self.place_of(role, volunteer));
            }
        }
        self.offers = result.lists;
        for volunteer in 0..self.room.len() {
            self.settle_volunteer(volunteer);
        }
        for role in 0..self.wanted.len() {
            self.lower_role(role);
        }
    }

    /// What the best pair of the role that is not chosen would give it, or 0.
    pub(super) fn best_left_out_of_role(&self, role: usize) -> i32 {
        let left_out = self.pairs.of(role).iter().filter(|pair| !pair.is_chosen());
        left_out
            .map(|pair| pair.value() - self.volunteer_price[pair.other as usize])
            .fold(0, i32::max)
    }

    /// What the best pair of the volunteer that is not chosen would give them, or 0.
    pub(super) fn best_left_out_of_volunteer(&self, volunteer: usize) -> i32 {
        let offers = self.offers.of(volunteer).iter();
        offers
            .filter(|offer| !self.holds(volunteer, offer.other))
            .map(|offer| offer.value() - self.role_price[offer.other as usize])
            .fold(0, i32::max)
    }

    /// Sets the role's price to the least that keeps to rule 1 and is at least `floor`; gives up chosen pairs worth less.
    pub(super) fn settle_role(&mut self, role: usize) {
        let price = self.best_left_out_of_role(role).max(self.floor(role));
        let chosen = self.pairs.of(role).iter().enumerate();
        let worse: Vec<usize> = chosen
            .filter(|(_, pair)| pair.is_chosen())
            .filter(|(_, pair)| pair.value() - self.volunteer_price[pair.other as usize] < price)
            .map(|(place, _)| place)
            .collect();
        for place in worse {
            self.give_up(role, place);
        }
        self.role_price[role] = price;
    }

    /// The same for a volunteer.
    fn settle_volunteer(&mut self, volunteer: usize) {
        if self.room[volunteer] == 0 {
            self.volunteer_price[volunteer] = CLOSED;
            return;
        }
        let price = self.best_left_out_of_volunteer(volunteer);
        let worse: Vec<(u32, u32)> = self
            .held
            .of(volunteer)
            .iter()
            .filter(|held| held.value - self.role_price[held.role as usize] < price)
            .map(|held| (held.role, held.place))
            .collect();
        for (role, place) in worse {
            self.give_up(role as usize, place as usize);
        }
        self.volunteer_price[volunteer] = price;
    }

    /// Lowers the price of a role with a free seat as far as rules 1 and 2 ask and allow.
    fn lower_role(&mut self, role: usize) {
        if self.has_free_seat(role) {
            let least = self.best_left_out_of_role(role).max(self.step(role));
            self.role_price[role] = self.role_price[role].min(least);
        }
    }

    /// Lowers the price of a volunteer with room as far as rule 1 allows.
    pub(super) fn lower_volunteer(&mut self, volunteer: usize) {
        if self.has_room(volunteer) && self.volunteer_price[volunteer] > 0 {
            let least = self.best_left_out_of_volunteer(volunteer);
            self.volunteer_price[volunteer] = self.volunteer_price[volunteer].min(least);
        }
    }
}

/// The most that each can hold: no more than there are places, nor pairs.
fn most_held(lists: &Lists<Pair>, places: &[u32]) -> Vec<u32> {
    places
        .iter()
        .enumerate()
        .map(|(at, places)| number(lists.len(at)).min(*places))
        .collect()
}

/// The nearest whole point.
fn whole(price_in_parts: i32) -> i32 {
    (price_in_parts + PARTS / 2) / PARTS
}
