//! The checks of a phase's labels.

use super::label_rules::{Labelled, classify};
use super::labels::{Given, Reading, Row, read, rounded_class, row_out, tolerance, ulps};
use super::pixels::paste;
use crate::audit::findings::Ledger;
use crate::audit::has_labels;
use crate::decode::{Patch, Picture, Sample};
use crate::npz::Scalar;
use crate::probe::{CallLabels, Declares, Dtype, Method, Phase, label_of};
use crate::profile::Code;
use crate::report::{Example, Fact};
use crate::trace::{Adapter, Call};

/// A label row that was given: classes and weights.
type Soft<'a> = &'a [(u32, f64)];

/// Codes that may explain weight on classes of neither image, the most telling first.
const FOREIGN: [Code; 6] = [
    Code::ClassRounded,
    Code::LabelIndex,
    Code::LabelSmoothed,
    Code::LabelPartner,
    Code::LabelStale,
    Code::LabelSupport,
];

/// Labels of a phase.
pub(in crate::audit) struct LabelChecks<'a> {
    adapter: &'a Adapter,
    phase: &'a Phase,
    classes: Option<u64>,
    tolerance: f64,
    /// Samples whose weights do not tell the kept fraction, and all that have one.
    wrong: Vec<(Labelled, Example)>,
    labelled: u64,
    all: Vec<Labelled>,
    /// Samples with weight on classes of neither image, and which codes explain each.
    foreign: Vec<([bool; 6], Example)>,
    /// How many of them have no changed pixel, and no weight but of one other image of the call.
    still: u64,
    before: Vec<CallLabels>,
    /// How many more there were of `wrong` and `foreign` than are kept.
    more: [u64; 2],
    /// The largest error of a weight so far, and whose it is if it is of the last call.
    worst: f64,
    fresh: Option<(usize, f64, f64)>,
}

/// Keeps the first few thousand, and in the last place the one with the smallest box of all others.
fn keep<T>(kept: &mut Vec<(T, Example)>, more: &mut u64, new: (T, Example)) {
    const MOST: usize = 4096;
    if kept.len() < MOST {
        kept.push(new);
        return;
    }
    *more += 1;
    let size = |example: &Example| example.area.map_or(u64::MAX, |(area, _)| area);
    if let Some(last) = kept.last_mut().filter(|last| size(&new.1) < size(&last.1)) {
        *last = new;
    }
}

/// Labels that a rule is judged by are kept up to this number; it decides by the first few.
const KEPT: usize = 100_000;

impl<'a> LabelChecks<'a> {
    pub(in crate::audit) fn new(
        adapter: &'a Adapter,
        phase: &'a Phase,
        classes: Option<u64>,
        scalar: Option<Scalar>,
    ) -> Self {
        Self {
            adapter,
            phase,
            classes,
            tolerance: tolerance(scalar),
            wrong: Vec::new(),
            labelled: 0,
            all: Vec::new(),
            foreign: Vec::new(),
            still: 0,
            before: Vec::new(),
            more: [0; 2],
            worst: 0.0,
            fresh: None,
        }
    }

    /// Judges the labels of a call.
    pub(in crate::audit) fn call(&mut self, ledger: &mut Ledger, method: Method, call: &Call, samples: &[Sample]) {
        let labels = label_of(self.phase, call.number);
        if has_labels(call) {
            let given = Given {
                labels: &labels,
                labels_in: self.adapter.labels_in,
                smoothing: self.adapter.smoothing,
                classes: self.phase.classes,
            };
            self.judge(ledger, method, call, samples, &given);
        }
        self.before.push(labels);
        if self.before.len() > 8 {
            // The first and the last few.
            self.before.remove(1);
        }
    }

