//! Labels that follow the draw instead of the pixels: lambda itself, its square, or the area before clipping.
//!
//! What a box shows of its draw depends on the rule, so every rule of the table is tried: one explains a label if a lambda
//! that the label tells can show as the label's box. Rules in which lambda has no part are left out, since any lambda would do.
//! A rule explains a trace only if it explains every label of it.

use super::labelled::{Labelled, WHOLE};
use crate::law::axis::{Axis, Interval};
use crate::law::lambda::Grid;
use crate::profile::Side;
use crate::profile::shape::{Roots, SHAPES, Shape};

/// How a length becomes whole pixels before it is clipped.
const WAYS: [fn(f64) -> f64; 6] = [
    |real| real.floor(),
    |real| real.floor().max(1.0),
    |real| real.floor().max(2.0),
    |real| 2.0 * (real / 2.0).floor(),
    |real| (real + 0.5).floor(),
    |real| 2.0 * (real / 2.0).ceil(),
];

/// A rule on images of one size.
struct Rule {
    axes: [Axis; 2],
    grid: Grid,
    roots: Roots,
}

impl Rule {
    fn all(size: [u32; 2]) -> impl Iterator<Item = Self> {
        let of = move |shape: &'static Shape| Self {
            axes: shape.on(size[0], size[1]),
            grid: shape.grid(size[0], size[1]),
            roots: shape.roots,
        };
        SHAPES.iter().filter(|shape| !shape.without_lambda()).map(of)
    }

    /// Whether an axis may show as an interval while `s` is in a cell.
    fn shows(&self, axis: usize, cell: usize, interval: Interval) -> bool {
        self.axes[axis].entries(&self.grid, cell).iter().any(|entry| entry.interval == interval)
    }

    /// The cells that a range of `s` meets.
    fn cells(&self, [from, to]: [f64; 2]) -> impl Iterator<Item = usize> + '_ {
        let at = |s: f64| self.grid.edges.partition_point(|&edge| edge <= s).saturating_sub(1).min(self.grid.one());
        (at(from)..=at(to)).chain((from <= 0.0).then_some(self.grid.zero()))
    }

    /// Whether a lambda, which is known so well, can show as a label's box: on both axes, or on one where each has its own.
    fn makes(&self, label: &Labelled, lambda: f64, root: bool, own: Option<usize>) -> bool {
        let slack = label.tolerance.max(WHOLE);
        if !(-slack..=1.0 + slack).contains(&lambda) {
            return false;
        }
        let s = |rest: f64| if root { rest.clamp(0.0, 1.0).sqrt() } else { rest.clamp(0.0, 1.0) };
        let range = [s(1.0 - lambda - slack), s(1.0 - lambda + slack)];
        let fits = |cell: usize, axis: usize| self.shows(axis, cell, label.patch.span(axis));
        match own {
            Some(axis) => self.cells(range).any(|cell| fits(cell, axis)),
            None => self.cells(range).any(|cell| fits(cell, 0) && fits(cell, 1)),
        }
    }

    /// Whether some draw that shows as a label's box has the label's area before clipping, each side made whole in one way.
    fn unclipped(&self, label: &Labelled, way: fn(f64) -> f64) -> bool {
        let [width, height] = label.size.map(f64::from);
        let whole = |axis: usize, cell: usize| match self.axes[axis] {
            Axis { side: Side::Whole, length, .. } => f64::from(length),
            Axis { scale, .. } => way(f64::from(scale) * self.grid.inside(cell)),
        };
        let is = |x: usize, y: usize| {
            (1.0 - whole(0, x) * whole(1, y) / (width * height) - label.weight).abs() <= label.tolerance
        };
        let shows = |axis: usize, cell: usize| self.shows(axis, cell, label.patch.span(axis));
        let mut cells = 0..self.grid.len();
        match self.roots {
            Roots::One | Roots::Area(_) => cells.any(|cell| is(cell, cell) && shows(0, cell) && shows(1, cell)),
            Roots::Two => {
                let rows: Vec<usize> = cells.clone().filter(|&cell| shows(1, cell)).collect();
                cells.any(|x| rows.iter().any(|&y| is(x, y)) && shows(0, x))
            }
        }
    }
}

