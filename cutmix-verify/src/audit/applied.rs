//! Whether anything was done at all, over all phases: only where every image came out as it went in, bit for bit, nothing was.

use super::Prob;
use super::findings::Ledger;
use crate::probe::{Method, Phase};
use crate::profile::Code;
use crate::report::Contrast;

/// One draw in this many changes its sample at least: two thirds of all boxes are not empty at any alpha, and a third of a
/// batch of permutations may stay in its place.
const CHANGE: f64 = 3.0;
/// The same where sides are short, so that half of all boxes are empty.
const CHANGE_OF_SHORT: f64 = 4.0;
/// Sides below which half of the boxes may be empty, and all of them: half a side is rounded down to no pixel.
const SHORT: u32 = 8;
const EMPTY: u32 = 3;
/// Samples of a call depend on each other, at most as if each of so many shared a draw.
const SHARING: f64 = 8.0;
/// How rarely nothing may be changed by chance before that is a finding.
const CHANCE: f64 = 1e-9;

/// What the phases of an audit showed so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Applied {
    /// Samples that were looked at, and those that came out otherwise than they went in.
    samples: f64,
    changed: u64,
    /// The logarithm of the chance that nothing is changed.
    chance: f64,
    /// The first phase, for the example.
    phase: Option<String>,
}

/// What a phase showed of how often anything is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) calls: u32,
    /// Samples with a draw that was read, and those of which anything is changed.
    pub(super) drawn: u64,
    pub(super) changed: u64,
}

impl Applied {
    /// Adds a phase.
    pub(super) fn phase(&mut self, ledger: &mut Ledger, phase: &Phase, method: Method, prob: Prob, seen: Seen) {
        let Seen { calls, drawn, changed } = seen;
        let (calls, samples) = (f64::from(calls), f64::from(calls) * f64::from(phase.batch));
        let name = &phase.name;
        match prob {
            Prob::Known(p) if p > 0.0 => {
                let side = phase.width.min(phase.height);
                let alone = phase.batch == 1 && method != Method::Cutout;
                let boxed = method != Method::Mixup;
                let every = if boxed && side < SHORT { CHANGE_OF_SHORT } else { CHANGE };
                let told = !(alone || boxed && side < EMPTY);
                let chance = if told { calls.max(samples / SHARING) * (1.0 - p / every).ln() } else { 0.0 };
                if changed > 0 || chance < CHANCE.ln() {
                    ledger.tested("S16", samples as u64);
                } else if alone {
                    ledger.untested(format!("phase {name}: batches of one image, which has no partner but itself"));
                } else if !told {
                    ledger.untested(format!("S16: images of phase {name} are so small that every box may be empty"));
                } else {
                    ledger.untested(format!("S16: too few calls in phase {name} to tell whether anything is applied"));
                }
                self.samples += samples;
                self.changed += changed;
                self.chance += chance;
                self.phase.get_or_insert_with(|| name.clone());
            }
            Prob::Known(_) => {
                ledger.tested("S16", samples as u64);
                if drawn > 0 {
                    ledger.fail(Code::AppliedAtZero, ledger.example(0, 0).shows(Contrast::AppliedAtZero(drawn)));
                }
            }
            Prob::Unknown => {}
        }
    }

    /// Says so where nothing was done in any phase.
    pub(super) fn judge(&self, ledger: &mut Ledger) {
        let Some(phase) = self.phase.as_ref().filter(|_| self.changed == 0 && self.chance < CHANCE.ln()) else {
            return;
        };
        ledger.phase(phase);
        ledger.fail(Code::NeverApplied, ledger.example(0, 0).shows(Contrast::NeverApplied(self.samples)));
    }
}
