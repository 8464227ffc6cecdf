//! What a probe consists of: the part of a file's meta that everything else follows from.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::element::{Dtype, Values};
pub use crate::reference::{Layout, Method};

/// How values say where they came from.
///
/// ```
/// use cutmix_verify::probe::{Kind, Phase};
///
/// // The place in three channels, or in the bits of a float: neither fits all images.
/// let tri = Phase { kind: Kind::Tri, channels: 1, ..Phase::structure() };
/// assert!(tri.check().unwrap_err().to_string().contains("3 at least"));
/// let word = Phase { kind: Kind::Word24, width: 300, ..Phase::structure() };
/// assert!(word.check().unwrap_err().to_string().contains("256x256 at most"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `(m i + h) mod 256` with pseudo-random odd `m` and `h` for every place: which image each value is from, in one
    /// pass, and whether it was moved or blended.
    #[default]
    Scr,
    /// The same with the row in the second and the column in the third channel: where a moved pixel came from.
    Tri,
    /// Image, row and column in the 24 bits of one float.
    Word24,
    /// Image, row, column and their high bits in four calls that are seeded alike.
    Digits,
    /// One grey a image: compresses best, shows boxes and partners only.
    Flat,
    /// `scr` with one NaN, one infinity and one negative zero an image: tells copies from arithmetic.
    Nan,
}

/// A limit that an adapter declares; the checks concerned do not apply.
///
/// ```
/// use cutmix_verify::probe::Declares;
///
/// // As an adapter writes it.
/// let declares: Vec<Declares> = serde_json::from_str(r#"["square_only", "no_labels"]"#)?;
/// assert_eq!(declares, [Declares::SquareOnly, Declares::NoLabels]);
/// assert!(serde_json::from_str::<Declares>(r#""everything""#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Declares {
    /// Only images as wide as high.
    SquareOnly,
    /// Images alone, no labels.
    NoLabels,
    /// Alpha cannot be chosen.
    FixedAlpha,
    /// Only batches of even length.
    EvenBatch,
    /// The images that are passed in are changed, and the documentation says so.
    InPlace,
    /// The label has the drawn lambda, and the documentation says so.
    RawLabel,
}

/// How the images of a call lie in memory. The values are the same.
///
/// ```
/// use cutmix_verify::probe::{Phase, View};
///
/// let phase = Phase { view: Some(View::ChannelsMoved), ..Phase::structure() };
/// assert!(serde_json::to_string(&phase)?.contains(r#""view":"channels_moved""#));
/// assert!(!serde_json::to_string(&Phase::structure())?.contains("view"), "plain ones say nothing");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Whole, in C order, writeable.
    Plain,
    /// Every second column of a wider array.
    Strided,
    /// In Fortran order.
    Fortran,
    /// The other layout's memory, seen in the probe's layout.
    ChannelsMoved,
    /// Plain, and not writeable.
    ReadOnly,
}

/// Arrays of one shape. Calls are numbered from 0.
///
/// ```
/// use cutmix_verify::probe::Phase;
///
/// // Clips of four frames, 64 x 48 pixels.
/// let phase = Phase { width: 64, height: 48, frames: Some(4), ..Phase::structure() };
/// assert_eq!((phase.planes(), phase.area(), phase.image_len()), (12, 3072, 36_864));
/// assert_eq!(phase.image_shape(), [8, 4, 3, 48, 64]);
/// assert!(phase.check().is_ok());
/// // Labels need more classes than two for each image.
/// assert!(Phase { classes: 16, ..phase }.check().is_err());
/// // And the phase that shows the law: many calls of little.
/// assert!(Phase::law().calls > 8000 && Phase::law().channels == 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Prefix of its keys: letters, digits and `_`.
    pub name: String,
    /// How values say where they came from.
    pub kind: Kind,
    /// What the images and labels are drawn from; below 2^53, so that JSON readers keep it.
    pub key: u64,
    /// Number of calls, `T`.
    pub calls: u32,
    /// Images of a call, `B`.
    pub batch: u32,
    /// Columns, `W`.
    pub width: u32,
    /// Rows, `H`.
    pub height: u32,
    /// Channels, `C`.
    pub channels: u32,
    /// Frames (or slices) that share a box, `F`; the dimension is absent if this is.
    #[serde(default)]
    pub frames: Option<u32>,
    /// Order of the dimensions.
    pub layout: Layout,
    /// Type of the values.
    pub dtype: Dtype,
    /// Number of classes, `K`.
    pub classes: u32,
    /// Whether class-index masks travel with the images.
    #[serde(default)]
    pub masks: bool,
    /// Whether draws travel with the images, to be used in place of the audited code's own. Absent from the file if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub draws: bool,
    /// How the images are to lie in memory. Absent from the file where they are plain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
    /// Whether the trace is to say what became of the labels that were passed in. Absent from the file if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub labels_after: bool,
    /// The range of the values. Absent from the file where it is the usual one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub values: Values,
    /// Digest of what the phase's arrays hold, in lower-case hexadecimal.
    #[serde(default)]
    pub sha256: String,
}

