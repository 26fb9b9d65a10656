//! Errors of the input: each at its line and column, and at the field that is wrong.

use super::*;

/// Runs on volunteers written for the test, with the example's roles.
pub(super) fn with_volunteers(name: &str, text: impl AsRef<[u8]>) -> (TempDir, Output) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    let output = suggest(&path, &example("roles.csv"), &[]);
    (folder, output)
}

fn with_roles(text: &str) -> (TempDir, Output) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("roles.csv");
    fs::write(&path, text).unwrap();
    let output = suggest(&example("volunteers.csv"), &path, &[]);
    (folder, output)
}

#[test]
fn every_error_is_listed_with_line_and_column_and_nothing_is_printed() {
    let (_folder, output) = with_volunteers(
        "people.csv",
        "id,skills,hours_per_week,zone,windows\nv1,python:6,169,America/Nowhere,tue 22:00-02:00\nv1,sql:5,168,UTC,tue 23:00-24:00\nv1,,,,\n",
    );
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).is_empty());
    let errors = stderr(&output);
    for expected in [
        "people.csv:2:2 (skills[0]): must be from 1 to 5, not 6",
        "people.csv:2:3 (hours_per_week): must be from 0 to 168, not 169",
        "people.csv:2:4 (zone): \"America/Nowhere\" is no IANA time zone",
        "people.csv:2:5 (windows[0]): a window ends after it starts and never crosses midnight",
        "people.csv:4:1 (id): \"v1\" is given twice",
    ] {
        assert!(errors.contains(expected), "{expected} in:\n{errors}");
    }
    assert_eq!(errors.lines().count(), 5, "{errors}");
}

#[test]
fn four_must_haves_and_dates_in_the_wrong_order_are_refused_and_three_accepted() {
    let (_folder, three) =
        with_roles("id,organization,must_have,start_on,end_on\nr,o,a;b;c,2026-12-01,2026-12-01\n");
    assert!(three.status.success(), "{}", stderr(&three));
    let (_folder, four) = with_roles(
        "id,organization,must_have,start_on,end_on\nr,o,a;b;c;d,2026-12-02,2026-12-01\n",
    );
    assert_eq!(four.status.code(), Some(3));
    assert!(
        stderr(&four).contains("roles.csv:2:3 (must_have): at most 3, not 4"),
        "{}",
        stderr(&four)
    );
    assert!(
        stderr(&four).contains("roles.csv:2:5 (end_on): ends before it starts"),
        "{}",
        stderr(&four)
    );
}

#[test]
fn malformed_json_names_line_and_column() {
    let (_folder, output) =
        with_volunteers("people.jsonl", "{\"id\": \"v1\"}\n{\"id\": \"v2\",}\n");
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("people.jsonl:2:13: "),
        "{}",
        stderr(&output)
    );
    assert!(!stderr(&output).contains("line 1"), "{}", stderr(&output));
}

