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
        ) {
            let mut counter = Counter::default();
            for bits in &questions {
                counter.add(*bits);
            }
            let numbers = by_number::<15>(&questions.clone().try_into().unwrap());
            for lane in 0..64 {
                let expected = questions.iter().filter(|bits| **bits >> lane & 1 == 1).count();
                prop_assert_eq!(counter.get(lane), expected);
                for (number, people) in (1..).zip(numbers) {
                    prop_assert_eq!(people >> lane & 1 == 1, number == expected);
                }
            }
        }
    }
}
