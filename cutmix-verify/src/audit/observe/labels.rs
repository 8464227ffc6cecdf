//! The checks of a phase's labels.

use super::Seen;
use super::label::{
    ClassWeights, Ingredients, Reading, all_finite, read, rounded_class, row_out, stray, tolerance, ulps,
};
use super::label_rules::{Numbers, classify, classify_blends};
use super::labelled::Labelled;
use crate::decode::{Blend, Paste, Picture, Sample};
use crate::probe::{CallLabels, Declares, Dtype, Method, Phase, label_of};
use crate::profile::{Code, Label};
use crate::reference::Patch;
use crate::report::{Contrast, Example, Habit, Point, Promise};
use crate::trace::{Adapter, Call, Calls, LabelsOut};

/// A label row that was given: classes and weights.
type Soft<'a> = &'a [(u32, f64)];

/// Codes that may explain weight on classes of neither image, the most telling first.
const FOREIGN: [Code; 7] = [
    Code::LabelNumeric,
    Code::ClassRounded,
    Code::LabelIndex,
    Code::LabelSmoothed,
    Code::LabelPartner,
    Code::LabelStale,
    Code::LabelSupport,
];

/// Wrong labels of a kind whose examples are kept.
const EXAMPLES: usize = 4096;
/// Labels that a rule is judged by are kept up to this number; it decides by the first few.
const KEPT: usize = 100_000;
/// Calls whose labels are remembered, to tell stale ones: the first and the last few.
const REMEMBERED: usize = 8;
/// The least tolerance where documented smoothing was taken off: the difference of weights of binary32 is divided by what is left.
const SMOOTHED: f64 = 2e-6;
/// A soft row's second class has a third of its first one's weight. The first must be this many tolerances, so that the second
/// would be four, and be seen.
const HARDENED: f64 = 12.0;
/// Classes of two images, two each: those that label smoothing does not add.
const CLASSES_OF_TWO: usize = 4;
/// Weights that smoothing adds differ by less than this.
const EVEN: f64 = 1e-6;

/// The kept fraction of a sample, as its picture tells it.
#[derive(Clone, Copy, Debug)]
struct Kept {
    donor: Option<usize>,
    patch: Patch,
    /// The fraction of the base's pixels (or its weight) that was kept, and how far the true one may be from it.
    share: f64,
    uncertainty: f64,
}

/// What the labels of a phase are read with, and what only all of them show.
pub(crate) struct LabelChecks<'a> {
    adapter: &'a Adapter,
    phase: &'a Phase,
    method: Method,
    classes: Option<u64>,
    tolerance: f64,
    /// Samples whose weights do not tell the kept fraction, and all that have one.
    wrong: Vec<(Labelled, Example)>,
    labelled: u64,
    all: Vec<Labelled>,
    /// Samples with weight on classes of neither image, and which codes explain each.
    foreign: Vec<([bool; 7], Example)>,
    /// Labels that are one number each.
    numbers: Numbers,
    /// How many of the others have no changed pixel, and no weight but of one other image of the call.
    still: u64,
    before: Vec<CallLabels>,
    /// How many more there were of `wrong` and `foreign` than are kept.
    more: [u64; 2],
    /// The largest error of a weight so far, and whose it is if it is of the last call.
    worst: f64,
    pub(crate) fresh: Option<(usize, Point)>,
}

/// Keeps the first few thousand, and in the last place the one with the smallest box of all others.
fn keep<T>(kept: &mut Vec<(T, Example)>, more: &mut u64, new: (T, Example)) {
    if kept.len() < EXAMPLES {
        kept.push(new);
        return;
    }
    *more += 1;
    if let Some(last) = kept.last_mut().filter(|last| new.1.size() < last.1.size()) {
        *last = new;
    }
}

/// How coarse the values of a type are near 1, where the type says so: the last place of 1 in half precisions, a step of whole
/// numbers.
const fn grain(dtype: Dtype) -> f64 {
    match dtype {
        Dtype::U8 => 1.0 / 255.0,
        Dtype::F16 => 1.0 / 1024.0,
        Dtype::Bf16 => 1.0 / 128.0,
        Dtype::U16 | Dtype::I16 | Dtype::F32 | Dtype::F64 => 1.0 / 65_535.0,
    }
}

