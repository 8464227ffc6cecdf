//! The checks of a call's pixels, masks and reports.

use super::extents::Extents;
use super::sharing::{Draw, Draws, Sharing};
use super::show;
use crate::audit::findings::Ledger;
use crate::audit::judge::collect::Collector;
use crate::decode::{Decoder, Patch, Picture, Place, Sample};
use crate::probe::{Method, Phase, Word};
use crate::profile::Code;
use crate::report::{Coverage, Example, Fact};
use crate::trace::Call;

/// What a phase's calls are read with.
pub(in crate::audit) struct Context<'a> {
    pub(in crate::audit) phase: &'a Phase,
    pub(in crate::audit) method: Method,
    pub(in crate::audit) decoder: &'a Decoder,
    pub(in crate::audit) mask_decoder: Option<&'a Decoder>,
    pub(in crate::audit) in_place: bool,
    /// What a normalising pipeline was seen to do; filled in by the first call.
    pub(in crate::audit) totals: Option<Totals>,
    /// Boxes as they were drawn, and weights of blends: by call, of every sample that has one.
    pub(in crate::audit) collector: Collector,
    pub(in crate::audit) weights: Vec<Vec<Option<f64>>>,
    /// What only the law of the boxes can judge.
    pub(in crate::audit) extents: Extents,
}

/// What only a whole phase shows.
#[derive(Debug)]
pub(in crate::audit) struct Totals {
    scaled: bool,
    boxes: u64,
    counts: Vec<u64>,
    /// Blends of whole numbers, and the sum of their mean differences in code words.
    blends: u64,
    bias: f64,
    /// Images that were passed in and looked at after the call, and those that are others then.
    passed_in: [u64; 2],
}

/// Donor and box of a sample whose picture has them.
pub(in crate::audit) const fn paste(picture: &Picture) -> Option<(Option<usize>, Patch, bool)> {
    match picture {
        Picture::Pasted { donor, patch, inverted } => Some((*donor, *patch, *inverted)),
        Picture::Near { donor, patch, .. } => Some((*donor, *patch, false)),
        Picture::Displaced { donor, patch, .. } | Picture::Aliased { donor, patch, .. } => {
            Some((Some(*donor), *patch, false))
        }
        _ => None,
    }
}

/// What is left of an image by a box at its border, if that is a box: with the base inside it, nobody can tell which is meant.
pub(in crate::audit) const fn complement(patch: Patch, width: u32, height: u32) -> Option<Patch> {
    let Patch { x0, y0, x1, y1 } = patch;
    let rows = y0 == 0 && y1 == height;
    let columns = x0 == 0 && x1 == width;
    let full = Patch::full(width, height);
    match (rows, columns) {
        (true, false) if x0 == 0 => Some(Patch { x0: x1, ..full }),
        (true, false) if x1 == width => Some(Patch { x1: x0, ..full }),
        (false, true) if y0 == 0 => Some(Patch { y0: y1, ..full }),
        (false, true) if y1 == height => Some(Patch { y1: y0, ..full }),
        _ => None,
    }
}

fn place(place: Place) -> String {
    format!("plane {}, row {}, column {}", place.plane, place.y, place.x)
}

