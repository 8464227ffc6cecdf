//! Boxes are separable: all of them on one axis, where the pixels change.

use std::fmt;
use std::ops::{Range, RangeInclusive};

use cutmix_core::{BoxRule, Error};
use rayon::prelude::*;

use crate::reference::{Rule, inside_axis, side_of};

/// What turns `(rule, lambda, centre, length)` into the pixels of one axis: [`BoxRule::span`], or what is tested instead.
pub type Span = dyn Fn(BoxRule, f64, f64, u32) -> Result<Range<u32>, Error> + Sync;

/// The first box on one axis that is not the reference's.
///
/// ```
/// use cutmix_core::{BoxRule, Error};
/// use cutmix_verify::suite::axis_of;
///
/// let nothing = |_: BoxRule, _: f64, _: f64, _: u32| Ok::<_, Error>(0..0);
/// let failure = axis_of(&nothing, 4..=4, 0, &mut |_, _| {}).unwrap_err();
/// assert_eq!((failure.rule, failure.length, &failure.given), (BoxRule::Paper, 4, &Ok(0..0)));
/// assert!(failure.to_string().ends_with("is outside the box 0..0, but in by the reference"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AxisFailure {
    /// The rule.
    pub rule: BoxRule,
    /// Pixels of the axis.
    pub length: u32,
    /// The drawn lambda.
    pub lambda: f64,
    /// The centre's coordinate.
    pub centre: f64,
    /// What came out.
    pub given: Result<Range<u32>, Error>,
    /// A pixel that the reference decides otherwise.
    pub pixel: u32,
}

impl fmt::Display for AxisFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, length, lambda, centre, given, pixel } = self;
        write!(f, "rule {}, {length} pixels, lambda {lambda:?}, centre {centre:?}: ", rule.name())?;
        match given {
            Ok(span) => {
                let (is, should) = if span.contains(pixel) { ("in", "outside") } else { ("outside", "in") };
                write!(f, "pixel {pixel} is {is} the box {span:?}, but {should} by the reference")
            }
            Err(error) => write!(f, "refused: {error}"),
        }
    }
}

impl std::error::Error for AxisFailure {}

/// Holds the core's boxes on one axis against the reference's pixels: every length in `lengths`, every rule, every lambda
/// at which the side is a whole or a half pixel and every centre on a quarter pixel, each with `neighbours` values of
/// binary64 below and above. `progress` hears how many lengths of how many are done.
///
/// Works in rayon's current pool; which failure is found does not depend on it. Returns the number of boxes, about
/// `24 * (2 * neighbours + 1)^2 * length^2` for each length.
///
/// # Errors
/// The first box that goes wrong.
///
/// ```
/// let boxes = cutmix_verify::suite::axis(1..=8, 1, &mut |_, _| {})?;
/// assert!(boxes > 30_000);
/// # Ok::<(), cutmix_verify::suite::AxisFailure>(())
/// ```
pub fn axis(
    lengths: RangeInclusive<u32>,
    neighbours: u32,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, AxisFailure> {
    axis_of(&BoxRule::span, lengths, neighbours, progress)
}

/// The same for anything that gives spans.
///
/// # Errors
/// The first box that goes wrong.
///
/// ```
/// use cutmix_core::BoxRule;
/// use cutmix_verify::suite::{axis, axis_of};
///
/// let mut quiet = |_, _| {};
/// assert_eq!(axis_of(&BoxRule::span, 1..=4, 1, &mut quiet), axis(1..=4, 1, &mut quiet));
/// // Under the paper's rule, the fraction of the centre counts.
/// let whole = |rule: BoxRule, lambda, centre: f64, length| rule.span(lambda, centre.floor(), length);
/// assert!(axis_of(&whole, 1..=4, 1, &mut quiet).is_err());
/// ```
pub fn axis_of(
    span: &Span,
    lengths: RangeInclusive<u32>,
    neighbours: u32,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, AxisFailure> {
    let total = lengths.clone().count() as u64;
    let mut cases = 0;
    progress(0, total);
    for (done, length) in lengths.enumerate() {
        let (lambdas, centres) = edges(length, neighbours);
        for (rule, naive) in BoxRule::ALL.into_iter().zip([Rule::Paper, Rule::Official, Rule::FullExtent]) {
            let failure = lambdas.par_iter().find_map_first(|&lambda| {
                let side = side_of(lambda, length);
                centres.iter().find_map(|&centre| {
                    let given = span(rule, lambda, centre, length);
                    let inside = |pixel| inside_axis(naive, side, centre, pixel);
                    let pixel = wrong_pixel(given.as_ref().ok(), length, &inside)?;
                    Some(AxisFailure { rule, length, lambda, centre, given, pixel })
                })
            });
            if let Some(failure) = failure {
                return Err(failure);
            }
            cases += (lambdas.len() * centres.len()) as u64;
        }
        progress(done as u64 + 1, total);
    }
    Ok(cases)
}

/// A pixel on which the span and the reference differ. The reference's pixels are an interval by its definition, so the
/// pixels around both ends decide; where there are none, all.
fn wrong_pixel(span: Option<&Range<u32>>, length: u32, inside: &dyn Fn(u32) -> bool) -> Option<u32> {
    let Some(span) = span else { return Some(0) };
    let wrong = |&pixel: &u32| pixel < length && span.contains(&pixel) != inside(pixel);
    if span.end > length {
        return Some(span.end - 1);
    }
    if span.is_empty() {
        return (0..length).find(wrong);
    }
    [span.start.wrapping_sub(1), span.start, span.end - 1, span.end].into_iter().find(wrong)
}

/// The values of lambda and of the centre at which a box of this axis changes, with their neighbours.
fn edges(length: u32, neighbours: u32) -> (Vec<f64>, Vec<f64>) {
    let l = f64::from(length);
    let mut lambdas = vec![0.0, f64::from_bits(1), f64::MIN_POSITIVE, 1.0_f64.next_down(), 1.0];
    for half in 0..=2 * length {
        around(1.0 - (f64::from(half) / (2.0 * l)).powi(2), neighbours, &mut lambdas);
    }
    // Whole pixels, pixel centres, and the quarters where odd and even sides change.
    let mut centres = Vec::new();
    for quarter in 0..=4 * length {
        around(f64::from(quarter) / 4.0, neighbours, &mut centres);
    }
    for values in [&mut lambdas, &mut centres] {
        values.sort_by(f64::total_cmp);
        values.dedup();
    }
    lambdas.retain(|lambda| (0.0..=1.0).contains(lambda));
    centres.retain(|centre| (0.0..l).contains(centre));
    (lambdas, centres)
}

fn around(x: f64, neighbours: u32, out: &mut Vec<f64>) {
    let (mut below, mut above) = (x, x);
    out.push(x);
    for _ in 0..neighbours {
        (below, above) = (below.next_down(), above.next_up());
        out.extend([below, above]);
    }
}
