//! Independent draws out of what a phase's calls showed.

use super::evidence::{Applied, Evidence, Part, Place};
use crate::audit::observe::draw::{Draw, HALF_LOST, HALF_LOST_ONCE, complement, real_length};
use crate::audit::observe::pairing::Partners;
use crate::audit::observe::sharing::Unit;
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
/// By how many standard deviations the number of own partners may be off that of partners drawn among all images.
const OFF: f64 = 4.0;
/// How often each place of the batch that ever was changed must have been, on average, before one that never was is no chance: one
/// that is changed as often as the others stays out of so many once in `e^30`, some 10^13.
const CHANGED_EACH: u64 = 30;
/// By how many pixels the middle of a side may be off: two ends, each rounded by less than a pixel.
const MIDDLE: f64 = 1.0;

/// How rarely chance may look like one lambda, or one centre, where that is held against a promise.
const CHANCE: f64 = 1e-9;

/// What the draws of a phase leave open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unshown {
    /// Places in the batch that were never changed, though others were.
    pub(crate) never: Vec<u32>,
    /// Whether how often samples are changed says nothing, since nobody knows how many are their own partners.
    pub(crate) uncounted: bool,
}

/// What samples of a call share, and who gives to them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared<'a> {
    pub(crate) unit: Unit,
    pub(crate) partners: Partners,
    /// Places in the batch that may be their own partners under a map that is always the same.
    pub(crate) alone: &'a [u32],
    /// Whether the caller says who is paired with whom, so that nothing is known of it.
    pub(crate) given: bool,
}

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
    /// other.
    pub(crate) fn finish(mut self, evidence: &mut Evidence, how: &Shared<'_>, prob: Prob) -> Unshown {
        if self.inverted {
            self.turn();
        }
        // What samples share makes them one draw: that of one of them, each in its turn.
        let unit = how.unit;
        let shared = unit == Unit::Sample && (self.one_lambda() || self.one_centre());
        if unit != Unit::Batch && !shared {
            self.couple(evidence, unit);
        }
        let mut by_call = evidence.by_call.take().unwrap_or_default();
        self.gather(&mut by_call, how, prob, unit != Unit::Batch);
        evidence.by_call = Some(by_call);
        self.gather(evidence, how, prob, shared)
    }

    /// The same of blends, whose weights are drawn and not their boxes: how often samples are changed, and by whom.
    pub(crate) fn finish_blends(self, evidence: &mut Evidence, how: &Shared<'_>, prob: Prob) -> Unshown {
        let mut seen = Evidence::default();
        let unshown = self.gather(&mut seen, how, prob, false);
        evidence.pairings.extend(seen.pairings);
        for Part { size, applied, .. } in seen.parts {
            let new = Part { size, applied, ..Part::default() };
            match evidence.parts.iter_mut().find(|part| part.size == size) {
                Some(part) => *part = std::mem::take(part).followed_by(&new),
                None => evidence.parts.push(new),
            }
        }
        unshown
    }

    /// Two draws of each call that are independent if the call's draws are, and what all of them have in common.
    fn couple(&self, evidence: &mut Evidence, unit: Unit) {
        for (_, draws) in self.calls() {
            let Some(first) = draws.first() else { continue };
            let mate = |other: &&Draw| match unit {
                Unit::Pair => other.sample + first.sample + 1 != self.batch as usize,
                Unit::Partners => !first.gives_to(other) && !other.gives_to(first),
                Unit::Sample | Unit::Batch => true,
            };
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
    fn gather(&self, evidence: &mut Evidence, how: &Shared<'_>, prob: Prob, one: bool) -> Unshown {
        let size = self.size;
        let &Shared { unit, partners, alone, given } = how;
        let number = evidence.parts.iter().position(|part| part.size == size);
        let number = number.unwrap_or_else(|| {
            evidence.parts.push(Part { size, ..Part::default() });
            evidence.parts.len() - 1
        });
        let sure = matches!(prob, Prob::Known(p) if p >= 1.0);
        // In a permutation an image that gives to another is not its own partner.
        let givers = sure && partners == Partners::Permuted && unit == Unit::Sample && !one;
        // A permutation may leave a sample in its place, a derangement never does.
        let own = match partners {
            Partners::Fixed | Partners::Nobody => vec![0.0],
            _ if givers => vec![0.0],
            _ => vec![0.0, 1.0 / f64::from(self.batch)],
        };
        // Samples of a call are independent unless a throw of dice, or a box, is common to them.
        let all = !givers && own.len() == 1 && sure && matches!(unit, Unit::Sample | Unit::Pair);
        let counted = givers || own.len() == 1 || !(given || self.prefers());
        let mut applied = Applied { own, ..Applied::default() };
        let of = |draws: &[Draw], i: u32| draws.iter().find(|draw| draw.sample == i as usize).copied();
        let never = self.never();
        let left_out = |i: u32| never.contains(&i) || alone.contains(&i);
        let batch = self.batch;
        let mut offsets = vec![0_u64; batch.saturating_sub(1) as usize];
        let (mut donors, mut turns) = (vec![0_u64; batch as usize], vec![0_u64; batch as usize]);
        let units = match unit {
            Unit::Sample | Unit::Partners => batch,
            Unit::Pair => batch.div_ceil(2),
            Unit::Batch => 1,
        };
        for ((call, draws), classes) in self.calls().zip(&self.classes) {
            let part = &mut evidence.parts[number];
            let [trace, phase] = self.place;
            let turn = call % batch;
            let mut trial = |before: usize, i: u32, changed: bool| {
                if !left_out(i) {
                    applied.push(before as u32, changed);
                }
            };
            // One sample of each call, in its turn, is changed as often as promised, whatever it shares with others.
            if !all && !givers {
                trial(part.boxes.len(), turn, of(draws, turn).is_some());
            }
            for i in (0..units).filter(|i| !one || *i == turn % units) {
                let found = match unit {
                    Unit::Sample => of(draws, i),
                    Unit::Pair => of(draws, i).or_else(|| of(draws, batch - 1 - i)),
                    // The first of two has the draw of both.
                    Unit::Partners => {
                        let first = |draw: &Draw| one || !draws.iter().any(|d| d.sample < i as usize && d.swaps(draw));
                        of(draws, i).filter(first)
                    }
                    Unit::Batch => draws.first().copied(),
                };
                let gives = || draws.iter().any(|draw| draw.donor == Some(i as usize) && draw.sample != i as usize);
                // Of a pair that may be its own partners, none is a missing one.
                let lone = unit == Unit::Pair && left_out(i) && left_out(batch - 1 - i);
                if (all && !lone) || (givers && gives()) {
                    let of_pair = if unit == Unit::Pair && left_out(i) { batch - 1 - i } else { i };
                    trial(part.boxes.len(), of_pair, found.is_some());
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
        if prob != Prob::Unknown && !self.inverted && batch > 1 && counted {
            evidence.parts[number].applied.push(applied);
        }
        if !matches!(partners, Partners::Fixed | Partners::Nobody) && batch > 2 && !given {
            let even = 1.0 / f64::from(batch - 1);
            let all = turns.iter().sum::<u64>().max(1) as f64;
            // Every image but the one whose turn it was.
            let by_donor = turns.iter().map(|&own| (all - own as f64) / all * even).collect();
            evidence.pairings.push((offsets, vec![even; batch as usize - 1]));
            evidence.pairings.push((donors, by_donor));
        }
        let never = never.into_iter().filter(|i| !alone.contains(i)).collect();
        Unshown { never, uncounted: !counted }
    }

    /// Whether partners are chosen by something else than their places, so that an image is its own partner more or less often
    /// than where all maps, or all without own partners, are equally likely.
    ///
    /// Let `i` be an image that another one gave to. The giver of a permutation is not its own partner; of the other images each
    /// is with a probability that is known if all permutations are equally likely. A throw of dice concerns both alike. So the
    /// share of the others that were changed, over that of givers, is 1 less that probability, or 1 in a derangement, or with
    /// replacement; the differences of each call are independent of those of other calls.
    pub(crate) fn prefers(&self) -> bool {
        let others = f64::from(self.batch) - 1.0;
        if others < 2.0 {
            return false;
        }
        let permuted = (others - 1.0) / (others * others);
        let off = |own: f64| {
            let (mut sum, mut squares) = (0.0, 0.0);
            for (_, draws) in self.calls() {
                let share = (draws.len() as f64 - 1.0) / others;
                let of = |draw: &Draw| {
                    let giver = draws.iter().any(|other| Some(other.sample) == draw.donor);
                    (1.0 - own) * f64::from(u8::from(giver)) - share
                };
                let difference: f64 = draws.iter().map(of).sum();
                sum += difference;
                squares += difference * difference;
            }
            sum * sum > OFF * OFF * squares
        };
        off(permuted) && off(0.0)
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
    fn roots(&self, patch: Patch, lost: f64) -> [f64; 2] {
        let axis = |i: usize| real_length(patch, self.size, i, lost).map(|length| length / f64::from(self.size[i]));
        let (x, y) = (axis(0), axis(1));
        [x[0].max(y[0]), x[1].min(y[1])]
    }

    /// Whether all boxes of every call can come from one lambda, and enough calls show it.
    pub(crate) fn one_lambda(&self) -> bool {
        self.all(|patch| [self.roots(patch, HALF_LOST_ONCE)]) == Some(true)
    }

    /// Whether all boxes of every call have one lambda, and one centre, as far as that is sure.
    pub(crate) fn common(&self) -> [Option<bool>; 2] {
        if self.inverted {
            return [None, None];
        }
        // What fails even where more may have been lost is not shared.
        let apart = self.all(|patch| [self.roots(patch, HALF_LOST)]) == Some(false);
        let one = |patch| [self.roots(patch, HALF_LOST_ONCE)];
        let lambda = if apart { Some(false) } else { self.one_lambda().then_some(true) };
        let centre = self.all(|patch| self.centre(patch));
        [
            lambda.filter(|shared| !shared || self.chance(one) <= CHANCE),
            centre.filter(|shared| !shared || self.chance(|patch| self.centre(patch)) <= CHANCE),
        ]
    }

    /// The probability that the ranges of all calls meet by chance, from how often those of boxes of two calls do.
    fn chance<const N: usize>(&self, ranges: impl Fn(Patch) -> [[f64; 2]; N]) -> f64 {
        let firsts: Vec<Patch> = self.calls().filter_map(|(_, draws)| draws.first().map(|draw| draw.patch)).collect();
        let meet = |pair: &&[Patch]| {
            let (one, two) = (ranges(pair[0]), ranges(pair[1]));
            one.iter().zip(two).all(|(one, two)| one[0].max(two[0]) <= one[1].min(two[1]))
        };
        let met = firsts.windows(2).filter(meet).count() as f64 + 1.0;
        let calls = self.calls().filter(|(_, draws)| draws.len() > 1).count() as f64;
        libm::pow(met / firsts.len().max(1) as f64, calls)
    }

    /// Whether all boxes of every call can have one centre, and enough calls show it.
    pub(crate) fn one_centre(&self) -> bool {
        self.all(|patch| self.centre(patch)) == Some(true)
    }

    /// The middles on both axes that a box can come from.
    fn centre(&self, patch: Patch) -> [[f64; 2]; 2] {
        [0, 1].map(|i: usize| {
            let ((lo, hi), length) = (patch.span(i), f64::from(self.size[i]));
            let middle = f64::midpoint(f64::from(lo), f64::from(hi));
            match (lo == 0, hi == self.size[i]) {
                (true, true) => [0.0, length],
                (true, _) => [0.0, middle + MIDDLE],
                (_, true) => [middle - MIDDLE, length],
                _ => [middle - MIDDLE, middle + MIDDLE],
            }
        })
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
