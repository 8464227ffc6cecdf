//! What a report says, before it has a form. Everything that came out of a trace or a child process (names, versions,
//! stderr) is kept as it was; each form escapes it.

use serde::Serialize;
use serde::ser::SerializeStruct as _;

use super::LawRun;
use super::model_sample::{Contrast, Point};
use super::model_tried::Tried;
use super::verdict::Verdict;
use crate::profile::Code;
use crate::profile::matching::Match;
use crate::reference::Patch;

/// How a check came out.
///
/// ```
/// use cutmix_verify::report::Status;
///
/// // For people, and in JSON.
/// assert_eq!(Status::NotApplicable.name(), "NOT APPLICABLE");
/// assert_eq!(serde_json::to_value(Status::NotApplicable)?, "not_applicable");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It was looked for and not found.
    Ok,
    /// It was found.
    Fail,
    /// The trace cannot show it.
    Untested,
    /// The adapter declares that it does not concern it.
    NotApplicable,
}

impl Status {
    /// As tables show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Fail => "FAIL",
            Self::Untested => "UNTESTED",
            Self::NotApplicable => "NOT APPLICABLE",
        }
    }
}

/// One sample that contradicts a check.
///
/// ```
/// use cutmix_verify::reference::Patch;
/// use cutmix_verify::report::Example;
///
/// let example = Example {
///     phase: "structure".into(),
///     call: 3,
///     sample: 1,
///     partner: Some(5),
///     patch: Some(Patch { x0: 2, y0: 0, x1: 6, y1: 4 }),
///     area: Some((16, 48)),
///     expected: "0.5".into(),
///     actual: "0.50000006".into(),
///     ulps: Some(1),
/// };
/// assert_eq!(example.place(), "phase structure, call 3, sample 1, partner 5, box [2, 6)x[0, 4), 16/48 of the pixels");
/// assert_eq!(example.distance(), " (1 ulps apart)");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// Phase of the probe; empty where no single sample shows it, but all draws together.
    pub phase: String,
    /// Number of the call.
    pub call: u32,
    /// Number of the sample in the batch.
    pub sample: usize,
    /// The donor, where one is known.
    pub partner: Option<usize>,
    /// The box, where one is known.
    pub patch: Option<Patch>,
    /// Pixels of the box, and of the image.
    pub area: Option<(u64, u64)>,
    /// What should be there.
    pub expected: String,
    /// What is there.
    pub actual: String,
    /// Distance of two floats in units of the last place of their type.
    pub ulps: Option<u64>,
}

impl Example {
    /// An example that says no more than where it is.
    pub(crate) fn at(phase: &str, call: u32, sample: usize) -> Self {
        Self {
            phase: phase.into(),
            call,
            sample,
            partner: None,
            patch: None,
            area: None,
            expected: String::new(),
            actual: String::new(),
            ulps: None,
        }
    }

    /// An example that is no single sample, but all draws together.
    pub(crate) fn together() -> Self {
        Self::at("", 0, 0)
    }

    /// Adds what should be there, and what is.
    pub(crate) fn shows(self, contrast: Contrast<'_>) -> Self {
        let [expected, actual] = contrast.words();
        Self { expected, actual, ..self }
    }

    /// Adds donor and box, of an image of so many pixels.
    pub(crate) fn boxed(self, partner: Option<usize>, patch: Patch, pixels: u64) -> Self {
        Self { partner, patch: Some(patch), area: Some((patch.area(), pixels)), ..self }
    }

    /// Pixels of its box, to find the smallest example; one without a box is larger than any.
    pub(crate) fn size(&self) -> u64 {
        self.area.map_or(u64::MAX, |(area, _)| area)
    }

    /// Where it is, with its partner and box if they are known. The phase's name is untrusted.
    #[must_use]
    pub fn place(&self) -> String {
        if self.phase.is_empty() {
            return "all draws together".into();
        }
        let partner = self.partner.map_or(String::new(), |partner| format!(", partner {partner}"));
        let patch = match (self.patch, self.area) {
            (Some(patch), Some((area @ 1.., pixels))) => format!(", box {patch}, {area}/{pixels} of the pixels"),
            _ => String::new(),
        };
        format!("phase {}, call {}, sample {}{partner}{patch}", self.phase, self.call, self.sample)
    }

