//! Why a pairing took a step.

use async_graphql::Enum;

use crate::domain::pairings::reason::Reason;

/// Why something happened to a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Reason")]
pub enum PairingReason {
    /// A round or a coordinator proposed it.
    Proposed,
    /// The volunteer came forward.
    Interested,
    /// The organization asked.
    Invited,
    /// A coordinator found it good.
    Approved,
    /// It waits until it can no longer be recalled unseen.
    HoldWindow,
    /// The hold window ended.
    Sent,
    /// A side said yes.
    Accepted,
    /// A decline was taken back.
    Undone,
    /// Nothing was said about why.
    Unspecified,
    /// Too little time.
    NoTime,
    /// Skills and needs are apart.
    SkillsDiffer,
    /// Meeting times are apart.
    TimesDiffer,
    /// The cause or the project does not appeal.
    OtherInterests,
    /// The organization took someone else.
    SomeoneElse,
    /// The need is gone.
    NoLongerNeeded,
    /// A tie between volunteer and organization.
    ConflictOfInterest,
    /// Approved by mistake.
    Mistake,
    /// The project changed or rests.
    ProjectChanged,
    /// Something else, told in the note.
    Other,
    /// Nobody answered by the deadline.
    NoAnswer,
    /// All seats were taken.
    RoleFilled,
    /// The volunteer took as many placements as they wanted.
    VolunteerAtCapacity,
    /// The volunteer's hours are spoken for.
    VolunteerOverHours,
    /// The volunteer is needed elsewhere when the role meets.
    MeetingsClash,
    /// The role was closed.
    RoleClosed,
    /// The project ended, was cancelled or is no longer shown.
    ProjectClosed,
    /// The organization may not recruit at present.
    OrganizationUnavailable,
    /// The volunteer took the consent to being proposed back.
    ConsentWithdrawn,
    /// The volunteer has left the marketplace for good.
    VolunteerLeft,
    /// Who had said yes has left, or took back what that yes rested on.
    AnswerLapsed,
    /// The work was done.
    PlacementCompleted,
    /// The placement ended before the work was done.
    PlacementEnded,
}
