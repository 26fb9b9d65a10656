//! The gates and the score of a survivor, from what the search has at hand: the same numbers as `gate` and `score::measure`
//! give, without a reading for each factor. Tests compare the two for every pair of random snapshots; the readable score stays
//! the one definition, and pairs that are out of the ordinary are left to it.

use super::super::globe::distance_km;
use super::super::score::skill::known_share;
use super::super::score::{adjustment, by_count, harmonic, hours, place};
use super::block::Block;
use super::member::Member;
use super::skill::{Holdings, Met};
use super::terms::{Need, Terms};
use super::time::Time;
use crate::model::Weights;

/// What the rows and a few bytes say of a survivor's gates.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    /// Every gate on facts is open, but for those that `must_ask_if_permitted` speaks of.
    Open(Survivor),
    Closed,
    /// Only the readable gates and score can say.
    Unusual,
}

/// A member whose gates on facts are open, with what is known of the score so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Survivor {
    /// In the block.
    pub(super) place: u32,
    /// No score of theirs is above it.
    pub(super) bound: u16,
    /// What is left after deductions, in basis points.
    kept: u16,
    /// The volunteer's view, and how much of it is known.
    volunteer: (u32, u32),
    must_have: Met,
    nice_to_have: Met,
}

/// The weighted sum of one side's factors.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    value: u32,
    /// How much of the weights, in basis points of each, rests on nothing known.
    unknown: u32,
}

impl Side {
    fn add(&mut self, weight: u16, value: u16) {
        self.value += u32::from(weight) * u32::from(value);
    }

    fn add_unknown(&mut self, weight: u16, neutral: u16) {
        self.add(weight, neutral);
        self.unknown += u32::from(weight) * 10_000;
    }

    /// The mean value and how much of it is known, where the weights are so much together.
    fn mean(self, total: u32, neutral: u16) -> (u32, u32) {
        match self.value.checked_div(total) {
            None => (neutral.into(), 10_000),
            Some(value) if self.unknown == 0 => (value, 10_000),
            Some(value) => (value, (10_000 * total - self.unknown) / total),
        }
    }
}

impl Terms {
    /// Looks at the gates that the rows of the block do not say exactly, and at the volunteer's view, which bounds the score:
    /// one or two lines of the cache, two divisions.
    #[inline]
    pub(super) fn answer(
        &self,
        time: Option<&Time>,
        (block, place, member): (&Block, u32, &Member),
        weights: &Weights,
    ) -> Answer {
        if self.is_unusual || member.is_unusual() {
            return Answer::Unusual;
        }
        let mut volunteer = Side::default();
        if !self.is_there_and_has_time(time, member)
            || !self.add_place(&mut volunteer, member, weights)
        {
            return Answer::Closed;
        }
        self.add_likings(&mut volunteer, block, member, weights);
        let volunteer = volunteer.mean(self.for_volunteer, weights.neutral.get());
        let suggestions = u32::from(member.recent_suggestions) + u32::from(self.recent_suggestions);
        let deductions = member
            .deduction
            .saturating_add(adjustment::exposure(suggestions, weights));
        let kept = 10_000_u16.saturating_sub(deductions);
        Answer::Open(Survivor {
            place,
            bound: combined(10_000, volunteer.0, kept),
            kept,
            volunteer,
            must_have: Met::default(),
            nice_to_have: Met::default(),
        })
    }

    /// Whether some date looked at is not time off, and whether the minutes asked are free, where the rows do not say it.
    fn is_there_and_has_time(&self, time: Option<&Time>, member: &Member) -> bool {
        let is_away = member.away.iter().any(|away| away.covers(self.days));
        let lacks_time = time
            .filter(|time| !time.is_exact)
            .is_some_and(|time| time.sessions.minutes_in(&member.week) < time.asked);
        !is_away && !lacks_time
    }

    /// What survivors bring to each need: need by need, so that the loads of one do not wait for those of another.
    #[inline]
    pub(super) fn add_needs(&self, survivors: &mut [Survivor], block: &Block, holdings: &Holdings) {
        if !block.has_known_skills {
            return;
        }
        for need in &self.needs {
            let level = holdings.at_level(need.level);
            for survivor in &mut *survivors {
                let number = block.pages.number(need.skill, survivor.place as usize);
                let met = level.met(number).times(need.weight.into());
                if need.is_must_have {
                    survivor.must_have = survivor.must_have.and(met);
                } else {
                    survivor.nice_to_have = survivor.nice_to_have.and(met);
                }
            }
        }
    }

    /// The score, if it is worth proposing: a step for each run of half hours, five divisions.
    #[inline]
    pub(super) fn score(
        &self,
        survivor: &Survivor,
        time: Option<&Time>,
        (block, member): (&Block, &Member),
        weights: &Weights,
    ) -> Option<u16> {
        let mut role = Side::default();
        self.add_meeting(&mut role, time, member, weights);
        self.add_hours(&mut role, member, weights);
        self.add_skills(&mut role, survivor, block, weights);
        let (role, role_known) = role.mean(self.for_role, weights.neutral.get());
        let (volunteer, volunteer_known) = survivor.volunteer;
        let score = combined(role, volunteer, survivor.kept);
        let confidence = u32::midpoint(role_known, volunteer_known);
        let gates = &weights.gates;
        let is_worth_proposing = score >= gates.minimum_score.get()
            && confidence >= gates.minimum_confidence.get().into();
        is_worth_proposing.then_some(score)
    }

