//! The judgement of all that was read: exact findings, and the laws of the draws.

use super::findings::Ledger;
use super::judge::{Evidence, Found, Judged, Terms, judge, judge_calls, judge_without_alpha, weights};
use super::{AlphaDraws, Audit, Prob, planned};
use crate::probe::{Declares, Method};
use crate::profile::matching::{matches, wrong_labels};
use crate::profile::shape::shape_named;
use crate::profile::{Code, Hypothesis, Label, LambdaLaw, Precision, Rate};
use crate::report::words;
use crate::report::{Check, Contrast, Example, Finding, Habit, LawRun, Match, Reason, SURE, Status, Verdict, Wrong};

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

    /// Judges the draws of alphas that are asked for. Some tenths of a second each.
    pub(super) fn judged(&self, asked: impl Fn(Option<f64>) -> bool) -> Vec<Judged> {
        if !self.options.judge_law {
            return Vec::new();
        }
        let runs = self.draws.len();
        let mut all = Vec::new();
        for AlphaDraws { boxes: evidence, blends } in self.draws.iter().filter(|of| asked(of.boxes.alpha)) {
            let size = evidence.parts.iter().max_by_key(|part| part.boxes.len()).map_or(SIZE, |part| part.size);
            let alpha = evidence.alpha.unwrap_or(1.0);
            let fixed = if self.method == Method::Cutout { evidence.fixed_sides() } else { None };
            if self.method == Method::Cutout && evidence.cut_off() {
                continue;
            }
            let terms = Terms {
                accept: self.options.accept.clone(),
                laws: self.options.laws.clone(),
                tolerance: self.options.tolerance,
                prob: self.options.prob,
                runs,
                planned: planned(self.method, size, alpha, self.options.tolerance),
                square_only: self.declares(Declares::SquareOnly),
                fixed,
            };
            let judged = match self.method {
                Method::Mixup => weights::judge(&weights::Blending { blends, evidence }, &terms),
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
                Method::Cutmix | Method::Cutout => {
                    judge_without_alpha(evidence, &terms).or_else(|| judge_calls(evidence, &terms))
                }
            };
            all.extend(judged);
        }
        all
    }

    /// The first check whose findings leave no law to judge, however many draws follow.
    pub(super) fn blurred(&self) -> Option<&'static str> {
        let checks = self.ledger.checks(&self.adapter, self.method, false).into_iter();
        let mut blurred = checks.filter(|check| check.status == Status::Fail && BLURRED.contains(&check.id));
        blurred.next().map(|check| check.id)
    }

    /// Judges the laws, and notes what is wrong with them.
    pub(super) fn law_findings(&self, ledger: &mut Ledger) -> Vec<LawRun> {
        if !self.options.judge_law {
            ledger.law_left_alone = true;
            ledger.untested(words::LAW_LEFT_ALONE.into());
            return Vec::new();
        }
        if let Some(check) = self.blurred() {
            ledger.untested(words::comes_first(check));
            return Vec::new();
        }
        let cut_off = |draws: &AlphaDraws| !draws.boxes.parts.is_empty() && draws.boxes.cut_off();
        if self.method == Method::Cutout && self.draws.iter().any(cut_off) {
            ledger.untested(words::CUT_OFF.into());
        }
        let mut runs = Vec::new();
        for judged in self.judged(|_| true) {
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
                ("L03", counted && self.options.prob != Prob::Unknown),
                ("L04", boxes),
                ("L05", true),
                ("L06", true),
                ("L08", true),
            ] {
                if holds {
                    ledger.tested(check, draws);
                }
            }
            let best = &judged.run.identified;
            let fails = judged.run.verdict == Verdict::Fail;
            ledger.law_unknown |= fails && !best.explains;
            let told = |code: Code| judged.found.iter().any(|found| found.code == code);
            ledger.lambda_unsure |=
                fails && judged.run.alpha.is_some() && best.law_code().is_some_and(|code| !told(code));
            // Each is counted in two ways.
            for (pairing, _) in known.iter().flat_map(|draws| draws.boxes.pairings.iter().step_by(2)) {
                ledger.tested("L07", pairing.iter().sum());
            }
            for Found { code, what, shown, count } in &judged.found {
                let contrast = Contrast::Law(judged.run.alpha, what, judged.run.statistic.as_ref());
                // Without a draw that shows it, all of them do.
                if shown.is_empty() {
                    ledger.fail(*code, Example::together().shows(contrast));
                }
                for (place, corners, [width, height]) in shown {
                    let phase = self.inputs.phases.get(place.phase as usize).map_or("", String::as_str);
                    let pixels = u64::from(*width) * u64::from(*height);
                    let example = Example::at(phase, place.call, place.sample as usize).boxed(None, *corners, pixels);
                    ledger.fail(*code, example.shows(contrast));
                }
                let count = match what {
                    Wrong::Partners(counts) => counts.iter().sum(),
                    Wrong::Repeated([length, ..]) => *length as u64,
                    Wrong::Rate([_, trials], _) => *trials,
                    _ if *count == 0 => draws,
                    _ => *count,
                };
                ledger.more(*code, count.saturating_sub(shown.len().max(1) as u64));
            }
            for note in judged.untested {
                ledger.untested(note.to_string());
            }
            for hidden in judged.run.because.iter().filter(|reason| matches!(reason, Reason::Hidden(..))) {
                ledger.untested(format!("ALPHA: {hidden}"));
            }
            runs.push(judged.run);
        }
        // Draws are compared with those at every distance up to half of them.
        if let Some(draws) = runs.iter().map(|run| run.draws).min() {
            ledger.untested(words::recurs_beyond(draws / 2));
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
        let causes = findings.iter().filter(|finding| finding.follows.is_none());
        let causes: Vec<Code> = causes.map(|finding| finding.code).collect();
        let mut known = matches(&seen);
        for known in &mut known {
            known.lacks(&causes);
        }
        known
    }

    pub(super) fn verdict(
        &self,
        findings: &[Finding],
        laws: &[LawRun],
        checks: &[Check],
        untested: &mut Vec<String>,
    ) -> (Verdict, String) {
        let mut alphas = laws.iter().filter_map(|run| run.alpha);
        if self.method != Method::Cutout && !self.declares(Declares::FixedAlpha) {
            if laws.iter().any(|run| run.alpha.is_none() && run.identified.law.is_some()) {
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
            let others = findings.iter().filter(|other| other.follows.is_none() && other.code != finding.code);
            let others: Vec<Code> = others.map(|other| other.code).filter(|code| !expected.contains(code)).collect();
            return (Verdict::Fail, words::failed(finding, &others));
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
        let mut reasons: Vec<String> = self.ended.as_deref().map(words::ended).into_iter().collect();
        if !missing.is_empty() {
            reasons.push(words::not_shown(&missing));
        }
        if laws.is_empty() && self.options.judge_law {
            reasons.push(words::NO_DRAWS.into());
        }
        reasons.extend(laws.iter().filter(|run| run.verdict != Verdict::Pass).map(words::lacks));
        // With all draws made, what was expected is not there.
        let verdict = match (absent.is_empty(), reasons.is_empty()) {
            (true, true) => {
                let on = if laws.is_empty() { words::passed_alone(self.ledger.totals[1]) } else { words::passed(laws) };
                let [seen, open] = [self.inputs.forms.words(), words::tried::not_covered(&self.tried)];
                return (Verdict::Pass, on + &seen + &open);
            }
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
