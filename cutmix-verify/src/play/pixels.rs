//! Pixels, right and wrong.

use half::f16;

use super::arithmetic::{Boxes, boxed};
use crate::probe::{Codes, Dtype, Method, Phase, splitmix64};
use crate::profile::{Pixels, Profile};
use crate::reference::Patch;

/// Rows by which a shifted patch is from further up.
const SHIFT: usize = 1;

/// The images of a call as bit patterns, those of the call before, and what is drawn for them.
pub(super) struct Batch<'a> {
    pub(super) phase: &'a Phase,
    pub(super) given: &'a [Vec<u64>],
    pub(super) before: &'a [Vec<u64>],
    pub(super) boxes: &'a Boxes,
}

/// All bit patterns of the images of a call, in a type.
pub(super) fn given(codes: &Codes, dtype: Dtype) -> Vec<Vec<u64>> {
    let phase = codes.phase();
    let typed = |bits: u64| if dtype == phase.dtype { bits } else { dtype.bits(phase.dtype.value(bits)) };
    let image = |i: usize| (0..phase.image_len()).map(|element| typed(codes.bits(i, element))).collect();
    (0..phase.batch as usize).map(image).collect()
}

/// The blend of two values: of integers rounded to nearest or cut off, of floats rounded once or at every step.
fn blend(dtype: Dtype, lambda: f64, [a, b]: [u64; 2], how: Pixels) -> u64 {
    let (a, b) = (dtype.value(a), dtype.value(b));
    let round = |value: f64| dtype.value(dtype.bits(value));
    match how {
        Pixels::BlendInType if dtype.is_float() => {
            dtype.bits(round(round(lambda) * a) + round(round(1.0 - lambda) * b))
        }
        Pixels::Truncated if !dtype.is_float() => (lambda * a + (1.0 - lambda) * b) as u64,
        _ => dtype.bits(lambda * a + (1.0 - lambda) * b),
    }
}

/// An element of an image: its plane, row and column, and where it lies.
#[derive(Clone, Copy)]
struct Spot {
    plane: usize,
    y: usize,
    x: usize,
    at: usize,
}

/// Puts something in place of every element of a patch, in all planes: made of its spot and of what was there.
fn change(phase: &Phase, out: &mut [u64], patch: Patch, new: impl Fn(Spot, u64) -> u64) {
    for plane in 0..phase.planes() {
        for y in patch.rows() {
            for x in patch.columns() {
                let at = phase.element(plane, y, x);
                out[at] = new(Spot { plane, y, x, at }, out[at]);
            }
        }
    }
}

/// Copies a patch from one image to another of the same place.
pub(super) fn copy(phase: &Phase, out: &mut [u64], from: &[u64], patch: Patch) {
    change(phase, out, patch, |spot, _| from[spot.at]);
}

