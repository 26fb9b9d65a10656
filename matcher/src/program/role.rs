//! A role from the cells of a record.

use super::cell::{Cells, date, language, number, small, unreadable, window, yes_or_no};
use super::record::Kind;
use crate::model::{
    CauseId, Expected, Hours, Level, Meeting, NeedKind, NeedWeight, OrganizationId, Role,
    RoleFacts, RoleId, Rule, Setting, SkillId, SkillNeed, parse_zone,
};

/// A role.
pub(crate) const KIND: Kind = Kind {
    fields: FIELDS,
    needed: &["id", "organization"],
    key: "id",
};

const FIELDS: &[&str] = &[
    "id",
    "organization",
    "title",
    "accepting",
    "seats_open",
    "suggestions_per_seat",
    "must_have",
    "nice_to_have",
    "learning_seat",
    "hours_per_week",
    "start_on",
    "end_on",
    "zone",
    "windows",
    "minimum_minutes",
    "setting",
    "latitude",
    "longitude",
    "required_languages",
    "preferred_languages",
    "causes",
    "recent_suggestions",
];

/// The level asked when a need names none: someone who works on their own.
const USUAL_LEVEL: i64 = 3;

/// The role and its title, or `None` with the errors in the cells.
pub(crate) fn decode(cells: &mut Cells<'_>) -> Option<(Role, Option<String>)> {
    let id = cells.need("id", RoleId::new);
    let organization = cells.need("organization", OrganizationId::new);
    let title = cells.text("title").map(ToOwned::to_owned);
    let is_accepting = cells.parse("accepting", yes_or_no).unwrap_or(true);
    let seats_open = cells.parse("seats_open", small(0..=1_000)).unwrap_or(1);
    let suggestions_per_seat = cells
        .parse("suggestions_per_seat", small(1..=20))
        .unwrap_or(RoleFacts::SUGGESTIONS_PER_SEAT);
    let mut skills = cells
        .list("must_have", |text| need(text, NeedKind::MustHave))
        .unwrap_or_default();
    skills.extend(
        cells
            .list("nice_to_have", |text| need(text, NeedKind::NiceToHave))
            .unwrap_or_default(),
    );
    let has_learning_seat = cells.parse("learning_seat", yes_or_no).unwrap_or(false);
    let hours_per_week = cells.parse("hours_per_week", |text| Hours::new(number(text)?));
    let start_on = cells.parse("start_on", date);
    let end_on = cells.parse("end_on", date);
    let meeting = meeting(cells);
    let setting = setting(cells);
    let required_languages = cells
        .set("required_languages", language)
        .unwrap_or_default();
    let preferred_languages = cells
        .set("preferred_languages", language)
        .unwrap_or_default();
    let causes = cells.set("causes", CauseId::new).unwrap_or_default();
    let recent_suggestions = cells
        .parse("recent_suggestions", small(0..=65_535))
        .unwrap_or(0);
    let (id, organization) = id.zip(organization).filter(|_| cells.are_valid())?;
    let facts = RoleFacts {
        id,
        organization,
        is_accepting,
        seats_open,
        suggestions_per_seat,
        skills,
        has_learning_seat,
        hours_per_week,
        start_on,
        end_on,
        meeting,
        setting,
        required_languages,
        preferred_languages,
        causes,
        recent_suggestions,
    };
    let role = Role::new(facts)
        .map_err(|invalid| cells.refuse_all(invalid))
        .ok()?;
    Some((role, title))
}

/// `python`, `python:4` or `python:4:2` (level, weight).
fn need(text: &str, kind: NeedKind) -> Result<SkillNeed, Rule> {
    let mut parts = text.split(':').map(str::trim);
    let skill = SkillId::new(parts.next().unwrap_or_default())?;
    let level = parts
        .next()
        .map_or(Ok(USUAL_LEVEL), number)
        .and_then(Level::new)?;
    let weight = parts
        .next()
        .map(|weight| NeedWeight::new(number(weight)?))
        .transpose()?
        .unwrap_or_default();
    if parts.next().is_some() {
        return Err(unreadable(Expected::notation("skill:level:weight"), text));
    }
    Ok(SkillNeed {
        skill,
        kind,
        level,
        weight,
    })
}

fn meeting(cells: &mut Cells<'_>) -> Option<Meeting> {
    let windows = cells
        .list("windows", window)
        .filter(|windows| !windows.is_empty());
    let minimum_minutes = cells
        .parse("minimum_minutes", small(0..=10_080))
        .unwrap_or(0);
    let zone = cells.parse("zone", parse_zone);
    let windows = windows?;
    let zone = if zone.is_some() || !cells.are_valid() {
        zone
    } else {
        cells.need("zone", parse_zone)
    };
    Some(Meeting {
        zone: zone?,
        windows,
        minimum_minutes,
    })
}

fn setting(cells: &mut Cells<'_>) -> Setting {
    let point = cells.point();
    let setting = cells.parse("setting", |text| match text {
        "remote" => Ok(Setting::Remote),
        "hybrid" => Ok(Setting::Hybrid(point)),
        "onsite" | "on-site" => Ok(Setting::OnSite(point)),
        _ => Err(unreadable(
            Expected::new("remote, hybrid or onsite", "remote, hybrid ou onsite"),
            text,
        )),
    });
    setting.unwrap_or(Setting::Remote)
}
