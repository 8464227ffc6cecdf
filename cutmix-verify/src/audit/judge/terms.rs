//! What a judgement is asked for, and what it says.

use super::evidence::Drawn;
use crate::audit::prob::Prob;
use crate::profile::shape::Shape;
use crate::profile::{Code, LambdaLaw};
use crate::report::{Alike, LawRun, Wrong};

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    pub accept: Vec<&'static Shape>,
    /// Laws of lambda that are accepted.
    pub laws: Vec<LambdaLaw>,
    /// By which factor alpha may be off before it must show.
    pub tolerance: f64,
    pub prob: Prob,
    /// Alphas that are judged beside this one, and this one.
    pub runs: usize,
    /// Draws without which there is no PASS.
    pub planned: u64,
    pub square_only: bool,
    /// Columns and rows of a box that does not follow lambda, as the first Cutout's.
    pub fixed: Option<[u32; 2]>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub code: Code,
    pub what: Wrong,
    /// Some draws that show it; none where all of them do.
    pub shown: Vec<Drawn>,
    /// How many draws show it; 0 for all of them.
    pub count: u64,
}

impl Found {
    /// What all draws show.
    pub(super) const fn new(code: Code, what: Wrong) -> Self {
        Self { code, what, shown: Vec::new(), count: 0 }
    }
}

/// What was concluded, and what is wrong.
#[derive(Clone, Debug)]
pub struct Judged {
    pub run: LawRun,
    pub found: Vec<Found>,
    /// Deviations that so few draws would show that they are not looked for.
    pub untested: Vec<Alike>,
}