    /// Minutes in common, time off taken out.
    fn add_meeting(
        &self,
        side: &mut Side,
        time: Option<&Time>,
        member: &Member,
        weights: &Weights,
    ) {
        let weight = weights.role_view.meeting;
        let Some(time) = time else {
            if self.meets {
                side.add_unknown(weight, weights.neutral.get());
            }
            return;
        };
        let usual = time.sessions.minutes_in(&member.week);
        // Time off outside the dates looked at is the rule.
        let away = member.away.iter();
        let lost: u32 = away
            .filter(|away| away.touches(self.all_days))
            .map(|away| time.sessions.minutes_lost(&member.week, *away))
            .sum();
        side.add(weight, share(usual - lost, time.full));
    }

    /// Whether the place is within their reach.
    fn add_place(&self, side: &mut Side, member: &Member, weights: &Weights) -> bool {
        let weight = weights.volunteer_view.place;
        if self.is_remote {
            if member.knows_remote() {
                side.add(weight, 10_000);
            } else {
                side.add_unknown(weight, weights.neutral.get());
            }
            return true;
        }
        let Some((there, (here, radius_km))) = self.direction.zip(member.reach()) else {
            side.add_unknown(weight, weights.neutral.get());
            return true;
        };
        let distance = distance_km(there, here);
        side.add(weight, place::value(distance, radius_km, weights));
        distance <= u32::from(radius_km)
    }

    /// Hours left: not fewer than asked, or not known.
    fn add_hours(&self, side: &mut Side, member: &Member, weights: &Weights) {
        let weight = weights.role_view.hours;
        if self.hours > 0 {
            match member.hours_left() {
                Some(left) => side.add(weight, hours::value(left, self.hours, weights)),
                None => side.add_unknown(weight, weights.neutral.get()),
            }
        }
    }

    /// Causes, languages and wishes. Required languages are spoken, or not known: the rows say so.
    fn add_likings(&self, side: &mut Side, block: &Block, member: &Member, weights: &Weights) {
        let (policy, neutral) = (&weights.volunteer_view, weights.neutral.get());
        if self.enough_causes > 0 {
            match member.causes() {
                Some(causes) => {
                    let shared = (causes & self.causes).count_ones();
                    side.add(policy.causes, share(shared, self.enough_causes));
                }
                None => side.add_unknown(policy.causes, neutral),
            }
        }
        if self.asks_languages {
            match member.languages() {
                Some(spoken) => {
                    let base = weights.languages.required.get();
                    let liked = (spoken & self.preferred_languages).count_ones();
                    let extra = u32::from(10_000 - base) * liked;
                    let extra = extra
                        .checked_div(self.preferred_languages.count_ones())
                        .and_then(|extra| u16::try_from(extra).ok());
                    side.add(policy.languages, base + extra.unwrap_or(10_000 - base));
                }
                None => side.add_unknown(policy.languages, neutral),
            }
        }
        if self.needs.is_empty() {
            return;
        }
        match block.members.wishes_of(member) {
            Some(wishes) => {
                let is_wished = |need: &&Need| wishes.contains(&need.skill);
                let met = if wishes.is_empty() {
                    0
                } else {
                    self.needs.iter().filter(is_wished).count()
                };
                side.add(policy.wish, by_count(&weights.wish.by_count, met));
            }
            None => side.add_unknown(policy.wish, neutral),
        }
    }

    /// Must-haves, nice-to-haves and years of practice.
    fn add_skills(&self, side: &mut Side, survivor: &Survivor, block: &Block, weights: &Weights) {
        let (policy, neutral) = (&weights.role_view, weights.neutral.get());
        if !block.has_known_skills {
            let kinds = [
                (policy.must_have, self.must_have.is_some()),
                (policy.nice_to_have, self.nice_to_have.is_some()),
                (policy.evidence, !self.needs.is_empty()),
            ];
            for (weight, _) in kinds.into_iter().filter(|(_, is_asked)| *is_asked) {
                side.add_unknown(weight, neutral);
            }
            return;
        }
        for (weight, expected, met) in [
            (policy.must_have, self.must_have, survivor.must_have),
            (
                policy.nice_to_have,
                self.nice_to_have,
                survivor.nice_to_have,
            ),
        ] {
            let Some(expected) = expected else { continue };
            side.add(weight, expected.value(met.credits()));
            let unknown = met.unknown_levels();
            if unknown > 0 {
                let known = 10_000 * expected.total - 5_000 * unknown;
                let known = known_share(known, expected.total);
                side.unknown += u32::from(weight) * u32::from(10_000 - known);
            }
        }
        let all = survivor.must_have.and(survivor.nice_to_have);
        if let Some(value) = all.worth_of_years().checked_div(self.all_needs) {
            side.value += u32::from(policy.evidence) * value;
            let unknown = all.unknown_years();
            if unknown > 0 {
                let known = known_share(10_000 * (self.all_needs - unknown), self.all_needs);
                side.unknown += u32::from(policy.evidence) * u32::from(10_000 - known);
            }
        }
    }
}

/// The score of two views, of which so much is kept: it never falls when a view rises.
fn combined(role: u32, volunteer: u32, kept: u16) -> u16 {
    let score = harmonic(role, volunteer) * u32::from(kept) / 10_000;
    u16::try_from(score).unwrap_or(u16::MAX)
}

/// `part ÷ whole` in basis points, at most 10 000.
fn share(part: u32, whole: u32) -> u16 {
    let share = (u64::from(part.min(whole)) * 10_000).checked_div(whole.into());
    share
        .and_then(|share| u16::try_from(share).ok())
        .unwrap_or(10_000)
}
