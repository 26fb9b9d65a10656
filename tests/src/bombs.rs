//! Requests that are out of proportion, or broken.

use serde_json::json;

/// Documents that end or freeze unguarded servers, each with the code of its refusal.
pub fn bombs() -> Vec<(String, &'static str)> {
    let nested = |open: &str, close: &str, depth: usize| {
        format!(
            "{{__typename @include(if:{}1{})}}",
            open.repeat(depth),
            close.repeat(depth)
        )
    };
    let spreads = |levels: usize, width: usize| {
        let level = |n: usize| {
            format!(
                "fragment F{n} on Query{{{}}}",
                format!("...F{} ", n + 1).repeat(width)
            )
        };
        let levels_text: Vec<String> = (0..levels).map(level).collect();
        format!(
            "{{...F0}}{}fragment F{levels} on Query{{__typename}}",
            levels_text.concat()
        )
    };
    vec![
        (nested("{a:", "}", 2_000), "NESTED_TOO_DEEP"),
        (nested("[", "]", 8_000), "NESTED_TOO_DEEP"),
        (
            format!("{}{}", "{a".repeat(5_000), "}".repeat(5_000)),
            "NESTED_TOO_DEEP",
        ),
        (spreads(7, 10), "EXPANSION_TOO_LARGE"),
        (spreads(28, 2), "EXPANSION_TOO_LARGE"),
        (
            "{...A} fragment A on Query{...B} fragment B on Query{...A}".to_owned(),
            "FRAGMENT_CYCLE",
        ),
        (
            format!("{{{}}}", "a:__typename ".repeat(21)),
            "TOO_MANY_ALIASES",
        ),
        (
            format!("{{{}}}", "__typename ".repeat(500)),
            "TOO_MANY_ROOT_FIELDS",
        ),
        (
            format!("{{__typename {}}}", "@a ".repeat(500)),
            "TOO_MANY_DIRECTIVES",
        ),
        (
            format!("query({}){{__typename}}", "$a:Int ".repeat(2_000)),
            "TOO_MANY_TOKENS",
        ),
        (
            (0..30)
                .map(|number| format!("fragment F{number} on Query{{__typename}}"))
                .fold("{...F0}".to_owned(), |document, fragment| {
                    document + &fragment
                }),
            "TOO_MANY_DEFINITIONS",
        ),
        (
            "query A{__typename} query B{__typename}".to_owned(),
            "SEVERAL_OPERATIONS",
        ),
        (
            format!("{{__typename}}{}", "#".repeat(16_384)),
            "DOCUMENT_TOO_LARGE",
        ),
    ]
}

/// One request, cut off at each place and changed by a byte at each place, over and over: 10,000 in all.
pub fn broken_requests() -> impl Iterator<Item = Vec<u8>> {
    let whole = json!({
        "query": "query A($a: [Int!]! = [1], $b: String) { viewer { id } ...F @include(if: true) } fragment F on Query { __typename }",
        "operationName": "A",
        "variables": { "a": [1, "é\u{1F3C3}", null], "b": { "c": 1.5e300 } },
    })
    .to_string()
    .into_bytes();
    let cut = (0..whole.len()).map({
        let whole = whole.clone();
        move |end| whole.get(..end).unwrap_or_default().to_vec()
    });
    let changes = (0..u8::MAX).flat_map(|step| [b'"', b'{', b'}', b'$', 0, 0xff, step]);
    let changed = changes.flat_map(move |byte| {
        let whole = whole.clone();
        (0..whole.len()).map(move |at| {
            let mut bytes = whole.clone();
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            bytes
        })
    });
    cut.chain(changed).take(10_000)
}
