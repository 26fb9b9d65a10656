//! One side's view while it is added up.

/// The weighted sum of factors, and how much of their weights, in basis points of each, rests on nothing known: 32 bits
/// each in one number, so that a factor is added in one step.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Side(u64);

impl Side {
    #[inline]
    pub(super) fn add(&mut self, weight: u16, value: u32) {
        self.0 += u64::from(u32::from(weight) * value);
    }

    #[inline]
    pub(super) fn add_unknown(&mut self, weight: u16, neutral: u16) {
        self.add(weight, neutral.into());
        self.take_known(weight, 0);
    }

    /// Of a factor that was added, only this much is known.
    #[inline]
    pub(super) fn take_known(&mut self, weight: u16, known: u16) {
        self.0 += u64::from(u32::from(weight) * u32::from(10_000 - known)) << 32;
    }

    /// The mean value and how much of it is known, where the weights are so much together.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of the sum")]
    pub(super) fn mean(self, total: u32, neutral: u16) -> (u32, u32) {
        let (value, unknown) = (self.0 as u32, (self.0 >> 32) as u32);
        match value.checked_div(total) {
            None => (neutral.into(), 10_000),
            Some(value) if unknown == 0 => (value, 10_000),
            Some(value) => (value, (10_000 * total - unknown) / total),
        }
    }
}
