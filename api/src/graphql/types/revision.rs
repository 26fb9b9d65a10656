//! The count of changes as clients see it.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// The greatest number up to which JSON's and JavaScript's numbers hold every whole one.
const MOST: i64 = (1 << 53) - 1;

/// A count of changes: a whole number from 0 to 9,007,199,254,740,991, which JSON and JavaScript hold exactly. An `Int` would end
/// at 2,147,483,647. Greater is later.
#[derive(Debug)]
pub struct Revision(pub i64);

/// A count of changes: a whole number from 0 to 9,007,199,254,740,991, which JSON and JavaScript hold exactly. An `Int` would end
/// at 2,147,483,647. Greater is later.
#[Scalar]
impl ScalarType for Revision {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
        .filter(|revision| (0..=MOST).contains(revision))
        .map(Self)
        .ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        self.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_whole_number_that_every_client_can_hold() {
        for revision in [0, 3_000_000_000, 9_007_199_254_740_991] {
            let parsed = Revision::parse(Value::from(revision)).unwrap();
            assert_eq!(parsed.0, revision);
            assert_eq!(parsed.to_value(), Value::from(revision));
        }
        let others = [
            Value::from(-1),
            Value::from(9_007_199_254_740_992_i64),
            Value::from(u64::MAX),
        ];
        for other in others
            .into_iter()
            .chain([Value::from("1"), Value::from(1.5), Value::Null])
        {
            assert!(Revision::parse(other.clone()).is_err(), "{other}");
        }
    }
}
