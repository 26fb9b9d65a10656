//! Makes the explanation from what was measured: splits the score into points and says what each factor saw.

use super::super::calendar;
use super::super::gate::Pair;
use super::super::globe::distance_km;
use super::super::index::FreeTime;
use super::super::score::meeting::{per_week, real_minutes};
use super::super::score::{FactorCode, Measure, View, skill, wish};
use super::{Detail, Factor, Fit, NeedMet, SkillYears};
use crate::model::{
    Availability, BasisPoints, Hours, LanguageCode, Level, Meeting, NeedKind, Set, SkillId,
    Taxonomy, WeeklyWindow, Weights,
};

/// Explains what was measured.
pub(crate) fn explain(pair: Pair<'_, '_>, measure: &Measure, taxonomy: &Taxonomy) -> Fit {
    let role_points = measure.combined.div_ceil(2);
    let volunteer_points = measure.combined / 2;
    let mut factors = Vec::new();
    for (side, points) in [
        (View::Role, role_points),
        (View::Volunteer, volunteer_points),
    ] {
        let asked: Vec<_> = measure
            .factors
            .iter()
            .filter(|factor| factor.view == side)
            .filter_map(|factor| factor.reading.map(|reading| (factor, reading)))
            .collect();
        let parts: Vec<u32> = asked
            .iter()
            .map(|(factor, reading)| u32::from(factor.weight) * u32::from(reading.value))
            .collect();
        for ((factor, reading), points) in asked.into_iter().zip(apportion(points, &parts)) {
            factors.push(Factor {
                code: factor.code,
                view: side,
                weight: factor.weight,
                value: BasisPoints::capped(reading.value.into()),
                known: BasisPoints::capped(reading.known.into()),
                points,
                detail: detail(factor.code, pair, taxonomy),
            });
        }
    }
    factors.extend(adjustments(pair, measure));
    // A side that is asked nothing has no factor to carry its half: the sum is kept by the first factor there is.
    let missing =
        i32::from(measure.score.get()) - factors.iter().map(|factor| factor.points).sum::<i32>();
    if let Some(first) = factors.first_mut() {
        first.points += missing;
    }
    Fit {
        score: measure.score,
        confidence: measure.confidence,
        role_view: BasisPoints::capped(measure.role_view.into()),
        volunteer_view: BasisPoints::capped(measure.volunteer_view.into()),
        combined: BasisPoints::capped(measure.combined.into()),
        factors,
    }
}

fn adjustments(pair: Pair<'_, '_>, measure: &Measure) -> Vec<Factor> {
    let (role, volunteer) = (&*pair.role.facts, &*pair.volunteer.facts);
    let taken = measure.deductions;
    let details = [
        (
            FactorCode::Waiting,
            taken.waiting,
            Detail::Waiting {
                days: volunteer.waiting_days,
            },
        ),
        (
            FactorCode::Load,
            taken.load,
            Detail::Load {
                placements: volunteer.current_placements,
            },
        ),
        (
            FactorCode::Exposure,
            taken.exposure,
            Detail::Exposure {
                volunteer: volunteer.recent_suggestions,
                role: role.recent_suggestions,
            },
        ),
    ];
    let lost = measure.combined.saturating_sub(measure.score.get().into());
    let points = apportion(lost, &[taken.waiting, taken.load, taken.exposure]);
    details
        .into_iter()
        .zip(points)
        .filter(|((_, value, _), _)| *value > 0)
        .map(|((code, value, detail), points)| Factor {
            code,
            view: View::Adjustment,
            weight: 0,
            value: BasisPoints::capped(value.into()),
            known: BasisPoints::MOST,
            points: -points,
            detail,
        })
        .collect()
}

/// Splits `total` in the ratio of the parts so that the pieces sum to it exactly: each piece is the difference of two
/// rounded running sums.
fn apportion(total: u32, parts: &[u32]) -> Vec<i32> {
    let whole: u64 = parts.iter().map(|part| u64::from(*part)).sum();
    let mut running = 0_u64;
    let mut given = 0_u64;
    parts
        .iter()
        .map(|part| {
            running += u64::from(*part);
            let reached = (u64::from(total) * running).checked_div(whole).unwrap_or(0);
            let piece = reached - given;
            given = reached;
            i32::try_from(piece).unwrap_or(i32::MAX)
        })
        .collect()
}

