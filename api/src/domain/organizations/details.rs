//! What an organization says about itself: checked alike when it is created and when it is changed.

use entity::id::OrganizationId;
use entity::language::Language;
use entity::organization::{self, OrganizationKind};
use sea_orm::{Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use super::charity_number;
use crate::domain::taxonomy::fold::fold;
use crate::domain::text::{self, Localized, Needed};
use crate::error::{Code, DomainError, Violation};

/// The longest name, in characters.
const MAX_NAME: usize = 120;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 4_000;
/// The longest name of a city, in characters.
const MAX_CITY: usize = 100;
/// The postal abbreviations of the provinces and territories.
const PROVINCES: [&str; 13] = [
    "AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT",
];

/// What an organization says about itself.
#[derive(Clone, Debug)]
pub struct Details {
    /// Its name, 1 to 120 characters.
    pub name: String,
    /// What makes it one of public benefit.
    pub kind: OrganizationKind,
    /// Registration number, if it is a registered charity.
    pub charity_number: Option<String>,
    /// Web address.
    pub website: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Two-letter postal abbreviation of the province or territory.
    pub province: Option<String>,
    /// The language in which the description must be present.
    pub original_language: Language,
    /// What it does, up to 4,000 characters a language.
    pub description: Localized,
}

/// The same, as it is stored.
pub(super) struct Clean {
    pub(super) name: String,
    pub(super) name_folded: String,
    pub(super) charity_number: Option<String>,
    pub(super) website: Option<String>,
    pub(super) city: Option<String>,
    pub(super) province: Option<String>,
    pub(super) description: Localized,
}

impl Details {
    /// Checks everything that needs no database.
    ///
    /// # Errors
    /// Every violation at once.
    pub(super) fn clean(&self) -> Result<Clean, Vec<Violation>> {
        let website = self.website.as_deref().unwrap_or_default();
        let city = self.city.as_deref().unwrap_or_default();
        let mut violations: Vec<Violation> = [
            text::required_violation(&self.name, "name", MAX_NAME),
            text::url_violation(website, "website"),
            text::violation(city, "city", MAX_CITY),
        ]
        .into_iter()
        .flatten()
        .collect();
        let name_folded = fold(&self.name);
        let province = text::clean(self.province.as_deref()).map(|text| text.to_ascii_uppercase());
        if province
            .as_deref()
            .is_some_and(|province| !PROVINCES.contains(&province))
        {
            violations.push(Violation::new(
                Code::Unknown,
                "province",
                "Give the two letters of a province or territory, such as ON.",
                "Indiquez les deux lettres d’une province ou d’un territoire, comme QC.",
            ));
        }
        let charity_number = match text::clean(self.charity_number.as_deref())
            .map(|number| charity_number::parse(&number, "charityNumber"))
            .transpose()
        {
            Ok(number) => number,
            Err(violation) => {
                violations.push(violation);
                None
            }
        };
        violations.extend(self.description.violations(
            "description",
            MAX_DESCRIPTION,
            Needed::In(self.original_language),
        ));
        if !violations.is_empty() {
            return Err(violations);
        }
        Ok(Clean {
            name: self.name.trim().to_owned(),
            name_folded,
            charity_number,
            website: text::clean(self.website.as_deref()),
            city: text::clean(self.city.as_deref()),
            province,
            description: self.description.cleaned(),
        })
    }
}

/// Refuses a name or a charity number that another organization has, and says how to join that one.
pub(super) async fn refuse_duplicate(
    connection: &impl ConnectionTrait,
    clean: &Clean,
    own: Option<OrganizationId>,
) -> Result<(), DomainError> {
    let mut is_same = Condition::any().add(
        organization::COLUMN
            .name_folded
            .eq(clean.name_folded.as_str()),
    );
    if let Some(number) = &clean.charity_number {
        is_same = is_same.add(organization::COLUMN.charity_number.eq(number.as_str()));
    }
    let others = organization::Entity::find()
        .filter(is_same)
        .all(connection)
        .await?;
    let violations: Vec<Violation> = others
        .iter()
        .filter(|other| Some(other.id) != own)
        .map(|other| {
            let is_number =
                clean.charity_number.is_some() && other.charity_number == clean.charity_number;
            taken(other, if is_number { "charityNumber" } else { "name" })
        })
        .collect();
    if violations.is_empty() {
        Ok(())
    } else {
        Err(DomainError::Rules(violations))
    }
}

fn taken(other: &organization::Model, field: &str) -> Violation {
    let slug = &other.slug;
    let (en, fr) = if field == "name" {
        (
            "An organization of this name is here already",
            "Un organisme de ce nom est déjà inscrit",
        )
    } else {
        (
            "An organization with this charity number is here already",
            "Un organisme ayant ce numéro d’enregistrement est déjà inscrit",
        )
    };
    Violation::new(
        Code::Taken,
        field,
        format!(
            "{en}. If you belong to it, ask to join it: requestMembership with the slug {slug}."
        ),
        format!(
            "{fr}. Si vous en faites partie, demandez à le rejoindre : requestMembership avec l’identifiant court {slug}."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details() -> Details {
        Details {
            name: "Cartes pour tous".to_owned(),
            kind: OrganizationKind::Nonprofit,
            charity_number: None,
            website: None,
            city: None,
            province: Some("qc".to_owned()),
            original_language: Language::Fr,
            description: Localized {
                en: None,
                fr: Some("Des cartes.".to_owned()),
            },
        }
    }

    fn fields(details: &Details) -> Vec<String> {
        details.clean().map_or_else(
            |violations| {
                violations
                    .into_iter()
                    .map(|violation| violation.field)
                    .collect()
            },
            |_| Vec::new(),
        )
    }

    #[test]
    fn texts_pass_at_their_limit_and_not_beyond() {
        let mut details = details();
        details.name = "é".repeat(MAX_NAME);
        details.description.fr = Some("é".repeat(MAX_DESCRIPTION));
        details.city = Some("é".repeat(MAX_CITY));
        assert_eq!(fields(&details), Vec::<String>::new());
        details.name.push('e');
        details.description.fr = Some("é".repeat(MAX_DESCRIPTION + 1));
        details.city = Some("é".repeat(MAX_CITY + 1));
        assert_eq!(fields(&details), ["name", "city", "description.fr"]);
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let wrong = Details {
            name: " ".to_owned(),
            charity_number: Some("12".to_owned()),
            website: Some("example.org".to_owned()),
            province: Some("ZZ".to_owned()),
            description: Localized::default(),
            ..details()
        };
        assert_eq!(
            fields(&wrong),
            [
                "name",
                "website",
                "province",
                "charityNumber",
                "description.fr"
            ]
        );
    }

    #[test]
    fn a_province_is_stored_in_capitals() {
        let clean = details().clean().ok().unwrap();
        assert_eq!(clean.province.as_deref(), Some("QC"));
    }
}
