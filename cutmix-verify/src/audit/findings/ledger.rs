//! What has been found so far: counts, first and smallest examples.

use std::collections::BTreeMap;

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
    shown: BTreeMap<Option<Code>, Shown>,
    label: Option<Shown>,
}

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

    /// Findings: those of pixels before those of labels, the most frequent first.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let finding = |(&code, tally): (&Code, &Counted)| {
            let Entry { check, sentence, hint, .. } = entry(code)?;
            // Labels often follow from pixels; and what is seen most often explains the rest.
            let place = CHECKS.iter().position(|(id, _)| id == check);
            let rank = (is_label(check), std::cmp::Reverse(tally.count), place, code);
            let finding = Finding {
                code,
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
    fn looks(&self, check: &str) -> u64 {
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
            let of = |code: &Code| entry(*code).is_some_and(|entry| entry.check == id);
            let codes: Vec<Code> = self.tallies.keys().copied().filter(of).collect();
            let (status, reason) = if !codes.is_empty() {
                (Status::Fail, "")
            } else if let Some(reason) = not_asked(id, adapter, method, (tested > 0, self.tested.contains_key(id))) {
                (Status::NotApplicable, reason)
            } else if tested > 0 {
                (Status::Ok, "")
            } else {
                (Status::Untested, missing(id, prob_unknown))
            };
            Check { id, title, status, tested, reason: reason.into(), codes }
        };
        CHECKS.iter().map(check).collect()
    }
}

/// Whether a check is of labels.
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
        (of(&["L01", "L03", "L04", "L06"]) && method == Method::Mixup, "Mixup has no box"),
        (of(&["L07"]) && method == Method::Cutout, "Cutout has no partner"),
        (of(&["B01"]) && declared(Declares::EvenBatch), "the adapter declares even_batch"),
        (of(&["G01"]) && declared(Declares::SquareOnly), "the adapter declares square_only"),
    ];
    let reasons = always.iter().chain(unless_tested.iter().filter(|_| !tested));
    { reasons }.find(|(holds, _)| *holds).map(|&(_, reason)| reason)
}

/// Why a check had nothing to look at.
const fn missing(id: &str, prob_unknown: bool) -> &'static str {
    match id.as_bytes() {
        b"B01" => "no batches of two lengths that show how they are shared and paired",
        b"B02" => "too few calls, or too few images in each",
        b"S08" => "no PHASE_images_after in the trace",
        b"S10" | b"S11" | b"S12" | b"S13" | b"S15" | b"S20" => "no labels in the trace",
        b"S14" | b"S18" => "no PHASE_bbox, PHASE_index or PHASE_lam_raw in the trace",
        b"S16" | b"L03" if prob_unknown => "--prob is unknown",
        b"S16" => "too few calls",
        b"L03" => "how many images had nothing to be changed is not known",
        b"S19" => "no PHASE_repeat_images_out in the trace",
        b"M01" => "no masks in the probe, or in the trace",
        b"G01" => "no boxes on images of different width and height",
        b"G02" => "too few boxes",
        b"L07" => "no partners that are drawn, of three images or more",
        _ => "nothing of the kind in the trace",
    }
}
