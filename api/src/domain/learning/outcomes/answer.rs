//! What people answered to a pairing, from its state, its placement and what a coordinator decided.

use entity::pairing::PairingState;
use entity::placement::PlacementState;
use matcher::learning::Answer;

use crate::domain::pairings::reason::Reason;

/// The last answer that is known. Nothing for what no coordinator decided over, and for an approval that was a mistake.
pub(super) fn answer(
    state: PairingState,
    placement: Option<PlacementState>,
    was_approved: bool,
    reason: Option<Reason>,
) -> Option<Answer> {
    match state {
        PairingState::Rejected => Some(Answer::Rejected),
        // A side may say no to an application or an invitation before a coordinator saw it.
        PairingState::Declined => was_approved.then_some(Answer::Declined),
        PairingState::Expired => Some(Answer::Expired),
        PairingState::Confirmed | PairingState::Concluded => Some(match placement {
            Some(PlacementState::Completed) => Answer::Completed,
            Some(PlacementState::Ended) => Answer::Ended,
            Some(PlacementState::NoShow) => Answer::NoShow,
            Some(
                PlacementState::PendingStart | PlacementState::Active | PlacementState::Paused,
            )
            | None => Answer::Accepted,
        }),
        PairingState::Withdrawn | PairingState::Recalled | PairingState::Superseded => {
            (was_approved && reason != Some(Reason::Mistake)).then_some(Answer::Approved)
        }
        PairingState::Approved
        | PairingState::Held
        | PairingState::Offered
        | PairingState::VolunteerAccepted
        | PairingState::OrganizationAccepted => Some(Answer::Approved),
        PairingState::Suggested | PairingState::Interested | PairingState::Invited => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_known_answer_counts() {
        use PairingState as State;
        let said = |state, was_approved| answer(state, None, was_approved, None);
        assert_eq!(said(State::Suggested, false), None);
        assert_eq!(said(State::Rejected, false), Some(Answer::Rejected));
        assert_eq!(said(State::Offered, true), Some(Answer::Approved));
        assert_eq!(said(State::Declined, true), Some(Answer::Declined));
        assert_eq!(said(State::Declined, false), None, "no coordinator saw it");
        assert_eq!(said(State::Superseded, true), Some(Answer::Approved));
        assert_eq!(said(State::Superseded, false), None);
        let recalled = |reason| answer(State::Recalled, None, true, Some(reason));
        assert_eq!(recalled(Reason::ProjectChanged), Some(Answer::Approved));
        assert_eq!(recalled(Reason::Mistake), None);
    }

    #[test]
    fn a_placement_says_how_it_ended() {
        let said = |placement| answer(PairingState::Concluded, Some(placement), true, None);
        assert_eq!(said(PlacementState::Completed), Some(Answer::Completed));
        assert_eq!(said(PlacementState::Ended), Some(Answer::Ended));
        assert_eq!(said(PlacementState::NoShow), Some(Answer::NoShow));
        assert_eq!(said(PlacementState::Active), Some(Answer::Accepted));
    }
}
