//! Implementations that are right, or wrong in one known way: what the auditor is tested with. A row is a name, a profile and
//! what it does; the findings follow from the profile's parts.

use std::sync::LazyLock;

use super::shape::{SHAPES, Shape, shape};
use super::{
    CUTOUT, Centres, Code, Faults, Forms, Label, LambdaLaw, MIXUP, OFFICIAL, Pairing, Pixels, Places, Profile, Reports,
    Root, Sharing, Side, Ties, Types,
};

/// An implementation that can be simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variant {
    pub name: &'static str,
    /// What it does, in a few words; for right ones, who does so.
    pub about: &'static str,
    pub profile: Profile,
}

const fn rule(name: &str) -> Profile {
    Profile { shape: shape(name), ..OFFICIAL }
}

const fn law(lambda: LambdaLaw) -> Profile {
    Profile { lambda, ..OFFICIAL }
}

const fn label(label: Label) -> Profile {
    Profile { label, ..OFFICIAL }
}

const fn shared(sharing: Sharing, pairing: Pairing) -> Profile {
    Profile { sharing, pairing, ..OFFICIAL }
}

const fn pixels(pixels: Pixels) -> Profile {
    Profile { faults: Faults { pixels, ..Faults::NONE }, ..OFFICIAL }
}

const fn reports(reports: Reports) -> Profile {
    Profile { faults: Faults { reports, ..Faults::NONE }, ..OFFICIAL }
}

const fn places(places: Places) -> Profile {
    Profile { faults: Faults { places, ..Faults::NONE }, ..OFFICIAL }
}

const fn tied(ties: Ties, profile: Profile) -> Profile {
    Profile { faults: Faults { ties, ..profile.faults }, ..profile }
}

/// Wrong once in a hundred times.
const fn rarely(profile: Profile) -> Profile {
    Profile { faults: Faults { rate: 0.01, ..profile.faults }, ..profile }
}

/// Another method with the same pixels.
const fn of(method: Profile, pixels: Pixels) -> Profile {
    Profile { faults: Faults { pixels, ..method.faults }, ..method }
}

const SMOOTHED: Types = Types { smoothing: 0.1, ..Types::WIDE };
const RAW: Types = Types { declares_raw: true, ..Types::WIDE };
/// Twelve pixels a side, as the first Cutout cut them.
const SQUARE: Shape = Shape { name: "fixed", sides: [Side::Fixed(6, 6, Centres::All); 2], ..*shape("official") };

macro_rules! variants {
    ($($name:literal $profile:expr, $about:literal;)*) => {
        &[$(Variant { name: $name, about: $about, profile: $profile }),*]
    };
}

