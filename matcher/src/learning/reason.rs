//! Why a pairing came to nothing, in a few words. The codes are those of the server, which has whole sentences for them.

use crate::model::Locale;

/// The reason in words; an unknown code as it is, with spaces.
pub(super) fn words(code: &str, locale: Locale) -> String {
    reason_in_words(code, locale).map_or_else(|| code.replace('_', " "), str::to_owned)
}

/// A few words for a reason, by its code; `None` for a code that is not known.
pub fn reason_in_words(code: &str, locale: Locale) -> Option<&'static str> {
    let (en, fr) = match code {
        "unspecified" => ("no reason given", "aucune raison donnée"),
        "no_time" => ("no time at the moment", "pas le temps en ce moment"),
        "skills_differ" => (
            "skills and needs do not match well enough",
            "compétences et besoins trop différents",
        ),
        "times_differ" => (
            "meeting times do not fit",
            "heures de rencontre qui ne conviennent pas",
        ),
        "other_interests" => ("interests lie elsewhere", "intérêts ailleurs"),
        "someone_else" => ("someone else was chosen", "une autre personne choisie"),
        "no_longer_needed" => ("no longer needed", "aide qui n’est plus nécessaire"),
        "conflict_of_interest" => ("a tie between the two", "un lien entre les deux"),
        "mistake" => ("approved by mistake", "approuvé par erreur"),
        "project_changed" => ("project changed or paused", "projet modifié ou en pause"),
        "other" => ("another reason", "une autre raison"),
        "no_answer" => ("no answer in time", "pas de réponse à temps"),
        "role_filled" => ("all seats taken", "toutes les places prises"),
        "volunteer_at_capacity" => (
            "as many roles as planned already",
            "déjà autant de rôles que prévu",
        ),
        "volunteer_over_hours" => (
            "weekly hours taken by another role",
            "heures hebdomadaires prises par un autre rôle",
        ),
        "meetings_clash" => (
            "meetings of another role at the same times",
            "rencontres d’un autre rôle aux mêmes heures",
        ),
        "role_closed" => ("role closed", "rôle fermé"),
        "project_closed" => ("project closed", "projet fermé"),
        "organization_unavailable" => (
            "organization takes nobody at present",
            "organisme qui n’accueille personne pour le moment",
        ),
        "consent_withdrawn" => (
            "no wish to be proposed any more",
            "ne souhaite plus de propositions",
        ),
        "volunteer_left" => ("volunteer left", "bénévole qui a quitté la plateforme"),
        "answer_lapsed" => (
            "an earlier yes lapsed",
            "accord donné plus tôt devenu caduc",
        ),
        "placement_completed" => ("work completed", "travail mené à terme"),
        "placement_ended" => ("placement ended early", "placement terminé plus tôt"),
        _ => return None,
    };
    Some(locale.pick(en, fr))
}
