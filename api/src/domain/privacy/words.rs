//! Takes the words out of stored explanations: they may name the city of a volunteer's clock or what the volunteer told,
//! while the codes and numbers beside them go on to count.

use entity::id::VolunteerId;
use entity::personal::Personal;
use entity::{pairing, round, round_pairing};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};
use serde_json::{Value, json};

use crate::domain::matching::report::Report;
use crate::error::DomainError;

/// Takes them out of everything that was proposed of a volunteer, and of what rounds report of who was not.
pub(super) async fn take_out(
    transaction: &impl ConnectionTrait,
    volunteer_id: VolunteerId,
) -> Result<(), DomainError> {
    let pairings = pairing::Entity::find()
        .filter(pairing::COLUMN.volunteer_id.eq(volunteer_id))
        .filter(pairing::Column::Factors.is_not_null())
        .all(transaction)
        .await?;
    for pairing in pairings {
        pairing::Entity::update_many()
            .set(pairing::ActiveModel {
                factors: Set(pairing.factors.map(unworded)),
                ..Default::default()
            })
            .filter(pairing::COLUMN.id.eq(pairing.id))
            .exec(transaction)
            .await?;
    }
    let proposed = round_pairing::Entity::find()
        .filter(round_pairing::COLUMN.volunteer_id.eq(volunteer_id))
        .all(transaction)
        .await?;
    for pair in proposed {
        round_pairing::Entity::update_many()
            .set(round_pairing::ActiveModel {
                factors: Set(unworded(pair.factors)),
                ..Default::default()
            })
            .filter(round_pairing::COLUMN.round_id.eq(pair.round_id))
            .filter(round_pairing::COLUMN.role_id.eq(pair.role_id))
            .filter(round_pairing::COLUMN.volunteer_id.eq(volunteer_id))
            .exec(transaction)
            .await?;
    }
    let names_them = Expr::col(round::Column::Report)
        .cast_as("text")
        .like(format!("%{volunteer_id}%"));
    let rounds = round::Entity::find()
        .filter(names_them)
        .order_by_asc(round::Column::Id)
        // The whole report is written anew: of two that are taken out of it at once, the second reads what the first has left.
        .lock_exclusive()
        .all(transaction)
        .await?;
    for found in rounds {
        let mut report = Report::from_json(found.report.expose())?;
        report.take_out_words(volunteer_id);
        round::Entity::update_many()
            .set(round::ActiveModel {
                report: Set(Personal::new(report.to_json()?)),
                ..Default::default()
            })
            .filter(round::COLUMN.id.eq(found.id))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

fn unworded(explanation: Personal<Value>) -> Personal<Value> {
    Personal::new(without_words(explanation.into_exposed()))
}

/// The same explanation without reasons, summary, and what its factors say; their labels are everybody's. Its form stays
/// one that is read.
fn without_words(explanation: Value) -> Value {
    match explanation {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                let value = match name.as_str() {
                    "reasons" => json!([]),
                    "summary" | "words" => json!({ "en": "", "fr": "" }),
                    _ => without_words(value),
                };
                (name, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(without_words).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_and_numbers_stay() {
        let said = json!({ "en": "Tuesday evening (Inuvik time)", "fr": "mardi soir (heure locale : Inuvik)" });
        let explanation = json!({
            "reasons": [said], "summary": said, "role_view_bp": 9_000,
            "factors": [{
                "code": "windows", "points": -12, "label": { "en": "Time", "fr": "Temps" }, "words": said,
                "loss": { "points": 3, "words": said },
            }],
        });
        let left = without_words(explanation);
        assert!(!left.to_string().contains("Inuvik"));
        assert_eq!(left["role_view_bp"], 9_000);
        assert_eq!(left["factors"][0]["points"], -12);
        assert_eq!(left["factors"][0]["label"]["fr"], "Temps");
        assert_eq!(left["factors"][0]["loss"]["points"], 3);
    }
}