/// A phase that cannot be.
///
/// ```
/// use cutmix_verify::probe::Phase;
///
/// let error = Phase { batch: 0, ..Phase::structure() }.check().unwrap_err();
/// assert_eq!((error.field.as_str(), error.given.as_str()), ("phase structure: batch", "0"));
/// assert_eq!(error.to_string(), "phase structure: batch is 0, expected 1 to 256");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError {
    /// Which field, with its phase.
    pub field: String,
    /// What it is.
    pub given: String,
    /// What it should be.
    pub expected: String,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}, expected {}", self.field, self.given, self.expected)
    }
}

impl std::error::Error for SpecError {}

/// Whether a field says nothing.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn refused(field: &str, given: impl fmt::Display, expected: &str) -> Result<(), SpecError> {
    Err(SpecError { field: field.into(), given: given.to_string(), expected: expected.into() })
}

impl Phase {
    /// A phase that shows structure: shapes, sources, labels of every form. Partners are visible from 8 images on.
    #[must_use]
    pub fn structure() -> Self {
        Self {
            name: "structure".into(),
            kind: Kind::Scr,
            key: 0x5eed,
            calls: 64,
            batch: 8,
            width: 40,
            height: 24,
            channels: 3,
            frames: None,
            layout: Layout::Nchw,
            dtype: Dtype::F32,
            // Beyond the whole numbers that half types hold.
            classes: 4100,
            masks: false,
            draws: false,
            view: None,
            labels_after: false,
            values: Values::Unit,
            sha256: String::new(),
        }
    }

    /// A phase that shows the law of the boxes: as many draws as possible in little space.
    #[must_use]
    pub fn law() -> Self {
        Self { name: "law".into(), key: 0x1a57, calls: 8448, batch: 2, channels: 1, classes: 8, ..Self::structure() }
    }

    /// Number of planes of an image: channels of all frames.
    #[must_use]
    pub fn planes(&self) -> usize {
        self.channels as usize * self.frames.unwrap_or(1) as usize
    }

    /// Pixels of a plane.
    #[must_use]
    pub fn area(&self) -> usize {
        self.width as usize * self.height as usize
    }

    /// Values of an image.
    #[must_use]
    pub fn image_len(&self) -> usize {
        self.planes() * self.area()
    }

    /// How many places of an image may have a special value: with several planes each pixel keeps one without, and of one plane
    /// half of the pixels.
    fn special_room(&self) -> usize {
        match self.planes() {
            1 => self.area() / 2,
            planes => self.area() * (planes - 1),
        }
    }

    /// The shape of the phase's images after the calls: `B` first.
    #[must_use]
    pub fn image_shape(&self) -> Vec<u64> {
        let [b, c, h, w] = [self.batch, self.channels, self.height, self.width].map(u64::from);
        let image = match self.layout {
            Layout::Nchw => [c, h, w],
            Layout::Nhwc => [h, w, c],
        };
        [b].into_iter().chain(self.frames.map(u64::from)).chain(image).collect()
    }

    /// The place in an image's memory of a pixel's value in a plane (frames before channels).
    #[must_use]
    pub fn element(&self, plane: usize, y: usize, x: usize) -> usize {
        let (w, area, channels) = (self.width as usize, self.area(), self.channels as usize);
        match self.layout {
            Layout::Nchw => plane * area + y * w + x,
            Layout::Nhwc => (plane / channels * area + y * w + x) * channels + plane % channels,
        }
    }

    /// The error of one of its fields.
    fn refuse(&self, field: &str, given: impl fmt::Display, expected: &str) -> Result<(), SpecError> {
        let name = self.name.chars().take(32).collect::<String>();
        refused(&format!("phase {}: {field}", name.escape_debug()), given, expected)
    }

