//! Opaque ids: cheap to clone, ordered by their text, never interpreted.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Rule;

/// Longest id in bytes.
const LONGEST: usize = 200;

fn checked(text: &str) -> Result<Arc<str>, Rule> {
    if text.trim().is_empty() {
        return Err(Rule::Empty);
    }
    if text.len() > LONGEST {
        return Err(Rule::TooLong {
            limit: LONGEST,
            given: text.len(),
        });
    }
    if text.chars().any(char::is_control) {
        return Err(Rule::ControlCharacter);
    }
    Ok(Arc::from(text))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// 1 to 200 bytes, not blank, without control characters.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: &str) -> Result<Self, Rule> {
                checked(text).map(Self)
            }

            /// The text as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), &self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Rule;

            fn try_from(text: String) -> Result<Self, Rule> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.to_string()
            }
        }
    };
}

id!(
    /// Names a volunteer.
    VolunteerId
);
id!(
    /// Names a role.
    RoleId
);
id!(
    /// Names the organization behind a role.
    OrganizationId
);
id!(
    /// Names a skill of the taxonomy.
    SkillId
);
id!(
    /// Names a cause.
    CauseId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_accepted_up_to_its_limit_and_refused_past_it() {
        assert!(SkillId::new(&"a".repeat(LONGEST)).is_ok());
        assert_eq!(
            SkillId::new(&"a".repeat(LONGEST + 1)),
            Err(Rule::TooLong {
                limit: LONGEST,
                given: LONGEST + 1
            })
        );
    }

    #[test]
    fn blank_and_control_characters_are_refused() {
        assert_eq!(RoleId::new("  "), Err(Rule::Empty));
        assert_eq!(RoleId::new("a\nb"), Err(Rule::ControlCharacter));
    }
}
