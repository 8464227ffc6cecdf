//! What was drawn, and where.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::repeats::Repeat;
pub use crate::audit::observe::draw::Known;
use crate::reference::Patch;

/// Traces of earlier audits are numbered from here on.
pub(in crate::audit) const EARLIER: u32 = 1 << 31;

/// All that one alpha's calls showed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    pub alpha: Option<f64>,
    pub parts: Vec<Part>,
    /// How often each partner but oneself was chosen, and with what probability it should be: by offset in the batch, and by
    /// place in it; one sample a call.
    pub pairings: Vec<(Vec<u64>, Vec<f64>)>,
    /// Whether all traces are one process's.
    pub one_process: bool,
    /// The same with one draw of each call, chosen without looking at it.
    pub by_call: Option<Box<Self>>,
    /// Two draws of each call, with the size of their images.
    pub couples: Vec<([u32; 2], [Patch; 2])>,
    /// Whether all boxes of every call have one first corner, and one place relative to the room that they leave; nothing where
    /// too few calls show it.
    pub common: [Option<bool>; 2],
}

/// Sides that are not clipped, on both axes together, from which a box of fixed sides is believed. On 40 x 24 pixels at alpha 1
/// two draws have the same number of columns once in 15 times and the same number of rows once in 9, so four equal ones on each
/// axis are chance once in two million.
const WHOLE: usize = 8;

impl Evidence {
    /// Columns and rows of a box that is always the same, but for clipping: Cutout's own.
    pub(in crate::audit) fn fixed_sides(&self) -> Option<[u32; 2]> {
        let all = || self.parts.iter().flat_map(|part| part.boxes.iter().map(move |patch| (part.size, patch)));
        let sides = [0, 1].map(|axis| all().map(|(_, patch)| patch.sides()[axis]).max().unwrap_or(0));
        let inside =
            |size: [u32; 2], patch: &Patch, axis: usize| patch.span(axis).0 > 0 && patch.span(axis).1 < size[axis];
        let fits = |(size, patch): ([u32; 2], &Patch)| {
            (0..2).all(|axis| !inside(size, patch, axis) || patch.sides()[axis] == sides[axis])
        };
        let whole = |axis: usize| all().filter(|(size, patch)| inside(*size, patch, axis)).count();
        let enough = whole(0) + whole(1) >= WHOLE;
        (enough && all().all(fits)).then_some(sides)
    }

    /// Whether next to all boxes end at borders of the image, so that nothing shows whether their sides are drawn.
    pub(in crate::audit) fn cut_off(&self) -> bool {
        let inside =
            |size: [u32; 2], patch: &Patch, axis: usize| patch.span(axis).0 > 0 && patch.span(axis).1 < size[axis];
        let boxes = self.parts.iter().flat_map(|part| part.boxes.iter().map(move |patch| (part.size, patch)));
        let (mut seen, mut whole) = ([BTreeSet::new(), BTreeSet::new()], 0);
        for (axis, (size, patch)) in boxes.flat_map(|of| [(0, of), (1, of)]) {
            if inside(size, patch, axis) {
                seen[axis].insert(patch.sides()[axis]);
                whole += 1;
            }
        }
        whole < WHOLE && seen.iter().all(|sides| sides.len() < 2)
    }
}

/// A draw: where it was made, its box, and the size of its image.
pub type Drawn = (Place, Patch, [u32; 2]);

/// Where a draw was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub trace: u32,
    /// Number of the phase, in the order they were read.
    pub phase: u32,
    pub call: u32,
    pub sample: u32,
}

/// Weights of blends that were drawn independently of each other, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blended {
    pub weights: Vec<f64>,
    pub places: Vec<Place>,
    /// Nothing of what an earlier audit kept.
    pub known: Vec<Option<Known>>,
}

impl Blended {
    /// Weights that an earlier audit kept.
    pub(in crate::audit) fn earlier(weights: Vec<f64>, trace: u32) -> Self {
        let places = (0..weights.len() as u32).map(|call| Place { trace, phase: u32::MAX, call, sample: 0 }).collect();
        Self { known: vec![None; weights.len()], places, weights }
    }

    /// Adds weights that were drawn later.
    pub(in crate::audit) fn extend(&mut self, later: Self) {
        self.weights.extend(later.weights);
        self.places.extend(later.places);
        self.known.extend(later.known);
    }

    /// Those whose weight fulfils a condition.
    pub(super) fn filtered(&self, keep: impl Fn(usize, f64) -> bool) -> Self {
        let kept = || self.weights.iter().enumerate().filter(|&(i, &weight)| keep(i, weight)).map(|(i, _)| i);
        Self {
            weights: kept().map(|i| self.weights[i]).collect(),
            places: kept().map(|i| self.places[i]).collect(),
            known: kept().map(|i| self.known[i]).collect(),
        }
    }
}

