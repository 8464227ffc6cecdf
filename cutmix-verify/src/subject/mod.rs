//! What a Rust implementation answers: [`CutMixUnderTest`], of which it writes the methods that it has.
//!
//! [`core`] is `cutmix-core` as a subject, [`mod@reference`] the reference.
//! Imports [`mod@crate::reference`], and `core` alone the core; imported by `vectors`, `kit` and `cli`.
//!
//! ```
//! use cutmix_verify::subject::{Answer, CutMixUnderTest, Dtype, Refusal};
//!
//! struct Mine;
//! impl CutMixUnderTest for Mine {
//!     fn name(&self) -> String {
//!         "mine".into()
//!     }
//!     fn pairing(&self, name: &str, count: u32) -> Answer<Vec<u64>> {
//!         if name == "flip" { Ok((0..count.into()).rev().collect()) } else { Err(Refusal::Unsupported) }
//!     }
//! }
//! assert_eq!(Mine.pairing("flip", 4), Ok(vec![3, 2, 1, 0]));
//! assert_eq!(Mine.mixup_weight(Dtype::U8, 0.5), Err(Refusal::Unsupported)); // Not written.
//! ```

pub mod core;
pub mod reference;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

pub use crate::reference::{Configuration, DrawnPlan, Dtype, Layout, Patch, Rule};

/// Why a question was not answered.
///
/// ```
/// use cutmix_verify::subject::Refusal;
///
/// let error = "12".parse::<u8>().map(|_| ()).and("-1".parse::<u8>()).map_err(Refusal::because);
/// assert_eq!(error, Err(Refusal::Refused("invalid digit found in string".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The implementation says that the input is wrong. In one line.
    Refused(String),
    /// The implementation has no such function. Counted as untested, never as passed.
    Unsupported,
}

impl Refusal {
    /// Refused, for a reason that can be shown.
    pub fn because(reason: impl fmt::Display) -> Self {
        Self::Refused(reason.to_string())
    }
}

/// What a method gives back.
pub type Answer<T> = Result<T, Refusal>;

/// One of the types that vectors have.
pub(crate) fn mixed<'de, D: Deserializer<'de>>(from: D) -> Result<Dtype, D::Error> {
    let name = String::deserialize(from)?;
    let dtype = Dtype::MIXED.into_iter().find(|dtype| dtype.name() == name);
    dtype.ok_or_else(|| de::Error::custom("u8, u16 or f32"))
}

/// What an image is, its bytes aside.
///
/// ```
/// use cutmix_verify::subject::{Dtype, Layout, ImageShape};
///
/// let shape = ImageShape { dtype: Dtype::U16, layout: Layout::Nhwc, width: 5, height: 4, channels: 3, row_pitch: 32 };
/// assert_eq!((shape.row_bytes(), shape.rows(), shape.bytes()), (30, 4, 128)); // Two bytes of padding a row.
/// assert_eq!(shape.at(2, 1, 1), 32 + (2 * 3 + 1) * 2);
/// let planes = ImageShape { layout: Layout::Nchw, ..shape };
/// assert_eq!((planes.row_bytes(), planes.rows(), planes.at(2, 1, 1)), (10, 12, (4 + 1) * 32 + 2 * 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageShape {
    /// Type of the values: one of [`Dtype::MIXED`]. More than one byte: little-endian.
    #[serde(deserialize_with = "mixed")]
    pub dtype: Dtype,
    /// Their order.
    pub layout: Layout,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Channels.
    pub channels: u32,
    /// Bytes from a row to the next; what lies between their ends is padding, which stays as it is.
    pub row_pitch: usize,
}

impl ImageShape {
    /// Bytes of a row without its padding.
    #[must_use]
    pub const fn row_bytes(&self) -> usize {
        let channels = match self.layout {
            Layout::Nhwc => self.channels as usize,
            Layout::Nchw => 1,
        };
        self.width as usize * channels * self.dtype.bytes()
    }

    /// Rows of all planes.
    #[must_use]
    pub const fn rows(&self) -> usize {
        let planes = match self.layout {
            Layout::Nhwc => 1,
            Layout::Nchw => self.channels as usize,
        };
        self.height as usize * planes
    }

    /// Bytes of the whole image.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.rows() * self.row_pitch
    }

    /// Where a value begins in the image's bytes.
    #[must_use]
    pub const fn at(&self, x: u32, y: u32, channel: u32) -> usize {
        let bytes = self.dtype.bytes();
        match self.layout {
            Layout::Nhwc => {
                y as usize * self.row_pitch + (x as usize * self.channels as usize + channel as usize) * bytes
            }
            Layout::Nchw => {
                (channel as usize * self.height as usize + y as usize) * self.row_pitch + x as usize * bytes
            }
        }
    }

    /// Where the padding of each row lies in the image's bytes.
    pub(crate) fn padding(&self) -> impl Iterator<Item = std::ops::Range<usize>> + use<> {
        let (rows, pitch, used) = (self.rows(), self.row_pitch, self.row_bytes());
        (0..rows).map(move |row| row * pitch + used..(row + 1) * pitch)
    }
}

