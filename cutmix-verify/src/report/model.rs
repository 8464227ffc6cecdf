//! What a report says, before it has a form. Everything that came out of a trace or a child process (names, versions,
//! stderr) is kept as it was; each form escapes it.

use serde::Serialize;

use crate::decode::Patch;

/// The judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// Every deviation of the catalogue was refuted.
    Pass,
    /// Something contradicts the paper or the implementation's own promise.
    Fail,
    /// Neither was shown.
    Inconclusive,
}

impl Verdict {
    /// In capitals, as every form shows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Inconclusive => "INCONCLUSIVE",
        }
    }
}

/// How a check came out.
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// Phase of the probe.
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
    /// Where it is, with its partner and box if they are known. The phase's name is untrusted.
    #[must_use]
    pub fn place(&self) -> String {
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What `explain` knows it by.
    pub code: &'static str,
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

/// One line of the table.
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
    pub codes: Vec<&'static str>,
}

/// A convention that was recognised: no defect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What about: `sharing`, `pairing`, `label rule`.
    pub name: &'static str,
    /// What was seen.
    pub value: String,
}

/// A sample's kept fraction and its label's weight of the base.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Fraction of the base's pixels that were kept.
    pub kept: f64,
    /// Weight of the base's label.
    pub weight: f64,
}

/// How often each pixel was replaced.
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

/// An accepted rule with a law that is right, and what speaks against it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Accepted {
    /// Its name.
    pub rule: &'static str,
    /// The law of lambda.
    pub law: String,
    /// Evidence of all known deviations together, as the logarithm of an e-value.
    pub log10_likelihood: f64,
    /// Evidence of impossible boxes.
    pub log10_impossible: f64,
    /// Evidence of unknown deviations.
    pub log10_generic: f64,
    /// Boxes that are impossible under it.
    pub impossible: u64,
}

/// A deviation, and how far it is refuted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deviation {
    /// Rule and law.
    pub name: String,
    /// The code that a finding would have.
    pub code: &'static str,
    /// Evidence against it, as the logarithm of an e-value; 4 refutes it.
    pub log10_e: f64,
}

/// What explains the draws best.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Identified {
    /// The rule.
    pub rule: &'static str,
    /// What it does.
    pub what: &'static str,
    /// The logarithm of its odds against the next.
    pub rule_odds: f64,
    /// The next.
    pub rule_rival: &'static str,
    /// The law of lambda.
    pub law: String,
    /// The code of a finding if it is a deviation; else empty.
    pub law_code: &'static str,
    /// The logarithm of its odds against the next.
    pub law_odds: f64,
    /// The next.
    pub law_rival: String,
    /// The logarithm of its odds against the law that was asked for.
    pub against_asked: f64,
    /// Whether it explains the draws, or is only what comes nearest.
    pub explains: bool,
}

impl Identified {
    /// Whether its law of lambda is a Beta law with one parameter, so that there is an alpha to speak of.
    #[must_use]
    pub fn beta(&self) -> bool {
        matches!(self.law_code, "" | "ALPHA" | "ALPHA_IGNORED" | "APPLY_RATE")
    }
}

/// The alphas that the draws do not exclude, at a confidence of all but one in a million.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AlphaInterval {
    /// The most likely.
    pub hat: f64,
    /// The least.
    pub low: f64,
    /// The largest.
    pub high: f64,
}

/// A test of unknown deviations.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LawTest {
    /// What draws are sorted by.
    pub name: String,
    /// The logarithm of its e-value.
    pub log10_e: f64,
}

/// How evidence grew with the draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// Against what.
    pub name: String,
    /// Draws, and the logarithm of an e-value.
    pub points: Vec<(u64, f64)>,
}

/// What the draws of one alpha say of their law.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LawRun {
    /// The alpha that was given.
    pub alpha: Option<f64>,
    /// Sizes of images, columns first.
    pub sizes: Vec<[u32; 2]>,
    /// Independent draws.
    pub draws: u64,
    /// Draws that were made before, and add nothing.
    pub repeated: u64,
    /// Whether the draws of one call depend on each other, so that one of each call was judged.
    pub by_call: bool,
    /// Draws without which there is no PASS.
    pub planned: u64,
    /// By which factor alpha may be off before it must show.
    pub tolerance: f64,
    /// The judgement of the law alone.
    pub verdict: Verdict,
    /// What a PASS lacks; empty otherwise.
    pub because: String,
    /// Draws after which it was sure to be wrong.
    pub decided: Option<u64>,
    /// About how many more draws are needed.
    pub needed: Option<u64>,
    /// The rate of visible defects that these draws exclude at 10^4 to 1.
    pub excluded_rate: f64,
    /// What is accepted.
    pub accepted: Vec<Accepted>,
    /// Deviations that were looked for.
    pub deviations: u64,
    /// Those that are refuted.
    pub refuted: u64,
    /// Those that are not.
    pub open: Vec<Deviation>,
    /// What explains the draws best.
    pub identified: Identified,
    /// The alphas that are left.
    pub interval: Option<AlphaInterval>,
    /// Tests of unknown deviations, for the accepted rule that fits best.
    pub tests: Vec<LawTest>,
    /// How evidence grew.
    pub curves: Vec<Curve>,
    /// What was seen beside what is expected.
    #[serde(skip)]
    pub extents: Option<Extents>,
}

/// A known implementation that shows the same fingerprint.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Match {
    /// What it is called.
    pub name: String,
    /// Versions that do so.
    pub versions: String,
    /// What the trace does not show of the fingerprint; empty if all of it agrees.
    pub unseen: Vec<String>,
}

/// What was seen of boxes beside what an accepted rule would show, for the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Extents {
    /// The rule.
    pub rule: &'static str,
    /// Columns and rows.
    pub size: [u32; 2],
    /// Boxes.
    pub draws: u64,
    /// By number of columns, and by number of rows: boxes that have as many, and their probability.
    pub sides: [Vec<(u64, f64)>; 2],
    /// Area as a share, the share of boxes up to it, and its probability.
    pub area: Vec<(f64, f64, f64)>,
    /// How far the two may be apart, but for once in a million.
    pub band: f64,
    /// Boxes that replace each pixel, row by row.
    pub counts: Vec<u64>,
    /// The probability that a pixel is replaced.
    pub coverage: Vec<f64>,
}

/// An image to show: 8-bit RGB, row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Three bytes a pixel.
    pub rgb: Vec<u8>,
}

/// The sample that a report shows: base, donor, output, and where each pixel came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Which sample, and why it.
    pub caption: String,
    /// The image that was given.
    pub base: Picture,
    /// The partner's, where one is known.
    pub donor: Option<Picture>,
    /// What came out.
    pub output: Picture,
    /// Base's pixels, donor's and others in colours of their own.
    pub sources: Picture,
    /// What each colour of `sources` means, in order of appearance.
    pub legend: Vec<([u8; 3], String)>,
}

/// A file that was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Its name without folders.
    pub name: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// All of it.
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
    /// The judgement.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub because: String,
    /// Calls and samples that were read.
    pub calls: u64,
    /// Samples.
    pub samples: u64,
    /// Different draws of a box (or weight) among them.
    pub draws: u64,
    /// What is wrong, gravest first.
    pub findings: Vec<Finding>,
    /// The table.
    pub checks: Vec<Check>,
    /// Conventions.
    pub facts: Vec<Fact>,
    /// What the draws of every alpha say of their law.
    pub laws: Vec<LawRun>,
    /// Known implementations that behave like this.
    pub matches: Vec<Match>,
    /// Codes that were expected; a PASS then says that they, and no others, were found.
    pub expected: Vec<&'static str>,
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
