//! Deviations: how far each is refuted, and which are too much like what is accepted.

use super::hypotheses::Rate;
use super::likelihood::{ShapeFit, distance};
use super::verdict::{Judge, LN_10, Null, REFUTED, code_of, mean, round};
use crate::audit::Prob;
use crate::profile::Code;
use crate::report::Deviation;

impl Judge<'_> {
    /// Evidence against every deviation.
    pub(super) fn deviations(&self, nulls: &[Null<'_>]) -> Vec<(Deviation, &ShapeFit, Option<usize>)> {
        let Some(alpha) = self.evidence.alpha else { return Vec::new() };
        // The mean likelihood of what is accepted, at the end.
        let ours = mean(nulls.iter().filter_map(|null| null.likelihood.last().copied()));
        let mut all = Vec::new();
        let mut add = |name: String, code: Code, theirs: f64, fit, law| {
            all.push((Deviation { name, code, log10_e: round((ours - theirs) / LN_10) }, fit, law));
        };
        for fit in &self.fits.shapes {
            let shape = &fit.shape;
            let accepted = self.accepts(shape);
            if accepted && !shape.without_lambda() {
                let tolerance = self.terms.tolerance;
                for (theirs, range) in fit.outside.into_iter().zip([
                    format!("alpha below {:.4}", alpha / tolerance),
                    format!("alpha above {:.4}", alpha * tolerance),
                ]) {
                    add(format!("{}, {range}", shape.name), Code::Alpha, theirs, fit, None);
                }
            } else if !accepted {
                add(format!("{}: {}", shape.name, shape.what), code_of(shape), fit.best.0, fit, None);
            }
            for (number, (law, curve)) in self.fits.laws.iter().zip(&fit.curves).enumerate().skip(self.fits.right) {
                // However often something is done includes as often as promised; at 1 twice is once.
                let told = match law.rate {
                    Rate::Promised => true,
                    Rate::Squared => matches!(self.terms.prob, Prob::Known(p) if p > 0.0 && p < 1.0),
                    Rate::Any => false,
                };
                if let Some(code) = law.code.filter(|code| *code != Code::Alpha && told && !shape.without_lambda()) {
                    let theirs = curve.last().copied().unwrap_or(0.0);
                    add(format!("{}, {}", shape.name, law.name), code, theirs, fit, Some(number));
                }
            }
        }
        all.sort_by(|(a, ..), (b, ..)| a.log10_e.total_cmp(&b.log10_e).then_with(|| a.name.cmp(&b.name)));
        all
    }

    /// Takes out deviations that differ from what is accepted and fits best in fewer draws than a PASS excludes: their laws
    /// are nearly one.
    pub(super) fn alike(
        &self,
        deviations: &mut Vec<(Deviation, &ShapeFit, Option<usize>)>,
        nulls: &[Null<'_>],
        rate: f64,
    ) -> Vec<String> {
        let mut notes = Vec::new();
        let last = |null: &Null<'_>| null.likelihood.last().copied().unwrap_or(f64::MIN);
        let Some(null) = nulls.iter().max_by(|a, b| last(a).total_cmp(&last(b))) else { return notes };
        let Some(law) = self.fits.laws.get(null.law).filter(|_| self.fits.right > 0) else { return notes };
        deviations.retain(|(deviation, fit, number)| {
            // The tolerance of alpha is asked for, however little it changes.
            if deviation.log10_e >= libm::log10(REFUTED)
                || deviation.code == Code::Alpha
                || deviation.code == Code::ApplyRate
            {
                return true;
            }
            let other = match number {
                Some(number) => (self.fits.laws[*number].law.clone(), self.fits.laws[*number].precision),
                None => (law.law.clone(), law.precision),
            };
            let ours = (&null.fit.shape, &law.law, law.precision);
            let apart = distance(&self.evidence.parts, ours, (&fit.shape, &other.0, other.1));
            if apart < rate {
                notes.push(format!(
                    "{} ({}): differs from {} in {:.3} % of draws, and this audit excludes {:.3} %",
                    deviation.code,
                    deviation.name,
                    null.fit.shape.name,
                    100.0 * apart,
                    100.0 * rate
                ));
            }
            apart >= rate
        });
        notes
    }

    /// Draws that a deviation still needs, at the pace of those so far.
    pub(super) fn more(&self, deviation: &Deviation) -> u64 {
        let missing = (libm::log10(REFUTED) + 1.0 - deviation.log10_e).max(0.0);
        let pace = (deviation.log10_e / self.draws as f64).max(libm::log10(REFUTED) / (8.0 * self.draws as f64));
        (missing / pace).ceil() as u64
    }
}
