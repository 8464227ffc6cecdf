//! The checks of a call's pixels.

use super::Seen;
use super::draw::Draw;
use crate::decode::{Decoder, NEAR, Picture, Sample};
use crate::probe::{Kind, Method, Phase, Word};
use crate::profile::Code;
use crate::reference::Patch;
use crate::report::words::{hidden, scaled};
use crate::report::{Contrast, Coverage, Example};

/// Checks that every sample is looked at for.
const OF_EVERY_SAMPLE: [&str; 8] = ["S02", "S03", "S04", "S05", "S06", "S07", "S09", "X01"];
/// The check of moved patches.
const MOVED: &str = "S06";
/// Blends of whole numbers that are too dark by more than this on average, in code words, are cut off: the mean error is 0 where
/// sums are rounded to nearest and -1/2 where they are truncated. The limit is on truncation's side of the middle.
const TRUNCATED: f64 = -0.3;

/// What the pixels of a phase are read with, and what only all of its calls show.
pub(crate) struct PixelChecks<'a> {
    phase: &'a Phase,
    method: Method,
    decoder: &'a Decoder,
    /// Whether a pipeline was seen to scale values.
    scaled: bool,
    boxes: u64,
    /// Samples that came out otherwise than they went in.
    pub(crate) changed: u64,
    /// Samples that the probe does not show.
    pub(crate) hidden: u64,
    /// How many of the boxes hold each pixel, row by row.
    counts: Vec<u64>,
    /// Blends of whole numbers, and the sum of their mean differences in code words.
    blends: u64,
    bias: f64,
}

impl<'a> PixelChecks<'a> {
    pub(crate) fn new(phase: &'a Phase, method: Method, decoder: &'a Decoder) -> Self {
        let counts = vec![0; phase.area()];
        Self { phase, method, decoder, scaled: false, boxes: 0, changed: 0, hidden: 0, counts, blends: 0, bias: 0.0 }
    }

    /// Looks at the samples of a call, whose images are scaled or not. Their faults are asked for one by one.
    pub(crate) fn call(&mut self, samples: &[Sample], scaled: bool, draws: &[Option<Draw>]) -> Seen {
        self.scaled |= scaled;
        for draw in draws.iter().flatten().filter(|_| self.method != Method::Mixup) {
            self.boxes += 1;
            for y in draw.patch.rows() {
                let row = y * self.phase.width as usize;
                for count in &mut self.counts[row + draw.patch.columns().start..row + draw.patch.columns().end] {
                    *count += 1;
                }
            }
        }
        for sample in samples.iter().filter(|_| !self.phase.dtype.is_float()) {
            if let Picture::Blended(blend) = &sample.picture {
                self.blends += 1;
                self.bias += blend.bias;
            }
        }
        let hidden = samples.iter().filter(|sample| matches!(sample.picture, Picture::Hidden { .. })).count() as u64;
        self.hidden += hidden;
        self.changed += samples.iter().filter(|sample| sample.picture != Picture::UNTOUCHED).count() as u64;
        let mut seen = Seen::default();
        // One grey an image is the same everywhere.
        let shown = |check: &str| hidden < samples.len() as u64 && (self.phase.kind != Kind::Flat || check != MOVED);
        for check in OF_EVERY_SAMPLE.into_iter().filter(|check| shown(check)) {
            seen.tested(check, samples.len() as u64 - hidden);
        }
        seen
    }

    /// Whether a sample is as it should be, so that a report without findings can show it.
    pub(crate) const fn ordinary(&self, picture: &Picture) -> bool {
        matches!(
            (picture, self.method),
            (Picture::Pasted { donor: Some(_), .. }, _)
                | (Picture::Blended(_), Method::Mixup)
                | (Picture::Filled { .. } | Picture::Noise { .. }, Method::Cutout)
        )
    }

    /// A call of a digits probe after the first of its four: every value must be the digit of its own place, whichever image
    /// it is from. Says nothing of partners and labels. Such a probe is for `CutMix` alone.
    pub(crate) fn digits(&self, call: u32, images: &[u8]) -> Seen {
        let codes = self.decoder.codes(call);
        let batch = self.phase.batch as usize;
        let mut seen = Seen::default();
        if self.decoder.converted(call, images) {
            return seen;
        }
        seen.tested(MOVED, batch as u64);
        let near = NEAR * self.phase.dtype.level();
        for i in 0..batch {
            let values = self.decoder.values(images, i);
            let own = |element: usize| match codes.word(i, element) {
                Word::Byte(code) => self.phase.dtype.value(self.phase.dtype.encode(code)),
                _ => f64::NAN,
            };
            let moved = |&element: &usize| {
                let off = (values.value(element) - own(element)).abs();
                off.is_nan() || off > near
            };
            let Some(first) = (0..values.len()).find(moved) else { continue };
            let number = (first..values.len()).filter(moved).count();
            let contrast = Contrast::Digits(codes.turn(), number, codes.place(first));
            seen.find(Code::Displaced, Example::at(&self.phase.name, call, i).shows(contrast));
        }
        seen
    }

