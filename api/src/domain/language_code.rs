//! The languages people speak, as ISO 639-1 codes. The two languages of the marketplace itself are `entity::language`.

use crate::error::{Code, Violation};

/// ISO 639-1, sorted.
const CODES: &[&str] = &[
    "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg", "bi",
    "bm", "bn", "bo", "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv", "cy", "da", "de",
    "dv", "dz", "ee", "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr", "fy",
    "ga", "gd", "gl", "gn", "gu", "gv", "ha", "he", "hi", "ho", "hr", "ht", "hu", "hy", "hz", "ia",
    "id", "ie", "ig", "ii", "ik", "io", "is", "it", "iu", "ja", "jv", "ka", "kg", "ki", "kj", "kk",
    "kl", "km", "kn", "ko", "kr", "ks", "ku", "kv", "kw", "ky", "la", "lb", "lg", "li", "ln", "lo",
    "lt", "lu", "lv", "mg", "mh", "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "na", "nb", "nd",
    "ne", "ng", "nl", "nn", "no", "nr", "nv", "ny", "oc", "oj", "om", "or", "os", "pa", "pi", "pl",
    "ps", "pt", "qu", "rm", "rn", "ro", "ru", "rw", "sa", "sc", "sd", "se", "sg", "si", "sk", "sl",
    "sm", "sn", "so", "sq", "sr", "ss", "st", "su", "sv", "sw", "ta", "te", "tg", "th", "ti", "tk",
    "tl", "tn", "to", "tr", "ts", "tt", "tw", "ty", "ug", "uk", "ur", "uz", "ve", "vi", "vo", "wa",
    "wo", "xh", "yi", "yo", "za", "zh", "zu",
];

/// Whether `code` is an ISO 639-1 code, in lower case.
pub fn is_known(code: &str) -> bool {
    CODES.binary_search(&code).is_ok()
}

/// Checks a list of languages: each known, none twice. Violations stand at `field.index`.
pub fn violations(codes: &[String], field: &str) -> Vec<Violation> {
    codes
        .iter()
        .enumerate()
        .filter_map(|(index, code)| {
            let field = format!("{field}.{index}");
            if !is_known(code) {
                Some(Violation::new(
                    Code::Unknown,
                    field,
                    format!("“{code}” is not a language code; use ISO 639-1 in lower case, such as en, fr or ar."),
                    format!("« {code} » n’est pas un code de langue; utilisez ISO 639-1 en minuscules, comme en, fr ou ar."),
                ))
            } else if codes.iter().take(index).any(|earlier| earlier == code) {
                Some(Violation::new(
                    Code::Duplicate,
                    field,
                    "This language is in the list already.",
                    "Cette langue est déjà dans la liste.",
                ))
            } else {
                None
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_whole() {
        assert!(CODES.is_sorted());
        assert_eq!(CODES.len(), 183);
        for code in ["en", "fr", "cr", "iu", "oj", "uk"] {
            assert!(is_known(code), "{code}");
        }
        for code in ["EN", "eng", "xx", "", "français"] {
            assert!(!is_known(code), "{code}");
        }
    }

    #[test]
    fn each_wrong_code_is_told_at_its_place() {
        let codes = ["en", "xx", "en"].map(str::to_owned);
        let found: Vec<_> = violations(&codes, "languages")
            .into_iter()
            .map(|violation| (violation.field, violation.code))
            .collect();
        assert_eq!(
            found,
            [
                ("languages.1".to_owned(), Code::Unknown),
                ("languages.2".to_owned(), Code::Duplicate)
            ]
        );
    }
}
