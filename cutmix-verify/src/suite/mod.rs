//! The suites that enumerate, compared with the reference: every operation of a level over every geometry that its
//! kernels tell apart, and every box on one axis ([`axis()`]).
//!
//! Plain functions, for tests, for the command line, for emulators and for ports of the core. The kernels are
//! private, so the suite goes through the public operations, with views whose rows are exactly the rows of a rectangle.
//! Bytes that are only moved carry the name of their origin (see [`crate::guard`]); values are compared with the
//! per-element formulas of [`mod@crate::reference`], never with another level.
//!
//! Imports `cutmix-core`, `guard` and `reference`; imported by `cli` and the tests.
//!
//! ```
//! use cutmix_core::Level;
//! use cutmix_verify::suite::{Effort, Operation, Outcome, Subject, Target, run};
//!
//! /// Fills nothing.
//! struct Idle;
//! impl Subject for Idle {
//!     fn level(&self) -> Level {
//!         Level::PORTABLE
//!     }
//!     fn fill(&self, _: Target<'_>, _: Option<&[u8]>) -> Outcome {
//!         Ok(())
//!     }
//! }
//! let failure = run(&Idle, &[Operation::Fill], Effort::Quick, &mut |_, _| {}).unwrap_err();
//! assert_eq!((failure.operation, failure.level), ("fill", "portable"));
//! ```

mod axis;
mod blends;
mod fills;
mod geometry;
mod labels;
mod moves;
mod noises;
mod subject;

use std::fmt;

use cutmix_core::Level;

use crate::guard::{Guarded, Rect, Shape, difference};
pub use crate::reference::Dtype;
pub use axis::{AxisFailure, Span, axis, axis_of};
pub use subject::{Noise, Outcome, Source, Subject, Target};

/// How much of the suite is run.
///
/// ```
/// use cutmix_verify::suite::Effort;
///
/// assert_eq!(Effort::ALL.map(Effort::name), ["quick", "reduced", "exhaustive"]);
/// assert_eq!((Effort::from_name("quick"), Effort::from_name("lazy")), (Some(Effort::Quick), None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Seconds: every length, alignment and kind of pitch, but few of their combinations.
    Quick,
    /// For continuous integration: more combinations.
    Reduced,
    /// Every length at every pair of alignments, and every weight of a byte blend on every pair of bytes. Minutes, with
    /// optimisations.
    Exhaustive,
}

impl Effort {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Quick, Self::Reduced, Self::Exhaustive];

    /// The name on command lines and in the environment.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Reduced => "reduced",
            Self::Exhaustive => "exhaustive",
        }
    }

    /// The effort of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effort| effort.name() == name)
    }
}

/// What the suite checks.
///
/// ```
/// use cutmix_verify::suite::Operation;
///
/// assert_eq!((Operation::ALL.len(), Operation::MixBatchRows.name()), (11, "mix_batch_rows"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A box copied from image to image.
    Copy,
    /// A box exchanged between two images.
    Exchange,
    /// A box filled with zeros or with a constant.
    Fill,
    /// Bytes blended.
    BlendU8,
    /// 16-bit integers blended.
    BlendU16,
    /// Binary32 blended.
    BlendF32,
    /// A box filled with noise of bytes.
    NoiseU8,
    /// The same of 16-bit integers.
    NoiseU16,
    /// The same of binary32.
    NoiseF32,
    /// Two label rows mixed.
    MixRows,
    /// The label rows of a batch mixed.
    MixBatchRows,
}