    /// The distance in brackets, if there is one.
    #[must_use]
    pub fn distance(&self) -> String {
        // Beyond that, a number of units says nothing.
        self.ulps.filter(|&ulps| ulps < 1 << 20).map_or(String::new(), |ulps| format!(" ({ulps} ulps apart)"))
    }
}

impl Finding {
    /// Its first example, and the smallest if that is another.
    pub fn examples(&self) -> impl Iterator<Item = (&'static str, &Example)> {
        let smallest = (self.smallest != self.first).then_some(("smallest", &self.smallest));
        [("first", &self.first)].into_iter().chain(smallest)
    }
}

/// Something that is wrong.
///
/// ```
/// use cutmix_verify::audit::{Code, entry};
/// use cutmix_verify::report::{Example, Finding};
///
/// # let example = |call| Example {
/// #     phase: "structure".into(), call, sample: 0, partner: None, patch: None, area: None,
/// #     expected: String::new(), actual: String::new(), ulps: None,
/// # };
/// let raw = entry(Code::LabelRaw).unwrap();
/// let (sentence, hint) = (raw.sentence.into(), raw.hint.into());
/// let finding = Finding { code: raw.code, follows: None, sentence, hint, count: 7, of: 64, first: example(0), smallest: example(9) };
/// let labels: Vec<_> = finding.examples().map(|(label, example)| (label, example.call)).collect();
/// assert_eq!(labels, [("first", 0), ("smallest", 9)]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What `explain` knows it by.
    pub code: Code,
    /// The finding that it follows from; none where it is a cause.
    pub follows: Option<Code>,
    /// One plain sentence.
    pub sentence: String,
    /// How to mend it, in a line or two.
    pub hint: String,
    /// Samples (or calls) that show it.
    pub count: u64,
    /// Samples (or calls) that were looked at.
    pub of: u64,
    /// The first.
    pub first: Example,
    /// The one with the smallest box.
    pub smallest: Example,
}

/// A check, as a line of the table.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
/// use cutmix_verify::report::Status;
///
/// // Every check is in the table, with the reason where it could not be made.
/// let report = Audit::new(Options::default()).report();
/// let unchanged = report.checks.iter().find(|check| check.id == "S08").unwrap();
/// assert_eq!((unchanged.status, unchanged.tested), (Status::Untested, 0));
/// assert_eq!(unchanged.reason, "no PHASE_images_after in the trace");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// `S01` to `S20` and the like.
    pub id: &'static str,
    /// What is checked, in a few words.
    pub title: &'static str,
    /// How it came out.
    pub status: Status,
    /// Samples (or calls, or labels) that were looked at.
    pub tested: u64,
    /// Why it was not tested, or does not apply; empty otherwise.
    pub reason: String,
    /// Codes of the findings that belong to it.
    pub codes: Vec<Code>,
}

/// A convention that was recognised: no defect.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
/// use cutmix_verify::report::{Convention, text};
///
/// let mut report = Audit::new(Options::default()).report();
/// let value = "each image with the one before".into();
/// report.facts.push(Convention { name: "pairing", value, phase: Some("law".into()) });
/// assert!(text(&report).contains("\nconventions\n    pairing: each image with the one before (phase law)\n"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convention {
    /// What about: `sharing`, `pairing`, `label rule`.
    pub name: &'static str,
    /// What was seen.
    pub value: String,
    /// The phase that showed it. Untrusted text.
    pub phase: Option<String>,
}

impl Convention {
    /// What was seen, and where.
    #[must_use]
    pub fn said(&self) -> String {
        let Self { value, phase, .. } = self;
        phase.as_ref().map_or_else(|| value.clone(), |phase| format!("{value} (phase {phase})"))
    }
}

impl Serialize for Convention {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Convention", 2)?;
        fields.serialize_field("name", self.name)?;
        fields.serialize_field("value", &self.said())?;
        fields.end()
    }
}

/// How often each pixel was replaced.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
/// use cutmix_verify::report::{Coverage, html};
///
/// // Four boxes on images of 2 x 1 pixels; the page shows it as a picture.
/// let mut report = Audit::new(Options::default()).report();
/// report.coverage = Some(Coverage { width: 2, height: 1, draws: 4, counts: vec![1, 3] });
/// assert!(html(&report).contains("How often each pixel was replaced"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Coverage {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Samples that count.
    pub draws: u64,
    /// Row by row, how many of them replaced the pixel.
    pub counts: Vec<u64>,
}

