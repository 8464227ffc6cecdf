//! What has been found so far: counts, first and smallest examples.

use crate::profile::Code;
use std::collections::BTreeMap;

use super::catalogue::{CHECKS, entry};
use crate::probe::{Declares, Method};
use crate::reference::Patch;
use crate::report::{Check, Coverage, Example, Fact, Finding, Point, Shown, Status};
use crate::trace::Adapter;

/// A finding that is being counted.
#[derive(Clone, Debug)]
struct Tally {
    count: u64,
    first: Example,
    smallest: Example,
}

/// All that is known so far.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Ledger {
    phase: String,
    tallies: BTreeMap<Code, Tally>,
    tested: BTreeMap<&'static str, u64>,
    notes: Vec<String>,
    facts: Vec<Fact>,
    totals: [u64; 3],
    scatter: Vec<Point>,
    coverage: Option<Coverage>,
    shown: BTreeMap<Option<Code>, Shown>,
    label: Option<Shown>,
}

/// Points that are enough to see a line.
const POINTS: usize = 2000;

impl Example {
    /// Adds what should be there.
    #[must_use]
    pub(in crate::audit) fn expected(self, text: &str) -> Self {
        Self { expected: text.into(), ..self }
    }

    /// Adds what is there.
    #[must_use]
    pub(in crate::audit) fn actual(self, text: &str) -> Self {
        Self { actual: text.into(), ..self }
    }

    /// Adds donor and box, of an image of so many pixels.
    #[must_use]
    pub(in crate::audit) fn boxed(self, partner: Option<usize>, patch: Patch, pixels: u64) -> Self {
        Self { partner, patch: Some(patch), area: Some((patch.area(), pixels)), ..self }
    }
}

impl Ledger {
    pub(in crate::audit) fn phase(&mut self, name: &str) {
        name.clone_into(&mut self.phase);
    }

    /// An example of the phase at hand.
    pub(in crate::audit) fn example(&self, call: u32, sample: usize) -> Example {
        Example {
            phase: self.phase.clone(),
            call,
            sample,
            partner: None,
            patch: None,
            area: None,
            expected: String::new(),
            actual: String::new(),
            ulps: None,
        }
    }

    /// Notes that something was looked at.
    pub(in crate::audit) fn tested(&mut self, check: &'static str, number: u64) {
        *self.tested.entry(check).or_default() += number;
    }

    /// Notes a finding. Says whether it is the first of its kind.
    pub(in crate::audit) fn fail(&mut self, code: Code, example: Example) -> bool {
        let size = |example: &Example| example.area.map_or(u64::MAX, |(area, _)| area);
        match self.tallies.get_mut(&code) {
            None => {
                self.tallies.insert(code, Tally { count: 1, first: example.clone(), smallest: example });
                true
            }
            Some(tally) => {
                tally.count += 1;
                if size(&example) < size(&tally.smallest) {
                    tally.smallest = example;
                }
                false
            }
        }
    }

    /// Counts more of a finding that is known.
    pub(in crate::audit) fn more(&mut self, code: Code, number: u64) {
        if let Some(tally) = self.tallies.get_mut(&code) {
            tally.count += number;
        }
    }

    /// The picture of the first sample of a kind.
    pub(in crate::audit) fn show(&mut self, code: Option<Code>, shown: Shown) {
        self.shown.entry(code).or_insert(shown);
    }

    /// The picture of the label that is furthest from right, so far.
    pub(in crate::audit) fn show_label(&mut self, shown: Shown) {
        self.label = Some(shown);
    }

    /// Whether a picture is still wanted.
    pub(in crate::audit) fn wants(&self, code: Option<Code>) -> bool {
        !self.shown.contains_key(&code)
    }

