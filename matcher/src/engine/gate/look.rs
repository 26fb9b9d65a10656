//! Looking at a pair, gate by gate. A look gives nothing when the gate is open.

use std::collections::BTreeSet;

use super::super::calendar;
use super::super::globe::distance_km;
use super::super::score::meeting::{asked_minutes, per_week};
use super::super::score::{self, Measure};
use super::{Blocked, Change, Gate, MissingSkill, Pair};
use crate::model::{Level, NeedKind, ProhibitionCause, Setting, Standing, Weights};

/// Tells of a pair whether the gate is closed, and if so what it saw and what would open it.
type Look = fn(Pair<'_, '_>) -> Option<Blocked>;

/// The gates on facts, cheap ones first. Confidence and score come after the score is known.
const GATES: [Look; 13] = [
    role_closed,
    role_full,
    role_over,
    volunteer_unavailable,
    no_open_placement,
    conflict,
    prohibited,
    hours,
    languages,
    must_have,
    place,
    away,
    meeting,
];

/// Whether every gate on facts is open.
pub(crate) fn is_open(pair: Pair<'_, '_>) -> bool {
    GATES.iter().all(|look| look(pair).is_none())
}

/// Every closed gate on facts.
pub(crate) fn closed(pair: Pair<'_, '_>) -> Vec<Blocked> {
    GATES.iter().filter_map(|look| look(pair)).collect()
}

/// The gates on what was measured.
pub(crate) fn closed_by_measure(measure: &Measure, weights: &Weights) -> Vec<Blocked> {
    let policy = &weights.gates;
    let mut blocks = Vec::new();
    if measure.confidence < policy.minimum_confidence {
        blocks.push(Blocked {
            gate: Gate::Confidence {
                confidence: measure.confidence,
                needed: policy.minimum_confidence,
            },
            change: Change::TellUs {
                about: measure.least_known(),
            },
        });
    }
    if measure.score < policy.minimum_score {
        blocks.push(Blocked {
            gate: Gate::Score {
                score: measure.score,
                needed: policy.minimum_score,
            },
            change: Change::Improve {
                factor: measure.weakest(),
            },
        });
    }
    blocks
}

fn role_closed(pair: Pair<'_, '_>) -> Option<Blocked> {
    (!pair.role.facts.is_accepting).then_some(Blocked {
        gate: Gate::RoleClosed,
        change: Change::ReopenRole,
    })
}

fn role_full(pair: Pair<'_, '_>) -> Option<Blocked> {
    (pair.role.facts.seats_open == 0).then_some(Blocked {
        gate: Gate::RoleFull,
        change: Change::AddSeat,
    })
}

fn role_over(pair: Pair<'_, '_>) -> Option<Blocked> {
    let ended_on = pair
        .role
        .facts
        .end_on
        .filter(|_| pair.role.dates.is_none())?;
    Some(Blocked {
        gate: Gate::RoleOver { ended_on },
        change: Change::ExtendRole,
    })
}

fn volunteer_unavailable(pair: Pair<'_, '_>) -> Option<Blocked> {
    let until = match pair.volunteer.facts.standing {
        Standing::Active => return None,
        Standing::Busy => None,
        Standing::Paused { until } => until,
    };
    Some(Blocked {
        gate: Gate::VolunteerUnavailable { until },
        change: Change::Resume { on: until },
    })
}

fn no_open_placement(pair: Pair<'_, '_>) -> Option<Blocked> {
    let volunteer = pair.volunteer.facts;
    let (current, most) = (volunteer.current_placements, volunteer.most_placements);
    (current >= most).then(|| Blocked {
        gate: Gate::NoOpenPlacement { current, most },
        change: Change::RaisePlacements {
            to: current.saturating_add(1),
        },
    })
}

fn conflict(pair: Pair<'_, '_>) -> Option<Blocked> {
    let is_conflict = pair
        .volunteer
        .facts
        .conflicts
        .contains(&pair.role.facts.organization);
    is_conflict.then_some(Blocked {
        gate: Gate::Conflict,
        change: Change::None,
    })
}

fn prohibited(pair: Pair<'_, '_>) -> Option<Blocked> {
    let list = &pair.role.prohibited;
    let found = list
        .binary_search_by_key(&pair.position, |(position, _)| *position)
        .ok()?;
    let (_, cause) = *list.get(found)?;
    let change = match cause {
        ProhibitionCause::AlreadyPaired => Change::None,
        ProhibitionCause::Forbidden | ProhibitionCause::Declined | ProhibitionCause::Rejected => {
            Change::LiftProhibition
        }
    };
    Some(Blocked {
        gate: Gate::Prohibited { cause },
        change,
    })
}

