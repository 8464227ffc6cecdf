//! Sharing, pairing and the throw of a phase, held against promises and against the phases before.

use super::Audit;
use super::judge::batching::{Counts, Shows, pairs, thrown};
use super::judge::collect::Collector;
use super::observe::pairing::Partners;
use super::observe::sharing::SharingChecks;
use super::prob::Prob;
use crate::probe::{Method, Phase};
use crate::profile::{Code, Promised, Promises, Throw};
use crate::report::{Contrast, Habit, words};

/// What a phase showed: for sure, and as it is said.
#[derive(Debug)]
pub(super) struct ShownPhase {
    name: String,
    shows: Shows,
    sharing: Habit,
    pairing: Habit,
}

/// What is promised, as the report calls it.
const PROMISES: [&str; 3] = ["sharing", "pairing", "throw of the probability"];

impl Audit {
    /// What a phase shows of its batches.
    pub(super) fn batches(&mut self, phase: &Phase, sharing: &SharingChecks, collector: &Collector) {
        if self.method == Method::Cutout && sharing.touched == 0 {
            return;
        }
        let map = sharing.pairing.map().filter(|_| self.method != Method::Cutout);
        let shows = Shows { batch: phase.batch as usize, sharing: sharing.sure(), map };
        let shown = ShownPhase {
            name: phase.name.clone(),
            shows,
            sharing: Habit::Sharing(shows.sharing),
            pairing: Habit::Pairing(sharing.pairing.habit()),
        };
        let throw = self.throw(phase, sharing);
        if let Some(throw) = throw {
            self.ledger.habit(Habit::Throw(throw));
        }
        self.compare(&shown);
        self.hold(&shown, throw, sharing, collector);
        self.habits.shown.push(shown);
    }

    /// What a throw with the promised probability decides on, if that shows.
    fn throw(&self, phase: &Phase, sharing: &SharingChecks) -> Option<Throw> {
        let Prob::Known(p) = self.options.prob else { return None };
        let [calls, idle, touched] = sharing.counts();
        let (alone, fixed) = (sharing.pairing.alone(), sharing.pairing.partners() == Partners::Fixed);
        let images = phase.batch as usize - alone.len();
        let drawn = !fixed && self.method != Method::Cutout;
        thrown(p, &Counts { calls, idle, touched, images, drawn, unit: sharing.unit() })
    }

    /// Compares a phase with those before it: one recipe mixes batches of every length.
    fn compare(&mut self, shown: &ShownPhase) {
        let mut changes = None;
        for before in &self.habits.shown {
            let both = before.shows.sharing.is_some() && shown.shows.sharing.is_some()
                || before.shows.map.is_some() && shown.shows.map.is_some();
            if both && before.shows.batch != shown.shows.batch {
                self.ledger.tested("B01", 1);
            }
            match before.shows.changes(&shown.shows) {
                [true, _] => changes = changes.or(Some((before, [before.sharing, shown.sharing]))),
                [_, true] => changes = changes.or(Some((before, [before.pairing, shown.pairing]))),
                _ => {}
            }
        }
        if let Some((before, habits)) = changes {
            let example = self.ledger.example(0, 0).shows(Contrast::Changes(&before.name, habits));
            self.ledger.fail(Code::BatchingChanges, example);
        }
    }

    /// Holds a phase against what was promised.
    fn hold(&mut self, shown: &ShownPhase, throw: Option<Throw>, sharing: &SharingChecks, collector: &Collector) {
        let Promises { sharing: shared, pairing: paired, throw: thrown } = self.options.promises;
        let paired = paired.filter(|promised| *promised != Promised::Given);
        let held = [
            shared.and_then(|promised| {
                let kept = shown.shows.shares(promised, collector.common())?;
                Some((kept, Code::SharingOther, Contrast::Shared(promised, shown.sharing)))
            }),
            paired.and_then(|promised| {
                let kept = pairs(shown.shows.map?, sharing.pairing.own(), promised)?;
                Some((kept, Code::PairingOther, Contrast::Paired(promised, shown.pairing)))
            }),
            thrown.and_then(|promised| {
                let throw = throw?;
                Some((throw == promised, Code::ProbOther, Contrast::Thrown(promised, throw)))
            }),
        ];
        if shared.is_some() || paired.is_some() || thrown.is_some() {
            self.ledger.tested("B02", 0);
        }
        for (judged, held) in self.habits.judged.iter_mut().zip(held) {
            let Some((kept, code, contrast)) = held else { continue };
            *judged = true;
            self.ledger.tested("B02", sharing.counts()[0]);
            if !kept {
                self.ledger.fail(code, self.ledger.example(0, 0).shows(contrast));
            }
        }
    }

    /// What was promised and not judged, one sentence each.
    pub(super) fn promises_not_judged(&self) -> Vec<String> {
        let Promises { sharing, pairing, throw } = self.options.promises;
        let pairing = pairing.filter(|promised| *promised != Promised::Given);
        let promised = [sharing.is_some(), pairing.is_some(), throw.is_some()];
        let open = promised.into_iter().zip(self.habits.judged).map(|(promised, judged)| promised && !judged);
        PROMISES.iter().zip(open).filter(|(_, open)| *open).map(|(promise, _)| words::not_judged(promise)).collect()
    }
}
