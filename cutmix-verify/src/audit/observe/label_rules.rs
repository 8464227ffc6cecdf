//! Which rule the weights of labels follow, if not the right one. A rule explains a trace only if it explains every
//! label of it.

use super::drawn_labels;
use super::label::{ClassWeights, is_between, rounded};
use super::labelled::{Labelled, WHOLE};
use crate::profile::Code;

/// Whether a label is as a rule says.
type LabelRule<'a> = &'a dyn Fn(&Labelled) -> bool;

/// The code of the first rule that explains every label.
fn first_of(rules: &[(Code, LabelRule<'_>)], labelled: &[Labelled]) -> Option<Code> {
    rules.iter().find(|(_, rule)| labelled.iter().all(rule)).map(|&(code, _)| code)
}

/// The code of the rule that labels of boxes follow; `LABEL_WEIGHT` if none explains every one.
pub(crate) fn classify(labelled: &[Labelled]) -> Code {
    // Samples that do not show theirs say nothing; more than a quarter must show it.
    let shows = |k: usize| labelled.iter().filter(|s| s.others[k].is_some()).count() * 4 > labelled.len();
    let mirrored = |s: &Labelled, k: usize| shows(k) && s.others[k].is_none_or(|other| s.is(other));
    let first = labelled.first().map_or(0.0, |s| s.weight);
    let exact: [(Code, LabelRule<'_>); 14] = [
        (Code::LabelUnchanged, &|s| s.is(1.0)),
        (Code::LabelReplaced, &|s| s.is(0.0)),
        (Code::LabelPrecision, &|s| s.right() || rounded(s.weight, s.kept)),
        (Code::LabelSwapped, &|s| s.is(1.0 - s.kept)),
        (Code::LabelDenominator, &|s| s.is(1.0 - (1.0 - s.kept) * s.ratio())),
        (Code::LabelDenominator, &|s| s.is(1.0 - (1.0 - s.kept) / s.ratio())),
        (Code::LabelConstant, &|s| s.is(first)),
        (Code::LabelBatchMean, &|s| s.is(s.first) && s.mean.is_none_or(|mean| s.is(mean))),
        (Code::LabelOtherSample, &|s| mirrored(s, 0)),
        (Code::LabelOtherSample, &|s| mirrored(s, 1)),
        (Code::LabelOtherSample, &|s| mirrored(s, 2)),
        (Code::LabelOtherSample, &|s| mirrored(s, 3)),
        (Code::LabelInclusive, &|s| {
            let [width, height] = s.patch.sides();
            s.is(1.0 - f64::from((width + 1) * (height + 1)) / s.pixels())
                || s.is(1.0 - f64::from(width.saturating_sub(1) * height.saturating_sub(1)) / s.pixels())
        }),
        // Before real areas, which may be any number: these are whole.
        (Code::LabelUnclipped, &|s| s.unclipped()),
    ];
    let wide: [(Code, LabelRule<'_>); 3] = [
        (Code::LabelRealArea, &|s| s.real()),
        (Code::LabelRaw, &|s| s.lambda_fits(s.weight)),
        (Code::LabelSquared, &|s| {
            let root = s.weight.max(0.0).sqrt();
            s.lambda_fits(root) || s.lambda_fits(1.0 - (1.0 - s.weight).max(0.0).sqrt())
        }),
    ];
    let named = first_of(&exact, labelled);
    // What the draw tells depends on the rule of the boxes.
    let named = named.or_else(|| drawn_labels::unclipped(labelled).then_some(Code::LabelUnclipped));
    let named = named.or_else(|| first_of(&wide, labelled));
    let raw = || drawn_labels::drawn(labelled, |weight| weight) || one_axis(labelled);
    let squared = || {
        let root = |weight: f64| weight.max(0.0).sqrt();
        drawn_labels::drawn(labelled, root) || drawn_labels::drawn(labelled, |weight| 1.0 - root(1.0 - weight))
    };
    let named = named.or_else(|| raw().then_some(Code::LabelRaw));
    named.or_else(|| squared().then_some(Code::LabelSquared)).unwrap_or(Code::LabelWeight)
}

/// Whether one axis of every box shows the lambda of its label, with the root or without it, where no rule is known.
fn one_axis(labelled: &[Labelled]) -> bool {
    let shows = |axis: usize, root: bool| {
        labelled.iter().all(|s| {
            let rest = (1.0 - s.weight).max(0.0);
            let share = if root { rest.sqrt() } else { rest };
            (-WHOLE..=1.0 + WHOLE).contains(&s.weight) && s.side_fits(axis, f64::from(s.size[axis]) * share)
        })
    };
    (0..2).any(|axis| shows(axis, true) || shows(axis, false))
}

/// As [`classify`] for blends, whose weight has no box.
pub(crate) fn classify_blends(labelled: &[Labelled]) -> Code {
    let first = labelled.first().map_or(0.0, |s| s.weight);
    let other = |s: &Labelled, k: usize| s.others[k].is_some_and(|other| s.is(other));
    let rules: [(Code, LabelRule<'_>); 8] = [
        (Code::LabelUnchanged, &|s| s.is(1.0)),
        (Code::LabelReplaced, &|s| s.is(0.0)),
        (Code::LabelSwapped, &|s| s.is(1.0 - s.kept)),
        (Code::LabelConstant, &|s| s.is(first)),
        (Code::LabelOtherSample, &|s| other(s, 0)),
        (Code::LabelOtherSample, &|s| other(s, 1)),
        (Code::LabelOtherSample, &|s| other(s, 2)),
        (Code::LabelOtherSample, &|s| other(s, 3)),
    ];
    first_of(&rules, labelled).unwrap_or(Code::LabelWeight)
}

/// Labels that are one class each, which may be one between those of two images.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    /// Whether one was no whole number.
    pub(crate) fractions: bool,
    /// Whether one lay between the two classes and was neither, and whether another one did not.
    between: bool,
    elsewhere: bool,
}

impl Numbers {
    /// Looks at the label of two images; says whether it is a whole number between their classes, if it is one number.
    pub(crate) fn look(&mut self, row: &ClassWeights, classes: [u32; 2], kept: f64) -> Option<bool> {
        let &[(class, weight)] = &row[..] else { return None };
        if weight != 1.0 || classes[0] == classes[1] || class.fract() != 0.0 {
            return None;
        }
        let fits = is_between(class, classes, kept);
        self.between |= fits && classes.iter().all(|&known| f64::from(known) != class);
        self.elsewhere |= !fits;
        Some(fits)
    }

    /// Whether class numbers were mixed.
    pub(crate) const fn are_mixed(&self) -> bool {
        self.fractions || (self.between && !self.elsewhere)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Patch;

    /// A box of whole sides, kept from pixel `start` on, with the label of what it was before it was clipped.
    fn cut(sides: [i64; 2], start: [i64; 2]) -> Labelled {
        let size = [40_i64, 24];
        let [x, y] = [0, 1].map(|i| (start[i].max(0), (start[i] + sides[i]).min(size[i])));
        let shown = [x.1 - x.0, y.1 - y.0];
        Labelled {
            weight: 1.0 - (sides[0] * sides[1]) as f64 / 960.0,
            patch: Patch::of([x.0, y.0, x.1, y.1].map(|edge| edge as u32)),
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
