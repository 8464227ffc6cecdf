//! Independent draws out of what a phase's calls showed.

use super::evidence::{Applied, Part, Place};
use super::verdict::Evidence;
use crate::audit::Prob;
use crate::audit::pixels::complement;
use crate::decode::Patch;
use crate::law::boxes::Corners;

/// Who shares what, as the whole phase shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Unit {
    /// Every sample has a draw of its own.
    Sample,
    /// Samples `i` and `B - 1 - i` share one.
    Pair,
    /// All samples of a call share one.
    Batch,
}

/// Who is whose partner, as the whole phase shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Partners {
    /// One map in every call, and nobody is his own.
    Fixed,
    /// Another map in every call.
    Drawn,
    /// There are none, as in Cutout.
    Nobody,
}

/// What a sample showed: its donor and its box, if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    sample: u32,
    donor: u32,
    patch: Corners,
    inverted: bool,
}

/// What a phase's calls showed so far. Some 28 bytes a draw.
#[derive(Debug, Default)]
pub(in crate::audit) struct Collector {
    /// Number of the trace, and of the phase among all that were read.
    pub(in crate::audit) place: [u32; 2],
    size: [u32; 2],
    batch: u32,
    shown: Vec<Shown>,
    /// Where each call ends among those that were shown, and its number.
    ends: Vec<(u32, u32)>,
    inverted: bool,
}

/// Two draws of one size and another centre are that rare: calls of two boxes that all fit one lambda.
const CALLS_OF_ONE_LAMBDA: usize = 16;

impl Collector {
    pub(in crate::audit) fn new(place: [u32; 2], size: [u32; 2], batch: u32) -> Self {
        Self { place, size, batch, ..Self::default() }
    }

    /// The sample, donor, box and whether the base is inside it, of every sample that was changed.
    pub(in crate::audit) fn call(&mut self, number: u32, changed: impl Iterator<Item = (usize, usize, Patch, bool)>) {
        let start = self.shown.len();
        for (sample, donor, patch, inverted) in changed {
            let patch = [patch.x0, patch.y0, patch.x1, patch.y1].map(|edge| edge as u32);
            self.inverted |= inverted;
            self.shown.push(Shown { sample: sample as u32, donor: donor as u32, patch, inverted });
        }
        // One box for all is kept once, with the first donor.
        let call = &self.shown[start..];
        if call.len() > 2 && call.len() as u32 == self.batch && call.iter().all(|shown| shown.patch == call[0].patch) {
            self.shown.truncate(start + 2);
        }
        self.ends.push((self.shown.len() as u32, number));
    }

    /// Adds what was shown to the evidence of an alpha.
    pub(in crate::audit) fn finish(mut self, evidence: &mut Evidence, unit: Unit, partners: Partners, prob: Prob) {
        if self.inverted {
            self.turn();
        }
        // What samples share makes them one draw: that of one of them, each in its turn.
        let shared = unit == Unit::Sample && (self.one_lambda() || self.one_centre());
        let size = self.size;
        let number = evidence.parts.iter().position(|part| part.size == size);
        let number = number.unwrap_or_else(|| {
            evidence.parts.push(Part { size, ..Part::default() });
            evidence.parts.len() - 1
        });
        // A permutation may leave a sample in its place, a derangement never does; of one box for all, nobody is changed only
        // where the permutation moves nobody.
        let own = match (partners, unit) {
            (Partners::Fixed | Partners::Nobody, _) => vec![0.0],
            (Partners::Drawn, Unit::Batch) => vec![0.0, (1..=self.batch).map(|i| 1.0 / f64::from(i)).product()],
            (Partners::Drawn, _) => vec![0.0, 1.0 / f64::from(self.batch)],
        };
        let known = own.len() == 1;
        let mut applied = Applied::new(own);
        let mut offsets = vec![0_u64; self.batch.saturating_sub(1) as usize];
        // Samples of a call are independent unless a permutation or a throw of dice is common to them.
        let all = known && matches!(prob, Prob::Known(p) if p >= 1.0);
        let mut start = 0;
        for &(end, call) in &self.ends {
            let shown = &self.shown[start..end as usize];
            start = end as usize;
            let part = &mut evidence.parts[number];
            let units = match unit {
                Unit::Sample => self.batch,
                Unit::Pair => self.batch.div_ceil(2),
                Unit::Batch => 1,
            };
            let [trace, phase] = self.place;
            let turn = call % self.batch;
            for i in (0..units).filter(|i| !shared || *i == turn) {
                let found = match unit {
                    Unit::Sample => shown.iter().find(|shown| shown.sample == i),
                    Unit::Pair => shown.iter().find(|s| s.sample == i || s.sample == self.batch - 1 - i),
                    Unit::Batch => shown.first(),
                };
                let middle = unit == Unit::Pair && self.batch - 1 - i == i;
                if (all && !middle) || unit == Unit::Batch || turn % units == i {
                    applied.push(part.boxes.len() as u32, found.is_some());
                }
                if let Some(shown) = found {
                    part.boxes.push(shown.patch);
                    part.places.push(Place { trace, phase, call, sample: shown.sample });
                }
            }
            if let Some(shown) = shown.iter().find(|shown| shown.sample == turn) {
                let offset = (shown.donor + self.batch - turn) % self.batch;
                if let Some(count) = offset.checked_sub(1).and_then(|place| offsets.get_mut(place as usize)) {
                    *count += 1;
                }
            }
        }
        // An image in which the partner is all around shows no difference between nothing done and nothing to do.
        if prob != Prob::Unknown && !self.inverted && self.batch > 1 {
            evidence.parts[number].applied.push(applied);
        }
        if partners == Partners::Drawn && self.batch > 2 {
            evidence.pairings.push(offsets);
        }
    }

