//! From what somebody wrote to one skill. It never guesses: what is not exactly a label, an alias or an id is refused
//! with the concepts that may have been meant.

use std::collections::HashMap;

use entity::id::SkillId;
use entity::language::Language;
use entity::{skill, skill_alias};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use super::rank::Query;
use super::{fold::fold, search};
use crate::error::{Code, DomainError, Violation};

/// The most suggestions in one message.
const MAX_SUGGESTIONS: usize = 5;
/// From this likeness on (1 is the same) a word is suggested for another: one slip in three letters.
const NEAR: f64 = 0.66;

/// A text and the input field it stands in.
#[derive(Clone, Debug)]
pub struct Written {
    /// The text.
    pub text: String,
    /// The field for violations.
    pub field: String,
}

/// One skill for each text, or why not: `Unknown` with the nearest, `Ambiguous` with the candidates.
///
/// # Errors
/// When the database fails.
pub async fn skills(
    connection: &impl ConnectionTrait,
    written: &[Written],
) -> Result<Vec<Result<skill::Model, Violation>>, DomainError> {
    let exact = exact_matches(connection, written).await?;
    let mut resolved = Vec::with_capacity(written.len());
    for written in written {
        let folded = fold(&written.text);
        let outcome = match exact.get(&folded).map(Vec::as_slice) {
            Some([only]) => Ok(only.clone()),
            Some(several) => Err(ambiguous(written, several)),
            None => Err(not_exact(connection, written).await?),
        };
        resolved.push(outcome);
    }
    Ok(resolved)
}

/// By folded text: the skills with that label; when there is none, those with that alias; then the one with that id.
async fn exact_matches(
    connection: &impl ConnectionTrait,
    written: &[Written],
) -> Result<HashMap<String, Vec<skill::Model>>, DomainError> {
    let folded: Vec<String> = written.iter().map(|written| fold(&written.text)).collect();
    let ids = written
        .iter()
        .map(|written| SkillId::new(written.text.trim()));
    let aliases = skill_alias::Entity::find()
        .filter(skill_alias::COLUMN.folded.is_in(folded.iter().cloned()))
        .all(connection)
        .await?;
    let skills = skill::Entity::find()
        .filter(skill::COLUMN.is_retired.eq(false))
        .filter(
            Condition::any()
                .add(skill::COLUMN.folded_en.is_in(folded.iter().cloned()))
                .add(skill::COLUMN.folded_fr.is_in(folded.iter().cloned()))
                .add(skill::COLUMN.id.is_in(ids))
                .add(
                    skill::COLUMN
                        .id
                        .is_in(aliases.iter().map(|alias| alias.skill_id.clone())),
                ),
        )
        .all(connection)
        .await?;
    let mut matches = HashMap::new();
    for (written, folded) in written.iter().zip(folded) {
        let has_alias = |skill: &skill::Model| {
            aliases
                .iter()
                .any(|alias| alias.skill_id == skill.id && alias.folded == folded)
        };
        let by_label = select(&skills, |skill| {
            skill.folded_en == folded || skill.folded_fr == folded
        });
        let by_alias = || select(&skills, has_alias);
        let by_id = || select(&skills, |skill| skill.id.as_str() == written.text.trim());
        let found = by_label.or_else(by_alias).or_else(by_id);
        if let Some(found) = found {
            matches.insert(folded, found);
        }
    }
    Ok(matches)
}

fn select(
    skills: &[skill::Model],
    is_meant: impl Fn(&skill::Model) -> bool,
) -> Option<Vec<skill::Model>> {
    let found: Vec<_> = skills
        .iter()
        .filter(|skill| is_meant(skill))
        .cloned()
        .collect();
    (!found.is_empty()).then_some(found)
}

async fn not_exact(
    connection: &impl ConnectionTrait,
    written: &Written,
) -> Result<Violation, DomainError> {
    let mut hits: Vec<skill::Model> = match Query::new(&written.text) {
        Some(query) => search::skills(connection, &query, None, Language::En)
            .await?
            .into_iter()
            .map(|hit| hit.skill)
            .collect(),
        None => Vec::new(),
    };
    if hits.len() > 1 {
        return Ok(ambiguous(written, &hits));
    }
    if hits.is_empty() {
        hits = nearest(connection, &fold(&written.text)).await?;
    }
    Ok(unknown(written, &hits))
}

