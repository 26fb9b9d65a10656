//! The two languages in which everything is said to people.

use crate::choice::choice;

choice! {
    /// One of the two official languages. Languages that people speak beside them are plain codes.
    pub enum Language {
        /// English.
        En = "en",
        /// French.
        Fr = "fr",
    }
}