impl Operation {
    /// All operations.
    pub const ALL: [Self; 11] = [
        Self::Copy,
        Self::Exchange,
        Self::Fill,
        Self::BlendU8,
        Self::BlendU16,
        Self::BlendF32,
        Self::NoiseU8,
        Self::NoiseU16,
        Self::NoiseF32,
        Self::MixRows,
        Self::MixBatchRows,
    ];

    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Exchange => "exchange",
            Self::Fill => "fill",
            Self::BlendU8 => "blend_u8",
            Self::BlendU16 => "blend_u16",
            Self::BlendF32 => "blend_f32",
            Self::NoiseU8 => "noise_u8",
            Self::NoiseU16 => "noise_u16",
            Self::NoiseF32 => "noise_f32",
            Self::MixRows => "mix_rows",
            Self::MixBatchRows => "mix_batch_rows",
        }
    }

    /// The type of the values: bytes where they are only moved.
    const fn element(self) -> Dtype {
        match self {
            Self::Copy | Self::Exchange | Self::Fill | Self::BlendU8 | Self::NoiseU8 => Dtype::U8,
            Self::BlendU16 | Self::NoiseU16 => Dtype::U16,
            Self::BlendF32 | Self::NoiseF32 | Self::MixRows | Self::MixBatchRows => Dtype::F32,
        }
    }

    fn parts(self, effort: Effort) -> Vec<Part> {
        let element = self.element();
        match self {
            Self::Copy | Self::Exchange | Self::MixRows => {
                geometry::lengths(element.bytes()).into_iter().map(Part::Length).collect()
            }
            Self::Fill => fills::parts(),
            Self::BlendU8 | Self::BlendU16 | Self::BlendF32 => blends::parts(element, effort),
            Self::NoiseU8 | Self::NoiseU16 | Self::NoiseF32 => noises::parts(element),
            Self::MixBatchRows => labels::batch_parts(),
        }
    }

    fn check(self, run: &mut Run<'_>, part: Part) -> Result<u64, Failure> {
        match self {
            Self::Copy | Self::Exchange => moves::check(run, part.number(), self == Self::Exchange),
            Self::Fill => fills::check(run, part),
            Self::BlendU8 | Self::BlendU16 | Self::BlendF32 => blends::check(run, self.element(), part),
            Self::NoiseU8 | Self::NoiseU16 | Self::NoiseF32 => noises::check(run, self.element(), part),
            Self::MixRows => labels::check_rows(run, part.number()),
            Self::MixBatchRows => labels::check_batch(run, part.number()),
        }
    }
}

/// A share of an operation's cases, so that progress can be told.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// Rows of so many bytes (pixels, label numbers): geometries.
    Length(usize),
    /// Values; the number means what the operation says.
    Values(usize),
}

impl Part {
    const fn number(self) -> usize {
        match self {
            Self::Length(n) | Self::Values(n) => n,
        }
    }
}

/// What was checked: cases by operation.
///
/// ```
/// use cutmix_verify::suite::{Operation, Report};
///
/// let report = Report { operations: vec![(Operation::Copy, 300), (Operation::Fill, 40)] };
/// assert_eq!(report.cases(), 340);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Operations in the order of [`Operation::ALL`], and how many cases each passed.
    pub operations: Vec<(Operation, u64)>,
}

impl Report {
    /// The cases of all operations.
    #[must_use]
    pub fn cases(&self) -> u64 {
        self.operations.iter().map(|(_, cases)| cases).sum()
    }
}

/// The first case that went wrong.
///
/// ```
/// use cutmix_verify::suite::Failure;
///
/// let (case, problem) = ("3 x 5 bytes".to_owned(), "2 wrong bytes in the buffer".to_owned());
/// let failure = Failure { level: "sse2", operation: "fill", seed: 7, case, problem, matrix: "..xx.".into() };
/// let text = "fill at level sse2: 2 wrong bytes in the buffer\ncase: 3 x 5 bytes; seed 0x7\n..xx.";
/// assert_eq!(failure.to_string(), text);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Name of the level.
    pub level: &'static str,
    /// Name of the operation.
    pub operation: &'static str,
    /// Seed of the bytes and numbers of this case's share; paint needs none.
    pub seed: u64,
    /// The case: lengths, alignments, rows, pitches, weights.
    pub case: String,
    /// What is wrong, in words.
    pub problem: String,
    /// Which bytes are wrong: see [`crate::guard::Difference`]. Empty where the operation was refused.
    pub matrix: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} at level {}: {}", self.operation, self.level, self.problem)?;
        writeln!(f, "case: {}; seed {:#x}", self.case, self.seed)?;
        f.write_str(&self.matrix)
    }
}

impl std::error::Error for Failure {}

