//! A trace of a package compared with its profile, value by value and bit by bit, from the draws that the probe recorded
//! (`probe --draws`); which of them feeds which call of a package is in `docs/TRACE.md`.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use super::expect::{Expected, expected, refuses, smooths};
use super::labels::{SparseRow, Weights, blended, shown, stored};
use super::pixels;
use crate::decode::{Decoder, Picture};
use crate::npz::{NpzError, Scalar};
use crate::probe::{CallDraws, CallLabels, Codes, Dtype, Elements, Layout, Method, Phase, draws_of, label_of};
use crate::profile::{Forms, Profile, Replay, Sharing};
use crate::reference::Patch;
use crate::trace::{Adapter, Call, Calls, LabelsIn, LabelsOut, LamIs, Trace};

/// The name of the JSON form; another form has another number.
const SCHEMA: &str = "cutmix-verify/replay/v1";

/// What a trace and a profile have in common.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Outcome {
    pub profile: &'static str,
    pub package: &'static str,
    pub versions: &'static str,
    /// What the adapter calls itself and its version. Untrusted.
    pub adapter: [String; 2],
    /// Calls that were compared: all of the probe.
    pub calls: u64,
    /// Images of all calls.
    pub samples: u64,
    /// Images that the profile changes.
    pub changed: u64,
    /// Different boxes among those.
    pub boxes: u64,
    /// Images whose box or weight shows a binary32 root one unit in the last place beside the right one.
    pub roots: u64,
    /// Pixels, then labels.
    pub aspects: Vec<Aspect>,
}

/// One thing that is compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Aspect {
    /// `pixels` or `labels`.
    pub name: &'static str,
    /// In which type and form.
    pub form: String,
    /// Images of which all is equal.
    pub equal: u64,
    /// The first of which something is not.
    pub first: Option<FirstDifference>,
}

/// An image that came out otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FirstDifference {
    pub phase: String,
    pub call: u32,
    pub sample: usize,
    pub draws: String,
    /// What the profile gives.
    pub expected: String,
    /// What is in the trace.
    pub found: String,
}

impl Outcome {
    /// Whether every image and label is equal.
    #[must_use]
    pub fn matches(&self) -> bool {
        self.aspects.iter().all(|aspect| aspect.equal == self.samples)
    }

    /// 0 if all is equal, 1 if the profile is stale.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.matches())
    }

    /// `MATCH` or `STALE`.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        if self.matches() { "MATCH" } else { "STALE" }
    }

    /// The whole as indented JSON. The same trace gives the same bytes.
    #[must_use]
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Document<'a> {
            schema: &'static str,
            verdict: &'static str,
            exit_code: u8,
            #[serde(flatten)]
            outcome: &'a Outcome,
        }
        let document = Document { schema: SCHEMA, verdict: self.verdict(), exit_code: self.exit_code(), outcome: self };
        // Keys are texts and writing to a string cannot fail.
        serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
    }
}

