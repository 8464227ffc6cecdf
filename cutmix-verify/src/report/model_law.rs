//! What a report says of the law of the draws.

use crate::profile::Code;
use serde::Serialize;

use super::Verdict;

/// An accepted rule with a law that is right, and what speaks against it.
///
/// ```
/// # use cutmix_verify::audit::Options;
/// # use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
/// # use cutmix_verify::play::{draws_of, variant};
/// # let size = [8, 6];
/// # let (boxes, applied) = draws_of(variant("corner").unwrap(), 1.0, size, 100, 1).unwrap();
/// # let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
/// # let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
/// # let evidence = Evidence { alpha: Some(1.0), parts, ..Evidence::default() };
/// # let Options { accept, tolerance, prob, .. } = Options::default();
/// # let terms = Terms { accept, tolerance, prob, runs: 1, planned: 100, square_only: false, fixed: None };
/// // Of boxes from a corner none of the accepted roundings of the paper's formula is left.
/// let accepted = judge(&evidence, &terms).unwrap().run.accepted;
/// assert!(accepted.iter().any(|rule| rule.rule == "official" && rule.impossible > 0));
/// assert!(accepted.iter().all(|rule| rule.log10_likelihood.max(rule.log10_impossible) > 6.0));
/// ```
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
///
/// ```
/// # use cutmix_verify::audit::Options;
/// # use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
/// # use cutmix_verify::play::{draws_of, variant};
/// # let size = [8, 6];
/// # let (boxes, applied) = draws_of(variant("official").unwrap(), 1.0, size, 100, 1).unwrap();
/// # let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
/// # let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
/// # let evidence = Evidence { alpha: Some(1.0), parts, ..Evidence::default() };
/// # let Options { accept, tolerance, prob, .. } = Options::default();
/// # let terms = Terms { accept, tolerance, prob, runs: 1, planned: 5000, square_only: false, fixed: None };
/// // Of a hundred boxes of code that is right, these are not refuted yet.
/// let open = judge(&evidence, &terms).unwrap().run.open;
/// assert!(open.iter().all(|deviation| deviation.log10_e < 4.0));
/// assert!(open.iter().any(|deviation| deviation.code == "ALPHA"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deviation {
    /// Rule and law.
    pub name: String,
    /// The code that a finding would have.
    pub code: Code,
    /// Evidence against it, as the logarithm of an e-value; 4 refutes it.
    pub log10_e: f64,
}

/// What explains the draws best.
///
/// ```
/// use cutmix_verify::report::Identified;
///
/// let identified = Identified {
///     rule: "official",
///     what: "half sides cut off to whole pixels",
///     rule_odds: 12.0,
///     rule_rival: "full-extent",
///     law: "Beta(0.5, 0.5)".into(),
///     law_code: "ALPHA",
///     law_odds: 3.0,
///     law_rival: "Beta(0.65, 0.65)".into(),
///     against_asked: 20.0,
///     explains: true,
/// };
/// assert!(identified.beta());
/// // Of a law that was folded there is no alpha to speak of.
/// assert!(!Identified { law_code: "LAMBDA_FOLDED", ..identified }.beta());
/// ```
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
    #[serde(serialize_with = "or_empty")]
    pub law_code: Option<Code>,
    /// The logarithm of its odds against the next.
    pub law_odds: f64,
    /// The next.
    pub law_rival: String,
    /// The logarithm of its odds against the law that was asked for.
    pub against_asked: f64,
    /// Whether it explains the draws, or is only what comes nearest.
    pub explains: bool,
}

/// No code is an empty text in JSON.
#[allow(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn or_empty<S: serde::Serializer>(code: &Option<Code>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.map_or("", Code::name))
}

impl Identified {
    /// Whether its law of lambda is a Beta law with one parameter, so that there is an alpha to speak of.
    #[must_use]
    pub fn beta(&self) -> bool {
        matches!(self.law_code, None | Some(Code::Alpha | Code::AlphaIgnored | Code::ApplyRate))
    }
}

