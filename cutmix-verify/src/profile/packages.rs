//! The implementations in use, read in their sources or run: what each does, and what to know of it.

use super::shape::shape;
use super::{
    Faults, Forms, Label, LabelBlend, LambdaLaw, OFFICIAL, Pairing, Pixels, Profile, Root, Rounding, Sharing, Takes,
    Types,
};
use crate::probe::Dtype;

/// An implementation in use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Package {
    pub name: &'static str,
    /// Versions that behave like this.
    pub versions: &'static str,
    /// What it does, but for what is unknown.
    pub profile: Profile,
    /// Parts of the profile that are not known, or not the same everywhere.
    pub unknown: &'static [ProfilePart],
    /// Its arithmetic bit by bit, where that is known.
    pub replay: &'static [Replay],
    /// What else is to be said of it.
    pub note: &'static str,
}

/// A part of a profile that a trace shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfilePart {
    Shape,
    Lambda,
    Label,
    Sharing,
    Pairing,
    /// The type that `1 - lambda` is formed in.
    Types,
}

impl ProfilePart {
    /// As reports name it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Shape => "rule",
            Self::Lambda => "law of lambda",
            Self::Label => "label",
            Self::Sharing => "sharing",
            Self::Pairing => "pairing",
            Self::Types => "type",
        }
    }
}

/// An arithmetic that is known bit by bit: what `replay` computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replay {
    /// What it is called on the command line.
    pub id: &'static str,
    pub package: &'static str,
    /// The versions that are known to compute like this.
    pub versions: &'static str,
    pub profile: Profile,
}

/// Labels in binary32, as packages have them; the rest in binary64.
const WIDE: Types = Types { blend: LabelBlend::Narrow, ..Types::WIDE };
const NARROW: Types = Types { root: Root::Narrow, ..WIDE };
/// One box a batch.
const BATCH: Profile = Profile { sharing: Sharing::Batch, types: WIDE, ..OFFICIAL };
const ROLLED: Profile = Profile { pairing: Pairing::Roll, ..BATCH };
const EACH: Profile = Profile { sharing: Sharing::Sample, ..BATCH };
const EACH_NARROW: Profile = Profile { types: NARROW, ..EACH };

const fn by(of: Profile, name: &str) -> Profile {
    Profile { shape: shape(name), ..of }
}

/// timm's Mixup, batch mode.
const TIMM_28: Profile =
    Profile { pairing: Pairing::Flip, types: Types { smoothing: 0.1, takes: Takes::EvenBatch, ..WIDE }, ..BATCH };
const TIMM_31: Profile = by(TIMM_28, "full-extent");

/// The modes whose lambda is an array of binary32: with NumPy 2 and later, all that follows is binary32.
const fn array(of: Profile, sharing: Sharing) -> Profile {
    let types = Types { root: Root::Narrow, rounding: Rounding::ImageType, blend: LabelBlend::AsImages, ..of.types };
    Profile { sharing, types, ..of }
}

const KORNIA_9: Profile = Profile {
    shape: shape("inside"),
    label: Label::Swapped,
    types: Types {
        root: Root::NarrowNear,
        narrow_place: true,
        rounding: Rounding::NarrowUnlessWide,
        forms: Forms::Targets,
        ..WIDE
    },
    ..EACH
};
const KORNIA_8: Profile = Profile {
    shape: shape("inside-short"),
    sharing: Sharing::Centre,
    types: Types { rounding: Rounding::ImageType, typed_classes: true, ..KORNIA_9.types },
    ..KORNIA_9
};
const FASTAI: Profile = Profile {
    shape: shape("round-half"),
    types: Types {
        root: Root::NarrowNear,
        rounding: Rounding::Narrow,
        blend: LabelBlend::Lerp,
        forms: Forms::Both,
        ..WIDE
    },
    ..BATCH
};
const KERAS: Profile = Profile {
    shape: shape("inside-real"),
    lambda: LambdaLaw::RandomAlphaByCall,
    label: Label::RealArea,
    types: Types { narrow_place: true, rounding: Rounding::Narrow, out: Some(Dtype::F32), ..NARROW },
    ..EACH
};
const KERAS_CV: Profile = Profile {
    shape: shape("full-extent"),
    label: Label::Unclipped,
    types: Types { root: Root::Gammas, rounding: Rounding::Last, out: Some(Dtype::F32), ..WIDE },
    ..EACH
};
const MONAI: Profile = Profile {
    shape: shape("corner"),
    label: Label::Replaced,
    sharing: Sharing::Centre,
    types: Types { root: Root::Mixed, ..WIDE },
    ..BATCH
};
/// TensorFlow divides whole numbers in binary64.
const DEOTTE: Profile = Profile {
    lambda: LambdaLaw::One,
    label: Label::Unclipped,
    pairing: Pairing::Replacement,
    types: Types { narrow_place: true, rounding: Rounding::Quotients, takes: Takes::Square, ..NARROW },
    ..EACH
};

