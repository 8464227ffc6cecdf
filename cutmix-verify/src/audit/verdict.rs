//! The judgement of all that was read: exact findings, and the laws of the draws.

use super::findings::Ledger;
use super::judge::{Evidence, Found, Judged, Terms, judge, judge_calls, weights};
use super::{Audit, Prob, planned_draws};
use crate::probe::{Declares, Method};
use crate::profile::matching::{matches, wrong_labels};
use crate::profile::shape::shape_named;
use crate::profile::{Code, Label, LambdaLaw, Precision};
use crate::report::{Check, Fact, Finding, LawRun, Match, Status, Verdict};

/// Checks without which nothing passes. Those of labels may be declared away.
const NEEDED: [&str; 14] =
    ["S01", "S02", "S03", "S04", "S05", "S06", "S07", "S09", "S10", "S11", "S12", "S13", "S17", "S20"];
/// Checks whose findings say that what was decoded is no box of one draw.
const BLURRED: [&str; 10] = ["S01", "S02", "S03", "S04", "S05", "S06", "S07", "S09", "X01", "G03"];

/// The logarithm of the odds from which a rule is sure.
const SURE: f64 = 6.0;

impl Audit {
    fn declares(&self, limit: Declares) -> bool {
        self.adapter.declares.contains(&limit)
    }

