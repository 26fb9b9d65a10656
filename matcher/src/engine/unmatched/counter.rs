//! Counts for 64 people at once: one bit of each count in one word, for all of them.

/// 64 counts side by side.
#[derive(Debug, Clone, Default)]
pub(super) struct Counter {
    /// The ones of all counts, then the twos, the fours, ...
    planes: Vec<u64>,
}

impl Counter {
    /// Adds one to the counts whose bit is set. Two steps on average, since few carries go far.
    pub(super) fn add(&mut self, bits: u64) {
        let mut carry = bits;
        for plane in &mut self.planes {
            if carry == 0 {
                return;
            }
            let next = *plane & carry;
            *plane ^= carry;
            carry = next;
        }
        if carry != 0 {
            self.planes.push(carry);
        }
    }

    /// The count of one of the 64.
    pub(super) fn get(&self, lane: usize) -> usize {
        let planes = self.planes.iter().rev();
        planes.fold(0, |count, plane| {
            count << 1 | usize::from(plane >> lane & 1 == 1)
        })
    }
}

/// Of 64 people those who have a bit in at least so many of the rows. The count begins so that it overflows when the number is
/// reached: a few operations for each row.
pub(super) fn at_least(number: u32, rows: impl Iterator<Item = u64>) -> u64 {
    if number == 0 {
        return u64::MAX;
    }
    let planes = number.next_power_of_two().trailing_zeros();
    let begin = (1 << planes) - number;
    let mut counts = [0_u64; 32];
    let (counts, _) = counts.split_at_mut(planes as usize);
    for (plane, bits) in counts.iter_mut().enumerate() {
        *bits = if begin >> plane & 1 == 1 { u64::MAX } else { 0 };
    }
    rows.fold(0, |reached, row| {
        let carry = counts.iter_mut().fold(row, |carry, bits| {
            let next = *bits & carry;
            *bits ^= carry;
            next
        });
        reached | carry
    })
}

/// Of 64 people those for whom so many of the questions have their bit set: the first word for one, the second for two, ...
#[expect(clippy::indexing_slicing, reason = "no more numbers than questions")]
pub(super) fn by_number<const N: usize>(questions: &[u64; N]) -> [u64; N] {
    let mut at_least = [0_u64; N];
    let closing = questions.iter().filter(|bits| **bits != 0);
    for (most, bits) in closing.enumerate() {
        for number in (1..=most).rev() {
            at_least[number] |= at_least[number - 1] & bits;
        }
        at_least[0] |= bits;
    }
    std::array::from_fn(|number| at_least[number] & !at_least.get(number + 1).unwrap_or(&0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_of_the_64_is_counted_for_themselves(
            questions in prop::collection::vec(any::<u64>(), 15),
            least in 0..17_u32,
        ) {
            let mut counter = Counter::default();
            for bits in &questions {
                counter.add(*bits);
            }
            let numbers = by_number::<15>(&questions.clone().try_into().unwrap());
            let reached = at_least(least, questions.iter().copied());
            for lane in 0..64 {
                let expected = questions.iter().filter(|bits| **bits >> lane & 1 == 1).count();
                prop_assert_eq!(counter.get(lane), expected);
                prop_assert_eq!(reached >> lane & 1 == 1, expected >= least as usize);
                for (number, people) in (1..).zip(numbers) {
                    prop_assert_eq!(people >> lane & 1 == 1, number == expected);
                }
            }
        }
    }
}
