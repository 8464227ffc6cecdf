//! What a report says of the law of the draws: values, of which [`words`](super::words) makes sentences.

use core::fmt::Display;

use serde::{Serialize, Serializer};

use super::model_fact::{Fact, Statistic};
use super::verdict::Verdict;
use crate::profile::shape::Shape;
use crate::profile::{Code, Hypothesis};

/// The logarithm of the odds from which something is sure: one in a million.
pub(crate) const SURE: f64 = 6.0;
/// The logarithm of the odds from which a deviation is refuted.
pub(crate) const REFUTED: f64 = 4.0;
/// The rungs below: what a right implementation shows in one of a hundred tests, and in one of ten.
pub(crate) const SUSPICIOUS: f64 = 2.0;
pub(crate) const UNUSUAL: f64 = 1.0;

/// A value in JSON, in the words that every form has for it.
fn said<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// A rule in JSON, by its name.
fn rule<S: Serializer>(shape: &Shape, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(shape.name)
}

/// Reasons in JSON, one after the other.
fn because<S: Serializer>(reasons: &[Reason], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&joined(reasons, "; "))
}

/// Values in words, with `between` between them.
pub(crate) fn joined(all: &[impl Display], between: &str) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

/// A law of lambda that is right.
#[derive(Clone, Debug, PartialEq)]
pub enum RightLaw {
    /// The one that was asked for, in some type.
    Known(Hypothesis),
    /// Any, since no alpha was given.
    AnyAlpha,
}

/// An accepted rule with a law that is right, and what speaks against it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Accepted {
    #[serde(rename = "rule", serialize_with = "rule")]
    pub shape: Shape,
    #[serde(serialize_with = "said")]
    pub law: RightLaw,
    /// Evidence of all known deviations together, as the logarithm of an e-value.
    pub log10_likelihood: f64,
    /// Evidence of impossible boxes.
    pub log10_impossible: f64,
    /// Evidence of unknown deviations.
    pub log10_generic: f64,
    /// Boxes that are impossible under it.
    pub impossible: u64,
}

impl Accepted {
    /// Whether what speaks against it is enough to rule it out.
    #[must_use]
    pub fn ruled_out(&self) -> bool {
        self.log10_likelihood.max(self.log10_impossible).max(self.log10_generic) >= SURE
    }
}

/// What is not as accepted: a rule, its law, or its alpha.
#[derive(Clone, Debug, PartialEq)]
pub enum Departure {
    /// An alpha of at most this.
    Below(f64),
    /// An alpha of at least this.
    Above(f64),
    Rule,
    Law(Hypothesis),
}

/// A rule with what is not as accepted; of Mixup there is no rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviant {
    pub shape: Option<Shape>,
    /// What is not as accepted.
    pub departure: Departure,
}

/// A deviation, and how far it is refuted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deviation {
    #[serde(rename = "name", serialize_with = "said")]
    pub what: Deviant,
    /// The code that a finding would have.
    pub code: Code,
    /// Evidence against it, as the logarithm of an e-value; 4 refutes it.
    pub log10_e: f64,
}

/// What explains the draws best.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identified {
    /// The rule; none in Mixup.
    pub shape: Option<Shape>,
    /// The logarithm of its odds against the next.
    pub rule_odds: f64,
    pub rule_rival: Option<Shape>,
    /// The law of lambda; none where the sides are drawn without it.
    pub law: Option<Hypothesis>,
    /// Whether the box has fixed sides, so that lambda has no part in it.
    pub fixed: bool,
    /// The logarithm of the law's odds against the next, less what a choice afterwards gains: it decides.
    pub law_odds: f64,
    /// The logarithm of the ratio of their likelihoods: it is told.
    pub law_ratio: f64,
    pub law_rival: Option<Hypothesis>,
    /// The logarithm of its odds against the law that was asked for, less what a choice afterwards gains.
    pub against_asked: f64,
    /// The logarithm of the ratio of their likelihoods.
    pub asked_ratio: f64,
    /// Whether it explains the draws, or is only what comes nearest.
    pub explains: bool,
}

impl Identified {
    /// The code of a finding, if the law of lambda is a deviation.
    #[must_use]
    pub fn law_code(&self) -> Option<Code> {
        self.law.as_ref().and_then(Hypothesis::code)
    }

    /// Whether its law of lambda is a Beta law with one parameter, so that there is an alpha to speak of.
    #[must_use]
    pub fn beta(&self) -> bool {
        matches!(self.law_code(), None | Some(Code::Alpha | Code::AlphaIgnored | Code::ApplyRate))
    }
}

/// The alphas that the draws do not exclude, at a confidence of all but one in a million.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AlphaInterval {
    pub hat: f64,
    pub low: f64,
    pub high: f64,
}

/// What a box is sorted by. `Column`, `Row` and `Middle` are those of its centre, `Width` and `Height` how many it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Area,
    /// Which edges of the image it touches.
    Touch,
    Column,
    Row,
    Middle,
    Width,
    Height,
    Extents,
    /// Columns and the middle column, and rows and the middle row.
    Across,
    Down,
    /// The areas of two boxes, one drawn after the other.
    Neighbours,
}