impl<'a> LabelChecks<'a> {
    pub(crate) fn new(adapter: &'a Adapter, phase: &'a Phase, method: Method, calls: &Calls) -> Self {
        Self {
            adapter,
            phase,
            method,
            classes: calls.classes,
            tolerance: tolerance(calls.label_scalar),
            wrong: Vec::new(),
            labelled: 0,
            all: Vec::new(),
            foreign: Vec::new(),
            numbers: Numbers::default(),
            still: 0,
            before: Vec::new(),
            more: [0; 2],
            worst: 0.0,
            fresh: None,
        }
    }

    pub(crate) fn call(&mut self, call: &Call, samples: &[Sample]) -> Seen {
        let mut seen = Seen::default();
        let labels = label_of(self.phase, call.number);
        if let Some(out) = &call.labels {
            let given = Ingredients {
                labels: &labels,
                labels_in: self.adapter.labels_in,
                smoothing: self.adapter.smoothing,
                classes: self.phase.classes,
            };
            self.samples(&mut seen, call, samples, out, &given);
        }
        self.before.push(labels);
        if self.before.len() > REMEMBERED {
            self.before.remove(1);
        }
        seen
    }

    /// The fraction of a sample's pixels that was kept, if its picture tells.
    fn kept(&self, picture: &Picture) -> Option<Kept> {
        let grain = grain(self.phase.dtype);
        Some(match (picture, self.method) {
            (Picture::Blended(blend), Method::Mixup) if blend.ambiguous => return None,
            (&Picture::Blended(Blend { donor, patch, weight: share, uncertainty, .. }), Method::Mixup) => {
                // Where both weights are rounded to the type of the images, one by one, their sum is not 1.
                let half = matches!(self.phase.dtype, Dtype::F16 | Dtype::Bf16);
                let uncertainty = uncertainty + if half { grain } else { 0.0 };
                Kept { donor: Some(donor), patch, share, uncertainty }
            }
            (&(Picture::Filled { patch, .. } | Picture::Noise { patch, .. }), Method::Cutout) => {
                Kept { donor: None, patch, share: 1.0, uncertainty: 0.0 }
            }
            _ => {
                let Paste { donor, patch, inverted } = picture.paste()?;
                let inside = patch.area() as f64 / self.phase.area() as f64;
                let share = if inverted { inside } else { 1.0 - inside };
                // A weight so near 0 or 1 that rounding hid it.
                Kept { donor, patch, share, uncertainty: if self.method == Method::Mixup { grain } else { 0.0 } }
            }
        })
    }

