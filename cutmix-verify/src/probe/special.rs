//! Values that copies keep and arithmetic does not, and where images of a probe of kind `nan` have them.

use super::key::splitmix64;
use super::spec::Phase;

/// Values that copies keep and arithmetic does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// A quiet NaN.
    Nan,
    /// Positive infinity.
    Infinity,
    /// Negative zero.
    NegativeZero,
}

impl Special {
    /// All, in the order of their places.
    pub const ALL: [Self; 3] = [Self::Nan, Self::Infinity, Self::NegativeZero];

    pub(crate) const fn value(self) -> f64 {
        match self {
            Self::Nan => f64::NAN,
            Self::Infinity => f64::INFINITY,
            Self::NegativeZero => -0.0,
        }
    }

    /// Whether a value is this one. All NaN are one.
    pub(crate) fn is(self, value: f64) -> bool {
        match self {
            Self::Nan => value.is_nan(),
            Self::Infinity => value == f64::INFINITY,
            Self::NegativeZero => value == 0.0 && value.is_sign_negative(),
        }
    }
}

/// Where special values are: pixels a step apart, one plane after the other, so that another plane says whose the pixel is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    area: usize,
    planes: usize,
    first: usize,
    stride: usize,
}

impl Places {
    pub(super) fn new(phase: &Phase) -> Self {
        let (area, planes) = (phase.area(), phase.planes());
        let first = (splitmix64(phase.key ^ 0x5bec_1a1e << 20) % area as u64) as usize;
        Self { area, planes, first, stride: stride(area) }
    }

    /// Pixel and plane of place `n`.
    pub(super) const fn at(&self, n: usize) -> (usize, usize) {
        ((self.first + n * self.stride) % self.area, (n % self.area + n / self.area) % self.planes)
    }
}

/// A step through so many pixels that comes to each of them before it returns to the first, and to none near the last few: the
/// golden section, and what is next to it without a common factor.
fn stride(area: usize) -> usize {
    const fn common(a: usize, b: usize) -> usize {
        if b == 0 { a } else { common(b, a % b) }
    }
    (area * 618 / 1000..=2 * area).find(|&step| common(step, area) == 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::super::code::Codes;
    use super::super::spec::{Kind, Layout};
    use super::*;

    /// Every image has three values of its own, whatever the key and the size; of several planes each pixel keeps one that says
    /// whose it is.
    #[test]
    fn special_places_are_apart() {
        for key in 0..40 {
            for (width, height) in [(40, 24), (32, 32), (24, 24), (8, 6), (16, 16), (7, 5), (1, 64), (48, 1), (4, 3)] {
                for (channels, layout) in [(1, Layout::Nchw), (2, Layout::Nhwc), (3, Layout::Nchw), (4, Layout::Nhwc)] {
                    let phase = Phase { kind: Kind::Nan, key, width, height, channels, layout, ..Phase::structure() };
                    if phase.check().is_err() {
                        continue;
                    }
                    let codes = Codes::new(&phase, 0);
                    let places: Vec<usize> =
                        (0..8).flat_map(|i| Special::ALL.map(|special| codes.special(i, special))).collect();
                    let mut taken = vec![0; phase.image_len()];
                    let mut pixels = vec![0; phase.area()];
                    for place in places {
                        let (y, x) = codes.place(place);
                        taken[place] += 1;
                        pixels[y * width as usize + x] += 1;
                    }
                    let most = |counts: &[u32]| counts.iter().copied().max().unwrap_or(0);
                    assert_eq!(most(&taken), 1, "{key} {width}x{height}x{channels}");
                    assert!(channels == 1 || most(&pixels) < channels, "{key} {width}x{height}x{channels}");
                }
            }
        }
    }
}
