//! What a report says of single samples and of how the audited code goes about it: values, of which [`words`](super::words) makes
//! sentences.

use serde::Serialize;

use super::model_fact::Statistic;
use super::model_law::Wrong;
use crate::decode::{Paste, Picture, SpecialFault, Spot};
use crate::npz::Scalar;
use crate::probe::{Dtype, Method};
use crate::profile::{Code, Label, Promised, Sharing, Throw};
use crate::reference::Patch;
use crate::trace::Misshapen;

/// A sample's kept fraction and its label's weight of the base.
///
/// ```
/// use cutmix_verify::report::Point;
///
/// // A label that was not corrected for clipping lies below the diagonal of the page's chart.
/// let point = Point { kept: 0.75, weight: 0.5 };
/// assert!(point.weight < point.kept);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Fraction of the base's pixels that were kept.
    pub kept: f64,
    /// Weight of the base's label.
    pub weight: f64,
}

/// A label row: classes and weights.
type Row<'a, T> = &'a [(T, f64)];

/// What is there, with what makes it differ from what should be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Contrast<'a> {
    /// Images of another shape.
    Shape(&'a Misshapen),
    /// The type of images that came out, and of those that went in.
    ImageType(Dtype, Dtype),
    MaskType(Scalar),
    LabelType(Scalar),
    /// What was done to the sample of this number, which the method does not do.
    Picture(&'a Picture, usize, Method),
    /// So many values are near those given, by so much of a level at most, from a place on.
    Near(u64, f64, Spot),
    Special(&'a SpecialFault),
    /// In this call of four of a digits probe, so many values are of other places, from a row and column on.
    Digits(u32, usize, (usize, usize)),
    /// By how many levels blends are too dark.
    Dark(f64),
    /// How many bytes of an input differ after the call.
    InputBytes(usize),
    /// The labels that were passed in are others after the call.
    LabelsPassedIn,
    /// What was said where a call raised something, or gave back something else than the calls before.
    Refused(&'a str),
    Unrepeated,
    /// What was done to an image, and to its mask.
    Mask(Paste, &'a Picture),
    /// The edges of a box that was reported, and columns and rows of the image.
    Outside([f64; 4], [u32; 2]),
    /// The edges of a box that was reported, and the box that shows.
    Misreported([f64; 4], Patch),
    /// The partner that was reported, and the one that shows.
    Partner(f64, usize),
    /// The lambda that was reported, and the box that shows.
    Lambda(f64, Patch),
    /// A label, and what it should be.
    Label(Row<'a, f64>, Promise<'a>),
    /// A class that is none.
    Fraction(f64),
    /// The sum of a label's weights.
    Sum(f64),
    /// The base's weight where nothing was replaced.
    Untouched(f64),
    /// The base's weight, and the fraction of it that was kept.
    Weight(f64, f64),
    /// An image of the batch that is never changed.
    NeverChanged(u32),
    /// All draws are those of a round before, or of the first call.
    SameAsRound,
    SameAsCall,
    /// Nothing of so many samples was changed.
    NeverApplied(f64),
    /// So many were changed at probability 0.
    AppliedAtZero(u64),
    /// A box whose sides are not in the ratio of the image's, and the image's columns and rows.
    Aspect(Patch, [u32; 2]),
    /// A square of this side was promised, and this box is there.
    Side(u32, Patch),
    /// Which of the edges, left to lower, none of so many boxes touches.
    EdgesNever([bool; 4], u64),
    /// A phase before, and what it showed and this one shows otherwise.
    Changes(&'a str, [Habit; 2]),
    /// Who shares a draw: promised, and seen.
    Shared(Sharing, Habit),
    /// Who is paired with whom: promised, and seen.
    Paired(Promised, Habit),
    /// What a throw decides on: promised, and seen.
    Thrown(Throw, Throw),
    /// What is wrong with the draws of one alpha.
    Law(Option<f64>, &'a Wrong, Option<&'a Statistic>),
}

/// What a label should be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Promise<'a> {
    Numbers,
    /// This class alone.
    Alone(u32),
    /// The rows of base and partner, as they were given.
    Rows(Row<'a, u32>, Row<'a, u32>),
    /// Classes of the base and of its partner if it has one, whose rows these are.
    Classes((usize, Row<'a, u32>), (Option<usize>, Row<'a, u32>)),
}

/// A convention: how the audited code goes about it, which is no defect.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Habit {
    LabelRule(Label),
    /// Whether images that were passed in, and may be changed, are.
    PassedIn(bool),
    /// Who shares a draw; none if there never were two in a call.
    Sharing(Option<Sharing>),
    /// The same of blends, which have no place.
    Weights(Option<Sharing>),
    /// The draws of one call depend on each other: by one first corner of all boxes, or by one place.
    Dependent([Option<bool>; 2]),
    Pairing(Paired),
    /// What a throw of dice decides on.
    Throw(Throw),
    /// Whether there are boxes with odd sides away from the borders.
    OddExtents(bool),
}

/// Who is paired with whom.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Paired {
    /// Batches of one image.
    Nobody,
    /// Batches of two images.
    Two,
    Flip,
    /// With the image so many places before.
    Roll(usize),
    /// One map, which is neither of the two.
    Fixed,
    Replacement,
    /// A permutation, and whether images stay their own partners, if that shows.
    Permutation(Option<bool>),
}

/// Why a sample is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Found(Code),
    Ordinary,
    /// Of all labels its weight is the furthest from right.
    Label(Point),
}
