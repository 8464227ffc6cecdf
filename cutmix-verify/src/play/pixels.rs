//! Pixels, right and wrong.

use half::f16;

use super::arithmetic::boxed;
use super::draws::OneDraw;
use crate::probe::{Codes, Dtype, Method, Phase};
use crate::profile::{Pixels, Profile};
use crate::reference::Patch;

/// The images of a call as bit patterns, and what is drawn for them.
pub(super) struct Batch<'a> {
    pub(super) phase: &'a Phase,
    pub(super) given: &'a [Vec<u64>],
    pub(super) before: &'a [Vec<u64>],
    pub(super) partners: &'a [usize],
    pub(super) samples: &'a [OneDraw],
    pub(super) patches: &'a [Patch],
}

/// All bit patterns of the images of a call.
pub(super) fn given(codes: &Codes) -> Vec<Vec<u64>> {
    let phase = codes.phase();
    (0..phase.batch as usize).map(|i| (0..phase.image_len()).map(|element| codes.bits(i, element)).collect()).collect()
}

/// The blend in the type of the images: both weights, both products and their sum are rounded, one by one.
fn blend_in_type(dtype: Dtype, lambda: f64, a: u64, b: u64) -> u64 {
    if !dtype.is_float() {
        return blend(dtype, lambda, a, b, false);
    }
    let round = |value: f64| dtype.value(dtype.bits(value));
    dtype.bits(round(round(lambda) * dtype.value(a)) + round(round(1.0 - lambda) * dtype.value(b)))
}

/// `floor(lambda 2^k + 1/2) / 2^k`, and the blend with it.
fn blend(dtype: Dtype, lambda: f64, a: u64, b: u64, truncated: bool) -> u64 {
    let (x, y) = (dtype.value(a), dtype.value(b));
    if dtype.is_float() {
        return dtype.bits(lambda * x + (1.0 - lambda) * y);
    }
    let exact = lambda * x + (1.0 - lambda) * y;
    if truncated { exact as u64 } else { dtype.bits(exact) }
}

/// The places of a patch in all planes: plane, row, column.
fn places(phase: &Phase, patch: Patch) -> impl Iterator<Item = (usize, usize, usize)> + use<> {
    (0..phase.planes())
        .flat_map(move |plane| patch.rows().flat_map(move |y| patch.columns().map(move |x| (plane, y, x))))
}

/// Copies a patch from one image to another of the same place.
pub(super) fn copy(phase: &Phase, out: &mut [u64], from: &[u64], patch: Patch) {
    for (plane, y, x) in places(phase, patch) {
        let at = phase.element(plane, y, x);
        out[at] = from[at];
    }
}

