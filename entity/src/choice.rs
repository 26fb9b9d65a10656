//! One way to declare an enum that a column stores: the text in the database, in JSON and in `as_str` is
//! written once, so the three cannot disagree.

use thiserror::Error;

/// Text that names no value of the enum it was read for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a value of {choice}")]
pub struct UnknownChoice {
    /// The enum's name.
    pub choice: &'static str,
    /// The text that was read.
    pub text: String,
}

/// Declares a string-backed enum with its stored texts.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            PartialOrd,
            Ord,
            Hash,
            ::sea_orm::EnumIter,
            ::sea_orm::DeriveActiveEnum,
            ::serde::Serialize,
            ::serde::Deserialize,
        )]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $(
                $(#[$variant_meta])*
                #[sea_orm(string_value = $text)]
                #[serde(rename = $text)]
                $variant,
            )+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text in the database and in JSON.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::choice::UnknownChoice;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::choice::UnknownChoice {
                        choice: stringify!($name),
                        text: text.to_owned(),
                    }),
                }
            }
        }
    };
}

pub(crate) use choice;

#[cfg(test)]
mod tests {
    use sea_orm::ActiveEnum;

    use crate::pairing::PairingState;

    #[test]
    fn a_value_has_one_text_in_the_database_in_json_and_in_code() {
        for state in PairingState::ALL {
            assert_eq!(state.to_value(), state.as_str());
            assert_eq!(
                serde_json::to_string(state).unwrap(),
                format!("\"{state}\"")
            );
            assert_eq!(state.as_str().parse::<PairingState>(), Ok(*state));
        }
    }

    #[test]
    fn an_unknown_text_is_refused_by_name() {
        let error = "paired".parse::<PairingState>().unwrap_err();
        assert_eq!(error.to_string(), "`paired` is not a value of PairingState");
    }
}