    fn samples(&mut self, seen: &mut Seen, call: &Call, samples: &[Sample], out: &LabelsOut, given: &Ingredients<'_>) {
        let classes = self.classes.unwrap_or(0) as usize;
        let kept: Vec<_> = samples.iter().map(|sample| self.kept(&sample.picture)).collect();
        // A sample that was its own partner hides its box.
        let of = |j: usize| kept.get(j).copied().flatten().and_then(|kept| kept.donor.map(|_| kept.share));
        let all: Option<Vec<f64>> = (0..samples.len()).map(of).collect();
        let mean = all.map(|all| all.iter().sum::<f64>() / all.len().max(1) as f64);
        let mut first = None;
        let batch = samples.len();
        for (i, here) in kept.iter().enumerate() {
            let row = row_out(out, given, self.adapter.lam_is, classes, i);
            if !all_finite(out, classes, i) {
                let example = Example::at(&self.phase.name, call.number, i);
                seen.find(Code::NotFinite, example.shows(Contrast::Label(&row, Promise::Numbers)));
                continue;
            }
            let Some(Kept { donor, patch, share, uncertainty }) = *here else { continue };
            let (base, other) = (given.row(i), given.row(donor.unwrap_or(i)));
            let pixels = self.phase.area() as u64;
            let example = Example::at(&self.phase.name, call.number, i).boxed(donor, patch, pixels);
            for check in ["S10", "S11"] {
                seen.tested(check, 1);
            }
            let smoothed = if self.adapter.smoothing > 0.0 { SMOOTHED } else { 0.0 };
            let tolerance = self.tolerance.max(smoothed) + uncertainty;
            if self.hardened(&row, &base, &other, given) {
                seen.find(Code::LabelHardened, example.shows(Contrast::Label(&row, Promise::Rows(&base, &other))));
                continue;
            }
            // Of a blend that does not show, rounding hid the partner, and its class has as much as that.
            let hidden = if donor.is_none() { uncertainty } else { 0.0 };
            let reading = read(&row, &base, &other, stray(given, self.tolerance) + hidden);
            let untouched = matches!(&reading, Reading::Weight { base, sum }
                if base.is_none_or(|base| (base - 1.0).abs() <= tolerance) && (sum - 1.0).abs() <= 2.0 * tolerance);
            if self.method == Method::Cutout {
                for check in ["S13", "S15"] {
                    seen.tested(check, 1);
                }
                if !untouched {
                    seen.find(Code::CutoutLabel, example.shows(Contrast::Label(&row, Promise::Alone(base[0].0))));
                }
                continue;
            }
            if donor.is_none() {
                seen.tested("S15", 1);
            }
            let between = self.numbers.look(&row, [base[0].0, other[0].0], share);
            match reading {
                Reading::Numeric(class) => {
                    self.numbers.fractions = true;
                    seen.find(Code::LabelNumeric, example.shows(Contrast::Fraction(class)));
                }
                Reading::Foreign(foreign) => {
                    let promise = Promise::Classes((i, &base), (donor, &other));
                    let example = example.shows(Contrast::Label(&row, promise));
                    // No pixel was replaced, and yet another image of the call has weight.
                    let one_other = (0..batch)
                        .any(|j| foreign.iter().all(|&class| given.row(j).iter().any(|&(known, _)| known == class)));
                    let weight: f64 =
                        row.iter().filter(|&&(class, _)| class == f64::from(base[0].0)).map(|w| w.1).sum();
                    if donor.is_none() && one_other && weight > 0.0 {
                        if self.raw() {
                            continue;
                        }
                        seen.find(Code::LabelEmptyBox, example);
                        continue;
                    }
                    self.still += u64::from(donor.is_none() && one_other);
                    let explained =
                        self.explain(&foreign, between == Some(true), &row, given, (i, donor), (&base, &other));
                    keep(&mut self.foreign, &mut self.more[1], (explained, example));
                }
                Reading::Weight { base: weight, sum } => {
                    if (sum - 1.0).abs() > 2.0 * tolerance {
                        let example = example.clone().shows(Contrast::Sum(sum));
                        seen.find(Code::LabelSum, Example { ulps: Some(ulps(sum, 1.0)), ..example });
                    }
                    let Some(weight) = weight else { continue };
                    if donor.is_none() {
                        if (weight - 1.0).abs() > tolerance && !self.raw() {
                            seen.find(Code::LabelEmptyBox, example.shows(Contrast::Untouched(weight)));
                        }
                        continue;
                    }
                    let labelled = Labelled {
                        weight,
                        patch,
                        size: [self.phase.width, self.phase.height],
                        kept: share,
                        mean,
                        first: *first.get_or_insert(weight),
                        others: [
                            donor.and_then(of),
                            of(batch - 1 - i),
                            of((i + 1) % batch),
                            of((i + batch - 1) % batch),
                        ],
                        tolerance,
                    };
                    self.weight(seen, labelled, example);
                }
            }
        }
    }

    /// Whether the drawn lambda is what the label promises.
    fn raw(&self) -> bool {
        self.adapter.declares.contains(&Declares::RawLabel)
    }

    fn weight(&mut self, seen: &mut Seen, labelled: Labelled, example: Example) {
        seen.tested("S12", 1);
        seen.tested("S13", 1);
        let point = Point { kept: labelled.kept, weight: labelled.weight };
        seen.points.push(point);
        self.labelled += 1;
        if self.all.len() < KEPT {
            self.all.push(labelled);
        }
        if !labelled.right() {
            let off = (labelled.weight - labelled.kept).abs();
            if off > self.worst && !self.raw() {
                self.worst = off;
                self.fresh = Some((example.sample, point));
            }
            let example = example.shows(Contrast::Weight(labelled.weight, labelled.kept));
            let example = Example { ulps: Some(ulps(labelled.weight, labelled.kept)), ..example };
            keep(&mut self.wrong, &mut self.more[0], (labelled, example));
        }
    }

