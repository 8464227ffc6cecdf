//! The checks of what an adapter reports beside its images: types, masks, boxes, partners, lambdas, the images that were passed in,
//! and the same call made again.

use super::Seen;
use super::draw::{ANY_LOST, Draw, complement, real_length};
use super::pixels::hides;
use crate::decode::{Decoder, Sample};
use crate::npz::Scalar;
use crate::probe::{Method, Phase};
use crate::profile::Code;
use crate::report::{Contrast, Example, Habit};
use crate::trace::{Call, Calls};

/// What the reports of a phase are read with.
pub(crate) struct ReportChecks<'a> {
    phase: &'a Phase,
    method: Method,
    /// Reads masks, where the probe has some.
    masks: Option<&'a Decoder>,
    /// Whether images that are passed in may be changed.
    in_place: bool,
    /// Whether boxes are to follow lambda by any rule.
    pub(crate) lambda: bool,
    /// Images that were passed in and looked at after the call, and those that are others then.
    passed_in: [u64; 2],
}

impl<'a> ReportChecks<'a> {
    pub(crate) const fn new(phase: &'a Phase, method: Method, masks: Option<&'a Decoder>, in_place: bool) -> Self {
        Self { phase, method, masks, in_place, lambda: true, passed_in: [0; 2] }
    }

    fn example(&self, call: &Call, sample: usize) -> Example {
        Example::at(&self.phase.name, call.number, sample)
    }

    fn drawn(&self, call: &Call, draw: &Draw) -> Example {
        self.example(call, draw.sample).boxed(draw.donor, draw.patch, self.phase.area() as u64)
    }

    /// The types of images, masks and label weights, which are one a phase.
    pub(crate) fn types(&self, calls: &Calls) -> Seen {
        let mut seen = Seen::default();
        let example = || Example::at(&self.phase.name, 0, 0);
        seen.tested("S17", 1);
        if calls.dtype != self.phase.dtype {
            seen.find(Code::DtypeChanged, example().shows(Contrast::ImageType(calls.dtype, self.phase.dtype)));
        }
        if let Some(scalar) = calls.mask_scalar().filter(|scalar| scalar.bytes() != 1) {
            seen.find(Code::MaskDtype, example().shows(Contrast::MaskType(scalar)));
        }
        if let Some(scalar) = calls.label_scalar {
            seen.tested("S20", 1);
            if matches!(scalar, Scalar::Bool | Scalar::Uint(_) | Scalar::Int(_)) {
                seen.find(Code::LabelDtype, example().shows(Contrast::LabelType(scalar)));
            }
        }
        seen
    }

    pub(crate) fn call(&mut self, call: &Call, samples: &[Sample], draws: &[Option<Draw>]) -> Seen {
        let mut seen = Seen::default();
        if let Some(changed) = &call.changed {
            self.passed_in[0] += samples.len() as u64;
            self.passed_in[1] += changed.len() as u64;
        }
        self.around(&mut seen, call, samples.len() as u64);
        self.masks(&mut seen, call, samples);
        self.boxes(&mut seen, call, draws);
        // What an ambiguous blend was drawn with does not show.
        let known = || draws.iter().flatten().filter(|draw| draw.donor.is_some());
        if let Some(index) = call.index.as_ref().filter(|_| self.method != Method::Cutout) {
            self.partners(&mut seen, call, index, known());
        }
        if let (Some(lambda), Method::Cutmix, true) = (&call.lambda, self.method, self.lambda) {
            self.lambdas(&mut seen, call, lambda, known());
        }
        seen
    }

    /// The images that were passed in, and the same call made again.
    fn around(&self, seen: &mut Seen, call: &Call, samples: u64) {
        if let (Some(changed), false) = (&call.changed, self.in_place) {
            seen.tested("S08", samples);
            for &(i, bytes) in changed {
                seen.find(Code::InputChanged, self.example(call, i).shows(Contrast::InputBytes(bytes)));
            }
        }
        if let (Some(changed), false) = (&call.labels_changed, self.in_place) {
            seen.tested("S08", samples);
            for &i in changed {
                seen.find(Code::LabelsChanged, self.example(call, i).shows(Contrast::LabelsPassedIn));
            }
        }
        if let Some(unrepeated) = &call.unrepeated {
            seen.tested("S19", samples);
            for &i in unrepeated {
                seen.find(Code::NotDeterministic, self.example(call, i).shows(Contrast::Unrepeated));
            }
        }
    }