impl Context<'_> {
    /// Whether pixels may have had the value that they are filled with: one value of 256 a plane.
    pub(in crate::audit) fn hides(&self) -> bool {
        self.method == Method::Cutout && self.phase.planes() < 3
    }

    fn pixels(&self) -> u64 {
        self.phase.area() as u64
    }

    /// Judges a call and gives what was done to its samples.
    /// `plain` are the samples that are known already.
    pub(in crate::audit) fn call(
        &mut self,
        ledger: &mut Ledger,
        sharing: &mut Sharing,
        call: &Call,
        plain: Vec<Option<Picture>>,
    ) -> Vec<Sample> {
        let phase = self.phase;
        let (samples, scaling) = self.decoder.rest(call.number, &call.images, plain);
        let mut totals = self.totals.take().unwrap_or_else(|| Totals {
            scaled: scaling.is_some(),
            boxes: 0,
            counts: vec![0; phase.area()],
            blends: 0,
            bias: 0.0,
            passed_in: [0; 2],
        });
        if let Some(changed) = &call.changed {
            totals.passed_in[0] += samples.len() as u64;
            totals.passed_in[1] += changed.len() as u64;
        }
        totals.scaled |= scaling.is_some();
        for check in ["S02", "S03", "S04", "S05", "S06", "S07", "S09", "X01"] {
            ledger.tested(check, samples.len() as u64);
        }
        let mut draws: Draws = Vec::with_capacity(samples.len());
        for (i, sample) in samples.iter().enumerate() {
            let draw = match (&sample.picture, self.method) {
                (Picture::Filled { patch, .. } | Picture::Noise { patch, .. }, Method::Cutout) => {
                    Some(Draw { donor: i, patch: *patch, weight: 0 })
                }
                (Picture::Blended(blend), Method::Mixup) if !blend.ambiguous => {
                    let weight = (blend.weight * 255.0).round() as u8;
                    Some(Draw { donor: blend.donor, patch: blend.patch, weight })
                }
                (picture, _) => {
                    paste(picture).and_then(|(donor, patch, _)| Some(Draw { donor: donor?, patch, weight: 0 }))
                }
            };
            draws.push(draw);
            if let Some(draw) = draw.filter(|_| self.method != Method::Mixup) {
                totals.boxed(draw.patch, phase);
                let apart = self.aspect(ledger, draw);
                self.extents.boxed(draw, phase, (call.number, i), apart);
            }
            for (code, example) in self.judge(ledger, call.number, i, sample) {
                let wanted = ledger.fail(code, example) || ledger.wants(Some(code));
                if wanted {
                    ledger.show(Some(code), show::shown(self.decoder, call, i, &sample.picture, code.name()));
                }
            }
            let ordinary = matches!(
                (&sample.picture, self.method),
                (Picture::Pasted { donor: Some(_), .. }, _)
                    | (Picture::Blended(_), Method::Mixup)
                    | (Picture::Filled { .. } | Picture::Noise { .. }, Method::Cutout)
            );
            if ordinary && ledger.wants(None) {
                ledger.show(None, show::shown(self.decoder, call, i, &sample.picture, "an ordinary sample"));
            }
        }
        let blends = samples.iter().filter_map(|sample| match &sample.picture {
            Picture::Blended(blend) if !self.phase.dtype.is_float() => Some(blend.bias),
            _ => None,
        });
        for bias in blends {
            totals.blends += 1;
            totals.bias += bias;
        }
        self.totals = Some(totals);
        self.extents.call();
        self.around(ledger, call, &samples);
        self.masks(ledger, call, &samples);
        self.reported(ledger, call, &draws);
        if self.method == Method::Mixup {
            let weight = |sample: &Sample| match &sample.picture {
                Picture::Blended(blend) => Some(blend.weight),
                // A weight of 0 is the partner itself.
                Picture::Pasted { donor: Some(_), .. } | Picture::Near { donor: Some(_), .. } => Some(0.0),
                _ => None,
            };
            self.weights.push(samples.iter().map(weight).collect());
        } else {
            let inverted = |sample: &Sample| matches!(sample.picture, Picture::Pasted { inverted: true, .. });
            let changed = draws.iter().zip(&samples).enumerate().filter_map(|(i, (draw, sample))| {
                draw.filter(|draw| !draw.patch.is_empty()).map(|draw| (i, draw.donor, draw.patch, inverted(sample)))
            });
            self.collector.call(call.number, changed);
        }
        sharing.call(draws, [phase.width, phase.height]);
        samples
    }

    /// A call of a digits probe after the first of its four: every value must be the digit of its own place, whichever image
    /// it is from. Says nothing of partners and labels. Such a probe is for `CutMix` alone.
    pub(in crate::audit) fn digits(&self, ledger: &mut Ledger, call: &Call) {
        let codes = self.decoder.codes(call.number);
        let batch = self.phase.batch as usize;
        ledger.tested("S06", batch as u64);
        let near = 0.4 * self.phase.dtype.level();
        for i in 0..batch {
            let values = self.decoder.values(&call.images, i);
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
            let example = ledger.example(call.number, i).expected(&expected).actual(&actual);
            ledger.fail(Code::Displaced, example);
        }
    }

    /// What is wrong with the pixels of a sample.
    #[allow(clippy::too_many_lines)] // One arm a kind of picture.
    fn judge(&self, ledger: &Ledger, call: u32, i: usize, sample: &Sample) -> Vec<(Code, Example)> {
        let example = || ledger.example(call, i);
        let boxed = |donor, patch| example().boxed(donor, patch, self.pixels());
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
            Picture::Ragged { donor, pixels, bounds, hole } => {
                let actual = format!("{pixels} of {} pixels of the rectangle; not {}", bounds.area(), place(*hole));
                let filled = boxed(Some(*donor), *bounds).expected("a filled rectangle");
                found.push((Code::NotARectangle, filled.actual(&actual)));
            }
            Picture::Several { donors, bounds } => {
                let list: Vec<String> = donors.iter().map(|(i, n)| format!("{n} pixels of image {i}")).collect();
                let others: u64 = donors.iter().map(|&(_, n)| n).sum();
                let exchanged = others == self.pixels();
                let code = if exchanged { Code::BaseExchanged } else { Code::SeveralPartners };
                let expected = format!("pixels of image {i} and one other");
                found.push((code, boxed(None, *bounds).expected(&expected).actual(&list.join(", "))));
            }
            Picture::Aliased { donor, patch, first } => {
                let actual = format!("what image {donor} had become; first at {}", place(*first));
                let expected = format!("image {donor} as it was given");
                found.push((Code::AliasedPartner, boxed(Some(*donor), *patch).expected(&expected).actual(&actual)));
            }
            Picture::Planes { planes } => {
                let list: Vec<String> = planes
                    .iter()
                    .enumerate()
                    .take(8)
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
                let actual = |n: &u64| {
                    format!("{n} values differ, by {worst:.4} of a level at most; first at {}", place(*first))
                };
                for (code, n) in [(Code::OutsideChanged, outside), (Code::InexactCopy, inside)] {
                    if *n > 0 {
                        found.push((code, boxed(*donor, *patch).expected("equal bits").actual(&actual(n))));
                    }
                }
            }
            Picture::Unexplained { pixels, bounds, first } => {
                let actual = format!("{pixels} pixels of no known image; first at {}", place(*first));
                found.push((Code::Unexplained, boxed(None, *bounds).expected(one_box).actual(&actual)));
            }
        }
        for fault in &sample.faults {
            let (code, expected, actual) = match fault.found {
                None => (
                    Code::NanSpread,
                    "a number".to_owned(),
                    format!("{} at {}", fault.special.value(), place(fault.place)),
                ),
                Some(value) => {
                    (Code::SpecialLost, fault.special.value().to_string(), format!("{value} at {}", place(fault.place)))
                }
            };
            found.push((code, example().expected(&expected).actual(&actual)));
        }
        found
    }

    /// Whether both sides of a box can be of one lambda, each rounded by two pixels at most, and clipped by half at most.
    /// If not, they are two draws, or the rule is one that clips more.
    fn aspect(&self, ledger: &mut Ledger, draw: Draw) -> bool {
        let (width, height) = (self.phase.width as f64, self.phase.height as f64);
        // Cutout's box has a law of its own, often a square of a fixed side.
        if width == height || self.method == Method::Cutout {
            return false;
        }
        let Draw { patch, .. } = draw;
        ledger.tested("G01", 1);
        let root = |(from, to): (u32, u32), side: f64| {
            let shown = f64::from(to - from);
            let clipped = from == 0 || f64::from(to) == side;
            let most = if clipped { 2.0 * shown + 4.0 } else { shown + 2.0 };
            [(shown - 2.0) / side, most / side]
        };
        let possible = |patch: Patch| {
            let [least, most] = root(patch.span(0), width);
            let [other_least, other_most] = root(patch.span(1), height);
            least <= other_most && other_least <= most
        };
        // With the base inside the box, a box at the border looks like its complement.
        let turned = complement(patch, self.phase.width, self.phase.height);
        !possible(patch) && !turned.is_some_and(possible)
    }

    /// The images that were passed in, and the same call made again.
    fn around(&self, ledger: &mut Ledger, call: &Call, samples: &[Sample]) {
        if let (Some(changed), false) = (&call.changed, self.in_place) {
            ledger.tested("S08", samples.len() as u64);
            for &(i, bytes) in changed {
                let actual = format!("{bytes} bytes of the input differ after the call");
                let example = ledger.example(call.number, i).expected("the input as it was").actual(&actual);
                ledger.fail(Code::InputChanged, example);
            }
        }
        if let Some(unrepeated) = &call.unrepeated {
            ledger.tested("S19", samples.len() as u64);
            for &i in unrepeated {
                let example = ledger.example(call.number, i).expected("the same pixels from the same seed");
                ledger.fail(Code::NotDeterministic, example.actual("others"));
            }
        }
    }

    /// Masks have the box and the partner of their images.
    fn masks(&self, ledger: &mut Ledger, call: &Call, samples: &[Sample]) {
        let (Some(decoder), Some(masks)) = (self.mask_decoder, &call.masks) else { return };
        // Masks of other types are findings already.
        if masks.len() != samples.len() * self.phase.area() {
            return;
        }
        let (cut, _) = decoder.call(call.number, masks);
        for (i, (sample, mask)) in samples.iter().zip(&cut).enumerate() {
            let Some((donor, patch, inverted)) = paste(&sample.picture) else { continue };
            ledger.tested("M01", 1);
            let example = ledger.example(call.number, i).boxed(donor, patch, self.pixels());
            match paste(&mask.picture) {
                Some(cut) if cut == (donor, patch, inverted) => {}
                Some((other, cut, _)) => {
                    let name = |donor: Option<usize>| donor.map_or("nobody".into(), |donor| format!("image {donor}"));
                    let expected = format!("{patch} of {}", name(donor));
                    ledger
                        .fail(Code::MaskBox, example.expected(&expected).actual(&format!("{cut} of {}", name(other))));
                }
                None => {
                    let actual = match &mask.picture {
                        Picture::Blended(blend) => format!("a blend with weight {:.4}", blend.weight),
                        _ => "values of no mask".into(),
                    };
                    ledger.fail(Code::MaskBlended, example.expected("class numbers of two masks").actual(&actual));
                }
            }
        }
    }

    /// Reported boxes, partners and lambdas.
    fn reported(&self, ledger: &mut Ledger, call: &Call, draws: &Draws) {
        let (width, height) = (self.phase.width, self.phase.height);
        if let Some(boxes) = &call.boxes {
            for (i, draw) in draws.iter().enumerate() {
                let at = if boxes.len() == 4 { 0 } else { 4 * i };
                let Some(&[x0, y0, x1, y1]) = boxes.get(at..at + 4).and_then(|edges| edges.first_chunk()) else {
                    continue;
                };
                ledger.tested("S14", 1);
                ledger.tested("S18", 1);
                let inside =
                    0.0 <= x0 && x0 <= x1 && x1 <= f64::from(width) && 0.0 <= y0 && y0 <= y1 && y1 <= f64::from(height);
                let actual = format!("x {x0} to {x1}, y {y0} to {y1}");
                if !inside {
                    let example = ledger.example(call.number, i).expected(&format!("within {width} x {height}"));
                    ledger.fail(Code::BoxOutside, example.actual(&actual));
                }
                let Some(Draw { donor, patch, .. }) = draw else { continue };
                let shown = patch.edges().map(f64::from);
                let same = [x0, y0, x1, y1] == shown;
                // Of one plane, an edge of a box may have been the fill's value before.
                let turned = complement(*patch, width, height).map(|turned| turned.edges().map(f64::from));
                let same = same || turned == Some([x0, y0, x1, y1]);
                let around = x0 <= shown[0] && y0 <= shown[1] && x1 >= shown[2] && y1 >= shown[3];
                if !(same || around && self.hides()) {
                    let example = ledger.example(call.number, i).boxed(Some(*donor), *patch, self.pixels());
                    ledger.fail(Code::BoxMisreported, example.expected(&patch.to_string()).actual(&actual));
                }
            }
        }
        if let Some(index) = call.index.as_ref().filter(|_| self.method != Method::Cutout) {
            for (i, (&index, draw)) in index.iter().zip(draws).enumerate() {
                let Some(Draw { donor, patch, .. }) = draw else { continue };
                ledger.tested("S18", 1);
                if index != *donor as f64 {
                    let example = ledger.example(call.number, i).boxed(Some(*donor), *patch, self.pixels());
                    ledger
                        .fail(Code::IndexMisreported, example.expected(&donor.to_string()).actual(&index.to_string()));
                }
            }
        }
        if let (Some(lambda), Method::Cutmix) = (&call.lambda, self.method) {
            for (i, draw) in draws.iter().enumerate() {
                let Some(Draw { donor, patch, .. }) = draw else { continue };
                let lambda = lambda.get(i).or(lambda.first()).copied().unwrap_or(f64::NAN);
                ledger.tested("S18", 1);
                let fits = |(from, to): (u32, u32), side: u32| {
                    let cut = f64::from(side) * (1.0 - lambda).max(0.0).sqrt();
                    // Some rules clip more than half.
                    let least = if from == 0 || to == side { 0.0 } else { cut - 2.0 };
                    (least..=cut + 2.0).contains(&f64::from(to - from))
                };
                let possible =
                    (0.0..=1.0).contains(&lambda) && fits(patch.span(0), width) && fits(patch.span(1), height);
                if !possible {
                    let example = ledger.example(call.number, i).boxed(Some(*donor), *patch, self.pixels());
                    let actual = format!("lambda {lambda}, a box of {} x {}", patch.width(), patch.height());
                    let expected = "sides W sqrt(1 - lambda) and H sqrt(1 - lambda), but for clipping";
                    ledger.fail(Code::LambdaMisreported, example.expected(expected).actual(&actual));
                }
            }
        }
    }

    /// What only the whole phase shows.
    pub(in crate::audit) fn finish(&mut self, ledger: &mut Ledger) {
        let Some(totals) = self.totals.take() else { return };
        if totals.scaled {
            let note = format!(
                "phase {}: values are scaled by the pipeline, so pixels are compared to 0.4 of a level instead of bit by bit",
                self.phase.name
            );
            ledger.untested(note);
        }
        if totals.blends > 0 && totals.bias / (totals.blends as f64) < -0.3 {
            let actual = format!("{:.3} levels too dark on average", -totals.bias / totals.blends as f64);
            let example = ledger.example(0, 0).expected("rounding to nearest");
            ledger.fail(Code::MixupTruncated, example.actual(&actual));
        }
        let [looked_at, changed] = totals.passed_in;
        if self.in_place && looked_at > 0 {
            let value = if changed > 0 { "changed, as declared" } else { "unchanged, though declared in_place" };
            ledger.fact(Fact { name: "images passed in", value: value.into() });
        }
        ledger.cover(Coverage {
            width: self.phase.width as usize,
            height: self.phase.height as usize,
            draws: totals.boxes,
            counts: totals.counts,
        });
    }
}

impl Totals {
    fn boxed(&mut self, patch: Patch, phase: &Phase) {
        let width = phase.width as usize;
        self.boxes += 1;
        for y in patch.rows() {
            for count in &mut self.counts[y * width + patch.columns().start..y * width + patch.columns().end] {
                *count += 1;
            }
        }
    }
}
