//! The one error type. Every public fallible call of this crate returns it; nothing panics on what a caller passes.
//!
//! Anybody may import it; it imports nothing of this crate, so it carries plain numbers.

use core::fmt;

/// What a caller gave and what was expected instead.
///
/// Every variant names the offending value and the range it should have been in, so that the message can be shown as it is.
///
/// ```
/// use cutmix_core::{Error, Size};
/// let error = Size::new(0, 24).unwrap_err();
/// assert_eq!(error, Error::ZeroSide { width: 0, height: 24 });
/// assert_eq!(error.to_string(), "an image of 0 x 24 pixels has no area; both sides must be at least 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// An image side is zero.
    ZeroSide {
        /// Width given, in pixels.
        width: u32,
        /// Height given, in pixels.
        height: u32,
    },
    /// The corners of a box are in the wrong order.
    BoxReversed {
        /// Left edge given.
        x0: u32,
        /// Top edge given.
        y0: u32,
        /// Right edge given (exclusive).
        x1: u32,
        /// Bottom edge given (exclusive).
        y1: u32,
    },
    /// A box reaches outside the image it is used on.
    BoxOutside {
        /// First column, first row, column after the last, row after the last.
        patch: [u32; 4],
        /// Width and height of the image, in pixels.
        size: [u32; 2],
    },
    /// Two images that must have the same width and height do not.
    SizeMismatch {
        /// The role of the image that does not fit ("donor", "output", "plan").
        what: &'static str,
        /// Its width and height, in pixels.
        given: [u32; 2],
        /// Width and height of the base image, in pixels.
        expected: [u32; 2],
    },
    /// A count does not fit another one: planes, elements of a pixel, samples, classes.
    CountMismatch {
        /// What was counted.
        what: &'static str,
        /// The count given.
        given: u64,
        /// The count expected.
        expected: u64,
    },
    /// A buffer is shorter than what it has to hold.
    TooShort {
        /// The buffer.
        what: &'static str,
        /// Its length (bytes for images, elements elsewhere).
        given: u64,
        /// The least length that would do.
        expected: u64,
    },
    /// A length or an offset is beyond what this machine can address.
    TooLarge {
        /// What overflowed.
        what: &'static str,
    },
    /// A pitch, offset or pixel size is not a whole number of elements.
    Misaligned {
        /// The quantity.
        what: &'static str,
        /// Its value in bytes.
        given: i64,
        /// The size of an element in bytes.
        element_bytes: u64,
    },
    /// The rows (or planes, or samples) that a layout describes share bytes.
    Overlap {
        /// What overlaps ("rows", "planes", "samples").
        what: &'static str,
        /// The pitch given, in bytes.
        pitch: i64,
        /// The bytes that one row, plane or sample takes.
        needed: u64,
    },
    /// A mixing number outside `[0, 1]`, or NaN.
    Lambda {
        /// The value given.
        lambda: f64,
    },
    /// A centre coordinate outside `[0, length)`, or NaN.
    Centre {
        /// The coordinate given, in pixels.
        centre: f64,
        /// The side length of the image along that axis, in pixels.
        length: u32,
    },
    /// Parameters for which `Beta` is not offered.
    BetaShape {
        /// First shape parameter given.
        a: f64,
        /// Second shape parameter given.
        b: f64,
    },
    /// A law of lambda other than the uniform one, given to a function that draws from no other.
    NotUniform {
        /// First shape parameter given.
        a: f64,
        /// Second shape parameter given.
        b: f64,
    },
    /// A probability or a fraction outside `[0, 1]`, or NaN.
    Fraction {
        /// The option it was given for.
        what: &'static str,
        /// The value given.
        value: f64,
    },
    /// The least fraction of an extent is larger than the greatest.
    ExtentsReversed {
        /// Least fraction given.
        min: f64,
        /// Greatest fraction given.
        max: f64,
    },
    /// A ratio whose numerator exceeds its denominator, or whose denominator is zero.
    Ratio {
        /// Numerator given.
        kept: u64,
        /// Denominator given.
        total: u64,
    },
    /// The weight of a Mixup does not lie on the grid of the element type (2^-15 for `u8` and `u16`, 2^-24 for `f32`).
    WeightGrid {
        /// Denominator given.
        given: u64,
        /// Denominator that this element type blends with.
        expected: u64,
    },
    /// A partner index that is not in the batch or the data set.
    Partner {
        /// The sample whose partner it is.
        sample: u64,
        /// The partner given.
        partner: u64,
        /// The number of samples to choose from.
        len: u64,
    },
    /// Values shared per pair need a pairing in which partners are mutual.
    PairNotMutual {
        /// The first sample whose partner's partner is somebody else.
        sample: u64,
    },
    /// One sample cannot be permuted without a fixed point.
    NoDerangement,
    /// The plan asks for arithmetic (Mixup, or a fill with noise) on elements that can only be copied.
    CopyOnly {
        /// The sample of the batch.
        sample: u64,
    },
    /// The kept ratio of a plan is not the one its box has in an image of this size.
    RatioNotOfBox {
        /// The sample of the batch (0 outside batches).
        sample: u64,
    },
    /// A class id that is not below the number of classes.
    Class {
        /// The id given.
        class: u64,
        /// The number of classes.
        classes: u64,
    },
    /// A grid step of zero pixels.
    ZeroGrid,
    /// A box whose edges cut through cells that are stored as a whole.
    OffGrid {
        /// First column, first row, column after the last, row after the last.
        patch: [u32; 4],
        /// Columns and rows of a cell, in pixels.
        grid: [u32; 2],
        /// Width and height of the image, in pixels.
        size: [u32; 2],
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ZeroSide { width, height } => {
                write!(f, "an image of {width} x {height} pixels has no area; both sides must be at least 1")
            }
            Self::BoxReversed { x0, y0, x1, y1 } => {
                write!(f, "box [{x0}, {x1}) x [{y0}, {y1}) ends before it begins; x0 <= x1 and y0 <= y1 are expected")
            }
            Self::BoxOutside { patch: [x0, y0, x1, y1], size: [width, height] } => {
                write!(f, "box [{x0}, {x1}) x [{y0}, {y1}) reaches outside the image of {width}x{height} pixels")
            }
            Self::SizeMismatch { what, given: [width, height], expected: [columns, rows] } => {
                write!(f, "{what} is {width}x{height} pixels, but {columns}x{rows} is expected")
            }
            Self::CountMismatch { what, given, expected } => write!(f, "{given} {what} given, but {expected} expected"),
            Self::TooShort { what, given, expected } => {
                write!(f, "{what} has length {given}, but at least {expected} is needed")
            }
            Self::TooLarge { what } => write!(f, "{what} is beyond what this machine can address"),
            Self::Misaligned { what, given, element_bytes } => {
                write!(f, "{what} of {given} bytes is not a whole number of {element_bytes}-byte elements")
            }
            Self::Overlap { what, pitch, needed } => {
                write!(f, "{what} overlap: they are {pitch} bytes apart, but each takes {needed} bytes")
            }
            Self::Lambda { lambda } => write!(f, "lambda is {lambda}, but a number in [0, 1] is expected"),
            Self::Centre { centre, length } => {
                write!(f, "centre coordinate is {centre}, but a number in [0, {length}) is expected")
            }
            Self::BetaShape { a, b } => write!(
                f,
                "Beta({a}, {b}) is not offered: equal parameters lie in [0.001, 1e6], unequal ones in [0.05, 50]"
            ),
            Self::NotUniform { a, b } => write!(f, "Beta({a}, {b}) given, but Beta(1, 1) is the only law drawn here"),
            Self::Fraction { what, value } => write!(f, "{what} is {value}, but a number in [0, 1] is expected"),
            Self::ExtentsReversed { min, max } => {
                write!(f, "the least extent {min} exceeds the greatest extent {max}")
            }
            Self::Ratio { kept, total } => {
                write!(f, "ratio {kept}/{total} is not a number in [0, 1] with a positive denominator")
            }
            Self::WeightGrid { given, expected } => {
                write!(f, "the weight has denominator {given}, but these elements blend with denominator {expected}")
            }
            Self::Partner { sample, partner, len } => {
                write!(f, "sample {sample} has partner {partner}, but there are {len} samples to choose from")
            }
            Self::PairNotMutual { sample } => {
                write!(
                    f,
                    "values per pair need mutual partners, but the partner of sample {sample} has another partner"
                )
            }
            Self::NoDerangement => {
                f.write_str("one sample cannot be paired without a fixed point; at least 2 are needed")
            }
            Self::CopyOnly { sample } => {
                write!(
                    f,
                    "sample {sample} is to be blended or filled with noise, but these elements can only be copied"
                )
            }
            Self::RatioNotOfBox { sample } => {
                write!(f, "the kept ratio of sample {sample} is not the one of its box in this image")
            }
            Self::Class { class, classes } => write!(f, "class {class} is not below the number of classes, {classes}"),
            Self::ZeroGrid => f.write_str("a grid step must be at least 1 pixel"),
            Self::OffGrid { patch: [x0, y0, x1, y1], grid: [x, y], size: [width, height] } => {
                write!(
                    f,
                    "box [{x0}, {x1}) x [{y0}, {y1}) cuts through cells of {x} x {y} pixels of an image of {width}x{height}; it has to be snapped"
                )
            }
        }
    }
}

impl core::error::Error for Error {}