    /// Masks have the box and the partner of their images.
    fn masks(&self, seen: &mut Seen, call: &Call, samples: &[Sample]) {
        let (Some(decoder), Some(masks)) = (self.masks, &call.masks) else { return };
        // Masks of other types are findings already.
        if masks.len() != samples.len() * self.phase.area() {
            return;
        }
        let (cut, _) = decoder.call(call.number, masks);
        for (i, (sample, mask)) in samples.iter().zip(&cut).enumerate() {
            let Some(paste) = sample.picture.paste() else { continue };
            seen.tested("M01", 1);
            let code = match mask.picture.paste() {
                Some(cut) if cut == paste => continue,
                Some(_) => Code::MaskBox,
                None => Code::MaskBlended,
            };
            let example = self.example(call, i).boxed(paste.donor, paste.patch, self.phase.area() as u64);
            seen.find(code, example.shows(Contrast::Mask(paste, &mask.picture)));
        }
    }

    /// Boxes lie in the image, and are those of the pixels.
    fn boxes(&self, seen: &mut Seen, call: &Call, draws: &[Option<Draw>]) {
        let Some(boxes) = &call.boxes else { return };
        let size @ [width, height] = [self.phase.width, self.phase.height];
        for (i, draw) in draws.iter().enumerate() {
            let at = if boxes.len() == 4 { 0 } else { 4 * i };
            let Some(&edges) = boxes.get(at..at + 4).and_then(|edges| edges.first_chunk()) else { continue };
            let [x0, y0, x1, y1] = edges;
            seen.tested("S14", 1);
            seen.tested("S18", 1);
            let inside =
                0.0 <= x0 && x0 <= x1 && x1 <= f64::from(width) && 0.0 <= y0 && y0 <= y1 && y1 <= f64::from(height);
            if !inside {
                seen.find(Code::BoxOutside, self.example(call, i).shows(Contrast::Outside(edges, size)));
            }
            let Some(draw) = draw.filter(|draw| draw.donor.is_some()) else { continue };
            let shown = draw.patch.edges().map(f64::from);
            // With the base inside, the complement may be meant.
            let turned = complement(draw.patch, size).map(|turned| turned.edges().map(f64::from));
            let same = edges == shown || turned == Some(edges);
            // Of one plane, an edge of a box may have been the fill's value before.
            let around = x0 <= shown[0] && y0 <= shown[1] && x1 >= shown[2] && y1 >= shown[3];
            if !(same || around && hides(self.phase, self.method)) {
                let contrast = Contrast::Misreported(edges, draw.patch);
                seen.find(Code::BoxMisreported, self.drawn(call, &draw).shows(contrast));
            }
        }
    }

    /// Partners are those whose pixels are there.
    fn partners<'d>(&self, seen: &mut Seen, call: &Call, index: &[f64], draws: impl Iterator<Item = &'d Draw>) {
        for draw in draws {
            let (Some(&index), Some(donor)) = (index.get(draw.sample), draw.donor) else { continue };
            seen.tested("S18", 1);
            if index != donor as f64 {
                seen.find(Code::IndexMisreported, self.drawn(call, draw).shows(Contrast::Partner(index, donor)));
            }
        }
    }

    /// Lambdas are such that boxes like these are drawn with them.
    fn lambdas<'d>(&self, seen: &mut Seen, call: &Call, lambda: &[f64], draws: impl Iterator<Item = &'d Draw>) {
        let size = [self.phase.width, self.phase.height];
        for draw in draws {
            let patch = draw.patch;
            let lambda = lambda.get(draw.sample).or(lambda.first()).copied().unwrap_or(f64::NAN);
            seen.tested("S18", 1);
            let fits = |axis: usize| {
                let cut = f64::from(size[axis]) * (1.0 - lambda).max(0.0).sqrt();
                let [least, most] = real_length(patch, size, axis, ANY_LOST);
                (least..=most).contains(&cut)
            };
            if !((0.0..=1.0).contains(&lambda) && fits(0) && fits(1)) {
                seen.find(Code::LambdaMisreported, self.drawn(call, draw).shows(Contrast::Lambda(lambda, patch)));
            }
        }
    }

    /// What became of the images that were passed in, where they may be changed.
    pub(crate) fn finish(self) -> Seen {
        let mut seen = Seen::default();
        let [looked_at, changed] = self.passed_in;
        if self.in_place && looked_at > 0 {
            seen.habits.push(Habit::PassedIn(changed > 0));
        }
        seen
    }
}
