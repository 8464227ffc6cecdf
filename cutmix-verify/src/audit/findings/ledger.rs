//! What has been found so far: counts, first and smallest examples.

use std::collections::BTreeMap;

use super::causes::{self, Counts};
use super::checks::{CHECKS, entry};
use super::entry::Entry;
use crate::audit::observe::Seen;
use crate::probe::{Declares, Method};
use crate::profile::Code;
use crate::report::{Check, Convention, Coverage, Example, Finding, Habit, Point, Shown, Status};
use crate::trace::Adapter;

/// A finding that is being counted.
#[derive(Clone, Debug)]
struct Counted {
    count: u64,
    first: Example,
    smallest: Example,
}

/// What the audit writes down: findings by code, looks by check, and what a report says beside them. The audit alone writes here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    phase: String,
    tallies: BTreeMap<Code, Counted>,
    tested: BTreeMap<&'static str, u64>,
    pub(crate) notes: Vec<String>,
    pub(crate) conventions: Vec<Convention>,
    /// Calls, samples and draws.
    pub(crate) totals: [u64; 3],
    pub(crate) scatter: Vec<Point>,
    pub(crate) coverage: Option<Coverage>,
    /// Whether draws follow no rule that is known, so that it cannot be said which part of it is right.
    pub(crate) law_unknown: bool,
    /// Whether the law of the draws is not to be judged.
    pub(crate) law_left_alone: bool,
    /// Whether lambda may follow another law than the one asked for, though that is not sure.
    pub(crate) lambda_unsure: bool,
    shown: BTreeMap<Option<Code>, Shown>,
    label: Option<Shown>,
}

/// Findings that belong to one check, and contradict another as well.
const ALSO: [(&str, Code); 1] = [("S16", Code::ApplyRate)];
/// What is judged by the law of the draws, and why not where that is left alone.
const OF_THE_LAW: [&str; 10] = ["G01", "G02", "L01", "L02", "L03", "L04", "L05", "L06", "L07", "L08"];
const LEFT_ALONE: &str = "--law none leaves it alone";
/// Points that are enough to see a line.
const POINTS: usize = 2000;

impl Ledger {
    pub(crate) fn phase(&mut self, name: &str) {
        name.clone_into(&mut self.phase);
    }

    pub(crate) fn example(&self, call: u32, sample: usize) -> Example {
        Example::at(&self.phase, call, sample)
    }

    /// Writes down what an observer saw in the phase at hand.
    pub(crate) fn add(&mut self, seen: Seen) {
        seen.tested.into_iter().for_each(|(check, number)| self.tested(check, number));
        seen.findings.into_iter().for_each(|(code, example)| self.fail(code, example));
        seen.more.into_iter().for_each(|(code, number)| self.more(code, number));
        seen.habits.into_iter().for_each(|habit| self.habit(habit));
        seen.notes.into_iter().for_each(|note| self.untested(note));
        seen.points.into_iter().for_each(|point| self.point(point));
    }

    /// Notes that something was looked at.
    pub(crate) fn tested(&mut self, check: &'static str, number: u64) {
        *self.tested.entry(check).or_default() += number;
    }

    pub(crate) fn fail(&mut self, code: Code, example: Example) {
        let Some(counted) = self.tallies.get_mut(&code) else {
            self.tallies.insert(code, Counted { count: 1, first: example.clone(), smallest: example });
            return;
        };
        counted.count += 1;
        if example.size() < counted.smallest.size() {
            counted.smallest = example;
        }
    }

    /// Counts more of a finding that is known.
    pub(crate) fn more(&mut self, code: Code, number: u64) {
        if let Some(tally) = self.tallies.get_mut(&code) {
            tally.count += number;
        }
    }

    /// Codes that were found.
    pub(crate) fn codes(&self) -> impl Iterator<Item = Code> {
        self.tallies.keys().copied()
    }

    /// How often a code was found.
    pub(crate) fn count(&self, code: Code) -> u64 {
        self.tallies.get(&code).map_or(0, |counted| counted.count)
    }