/// What a test of unknown deviations looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tested {
    /// Boxes on images of one size, which is named where there are several.
    Boxes(Sort, Option<[u32; 2]>),
    /// Boxes that were drawn before, on images of one size, which is named where there are several.
    Recurring(Option<[u32; 2]>),
    /// Draws that are repeated, and the choice of partners.
    Streams,
    Weights,
    /// Two weights, one drawn after the other.
    NeighbouringWeights,
    /// Whether something that was known before a draw tells it.
    Foretold,
}

/// What of a draw is told by something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    Area,
    Column,
    Row,
    Weight,
}

/// What tells a draw that it should tell nothing of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Teller {
    Class,
    Partner,
    PartnerClass,
    /// The place in the batch.
    Slot,
    /// The call before, and the same place of the batch in it.
    Before,
    SlotBefore,
    /// The draw so many calls earlier, which it repeats.
    Earlier(usize),
}

/// A test of unknown deviations.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LawTest {
    /// What draws are sorted by.
    #[serde(rename = "name", serialize_with = "said")]
    pub of: Tested,
    /// The logarithm of its e-value.
    pub log10_e: f64,
}

/// What evidence is against.
#[derive(Clone, Debug, PartialEq)]
pub enum Against {
    Accepted,
    /// A rule with a law; with the one that was asked for where none is named.
    Rival(Shape, Option<Hypothesis>),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    #[serde(rename = "name", serialize_with = "said")]
    pub against: Against,
    /// Draws, and the logarithm of an e-value.
    pub points: Vec<(u64, f64)>,
}

/// What a PASS of one alpha lacks.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    NoAlpha,
    Square,
    /// So many draws were made of so many that are planned.
    Draws(u64, u64),
    /// So many boxes are impossible.
    Impossible(u64),
    /// The boxes follow this rule, in which lambda has no part, and which was not accepted.
    NotAccepted(Shape),
    /// There is evidence, but not enough for a FAIL.
    Suspicious,
    /// These are not refuted yet.
    NotRefuted(Vec<Deviant>),
    /// Images of this size, or blends, do not tell this alpha from one that is off by this factor.
    Hidden(Option<[u32; 2]>, f64, f64),
}

/// What is wrong with the draws.
#[derive(Clone, Debug, PartialEq)]
pub enum Wrong {
    /// Nothing that is known explains them.
    Unexplained {
        /// What the nearest rule and law do not explain.
        tests: Vec<Tested>,
        /// What is known all the same.
        facts: Vec<Fact>,
        /// Boxes that are impossible under them, and all of them, where these are too many.
        impossible: Option<(u64, u64)>,
    },
    /// They follow a rule that is not accepted, with the logarithm of its odds.
    Rule(Shape, f64),
    /// Lambda follows another law, whether that is sure, which Mixup does not say, and the alphas that are left.
    Law(Hypothesis, Option<bool>, Option<AlphaInterval>),
    /// So many samples of so many are changed, and so many are promised, at most about.
    Rate([u64; 2], Option<f64>),
    /// So many boxes of so many are impossible under the rule that the others follow.
    Impossible(u64, u64, Shape),
    /// So many draws in a row, from this number on, are those from that number on.
    Repeated([usize; 3]),
    /// How often each partner was chosen.
    Partners(Vec<u64>),
    /// Something is told by something else, with the logarithm of its evidence.
    Foretold(Aspect, Teller, f64),
}

/// A deviation that is too much like what is accepted for an audit of this length.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    pub deviation: Deviation,
    /// The accepted rule that fits best.
    pub shape: Shape,
    /// The share of draws in which the two differ.
    pub apart: f64,
    /// The share that the audit excludes.
    pub excluded: f64,
}

/// What the draws of one alpha say of their law.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
/// use cutmix_verify::probe::{Phase, Spec, digest};
/// use cutmix_verify::play::{simulate, variant};
///
/// // 200 boxes of code that takes the drawn point for the box's first corner.
/// let corner = variant("corner").unwrap();
/// let mut phase = Phase { calls: 100, batch: 2, width: 8, height: 6, ..corner.phase() };
/// phase.sha256 = digest(&phase);
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("trace.npz");
/// simulate(&Spec::new(corner.spec().method, vec![phase]), corner, 1.0, 1, std::fs::File::create(&path)?)?;
/// let mut audit = Audit::new(Options { alphas: vec![1.0], ..Options::default() });
/// audit.read(&path, |_, _| {})?;
/// let run = &audit.report().laws[0];
/// assert_eq!(run.identified.rule(), "corner");
/// // None of the accepted roundings of the paper's formula is left.
/// assert!(run.accepted.iter().all(|rule| rule.log10_likelihood.max(rule.log10_impossible) > 6.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
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
    #[serde(serialize_with = "because")]
    pub because: Vec<Reason>,
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
    /// The count that says most, where the law is wrong.
    #[serde(skip)]
    pub statistic: Option<Statistic>,
}

/// What was seen of boxes beside what an accepted rule would show, for the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Extents {
    pub rule: &'static str,
    pub size: [u32; 2],
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
