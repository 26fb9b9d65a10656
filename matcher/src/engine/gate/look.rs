//! Looking at a pair, gate by gate. A look gives nothing when the gate is open.

use super::super::globe::distance_km;
use super::super::score::Measure;
use super::super::score::meeting::{per_week, usual_minutes};
use super::super::score::wish;
use super::{Blocked, Change, Gate, MissingSkill, Pair, open};
use crate::model::{Level, ProhibitionCause, Set, Standing, Weights};

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

/// Every closed gate on facts.
pub(crate) fn closed(pair: Pair<'_, '_>) -> Vec<Blocked> {
    GATES.iter().filter_map(|look| look(pair)).collect()
}

/// The gates on what was measured.
pub(crate) fn closed_by_measure(measure: &Measure, weights: &Weights) -> Vec<Blocked> {
    let policy = &weights.gates;
    let mut blocks = Vec::new();
    if open::is_unsure(measure, weights) {
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
    if open::is_weak(measure, weights) {
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
    let ended_on = pair.role.facts.end_on?;
    (!open::is_not_over(pair.role)).then_some(Blocked {
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
    let volunteer = &*pair.volunteer.facts;
    let (current, most) = (volunteer.current_placements, volunteer.most_placements);
    (current >= most).then(|| Blocked {
        gate: Gate::NoOpenPlacement { current, most },
        change: Change::RaisePlacements {
            to: current.saturating_add(1),
        },
    })
}

fn conflict(pair: Pair<'_, '_>) -> Option<Blocked> {
    (!open::has_no_conflict(pair)).then_some(Blocked {
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
    let left = pair.volunteer.hours_left?;
    (!open::has_hours(pair)).then(|| Blocked {
        gate: Gate::Hours { asked, left },
        change: Change::FindHours {
            more: asked.get().saturating_sub(left),
        },
    })
}

fn languages(pair: Pair<'_, '_>) -> Option<Blocked> {
    if open::speaks(pair) {
        return None;
    }
    let spoken = pair.volunteer.facts.languages.as_ref()?;
    let required = &pair.role.facts.required_languages;
    let missing: Set<_> = required.difference(spoken).copied().collect();
    Some(Blocked {
        gate: Gate::Languages {
            missing: missing.clone(),
        },
        change: Change::AddLanguages { languages: missing },
    })
}

fn must_have(pair: Pair<'_, '_>) -> Option<Blocked> {
    if open::has_must_haves(pair) {
        return None;
    }
    let needs = pair.role.needs.iter().zip(&pair.role.facts.skills);
    let (mut missing, mut not_wished) = (Vec::new(), Vec::new());
    for (need, asked) in needs.filter(|(need, _)| open::lacks(need, pair)) {
        missing.push(MissingSkill {
            skill: asked.skill.clone(),
            level: asked.level,
        });
        if !wish::wishes(need, pair.volunteer) {
            not_wished.push(asked.skill.clone());
        }
    }
    let skills = missing
        .iter()
        .map(|missing| at_least_level(missing, pair.weights))
        .collect();
    Some(Blocked {
        gate: Gate::MustHave { missing },
        change: Change::AddSkills {
            skills,
            has_learning_seat: pair.role.facts.has_learning_seat,
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
    if open::is_near(pair) {
        return None;
    }
    if pair.role.facts.setting.is_remote() {
        return Some(Blocked {
            gate: Gate::Place {
                distance_km: None,
                radius_km: None,
            },
            change: Change::AcceptRemote,
        });
    }
    let radius_km = pair.volunteer.radius_km;
    let there = pair.role.direction;
    let distance = there
        .zip(pair.volunteer.direction)
        .map(|(there, here)| distance_km(there, here));
    Some(Blocked {
        gate: Gate::Place {
            // Who does not travel is not too far away.
            distance_km: distance.filter(|_| radius_km != Some(0)),
            radius_km,
        },
        change: Change::WidenRadius {
            to_km: distance.unwrap_or(0).max(1),
        },
    })
}

fn away(pair: Pair<'_, '_>) -> Option<Blocked> {
    let (_, through) = pair.role.dates?;
    (!open::is_there(pair)).then_some(Blocked {
        gate: Gate::Away { through },
        change: Change::ReturnEarlier { before: through },
    })
}

fn meeting(pair: Pair<'_, '_>) -> Option<Blocked> {
    if open::has_time_to_meet(pair) {
        return None;
    }
    let (free, meetings) = (pair.volunteer.free.as_ref()?, pair.role.meetings.as_ref()?);
    let minutes = per_week(usual_minutes(meetings, free), meetings);
    let asked = per_week(meetings.asked, meetings);
    Some(Blocked {
        gate: Gate::Meeting { minutes, asked },
        change: Change::FindMeetingTime {
            more_minutes: asked.saturating_sub(minutes).max(1),
        },
    })
}
