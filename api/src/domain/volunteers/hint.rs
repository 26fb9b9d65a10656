//! What would make a profile easier to match, most useful first, and how complete it is: pure, over counts.
//!
//! An empty profile is worth nothing: what the marketplace fills in by itself (zone, one placement at once) does not count.

use entity::personal::Personal;
use entity::volunteer::{self, VolunteerState};

/// A profile as far as its completeness goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question with two answers"
)]
pub struct Profile {
    /// Whether the mail address was confirmed.
    pub is_verified: bool,
    /// Whether being proposed was agreed to.
    pub agrees_to_matching: bool,
    /// Whether the volunteer wants to be proposed today.
    pub is_seeking: bool,
    /// Skills with a level.
    pub skills: usize,
    /// Weekly windows.
    pub windows: usize,
    /// Languages.
    pub languages: usize,
    /// Causes.
    pub causes: usize,
    /// Whether the hours a week are known.
    pub has_hours: bool,
    /// Whether it is known where the volunteer can work: around a place, or only remotely.
    pub has_place: bool,
    /// Whether the kind of profession is known.
    pub has_role_family: bool,
    /// Whether there are words about the volunteer.
    pub has_about: bool,
}

/// How many skills make that part complete.
const ENOUGH_SKILLS: usize = 3;

/// Something to add or to settle next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What.
    pub code: HintCode,
    /// By how many hundredths the profile becomes more complete; 0 for what does not describe the volunteer.
    pub percent: u32,
}

