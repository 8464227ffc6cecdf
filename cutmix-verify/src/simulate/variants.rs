//! All of them, with what the auditor must say.

use crate::probe::{Dtype, Kind, Method, Phase, Spec, digest};

use super::{Beside, Build, Geometry, Labels, Pairing, Pixels, Scope};

/// An implementation that can be simulated.
///
/// ```
/// use cutmix_verify::simulate::variant;
///
/// let right = variant("official").unwrap();
/// assert!(right.expected.is_empty() && right.spec().check().is_ok());
/// let wrong = variant("nan-to-number").unwrap();
/// assert_eq!(wrong.expected, ["SPECIAL_LOST"]);
/// // About so many independent draws of a box.
/// let law = right.law_phase(7000);
/// assert!((7000..10_000).contains(&(law.calls * (law.batch - 1))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variant {
    /// What it is called.
    pub name: &'static str,
    /// What it does, in a few words; for right ones, who does so.
    pub about: &'static str,
    /// The findings that it must cause, its own first; none for a right one.
    pub expected: &'static [crate::profile::Code],
    /// Defects of the catalogue of known ones that it stands for, and the conventions `N1` to `N9`.
    pub stands_for: &'static str,
    pub(crate) build: Build,
}

const C: Build = Build::CUTMIX;
const M: Build = Build::MIXUP;
const O: Build = Build::CUTOUT;

const fn geometry(geometry: Geometry) -> Build {
    Build { geometry, ..C }
}

const fn pixels(pixels: Pixels) -> Build {
    Build { pixels, ..C }
}

const fn labels(labels: Labels) -> Build {
    Build { labels, ..C }
}

const fn beside(beside: Beside) -> Build {
    Build { beside, ..C }
}

const fn paired(scope: Scope, pairing: Pairing) -> Build {
    Build { scope, pairing, ..C }
}

macro_rules! variants {
    ($list:ident $what:literal; $($name:literal $build:expr, [$($code:ident)*], $stands_for:literal, $about:literal;)*) => {
        #[doc = $what]
        pub const $list: &[Variant] = &[$(Variant {
            name: $name, about: $about, expected: &[$(crate::profile::Code::$code),*], stands_for: $stands_for, build: $build,
        }),*];
    };
}

pub(super) use variants;

