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

/// A running auction.
pub(super) struct Auction {
    outcome: Outcome,
    /// Whether every list is sorted, best first, so that a walk may end early.
    is_sorted: bool,
    bidders: Side,
    sellers: Side,
    /// Pairs chosen of each bidder.
    got: Vec<u32>,
    /// Where the lowest bid of each seller is in its list.
    lowest: Vec<u32>,
    /// How often each seller has been bid for.
    times: Vec<u32>,
    /// Bidders with free places that have not looked since they got them.
    waiting: VecDeque<usize>,
    is_waiting: Vec<bool>,
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
        bidders: Side,
        sellers: Side,
        most_held: &[u32],
    ) -> Self {
        let places = sellers.places.iter();
        let price = places.map(|places| if *places == 0 { CLOSED * PARTS } else { 0 });
        let outcome = Outcome {
            held: Lists::with_capacities(most_held.iter().copied(), Bid::default()),
            price: price.collect(),
            lists,
        };
        let (count, sellers_count) = (bidders.places.len(), sellers.places.len());
        Self {
            bids_left: outcome.lists.item_count() * MOST_BIDS_PER_PAIR,
            outcome,
            is_sorted,
            bidders,
            sellers,
            got: vec![0; count],
            lowest: vec![0; sellers_count],
            times: vec![0; sellers_count],
            waiting: (0..count).collect(),
            is_waiting: vec![true; count],
            best: Vec::with_capacity(AT_ONCE + 1),
        }
    }

    /// Runs until nobody waits.
    pub(super) fn run(mut self) -> Outcome {
        while self.bids_left > 0
            && let Some(bidder) = self.waiting.pop_front()
        {
            self.is_waiting[bidder] = false;
            self.bid(bidder);
        }
        self.outcome
    }

    /// Bids for the best that the bidder can afford, as many as it has free places: each bid leaves it as well off as with
    /// the best one it does not bid for, less the least raise.
    fn bid(&mut self, bidder: usize) {
        let free = (self.bidders.places[bidder] - self.got[bidder]) as usize;
        let most = free.min(AT_ONCE);
        let further = self.bidders.bonus[bidder] * PARTS;
        let had_none = self.got[bidder] == 0;
        self.look(bidder, most + 1, if had_none { 0 } else { further });
        // Beyond the first, each must be worth more than what is paid back for it.
        let affordable =
            |(nth, (net, _)): &(usize, &(i32, usize))| (had_none && *nth == 0) || *net > further;
        let best = self.best.iter().take(most).enumerate();
        let bids = best.take_while(affordable).count();
        let reserve = if had_none && bids == 1 { 0 } else { further };
        let next = self.best.get(bids);
        let alternative = next.map_or(reserve, |(net, _)| reserve.max(*net));
        for at in 0..bids {
            let (net, place) = self.best[at];
            self.place_bid(bidder, place, net - alternative);
        }
        self.bids_left = self.bids_left.saturating_sub(bids);
        if bids == most && most < free {
            self.wait(bidder);
        }
    }

    fn wait(&mut self, bidder: usize) {
        if !std::mem::replace(&mut self.is_waiting[bidder], true) {
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
            let net = value - price[pair.other as usize];
            if net <= least || pair.is_chosen() {
                continue;
            }
            if self.best.len() == most {
                self.best.pop();
            }
            let at = self.best.partition_point(|(better, _)| *better >= net);
            self.best.insert(at, (net, place));
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
        self.got[bidder] += 1;
        let seller = pair.other as usize;
        let raise = 1 + (self.times[seller] / BIDS_PER_RAISE).cast_signed();
        self.times[seller] += 1;
        let bid = Bid {
            bidder: number(bidder),
            place: number(place),
            paid: price[seller] + more + raise,
        };
        let further = self.sellers.bonus[seller] * PARTS;
        let is_full = held.len(seller) == self.sellers.places[seller] as usize;
        // A place after the first is given only where both bids are worth what is paid back for it.
        let lowest = held.of_mut(seller).get_mut(self.lowest[seller] as usize);
        match lowest {
            Some(lowest) if is_full || lowest.paid.min(bid.paid) < further => {
                let outbid = std::mem::replace(lowest, bid);
                let loser = outbid.bidder as usize;
                lists.of_mut(loser)[outbid.place as usize].give_up();
                self.got[loser] -= 1;
                self.wait(loser);
            }
            _ => held.push(seller, bid),
        }
        self.set_price(seller, further);
    }

    /// The price is the lowest bid, or less where a free place costs less.
    fn set_price(&mut self, seller: usize, further: i32) {
        let Outcome { held, price, .. } = &mut self.outcome;
        let held = held.of(seller);
        let (mut at, mut lowest) = (0, i32::MAX);
        for (place, bid) in held.iter().enumerate() {
            if bid.paid < lowest {
                (at, lowest) = (place, bid.paid);
            }
        }
        self.lowest[seller] = number(at);
        let has_free_place = held.len() < self.sellers.places[seller] as usize;
        price[seller] = if has_free_place {
            lowest.min(further)
        } else {
            lowest
        };
    }
}
