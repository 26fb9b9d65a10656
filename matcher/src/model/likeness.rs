//! The name that someone who mistyped another one may have meant.

/// The one of `known` that is nearest to `given`, where it is near: a letter in three may be another one, missing, too many or
/// in its neighbour's place, at most three in all. Capital letters do not count.
pub fn likeliest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let given = given.to_lowercase();
    let most = (given.chars().count() / 3).min(3);
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&given, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::likeliest;

    #[test]
    fn a_slip_of_the_fingers_finds_its_name_and_another_word_none() {
        let known = ["python", "sql", "rédaction"];
        assert_eq!(likeliest("pyhton", known), Some("python"));
        assert_eq!(likeliest("SQL", known), Some("sql"));
        assert_eq!(likeliest("redaction", known), Some("rédaction"));
        assert_eq!(likeliest("php", known), None);
        assert_eq!(likeliest("r", ["c", "go"]), None);
    }
}
