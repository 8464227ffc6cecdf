//! The checks of a call's pixels.

use super::Seen;
use super::draw::Draw;
use crate::decode::{Decoder, NEAR, Picture, Sample};
use crate::probe::{Method, Phase, Word};
use crate::profile::Code;
use crate::reference::Patch;
use crate::report::{Coverage, Example};

/// Checks that every sample is looked at for.
const OF_EVERY_SAMPLE: [&str; 8] = ["S02", "S03", "S04", "S05", "S06", "S07", "S09", "X01"];
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
    #[allow(clippy::too_many_lines)] // One arm a kind of picture.
    pub(crate) fn faults(&self, call: u32, i: usize, sample: &Sample) -> Vec<(Code, Example)> {
        let example = || Example::at(&self.phase.name, call, i);
        let pixels = self.phase.area() as u64;
        let boxed = |donor, patch| example().boxed(donor, patch, pixels);
        let mut found = Vec::new();
        let one_box = "one box of one partner, the same place, all planes";
        match &sample.picture {
            Picture::Pasted { donor: Some(donor), patch, .. } => match self.method {
                Method::Cutmix => {}
                // A weight of 0 is the partner itself.
                Method::Mixup if *patch == Patch::full(self.phase.width, self.phase.height) => {}
                Method::Mixup => found.push((Code::MixupPasted, boxed(Some(*donor), *patch).expected("a blend"))),
                Method::Cutout => found.push((Code::CutoutPasted, boxed(Some(*donor), *patch).expected("a fill"))),
            },
            Picture::Pasted { donor: None, .. } => {}
            Picture::Ragged { donor, pixels: own, bounds, hole } => {
                let actual = format!("{own} of {} pixels of the rectangle; not {hole}", bounds.area());
                let filled = boxed(Some(*donor), *bounds).expected("a filled rectangle");
                found.push((Code::NotARectangle, filled.actual(&actual)));
            }
            Picture::Several { donors, bounds } => {
                let list: Vec<String> = donors.iter().map(|(i, n)| format!("{n} pixels of image {i}")).collect();
                let others: u64 = donors.iter().map(|&(_, n)| n).sum();
                let exchanged = others == pixels;
                let code = if exchanged { Code::BaseExchanged } else { Code::SeveralPartners };
                let expected = format!("pixels of image {i} and one other");
                found.push((code, boxed(None, *bounds).expected(&expected).actual(&list.join(", "))));
            }
            Picture::Aliased { donor, patch, first } => {
                let actual = format!("what image {donor} had become; first at {first}");
                let expected = format!("image {donor} as it was given");
                found.push((Code::AliasedPartner, boxed(Some(*donor), *patch).expected(&expected).actual(&actual)));
            }
            Picture::Planes { planes } => {
                let list: Vec<String> = planes
                    .iter()
                    .enumerate()
                    .take(PLANES_SHOWN)
                    .map(|(plane, (donor, patch))| match donor {
                        Some(donor) => format!("plane {plane}: {patch} of image {donor}"),
                        None => format!("plane {plane}: nothing"),
                    })
                    .collect();
                let mut seen: Vec<_> = planes.iter().filter(|(donor, _)| donor.is_some()).collect();
                seen.dedup();
                let left_out = seen.len() == 1;
                let code = if left_out { Code::PlaneLeftOut } else { Code::PlanesDiffer };
                let (donor, patch) = seen.first().map_or((None, Patch::EMPTY), |(donor, patch)| (*donor, *patch));
                found.push((code, boxed(donor, patch).expected(one_box).actual(&list.join("; "))));
            }
            Picture::Stale { ago, donor, patch } => {
                let actual = format!("image {donor} of {ago} calls ago");
                found.push((Code::StalePartner, boxed(None, *patch).expected("an image of this call").actual(&actual)));
            }
            Picture::Displaced { donor, patch, transform, from } => {
                let expected = format!("from row {}, column {} of image {donor}", patch.y0, patch.x0);
                let actual = format!("from row {}, column {}, {transform:?}", from.0, from.1);
                found.push((Code::Displaced, boxed(Some(*donor), *patch).expected(&expected).actual(&actual)));
            }
            Picture::Filled { patch, values } => {
                if self.method != Method::Cutout {
                    let actual = format!("{values:?} in every pixel");
                    found.push((Code::Filled, boxed(None, *patch).expected("pixels of a partner").actual(&actual)));
                }
            }
            Picture::Noise { patch, range } => {
                if self.method != Method::Cutout {
                    let actual = format!("values from {} to {} of no image", range[0], range[1]);
                    found
                        .push((Code::Unexplained, boxed(None, *patch).expected("pixels of a partner").actual(&actual)));
                }
            }
            Picture::Blended(blend) => {
                if self.method != Method::Mixup {
                    let actual = format!(
                        "{:.4} of image {i} and {:.4} of image {}",
                        blend.weight,
                        1.0 - blend.weight,
                        blend.donor
                    );
                    let boxed = boxed(Some(blend.donor), blend.patch);
                    found.push((Code::Blended, boxed.expected("pixels of one of both").actual(&actual)));
                }
            }
            Picture::Feathered { donor, patch, range } => {
                let code = if self.method == Method::Mixup { Code::MixupVaries } else { Code::Feathered };
                let actual = format!("weights of the base from {:.3} to {:.3}", range[0], range[1]);
                found.push((code, boxed(Some(*donor), *patch).expected("one weight").actual(&actual)));
            }
            Picture::Near { donor, patch, inside, outside, first, worst } => {
                let actual = |n: &u64| format!("{n} values differ, by {worst:.4} of a level at most; first at {first}");
                for (code, n) in [(Code::OutsideChanged, outside), (Code::InexactCopy, inside)] {
                    if *n > 0 {
                        found.push((code, boxed(*donor, *patch).expected("equal bits").actual(&actual(n))));
                    }
                }
            }
            Picture::Unexplained { pixels: unknown, bounds, first } => {
                let actual = format!("{unknown} pixels of no known image; first at {first}");
                found.push((Code::Unexplained, boxed(None, *bounds).expected(one_box).actual(&actual)));
            }
        }
        for fault in &sample.faults {
            let (code, expected, actual) = match fault.found {
                None => {
                    (Code::NanSpread, "a number".to_owned(), format!("{} at {}", fault.special.value(), fault.place))
                }
                Some(value) => {
                    (Code::SpecialLost, fault.special.value().to_string(), format!("{value} at {}", fault.place))
                }
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