/// Every implementation that is told by single samples; right ones first.
pub const VARIANTS: &[Variant] = variants! {
    "paper" rule("paper"), "the formula on pixel centres";
    "official" OFFICIAL, "the paper authors' code, one box a sample";
    "clovaai" Profile { types: Types { forms: Forms::Targets, ..Types::WIDE }, ..shared(Sharing::Batch, Pairing::Permutation) }, "one box a batch, random permutation, two targets and a weight";
    "torchvision" shared(Sharing::Batch, Pairing::Roll), "one box a batch, partner rolled by one, rows";
    "timm-batch" Profile { types: SMOOTHED, ..shared(Sharing::Batch, Pairing::Flip) }, "one box a batch, partner mirrored, smoothed rows";
    "timm-pair" Profile { shape: shape("full-extent"), ..shared(Sharing::Pair, Pairing::Flip) }, "one box a pair, whole extents";
    "derangement" shared(Sharing::Sample, Pairing::Derangement), "nobody his own partner";
    "replacement" shared(Sharing::Sample, Pairing::Replacement), "partners with replacement, self allowed, as the Kaggle kernel pairs";
    "full-extent" rule("full-extent"), "odd extents as well (timm from 1.0.29, keras-cv)";
    "round-half" rule("round-half"), "extents rounded to nearest (fastai)";
    "half-ceil" rule("half-ceil"), "half extents rounded up";
    "nfnets" pixels(Pixels::Inverted), "the base inside the box, the partner around it";
    "normalised" pixels(Pixels::Normalised), "a pipeline that normalises by channel after mixing";
    "seed-label-smoothing" Profile { types: SMOOTHED, ..OFFICIAL }, "declared smoothing of 0.1";
    "raw-declared" Profile { types: RAW, ..label(Label::Raw) }, "the drawn lambda in the label, and declared";
    "mixup" MIXUP, "one weight a sample, rounded to nearest";
    "mixup-in-type" of(MIXUP, Pixels::BlendInType), "weights, products and sum rounded one by one to the type of the images";
    "mixup-roll" Profile { sharing: Sharing::Batch, pairing: Pairing::Roll, ..MIXUP }, "one weight a batch, partner rolled by one";
    "cutout" CUTOUT, "a box of zeros, the label as it was";
    "cutout-square" Profile { shape: &SQUARE, ..CUTOUT }, "a square of a fixed side, as the first Cutout cut it";
    "cutout-constant" of(CUTOUT, Pixels::FillConstant), "a box of one grey a channel";
    "cutout-noise" of(CUTOUT, Pixels::FillNoise), "a box of noise";

    "strip" rule("strip"), "all rows, some columns";
    "width-from-height" rule("width-from-height"), "columns cut by the number of rows";
    "sides-exchanged" rule("sides-exchanged"), "rows cut by the number of columns and the other way round";
    "two-lambdas" rule("two-lambdas"), "a lambda for each side";
    "never-last" Profile { shape: shape("inside"), ..places(Places::NotLast) }, "start drawn from 0..L-k-1: the last row and column never";
    "never-first" Profile { shape: shape("inside"), ..places(Places::NotFirst) }, "start drawn from 1..: the first row and column never";
    "same-draws" reports(Reports::SeededEveryCall), "seeded inside the call";

    "stub" Profile { label: Label::Unchanged, ..pixels(Pixels::Nothing) }, "returns what it was given";
    "half-round-trip" pixels(Pixels::HalfRoundTrip), "the whole batch converted to binary16 and back";
    "arithmetic" pixels(Pixels::Arithmetic), "the partner's pixels as base plus difference";
    "mask-multiply" pixels(Pixels::MaskMultiply), "mask times base plus rest times partner";
    "nan-to-number" pixels(Pixels::NanToNumber), "NaN and infinities replaced on the way";
    "third-image" pixels(Pixels::ThirdImage), "a second box of a third image over the first";
    "base-exchanged" pixels(Pixels::BaseExchanged), "images permuted before the box is cut";
    "missing-corner" pixels(Pixels::MissingCorner), "one pixel of the box left out";
    "channel-box" pixels(Pixels::ChannelBox), "another box in the last channel";
    "channel-left-out" pixels(Pixels::ChannelLeftOut), "the last channel not mixed";
    "flipped" pixels(Pixels::Flipped), "the patch mirrored";
    "other-place" pixels(Pixels::OtherPlace), "the patch from the partner's corner";
    "row-off" pixels(Pixels::RowOff), "the patch from one row further down";
    "resized" pixels(Pixels::Scaled), "the whole partner shrunk into the box";
    "transposed-patch" pixels(Pixels::Transposed), "rows and columns of the patch exchanged";
    "shifted-patch" pixels(Pixels::Shifted), "the patch from one row further up, zeros beyond the border";
    "channels-reversed" pixels(Pixels::ChannelsReversed), "the patch as BGR in an RGB image";
    "blend-in-box" pixels(Pixels::BlendInBox), "half base, half partner in the box";
    "soft-edge" pixels(Pixels::SoftEdge), "a border of four pixels blended";
    "in-place-loop" pixels(Pixels::InPlaceLoop), "sample after sample in the batch's own memory";
    "earlier-patch" pixels(Pixels::EarlierPatch), "patches from the last batch";
    "earlier-batch" pixels(Pixels::EarlierBatch), "whole images of the last batch";
    "filled" pixels(Pixels::Filled), "the box is left black";
    "overflow" pixels(Pixels::Overflow), "base and partner added in 8 bits";
    "other-type" pixels(Pixels::OtherType), "images come out as binary64";
    "other-layout" pixels(Pixels::OtherLayout), "channels moved to the end";
    "input-changed" reports(Reports::InputChanged), "mixes the batch that was passed in";
    "labels-changed" reports(Reports::LabelsChanged), "mixes the labels that were passed in";

    "label-raw" label(Label::Raw), "the drawn lambda";
    "label-unclipped" label(Label::Unclipped), "whole sides before clipping (the Kaggle kernel)";
    "label-swapped" label(Label::Swapped), "the box's area as the base's weight";
    "label-real-area" Profile { shape: shape("paper"), ..label(Label::RealArea) }, "real edges, clipped, before rounding";
    "label-inclusive" label(Label::Inclusive), "one row and column more";
    "label-denominator" label(Label::Denominator), "divided by W W";
    "label-batch-mean" label(Label::BatchMean), "the mean of the batch in every row";
    "label-mirrored" label(Label::Mirrored), "weight of sample B-1-i";
    "label-squared" label(Label::Squared), "lambda squared";
    "label-replaced" label(Label::Replaced), "the partner's label alone";
    "label-unchanged" label(Label::Unchanged), "the base's label alone";
    "label-constant" label(Label::Constant), "a half of each";
    "label-random" label(Label::Random), "another lambda than the box's";
    "label-half" label(Label::Binary16), "weight rounded to binary16";
    "label-bf16" label(Label::Bfloat16), "weight rounded to bfloat16";
    "label-nan" label(Label::NotANumber), "NaN weights in large boxes";
    "label-index" label(Label::Index), "places in the batch for classes";
    "label-earlier" label(Label::Stale), "labels of the last batch";
    "label-hardened" label(Label::Hardened), "soft rows made one-hot";
    "class-rounded" label(Label::ClassRounded), "class ids in bfloat16";
    "label-numeric" label(Label::Numeric), "class numbers interpolated";
    "label-number" label(Label::Number), "one number a sample: class numbers interpolated";
    "label-whole-number" label(Label::WholeNumber), "the same, cut off to whole numbers";
    "label-hidden-nan" label(Label::HiddenNan), "NaN weights where both classes are one";
    "label-stray" label(Label::Stray), "0.0009 more or less on every other class, in binary16";
    "raw-declared-swapped" Profile { types: RAW, ..label(Label::Swapped) }, "declares the drawn lambda, and exchanges the weights";
    "label-sum" label(Label::Sum), "rows that add up to 0.9";
    "label-partner" label(Label::OtherPartner), "another permutation for labels";
    "label-class" label(Label::OtherClass), "the class after the right one";
    "label-integer" label(Label::Integers), "rows of integers";
    "label-smoothed" label(Label::Smoothed), "smoothing that is not declared";

    "box-unclipped" reports(Reports::BoxUnclipped), "reports the box before clipping";
    "box-transposed" reports(Reports::BoxTransposed), "reports rows for columns";
    "partner-inverse" reports(Reports::PartnerInverse), "reports the inverse permutation";
    "lambda-complement" reports(Reports::LambdaComplement), "reports 1 - lambda";
    "not-seeded" reports(Reports::NotSeeded), "draws from another generator than the seeded one";
    "mask-other-box" reports(Reports::MaskOtherBox), "masks cut by draws of their own";
    "mask-blended" reports(Reports::MaskBlended), "masks blended by lambda";
    "mask-float" reports(Reports::MaskFloat), "masks as floats";

    "mixup-label-unchanged" Profile { label: Label::Unchanged, ..MIXUP }, "Mixup, label as it was";
    "mixup-label-swapped" Profile { label: Label::Swapped, ..MIXUP }, "Mixup, weights exchanged";
    "mixup-in-place" of(MIXUP, Pixels::InPlaceLoop), "Mixup of partners that were mixed before";
    "mixup-truncated" of(MIXUP, Pixels::Truncated), "Mixup cut off to whole numbers";
    "mixup-by-channel" of(MIXUP, Pixels::WeightByRow), "Mixup with a weight that grows from row to row";
    "mixup-pasted" of(MIXUP, Pixels::BaseExchanged), "CutMix where Mixup was asked for";
    "cutout-label" Profile { label: Label::Raw, ..CUTOUT }, "Cutout with CutMix's label";
    "cutout-pasted" of(CUTOUT, Pixels::Copy), "CutMix where Cutout was asked for";
};

