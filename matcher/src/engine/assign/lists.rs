//! Many short lists in one allocation: a walk over one list is a walk over neighbouring memory, and a list may still grow.

use std::ops::Range;

/// Where one list lies.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: u32,
    length: u32,
    capacity: u32,
}

/// Lists by number. One that outgrows its place moves to the end; `tidy` gets the holes back.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists<T> {
    spans: Vec<Span>,
    items: Vec<T>,
    /// Items that no list uses, capacity aside.
    lost: usize,
}

#[expect(
    clippy::indexing_slicing,
    reason = "spans are made here, inside of `items`; a list's number comes from the caller's own count"
)]
impl<T: Copy> Lists<T> {
    /// Empty lists with room for so many items each; `blank` fills the room.
    pub(super) fn with_capacities(capacities: impl Iterator<Item = u32>, blank: T) -> Self {
        let mut end = 0;
        let spans = capacities
            .map(|capacity| {
                let start = end;
                end += capacity;
                Span {
                    start,
                    length: 0,
                    capacity,
                }
            })
            .collect();
        Self {
            spans,
            items: vec![blank; end as usize],
            lost: 0,
        }
    }

    /// Lists from items that come list by list.
    pub(super) fn from_sorted(counts: &[u32], items: impl Iterator<Item = T>) -> Self {
        let mut start = 0;
        let spans = counts
            .iter()
            .map(|length| {
                start += length;
                Span {
                    start: start - length,
                    length: *length,
                    capacity: *length,
                }
            })
            .collect();
        let mut all = Vec::with_capacity(start as usize);
        all.extend(items);
        Self {
            spans,
            items: all,
            lost: 0,
        }
    }

    pub(super) fn range(&self, list: usize) -> Range<usize> {
        let Span { start, length, .. } = self.spans[list];
        start as usize..(start + length) as usize
    }

    pub(super) fn of(&self, list: usize) -> &[T] {
        &self.items[self.range(list)]
    }

    pub(super) fn of_mut(&mut self, list: usize) -> &mut [T] {
        let range = self.range(list);
        &mut self.items[range]
    }

    pub(super) fn len(&self, list: usize) -> usize {
        self.spans[list].length as usize
    }

    /// Items of all lists, their spare room included.
    pub(super) const fn item_count(&self) -> usize {
        self.items.len()
    }

    pub(super) fn push(&mut self, list: usize, item: T) {
        let Span {
            start,
            length,
            capacity,
        } = self.spans[list];
        if length < capacity {
            self.items[(start + length) as usize] = item;
            self.spans[list].length += 1;
        } else {
            self.relocate(list, (capacity * 2).max(4), item);
            self.push(list, item);
        }
    }

    /// Adds an empty list.
    pub(super) fn add(&mut self) {
        self.spans.push(Span::default());
    }

    /// Takes an item out; the last one takes its place.
    pub(super) fn swap_remove(&mut self, list: usize, place: usize) {
        let items = self.of_mut(list);
        let last = items.len() - 1;
        items.swap(place, last);
        self.spans[list].length -= 1;
    }

    /// Puts other items in place of a list's own.
    pub(super) fn replace(&mut self, list: usize, items: &[T]) {
        self.spans[list].length = 0;
        for item in items {
            self.push(list, *item);
        }
        self.tidy();
    }

    fn relocate(&mut self, list: usize, capacity: u32, blank: T) {
        let range = self.range(list);
        let span = &mut self.spans[list];
        self.lost += span.capacity as usize;
        *span = Span {
            start: position(self.items.len()),
            length: span.length,
            capacity,
        };
        self.items.extend_from_within(range.clone());
        self.items
            .resize(self.items.len() + capacity as usize - range.len(), blank);
    }

    /// Moves the lists together when half of the memory is holes, so that memory stays within twice what is used.
    fn tidy(&mut self) {
        if self.lost * 2 <= self.items.len() {
            return;
        }
        let mut items = Vec::with_capacity(self.items.len() - self.lost);
        for span in &mut self.spans {
            let start = span.start as usize;
            span.start = position(items.len());
            items.extend_from_slice(&self.items[start..start + span.capacity as usize]);
        }
        self.items = items;
        self.lost = 0;
    }
}

/// Positions are 32 bits wide: `Problem` refuses more pairs than that.
fn position(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone)]
    enum Step {
        Push(usize, u8),
        Remove(usize, usize),
        Replace(usize, Vec<u8>),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (0..4_usize, any::<u8>()).prop_map(|(list, item)| Step::Push(list, item)),
            2 => (0..4_usize, 0..9_usize).prop_map(|(list, place)| Step::Remove(list, place)),
            1 => (0..4_usize, prop::collection::vec(any::<u8>(), 0..9)).prop_map(|(list, items)| Step::Replace(list, items)),
        ]
    }

    proptest! {
        #[test]
        fn they_are_lists(steps in prop::collection::vec(step(), 0..200)) {
            let mut lists = Lists::with_capacities([0, 1, 2, 3].into_iter(), 0);
            let mut plain: [Vec<u8>; 4] = Default::default();
            for step in steps {
                match step {
                    Step::Push(list, item) => {
                        lists.push(list, item);
                        plain[list].push(item);
                    }
                    Step::Remove(list, place) if place < plain[list].len() => {
                        lists.swap_remove(list, place);
                        plain[list].swap_remove(place);
                    }
                    Step::Remove(..) => {}
                    Step::Replace(list, items) => {
                        lists.replace(list, &items);
                        plain[list] = items;
                    }
                }
                for (list, items) in plain.iter().enumerate() {
                    prop_assert_eq!(lists.of(list), items.as_slice());
                }
            }
            prop_assert!(lists.lost <= lists.items.len());
        }
    }
}
