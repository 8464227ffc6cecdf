//! Implementations that are right or wrong in one known way, which write traces: what the auditor is tested with.

mod boxes;
mod labels;
mod pixels;
mod run;
mod variants;

pub use run::{simulate, simulate_with};
pub use variants::{VARIANTS, Variant, variant};

use crate::probe::Method;

/// Who shares a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Sample,
    Pair,
    Batch,
}

/// Who gives to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pairing {
    Roll,
    Flip,
    Permutation,
    Derangement,
    Replacement,
}

/// How the box becomes pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Geometry {
    Paper,
    Official,
    FullExtent,
    /// Nearest even instead of truncation (fastai).
    Rounded,
    /// Both halves rounded up.
    HalfCeil,
    /// A square of 12 pixels, whatever lambda is: Cutout's own.
    Square,
    /// Wrong: all rows.
    Strip,
    /// Wrong: columns cut by the number of rows.
    WidthFromHeight,
    /// Wrong: sides exchanged.
    Exchanged,
    /// Wrong: a lambda for each side.
    TwoLambdas,
    /// Wrong: inside, and never at the last row or column.
    NeverLast,
    /// Wrong: inside, and never at the first row or column.
    NeverFirst,
}

/// What is done to pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pixels {
    Copy,
    /// Right, but the kept part is the rectangle.
    Inverted,
    /// Right, then normalised by channel.
    Normalised,
    Nothing,
    HalfRoundTrip,
    Arithmetic,
    MaskMultiply,
    NanToNumber,
    ThirdImage,
    BaseExchanged,
    MissingCorner,
    ChannelBox,
    ChannelLeftOut,
    Flipped,
    OtherPlace,
    RowOff,
    Scaled,
    BlendInBox,
    SoftEdge,
    InPlaceLoop,
    EarlierCall,
    EarlierBase,
    Filled,
    OtherType,
    OtherLayout,
    Overflow,
    Truncated,
    WeightByChannel,
    FillConstant,
    FillNoise,
}

/// What the label's weight is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Labels {
    Kept,
    Raw,
    Unclipped,
    Swapped,
    RealArea,
    Inclusive,
    Denominator,
    BatchMean,
    Mirrored,
    Squared,
    Replaced,
    Unchanged,
    Constant,
    Random,
    Half,
    Brain,
    NotANumber,
    Index,
    EarlierCall,
    Hardened,
    ClassHalf,
    Numeric,
    Sum,
    OtherPartner,
    WrongClass,
    Integers,
    Smoothed,
}

/// What comes out beside images and labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    Honest,
    BoxUnclipped,
    BoxTransposed,
    PartnerInverse,
    LambdaComplement,
    InputChanged,
    NotSeeded,
    SeededEveryCall,
    MaskOtherBox,
    MaskBlended,
    MaskFloat,
}

/// An implementation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Build {
    pub(crate) method: Method,
    pub(crate) scope: Scope,
    pub(crate) pairing: Pairing,
    pub(crate) geometry: Geometry,
    pub(crate) pixels: Pixels,
    pub(crate) labels: Labels,
    pub(crate) beside: Beside,
    /// Two classes and a weight instead of rows.
    pub(crate) targets: bool,
    /// Declared label smoothing.
    pub(crate) smoothing: f64,
    /// Declares that the label has the drawn lambda.
    pub(crate) raw_label: bool,
}

impl Build {
    pub(crate) const CUTMIX: Self = Self {
        method: Method::Cutmix,
        scope: Scope::Sample,
        pairing: Pairing::Permutation,
        geometry: Geometry::Official,
        pixels: Pixels::Copy,
        labels: Labels::Kept,
        beside: Beside::Honest,
        targets: false,
        smoothing: 0.0,
        raw_label: false,
    };
    pub(crate) const MIXUP: Self = Self { method: Method::Mixup, ..Self::CUTMIX };
    pub(crate) const CUTOUT: Self = Self { method: Method::Cutout, pixels: Pixels::Filled, ..Self::CUTMIX };
}
