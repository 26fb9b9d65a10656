//! What is told or known of a person, as a type: a name, an address, a place, words. It goes into a column and comes out of
//! it as the bare value does, and nothing prints it: not a log line, not a panic, not the debug form of a model around it.
//!
//! It is neither `Display` nor `Serialize`: whoever shows it to somebody says so, with [`Personal::expose`].

use std::fmt;

use sea_orm::sea_query::{ArrayType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, ColumnType, QueryResult, TryGetError, TryGetable, Value};

/// A personal value, a text unless said otherwise.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Personal<T = String>(T);

impl<T> Personal<T> {
    /// Marks a value as personal.
    pub fn new(value: impl Into<T>) -> Self {
        Self(value.into())
    }

    /// The bare value, for whoever checks it, stores it or shows it to those who may see it. It must not get into a log line
    /// or an error.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// As [`Personal::expose`], of a value that is not needed any more.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

/// The same for all values: neither content nor length.
impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

impl<T: Into<Value>> From<Personal<T>> for Value {
    fn from(personal: Personal<T>) -> Self {
        personal.0.into()
    }
}

impl<T: TryGetable> TryGetable for Personal<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        T::try_get_by(row, index).map(Self)
    }
}

impl<T: ValueType> ValueType for Personal<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <T as ValueType>::try_from(value).map(Self)
    }

    fn type_name() -> String {
        T::type_name()
    }

    fn array_type() -> ArrayType {
        T::array_type()
    }

    fn column_type() -> ColumnType {
        T::column_type()
    }
}

impl<T: Nullable> Nullable for Personal<T> {
    fn null() -> Value {
        T::null()
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _, Set};

    use super::*;
    use crate::id::SuppressionId;
    use crate::suppression::{self, SuppressionReason, SuppressionTopic};

    const ADDRESS: &str = "planted@example.org";

    fn model() -> suppression::Model {
        suppression::Model {
            id: SuppressionId::new(uuid::Uuid::nil()),
            email_normalized: Personal::new(ADDRESS),
            topic: SuppressionTopic::All,
            reason: SuppressionReason::Bounced,
            created_at: sea_orm::prelude::DateTimeUtc::default(),
        }
    }

    #[test]
    fn neither_models_nor_what_is_made_of_them_show_it() {
        let model = model();
        let set = suppression::ActiveModel {
            email_normalized: Set(model.email_normalized.clone()),
            ..Default::default()
        };
        for shown in [
            format!("{model:?}"),
            format!("{model:#?}"),
            format!("{:?}", suppression::ModelEx::from(model.clone())),
            format!("{:?}", model.clone().into_active_model()),
            format!("{set:?}"),
            format!("{:?}", Some(Personal::<f64>::new(45.5))),
        ] {
            assert!(shown.contains("Personal(…)"), "{shown}");
            assert!(!shown.contains("planted"), "{shown}");
            assert!(!shown.contains("45.5"), "{shown}");
        }
    }

    #[test]
    fn a_column_holds_the_bare_value() {
        let stored = model()
            .into_active_model()
            .get(suppression::Column::EmailNormalized);
        assert_eq!(stored.into_value(), Some(Value::from(ADDRESS)));
        let read = <Personal as ValueType>::try_from(Value::from(ADDRESS)).unwrap();
        assert_eq!(read.expose(), ADDRESS);
        assert_eq!(Value::from(None::<Personal<f64>>), Value::from(None::<f64>));
    }
}
