//! A near optimum, fast: one side bids for places of the other until nobody is outbid (Bertsekas's auction, with bids for
//! all free places of a bidder at once). Prices are in parts of a point; what the auction leaves wrong is of the size of the
//! least raise, mostly nothing, and `path` repairs it exactly.
//!
//! Either side can bid. Where there is room enough, roles bid for volunteers: few are ever outbid. Where volunteers are
//! scarce, they bid for seats: their lists are short and their values far apart, so that prices rise in long steps.

use std::collections::VecDeque;

use super::lists::Lists;
use super::market::{CLOSED, Pair, number};

/// Prices are in parts of a point, so many to one: rounding then hardly ever moves a price to where it is wrong. Keeps all
/// sums inside of 32 bits.
pub(super) const PARTS: i32 = 64;

/// How many places a bidder bids for at once. More wait for its next turn.
const AT_ONCE: usize = 16;

/// After so many bids for one seller, the least raise is one part more, and so on: a price war over a great value, in which
/// nobody has an alternative, ends after a number of bids near the square root of that value.
const BIDS_PER_RAISE: u32 = 256;

/// After so many bids for each pair, the auction stops where it is: the repair is exact from anywhere.
const MOST_BIDS_PER_PAIR: usize = 16;

/// What one side brings: for how many each has places, and what is paid back for each place taken after the first.
#[derive(Debug, Clone)]
pub(super) struct Side {
    pub(super) places: Vec<u32>,
    pub(super) bonus: Vec<i32>,
}

impl Side {
    fn iter(&self) -> impl Iterator<Item = (u32, i32)> {
        self.places.iter().copied().zip(self.bonus.iter().copied())
    }
}

/// A place taken: by whom, over which pair of their list, and for what.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bid {
    pub(super) bidder: u32,
    pub(super) place: u32,
    paid: i32,
}

/// Where an auction ended.
pub(super) struct Outcome {
    /// The pairs of each bidder, those chosen marked.
    pub(super) lists: Lists<Pair>,
    /// Bids that hold, by seller.
    pub(super) held: Lists<Bid>,
    /// Prices of the sellers, in parts.
    pub(super) price: Vec<i32>,
}

/// One who bids. What a bid looks at lies together.
struct Bidder {
    places: u32,
    bonus: i32,
    /// Pairs chosen.
    got: u32,
    /// Has free places and has not looked since it got them.
    is_waiting: bool,
}

/// One who is bid for.
struct Seller {
    places: u32,
    bonus: i32,
    /// Where the lowest bid is in the list of those that hold.
    lowest: u32,
    /// How often there has been a bid.
    times: u32,
}

/// A running auction.
pub(super) struct Auction {
    outcome: Outcome,
    /// Whether every list is sorted, best first, so that a walk may end early.
    is_sorted: bool,
    bidders: Vec<Bidder>,
    sellers: Vec<Seller>,
    waiting: VecDeque<usize>,
    /// The best nets of the one that bids, best first, with the places in its list.
    best: Vec<(i32, usize)>,
    bids_left: usize,
}

#[expect(
    clippy::indexing_slicing,
    reason = "bidders, sellers and places are those of the lists"
)]
impl Auction {
    /// `most_held` says how many bids can hold at each seller.
    pub(super) fn new(
        lists: Lists<Pair>,
        is_sorted: bool,
        bidders: &Side,
        sellers: &Side,
        most_held: &[u32],
    ) -> Self {
        let places = sellers.places.iter();
        let price = places.map(|places| if *places == 0 { CLOSED * PARTS } else { 0 });
        let outcome = Outcome {
            held: Lists::with_capacities(most_held.iter().copied(), Bid::default()),
            price: price.collect(),
            lists,
        };
        let bidders: Vec<Bidder> = bidders
            .iter()
            .map(|(places, bonus)| Bidder {
                places,
                bonus,
                got: 0,
                is_waiting: true,
            })
            .collect();
        let sellers = sellers.iter().map(|(places, bonus)| Seller {
            places,
            bonus,
            lowest: 0,
            times: 0,
        });
        Self {
            bids_left: outcome.lists.item_count() * MOST_BIDS_PER_PAIR,
            outcome,
            is_sorted,
            waiting: (0..bidders.len()).collect(),
            bidders,
            sellers: sellers.collect(),
            best: Vec::with_capacity(AT_ONCE + 1),
        }
    }

    /// Runs until nobody waits.
    pub(super) fn run(mut self) -> Outcome {
        while self.bids_left > 0
            && let Some(bidder) = self.waiting.pop_front()
        {
            self.bidders[bidder].is_waiting = false;
            self.bid(bidder);
        }
        self.outcome
    }

