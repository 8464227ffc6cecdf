//! Exact laws: how probable a box, a pixel's replacement or a weight is, for every rule and every law of lambda.
//!
//! Given `s`, the square root of the box's share before clipping, the two axes are independent, and on each the probability
//! of an interval is constant (centres on whole pixels) or linear in `s` (real centres) while `s` stays between neighbouring
//! multiples of `1 / length`. So the probability of a box is a finite sum of moments `E[s^m; cell]`, `m = 0, 1, 2`, of the
//! law of `s`: incomplete beta functions, and no quadrature. Imports nothing of the core.
//!
//! `special` has the incomplete beta function, `lambda` the laws of `s`, `axis` the intervals of one axis,
//! `boxes` the probability of boxes, and `features` that of what can be seen of them.

mod area;
pub(crate) mod axis;
pub(crate) mod boxes;
mod coverage;
pub(crate) mod features;
pub(crate) mod lambda;
mod shape;
pub(crate) mod special;

pub use coverage::coverage;

/// Known answers, for tests.
#[cfg(test)]
pub(crate) mod reference {
    use serde_json::Value;

    use crate::reference::Patch;

    pub(crate) fn reference() -> Value {
        serde_json::from_str(include_str!("../../tests/data/laws.json")).unwrap()
    }

    /// A number, or one written as text to keep its digits, or a fraction.
    pub(crate) fn number(value: &Value) -> f64 {
        match value {
            Value::String(text) => text.parse().unwrap(),
            other => other.as_f64().unwrap_or_else(|| panic!("{other} is no number")),
        }
    }

    /// All boxes of an image that are not empty.
    pub(crate) fn every_box([width, height]: [u32; 2]) -> Vec<Patch> {
        let spans = |length: u32| (0..length).flat_map(move |from| (from + 1..=length).map(move |to| (from, to)));
        spans(width).flat_map(|columns| spans(height).map(move |rows| Patch::spanning(columns, rows))).collect()
    }
}
