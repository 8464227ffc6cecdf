//! Independent draws out of what a phase's calls showed.

use super::evidence::{Applied, Evidence, Part, Place};
use crate::audit::Prob;
use crate::audit::observe::pixels::complement;
use crate::reference::Patch;

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
    /// A permutation of the batch, another one in every call.
    Drawn,
    /// Another map in every call, in which one image may give to several.
    Replaced,
    /// There are none, as in Cutout.
    Nobody,
}

/// What a sample showed: its donor and its box, if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    sample: u32,
    donor: u32,
    patch: Patch,
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
        for (sample, donor, patch, inverted) in changed {
            self.inverted |= inverted;
            self.shown.push(Shown { sample: sample as u32, donor: donor as u32, patch, inverted });
        }
        self.ends.push((self.shown.len() as u32, number));
    }

    /// Adds what was shown to the evidence of an alpha: all draws, and one of each call, in case those of a call depend on each
    /// other. Gives the places in the batch that were never changed, though others were.
    pub(in crate::audit) fn finish(
        mut self,
        evidence: &mut Evidence,
        unit: Unit,
        partners: Partners,
        prob: Prob,
    ) -> Vec<u32> {
        if self.inverted {
            self.turn();
        }
        // What samples share makes them one draw: that of one of them, each in its turn.
        let shared = unit == Unit::Sample && (self.one_lambda() || self.one_centre());
        if unit != Unit::Batch && !shared {
            self.couple(evidence, unit);
        }
        let mut by_call = evidence.by_call.take().unwrap_or_default();
        self.gather(&mut by_call, unit, partners, prob, unit != Unit::Batch);
        evidence.by_call = Some(by_call);
        self.gather(evidence, unit, partners, prob, shared)
    }

    /// Two draws of each call that are independent if the call's draws are, and what all of them have in common.
    fn couple(&self, evidence: &mut Evidence, unit: Unit) {
        let mut start = 0;
        for &(end, _) in &self.ends {
            let shown = &self.shown[start..end as usize];
            start = end as usize;
            let Some(first) = shown.first() else { continue };
            let mate = |other: &&Shown| unit == Unit::Sample || other.sample != self.batch - 1 - first.sample;
            if let Some(second) = shown[1..].iter().find(mate) {
                evidence.couples.push((self.size, [first.patch, second.patch]));
            }
        }
        let corner = self.all(|patch| vec![[f64::from(patch.x0); 2], [f64::from(patch.y0); 2]]);
        let place = self.all(|patch| {
            // The start as a share of the room that the box leaves, however that is counted.
            let axis = |i: usize| {
                let (start, end) = patch.span(i);
                let (start, room) = (f64::from(start), f64::from(self.size[i] - (end - start)));
                [start / (room + 1.0), if room > 1.0 { (start + 1.0) / (room - 1.0) } else { 1.0 }]
            };
            vec![axis(0), axis(1)]
        });
        for (all, here) in evidence.common.iter_mut().zip([corner, place]) {
            *all = match (*all, here) {
                (Some(all), Some(here)) => Some(all && here),
                (all, here) => all.or(here),
            };
        }
    }

    /// Adds the draws of every sample, or of one of each call, to some evidence.
    fn gather(&self, evidence: &mut Evidence, unit: Unit, partners: Partners, prob: Prob, one: bool) -> Vec<u32> {
        let size = self.size;
        let number = evidence.parts.iter().position(|part| part.size == size);
        let number = number.unwrap_or_else(|| {
            evidence.parts.push(Part { size, ..Part::default() });
            evidence.parts.len() - 1
        });
        let sure = matches!(prob, Prob::Known(p) if p >= 1.0);
        // In a permutation who gives to another is not his own partner. Of two images, or in few calls, nobody can tell a
        // permutation from partners that are drawn with replacement.
        let told = self.batch > 2 && self.ends.len() >= 16;
        let givers = sure && told && partners == Partners::Drawn && unit == Unit::Sample && !one;
        // A permutation may leave a sample in its place, a derangement never does; of one box for all, nobody is changed only
        // where the permutation moves nobody.
        let own = match (partners, unit) {
            (Partners::Fixed | Partners::Nobody, _) => vec![0.0],
            _ if givers => vec![0.0],
            (_, Unit::Batch) => vec![0.0, (1..=self.batch).map(|i| 1.0 / f64::from(i)).product()],
            _ => vec![0.0, 1.0 / f64::from(self.batch)],
        };
        // Samples of a call are independent unless a throw of dice is common to them.
        let all = own.len() == 1 && sure;
        let mut applied = Applied::new(own);
        let never = if unit == Unit::Sample { self.never() } else { Vec::new() };
        let batch = self.batch;
        let mut offsets = vec![0_u64; batch.saturating_sub(1) as usize];
        let (mut donors, mut turns) = (vec![0_u64; batch as usize], vec![0_u64; batch as usize]);
        let mut start = 0;
        for &(end, call) in &self.ends {
            let shown = &self.shown[start..end as usize];
            start = end as usize;
            let part = &mut evidence.parts[number];
            let units = match unit {
                Unit::Sample => batch,
                Unit::Pair => batch.div_ceil(2),
                Unit::Batch => 1,
            };
            let [trace, phase] = self.place;
            let turn = call % batch;
            for i in (0..units).filter(|i| !one || *i == turn % units) {
                let found = match unit {
                    Unit::Sample => shown.iter().find(|shown| shown.sample == i),
                    Unit::Pair => shown.iter().find(|s| s.sample == i || s.sample == batch - 1 - i),
                    Unit::Batch => shown.first(),
                };
                let middle = unit == Unit::Pair && batch - 1 - i == i;
                let trial = if givers {
                    shown.iter().any(|shown| shown.donor == i && shown.sample != i)
                } else {
                    (all && !middle) || unit == Unit::Batch || turn % units == i
                };
                if trial && !never.contains(&i) {
                    applied.push(part.boxes.len() as u32, found.is_some());
                }
                if let Some(shown) = found {
                    part.boxes.push(shown.patch);
                    part.places.push(Place { trace, phase, call, sample: shown.sample });
                }
            }
            // One sample a call, each in its turn.
            if let Some(shown) = shown.iter().find(|shown| shown.sample == turn && shown.donor != turn) {
                let offset = (shown.donor + batch - turn) % batch;
                offsets[offset as usize - 1] += 1;
                donors[shown.donor as usize] += 1;
                turns[turn as usize] += 1;
            }
        }
        // An image in which the partner is all around shows no difference between nothing done and nothing to do.
        if prob != Prob::Unknown && !self.inverted && batch > 1 {
            evidence.parts[number].applied.push(applied);
        }
        if matches!(partners, Partners::Drawn | Partners::Replaced) && batch > 2 {
            let even = 1.0 / f64::from(batch - 1);
            let all = turns.iter().sum::<u64>().max(1) as f64;
            // Everybody but oneself, whoever's turn it was.
            let by_donor = turns.iter().map(|&own| (all - own as f64) / all * even).collect();
            evidence.pairings.push((offsets, vec![even; batch as usize - 1]));
            evidence.pairings.push((donors, by_donor));
        }
        // Under a map that is always the same, the middle one of an odd batch may be its own partner.
        let middle = |i: &u32| partners == Partners::Fixed && batch % 2 == 1 && *i == batch / 2;
        never.into_iter().filter(|i| !middle(i)).collect()
    }

    /// Places in the batch that were never changed, where every other was some thirty times on average.
    fn never(&self) -> Vec<u32> {
        let mut counts = vec![0_u64; self.batch as usize];
        for shown in &self.shown {
            counts[shown.sample as usize] += 1;
        }
        let active = counts.iter().filter(|&&count| count > 0).count() as u64;
        if counts.iter().sum::<u64>() < 30 * active.max(1) {
            return Vec::new();
        }
        (0..self.batch).filter(|&i| counts[i as usize] == 0).collect()
    }

    /// Where the base is inside the box, a box at the border looks like its complement.
    fn turn(&mut self) {
        let [width, height] = self.size;
        let mut kept = Vec::new();
        let mut start = 0;
        for (end, _) in &mut self.ends {
            for mut shown in self.shown[start..*end as usize].iter().copied() {
                if !shown.inverted {
                    if shown.patch == Patch::full(width, height) {
                        // No box: the partner is everywhere.
                        continue;
                    }
                    if let Some(rest) = complement(shown.patch, width, height) {
                        shown.patch = rest;
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
    fn roots(&self, patch: Patch) -> [f64; 2] {
        let axis = |i: usize| {
            let ((lo, hi), length) = (patch.span(i), self.size[i]);
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
        self.all(|patch| vec![self.roots(patch)]) == Some(true)
    }

    /// Whether all boxes of every call can have one centre, and enough calls show it.
    pub(in crate::audit) fn one_centre(&self) -> bool {
        let common = self.all(|patch| {
            let axis = |i: usize| {
                let ((lo, hi), length) = (patch.span(i), f64::from(self.size[i]));
                let middle = f64::midpoint(f64::from(lo), f64::from(hi));
                match (lo == 0, hi == self.size[i]) {
                    (true, true) => [0.0, length],
                    (true, _) => [0.0, middle + 1.0],
                    (_, true) => [middle - 1.0, length],
                    _ => [middle - 1.0, middle + 1.0],
                }
            };
            vec![axis(0), axis(1)]
        });
        common == Some(true)
    }

    /// Whether the ranges that every box of a call allows meet, call by call; nothing if too few calls show it.
    fn all(&self, ranges: impl Fn(Patch) -> Vec<[f64; 2]>) -> Option<bool> {
        let mut calls = 0;
        let mut start = 0;
        for &(end, _) in &self.ends {
            let shown = &self.shown[start..end as usize];
            start = end as usize;
            let mut met = [[f64::MIN, f64::MAX]; 2];
            for shown in shown {
                for (met, range) in met.iter_mut().zip(ranges(shown.patch)) {
                    *met = [met[0].max(range[0]), met[1].min(range[1])];
                }
            }
            if met.iter().any(|[least, most]| least > most) {
                return Some(false);
            }
            calls += usize::from(shown.len() > 1);
        }
        (calls >= CALLS_OF_ONE_LAMBDA).then_some(true)
    }
}
