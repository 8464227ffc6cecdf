//! What a call of a known implementation comes to.

use super::side::axis;
use super::weight::{Row, Weights, blended, stored};
use super::{Recipe, Root};
use crate::npz::Scalar;
use crate::probe::{CallDraws, CallLabels, Dtype, Phase};
use crate::reference::Patch;
use crate::trace::{Adapter, LabelsIn};

/// What an image of a call comes to.
///
/// ```
/// use cutmix_verify::probe::{Phase, draws_of};
/// use cutmix_verify::replay::{expected, recipe};
///
/// // Lambda is 1 in the second call: boxes are empty, and nothing is changed.
/// let phase = Phase::structure();
/// let sample = expected(recipe("torchvision-cutmix").unwrap(), &phase, &draws_of(&phase, 1))[0][3];
/// assert!(sample.patch.is_empty() && !sample.changes(3));
/// assert_eq!((sample.weights.base, sample.drawn_by), (1.0, [0, 0]), "all images have the first one's draws");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The box, clipped.
    pub patch: Patch,
    /// Whose pixels are in it.
    pub partner: usize,
    /// What the labels of the image and of its partner weigh.
    pub weights: Weights,
    /// The image whose lambda was used, and that whose uniform numbers were.
    pub drawn_by: [usize; 2],
}

impl Expected {
    /// Whether the image is changed.
    #[must_use]
    pub fn changes(&self, i: usize) -> bool {
        self.partner != i && !self.patch.is_empty()
    }
}

/// Units in the last place by which a root may be off, the right one first.
const UNITS: [i32; 3] = [0, -1, 1];

/// All that a call may come to: one list of samples, or several where the package's root is not always the right one.
///
/// ```
/// use cutmix_verify::probe::{Phase, draws_of};
/// use cutmix_verify::replay::{expected, recipe};
///
/// let phase = Phase::structure();
/// // Lambda is 0 in the first call: the box is half the image on either side of the centre, which is a corner.
/// let all = expected(recipe("torchvision-cutmix").unwrap(), &phase, &draws_of(&phase, 0));
/// assert_eq!(all[0][0].patch.to_string(), "[0, 20)x[0, 12)");
/// assert_eq!((all[0][0].partner, all[0][0].weights.base), (7, 0.75));
/// ```
#[must_use]
pub fn expected(recipe: &Recipe, phase: &Phase, draws: &CallDraws) -> Vec<Vec<Expected>> {
    let mut all: Vec<Vec<Expected>> = Vec::new();
    for units in if recipe.root == Root::NarrowNear { &UNITS[..] } else { &UNITS[..1] } {
        let batch = phase.batch as usize;
        let samples: Vec<Expected> = (0..batch).map(|i| sample(recipe, phase, draws, i, *units)).collect();
        if !all.contains(&samples) {
            all.push(samples);
        }
    }
    all
}

fn sample(recipe: &Recipe, phase: &Phase, draws: &CallDraws, i: usize, units: i32) -> Expected {
    let drawn_by = recipe.scope.drawn_by(i, phase.batch as usize);
    let [lambda_of, place_of] = drawn_by;
    let lambda = draws.lambda[lambda_of];
    let partner = recipe.pairing.partner(i, &draws.partner);
    if recipe.rule.min_max() && lambda == 1.0 {
        // Nothing is mixed, and no side is drawn.
        return Expected { patch: Patch::EMPTY, partner, weights: Weights { base: 1.0, partner: 0.0 }, drawn_by };
    }
    let ratio = recipe.root.of(lambda, units);
    let x = axis(recipe.rule, ratio, draws.x[place_of], phase.width);
    let y = axis(recipe.rule, ratio, draws.y[place_of], phase.height);
    let patch = Patch::of([x.start, y.start, x.end, y.end]);
    Expected { patch, partner, weights: recipe.weight.of(x, y, phase), drawn_by }
}

/// The label of an image.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Label {
    /// A row.
    Row(Vec<f64>),
    /// Two classes, and the weights of both.
    Targets([f64; 2], Weights),
}

/// The labels that a call was given.
pub(super) struct Given<'a> {
    pub(super) recipe: &'a Recipe,
    pub(super) phase: &'a Phase,
    pub(super) adapter: &'a Adapter,
    pub(super) labels: &'a CallLabels,
}

impl Given<'_> {
    fn row(&self, i: usize) -> Row {
        let Self { recipe, phase, adapter, labels } = self;
        match adapter.labels_in {
            LabelsIn::Rows => Row { values: labels.row(i), rest: 0.0 },
            LabelsIn::Ids | LabelsIn::None => {
                let smoothing = if recipe.smooths { adapter.smoothing } else { 0.0 };
                Row::smoothed(labels.ids[i], smoothing, phase.classes)
            }
        }
    }

    /// The row of image `i` as an array of some type has it.
    pub(super) fn blended(&self, i: usize, expected: &Expected, scalar: Scalar) -> Label {
        let (base, partner) = (self.row(i), self.row(expected.partner));
        let mut row = blended(self.recipe.blend, [&base, &partner], expected.weights, self.phase);
        for value in &mut row {
            *value = stored(*value, scalar, self.phase);
        }
        Label::Row(row)
    }

    /// Its two classes, before they are put into an array.
    pub(super) fn targets(&self, i: usize, expected: &Expected) -> Label {
        let class = |i: usize| {
            let class = f64::from(self.labels.ids[i]);
            let dtype = self.phase.dtype;
            let typed = self.recipe.typed_classes && dtype.is_float() && dtype != Dtype::F64;
            if typed { dtype.value(dtype.bits(class)) } else { class }
        };
        Label::Targets([class(i), class(expected.partner)], expected.weights)
    }
}
