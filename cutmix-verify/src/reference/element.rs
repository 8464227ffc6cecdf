//! What images are made of: types by name and size, and layouts. How the auditor's code words are written in each is `probe`'s.

use serde::{Deserialize, Serialize};

/// Type of an image's values.
///
/// ```
/// use cutmix_verify::reference::Dtype;
///
/// assert_eq!((Dtype::Bf16.bytes(), Dtype::F16.name(), Dtype::U16.is_float()), (2, "f16", false));
/// // Mixup's weight of integers is a multiple of 2^-15, of binary32 one of 2^-24.
/// assert_eq!(Dtype::MIXED.map(Dtype::grid), [1 << 15, 1 << 15, 1 << 24]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Dtype {
    /// Unsigned 8 bits: the code word itself.
    U8,
    /// Unsigned 16 bits: 257 times the code word.
    U16,
    /// Signed 16 bits, as medical images have them: 128 times the code word.
    I16,
    /// Binary16: the code word / 255.
    F16,
    /// The upper half of a binary32, as its bits in a u16: the code word / 255.
    Bf16,
    /// Binary32: the code word / 255.
    #[default]
    F32,
    /// Binary64: the code word / 255.
    F64,
}

impl Dtype {
    /// The types that the core mixes, and the vectors with it.
    pub const MIXED: [Self; 3] = [Self::U8, Self::U16, Self::F32];

    /// The name in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::I16 => "i16",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }

    /// Bytes of a value.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 | Self::I16 | Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// Whether it has fractions, NaN and infinities.
    #[must_use]
    pub const fn is_float(self) -> bool {
        !matches!(self, Self::U8 | Self::U16 | Self::I16)
    }

    /// The denominator of a Mixup weight: 2^15 for integers, 2^24 for others.
    #[must_use]
    pub const fn grid(self) -> u32 {
        if self.is_float() { 1 << 24 } else { 1 << 15 }
    }
}

/// How the dimensions of an image follow each other.
///
/// ```
/// use cutmix_verify::reference::Layout;
///
/// assert_eq!([Layout::Nhwc, Layout::Nchw].map(Layout::name), ["nhwc", "nchw"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Channels, rows, columns.
    #[default]
    Nchw,
    /// Rows, columns, channels.
    Nhwc,
}

impl Layout {
    /// The name in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nchw => "nchw",
            Self::Nhwc => "nhwc",
        }
    }
}
