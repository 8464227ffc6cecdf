//! In which order a batch can be written in place, so that nobody reads what has already been overwritten.
//!
//! Sample `i` reads its donor in its own box; it waits for nobody, but everybody who reads `i` where `i` writes must
//! have been served before. So samples that nobody waits to read go first, each followed by its donor as soon as that
//! one's last reader is done (its pixels are then still in the cache). What is left are cycles: each is broken where
//! the boxes of its last and its first sample share the fewest pixels, since only those must be saved.

use crate::error::Error;
use crate::geometry::{PatchBox, Size};
use crate::plan::{Method, PlanSlot};

/// Marks the first sample of a cycle.
const CYCLE: u32 = 1 << 31;
/// Beyond the last step.
const END: u32 = u32::MAX;
/// Readers of a sample that already has its place.
const PLACED: u32 = u32::MAX;

/// The longest batch whose order fits the slots.
const LONGEST: usize = (CYCLE - 1) as usize;

pub(super) const fn expect_length(len: usize) -> Result<(), Error> {
    if len > LONGEST { Err(Error::TooLarge { what: "the number of samples of a batch" }) } else { Ok(()) }
}

/// What is written together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step<'m> {
    /// A sample that nobody needs any more.
    One(usize),
    /// Samples each of which reads the next, and the last the first.
    Cycle(Cycle<'m>),
}

/// The samples of a cycle, at least two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cycle<'m> {
    slots: &'m [PlanSlot],
}

impl Cycle<'_> {
    /// The samples in the order in which they are written.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        self.slots.iter().map(|slot| (slot.step & !CYCLE) as usize)
    }
}

/// The pixels of a sample that are written and, in its donor, read.
pub(crate) fn region(slot: &PlanSlot, size: Size) -> PatchBox {
    match slot.plan.method {
        Method::CutMix | Method::Cutout => slot.plan.patch,
        Method::Mixup => PatchBox::full(size),
    }
}

/// The donor of sample `i`, if it waits for `i`: both are written, and `i` reads where the donor writes.
fn awaits(slots: &[PlanSlot], i: usize, size: Size) -> Option<usize> {
    let slot = slots.get(i)?;
    if slot.plan.leaves_base(i as u64) || slot.plan.method == Method::Cutout {
        return None;
    }
    let donor = usize::try_from(slot.plan.partner).ok()?;
    let other = slots.get(donor)?;
    let shared = region(slot, size).intersection(region(other, size));
    (!other.plan.leaves_base(donor as u64) && !shared.is_empty()).then_some(donor)
}

/// Writes the order into the slots. Linear in their number; at most [`LONGEST`] of them.
pub(super) fn arrange(slots: &mut [PlanSlot], size: Size) {
    for slot in slots.iter_mut() {
        (slot.step, slot.readers) = (END, 0);
    }
    for i in 0..slots.len() {
        if let Some(donor) = awaits(slots, i, size) {
            with(slots, donor, |slot| slot.readers += 1);
        }
    }
    let mut steps = 0;
    for start in 0..slots.len() {
        let active = slots.get(start).is_some_and(|slot| !slot.plan.leaves_base(start as u64));
        let mut next = (active && readers(slots, start) == 0).then_some(start);
        while let Some(i) = next {
            place(slots, &mut steps, i as u32, i);
            next = awaits(slots, i, size).filter(|&donor| {
                with(slots, donor, |slot| slot.readers -= 1);
                readers(slots, donor) == 0
            });
        }
    }
    for start in 0..slots.len() {
        // Each of these has one reader left: the one before it in its cycle.
        if !matches!(readers(slots, start), 0 | PLACED) {
            let mut i = best_first(slots, start, size);
            let mut mark = CYCLE;
            while readers(slots, i) != PLACED {
                place(slots, &mut steps, i as u32 + mark, i);
                mark = 0;
                i = awaits(slots, i, size).unwrap_or(i);
            }
        }
    }
}

/// The sample of a cycle whose box shares the fewest pixels with that of its reader; the first such one from `start`.
fn best_first(slots: &[PlanSlot], start: usize, size: Size) -> usize {
    let (mut best, mut least) = (start, u64::MAX);
    let mut reader = start;
    loop {
        let Some(i) = awaits(slots, reader, size) else { return best };
        let (Some(a), Some(b)) = (slots.get(reader), slots.get(i)) else { return best };
        let shared = region(a, size).intersection(region(b, size)).area();
        if shared < least {
            (best, least) = (i, shared);
        }
        reader = i;
        if reader == start {
            return best;
        }
    }
}

