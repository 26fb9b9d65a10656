//! The count of changes as clients see it.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// A count of changes: a whole number from 0 to 9,007,199,254,740,991, which JSON and JavaScript hold exactly. An `Int` would end
/// at 2,147,483,647. Greater is later.
pub struct Revision(pub i64);

/// A count of changes: a whole number from 0 to 9,007,199,254,740,991, which JSON and JavaScript hold exactly. An `Int` would end
/// at 2,147,483,647. Greater is later.
#[Scalar]
impl ScalarType for Revision {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => number.as_i64().map(Self),
            _ => None,
        }
        .ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        self.0.into()
    }
}
