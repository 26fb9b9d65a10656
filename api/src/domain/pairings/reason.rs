//! Why something happened to a pairing: codes that are counted, and words that are told to people.

use entity::pairing::PairingSide;

use crate::error::{Code, Violation};

macro_rules! reasons {
    ($($(#[$meta:meta])* $variant:ident = $code:literal, $en:literal, $fr:literal;)+) => {
        /// Why something happened to a pairing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason {
            $($(#[$meta])* $variant,)+
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stored code; never changed once released.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// In a full sentence, English and French, neutral enough to be told to either side.
            pub const fn words(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($en, $fr),)+ }
            }
        }
    };
}

reasons! {
    /// A round or a coordinator proposed it.
    Proposed = "proposed", "The two were proposed to each other.", "Les deux ont été proposés l’un à l’autre.";
    /// The volunteer came forward.
    Interested = "interested", "The volunteer showed interest.", "La personne bénévole a manifesté son intérêt.";
    /// The organization asked.
    Invited = "invited", "The organization invited the volunteer.", "L’organisme a invité la personne bénévole.";
    /// A coordinator found it good.
    Approved = "approved", "A coordinator approved it.", "La coordination l’a approuvé.";
    /// The time in which it can be recalled unseen.
    HoldWindow = "hold_window", "It waits until it can no longer be recalled unseen.", "Il attend la fin du délai de rappel.";
    /// The hold window ended.
    Sent = "sent", "The offer was sent.", "L’offre a été envoyée.";
    /// A side said yes.
    Accepted = "accepted", "The offer was accepted.", "L’offre a été acceptée.";
    /// A decline was taken back.
    Undone = "undone", "The decline was taken back.", "Le refus a été annulé.";
    /// Nothing was said about why.
    Unspecified = "unspecified", "No reason was given.", "Aucune raison n’a été donnée.";
    /// Too little time.
    NoTime = "no_time", "There is no time for it at the moment.", "Le temps manque en ce moment.";
    /// Skills and needs are apart.
    SkillsDiffer = "skills_differ", "The skills and the needs do not match well enough.", "Les compétences et les besoins ne concordent pas assez.";
    /// Meeting times are apart.
    TimesDiffer = "times_differ", "The meeting times do not fit.", "Les heures de rencontre ne conviennent pas.";
    /// The cause or the project does not appeal.
    OtherInterests = "other_interests", "The interest lies elsewhere.", "L’intérêt se porte ailleurs.";
    /// The organization took someone else.
    SomeoneElse = "someone_else", "Someone else was chosen.", "Une autre personne a été choisie.";
    /// The need is gone.
    NoLongerNeeded = "no_longer_needed", "The help is no longer needed.", "L’aide n’est plus nécessaire.";
    /// A tie between volunteer and organization.
    ConflictOfInterest = "conflict_of_interest", "There is a tie between the two that rules the pairing out.", "Un lien entre les deux exclut ce jumelage.";
    /// Approved by mistake.
    Mistake = "mistake", "It was approved by mistake.", "Il a été approuvé par erreur.";
    /// The project changed or rests.
    ProjectChanged = "project_changed", "The project has changed or is paused.", "Le projet a changé ou est en pause.";
    /// Something else, told in the note.
    Other = "other", "There is another reason.", "Il y a une autre raison.";
    /// Nobody answered by the deadline.
    NoAnswer = "no_answer", "There was no answer in time.", "Il n’y a pas eu de réponse à temps.";
    /// All seats were taken.
    RoleFilled = "role_filled", "All seats of this role were taken.", "Toutes les places de ce rôle ont été prises.";
    /// The volunteer took as many placements as they wanted.
    VolunteerAtCapacity = "volunteer_at_capacity", "The volunteer has taken on as many roles as planned.", "La personne bénévole a accepté autant de rôles que prévu.";
    /// The volunteer's hours are spoken for.
    VolunteerOverHours = "volunteer_over_hours", "The volunteer's weekly hours are taken by another role.", "Les heures hebdomadaires de la personne bénévole sont prises par un autre rôle.";
    /// The volunteer is needed elsewhere when the role meets.
    MeetingsClash = "meetings_clash", "The volunteer's meetings for another role are at the same times.", "Les rencontres de la personne bénévole pour un autre rôle ont lieu aux mêmes heures.";
    /// The role was closed.
    RoleClosed = "role_closed", "The role was closed.", "Le rôle a été fermé.";
    /// The project ended, was cancelled or is no longer shown.
    ProjectClosed = "project_closed", "The project was closed.", "Le projet a été fermé.";
    /// The organization may not recruit at present.
    OrganizationUnavailable = "organization_unavailable", "The organization is not taking volunteers at present.", "L’organisme n’accueille pas de bénévoles pour le moment.";
    /// The volunteer took the consent to being proposed back.
    ConsentWithdrawn = "consent_withdrawn", "The volunteer no longer wishes to be proposed.", "La personne bénévole ne souhaite plus être proposée.";
    /// The volunteer has left the marketplace for good.
    VolunteerLeft = "volunteer_left", "The volunteer has left the marketplace.", "La personne bénévole a quitté la plateforme.";
    /// Who had said yes has left, or took back what that yes rested on.
    AnswerLapsed = "answer_lapsed", "An earlier yes no longer holds, so that side is asked again.", "Un accord donné plus tôt ne tient plus; cette partie est donc consultée à nouveau.";
    /// The work was done.
    PlacementCompleted = "placement_completed", "The work was completed.", "Le travail a été mené à terme.";
    /// The placement ended before the work was done.
    PlacementEnded = "placement_ended", "The placement has ended.", "Le placement a pris fin.";
}

/// What a volunteer may give as the reason of a decline or withdrawal.
pub const BY_VOLUNTEER: &[Reason] = &[
    Reason::Unspecified,
    Reason::NoTime,
    Reason::SkillsDiffer,
    Reason::TimesDiffer,
    Reason::OtherInterests,
    Reason::ConflictOfInterest,
    Reason::Other,
];
/// What an organization may give as the reason of a decline.
pub const BY_ORGANIZATION: &[Reason] = &[
    Reason::Unspecified,
    Reason::SkillsDiffer,
    Reason::TimesDiffer,
    Reason::SomeoneElse,
    Reason::NoLongerNeeded,
    Reason::ConflictOfInterest,
    Reason::Other,
];
/// What a coordinator may give as the reason of a rejection.
pub const FOR_REJECTION: &[Reason] = &[
    Reason::SkillsDiffer,
    Reason::TimesDiffer,
    Reason::SomeoneElse,
    Reason::NoLongerNeeded,
    Reason::ConflictOfInterest,
    Reason::Other,
];
/// What a coordinator may give as the reason of a recall.
pub const FOR_RECALL: &[Reason] = &[
    Reason::Mistake,
    Reason::ProjectChanged,
    Reason::NoLongerNeeded,
    Reason::ConflictOfInterest,
    Reason::OrganizationUnavailable,
    Reason::Other,
];

impl Reason {
    /// The same for one side, which hears about its own doing as such.
    pub const fn words_for(self, reader: PairingSide) -> (&'static str, &'static str) {
        match (self, reader) {
            (Self::VolunteerAtCapacity, PairingSide::Volunteer) => (
                "You have taken on as many roles as you planned.",
                "Vous avez accepté autant de rôles que vous l’aviez prévu.",
            ),
            (Self::VolunteerOverHours, PairingSide::Volunteer) => (
                "Another role takes the weekly hours that you offered.",
                "Un autre rôle prend les heures hebdomadaires que vous aviez offertes.",
            ),
            (Self::MeetingsClash, PairingSide::Volunteer) => (
                "Another role of yours meets at the same times.",
                "Un autre de vos rôles a ses rencontres aux mêmes heures.",
            ),
            (Self::NoTime, PairingSide::Volunteer) => (
                "Your profile says that you take no offers at present.",
                "Votre profil indique que vous n’acceptez pas d’offres pour le moment.",
            ),
            (Self::VolunteerLeft, PairingSide::Volunteer) => (
                "You have left the marketplace.",
                "Vous avez quitté la plateforme.",
            ),
            (Self::ConsentWithdrawn, PairingSide::Volunteer) => (
                "You no longer agree to be proposed.",
                "Vous n’acceptez plus d’être proposé ou proposée.",
            ),
            _ => self.words(),
        }
    }

    /// The reason with this stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.as_str() == code)
    }

    /// A violation at `reason` unless the reason is one of `allowed`.
    pub fn violation(self, allowed: &[Self]) -> Option<Violation> {
        (!allowed.contains(&self)).then(|| {
            Violation::new(
                Code::Invalid,
                "reason",
                "This reason does not apply here; choose another.",
                "Cette raison ne s’applique pas ici; choisissez-en une autre.",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_lead_back_to_their_reason() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.as_str()), Some(*reason));
        }
        assert_eq!(Reason::from_code("because"), None);
    }

    #[test]
    fn reports_have_words_for_every_reason_that_a_pairing_came_to_nothing() {
        use matcher::learning::reason_in_words;
        use matcher::model::Locale;

        let steps_forward = [
            Reason::Proposed,
            Reason::Interested,
            Reason::Invited,
            Reason::Approved,
            Reason::HoldWindow,
            Reason::Sent,
            Reason::Accepted,
            Reason::Undone,
        ];
        for reason in Reason::ALL {
            for locale in [Locale::En, Locale::Fr] {
                let words = reason_in_words(reason.as_str(), locale);
                let is_step = steps_forward.contains(reason);
                assert_eq!(words.is_none(), is_step, "{}", reason.as_str());
            }
        }
    }

    #[test]
    fn nobody_reads_of_oneself_as_of_a_stranger() {
        let told_to_volunteers = Reason::ALL
            .iter()
            .filter(|reason| **reason != Reason::Interested && **reason != Reason::Invited);
        for reason in told_to_volunteers {
            let (en, fr) = reason.words_for(PairingSide::Volunteer);
            assert!(!en.contains("The volunteer"), "{en}");
            assert!(!fr.contains("La personne bénévole"), "{fr}");
        }
    }
}