variants! { VARIANTS "Every implementation that is told by single samples; right ones first.";
    "paper" geometry(Geometry::Paper), [], "", "the formula on pixel centres";
    "official" C, [], "N1 N2 N5 N7", "the paper authors' code, one box a sample";
    "clovaai" Build { targets: true, ..paired(Scope::Batch, Pairing::Permutation) }, [], "N1 N6", "one box a batch, random permutation, two targets and a weight";
    "torchvision" paired(Scope::Batch, Pairing::Roll), [], "N2 N6 D60", "one box a batch, partner rolled by one, rows";
    "timm-batch" Build { smoothing: 0.1, ..paired(Scope::Batch, Pairing::Flip) }, [], "N3 N6 D60", "one box a batch, partner mirrored, smoothed rows";
    "timm-pair" Build { geometry: Geometry::FullExtent, ..paired(Scope::Pair, Pairing::Flip) }, [], "N3 N6", "one box a pair, whole extents";
    "derangement" paired(Scope::Sample, Pairing::Derangement), [], "N6", "nobody his own partner";
    "replacement" paired(Scope::Sample, Pairing::Replacement), [], "N6 D57", "partners with replacement, self allowed, as the Kaggle kernel pairs";
    "full-extent" geometry(Geometry::FullExtent), [], "N6 D39", "odd extents as well (timm from 1.0.29, keras-cv)";
    "rounded" geometry(Geometry::Rounded), [], "N6 D39", "extents rounded to nearest (fastai)";
    "half-ceil" geometry(Geometry::HalfCeil), [], "N6", "half extents rounded up";
    "nfnets" pixels(Pixels::Inverted), [], "N4", "the base inside the box, the partner around it";
    "normalised" pixels(Pixels::Normalised), [], "", "a pipeline that normalises by channel after mixing";
    "seed-label-smoothing" Build { smoothing: 0.1, ..C }, [], "D70", "declared smoothing of 0.1";
    "raw-declared" Build { raw_label: true, labels: Labels::Raw, ..C }, [], "N8", "the drawn lambda in the label, and declared";
    "mixup" M, [], "N9", "one weight a sample, rounded to nearest";
    "mixup-in-type" Build { pixels: Pixels::BlendInType, ..M }, [], "N9", "weights, products and sum rounded one by one to the type of the images";
    "mixup-roll" Build { scope: Scope::Batch, pairing: Pairing::Roll, ..M }, [], "N9 D60", "one weight a batch, partner rolled by one";
    "cutout" O, [], "", "a box of zeros, the label as it was";
    "cutout-square" Build { geometry: Geometry::Square, ..O }, [], "", "a square of a fixed side, as the first Cutout cut it";
    "cutout-constant" Build { pixels: Pixels::FillConstant, ..O }, [], "", "a box of one grey a channel";
    "cutout-noise" Build { pixels: Pixels::FillNoise, ..O }, [], "", "a box of noise";

    "strip" geometry(Geometry::Strip), [BoxAspect BoxStrip], "", "all rows, some columns";
    "width-from-height" geometry(Geometry::WidthFromHeight), [BoxAspect BoxAxes], "D25", "columns cut by the number of rows";
    "sides-exchanged" geometry(Geometry::Exchanged), [BoxAspect BoxAxes], "D26", "rows cut by the number of columns and the other way round";
    "two-lambdas" geometry(Geometry::TwoLambdas), [BoxAspect BoxTwoLambdas], "", "a lambda for each side";
    "never-last" geometry(Geometry::NeverLast), [EdgeNever], "D27 D29", "start drawn from 0..L-k-1: the last row and column never";
    "never-first" geometry(Geometry::NeverFirst), [EdgeNever], "D28", "start drawn from 1..: the first row and column never";
    "same-draws" beside(Beside::SeededEveryCall), [SameDraws], "D78 D59", "seeded inside the call";

    "stub" Build { labels: Labels::Unchanged, ..pixels(Pixels::Nothing) }, [NeverApplied], "D52 D75", "returns what it was given";
    "half-round-trip" pixels(Pixels::HalfRoundTrip), [OutsideChanged], "D47", "the whole batch converted to binary16 and back";
    "arithmetic" pixels(Pixels::Arithmetic), [InexactCopy], "D45", "the partner's pixels as base plus difference";
    "mask-multiply" pixels(Pixels::MaskMultiply), [NanSpread], "D46", "mask times base plus rest times partner";
    "nan-to-number" pixels(Pixels::NanToNumber), [SpecialLost], "D46", "NaN and infinities replaced on the way";
    "third-image" pixels(Pixels::ThirdImage), [SeveralPartners], "D08", "a second box of a third image over the first";
    "base-exchanged" pixels(Pixels::BaseExchanged), [BaseExchanged], "", "images permuted before the box is cut";
    "missing-corner" pixels(Pixels::MissingCorner), [NotARectangle], "", "one pixel of the box left out";
    "channel-box" pixels(Pixels::ChannelBox), [PlanesDiffer], "D43", "another box in the last channel";
    "channel-left-out" pixels(Pixels::ChannelLeftOut), [PlaneLeftOut], "D43 D44", "the last channel not mixed";
    "flipped" pixels(Pixels::Flipped), [Displaced], "D42", "the patch mirrored";
    "other-place" pixels(Pixels::OtherPlace), [Displaced], "D42", "the patch from the partner's corner";
    "row-off" pixels(Pixels::RowOff), [Displaced], "D30 D42", "the patch from one row further down";
    "resized" pixels(Pixels::Scaled), [Displaced], "D42", "the whole partner shrunk into the box";
    "blend-in-box" pixels(Pixels::BlendInBox), [Blended], "", "half base, half partner in the box";
    "soft-edge" pixels(Pixels::SoftEdge), [Feathered], "", "a border of four pixels blended";
    "in-place-loop" pixels(Pixels::InPlaceLoop), [AliasedPartner], "D51", "sample after sample in the batch's own memory";
    "earlier-patch" pixels(Pixels::EarlierCall), [StalePartner], "", "patches from the last batch";
    "earlier-batch" pixels(Pixels::EarlierBase), [StalePartner], "D49", "whole images of the last batch";
    "filled" pixels(Pixels::Filled), [Filled], "", "the box is left black";
    "overflow" pixels(Pixels::Overflow), [Unexplained], "D48", "base and partner added in 8 bits";
    "other-type" pixels(Pixels::OtherType), [DtypeChanged], "D47", "images come out as binary64";
    "other-layout" pixels(Pixels::OtherLayout), [Shape], "D54", "channels moved to the end";
    "input-changed" beside(Beside::InputChanged), [InputChanged], "D49", "mixes the batch that was passed in";

    "label-raw" labels(Labels::Raw), [LabelRaw], "D01", "the drawn lambda";
    "label-unclipped" labels(Labels::Unclipped), [LabelUnclipped], "D01 D02", "whole sides before clipping (the Kaggle kernel)";
    "label-swapped" labels(Labels::Swapped), [LabelSwapped], "D05", "the box's area as the base's weight";
    "label-real-area" Build { geometry: Geometry::Paper, ..labels(Labels::RealArea) }, [LabelRealArea], "D03", "real edges, clipped, before rounding";
    "label-inclusive" labels(Labels::Inclusive), [LabelInclusive], "D30", "one row and column more";
    "label-denominator" labels(Labels::Denominator), [LabelDenominator], "D02", "divided by W W";
    "label-batch-mean" labels(Labels::BatchMean), [LabelBatchMean], "D04", "the mean of the batch in every row";
    "label-mirrored" labels(Labels::Mirrored), [LabelOtherSample], "D62", "weight of sample B-1-i";
    "label-squared" labels(Labels::Squared), [LabelSquared], "D09", "lambda squared";
    "label-replaced" labels(Labels::Replaced), [LabelReplaced], "D06", "the partner's label alone";
    "label-unchanged" labels(Labels::Unchanged), [LabelUnchanged], "D07 D10", "the base's label alone";
    "label-constant" labels(Labels::Constant), [LabelConstant], "", "a half of each";
    "label-random" labels(Labels::Random), [LabelWeight], "", "another lambda than the box's";
    "label-half" labels(Labels::Half), [LabelPrecision], "D65", "weight rounded to binary16";
    "label-bf16" labels(Labels::Brain), [LabelPrecision], "D65", "weight rounded to bfloat16";
    "label-nan" labels(Labels::NotANumber), [NotFinite], "D15 D41", "NaN weights in large boxes";
    "label-index" labels(Labels::Index), [LabelIndex], "", "places in the batch for classes";
    "label-earlier" labels(Labels::EarlierCall), [LabelStale], "", "labels of the last batch";
    "label-hardened" labels(Labels::Hardened), [LabelHardened], "D68", "soft rows made one-hot";
    "class-rounded" labels(Labels::ClassHalf), [ClassRounded], "D64", "class ids in bfloat16";
    "label-numeric" labels(Labels::Numeric), [LabelNumeric], "D66", "class numbers interpolated";
    "raw-declared-swapped" Build { raw_label: true, labels: Labels::Swapped, ..C }, [LabelSwapped], "", "declares the drawn lambda, and exchanges the weights";
    "label-sum" labels(Labels::Sum), [LabelSum], "D71", "rows that add up to 0.9";
    "label-partner" labels(Labels::OtherPartner), [LabelPartner], "D56 D63", "another permutation for labels";
    "label-class" labels(Labels::WrongClass), [LabelSupport], "D73", "the class after the right one";
    "label-integer" labels(Labels::Integers), [LabelDtype], "D66", "rows of integers";
    "label-smoothed" labels(Labels::Smoothed), [LabelSmoothed], "D70", "smoothing that is not declared";

    "box-unclipped" beside(Beside::BoxUnclipped), [BoxOutside BoxMisreported], "D30", "reports the box before clipping";
    "box-transposed" beside(Beside::BoxTransposed), [BoxMisreported], "", "reports rows for columns";
    "partner-inverse" beside(Beside::PartnerInverse), [IndexMisreported], "", "reports the inverse permutation";
    "lambda-complement" beside(Beside::LambdaComplement), [LambdaMisreported], "", "reports 1 - lambda";
    "not-seeded" beside(Beside::NotSeeded), [NotDeterministic], "D77", "draws from another generator than the seeded one";
    "mask-other-box" beside(Beside::MaskOtherBox), [MaskBox], "D12 D89", "masks cut by draws of their own";
    "mask-blended" beside(Beside::MaskBlended), [MaskBlended], "D85", "masks blended by lambda";
    "mask-float" beside(Beside::MaskFloat), [MaskDtype], "D85", "masks as floats";

    "mixup-label-unchanged" Build { labels: Labels::Unchanged, ..M }, [LabelUnchanged], "D07", "Mixup, label as it was";
    "mixup-label-swapped" Build { labels: Labels::Swapped, ..M }, [LabelSwapped], "D05", "Mixup, weights exchanged";
    "mixup-in-place" Build { pixels: Pixels::InPlaceLoop, ..M }, [AliasedPartner], "D51", "Mixup of partners that were mixed before";
    "mixup-truncated" Build { pixels: Pixels::Truncated, ..M }, [MixupTruncated], "D48", "Mixup cut off to whole numbers";
    "mixup-by-channel" Build { pixels: Pixels::WeightByChannel, ..M }, [MixupVaries], "", "Mixup with a weight that grows from row to row";
    "mixup-pasted" Build { pixels: Pixels::BaseExchanged, geometry: Geometry::Official, ..M }, [MixupPasted], "D55", "CutMix where Mixup was asked for";
    "cutout-label" Build { labels: Labels::Raw, ..O }, [CutoutLabel], "", "Cutout with CutMix's label";
    "cutout-pasted" Build { pixels: Pixels::Copy, ..O }, [CutoutPasted], "D55", "CutMix where Cutout was asked for";
}

