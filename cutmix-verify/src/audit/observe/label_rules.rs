//! Which rule the weights of labels follow, if not the right one. A rule explains a trace only if it explains every
//! label of it.

use crate::profile::Code;

/// A sample whose label has a weight and whose pixels have a box.
#[derive(Clone, Copy, Debug)]
pub(in crate::audit) struct Labelled {
    /// The base's weight in the label.
    pub(in crate::audit) weight: f64,
    /// Columns and rows of the box.
    pub(in crate::audit) sides: [u32; 2],
    /// Whether the box touches the first, the last column; the same of rows.
    pub(in crate::audit) touches: [[bool; 2]; 2],
    /// Columns and rows of the image.
    pub(in crate::audit) size: [u32; 2],
    /// Kept fraction.
    pub(in crate::audit) kept: f64,
    /// The mean of the call, if every sample of it shows its own.
    pub(in crate::audit) mean: Option<f64>,
    /// The weight of the call's first sample.
    pub(in crate::audit) first: f64,
    /// Kept fractions of the partner's, the mirrored, the next and the previous sample, where known.
    pub(in crate::audit) others: [Option<f64>; 4],
    /// Tolerance of the weight.
    pub(in crate::audit) tolerance: f64,
}

impl Labelled {
    fn pixels(&self) -> f64 {
        (self.size[0] * self.size[1]) as f64
    }

    fn is(&self, weight: f64) -> bool {
        (self.weight - weight).abs() <= self.tolerance
    }

    /// Whether the weight is the right one.
    pub(in crate::audit) fn right(&self) -> bool {
        self.is(self.kept)
    }

    /// Whether a side of real length `real` before clipping can show as this box, with an error of rounding of up to
    /// two pixels: halves are rounded one by one.
    fn side_fits(&self, axis: usize, real: f64) -> bool {
        let shown = self.sides[axis] as f64;
        let clipped = self.touches[axis].iter().any(|&touch| touch);
        let least = if clipped { real / 2.0 - 2.0 } else { real - 2.0 };
        (least..=real + 2.0).contains(&shown)
    }

    /// Whether a box drawn with this lambda can be this one.
    fn lambda_fits(&self, lambda: f64) -> bool {
        let root = (1.0 - lambda).max(0.0).sqrt();
        (-1e-6..=1.0 + 1e-6).contains(&lambda) && (0..2).all(|axis| self.side_fits(axis, self.size[axis] as f64 * root))
    }

    /// Whether the weight is 1 less the area of whole sides before clipping.
    fn unclipped(&self) -> bool {
        let [width, height] = self.size;
        (1..=width).any(|cut| {
            // Roots with which the width is cut to `cut` pixels by truncation or rounding, and by halving first.
            let area = (1.0 - self.weight) * self.pixels();
            let other = area / cut as f64;
            let whole = (other - libm::rint(other)).abs() <= (self.tolerance * self.pixels() / cut as f64).max(1e-6);
            let root = cut as f64 / width as f64;
            whole
                && self.side_fits(0, cut as f64)
                && self.side_fits(1, libm::rint(other))
                && (libm::rint(other) - root * height as f64).abs() <= 2.0 + height as f64 / width as f64
        })
    }
}

/// Whether a label is as a rule says.
type Rule<'a> = &'a dyn Fn(&Labelled) -> bool;

/// The code of the first rule that explains every label; `LABEL_WEIGHT` if none does.
pub(in crate::audit) fn classify(labelled: &[Labelled]) -> Code {
    let all = |rule: Rule<'_>| labelled.iter().all(rule);
    // Of samples that do not show theirs nothing is known; a few of the others must.
    let shows = |k: usize| labelled.iter().filter(|s| s.others[k].is_some()).count() * 4 > labelled.len();
    let mirrored = |s: &Labelled, k: usize| shows(k) && s.others[k].is_none_or(|other| s.is(other));
    let first = labelled.first().map_or(0.0, |s| s.weight);
    let rules: [(Code, Rule<'_>); 16] = [
        (Code::LabelUnchanged, &|s| s.is(1.0)),
        (Code::LabelReplaced, &|s| s.is(0.0)),
        (Code::LabelPrecision, &|s| s.right() || super::labels::rounded(s.weight, s.kept)),
        (Code::LabelSwapped, &|s| s.is(1.0 - s.kept)),
        (Code::LabelDenominator, &|s| s.is(1.0 - (1.0 - s.kept) * s.size[1] as f64 / s.size[0] as f64)),
        (Code::LabelDenominator, &|s| s.is(1.0 - (1.0 - s.kept) * s.size[0] as f64 / s.size[1] as f64)),
        (Code::LabelConstant, &|s| s.is(first)),
        (Code::LabelBatchMean, &|s| s.is(s.first) && s.mean.is_none_or(|mean| s.is(mean))),
        (Code::LabelOtherSample, &|s| mirrored(s, 0)),
        (Code::LabelOtherSample, &|s| mirrored(s, 1)),
        (Code::LabelOtherSample, &|s| mirrored(s, 2)),
        (Code::LabelOtherSample, &|s| mirrored(s, 3)),
        (Code::LabelInclusive, &|s| {
            s.is(1.0 - ((s.sides[0] + 1) * (s.sides[1] + 1)) as f64 / s.pixels())
                || s.is(1.0 - (s.sides[0].saturating_sub(1) * s.sides[1].saturating_sub(1)) as f64 / s.pixels())
        }),
        // Before real areas, which may be any number: these are whole.
        (Code::LabelUnclipped, &|s| s.unclipped()),
        // Real edges are within a pixel of the box's, so both areas differ by less than one border.
        (Code::LabelRealArea, &|s| {
            (s.weight - s.kept).abs() * s.pixels() <= (s.sides[0] + s.sides[1] + 1) as f64 + s.tolerance * s.pixels()
        }),
        (Code::LabelRaw, &|s| s.lambda_fits(s.weight)),
    ];
    for (code, rule) in rules {
        if all(rule) {
            return code;
        }
    }
    let squared = |s: &Labelled| {
        let root = s.weight.max(0.0).sqrt();
        s.lambda_fits(root) || s.lambda_fits(1.0 - (1.0 - s.weight).max(0.0).sqrt())
    };
    if all(&squared) { Code::LabelSquared } else { Code::LabelWeight }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A box of whole sides, kept from pixel `start` on, with the label of what it was before it was clipped.
    fn cut(sides: [i64; 2], start: [i64; 2]) -> Labelled {
        let size = [40_i64, 24];
        let [x, y] = [0, 1].map(|i| (start[i].max(0), (start[i] + sides[i]).min(size[i])));
        let shown = [x.1 - x.0, y.1 - y.0];
        Labelled {
            weight: 1.0 - (sides[0] * sides[1]) as f64 / 960.0,
            sides: shown.map(|side| side as u32),
            touches: [[x.0 == 0, x.1 == 40], [y.0 == 0, y.1 == 24]],
            size: size.map(|length| length as u32),
            kept: 1.0 - (shown[0] * shown[1]) as f64 / 960.0,
            mean: None,
            first: 0.5,
            others: [None; 4],
            tolerance: 4.0 / 16_777_216.0,
        }
    }

    #[test]
    fn a_whole_image_that_begins_before_the_first_pixel_is_an_area_before_clipping() {
        let labels = [cut([20, 12], [3, 5]), cut([40, 24], [-1, -1]), cut([10, 6], [0, 0])];
        assert!(!labels[1].right() && labels[0].right());
        assert_eq!(classify(&labels), Code::LabelUnclipped);
    }
}