    /// What is wrong with the pixels of a sample.
    pub(crate) fn faults(&self, call: u32, i: usize, sample: &Sample) -> Vec<(Code, Example)> {
        let example = || Example::at(&self.phase.name, call, i);
        let picture = &sample.picture;
        let (donor, patch) = picture.region();
        // Of several partners none is the one.
        let donor = donor.filter(|_| !matches!(picture, Picture::Several { .. }));
        let boxed = |contrast| example().boxed(donor, patch, self.phase.area() as u64).shows(contrast);
        let mut found = Vec::new();
        if let &Picture::Near { inside, outside, worst, first, .. } = picture {
            let both = [(Code::OutsideChanged, outside), (Code::InexactCopy, inside)];
            let both = both.into_iter().filter(|&(_, n)| n > 0);
            found.extend(both.map(|(code, n)| (code, boxed(Contrast::Near(n, worst, first)))));
        } else if let Some(code) = self.code(picture) {
            found.push((code, boxed(Contrast::Picture(picture, i, self.method))));
        }
        found.extend(sample.faults.iter().map(|fault| {
            let code = if fault.found.is_none() { Code::NanSpread } else { Code::SpecialLost };
            (code, example().shows(Contrast::Special(fault)))
        }));
        found
    }

    /// The code of a picture that is wrong; one that is nearly right may have two.
    fn code(&self, picture: &Picture) -> Option<Code> {
        Some(match (picture, self.method) {
            (Picture::Pasted { donor: None, .. } | Picture::Near { .. } | Picture::Hidden { .. }, _)
            | (Picture::Pasted { .. }, Method::Cutmix)
            | (Picture::Blended(_), Method::Mixup)
            | (Picture::Filled { .. } | Picture::Noise { .. }, Method::Cutout) => return None,
            // A weight of 0 is the partner itself.
            (Picture::Pasted { patch, .. }, Method::Mixup)
                if *patch == Patch::full(self.phase.width, self.phase.height) =>
            {
                return None;
            }
            (Picture::Pasted { .. }, Method::Mixup) => Code::MixupPasted,
            (Picture::Pasted { .. }, Method::Cutout) => Code::CutoutPasted,
            (Picture::Ragged { .. }, _) => Code::NotARectangle,
            (Picture::Several { donors, .. }, _) => {
                let others: u64 = donors.iter().map(|&(_, n)| n).sum();
                if others == self.phase.area() as u64 { Code::BaseExchanged } else { Code::SeveralPartners }
            }
            (Picture::Aliased { .. }, _) => Code::AliasedPartner,
            (Picture::Planes { planes }, _) => {
                let mut seen: Vec<_> = planes.iter().filter(|(donor, _)| donor.is_some()).collect();
                seen.dedup();
                if seen.len() == 1 { Code::PlaneLeftOut } else { Code::PlanesDiffer }
            }
            (Picture::Stale { .. }, _) => Code::StalePartner,
            (Picture::Displaced { .. }, _) => Code::Displaced,
            (Picture::Filled { .. }, _) => Code::Filled,
            (Picture::Blended(_), _) => Code::Blended,
            (Picture::Feathered { .. }, Method::Mixup) => Code::MixupVaries,
            (Picture::Feathered { .. }, _) => Code::Feathered,
            (Picture::Noise { .. } | Picture::Unexplained { .. }, _) => Code::Unexplained,
        })
    }

    /// What only the whole phase shows.
    pub(crate) fn finish(self) -> (Seen, Coverage) {
        let mut seen = Seen::default();
        if self.scaled {
            seen.notes.push(scaled(&self.phase.name));
        }
        if self.hidden > 0 {
            seen.notes.push(hidden(&self.phase.name, self.hidden));
        }
        let bias = self.bias / self.blends as f64;
        if self.blends > 0 && bias < TRUNCATED {
            seen.find(Code::MixupTruncated, Example::at(&self.phase.name, 0, 0).shows(Contrast::Dark(-bias)));
        }
        let [width, height] = [self.phase.width, self.phase.height].map(|side| side as usize);
        (seen, Coverage { width, height, draws: self.boxes, counts: self.counts })
    }
}

/// Whether pixels of a phase may have had the value that they are filled with: one value of 256 a plane, or one word that all planes
/// share.
pub(crate) fn hides(phase: &Phase, method: Method) -> bool {
    method == Method::Cutout && (phase.planes() < 3 || phase.kind == Kind::Word24)
}
