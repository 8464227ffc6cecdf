//! The implementations whose arithmetic is known, read in their sources.

use super::side::{Root, Rule};
use super::weight::{Blend, Weight};
use super::{Forms, Pairing, Recipe, Scope, Takes};
use crate::probe::Dtype;

/// One box a batch with the label's weight in binary64, as most have it.
const BASE: Recipe = Recipe {
    id: "",
    package: "",
    versions: "",
    scope: Scope::Batch,
    pairing: Pairing::Permutation,
    root: Root::Wide,
    rule: Rule::Official,
    weight: Weight::Kept,
    blend: Blend::Narrow,
    forms: Forms::Rows,
    smooths: false,
    typed_classes: false,
    out: None,
    takes: Takes::Any,
};

/// timm's Mixup, batch mode.
const TIMM: Recipe =
    Recipe { package: "timm Mixup, batch", pairing: Pairing::Flip, smooths: true, takes: Takes::EvenBatch, ..BASE };
const TIMM_28: Recipe = Recipe { versions: "up to 1.0.28", ..TIMM };
const TIMM_31: Recipe = Recipe { versions: "1.0.29 to 1.0.31", rule: Rule::FullExtent, ..TIMM };

/// The modes whose lambda is an array of binary32: with NumPy 2 and later, all that follows is binary32.
const fn timm_array(of: Recipe, id: &'static str, package: &'static str, scope: Scope) -> Recipe {
    let (root, weight, blend) = (Root::Narrow, Weight::KeptInImageType, Blend::AsImages);
    Recipe { id, package, scope, root, weight, blend, ..of }
}

/// kornia's `RandomCutMixV2`.
const KORNIA: Recipe = Recipe {
    package: "kornia RandomCutMixV2",
    scope: Scope::Sample,
    root: Root::NarrowNear,
    rule: Rule::Inside,
    weight: Weight::ShareNarrow,
    forms: Forms::Targets,
    ..BASE
};

/// Deotte's kernel. TensorFlow divides whole numbers in binary64.
const DEOTTE: Recipe = Recipe {
    package: "Deotte's TensorFlow kernel",
    versions: "of the Kaggle notebooks",
    scope: Scope::Sample,
    pairing: Pairing::Replacement,
    root: Root::Narrow,
    rule: Rule::OfficialNarrowCentre,
    weight: Weight::UnclippedShare,
    takes: Takes::Square,
    ..BASE
};

