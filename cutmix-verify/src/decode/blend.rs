//! Values that are no code words: rounded, blended, filled.

use super::map::{SourceMap, places};
use super::picture::{Blend, Picture, Spot};
use super::{CallView, NEAR};
use crate::probe::{Codes, Dtype, Method, Word};
use crate::reference::Patch;

/// A blend that is rounded to whole code words differs by 1/2 at most, one that is truncated by less than 1.
const BLENDED: f64 = 1.01;
/// A weight that varies is fitted pixel by pixel, each of which is rounded once: by half a code word and a margin.
const FEATHERED: f64 = 0.75;
/// What two products and their sum, each rounded to binary32, may be off by, as a share of the larger value.
const SINGLE: f64 = 4.0 / 16_777_216.0;
/// What cutting off takes from whole numbers on average.
const HALF: f64 = 0.5;
/// How far rounding may move such a weight beyond 0 or 1, where two images differ by few code words.
const WEIGHT_OFF: f64 = 0.05;
/// Pixels without which values of no image are chance rather than a blend or noise.
const FEW: u64 = 4;
/// Values that tell most donors apart, so that only few of them need all values.
const ROUGH: usize = 64;
/// Another donor explains a blend as well if its largest error is less than this many times the best one's, and this for errors of 0.
const AS_WELL: f64 = 4.0;
const NO_ERROR: f64 = 1e-6;