/// The alphas that the draws do not exclude, at a confidence of all but one in a million.
///
/// ```
/// # use cutmix_verify::audit::Options;
/// # use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
/// # use cutmix_verify::play::{draws_of, variant};
/// # let size = [8, 6];
/// # let (boxes, applied) = draws_of(variant("official").unwrap(), 1.0, size, 100, 1).unwrap();
/// # let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
/// # let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
/// # let evidence = Evidence { alpha: Some(1.0), parts, ..Evidence::default() };
/// # let Options { accept, tolerance, prob, .. } = Options::default();
/// # let terms = Terms { accept, tolerance, prob, runs: 1, planned: 100, square_only: false, fixed: None };
/// // Of a hundred boxes that were drawn at alpha 1.
/// let interval = judge(&evidence, &terms).unwrap().run.interval.unwrap();
/// assert!(interval.low < interval.hat && interval.hat < interval.high);
/// assert!(interval.low < 1.0 && interval.high > 1.0);
/// ```
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
///
/// ```
/// # use cutmix_verify::audit::Options;
/// # use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
/// # use cutmix_verify::play::{draws_of, variant};
/// # let size = [8, 6];
/// # let (boxes, applied) = draws_of(variant("official").unwrap(), 1.0, size, 100, 1).unwrap();
/// # let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
/// # let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
/// # let evidence = Evidence { alpha: Some(1.0), parts, ..Evidence::default() };
/// # let Options { accept, tolerance, prob, .. } = Options::default();
/// # let terms = Terms { accept, tolerance, prob, runs: 1, planned: 100, square_only: false, fixed: None };
/// // Code that is right exceeds 6 in one audit of a million.
/// let tests = judge(&evidence, &terms).unwrap().run.tests;
/// assert!(tests.iter().any(|test| test.name.contains("area")) && tests.iter().all(|test| test.log10_e < 6.0));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LawTest {
    /// What draws are sorted by.
    pub name: String,
    /// The logarithm of its e-value.
    pub log10_e: f64,
}

/// How evidence grew with the draws.
///
/// ```
/// # use cutmix_verify::audit::Options;
/// # use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
/// # use cutmix_verify::play::{draws_of, variant};
/// # let size = [8, 6];
/// # let (boxes, applied) = draws_of(variant("corner").unwrap(), 1.0, size, 100, 1).unwrap();
/// # let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
/// # let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
/// # let evidence = Evidence { alpha: Some(1.0), parts, ..Evidence::default() };
/// # let Options { accept, tolerance, prob, .. } = Options::default();
/// # let terms = Terms { accept, tolerance, prob, runs: 1, planned: 100, square_only: false, fixed: None };
/// // Of code that takes the drawn point for the box's first corner.
/// let curves = judge(&evidence, &terms).unwrap().run.curves;
/// let most = |curve: &cutmix_verify::report::Curve| curve.points.iter().map(|point| point.1).fold(f64::MIN, f64::max);
/// assert!(curves.iter().any(|curve| most(curve) > 6.0), "evidence against it, by the number of draws");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// Against what.
    pub name: String,
    /// Draws, and the logarithm of an e-value.
    pub points: Vec<(u64, f64)>,
}

/// What the draws of one alpha say of their law.
///
/// ```
/// # use cutmix_verify::audit::Options;
/// use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
/// # use cutmix_verify::play::{draws_of, variant};
///
/// # let size = [8, 6];
/// # let (boxes, applied) = draws_of(variant("alpha-ignored").unwrap(), 0.2, size, 100, 1).unwrap();
/// # let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
/// # let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
/// # let evidence = Evidence { alpha: Some(0.2), parts, ..Evidence::default() };
/// # let Options { accept, tolerance, prob, .. } = Options::default();
/// # let terms = Terms { accept, tolerance, prob, runs: 1, planned: 100, square_only: false, fixed: None };
/// // A hundred boxes of code that draws with alpha 1, whatever it is told: here 0.2.
/// let run = judge(&evidence, &terms).unwrap().run;
/// let interval = run.interval.unwrap();
/// assert!(run.alpha == Some(0.2) && interval.low > 0.2 && interval.high > 0.9);
/// assert!(run.decided.is_some_and(|draws| draws <= run.draws));
/// ```
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

/// What was seen of boxes beside what an accepted rule would show, for the page.
///
/// ```
/// # use cutmix_verify::audit::Options;
/// # use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
/// # use cutmix_verify::play::{draws_of, variant};
///
/// # let size = [8, 6];
/// # let (boxes, applied) = draws_of(variant("official").unwrap(), 1.0, size, 100, 1).unwrap();
/// # let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
/// # let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
/// # let evidence = Evidence { alpha: Some(1.0), parts, ..Evidence::default() };
/// # let Options { accept, tolerance, prob, .. } = Options::default();
/// # let terms = Terms { accept, tolerance, prob, runs: 1, planned: 100, square_only: false, fixed: None };
/// // Of a hundred boxes on images of 8 x 6 pixels.
/// let extents = judge(&evidence, &terms).unwrap().run.extents.unwrap();
/// assert_eq!((extents.size, extents.draws, extents.counts.len()), ([8, 6], 100, 48));
/// // Every box has some number of columns, and so has the law.
/// let [seen, expected] = extents.sides[0].iter().fold([0.0, 0.0], |[n, sum], side| [n + side.0 as f64, sum + side.1]);
/// assert!(seen == 100.0 && (expected - 1.0).abs() < 1e-9);
/// ```
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
