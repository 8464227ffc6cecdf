//! Reading a phase: every call is decoded, the observers look at it, and what they saw is written into the ledger here alone.

use super::judge::collect::{Collector, Shared};
use super::judge::{Place, weights};
use super::observe::draw::Draw;
use super::observe::extents::SeenExtents;
use super::observe::labels::LabelChecks;
use super::observe::pairing::Partners;
use super::observe::pixels::{PixelChecks, hides};
use super::observe::reports::ReportChecks;
use super::observe::sharing::SharingChecks;
use super::observe::show::shown;
use super::{AlphaDraws, Audit, Prob, applied};
use crate::decode::Decoder;
use crate::npz::NpzError;
use crate::probe::{Codes, Declares, Dtype, Kind, Method, Phase, label_of, mask_phase};
use crate::profile::{Code, Promised, Sharing};
use crate::report::{Contrast, Habit, Subject, words};
use crate::trace::{Call, Trace};

/// The longest side of an image whose law is judged: the law's tables grow with the square of a side.
pub(super) const LONGEST: u32 = 1024;

/// The number of a call, its blends, and the classes of its images.
type Blends = (u32, Vec<Draw>, Vec<u32>);

impl Audit {
    /// Reads a phase of a trace that was made with `alpha`. `done` is told how many calls were read.
    pub(super) fn phase(
        &mut self,
        trace: &Trace,
        phase: &Phase,
        alpha: Option<f64>,
        mut done: impl FnMut(u64),
    ) -> Result<(), NpzError> {
        let Some(mut calls) = trace.phase(phase)? else {
            self.ledger.untested(format!("phase {}: not in the trace", phase.name));
            return Ok(());
        };
        let (ledger, method) = (&mut self.ledger, self.method);
        ledger.phase(&phase.name);
        ledger.tested("S01", u64::from(calls.calls));
        if let Some(misshapen) = &calls.misshapen {
            ledger.fail(Code::Shape, ledger.example(0, 0).shows(Contrast::Shape(misshapen)));
            ledger.untested(format!("phase {}: images of another shape cannot be read", phase.name));
            return Ok(());
        }
        let decoder = Decoder::new(phase, calls.dtype, method);
        let masks = phase.masks.then(|| Decoder::new(&mask_phase(phase), Dtype::U8, Method::Cutmix));
        let in_place = self.options.in_place || self.adapter.declares.contains(&Declares::InPlace);
        let mut pixels = PixelChecks::new(phase, method, &decoder);
        let mut reports = ReportChecks::new(phase, method, masks.as_ref(), in_place);
        reports.lambda = self.options.judge_law;
        let mut labels = LabelChecks::new(&self.adapter, phase, method, &calls);
        let mut extents = SeenExtents::new(phase, method, alpha);
        let size = [phase.width, phase.height];
        let place = [self.inputs.files.len() as u32, self.inputs.phases.len() as u32];
        let mut sharing = SharingChecks::new(phase.batch as usize);
        let mut collector = Collector::new(place, size, phase.batch);
        // The blends of every call, and the classes of its images.
        let mut blends: Vec<Blends> = Vec::new();
        self.inputs.phases.push(phase.name.clone());
        self.inputs.forms.add(phase.dtype.name(), phase.channels, size, phase.batch);
        ledger.add(reports.types(&calls));
        let mut call = Call::default();
        while let Some(plain) = calls.read_with(&mut call, |number, i, image| decoder.at_once(number, i, image))? {
            if phase.kind == Kind::Digits && call.number % Codes::PASSES > 0 {
                ledger.add(pixels.digits(call.number, &call.images));
                done(u64::from(call.number) + 1);
                continue;
            }
            let (samples, scaling) = decoder.rest(call.number, &call.images, plain);
            let draw = |i: usize| Draw::of(method, i, &samples[i].picture);
            let draws: Vec<Option<Draw>> = (0..samples.len()).map(draw).collect();
            let picture = |i: usize, subject| shown(&decoder, &call, i, &samples[i].picture, subject);
            ledger.add(pixels.call(&samples, scaling.is_some(), &draws));
            self.habits.scaled |= scaling.is_some();
            for (i, sample) in samples.iter().enumerate() {
                for (code, example) in pixels.faults(call.number, i, sample) {
                    if ledger.wants(Some(code)) {
                        ledger.show(Some(code), picture(i, Subject::Found(code)));
                    }
                    ledger.fail(code, example);
                }
                if ledger.wants(None) && pixels.ordinary(&sample.picture) {
                    ledger.show(None, picture(i, Subject::Ordinary));
                }
            }
            ledger.add(reports.call(&call, &samples, &draws));
            ledger.add(labels.call(&call, &samples));
            if let Some((sample, furthest)) = labels.fresh.take() {
                ledger.show_label(picture(sample, Subject::Label(furthest)));
            }
            let classes = label_of(phase, call.number).ids;
            if method == Method::Mixup {
                // Next to 1 the type of the images decides whether anything is seen.
                let clear = |draw: &Draw| draw.weight.is_some_and(|weight| weight < weights::CLEAR);
                let clear: Vec<_> = draws.iter().map(|draw| draw.filter(clear)).collect();
                collector.call(call.number, &clear, &classes);
                let weighted = draws.iter().flatten().filter(|draw| draw.weight.is_some()).copied();
                blends.push((call.number, weighted.collect(), classes));
            } else {
                extents.call(call.number, &draws);
                collector.call(call.number, &draws, &classes);
            }
            sharing.call(&draws, size);
            done(u64::from(call.number) + 1);
        }
        let (changed, hidden) = (pixels.changed, pixels.hidden);
        let (seen, coverage) = pixels.finish();
        ledger.add(seen);
        ledger.cover(coverage);
        ledger.add(reports.finish());
        ledger.add(labels.finish());
        ledger.tested("G01", extents.compared);
        extents.add_to(&mut self.extents);
        let number = calls.calls;
        drop(calls);
        let judged = self.judges(phase, hidden);
        self.batches(phase, &sharing, &collector);
        if self.conventions(&trace.name(), phase, &sharing, [number.into(), changed]) && judged {
            self.drawn(alpha, place, &sharing, collector, &blends);
        }
        Ok(())
    }

