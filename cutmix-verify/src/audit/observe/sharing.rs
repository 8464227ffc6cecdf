//! Who shares a draw: a convention, read exactly.

use std::collections::BTreeSet;

use super::draw::Draw;
use super::pairing::PairingChecks;
use crate::profile::Sharing;
use crate::reference::Patch;
use crate::report::Habit;

/// Who shares a draw, as the whole phase shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Every sample has a draw of its own.
    Sample,
    /// Samples `i` and `B - 1 - i` share one.
    Pair,
    /// Samples that give to each other share one, and are not those of the mirror.
    Partners,
    /// All samples of a call share one.
    Batch,
}

impl From<Unit> for Sharing {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Sample => Self::Sample,
            Unit::Pair => Self::Pair,
            Unit::Partners => Self::Partners,
            Unit::Batch => Self::Batch,
        }
    }
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
/// The least side of images on which two draws hardly ever agree: on 8x8 pixels boxes that are not of the whole image do so in
/// one of some hundred cases.
const SIDE: u32 = 8;
/// How often draws must have agreed on smaller images, where two draws of some do so by chance.
const SMALL: u64 = 64;
/// How often draws must have agreed, on such images, before that is sure: by chance they do once in some 10^16 audits.
const AGREED: u64 = 8;

/// Draws of two images of one call, compared call by call.
#[derive(Clone, Copy, Debug, Default)]
struct Compared {
    /// Calls in which they could be compared.
    calls: u64,
    /// Those in which they agreed, though hardly any two draws do.
    agreed: u64,
    /// Those in which some did not.
    differed: u64,
}

impl Compared {
    /// Adds a call: of every two that could be compared, whether they agree, and whether two draws of theirs hardly ever do.
    fn call(&mut self, all: &[(bool, bool)]) {
        self.calls += u64::from(!all.is_empty());
        self.agreed += u64::from(all.iter().any(|&(agree, told)| agree && told));
        self.differed += u64::from(all.iter().any(|&(agree, _)| !agree));
    }

    const fn same(&self, least: u64) -> bool {
        self.differed == 0 && self.agreed >= least
    }
}

/// What the calls of a phase showed so far.
#[derive(Debug, Default)]
pub(crate) struct SharingChecks {
    batch: usize,
    calls: u64,
    /// All boxes of a call, those of mirrored pairs, and those of images that give to each other.
    whole: Compared,
    pairs: Compared,
    mates: Compared,
    /// The same of two images that are neither.
    strangers: Compared,
    /// Whether the base is inside some boxes.
    inverted: bool,
    pub(crate) pairing: PairingChecks,
    pub(crate) touched: u64,
    /// Calls whose draws can be told from others'.
    told: u64,
    /// Boxes whose width or height is odd, away from the borders.
    odd: u64,
    /// Different boxes of each call.
    boxes: u64,
    first: Vec<Vec<Option<Told>>>,
    first_told: u64,
    /// Whether every call so far was the first again.
    same: bool,
}

impl SharingChecks {
    pub(crate) fn new(batch: usize) -> Self {
        Self { batch, pairing: PairingChecks::new(batch), same: true, ..Self::default() }
    }