impl Batch<'_> {
    /// What comes out.
    pub(super) fn mixed(&self, profile: &Profile) -> Vec<Vec<u64>> {
        let (phase, dtype, how) = (self.phase, self.phase.dtype, profile.faults.pixels);
        let full = Patch::full(phase.width, phase.height);
        let mut out = if how == Pixels::EarlierBatch { self.before } else { self.given }.to_vec();
        if how == Pixels::Nothing {
            return out;
        }
        for i in 0..out.len() {
            // Partners as they are now, for those who read what they write.
            let now = (how == Pixels::InPlaceLoop).then(|| out.clone());
            let (source, out) = (now.as_deref().unwrap_or(self.given), &mut out[i]);
            if profile.method == Method::Mixup && how != Pixels::BaseExchanged {
                let (partner, lambda) = (self.boxes.drawn.partners[i], self.boxes.drawn.samples[i].lambda);
                change(phase, out, full, |spot, own| {
                    let by_row = spot.y as f64 / f64::from(phase.height);
                    let lambda = if how == Pixels::WeightByRow { by_row } else { lambda };
                    blend(dtype, lambda, [own, source[partner][spot.at]], how)
                });
            } else {
                self.pasted(profile, out, i, source);
            }
        }
        for out in &mut out {
            match how {
                Pixels::HalfRoundTrip => {
                    change(phase, out, full, |_, own| dtype.bits(f16::from_f64(dtype.value(own)).to_f64()));
                }
                Pixels::Normalised => change(phase, out, full, |spot, own| {
                    let channel = spot.plane % phase.channels as usize;
                    let (mean, deviation) = [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)][channel % 3];
                    dtype.bits((dtype.value(own) - mean) / deviation)
                }),
                _ => {}
            }
        }
        out
    }

    #[allow(clippy::too_many_lines)] // One arm a way to do it.
    fn pasted(&self, profile: &Profile, out: &mut [u64], i: usize, source: &[Vec<u64>]) {
        let (phase, dtype, how) = (self.phase, self.phase.dtype, profile.faults.pixels);
        let (samples, partner, patch) =
            (&self.boxes.drawn.samples, self.boxes.drawn.partners[i], self.boxes.patches[i]);
        let (from, batch) = (&source[partner], self.given.len());
        let full = Patch::full(phase.width, phase.height);
        let [x0, y0, x1, y1] = patch.edges().map(|edge| edge as usize);
        let [width, height] = [phase.width, phase.height].map(|side| side as usize);
        let inside = |spot: Spot| patch.contains(spot.x as u32, spot.y as u32);
        let last = |spot: Spot| spot.plane + 1 == phase.planes();
        let round = |value: f64| dtype.value(dtype.bits(value));
        match how {
            Pixels::Inverted if partner == i || patch.is_empty() => {}
            Pixels::Inverted => {
                change(phase, out, full, |spot, own| if inside(spot) { own } else { from[spot.at] });
            }
            Pixels::BaseExchanged if profile.method == Method::Cutmix => {
                out.copy_from_slice(&self.given[(i + 1) % batch]);
                copy(phase, out, &source[(i + 2) % batch], patch);
            }
            Pixels::EarlierBatch => {}
            Pixels::EarlierPatch => copy(phase, out, &self.before[partner], patch),
            Pixels::Arithmetic => change(phase, out, full, |spot, own| {
                let (a, b) = (dtype.value(own), dtype.value(from[spot.at]));
                dtype.bits(if inside(spot) { a + round(b - a) } else { a })
            }),
            Pixels::MaskMultiply => change(phase, out, full, |spot, own| {
                let (a, b, mask) = (dtype.value(own), dtype.value(from[spot.at]), f64::from(u8::from(!inside(spot))));
                dtype.bits(round(mask * a) + round((1.0 - mask) * b))
            }),
            Pixels::NanToNumber => {
                copy(phase, out, from, patch);
                change(phase, out, full, |_, own| if dtype.value(own).is_finite() { own } else { dtype.bits(0.0) });
            }
            Pixels::ThirdImage => {
                copy(phase, out, from, patch);
                let third = (0..batch).find(|&k| k != i && k != partner).unwrap_or(i);
                copy(phase, out, &source[third], Patch { x1: patch.x0 + patch.width() / 2, ..patch });
            }
            Pixels::MissingCorner => {
                let own = out.to_vec();
                copy(phase, out, from, patch);
                if patch.area() > 2 {
                    copy(phase, out, &own, Patch { x1: patch.x0 + 1, y1: patch.y0 + 1, ..patch });
                }
            }
            Pixels::ChannelBox | Pixels::ChannelLeftOut => {
                change(phase, out, patch, |spot, own| if last(spot) { own } else { from[spot.at] });
                if how == Pixels::ChannelBox {
                    let (other, _) = boxed(profile, [phase.width, phase.height], &samples[(i + 1) % batch], 0);
                    change(phase, out, other, |spot, own| if last(spot) { from[spot.at] } else { own });
                }
            }
            Pixels::Flipped | Pixels::OtherPlace | Pixels::RowOff | Pixels::Scaled => {
                change(phase, out, patch, |Spot { plane, y, x, .. }, _| {
                    let (y, x) = match how {
                        Pixels::Flipped => (y, x1 - 1 - (x - x0)),
                        Pixels::OtherPlace => (y - y0, x - x0),
                        Pixels::RowOff => ((y + 1) % height, x),
                        _ => ((y - y0) * height / (y1 - y0), (x - x0) * width / (x1 - x0)),
                    };
                    from[phase.element(plane, y, x)]
                });
            }
            Pixels::Transposed | Pixels::Shifted | Pixels::ChannelsReversed => {
                change(phase, out, patch, |Spot { plane, y, x, .. }, _| match how {
                    Pixels::Transposed => from[phase.element(plane, (y0 + x - x0) % height, (x0 + y - y0) % width)],
                    Pixels::Shifted if y < SHIFT => dtype.bits(0.0),
                    Pixels::Shifted => from[phase.element(plane, y - SHIFT, x)],
                    _ => {
                        let channels = phase.channels as usize;
                        from[phase.element(plane / channels * channels + channels - 1 - plane % channels, y, x)]
                    }
                });
            }
            Pixels::BlendInBox | Pixels::SoftEdge => change(phase, out, patch, |Spot { y, x, at, .. }, own| {
                let inward = [x - x0, x1 - 1 - x, y - y0, y1 - 1 - y].into_iter().min().unwrap_or(0);
                let soft = (0.8 - 0.2 * inward as f64).max(0.0);
                blend(dtype, if how == Pixels::BlendInBox { 0.5 } else { soft }, [own, from[at]], how)
            }),
            Pixels::Filled => change(phase, out, patch, |_, _| dtype.bits(0.0)),
            Pixels::FillConstant => {
                change(phase, out, patch, |spot, _| dtype.bits((spot.plane + 90) as f64 * dtype.level()));
            }
            Pixels::FillNoise => change(phase, out, patch, |spot, _| {
                let z = splitmix64(spot.at as u64 ^ samples[i].lambda.to_bits());
                dtype.bits((z >> 40) as f64 / 16_777_216.0 * 255.0 * dtype.level())
            }),
            Pixels::Overflow => change(phase, out, patch, |spot, own| {
                let (sum, range) = (dtype.value(own) + dtype.value(from[spot.at]), 256.0 * dtype.level());
                dtype.bits(if sum >= range { sum - range } else { sum })
            }),
            _ => copy(phase, out, from, patch),
        }
    }
}
