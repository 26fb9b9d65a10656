//! Folding: the form in which words are searched and compared, the same for English and French.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents; hyphens, slashes and runs of spaces become one space, apostrophes become one kind.
///
/// `"Développement Front-end"` folds to `"developpement front end"`. Signs that tell skills apart (`+`, `#`, `.`) stay.
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|character| !is_combining_mark(*character))
        .flat_map(char::to_lowercase)
        .map(|character| match character {
            '’' | '‘' | 'ʼ' | '`' => '\'',
            '-' | '‐' | '‑' | '–' | '—' | '/' | '_' => ' ',
            other => other,
        })
        .collect::<String>()
        .replace('œ', "oe")
        .replace('æ', "ae");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn accents_case_hyphens_and_apostrophes_fold() {
        assert_eq!(
            fold("  Développement Front-end "),
            "developpement front end"
        );
        assert_eq!(fold("L’œuvre d'Ève"), "l'oeuvre d'eve");
        assert_eq!(fold("C++ / C#"), "c++ c#");
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in ".{0,40}") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once);
        }
    }
}
