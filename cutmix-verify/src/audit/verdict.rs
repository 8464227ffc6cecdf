//! The judgement of all that was read: exact findings, and the laws of the draws.

use super::findings::Ledger;
use super::judge::{Evidence, Found, Judged, Terms, judge, judge_calls, weights};
use super::{AlphaDraws, Audit, Prob, planned_draws};
use crate::probe::{Declares, Method};
use crate::profile::matching::{matches, wrong_labels};
use crate::profile::shape::shape_named;
use crate::profile::{Code, Hypothesis, Label, LambdaLaw, Precision, Rate};
use crate::report::words;
use crate::report::{Check, Contrast, Example, Finding, Habit, LawRun, Match, SURE, Status, Verdict};

/// Checks without which nothing passes. Those of labels may be declared away.
const NEEDED: [&str; 15] =
    ["S01", "S02", "S03", "S04", "S05", "S06", "S07", "S09", "S10", "S11", "S12", "S13", "S17", "S20", "B02"];
/// Checks whose findings say that what was decoded is no box of one draw.
const BLURRED: [&str; 10] = ["S01", "S02", "S03", "S04", "S05", "S06", "S07", "S09", "X01", "G03"];
/// Below this alpha, code that draws in binary32 has a box of the whole image in more than one draw of ten thousand.
const TOLD: f64 = 0.5;
/// The size of image that a plan is made for where no box was seen: a probe's own.
const SIZE: [u32; 2] = [40, 24];

impl Audit {
    fn declares(&self, limit: Declares) -> bool {
        self.adapter.declares.contains(&limit)
    }

    /// Judges the draws of every alpha. Some tenths of a second.
    pub(super) fn judged(&self) -> Vec<Judged> {
        let runs = self.draws.len();
        let mut all = Vec::new();
        for AlphaDraws { boxes: evidence, weights: drawn } in &self.draws {
            let size = evidence.parts.iter().max_by_key(|part| part.boxes.len()).map_or(SIZE, |part| part.size);
            let alpha = evidence.alpha.unwrap_or(1.0);
            let fixed = if self.method == Method::Cutout { evidence.fixed_sides() } else { None };
            let terms = Terms {
                accept: self.options.accept.clone(),
                tolerance: self.options.tolerance,
                prob: self.options.prob,
                runs,
                planned: if self.method == Method::Mixup {
                    weights::planned(alpha, self.options.tolerance)
                } else {
                    planned_draws(size, alpha, self.options.tolerance)
                },
                square_only: self.declares(Declares::SquareOnly),
                fixed,
            };
            let judged = match self.method {
                Method::Mixup => weights::judge(evidence.alpha, drawn, &terms),
                // Of a box that does not follow lambda, no alpha is needed.
                Method::Cutout if fixed.is_some() => {
                    let any = Evidence { alpha: Some(alpha), ..evidence.clone() };
                    judge(&any, &terms).map(|mut judged| {
                        judged.run.alpha = evidence.alpha;
                        judged.run.identified.fixed = true;
                        judged.run.identified.law_rival = None;
                        judged
                    })
                }
                Method::Cutmix | Method::Cutout => judge_calls(evidence, &terms),
            };
            all.extend(judged);
        }
        all
    }

    /// Judges the laws, and notes what is wrong with them.
    pub(super) fn law_findings(&self, ledger: &mut Ledger) -> Vec<LawRun> {
        let mut checks = ledger.checks(&self.adapter, self.method, false).into_iter();
        let blurred = |check: &Check| check.status == Status::Fail && BLURRED.contains(&check.id);
        if let Some(check) = checks.find(blurred) {
            ledger.untested(words::comes_first(check.id));
            return Vec::new();
        }
        let mut runs = Vec::new();
        for judged in self.judged() {
            let draws = judged.run.draws;
            let known = self.draws.iter().find(|draws| draws.boxes.alpha == judged.run.alpha);
            if judged.run.by_call {
                // Draws of one call depend on each other: a convention, no defect.
                let common = known.map(|draws| draws.boxes.common).unwrap_or_default();
                ledger.habit(Habit::Dependent(common));
            }
            let boxes = self.method != Method::Mixup;
            let counted = known.is_some_and(|draws| draws.boxes.parts.iter().any(|part| !part.applied.is_empty()));
            for (check, holds) in [
                ("L01", boxes),
                ("L02", self.method != Method::Cutout || judged.run.alpha.is_some()),
                ("L03", boxes && counted && self.options.prob != Prob::Unknown),
                ("L04", boxes),
                ("L05", true),
                ("L06", boxes),
            ] {
                if holds {
                    ledger.tested(check, draws);
                }
            }
            // Each is counted in two ways.
            for (pairing, _) in known.iter().flat_map(|draws| draws.boxes.pairings.iter().step_by(2)) {
                ledger.tested("L07", pairing.iter().sum());
            }
            for Found { code, what, shown, count } in &judged.found {
                let contrast = Contrast::Law(judged.run.alpha, what);
                // Without a draw that shows it, all of them do.
                if shown.is_empty() {
                    ledger.fail(*code, ledger.example(0, 0).shows(contrast));
                }
                for (place, corners, [width, height]) in shown {
                    let phase = self.inputs.phases.get(place.phase as usize).map_or("", String::as_str);
                    let pixels = u64::from(*width) * u64::from(*height);
                    let example = Example::at(phase, place.call, place.sample as usize).boxed(None, *corners, pixels);
                    ledger.fail(*code, example.shows(contrast));
                }
                let count = if *count == 0 { draws } else { *count };
                ledger.more(*code, count.saturating_sub(shown.len().max(1) as u64));
            }
            for note in judged.untested {
                ledger.untested(note.to_string());
            }
            runs.push(judged.run);
        }
        runs
    }

