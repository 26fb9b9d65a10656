//! What a setting is, and how the list of them is printed.

use std::fmt::Write as _;

use super::settings::SETTINGS;

/// What every key begins with.
pub const PREFIX: &str = "MARKETPLACE_";

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The key without [`PREFIX`].
    pub key: &'static str,
    /// What holds when it is not set; empty for "none".
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// One of the list.
pub(super) const fn setting(
    key: &'static str,
    default: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting {
        key,
        default,
        meaning,
    }
}

/// The text of `.env.example`.
pub fn env_example() -> String {
    let mut text = String::from(
        "# Every setting with its default and meaning. Printed by `marketplace env-example`; a test compares it.\n",
    );
    for setting in SETTINGS {
        let quote = if setting.default.contains(' ') {
            "\""
        } else {
            ""
        };
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n# {}\n{PREFIX}{}={quote}{}{quote}\n",
            setting.meaning, setting.key, setting.default
        );
    }
    text
}
