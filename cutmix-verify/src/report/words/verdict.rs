//! Why an audit comes to its verdict, and what it did not test.

use crate::profile::Code;
use crate::report::Finding;
use crate::report::model_law::{LawRun, joined};

/// Why an audit passed that found what was expected.
pub(crate) fn as_expected(codes: &[Code]) -> String {
    format!("as expected: {}, and nothing else", Code::join(codes, ", "))
}

/// Why an audit failed: by the finding to look at first, and beside it by these causes.
pub(crate) fn failed(first: &Finding, others: &[Code]) -> String {
    let Finding { code, sentence, .. } = first;
    if others.is_empty() {
        return format!("{code}: {sentence}");
    }
    format!("{code}: {sentence} Beside it: {}.", Code::join(others, ", "))
}

/// Why an audit failed: by a code that an earlier audit of the same version found, whose name comes from a file.
pub(crate) fn found_earlier(code: &str) -> String {
    format!("{}: found by an earlier audit of this version", code.escape_debug())
}

/// That these codes were expected, and not found.
pub(crate) fn absent(codes: &[Code]) -> String {
    format!("{} was expected and not found", Code::join(codes, ", "))
}

/// That nothing was seen of these checks.
pub(crate) fn not_shown(checks: &[&str]) -> String {
    format!("not shown by this trace: {}", checks.join(", "))
}

/// That nothing was drawn.
pub(crate) const NO_DRAWS: &str = "no draws of a box or weight";

/// That boxes of Cutout show no side.
pub(crate) const CUT_OFF: &str =
    "the sides of the boxes, which all end at borders of the image; larger images show them";

/// What the draws of one alpha lack.
pub(crate) fn lacks(run: &LawRun) -> String {
    let alpha = run.alpha.map_or(String::new(), |alpha| format!("alpha {alpha}: "));
    let more = run.needed.map_or(String::new(), |more| format!(" (about {more} more draws)"));
    format!("{alpha}{}{more}", joined(&run.because, "; "))
}

pub(crate) fn passed(runs: &[LawRun]) -> String {
    let draws: u64 = runs.iter().map(|run| run.draws).sum();
    let refuted: u64 = runs.iter().map(|run| run.refuted).sum();
    let rate = runs.iter().map(|run| run.excluded_rate).fold(0.0, f64::max);
    let alphas: Vec<String> = runs.iter().filter_map(|run| run.alpha).map(|alpha| format!("alpha {alpha}")).collect();
    let at = if alphas.is_empty() { String::new() } else { format!(" at {}", alphas.join(", ")) };
    format!(
        "{draws} draws{at}: every check passed, all {refuted} known deviations refuted by 10^4 to 1 or more; a defect \
         that single samples show, in more than {:.2} % of them, is excluded",
        100.0 * rate
    )
}

/// Why a trace passed whose law was not asked for.
pub(crate) fn passed_alone(samples: u64) -> String {
    format!(
        "{samples} samples: every check of pixels and labels passed; the law of the draws was not judged, as was asked"
    )
}

/// That the law of the draws was not to be judged.
pub(crate) const LAW_LEFT_ALONE: &str = "the law of the draws: --law none leaves it alone";
/// Why further rounds would say nothing new.
pub(crate) const SETTLED: &str = "more draws cannot change what was found; --all makes them all the same";

/// That the law of one alpha is refuted before all draws were made.
pub(crate) fn settled(alpha: Option<f64>) -> String {
    let alpha = alpha.map_or("the law".into(), |alpha| format!("alpha {alpha}"));
    format!("{alpha}: {SETTLED}")
}

/// That calls show no more draws.
pub(crate) fn no_more(alpha: Option<f64>, made: u64, planned: u64, calls: u64) -> String {
    let alpha = alpha.map_or(String::new(), |alpha| format!("alpha {alpha}: "));
    format!("{alpha}{made} of {planned} planned draws: {calls} calls showed no more")
}

/// That the rounds reached their cap.
pub(crate) fn rounds_made(rounds: u32) -> String {
    format!("the rounds that --max-rounds allows were made: {rounds}")
}

/// That the time reached its cap.
pub(crate) fn time_over(seconds: f64) -> String {
    format!("{seconds} s are over, the longest that --max-seconds allows")
}

/// That an audit came to an end before all was done.
pub(crate) fn ended(why: &str) -> String {
    format!("the audit ended early: {why}")
}

/// Why no law is judged.
pub(crate) fn comes_first(check: &str) -> String {
    format!("the law of the draws: the findings of {check} come first")
}

/// What is not tested without an alpha.
pub(crate) const WITHOUT_ALPHA: &str = "the law of lambda: no --alpha was given";
/// That Cutout's square was not held against a promise.
pub(crate) const WITHOUT_SIDE: &str = "L01: which side the square of Cutout should have, since no --side was given";
/// That a side was promised of what has none.
pub(crate) const SIDE_OF_CUTOUT: &str = "--side: only Cutout cuts squares of a fixed side";
/// That a generator may begin anew after more draws than were made.
pub(crate) fn recurs_beyond(draws: u64) -> String {
    format!("L08: draws that are repeated after more than {draws} others; more draws show it")
}

/// That a promise was not judged.
pub(crate) fn not_judged(promise: &str) -> String {
    format!("B02: the promised {promise}, of which the trace shows too little")
}

/// Why it does not show how often samples are changed.
pub(crate) const OWN_PARTNERS: &str =
    "L03: partners are not chosen by their places alone, so that how many images are their own partners is not known";
/// What alpha 1 alone does not show.
pub(crate) const ONE_ALPHA: &str =
    "ALPHA_IGNORED: at alpha 1 alone an alpha that is ignored does not show; add another";
