//! Reading a phase: every call is decoded, the observers look at it, and what they saw is written into the ledger here alone.

use super::findings::Ledger;
use super::judge::collect::Collector;
use super::observe::draw::Draw;
use super::observe::extents::SeenExtents;
use super::observe::labels::LabelChecks;
use super::observe::pixels::{PixelChecks, hides};
use super::observe::reports::ReportChecks;
use super::observe::sharing::{Partners, SharingChecks};
use super::observe::show::shown;
use super::{AlphaDraws, Audit, Prob};
use crate::decode::Decoder;
use crate::npz::NpzError;
use crate::probe::{Codes, Declares, Dtype, Kind, Method, Phase, mask_phase};
use crate::profile::{Code, Sharing};
use crate::report::{Contrast, Habit, Subject};
use crate::trace::{Call, Trace};

/// The longest side of an image whose law is judged: the law's tables grow with the square of a side.
const LONGEST: u32 = 1024;
/// One draw in this many changes its sample at least: two thirds of all boxes are not empty at any alpha, and a third of a
/// batch of permutations may stay in its place.
const CHANGE: f64 = 3.0;
/// Samples of a call depend on each other, at most as if each of so many shared a draw.
const SHARING: f64 = 8.0;
/// How rarely nothing may be changed by chance before that is a finding.
const CHANCE: f64 = 1e-9;

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
        let mut labels = LabelChecks::new(&self.adapter, phase, method, &calls);
        let mut extents = SeenExtents::new(phase, method, alpha);
        let size = [phase.width, phase.height];
        let place = [self.inputs.files.len() as u32, self.inputs.phases.len() as u32];
        let mut sharing = SharingChecks::new(phase.batch as usize);
        let mut collector = Collector::new(place, size, phase.batch);
        // Samples and weights of the blends of every call.
        let mut blends: Vec<Vec<(usize, f64)>> = Vec::new();
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
            if method == Method::Mixup {
                let weighted = draws.iter().flatten().filter_map(|draw| Some((draw.sample, draw.weight?)));
                blends.push(weighted.collect());
            } else {
                extents.call(call.number, &draws);
                collector.call(call.number, &draws);
            }
            sharing.call(&draws, size);
            done(u64::from(call.number) + 1);
        }
        let (seen, coverage) = pixels.finish();
        ledger.add(seen);
        ledger.cover(coverage);
        ledger.add(reports.finish());
        ledger.add(labels.finish());
        ledger.tested("G01", extents.compared);
        extents.add_to(&mut self.extents);
        let number = calls.calls;
        drop(calls);
        let judged = self.judges(phase);
        if self.conventions(&trace.name(), phase, &sharing, number) && judged {
            self.drawn(alpha, &sharing, collector, &blends);
        }
        Ok(())
    }

    /// Whether the draws of a phase say something of their law; notes why if not.
    fn judges(&mut self, phase: &Phase) -> bool {
        let large = format!("the law of the draws on images longer than {LONGEST} pixels; a smaller probe shows it");
        let reasons = [
            (phase.width.max(phase.height) > LONGEST, large),
            (hides(phase, self.method), "the law of the boxes, of which one plane shows too little".into()),
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
        sharing: &SharingChecks,
        collector: Collector,
        blends: &[Vec<(usize, f64)>],
    ) {
        let fingerprint = &mut self.habits.fingerprint;
        fingerprint.sharing = fingerprint.sharing.or(sharing.scope());
        fingerprint.inside |= collector.inverted;
        if fingerprint.pairings.is_empty() {
            fingerprint.pairings = sharing.pairings();
        }
        if sharing.scope() == Some(Sharing::Sample) {
            let shared = match (collector.one_lambda(), collector.one_centre()) {
                (true, _) => Some(Sharing::Lambda),
                (_, true) => Some(Sharing::Centre),
                _ => None,
            };
            if shared.is_some() {
                self.ledger.habit(Habit::Sharing(shared));
                fingerprint.sharing = shared;
            }
        }
        let draws = AlphaDraws::of(&mut self.draws, alpha);
        draws.boxes.one_process = self.inputs.live;
        if self.method == Method::Mixup {
            draws.weights.extend(sharing.independent(blends));
            return;
        }
        let partners = if self.method == Method::Cutout { Partners::Nobody } else { sharing.partners() };
        for place in collector.finish(&mut draws.boxes, sharing.unit(), partners, self.options.prob) {
            let example = self.ledger.example(0, place as usize).shows(Contrast::NeverChanged(place));
            self.ledger.fail(Code::ApplyRate, example);
        }
    }

    /// What a whole phase shows. Says whether its draws are new.
    fn conventions(&mut self, name: &str, phase: &Phase, sharing: &SharingChecks, calls: u32) -> bool {
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
        ledger.tested("G03", u64::from(calls));
        if sharing.same_draws() {
            ledger.fail(Code::SameDraws, ledger.example(1, 0).shows(Contrast::SameAsCall));
        }
        self.habits.batching = sharing.batching();
        if phase.batch % 2 == 1 && phase.batch > 1 {
            ledger.tested("B01", u64::from(calls));
        }
        self.inputs.oblong |= phase.width != phase.height;
        if phase.dtype.is_float() {
            self.inputs.specials = Some(self.inputs.specials == Some(true) || phase.kind == Kind::Nan);
        }
        // Of the four calls of a digits probe one shows boxes.
        let calls = if phase.kind == Kind::Digits { calls.div_ceil(Codes::PASSES) } else { calls };
        applied(ledger, phase, self.method, self.options.prob, calls, sharing.touched);
        // A blend has no sides.
        let told = |habit: &Habit| self.method != Method::Mixup || !matches!(habit, Habit::OddExtents(_));
        for habit in sharing.habits().into_iter().filter(told) {
            ledger.habit(habit);
        }
        !repeated
    }
}

/// Whether samples were changed as far as the promise says; `touched` of them were.
fn applied(ledger: &mut Ledger, phase: &Phase, method: Method, prob: Prob, calls: u32, touched: u64) {
    let samples = f64::from(calls) * f64::from(phase.batch);
    match prob {
        Prob::Known(p) if p > 0.0 => {
            let surely = (1.0 - p / CHANGE).powf(f64::from(calls).max(samples / SHARING)) < CHANCE;
            let name = &phase.name;
            if touched > 0 || surely {
                ledger.tested("S16", samples as u64);
            } else {
                ledger.untested(format!("S16: too few calls in phase {name} to tell whether anything is applied"));
            }
            if phase.batch == 1 && method != Method::Cutout && touched == 0 {
                ledger.untested(format!("phase {name}: batches of one image, which has no partner but itself"));
            } else if touched == 0 && surely {
                ledger.fail(Code::NeverApplied, ledger.example(0, 0).shows(Contrast::NeverApplied(samples)));
            }
        }
        Prob::Known(_) => {
            ledger.tested("S16", samples as u64);
            if touched > 0 {
                ledger.fail(Code::AppliedAtZero, ledger.example(0, 0).shows(Contrast::AppliedAtZero(touched)));
            }
        }
        Prob::Unknown => {}
    }
}
