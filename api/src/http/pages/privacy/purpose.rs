//! What each piece of personal data is for, and who sees it. Every column of the inventory belongs to a purpose: a test
//! holds them together.

use entity::language::Language;
use serde::Serialize;

/// A text in English and in French.
type Both = (&'static str, &'static str);

/// Some data with one purpose.
pub(super) struct Purpose {
    /// The tables, or single columns of them as `table.column`.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "a test holds it against the inventory")
    )]
    of: &'static [&'static str],
    data: Both,
    reason: Both,
    readers: Both,
}

/// A purpose in one language.
#[derive(Serialize)]
pub(super) struct Words {
    data: &'static str,
    reason: &'static str,
    readers: &'static str,
}

impl Purpose {
    /// In a language.
    pub(super) const fn words(&self, language: Language) -> Words {
        let (data, reason, readers) = match language {
            Language::En => (self.data.0, self.reason.0, self.readers.0),
            Language::Fr => (self.data.1, self.reason.1, self.readers.1),
        };
        Words {
            data,
            reason,
            readers,
        }
    }
}

const YOU_AND_STAFF: Both = ("You and the coordinators.", "Vous et la coordination.");

/// Everything that is kept about people.
pub(super) const PURPOSES: &[Purpose] = &[
    Purpose {
        of: &[
            "account.email",
            "account.email_normalized",
            "account.email_verified_at",
            "account_token.email",
        ],
        data: (
            "Mail address, and another one that you ask for",
            "Adresse courriel, et celle que vous demandez à sa place",
        ),
        reason: (
            "To log in, to write to you, and to tell two accounts apart. It is confirmed by a link, so that nobody uses yours.",
            "Pour ouvrir une session, vous écrire et distinguer les comptes. Un lien la confirme, afin que personne n’utilise la vôtre.",
        ),
        readers: (
            "You and the coordinators. The other side of a pairing sees it once both of you have accepted, while you work together, and only if you agreed to share it.",
            "Vous et la coordination. L’autre partie d’un jumelage la voit quand vous avez accepté tous les deux, tant que dure la collaboration, et seulement si vous avez consenti à la communiquer.",
        ),
    },
    Purpose {
        of: &["account.password_hash"],
        data: ("Password", "Mot de passe"),
        reason: (
            "To log in. Only a fingerprint of it is kept (Argon2id), from which it cannot be read back.",
            "Pour ouvrir une session. Seule une empreinte (Argon2id) est conservée, qui ne permet pas de le retrouver.",
        ),
        readers: ("Nobody.", "Personne."),
    },
    Purpose {
        of: &[
            "second_factor",
            "recovery_code",
            "passkey",
            "passkey_challenge",
        ],
        data: (
            "Secret of your one-time codes, recovery codes, passkeys",
            "Secret de vos codes à usage unique, codes de secours, clés d’accès",
        ),
        reason: (
            "So that a stolen password is not enough, if you set it up. The secret is sealed, of the recovery codes only fingerprints are kept, and of passkeys the half that everybody may know.",
            "Pour qu’un mot de passe volé ne suffise pas, si vous l’avez configuré. Le secret est scellé, seules des empreintes des codes de secours sont conservées, et des clés d’accès la moitié que tout le monde peut connaître.",
        ),
        readers: ("Nobody.", "Personne."),
    },
    Purpose {
        of: &["identity", "pending_log_in"],
        data: (
            "Whom an identity provider knows you as",
            "Ce sous quoi un fournisseur d’identité vous connaît",
        ),
        reason: (
            "To log in with an account that you have there, if you linked it. What a log-in that has begun waits for counts for ten minutes, is kept as fingerprints, or sealed, and is gone a day later.",
            "Pour ouvrir une session avec un compte que vous y avez, si vous l’avez lié. Ce qu’attend une ouverture de session commencée vaut dix minutes, est conservé en empreintes, ou scellé, et disparaît un jour plus tard.",
        ),
        readers: ("Nobody.", "Personne."),
    },
    Purpose {
        of: &["account.given_name"],
        data: ("Given name", "Prénom"),
        reason: (
            "To address you, and to tell an organization whom it is offered.",
            "Pour s’adresser à vous et dire à un organisme qui lui est proposé.",
        ),
        readers: (
            "You, the coordinators, and the organization of a role for which you came forward or to which you were offered, while that is open.",
            "Vous, la coordination, et l’organisme d’un rôle pour lequel vous avez manifesté votre intérêt ou qui vous a été proposé, tant que cela est en cours.",
        ),
    },
    Purpose {
        of: &["account.family_name"],
        data: ("Family name", "Nom de famille"),
        reason: (
            "So that two people who work together know each other’s name.",
            "Pour que deux personnes qui collaborent connaissent leurs noms.",
        ),
        readers: ("As for the mail address.", "Comme pour l’adresse courriel."),
    },
    Purpose {
        of: &["account.preferred_language", "account.zone"],
        data: (
            "Preferred language and time zone",
            "Langue préférée et fuseau horaire",
        ),
        reason: (
            "To write to you in your language, with times on your clock.",
            "Pour vous écrire dans votre langue, aux heures de votre horloge.",
        ),
        readers: YOU_AND_STAFF,
    },
    Purpose {
        of: &[
            "account.id",
            "account.state",
            "account.staff_role",
            "account.version",
            "account.created_at",
            "account.updated_at",
            "account_activity",
            "account_token",
            "follow_up",
            "refresh_token",
            "session",
        ],
        data: (
            "State of the account, and sessions",
            "État du compte et sessions",
        ),
        reason: (
            "To let you in and nobody else: since when an account exists, whether it is shut, when a session began, was last used and ended, and with which program. Of what opens a session, only fingerprints are kept.",
            "Pour vous laisser entrer, et personne d’autre : depuis quand un compte existe, s’il est fermé, quand une session a commencé, a servi et a pris fin, et avec quel programme. De ce qui ouvre une session, seules des empreintes sont conservées.",
        ),
        readers: YOU_AND_STAFF,
    },
    Purpose {
        of: &[
            "volunteer.role_family_id",
            "volunteer_skill",
            "volunteer_language",
            "volunteer_cause",
            "volunteer_window",
            "volunteer.zone",
        ],
        data: (
            "Profession, skills with levels and years, languages, causes, weekly hours at which you are free",
            "Profession, compétences avec niveaux et années, langues, causes, heures libres de la semaine",
        ),
        reason: (
            "To find roles that fit you, and to say why.",
            "Pour trouver des rôles qui vous conviennent et dire pourquoi.",
        ),
        readers: (
            "You, the coordinators, and the organization of a role for which you came forward or to which you were offered, while that is open.",
            "Vous, la coordination, et l’organisme d’un rôle pour lequel vous avez manifesté votre intérêt ou qui vous a été proposé, tant que cela est en cours.",
        ),
    },
    Purpose {
        of: &[
            "volunteer.id",
            "volunteer.account_id",
            "volunteer.about",
            "volunteer.about_language",
            "volunteer.state",
            "volunteer.paused_until",
            "volunteer.hours_per_week",
            "volunteer.accepts_remote",
            "volunteer.city",
            "volunteer.latitude",
            "volunteer.longitude",
            "volunteer.radius_km",
            "volunteer.max_placements",
            "volunteer.last_active_at",
            "volunteer.version",
            "volunteer.created_at",
            "volunteer.updated_at",
            "time_off",
        ],
        data: (
            "About you in your words, city or position, how far you travel, remote work, hours a week, breaks and days off, how many placements at once",
            "Présentation dans vos mots, ville ou position, distance acceptée, travail à distance, heures par semaine, pauses et absences, nombre de placements à la fois",
        ),
        reason: (
            "To find roles that you have the time for and can reach, and none when you are away.",
            "Pour trouver des rôles à votre portée, pour lesquels vous avez le temps, et aucun pendant vos absences.",
        ),
        readers: YOU_AND_STAFF,
    },
    Purpose {
        of: &["conflict_of_interest"],
        data: ("Conflicts of interest", "Conflits d’intérêts"),
        reason: (
            "So that nobody is proposed to an organization that they represent, work for or govern.",
            "Pour que personne ne soit proposé à un organisme qu’il représente, pour lequel il travaille ou qu’il dirige.",
        ),
        readers: YOU_AND_STAFF,
    },
    Purpose {
        of: &["membership"],
        data: (
            "Memberships in organizations",
            "Appartenance à des organismes",
        ),
        reason: (
            "To know who answers for an organization.",
            "Pour savoir qui répond d’un organisme.",
        ),
        readers: (
            "You, the other members, and the coordinators.",
            "Vous, les autres membres et la coordination.",
        ),
    },
    Purpose {
        of: &[
            "pairing",
            "pairing_event",
            "pairing_rule",
            "placement",
            "round_pairing",
        ],
        data: (
            "Suggestions, applications, offers, answers with their reasons and notes, placements",
            "Suggestions, candidatures, offres, réponses avec leurs motifs et notes, placements",
        ),
        reason: (
            "To put offers to both sides, to keep what was agreed, and to learn which suggestions work out.",
            "Pour soumettre les offres aux deux parties, conserver ce qui a été convenu et apprendre quelles suggestions réussissent.",
        ),
        readers: (
            "The two sides, from the moment one of them began it or it was offered. Scores and the coordinators’ notes: the coordinators only.",
            "Les deux parties, dès que l’une d’elles l’a entamé ou qu’une offre a été faite. Les pointages et les notes de la coordination : la coordination seulement.",
        ),
    },
    Purpose {
        of: &["check_in"],
        data: (
            "What you say of how a placement goes",
            "Ce que vous dites du déroulement d’un placement",
        ),
        reason: (
            "So that somebody helps when it does not go well, and notices when nobody hears of you any more.",
            "Pour que quelqu’un vous aide quand cela ne va pas, et remarque quand on est sans nouvelles de vous.",
        ),
        readers: YOU_AND_STAFF,
    },
    Purpose {
        of: &["consent", "suppression"],
        data: (
            "What you agreed to or took back, and mail you declined",
            "Ce à quoi vous avez consenti ou que vous avez retiré, et les courriels refusés",
        ),
        reason: (
            "To keep to it, and to be able to show it, as the law asks.",
            "Pour s’y tenir et pouvoir le démontrer, comme la loi l’exige.",
        ),
        readers: YOU_AND_STAFF,
    },
    Purpose {
        of: &["mail_message"],
        data: ("Mail sent to you", "Courriels envoyés"),
        reason: (
            "To send it again when a server was out of reach, to show what you were told, and to stop writing to an address that takes no mail or called it spam.",
            "Pour réessayer quand un serveur était inaccessible, montrer ce qui vous a été dit et ne plus écrire à une adresse qui n’accepte pas les courriels ou les a signalés comme pourriels.",
        ),
        readers: (
            "Coordinators see that one failed, came back or was called spam, and what it was about. Nobody looks at its words in the marketplace; whoever runs its database could.",
            "La coordination voit qu’un courriel a échoué, est revenu ou a été signalé comme pourriel, et à quel sujet. Personne n’en lit les mots dans la plateforme; qui exploite la base de données le pourrait.",
        ),
    },
    Purpose {
        of: &["idempotency_key"],
        data: (
            "What your program asked for with a key, and the first answer to it",
            "Ce que votre programme a demandé avec une clé, et la première réponse reçue",
        ),
        reason: (
            "To do once what is sent twice. Both are deleted after a day.",
            "Pour faire une seule fois ce qui est envoyé deux fois. Les deux sont supprimées après un jour.",
        ),
        readers: (
            "Your program, when it asks again; whoever runs the database could.",
            "Votre programme, lorsqu’il redemande; qui exploite la base de données le pourrait.",
        ),
    },
    Purpose {
        of: &["audit_event"],
        data: ("A trail of decisions", "Un journal des décisions"),
        reason: (
            "To show who decided what, and that nobody changed that later. It names accounts by number and holds no names, addresses or texts.",
            "Pour montrer qui a décidé quoi, et que personne ne l’a changé après coup. Il désigne les comptes par numéro et ne contient ni nom, ni adresse, ni texte.",
        ),
        readers: (
            "Whoever runs the marketplace.",
            "Les responsables de la plateforme.",
        ),
    },
    Purpose {
        of: &["round", "vetting_record", "worklist_note"],
        data: (
            "Rounds of matching, vettings of organizations and what you see to, if you are a coordinator",
            "Rondes de jumelage, vérifications d’organismes et ce dont vous vous occupez, si vous faites partie de la coordination",
        ),
        reason: (
            "To know who answers for a decision, and who sees to what.",
            "Pour savoir qui répond d’une décision, et qui s’occupe de quoi.",
        ),
        readers: ("The coordinators.", "La coordination."),
    },
    Purpose {
        of: &["personal_read"],
        data: ("Who looked at whose profile", "Qui a consulté quel profil"),
        reason: (
            "So that you can see it, day by day, and that nobody looks without a reason.",
            "Pour que vous puissiez le voir, jour par jour, et que personne ne consulte sans raison.",
        ),
        readers: (
            "You, of your own; whoever runs the marketplace.",
            "Vous, pour le vôtre; les responsables de la plateforme.",
        ),
    },
    Purpose {
        of: &[],
        data: ("Your network address", "Votre adresse réseau"),
        reason: (
            "To slow down whoever tries passwords by the thousand. It is counted for minutes or hours and never stored in readable form.",
            "Pour ralentir qui essaie des mots de passe par milliers. Elle est comptée pendant des minutes ou des heures et jamais conservée sous forme lisible.",
        ),
        readers: ("Nobody.", "Personne."),
    },
];

#[cfg(test)]
mod tests {
    use crate::domain::privacy::inventory::HELD;

    use super::*;

    fn told() -> impl Iterator<Item = &'static str> {
        PURPOSES
            .iter()
            .flat_map(|purpose| purpose.of.iter().copied())
    }

    #[test]
    fn every_column_about_people_has_a_purpose() {
        let missing: Vec<String> = HELD
            .iter()
            .flat_map(|held| {
                let columns = held.columns.iter();
                columns.map(|column| (held.table, format!("{}.{}", held.table, column.name)))
            })
            .filter(|(table, column)| !told().any(|one| one == *table || one == column))
            .map(|(_, column)| column)
            .collect();
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn what_is_told_of_is_held() {
        for one in told() {
            let (table, column) = one.split_once('.').unwrap_or((one, ""));
            let is_held = HELD.iter().any(|held| {
                let mut columns = held.columns.iter();
                held.table == table
                    && (column.is_empty() || columns.any(|held| held.name == column))
            });
            assert!(is_held, "{one}");
        }
    }
}
