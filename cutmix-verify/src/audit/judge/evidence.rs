//! What was drawn, and where.

use super::repeats::Repeat;
use crate::reference::Patch;

/// Traces of earlier audits are numbered from here on.
pub(in crate::audit) const EARLIER: u32 = 1 << 31;

/// Where a draw was made.
///
/// ```
/// use cutmix_verify::audit::judge::Place;
///
/// // In the order in which draws were made.
/// let first = Place { call: 7, ..Place::default() };
/// assert!(first < Place { sample: 1, ..first } && Place { sample: 1, ..first } < Place { call: 8, ..first });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of the trace.
    pub trace: u32,
    /// Number of the phase, in the order they were read.
    pub phase: u32,
    /// The call in it.
    pub call: u32,
    /// The sample in it.
    pub sample: u32,
}

/// Independent draws on images of one size, in order; none is empty.
///
/// ```
/// use cutmix_verify::audit::judge::{Part, Place};
/// use cutmix_verify::play::{draws_of, variant};
///
/// let size = [40, 24];
/// let (boxes, applied) = draws_of(variant("paper").unwrap(), 1.0, size, 50, 1).unwrap();
/// let places = (0..50).map(|call| Place { call, ..Place::default() }).collect();
/// let part = Part { size, boxes, places, applied: vec![applied] };
/// assert!(part.boxes.iter().all(|[x0, y0, x1, y1]| x0 < x1 && y0 < y1 && *x1 <= 40 && *y1 <= 24));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Columns and rows.
    pub size: [u32; 2],
    /// The boxes.
    pub boxes: Vec<Patch>,
    /// Where each was made.
    pub places: Vec<Place>,
    /// How often something was changed.
    pub applied: Vec<Applied>,
}

/// Whether samples were changed, one after the other, each independently of the others.
///
/// ```
/// use cutmix_verify::audit::judge::Applied;
///
/// // Of a pairing in which nobody is his own partner: three samples, the second of which was left alone.
/// let mut applied = Applied::new(vec![0.0]);
/// applied.push(0, true);
/// applied.push(1, false);
/// applied.push(1, true);
/// // Before the first box of the part was drawn, before the second, and all in all.
/// assert_eq!([0, 1, 2].map(|boxes| applied.until(boxes)), [[0, 0], [1, 1], [3, 2]]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// The probability that a sample is its own partner: one of these, as far as the pairing tells.
    pub own: Vec<f64>,
    /// Boxes of the part that were drawn before, and how many samples were changed, this one included.
    trials: Vec<(u32, u32)>,
}

impl Applied {
    /// Of a pairing that leaves a sample its own partner with one of these probabilities.
    #[must_use]
    pub const fn new(own: Vec<f64>) -> Self {
        Self { own, trials: Vec::new() }
    }

    /// The same with trials that were kept: boxes before each, and samples changed so far.
    #[must_use]
    pub(in crate::audit) const fn with(own: Vec<f64>, trials: Vec<(u32, u32)>) -> Self {
        Self { own, trials }
    }

    /// Boxes before each trial, and how many samples were changed, this one included.
    #[must_use]
    pub(in crate::audit) fn trials(&self) -> &[(u32, u32)] {
        &self.trials
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
    #[must_use]
    pub(in crate::audit) fn followed_by(mut self, later: &Self) -> Self {
        let before = self.boxes.len() as u32;
        self.boxes.extend_from_slice(&later.boxes);
        self.places.extend_from_slice(&later.places);
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
        // How many of the first draws are left.
        let mut left = vec![0_u32];
        left.extend(kept.iter().scan(0, |sum, &kept| {
            *sum += u32::from(kept);
            Some(*sum)
        }));
        for applied in &mut self.applied {
            let mut again = Applied::new(applied.own.clone());
            let mut touched = 0;
            for &(before, so_far) in &applied.trials {
                let changed = so_far > touched;
                touched = so_far;
                let before = before as usize;
                if kept.get(before).copied().unwrap_or(true) {
                    again.push(left[before.min(left.len() - 1)], changed);
                }
            }
            *applied = again;
        }
    }
}