const DRAWN: &[Variant] = variants! {
    "official-f32" Profile { types: Types { root: Root::NarrowRoot, ..Types::WIDE }, ..OFFICIAL }, "the paper authors' code in binary32";
    "full-round" rule("full-round"), "whole sides rounded to nearest";
    "half-round" rule("half-round"), "half sides rounded to nearest";
    "real-truncated" rule("real-truncated"), "real edges cut off to whole pixels";
    "shared-lambda" Profile { sharing: Sharing::Lambda, ..OFFICIAL }, "one lambda a batch, a centre for each sample";
    "mirrored" Profile { pairing: Pairing::Flip, ..OFFICIAL }, "a box a sample, partner mirrored: of an odd batch the middle one is its own";
    "paired" shared(Sharing::Partners, Pairing::Neighbours), "one box a pair of neighbours";
    "rolled-by-two" shared(Sharing::Sample, Pairing::RollTwo), "a box a sample, partner rolled by two";
    "rolled-back" shared(Sharing::Batch, Pairing::RollBack), "one box a batch, the next image is the partner";
    "neighbours" shared(Sharing::Sample, Pairing::Neighbours), "a box a sample, images 0 and 1, 2 and 3 and so on give to each other";
    "half-swap" shared(Sharing::Sample, Pairing::HalfSwap), "a box a sample, partner half a batch away";
    "one-shuffle" shared(Sharing::Sample, Pairing::Shuffled), "a box a sample, one shuffle for every batch";
    "some-alone" shared(Sharing::Sample, Pairing::SomeAlone), "a box a sample, a third of the batch is never mixed";
    "class-wise" shared(Sharing::Sample, Pairing::ClassWise), "a box a sample, partners by a permutation among like classes";
    "shared-centre" Profile { sharing: Sharing::Centre, ..OFFICIAL }, "one centre a batch, a lambda for each sample";

    "least-one" rule("least-one"), "a box of no pixel gets one";
    "centre-inclusive" rule("centre-inclusive"), "centres 0 to L inclusive";
    "centre-one-based" rule("centre-one-based"), "centres 1 to L";
    "centre-short" rule("centre-short"), "centres 0 to L-2";
    "inside" rule("inside"), "boxes inside, never clipped";
    "inside-short" rule("inside-short"), "the same, and never at the last pixel (kornia)";
    "inside-real" rule("inside-real"), "real boxes inside (keras 3)";
    "corner" rule("corner"), "the drawn point is a corner (MONAI)";
    "one-corner" Profile { sharing: Sharing::Centre, ..rule("corner") }, "the same, one first corner a batch (MONAI)";
    "one-place" Profile { sharing: Sharing::Centre, ..rule("inside-short") }, "inside, never at the last pixel, one relative place a batch (kornia up to 0.8.3)";
    "last-never" rule("last-never"), "edges end before the last pixel (MindSpore)";
    "clipped-left" rule("clipped-left"), "clipped on one side alone";
    "strip-across" rule("strip-across"), "all columns, some rows";
    "height-from-width" rule("height-from-width"), "rows cut by the number of columns";
    "between-2-8" rule("between-2-8"), "sides drawn between 0.2 and 0.8 of the image's (timm's minmax)";
    "between-2-8-short" rule("between-2-8-short"), "the same, and never at the last pixel (timm up to 1.0.28)";
    "centre-beyond" rule("centre-beyond"), "centres half a box beyond the image as well (composer)";
    "transposed" rule("transposed"), "box drawn for rows and columns exchanged";

    "alpha-half" law(LambdaLaw::Times(0.5)), "half the alpha";
    "alpha-more" law(LambdaLaw::Times(1.5)), "half as much again";
    "alpha-ignored" law(LambdaLaw::One), "Beta(1, 1), whatever alpha is";
    "beta-plus-one" law(LambdaLaw::PlusOne), "Beta(alpha + 1, alpha)";
    "beta-second-plus-one" law(LambdaLaw::SecondPlusOne), "Beta(alpha, alpha + 1)";
    "beta-first" law(LambdaLaw::First), "Beta(alpha, 1)";
    "beta-second" law(LambdaLaw::Second), "Beta(1, alpha)";
    "root-omitted" law(LambdaLaw::NoRoot), "sides by 1 - lambda";
    "folded" law(LambdaLaw::Folded), "max(lambda, 1 - lambda)";
    "folded-up" law(LambdaLaw::FoldedUp), "min(lambda, 1 - lambda)";
    "clipped" law(LambdaLaw::CLIPPED), "lambda forced into 0.2 to 0.8";
    "clipped-hundredth" law(LambdaLaw::Clipped { least: 0.01, most: 0.99 }), "lambda forced into 0.01 to 0.99";
    "between-lambda" law(LambdaLaw::Within { least: 0.5, most: 0.7 }), "lambda uniform on 0.5 to 0.7";
    "constant-lambda" law(LambdaLaw::Clipped { least: 0.6, most: 0.6 }), "lambda is always 0.6";
    "middle-lambda" law(LambdaLaw::MIDDLE), "lambda uniform on 0.3 to 0.7";
    "tenths" law(LambdaLaw::Tenths), "lambda rounded to tenths";
    "random-alpha" law(LambdaLaw::RandomAlpha), "alpha drawn from 0 to alpha (keras 3)";
    "random-alpha-by-call" law(LambdaLaw::RandomAlphaByCall), "the same, once for all samples of a call (keras 3)";
    "not-rejected" law(LambdaLaw::NotRejected), "a ratio of powers without rejection";

    "middle-places" places(Places::Middle), "centres in the middle half: in no catalogue";
    "triangular-places" places(Places::Triangular), "centres more often in the middle: in no catalogue";
    "same-places" places(Places::Same), "one random number for both axes";
    "lattice" places(Places::OfLambda), "lambda fixes the column";
    "serial" Profile { faults: Faults { serial: 0.5, ..Faults::NONE }, ..OFFICIAL }, "every other lambda is the one before";
    "half-applied" Profile { faults: Faults { prob: 0.5, ..Faults::NONE }, ..OFFICIAL }, "applied half of the time";
    "repeating" Profile { faults: Faults { period: 300, ..Faults::NONE }, ..OFFICIAL }, "a generator that is seeded anew after 300 calls";

    "by-length" shared(Sharing::Sample, Pairing::ByLength), "even batches rolled, odd ones mirrored";
    "short-partner" Profile { pairing: Pairing::Short, ..OFFICIAL }, "the last image is nobody's partner";

    "full-extent-alpha-half" Profile { shape: shape("full-extent"), ..law(LambdaLaw::Times(0.5)) }, "whole extents, half the alpha";
    "rounded-alpha-more" Profile { shape: shape("round-half"), ..law(LambdaLaw::Times(1.5)) }, "rounded extents, half as much alpha again";
    "real-root-omitted" Profile { shape: shape("real-truncated"), ..law(LambdaLaw::NoRoot) }, "real edges, sides by 1 - lambda";
    "corner-plus-one" Profile { shape: shape("corner"), ..law(LambdaLaw::PlusOne) }, "a corner, and Beta(alpha + 1, alpha)";
    "centre-short-folded" Profile { shape: shape("centre-short"), ..law(LambdaLaw::Folded) }, "centres 0 to L-2, folded";

    "rarely-label-raw" rarely(label(Label::Raw)), "the drawn lambda in one label of a hundred";
    "rarely-strip" rarely(rule("strip")), "all rows in one box of a hundred";
    "rarely-corner" rarely(rule("corner")), "a corner in one box of a hundred";
    "rarely-transposed" rarely(rule("transposed")), "axes exchanged in one box of a hundred";

    "lambda-by-class" tied(Ties::Class, OFFICIAL), "larger lambdas for every other class";
    "lambda-by-partner-class" tied(Ties::PartnerClass, OFFICIAL), "the same by the partner's class";
    "lambda-by-slot" tied(Ties::Slot, OFFICIAL), "the same by the place in the batch";
    "antithetic" tied(Ties::Antithetic, OFFICIAL), "1 - lambda of the call before in every other call";
    "walking" tied(Ties::Walk, OFFICIAL), "centres that walk from call to call";
    "pool" tied(Ties::Pool, OFFICIAL), "all out of 4,096 draws";
    "places-anew" tied(Ties::PlacesAnew, OFFICIAL), "centres of a generator that is made anew after 600 calls";
    "mixup-by-class" tied(Ties::Class, MIXUP), "Mixup with larger lambdas for every other class";
    "mixup-by-slot" tied(Ties::Slot, MIXUP), "Mixup with larger lambdas in every other place of the batch";
    "mixup-antithetic" tied(Ties::Antithetic, MIXUP), "Mixup with 1 - lambda of the call before in every other call";
    "mixup-half-applied" Profile { faults: Faults { prob: 0.5, ..Faults::NONE }, ..MIXUP }, "Mixup, applied to half of the images";
    "mixup-half-batches" Profile { faults: Faults { prob: 0.5, ..Faults::NONE }, sharing: Sharing::Batch, ..MIXUP }, "Mixup, applied to half of the batches";
    "mixup-short-partner" Profile { pairing: Pairing::Short, ..MIXUP }, "Mixup, the last image is nobody's partner";
    "mixup-repeating" Profile { faults: Faults { period: 300, ..Faults::NONE }, ..MIXUP }, "Mixup by a generator that is seeded anew after 300 calls";

    "mixup-alpha-half" Profile { lambda: LambdaLaw::Times(0.5), ..MIXUP }, "Mixup with half the alpha";
    "mixup-alpha-ignored" Profile { lambda: LambdaLaw::One, ..MIXUP }, "Mixup with Beta(1, 1), whatever alpha is";
    "mixup-folded" Profile { lambda: LambdaLaw::Folded, ..MIXUP }, "Mixup with max(lambda, 1 - lambda)";
    "mixup-clipped" Profile { lambda: LambdaLaw::CLIPPED, ..MIXUP }, "Mixup with lambda forced into 0.2 to 0.8";
    "mixup-half-kept" Profile { lambda: LambdaLaw::Clipped { least: 0.5, most: 1.0 }, ..MIXUP }, "Mixup with lambda forced to 0.5 at least";
    "mixup-plus-one" Profile { lambda: LambdaLaw::PlusOne, ..MIXUP }, "Mixup with Beta(alpha + 1, alpha)";
};