    /// Checks every field.
    ///
    /// # Errors
    /// The first field that cannot be used.
    pub fn check(&self) -> Result<(), SpecError> {
        let name_fits = (1..=32).contains(&self.name.len())
            && self.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !name_fits {
            return self.refuse("name", self.name.len(), "1 to 32 letters, digits and _");
        }
        if self.key >= 1 << 53 {
            return self.refuse("key", self.key, "a number below 2^53");
        }
        let ranges = [
            ("calls", self.calls, 1, 1 << 24),
            ("batch", self.batch, 1, 256),
            ("width", self.width, 1, 1 << 14),
            ("height", self.height, 1, 1 << 14),
            ("channels", self.channels, 1, 256),
            ("frames", self.frames.unwrap_or(1), 1, 256),
            ("classes", self.classes, 2 * self.batch + 1, 1 << 16),
        ];
        for (field, given, least, most) in ranges {
            if !(least..=most).contains(&given) {
                return self.refuse(field, given, &format!("{least} to {most}"));
            }
        }
        let labels = u64::from(self.calls) * u64::from(self.batch);
        if labels > 1 << 26 {
            return self.refuse("calls x batch", labels, "2^26 at most");
        }
        let call = self.image_len() as u64 * u64::from(self.batch) * self.dtype.bytes() as u64;
        if call > 1 << 31 {
            return self.refuse("a call's images in bytes", call, "2^31 at most");
        }
        let small = self.width <= 256 && self.height <= 256;
        match self.kind {
            Kind::Tri if self.channels < 3 => self.refuse("channels", self.channels, "3 at least for kind tri"),
            Kind::Tri | Kind::Word24 if !small => {
                let given = format!("{}x{}", self.width, self.height);
                self.refuse("size", given, "256x256 at most for kinds tri and word24")
            }
            Kind::Word24 if !matches!(self.dtype, Dtype::F32 | Dtype::F64) => {
                self.refuse("dtype", self.dtype.name(), "f32 or f64 for kind word24")
            }
            Kind::Nan if self.special_room() < 3 * self.batch as usize => {
                let expected = "3 places for each image of a call at least for kind nan";
                self.refuse("room for special values", self.special_room(), expected)
            }
            Kind::Nan if !self.dtype.is_float() => self.refuse("dtype", self.dtype.name(), "a float type for kind nan"),
            Kind::Word24 | Kind::Nan if !self.values.is_unit() => {
                self.refuse("values", "far", "the usual ones for kinds word24 and nan")
            }
            _ if !self.values.is_unit() && !matches!(self.dtype, Dtype::F32 | Dtype::F64) => {
                self.refuse("dtype", self.dtype.name(), "f32 or f64 for values far from 1")
            }
            Kind::Digits if self.draws => self.refuse("kind", "digits", "another where there are draws"),
            _ => Ok(()),
        }
    }
}

/// The meta of a probe file.
///
/// ```
/// use cutmix_verify::probe::{Method, Phase, Spec};
///
/// let spec = Spec::new(Method::Cutmix, vec![Phase::structure(), Phase::law()]);
/// assert!(spec.check().is_ok() && spec.format == Spec::FORMAT);
/// // Keys begin with the names of phases, so these must differ.
/// let twice = Spec::new(Method::Cutmix, vec![Phase::law(), Phase::law()]);
/// assert!(twice.check().unwrap_err().to_string().contains("different names"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// `cutmix-probe/1`.
    pub format: String,
    /// What wrote it; not looked at.
    #[serde(default)]
    pub tool: String,
    /// What the audited code is meant to do.
    pub method: Method,
    /// The arrays.
    pub phases: Vec<Phase>,
}

impl Spec {
    /// The only format there is.
    pub const FORMAT: &'static str = "cutmix-probe/1";

    /// A probe of these phases.
    #[must_use]
    pub fn new(method: Method, phases: Vec<Phase>) -> Self {
        let tool = concat!("cutmix-verify ", env!("CARGO_PKG_VERSION")).into();
        Self { format: Self::FORMAT.into(), tool, method, phases }
    }

    /// Checks the format, every phase, and that names differ.
    ///
    /// # Errors
    /// The first field that cannot be used.
    pub fn check(&self) -> Result<(), SpecError> {
        if self.format != Self::FORMAT {
            let given: String = self.format.chars().take(40).collect();
            return refused("probe.format", format!("{given:?}"), "\"cutmix-probe/1\"");
        }
        if !(1..=16).contains(&self.phases.len()) {
            return refused("probe.phases", format!("{} phases", self.phases.len()), "1 to 16");
        }
        for (i, phase) in self.phases.iter().enumerate() {
            phase.check()?;
            if self.method == Method::Mixup && phase.image_len() < 16 {
                return phase.refuse("values of an image", phase.image_len(), "16 at least for mixup");
            }
            // A blend of two grey images is a third; a fill of zeros is image 0's grey and its digit.
            let told = match self.method {
                Method::Cutmix => true,
                Method::Mixup => matches!(phase.kind, Kind::Scr | Kind::Tri),
                Method::Cutout => !matches!(phase.kind, Kind::Digits | Kind::Flat),
            };
            if !told {
                let expected = if self.method == Method::Mixup { "scr or tri for mixup" } else { "another for cutout" };
                return phase.refuse("kind", format!("{:?}", phase.kind), expected);
            }
            if phase.draws && self.method != Method::Cutmix {
                return phase.refuse("draws: method", self.method.name(), "cutmix");
            }
            // A name that begins another's would make keys ambiguous.
            let clash = |other: &Phase| {
                other.name == phase.name
                    || other.name.starts_with(&format!("{}_", phase.name))
                    || phase.name.starts_with(&format!("{}_", other.name))
            };
            if self.phases.iter().take(i).any(clash) {
                return refused("probe.phases", format!("two of name {}", phase.name), "different names");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_orders_the_dimensions() {
        let planar = Phase::structure();
        let mixed = Phase { layout: Layout::Nhwc, ..Phase::structure() };
        assert_eq!([planar.image_shape(), mixed.image_shape()], [[8, 3, 24, 40], [8, 24, 40, 3]]);
        // The second channel of the pixel in row 0, column 2.
        assert_eq!((planar.element(1, 0, 2), mixed.element(1, 0, 2)), (24 * 40 + 2, 7));
    }
}
