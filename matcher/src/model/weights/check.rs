//! Which values of a policy go together.

use std::fmt::Display;

use super::{Step, Weights};
use crate::model::{BasisPoints, Expected, Invalid, Rule};

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

        for (field, table) in [
            ("evidence.by_years", &self.evidence.by_years),
            ("wish.by_count", &self.wish.by_count),
        ] {
            if table.is_empty() {
                faults.push(Rule::Empty.at(field));
            }
            refuse_disorder(field, table, Order::NeverFalling, &mut faults);
        }
        let credit = &self.skill.level_credit;
        refuse_disorder(
            "skill.level_credit",
            credit,
            Order::NeverRising,
            &mut faults,
        );
        // More hours left are worth no less; farther away is worth no more.
        let (hours, place) = (
            &self.hours.by_percent_left,
            &self.place.by_percent_of_radius,
        );
        for (field, first, steps, order) in [
            (
                "hours.by_percent_left",
                100,
                hours,
                Order::ValuesNeverFalling,
            ),
            (
                "place.by_percent_of_radius",
                0,
                place,
                Order::ValuesNeverRising,
            ),
        ] {
            refuse_bad_start(field, first, steps, &mut faults);
            let percents: Vec<u16> = steps.iter().map(|step| step.percent).collect();
            refuse_disorder(field, &percents, Order::PercentsRising, &mut faults);
            let values: Vec<BasisPoints> = steps.iter().map(|step| step.value).collect();
            refuse_disorder(field, &values, order, &mut faults);
        }
        faults
    }
}

/// How the entries of a table follow each other, from the first to the last.
#[derive(Clone, Copy)]
enum Order {
    NeverFalling,
    NeverRising,
    PercentsRising,
    ValuesNeverFalling,
    ValuesNeverRising,
}

impl Order {
    fn is_kept<T: Ord>(self, entries: &[T]) -> bool {
        match self {
            Self::NeverFalling | Self::ValuesNeverFalling => entries.is_sorted(),
            Self::NeverRising | Self::ValuesNeverRising => entries.is_sorted_by(|a, b| a >= b),
            Self::PercentsRising => entries.is_sorted_by(|a, b| a < b),
        }
    }

    fn expected(self) -> Expected {
        let (en, fr) = match self {
            Self::NeverFalling => (
                "numbers that never fall from the first to the last",
                "des nombres qui ne baissent jamais du premier au dernier",
            ),
            Self::NeverRising => (
                "numbers that never rise from the first to the last",
                "des nombres qui ne montent jamais du premier au dernier",
            ),
            Self::PercentsRising => (
                "steps whose percents, the first numbers, rise",
                "des paliers dont les pourcentages, les premiers nombres, montent",
            ),
            Self::ValuesNeverFalling => (
                "steps whose values, the second numbers, never fall",
                "des paliers dont les valeurs, les seconds nombres, ne baissent jamais",
            ),
            Self::ValuesNeverRising => (
                "steps whose values, the second numbers, never rise",
                "des paliers dont les valeurs, les seconds nombres, ne montent jamais",
            ),
        };
        Expected::new(en, fr)
    }
}

fn refuse_disorder<T: Ord + Display>(
    field: &str,
    entries: &[T],
    order: Order,
    faults: &mut Vec<Invalid>,
) {
    if order.is_kept(entries) {
        return;
    }
    let given: Vec<String> = entries.iter().map(ToString::to_string).collect();
    let rule = Rule::Unreadable {
        expected: order.expected(),
        given: given.join(", "),
    };
    faults.push(rule.at(field));
}

/// A table of steps begins at `first` percent, so that a value holds wherever the gates are open.
fn refuse_bad_start(field: &str, first: u16, steps: &[Step], faults: &mut Vec<Invalid>) {
    match steps.first() {
        None => faults.push(Rule::Empty.at(field)),
        Some(step) if step.percent != first => {
            let rule = Rule::Unreadable {
                expected: Expected::new(
                    format!("a first step at {first} percent"),
                    format!("un premier palier à {first} pour cent"),
                ),
                given: step.percent.to_string(),
            };
            faults.push(rule.at(field));
        }
        Some(_) => {}
    }
}
