//! A sample whose label has a weight and whose pixels have a box: what the one says of the other.

use super::draw::{HALF_LOST, real_length};
use crate::reference::Patch;

/// A computed length or lambda this near to a whole one is that.
pub(super) const WHOLE: f64 = 1e-6;

/// A sample whose label has a weight and whose pixels have a box.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Labelled {
    /// The base's weight in the label.
    pub(crate) weight: f64,
    pub(crate) patch: Patch,
    pub(crate) size: [u32; 2],
    pub(crate) kept: f64,
    /// The mean of the call, if every sample of it shows its own.
    pub(crate) mean: Option<f64>,
    /// The weight of the call's first sample.
    pub(crate) first: f64,
    /// Kept fractions of the partner's, the mirrored, the next and the previous sample, where known.
    pub(crate) others: [Option<f64>; 4],
    pub(crate) tolerance: f64,
}

impl Labelled {
    pub(super) fn pixels(&self) -> f64 {
        f64::from(self.size[0]) * f64::from(self.size[1])
    }

    /// Rows a column.
    pub(super) fn ratio(&self) -> f64 {
        f64::from(self.size[1]) / f64::from(self.size[0])
    }

    pub(super) fn is(&self, weight: f64) -> bool {
        (self.weight - weight).abs() <= self.tolerance
    }

    pub(crate) fn right(&self) -> bool {
        self.is(self.kept)
    }

    /// Whether the weight may be that of real edges: they are within a pixel of the box's, so both areas differ by less than one
    /// border.
    pub(super) fn real(&self) -> bool {
        let border = f64::from(self.patch.width() + self.patch.height() + 1);
        (self.weight - self.kept).abs() * self.pixels() <= border + self.tolerance * self.pixels()
    }

    /// Whether a side of real length `real` before clipping can show as this box.
    pub(super) fn side_fits(&self, axis: usize, real: f64) -> bool {
        let [least, most] = real_length(self.patch, self.size, axis, HALF_LOST);
        (least..=most).contains(&real)
    }

    /// Whether a box drawn with this lambda can be this one.
    pub(super) fn lambda_fits(&self, lambda: f64) -> bool {
        let root = (1.0 - lambda).max(0.0).sqrt();
        (-WHOLE..=1.0 + WHOLE).contains(&lambda)
            && (0..2).all(|axis| self.side_fits(axis, f64::from(self.size[axis]) * root))
    }

    /// Whether the weight is 1 less the area of whole sides before clipping.
    pub(super) fn unclipped(&self) -> bool {
        let [width, height] = self.size;
        (1..=width).any(|cut| {
            // Roots with which the width is cut to `cut` pixels by truncation or rounding, and by halving first.
            let cut = f64::from(cut);
            let (other, root) = ((1.0 - self.weight) * self.pixels() / cut, cut / f64::from(width));
            let whole = libm::rint(other);
            // Both sides are of one root, each rounded by two pixels at most: those of the width are as many of the height as the ratio.
            let apart = 2.0 + f64::from(height) / f64::from(width);
            (other - whole).abs() <= (self.tolerance * self.pixels() / cut).max(WHOLE)
                && self.side_fits(0, cut)
                && self.side_fits(1, whole)
                && (whole - root * f64::from(height)).abs() <= apart
        })
    }
}
