//! What the engine predicted of a pair when it proposed it, read from the explanation stored with the pairing.

use std::collections::{BTreeMap, BTreeSet};

use matcher::engine::{FactorCode, View};
use matcher::model::BasisPoints;
use serde::Deserialize;

/// What was predicted of a pair.
pub(super) struct Prediction {
    pub(super) deductions: BasisPoints,
    pub(super) values: BTreeMap<FactorCode, BasisPoints>,
}

impl Prediction {
    /// Nothing is known of it.
    pub(super) const NONE: Self = Self {
        deductions: BasisPoints::LEAST,
        values: BTreeMap::new(),
    };
}

/// A stored prediction that this program does not understand, with the factors that it does not know.
pub(super) struct Unread(pub(super) BTreeSet<String>);

/// Reads a stored prediction whole or not at all: with a factor missing it would be another.
pub(super) fn predicted(factors: &serde_json::Value) -> Result<Prediction, Unread> {
    let another_form = || Unread(BTreeSet::new());
    let stored = Stored::deserialize(factors).map_err(|_| another_form())?;
    let mut values = BTreeMap::new();
    let mut unknown = BTreeSet::new();
    let mut deductions = 0;
    for factor in stored.factors {
        let value = BasisPoints::new(factor.value_bp.into()).map_err(|_| another_form())?;
        match (factor.code, factor.view) {
            (StoredCode::Unknown(code), _) => {
                unknown.insert(code);
            }
            (StoredCode::Known(_), View::Adjustment) => deductions += i64::from(value.get()),
            (StoredCode::Known(code), View::Role | View::Volunteer) => {
                values.insert(code, value);
            }
        }
    }
    if !unknown.is_empty() {
        return Err(Unread(unknown));
    }
    Ok(Prediction {
        deductions: BasisPoints::new(deductions).map_err(|_| another_form())?,
        values,
    })
}

/// What learning needs of a stored explanation; the words stay where they are.
#[derive(Deserialize)]
struct Stored {
    factors: Vec<StoredFactor>,
}

#[derive(Deserialize)]
struct StoredFactor {
    code: StoredCode,
    view: View,
    value_bp: u16,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum StoredCode {
    Known(FactorCode),
    Unknown(String),
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_prediction_is_read_whole_or_not_at_all() {
        let factor = |code: &str, view: &str, value: u32| json!({ "code": code, "view": view, "value_bp": value });
        let of = |factors: &[serde_json::Value]| predicted(&json!({ "factors": factors }));
        let found = of(&[
            factor("hours", "role", 7_000),
            factor("load", "adjustment", 200),
            factor("waiting", "adjustment", 30),
        ]);
        let found = found.ok().unwrap();
        assert_eq!(found.deductions.get(), 230);
        assert_eq!(
            found.values,
            BTreeMap::from([(FactorCode::Hours, BasisPoints::new(7_000).unwrap())])
        );
        let unknown = of(&[
            factor("hours", "role", 7_000),
            factor("charm", "role", 1),
            factor("aura", "volunteer", 1),
        ]);
        let Err(Unread(factors)) = unknown else {
            panic!("read without some of its factors")
        };
        assert_eq!(factors.into_iter().collect::<Vec<_>>(), ["aura", "charm"]);
        for other in [
            of(&[factor("hours", "role", 10_001)]),
            of(&[json!({ "code": "hours" })]),
            predicted(&json!({})),
        ] {
            let Err(Unread(factors)) = other else {
                panic!("read in a form that is none")
            };
            assert!(factors.is_empty());
        }
    }
}
