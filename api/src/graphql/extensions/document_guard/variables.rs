//! The size of a request's variables, whatever transport brought them. It never recurses.

use async_graphql::{Value, Variables};

use super::{GuardError, Limits};

/// The number of values in the variables.
pub(super) fn count(variables: &Variables, limits: &Limits) -> Result<usize, GuardError> {
    let mut values = 0_usize;
    // The variables object is level 1, so what it holds is level 2 if it holds anything itself.
    let mut open: Vec<(&Value, usize)> = variables.values().map(|value| (value, 1)).collect();
    while let Some((value, level)) = open.pop() {
        values += 1;
        if values > limits.variable_values {
            return Err(GuardError::VariablesTooLarge(limits.variable_values));
        }
        if matches!(value, Value::List(_) | Value::Object(_)) && level >= limits.variable_nesting {
            return Err(GuardError::VariablesTooDeep(limits.variable_nesting));
        }
        match value {
            Value::List(items) => open.extend(items.iter().map(|item| (item, level + 1))),
            Value::Object(fields) => open.extend(fields.values().map(|field| (field, level + 1))),
            _ => {}
        }
    }
    Ok(values)
}
