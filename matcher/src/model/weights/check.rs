//! Which values of a policy go together.

use super::{Step, Weights};
use crate::model::{Invalid, Rule};

impl Weights {
    /// Everything that is wrong with the values.
    pub(super) fn faults(&self) -> Vec<Invalid> {
        let mut faults = Vec::new();
        if self.version.trim().is_empty() {
            faults.push(Rule::Empty.at("version"));
        }
        let mut range = |field: &str, given: u16, least: i64, most: i64| {
            if !(least..=most).contains(&i64::from(given)) {
                faults.push(
                    Rule::OutOfRange {
                        least,
                        most,
                        given: given.into(),
                    }
                    .at(field),
                );
            }
        };
        let role = &self.role_view;
        let volunteer = &self.volunteer_view;
        for (field, weight) in [
            ("role_view.must_have", role.must_have),
            ("role_view.nice_to_have", role.nice_to_have),
            ("role_view.evidence", role.evidence),
            ("role_view.meeting", role.meeting),
            ("role_view.hours", role.hours),
            ("volunteer_view.causes", volunteer.causes),
            ("volunteer_view.wish", volunteer.wish),
            ("volunteer_view.place", volunteer.place),
            ("volunteer_view.languages", volunteer.languages),
        ] {
            range(field, weight, 1, 1_000);
        }
        range(
            "skill.related_share",
            self.skill.related_share.get(),
            0,
            5_000,
        );
        range("skill.enough_needs", self.skill.enough_needs.into(), 1, 20);
        range("meeting.weeks", self.meeting.weeks, 1, 26);
        range(
            "meeting.full_at_percent_of_minimum",
            self.meeting.full_at_percent_of_minimum,
            100,
            1_000,
        );
        range("causes.enough", self.causes.enough.into(), 1, 20);
        range(
            "adjustment.waiting_most",
            self.adjustment.waiting_most,
            0,
            1_000,
        );
        range(
            "adjustment.waiting_half_days",
            self.adjustment.waiting_half_days,
            1,
            1_000,
        );
        range("adjustment.load_most", self.adjustment.load_most, 0, 1_000);
        range(
            "adjustment.exposure_most",
            self.adjustment.exposure_most,
            0,
            1_000,
        );

        let tables = [
            (
                "skill.level_credit",
                self.skill.level_credit.iter().rev().copied().collect(),
            ),
            ("evidence.by_years", self.evidence.by_years.clone()),
            ("wish.by_count", self.wish.by_count.clone()),
        ];
        for (field, rising) in tables {
            if rising.is_empty() {
                faults.push(Rule::Empty.at(field));
            }
            if !rising.is_sorted() {
                faults.push(unordered(field));
            }
        }
        // More hours left are worth no less; farther away is worth no more.
        let (hours, place) = (
            &self.hours.by_percent_left,
            &self.place.by_percent_of_radius,
        );
        refuse_bad_steps("hours.by_percent_left", 100, hours, &mut faults);
        if !hours.is_sorted_by_key(|step| step.value) {
            faults.push(unordered("hours.by_percent_left"));
        }
        refuse_bad_steps("place.by_percent_of_radius", 0, place, &mut faults);
        if !place.is_sorted_by_key(|step| std::cmp::Reverse(step.value)) {
            faults.push(unordered("place.by_percent_of_radius"));
        }
        faults
    }
}

fn unordered(field: &str) -> Invalid {
    Rule::Unreadable {
        expected: "values in order".into(),
        given: "values out of order".into(),
    }
    .at(field)
}

/// A table of steps begins at `first` percent, so that a value holds wherever the gates are open.
fn refuse_bad_steps(field: &str, first: u16, steps: &[Step], faults: &mut Vec<Invalid>) {
    match steps.first() {
        None => faults.push(Rule::Empty.at(field)),
        Some(step) if step.percent != first => {
            faults.push(
                Rule::OutOfRange {
                    least: first.into(),
                    most: first.into(),
                    given: step.percent.into(),
                }
                .at(field),
            );
        }
        Some(_) => {}
    }
    if !steps.is_sorted_by(|a, b| a.percent < b.percent) {
        faults.push(unordered(field));
    }
}
