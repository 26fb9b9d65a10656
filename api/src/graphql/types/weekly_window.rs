//! A weekly stretch of time, told and read as local times of one day.

use async_graphql::{InputObject, SimpleObject};
use entity::{role_window, volunteer_window};

use super::weekday::Weekday;
use crate::domain::weekly_window::{self, format_minute};

/// A weekly stretch of time within one day, in the time zone of whose window it is.
#[derive(SimpleObject)]
pub struct WeeklyWindow {
    /// The day.
    pub weekday: Weekday,
    /// `HH:MM`.
    pub start: String,
    /// `HH:MM`, exclusive; `24:00` is the midnight that ends the day.
    pub end: String,
}

impl From<volunteer_window::Model> for WeeklyWindow {
    fn from(window: volunteer_window::Model) -> Self {
        Self {
            weekday: window.weekday.into(),
            start: format_minute(window.start_minute),
            end: format_minute(window.end_minute),
        }
    }
}

impl From<role_window::Model> for WeeklyWindow {
    fn from(window: role_window::Model) -> Self {
        Self {
            weekday: window.weekday.into(),
            start: format_minute(window.start_minute),
            end: format_minute(window.end_minute),
        }
    }
}

/// A weekly stretch of time within one day. One that goes past midnight is given as two.
#[derive(InputObject)]
pub struct WeeklyWindowInput {
    /// The day.
    weekday: Weekday,
    /// `HH:MM`, 00:00 to 23:59.
    start: String,
    /// `HH:MM`, after the start, up to 24:00.
    end: String,
}

impl From<WeeklyWindowInput> for weekly_window::Input {
    fn from(input: WeeklyWindowInput) -> Self {
        Self {
            weekday: input.weekday.into(),
            start: input.start,
            end: input.end,
        }
    }
}
