//! Faults of the header line: each told once, however many rows follow.

use super::*;

/// All that is said of volunteers of this text, from the name of the file on.
fn errors(text: &str, more: &[&str]) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("people.csv");
    fs::write(&path, text).unwrap();
    let output = suggest(&path, &example("roles.csv"), more);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let errors = stderr(&output);
    let lines = errors.lines();
    lines
        .map(|line| line.split_once("people.csv:").unwrap().1.to_owned())
        .collect()
}

#[test]
fn other_separators_are_told_once_and_nothing_else() {
    for (mark, en, fr) in [
        (";", "semicolons", "des points-virgules"),
        ("\t", "tabs", "des tabulations"),
    ] {
        let text = "\nid,name,skills\nv1,Ada,python\nv2,Bo\n".replace(',', mark);
        assert_eq!(
            errors(&text, &[]),
            [format!(
                "2:1: cells must be separated by commas; line 2 has {en}"
            )]
        );
        assert_eq!(
            errors(&text, &["--lang", "fr"]),
            [format!(
                "2:1: les cellules se séparent par des virgules; la ligne 2 a {fr}"
            )]
        );
    }
}

#[test]
fn a_missing_column_is_told_once_and_a_wrong_one_names_the_one_that_is_near() {
    assert_eq!(
        errors("identity,hours\nv1,4\nv2,5\n", &[]),
        [
            "1:1: columns missing: id",
            "1:1 (identity): expected id, name, status, paused_until, skills, wants_to_learn, hours_per_week, \
             committed_hours, zone, windows, time_off, languages, latitude, longitude, radius_km, remote, causes, \
             conflicts, most_placements, current_placements, waiting_days, recent_suggestions, not \"identity\"",
            "1:2 (hours): expected a known field (did you mean hours_per_week?), not \"hours\"",
        ]
    );
    assert_eq!(
        errors("id,Hours per week\nv1,4\nv2,5\n", &["--lang", "fr"]),
        [
            "1:2 (Hours per week): attendu : un champ connu (vouliez-vous dire hours_per_week?), et non « Hours per week »"
        ]
    );
    assert_eq!(
        errors("id,name,id\nv1,Ada,v1\nv2,Bo,v2\n", &[]),
        ["1:3 (id): \"id\" is given twice"]
    );
}