/// The skills with the words most like `folded`, for slips of the finger.
async fn nearest(
    connection: &impl ConnectionTrait,
    folded: &str,
) -> Result<Vec<skill::Model>, DomainError> {
    let likeness = |text: &str| strsim::normalized_damerau_levenshtein(folded, text);
    let mut by_alias: HashMap<SkillId, f64> = HashMap::new();
    for alias in skill_alias::Entity::find().all(connection).await? {
        let best = by_alias.entry(alias.skill_id).or_default();
        *best = best.max(likeness(&alias.folded));
    }
    let mut near: Vec<(f64, skill::Model)> = skill::Entity::find()
        .filter(skill::COLUMN.is_retired.eq(false))
        .all(connection)
        .await?
        .into_iter()
        .map(|skill| {
            let best = likeness(&skill.folded_en)
                .max(likeness(&skill.folded_fr))
                .max(by_alias.get(&skill.id).copied().unwrap_or_default());
            (best, skill)
        })
        .filter(|(likeness, _)| *likeness >= NEAR)
        .collect();
    near.sort_by(|(a, a_skill), (b, b_skill)| {
        b.total_cmp(a).then_with(|| a_skill.id.cmp(&b_skill.id))
    });
    Ok(near.into_iter().map(|(_, skill)| skill).collect())
}

fn ambiguous(written: &Written, candidates: &[skill::Model]) -> Violation {
    let (en, fr) = names(candidates);
    let text = written.text.trim();
    Violation::new(
        Code::Ambiguous,
        &written.field,
        format!("“{text}” may mean several skills: {en}. Choose one."),
        format!("« {text} » peut désigner plusieurs compétences : {fr}. Choisissez-en une."),
    )
}

fn unknown(written: &Written, near: &[skill::Model]) -> Violation {
    let text = written.text.trim();
    let (en, fr) = names(near);
    if near.is_empty() {
        return Violation::new(
            Code::Unknown,
            &written.field,
            format!("“{text}” is not a skill we know; search the list for a near one."),
            format!(
                "« {text} » n’est pas une compétence connue; cherchez-en une proche dans la liste."
            ),
        );
    }
    Violation::new(
        Code::Unknown,
        &written.field,
        format!("“{text}” is not a skill we know. Did you mean {en}?"),
        format!("« {text} » n’est pas une compétence connue. Vouliez-vous dire {fr}?"),
    )
}

fn names(skills: &[skill::Model]) -> (String, String) {
    let join = |label: fn(&skill::Model) -> &str| {
        skills
            .iter()
            .take(MAX_SUGGESTIONS)
            .map(label)
            .collect::<Vec<_>>()
            .join(", ")
    };
    (join(|skill| &skill.label_en), join(|skill| &skill.label_fr))
}

#[cfg(test)]
mod tests {
    use entity::id::SkillCategoryId;

    use super::*;

    fn skill(id: &str, en: &str, fr: &str) -> skill::Model {
        skill::Model {
            id: SkillId::new(id),
            label_en: en.to_owned(),
            label_fr: fr.to_owned(),
            folded_en: fold(en),
            folded_fr: fold(fr),
            category_id: SkillCategoryId::new("web"),
            is_retired: false,
        }
    }

    #[test]
    fn the_messages_name_at_most_five_candidates_in_each_language() {
        let skills: Vec<_> = (1..=6)
            .map(|n| {
                skill(
                    &format!("s{n}"),
                    &format!("Design {n}"),
                    &format!("Conception {n}"),
                )
            })
            .collect();
        let written = Written {
            text: " design ".to_owned(),
            field: "skills.0.name".to_owned(),
        };
        let violation = ambiguous(&written, &skills);
        assert_eq!(violation.code, Code::Ambiguous);
        assert_eq!(violation.field, "skills.0.name");
        assert_eq!(
            violation.en,
            "“design” may mean several skills: Design 1, Design 2, Design 3, Design 4, Design 5. Choose one."
        );
        assert!(violation.fr.contains("Conception 5."));
    }

    #[test]
    fn without_a_near_skill_the_message_points_to_the_list() {
        let written = Written {
            text: "zzz".to_owned(),
            field: "name".to_owned(),
        };
        assert!(unknown(&written, &[]).en.contains("search the list"));
        assert!(
            unknown(&written, &[skill("r", "R", "R")])
                .en
                .ends_with("Did you mean R?")
        );
    }
}