/// The bits of a value, which is little-endian.
pub(crate) fn bits(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |bits, &byte| bits << 8 | u64::from(byte))
}

/// An image.
///
/// ```
/// use cutmix_verify::subject::reference::Naive;
/// use cutmix_verify::subject::{CutMixUnderTest, Dtype, Layout, Patch, Picture, ImageShape};
///
/// let shape = ImageShape { dtype: Dtype::U8, layout: Layout::Nchw, width: 3, height: 2, channels: 1, row_pitch: 3 };
/// let (mut base, donor) = (Picture { shape, bytes: vec![0; 6] }, Picture { shape, bytes: vec![9; 6] });
/// assert_eq!(Naive.cutmix(&mut base, &donor, Patch { x0: 0, y0: 1, x1: 2, y1: 2 }), Ok(()));
/// assert_eq!(base.bytes, [0, 0, 0, 9, 9, 0]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it is.
    pub shape: ImageShape,
    /// Its bytes: [`ImageShape::bytes`] of them, unless the case is one that must be refused.
    pub bytes: Vec<u8>,
}

/// Everything that a label may be made of; what it must be made of is the box.
///
/// ```
/// use cutmix_verify::subject::reference::Naive;
/// use cutmix_verify::subject::{CutMixUnderTest, LabelCase, Patch, Rule};
///
/// // Clipped at the corner: a sixteenth of the image, whatever lambda says.
/// let patch = Patch { x0: 0, y0: 0, x1: 8, y1: 8 };
/// let (size, centre, classes) = ((32, 32), (0.0, 0.0), [0, 1]);
/// let case = LabelCase { size, rule: Rule::Paper, lambda: 0.75, centre, patch, classes, number: 2, smoothing: 0.0 };
/// assert_eq!(Naive.label(&case), Ok(vec![0.9375, 0.0625]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelCase {
    /// Columns and rows.
    pub size: (u32, u32),
    /// The rule that made the box.
    pub rule: Rule,
    /// The drawn lambda. Not the label's weight.
    pub lambda: f64,
    /// The centre of the box before it was clipped.
    pub centre: (f64, f64),
    /// The box.
    pub patch: Patch,
    /// Class of the base and of the donor.
    pub classes: [u32; 2],
    /// Number of classes.
    pub number: u32,
    /// Label smoothing, 0 for none.
    pub smoothing: f64,
}

const NONE: Refusal = Refusal::Unsupported;

/// An implementation of `CutMix` under test. Every method has a default that says "unsupported", so write those that the
/// implementation has; [`cutmix_tests!`](crate::cutmix_tests) makes tests of them.
///
/// A wrong input must be refused with [`Refusal::Refused`]; a panic is a failure. Methods take what the vectors hold, see
/// docs/VECTORS.md; the documentation of each names its operation there.
///
/// ```
/// use cutmix_verify::kit;
/// use cutmix_verify::subject::{Answer, CutMixUnderTest, LabelCase, Refusal};
///
/// /// The best known mistake: a label that has the drawn lambda.
/// struct Mine;
/// impl CutMixUnderTest for Mine {
///     fn name(&self) -> String {
///         "mine".into()
///     }
///     fn label(&self, case: &LabelCase) -> Answer<Vec<f64>> {
///         let mut row = vec![0.0; case.number as usize];
///         for (class, weight) in case.classes.into_iter().zip([case.lambda, 1.0 - case.lambda]) {
///             *row.get_mut(class as usize).ok_or(Refusal::because("an unknown class"))? += weight;
///         }
///         Ok(row)
///     }
/// }
/// assert!(kit::suite(&Mine, "labels").unwrap_err().contains("RawLambda"));
/// ```
#[allow(unused_variables)] // Names say what is passed.
#[allow(clippy::missing_errors_doc)] // The errors of all methods are said above.
pub trait CutMixUnderTest {
    /// The name in reports.
    fn name(&self) -> String;

    /// `box`: the box of a drawn lambda around a centre in pixels, clipped; without area (0, 0, 0, 0).
    fn patch_box(&self, rule: Rule, lambda: f64, centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
        Err(NONE)
    }

    /// `fixed_box`: the box with these sides around a centre, clipped.
    fn fixed_box(&self, rule: Rule, sides: (u32, u32), centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
        Err(NONE)
    }