#[test]
fn malformed_csv_names_line_and_column() {
    let (_folder, output) = with_volunteers("people.csv", "id,name\nv1,Ada\nv2,Bo,extra\n");
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).ends_with("people.csv:3:3: cells in the row: 3; in the header: 2\n"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_unknown_field_is_an_error_and_not_ignored() {
    let (_folder, output) = with_volunteers(
        "people.jsonl",
        "{\"id\": \"v1\", \"skils\": [\"python\"]}\n",
    );
    assert!(
        stderr(&output).contains("people.jsonl:1:14 (skils): expected a known field (did you mean skills?), not \"skils\""),
        "{}",
        stderr(&output)
    );
}

#[test]
fn long_lists_of_errors_are_cut_and_counted() {
    let rows: Vec<String> = (0..60)
        .map(|number| format!("v{number},python:9"))
        .collect();
    let rows = rows.join("\n");
    let (_folder, output) = with_volunteers("people.csv", format!("id,skills\n{rows}"));
    assert_eq!(stderr(&output).lines().count(), 51);
    assert!(stderr(&output).ends_with("… and 10 more\n"));
}

#[test]
fn bad_weights_and_missing_files_are_errors_of_the_input() {
    let folder = TempDir::new().unwrap();
    let weights = folder.path().join("w.toml");
    fs::write(&weights, "version = \"x\"\n").unwrap();
    let (volunteers, roles) = (example("volunteers.csv"), example("roles.csv"));
    let output = suggest(
        &volunteers,
        &roles,
        &["--weights", weights.to_str().unwrap()],
    );
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("w.toml"), "{}", stderr(&output));
    let missing = suggest(&folder.path().join("nobody.csv"), &roles, &[]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(
        stderr(&missing).contains("nobody.csv: "),
        "{}",
        stderr(&missing)
    );
}

/// The errors in the volunteers, one a line, without the path.
fn errors(name: &str, text: impl AsRef<[u8]>) -> Vec<String> {
    let (_folder, output) = with_volunteers(name, text);
    places(&output, name)
}

fn places(output: &Output, name: &str) -> Vec<String> {
    assert_eq!(output.status.code(), Some(3), "{}", stderr(output));
    let place = format!("{name}:");
    stderr(output)
        .lines()
        .map(|line| line.split_once(&place).unwrap().1.to_owned())
        .collect()
}

#[test]
fn lines_are_those_of_the_file_however_they_end_and_whatever_is_blank() {
    let rows = "id,hours_per_week\nv1,1\nv2,169\n\n\nv3,170\n\"v\n4\",\nv5,171";
    let expected = [
        "3:2 (hours_per_week): must be from 0 to 168, not 169",
        "6:2 (hours_per_week): must be from 0 to 168, not 170",
        "7:1 (id): holds a control character",
        "9:2 (hours_per_week): must be from 0 to 168, not 171",
    ];
    for end in ["\n", "\r\n", "\r"] {
        let text = rows.replace('\n', end);
        assert_eq!(errors("people.csv", text), expected, "{end:?}");
    }
    let marked = format!("\u{feff}\r\n{}", rows.replace('\n', "\r\n"));
    let first = &errors("people.csv", marked)[0];
    assert!(first.starts_with("4:2 "), "{first}");
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_told_where_it_opens() {
    let unclosed = "a quotation mark opens here and is never closed";
    assert_eq!(
        errors(
            "people.csv",
            "id,hours_per_week,name\r\nv1,169,\"A \"\"b\"\"\r\nc\"\r\nv2,5,\"Bo\r\nv3,6,Cy\r\n"
        ),
        [
            format!("4:3: {unclosed}"),
            "2:2 (hours_per_week): must be from 0 to 168, not 169".to_owned(),
        ]
    );
    assert_eq!(
        errors("people.csv", "\u{feff}\"id,name\nv1,Ada\n"),
        [format!("1:1: {unclosed}")]
    );
    let (_folder, inches) = with_volunteers("people.csv", "id,name\nv1,12\" Bo\n");
    assert!(inches.status.success(), "{}", stderr(&inches));
}

#[test]
fn text_that_is_not_utf_8_is_refused_at_its_cell() {
    assert_eq!(
        errors("people.csv", b"id,name\nv1,Andr\xe9\nv2,x,y\n"),
        [
            "2:2: not UTF-8 text: save the file as CSV UTF-8",
            "3:3: cells in the row: 3; in the header: 2",
        ]
    );
}

#[test]
fn fields_of_json_have_a_column_and_come_once() {
    let lines = "\u{feff}{\"id\": \"v1\", \"name\": \"Zoé\", \"hours_per_week\": 169}\n{\"id\": \"v2\", \"id\": \"v3\"}\n{\"id\": \"\"}\n[1]\n";
    let mut found = errors("people.jsonl", lines);
    found.sort();
    assert_eq!(
        found[..3],
        [
            "1:29 (hours_per_week): must be from 0 to 168, not 169",
            "2:14 (id): \"id\" is given twice",
            "3:2 (id): a value is needed",
        ]
    );
    assert!(found[3].starts_with("4:1: "), "{found:?}");
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn a_mark_before_the_first_line_of_json_is_accepted() {
    let (_folder, output) = with_volunteers("people.jsonl", "\u{feff}{\"id\": \"v1\"}\r\n");
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn an_error_is_said_once_and_at_the_field_that_is_wrong() {
    let volunteer =
        |field: &str, value: &str| errors("people.csv", format!("id,{field}\nv1,{value}\n"));
    let role = |fields: &str, values: &str| {
        let (_folder, output) = with_roles(&format!("id,organization,{fields}\nr,o,{values}\n"));
        places(&output, "roles.csv")
    };
    for (found, expected) in [
        (
            volunteer("latitude,longitude", "45,200"),
            "2:3 (longitude): expected degrees from -180 to 180, not \"200\"",
        ),
        (
            volunteer("latitude,longitude", "91,0"),
            "2:2 (latitude): expected degrees from -90 to 90, not \"91\"",
        ),
        (
            volunteer("latitude,longitude", "north,75"),
            "2:2 (latitude): expected degrees, as 45.4215, not \"north\"",
        ),
        (
            volunteer("latitude,longitude", ",75"),
            "2:2 (latitude): a value is needed",
        ),
        (
            volunteer("most_placements", "256"),
            "2:2 (most_placements): must be from 1 to 20, not 256",
        ),
        (
            volunteer("most_placements", "0"),
            "2:2 (most_placements): must be from 1 to 20, not 0",
        ),
        (
            volunteer("status,paused_until", "active,2026-11-23"),
            "2:3 (paused_until): a date goes with the status paused only",
        ),
        (
            volunteer("status,paused_until", "busy,2026-11-23"),
            "2:3 (paused_until): a date goes with the status paused only",
        ),
        (
            role("suggestions_per_seat", "21"),
            "2:3 (suggestions_per_seat): must be from 1 to 20, not 21",
        ),
        (
            role("suggestions_per_seat", "0"),
            "2:3 (suggestions_per_seat): must be from 1 to 20, not 0",
        ),
        (
            role("must_have,nice_to_have", "python,sql;python:4"),
            "2:4 (nice_to_have): \"python\" is given twice",
        ),
    ] {
        assert_eq!(found, [expected]);
    }
    let ended = "id,status,paused_until\nv1,active,2026-11-22\n";
    let (_folder, output) = with_volunteers("people.csv", ended);
    assert!(
        output.status.success(),
        "a pause that is over contradicts nothing: {}",
        stderr(&output)
    );
}

#[test]
fn a_relation_given_twice_is_refused_where_it_comes_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("relations.csv");
    fs::write(&path, "weight,a,b\n0.5,python,sql\n0.5,sql,python\n").unwrap();
    let output = suggest(
        &example("volunteers.csv"),
        &example("roles.csv"),
        &["--relations", path.to_str().unwrap()],
    );
    assert_eq!(
        places(&output, "relations.csv"),
        ["3:2 (a): \"python – sql\" is given twice"]
    );
}
