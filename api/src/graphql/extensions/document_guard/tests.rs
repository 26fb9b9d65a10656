//! Both sides of every limit, the two ways in which documents are known to kill servers, the places
//! where text could hide from the guard, and properties over random documents.

#![allow(clippy::format_collect, reason = "documents under test are short")]

use super::*;

fn stats(document: &str) -> Stats {
    check(document, &Limits::default()).unwrap()
}

fn refusal(document: &str) -> GuardError {
    check(document, &Limits::default()).unwrap_err()
}

fn assert_edge(document: impl Fn(usize) -> String, limit: usize, error: &GuardError) {
    let accepted = check(&document(limit), &Limits::default());
    assert!(accepted.is_ok(), "{limit} is allowed, but: {accepted:?}");
    assert_eq!(&refusal(&document(limit + 1)), error);
}

/// `{a a a …}` with fragments around so that root fields are not what is counted.
fn nested_fields(count: usize) -> String {
    format!("{{v{{{}}}}}", "a ".repeat(count))
}

#[test]
fn every_limit_is_the_largest_number_accepted() {
    assert_edge(
        |bytes| format!("{{a}}{}", "#".repeat(bytes - 3)),
        16_384,
        &GuardError::TooLarge(16_384),
    );
    assert_edge(
        |tokens| nested_fields(tokens - 5),
        2_000,
        &GuardError::TooManyTokens(2_000),
    );
    assert_edge(
        |depth| format!("{}a{}", "{a".repeat(depth - 1) + "{", "}".repeat(depth)),
        24,
        &GuardError::NestedTooDeep(24),
    );
    assert_edge(
        |aliases| format!("{{v{{{}}}}}", "x:a ".repeat(aliases)),
        20,
        &GuardError::TooManyAliases(20),
    );
    assert_edge(
        |fields| format!("{{{}}}", "a ".repeat(fields)),
        20,
        &GuardError::TooManyRootFields(20),
    );
    assert_edge(
        |directives| format!("{{a{}}}", "@b".repeat(directives)),
        10,
        &GuardError::TooManyDirectives(10),
    );
    assert_edge(
        |definitions| format!("{{a}}{}", "fragment F on Q{a}".repeat(definitions - 1)),
        30,
        &GuardError::TooManyDefinitions(30),
    );
    assert_edge(
        // v, 399 fields and 100 spreads of 35 fields each, then the rest.
        |selections| {
            format!(
                "{{v{{{}{}}}}} fragment F on V{{{}}}",
                "...F ".repeat(100),
                "a ".repeat(selections - 3_601),
                "a ".repeat(35)
            )
        },
        4_000,
        &GuardError::ExpansionTooLarge(4_000),
    );
    assert_eq!(stats("query A{a}").definitions, 1);
    for two in [
        "query A{a} query B{a}",
        "{a}{a}",
        "{a} mutation{a}",
        "subscription S{a}{a}",
    ] {
        assert_eq!(refusal(two), GuardError::SeveralOperations, "{two}");
    }
}