fn readers(slots: &[PlanSlot], i: usize) -> u32 {
    slots.get(i).map_or(0, |slot| slot.readers)
}

fn with(slots: &mut [PlanSlot], i: usize, change: impl FnOnce(&mut PlanSlot)) {
    if let Some(slot) = slots.get_mut(i) {
        change(slot);
    }
}

fn place(slots: &mut [PlanSlot], steps: &mut usize, step: u32, i: usize) {
    with(slots, i, |slot| slot.readers = PLACED);
    with(slots, *steps, |slot| slot.step = step);
    *steps += 1;
}

/// The steps in their order.
pub(crate) fn steps(slots: &[PlanSlot]) -> impl Iterator<Item = Step<'_>> {
    let mut rest = slots;
    core::iter::from_fn(move || {
        let (first, others) = rest.split_first()?;
        if first.step == END {
            return None;
        }
        if first.step & CYCLE == 0 {
            rest = others;
            return Some(Step::One(first.step as usize));
        }
        // The next step with a mark begins another cycle, or is the end, which has all bits.
        let more = others.iter().take_while(|slot| slot.step & CYCLE == 0).count();
        let (cycle, later) = rest.split_at_checked(more + 1)?;
        rest = later;
        Some(Step::Cycle(Cycle { slots: cycle }))
    })
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;
    use crate::geometry::KeptRatio;
    use crate::plan::SamplePlan;

    fn order(boxes: &[(u64, [u32; 4])]) -> Vec<Vec<usize>> {
        let size = Size::new(10, 1).unwrap();
        let mut slots: Vec<PlanSlot> = boxes
            .iter()
            .map(|&(partner, [x0, y0, x1, y1])| {
                let patch = PatchBox::new(x0, y0, x1, y1).unwrap();
                let kept = KeptRatio::of(patch, size).unwrap();
                PlanSlot::new(SamplePlan { applied: true, partner, patch, kept, ..SamplePlan::NOTHING })
            })
            .collect();
        arrange(&mut slots, size);
        steps(&slots)
            .map(|step| match step {
                Step::One(i) => Vec::from([i]),
                Step::Cycle(cycle) => cycle.iter().collect(),
            })
            .collect()
    }

    #[test]
    fn readers_go_before_what_they_read() {
        let all = [0, 0, 10, 1];
        assert_eq!(order(&[(0, all), (0, all), (1, all)]), [[2], [1]], "0 is its own partner and stays");
        assert_eq!(order(&[(1, all), (2, all), (0, all)]), [[1, 2, 0]]);
        assert_eq!(order(&[(1, all), (0, all), (1, all), (2, all)]), [&[3][..], &[2], &[1, 0]]);
        assert_eq!(order(&[(1, all), (0, all), (3, all), (2, all)]), [[1, 0], [3, 2]]);
        assert_eq!(order(&[(1, [0, 0, 0, 0]), (0, all)]), [[1]], "an empty box is not written");
    }

    #[test]
    fn boxes_that_do_not_meet_need_no_order_and_cycles_break_at_the_least_meeting() {
        let (left, right) = ([0, 0, 5, 1], [5, 0, 10, 1]);
        assert_eq!(order(&[(1, left), (0, right)]), [[0], [1]]);
        // 0 reads 1 reads 2 reads 0; shared pixels 6, 2 and 2: so 2, whose reader is 1, goes first.
        assert_eq!(order(&[(1, [0, 0, 7, 1]), (2, [1, 0, 8, 1]), (0, [4, 0, 6, 1])]), [[2, 0, 1]]);
    }

    #[test]
    fn the_longest_batch_leaves_the_mark_free() {
        assert_eq!(LONGEST, 0x7fff_ffff);
        assert_eq!(expect_length(LONGEST), Ok(()));
        assert!(matches!(expect_length(LONGEST + 1), Err(Error::TooLarge { .. })));
        assert_eq!(expect_length(0), Ok(()));
    }
}