    /// Judges the draws of every alpha. Some tenths of a second.
    pub(super) fn judged(&self) -> Vec<Judged> {
        let runs = self.evidence.len();
        let mut all = Vec::new();
        for (evidence, drawn) in self.evidence.iter().zip(&self.weights) {
            let size = evidence.parts.iter().max_by_key(|part| part.boxes.len()).map_or([40, 24], |part| part.size);
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
                        judged.run.identified.law = "none: the sides of the box are fixed".into();
                        judged.run.identified.law_rival.clear();
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
        let blurred = ledger
            .checks(&self.adapter, self.method, false)
            .into_iter()
            .find(|check| check.status == Status::Fail && BLURRED.contains(&check.id));
        if let Some(check) = blurred {
            ledger.untested(format!("the law of the draws: the findings of {} come first", check.id));
            return Vec::new();
        }
        let mut runs = Vec::new();
        for judged in self.judged() {
            let draws = judged.run.draws;
            if judged.run.by_call {
                self.depends(ledger, judged.run.alpha);
            }
            let laws: &[&'static str] = match self.method {
                Method::Mixup => &["L02", "L05"],
                Method::Cutmix => &["L01", "L02", "L04", "L05", "L06"],
                Method::Cutout => &["L01", "L04", "L05", "L06"],
            };
            for check in laws {
                ledger.tested(check, draws);
            }
            if self.options.prob != Prob::Unknown && self.method != Method::Mixup {
                ledger.tested("L03", draws);
            }
            if self.method == Method::Cutout && judged.run.alpha.is_some() {
                ledger.tested("L02", draws);
            }
            // Each is counted in two ways.
            for (pairing, _) in self.evidence.iter().flat_map(|evidence| evidence.pairings.iter().step_by(2)) {
                ledger.tested("L07", pairing.iter().sum());
            }
            for Found { code, text, shown, count } in &judged.found {
                let alpha = judged.run.alpha.map_or("any alpha".into(), |alpha| format!("alpha {alpha}"));
                let expected = format!("an accepted rule and {alpha}");
                // Without a draw that shows it, all of them do.
                if shown.is_empty() {
                    ledger.fail(*code, ledger.example(0, 0).expected(&expected).actual(text));
                }
                for (place, corners, [width, height]) in shown {
                    let mut example = ledger.example(place.call, place.sample as usize);
                    example.phase = self.phase_names.get(place.phase as usize).cloned().unwrap_or_default();
                    let pixels = u64::from(*width) * u64::from(*height);
                    let example = example.boxed(None, *corners, pixels);
                    ledger.fail(*code, example.expected(&expected).actual(text));
                }
                let count = if *count == 0 { draws } else { *count };
                ledger.more(*code, count.saturating_sub(shown.len().max(1) as u64));
            }
            for note in judged.untested {
                ledger.untested(note);
            }
            runs.push(judged.run);
        }
        runs
    }

    /// Says that the draws of one call depend on each other: a convention, no defect.
    fn depends(&self, ledger: &mut Ledger, alpha: Option<f64>) {
        let common = self.evidence.iter().find(|evidence| evidence.alpha == alpha).map(|evidence| evidence.common);
        let what = match common {
            Some([Some(true), _]) => ": all boxes of a call have one first corner",
            Some([_, Some(true)]) => ": all boxes of a call have one place relative to the room that they leave",
            _ => "",
        };
        let value = format!(
            "a box a sample, but the draws of one call are not independent{what}; the law is judged by one of each call"
        );
        ledger.fact(Fact { name: "sharing", value });
    }

    /// Known implementations that behave like this one.
    pub(super) fn matches(&self, laws: &[LawRun], findings: &[Finding], checks: &[Check]) -> Vec<Match> {
        if self.method != Method::Cutmix {
            return Vec::new();
        }
        let mut seen = self.seen_so_far.clone();
        for run in laws {
            let identified = &run.identified;
            // Alike on square images, or on images where few draws tell them apart: not sure.
            if identified.explains && identified.rule_odds >= SURE {
                seen.shape = shape_named(identified.rule);
            }
            let law: &[LambdaLaw] = match (identified.law_code, run.alpha) {
                (None, Some(1.0)) => &[LambdaLaw::AsAsked, LambdaLaw::One],
                (None | Some(Code::Alpha), _) => &[LambdaLaw::AsAsked],
                (Some(Code::AlphaIgnored), _) => &[LambdaLaw::One],
                (Some(Code::AlphaRandom), _) => &[LambdaLaw::RandomAlpha],
                (Some(Code::RootOmitted), _) => &[LambdaLaw::NoRoot],
                (Some(Code::LambdaFolded), _) if identified.law.starts_with("max") => &[LambdaLaw::Folded],
                (Some(Code::LambdaFolded), _) => &[LambdaLaw::FoldedUp],
                (Some(Code::LambdaClipped), _) => &[LambdaLaw::Clipped],
                (Some(Code::BetaNotRejected), _) => &[LambdaLaw::NotRejected],
                // One that no package has.
                _ => &[LambdaLaw::Tenths],
            };
            seen.laws = if seen.laws.is_empty() {
                law.to_vec()
            } else {
                seen.laws.into_iter().filter(|known| law.contains(known)).collect()
            };
            for (words, precision) in [(" in binary32", Precision::F32), (" in binary64", Precision::F64)] {
                // Only boxes of the whole image tell types apart; at alpha 1 there are none.
                let told = identified.law.ends_with(words) && run.alpha.is_some_and(|alpha| alpha < 0.5);
                seen.precision = if told { Some(precision) } else { seen.precision };
            }
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
        let alphas: Vec<f64> = laws.iter().filter_map(|run| run.alpha).collect();
        if self.method != Method::Cutout && !self.declares(Declares::FixedAlpha) {
            if laws.iter().any(|run| run.alpha.is_none()) {
                untested.push("the law of lambda: no --alpha was given".into());
            } else if !alphas.is_empty() && alphas.iter().all(|&alpha| alpha == 1.0) {
                untested
                    .push("ALPHA_IGNORED: at alpha 1 alone an alpha that is ignored does not show; add another".into());
            }
        }
        let expected = &self.options.expect;
        let strange = findings.iter().find(|finding| !expected.contains(&finding.code));
        let absent: Vec<&str> = expected
            .iter()
            .filter(|code| findings.iter().all(|finding| finding.code != **code))
            .map(|code| code.name())
            .collect();
        if !expected.is_empty() && strange.is_none() && absent.is_empty() {
            return (Verdict::Pass, format!("as expected: {}, and nothing else", Code::join(expected, ", ")));
        }
        if let Some(finding) = strange {
            return (Verdict::Fail, format!("{}: {}", finding.code, finding.sentence));
        }
        if let Some(code) = self.earlier.iter().find(|code| !expected.iter().any(|known| known == code.as_str())) {
            return (Verdict::Fail, format!("{}: found by an earlier audit of this version", code.escape_debug()));
        }
        let missing: Vec<&str> = checks
            .iter()
            .filter(|check| check.status == Status::Untested && NEEDED.contains(&check.id))
            .filter(|check| self.method != Method::Cutout || !matches!(check.id, "S03" | "S09" | "S12"))
            .map(|check| check.id)
            .collect();
        let mut reasons: Vec<String> = Vec::new();
        if !missing.is_empty() {
            reasons.push(format!("not shown by this trace: {}", missing.join(", ")));
        }
        if laws.is_empty() {
            reasons.push("no draws of a box or weight".into());
        }
        for run in laws.iter().filter(|run| run.verdict != Verdict::Pass) {
            let alpha = run.alpha.map_or(String::new(), |alpha| format!("alpha {alpha}: "));
            let more = run.needed.map_or(String::new(), |more| format!(" (about {more} more draws)"));
            reasons.push(format!("{alpha}{}{more}", run.because));
        }
        if !absent.is_empty() {
            reasons.insert(0, format!("{} was expected and not found", absent.join(", ")));
            // With all draws made, what was expected is not there.
            let verdict = if reasons.len() == 1 { Verdict::Fail } else { Verdict::Inconclusive };
            return (verdict, reasons.join("; "));
        }
        if !reasons.is_empty() {
            return (Verdict::Inconclusive, reasons.join("; "));
        }
        let draws: u64 = laws.iter().map(|run| run.draws).sum();
        let refuted: u64 = laws.iter().map(|run| run.refuted).sum();
        let rate = laws.iter().map(|run| run.excluded_rate).fold(0.0, f64::max);
        let names: Vec<String> = alphas.iter().map(|alpha| format!("alpha {alpha}")).collect();
        let at = if names.is_empty() { String::new() } else { format!(" at {}", names.join(", ")) };
        let because = format!(
            "{draws} draws{at}: every check passed, all {refuted} known deviations refuted by 10^4 to 1 or more; a defect \
             that single samples show, in more than {:.2} % of them, is excluded",
            100.0 * rate
        );
        (Verdict::Pass, because)
    }
}
