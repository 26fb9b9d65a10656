//! The words of consents, by version: what somebody agreed to can be read for as long as the act is kept. A version that was
//! shown is never changed; new words are a new version.

use entity::consent::ConsentPurpose;

use super::register::CONSENT_WORDING_VERSION;

/// Every version there was, with its words in English and in French.
const VERSIONS: &[(&str, &str, &str)] = &[(
    "2026-11",
    include_str!("../../../data/consents/2026-11/en.md"),
    include_str!("../../../data/consents/2026-11/fr.md"),
)];

/// The words of one consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The version they belong to.
    pub version: &'static str,
    /// What the consent is for.
    pub purpose: ConsentPurpose,
    /// In English.
    pub en: &'static str,
    /// In French.
    pub fr: &'static str,
}

impl Wording {
    /// Whether these words are shown now.
    pub fn is_current(&self) -> bool {
        self.version == CONSENT_WORDING_VERSION
    }
}

/// The words that are shown now, for each purpose.
pub fn current() -> Vec<Wording> {
    find(CONSENT_WORDING_VERSION)
}

/// The words of a version, for each purpose; none when there never was such a version.
pub fn find(version: &str) -> Vec<Wording> {
    let Some((version, en, fr)) = VERSIONS.iter().find(|(known, ..)| *known == version) else {
        return Vec::new();
    };
    ConsentPurpose::ALL
        .iter()
        .filter_map(|purpose| {
            Some(Wording {
                version,
                purpose: *purpose,
                en: section(en, purpose.as_str())?,
                fr: section(fr, purpose.as_str())?,
            })
        })
        .collect()
}

/// What stands below the heading of a purpose.
fn section(text: &'static str, purpose: &str) -> Option<&'static str> {
    text.split("\n## ")
        .filter_map(|section| section.split_once('\n'))
        .find(|(heading, _)| heading.trim() == purpose)
        .map(|(_, words)| words.trim())
        .filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_says_every_purpose_in_both_languages() {
        for (version, ..) in VERSIONS {
            let wordings = find(version);
            assert_eq!(wordings.len(), ConsentPurpose::ALL.len(), "{version}");
            for wording in wordings {
                assert_ne!(wording.en, wording.fr, "{version} {}", wording.purpose);
            }
        }
        assert_eq!(current().len(), ConsentPurpose::ALL.len());
        assert!(current().iter().all(Wording::is_current));
        assert!(find("1999-01").is_empty());
    }
}
