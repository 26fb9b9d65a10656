//! Reads bodies as a person would, to compare text with HTML.

use std::collections::BTreeSet;

/// The web addresses in a body.
pub(super) fn links(body: &str) -> BTreeSet<&str> {
    body.split(['"', '<', '>', ' ', '\n'])
        .filter(|word| word.starts_with("https://"))
        .collect()
}

/// The text of the document's body, with tags taken out and entities read.
pub(super) fn visible(html: &str) -> String {
    let body = html.split_once("<body>").unwrap().1;
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, content) = piece.split_once('>').unwrap();
        if let Some(link) = tag.strip_prefix("a href=\"") {
            text.push_str(link.trim_end_matches('"'));
        }
        text.push(' ');
        text.push_str(content);
        text.push(' ');
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The words of a text, without the marks that only a list or a heading adds.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    text.split_whitespace()
        .map(|word| word.trim_matches([':', '-', '>', '=']).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}
