//! What errors may say: a code each, bounded words, none of the values that were sent, and nothing
//! of our inner causes.

use async_graphql::{Response, ServerError, Value};

use super::coded;

/// Errors in one response; the others are dropped.
const ERRORS: usize = 10;
/// Bytes of all errors as JSON.
const BYTES: usize = 4_096;
/// Characters of one message.
const MESSAGE: usize = 240;

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
        let mut bytes = 0;
        let errors = std::mem::take(&mut response.errors);
        response.errors = errors
            .into_iter()
            .map(presentable)
            .take(ERRORS)
            .take_while(|error| {
                bytes += serde_json::to_vec(error).map_or(BYTES, |json| json.len());
                bytes <= BYTES
            })
            .collect();
        response
    }
}

/// An error of validation without what it quotes of values, and with suggestions only for those who
/// may see the schema.
pub(super) fn of_validation(mut error: ServerError, with_suggestions: bool) -> ServerError {
    if !with_suggestions && let Some(start) = error.message.find(" Did you mean") {
        error.message.truncate(start);
    }
    error.message = without_values(&error.message);
    error
}

fn presentable(mut error: ServerError) -> ServerError {
    if !has_code(&error) {
        error = match (&error.source, error.path.is_empty()) {
            (Some(_), _) => {
                tracing::error!(message = %error.message, "an error without a code left a resolver");
                "Something went wrong on our side.".clone_into(&mut error.message);
                coded(error, INTERNAL)
            }
            (None, true) => coded(without_operation_name(error), UNRESOLVED),
            (None, false) => {
                error.message = without_values(&error.message);
                coded(error, BAD_INPUT)
            }
        };
    }
    // A path is as long as the aliases that were sent; beyond sense it is left out.
    if serde_json::to_vec(&error.path).map_or(true, |json| json.len() > BYTES / 4) {
        error.path.clear();
    }
    error.locations.truncate(4);
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

fn without_operation_name(mut error: ServerError) -> ServerError {
    if error.message.starts_with("Unknown operation named") {
        "The document has no operation of the name that was asked for."
            .clone_into(&mut error.message);
    }
    error
}

/// async-graphql quotes the value that did not fit; the type that was expected says enough.
fn without_values(message: &str) -> String {
    for (before, instead) in [
        (", found ", "."),
        (
            " does not contain the value ",
            " does not have the value that was sent.",
        ),
    ] {
        if let Some((kept, _)) = message.split_once(before) {
            return format!("{kept}{instead}");
        }
    }
    message.to_owned()
}

fn shorten(message: &mut String) {
    if let Some((end, _)) = message.char_indices().nth(MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Error, PathSegment, Pos};

    use super::*;

    fn apply(errors: Vec<ServerError>) -> Vec<ServerError> {
        ErrorPolicy::apply(Response::from_errors(errors)).errors
    }

    fn code(error: &ServerError) -> &Value {
        error.extensions.as_ref().unwrap().get("code").unwrap()
    }

    #[test]
    fn at_most_ten_errors_leave() {
        assert_eq!(apply(vec![ServerError::new("no", None); 11]).len(), 10);
    }

    #[test]
    fn errors_leave_in_at_most_four_kibibytes() {
        let long = ServerError::new("é".repeat(9_000), Some(Pos { line: 1, column: 1 }));
        let errors = apply(vec![long; 10]);
        assert!(!errors.is_empty() && errors.len() < 10);
        assert!(serde_json::to_vec(&errors).unwrap().len() <= BYTES + ERRORS);
        assert_eq!(errors[0].message.chars().count(), MESSAGE + 1);
    }

    #[test]
    fn a_path_of_endless_aliases_is_left_out() {
        let path = vec![PathSegment::Field("a".repeat(9_000))];
        let errors = apply(vec![ServerError::new("no", None).with_path(path)]);
        assert_eq!((errors.len(), errors[0].path.len()), (1, 0));
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
        assert_eq!(errors[0].message, r#"Expected input type "Int"."#);
        assert_eq!(errors[1].message, "Something went wrong on our side.");
        assert!(!errors[2].message.contains("secret"));
    }

    #[test]
    fn a_code_that_is_there_stays_with_its_words() {
        let error = coded(ServerError::new("This is how, found out.", None), "STALE");
        assert_eq!(apply(vec![error.clone()]), [error]);
    }

    #[test]
    fn validation_suggests_names_only_to_those_who_may_see_them() {
        let error = || {
            ServerError::new(
                r#"Unknown field "nam" on type "Query". Did you mean "name"?"#,
                None,
            )
        };
        assert_eq!(
            of_validation(error(), false).message,
            r#"Unknown field "nam" on type "Query"."#
        );
        assert_eq!(of_validation(error(), true), error());
        let value = ServerError::new(
            r#"enumeration type "Kind" does not contain the value "secret""#,
            None,
        );
        assert!(!of_validation(value, true).message.contains("secret"));
    }
}
