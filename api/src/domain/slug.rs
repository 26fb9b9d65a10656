//! Slugs: the readable part of an address, made once from a name and never changed afterwards.

use std::collections::HashSet;

use super::taxonomy::fold::fold;

/// The longest slug made from a name, before a number that tells it from others.
const MAX_CHARACTERS: usize = 60;

/// `name` in lower-case letters and digits, words joined by hyphens; `fallback` when nothing is left of it.
pub fn from_name(name: &str, fallback: &str) -> String {
    let folded = fold(name);
    let mut slug = String::new();
    for word in folded
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if slug.len() + word.len() >= MAX_CHARACTERS && !slug.is_empty() {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug.truncate(MAX_CHARACTERS);
    if slug.is_empty() {
        fallback.to_owned()
    } else {
        slug
    }
}

/// `base`, or `base-2`, `base-3` and so on: the first that is not taken.
pub fn first_free(base: &str, taken: &HashSet<String>) -> String {
    if !taken.contains(base) {
        return base.to_owned();
    }
    // One of so many numbers is free: `taken` holds fewer.
    (2..=taken.len() + 2)
        .map(|number| format!("{base}-{number}"))
        .find(|slug| !taken.contains(slug))
        .unwrap_or_else(|| base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_signs_leave_readable_words() {
        assert_eq!(
            from_name("L’Œuvre d’Ève : un café, 2ᵉ étage!", "project"),
            "l-oeuvre-d-eve-un-cafe-2e-etage"
        );
        assert_eq!(from_name("ᐃᓄᒃᑎᑐᑦ", "project"), "project");
    }

    #[test]
    fn a_long_name_ends_between_words() {
        let slug = from_name(&"accessibility ".repeat(9), "project");
        assert!(slug.len() <= MAX_CHARACTERS);
        assert!(slug.ends_with("accessibility"));
        assert_eq!(from_name(&"a".repeat(90), "project").len(), MAX_CHARACTERS);
    }

    #[test]
    fn a_taken_slug_gets_the_next_number() {
        let taken = ["maps", "maps-2"].map(str::to_owned).into();
        assert_eq!(first_free("maps", &taken), "maps-3");
        assert_eq!(first_free("atlas", &taken), "atlas");
    }

    proptest::proptest! {
        #[test]
        fn any_name_gives_a_slug_of_plain_characters(name in ".{0,200}") {
            let slug = from_name(&name, "project");
            proptest::prop_assert!(!slug.is_empty() && slug.len() <= MAX_CHARACTERS);
            proptest::prop_assert!(slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        }
    }
}
