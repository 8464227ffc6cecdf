//! Deviations: how far each is refuted, and which are too much like what is accepted.
//!
//! A PASS says something, so every deviation must be refuted by itself: the mean likelihood of what is accepted over the
//! likelihood of the deviation is an e-value where the deviation is true, and exceeds 10^4 once in 10^4 times then. For a rule
//! or an alpha out of bounds, whose law is not fixed, the denominator is the largest likelihood over all alphas that it may have.
//! So the e-value is at most that of the true one, and the promise holds for each.
//!
//! A deviation whose law hardly differs from what is accepted would need more draws than the audit makes. It is left out, and
//! said to be untested, if the two differ in a smaller share of draws than those that the audit excludes.

use super::alarm::{LN_10, REFUTED, mean, round};
use super::case::{Judge, Null};
use super::identify::code_of;
use super::likelihood::ShapeFit;
use crate::audit::prob::Prob;
use crate::profile::{Code, Rate};
use crate::report::{Alike, Departure, Deviant, Deviation};

/// The slowest pace at which evidence is believed to grow, as a divisor: a deviation of which nothing shows yet is said to need
/// eight times the draws so far, not infinitely many.
const SLOWEST: f64 = 8.0;
/// What is aimed at beyond the limit, as a logarithm of base 10, lest bad luck ask for a third audit.
const MARGIN: f64 = 1.0;

/// A deviation, the fit of its rule, and the number of its law if it has one of its own.
pub(super) type Refuted<'a> = (Deviation, &'a ShapeFit, Option<usize>);

impl Judge<'_> {
    pub(super) fn deviations(&self, nulls: &[Null<'_>]) -> Vec<Refuted<'_>> {
        let Some(alpha) = self.evidence.alpha else { return Vec::new() };
        // The mean likelihood of what is accepted, at the end.
        let ours = mean(nulls.iter().map(Null::last));
        let mut all = Vec::new();
        for fit in &self.fits.shapes {
            let shape = fit.shape;
            let mut add = |departure: Departure, code: Code, theirs: f64, law| {
                let what = Deviant { shape: Some(shape), departure };
                all.push((Deviation { what, code, log10_e: round((ours - theirs) / LN_10) }, fit, law));
            };
            let accepted = self.accepts(&shape);
            if accepted && !shape.without_lambda() && self.asked_for_beta() {
                let tolerance = self.terms.tolerance;
                add(Departure::Below(alpha / tolerance), Code::Alpha, fit.outside[0], None);
                add(Departure::Above(alpha * tolerance), Code::Alpha, fit.outside[1], None);
            }
            if !accepted {
                add(Departure::Rule, code_of(&shape), fit.best.0, None);
            }
            for (number, (law, theirs)) in self.fits.laws.iter().zip(fit.ends()).enumerate().skip(self.fits.right) {
                // However often something is done includes as often as promised; at 1 twice is once.
                let told = match law.rate {
                    Rate::Promised => true,
                    Rate::Squared => matches!(self.terms.prob, Prob::Known(p) if p > 0.0 && p < 1.0),
                    Rate::Any => false,
                };
                let beyond = law.beyond(self.terms.tolerance, self.asked_for_beta());
                let counts = |code: &Code| (*code != Code::Alpha || beyond) && told && !shape.without_lambda();
                if let Some(code) = law.code().filter(counts) {
                    add(Departure::Law(law.clone()), code, theirs, Some(number));
                }
            }
        }
        // Equals in the order of their names, as tables have them.
        let name = |deviation: &Deviation| deviation.what.to_string();
        all.sort_by(|(a, ..), (b, ..)| a.log10_e.total_cmp(&b.log10_e).then_with(|| name(a).cmp(&name(b))));
        all
    }

    /// Takes out deviations that differ from what is accepted and fits best in fewer draws than a PASS excludes: their laws
    /// are nearly one.
    pub(super) fn alike(&self, deviations: &mut Vec<Refuted<'_>>, nulls: &[Null<'_>], rate: f64) -> Vec<Alike> {
        let mut notes = Vec::new();
        let Some(null) = nulls.iter().max_by(|a, b| a.last().total_cmp(&b.last())) else { return notes };
        let Some(law) = self.fits.laws.get(null.law).filter(|_| self.asked()) else { return notes };
        deviations.retain(|(deviation, fit, number)| {
            // The tolerance of alpha is asked for, however little it changes.
            let asked = matches!(deviation.code, Code::Alpha | Code::ApplyRate);
            if asked || deviation.log10_e >= libm::log10(REFUTED) {
                return true;
            }
            let other = number.map_or(law, |number| &self.fits.laws[number]);
            let apart = self.fits.distance((&null.fit.shape, law), (&fit.shape, other));
            if apart < rate {
                notes.push(Alike { deviation: deviation.clone(), shape: null.fit.shape, apart, excluded: rate });
            }
            apart >= rate
        });
        notes
    }

    /// Draws that a deviation still needs, at the pace of those so far.
    pub(super) fn more(&self, deviation: &Deviation) -> u64 {
        let (refuted, draws) = (libm::log10(REFUTED), self.draws as f64);
        let missing = (refuted + MARGIN - deviation.log10_e).max(0.0);
        let pace = (deviation.log10_e / draws).max(refuted / (SLOWEST * draws));
        (missing / pace).ceil() as u64
    }
}