    /// Known implementations that behave like this one.
    pub(super) fn matches(&self, laws: &[LawRun], findings: &[Finding], checks: &[Check]) -> Vec<Match> {
        if self.method != Method::Cutmix {
            return Vec::new();
        }
        let mut seen = self.habits.fingerprint.clone();
        for run in laws {
            let identified = &run.identified;
            // Alike on square images, or on images where few draws tell them apart: not sure.
            if identified.explains && identified.rule_odds >= SURE {
                seen.shape = shape_named(identified.rule());
            }
            let laws = laws_of(identified.law.as_ref(), run.alpha);
            if seen.laws.is_empty() {
                seen.laws = laws;
            } else {
                seen.laws.retain(|known| laws.contains(known));
            }
            seen.precision = precision_of(identified.law.as_ref(), run.alpha).or(seen.precision);
        }
        let wrong = |(label, code): (Label, Code)| findings.iter().any(|f| f.code == code).then_some(label);
        let right = checks.iter().any(|check| check.id == "S13" && check.status == Status::Ok);
        seen.label = wrong_labels().find_map(wrong).or(right.then_some(Label::Kept));
        if self.declares(Declares::RawLabel) {
            seen.label = Some(Label::Raw);
        }
        matches(&seen)
    }

    /// PASS, FAIL or INCONCLUSIVE, and why.
    pub(super) fn verdict(
        &self,
        findings: &[Finding],
        laws: &[LawRun],
        checks: &[Check],
        untested: &mut Vec<String>,
    ) -> (Verdict, String) {
        let mut alphas = laws.iter().filter_map(|run| run.alpha);
        if self.method != Method::Cutout && !self.declares(Declares::FixedAlpha) {
            if laws.iter().any(|run| run.alpha.is_none()) {
                untested.push(words::WITHOUT_ALPHA.into());
            } else if alphas.next() == Some(1.0) && alphas.all(|alpha| alpha == 1.0) {
                untested.push(words::ONE_ALPHA.into());
            }
        }
        let expected = &self.options.expect;
        let strange = findings.iter().find(|finding| !expected.contains(&finding.code));
        let is_absent = |code: &&Code| findings.iter().all(|finding| finding.code != **code);
        let absent: Vec<Code> = expected.iter().filter(is_absent).copied().collect();
        if !expected.is_empty() && strange.is_none() && absent.is_empty() {
            return (Verdict::Pass, words::as_expected(expected));
        }
        if let Some(finding) = strange {
            return (Verdict::Fail, format!("{}: {}", finding.code, finding.sentence));
        }
        if let Some(code) = self.earlier.iter().find(|code| !expected.iter().any(|known| *known == code.as_str())) {
            return (Verdict::Fail, words::found_earlier(code));
        }
        let missing: Vec<&str> = checks
            .iter()
            .filter(|check| check.status == Status::Untested && NEEDED.contains(&check.id))
            .filter(|check| self.method != Method::Cutout || !matches!(check.id, "S03" | "S09" | "S12"))
            .map(|check| check.id)
            .collect();
        let mut reasons = Vec::new();
        if !missing.is_empty() {
            reasons.push(words::not_shown(&missing));
        }
        if laws.is_empty() {
            reasons.push(words::NO_DRAWS.into());
        }
        reasons.extend(laws.iter().filter(|run| run.verdict != Verdict::Pass).map(words::lacks));
        // With all draws made, what was expected is not there.
        let verdict = match (absent.is_empty(), reasons.is_empty()) {
            (true, true) => return (Verdict::Pass, words::passed(laws)),
            (false, true) => Verdict::Fail,
            _ => Verdict::Inconclusive,
        };
        if !absent.is_empty() {
            reasons.insert(0, words::absent(&absent));
        }
        (verdict, reasons.join("; "))
    }
}

/// The laws of known implementations that a law may be: several where they are one law at this alpha; none that one has if it is
/// in no table, or if it is done more or less often than promised.
fn laws_of(law: Option<&Hypothesis>, alpha: Option<f64>) -> Vec<LambdaLaw> {
    match law.map_or(LambdaLaw::AsAsked, |law| law.law) {
        _ if law.is_some_and(|law| law.rate != Rate::Promised) => vec![LambdaLaw::Tenths],
        LambdaLaw::AsAsked if alpha == Some(1.0) => vec![LambdaLaw::AsAsked, LambdaLaw::One],
        LambdaLaw::AsAsked | LambdaLaw::Times(_) | LambdaLaw::Fitted => vec![LambdaLaw::AsAsked],
        LambdaLaw::Clipped { .. } | LambdaLaw::Within { .. } => vec![LambdaLaw::CLIPPED],
        other => vec![other],
    }
}

/// The type that lambda is drawn in, where it shows: only boxes of the whole image tell types apart, and from alpha 1/2 on there
/// are next to none.
fn precision_of(law: Option<&Hypothesis>, alpha: Option<f64>) -> Option<Precision> {
    let law = law.filter(|law| law.rate == Rate::Promised && alpha.is_some_and(|alpha| alpha < TOLD))?;
    Some(law.precision).filter(|precision| *precision != Precision::Exact)
}