    /// What is wrong, in groups: those of the findings so far.
    pub(crate) fn groups(&self) -> Vec<&'static str> {
        self.codes().map(group).collect()
    }

    /// Writes down what single samples show in another ledger: its findings of some codes, and how much its checks looked at.
    pub(crate) fn absorb(&mut self, other: &Self, takes: impl Fn(Code) -> bool) {
        for (code, Counted { count, first, smallest }) in other.tallies.iter().filter(|(code, _)| takes(**code)) {
            self.fail(*code, first.clone());
            if *count > 1 {
                self.fail(*code, smallest.clone());
                // Both are counted already.
                self.more(*code, count - 2);
            }
        }
        let single = |check: &str| !matches!(check.as_bytes(), b"S16" | b"S17" | b"S19" | [b'G' | b'L', ..]);
        other.tested.iter().filter(|(check, _)| single(check)).for_each(|(check, number)| self.tested(check, *number));
    }

    /// The picture of the first sample of a kind.
    pub(crate) fn show(&mut self, code: Option<Code>, shown: Shown) {
        self.shown.entry(code).or_insert(shown);
    }

    /// The picture of the label that is furthest from right, so far.
    pub(crate) fn show_label(&mut self, shown: Shown) {
        self.label = Some(shown);
    }

    /// Whether a picture is still wanted.
    pub(crate) fn wants(&self, code: Option<Code>) -> bool {
        !self.shown.contains_key(&code)
    }

    pub(crate) fn untested(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Notes a convention of the phase at hand.
    pub(crate) fn habit(&mut self, habit: Habit) {
        let convention = Convention { phase: Some(self.phase.clone()), ..habit.into() };
        if !self.conventions.contains(&convention) {
            self.conventions.push(convention);
        }
    }

    fn point(&mut self, point: Point) {
        if self.scatter.len() < POINTS && !self.scatter.contains(&point) {
            self.scatter.push(point);
        }
    }

    /// Counts the pixels of a box; of the phase with the most draws in the end.
    pub(crate) fn cover(&mut self, coverage: Coverage) {
        if self.coverage.as_ref().is_none_or(|known| known.draws < coverage.draws) && coverage.draws > 0 {
            self.coverage = Some(coverage);
        }
    }

    /// Findings: causes before what follows from them, and each by its certainty.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let counts: Counts = self.tallies.iter().map(|(&code, tally)| (code, tally.count)).collect();
        let finding = |(&code, tally): (&Code, &Counted)| {
            let Entry { check, sentence, hint, .. } = entry(code)?;
            let place = CHECKS.iter().position(|(id, _)| id == check);
            let follows = causes::cause(code, &counts);
            let rank = (follows.is_some(), causes::rank(code, check, tally.count), place, code);
            let finding = Finding {
                code,
                follows,
                sentence: (*sentence).into(),
                hint: (*hint).into(),
                count: tally.count,
                of: self.looks(check).max(tally.count),
                first: tally.first.clone(),
                smallest: tally.smallest.clone(),
            };
            Some((rank, finding))
        };
        let mut findings: Vec<_> = self.tallies.iter().filter_map(finding).collect();
        findings.sort_by_key(|(rank, _)| *rank);
        findings.into_iter().map(|(_, finding)| finding).collect()
    }

    /// How much was looked at by a check.
    pub(crate) fn looks(&self, check: &str) -> u64 {
        self.tested.get(check).copied().unwrap_or(0)
    }

    /// The sample of the gravest finding, or an ordinary one.
    pub(crate) fn shown(&self) -> Option<Shown> {
        let worst = self.findings().into_iter().find_map(|finding| self.shown.get(&Some(finding.code)).cloned());
        worst.or_else(|| self.label.clone()).or_else(|| self.shown.get(&None).cloned())
    }

    /// How every check came out, in the order of the table.
    pub(crate) fn checks(&self, adapter: &Adapter, method: Method, prob_unknown: bool) -> Vec<Check> {
        let check = |&(id, title): &(&'static str, &'static str)| {
            let tested = self.looks(id);
            let beside = |code: &Code| ALSO.contains(&(id, *code));
            let of = |code: &Code| beside(code) || entry(*code).is_some_and(|entry| entry.check == id);
            let codes: Vec<Code> = self.tallies.keys().copied().filter(of).collect();
            let (status, reason) = if !codes.is_empty() {
                (Status::Fail, "")
            } else if let Some(reason) = not_asked(id, adapter, method, (tested > 0, self.tested.contains_key(id))) {
                (Status::NotApplicable, reason)
            } else if self.law_left_alone && OF_THE_LAW.contains(&id) {
                (Status::NotApplicable, LEFT_ALONE)
            } else if self.law_unknown && matches!(id, "L01" | "L02" | "L04") {
                (Status::Untested, "no known rule with a known law explains the draws")
            } else if self.lambda_unsure && id == "L02" {
                (Status::Untested, "under the rule that was found, another law of lambda is more likely, but not sure")
            } else if tested > 0 {
                (Status::Ok, "")
            } else {
                (Status::Untested, missing(id, prob_unknown))
            };
            let shown = codes.iter().filter_map(|code| self.tallies.get(code)).map(|tally| tally.count).max();
            let hidden = status == Status::Untested || reason == LEFT_ALONE;
            let tested = if hidden { 0 } else { tested.max(shown.unwrap_or(0)) };
            Check { id, title, status, tested, reason: reason.into(), codes }
        };
        CHECKS.iter().map(check).collect()
    }
}