/// Where a mistake shows as something else than the codes of its parts, or beside them.
const SHOWN_AS: &[(&str, &[Code])] = &[
    // Of these rules each box shows that its sides are of no one lambda.
    ("strip", &[Code::BoxAspect, Code::BoxStrip]),
    ("width-from-height", &[Code::BoxAspect, Code::BoxAxes]),
    ("sides-exchanged", &[Code::BoxAspect, Code::BoxAxes]),
    ("two-lambdas", &[Code::BoxAspect, Code::BoxTwoLambdas]),
    // The probes that show an edge are too short to show the rule.
    ("never-last", &[Code::EdgeNever]),
    // Where no pixel is mixed, the label is right as it was.
    ("stub", &[Code::NeverApplied]),
    // Half of the lambdas leave the centres too few small boxes to be told by.
    ("centre-short-folded", &[Code::LambdaFolded]),
    // What is rare is no rule, but a few samples that none explains.
    ("rarely-label-raw", &[Code::LabelWeight]),
    ("rarely-strip", &[Code::BoxAspect]),
    ("rarely-corner", &[Code::ImpossibleBox]),
    ("rarely-transposed", &[Code::BoxAspect]),
];

/// Every implementation that is told by its draws alone; right ones first, and last every rule for boxes that no row names.
pub static LAWS: LazyLock<Vec<Variant>> = LazyLock::new(|| {
    let named = |shape: &&Shape| VARIANTS.iter().chain(DRAWN).any(|variant| variant.name == shape.name);
    let plain = |shape: &'static Shape| Variant { name: shape.name, about: shape.what, profile: rule(shape.name) };
    DRAWN.iter().copied().chain(SHAPES.iter().filter(|shape| !named(shape)).map(plain)).collect()
});