fn detail(code: FactorCode, pair: Pair<'_, '_>, taxonomy: &Taxonomy) -> Detail {
    let (role, volunteer) = (&*pair.role.facts, &*pair.volunteer.facts);
    match code {
        FactorCode::MustHave => Detail::Skills {
            needs: needs_met(NeedKind::MustHave, pair, taxonomy),
        },
        FactorCode::NiceToHave => Detail::Skills {
            needs: needs_met(NeedKind::NiceToHave, pair, taxonomy),
        },
        FactorCode::Evidence => Detail::Evidence { years: years(pair) },
        FactorCode::Meeting => meeting(pair),
        FactorCode::Hours => Detail::Hours {
            asked: role.hours_per_week.unwrap_or(Hours::LEAST),
            left: volunteer.hours_left(),
        },
        FactorCode::Causes => Detail::Causes {
            shared: volunteer
                .causes
                .as_ref()
                .map(|causes| causes.intersection(&role.causes).cloned().collect()),
            asked: role.causes.len(),
        },
        FactorCode::Wish => Detail::Wish {
            skills: wishes(pair),
        },
        FactorCode::Place if role.setting.is_remote() => Detail::Remote {
            is_ok: volunteer.is_remote_ok,
        },
        FactorCode::Place => Detail::Distance {
            km: pair
                .role
                .direction
                .zip(pair.volunteer.direction)
                .map(|(there, here)| distance_km(there, here)),
            radius_km: volunteer.radius_km,
        },
        FactorCode::Languages => {
            let (required, preferred) = (&role.required_languages, &role.preferred_languages);
            let asked = required.union(preferred);
            let spoken = volunteer.languages.as_ref();
            let not_spoken = |languages: &Set<LanguageCode>| {
                let not_spoken =
                    spoken.map(|spoken| languages.difference(spoken).copied().collect());
                not_spoken.unwrap_or_default()
            };
            Detail::Languages {
                spoken: spoken.map(|spoken| spoken.intersection(&asked).copied().collect()),
                lacking: not_spoken(required),
                missing: not_spoken(preferred),
            }
        }
        FactorCode::Waiting => Detail::Waiting {
            days: volunteer.waiting_days,
        },
        FactorCode::Load => Detail::Load {
            placements: volunteer.current_placements,
        },
        FactorCode::Exposure => Detail::Exposure {
            volunteer: volunteer.recent_suggestions,
            role: role.recent_suggestions,
        },
    }
}

fn needs_met(kind: NeedKind, pair: Pair<'_, '_>, taxonomy: &Taxonomy) -> Vec<NeedMet> {
    let enough = pair.weights.gates.must_have_credit.get();
    let needs = pair
        .role
        .needs
        .iter()
        .zip(&pair.role.facts.skills)
        .filter(|(need, _)| need.kind == kind);
    needs
        .map(|(need, asked)| {
            let credit = skill::credit_for(need, pair.volunteer);
            let skills = pair.volunteer.facts.skills.as_deref().unwrap_or_default();
            let own = skills.iter().find(|have| have.skill == asked.skill);
            let own_credit = own.map_or(0, |have| {
                credit_at(have.level, asked.level, 10_000, pair.weights)
            });
            NeedMet {
                skill: asked.skill.clone(),
                asked: asked.level,
                is_held: credit >= enough,
                had: own.and_then(|have| have.level),
                via: (credit > own_credit)
                    .then(|| stand_in(&asked.skill, asked.level, credit, pair, taxonomy))
                    .flatten(),
                credit: BasisPoints::capped(credit.into()),
            }
        })
        .collect()
}

fn credit_at(had: Option<Level>, asked: Level, share: u32, weights: &Weights) -> u16 {
    let by_level = super::super::index::credit(had, share, weights);
    by_level
        .get(usize::from(asked.get()) - 1)
        .copied()
        .unwrap_or(0)
}

