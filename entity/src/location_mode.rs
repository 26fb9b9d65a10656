//! Where work is done.

use crate::choice::choice;

choice! {
    /// Where the work of a project or a role is done.
    pub enum LocationMode {
        /// From anywhere.
        Remote = "remote",
        /// Partly on site.
        Hybrid = "hybrid",
        /// On site.
        Onsite = "onsite",
    }
}
