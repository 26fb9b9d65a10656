//! Whether each gate on facts is open, and nothing else: what a search asks of millions of pairs. What a closed gate saw
//! and what would open it is looked up by `look`, which asks here first, so that there is one definition of each gate.

use super::super::calendar;
use super::super::globe::distance_km;
use super::super::index::{PreparedNeed, PreparedRole};
use super::super::score::{Measure, meeting, skill, wish};
use super::{GateCode, GateSet, Pair};
use crate::model::{NeedKind, Standing, Weights};

/// Whether every gate on facts is open: cheap ones first.
pub(crate) fn is_open(pair: Pair<'_, '_>) -> bool {
    is_role_open(pair.role)
        && pair.volunteer.is_available
        && has_hours(pair)
        && speaks(pair)
        && has_must_haves(pair)
        && is_open_beyond_rows(pair)
}

/// Whether those gates are open that the rows of `candidates` do not say exactly. The others (role, availability, hours,
/// languages, must-haves, remote work) are bits there.
pub(crate) fn is_open_beyond_rows(pair: Pair<'_, '_>) -> bool {
    is_permitted(pair) && has_time_to_meet(pair) && is_near(pair) && is_there(pair)
}

/// Whether no prohibition and no conflict of interest stands between the two.
pub(crate) fn is_permitted(pair: Pair<'_, '_>) -> bool {
    is_not_prohibited(pair) && has_no_conflict(pair)
}

/// Every closed gate on facts, by code alone.
pub(crate) fn closed_set(pair: Pair<'_, '_>) -> GateSet {
    let gates: [(GateCode, bool); 13] = [
        (GateCode::RoleClosed, pair.role.facts.is_accepting),
        (GateCode::RoleFull, pair.role.facts.seats_open > 0),
        (GateCode::RoleOver, is_not_over(pair.role)),
        (GateCode::VolunteerUnavailable, is_active(pair)),
        (GateCode::NoOpenPlacement, has_room(pair)),
        (GateCode::Prohibited, is_not_prohibited(pair)),
        (GateCode::Conflict, has_no_conflict(pair)),
        (GateCode::Languages, speaks(pair)),
        (GateCode::Hours, has_hours(pair)),
        (GateCode::Place, is_near(pair)),
        (GateCode::MustHave, has_must_haves(pair)),
        (GateCode::Away, is_there(pair)),
        (GateCode::Meeting, has_time_to_meet(pair)),
    ];
    let closed = gates.into_iter().filter(|(_, is_open)| !is_open);
    closed.map(|(code, _)| code).collect()
}

/// The gates that a measure closes, by code alone.
pub(crate) fn closed_set_by_measure(measure: &Measure, weights: &Weights) -> GateSet {
    let closed = [
        (GateCode::Confidence, is_unsure(measure, weights)),
        (GateCode::Score, is_weak(measure, weights)),
    ];
    let closed = closed.into_iter().filter(|(_, is_closed)| *is_closed);
    closed.map(|(code, _)| code).collect()
}

/// Whether too little is known to propose the pair.
pub(super) fn is_unsure(measure: &Measure, weights: &Weights) -> bool {
    measure.confidence < weights.gates.minimum_confidence
}

/// Whether the fit is too weak to propose.
pub(super) fn is_weak(measure: &Measure, weights: &Weights) -> bool {
    measure.score < weights.gates.minimum_score
}

/// Whether the gates on what was measured are open.
pub(crate) fn is_worth_proposing(measure: &Measure, weights: &Weights) -> bool {
    !is_unsure(measure, weights) && !is_weak(measure, weights)
}

fn is_active(pair: Pair<'_, '_>) -> bool {
    pair.volunteer.facts.standing == Standing::Active
}

fn has_room(pair: Pair<'_, '_>) -> bool {
    pair.volunteer.facts.open_placements() > 0
}

/// Whether the gates that depend on the role alone are open.
pub(crate) fn is_role_open(role: &PreparedRole<'_>) -> bool {
    role.facts.is_accepting && role.facts.seats_open > 0 && is_not_over(role)
}

pub(crate) fn is_not_over(role: &PreparedRole<'_>) -> bool {
    role.facts.end_on.is_none() || role.dates.is_some()
}

pub(crate) fn has_no_conflict(pair: Pair<'_, '_>) -> bool {
    let volunteer = pair.volunteer;
    !volunteer.has_conflicts
        || !volunteer
            .facts
            .conflicts
            .contains(&pair.role.facts.organization)
}

pub(crate) fn is_not_prohibited(pair: Pair<'_, '_>) -> bool {
    let list = &pair.role.prohibited;
    list.is_empty()
        || list
            .binary_search_by_key(&pair.position, |(position, _)| *position)
            .is_err()
}

pub(crate) fn has_hours(pair: Pair<'_, '_>) -> bool {
    match (pair.role.facts.hours_per_week, pair.volunteer.hours_left) {
        (Some(asked), Some(left)) => asked.get() <= left,
        _ => true,
    }
}

pub(crate) fn speaks(pair: Pair<'_, '_>) -> bool {
    let spoken = pair.volunteer.languages.as_ref();
    spoken.is_none_or(|spoken| pair.role.required_languages.is_subset_of(spoken))
}

pub(super) fn has_must_haves(pair: Pair<'_, '_>) -> bool {
    let mut needs = pair.role.needs.iter();
    pair.volunteer.holdings.is_none() || !needs.any(|need| lacks(need, pair))
}

/// Whether a need is a must-have whose credit is too low and that no learning seat makes up for.
pub(super) fn lacks(need: &PreparedNeed, pair: Pair<'_, '_>) -> bool {
    need.kind == NeedKind::MustHave
        && skill::credit_for(need, pair.volunteer) < pair.weights.gates.must_have_credit.get()
        && !(pair.role.facts.has_learning_seat && wish::wishes(need, pair.volunteer))
}

pub(crate) fn is_near(pair: Pair<'_, '_>) -> bool {
    if pair.role.facts.setting.is_remote() {
        return pair.volunteer.is_remote_ok != Some(false);
    }
    match pair.volunteer.radius_km {
        None => true,
        // Who does not travel is at no place, not even in the same town or where it is not known.
        Some(0) => false,
        Some(radius) => {
            let places = pair.role.direction.zip(pair.volunteer.direction);
            places.is_none_or(|(there, here)| distance_km(there, here) <= u32::from(radius))
        }
    }
}

/// Whether some date looked at is not time off. Each pass over the list goes on from the last date covered.
pub(crate) fn is_there(pair: Pair<'_, '_>) -> bool {
    let Some((first, last)) = pair.role.dates else {
        return true;
    };
    let time_off = pair.volunteer.time_off();
    let mut next = first;
    while let Some(off) = time_off
        .iter()
        .find(|off| off.start() <= next && next <= off.end())
    {
        if off.end() >= last {
            return false;
        }
        next = calendar::later(off.end(), 1);
    }
    true
}

pub(crate) fn has_time_to_meet(pair: Pair<'_, '_>) -> bool {
    let (Some(free), Some(meetings)) = (&pair.volunteer.free, &pair.role.meetings) else {
        return true;
    };
    meetings.asked == 0 || meeting::usual_minutes(meetings, free) >= meetings.asked
}