/// The related skill that gives the credit; of several, the first by id.
fn stand_in(
    skill: &SkillId,
    asked: Level,
    credit: u16,
    pair: Pair<'_, '_>,
    taxonomy: &Taxonomy,
) -> Option<SkillId> {
    let most = u32::from(pair.weights.skill.related_share.get());
    let skills = pair.volunteer.facts.skills.as_deref().unwrap_or_default();
    taxonomy
        .related_to(skill)
        .iter()
        .find_map(|(near, weight)| {
            let have = skills.iter().find(|have| have.skill == *near)?;
            let share = u32::from(weight.get()) * most / 10_000;
            (credit_at(have.level, asked, share, pair.weights) == credit).then(|| near.clone())
        })
}

fn years(pair: Pair<'_, '_>) -> Vec<SkillYears> {
    let skills = pair.volunteer.facts.skills.as_deref().unwrap_or_default();
    pair.role
        .facts
        .skills
        .iter()
        .filter_map(|need| skills.iter().find(|have| have.skill == need.skill))
        .map(|have| SkillYears {
            skill: have.skill.clone(),
            years: have.years.map(crate::model::Years::get),
        })
        .collect()
}

fn wishes(pair: Pair<'_, '_>) -> Option<Vec<SkillId>> {
    pair.volunteer.wishes.as_ref()?;
    let needs = pair.role.needs.iter().zip(&pair.role.facts.skills);
    Some(
        needs
            .filter(|(need, _)| wish::wishes(need, pair.volunteer))
            .map(|(_, need)| need.skill.clone())
            .collect(),
    )
}

fn meeting(pair: Pair<'_, '_>) -> Detail {
    let Some(meetings) = &pair.role.meetings else {
        return Detail::Meeting {
            minutes: None,
            asked: 0,
            best: None,
            zone: None,
        };
    };
    let asked = per_week(meetings.asked, meetings);
    let (role, volunteer) = (&*pair.role.facts, &*pair.volunteer.facts);
    let (Some(meeting), Some(availability), Some(free)) =
        (&role.meeting, &volunteer.availability, &pair.volunteer.free)
    else {
        return Detail::Meeting {
            minutes: None,
            asked,
            best: None,
            zone: None,
        };
    };
    Detail::Meeting {
        minutes: Some(per_week(real_minutes(&meetings.spans, free), meetings)),
        asked,
        best: best_stretch(pair, meeting, availability, free),
        zone: Some(meeting.zone).filter(|zone| *zone != availability.zone),
    }
}

/// The stretch of the week with the most minutes in common over the weeks looked at; of equals, the first in the order
/// of the role's windows. It is what the two share of a window, not the window, which may begin before the volunteer can.
fn best_stretch(
    pair: Pair<'_, '_>,
    meeting: &Meeting,
    availability: &Availability,
    free: &FreeTime,
) -> Option<WeeklyWindow> {
    let (first, last) = pair.role.dates?;
    let last = calendar::last_of_whole_weeks(first, last);
    let clock = calendar::segments(meeting.zone, first, last);
    let (from, to) = calendar::on_any_clock(first, last);
    let usually = calendar::project(&availability.windows, &free.clock, from, to);
    let really = calendar::without(&usually, &free.away);
    let mut stretches: Vec<(WeeklyWindow, i64)> = Vec::new();
    for window in &meeting.windows {
        let spans = calendar::project(&[*window], &clock, first, last);
        for span in calendar::common(&spans, &really) {
            let Some(stretch) = calendar::weekly(span, meeting.zone) else {
                continue;
            };
            let minutes = span.end - span.start;
            match stretches.iter_mut().find(|(known, _)| *known == stretch) {
                Some((_, sum)) => *sum += minutes,
                None => stretches.push((stretch, minutes)),
            }
        }
    }
    // `max_by_key` takes the last of equals, so the list is walked from its end.
    let best = stretches.iter().rev().max_by_key(|(_, minutes)| *minutes);
    best.map(|(stretch, _)| *stretch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_sum_to_the_total() {
        for total in 0..200 {
            assert_eq!(
                apportion(total, &[3, 0, 5, 1]).iter().sum::<i32>(),
                i32::try_from(total).unwrap()
            );
        }
        assert_eq!(apportion(0, &[0, 0]), [0, 0]);
    }
}
