//! Independent draws out of what a phase's calls showed.

use super::evidence::{Applied, Evidence, Part, Place};
use crate::audit::observe::draw::{Draw, HALF_LOST_ONCE, complement, real_length};
use crate::audit::observe::sharing::{Partners, Unit};
use crate::audit::prob::Prob;
use crate::reference::Patch;

/// Draws of boxes that a phase's calls showed so far. Some 64 bytes a draw.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    /// Number of the trace, and of the phase among all that were read.
    place: [u32; 2],
    size: [u32; 2],
    batch: u32,
    draws: Vec<Draw>,
    /// Where each call ends among the draws, and its number.
    ends: Vec<(usize, u32)>,
    /// The classes of the images of each call.
    classes: Vec<Vec<u32>>,
    /// Whether the base is inside some boxes.
    pub(crate) inverted: bool,
}

/// Calls without which agreeing boxes are no convention: two independent boxes often can be of one lambda or one centre, since what
/// is clipped leaves much open, but those of all of sixteen calls hardly ever.
const CALLS_OF_ONE_LAMBDA: usize = 16;
/// Calls without which partners that are drawn with replacement would not have shown: in one call of three images or more some
/// image gives twice with a probability of about a half, in none of sixteen once in some 10^4.
const CALLS_OF_PERMUTATIONS: usize = 16;
/// How often each place of the batch that ever was changed must have been, on average, before one that never was is no chance: one
/// that is changed as often as the others stays out of so many once in `e^30`, some 10^13.
const CHANGED_EACH: u64 = 30;
/// By how many pixels the middle of a side may be off: two ends, each rounded by less than a pixel.
const MIDDLE: f64 = 1.0;

impl Collector {
    pub(crate) fn new(place: [u32; 2], size: [u32; 2], batch: u32) -> Self {
        Self { place, size, batch, ..Self::default() }
    }

    /// Adds the boxes of a call that are not empty, and the classes of its images.
    pub(crate) fn call(&mut self, number: u32, draws: &[Option<Draw>], classes: &[u32]) {
        let changed = draws.iter().flatten().filter(|draw| !draw.patch.is_empty());
        self.draws.extend(changed);
        let start = self.ends.last().map_or(0, |&(end, _)| end);
        self.inverted |= self.draws[start..].iter().any(|draw| draw.inverted);
        self.ends.push((self.draws.len(), number));
        self.classes.push(classes.to_vec());
    }

    /// The number of every call and its draws.
    fn calls(&self) -> impl Iterator<Item = (u32, &[Draw])> {
        let mut start = 0;
        self.ends.iter().map(move |&(end, number)| {
            let draws = &self.draws[start..end];
            start = end;
            (number, draws)
        })
    }