impl CallView<'_> {
    /// A given value as a number, as it came out or would have: scaled where the pipeline does.
    pub(super) fn expected(&self, image: usize, element: usize) -> f64 {
        let given = match self.codes.word(image, element) {
            Word::Byte(code) => {
                let phase = self.phase();
                phase.dtype.value(phase.dtype.encode(code))
            }
            Word::Wide(word) => f64::from(word) / 16_777_216.0,
            Word::Special(special) => special.value(),
        };
        match self.scaling {
            None => given,
            Some(scaling) => scaling.apply(self.phase(), element, given),
        }
    }

    /// The distance of two code words where an element is.
    fn level(&self, element: usize) -> f64 {
        let level = self.phase().dtype.level();
        self.scaling.map_or(level, |scaling| level * scaling.slope(self.phase(), element).abs())
    }

    /// The distance of neighbouring values of a size: one for whole numbers; for floats twice the last place, since the two
    /// products and their sum are rounded one by one.
    fn step(&self, element: usize, size: f64) -> f64 {
        let places = match self.decoder.dtype {
            Dtype::U8 | Dtype::U16 | Dtype::I16 => return 1.0,
            Dtype::F16 => 11,
            Dtype::Bf16 => 8,
            Dtype::F32 => 24,
            Dtype::F64 => 53,
        };
        4.0 * size.max(self.level(element)) * (0.5_f64).powi(places)
    }

    /// A paste whose values are near those given.
    pub(super) fn near(&self, map: &SourceMap, i: usize) -> Option<Picture> {
        let (phase, values) = (self.phase(), self.values(i));
        if !map.inexact() || self.scaling.is_some() {
            return None;
        }
        let mut rounded = map.clone();
        let mut worst = 0.0_f64;
        for (element, image) in rounded.elements.iter_mut().enumerate().filter(|(_, image)| **image == Codes::INEXACT) {
            let value = values.value(element);
            let close = |image: usize| {
                let off = (value - self.expected(image, element)).abs() / self.level(element);
                (off <= NEAR).then_some((image, off))
            };
            let candidates = (0..phase.batch as usize).filter_map(close);
            // Its own where it can be; code words of other images are elsewhere, but not by much everywhere.
            let best = candidates.min_by(|a, b| a.1.total_cmp(&b.1).then((a.0 != i).cmp(&(b.0 != i))))?;
            *image = best.0 as u16;
            worst = worst.max(best.1);
        }
        rounded.join(phase);
        let Picture::Pasted { donor, patch, inverted: false } = rounded.exact(phase, i)? else { return None };
        let near = map.elements.iter().enumerate().filter(|(_, image)| **image == Codes::INEXACT);
        let near: Vec<Spot> = near.map(|(element, _)| self.place(element)).collect();
        let inside = near.iter().filter(|spot| patch.contains(spot.x as u32, spot.y as u32)).count() as u64;
        let outside = near.len() as u64 - inside;
        Some(Picture::Near { donor, patch, inside, outside, first: near.into_iter().min()?, worst })
    }

    /// The rectangle around all values that are not the image's own.
    fn changed(&self, map: &SourceMap, i: usize) -> Patch {
        map.bounds(self.phase(), |image| image != i as u16)
    }

    /// One value a plane in a rectangle.
    pub(super) fn filled(&self, map: &SourceMap, i: usize) -> Option<Picture> {
        let (phase, values) = (self.phase(), self.values(i));
        let patch = self.changed(map, i);
        // One pixel is always constant.
        if patch.area() < if self.decoder.method == Method::Cutout { 1 } else { 2 } {
            return None;
        }
        let mut fill = Vec::with_capacity(phase.planes());
        for plane in 0..phase.planes() {
            let first = values.bits(phase.element(plane, patch.rows().start, patch.columns().start));
            if !places(patch).all(|(y, x)| values.bits(phase.element(plane, y, x)) == first) {
                return None;
            }
            fill.push(values.dtype().value(first));
        }
        Some(Picture::Filled { patch, values: fill })
    }

    /// Values of no image, not constant, in a rectangle all of whose pixels are so (but for chance).
    pub(super) fn noise(&self, map: &SourceMap, i: usize) -> Option<Picture> {
        let (phase, values) = (self.phase(), self.values(i));
        let patch = self.changed(map, i);
        let is_own = |&(y, x): &(usize, usize)| map.pixels[y * phase.width as usize + x] == i as u16;
        let own = places(patch).filter(is_own).count() as u64;
        // Noise of one or two planes has some of the image's own values by chance.
        let cutout = self.decoder.method == Method::Cutout;
        let (least, chance) = (if cutout { 1 } else { FEW }, if cutout && phase.planes() < 3 { FEW / 2 } else { 0 });
        let whole = patch.area() == phase.area() as u64;
        if patch.area() < least || own.saturating_sub(chance) * 8 > patch.area() || whole && own > chance {
            return None;
        }
        let mut range = [f64::INFINITY, f64::NEG_INFINITY];
        for plane in 0..phase.planes() {
            for (y, x) in places(patch) {
                let value = values.value(phase.element(plane, y, x));
                range = [range[0].min(value), range[1].max(value)];
            }
        }
        Some(Picture::Noise { patch, range })
    }

    /// A blend of the image's own pixels and those of one donor, where they differ from its own.
    pub(super) fn blended(&self, map: &SourceMap, i: usize) -> Option<Picture> {
        let (phase, values) = (self.phase(), self.values(i));
        let full = Patch::full(phase.width, phase.height);
        let patch = if self.decoder.method == Method::Mixup { full } else { self.changed(map, i) };
        if self.decoder.method == Method::Mixup && self.own_but_rounded(i) {
            let blend =
                Blend { donor: i, patch, weight: 1.0, uncertainty: 1.0, worst: 0.0, bias: 0.0, ambiguous: true };
            return Some(Picture::Blended(blend));
        }
        let donors: Vec<usize> = (0..phase.batch as usize).filter(|&donor| donor != i).collect();
        let fits = |&donor: &usize| self.blend_with(i, patch, donor, |element| self.expected(donor, element));
        let mut blends: Vec<Blend> = donors.iter().filter_map(fits).collect();
        blends.sort_by(|a, b| a.worst.total_cmp(&b.worst));
        if let [best, others @ ..] = &blends[..] {
            // With hardly any weight left for the donor, rounding hides who it was.
            let ambiguous = others.first().is_some_and(|other| other.worst < AS_WELL * best.worst + NO_ERROR);
            return Some(Picture::Blended(Blend { ambiguous, ..*best }));
        }
        // A weight that varies from pixel to pixel: each within [0, 1], and the same in all planes.
        for donor in donors {
            let mut range = [1.0_f64, 0.0_f64];
            let fits = places(patch).all(|(y, x)| {
                let elements = || (0..phase.planes()).map(|plane| phase.element(plane, y, x));
                // Two images differ everywhere, so the weight is a number.
                let (weight, _) = self.fit(i, elements(), |element| self.expected(donor, element));
                range = [range[0].min(weight), range[1].max(weight)];
                (-WEIGHT_OFF..=1.0 + WEIGHT_OFF).contains(&weight)
                    && elements().all(|element| {
                        let (a, b) = (self.expected(i, element), self.expected(donor, element));
                        (values.value(element) - (b + weight * (a - b))).abs() <= FEATHERED * self.level(element)
                    })
            });
            // One plane fits any donor that brackets it: nothing is learnt from that.
            if fits && phase.planes() > 1 && patch.area() >= FEW {
                return Some(Picture::Feathered { donor, patch, range });
            }
        }
        None
    }

    /// Whether every value is the image's own but for what two rounded products and their sum do to it: a blend with itself, or
    /// with so little of another that rounding hides who it was. Of whole numbers a blend with itself is exact.
    fn own_but_rounded(&self, i: usize) -> bool {
        let values = self.values(i);
        self.decoder.dtype.is_float()
            && (0..self.phase().image_len()).all(|element| {
                let own = self.expected(i, element);
                (values.value(element) - own).abs() <= self.step(element, own.abs())
            })
    }

    /// The weight of image `i` that fits these elements best by least squares, beside a donor whose values are given; and the sum
    /// of the squares of their differences.
    fn fit(&self, i: usize, elements: impl Iterator<Item = usize>, b: impl Fn(usize) -> f64) -> (f64, f64) {
        let values = self.values(i);
        let (mut product, mut square) = (0.0, 0.0);
        for element in elements {
            let b = b(element);
            let difference = self.expected(i, element) - b;
            product += difference * (values.value(element) - b);
            square += difference * difference;
        }
        (product / square, square)
    }

    /// The blend with a donor whose values are given, if one weight explains every value of the patch.
    pub(super) fn blend_with(&self, i: usize, patch: Patch, donor: usize, b: impl Fn(usize) -> f64) -> Option<Blend> {
        let (phase, values) = (self.phase(), self.values(i));
        let elements =
            || (0..phase.planes()).flat_map(move |plane| places(patch).map(move |(y, x)| phase.element(plane, y, x)));
        let off = |element: usize, weight: f64| {
            let b = b(element);
            (values.value(element) - (b + weight * (self.expected(i, element) - b))) / self.level(element)
        };
        let count = patch.area() as usize * phase.planes();
        if (count as u64) < FEW {
            return None;
        }
        // A few places tell most donors apart.
        let step = (count / ROUGH).max(1);
        let (rough, square) = self.fit(i, elements().step_by(step), &b);
        // Rounding is coarser than code words where a type has few digits.
        let rounding = |element: usize| {
            let size = self.expected(i, element).abs().max(b(element).abs());
            (1.01 * self.step(element, size) / self.level(element)).max(BLENDED)
        };
        let fits = |weight: f64, step: usize, times: f64| {
            elements().step_by(step).all(|element| off(element, weight).abs() <= times * rounding(element))
        };
        if square.is_nan() || square <= 0.0 || !(-0.01..=1.01).contains(&rough) || !fits(rough, step, 2.0) {
            return None;
        }
        let (plain, square) = self.fit(i, elements(), &b);
        // Of whole numbers that are cut off, the middle of all errors is half a step lower, and so is the line that fits.
        let whole = matches!(self.decoder.dtype, Dtype::U8 | Dtype::U16);
        let cut_off = || {
            let slope: f64 = elements().map(|element| self.expected(i, element) - b(element)).sum();
            let weight = plain + HALF * slope / square;
            let near = |element: usize| (off(element, weight) + HALF / self.level(element)).abs() <= FEATHERED;
            (whole && elements().all(near)).then_some(weight)
        };
        let weight = if fits(plain, 1, 1.0) { plain } else { cut_off()? };
        let (mut worst, mut sum, mut magnitudes) = (0.0_f64, 0.0, 0.0);
        for element in elements() {
            let off = off(element, weight);
            worst = worst.max(off.abs());
            sum += off;
            magnitudes += (self.expected(i, element) - b(element)).abs();
        }
        let bias = sum / count as f64;
        // Weights with which every value is within half a step, or a whole one, of the exact blend.
        let interval = |steps: f64| {
            let mut ends = [0.0_f64, 1.0];
            for element in elements() {
                let (value, b) = (values.value(element), b(element));
                let a = self.expected(i, element);
                let size = a.abs().max(b.abs());
                // A sum of binary32 that is near a half is rounded either way.
                let step = steps * self.step(element, size) + if whole { SINGLE * size } else { 0.0 };
                let (one, other) = ((value - step - b) / (a - b), (value + step - b) / (a - b));
                if a != b {
                    ends = [ends[0].max(one.min(other)), ends[1].min(one.max(other))];
                }
            }
            (ends[0] <= ends[1]).then_some(ends)
        };
        let (weight, uncertainty) = match interval(0.5 + 1e-6).or_else(|| interval(1.0 + 1e-6)) {
            Some([least, most]) => (f64::midpoint(least, most), (most - least) / 2.0),
            // What errors of this size can do to a fit, however they are spread.
            None => (weight, worst * phase.dtype.level() * magnitudes / square),
        };
        Some(Blend { donor, patch, weight, uncertainty, worst, bias, ambiguous: false })
    }
}
