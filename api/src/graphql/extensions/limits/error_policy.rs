//! What errors may say: a code each, bounded words, nothing of what was sent, and nothing
//! of our inner causes.

use async_graphql::{Response, ServerError, Value};

use super::coded;
use super::wording;

/// Errors in one response; the others are dropped.
const ERRORS: usize = 10;
/// Bytes of all errors together, as the JSON array in the response.
const BYTES: usize = 2_048;
/// Characters of one message.
const MESSAGE: usize = 240;
/// Places in the document that one error names.
const LOCATIONS: usize = 4;

/// The code of an input that does not fit its type, found while the operation runs.
const BAD_INPUT: &str = "BAD_USER_INPUT";
/// The code of a request whose operation cannot be chosen or run on its transport.
const UNRESOLVED: &str = "OPERATION_RESOLUTION_FAILURE";
/// The code of a fault of ours.
const INTERNAL: &str = "INTERNAL";

/// Applied to every response that leaves, on every transport.
pub(super) struct ErrorPolicy;

impl ErrorPolicy {
    pub(super) fn apply(mut response: Response) -> Response {
        // The array's brackets; each error comes with the comma before it, the first with none.
        let mut room = BYTES + 1 - "[]".len();
        let errors = std::mem::take(&mut response.errors);
        response.errors = errors
            .into_iter()
            .take(ERRORS)
            .map_while(|error| {
                let error = fitted(presentable(error), room.checked_sub(",".len())?)?;
                room -= size(&error) + ",".len();
                Some(error)
            })
            .collect();
        response
    }
}

/// The error in at most so many bytes: without the path, which is as long as the aliases that were sent, and without the
/// last of its broken rules, when there is no room for them.
fn fitted(mut error: ServerError, room: usize) -> Option<ServerError> {
    if size(&error) > room {
        error.path.clear();
    }
    while size(&error) > room {
        let extensions = error.extensions.as_mut()?;
        let Some(Value::List(mut violations)) = extensions.get("violations").cloned() else {
            return None;
        };
        violations.pop();
        if violations.is_empty() {
            extensions.unset("violations");
        } else {
            extensions.set("violations", violations);
        }
    }
    Some(error)
}

/// Bytes as JSON.
fn size(error: &ServerError) -> usize {
    serde_json::to_vec(error).map_or(usize::MAX, |json| json.len())
}

fn presentable(mut error: ServerError) -> ServerError {
    if !has_code(&error) {
        error = match (&error.source, error.path.is_empty()) {
            (Some(_), _) => {
                tracing::error!(message = %error.message, "an error without a code left a resolver");
                "Something went wrong on our side.".clone_into(&mut error.message);
                coded(error, INTERNAL)
            }
            (None, true) => coded(without_names(error), UNRESOLVED),
            (None, false) => {
                error.message = wording::of_value(&error.message);
                coded(error, BAD_INPUT)
            }
        };
    }
    error.locations.truncate(LOCATIONS);
    shorten(&mut error.message);
    error
}

fn has_code(error: &ServerError) -> bool {
    let code = error
        .extensions
        .as_ref()
        .and_then(|extensions| extensions.get("code"));
    matches!(code, Some(Value::String(_)))
}

/// What the library says of an operation that it cannot run, where that names nothing of the document.
fn without_names(mut error: ServerError) -> ServerError {
    let instead = if error.message.starts_with("Unknown operation named") {
        Some("The document has no operation of the name that was asked for.")
    } else if error.message.contains(['"', '`']) || error.message.starts_with("Variable ") {
        Some("The operation cannot be run as it was asked for.")
    } else {
        None
    };
    if let Some(words) = instead {
        words.clone_into(&mut error.message);
    }
    error
}

