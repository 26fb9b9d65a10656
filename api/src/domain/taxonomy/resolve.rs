//! From what somebody wrote to one skill. It never guesses: what is not exactly a label, an alias or an id is refused
//! with the concepts that may have been meant.

use std::collections::HashMap;

use entity::id::SkillId;
use entity::language::Language;
use entity::{skill, skill_alias};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use super::rank::Query;
use super::{fold::fold, search};
use crate::domain::text;
use crate::error::{Code, DomainError, Violation};

/// The longest text that is looked up, in characters; the longest label has half of it.
pub const MAX_TEXT: usize = 120;
/// How much of a text a message quotes, in characters.
const QUOTED: usize = 60;
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

/// One skill for each text, or why not: `TooLong` without looking it up, `Unknown` with the nearest, `Ambiguous` with
/// the candidates. However many texts there are, it takes four statements at most.
///
/// # Errors
/// When the database fails.
pub async fn skills(
    connection: &impl ConnectionTrait,
    written: &[Written],
) -> Result<Vec<Result<skill::Model, Violation>>, DomainError> {
    let wrong = |written: &Written| text::violation(&written.text, &written.field, MAX_TEXT);
    let readable: Vec<Written> = written
        .iter()
        .filter(|written| wrong(written).is_none())
        .cloned()
        .collect();
    let exact = exact_matches(connection, &readable).await?;
    let is_exact = |written: &Written| exact.contains_key(&fold(&written.text));
    let known = if readable.iter().all(is_exact) {
        Known::default()
    } else {
        Known::load(connection).await?
    };
    Ok(written
        .iter()
        .map(|written| {
            if let Some(violation) = wrong(written) {
                return Err(violation);
            }
            match exact.get(&fold(&written.text)).map(Vec::as_slice) {
                Some([only]) => Ok(only.clone()),
                Some(several) => Err(ambiguous(written, several)),
                None => Err(not_exact(&known, written)),
            }
        })
        .collect())
}

/// By folded text: the skills with that label; when there is none, those with that alias; then the one with that id.
async fn exact_matches(
    connection: &impl ConnectionTrait,
    written: &[Written],
) -> Result<HashMap<String, Vec<skill::Model>>, DomainError> {
    if written.is_empty() {
        return Ok(HashMap::new());
    }
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

/// Every skill that is offered, and its other words: what near ones are looked for in.
#[derive(Default)]
struct Known {
    skills: Vec<skill::Model>,
    aliases: HashMap<SkillId, Vec<String>>,
}

impl Known {
    async fn load(connection: &impl ConnectionTrait) -> Result<Self, DomainError> {
        let skills = skill::Entity::find()
            .filter(skill::COLUMN.is_retired.eq(false))
            .all(connection)
            .await?;
        let mut aliases: HashMap<SkillId, Vec<String>> = HashMap::new();
        for alias in skill_alias::Entity::find().all(connection).await? {
            let words = aliases.entry(alias.skill_id).or_default();
            words.push(alias.folded);
        }
        Ok(Self { skills, aliases })
    }

    /// Every folded word for a skill.
    fn words<'a>(&'a self, skill: &'a skill::Model) -> impl Iterator<Item = &'a str> {
        let aliases = self.aliases.get(&skill.id).into_iter().flatten();
        [&skill.folded_en, &skill.folded_fr]
            .into_iter()
            .chain(aliases)
            .map(String::as_str)
    }
}

fn not_exact(known: &Known, written: &Written) -> Violation {
    let mut hits: Vec<skill::Model> = Query::new(&written.text)
        .map(|query| {
            let skills = known.skills.iter().cloned();
            search::rank_skills(skills, &known.aliases, &query, Language::En)
        })
        .unwrap_or_default()
        .into_iter()
        .map(|hit| hit.skill)
        .collect();
    if hits.len() > 1 {
        return ambiguous(written, &hits);
    }
    if hits.is_empty() {
        hits = nearest(known, &fold(&written.text));
    }
    unknown(written, &hits)
}

/// The skills with the words most like `folded`, for slips of the finger.
fn nearest(known: &Known, folded: &str) -> Vec<skill::Model> {
    let mut near: Vec<(f64, &skill::Model)> = known
        .skills
        .iter()
        .filter_map(|skill| {
            let words = known.words(skill);
            let best = words
                .filter_map(|word| likeness(folded, word))
                .reduce(f64::max)?;
            (best >= NEAR).then_some((best, skill))
        })
        .collect();
    near.sort_by(|(a, a_skill), (b, b_skill)| {
        b.total_cmp(a).then_with(|| a_skill.id.cmp(&b_skill.id))
    });
    near.into_iter().map(|(_, skill)| skill.clone()).collect()
}

/// How alike two words are, unless their lengths alone keep them apart: comparing them costs the product of both.
fn likeness(one: &str, other: &str) -> Option<f64> {
    let (one_length, other_length) = (one.chars().count(), other.chars().count());
    let (shorter, longer) = (one_length.min(other_length), one_length.max(other_length));
    // Each missing letter is a difference, and [`NEAR`] leaves 34 in a hundred.
    (shorter * 100 >= longer * 66).then(|| strsim::normalized_damerau_levenshtein(one, other))
}

fn ambiguous(written: &Written, candidates: &[skill::Model]) -> Violation {
    let (en, fr) = names(candidates);
    let text = quoted(written);
    Violation::new(
        Code::Ambiguous,
        &written.field,
        format!("“{text}” may mean several skills: {en}. Choose one."),
        format!("« {text} » peut désigner plusieurs compétences : {fr}. Choisissez-en une."),
    )
}

fn unknown(written: &Written, near: &[skill::Model]) -> Violation {
    let text = quoted(written);
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

fn quoted(written: &Written) -> String {
    let text = written.text.trim();
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
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
    fn words_are_compared_when_their_lengths_allow_it_and_near_ones_are_never_missed() {
        assert_eq!(likeness("javascript", "java"), None);
        assert!(likeness("javscript", "javascript").is_some_and(|likeness| likeness >= NEAR));
        // 67 of 100 letters are there, and that is just near enough.
        let (short, long) = ("a".repeat(67), "a".repeat(100));
        assert!(likeness(&short, &long).is_some_and(|likeness| likeness >= NEAR));
        assert_eq!(likeness(&short[2..], &long), None);
    }

    #[test]
    fn a_long_text_is_quoted_by_its_beginning() {
        let written = Written {
            text: "é".repeat(QUOTED + 1),
            field: "name".to_owned(),
        };
        assert_eq!(quoted(&written), format!("{}…", "é".repeat(QUOTED)));
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
