//! The workload as the files that `matcher suggest` reads.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::Path;

use matcher::model::{
    Level, NeedKind, Point, Role, SkillHave, SkillId, SkillNeed, Snapshot, Volunteer, WeeklyWindow,
    Years,
};

/// Writes `volunteers.csv`, `roles.csv` and `relations.csv`.
pub(crate) fn write(folder: &Path, snapshot: &Snapshot) {
    write_table(
        &folder.join("volunteers.csv"),
        &VOLUNTEER,
        snapshot.volunteers.iter().map(volunteer),
    );
    write_table(
        &folder.join("roles.csv"),
        &ROLE,
        snapshot.roles.iter().map(role),
    );
    let skills: BTreeSet<&SkillId> = skills(snapshot).collect();
    let relations = skills.into_iter().flat_map(|skill| {
        let related = snapshot.taxonomy.related_to(skill).iter();
        // Each pair is given once.
        let later = related.filter(move |(other, _)| skill < other);
        later.map(move |(other, weight)| {
            [
                skill.to_string(),
                other.to_string(),
                weight.as_unit().to_string(),
            ]
        })
    });
    write_table(
        &folder.join("relations.csv"),
        &["a", "b", "weight"],
        relations,
    );
}

fn write_table<const WIDTH: usize>(
    path: &Path,
    header: &[&str; WIDTH],
    rows: impl Iterator<Item = [String; WIDTH]>,
) {
    let mut file = csv::Writer::from_path(path).unwrap();
    file.write_record(header).unwrap();
    for row in rows {
        file.write_record(row).unwrap();
    }
    file.flush().unwrap();
}

/// Every skill that somebody has or some role asks; a relation to another one says nothing.
fn skills(snapshot: &Snapshot) -> impl Iterator<Item = &SkillId> {
    let had = snapshot
        .volunteers
        .iter()
        .filter_map(|volunteer| volunteer.skills.as_ref())
        .flatten()
        .map(|have| &have.skill);
    let asked = snapshot.roles.iter().flat_map(|role| &role.skills);
    had.chain(asked.map(|need| &need.skill))
}

const VOLUNTEER: [&str; 18] = [
    "id",
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
    "most_placements",
    "current_placements",
    "waiting_days",
    "recent_suggestions",
];

fn volunteer(volunteer: &Volunteer) -> [String; 18] {
    let availability = volunteer.availability.as_ref();
    let off = availability.map(|availability| {
        let stretches = availability.time_off.iter();
        stretches.map(|off| format!("{}/{}", off.start(), off.end()))
    });
    let [latitude, longitude] = degrees(volunteer.home);
    [
        volunteer.id.to_string(),
        known(
            volunteer
                .skills
                .as_ref()
                .map(|skills| skills.iter().map(have)),
        ),
        known(
            volunteer
                .wants_to_learn
                .as_ref()
                .map(|wishes| wishes.iter()),
        ),
        cell(volunteer.hours_per_week),
        volunteer.committed_hours.to_string(),
        cell(availability.map(|availability| availability.zone.name())),
        known(availability.map(|availability| availability.windows.iter().copied().map(window))),
        off.map(list).unwrap_or_default(),
        known(volunteer.languages.as_ref().map(|spoken| spoken.iter())),
        latitude,
        longitude,
        cell(volunteer.radius_km),
        cell(volunteer.is_remote_ok.map(yes_or_no)),
        known(volunteer.causes.as_ref().map(|causes| causes.iter())),
        volunteer.most_placements.to_string(),
        volunteer.current_placements.to_string(),
        volunteer.waiting_days.to_string(),
        volunteer.recent_suggestions.to_string(),
    ]
}

const ROLE: [&str; 18] = [
    "id",
    "organization",
    "seats_open",
    "suggestions_per_seat",
    "must_have",
    "nice_to_have",
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
];

fn role(role: &Role) -> [String; 18] {
    let needs = |kind| {
        let of_kind = role.skills.iter().filter(move |need| need.kind == kind);
        list(of_kind.map(need))
    };
    let meeting = role.meeting.as_ref();
    let [latitude, longitude] = degrees(role.setting.point());
    let setting = if role.setting.is_remote() {
        "remote"
    } else {
        "onsite"
    };
    [
        role.id.to_string(),
        role.organization.to_string(),
        role.seats_open.to_string(),
        role.suggestions_per_seat.to_string(),
        needs(NeedKind::MustHave),
        needs(NeedKind::NiceToHave),
        cell(role.hours_per_week),
        cell(role.start_on),
        cell(role.end_on),
        cell(meeting.map(|meeting| meeting.zone.name())),
        cell(meeting.map(|meeting| list(meeting.windows.iter().copied().map(window)))),
        cell(meeting.map(|meeting| meeting.minimum_minutes)),
        setting.to_owned(),
        latitude,
        longitude,
        list(role.required_languages.iter()),
        list(role.preferred_languages.iter()),
        list(role.causes.iter()),
    ]
}

fn have(have: &SkillHave) -> String {
    let numbers = [have.level.map(Level::get), have.years.map(Years::get)];
    let numbers = numbers.into_iter().map_while(|number| number);
    numbers.fold(have.skill.to_string(), |text, number| {
        format!("{text}:{number}")
    })
}

fn need(need: &SkillNeed) -> String {
    format!("{}:{}:{}", need.skill, need.level, need.weight)
}

fn window(window: WeeklyWindow) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let (start, end) = (time(window.start_minute()), time(window.end_minute()));
    format!("{} {start}-{end}", window.weekday())
}

fn degrees(point: Option<Point>) -> [String; 2] {
    [
        cell(point.map(Point::latitude)),
        cell(point.map(Point::longitude)),
    ]
}

const fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

/// A blank cell says that something is not known.
fn cell(known: Option<impl Display>) -> String {
    known.map(|value| value.to_string()).unwrap_or_default()
}

/// What is known to be empty is not blank.
fn known(items: Option<impl Iterator<Item = impl Display>>) -> String {
    let text = items.map(list);
    text.map_or_else(String::new, |text| {
        if text.is_empty() {
            "none".to_owned()
        } else {
            text
        }
    })
}

fn list(items: impl Iterator<Item = impl Display>) -> String {
    let texts: Vec<String> = items.map(|item| item.to_string()).collect();
    texts.join(";")
}