fn shorten(message: &mut String) {
    if let Some((end, _)) = message.char_indices().nth(MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Error, PathSegment, Pos, value};

    use super::*;

    fn apply(errors: Vec<ServerError>) -> Vec<ServerError> {
        ErrorPolicy::apply(Response::from_errors(errors)).errors
    }

    fn code(error: &ServerError) -> &Value {
        error.extensions.as_ref().unwrap().get("code").unwrap()
    }

    fn bytes(errors: &[ServerError]) -> usize {
        serde_json::to_vec(errors).unwrap().len()
    }

    /// An error of exactly so many bytes as JSON.
    fn of_size(size: usize) -> ServerError {
        let error = |length| coded(ServerError::new("x".repeat(length), None), "C");
        error(size - super::size(&error(0)))
    }

    #[test]
    fn at_most_ten_errors_leave() {
        let no = coded(ServerError::new("no", None), "C");
        for (sent, told) in [(9, 9), (10, 10), (11, 10)] {
            assert_eq!(apply(vec![no.clone(); sent]).len(), told);
        }
    }

    #[test]
    fn errors_leave_in_at_most_two_kibibytes() {
        // Eight with seven commas and two brackets.
        let mut errors = vec![of_size(254); 7];
        errors.push(of_size(2_048 - 7 * 254 - 7 - 2));
        assert_eq!(bytes(&errors), 2_048);
        assert_eq!(apply(errors.clone()), errors);
        errors[7].message.push('x');
        assert_eq!(apply(errors.clone()), errors[..7]);
    }

    #[test]
    fn a_message_has_a_bounded_length() {
        let long = ServerError::new("é".repeat(9_000), Some(Pos { line: 1, column: 1 }));
        let errors = apply(vec![long; 10]);
        assert!(!errors.is_empty() && bytes(&errors) <= BYTES);
        assert_eq!(errors[0].message.chars().count(), MESSAGE + 1);
    }

    #[test]
    fn a_path_of_endless_aliases_is_left_out() {
        let path = |length: usize| vec![PathSegment::Field("a".repeat(length))];
        let told = |length| apply(vec![ServerError::new("no", None).with_path(path(length))]);
        assert_eq!(told(1_000)[0].path, path(1_000));
        assert_eq!((told(9_000).len(), told(9_000)[0].path.len()), (1, 0));
    }

    #[test]
    fn of_many_broken_rules_as_many_are_told_as_there_is_room_for() {
        let rule = |length: usize| value!({ "code": "INVALID", "message": "x".repeat(length) });
        let error = |rules: Vec<Value>| {
            let mut error = coded(ServerError::new("no", None), "INVALID_ARGUMENT");
            let extensions = error.extensions.get_or_insert_default();
            extensions.set("violations", Value::List(rules));
            error
        };
        let few = error(vec![rule(300); 5]);
        assert_eq!(apply(vec![few.clone()]), [few]);
        let told = apply(vec![error(vec![rule(500); 5])]);
        assert_eq!(told, [error(vec![rule(500); 3])]);
        let bare = coded(ServerError::new("no", None), "INVALID_ARGUMENT");
        let told = apply(vec![error(vec![rule(9_000); 5])]);
        assert_eq!(super::size(&told[0]), super::size(&bare));
        assert_eq!(code(&told[0]), &Value::from("INVALID_ARGUMENT"));
    }

    #[test]
    fn an_error_without_a_code_gets_the_one_of_its_kind() {
        let input = ServerError::new(r#"Expected input type "Int", found "secret"."#, None)
            .with_path(vec![PathSegment::Field("a".into())]);
        let cause =
            Error::new_with_source("connection to db-7 refused").into_server_error(Pos::default());
        let unknown = ServerError::new(r#"Unknown operation named "secret""#, None);
        let errors = apply(vec![input, cause, unknown]);
        assert_eq!(
            errors.iter().map(code).collect::<Vec<_>>(),
            [BAD_INPUT, INTERNAL, UNRESOLVED]
                .map(Value::from)
                .iter()
                .collect::<Vec<_>>()
        );
        assert_eq!(errors[0].message, r#"A value does not fit the type "Int"."#);
        assert_eq!(errors[1].message, "Something went wrong on our side.");
        assert!(!errors[2].message.contains("secret"));
    }

    #[test]
    fn a_code_that_is_there_stays_with_its_words() {
        let error = coded(ServerError::new("This is how, found out.", None), "STALE");
        assert_eq!(apply(vec![error.clone()]), [error]);
    }
}