impl Batch<'_> {
    /// What comes out.
    pub(super) fn mixed(&self, profile: &Profile) -> Vec<Vec<u64>> {
        if profile.faults.pixels == Pixels::Nothing {
            return self.given.to_vec();
        }
        let mut out = match profile.faults.pixels {
            Pixels::EarlierBatch => self.before.to_vec(),
            _ => self.given.to_vec(),
        };
        for i in 0..out.len() {
            // Partners as they are now, for those who read what they write.
            let source = if profile.faults.pixels == Pixels::InPlaceLoop { out.clone() } else { self.given.to_vec() };
            match profile.method {
                Method::Mixup if profile.faults.pixels != Pixels::BaseExchanged => {
                    self.blended(profile, &mut out[i], i, &source);
                }
                _ => self.pasted(profile, &mut out[i], i, &source),
            }
        }
        if profile.faults.pixels == Pixels::HalfRoundTrip {
            let dtype = self.phase.dtype;
            for bits in out.iter_mut().flatten() {
                *bits = dtype.bits(f16::from_f64(dtype.value(*bits)).to_f64());
            }
        }
        if profile.faults.pixels == Pixels::Normalised {
            let dtype = self.phase.dtype;
            for image in &mut out {
                for (plane, y, x) in places(self.phase, Patch::full(self.phase.width, self.phase.height)) {
                    let at = self.phase.element(plane, y, x);
                    let channel = plane % self.phase.channels as usize;
                    let (mean, deviation) = [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)][channel % 3];
                    image[at] = dtype.bits((dtype.value(image[at]) - mean) / deviation);
                }
            }
        }
        out
    }

    fn blended(&self, profile: &Profile, out: &mut [u64], i: usize, source: &[Vec<u64>]) {
        let (dtype, partner, lambda) = (self.phase.dtype, self.partners[i], self.samples[i].lambda);
        let height = f64::from(self.phase.height);
        for (plane, y, x) in places(self.phase, Patch::full(self.phase.width, self.phase.height)) {
            let at = self.phase.element(plane, y, x);
            let lambda = if profile.faults.pixels == Pixels::WeightByRow { y as f64 / height } else { lambda };
            let (a, b) = (out[at], source[partner][at]);
            out[at] = match profile.faults.pixels {
                Pixels::BlendInType => blend_in_type(dtype, lambda, a, b),
                how => blend(dtype, lambda, a, b, how == Pixels::Truncated),
            };
        }
    }

    #[allow(clippy::too_many_lines)] // One arm a way to do it.
    fn pasted(&self, profile: &Profile, out: &mut [u64], i: usize, source: &[Vec<u64>]) {
        let (phase, dtype) = (self.phase, self.phase.dtype);
        let (partner, patch) = (self.partners[i], self.patches[i]);
        let full = Patch::full(phase.width, phase.height);
        let [x0, y0, x1, y1] = patch.edges().map(|edge| edge as usize);
        let batch = self.given.len();
        let same = |out: &mut [u64], from: &[u64], patch: Patch| copy(phase, out, from, patch);
        match profile.faults.pixels {
            Pixels::Inverted => {
                if partner != i && !patch.is_empty() {
                    for (plane, y, x) in
                        places(self.phase, full).filter(|&(_, y, x)| !patch.contains(x as u32, y as u32))
                    {
                        let at = phase.element(plane, y, x);
                        out[at] = source[partner][at];
                    }
                }
            }
            Pixels::BaseExchanged if profile.method == Method::Cutmix => {
                out.copy_from_slice(&self.given[(i + 1) % batch]);
                same(out, &source[(i + 2) % batch], patch);
            }
            Pixels::EarlierBatch => {}
            Pixels::EarlierPatch => same(out, &self.before[partner], patch),
            Pixels::Arithmetic | Pixels::MaskMultiply => {
                let multiply = profile.faults.pixels == Pixels::MaskMultiply;
                for (plane, y, x) in places(self.phase, full) {
                    let at = phase.element(plane, y, x);
                    let inside = patch.contains(x as u32, y as u32);
                    let (a, b) = (dtype.value(out[at]), dtype.value(source[partner][at]));
                    let mask = f64::from(u8::from(!inside));
                    let round = |value: f64| dtype.value(dtype.bits(value));
                    out[at] = dtype.bits(match (multiply, inside) {
                        (true, _) => round(mask * a) + round((1.0 - mask) * b),
                        (false, true) => a + round(b - a),
                        (false, false) => a,
                    });
                }
            }
            Pixels::NanToNumber => {
                same(out, &source[partner], patch);
                for bits in out.iter_mut().filter(|bits| !dtype.value(**bits).is_finite()) {
                    *bits = dtype.bits(0.0);
                }
            }
            Pixels::ThirdImage => {
                same(out, &source[partner], patch);
                let third = (0..batch).find(|&k| k != i && k != partner).unwrap_or(i);
                same(out, &source[third], Patch { x1: patch.x0 + patch.width() / 2, ..patch });
            }
            Pixels::MissingCorner => {
                let own = out.to_vec();
                same(out, &source[partner], patch);
                if patch.area() > 2 {
                    same(out, &own, Patch { x1: patch.x0 + 1, y1: patch.y0 + 1, ..patch });
                }
            }
            Pixels::ChannelBox | Pixels::ChannelLeftOut => {
                let (last, _) = boxed(profile, [phase.width, phase.height], &self.samples[(i + 1) % batch], 0);
                for plane in 0..phase.planes() {
                    let special = plane + 1 == phase.planes();
                    let patch = match profile.faults.pixels {
                        Pixels::ChannelLeftOut if special => Patch::EMPTY,
                        _ if special => last,
                        _ => patch,
                    };
                    for (_, y, x) in places(self.phase, patch).filter(|&(of, ..)| of == plane) {
                        let at = phase.element(plane, y, x);
                        out[at] = source[partner][at];
                    }
                }
            }
            Pixels::Flipped | Pixels::OtherPlace | Pixels::RowOff => {
                for (plane, y, x) in places(self.phase, patch) {
                    let (from_y, from_x) = match profile.faults.pixels {
                        Pixels::Flipped => (y, x1 - 1 - (x - x0)),
                        Pixels::OtherPlace => (y - y0, x - x0),
                        _ => ((y + 1) % phase.height as usize, x),
                    };
                    out[phase.element(plane, y, x)] = source[partner][phase.element(plane, from_y, from_x)];
                }
            }
            Pixels::Scaled => {
                let (w, h) = (phase.width as usize, phase.height as usize);
                for (plane, y, x) in places(self.phase, patch) {
                    let (from_y, from_x) = ((y - y0) * h / (y1 - y0), (x - x0) * w / (x1 - x0));
                    out[phase.element(plane, y, x)] = source[partner][phase.element(plane, from_y, from_x)];
                }
            }
            Pixels::BlendInBox | Pixels::SoftEdge => {
                for (plane, y, x) in places(self.phase, patch) {
                    let at = phase.element(plane, y, x);
                    let edge = [x - x0, x1 - 1 - x, y - y0, y1 - 1 - y];
                    let inward = edge.into_iter().min().unwrap_or(0);
                    let own = if profile.faults.pixels == Pixels::BlendInBox {
                        0.5
                    } else {
                        (0.8 - 0.2 * inward as f64).max(0.0)
                    };
                    out[at] = blend(dtype, own, out[at], source[partner][at], false);
                }
            }
            Pixels::Filled | Pixels::FillConstant | Pixels::FillNoise => {
                for (plane, y, x) in places(self.phase, patch) {
                    let at = phase.element(plane, y, x);
                    let value = match profile.faults.pixels {
                        Pixels::Filled => 0.0,
                        Pixels::FillConstant => (plane + 90) as f64 * dtype.level(),
                        _ => {
                            let z = crate::probe::splitmix64(at as u64 ^ self.samples[i].lambda.to_bits());
                            (z >> 40) as f64 / 16_777_216.0 * 255.0 * dtype.level()
                        }
                    };
                    out[at] = dtype.bits(value);
                }
            }
            Pixels::Overflow => {
                for (plane, y, x) in places(self.phase, patch) {
                    let at = phase.element(plane, y, x);
                    let sum = dtype.value(out[at]) + dtype.value(source[partner][at]);
                    let range = 256.0 * dtype.level();
                    out[at] = dtype.bits(if sum >= range { sum - range } else { sum });
                }
            }
            _ => same(out, &source[partner], patch),
        }
    }
}
