//! The form of a mail that is signed: "relaxed" for headers and body (RFC 6376, 3.4.2 and 3.4.4), which outlives what relays do to
//! spaces and the folding of lines.

use std::borrow::Cow;

/// A header in its relaxed form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    /// In lower case.
    pub(super) name: String,
    value: Cow<'a, str>,
}

impl Header<'_> {
    /// `name:value`, without a line end.
    pub(super) fn line(&self) -> String {
        format!("{}:{}", self.name, self.value)
    }
}

/// The headers of `head` in their order.
pub(super) fn headers(head: &str) -> Vec<Header<'_>> {
    let mut headers: Vec<Header<'_>> = Vec::new();
    for line in head.split("\r\n") {
        if line.starts_with([' ', '\t']) {
            if let Some(header) = headers.last_mut() {
                header.value.to_mut().push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push(Header {
                name: name.trim_end_matches(is_space).to_ascii_lowercase(),
                value: Cow::Borrowed(value),
            });
        }
    }
    for header in &mut headers {
        let reduced = single_spaces(&header.value);
        header.value = Cow::Owned(reduced.trim_matches(' ').to_owned());
    }
    headers
}

/// The lines of the headers that `names` name: for each name the last that was not taken yet, from the bottom up; none where
/// there is no further one.
pub(super) fn chosen(headers: &[Header<'_>], names: &[String]) -> Vec<String> {
    let mut left: Vec<&Header<'_>> = headers.iter().collect();
    let mut lines = Vec::new();
    for name in names {
        if let Some(place) = left.iter().rposition(|header| header.name == *name) {
            lines.push(left.remove(place).line());
        }
    }
    lines
}

/// The body: one space for several within a line and none at its end, and no empty lines at the end of all.
pub(super) fn body(body: &str) -> String {
    let mut lines: Vec<String> = body
        .split("\r\n")
        .map(|line| single_spaces(line).trim_end_matches(' ').to_owned())
        .collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.into_iter().map(|line| line + "\r\n").collect()
}

const fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// One space where there are several, or tabs.
fn single_spaces(text: &str) -> String {
    let mut reduced = String::with_capacity(text.len());
    for character in text.chars() {
        if !is_space(character) {
            reduced.push(character);
        } else if !reduced.ends_with(' ') {
            reduced.push(' ');
        }
    }
    reduced
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6376, 3.4.5.
    #[test]
    fn the_standards_example_is_put_as_it_says() {
        let lines: Vec<String> = headers("A: X\r\nB : Y\t\r\n\tZ  ")
            .iter()
            .map(Header::line)
            .collect();
        assert_eq!(lines, ["a:X", "b:Y Z"]);
        assert_eq!(body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
    }

    #[test]
    fn a_body_of_nothing_is_nothing_and_every_other_ends_its_last_line() {
        for (given, expected) in [
            ("", ""),
            ("\r\n", ""),
            ("\r\n\r\n", ""),
            ("a", "a\r\n"),
            ("\r\na\r\n", "\r\na\r\n"),
        ] {
            assert_eq!(body(given), expected, "{given:?}");
        }
    }

    #[test]
    fn of_headers_with_one_name_the_last_is_taken_first_and_each_once() {
        let headers = headers("A: 1\r\nB: 2\r\nA: 3");
        let names = ["a", "c", "a", "a", "b"].map(str::to_owned);
        assert_eq!(chosen(&headers, &names), ["a:3", "a:1", "b:2"]);
    }
}