impl Variant {
    /// The findings that it must cause; none for a right one.
    #[must_use]
    pub fn codes(&self) -> Vec<Code> {
        let shown = SHOWN_AS.iter().find(|(name, _)| *name == self.name);
        shown.map_or_else(|| self.profile.codes(), |(_, codes)| codes.to_vec())
    }

    /// Whether it is right at every alpha.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.codes().is_empty()
    }
}

/// Implementations that are wrong in rule and law at once: every rule in which lambda has a part, with every law that one alpha
/// alone does not hide, but for what makes small boxes larger with laws that make none.
pub fn pairs() -> impl Iterator<Item = Profile> {
    let rules = || SHAPES.iter().filter(|shape| shape.code.is_some() && !shape.without_lambda());
    // Once a call and once a sample are one law of boxes.
    let wrong = |law: &&LambdaLaw| law.code().is_some() && **law != LambdaLaw::RandomAlphaByCall;
    let laws = LambdaLaw::ALL.iter().filter(wrong);
    let all = laws.flat_map(move |&lambda| rules().map(move |shape| Profile { shape, lambda, ..OFFICIAL }));
    let large = |of: &Profile| [LambdaLaw::CLIPPED, LambdaLaw::MIDDLE, LambdaLaw::FoldedUp].contains(&of.lambda);
    all.filter(move |of| of.shape.code != Some(Code::BoxLeastOne) || !large(of))
}

