//! The types that a package computes in, and the forms of what it takes and gives.

use super::Precision;
use crate::probe::Dtype;

/// In which types `r = sqrt(1 - lambda)` and `L r` are formed. Each step is rounded once to the type named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// All in binary64.
    Wide,
    /// Lambda is drawn in binary32; then as [`Wide`](Self::Wide).
    WideOfNarrow,
    /// All in binary32.
    Narrow,
    /// The same, but the root may be a neighbour of the right one: torch's, which on many machines is MKL's.
    NarrowNear,
    /// Lambda is `g / (g + h)` of binary32 numbers `g = lambda` and `h = 1 - lambda`; then as [`Narrow`](Self::Narrow).
    Gammas,
    /// `1 - lambda` in binary32, root and product in binary64.
    Mixed,
    /// `1 - lambda` and the root in binary32, the product in binary64.
    NarrowRoot,
}

impl Root {
    /// The type that `1 - lambda` is formed in.
    pub(crate) const fn precision(self) -> Precision {
        match self {
            Self::Wide | Self::WideOfNarrow => Precision::F64,
            Self::Narrow | Self::NarrowNear | Self::Gammas | Self::Mixed | Self::NarrowRoot => Precision::F32,
        }
    }
}

/// In which types the label's weight is formed from an area `A` of `N` pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// `1 - A / N` in binary64.
    Wide,
    /// Each step in binary32.
    Narrow,
    /// The same, or binary64 for images of that type.
    NarrowUnlessWide,
    /// In binary64, then once to binary32.
    Last,
    /// In binary32, then in the type of the images.
    ImageType,
    /// `1 - f32(A / L / L)`, both quotients in binary64.
    Quotients,
}

/// How two label values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelBlend {
    /// All in binary64; the row is rounded at the end.
    Wide,
    /// Products of binary32 and their sum, each rounded.
    Narrow,
    /// The same, or all in binary64 where the weights are (images of that type).
    AsImages,
    /// `torch.lerp` from the partner to the base, in binary32.
    Lerp,
}

/// Forms of labels that a package gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forms {
    Rows,
    /// Two classes and a weight.
    Targets,
    Both,
}

/// What a package does not refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Any,
    Square,
    EvenBatch,
}

/// The types that an implementation computes in, and the forms of what it takes and gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Types {
    pub root: Root,
    /// Of the product that places a centre or start: binary32 if it is true, binary64 otherwise.
    pub narrow_place: bool,
    /// Of the label's weight.
    pub rounding: Rounding,
    /// Of the values of a row.
    pub blend: LabelBlend,
    pub forms: Forms,
    /// Whether classes beside a weight come in the type of the images.
    pub typed_classes: bool,
    /// Label smoothing that is declared, or that a package does unless another is asked for.
    pub smoothing: f64,
    /// Whether it declares that the label has the drawn lambda.
    pub declares_raw: bool,
    /// Type of the images that come out, if it is another one than went in.
    pub out: Option<Dtype>,
    pub takes: Takes,
}

impl Types {
    /// All in binary64, rows of labels, whatever comes in.
    pub const WIDE: Self = Self {
        root: Root::Wide,
        narrow_place: false,
        rounding: Rounding::Wide,
        blend: LabelBlend::Wide,
        forms: Forms::Rows,
        typed_classes: false,
        smoothing: 0.0,
        declares_raw: false,
        out: None,
        takes: Takes::Any,
    };
}
