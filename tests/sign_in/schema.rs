//! What the ways to log in add to the public contract, and that they change nothing else in it.

use std::collections::BTreeSet;

#[test]
fn they_add_to_the_schema_and_take_nothing_away() {
    let stored = include_str!("../../schema.graphql");
    let printed = api::graphql::schema::print();
    let kept: BTreeSet<&str> = stored.lines().collect();
    let now: BTreeSet<&str> = printed.lines().collect();
    let lost: Vec<_> = kept.difference(&now).collect();
    assert!(lost.is_empty(), "{lost:#?}");
    for offered in ["asskey", "dentity"] {
        assert!(!stored.contains(offered), "the default build offers none");
    }
    let added: Vec<&str> = printed
        .lines()
        .filter(|line| !kept.contains(line) && !line.trim_start().starts_with('"'))
        .collect();
    insta::assert_snapshot!(added.join("\n"));
}
