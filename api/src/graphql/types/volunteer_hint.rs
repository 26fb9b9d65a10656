//! What a volunteer is told to add next, and why.

use async_graphql::{Enum, SimpleObject};

use crate::domain::volunteers::hint;

/// Something that would make a volunteer easier to match.
#[derive(SimpleObject)]
pub struct VolunteerHint {
    /// For programs to switch on.
    pub code: VolunteerHintCode,
    /// What to do and what it changes, in the request's language.
    pub message: &'static str,
    /// How much more complete the profile becomes, of 1; 0 for what must be settled before anything is proposed.
    pub share: f64,
}

/// What can be added or settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "hint::HintCode")]
pub enum VolunteerHintCode {
    /// The mail address is not confirmed: nobody is proposed before that.
    VerifyAddress,
    /// Matching was not agreed to: nobody is proposed without that.
    AgreeToMatching,
    /// Busy, paused or gone: not proposed for now.
    Resume,
    /// Fewer than three skills with a level.
    AddSkills,
    /// No hours a week.
    SetHours,
    /// No weekly window.
    AddWindows,
    /// No language.
    AddLanguages,
    /// Neither remote work nor a place is known.
    SetPlace,
    /// No kind of profession.
    ChooseRoleFamily,
    /// No cause.
    AddCauses,
    /// No words about the volunteer.
    WriteAbout,
}
