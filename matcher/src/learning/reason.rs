//! Why somebody said no, in words. The codes are those of the server; of others there are no words but themselves.

use crate::model::Locale;

/// The reason in words; an unknown code as it is, with spaces.
pub(super) fn words(code: &str, locale: Locale) -> String {
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
        "role_closed" => ("role closed", "rôle fermé"),
        other => return other.replace('_', " "),
    };
    locale.pick(en, fr).to_owned()
}
