//! What the caller of an audit says.

use super::judge::budget::TOLERANCE;
use super::prob::Prob;
use crate::profile::shape::{SHAPES, Shape};
use crate::profile::{Code, LambdaLaw, Promises};

/// What the caller promises of the audited code.
///
/// ```
/// use cutmix_verify::audit::{Options, Prob};
/// use cutmix_verify::profile::shape::shape_named;
///
/// let options = Options::default();
/// assert_eq!((options.prob, options.tolerance), (Prob::Known(1.0), 1.25));
/// // Every rounding of the paper's formula is accepted, unless it must be a certain one.
/// assert!(options.accept.len() > 5 && options.accept.iter().all(|shape| shape.allowed()));
/// let strict = Options { accept: shape_named("paper").into_iter().collect(), ..Options::default() };
/// assert_eq!(strict.accept.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Probability that a call (or sample) is mixed.
    pub prob: Prob,
    /// The parameters that it was run with, one trace or round after the other.
    pub alphas: Vec<f64>,
    /// Whether it may change the images that are passed in.
    pub in_place: bool,
    /// Rules for boxes that are accepted: those that the paper's formula allows, unless others are named.
    pub accept: Vec<&'static Shape>,
    /// Laws of lambda that are accepted: the one of alpha, unless others are named.
    pub laws: Vec<LambdaLaw>,
    /// Whether the law of the draws is judged; else only what single samples show: pixels, masks and labels.
    pub judge_law: bool,
    /// By which factor alpha may be off before it must show.
    pub tolerance: f64,
    /// The side of the squares that Cutout cuts, in pixels, if it is promised.
    pub side: Option<u32>,
    /// What is promised of sharing, of pairing, and of the throw with that probability.
    pub promises: Promises,
    /// Codes that are known and expected: a PASS says that they, and no others, were found.
    pub expect: Vec<Code>,
}

impl Default for Options {
    fn default() -> Self {
        let accept = SHAPES.iter().filter(|shape| shape.allowed()).collect();
        Self {
            prob: Prob::Known(1.0),
            alphas: Vec::new(),
            in_place: false,
            accept,
            laws: vec![LambdaLaw::AsAsked],
            judge_law: true,
            tolerance: TOLERANCE,
            side: None,
            promises: Promises::default(),
            expect: Vec::new(),
        }
    }
}