/// Compares every call of a trace with what a profile makes of the probe's draws. `done` is told how many calls of how many
/// were read. Arrays other than images and labels are not looked at.
///
/// # Errors
/// If the trace is damaged, or its probe has no draws or is not for this profile, or calls or labels are missing, or the profile
/// changes no image of it, so that nothing would be shown.
pub fn replay(path: &Path, known: &Replay, mut done: impl FnMut(u64, u64)) -> Result<Outcome, NpzError> {
    let trace = Trace::open(path)?;
    let forms = known.profile.types.forms;
    let error = |key: &str, found: String, expected: &str| NpzError::at(path, key, found, expected);
    if trace.spec.method != Method::Cutmix {
        return Err(error("meta", format!("a probe of {}", trace.spec.method.name()), "cutmix"));
    }
    let adapter = [trace.adapter.name.clone(), trace.adapter.version.clone()];
    let mut replayed = Replayed {
        profile: &known.profile,
        trace: &trace,
        boxes: BTreeSet::new(),
        outcome: Outcome {
            profile: known.id,
            package: known.package,
            versions: known.versions,
            adapter,
            ..Outcome::default()
        },
    };
    let total = trace.spec.phases.iter().map(|phase| u64::from(phase.calls)).sum();
    for phase in &trace.spec.phases {
        let name = &phase.name;
        if !phase.draws {
            let expected = "draws, as `cutmix-verify probe --draws` writes them";
            return Err(error("meta", format!("phase {name} without draws"), expected));
        }
        if let Some((found, expected)) = refuses(&known.profile, phase, &trace.adapter) {
            return Err(error("meta", found, expected));
        }
        let images = format!("{name}_images_out");
        let Some(calls) = trace.phase(phase)? else {
            return Err(error(&images, "no such key".into(), "all phases of the probe"));
        };
        if let Some(misshapen) = &calls.misshapen {
            return Err(error(&images, format!("{:?} a call", misshapen.found), &format!("{:?}", misshapen.expected)));
        }
        if calls.calls < phase.calls {
            return Err(error(&images, format!("{} calls", calls.calls), &format!("all {} of the probe", phase.calls)));
        }
        let (found, fits) = match (calls.class_scalars(), calls.label_scalar) {
            (Some(_), Some(_)) => ("target_a, target_b and lam", forms != Forms::Rows),
            (None, Some(_)) => ("labels_out", forms != Forms::Targets),
            (_, None) => ("no labels", false),
        };
        if !fits {
            let expected = if forms == Forms::Rows { "labels_out" } else { "target_a, target_b and lam" };
            return Err(error(name, found.into(), expected));
        }
        if let Some(classes) = calls.classes.filter(|classes| *classes != u64::from(phase.classes)) {
            let (key, expected) = (format!("{name}_labels_out"), phase.classes.to_string());
            return Err(error(&key, format!("{classes} classes"), &expected));
        }
        replayed.phase(phase, calls, &mut done, total)?;
    }
    let outcome = replayed.outcome;
    if outcome.changed == 0 {
        let expected = "at least one: a probe of more calls, or of larger images";
        return Err(error("meta", "no image that the profile changes".into(), expected));
    }
    Ok(outcome)
}

struct Replayed<'a> {
    profile: &'a Profile,
    trace: &'a Trace,
    boxes: BTreeSet<Patch>,
    outcome: Outcome,
}

/// What a call's images are compared with.
struct PlayedCall<'a> {
    phase: &'a Phase,
    profile: &'a Profile,
    adapter: &'a Adapter,
    /// The labels that went in.
    labels: &'a CallLabels,
    /// The images that went in, in the type in which they come out.
    images: &'a [Vec<u64>],
    call: &'a Call,
    decoder: &'a Decoder,
    /// Type of the images that come out, and of those in the trace.
    dtypes: [Dtype; 2],
    /// Types of the weight, and of both classes if there are any.
    scalar: Scalar,
    classes: [Scalar; 2],
}

