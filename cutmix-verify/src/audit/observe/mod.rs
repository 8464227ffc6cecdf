//! What one call shows: draws of boxes and weights, and what is wrong with pixels, masks, reports and labels.
//!
//! An observer takes calls of one phase and says what it saw ([`Seen`]); some see only at the end of a phase. None of them knows
//! where findings are counted or how draws are judged. `audit::phase` calls them; the judge takes their draws.

pub(crate) mod draw;
mod drawn_labels;
pub(crate) mod extents;
mod label;
mod label_rules;
mod labelled;
pub(crate) mod labels;
pub(crate) mod pairing;
pub(crate) mod pixels;
pub(crate) mod reports;
pub(crate) mod sharing;
pub(crate) mod show;

use std::collections::BTreeMap;

use crate::profile::Code;
use crate::report::{Example, Habit, Point};

/// What was looked at, and what was found.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Samples, calls or labels that were looked at, by check.
    pub(crate) tested: BTreeMap<&'static str, u64>,
    /// Findings with an example each, in the order in which they were made.
    pub(crate) findings: Vec<(Code, Example)>,
    /// How many more there are of a kind, without examples.
    pub(crate) more: Vec<(Code, u64)>,
    pub(crate) habits: Vec<Habit>,
    /// What could not be tested, one sentence each.
    pub(crate) notes: Vec<String>,
    pub(crate) points: Vec<Point>,
}

impl Seen {
    pub(crate) fn tested(&mut self, check: &'static str, number: u64) {
        *self.tested.entry(check).or_default() += number;
    }

    pub(crate) fn find(&mut self, code: Code, example: Example) {
        self.findings.push((code, example));
    }

    pub(crate) fn more(&mut self, code: Code, number: u64) {
        self.more.push((code, number));
    }
}
