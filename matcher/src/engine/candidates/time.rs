//! When roles meet, clock by clock, as the search asks it: half hours for the filter, runs of weeks for the score.

use rayon::prelude::*;

use super::super::calendar::{HalfHours, Sessions};
use super::super::index::{Index, Meetings};
use super::terms::Terms;

/// The meetings of one role on one clock.
#[derive(Debug)]
pub(super) struct Time {
    pub(super) half_hours: HalfHours,
    pub(super) sessions: Sessions,
    /// Minutes that someone must be there, and minutes of full value.
    pub(super) asked: u32,
    pub(super) full: u32,
}

impl Time {
    pub(super) fn of(meetings: &Meetings, clock: usize) -> Option<Self> {
        let sessions = meetings.sessions.get(clock)?.clone();
        let asked = u32::try_from(meetings.asked).ok()?;
        Some(Self {
            half_hours: HalfHours::of(&sessions, asked),
            sessions,
            asked,
            full: u32::try_from(meetings.full).ok()?,
        })
    }
}

/// By clock, then role, these roles in this order; `None` where a role does not meet.
pub(super) fn times(index: &Index<'_>, roles: &[Terms]) -> Vec<Vec<Option<Time>>> {
    let meetings = |terms: &Terms| {
        let role = index.roles.get(terms.position as usize)?;
        role.meetings.as_ref()
    };
    let clocks = roles
        .iter()
        .filter_map(|terms| Some(meetings(terms)?.sessions.len()));
    (0..clocks.max().unwrap_or(0))
        .into_par_iter()
        .map(|clock| {
            let on_clock = |terms| meetings(terms).and_then(|meetings| Time::of(meetings, clock));
            roles.iter().map(on_clock).collect()
        })
        .collect()
}