/// Both lists.
pub fn variants() -> impl Iterator<Item = &'static Variant> {
    VARIANTS.iter().chain(LAWS.iter())
}

/// The variant of a name.
#[must_use]
pub fn variant(name: &str) -> Option<&'static Variant> {
    variants().find(|variant| variant.name == name)
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    /// Those of a list that no variant has.
    fn missing<T: PartialEq + Debug>(all: &[T], part: impl Fn(&Profile) -> T) -> Vec<String> {
        let shown = |of: &T| variants().any(|variant| part(&variant.profile) == *of);
        all.iter().filter(|of| !shown(of)).map(|of| format!("{of:?}")).collect()
    }

    #[test]
    fn every_part_is_simulated() {
        let missing = [
            missing(SHAPES, |profile| *profile.shape),
            missing(LambdaLaw::ALL, |profile| profile.lambda),
            missing(Label::ALL, |profile| profile.label),
            missing(Sharing::ALL, |profile| profile.sharing),
            missing(Pairing::ALL, |profile| profile.pairing),
            missing(Pixels::ALL, |profile| profile.faults.pixels),
            missing(Reports::ALL, |profile| profile.faults.reports),
            missing(Places::ALL, |profile| profile.faults.places),
            missing(Ties::ALL, |profile| profile.faults.ties),
        ];
        assert_eq!(missing.concat(), [""; 0]);
    }

    #[test]
    fn names_are_one_each_and_exceptions_differ_from_what_follows() {
        for (i, known) in variants().enumerate() {
            assert!(!variants().take(i).any(|other| other.name == known.name), "{}", known.name);
            assert_eq!(variant(known.name), Some(known));
        }
        for (name, codes) in SHOWN_AS {
            assert_ne!(variant(name).map(|of| of.profile.codes()).as_deref(), Some(*codes), "{name}");
        }
        assert!(variant("no-such").is_none());
    }
}