#[test]
fn each_kind_of_bracket_counts_towards_nesting() {
    for (open, close) in [("{a:", "}"), ("[", "]")] {
        let literal =
            |depth: usize| format!("{{a(b:{}1{})}}", open.repeat(depth), close.repeat(depth));
        assert_eq!(stats(&literal(22)).nesting, 24);
        assert_eq!(refusal(&literal(23)), GuardError::NestedTooDeep(24));
    }
    let type_of =
        |depth: usize| format!("query($a:{}T{}){{a}}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(stats(&type_of(23)).nesting, 24);
    assert_eq!(refusal(&type_of(24)), GuardError::NestedTooDeep(24));
}

#[test]
fn a_bomb_of_nested_literals_is_refused_at_the_limit() {
    let bomb = format!(
        "{{__typename @include(if:{}1{})}}",
        "{a:".repeat(2_000),
        "}".repeat(2_000)
    );
    assert!(bomb.len() > 8_000 && bomb.len() < 8_192);
    assert_eq!(refusal(&bomb), GuardError::NestedTooDeep(24));
}

/// Seven levels of ten spreads: ten million fields out of some 600 bytes.
fn fan_out() -> String {
    let levels: String = (0..7)
        .map(|level| {
            format!(
                "fragment F{level} on Query{{{}}}",
                format!("...F{} ", level + 1).repeat(10)
            )
        })
        .collect();
    format!("{{...F0}}{levels}fragment F7 on Query{{__typename}}")
}

#[test]
fn a_fan_out_of_fragments_is_weighed_without_being_walked() {
    assert!(fan_out().len() < 700);
    assert_eq!(refusal(&fan_out()), GuardError::ExpansionTooLarge(4_000));
    // 2^60 leaves saturate nothing and take no time: each fragment is weighed once.
    let mut roomy = Limits {
        expansion: usize::MAX,
        root_fields: usize::MAX,
        tokens: 100_000,
        ..Limits::default()
    };
    roomy.definitions = 100;
    let doubling: String = (0..60)
        .map(|level| format!("fragment F{level} on Q{{...F{0} ...F{0}}}", level + 1))
        .collect();
    let weighed = check(
        &format!("{{...F0}}{doubling}fragment F60 on Q{{a}}"),
        &roomy,
    )
    .unwrap();
    assert_eq!(weighed.root_fields, 1 << 60);
}

#[test]
fn cycles_of_fragments_are_refused_wherever_they_are() {
    for document in [
        "{...A} fragment A on Q{...A}",
        "{...A} fragment A on Q{a{...B}} fragment B on Q{... on Q{...A}}",
        "{a} fragment A on Q{...B} fragment B on Q{...C} fragment C on Q{...B}",
    ] {
        assert_eq!(refusal(document), GuardError::FragmentCycle, "{document}");
    }
    // A fragment that is spread twice, or never, is no cycle.
    assert_eq!(
        stats("{...A ...B} fragment A on Q{...C} fragment B on Q{...C} fragment C on Q{a}")
            .expansion,
        6
    );
}

#[test]
fn root_fields_are_counted_through_fragments_and_not_below_fields() {
    assert_eq!(
        stats("{a ...{b ... on Q @x {c{d e}}} ...F} fragment F on Q{f{g} h}").root_fields,
        5
    );
    assert_eq!(stats("{a{...F}} fragment F on Q{f g h}").root_fields, 1);
    let hidden = format!("{{...F ...F ...F}} fragment F on Q{{{}}}", "a ".repeat(7));
    assert_eq!(refusal(&hidden), GuardError::TooManyRootFields(20));
}

#[test]
fn aliases_are_told_from_arguments_and_variables() {
    let document = "query($a:Int=1,$b:[T!]!){x:a(b:{c:1,d:[$a]}) @skip(if:$b) y:a}";
    let counted = stats(document);
    assert_eq!(
        (
            counted.aliases,
            counted.root_fields,
            counted.directives,
            counted.variable_uses
        ),
        (2, 2, 1, 4)
    );
}

#[test]
fn nothing_hides_in_comments_strings_or_byte_order_marks() {
    let deep = "[".repeat(100);
    for harmless in [
        format!("#{deep}\n{{a}}"),
        format!("{{a(b:\"{deep}\")}}"),
        format!("{{a(b:\"\\\"{deep}\\u005B\")}}"),
        format!("{{a(b:\"\"\"{deep}\" \\\"\"\" \n {deep}\"\"\")}}"),
        "\u{feff}{a}".to_owned(),
    ] {
        assert!(stats(&harmless).nesting <= 2, "{harmless}");
    }
    let close = "]".repeat(100);
    for harmful in [
        format!("#\"\n{{a(b:{deep}1{close}#\"\n)}}"),
        format!("#\"\"\"\r{{a(b:{deep}1{close})}}#\"\"\""),
        format!("{{a(b:\"\\\\\",c:{deep}1{close},d:\"\\\\\")}}"),
        format!("{{a(b:\"\",c:{deep}1{close},d:\"\")}}"),
        format!("{{a(b:\"\"\"\\\\ \"\"\",c:{deep}1{close},d:\"\"\"\"\"\")}}"),
        format!("\u{feff}{{a(b:\u{feff}{deep}1{close})}}"),
    ] {
        assert_eq!(
            refusal(&harmful),
            GuardError::NestedTooDeep(24),
            "{harmful}"
        );
    }
}

#[test]
fn what_two_parsers_could_read_differently_is_refused() {
    for document in [
        // Some parsers take a keyword off the front of a longer word.
        "fragmentF on Q{a}",
        "queryA{a}",
        // A fragment called `on` turns `... on T` into something else when a comment follows.
        "{...on#\nF} fragment on on Q{a}",
        // Strings that do not end; a parser may take `\"\"` and go on.
        "{a(b:[\"\"\"x\" [1]])}",
        "{a(b:\"x)}",
        "{a(b:\"x\n\")}",
        "{a]",
        "{a(b:[1)]}",
        "}",
        "{...}",
        "{a(...F)}",
        "{a @(b:1)}",
        "{a} é",
    ] {
        assert!(
            matches!(refusal(document), GuardError::Malformed { .. }),
            "{document}"
        );
    }
}

#[test]
fn a_malformed_text_is_told_by_its_place_only() {
    let error = refusal("{\n  é\u{301} secret");
    assert_eq!(error, GuardError::Malformed { line: 2, column: 3 });
    assert_eq!(
        error.to_string(),
        "The document has a syntax error at line 2, column 3."
    );
}

fn variables(json: serde_json::Value) -> Variables {
    Variables::from_json(json)
}

fn nested_list(levels: usize) -> serde_json::Value {
    (0..levels).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]))
}