macro_rules! packages {
    ($($name:literal, $versions:literal: $profile:expr, [$($unknown:ident)*], $note:literal
        $(=> $id:literal $package:literal $of:literal $($other:expr)?)*;)*) => {
        &[$(Package {
            name: $name,
            versions: $versions,
            profile: $profile,
            unknown: &[$(ProfilePart::$unknown),*],
            replay: &[$(Replay { id: $id, package: $package, versions: $of, profile: packages!(@ $profile $(, $other)?) }),*],
            note: $note,
        }),*]
    };
    (@ $profile:expr) => { $profile };
    (@ $profile:expr, $other:expr) => { $other };
}

/// All, in the order in which they are named where several fit.
pub const PACKAGES: &[Package] = packages! {
    "clovaai CutMix-PyTorch", "until 2019-07": Profile { label: Label::Raw, ..BATCH }, [],
        "The authors' code before issue 1: the label has the drawn lambda.";
    "clovaai CutMix-PyTorch", "2d8eb68 (read)": BATCH, [],
        "The authors' code: hard labels, the loss is mixed, off by default (beta 0, cutmix_prob 0).";
    "torchvision v2.CutMix", "0.29.2 (run)": Profile { types: Types { root: Root::WideOfNarrow, ..WIDE }, ..ROLLED }, [],
        "Output i takes image i-1; lambda is drawn in binary32 and used in binary64."
        => "torchvision-cutmix" "torchvision v2.CutMix" "0.29.2";
    "torchvision references RandomCutmix", "0.29.2": Profile { pairing: Pairing::Roll, ..BATCH }, [],
        "As v2.CutMix, with p 0.5 and label weights in the type of the images.";
    "timm Mixup, batch mode", "up to 1.0.28": TIMM_28, [],
        "One box a batch, even extents; correct_lam=False keeps the drawn lambda in the label."
        => "timm-1.0.28-batch" "timm Mixup, batch" "up to 1.0.28";
    "timm Mixup, pair mode", "up to 1.0.28": array(TIMM_28, Sharing::Pair), [Types],
        "Images i and B-1-i share a box, even extents; binary32 with NumPy 2 and later, binary64 before; label weights in the type of the images."
        => "timm-1.0.28-pair" "timm Mixup, pair" "up to 1.0.28";
    "timm Mixup, elem mode", "up to 1.0.28": array(TIMM_28, Sharing::Sample), [Types],
        "A box for each image, even extents; binary32 with NumPy 2 and later, binary64 before; label weights in the type of the images."
        => "timm-1.0.28-elem" "timm Mixup, elem" "up to 1.0.28";
    "timm Mixup, batch mode, minmax", "up to 1.0.28 (run)": by(TIMM_28, "between-2-8-short"), [Lambda Types],
        "With cutmix_minmax=(0.2, 0.8): sides of int(0.2 L) to int(0.8 L) - 1 pixels, whatever alpha is; starts from 0 to L-k-1, so the last row and column are never pasted."
        => "timm-1.0.28-minmax" "timm Mixup, minmax 0.2 to 0.8" "up to 1.0.28";
    "timm Mixup, batch mode", "from 1.0.29 (1.0.31 run)": TIMM_31, [],
        "One box a batch, odd extents as well; correct_lam=False keeps the drawn lambda in the label."
        => "timm-1.0.31-batch" "timm Mixup, batch" "1.0.29 to 1.0.31";
    "timm Mixup, pair mode", "from 1.0.29 (1.0.31 run)": array(TIMM_31, Sharing::Pair), [Types],
        "Images i and B-1-i share a box, odd extents as well; binary32 with NumPy 2 and later, binary64 before; label weights in the type of the images."
        => "timm-1.0.31-pair" "timm Mixup, pair" "1.0.29 to 1.0.31";
    "timm Mixup, elem mode", "from 1.0.29 (1.0.31 run)": array(TIMM_31, Sharing::Sample), [Types],
        "A box for each image, odd extents as well; binary32 with NumPy 2 and later, binary64 before; label weights in the type of the images."
        => "timm-1.0.31-elem" "timm Mixup, elem" "1.0.29 to 1.0.31";
    "timm Mixup, batch mode, minmax", "from 1.0.29 (1.0.31 run)": by(TIMM_31, "between-2-8"), [Lambda Types],
        "With cutmix_minmax=(0.2, 0.8): sides of int(0.2 L) to int(0.8 L) - 1 pixels, whatever alpha is; starts from 0 to L-k."
        => "timm-1.0.31-minmax" "timm Mixup, minmax 0.2 to 0.8" "1.0.29 to 1.0.31";
    "timm NaFlexMixup", "1.0.31 (run)": Profile { sharing: Sharing::Lambda, shape: shape("inside"), ..BATCH }, [Pairing],
        "Inside the central overlap of two images of similar aspect ratio, a start of its own for each; up to 1.0.28 pairs were never shuffled.";
    "kornia RandomCutMixV2", "up to 0.8.3, and 0.9.0rc1 (0.8.3 run)": KORNIA_8, [],
        "One relative start for the whole batch, and never the last row or column; the returned lambda is the partner's share unless use_correct_lambda is set (from 0.8.2); p is applied twice."
        => "kornia-0.8.3" "kornia RandomCutMixV2" "0.8.3";
    "kornia RandomCutMixV2", "0.9.0 (run)": KORNIA_9, [],
        "A start for each image; the returned lambda is the partner's share unless use_correct_lambda is set."
        => "kornia-0.9.0" "kornia RandomCutMixV2" "0.9.0";
    "kornia RandomCutMixV2, its weight read as the partner's, or use_correct_lambda", "0.8.3 (run)": Profile { label: Label::Kept, ..KORNIA_8 }, [],
        "What its documentation says of the returned value; the rest as without.";
    "kornia RandomCutMixV2, its weight read as the partner's, or use_correct_lambda", "0.9.0 (run)": Profile { label: Label::Kept, ..KORNIA_9 }, [],
        "What its documentation says of the returned value; the rest as without.";
    "fastai CutMix", "2.8.12 (read)": FASTAI, [],
        "Whole sides are rounded half to even before they are halved; only the first input is mixed."
        => "fastai-2.8" "fastai CutMix" "2.8.12";
    "keras 3 CutMix layer", "3.15.1 (run), 3.16.0 (read)": KERAS, [Types],
        "Alpha itself is drawn once a call; real corners, so the first row and column are never pasted; all in the compute type."
        => "keras-3.15" "keras.layers.CutMix, float32" "3.15.1";
    "keras-cv CutMix", "94b0a55 (0.9, read)": KERAS_CV, [],
        "Labels have the extents before clipping; lambda and centres are unseeded."
        => "keras-cv-0.9" "keras_cv.layers.CutMix, float32" "0.9.0";
    "mmpretrain CutMix", "ee7f2e8 (1.2.0, read)": BATCH, [],
        "Alpha has no default; a variant draws sides between two fractions instead."
        => "mmpretrain-1.2" "mmpretrain CutMix" "1.2.0";
    "composer CutMix", "0.32.1 (run), 0.33.0.dev0 (read)": Profile { types: Types { forms: Forms::Both, ..WIDE }, ..BATCH }, [],
        "One box a batch; uniform_sampling, which is off by default, is another rule."
        => "composer-0.32" "composer cutmix_batch" "0.32.1";
    "composer CutMix, uniform_sampling", "0.32.1 (run), 0.33.0.dev0 (read)": Profile { shape: shape("centre-beyond"), ..BATCH }, [],
        "Centres reach half a box beyond the image, so every pixel is equally likely to be replaced.";
    "MONAI CutMix", "1.5.0 to 1.6.1 (run)": MONAI, [],
        "One start for the whole batch and a lambda for each image; one-hot labels become the partner's; before 1.4 the boxes of images and labels were drawn apart."
        => "monai-1.6" "MONAI CutMix" "1.6.1";
    "tensorflow/models MixupAndCutmix", "until 2025 (#13525)": Profile { shape: shape("width-from-height"), lambda: LambdaLaw::One, label: Label::Unclipped, pairing: Pairing::Flip, types: Types { smoothing: 0.1, ..NARROW }, ..EACH_NARROW }, [],
        "Alpha was passed as the rate of the gamma draws, so lambda is uniform whatever alpha is; the width is a share of the height.";
    "tensorflow/models MixupAndCutmix", "2.20.0 (run)": Profile { shape: shape("width-from-height"), label: Label::Unclipped, pairing: Pairing::Flip, types: Types { smoothing: 0.1, ..NARROW }, ..EACH_NARROW }, [],
        "The width is a share of the height, and labels have the extents before clipping and halving.";
    "MindSpore CutMixBatch", "before the 2022 rewrite (read)": Profile { shape: shape("last-never"), lambda: LambdaLaw::NoRoot, ..EACH_NARROW }, [],
        "Sides are in proportion to 1 - lambda, without the root; the last row and column are never pasted and no box is empty.";
    "MindSpore CutMixBatch", "from the 2022 rewrite (2.10.0 run)": Profile { shape: shape("last-never"), ..EACH_NARROW }, [],
        "Centres from 0 to L inclusive; the last row and column are never pasted and no box is empty.";
    "google/automl efficientnetv2 cutmix", "6a54c87 (run)": Profile { label: Label::BatchMean, pairing: Pairing::Flip, ..EACH_NARROW }, [],
        "Every label has the mean area of the batch.";
    "deepmind-research nfnets cutmix", "version not recorded (read)": Profile { lambda: LambdaLaw::One, faults: Faults { pixels: Pixels::Inverted, ..Faults::NONE }, ..EACH_NARROW }, [Pairing],
        "The base is inside the box and the partner, from the second half of a doubled batch, around it.";
    "AlexeyAB darknet cutmix", "59596d7 (read)": Profile { shape: shape("between-3-8-closed"), ..EACH }, [Lambda Pairing Types],
        "Sides are drawn from 0.3 to 0.8 of the image's, both ends inclusive, and the last row and column are never pasted.";
    "fastestimator CutMixBatch", "69d3aed (read)": Profile { types: NARROW, shape: shape("paper"), lambda: LambdaLaw::Folded, pairing: Pairing::Roll, ..BATCH }, [Sharing],
        "Lambda is the larger of lambda and 1 - lambda; with TensorFlow the patch is added, not copied.";
    "hysts pytorch_image_classification cutmix", "993089a (run)": Profile { shape: shape("paper"), label: Label::Raw, ..BATCH }, [],
        "Real centres, and the drawn lambda in the label.";
    "keras-io CutMix example", "version not recorded (read)": Profile { shape: shape("least-one"), ..EACH_NARROW }, [Pairing],
        "Sides of no pixel get one; alpha 0.25; partners come from a second shuffled data set; square images.";
    "Deotte's TensorFlow kernel (Kaggle)", "many copies (modelled)": DEOTTE, [],
        "Square images only; a partner may be the image itself, and the label has the area before clipping."
        => "deotte-kernel" "Deotte's TensorFlow kernel" "of the Kaggle notebooks"
        => "deotte-kernel-corrected" "Deotte's TensorFlow kernel, label corrected" "of the Kaggle notebooks" Profile { label: Label::Kept, ..DEOTTE };
    "Adversarial Robustness Toolbox CutMix", "02999c8 (read)": Profile { sharing: Sharing::Lambda, shape: shape("sliced-transposed"), label: Label::Raw, ..BATCH }, [Lambda Pairing Types],
        "One lambda a batch and a centre for each image; rows and columns are exchanged in slicing.";
};

/// Every arithmetic that is known bit by bit.
pub fn replays() -> impl Iterator<Item = &'static Replay> {
    PACKAGES.iter().flat_map(|package| package.replay)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_named_once() {
        assert!(PACKAGES.len() >= 34, "{}", PACKAGES.len());
        for (i, package) in PACKAGES.iter().enumerate() {
            let same = |other: &&Package| other.name == package.name && other.versions == package.versions;
            assert!(!PACKAGES[..i].iter().any(|other| same(&other)), "{}", package.name);
            assert!(!package.note.is_empty(), "{}", package.name);
        }
        let ids: Vec<&str> = replays().map(|known| known.id).collect();
        assert!(ids.iter().enumerate().all(|(i, id)| !ids[..i].contains(id)), "{ids:?}");
    }

    /// What is computed bit by bit is the row's own profile, but for a label that was corrected.
    #[test]
    fn replays_are_of_their_package() {
        for package in PACKAGES {
            for replay in package.replay {
                let label = if replay.id.ends_with("-corrected") { Label::Kept } else { package.profile.label };
                assert_eq!(replay.profile, Profile { label, ..package.profile }, "{}", replay.id);
            }
        }
    }
}