/// What a code is about: pixels, labels, or its check. One cause is rarely seen in two of them alone.
pub(crate) fn group(code: Code) -> &'static str {
    match entry(code).map_or("", |entry| entry.check) {
        "S01" | "S02" | "S03" | "S04" | "S05" | "S06" | "S07" | "S09" | "X01" => "pixels",
        check if is_label(check) => "labels",
        check => check,
    }
}

fn is_label(check: &str) -> bool {
    matches!(check, "S10" | "S11" | "S12" | "S13" | "S15" | "S20")
}

/// Why a check does not apply; some apply all the same where there was something to look at.
fn not_asked(id: &str, adapter: &Adapter, method: Method, (tested, wanted): (bool, bool)) -> Option<&'static str> {
    let of = |ids: &[&str]| ids.contains(&id);
    let declared = |limit| adapter.declares.contains(&limit);
    let always = [
        (of(&["B02"]) && !wanted, "nothing of it is promised"),
        (of(&["S04", "S14", "G01", "G02"]) && method == Method::Mixup, "Mixup has no box"),
        (of(&["S13", "S15"]) && declared(Declares::RawLabel), "the adapter declares raw_label"),
    ];
    let unless_tested = [
        (is_label(id) && declared(Declares::NoLabels), "the adapter declares no_labels"),
        (of(&["S08"]) && declared(Declares::InPlace), "the adapter declares in_place"),
        (of(&["G01"]) && method == Method::Cutout, "Cutout does not say what shape its box has"),
        (of(&["L01", "L04"]) && method == Method::Mixup, "Mixup has no box"),
        (of(&["L07"]) && method == Method::Cutout, "Cutout has no partner"),
        (of(&["G01"]) && declared(Declares::SquareOnly), "the adapter declares square_only"),
    ];
    let reasons = always.iter().chain(unless_tested.iter().filter(|_| !tested));
    { reasons }.find(|(holds, _)| *holds).map(|&(_, reason)| reason)
}

/// Why a check had nothing to look at.
const fn missing(id: &str, prob_unknown: bool) -> &'static str {
    match id.as_bytes() {
        b"S06" => "no phase whose values say their place; those of kind flat do not",
        b"B01" => "no batches of two lengths that show how they are shared and paired",
        b"B02" => "too few calls, or too few images in each",
        b"S08" => "no PHASE_images_after in the trace",
        b"S10" | b"S11" | b"S12" | b"S13" | b"S15" | b"S20" => "no labels in the trace, or none that shows it",
        b"S14" | b"S18" => "no PHASE_bbox, PHASE_index or PHASE_lam_raw in the trace",
        b"S16" | b"L03" if prob_unknown => "--prob is unknown",
        b"S16" => "too few calls",
        b"L03" => "how many images had nothing to be changed is not known",
        b"S19" => "no PHASE_repeat_images_out in the trace",
        b"X02" => "only check --exec sees calls that fail",
        b"M01" => "no masks in the probe, or in the trace",
        b"G01" => "no boxes on images of different width and height",
        b"G02" => "too few boxes",
        b"G03" => "too few calls that did something",
        b"L07" => "no partners that are drawn, of three images or more",
        b"L01" | b"L02" | b"L04" | b"L05" | b"L06" => "no draws that a law can be held against",
        _ => "nothing of the kind in the trace",
    }
}
