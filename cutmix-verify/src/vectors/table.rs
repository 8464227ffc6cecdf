//! What a run has shown, by flag: which notes bite.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::judge::CaseOutcome;
use super::model::{Case, Expect};
use super::notes::note;
use crate::report::plain;

/// Numbers of cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// As they must be.
    pub passed: usize,
    /// Wrong.
    pub failed: usize,
    /// Not shown: no such function, or refused where that is allowed.
    pub untested: usize,
    /// Those of them whose answer is not optional. (A function that is not there has nothing to refuse.)
    pub missing: usize,
}

impl Tally {
    fn add(&mut self, case: &Case, outcome: &CaseOutcome) {
        match outcome {
            CaseOutcome::Passed => self.passed += 1,
            CaseOutcome::Failed(_) => self.failed += 1,
            CaseOutcome::Untested => {
                self.untested += 1;
                self.missing += usize::from(case.result == Expect::Valid);
            }
        }
    }

    /// The share that failed, as if two cases more had passed: of few cases, all may fail by what stands beside them.
    fn share(&self) -> f64 {
        self.failed as f64 / (self.cases() + 2) as f64
    }

    /// All cases.
    #[must_use]
    pub const fn cases(&self) -> usize {
        self.passed + self.failed + self.untested
    }
}

/// Cases and what they have shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// In the order in which they were put.
    pub found: Vec<(Case, CaseOutcome)>,
    /// Why the last of them were not put to the program, if they were not.
    pub given_up: Option<String>,
}

/// How many failures of a kind are written out.
const SHOWN: usize = 5;

impl Findings {
    /// All together.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.of(|_| true)
    }

    fn of(&self, wanted: impl Fn(&Case) -> bool) -> Tally {
        let mut tally = Tally::default();
        for (case, outcome) in self.found.iter().filter(|(case, _)| wanted(case)) {
            tally.add(case, outcome);
        }
        tally
    }

    /// Every flag with what its cases have shown: those first of which the greatest share failed. A flag that stands
    /// in many cases fails along with others.
    #[must_use]
    pub fn flags(&self) -> Vec<(&str, Tally)> {
        let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
        for (case, outcome) in &self.found {
            for flag in &case.flags {
                tallies.entry(flag.as_str()).or_default().add(case, outcome);
            }
        }
        let mut rows: Vec<(&str, Tally)> = tallies.into_iter().collect();
        rows.sort_by(|(_, a), (_, b)| b.share().total_cmp(&a.share()).then(a.cases().cmp(&b.cases())));
        rows
    }

    /// The names of the cases that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<String> {
        let failed = self.found.iter().filter(|(_, outcome)| matches!(outcome, CaseOutcome::Failed(_)));
        failed.map(|(case, _)| case.name()).collect()
    }

    /// The table, the notes that bite, and some of the failures. Text of the implementation's is stripped of control
    /// characters.
    #[must_use]
    pub fn text(&self, all: bool) -> String {
        let mut out = String::new();
        let row = |out: &mut String, name: &str, bug: &str, tally: Tally| {
            let Tally { passed, failed, untested, .. } = tally;
            let _ = writeln!(out, "{name:<20}{bug:<15}{:>6}{passed:>8}{failed:>8}{untested:>10}", tally.cases());
        };
        let _ = writeln!(out, "{:<20}{:<15}{:>6}{:>8}{:>8}{:>10}", "flag", "", "cases", "passed", "failed", "untested");
        let rows = self.flags();
        for (flag, tally) in &rows {
            row(&mut out, flag, note(flag).map_or("", |note| note.bug), *tally);
        }
        out.push('\n');
        let mut kinds: Vec<&str> = self.found.iter().map(|(case, _)| case.kind.as_str()).collect();
        kinds.dedup();
        for kind in kinds {
            row(&mut out, kind, "file", self.of(|case| case.kind == kind));
        }
        row(&mut out, "all", "", self.tally());
        for (flag, tally) in rows.iter().filter(|(_, tally)| tally.failed > 0) {
            let Some(note) = note(flag) else { continue };
            let _ = writeln!(out, "\n{flag} ({} of {}): {}", tally.failed, tally.cases(), note.description);
            let _ = writeln!(out, "    {}", note.effect);
            for link in note.links {
                let _ = writeln!(out, "    {link}");
            }
        }
        self.failures(&mut out, all);
        out
    }

    fn failures(&self, out: &mut String, all: bool) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (case, outcome) in &self.found {
            let CaseOutcome::Failed(what) = outcome else { continue };
            let count = seen.entry(&case.op).or_insert(0);
            *count += 1;
            if *count == 1 {
                out.push('\n');
            }
            if all || *count <= SHOWN {
                let _ = writeln!(out, "{}: {} [{}]", case.name(), plain(what), plain(&case.comment));
            }
        }
        for (op, count) in seen {
            if !all && count > SHOWN {
                let _ = writeln!(out, "{} more of {op} (--all)", count - SHOWN);
            }
        }
    }
}
