//! Who shares a draw, and who is paired with whom: conventions, read exactly.

use std::collections::BTreeSet;

use super::draw::Draw;
use crate::profile::{Pairing, Sharing};
use crate::reference::Patch;
use crate::report::{Habit, Paired};

/// Who shares a draw, as the whole phase shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Every sample has a draw of its own.
    Sample,
    /// Samples `i` and `B - 1 - i` share one.
    Pair,
    /// All samples of a call share one.
    Batch,
}

impl From<Unit> for Sharing {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Sample => Self::Sample,
            Unit::Pair => Self::Pair,
            Unit::Batch => Self::Batch,
        }
    }
}

/// Who is whose partner, as the whole phase shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Partners {
    /// One map in every call, and no image is its own.
    Fixed,
    /// A permutation of the batch, another one in every call.
    Drawn,
    /// Another map in every call, in which one image may give to several.
    Replaced,
    /// There are none, as in Cutout.
    Nobody,
}

/// What further phases are planned with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Batching {
    /// One box a batch: a call is one draw.
    pub(crate) shared: bool,
    /// Some images stay their own partners.
    pub(crate) fixed_points: bool,
}

/// A draw as far as another can be told from it: donor, box, and the weight of a blend in 255ths, too coarse for rounding to
/// matter much; 0 where nothing is blended.
type Told = (usize, Patch, u8);

/// The first calls of a phase, to be compared with those of another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FirstCalls(Vec<Vec<Option<Told>>>);

fn told(draw: Draw) -> Option<Told> {
    Some((draw.donor?, draw.patch, draw.weight.map_or(0, |weight| (weight * 255.0).round() as u8)))
}

/// How many calls are remembered as they were.
const FIRST: usize = 8;
/// How many of them must have shown something that another draw would have changed: two draws of a box on 40x24 pixels
/// agree in one of four thousand cases.
const TOLD: u64 = 4;

/// What the calls of a phase showed so far.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // Each is an observation of its own.
pub(crate) struct SharingChecks {
    batch: usize,
    calls: u64,
    /// Boxes of a call that were all equal, of mirrored pairs, or neither.
    differ: bool,
    pairs_differ: bool,
    compared: bool,
    pairs_compared: bool,
    /// Donor minus sample, modulo the batch, while it is one number.
    offsets: BTreeSet<usize>,
    mirrored: bool,
    /// The first call's donors, and whether any other call had others.
    map: Option<Vec<Option<usize>>>,
    maps_differ: bool,
    /// A donor that gave twice in one call, though boxes are of each sample.
    repeated: bool,
    /// Samples that were left alone, in calls where others were.
    still: u64,
    pub(crate) touched: u64,
    /// Calls whose draws can be told from others'.
    told: u64,
    /// Boxes whose width or height is odd, away from the borders.
    odd: u64,
    /// Calls in which something was changed, and different boxes of each call.
    active: u64,
    boxes: u64,
    first: Vec<Vec<Option<Told>>>,
    first_told: u64,
    /// Whether every call so far was the first again.
    same: bool,
}

impl SharingChecks {
    pub(crate) fn new(batch: usize) -> Self {
        Self { batch, mirrored: true, same: true, ..Self::default() }
    }

    /// Adds a call: the draw of every sample; one that was left alone has none.
    pub(crate) fn call(&mut self, draws: &[Option<Draw>], [width, height]: [u32; 2]) {
        self.calls += 1;
        let draws: Vec<Option<Told>> = draws.iter().map(|draw| draw.and_then(told)).collect();
        let touched: Vec<(usize, Told)> =
            draws.iter().enumerate().filter_map(|(i, draw)| draw.map(|draw| (i, draw))).collect();
        self.touched += touched.len() as u64;
        let mut boxes = BTreeSet::new();
        let mut donors = BTreeSet::new();
        let mut told = false;
        for &(i, (donor, patch, weight)) in &touched {
            // Boxes of no pixel and of all pixels are drawn by many: they tell no draw from another.
            told |= patch != Patch::full(width, height) || (1..=254).contains(&weight);
            // A weight at the border of two steps is read as either, where values are coarse.
            let near = weight.saturating_sub(1)..=weight.saturating_add(1);
            if !near.clone().any(|weight| boxes.contains(&(patch, weight))) {
                boxes.insert((patch, weight));
            }
            self.repeated |= !donors.insert(donor);
            self.offsets.insert((donor + self.batch - i) % self.batch);
            self.mirrored &= donor == self.batch - 1 - i;
            let inner = patch.x0 > 0 && patch.x1 < width && patch.y0 > 0 && patch.y1 < height;
            self.odd += u64::from(inner && (patch.width() % 2 == 1 || patch.height() % 2 == 1));
            let mate = draws.get(self.batch - 1 - i).copied().flatten();
            if let Some((_, mate, its_weight)) = mate.filter(|_| self.batch - 1 - i != i) {
                self.pairs_compared = true;
                self.pairs_differ |= mate != patch || !near.contains(&its_weight);
            }
        }
        self.told += u64::from(told);
        if touched.len() > 1 {
            self.compared = true;
            self.differ |= boxes.len() > 1;
        }
        if !touched.is_empty() {
            self.still += (draws.len() - touched.len()) as u64;
        }
        let map = draws.iter().map(|draw| draw.map(|(donor, ..)| donor));
        match &self.map {
            None => self.map = Some(map.collect()),
            Some(first) => self.maps_differ |= !map.eq(first.iter().copied()),
        }
        self.same &= self.first.first().is_none_or(|first| *first == draws);
        if self.first.len() < FIRST {
            self.first.push(draws);
            self.first_told = self.told;
        }
        self.active += u64::from(!touched.is_empty());
        self.boxes += boxes.len() as u64;
    }

