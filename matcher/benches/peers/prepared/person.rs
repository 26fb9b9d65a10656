//! Volunteers and roles, one line each.

use std::io::Write as _;

use chrono::NaiveDate;
use matcher::model::{NeedKind, Role, Snapshot, TimeOff, Volunteer, Weights};

use super::time::{Horizon, dates, meetings, packed, week};
use super::{Named, Sheet, bits, weights_of};

/// Writes volunteer, hours left, languages, causes, base, whether remote work is right, clock, first and last day there,
/// what is taken off the score, week, half hours free on the real dates.
pub(super) fn write_volunteers(
    sheet: &mut Sheet,
    snapshot: &Snapshot,
    weights: &Weights,
    named: &Named<'_>,
    horizon: &Horizon,
) {
    for (number, volunteer) in snapshot.volunteers.iter().enumerate() {
        let availability = volunteer.availability.as_ref().unwrap();
        let clock = horizon.clock_of(availability.zone);
        let free = week(&availability.windows);
        let (from, until) = there(&availability.time_off, snapshot.as_of);
        let on_dates = horizon.mask(clock, &free, |date| {
            !availability.time_off.iter().any(|off| is_in(*off, date))
        });
        let base = (volunteer.home.unwrap(), volunteer.radius_km.unwrap());
        let base = named.bases.iter().position(|other| *other == base).unwrap();
        writeln!(
            sheet,
            "{number},{},{},{},{base},{},{clock},{from},{until},{},{},{}",
            volunteer.hours_left().unwrap(),
            named.languages(volunteer.languages.iter().flatten()),
            named.causes(volunteer.causes.iter().flatten()),
            u8::from(volunteer.is_remote_ok.unwrap()),
            deductions(volunteer, weights),
            bits(&packed(free.into_iter())),
            bits(&on_dates),
        )
        .unwrap();
    }
}

/// First and last day without time off, counted from the day of the round: the workload has time off before and after.
fn there(time_off: &[TimeOff], as_of: NaiveDate) -> (i64, i64) {
    let days = as_of.iter_days().take(1_500);
    let there: Vec<i64> = (0..)
        .zip(days)
        .filter(|(_, date)| !time_off.iter().any(|off| is_in(*off, *date)))
        .map(|(day, _)| day)
        .collect();
    let (first, last) = (there[0], there[there.len() - 1]);
    assert_eq!(
        last - first + 1,
        i64::try_from(there.len()).unwrap(),
        "one stretch without time off"
    );
    (first, last)
}

fn is_in(off: TimeOff, date: NaiveDate) -> bool {
    off.start() <= date && date <= off.end()
}

/// What waiting, load and exposure take off, in basis points; the roles of the workload were not proposed lately.
fn deductions(volunteer: &Volunteer, weights: &Weights) -> u32 {
    let policy = &weights.adjustment;
    let bounded = |each: u16, count: u32, most: u16| (u32::from(each) * count).min(most.into());
    let (most, days) = (
        u32::from(policy.waiting_most),
        u32::from(volunteer.waiting_days),
    );
    let given_back = most * days / (days + u32::from(policy.waiting_half_days));
    (most - given_back)
        + bounded(
            policy.load_each,
            volunteer.current_placements.into(),
            policy.load_most,
        )
        + bounded(
            policy.exposure_each,
            volunteer.recent_suggestions.into(),
            policy.exposure_most,
        )
}

/// Writes role, hours asked, languages required and preferred, causes, how many shared ones are enough, place (-1: remote),
/// first and last day looked at, minutes asked and of full value, must-haves, what the must-haves' and the other needs'
/// credit is multiplied and divided by, weight of all needs, weights of the factors asked in the role's and the
/// volunteer's view, half hours of its meetings on the real dates.
pub(super) fn write_roles(
    sheet: &mut Sheet,
    snapshot: &Snapshot,
    weights: &Weights,
    named: &Named<'_>,
    horizon: &Horizon,
) {
    for (number, role) in snapshot.roles.iter().enumerate() {
        let (first, last) = dates(role, snapshot, weights);
        let day = |date: NaiveDate| (date - snapshot.as_of).num_days();
        let place = role.setting.point().map_or(-1, |point| {
            let place = named.places.iter().position(|other| *other == point);
            i64::try_from(place.unwrap()).unwrap()
        });
        let meetings = meetings(role, snapshot, weights, horizon);
        let must_haves = weights_of(role, NeedKind::MustHave).count();
        let (must_times, must_by) = expected(role, NeedKind::MustHave, weights);
        let (nice_times, nice_by) = expected(role, NeedKind::NiceToHave, weights);
        let all: i64 = role
            .skills
            .iter()
            .map(|need| i64::from(need.weight.get()))
            .sum();
        let (of_role, of_volunteer) = (&weights.role_view, &weights.volunteer_view);
        let asks_more = role.skills.len() > must_haves;
        let nice = if asks_more { of_role.nice_to_have } else { 0 };
        writeln!(
            sheet,
            "{number},{},{},{},{},{},{place},{},{},{},{},{must_haves},{must_times},{must_by},\
             {nice_times},{nice_by},{all},{},{},{}",
            role.hours_per_week.unwrap(),
            named.languages(&role.required_languages),
            named.languages(&role.preferred_languages),
            named.causes(&role.causes),
            role.causes.len().min(weights.causes.enough.into()),
            day(first),
            day(last),
            meetings.asked,
            meetings.full,
            of_role.must_have + nice + of_role.evidence + of_role.meeting + of_role.hours,
            of_volunteer.causes + of_volunteer.wish + of_volunteer.place + of_volunteer.languages,
            bits(&meetings.held),
        )
        .unwrap();
    }
}

/// `Σ weight × credit` of the needs of a kind is worth `times ÷ by` of itself; 0 of 1 without such needs.
///
/// `needs = (Σ weight)² ÷ Σ weight²`; `expected` is as many up to `enough_needs` and a share of each further one. What is
/// wanted is `needs ÷ (Σ weight × expected)`, here over the denominator `Σ weight² × 10 000`.
fn expected(role: &Role, kind: NeedKind, weights: &Weights) -> (i64, i64) {
    let total: i64 = weights_of(role, kind).sum();
    let squares: i64 = weights_of(role, kind).map(|weight| weight * weight).sum();
    if total == 0 {
        return (0, 1);
    }
    let needs = total * total * 10_000;
    let enough = i64::from(weights.skill.enough_needs) * squares * 10_000;
    let further = (needs - enough).max(0) / 10_000;
    let expected = needs.min(enough) + further * i64::from(weights.skill.further_share.get());
    (needs, total * expected)
}