    /// Adds what was shown to the evidence of an alpha: all draws, and one of each call, in case those of a call depend on each
    /// other. Gives the places in the batch that were never changed, though others were.
    pub(crate) fn finish(mut self, evidence: &mut Evidence, unit: Unit, partners: Partners, prob: Prob) -> Vec<u32> {
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

    /// The same of blends, whose weights are drawn and not their boxes: how often samples are changed, and by whom.
    pub(crate) fn finish_blends(self, evidence: &mut Evidence, unit: Unit, partners: Partners, prob: Prob) -> Vec<u32> {
        let mut seen = Evidence::default();
        let never = self.gather(&mut seen, unit, partners, prob, false);
        evidence.pairings.extend(seen.pairings);
        for Part { size, applied, .. } in seen.parts {
            let new = Part { size, applied, ..Part::default() };
            match evidence.parts.iter_mut().find(|part| part.size == size) {
                Some(part) => *part = std::mem::take(part).followed_by(&new),
                None => evidence.parts.push(new),
            }
        }
        never
    }

    /// Two draws of each call that are independent if the call's draws are, and what all of them have in common.
    fn couple(&self, evidence: &mut Evidence, unit: Unit) {
        for (_, draws) in self.calls() {
            let Some(first) = draws.first() else { continue };
            let mate = |other: &&Draw| unit == Unit::Sample || other.sample + first.sample + 1 != self.batch as usize;
            if let Some(second) = draws[1..].iter().find(mate) {
                evidence.couples.push((self.size, [first.patch, second.patch]));
            }
        }
        let corner = self.all(|patch| [[f64::from(patch.x0); 2], [f64::from(patch.y0); 2]]);
        let place = self.all(|patch| {
            // The start as a share of the room that the box leaves, however that is counted.
            let axis = |i: usize| {
                let (start, end) = patch.span(i);
                let (start, room) = (f64::from(start), f64::from(self.size[i] - (end - start)));
                [start / (room + 1.0), if room > 1.0 { (start + 1.0) / (room - 1.0) } else { 1.0 }]
            };
            [axis(0), axis(1)]
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
        // In a permutation an image that gives to another is not its own partner. Two images, or few calls, do not tell a
        // permutation from partners that are drawn with replacement.
        let told = self.batch > 2 && self.ends.len() >= CALLS_OF_PERMUTATIONS;
        let givers = sure && told && partners == Partners::Drawn && unit == Unit::Sample && !one;
        // A permutation may leave a sample in its place, a derangement never does; of one box for all, no sample is changed only
        // where the permutation moves none.
        let own = match (partners, unit) {
            (Partners::Fixed | Partners::Nobody, _) => vec![0.0],
            _ if givers => vec![0.0],
            (_, Unit::Batch) => vec![0.0, (1..=self.batch).map(|i| 1.0 / f64::from(i)).product()],
            _ => vec![0.0, 1.0 / f64::from(self.batch)],
        };
        // Samples of a call are independent unless a throw of dice is common to them.
        let all = own.len() == 1 && sure;
        let mut applied = Applied { own, ..Applied::default() };
        let never = if unit == Unit::Sample { self.never() } else { Vec::new() };
        let batch = self.batch;
        let mut offsets = vec![0_u64; batch.saturating_sub(1) as usize];
        let (mut donors, mut turns) = (vec![0_u64; batch as usize], vec![0_u64; batch as usize]);
        // Samples that share a draw, as the first of them.
        let unit_of = |sample: u32| match unit {
            Unit::Sample => sample,
            Unit::Pair => sample.min(batch - 1 - sample),
            Unit::Batch => 0,
        };
        let units = (0..batch).map(unit_of).max().map_or(0, |last| last + 1);
        for ((call, draws), classes) in self.calls().zip(&self.classes) {
            let part = &mut evidence.parts[number];
            let [trace, phase] = self.place;
            let turn = call % batch;
            for i in (0..units).filter(|i| !one || *i == turn % units) {
                let found = draws.iter().find(|draw| unit_of(draw.sample as u32) == i);
                let middle = unit == Unit::Pair && batch - 1 - i == i;
                let trial = if givers {
                    draws.iter().any(|draw| draw.donor == Some(i as usize) && draw.sample != i as usize)
                } else {
                    (all && !middle) || unit == Unit::Batch || turn % units == i
                };
                if trial && !never.contains(&i) {
                    applied.push(part.boxes.len() as u32, found.is_some());
                }
                if let Some(draw) = found {
                    part.boxes.push(draw.patch);
                    part.places.push(Place { trace, phase, call, sample: draw.sample as u32 });
                    part.known.push(draw.known(classes));
                }
            }
            // One sample a call, each in its turn.
            let turn = turn as usize;
            let donor = draws.iter().find(|draw| draw.sample == turn).and_then(|draw| draw.donor);
            if let Some(donor) = donor.filter(|donor| *donor != turn) {
                let offset = (donor + batch as usize - turn) % batch as usize;
                offsets[offset - 1] += 1;
                donors[donor] += 1;
                turns[turn] += 1;
            }
        }
        // An image in which the partner is all around shows no difference between nothing done and nothing to do.
        if prob != Prob::Unknown && !self.inverted && batch > 1 {
            evidence.parts[number].applied.push(applied);
        }
        if matches!(partners, Partners::Drawn | Partners::Replaced) && batch > 2 {
            let even = 1.0 / f64::from(batch - 1);
            let all = turns.iter().sum::<u64>().max(1) as f64;
            // Every image but the one whose turn it was.
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
        for draw in &self.draws {
            counts[draw.sample] += 1;
        }
        let active = counts.iter().filter(|&&count| count > 0).count() as u64;
        if counts.iter().sum::<u64>() < CHANGED_EACH * active.max(1) {
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
            for mut draw in self.draws[start..*end].iter().copied() {
                if !draw.inverted {
                    if draw.patch == Patch::full(width, height) {
                        // No box: the partner is everywhere.
                        continue;
                    }
                    draw.patch = complement(draw.patch, self.size).unwrap_or(draw.patch);
                }
                kept.push(draw);
            }
            start = *end;
            *end = kept.len();
        }
        self.draws = kept;
    }

    /// The values of `sqrt(1 - lambda)` that both sides of a box can come from.
    fn roots(&self, patch: Patch) -> [f64; 2] {
        let axis =
            |i: usize| real_length(patch, self.size, i, HALF_LOST_ONCE).map(|length| length / f64::from(self.size[i]));
        let (x, y) = (axis(0), axis(1));
        [x[0].max(y[0]), x[1].min(y[1])]
    }

    /// Whether all boxes of every call can come from one lambda, and enough calls show it.
    pub(crate) fn one_lambda(&self) -> bool {
        self.all(|patch| [self.roots(patch)]) == Some(true)
    }

    /// Whether all boxes of every call can have one centre, and enough calls show it.
    pub(crate) fn one_centre(&self) -> bool {
        let common = self.all(|patch| {
            let axis = |i: usize| {
                let ((lo, hi), length) = (patch.span(i), f64::from(self.size[i]));
                let middle = f64::midpoint(f64::from(lo), f64::from(hi));
                match (lo == 0, hi == self.size[i]) {
                    (true, true) => [0.0, length],
                    (true, _) => [0.0, middle + MIDDLE],
                    (_, true) => [middle - MIDDLE, length],
                    _ => [middle - MIDDLE, middle + MIDDLE],
                }
            };
            [axis(0), axis(1)]
        });
        common == Some(true)
    }

    /// Whether the ranges that every box of a call allows meet, call by call; nothing if too few calls show it.
    fn all<const N: usize>(&self, ranges: impl Fn(Patch) -> [[f64; 2]; N]) -> Option<bool> {
        let mut calls = 0;
        for (_, draws) in self.calls() {
            let mut met = [[f64::MIN, f64::MAX]; N];
            for draw in draws {
                for (met, range) in met.iter_mut().zip(ranges(draw.patch)) {
                    *met = [met[0].max(range[0]), met[1].min(range[1])];
                }
            }
            if met.iter().any(|[least, most]| least > most) {
                return Some(false);
            }
            calls += usize::from(draws.len() > 1);
        }
        (calls >= CALLS_OF_ONE_LAMBDA).then_some(true)
    }
}
