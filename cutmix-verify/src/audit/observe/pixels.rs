//! The checks of a call's pixels.

use super::Seen;
use super::draw::Draw;
use crate::decode::{Blend, Decoder, NEAR, Picture, Sample};
use crate::probe::{Method, Phase, Word};
use crate::profile::Code;
use crate::reference::Patch;
use crate::report::{Coverage, Example};

/// Checks that every sample is looked at for.
const OF_EVERY_SAMPLE: [&str; 8] = ["S02", "S03", "S04", "S05", "S06", "S07", "S09", "X01"];
/// What a picture that is none of this should be.
const ONE_BOX: &str = "one box of one partner, the same place, all planes";
/// Planes that an example lists, so that a report stays readable.
const PLANES_SHOWN: usize = 8;
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
    /// How many of the boxes hold each pixel, row by row.
    counts: Vec<u64>,
    /// Blends of whole numbers, and the sum of their mean differences in code words.
    blends: u64,
    bias: f64,
}

impl<'a> PixelChecks<'a> {
    pub(crate) fn new(phase: &'a Phase, method: Method, decoder: &'a Decoder) -> Self {
        let counts = vec![0; phase.area()];
        Self { phase, method, decoder, scaled: false, boxes: 0, counts, blends: 0, bias: 0.0 }
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
        let mut seen = Seen::default();
        for check in OF_EVERY_SAMPLE {
            seen.tested(check, samples.len() as u64);
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
        seen.tested("S06", batch as u64);
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
            let (y, x) = codes.place(first);
            let number = (first..values.len()).filter(moved).count();
            let digit = match codes.turn() {
                1 => "row",
                2 => "column",
                _ => "high bits of row and column",
            };
            let expected = format!("the {digit} of every value's own place");
            let actual = format!("{number} values of others; first at row {y}, column {x}");
            seen.find(Code::Displaced, Example::at(&self.phase.name, call, i).expected(&expected).actual(&actual));
        }
        seen
    }