#[test]
fn variables_are_bounded_in_depth_size_and_use() {
    let limits = Limits::default();
    let one_use = Stats {
        variable_uses: 1,
        ..stats("{a}")
    };
    let judge =
        |json: serde_json::Value, stats: &Stats| check_variables(&variables(json), stats, &limits);

    let nested = |levels: usize| serde_json::json!({ "a": nested_list(levels - 1) });
    assert_eq!(judge(nested(24), &one_use), Ok(()));
    assert_eq!(
        judge(nested(25), &one_use),
        Err(GuardError::VariablesTooDeep(24))
    );

    let many = |values: usize| serde_json::json!({ "a": vec![1; values - 1] });
    assert_eq!(judge(many(10_000), &one_use), Ok(()));
    assert_eq!(
        judge(many(10_001), &one_use),
        Err(GuardError::VariablesTooLarge(10_000))
    );

    let uses = |variable_uses| Stats {
        variable_uses,
        ..one_use
    };
    assert_eq!(judge(many(10_000), &uses(20)), Ok(()));
    assert_eq!(
        judge(many(10_000), &uses(21)),
        Err(GuardError::VariablesTooOften)
    );
}

#[test]
fn uses_of_variables_multiply_with_fragments() {
    let document = "query($v:[Int]){...F ...F a(b:$v)} fragment F on Q{x:a(b:$v)}";
    assert_eq!(stats(document).variable_uses, 4);
}

#[test]
fn every_refusal_has_its_own_code_and_says_what_to_do() {
    let errors = [
        GuardError::TooLarge(1),
        GuardError::TooManyTokens(1),
        GuardError::NestedTooDeep(1),
        GuardError::TooManyAliases(1),
        GuardError::TooManyRootFields(1),
        GuardError::TooManyDirectives(1),
        GuardError::TooManyDefinitions(1),
        GuardError::SeveralOperations,
        GuardError::ExpansionTooLarge(1),
        GuardError::FragmentCycle,
        GuardError::Malformed { line: 1, column: 1 },
        GuardError::VariablesTooDeep(1),
        GuardError::VariablesTooLarge(1),
        GuardError::VariablesTooOften,
    ];
    insta::assert_snapshot!(
        errors
            .iter()
            .map(|error| format!("{}: {error}\n", error.code()))
            .collect::<String>()
    );
    let codes: std::collections::HashSet<_> = errors.iter().map(GuardError::code).collect();
    assert_eq!(codes.len(), errors.len());
}

mod properties;
mod schema;