    /// Adds a call: the draw of every sample; one that was left alone has none.
    pub(crate) fn call(&mut self, draws: &[Option<Draw>], [width, height]: [u32; 2]) {
        self.calls += 1;
        self.inverted |= draws.iter().flatten().any(|draw| draw.inverted);
        let draws: Vec<Option<Told>> = draws.iter().map(|draw| draw.and_then(told)).collect();
        let touched: Vec<(usize, Told)> =
            draws.iter().enumerate().filter_map(|(i, draw)| draw.map(|draw| (i, draw))).collect();
        self.touched += touched.len() as u64;
        let mut boxes = BTreeSet::new();
        let mut told = false;
        let [mut pairs, mut mates, mut strangers] = [const { Vec::new() }; 3];
        for &(i, (donor, patch, weight)) in &touched {
            // Boxes of no pixel and of all pixels are drawn by many: they tell no draw from another.
            let tells = patch != Patch::full(width, height) || (1..=254).contains(&weight);
            told |= tells;
            // A weight at the border of two steps is read as either, where values are coarse.
            let near = weight.saturating_sub(1)..=weight.saturating_add(1);
            if !near.clone().any(|weight| boxes.contains(&(patch, weight))) {
                boxes.insert((patch, weight));
            }
            let inner = patch.x0 > 0 && patch.x1 < width && patch.y0 > 0 && patch.y1 < height;
            self.odd += u64::from(inner && (patch.width() % 2 == 1 || patch.height() % 2 == 1));
            let rare = tells && width.min(height) >= SIDE;
            let compared = |other: usize| {
                let (_, theirs, its_weight) = draws[other].filter(|_| other != i)?;
                Some((theirs == patch && near.contains(&its_weight), rare))
            };
            let mirror = self.batch - 1 - i;
            pairs.extend(compared(mirror));
            if draws[donor].is_some_and(|(back, ..)| back == i) {
                mates.extend(compared(donor));
            }
            let stranger = |&&(other, (back, ..)): &&(usize, Told)| ![i, mirror, donor].contains(&other) && back != i;
            strangers.extend(touched.iter().find(stranger).and_then(|&(other, _)| compared(other)));
        }
        self.pairs.call(&pairs);
        self.mates.call(&mates);
        self.strangers.call(&strangers);
        self.told += u64::from(told);
        if touched.len() > 1 {
            self.whole.call(&[(boxes.len() == 1, false)]);
        }
        self.pairing.call(draws.iter().map(|draw| draw.map(|(donor, ..)| donor)));
        self.same &= self.first.first().is_none_or(|first| *first == draws);
        if self.first.len() < FIRST {
            self.first.push(draws);
            self.first_told = self.told;
        }
        self.boxes += boxes.len() as u64;
    }

    /// Number of draws of a box, as many as the law counts.
    pub(crate) const fn draws(&self) -> u64 {
        match self.unit() {
            Unit::Batch => self.pairing.active,
            Unit::Pair | Unit::Partners => self.boxes,
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
        self.whole.calls > 0 && self.whole.differed == 0
    }

    /// What further phases are planned with.
    pub(crate) const fn batching(&self) -> Batching {
        Batching { shared: self.shared(), fixed_points: self.pairing.still > 0 }
    }

    /// Who shares a draw.
    pub(crate) const fn unit(&self) -> Unit {
        if self.shared() {
            Unit::Batch
        } else if self.pairs.calls > 0 && self.pairs.differed == 0 {
            Unit::Pair
        } else if self.mates.same(TOLD) || (self.mates.differed == 0 && self.mates.calls >= SMALL) {
            Unit::Partners
        } else {
            Unit::Sample
        }
    }

    /// Who shares a box, as profiles name it, once calls showed it.
    pub(crate) fn scope(&self) -> Option<Sharing> {
        (self.whole.calls > 0 && self.calls > 1).then(|| self.unit().into())
    }

    /// Who shares a draw, where that is sure; nothing where two answers are possible.
    pub(crate) fn sure(&self) -> Option<Sharing> {
        // A box at the border and what it leaves look alike, where the base is inside.
        if self.inverted || self.batch < 3 {
            return None;
        }
        let apart = |compared: &Compared| compared.calls == 0 || compared.differed >= AGREED;
        match self.unit() {
            Unit::Batch => self.strangers.same(AGREED).then_some(Sharing::Batch),
            Unit::Pair => (self.pairs.same(AGREED) && self.strangers.differed > 0).then_some(Sharing::Pair),
            Unit::Partners => (self.mates.same(AGREED) && self.strangers.differed > 0).then_some(Sharing::Partners),
            Unit::Sample => {
                let seen = self.pairs.differed.max(self.strangers.differed) >= AGREED;
                (seen && apart(&self.pairs) && apart(&self.mates)).then_some(Sharing::Sample)
            }
        }
    }

    /// Calls, those in which nothing was changed, and samples that were changed.
    pub(crate) const fn counts(&self) -> [u64; 3] {
        [self.calls, self.calls - self.pairing.active, self.touched]
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
        let sharing = Some(self.unit().into()).filter(|_| self.whole.calls > 0);
        let pairing = self.pairing.habit();
        vec![Habit::Sharing(sharing), Habit::Pairing(pairing), Habit::OddExtents(self.odd > 0)]
    }
}
