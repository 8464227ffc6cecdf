//! Implementations that are right or wrong in one known way, which write traces: what the auditor is tested with.
//!
//! ```
//! use cutmix_verify::audit::{Audit, Options};
//! use cutmix_verify::probe::{Phase, Spec, digest};
//! use cutmix_verify::simulate::{simulate, variant};
//!
//! // Code that leaves the labels as they were is told by its first calls.
//! let wrong = variant("label-unchanged").unwrap();
//! let mut phase = Phase { calls: 8, width: 8, height: 6, ..wrong.phase() };
//! phase.sha256 = digest(&phase);
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("trace.npz");
//! simulate(&Spec::new(wrong.spec().method, vec![phase]), wrong, 1.0, 7, std::fs::File::create(&path)?)?;
//! let mut audit = Audit::new(Options { alphas: vec![1.0], ..Options::default() });
//! audit.read(&path, |_, _| {})?;
//! assert!(audit.report().findings.iter().any(|finding| finding.code == wrong.expected[0]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub(crate) mod audits;
mod boxes;
mod labels;
mod lambdas;
mod laws;
mod pixels;
mod run;
mod variants;

pub use laws::{LAWS, draws_of};
pub use run::{simulate, simulate_with};
pub use variants::{VARIANTS, Variant, variant};

use crate::probe::Method;

/// Who shares a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Sample,
    /// One lambda for all, a centre for each.
    Lambda,
    /// One centre for all, a lambda for each.
    Centre,
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
    /// Wrong: with replacement, never the last.
    Short,
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
    /// Whole sides to nearest.
    FullRound,
    /// Half sides to nearest.
    HalfRound,
    /// Real edges, cut off.
    RealTruncated,
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
    /// Wrong: one pixel where there should be none.
    LeastOne,
    /// Wrong: centres 0 to L inclusive, 1 to L, 0 to L-2.
    CentreInclusive,
    CentreOneBased,
    CentreShort,
    /// Wrong: never clipped; the same short of the last pixel; the same in real numbers.
    Inside,
    InsideShort,
    InsideReal,
    /// Wrong: the drawn point is a corner.
    Corner,
    /// Wrong: edges end before the last pixel.
    LastNever,
    /// Wrong: clipped on the left alone.
    ClippedLeft,
    /// Wrong: all columns.
    StripAcross,
    /// Wrong: rows cut by the number of columns.
    HeightFromWidth,
    /// Wrong: drawn for rows and columns exchanged.
    Transposed,
    /// Wrong: sides between 0.2 and 0.8 of the image's, whatever lambda is; the same short of the last pixel.
    Between,
    BetweenShort,
    /// Wrong: centres half a box beyond the image as well.
    CentreBeyond,
}

/// What lambda follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Law {
    /// Beta(alpha, alpha).
    AsAsked,
    /// The same, rounded to binary32, and so is all that is computed with it.
    F32,
    /// Another alpha by a factor.
    Times(f64),
    /// Beta(1, 1), whatever alpha is.
    One,
    /// Beta(alpha + 1, alpha).
    PlusOne,
    /// Beta(alpha, 1) and Beta(1, alpha).
    First,
    Second,
    /// Sides by 1 - lambda.
    NoRoot,
    /// The larger or the smaller of lambda and 1 - lambda.
    Folded,
    FoldedUp,
    /// Forced into 0.2 to 0.8.
    Clipped,
    /// Uniform on 0.3 to 0.7.
    Middle,
    /// Rounded to tenths: in no catalogue.
    Tenths,
    /// An alpha that is uniform on 0 to alpha.
    RandomAlpha,
    /// The same, once a call.
    RandomAlphaByCall,
    /// A ratio of powers.
    NotRejected,
}

/// Where centres are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Places {
    Uniform,
    /// In no catalogue: the middle half, more often in the middle, one number for both axes.
    Middle,
    Triangular,
    Same,
}

/// What is done to pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pixels {
    /// A blend in the type of the images: weights, products and sum are rounded one by one.
    BlendInType,
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
    pub(crate) law: Law,
    pub(crate) places: Places,
    /// How often it is wrong; otherwise it has the official box and the right label.
    pub(crate) rate: f64,
    /// How often it does anything.
    pub(crate) prob: f64,
    /// How often a sample has the lambda of the one before.
    pub(crate) serial: f64,
    /// Draws after which its generator begins anew; 0 never.
    pub(crate) period: u32,
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
        law: Law::AsAsked,
        places: Places::Uniform,
        rate: 1.0,
        prob: 1.0,
        serial: 0.0,
        period: 0,
    };
    pub(crate) const MIXUP: Self = Self { method: Method::Mixup, ..Self::CUTMIX };
    pub(crate) const CUTOUT: Self = Self { method: Method::Cutout, pixels: Pixels::Filled, ..Self::CUTMIX };
}