/// Runs the suite's cases of some operations on anything that can be tested: a level of the core, or what implements
/// [`Subject`]. `progress` hears how many shares of how many are done. All operations take seconds at [`Effort::Quick`],
/// with optimisations; in one thread.
///
/// # Errors
/// The first case that goes wrong.
///
/// ```
/// use cutmix_core::Level;
/// use cutmix_verify::suite::{Effort, Operation, run};
///
/// for level in Level::available() {
///     let mut last = (0, 0);
///     let report = run(level, &[Operation::MixBatchRows], Effort::Quick, &mut |done, total| last = (done, total))?;
///     assert!(report.cases() > 100 && last.0 == last.1);
/// }
/// # Ok::<(), cutmix_verify::suite::Failure>(())
/// ```
pub fn run(
    subject: &dyn Subject,
    operations: &[Operation],
    effort: Effort,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, Failure> {
    let shares: Vec<_> = operations.iter().map(|&operation| (operation, operation.parts(effort))).collect();
    let total = shares.iter().map(|(_, parts)| parts.len() as u64).sum();
    let mut done = 0;
    progress(done, total);
    let mut report = Report::default();
    for (operation, parts) in shares {
        let mut cases = 0;
        for (i, part) in parts.into_iter().enumerate() {
            let seed = Random(SEED ^ (operation as u64) << 32 ^ i as u64).next();
            cases += operation.check(&mut Run::new(subject, operation, effort, seed), part)?;
            done += 1;
            progress(done, total);
        }
        report.operations.push((operation, cases));
    }
    Ok(report)
}

/// Holds the environment to its promise: `CUTMIX_EXPECT_LEVEL=avx2` says that this machine has that level, so that a run
/// that was meant to cover it cannot pass without it.
///
/// # Errors
/// What is missing, in one line, where the variable names a level that this machine does not have or that there is not.
///
/// ```
/// use cutmix_verify::suite::expect_level;
///
/// // In a test of its own: whatever was promised to the run, this machine has it.
/// assert_eq!(expect_level(), Ok(()));
/// ```
pub fn expect_level() -> Result<(), String> {
    match std::env::var_os("CUTMIX_EXPECT_LEVEL") {
        Some(name) if !name.is_empty() => expect_level_named(&name.to_string_lossy()),
        _ => Ok(()),
    }
}

/// The same for a name.
///
/// # Errors
/// As [`expect_level`].
#[doc(hidden)]
pub fn expect_level_named(name: &str) -> Result<(), String> {
    if Level::from_name(name).is_some() {
        return Ok(());
    }
    let available: Vec<_> = Level::available().iter().map(|level| level.name()).collect();
    let known = if Level::NAMES.contains(&name) { "is not available here" } else { "is not the name of a level" };
    Err(format!("{name:?} {known}; available: {}", available.join(", ")))
}

const SEED: u64 = 0x2019_0513;

/// Numbers for paint and weights: Steele, Lea and Flood's `SplitMix64`.
#[derive(Clone, Copy, Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

/// One share of an operation under test, with its buffers.
struct Run<'s> {
    subject: &'s dyn Subject,
    operation: Operation,
    effort: Effort,
    seed: u64,
    a: Guarded,
    b: Guarded,
    c: Guarded,
    want: Vec<u8>,
}

impl<'s> Run<'s> {
    fn new(subject: &'s dyn Subject, operation: Operation, effort: Effort, seed: u64) -> Self {
        let (a, b, c) = Default::default();
        Self { subject, operation, effort, seed, a, b, c, want: Vec::new() }
    }

    fn failure(&self, case: String, problem: String, matrix: String) -> Failure {
        let (level, operation) = (self.subject.level().name(), self.operation.name());
        Failure { level, operation, seed: self.seed, case, problem, matrix }
    }

    /// Compares the buffer `a` with the bytes that are wanted.
    fn compare(&self, outcome: Outcome, case: impl Fn() -> String) -> Result<(), Failure> {
        outcome.map_err(|problem| self.failure(case(), problem, String::new()))?;
        let rect = self.a.rect();
        let Some(found) = difference(&rect, self.a.bytes(), &self.want) else { return Ok(()) };
        let (bytes, element) = (count(found.count, "wrong byte"), self.operation.element().bytes());
        let first = values(&rect, self.a.bytes(), &self.want, found.first, element);
        Err(self.failure(case(), format!("{bytes} in the buffer; the first, {first}"), found.matrix))
    }

    /// Lays out the buffer `a` and paints it, and wants that paint.
    fn paint_output(&mut self, shape: Shape, first: usize) {
        self.a.lay_out(shape);
        self.a.paint(first, 0);
        self.a.bytes().clone_into(&mut self.want);
    }
}

/// What was found and what was wanted at an element of the buffer, in hexadecimal.
fn values(rect: &Rect, got: &[u8], want: &[u8], at: usize, element: usize) -> String {
    let start = at - at % element;
    let number = |bytes: &[u8]| {
        let mut word = [0; 8];
        word[..element].copy_from_slice(&bytes[start..start + element]);
        let word = u64::from_ne_bytes(word);
        // The bytes after the element are zero: the lower ones where the highest comes first.
        if cfg!(target_endian = "big") { word >> (64 - 8 * element) } else { word }
    };
    let (got, want, digits) = (number(got), number(want), 2 * element);
    format!("{}, is 0x{got:0digits$x}, but 0x{want:0digits$x} is expected", rect.locate(at))
}

/// Writes the low bits of an element of one, two or four bytes, in native order.
fn store(cell: &mut [u8], bits: u32) {
    match cell.len() {
        1 => cell.copy_from_slice(&(bits as u8).to_ne_bytes()),
        2 => cell.copy_from_slice(&(bits as u16).to_ne_bytes()),
        _ => cell.copy_from_slice(&bits.to_ne_bytes()),
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