    /// Bids for the best that the bidder can afford, as many as it has free places: each bid leaves it as well off as with
    /// the best one it does not bid for, less the least raise.
    fn bid(&mut self, bidder: usize) {
        let Bidder {
            places, bonus, got, ..
        } = self.bidders[bidder];
        let free = (places - got) as usize;
        let further = bonus * PARTS;
        if free == 1 {
            self.bid_for_one(bidder, if got == 0 { 0 } else { further });
            return;
        }
        let most = free.min(AT_ONCE);
        self.look(bidder, most + 1, if got == 0 { 0 } else { further });
        // Beyond the first, each must be worth more than what is paid back for it.
        let affordable =
            |(nth, (gain, _)): &(usize, &(i32, usize))| got == 0 && *nth == 0 || *gain > further;
        let best = self.best.iter().take(most).enumerate();
        let bids = best.take_while(affordable).count();
        let reserve = if got == 0 && bids == 1 { 0 } else { further };
        let next = self.best.get(bids);
        let alternative = next.map_or(reserve, |(gain, _)| reserve.max(*gain));
        for at in 0..bids {
            let (gain, place) = self.best[at];
            self.place_bid(bidder, place, gain - alternative);
        }
        if bids == most && most < free {
            self.wait(bidder);
        }
    }

    /// The same for the last free place: most bids are these, so they need no list of the best.
    fn bid_for_one(&mut self, bidder: usize, reserve: i32) {
        let Outcome { lists, price, .. } = &self.outcome;
        let (mut best, mut next, mut at) = (reserve, reserve, None);
        for (place, pair) in lists.of(bidder).iter().enumerate() {
            let value = pair.value() * PARTS;
            if value <= next && self.is_sorted {
                break;
            }
            let gain = value - price[pair.other as usize];
            if gain <= next || pair.is_chosen() {
                continue;
            }
            if gain > best {
                (best, next, at) = (gain, best, Some(place));
            } else {
                next = gain;
            }
        }
        if let Some(place) = at {
            self.place_bid(bidder, place, best - next);
        }
    }

    fn wait(&mut self, bidder: usize) {
        if !std::mem::replace(&mut self.bidders[bidder].is_waiting, true) {
            self.waiting.push_back(bidder);
        }
    }

    /// Finds the bidder's best pairs not chosen, by value less price, as many as asked, above the reserve. The hot loop: one
    /// load of a price for each pair. Prices are not negative, so where lists are sorted the walk ends when values alone are
    /// too low.
    fn look(&mut self, bidder: usize, most: usize, reserve: i32) {
        let Outcome { lists, price, .. } = &self.outcome;
        self.best.clear();
        let mut least = reserve;
        for (place, pair) in lists.of(bidder).iter().enumerate() {
            let value = pair.value() * PARTS;
            if value <= least {
                if self.is_sorted {
                    break;
                }
                continue;
            }
            let gain = value - price[pair.other as usize];
            if gain <= least || pair.is_chosen() {
                continue;
            }
            if self.best.len() == most {
                self.best.pop();
            }
            let at = self.best.partition_point(|(better, _)| *better >= gain);
            self.best.insert(at, (gain, place));
            if self.best.len() == most {
                least = self.best[most - 1].0;
            }
        }
    }

    /// Takes a free place of the seller, or that of the lowest bid there, whose bidder waits again.
    fn place_bid(&mut self, bidder: usize, place: usize, more: i32) {
        let Outcome { lists, held, price } = &mut self.outcome;
        let pair = &mut lists.of_mut(bidder)[place];
        pair.choose();
        self.bidders[bidder].got += 1;
        self.bids_left = self.bids_left.saturating_sub(1);
        let at = pair.other as usize;
        let seller = &mut self.sellers[at];
        let raise = 1 + (seller.times / BIDS_PER_RAISE).cast_signed();
        seller.times += 1;
        let bid = Bid {
            bidder: number(bidder),
            place: number(place),
            paid: price[at] + more + raise,
        };
        let is_full = held.len(at) == seller.places as usize;
        // A place after the first is given only where both bids are worth what is paid back for it.
        let lowest = held.of_mut(at).get_mut(seller.lowest as usize);
        match lowest {
            Some(lowest) if is_full || lowest.paid.min(bid.paid) < seller.bonus * PARTS => {
                let outbid = std::mem::replace(lowest, bid);
                let loser = outbid.bidder as usize;
                lists.of_mut(loser)[outbid.place as usize].give_up();
                self.bidders[loser].got -= 1;
                self.wait(loser);
            }
            _ => held.push(at, bid),
        }
        self.set_price(at);
    }

    /// The price is the lowest bid, or less where a free place costs less.
    fn set_price(&mut self, at: usize) {
        let Outcome { held, price, .. } = &mut self.outcome;
        let held = held.of(at);
        let seller = &mut self.sellers[at];
        let mut lowest = i32::MAX;
        for (place, bid) in held.iter().enumerate() {
            if bid.paid < lowest {
                (seller.lowest, lowest) = (number(place), bid.paid);
            }
        }
        let has_free_place = held.len() < seller.places as usize;
        price[at] = if has_free_place {
            lowest.min(seller.bonus * PARTS)
        } else {
            lowest
        };
    }
}