    /// Whether a soft row's second class is gone, its first is not.
    fn hardened(&self, row: &ClassWeights, base: Soft<'_>, other: Soft<'_>, given: &Ingredients<'_>) -> bool {
        if given.labels.second.is_none() || base.len() < 2 {
            return false;
        }
        let has = |class: u32, least: f64| {
            row.iter().any(|&(known, weight)| known == f64::from(class) && weight.abs() > least * self.tolerance)
        };
        let gone = |soft: Soft<'_>| soft.len() > 1 && has(soft[0].0, HARDENED) && !has(soft[1].0, 1.0);
        gone(base) || gone(other)
    }

    /// Which of [`FOREIGN`] explain weight on these classes.
    fn explain(
        &self,
        foreign: &[u32],
        numeric: bool,
        row: &ClassWeights,
        given: &Ingredients<'_>,
        (i, donor): (usize, Option<usize>),
        (base, other): (Soft<'_>, Soft<'_>),
    ) -> [bool; 7] {
        let all = |known: &dyn Fn(u32) -> bool| foreign.iter().all(|&class| known(class));
        let rows = || base.iter().chain(other).map(|&(class, _)| class);
        let rounded = all(&|class| rows().any(|known| rounded_class(class, known)));
        let index = all(&|class| class as usize == i || Some(class as usize) == donor);
        let weights: Vec<f64> =
            row.iter().filter(|&&(class, _)| foreign.contains(&(class as u32))).map(|&(_, weight)| weight).collect();
        let even = weights.iter().all(|weight| (weight - weights[0]).abs() < EVEN);
        let most = (foreign.len() + CLASSES_OF_TWO) as u64 >= self.classes.unwrap_or(u64::MAX);
        let smoothed = even && most && foreign.len() > CLASSES_OF_TWO;
        let here =
            |class: u32| (0..given.labels.ids.len()).any(|j| given.row(j).iter().any(|&(known, _)| known == class));
        let earlier = |class: u32| {
            self.before.iter().any(|labels| {
                labels.ids.contains(&class) || labels.second.as_ref().is_some_and(|second| second.contains(&class))
            })
        };
        [numeric, rounded, index, smoothed, all(&here), all(&earlier), true]
    }

    /// What only all labels together show: by which rule they are wrong.
    pub(crate) fn finish(mut self) -> Seen {
        let mut seen = Seen::default();
        let raw = self.raw();
        let [more_wrong, more_foreign] = self.more;
        let numeric = self.numbers.are_mixed();
        for (explained, _) in &mut self.foreign {
            explained[0] &= numeric;
        }
        if !self.foreign.is_empty() && self.still == self.foreign.len() as u64 + more_foreign {
            // Where all of them are such, no partner is another's: labels are replaced though nothing was pasted.
            seen.findings.extend(self.foreign.into_iter().map(|(_, example)| (Code::LabelEmptyBox, example)));
            seen.more(Code::LabelEmptyBox, more_foreign);
        } else if !self.foreign.is_empty() {
            let common = (0..FOREIGN.len()).find(|&code| self.foreign.iter().all(|(explained, _)| explained[code]));
            for (explained, example) in self.foreign {
                let own = explained.iter().position(|&explains| explains);
                // The last one explains everything.
                let code =
                    common.filter(|&code| FOREIGN[code] != Code::LabelSupport).or(own).unwrap_or(FOREIGN.len() - 1);
                seen.find(FOREIGN[code], example);
            }
            if let Some(code) = common {
                seen.more(FOREIGN[code], more_foreign);
            }
        }
        if !self.wrong.is_empty() {
            let code = match self.method {
                _ if numeric => Code::LabelNumeric,
                Method::Mixup => classify_blends(&self.all),
                Method::Cutmix | Method::Cutout => classify(&self.all),
            };
            if code == Code::LabelRaw && raw {
                seen.habits.push(Habit::LabelRule(Label::Raw));
                return seen;
            }
            seen.findings.extend(self.wrong.into_iter().map(|(_, example)| (code, example)));
            seen.more(code, more_wrong);
        } else if self.labelled > 0 {
            seen.habits.push(Habit::LabelRule(Label::Kept));
        }
        seen
    }
}
