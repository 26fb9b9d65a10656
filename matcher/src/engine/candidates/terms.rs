//! The score of a survivor, from what the search has at hand: the same number as `score::measure` gives, without a reading
//! for each factor. Tests compare the two for every eligible pair of random snapshots; the readable score stays the one
//! definition, and pairs that are out of the ordinary are left to it.

use super::super::calendar::Days;
use super::super::globe::{Direction, distance_km};
use super::super::index::PreparedRole;
use super::super::score::skill::{Expected, known_share};
use super::super::score::{adjustment, by_count, harmonic, hours, place};
use super::block::Block;
use super::member::Member;
use super::question::Asked;
use super::skill::{Holdings, Met};
use super::time::Time;
use crate::model::{NeedKind, Weights};

/// What the search finds of a survivor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Every gate is open, but for those that `must_ask_if_permitted` speaks of; the score.
    Open(u16),
    Closed,
    /// Only the readable gates and score can say.
    Unusual,
}

/// What one role asks, with everything that does not depend on the volunteer.
#[derive(Debug)]
pub(super) struct Terms {
    pub(super) asked: Asked,
    needs: Box<[Need]>,
    must_have: Option<Expected>,
    nice_to_have: Option<Expected>,
    all_needs: u32,
    /// 0 and 0 hours are no factor.
    hours: u8,
    causes: u64,
    /// So many causes in common are full value; 0 where the role has none.
    enough_causes: u32,
    preferred_languages: u64,
    asks_languages: bool,
    is_remote: bool,
    direction: Option<Direction>,
    days: Option<Days>,
    recent_suggestions: u16,
    has_prohibitions: bool,
    meets: bool,
    /// Whether it names causes or languages that are not in the members' words.
    is_unusual: bool,
    for_role: u32,
    for_volunteer: u32,
}

#[derive(Debug)]
struct Need {
    skill: u32,
    /// From 0.
    level: u8,
    weight: u8,
    is_must_have: bool,
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
    pub(super) fn of(role: &PreparedRole<'_>, asked: Asked, weights: &Weights) -> Self {
        let (for_role, for_volunteer) = (&weights.role_view, &weights.volunteer_view);
        let asked_hours = role.facts.hours_per_week.map_or(0, |hours| hours.get());
        let asks_languages =
            !role.required_languages.is_empty() || !role.preferred_languages.is_empty();
        let sum = |factors: &[(u16, bool)]| {
            let asked = factors.iter().filter(|(_, is_asked)| *is_asked);
            asked.map(|(weight, _)| u32::from(*weight)).sum()
        };
        let mut needs: Vec<Need> = role
            .needs
            .iter()
            .map(|need| Need {
                skill: need.skill,
                level: need.level.get() - 1,
                weight: u8::try_from(need.weight).unwrap_or(u8::MAX),
                is_must_have: need.kind == NeedKind::MustHave,
            })
            .collect();
        needs.sort_by_key(|need| !need.is_must_have);
        Self {
            for_role: sum(&[
                (for_role.must_have, role.must_have.is_some()),
                (for_role.nice_to_have, role.nice_to_have.is_some()),
                (for_role.evidence, !role.needs.is_empty()),
                (for_role.meeting, role.meetings.is_some()),
                (for_role.hours, asked_hours > 0),
            ]),
            for_volunteer: sum(&[
                (for_volunteer.causes, !role.causes.is_empty()),
                (for_volunteer.wish, !role.needs.is_empty()),
                (for_volunteer.place, true),
                (for_volunteer.languages, asks_languages),
            ]),
            asked,
            must_have: role.must_have,
            nice_to_have: role.nice_to_have,
            all_needs: role.needs.iter().map(|need| need.weight).sum(),
            needs: needs.into(),
            hours: asked_hours,
            causes: role.causes.low(),
            enough_causes: super::narrow(role.causes.len()).min(weights.causes.enough.into()),
            preferred_languages: role.preferred_languages.low(),
            asks_languages,
            is_remote: role.facts.setting.is_remote(),
            direction: role.direction,
            days: role.dates.map(|(first, last)| Days::of(first, last)),
            recent_suggestions: role.facts.recent_suggestions,
            has_prohibitions: !role.prohibited.is_empty(),
            meets: role.meetings.is_some(),
            is_unusual: ![
                &role.causes,
                &role.required_languages,
                &role.preferred_languages,
            ]
            .iter()
            .all(|set| set.is_low()),
        }
    }