impl Replayed<'_> {
    fn phase(
        &mut self,
        phase: &Phase,
        mut calls: Calls,
        done: &mut impl FnMut(u64, u64),
        total: u64,
    ) -> Result<(), NpzError> {
        let dtype = self.profile.types.out.unwrap_or(phase.dtype);
        let turns: Vec<Vec<Vec<u64>>> = Codes::turns(phase).iter().map(|codes| pixels::given(codes, dtype)).collect();
        let decoder = Decoder::new(phase, calls.dtype, Method::Cutmix);
        let scalar = calls.label_scalar.unwrap_or(Scalar::Float(4));
        let classes = calls.class_scalars().unwrap_or([Scalar::Int(8); 2]);
        if self.outcome.aspects.is_empty() {
            let layout = if phase.layout == Layout::Nchw { "nchw" } else { "nhwc" };
            let form = match calls.class_scalars() {
                Some([a, b]) => format!("classes {} and {}, weight {}", a.name(), b.name(), scalar.name()),
                None => format!("rows {}", scalar.name()),
            };
            let pixels = format!("{} {layout}", calls.dtype.name());
            self.outcome.aspects = [("pixels", pixels), ("labels", form)]
                .map(|(name, form)| Aspect { name, form, equal: 0, first: None })
                .into();
        }
        let mut call = Call::default();
        while calls.read(&mut call)? {
            let draws = draws_of(phase, call.number);
            let labels = label_of(phase, call.number);
            let view = PlayedCall {
                phase,
                profile: self.profile,
                adapter: &self.trace.adapter,
                labels: &labels,
                images: &turns[call.number as usize % turns.len()],
                call: &call,
                decoder: &decoder,
                dtypes: [dtype, calls.dtype],
                scalar,
                classes,
            };
            self.call(&view, &draws);
            self.outcome.calls += 1;
            done(self.outcome.calls, total);
        }
        Ok(())
    }

    fn call(&mut self, view: &PlayedCall<'_>, draws: &CallDraws) {
        let all = expected(self.profile, view.phase, draws);
        let compared = |sample: &Expected, i: usize| [view.pixels(i, sample), view.labels(i, sample)];
        let fits = |samples: &[Expected], i: usize| compared(&samples[i], i) == [None, None];
        let batch = view.phase.batch as usize;
        // One root serves a batch; otherwise each image has its own.
        let whole = all.iter().position(|samples| (0..batch).all(|i| fits(samples, i)));
        for i in 0..batch {
            let chosen = match (whole, self.profile.sharing) {
                (Some(chosen), _) => chosen,
                (None, Sharing::Batch) => 0,
                (None, _) => all.iter().position(|samples| fits(samples, i)).unwrap_or(0),
            };
            let sample = all[chosen][i];
            // Of a whole call that fits with another root, images that fit with the right one as well say nothing.
            self.outcome.roots += u64::from(sample != all[0][i]);
            self.outcome.samples += 1;
            if sample.changes(i) {
                self.outcome.changed += 1;
                self.outcome.boxes += u64::from(self.boxes.insert(sample.patch));
            }
            for (aspect, difference) in self.outcome.aspects.iter_mut().zip(compared(&sample, i)) {
                match difference {
                    None => aspect.equal += 1,
                    Some([expected, found]) if aspect.first.is_none() => {
                        aspect.first = Some(FirstDifference {
                            phase: view.phase.name.clone(),
                            call: view.call.number,
                            sample: i,
                            draws: drawn(draws, &sample, i),
                            expected,
                            found,
                        });
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

/// What was drawn for an image, with its bits.
fn drawn(draws: &CallDraws, sample: &Expected, i: usize) -> String {
    let [lambda_of, place_of] = sample.drawn_by;
    let (lambda, x, y) = (draws.lambda[lambda_of], draws.x[place_of], draws.y[place_of]);
    let of = |j: usize| if i == j { String::new() } else { format!(" (image {j}'s)") };
    format!(
        "lambda {lambda} 0x{:016x}{}, x {x}, y {y}{}, partner {}",
        lambda.to_bits(),
        of(lambda_of),
        of(place_of),
        draws.partner[i]
    )
}

/// A box and whose pixels are in it.
fn pasted(i: usize, donor: Option<usize>, patch: impl std::fmt::Display, empty: bool) -> String {
    match donor {
        Some(donor) if !empty && donor != i => format!("box {patch} of image {donor}"),
        _ => "the image as it was".into(),
    }
}

impl PlayedCall<'_> {
    /// What is expected and found where an image is not all equal.
    fn pixels(&self, i: usize, sample: &Expected) -> Option<[String; 2]> {
        let [expected, found] = self.dtypes;
        if expected != found {
            return Some([expected, found].map(|dtype| format!("images of type {}", dtype.name())));
        }
        let mut image = self.images[i].clone();
        let patch = sample.patch;
        pixels::copy(self.phase, &mut image, &self.images[sample.partner], patch);
        let size = found.bytes();
        let given = self.call.images.get(i * image.len() * size..(i + 1) * image.len() * size).unwrap_or(&[]);
        let values = Elements::new(found, given);
        let at = (0..image.len()).find(|&at| values.bits(at) != image[at])?;
        let (y, x) = self.decoder.codes(self.call.number).place(at);
        let value =
            |bits: u64| format!("{} ({} 0x{bits:0digits$x})", found.value(bits), found.name(), digits = 2 * size);
        let what = match self.decoder.at_once(self.call.number, i, given) {
            Some(Picture::Pasted { donor, patch, inverted: false }) => pasted(i, donor, patch, patch.is_empty()),
            _ => "no plain paste".into(),
        };
        let wanted = pasted(i, Some(sample.partner), patch, patch.is_empty());
        let place = format!("row {y}, column {x}");
        Some([
            format!("{wanted}; {place}: {}", value(image[at])),
            format!("{what}; {place}: {}", value(values.bits(at))),
        ])
    }

    fn labels(&self, i: usize, sample: &Expected) -> Option<[String; 2]> {
        let differ = |name: &str, expected: f64, found: f64, scalar: Scalar| {
            let show = |value| format!("{name} {}", shown(value, scalar, self.phase));
            (expected.to_bits() != found.to_bits()).then(|| [show(expected), show(found)])
        };
        match self.call.labels.as_ref()? {
            // No package that is run again gives such: its trace was refused.
            LabelsOut::Numbers(_) => None,
            LabelsOut::Rows(rows) => {
                let classes = self.phase.classes as usize;
                let row = self.row(i, sample);
                let found = rows.get(i * classes..(i + 1) * classes).unwrap_or(&[]);
                let mut pairs = row.iter().zip(found).enumerate();
                pairs.find_map(|(class, (a, b))| differ(&format!("row, class {class}:"), *a, *b, self.scalar))
            }
            LabelsOut::Targets { a, b, lam } => {
                let [base, partner] = [i, sample.partner].map(|i| self.class(i));
                let Weights { base: own, partner: other } = sample.weights;
                let weight = if self.adapter.lam_is == LamIs::A { own } else { other };
                // One weight may serve the batch.
                let at = |values: &[f64]| values.get(i).or(values.first()).copied().unwrap_or(f64::NAN);
                let held = |value: f64, scalar: Scalar| stored(value, scalar, self.phase);
                let [scalar_a, scalar_b] = self.classes;
                differ("target_a", held(base, scalar_a), at(a), scalar_a)
                    .or_else(|| differ("target_b", held(partner, scalar_b), at(b), scalar_b))
                    .or_else(|| differ("lam", held(weight, self.scalar), at(lam), self.scalar))
            }
        }
    }

    /// The row of an image as it went in.
    fn given(&self, i: usize) -> SparseRow {
        match self.adapter.labels_in {
            LabelsIn::Rows => SparseRow { values: self.labels.row(i), rest: 0.0 },
            LabelsIn::Ids | LabelsIn::None => {
                let smoothing = if smooths(self.profile) { self.adapter.smoothing } else { 0.0 };
                SparseRow::smoothed(self.labels.ids[i], smoothing, self.phase.classes)
            }
        }
    }

    /// The row that comes out, as an array of the trace's type has it.
    fn row(&self, i: usize, sample: &Expected) -> Vec<f64> {
        let rows = [i, sample.partner].map(|i| self.given(i));
        let mut row = blended(self.profile.types.blend, rows.each_ref(), sample.weights, self.phase);
        for value in &mut row {
            *value = stored(*value, self.scalar, self.phase);
        }
        row
    }

    /// A class beside a weight, before it is put into an array.
    fn class(&self, i: usize) -> f64 {
        let class = f64::from(self.labels.ids[i]);
        let dtype = self.phase.dtype;
        let typed = self.profile.types.typed_classes && dtype.is_float() && dtype != Dtype::F64;
        if typed { dtype.value(dtype.bits(class)) } else { class }
    }
}
