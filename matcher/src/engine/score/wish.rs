//! Skills asked that the volunteer wishes to learn. Without such a wish the value is the table's first entry: whoever
//! wishes to learn something else is not worse off than someone who wishes nothing. `value = table[wishes met]`.

use super::super::index::{PreparedNeed, PreparedRole, PreparedVolunteer};
use super::{Reading, by_count};
use crate::model::Weights;

pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    if role.needs.is_empty() {
        return None;
    }
    let Some(wishes) = &volunteer.wishes else {
        return Some(Reading::unknown(weights));
    };
    let needs = role.needs.iter();
    let met = needs.filter(|need| wishes.contains(need.skill)).count();
    Some(Reading::known(by_count(&weights.wish.by_count, met)))
}

/// Whether the volunteer wishes to learn the skill.
pub(crate) fn wishes(need: &PreparedNeed, volunteer: &PreparedVolunteer<'_>) -> bool {
    volunteer
        .wishes
        .as_ref()
        .is_some_and(|wishes| wishes.contains(need.skill))
}