    /// Where the base is inside the box, a box at the border looks like its complement.
    fn turn(&mut self) {
        let [width, height] = self.size.map(|length| length as usize);
        let mut kept = Vec::new();
        let mut start = 0;
        for (end, _) in &mut self.ends {
            for mut shown in self.shown[start..*end as usize].iter().copied() {
                let [x0, y0, x1, y1] = shown.patch.map(|edge| edge as usize);
                if !shown.inverted {
                    let patch = Patch { x0, y0, x1, y1 };
                    if patch == Patch::full(width, height) {
                        // No box: the partner is everywhere.
                        continue;
                    }
                    if let Some(Patch { x0, y0, x1, y1 }) = complement(patch, width, height) {
                        shown.patch = [x0, y0, x1, y1].map(|edge| edge as u32);
                    }
                }
                kept.push(shown);
            }
            start = *end as usize;
            *end = kept.len() as u32;
        }
        self.shown = kept;
    }

    /// The values of `s` that a side can come from, whatever its rounding.
    fn roots(&self, patch: Corners) -> [f64; 2] {
        let axis = |i: usize| {
            let (lo, hi, length) = (patch[i], patch[i + 2], self.size[i]);
            let shown = f64::from(hi - lo);
            let clipped = lo == 0 || hi == length;
            let most = if clipped { 2.0 * shown + 2.0 } else { shown + 2.0 };
            [(shown - 2.0) / f64::from(length), most / f64::from(length)]
        };
        let (x, y) = (axis(0), axis(1));
        [x[0].max(y[0]), x[1].min(y[1])]
    }

    /// Whether the base is inside some boxes.
    pub(in crate::audit) const fn inverted(&self) -> bool {
        self.inverted
    }

    /// Whether all boxes of every call can come from one lambda, and enough calls show it.
    pub(in crate::audit) fn one_lambda(&self) -> bool {
        self.one(|patch| vec![self.roots(patch)])
    }

    /// Whether all boxes of every call can have one centre, and enough calls show it.
    pub(in crate::audit) fn one_centre(&self) -> bool {
        self.one(|patch| {
            let axis = |i: usize| {
                let (lo, hi, length) = (f64::from(patch[i]), f64::from(patch[i + 2]), f64::from(self.size[i]));
                let middle = f64::midpoint(lo, hi);
                match (patch[i] == 0, patch[i + 2] == self.size[i]) {
                    (true, true) => [0.0, length],
                    (true, _) => [0.0, middle + 1.0],
                    (_, true) => [middle - 1.0, length],
                    _ => [middle - 1.0, middle + 1.0],
                }
            };
            vec![axis(0), axis(1)]
        })
    }

    /// Whether the ranges that every box of a call allows meet, call by call, and enough calls show it.
    fn one(&self, ranges: impl Fn(Corners) -> Vec<[f64; 2]>) -> bool {
        let mut calls = 0;
        let mut start = 0;
        for &(end, _) in &self.ends {
            let shown = &self.shown[start..end as usize];
            start = end as usize;
            let mut met = vec![[f64::MIN, f64::MAX]; 2];
            for shown in shown {
                for (met, range) in met.iter_mut().zip(ranges(shown.patch)) {
                    *met = [met[0].max(range[0]), met[1].min(range[1])];
                }
            }
            if met.iter().any(|[least, most]| least > most) {
                return false;
            }
            calls += usize::from(shown.len() > 1);
        }
        calls >= CALLS_OF_ONE_LAMBDA
    }
}
