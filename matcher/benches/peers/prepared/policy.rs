//! What all pairs have in common: the numbers of the weights.

use std::io::Write as _;

use matcher::model::{BasisPoints, Snapshot, Step, Weights};
use serde_json::json;

use super::Sheet;

pub(super) fn write(sheet: &mut Sheet, snapshot: &Snapshot, weights: &Weights) {
    refuse_untranslated(snapshot, weights);
    let values =
        |table: &[BasisPoints]| -> Vec<u16> { table.iter().map(|value| value.get()).collect() };
    let steps = |steps: &[Step]| -> Vec<(u16, u16)> {
        let steps = steps.iter();
        steps.map(|step| (step.percent, step.value.get())).collect()
    };
    let (role, volunteer) = (&weights.role_view, &weights.volunteer_view);
    let policy = json!({
        "as_of": snapshot.as_of,
        "must_have_credit": weights.gates.must_have_credit,
        "minimum_score": weights.gates.minimum_score,
        "weight": {
            "must_have": role.must_have,
            "nice_to_have": role.nice_to_have,
            "evidence": role.evidence,
            "meeting": role.meeting,
            "hours": role.hours,
            "causes": volunteer.causes,
            "wish": volunteer.wish,
            "place": volunteer.place,
            "languages": volunteer.languages,
        },
        "hours_by_percent_left": steps(&weights.hours.by_percent_left),
        "wish_by_count": values(&weights.wish.by_count),
        "languages_required": weights.languages.required,
    });
    writeln!(sheet, "{policy}").unwrap();
}

/// Facts that these files have no column for. The workload does not use them, so no score here hangs on them.
fn refuse_untranslated(snapshot: &Snapshot, weights: &Weights) {
    assert!(snapshot.prohibitions.is_empty() && snapshot.pins.is_empty());
    for role in &snapshot.roles {
        assert!(role.is_accepting && role.seats_open > 0 && !role.has_learning_seat);
        assert!(role.hours_per_week.is_some_and(|hours| hours.get() > 0));
        assert!(role.meeting.is_some() && !role.causes.is_empty() && role.recent_suggestions == 0);
        assert!(!role.required_languages.is_empty());
        assert!(role.setting.is_remote() || role.setting.point().is_some());
    }
    for volunteer in &snapshot.volunteers {
        assert!(volunteer.conflicts.is_empty() && volunteer.open_placements() > 0);
        assert!(
            volunteer
                .skills
                .iter()
                .flatten()
                .all(|have| have.level.is_some())
        );
        assert!(volunteer.causes.is_some() && volunteer.languages.is_some());
        assert!(volunteer.is_remote_ok.is_some() && volunteer.hours_per_week.is_some());
    }
    // Who did not say what they wish to learn counts as neutral, which is what those count who wish nothing that is asked.
    assert_eq!(weights.wish.by_count[0], weights.neutral);
    // Only years may be unknown, or what someone wishes to learn: too little to close the gate of confidence.
    let (role, volunteer) = (&weights.role_view, &weights.volunteer_view);
    let least_asked = role.must_have + role.meeting + role.hours;
    let of_role = 10_000 * u32::from(least_asked) / u32::from(least_asked + role.evidence);
    let others = volunteer.causes + volunteer.place + volunteer.languages;
    let of_volunteer = 10_000 * u32::from(others) / u32::from(others + volunteer.wish);
    assert!(u32::midpoint(of_role, of_volunteer) > weights.gates.minimum_confidence.get().into());
}