    /// Number of draws of a box, as many as the law counts.
    pub(crate) const fn draws(&self) -> u64 {
        match self.unit() {
            Unit::Batch => self.active,
            Unit::Pair => self.boxes,
            Unit::Sample => self.touched,
        }
    }

    /// Whether several calls, which did something, all did the same.
    pub(crate) fn same_draws(&self) -> bool {
        // One call may resemble another by chance; four that could have differed do not.
        self.same && self.told >= TOLD && self.calls >= FIRST as u64
    }

    /// Whether it shows if calls do the same: two that differ do, and so do several that could have differed.
    pub(crate) const fn tells_calls(&self) -> bool {
        self.calls > 1 && (!self.same || self.told >= TOLD && self.calls >= FIRST as u64)
    }

    /// The first calls, if enough of them did something to be told from others.
    pub(crate) fn first(&self) -> Option<FirstCalls> {
        (self.first_told >= TOLD && self.first.len() == FIRST).then(|| FirstCalls(self.first.clone()))
    }

    /// Whether all samples of a call share a draw.
    const fn shared(&self) -> bool {
        self.compared && !self.differ
    }

    /// What further phases are planned with.
    pub(crate) const fn batching(&self) -> Batching {
        Batching { shared: self.shared(), fixed_points: self.still > 0 }
    }

    /// Who shares a draw.
    pub(crate) const fn unit(&self) -> Unit {
        if self.shared() {
            Unit::Batch
        } else if self.pairs_compared && !self.pairs_differ {
            Unit::Pair
        } else {
            Unit::Sample
        }
    }

    /// Who shares a box, as profiles name it, once calls showed it.
    pub(crate) fn scope(&self) -> Option<Sharing> {
        (self.compared && self.calls > 1).then(|| self.unit().into())
    }

    /// Who may be paired with whom, as profiles name it. An image that was not changed may be its own partner, or have an
    /// empty box.
    pub(crate) fn pairings(&self) -> Vec<Pairing> {
        if self.batch < 3 || self.touched == 0 || self.calls < 2 {
            return Vec::new();
        }
        if self.mirrored {
            vec![Pairing::Flip]
        } else if self.offsets.len() == 1 {
            vec![Pairing::Roll]
        } else if self.repeated {
            vec![Pairing::Replacement]
        } else {
            vec![Pairing::Permutation, Pairing::Derangement]
        }
    }

    /// Whether partners are drawn. Of two images, donors alone do not tell.
    pub(crate) fn partners(&self) -> Partners {
        let fixed = self.offsets.len() == 1 || self.mirrored || (!self.maps_differ && self.calls > 1);
        match fixed && self.batch > 2 {
            true => Partners::Fixed,
            false if self.repeated => Partners::Replaced,
            false => Partners::Drawn,
        }
    }

    /// The blends of a call that are independent of each other.
    pub(crate) fn independent<'a>(&self, call: &'a [Draw]) -> impl Iterator<Item = &'a Draw> {
        let (unit, batch) = (self.unit(), self.batch);
        let most = if unit == Unit::Batch { 1 } else { batch };
        call.iter().take(most).filter(move |draw| unit != Unit::Pair || 2 * draw.sample < batch)
    }

    pub(crate) fn habits(&self) -> Vec<Habit> {
        if self.touched == 0 {
            return Vec::new();
        }
        let sharing = Some(self.unit().into()).filter(|_| self.compared);
        let single = self.offsets.iter().next().copied().filter(|_| self.offsets.len() == 1);
        let pairing = if self.batch == 1 {
            Paired::Nobody
        } else if self.mirrored && self.batch > 2 {
            Paired::Flip
        } else if let Some(offset) = single.filter(|_| self.batch > 2) {
            Paired::Roll(self.batch - offset)
        } else if !self.maps_differ && self.calls > 1 {
            Paired::Fixed
        } else if self.repeated {
            Paired::Replacement
        } else {
            let shows = self.still > 0 || self.active == self.calls;
            Paired::Permutation(shows.then_some(self.still > 0))
        };
        vec![Habit::Sharing(sharing), Habit::Pairing(pairing), Habit::OddExtents(self.odd > 0)]
    }
}