fn size(labelled: &[Labelled]) -> [u32; 2] {
    labelled.first().map_or([1; 2], |label| label.size)
}

/// Whether labels have the area before clipping under some rule.
pub(super) fn unclipped(labelled: &[Labelled]) -> bool {
    let explains = |rule: &Rule, way: fn(f64) -> f64| labelled.iter().all(|label| rule.unclipped(label, way));
    Rule::all(size(labelled)).any(|rule| WAYS.into_iter().any(|way| explains(&rule, way)))
}

/// Whether labels tell the lambda that was drawn under some rule, with the root or without it. Where each axis has a lambda of its
/// own, the label has one of the two.
pub(super) fn drawn(labelled: &[Labelled], lambda: impl Fn(f64) -> f64) -> bool {
    let explains = |rule: &Rule, root: bool, own: Option<usize>| {
        labelled.iter().all(|label| rule.makes(label, lambda(label.weight), root, own))
    };
    let axes = |rule: &Rule| if rule.roots == Roots::Two { vec![Some(0), Some(1)] } else { vec![None] };
    let of = |rule: Rule| axes(&rule).into_iter().any(|own| explains(&rule, true, own) || explains(&rule, false, own));
    Rule::all(size(labelled)).any(of)
}

#[cfg(test)]
mod tests {
    use super::super::label_rules::classify;
    use super::*;
    use crate::play::labelled_boxes;
    use crate::profile::shape::shape_named;
    use crate::profile::{Code, Label, LambdaLaw, OFFICIAL, Profile};

    /// Labels of boxes that are not empty.
    fn labels(profile: &Profile) -> Vec<Labelled> {
        let size = [40, 24];
        let of = |(patch, weight): (crate::reference::Patch, f64)| Labelled {
            weight,
            patch,
            size,
            kept: 1.0 - patch.area() as f64 / 960.0,
            mean: None,
            first: 0.0,
            others: [None; 4],
            tolerance: 1e-9,
        };
        labelled_boxes(profile, 1.0, size, 300, 1).into_iter().map(of).collect()
    }

    /// Every rule with lambda in it, with and without the root: the label is named, whatever the box.
    #[test]
    fn labels_of_the_draw_are_named_under_every_rule() {
        let named = [
            (Label::Raw, Code::LabelRaw),
            (Label::Unclipped, Code::LabelUnclipped),
            (Label::Squared, Code::LabelSquared),
        ];
        for shape in SHAPES.iter().filter(|shape| !shape.without_lambda()) {
            let all = [LambdaLaw::AsAsked, LambdaLaw::NoRoot];
            // Other laws than these change nothing of what a box tells.
            let laws = if shape.name == "official" { LambdaLaw::ALL } else { &all };
            for &lambda in laws {
                for (label, code) in named {
                    let all = labels(&Profile { shape, lambda, label, ..OFFICIAL });
                    let found = classify(&all);
                    // Where nothing is clipped, lambda is the area of the real box, and the area before clipping that after it.
                    let inside =
                        shape.name.starts_with("inside") && all.iter().all(|label| label.right() || label.real());
                    let same = inside && found == Code::LabelRealArea;
                    let right = label == Label::Unclipped && all.iter().all(Labelled::right);
                    assert!(found == code || same || right, "{} {lambda:?} {label:?}: {found}", shape.name);
                }
            }
        }
    }

    /// Another lambda than the box's is no draw that could show as it.
    #[test]
    fn labels_of_other_draws_are_of_no_rule() {
        for name in ["official", "strip", "corner", "sliced-transposed"] {
            let all = labels(&Profile { shape: shape_named(name).unwrap(), label: Label::Random, ..OFFICIAL });
            assert_eq!(classify(&all), Code::LabelWeight, "{name}");
        }
    }
}