    /// What is wrong with the pixels of a sample.
    pub(crate) fn faults(&self, call: u32, i: usize, sample: &Sample) -> Vec<(Code, Example)> {
        let example = || Example::at(&self.phase.name, call, i);
        let pixels = self.phase.area() as u64;
        let mut found = Vec::new();
        let mut find = |code, donor, patch, expected: &str, actual: &str| {
            found.push((code, example().boxed(donor, patch, pixels).expected(expected).actual(actual)));
        };
        let partner = "pixels of a partner";
        match &sample.picture {
            Picture::Pasted { donor: None, .. } => {}
            Picture::Pasted { donor, patch, .. } => match self.method {
                Method::Cutmix => {}
                // A weight of 0 is the partner itself.
                Method::Mixup if *patch == Patch::full(self.phase.width, self.phase.height) => {}
                Method::Mixup => find(Code::MixupPasted, *donor, *patch, "a blend", ""),
                Method::Cutout => find(Code::CutoutPasted, *donor, *patch, "a fill", ""),
            },
            Picture::Ragged { donor, pixels: own, bounds, hole } => {
                let actual = format!("{own} of {} pixels of the rectangle; not {hole}", bounds.area());
                find(Code::NotARectangle, Some(*donor), *bounds, "a filled rectangle", &actual);
            }
            Picture::Several { donors, bounds } => {
                let list: Vec<String> = donors.iter().map(|(i, n)| format!("{n} pixels of image {i}")).collect();
                let others: u64 = donors.iter().map(|&(_, n)| n).sum();
                let code = if others == pixels { Code::BaseExchanged } else { Code::SeveralPartners };
                find(code, None, *bounds, &format!("pixels of image {i} and one other"), &list.join(", "));
            }
            Picture::Aliased { donor, patch, first } => {
                let actual = format!("what image {donor} had become; first at {first}");
                find(Code::AliasedPartner, Some(*donor), *patch, &format!("image {donor} as it was given"), &actual);
            }
            Picture::Planes { planes } => {
                let words = |(plane, (donor, patch)): (usize, &(Option<usize>, Patch))| match donor {
                    Some(donor) => format!("plane {plane}: {patch} of image {donor}"),
                    None => format!("plane {plane}: nothing"),
                };
                let list: Vec<String> = planes.iter().enumerate().take(PLANES_SHOWN).map(words).collect();
                let mut seen: Vec<_> = planes.iter().filter(|(donor, _)| donor.is_some()).collect();
                seen.dedup();
                let code = if seen.len() == 1 { Code::PlaneLeftOut } else { Code::PlanesDiffer };
                let (donor, patch) = seen.first().map_or((None, Patch::EMPTY), |&&first| first);
                find(code, donor, patch, ONE_BOX, &list.join("; "));
            }
            Picture::Stale { ago, donor, patch } => {
                let actual = format!("image {donor} of {ago} calls ago");
                find(Code::StalePartner, None, *patch, "an image of this call", &actual);
            }
            Picture::Displaced { donor, patch, transform, from } => {
                let expected = format!("from row {}, column {} of image {donor}", patch.y0, patch.x0);
                let actual = format!("from row {}, column {}, {transform:?}", from.0, from.1);
                find(Code::Displaced, Some(*donor), *patch, &expected, &actual);
            }
            Picture::Filled { .. } | Picture::Noise { .. } if self.method == Method::Cutout => {}
            Picture::Filled { patch, values } => {
                find(Code::Filled, None, *patch, partner, &format!("{values:?} in every pixel"));
            }
            Picture::Noise { patch, range: [least, most] } => {
                find(Code::Unexplained, None, *patch, partner, &format!("values from {least} to {most} of no image"));
            }
            Picture::Blended(_) if self.method == Method::Mixup => {}
            Picture::Blended(Blend { donor, patch, weight, .. }) => {
                let actual = format!("{weight:.4} of image {i} and {:.4} of image {donor}", 1.0 - weight);
                find(Code::Blended, Some(*donor), *patch, "pixels of one of both", &actual);
            }
            Picture::Feathered { donor, patch, range: [least, most] } => {
                let code = if self.method == Method::Mixup { Code::MixupVaries } else { Code::Feathered };
                let actual = format!("weights of the base from {least:.3} to {most:.3}");
                find(code, Some(*donor), *patch, "one weight", &actual);
            }
            Picture::Near { donor, patch, inside, outside, first, worst } => {
                for (code, n) in [(Code::OutsideChanged, outside), (Code::InexactCopy, inside)] {
                    let actual = format!("{n} values differ, by {worst:.4} of a level at most; first at {first}");
                    if *n > 0 {
                        find(code, *donor, *patch, "equal bits", &actual);
                    }
                }
            }
            Picture::Unexplained { pixels: unknown, bounds, first } => {
                let actual = format!("{unknown} pixels of no known image; first at {first}");
                find(Code::Unexplained, None, *bounds, ONE_BOX, &actual);
            }
        }
        for fault in &sample.faults {
            let (special, place) = (fault.special.value(), fault.place);
            let (code, expected, actual) = match fault.found {
                None => (Code::NanSpread, "a number".to_owned(), format!("{special} at {place}")),
                Some(value) => (Code::SpecialLost, special.to_string(), format!("{value} at {place}")),
            };
            found.push((code, example().expected(&expected).actual(&actual)));
        }
        found
    }

    /// What only the whole phase shows.
    pub(crate) fn finish(self) -> (Seen, Coverage) {
        let mut seen = Seen::default();
        if self.scaled {
            seen.notes.push(format!(
                "phase {}: values are scaled by the pipeline, so pixels are compared to {NEAR} of a level instead of bit by bit",
                self.phase.name
            ));
        }
        let bias = self.bias / self.blends as f64;
        if self.blends > 0 && bias < TRUNCATED {
            let example = Example::at(&self.phase.name, 0, 0).expected("rounding to nearest");
            seen.find(Code::MixupTruncated, example.actual(&format!("{:.3} levels too dark on average", -bias)));
        }
        let [width, height] = [self.phase.width, self.phase.height].map(|side| side as usize);
        (seen, Coverage { width, height, draws: self.boxes, counts: self.counts })
    }
}

/// Whether pixels of a phase may have had the value that they are filled with: one value of 256 a plane.
pub(crate) fn hides(phase: &Phase, method: Method) -> bool {
    method == Method::Cutout && phase.planes() < 3
}