    /// `label`: the label row of two classes.
    fn label(&self, case: &LabelCase) -> Answer<Vec<f64>> {
        Err(NONE)
    }

    /// `label_rows`: two rows mixed with weight `kept / total` of the first.
    fn label_rows(&self, a: &[f32], b: &[f32], kept: u64, total: u64) -> Answer<Vec<f64>> {
        Err(NONE)
    }

    /// `cutmix`: the box of the donor pasted into the base.
    fn cutmix(&self, base: &mut Picture, donor: &Picture, patch: Patch) -> Answer<()> {
        Err(NONE)
    }

    /// `cutmix_batch`: every image gets its box of the image that `partners` names, as that was before the call.
    fn cutmix_batch(&self, images: &mut [Picture], partners: &[u32], boxes: &[Patch]) -> Answer<()> {
        Err(NONE)
    }

    /// `pairing`: the partners of a batch under `roll` or `flip`.
    fn pairing(&self, name: &str, count: u32) -> Answer<Vec<u64>> {
        Err(NONE)
    }

    /// `mixup`: base and donor blended with weight `lambda` of the base.
    fn mixup(&self, base: &mut Picture, donor: &Picture, lambda: f64) -> Answer<()> {
        Err(NONE)
    }

    /// `mixup_exact`: the same with weight `q / 2^15` or `q / 2^24`, rounded as the core's contract says.
    fn mixup_exact(&self, base: &mut Picture, donor: &Picture, q: u64) -> Answer<()> {
        Err(NONE)
    }

    /// `mixup_weight`: the `q` that a lambda becomes for a type of pixels.
    fn mixup_weight(&self, dtype: Dtype, lambda: f64) -> Answer<u64> {
        Err(NONE)
    }

    /// `cutout`: the box filled with one pixel's bytes, channel by channel.
    fn cutout(&self, image: &mut Picture, patch: Patch, fill: &[u8]) -> Answer<()> {
        Err(NONE)
    }

    /// `cutout_noise`: the box filled with the noise of the stream contract.
    fn cutout_noise(&self, image: &mut Picture, patch: Patch, key: [u32; 2], range: [f32; 2]) -> Answer<()> {
        Err(NONE)
    }

    /// `cutout_label`: the label row after a Cutout.
    fn cutout_label(&self, size: (u32, u32), patch: Patch, class: u32, number: u32) -> Answer<Vec<f64>> {
        Err(NONE)
    }

    /// `draw_boxes`: boxes for `lambda ~ Beta(alpha, alpha)`, drawn with the implementation's own generator.
    fn draw_boxes(&self, rule: Rule, size: (u32, u32), alpha: f64, draws: u32) -> Answer<Vec<Patch>> {
        Err(NONE)
    }

    /// `draw_beta`: draws of Beta(a, b).
    fn draw_beta(&self, a: f64, b: f64, draws: u32) -> Answer<Vec<f64>> {
        Err(NONE)
    }

    /// `stream_words`: the first 32-bit outputs of a stream of the contract.
    fn stream_words(&self, domain: &str, words: [u64; 4], count: usize) -> Answer<Vec<u32>> {
        Err(NONE)
    }

    /// `stream_below`: the first integers below `bound` of a sample's stream.
    fn stream_below(&self, key: [u64; 3], bound: u64, count: usize) -> Answer<Vec<u64>> {
        Err(NONE)
    }

    /// `stream_beta`: the first draw of Beta(a, b) of a sample's stream.
    fn stream_beta(&self, key: [u64; 3], a: f64, b: f64) -> Answer<f64> {
        Err(NONE)
    }

    /// `stream_plan`: a whole plan of a sample.
    fn stream_plan(&self, key: [u64; 3], of: &Configuration) -> Answer<DrawnPlan> {
        Err(NONE)
    }

    /// `stream_pairing`: the partners of a batch; `permutation`, `derangement` or `replacement`.
    fn stream_pairing(&self, key: [u64; 3], name: &str, count: u32) -> Answer<Vec<u64>> {
        Err(NONE)
    }

    /// `stream_noise`: the noise key of a sample and its word `j`.
    fn stream_noise(&self, key: [u64; 3], j: u64) -> Answer<([u32; 2], u32)> {
        Err(NONE)
    }

    /// What the auditor audits: a batch mixed with the implementation's own draws, `lambda ~ Beta(alpha, alpha)`; images
    /// in place. The label row of every image comes back. `call` is the number of the call: implementations without a
    /// generator of their own can seed one with it.
    fn mix(&self, images: &mut [Picture], ids: &[u32], number: u32, alpha: f64, call: u64) -> Answer<Vec<Vec<f64>>> {
        Err(NONE)
    }
}