/// Independent draws on images of one size, in order; none is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Columns and rows.
    pub size: [u32; 2],
    pub boxes: Vec<Patch>,
    pub places: Vec<Place>,
    /// What was known before each draw; nothing of what an earlier audit kept.
    pub known: Vec<Option<Known>>,
    pub applied: Vec<Applied>,
}

/// Whether samples were changed, one after the other, each independently of the others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applied {
    /// The probability that a sample is its own partner: one of these, as far as the pairing tells.
    pub own: Vec<f64>,
    /// Boxes of the part that were drawn before, and how many samples were changed, this one included.
    pub(in crate::audit) trials: Vec<(u32, u32)>,
}

impl Applied {
    /// The same with samples in their order: boxes of the part before each, and whether it was changed.
    #[must_use]
    pub fn of(own: Vec<f64>, samples: impl IntoIterator<Item = (u32, bool)>) -> Self {
        let mut applied = Self { own, trials: Vec::new() };
        samples.into_iter().for_each(|(before, changed)| applied.push(before, changed));
        applied
    }

    /// Adds a sample, after so many boxes of the part.
    pub fn push(&mut self, before: u32, changed: bool) {
        let touched = self.trials.last().map_or(0, |&(_, touched)| touched);
        self.trials.push((before, touched + u32::from(changed)));
    }

    /// Trials, and those that were changed, before so many draws.
    #[must_use]
    pub fn until(&self, draws: u32) -> [u64; 2] {
        let trials = self.trials.partition_point(|&(before, _)| before < draws);
        [trials as u64, self.trials[..trials].last().map_or(0, |&(_, touched)| touched.into())]
    }
}

impl Part {
    /// This part and the draws that were made after it.
    pub(in crate::audit) fn followed_by(mut self, later: &Self) -> Self {
        let before = self.boxes.len() as u32;
        self.boxes.extend_from_slice(&later.boxes);
        self.places.extend_from_slice(&later.places);
        self.known.extend_from_slice(&later.known);
        for applied in &later.applied {
            let trials = applied.trials.iter().map(|&(at, touched)| (at + before, touched)).collect();
            self.applied.push(Applied { own: applied.own.clone(), trials });
        }
        self
    }

    /// Leaves out draws that were made before.
    pub(super) fn forget(&mut self, repeats: &[Repeat]) {
        let mut kept = vec![true; self.boxes.len()];
        for repeat in repeats {
            kept[repeat.at..repeat.at + repeat.length].fill(false);
        }
        let mut next = kept.iter();
        self.boxes.retain(|_| next.next() == Some(&true));
        let mut next = kept.iter();
        self.places.retain(|_| next.next() == Some(&true));
        let mut next = kept.iter();
        self.known.retain(|_| next.next() == Some(&true));
        // How many of the first draws are left.
        let mut left = vec![0_u32];
        for &kept in &kept {
            left.push(left[left.len() - 1] + u32::from(kept));
        }
        for applied in &mut self.applied {
            let mut touched = 0;
            let samples = applied.trials.iter().filter_map(|&(before, so_far)| {
                let changed = so_far > std::mem::replace(&mut touched, so_far);
                let before = before as usize;
                let is_kept = kept.get(before).copied().unwrap_or(true);
                is_kept.then(|| (left[before.min(left.len() - 1)], changed))
            });
            *applied = Applied::of(applied.own.clone(), samples);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three samples of a pairing in which no image is its own partner; the second was left alone.
    #[test]
    fn trials_are_counted_up_to_a_draw() {
        let applied = Applied::of(vec![0.0], [(0, true), (1, false), (1, true)]);
        // Before the first box of the part was drawn, before the second, and all in all.
        assert_eq!([0, 1, 2].map(|boxes| applied.until(boxes)), [[0, 0], [1, 1], [3, 2]]);
    }

    #[test]
    fn what_is_forgotten_takes_its_trials_along() {
        let boxes: Vec<Patch> = (1..6).map(|n| Patch::full(n, 1)).collect();
        let places = (0..5).map(|call| Place { call, ..Place::default() }).collect();
        let applied = vec![Applied::of(vec![0.0], (0..5).map(|before| (before, before != 1)))];
        let mut part = Part { size: [8, 8], boxes, places, applied, ..Part::default() };
        part.forget(&[Repeat { at: 2, before: 0, length: 2 }]);
        assert_eq!(part.boxes.iter().map(Patch::width).collect::<Vec<_>>(), [1, 2, 5]);
        assert_eq!(part.places.iter().map(|place| place.call).collect::<Vec<_>>(), [0, 1, 4]);
        assert_eq!(part.applied[0].until(u32::MAX), [3, 2]);
    }
}
