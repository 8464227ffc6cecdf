//! What the caller of an audit says.

use super::TOLERANCE;
use crate::profile::Code;
use crate::profile::shape::{SHAPES, Shape};

/// How often the audited code promises to change a sample.
///
/// ```
/// # use cutmix_verify::audit::{Audit, Options, Prob};
/// # use cutmix_verify::probe::{Phase, Spec, digest};
/// # use cutmix_verify::play::{simulate, variant};
/// # let official = variant("official").unwrap();
/// # let mut phase = Phase { calls: 2, width: 8, height: 6, ..official.phase() };
/// # phase.sha256 = digest(&phase);
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("trace.npz");
/// # simulate(&Spec::new(official.spec().method, vec![phase]), official, 1.0, 7, std::fs::File::create(&path)?)?;
/// // A trace in which images were mixed, of code that was told not to.
/// let mut audit = Audit::new(Options { prob: Prob::Known(0.0), alphas: vec![1.0], ..Options::default() });
/// audit.read(&path, |_, _| {})?;
/// assert!(audit.report().findings.iter().any(|finding| finding.code == "APPLIED_AT_ZERO"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prob {
    /// With this probability.
    Known(f64),
    /// Not known: what depends on it is not tested.
    Unknown,
}

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
    /// By which factor alpha may be off before it must show.
    pub tolerance: f64,
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
            tolerance: TOLERANCE,
            expect: Vec::new(),
        }
    }
}