    /// Whether a prohibition or a conflict may stand between the role and a member.
    #[inline]
    pub(super) const fn must_ask_if_permitted(&self, member: &Member) -> bool {
        self.has_prohibitions || member.has_conflicts()
    }

    /// Looks at the gates that the rows of the block do not say exactly, and scores. Costs some tens of nanoseconds: three
    /// loads for each need, a step for each run of half hours, six divisions.
    #[inline]
    pub(super) fn answer(
        &self,
        time: Option<&Time>,
        (block, place, member): (&Block, usize, &Member),
        holdings: &Holdings,
        weights: &Weights,
    ) -> Answer {
        if self.is_unusual || member.is_unusual() {
            return Answer::Unusual;
        }
        let neutral = weights.neutral.get();
        let (mut role, mut volunteer) = (Side::default(), Side::default());
        if !self.add_meeting(&mut role, time, (block, member), weights)
            || !self.add_place(&mut volunteer, member, weights)
        {
            return Answer::Closed;
        }
        self.add_likings(&mut volunteer, block, member, weights);
        self.add_skills(&mut role, (block, place), holdings, weights);
        if self.hours > 0 {
            match member.hours_left() {
                Some(left) => {
                    role.add(
                        weights.role_view.hours,
                        hours::value(left, self.hours, weights),
                    );
                }
                None => role.add_unknown(weights.role_view.hours, neutral),
            }
        }
        let (role, role_known) = role.mean(self.for_role, neutral);
        let (volunteer, volunteer_known) = volunteer.mean(self.for_volunteer, neutral);
        let suggestions = u32::from(member.recent_suggestions) + u32::from(self.recent_suggestions);
        let exposure = adjustment::exposure(suggestions, weights);
        let kept = 10_000 - u32::from(member.deduction) - u32::from(exposure);
        let score = harmonic(role, volunteer) * kept / 10_000;
        let confidence = u32::midpoint(role_known, volunteer_known);
        let gates = &weights.gates;
        if score < gates.minimum_score.get().into()
            || confidence < gates.minimum_confidence.get().into()
        {
            return Answer::Closed;
        }
        u16::try_from(score).map_or(Answer::Unusual, Answer::Open)
    }

    /// Whether they are there and have the minutes asked.
    fn add_meeting(
        &self,
        side: &mut Side,
        time: Option<&Time>,
        (block, member): (&Block, &Member),
        weights: &Weights,
    ) -> bool {
        let away = block.members.away_of(member);
        if let Some(days) = self.days
            && away.iter().any(|away| away.covers(days))
        {
            return false;
        }
        let weight = weights.role_view.meeting;
        match time {
            Some(time) => {
                let usual = time.sessions.minutes_in(&member.week);
                if usual < time.asked {
                    return false;
                }
                let shared = usual - time.sessions.minutes_lost(&member.week, away);
                side.add(weight, share(shared, time.full));
            }
            None if self.meets => side.add_unknown(weight, weights.neutral.get()),
            None => {}
        }
        true
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
    fn add_skills(
        &self,
        side: &mut Side,
        (block, place): (&Block, usize),
        holdings: &Holdings,
        weights: &Weights,
    ) {
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
        let (mut must_have, mut nice_to_have) = (Met::default(), Met::default());
        for need in &self.needs {
            let met = block.pages.met(holdings, need.skill, need.level, place);
            let sum = if need.is_must_have {
                &mut must_have
            } else {
                &mut nice_to_have
            };
            *sum = sum.add(met, need.weight.into());
        }
        for (weight, expected, met) in [
            (policy.must_have, self.must_have, must_have),
            (policy.nice_to_have, self.nice_to_have, nice_to_have),
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
        let all = must_have.add(nice_to_have, 1);
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

/// `part ÷ whole` in basis points, at most 10 000.
fn share(part: u32, whole: u32) -> u16 {
    let share = (part.min(whole) * 10_000).checked_div(whole);
    share
        .and_then(|share| u16::try_from(share).ok())
        .unwrap_or(10_000)
}
