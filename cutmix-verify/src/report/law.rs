//! What every form of a report shows of the law of the draws, and what it leaves out.

pub(super) use super::words::{alpha, ladder, lines, tenths};
use super::{Accepted, Deviation, LawRun, LawTest, Match, Report};
use crate::profile::Code;

/// Open deviations, and tests, that are shown at most.
pub(super) const SHOWN: usize = 8;

/// Accepted rules that are not ruled out.
pub(super) fn left(run: &LawRun) -> Vec<&Accepted> {
    run.accepted.iter().filter(|accepted| !accepted.ruled_out()).collect()
}

/// The deviations that are least refuted, and how many more there are.
pub(super) fn open(run: &LawRun) -> (&[Deviation], usize) {
    let (shown, rest) = run.open.split_at(run.open.len().min(SHOWN));
    (shown, rest.len())
}

/// The tests that show most, strongest first; of one name the strongest alone.
pub(super) fn tests(run: &LawRun) -> Vec<&LawTest> {
    let mut tests: Vec<&LawTest> = run.tests.iter().collect();
    tests.sort_by(|a, b| b.log10_e.total_cmp(&a.log10_e));
    let mut shown: Vec<&LawTest> = Vec::new();
    for test in tests {
        if shown.len() < SHOWN && shown.iter().all(|other| other.of != test.of) {
            shown.push(test);
        }
    }
    shown
}

/// What a trace does not show of a known implementation.
pub(super) fn unseen(found: &Match) -> Option<String> {
    (!found.unseen.is_empty()).then(|| found.unseen.join(", "))
}

/// What was found that an implementation is not known for.
pub(super) fn but(found: &Match) -> String {
    if found.but.is_empty() { String::new() } else { format!(", but for {}", Code::join(&found.but, ", ")) }
}

/// The same, and what a trace does not show of it.
pub(super) fn apart(found: &Match) -> String {
    but(found) + &unseen(found).map_or(String::new(), |unseen| format!("; not seen: {unseen}"))
}

/// The codes that were expected, if there are any.
pub(super) fn expected(report: &Report) -> Option<String> {
    (!report.expected.is_empty()).then(|| Code::join(&report.expected, " "))
}