    /// The fraction of a sample's pixels that was kept, if its picture tells; and how exactly.
    fn kept(&self, method: Method, picture: &Picture) -> Option<(Option<usize>, Patch, f64, f64)> {
        let pixels = self.phase.area() as f64;
        match (picture, method) {
            (Picture::Blended(blend), Method::Mixup) if blend.ambiguous => None,
            (Picture::Blended(blend), Method::Mixup) => {
                // Where both weights are rounded to the type of the images, one by one, their sum is not 1.
                let rounded = match self.phase.dtype {
                    Dtype::F16 => 1.0 / 1024.0,
                    Dtype::Bf16 => 1.0 / 128.0,
                    _ => 0.0,
                };
                Some((Some(blend.donor), blend.patch, blend.weight, blend.uncertainty + rounded))
            }
            (Picture::Filled { patch, .. } | Picture::Noise { patch, .. }, Method::Cutout) => {
                Some((None, *patch, 1.0, 0.0))
            }
            _ => {
                let (donor, patch, inverted) = paste(picture)?;
                let share = patch.area() as f64 / pixels;
                // A weight so near 0 or 1 that rounding hid it.
                let hidden = match (method, self.phase.dtype) {
                    (Method::Cutmix | Method::Cutout, _) => 0.0,
                    (Method::Mixup, Dtype::U8) => 1.0 / 255.0,
                    (Method::Mixup, Dtype::F16) => 1.0 / 1024.0,
                    (Method::Mixup, Dtype::Bf16) => 1.0 / 128.0,
                    (Method::Mixup, _) => 1.0 / 65_535.0,
                };
                Some((donor, patch, if inverted { share } else { 1.0 - share }, hidden))
            }
        }
    }

