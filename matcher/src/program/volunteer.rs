//! A volunteer from the cells of a record.

use chrono::NaiveDate;

use super::cell::{Cells, date, language, number, small, time_off, unreadable, window, yes_or_no};
use super::record::Kind;
use crate::model::{
    Availability, CauseId, Expected, Hours, Level, OrganizationId, Rule, SkillHave, SkillId,
    Standing, Volunteer, VolunteerFacts, VolunteerId, Years, parse_zone,
};

/// A volunteer.
pub(crate) const KIND: Kind = Kind {
    fields: FIELDS,
    needed: &["id"],
    key: "id",
};

const FIELDS: &[&str] = &[
    "id",
    "name",
    "status",
    "paused_until",
    "skills",
    "wants_to_learn",
    "hours_per_week",
    "committed_hours",
    "zone",
    "windows",
    "time_off",
    "languages",
    "latitude",
    "longitude",
    "radius_km",
    "remote",
    "causes",
    "conflicts",
    "most_placements",
    "current_placements",
    "waiting_days",
    "recent_suggestions",
];

/// The volunteer and their name as of a date, or `None` with the errors in the cells.
pub(crate) fn decode(
    cells: &mut Cells<'_>,
    as_of: NaiveDate,
) -> Option<(Volunteer, Option<String>)> {
    let id = cells.need("id", VolunteerId::new);
    let name = cells.text("name").map(ToOwned::to_owned);
    let standing = standing(cells, as_of);
    let skills = cells.list("skills", skill);
    let wants_to_learn = cells.set("wants_to_learn", SkillId::new);
    let hours_per_week = cells.parse("hours_per_week", |text| Hours::new(number(text)?));
    let committed_hours = cells
        .parse("committed_hours", |text| Hours::new(number(text)?))
        .unwrap_or(Hours::LEAST);
    let availability = availability(cells);
    let languages = cells.set("languages", language);
    let home = cells.point();
    let radius_km = cells.parse("radius_km", small(0..=20_000));
    let is_remote_ok = cells.parse("remote", yes_or_no);
    let causes = cells.set("causes", CauseId::new);
    let conflicts = cells
        .set("conflicts", OrganizationId::new)
        .unwrap_or_default();
    let most_placements = cells.parse("most_placements", small(1..=20)).unwrap_or(1);
    let current_placements = cells
        .parse("current_placements", small(0..=255))
        .unwrap_or(0);
    let waiting_days = cells.parse("waiting_days", small(0..=65_535)).unwrap_or(0);
    let recent_suggestions = cells
        .parse("recent_suggestions", small(0..=65_535))
        .unwrap_or(0);
    let id = id.filter(|_| cells.are_valid())?;
    let facts = VolunteerFacts {
        id,
        standing,
        skills,
        wants_to_learn,
        hours_per_week,
        committed_hours,
        availability,
        languages,
        home,
        radius_km,
        is_remote_ok,
        causes,
        conflicts,
        most_placements,
        current_placements,
        waiting_days,
        recent_suggestions,
    };
    let volunteer = Volunteer::new(facts)
        .map_err(|invalid| cells.refuse_all(invalid))
        .ok()?;
    Some((volunteer, name))
}

/// The status. Without one, a date says paused; beside another one, a date that is still to come contradicts it.
fn standing(cells: &mut Cells<'_>, as_of: NaiveDate) -> Standing {
    let until = cells.parse("paused_until", date);
    let status = cells.parse("status", |text| match text {
        "active" => Ok(Standing::Active),
        "busy" => Ok(Standing::Busy),
        "paused" => Ok(Standing::Paused { until }),
        _ => Err(unreadable(
            Expected::new("active, busy or paused", "active, busy ou paused"),
            text,
        )),
    });
    let is_to_come = until.is_some_and(|until| until > as_of);
    if is_to_come && matches!(status, Some(Standing::Active | Standing::Busy)) {
        cells.refuse("paused_until", Rule::DateWithoutPause);
    }
    status.unwrap_or(if until.is_some() {
        Standing::Paused { until }
    } else {
        Standing::Active
    })
}

/// `python`, `python:4` or `python:4:6` (level, years).
fn skill(text: &str) -> Result<SkillHave, Rule> {
    let mut parts = text.split(':').map(str::trim);
    let skill = SkillId::new(parts.next().unwrap_or_default())?;
    let level = parts
        .next()
        .map(|level| Level::new(number(level)?))
        .transpose()?;
    let years = parts
        .next()
        .map(|years| Years::new(number(years)?))
        .transpose()?;
    if parts.next().is_some() {
        return Err(unreadable(Expected::notation("skill:level:years"), text));
    }
    Ok(SkillHave {
        skill,
        level,
        years,
    })
}

fn availability(cells: &mut Cells<'_>) -> Option<Availability> {
    let windows = cells.list("windows", window);
    let time_off = cells.list("time_off", time_off).unwrap_or_default();
    let zone = cells.parse("zone", parse_zone);
    let windows = windows?;
    // Windows mean nothing without a zone.
    let zone = if zone.is_some() || !cells.are_valid() {
        zone
    } else {
        cells.need("zone", parse_zone)
    };
    Some(Availability {
        zone: zone?,
        windows,
        time_off,
    })
}