/// An image to show: 8-bit RGB, row by row.
///
/// ```
/// use cutmix_verify::report::Bitmap;
///
/// let black = Bitmap { width: 4, height: 3, rgb: vec![0; 36] };
/// assert_eq!(black.rgb.chunks(3).len() as u32, black.width * black.height);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Three bytes a pixel.
    pub rgb: Vec<u8>,
}

/// The sample that a report shows: base, donor, output, and where each pixel came from.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
/// use cutmix_verify::report::{Bitmap, Shown, html};
///
/// let grey = |value: u8| Bitmap { width: 1, height: 1, rgb: vec![value; 3] };
/// let mut report = Audit::new(Options::default()).report();
/// report.shown = Some(Shown {
///     caption: "call 0, sample 1".into(),
///     base: grey(0),
///     donor: None,
///     output: grey(255),
///     sources: grey(99),
///     legend: vec![([99, 99, 99], "the donor's".into())],
/// });
/// let page = html(&report);
/// assert!(page.contains("call 0, sample 1") && page.contains("#636363"));
/// assert_eq!(page.matches("<img ").count(), 3, "base, output and sources");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Which sample, and why it.
    pub caption: String,
    /// The image that was given.
    pub base: Bitmap,
    /// The partner's, where one is known.
    pub donor: Option<Bitmap>,
    /// What came out.
    pub output: Bitmap,
    /// Base's pixels, donor's and others in colours of their own.
    pub sources: Bitmap,
    /// What each colour of `sources` means, in order of appearance.
    pub legend: Vec<([u8; 3], String)>,
}

/// A file that was judged.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
/// use cutmix_verify::report::{Input, text};
///
/// let mut report = Audit::new(Options::default()).report();
/// report.inputs.push(Input { name: "trace.npz".into(), sha256: "0".repeat(64) });
/// assert!(text(&report).contains("\ntrace.npz sha256 000000"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Its name without folders.
    pub name: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// What an audit found, before it has a form: verdict and reason, findings, checks, conventions, laws, and what was not tested.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
/// use cutmix_verify::report::{Report, Verdict};
///
/// let report = Audit::new(Options::default()).report();
/// let report = Report { name: "mine".into(), version: "2.1".into(), verdict: Verdict::Fail, ..report };
/// assert_eq!((report.subject().as_str(), report.exit_code()), ("mine 2.1", 1));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// `cutmix-verify` and its version.
    pub tool: String,
    /// What was judged.
    pub inputs: Vec<Input>,
    /// Name of the implementation, as its adapter gives it. Untrusted.
    pub name: String,
    /// Its version. Untrusted.
    pub version: String,
    /// `cutmix`, `mixup` or `cutout`.
    pub method: &'static str,
    /// What it concludes.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub because: String,
    /// Calls that were read.
    pub calls: u64,
    /// Samples in them.
    pub samples: u64,
    /// Different draws of a box (or weight) among them.
    pub draws: u64,
    /// What is wrong: causes first, each by its certainty, then what follows from them.
    pub findings: Vec<Finding>,
    /// How every check came out, in the order of the catalogue.
    pub checks: Vec<Check>,
    /// Conventions that were recognised.
    pub facts: Vec<Convention>,
    /// What a live audit tried beside the rounds of its law, row by row; empty for traces.
    pub tried: Vec<Tried>,
    /// What the draws of every alpha say of their law.
    pub laws: Vec<LawRun>,
    /// Known implementations that behave like this.
    pub matches: Vec<Match>,
    /// Codes that were expected; a PASS then says that they, and no others, were found.
    pub expected: Vec<Code>,
    /// What was not tested and why, one sentence each.
    pub untested: Vec<String>,
    /// Kept fraction against weight, at most some thousand points.
    pub scatter: Vec<Point>,
    /// How often each pixel was replaced.
    pub coverage: Option<Coverage>,
    /// The end of what the child process wrote to stderr. Untrusted.
    pub stderr: String,
    /// The sample that is shown.
    #[serde(skip)]
    pub shown: Option<Shown>,
}

impl Report {
    /// Name and version of what was judged, as far as they are known. Untrusted.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("{} {}", self.name, self.version).trim().to_owned()
    }

    /// The process's exit code: 0 pass, 1 fail, 3 inconclusive.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self.verdict {
            Verdict::Pass => 0,
            Verdict::Fail => 1,
            Verdict::Inconclusive => 3,
        }
    }
}