impl Variant {
    /// The structure phase of a probe that shows what the variant does.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let mut phase = Phase::structure();
        match self.build.pixels {
            // Only what says its place shows a change of size.
            Pixels::Scaled => phase.kind = Kind::Tri,
            Pixels::MaskMultiply | Pixels::NanToNumber => phase.kind = Kind::Nan,
            Pixels::Truncated | Pixels::Overflow => phase.dtype = Dtype::U8,
            _ => {}
        }
        phase.masks = matches!(self.build.beside, Beside::MaskOtherBox | Beside::MaskBlended | Beside::MaskFloat);
        phase.sha256 = digest(&phase);
        phase
    }

    /// A phase in which it makes about so many independent draws of a box.
    #[must_use]
    pub fn law_phase(&self, draws: u64) -> Phase {
        let base = self.phase();
        // Of two images a permutation leaves both in their places half of the time.
        let drawn = matches!(self.build.pairing, Pairing::Permutation | Pairing::Replacement | Pairing::Short);
        let batch = if drawn || self.build.scope == Scope::Pair { 8 } else { 2 };
        let by_call = self.build.law == super::Law::RandomAlphaByCall;
        let each = match self.build.scope {
            Scope::Sample if by_call => 1,
            Scope::Batch | Scope::Lambda | Scope::Centre => 1,
            Scope::Pair => 4,
            Scope::Sample if drawn => 7,
            Scope::Sample => batch,
        };
        let law = Phase::law();
        // One of eight is its own partner.
        let draws = if drawn && each == 1 { draws + draws / 6 } else { draws };
        let calls = draws.div_ceil(each.into()).clamp(1, 1 << 22) as u32;
        // A value that is the fill's by chance is one of 256: three planes leave one of 2^24.
        let channels = if self.build.method == Method::Cutout { 3 } else { law.channels };
        let mut phase = Phase { calls, batch, channels, classes: 17, dtype: base.dtype, ..law };
        phase.sha256 = digest(&phase);
        phase
    }

    /// A probe of that phase.
    #[must_use]
    pub fn spec(&self) -> Spec {
        Spec::new(self.build.method, vec![self.phase()])
    }
}

/// The variant of a name, of both lists.
///
/// ```
/// use cutmix_verify::simulate::{LAWS, VARIANTS, variant};
///
/// assert!(VARIANTS.iter().chain(LAWS).all(|known| variant(known.name) == Some(known)));
/// assert!(variant("no-such").is_none());
/// ```
#[must_use]
pub fn variant(name: &str) -> Option<&'static Variant> {
    VARIANTS.iter().chain(super::LAWS).find(|variant| variant.name == name)
}