    pub(in crate::audit) fn untested(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(in crate::audit) fn fact(&mut self, mut fact: Fact) {
        fact.value = format!("{} (phase {})", fact.value, self.phase);
        if !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    pub(in crate::audit) fn counts(&mut self, calls: u64, samples: u64, draws: u64) {
        for (total, more) in self.totals.iter_mut().zip([calls, samples, draws]) {
            *total += more;
        }
    }

    pub(in crate::audit) fn point(&mut self, kept: f64, weight: f64) {
        let point = Point { kept, weight };
        if self.scatter.len() < POINTS && !self.scatter.contains(&point) {
            self.scatter.push(point);
        }
    }

    /// Counts the pixels of a box; of the phase with the most draws in the end.
    pub(in crate::audit) fn cover(&mut self, coverage: Coverage) {
        if self.coverage.as_ref().is_none_or(|known| known.draws < coverage.draws) && coverage.draws > 0 {
            self.coverage = Some(coverage);
        }
    }

    pub(in crate::audit) const fn totals(&self) -> (u64, u64, u64) {
        (self.totals[0], self.totals[1], self.totals[2])
    }

    pub(in crate::audit) fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }

    pub(in crate::audit) fn facts(&self) -> Vec<Fact> {
        self.facts.clone()
    }

    pub(in crate::audit) fn scatter(&self) -> Vec<Point> {
        self.scatter.clone()
    }

    pub(in crate::audit) fn coverage(&self) -> Option<Coverage> {
        self.coverage.clone()
    }

    /// Findings: those of pixels before those of labels, the most frequent first.
    pub(in crate::audit) fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self
            .tallies
            .iter()
            .filter_map(|(&code, tally)| {
                let entry = entry(code)?;
                Some(Finding {
                    code,
                    sentence: entry.sentence.into(),
                    hint: entry.hint.into(),
                    count: tally.count,
                    of: self.tested.get(entry.check).copied().unwrap_or(0).max(tally.count),
                    first: tally.first.clone(),
                    smallest: tally.smallest.clone(),
                })
            })
            .collect();
        // Labels often follow from pixels; and what is seen most often explains the rest.
        let rank = |code: Code| {
            let check = entry(code).map_or("", |entry| entry.check);
            let label = is_label(check);
            (label, CHECKS.iter().position(|(id, _)| *id == check))
        };
        findings.sort_by_key(|finding| {
            let (label, check) = rank(finding.code);
            (label, std::cmp::Reverse(finding.count), check, finding.code)
        });
        findings
    }

    /// The sample of the gravest finding, or an ordinary one.
    pub(in crate::audit) fn shown(&self) -> Option<Shown> {
        let worst = self.findings().into_iter().find_map(|finding| self.shown.get(&Some(finding.code)).cloned());
        worst.or_else(|| self.label.clone()).or_else(|| self.shown.get(&None).cloned())
    }

    /// The table.
    pub(in crate::audit) fn checks(&self, adapter: &Adapter, method: Method, prob_unknown: bool) -> Vec<Check> {
        CHECKS
            .iter()
            .map(|&(id, title)| {
                let tested = self.tested.get(id).copied().unwrap_or(0);
                let of = |code: &Code| entry(*code).is_some_and(|entry| entry.check == id);
                let codes: Vec<Code> = self.tallies.keys().copied().filter(of).collect();
                let declared = |limit| adapter.declares.contains(&limit);
                let labels = is_label(id);
                let (status, reason) = if !codes.is_empty() {
                    (Status::Fail, String::new())
                } else if matches!(id, "S04" | "S14" | "G01" | "G02") && method == Method::Mixup {
                    (Status::NotApplicable, "Mixup has no box".into())
                } else if matches!(id, "S13" | "S15") && declared(Declares::RawLabel) {
                    (Status::NotApplicable, "the adapter declares raw_label".into())
                } else if tested > 0 {
                    (Status::Ok, String::new())
                } else if labels && declared(Declares::NoLabels) {
                    (Status::NotApplicable, "the adapter declares no_labels".into())
                } else if id == "S08" && declared(Declares::InPlace) {
                    (Status::NotApplicable, "the adapter declares in_place".into())
                } else if id == "G01" && method == Method::Cutout {
                    (Status::NotApplicable, "Cutout does not say what shape its box has".into())
                } else if matches!(id, "L01" | "L03" | "L04" | "L06") && method == Method::Mixup {
                    (Status::NotApplicable, "Mixup has no box".into())
                } else if id == "L07" && method == Method::Cutout {
                    (Status::NotApplicable, "Cutout has no partner".into())
                } else if id == "B01" && declared(Declares::EvenBatch) {
                    (Status::NotApplicable, "the adapter declares even_batch".into())
                } else if id == "G01" && declared(Declares::SquareOnly) {
                    (Status::NotApplicable, "the adapter declares square_only".into())
                } else {
                    (Status::Untested, missing(id, prob_unknown).into())
                };
                Check { id, title, status, tested, reason, codes }
            })
            .collect()
    }
}

/// Whether a check is of labels.
fn is_label(check: &str) -> bool {
    matches!(check, "S10" | "S11" | "S12" | "S13" | "S15" | "S20")
}

/// Why a check had nothing to look at.
const fn missing(id: &str, prob_unknown: bool) -> &'static str {
    match id.as_bytes() {
        b"B01" => "no phase of an odd batch",
        b"S08" => "no PHASE_images_after in the trace",
        b"S10" | b"S11" | b"S12" | b"S13" | b"S15" | b"S20" => "no labels in the trace",
        b"S14" | b"S18" => "no PHASE_bbox, PHASE_index or PHASE_lam_raw in the trace",
        b"S16" | b"L03" if prob_unknown => "--prob is unknown",
        b"S16" => "too few calls",
        b"S19" => "no PHASE_repeat_images_out in the trace",
        b"M01" => "no masks in the probe, or in the trace",
        b"G01" => "no boxes on images of different width and height",
        b"G02" => "too few boxes",
        b"L07" => "no partners that are drawn, of three images or more",
        _ => "nothing of the kind in the trace",
    }
}