fn hours(pair: Pair<'_, '_>) -> Option<Blocked> {
    let asked = pair.role.facts.hours_per_week?;
    let left = pair.volunteer.facts.hours_left()?;
    (asked.get() > left).then(|| Blocked {
        gate: Gate::Hours { asked, left },
        change: Change::FindHours {
            more: asked.get().saturating_sub(left),
        },
    })
}

fn languages(pair: Pair<'_, '_>) -> Option<Blocked> {
    let spoken = pair.volunteer.facts.languages.as_ref()?;
    let required = &pair.role.facts.required_languages;
    if required.is_subset(spoken) {
        return None;
    }
    let missing: BTreeSet<_> = required.difference(spoken).copied().collect();
    Some(Blocked {
        gate: Gate::Languages {
            missing: missing.clone(),
        },
        change: Change::AddLanguages { languages: missing },
    })
}

fn must_have(pair: Pair<'_, '_>) -> Option<Blocked> {
    pair.volunteer.holdings.as_ref()?;
    let enough = pair.weights.gates.must_have_credit.get();
    let has_learning_seat = pair.role.facts.has_learning_seat;
    let (mut missing, mut not_wished) = (Vec::new(), Vec::new());
    for (need, asked) in pair.role.needs.iter().zip(&pair.role.facts.skills) {
        if need.kind != NeedKind::MustHave
            || score::skill::credit_for(need, pair.volunteer) >= enough
        {
            continue;
        }
        let is_wished = score::wish::wishes(need, pair.volunteer);
        if has_learning_seat && is_wished {
            continue;
        }
        missing.push(MissingSkill {
            skill: asked.skill.clone(),
            level: asked.level,
        });
        if !is_wished {
            not_wished.push(asked.skill.clone());
        }
    }
    if missing.is_empty() {
        return None;
    }
    let skills = missing
        .iter()
        .map(|missing| at_least_level(missing, pair.weights))
        .collect();
    Some(Blocked {
        gate: Gate::MustHave { missing },
        change: Change::AddSkills {
            skills,
            has_learning_seat,
            not_wished,
        },
    })
}

/// The lowest level at which the skill would open the gate.
fn at_least_level(missing: &MissingSkill, weights: &Weights) -> MissingSkill {
    let opening = (1..=5)
        .filter_map(|level| Level::new(level).ok())
        .find(|level| {
            let below = usize::from(missing.level.get().saturating_sub(level.get()));
            weights
                .skill
                .level_credit
                .get(below)
                .is_some_and(|credit| *credit >= weights.gates.must_have_credit)
        });
    MissingSkill {
        skill: missing.skill.clone(),
        level: opening.unwrap_or(missing.level),
    }
}

fn place(pair: Pair<'_, '_>) -> Option<Blocked> {
    let volunteer = pair.volunteer.facts;
    if pair.role.facts.setting == Setting::Remote {
        return (volunteer.is_remote_ok == Some(false)).then_some(Blocked {
            gate: Gate::Place {
                distance_km: None,
                radius_km: None,
            },
            change: Change::AcceptRemote,
        });
    }
    let radius = volunteer.radius_km?;
    let distance = pair
        .role
        .direction
        .zip(pair.volunteer.direction)
        .map(|(there, here)| distance_km(there, here));
    if radius == 0 {
        return Some(Blocked {
            gate: Gate::Place {
                distance_km: None,
                radius_km: Some(0),
            },
            change: Change::WidenRadius {
                to_km: distance.unwrap_or(0).max(1),
            },
        });
    }
    let distance = distance?;
    (distance > u32::from(radius)).then_some(Blocked {
        gate: Gate::Place {
            distance_km: Some(distance),
            radius_km: Some(radius),
        },
        change: Change::WidenRadius { to_km: distance },
    })
}

fn away(pair: Pair<'_, '_>) -> Option<Blocked> {
    let availability = pair.volunteer.facts.availability.as_ref()?;
    let (first, last) = pair.role.dates?;
    let mut next = first;
    let mut ranges: Vec<_> = availability
        .time_off
        .iter()
        .map(|off| (off.start(), off.end()))
        .collect();
    ranges.sort_unstable();
    for (start, end) in ranges {
        if start <= next && end >= next {
            next = calendar::later(end, 1);
        }
    }
    (next > last).then_some(Blocked {
        gate: Gate::Away { through: last },
        change: Change::ReturnEarlier { before: last },
    })
}

fn meeting(pair: Pair<'_, '_>) -> Option<Blocked> {
    let free = pair.volunteer.free.as_ref()?;
    let asked = asked_minutes(pair.role)?;
    if asked == 0 {
        return None;
    }
    let shared = calendar::overlap(&pair.role.meeting, &free.usually);
    (shared < asked).then(|| {
        let (minutes, asked) = (per_week(shared, pair.role), per_week(asked, pair.role));
        Blocked {
            gate: Gate::Meeting { minutes, asked },
            change: Change::FindMeetingTime {
                more_minutes: asked.saturating_sub(minutes).max(1),
            },
        }
    })
}