/// All, by package.
pub const RECIPES: &[Recipe] = &[
    // Halves are truncated, which is the same box; lambda is a binary32 that `float()` widened.
    Recipe {
        id: "torchvision-cutmix",
        package: "torchvision v2.CutMix",
        versions: "0.29.2",
        pairing: Pairing::Roll,
        root: Root::WideOfNarrow,
        ..BASE
    },
    Recipe { id: "timm-1.0.28-batch", ..TIMM_28 },
    timm_array(TIMM_28, "timm-1.0.28-pair", "timm Mixup, pair", Scope::Pair),
    timm_array(TIMM_28, "timm-1.0.28-elem", "timm Mixup, elem", Scope::Sample),
    Recipe { id: "timm-1.0.28-minmax", package: "timm Mixup, minmax 0.2 to 0.8", rule: Rule::MinMaxShort, ..TIMM_28 },
    Recipe { id: "timm-1.0.31-batch", ..TIMM_31 },
    timm_array(TIMM_31, "timm-1.0.31-pair", "timm Mixup, pair", Scope::Pair),
    timm_array(TIMM_31, "timm-1.0.31-elem", "timm Mixup, elem", Scope::Sample),
    Recipe { id: "timm-1.0.31-minmax", package: "timm Mixup, minmax 0.2 to 0.8", rule: Rule::MinMax, ..TIMM_31 },
    Recipe {
        id: "kornia-0.8.3",
        versions: "0.8.3",
        scope: Scope::Place,
        rule: Rule::InsideShort,
        weight: Weight::ShareInImageType,
        typed_classes: true,
        ..KORNIA
    },
    Recipe { id: "kornia-0.9.0", versions: "0.9.0", ..KORNIA },
    Recipe {
        id: "fastai-2.8",
        package: "fastai CutMix",
        versions: "2.8.12",
        root: Root::NarrowNear,
        rule: Rule::RoundHalf,
        weight: Weight::KeptNarrow,
        blend: Blend::Lerp,
        forms: Forms::Both,
        ..BASE
    },
    Recipe {
        id: "keras-3.15",
        package: "keras.layers.CutMix, float32",
        versions: "3.15.1",
        scope: Scope::Sample,
        root: Root::Narrow,
        rule: Rule::InsideReal,
        weight: Weight::RealArea,
        out: Some(Dtype::F32),
        ..BASE
    },
    Recipe {
        id: "keras-cv-0.9",
        package: "keras_cv.layers.CutMix, float32",
        versions: "0.9.0",
        scope: Scope::Sample,
        root: Root::Gammas,
        rule: Rule::FullExtent,
        weight: Weight::Unclipped,
        out: Some(Dtype::F32),
        ..BASE
    },
    Recipe { id: "mmpretrain-1.2", package: "mmpretrain CutMix", versions: "1.2.0", ..BASE },
    Recipe { id: "composer-0.32", package: "composer cutmix_batch", versions: "0.32.1", forms: Forms::Both, ..BASE },
    Recipe {
        id: "monai-1.6",
        package: "MONAI CutMix",
        versions: "1.6.1",
        scope: Scope::Place,
        root: Root::Mixed,
        rule: Rule::Corner,
        weight: Weight::Replaced,
        ..BASE
    },
    Recipe { id: "deotte-kernel", ..DEOTTE },
    Recipe {
        id: "deotte-kernel-corrected",
        package: "Deotte's TensorFlow kernel, label corrected",
        weight: Weight::ClippedShare,
        ..DEOTTE
    },
];

/// The implementation of that name.
///
/// ```
/// use cutmix_verify::replay::{RECIPES, recipe};
///
/// assert!(recipe("no-such").is_none());
/// assert_eq!(recipe("timm-1.0.31-elem").map(|recipe| recipe.versions), Some("1.0.29 to 1.0.31"));
/// assert!(RECIPES.iter().all(|known| recipe(known.id).is_some()));
/// ```
#[must_use]
pub fn recipe(id: &str) -> Option<&'static Recipe> {
    RECIPES.iter().find(|recipe| recipe.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::matching::profiles;

    #[test]
    fn recipes_say_what_their_profiles_say() {
        let all = profiles();
        for known in RECIPES {
            let mut linked = all.iter().filter(|profile| profile.replay.iter().any(|id| id == known.id));
            let profile = linked.next().unwrap_or_else(|| panic!("{}: no profile", known.id));
            assert!(linked.next().is_none(), "{}: two profiles", known.id);
            let (rule, precision, scope, pairing, label) = known.traits();
            let agrees = |said: &Option<String>, trait_: Option<&str>| said.is_none() || said.as_deref() == trait_;
            assert!(agrees(&profile.rule, Some(rule)), "{}: {rule}", known.id);
            assert!(agrees(&profile.precision, Some(precision)), "{}: {precision}", known.id);
            assert!(agrees(&profile.scope, Some(scope)), "{}: {scope}", known.id);
            assert!(agrees(&profile.pairing, Some(pairing)), "{}: {pairing}", known.id);
            assert!(
                // Of the kernel with another label there is no profile of its own: the same but for that.
                known.id == "deotte-kernel-corrected" || agrees(&profile.label, Some(label)),
                "{}: {label}",
                known.id
            );
        }
        assert!(all.iter().flat_map(|profile| &profile.replay).all(|id| recipe(id).is_some()));
    }
}
