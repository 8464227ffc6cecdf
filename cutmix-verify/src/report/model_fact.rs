//! What is counted of draws, and what is known exactly of a law that is unknown: values, of which [`words`](super::words) makes
//! sentences.

use crate::profile::shape::Shape;

/// What is counted of boxes or weights. An axis is 0 for columns and 1 for rows; ranges have a first and a last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// Boxes that touch the first column or row.
    First(usize),
    /// Boxes that touch the last one.
    Last(usize),
    /// Boxes of all columns or rows.
    Whole(usize),
    /// Boxes whose middle is there.
    Middle(usize, u32, u32),
    /// Boxes that have so many of them.
    Extent(usize, u32, u32),
    /// Boxes whose middle is in the first half of columns and of rows, or in the last half of both.
    SameHalves,
    /// Weights from the first on, below the second.
    Weights(f64, f64),
}

/// A count that says much against what is accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistic {
    pub event: Event,
    /// Draws that are so.
    pub seen: u64,
    /// Draws that were counted.
    pub draws: u64,
    /// As many as are expected.
    pub expected: f64,
    /// The logarithm of its e-value.
    pub log10_e: f64,
    /// The accepted rule that fits best; none in Mixup.
    pub shape: Option<Shape>,
}

/// What draws of an unknown law show exactly. An axis is 0 for columns and 1 for rows; ranges have a first and a last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact {
    /// Lambda of what shows it whole lies between these, though more is expected on both sides.
    Between(f64, f64),
    /// Lambda is never below this, though more is expected there.
    NeverBelow(f64),
    /// Lambda is never above this.
    NeverAbove(f64),
    /// Lambda is one number between these.
    OneLambda(f64, f64),
    /// Every box touches a border, though so many should not.
    NeverInside(f64),
    /// No box away from the borders has its middle there.
    NoMiddle(usize, u32, u32),
    /// No box covers these.
    Uncovered(usize, u32, u32),
    /// So many boxes of so many lie in the middle half of their room, or in its first half, and so many are expected.
    Uneven(usize, bool, [u64; 2], f64),
    /// The places of boxes of one size are even along each axis.
    Even,
}
