//! How well a concept's words fit what somebody typed: pure, the same for both languages.
//!
//! A hit begins at the start of a word, never inside one: "ai" must not find "retail".

use super::fold::fold;

/// What was typed, folded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    folded: String,
}

/// How well a text fits, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is what was typed.
    Exact,
    /// It begins with what was typed.
    Prefix,
    /// One of its words begins with what was typed.
    Word,
    /// Each typed word begins one of its words, in any order.
    Words,
}

/// How well a concept fits: by the fit first, then a label before an alias. Smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// The best fit of its words.
    pub fit: Fit,
    /// Whether only an alias fits that well.
    pub is_alias: bool,
}

impl Rank {
    /// A number that sorts as ranks do, one digit.
    pub const fn place(self) -> u8 {
        2 * self.fit as u8 + self.is_alias as u8
    }
}

impl Query {
    /// Folds `text`; none when there is no letter and no digit to look for.
    pub fn new(text: &str) -> Option<Self> {
        let folded = fold(text);
        folded
            .chars()
            .any(char::is_alphanumeric)
            .then_some(Self { folded })
    }

    /// The folded text.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The longest run of letters and digits: whatever fits contains it, and it is no pattern in SQL.
    pub fn longest_run(&self) -> &str {
        self.folded
            .split(|character: char| !character.is_alphanumeric())
            .max_by_key(|run| run.len())
            .unwrap_or_default()
    }

    /// How well an already folded text fits, if at all.
    pub fn fit(&self, text: &str) -> Option<Fit> {
        if text == self.folded {
            Some(Fit::Exact)
        } else if text.starts_with(&self.folded) {
            Some(Fit::Prefix)
        } else if starts_a_word(text, &self.folded) {
            Some(Fit::Word)
        } else {
            self.folded
                .split(' ')
                .all(|word| starts_a_word(text, word))
                .then_some(Fit::Words)
        }
    }

    /// How well a concept with these folded labels and aliases fits, if at all.
    pub fn rank<'text>(
        &self,
        labels: impl IntoIterator<Item = &'text str>,
        aliases: impl IntoIterator<Item = &'text str>,
    ) -> Option<Rank> {
        let by_label = labels.into_iter().filter_map(|text| self.fit(text)).min();
        let by_alias = aliases.into_iter().filter_map(|text| self.fit(text)).min();
        by_label
            .map(|fit| Rank {
                fit,
                is_alias: false,
            })
            .into_iter()
            .chain(by_alias.map(|fit| Rank {
                fit,
                is_alias: true,
            }))
            .min()
    }
}

/// Whether `part` stands in `text` at the start or behind a character that is neither letter nor digit.
fn starts_a_word(text: &str, part: &str) -> bool {
    text.match_indices(part).any(|(index, _)| {
        text.get(..index)
            .and_then(|before| before.chars().next_back())
            .is_none_or(|before| !before.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fit(typed: &str, text: &str) -> Option<Fit> {
        Query::new(typed).unwrap().fit(&fold(text))
    }

    #[test]
    fn a_stem_inside_a_word_is_no_hit() {
        assert_eq!(fit("ai", "Retail"), None);
        assert_eq!(fit("script", "JavaScript"), None);
        assert_eq!(fit("java", "JavaScript"), Some(Fit::Prefix));
    }

    #[test]
    fn words_behind_apostrophes_points_and_brackets_are_words() {
        assert_eq!(
            fit("accessibilité", "Tests d’accessibilité"),
            Some(Fit::Word)
        );
        assert_eq!(fit("js", "Vue.js"), Some(Fit::Word));
        assert_eq!(fit("GIS", "Mapping (GIS)"), Some(Fit::Word));
    }

    #[test]
    fn case_accents_and_hyphens_make_no_difference() {
        assert_eq!(
            fit("DEVELOPPEMENT FRONT-END", "Développement front end"),
            Some(Fit::Exact)
        );
    }

    #[test]
    fn words_fit_in_any_order_but_after_everything_else() {
        assert_eq!(fit("design service", "Service design"), Some(Fit::Words));
        assert_eq!(fit("design coffee", "Service design"), None);
    }

    #[test]
    fn signs_tell_concepts_apart() {
        assert_eq!(fit("C#", "C++"), None);
        assert_eq!(fit("c", "C++"), Some(Fit::Prefix));
        assert_eq!(Query::new(" +# "), None);
    }

    #[test]
    fn a_label_comes_before_an_alias_that_fits_as_well() {
        let query = Query::new("figma").unwrap();
        let by_label = query.rank(["figma"], []).unwrap();
        let by_alias = query.rank(["design tool"], ["figma"]).unwrap();
        let by_prefix = query.rank(["figma plugins"], []).unwrap();
        assert!(by_label < by_alias);
        assert!(by_alias < by_prefix);
        assert_eq!(query.rank(["sketch"], ["drawing"]), None);
    }

    proptest! {
        #[test]
        fn what_fits_contains_the_longest_run(typed in "[a-c +.'é-]{1,8}", text in "[a-c +.'é-]{0,20}") {
            if let Some(query) = Query::new(&typed) {
                let folded = fold(&text);
                if query.fit(&folded).is_some() {
                    prop_assert!(folded.contains(query.longest_run()));
                }
            }
        }

        #[test]
        fn every_text_fits_itself_exactly(text in "\\PC{1,30}") {
            if let Some(query) = Query::new(&text) {
                prop_assert_eq!(query.fit(&fold(&text)), Some(Fit::Exact));
            }
        }

        #[test]
        fn a_hit_never_begins_inside_a_word(part in "[a-z]{1,4}", before in "[a-z]{1,4}") {
            let text = format!("{before}{part}");
            let query = Query::new(&part).unwrap();
            prop_assume!(!text.starts_with(&part));
            prop_assert_eq!(query.fit(&text), None);
        }
    }
}