    /// Whether the draws of a phase say something of their law; notes why if not.
    fn judges(&mut self, phase: &Phase, hidden: u64) -> bool {
        let large = format!("the law of the draws on images longer than {LONGEST} pixels; a smaller probe shows it");
        let reasons = [
            (phase.width.max(phase.height) > LONGEST, large),
            (hides(phase, self.method), "the law of the boxes, of which one plane shows too little".into()),
            (hidden > 0, "the law of the draws, of which the probe does not show all".into()),
            (phase.draws, "the law of the draws, which the probe gave".into()),
        ];
        for (_, reason) in reasons.iter().filter(|(holds, _)| *holds) {
            self.ledger.untested(format!("phase {}: {reason}", phase.name));
        }
        reasons.iter().all(|(holds, _)| !holds)
    }

    /// Adds a phase's draws to those of its alpha.
    fn drawn(
        &mut self,
        alpha: Option<f64>,
        [trace, phase]: [u32; 2],
        sharing: &SharingChecks,
        collector: Collector,
        blends: &[Blends],
    ) {
        let fingerprint = &mut self.habits.fingerprint;
        fingerprint.sharing = fingerprint.sharing.or(sharing.scope());
        fingerprint.inside |= collector.inverted;
        if fingerprint.pairings.is_empty() {
            fingerprint.pairings = sharing.pairing.pairings();
        }
        if sharing.scope() == Some(Sharing::Sample) {
            let shared = match (collector.one_lambda(), collector.one_centre()) {
                (true, _) => Some(Sharing::Lambda),
                (_, true) => Some(Sharing::Centre),
                _ => None,
            };
            if shared.is_some() {
                let mixup = self.method == Method::Mixup;
                self.ledger.habit(if mixup { Habit::Weights(shared) } else { Habit::Sharing(shared) });
                fingerprint.sharing = shared;
            }
        }
        let draws = AlphaDraws::of(&mut self.draws, alpha);
        draws.boxes.one_process = self.inputs.live;
        let partners = if self.method == Method::Cutout { Partners::Nobody } else { sharing.pairing.partners() };
        let alone = sharing.pairing.alone();
        let given = self.options.promises.pairing == Some(Promised::Given);
        let shared = Shared { unit: sharing.unit(), partners, alone: &alone, given };
        let prob = self.options.prob;
        let unshown = if self.method == Method::Mixup {
            for (call, blends, classes) in blends {
                for draw in sharing.independent(blends) {
                    draws.blends.weights.extend(draw.weight);
                    draws.blends.places.push(Place { trace, phase, call: *call, sample: draw.sample as u32 });
                    draws.blends.known.push(draw.known(classes));
                }
            }
            collector.finish_blends(&mut draws.boxes, &shared, prob)
        } else {
            collector.finish(&mut draws.boxes, &shared, prob)
        };
        if unshown.uncounted && prob != Prob::Unknown {
            self.ledger.untested(words::OWN_PARTNERS.into());
        }
        for place in unshown.never {
            let example = self.ledger.example(0, place as usize).shows(Contrast::NeverChanged(place));
            self.ledger.fail(Code::ApplyRate, example);
        }
    }

