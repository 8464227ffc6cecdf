//! Bit-exact replay: with the same draws, what a known implementation makes of a probe is computed in its own arithmetic and
//! compared with what it made, so that a profile which no longer is like its package fails as stale.
//!
//! The draws are a probe's (`probe --draws`); which of them feeds which call of a package is in `docs/TRACE.md`. Imports
//! `probe`, `trace`, `npz` and `decode`; imported by `cli`.
//!
//! ```
//! use cutmix_verify::probe::{Phase, draws_of};
//! use cutmix_verify::replay::{expected, recipe};
//!
//! // The same draws, and whose boxes they become: timm's has odd extents as well since version 1.0.29.
//! let phase = Phase::structure();
//! let odd = |id: &str| {
//!     let recipe = recipe(id).unwrap();
//!     let all = (8..24).flat_map(|call| expected(recipe, &phase, &draws_of(&phase, call)).remove(0));
//!     all.filter(|sample| sample.patch.x0 > 0 && sample.patch.x1 < 40 && sample.patch.width() % 2 == 1).count()
//! };
//! assert_eq!(odd("timm-1.0.28-batch"), 0);
//! assert!(odd("timm-1.0.31-batch") > 0);
//! ```

mod compare;
mod expect;
mod side;
mod table;
mod weight;

pub use compare::{Aspect, Difference, Outcome, SCHEMA, replay};
pub use expect::{Expected, expected};
pub use table::{RECIPES, recipe};
pub use weight::Weights;

use crate::probe::{Dtype, Phase};
use crate::trace::{Adapter, LabelsIn};
use side::{Root, Rule};
use weight::{Blend, Weight};

/// Who shares a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// All have those of image 0.
    Batch,
    /// Images `i` and `B - 1 - i` have those of the first of the two.
    Pair,
    /// Each has its own.
    Sample,
    /// Each has its own lambda; uniform numbers are those of image 0.
    Place,
}

impl Scope {
    /// The name in a profile; one place for all is not told apart there.
    const fn name(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Pair => "pair",
            Self::Sample | Self::Place => "sample",
        }
    }

    /// The images whose lambda and uniform numbers image `i` of `batch` has.
    fn drawn_by(self, i: usize, batch: usize) -> [usize; 2] {
        match self {
            Self::Batch => [0, 0],
            Self::Pair => [i.min(batch - 1 - i); 2],
            Self::Sample => [i, i],
            Self::Place => [i, 0],
        }
    }
}

/// Who is whose partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pairing {
    /// Image `i - 1`, the last for the first.
    Roll,
    /// Image `B - 1 - i`.
    Flip,
    /// The permutation that was drawn.
    Permutation,
    /// The same; the package draws with replacement.
    Replacement,
}

impl Pairing {
    const fn name(self) -> &'static str {
        match self {
            Self::Roll => "roll",
            Self::Flip => "flip",
            Self::Permutation => "permutation",
            Self::Replacement => "replacement",
        }
    }

    fn partner(self, i: usize, drawn: &[usize]) -> usize {
        let batch = drawn.len();
        match self {
            Self::Roll => (i + batch - 1) % batch,
            Self::Flip => batch - 1 - i,
            Self::Permutation | Self::Replacement => drawn[i],
        }
    }
}

/// Forms of labels that a package gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Forms {
    Rows,
    Targets,
    Both,
}

/// What a package does not refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Any,
    Square,
    EvenBatch,
}

/// A known implementation's arithmetic.
///
/// ```
/// use cutmix_verify::replay::recipe;
///
/// let keras = recipe("keras-3.15").unwrap();
/// assert_eq!((keras.package, keras.versions), ("keras.layers.CutMix, float32", "3.15.1"));
/// let (rule, precision, scope, _, label) = keras.traits();
/// assert_eq!((rule, precision, scope, label), ("inside-real", "f32", "sample", "real-area"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// What it is called on the command line.
    pub id: &'static str,
    /// The package and what of it.
    pub package: &'static str,
    /// The versions that are known to compute like this.
    pub versions: &'static str,
    scope: Scope,
    pairing: Pairing,
    root: Root,
    rule: Rule,
    weight: Weight,
    blend: Blend,
    forms: Forms,
    /// Whether classes are smoothed by what the adapter says.
    smooths: bool,
    /// Whether classes beside a weight come in the type of the images.
    typed_classes: bool,
    /// Type of the images that come out, if it is another one than went in.
    out: Option<Dtype>,
    takes: Takes,
}

/// What `profiles.json` says of the same implementation, which a test holds it to: rule, type of `1 - lambda`, who shares a box, who is paired with whom,
/// and the label. See [`Recipe::traits`].
pub type Traits = (&'static str, &'static str, &'static str, &'static str, &'static str);

impl Recipe {
    /// What the profile of the same implementation must say.
    ///
    /// ```
    /// let recipe = cutmix_verify::replay::recipe("torchvision-cutmix").unwrap();
    /// assert_eq!(recipe.traits(), ("official", "f64", "batch", "roll", "kept"));
    /// ```
    #[must_use]
    pub const fn traits(&self) -> Traits {
        let Self { rule, root, scope, pairing, weight, .. } = self;
        (rule.name(), root.precision(), scope.name(), pairing.name(), weight.name())
    }

    /// Whether images and labels of this kind are what the package takes: if not, what is found and what is expected.
    fn refuses(&self, phase: &Phase, adapter: &Adapter) -> Option<(String, &'static str)> {
        let Phase { width, height, batch, .. } = phase;
        if self.takes == Takes::Square && width != height {
            return Some((format!("images of {width}x{height}"), "square ones for this profile"));
        }
        if self.takes == Takes::EvenBatch && batch % 2 == 1 {
            return Some((format!("batches of {batch}"), "even ones for this profile"));
        }
        match adapter.labels_in {
            LabelsIn::None => Some(("labels_in \"none\"".into(), "\"ids\" or \"rows\"")),
            LabelsIn::Rows if self.smooths => {
                Some(("labels_in \"rows\"".into(), "\"ids\", which this profile smooths"))
            }
            LabelsIn::Rows if self.forms == Forms::Targets => {
                Some(("labels_in \"rows\"".into(), "\"ids\", which this profile gives back beside a weight"))
            }
            LabelsIn::Ids | LabelsIn::Rows => None,
        }
    }
}
