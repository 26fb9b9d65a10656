//! The gates and the score of a survivor, from what the search has at hand: the same numbers as `gate` and `score::measure`
//! give, without a reading for each factor. Tests compare the two for every pair of random snapshots; the readable score stays
//! the one definition, and pairs that are out of the ordinary are left to it.

use super::super::globe::distance_km;
use super::super::score::skill::known_share;
use super::super::score::{adjustment, by_count, harmonic, place};
use super::block::Block;
use super::member::Member;
use super::side::Side;
use super::skill::{Held, Holdings, Met};
use super::terms::{Need, Terms};
use super::time::Time;
use crate::model::Weights;

/// What a few bytes say of a survivor.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    /// Every gate on facts is open, but for those that `must_ask_if_permitted` speaks of; the score, if it is worth
    /// proposing.
    Open(Option<u16>),
    Closed,
    /// Only the readable gates and score can say.
    Unusual,
}

/// One role before the members of one block.
pub(super) struct Scorer<'s> {
    pub(super) terms: &'s Terms,
    /// When the role meets on the block's clock; `None` when either is not known.
    pub(super) time: Option<&'s Time>,
    pub(super) block: &'s Block,
    pub(super) holdings: &'s Holdings,
    pub(super) weights: &'s Weights,
}

impl Scorer<'_> {
    /// Looks at the gates that the rows of the block do not say exactly, those that close most often first, then scores:
    /// two lines of the cache for the member, two loads for each need, a step for each run of half hours.
    #[inline]
    pub(super) fn answer(&self, place: usize, member: &Member) -> Answer {
        if self.terms.is_unusual || member.is_unusual() {
            return Answer::Unusual;
        }
        let Some(minutes) = self.minutes(member) else {
            return Answer::Closed;
        };
        let mut volunteer = Side::default();
        if !self.add_place(&mut volunteer, member) {
            return Answer::Closed;
        }
        self.add_causes(&mut volunteer, member);
        self.add_languages(&mut volunteer, member);
        self.add_wishes(&mut volunteer, member);
        let mut role = Side::default();
        self.add_meeting(&mut role, minutes);
        self.add_hours(&mut role, member);
        self.add_skills(&mut role, place);
        Answer::Open(self.score(role, volunteer, member))
    }

    /// The two views combined, less what is taken off; `None` where it is not worth proposing.
    #[inline]
    fn score(&self, role: Side, volunteer: Side, member: &Member) -> Option<u16> {
        let (weights, terms) = (self.weights, self.terms);
        let neutral = weights.neutral.get();
        let (role, role_known) = role.mean(terms.for_role, neutral);
        let (volunteer, volunteer_known) = volunteer.mean(terms.for_volunteer, neutral);
        let suggestions =
            u32::from(member.recent_suggestions) + u32::from(terms.recent_suggestions);
        let deductions = member
            .deduction
            .saturating_add(adjustment::exposure(suggestions, weights));
        let kept = 10_000_u16.saturating_sub(deductions);
        let score = harmonic(role, volunteer) * u32::from(kept) / 10_000;
        let confidence = u32::midpoint(role_known, volunteer_known);
        let gates = &weights.gates;
        let is_worth_proposing = score >= gates.minimum_score.get().into()
            && confidence >= gates.minimum_confidence.get().into();
        u16::try_from(score).ok().filter(|_| is_worth_proposing)
    }

    /// Minutes in common, time off taken out; 0 where the role does not meet or the week is not known. `None` when the
    /// minutes asked are not free, or every date looked at is time off.
    #[inline]
    fn minutes(&self, member: &Member) -> Option<u32> {
        let usual = self
            .time
            .map_or(0, |time| time.sessions.minutes_in(&member.week));
        if self.time.is_some_and(|time| usual < time.asked) {
            return None;
        }
        let mut left = usual;
        // Time off outside the dates looked at is the rule.
        let away = member.away.iter();
        for away in away.filter(|away| away.touches(self.terms.all_days)) {
            if away.covers(self.terms.days) {
                return None;
            }
            if let Some(time) = self.time {
                left -= time.sessions.minutes_lost(&member.week, *away);
            }
        }
        Some(left)
    }

    #[inline]
    fn add_meeting(&self, side: &mut Side, minutes: u32) {
        let weight = self.weights.role_view.meeting;
        match self.time {
            Some(time) => side.add(weight, share(minutes, time.full)),
            None if self.terms.meets => side.add_unknown(weight, self.weights.neutral.get()),
            None => {}
        }
    }

    /// Whether the place is within their reach.
    #[inline]
    fn add_place(&self, side: &mut Side, member: &Member) -> bool {
        let (weight, neutral) = (
            self.weights.volunteer_view.place,
            self.weights.neutral.get(),
        );
        if self.terms.is_remote {
            if member.knows_remote() {
                side.add(weight, 10_000);
            } else {
                side.add_unknown(weight, neutral);
            }
            return true;
        }
        let Some((there, (here, radius_km))) = self.terms.direction.zip(member.reach()) else {
            side.add_unknown(weight, neutral);
            return true;
        };
        let distance = distance_km(there, here);
        side.add(
            weight,
            place::value(distance, radius_km, self.weights).into(),
        );
        distance <= u32::from(radius_km)
    }

    /// Hours left: not fewer than asked, or not known.
    #[inline]
    fn add_hours(&self, side: &mut Side, member: &Member) {
        let Some(values) = &self.terms.hours else {
            return;
        };
        let weight = self.weights.role_view.hours;
        match member.hours_left() {
            Some(left) => side.add(weight, values.of(left).into()),
            None => side.add_unknown(weight, self.weights.neutral.get()),
        }
    }

    #[inline]
    fn add_causes(&self, side: &mut Side, member: &Member) {
        let (weight, enough) = (self.weights.volunteer_view.causes, self.terms.enough_causes);
        if enough == 0 {
            return;
        }
        match member.causes() {
            Some(causes) => {
                let shared = (causes & self.terms.causes).count_ones();
                side.add(weight, share(shared, enough));
            }
            None => side.add_unknown(weight, self.weights.neutral.get()),
        }
    }

    /// Required languages are spoken, or not known: the rows say so.
    #[inline]
    fn add_languages(&self, side: &mut Side, member: &Member) {
        if !self.terms.asks_languages {
            return;
        }
        let weight = self.weights.volunteer_view.languages;
        match member.languages() {
            Some(spoken) => {
                let preferred = self.terms.preferred_languages;
                let base = u32::from(self.weights.languages.required.get());
                let liked = (spoken & preferred).count_ones();
                let extra = (10_000 - base) * liked;
                let extra = extra.checked_div(preferred.count_ones());
                side.add(weight, base + extra.unwrap_or(10_000 - base));
            }
            None => side.add_unknown(weight, self.weights.neutral.get()),
        }
    }

    #[inline]
    fn add_wishes(&self, side: &mut Side, member: &Member) {
        if self.terms.needs.is_empty() {
            return;
        }
        let weight = self.weights.volunteer_view.wish;
        match self.block.members.wishes_of(member) {
            Some(wishes) => {
                let met = if member.may_wish(self.terms.asked_skills) {
                    let needs = self.terms.needs.iter();
                    needs.filter(|need| wishes.contains(&need.skill)).count()
                } else {
                    0
                };
                side.add(weight, by_count(&self.weights.wish.by_count, met).into());
            }
            None => side.add_unknown(weight, self.weights.neutral.get()),
        }
    }

    /// Must-haves, nice-to-haves and years of practice.
    #[inline]
    fn add_skills(&self, side: &mut Side, place: usize) {
        let (terms, policy) = (self.terms, &self.weights.role_view);
        if !self.block.has_known_skills {
            let kinds = [
                (policy.must_have, terms.must_have.is_some()),
                (policy.nice_to_have, terms.nice_to_have.is_some()),
                (policy.evidence, !terms.needs.is_empty()),
            ];
            for (weight, _) in kinds.into_iter().filter(|(_, is_asked)| *is_asked) {
                side.add_unknown(weight, self.weights.neutral.get());
            }
            return;
        }
        let (must_haves, nice_to_haves) = terms.needs_by_kind();
        let held = self.block.pages.held_by(place);
        let must_have = self.met(must_haves, held);
        let nice_to_have = self.met(nice_to_haves, held);
        for (weight, expected, met) in [
            (policy.must_have, &terms.must_have, must_have),
            (policy.nice_to_have, &terms.nice_to_have, nice_to_have),
        ] {
            let Some(expected) = expected else { continue };
            side.add(weight, expected.value(met.credits()).into());
            let unknown = met.unknown_levels();
            if unknown > 0 {
                let known = 10_000 * expected.total - 5_000 * unknown;
                let known = known_share(known, expected.total);
                side.take_known(weight, known);
            }
        }
        let all = must_have.and(nice_to_have);
        if let Some(value) = all.worth_of_years().checked_div(terms.all_needs) {
            side.add(policy.evidence, value);
            let unknown = all.unknown_years();
            if unknown > 0 {
                let known = known_share(10_000 * (terms.all_needs - unknown), terms.all_needs);
                side.take_known(policy.evidence, known);
            }
        }
    }

    /// What a member brings to some needs.
    #[inline]
    fn met(&self, needs: &[Need], held: Held<'_>) -> Met {
        needs.iter().fold(Met::default(), |met, need| {
            met.and(
                self.holdings
                    .met(need.level, held.number(need.skill))
                    .times(need.weight.into()),
            )
        })
    }
}

/// `part ÷ whole` in basis points, at most 10 000. Both are at most the minutes of half a year.
#[inline]
fn share(part: u32, whole: u32) -> u32 {
    let share = (part.min(whole) * 10_000).checked_div(whole);
    share.unwrap_or(10_000)
}