    fn judge(&mut self, ledger: &mut Ledger, method: Method, call: &Call, samples: &[Sample], given: &Given<'_>) {
        let Some(out) = &call.labels else { return };
        let classes = self.classes.unwrap_or(0) as usize;
        let kept: Vec<_> = samples.iter().map(|sample| self.kept(method, &sample.picture)).collect();
        // A sample that was its own partner hides its box.
        let of = |j: usize| kept.get(j).copied().flatten().and_then(|(donor, _, kept, _)| donor.map(|_| kept));
        let all: Option<Vec<f64>> = (0..samples.len()).map(of).collect();
        let mean = all.map(|all| all.iter().sum::<f64>() / all.len().max(1) as f64);
        let mut first = None;
        let batch = samples.len();
        for (i, kept_here) in kept.iter().enumerate() {
            let Some((donor, patch, share, uncertainty)) = *kept_here else { continue };
            let row = row_out(out, given, self.adapter.lam_is, classes, i);
            let (base, other) = (given.row(i), given.row(donor.unwrap_or(i)));
            let example = ledger.example(call.number, i).boxed(donor, patch, self.phase.area() as u64);
            for check in ["S10", "S11"] {
                ledger.tested(check, 1);
            }
            let mut tolerance = self.tolerance.max(if self.adapter.smoothing > 0.0 { 2e-6 } else { 0.0 });
            tolerance += uncertainty;
            if self.hardened(&row, &base, &other, given) {
                let expected = format!("classes and weights of {base:?} and {other:?}");
                ledger.fail(Code::LabelHardened, example.expected(&expected).actual(&text(&row)));
                continue;
            }
            let reading = read(&row, &base, &other, tolerance);
            let untouched = matches!(&reading, Reading::Weight { base, sum }
                if base.is_none_or(|base| (base - 1.0).abs() <= tolerance) && (sum - 1.0).abs() <= 2.0 * tolerance);
            if method == Method::Cutout {
                for check in ["S13", "S15"] {
                    ledger.tested(check, 1);
                }
                if !untouched {
                    let example = example.expected(&format!("class {} alone", base[0].0));
                    ledger.fail(Code::CutoutLabel, example.actual(&text(&row)));
                }
                continue;
            }
            if donor.is_none() {
                ledger.tested("S15", 1);
            }
            match reading {
                Reading::NotFinite => {
                    ledger.fail(Code::NotFinite, example.expected("numbers").actual(&text(&row)));
                }
                Reading::Numeric(class) => {
                    ledger.fail(Code::LabelNumeric, example.expected("a class").actual(&format!("class {class}")));
                }
                Reading::Foreign(foreign) => {
                    let expected = classes_of((i, &base), donor, &other);
                    let example = example.expected(&expected).actual(&text(&row));
                    // No pixel was replaced, and yet another image of the call has weight.
                    let one_other = (0..batch)
                        .any(|j| foreign.iter().all(|&class| given.row(j).iter().any(|&(known, _)| known == class)));
                    let weight: f64 =
                        row.iter().filter(|&&(class, _)| class == f64::from(base[0].0)).map(|w| w.1).sum();
                    if donor.is_none() && one_other && weight > 0.0 {
                        if self.raw() {
                            continue;
                        }
                        ledger.fail(Code::LabelEmptyBox, example);
                        continue;
                    }
                    self.still += u64::from(donor.is_none() && one_other);
                    let explained = self.explain(&foreign, &row, given, (i, donor), (&base, &other));
                    keep(&mut self.foreign, &mut self.more[1], (explained, example));
                }
                Reading::Weight { base: weight, sum } => {
                    if (sum - 1.0).abs() > 2.0 * tolerance {
                        let example = example.clone().expected("a sum of 1").actual(&format!("{sum}"));
                        ledger.fail(Code::LabelSum, Example { ulps: Some(ulps(sum, 1.0)), ..example });
                    }
                    let Some(weight) = weight else { continue };
                    if donor.is_none() {
                        if (weight - 1.0).abs() > tolerance && !self.raw() {
                            let example = example.expected("weight 1").actual(&format!("{weight}"));
                            ledger.fail(Code::LabelEmptyBox, example);
                        }
                        continue;
                    }
                    let labelled = Labelled {
                        weight,
                        sides: patch.sides(),
                        touches: [
                            [patch.x0 == 0, patch.x1 == self.phase.width],
                            [patch.y0 == 0, patch.y1 == self.phase.height],
                        ],
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
                    self.weight(ledger, labelled, example);
                }
            }
        }
    }

    /// Whether the drawn lambda is what the label promises.
    fn raw(&self) -> bool {
        self.adapter.declares.contains(&Declares::RawLabel)
    }

    /// The sample of the last call whose label is further from right than all before: its number, weight and kept fraction.
    pub(in crate::audit) fn fresh(&mut self) -> Option<(usize, f64, f64)> {
        self.fresh.take()
    }

    fn weight(&mut self, ledger: &mut Ledger, labelled: Labelled, example: Example) {
        ledger.tested("S12", 1);
        ledger.tested("S13", 1);
        ledger.point(labelled.kept, labelled.weight);
        self.labelled += 1;
        if self.all.len() < KEPT {
            self.all.push(labelled);
        }
        if !labelled.right() {
            let off = (labelled.weight - labelled.kept).abs();
            if off > self.worst && !self.raw() {
                self.worst = off;
                self.fresh = Some((example.sample, labelled.weight, labelled.kept));
            }
            let example =
                example.expected(&format!("weight {}", labelled.kept)).actual(&format!("{}", labelled.weight + 0.0));
            let example = Example { ulps: Some(ulps(labelled.weight, labelled.kept)), ..example };
            keep(&mut self.wrong, &mut self.more[0], (labelled, example));
        }
    }

    /// Whether a soft row's second class is gone, its first is not.
    fn hardened(&self, row: &Row, base: &[(u32, f64)], other: &[(u32, f64)], given: &Given<'_>) -> bool {
        if given.labels.second.is_none() || base.len() < 2 {
            return false;
        }
        let has = |class: u32, least: f64| {
            row.iter().any(|&(known, weight)| known == f64::from(class) && weight.abs() > least * self.tolerance)
        };
        // The second has a third of the first's weight: it must show if that is there.
        let gone = |soft: &[(u32, f64)]| soft.len() > 1 && has(soft[0].0, 12.0) && !has(soft[1].0, 1.0);
        gone(base) || gone(other)
    }

    /// Which of [`FOREIGN`] explain weight on these classes.
    fn explain(
        &self,
        foreign: &[u32],
        row: &Row,
        given: &Given<'_>,
        (i, donor): (usize, Option<usize>),
        (base, other): (Soft<'_>, Soft<'_>),
    ) -> [bool; 6] {
        let all = |known: &dyn Fn(u32) -> bool| foreign.iter().all(|&class| known(class));
        let rows = || base.iter().chain(other).map(|&(class, _)| class);
        let rounded = all(&|class| rows().any(|known| rounded_class(class, known)));
        let index = all(&|class| class as usize == i || Some(class as usize) == donor);
        let weights: Vec<f64> =
            row.iter().filter(|&&(class, _)| foreign.contains(&(class as u32))).map(|&(_, weight)| weight).collect();
        let even = weights.iter().all(|weight| (weight - weights[0]).abs() < 1e-6);
        let smoothed = even && foreign.len() as u64 + 4 >= self.classes.unwrap_or(u64::MAX) && foreign.len() > 4;
        let here =
            |class: u32| (0..given.labels.ids.len()).any(|j| given.row(j).iter().any(|&(known, _)| known == class));
        let earlier = |class: u32| {
            self.before.iter().any(|labels| {
                labels.ids.contains(&class) || labels.second.as_ref().is_some_and(|second| second.contains(&class))
            })
        };
        [rounded, index, smoothed, all(&here), all(&earlier), true]
    }

    /// What only all labels together show: by which rule they are wrong.
    pub(in crate::audit) fn finish(&mut self, ledger: &mut Ledger, method: Method) {
        if !self.foreign.is_empty() {
            let common = (0..FOREIGN.len()).find(|&code| self.foreign.iter().all(|(explained, _)| explained[code]));
            // Where all of them are such, nobody's partner is another's: labels are replaced though nothing was pasted.
            if self.still == self.foreign.len() as u64 + self.more[1] {
                for (_, example) in std::mem::take(&mut self.foreign) {
                    ledger.fail(Code::LabelEmptyBox, example);
                }
                ledger.more(Code::LabelEmptyBox, self.more[1]);
                self.more[1] = 0;
            }
            for (explained, example) in std::mem::take(&mut self.foreign) {
                let own = explained.iter().position(|&explains| explains);
                // The last one explains everything.
                let code =
                    common.filter(|&code| FOREIGN[code] != Code::LabelSupport).or(own).unwrap_or(FOREIGN.len() - 1);
                ledger.fail(FOREIGN[code], example);
            }
            if let Some(code) = common.filter(|_| self.more[1] > 0) {
                ledger.more(FOREIGN[code], self.more[1]);
            }
        }
        if !self.wrong.is_empty() {
            let code = if method == Method::Mixup { mixup_rule(&self.all) } else { classify(&self.all) };
            if code == Code::LabelRaw && self.raw() {
                self.wrong.clear();
                ledger.fact(Fact { name: "label rule", value: "the drawn lambda, as the adapter declares".into() });
                return;
            }
            for (_, example) in std::mem::take(&mut self.wrong) {
                ledger.fail(code, example);
            }
            ledger.more(code, self.more[0]);
        } else if self.labelled > 0 {
            ledger.fact(Fact { name: "label rule", value: "the kept fraction".into() });
        }
    }

    /// The type of the weights, which is looked at once a phase.
    pub(in crate::audit) fn dtype(ledger: &mut Ledger, scalar: Option<Scalar>) {
        let Some(scalar) = scalar else { return };
        ledger.tested("S20", 1);
        if matches!(scalar, Scalar::Bool | Scalar::Uint(_) | Scalar::Int(_)) {
            let example = ledger.example(0, 0).expected("a float type");
            ledger.fail(Code::LabelDtype, example.actual(&scalar.name()));
        }
    }
}

/// As [`classify`] for blends, whose weight has no box.
fn mixup_rule(labelled: &[Labelled]) -> Code {
    let all = |weight: &dyn Fn(&Labelled) -> f64| labelled.iter().all(|s| (s.weight - weight(s)).abs() <= s.tolerance);
    let first = labelled.first().map_or(0.0, |s| s.weight);
    if all(&|_| 1.0) {
        Code::LabelUnchanged
    } else if all(&|_| 0.0) {
        Code::LabelReplaced
    } else if all(&|s| 1.0 - s.kept) {
        Code::LabelSwapped
    } else if all(&|_| first) {
        Code::LabelConstant
    } else if (0..4).any(|k| all(&|s| s.others[k].unwrap_or(f64::NAN))) {
        Code::LabelOtherSample
    } else {
        Code::LabelWeight
    }
}

/// The classes that a label may have, in words.
fn classes_of((i, base): (usize, Soft<'_>), donor: Option<usize>, other: Soft<'_>) -> String {
    let partner = donor.map_or(String::new(), |donor| format!(" and of image {donor}"));
    let mut classes: Vec<u32> = base.iter().chain(other).map(|&(class, _)| class).collect();
    classes.sort_unstable();
    classes.dedup();
    let classes: Vec<String> = classes.iter().map(u32::to_string).collect();
    format!("classes of image {i}{partner}: {}", classes.join(", "))
}

/// A label in words.
fn text(row: &Row) -> String {
    let list: Vec<String> = row.iter().take(6).map(|(class, weight)| format!("class {class}: {weight}")).collect();
    let more = if row.len() > 6 { format!(", and {} more", row.len() - 6) } else { String::new() };
    if list.is_empty() { "no weight at all".into() } else { format!("{}{more}", list.join(", ")) }
}