    /// What a whole phase shows. Says whether its draws are new.
    fn conventions(&mut self, name: &str, phase: &Phase, sharing: &SharingChecks, [calls, changed]: [u64; 2]) -> bool {
        let calls = calls as u32;
        // Whether it begins with the draws of the phase before of its name and size.
        let repeated = sharing.first().is_some_and(|first| {
            let kind = format!("{} {:?}", phase.name, phase.image_shape());
            self.habits.before.insert(kind, first.clone()).is_some_and(|before| before == first)
        });
        let live = self.inputs.live;
        let ledger = &mut self.ledger;
        // Scripts are often run with one seed for several probes: no defect, but no new draws either.
        let draws = if repeated && !live { 0 } else { sharing.draws() };
        let counts = [u64::from(calls), u64::from(calls) * u64::from(phase.batch), draws];
        ledger.totals.iter_mut().zip(counts).for_each(|(total, more)| *total += more);
        if repeated && live {
            ledger.fail(Code::SameDraws, ledger.example(0, 0).shows(Contrast::SameAsRound));
        } else if repeated {
            ledger.untested(format!("{name}, phase {}: the draws of a trace before; it adds nothing", phase.name));
        }
        if sharing.tells_calls() {
            ledger.tested("G03", u64::from(calls));
        }
        if sharing.same_draws() {
            ledger.fail(Code::SameDraws, ledger.example(1, 0).shows(Contrast::SameAsCall));
        }
        self.habits.batching = sharing.batching();
        self.inputs.oblong |= phase.width != phase.height;
        self.inputs.whole |= !phase.dtype.is_float();
        if phase.dtype.is_float() {
            self.inputs.specials = Some(self.inputs.specials == Some(true) || phase.kind == Kind::Nan);
        }
        // Of the four calls of a digits probe one shows boxes.
        let calls = if phase.kind == Kind::Digits { calls.div_ceil(Codes::PASSES) } else { calls };
        let seen = applied::Seen { calls, drawn: sharing.touched, changed };
        self.applied.phase(ledger, phase, self.method, self.options.prob, seen);
        for habit in sharing.habits() {
            match habit {
                // A blend has no sides and no place.
                Habit::OddExtents(_) if self.method == Method::Mixup => {}
                Habit::Sharing(sharing) if self.method == Method::Mixup => ledger.habit(Habit::Weights(sharing)),
                habit => ledger.habit(habit),
            }
        }
        !repeated
    }
}