/// Declares the hints with their worth in hundredths and their words.
macro_rules! hints {
    ($($(#[$meta:meta])* $code:ident = $percent:literal, $en:literal, $fr:literal;)+) => {
        /// What can be added or settled, in the order in which it helps.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum HintCode {
            $($(#[$meta])* $code,)+
        }

        impl HintCode {
            /// Every hint, the most useful first.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The worth of the whole part, in hundredths of a complete profile.
            pub const fn percent(self) -> u32 {
                match self { $(Self::$code => $percent,)+ }
            }

            /// What to do and what it changes, in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$code => $en,)+ }
            }

            /// The same in French.
            pub const fn fr(self) -> &'static str {
                match self { $(Self::$code => $fr,)+ }
            }
        }
    };
}

hints! {
    /// The mail address is not confirmed: nobody is proposed before that.
    VerifyAddress = 0,
        "Confirm your mail address: until then you are not proposed for any role.",
        "Confirmez votre adresse courriel : d’ici là, aucun rôle ne vous sera proposé.";
    /// Matching was not agreed to: nobody is proposed without that.
    AgreeToMatching = 0,
        "Agree to be matched: until then you are not proposed for any role, and you can still apply yourself.",
        "Consentez au jumelage : d’ici là, aucun rôle ne vous sera proposé, mais vous pouvez postuler vous-même.";
    /// Busy, paused or gone: not proposed for now.
    Resume = 0,
        "You are not being proposed for now; set yourself active when you want to hear of roles.",
        "Aucun rôle ne vous est proposé pour le moment; redevenez actif quand vous voudrez en recevoir.";
    /// Fewer than three skills with a level.
    AddSkills = 30,
        "Add three skills or more with your level: they decide first which roles fit you.",
        "Ajoutez au moins trois compétences avec votre niveau : ce sont elles qui déterminent d’abord les rôles qui vous conviennent.";
    /// No hours a week.
    SetHours = 15,
        "Say how many hours a week you have: roles that ask for more are then not proposed to you.",
        "Indiquez vos heures par semaine : les rôles qui en demandent plus ne vous seront pas proposés.";
    /// No weekly window.
    AddWindows = 15,
        "Add the times of the week when you are free: they show whether a team’s meetings suit you.",
        "Ajoutez vos moments libres de la semaine : ils montrent si les réunions d’une équipe vous conviennent.";
    /// No language.
    AddLanguages = 12,
        "Add the languages you can work in: roles that need a language are proposed only to people who speak it.",
        "Ajoutez les langues dans lesquelles vous pouvez travailler : les rôles qui exigent une langue ne sont proposés qu’à celles et ceux qui la parlent.";
    /// Neither remote work nor a place is known.
    SetPlace = 10,
        "Say how far you travel and from where, or 0 km if you only work remotely: else roles on site anywhere may be proposed.",
        "Dites jusqu’où vous vous déplacez et d’où, ou 0 km si vous ne travaillez qu’à distance : sinon, des rôles sur place n’importe où peuvent être proposés.";
    /// No kind of profession.
    ChooseRoleFamily = 8,
        "Choose your profession: it suggests skills that others like you have.",
        "Choisissez votre profession : elle suggère les compétences de vos pairs.";
    /// No cause.
    AddCauses = 6,
        "Add the causes you care about: of two roles that fit alike, yours comes first.",
        "Ajoutez les causes qui vous tiennent à cœur : à compatibilité égale, elles passent en premier.";
    /// No words about the volunteer.
    WriteAbout = 4,
        "Write a few sentences about yourself: coordinators read them before they approve a pairing.",
        "Écrivez quelques phrases à votre sujet : les coordonnateurs les lisent avant d’approuver un jumelage.";
}

impl Profile {
    /// Reads a profile's own row; lists, address and consent are the caller's to add.
    pub fn of(volunteer: &volunteer::Model) -> Self {
        let is_set =
            |text: &Option<Personal>| text.as_ref().is_some_and(|text| !text.expose().is_empty());
        Self {
            is_seeking: volunteer.state == VolunteerState::Active,
            has_hours: volunteer.hours_per_week.is_some(),
            has_place: volunteer
                .radius_km
                .is_some_and(|radius| radius == 0 || volunteer.latitude.is_some()),
            has_role_family: volunteer.role_family_id.is_some(),
            has_about: is_set(&volunteer.about),
            ..Self::default()
        }
    }

    /// How complete the profile is, 0 to 100 hundredths.
    pub fn percent(&self) -> u32 {
        HintCode::ALL
            .iter()
            .map(|code| code.percent() - self.missing(*code))
            .sum()
    }

    /// What to do next, the most useful first; empty when nothing is missing.
    pub fn hints(&self) -> Vec<Hint> {
        HintCode::ALL
            .iter()
            .filter(|code| !self.is_settled(**code))
            .map(|code| Hint {
                code: *code,
                percent: self.missing(*code),
            })
            .collect()
    }

    /// The hundredths that a part is short of.
    fn missing(&self, code: HintCode) -> u32 {
        if self.is_settled(code) {
            return 0;
        }
        match code {
            // Each of the first three skills counts alike.
            HintCode::AddSkills => (self.skills..ENOUGH_SKILLS).fold(0, |sum, _| sum + 10),
            _ => code.percent(),
        }
    }

    fn is_settled(&self, code: HintCode) -> bool {
        match code {
            HintCode::VerifyAddress => self.is_verified,
            HintCode::AgreeToMatching => self.agrees_to_matching,
            HintCode::Resume => self.is_seeking,
            HintCode::AddSkills => self.skills >= ENOUGH_SKILLS,
            HintCode::SetHours => self.has_hours,
            HintCode::AddWindows => self.windows > 0,
            HintCode::AddLanguages => self.languages > 0,
            HintCode::SetPlace => self.has_place,
            HintCode::ChooseRoleFamily => self.has_role_family,
            HintCode::AddCauses => self.causes > 0,
            HintCode::WriteAbout => self.has_about,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn complete() -> Profile {
        Profile {
            is_verified: true,
            agrees_to_matching: true,
            is_seeking: true,
            skills: 3,
            windows: 1,
            languages: 1,
            causes: 1,
            has_hours: true,
            has_place: true,
            has_role_family: true,
            has_about: true,
        }
    }

    fn codes(profile: &Profile) -> Vec<HintCode> {
        profile.hints().iter().map(|hint| hint.code).collect()
    }

    #[test]
    fn an_empty_profile_is_not_complete_at_all_and_hears_everything() {
        assert_eq!(Profile::default().percent(), 0);
        assert_eq!(codes(&Profile::default()), HintCode::ALL);
    }

    #[test]
    fn a_complete_profile_is_whole_and_hears_nothing() {
        assert_eq!(complete().percent(), 100);
        assert_eq!(codes(&complete()), []);
    }

    #[test]
    fn what_blocks_comes_first_and_does_not_count() {
        let blocked = Profile {
            is_verified: false,
            agrees_to_matching: false,
            is_seeking: false,
            ..complete()
        };
        assert_eq!(blocked.percent(), 100);
        assert_eq!(
            codes(&blocked),
            [
                HintCode::VerifyAddress,
                HintCode::AgreeToMatching,
                HintCode::Resume
            ]
        );
    }

    #[test]
    fn each_of_the_first_three_skills_counts_alike() {
        let with = |skills| Profile {
            skills,
            ..Profile::default()
        };
        assert_eq!(
            [0, 1, 2, 3, 8].map(|skills| with(skills).percent()),
            [0, 10, 20, 30, 30]
        );
    }

    #[test]
    fn what_can_be_added_is_ordered_by_its_worth() {
        let worth: Vec<_> = HintCode::ALL
            .iter()
            .map(|code| code.percent())
            .filter(|percent| *percent > 0)
            .collect();
        assert!(worth.is_sorted_by(|a, b| a >= b));
        assert_eq!(worth.iter().sum::<u32>(), 100);
    }

    proptest! {
        #[test]
        fn what_is_there_and_what_is_hinted_make_a_whole(
            counts in prop::array::uniform4(0_usize..5),
            flags in prop::array::uniform7(any::<bool>()),
        ) {
            let [skills, windows, languages, causes] = counts;
            let [is_verified, agrees_to_matching, is_seeking, has_hours, has_place, has_role_family, has_about] = flags;
            let profile = Profile {
                is_verified, agrees_to_matching, is_seeking, skills, windows, languages, causes,
                has_hours, has_place, has_role_family, has_about,
            };
            let hinted: u32 = profile.hints().iter().map(|hint| hint.percent).sum();
            prop_assert_eq!(profile.percent() + hinted, 100);
        }
    }
}
