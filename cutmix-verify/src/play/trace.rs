//! A simulated implementation's trace.

use std::collections::BTreeMap;
use std::io::{self, Seek, Write};

use half::f16;

use super::arithmetic::Boxes;
use super::draws::{Lambdas, between, drawn};
use super::labels::{LabelSource, wide_row};
use super::pixels::{Batch, given};
use crate::npz::Writer;
use crate::probe::{Codes, Dtype, Layout, Method, Phase, Spec, descr, label_of, mask_phase};
use crate::profile::{Faults, Forms, Label, Pixels, Profile, Reports, Variant};

/// Calls that are repeated from the same seed.
const REPEATS: u32 = 4;
/// A weight on every other class that is less than half of what binary16 rounds near 1.
const STRAY: f32 = 0.0009;

/// Writes the trace of an implementation for a probe whose phases have their digests. Same seed, same bytes. Holds the arrays
/// of a phase in memory. Errors are those of the file, and an alpha outside 0.001 to 1000000.
pub fn simulate<W: Write + Seek>(spec: &Spec, variant: &Variant, alpha: f64, seed: u64, file: W) -> io::Result<W> {
    simulate_with(spec, variant, alpha, seed, true, file)
}

/// The same, deflated or stored as it is.
pub fn simulate_with<W: Write + Seek>(
    spec: &Spec,
    variant: &Variant,
    alpha: f64,
    seed: u64,
    deflate: bool,
    file: W,
) -> io::Result<W> {
    let lambdas = Lambdas::new(&variant.profile, alpha)?;
    let mut npz = Writer::new(file, deflate);
    let profile = &variant.profile;
    let adapter = serde_json::json!({
        "name": variant.name,
        "version": "simulated",
        // Two classes and a weight have no room for soft rows.
        "labels_in": if takes_ids(profile) { "ids" } else { "rows" },
        "smoothing": profile.types.smoothing,
        "declares": if profile.types.declares_raw { &["raw_label"][..] } else { &[] },
    });
    let meta = serde_json::to_vec(&serde_json::json!({ "probe": spec, "adapter": adapter }))?;
    npz.array("meta", "|u1", &[meta.len() as u64])?;
    npz.write_all(&meta)?;
    for (number, phase) in spec.phases.iter().enumerate() {
        let (number, arrays) = (number as u64, BTreeMap::new());
        let arrays = PhaseRun { profile, phase, number, lambdas: &lambdas, seed, arrays }.calls();
        write(&mut npz, phase, profile, &arrays)?;
    }
    npz.finish()
}

/// The arrays of a phase by name, as they grow.
type Arrays = BTreeMap<&'static str, Vec<u8>>;

/// Everything that goes into a phase's arrays.
struct PhaseRun<'a> {
    profile: &'a Profile,
    phase: &'a Phase,
    /// The phase's number in its probe.
    number: u64,
    lambdas: &'a Lambdas,
    seed: u64,
    arrays: Arrays,
}

/// The type in which images come out.
fn out_dtype(profile: &Profile, phase: &Phase) -> Dtype {
    if profile.faults.pixels == Pixels::OtherType { Dtype::F64 } else { profile.types.out.unwrap_or(phase.dtype) }
}

/// Whether the trace says what became of the labels that were passed in.
fn after_labels(profile: &Profile, phase: &Phase) -> bool {
    phase.labels_after || profile.faults.reports == Reports::LabelsChanged
}

/// Whether the label is two classes and a weight.
fn in_targets(profile: &Profile) -> bool {
    profile.types.forms == Forms::Targets || matches!(profile.label, Label::Numeric | Label::HiddenNan)
}

/// Whether labels were passed in as ids.
fn takes_ids(profile: &Profile) -> bool {
    in_targets(profile) || in_numbers(profile)
}

/// Whether the label is one number.
const fn in_numbers(profile: &Profile) -> bool {
    matches!(profile.label, Label::Number | Label::WholeNumber)
}

impl PhaseRun<'_> {
    fn push(&mut self, name: &'static str, bytes: &[u8]) {
        self.arrays.entry(name).or_default().extend_from_slice(bytes);
    }

    fn images(&mut self, name: &'static str, images: &[Vec<u64>], given: Dtype, dtype: Dtype) {
        let out = self.arrays.entry(name).or_default();
        for &bits in images.iter().flatten() {
            let bits = if dtype == given { bits } else { dtype.bits(given.value(bits)) };
            let bits = self.phase.values.forth(dtype, bits);
            out.extend_from_slice(&bits.to_le_bytes()[..dtype.bytes()]);
        }
    }

    /// The draws of a call and what the epoch of its key is moved by.
    fn boxes(&self, call: u32, epoch: u64) -> Boxes {
        let faults = &self.profile.faults;
        let seeded = match (faults.reports, faults.period) {
            (Reports::SeededEveryCall, _) => 0,
            (_, 0) => call,
            (_, period) => call % period,
        };
        // Draws of its own for every phase.
        let key = [self.seed, epoch + 16 * self.number, seeded.into()];
        Boxes::new(self.profile, self.phase, drawn(self.profile, self.phase, self.lambdas, key), 0)
    }

    fn calls(mut self) -> Arrays {
        let (profile, phase, reports) = (self.profile, self.phase, self.profile.faults.reports);
        let turns = |phase: &Phase| -> Vec<Vec<Vec<u64>>> {
            Codes::turns(phase).iter().map(|codes| given(codes, phase.dtype)).collect()
        };
        let masks_of = mask_phase(phase);
        let (turns, mask_turns) = (turns(phase), turns(&masks_of));
        let dtype = out_dtype(profile, phase);
        for call in 0..phase.calls {
            let turn = call as usize % turns.len();
            let (now, before) = (&turns[turn], &turns[(turn + turns.len() - 1) % turns.len()]);
            let mixed = |boxes: &Boxes| Batch { phase, given: now, before, boxes }.mixed(profile);
            let boxes = self.boxes(call, 0);
            let images = mixed(&boxes);
            self.images("images_out", &images, phase.dtype, dtype);
            let after = if reports == Reports::InputChanged { &images } else { now };
            self.images("images_after", after, phase.dtype, phase.dtype);
            if call < REPEATS.min(phase.calls) {
                let again = self.boxes(call, u64::from(reports == Reports::NotSeeded));
                self.images("repeat_images_out", &mixed(&again), phase.dtype, dtype);
            }
            self.labels(call, &boxes);
            if after_labels(profile, phase) {
                self.labels_after(call);
            }
            if phase.masks {
                self.masks(call, boxes, &masks_of, &mask_turns[call as usize % mask_turns.len()]);
            }
        }
        self.arrays
    }

    /// Labels and reports of a call.
    fn labels(&mut self, call: u32, boxes: &Boxes) {
        let (profile, phase, faults) = (self.profile, self.phase, &self.profile.faults);
        let batch = phase.batch as usize;
        let before = if profile.label == Label::Stale { call.saturating_sub(1) } else { call };
        let (labels, rows) = (label_of(phase, call), label_of(phase, before));
        let right = Profile { label: Label::Kept, ..*profile };
        // What is left of each base: of a blend its weight.
        let blended = profile.method == Method::Mixup && faults.pixels != Pixels::BaseExchanged;
        let lambdas = || boxes.drawn.samples.iter().map(|draw| draw.lambda).collect();
        let shares = if blended { lambdas() } else { boxes.kept(phase) };
        let inverted: Vec<f64> = shares.iter().map(|kept| 1.0 - kept).collect();
        for (i, draw) in boxes.drawn.samples.iter().enumerate() {
            let (profile, rows) = if draw.wrong { (profile, &rows) } else { (&right, &labels) };
            let (patch, [x, y]) = (boxes.patches[i], &boxes.extents[i]);
            // What an implementation that exchanged its images takes for base and partner.
            let exchanged = faults.pixels == Pixels::BaseExchanged && profile.method == Method::Cutmix;
            let partner =
                if profile.label == Label::OtherPartner { boxes.drawn.others[i] } else { boxes.drawn.partners[i] };
            let (base, partner) = if exchanged { ((i + 1) % batch, (i + 2) % batch) } else { (i, partner) };
            let kept = if faults.pixels == Pixels::Inverted && !patch.is_empty() { &inverted } else { &shares };
            let weights = LabelSource { phase, boxes, i, base, kept }.weights(profile);
            if in_targets(profile) {
                let ([a, b], w) = ([base, partner].map(|image| f64::from(labels.ids[image])), weights.base);
                let numeric = profile.label == Label::Numeric;
                let (a, w) = if numeric { (w * a + (1.0 - w) * b, 1.0) } else { (a, w) };
                let w = if profile.label == Label::HiddenNan && a == b { f64::NAN } else { w };
                for (name, value) in [("target_a", a), ("target_b", b), ("lam", w)] {
                    self.push(name, &value.to_le_bytes());
                }
            } else if in_numbers(profile) {
                let [a, b] = [base, partner].map(|image| f64::from(labels.ids[image]));
                let number = weights.base * a + (1.0 - weights.base) * b;
                let number = if profile.label == Label::Number { number } else { number.trunc() };
                self.push("labels_out", &(number as f32).to_le_bytes());
            } else {
                let cutout = profile.method == Method::Cutout && profile.label == Label::Kept;
                let pair = [base, if cutout { base } else { partner }];
                let row = wide_row(profile, rows, pair, weights, phase.classes);
                let of = |(class, weight): (usize, f32)| match profile.label {
                    Label::Integers => (weight as i32).to_le_bytes().to_vec(),
                    // What is added to one class is taken from the next.
                    Label::Stray if weight == 0.0 => f16::from_f32([STRAY, -STRAY][class % 2]).to_le_bytes().to_vec(),
                    Label::Stray => f16::from_f32(weight).to_le_bytes().to_vec(),
                    _ => weight.to_le_bytes().to_vec(),
                };
                self.push("labels_out", &row.into_iter().enumerate().flat_map(of).collect::<Vec<u8>>());
            }
            let edges = match faults.reports {
                Reports::BoxUnclipped => [x.start, y.start, x.start + x.cut, y.start + y.cut],
                Reports::BoxTransposed => [patch.y0, patch.x0, patch.y1, patch.x1].map(i64::from),
                _ => patch.edges().map(i64::from),
            };
            self.push("bbox", edges.map(i64::to_le_bytes).as_flattened());
            let partners = &boxes.drawn.partners;
            let inverse = || partners.iter().position(|&j| j == i).unwrap_or(i);
            let reported = if faults.reports == Reports::PartnerInverse { inverse() } else { partners[i] };
            self.push("index", &(reported as i64).to_le_bytes());
            let lambda = if faults.reports == Reports::LambdaComplement { 1.0 - draw.lambda } else { draw.lambda };
            self.push("lam_raw", &lambda.to_le_bytes());
        }
    }

    /// The labels that were passed in, as they are after the call: the next image's where they are mixed as well.
    fn labels_after(&mut self, call: u32) {
        let (labels, batch) = (label_of(self.phase, call), self.phase.batch as usize);
        for i in 0..batch {
            let own = if self.profile.faults.reports == Reports::LabelsChanged { (i + 1) % batch } else { i };
            if takes_ids(self.profile) {
                self.push("labels_after", &i64::from(labels.ids[own]).to_le_bytes());
            } else {
                let mut row = vec![0.0_f32; self.phase.classes as usize];
                labels.row(own).iter().for_each(|&(class, weight)| row[class as usize] = weight);
                self.push("labels_after", &row.into_iter().flat_map(f32::to_le_bytes).collect::<Vec<u8>>());
            }
        }
    }

    /// Masks of a call, cut like the images.
    fn masks(&mut self, call: u32, boxes: Boxes, masks_of: &Phase, given: &[Vec<u64>]) {
        let Profile { faults, .. } = *self.profile;
        let patches = match faults.reports {
            Reports::MaskOtherBox => self.boxes(call, 7).patches,
            _ => boxes.patches,
        };
        let boxes = Boxes { patches, ..boxes };
        let method = if faults.reports == Reports::MaskBlended { Method::Mixup } else { Method::Cutmix };
        let profile = Profile { method, faults: Faults { pixels: Pixels::Copy, ..faults }, ..*self.profile };
        let cut = Batch { phase: masks_of, given, before: given, boxes: &boxes }.mixed(&profile);
        if faults.reports == Reports::MaskFloat {
            for &bits in cut.iter().flatten() {
                self.push("masks_out", &(bits as f32).to_le_bytes());
            }
        } else {
            self.images("masks_out", &cut, Dtype::U8, Dtype::U8);
        }
    }
}

fn write<W: Write + Seek>(npz: &mut Writer<W>, phase: &Phase, profile: &Profile, arrays: &Arrays) -> io::Result<()> {
    let faults = &profile.faults;
    let (calls, batch) = (u64::from(phase.calls), u64::from(phase.batch));
    let mut shape = phase.image_shape();
    if faults.pixels == Pixels::OtherLayout && phase.layout == Layout::Nchw {
        let channels = shape.remove(shape.len() - 3);
        shape.push(channels);
    }
    let image = |calls: u64, shape: &[u64]| [&[calls], shape].concat();
    let mut put = |name: &str, descr: &str, shape: &[u64]| {
        let Some(bytes) = arrays.get(name) else { return Ok(()) };
        npz.array(&format!("{}_{name}", phase.name), descr, shape)?;
        npz.write_all(bytes)
    };
    let out = descr(out_dtype(profile, phase));
    put("images_out", out, &image(calls, &shape))?;
    put("images_after", descr(phase.dtype), &image(calls, &phase.image_shape()))?;
    put("repeat_images_out", out, &image(calls.min(REPEATS.into()), &shape))?;
    let masks = if faults.reports == Reports::MaskFloat { "<f4" } else { "|u1" };
    put("masks_out", masks, &[calls, batch, phase.height.into(), phase.width.into()])?;
    let rows = match profile.label {
        Label::Integers => "<i4",
        Label::Stray => "<f2",
        _ => "<f4",
    };
    let classes = if in_numbers(profile) { Vec::new() } else { vec![u64::from(phase.classes)] };
    put("labels_out", rows, &[&[calls, batch][..], &classes].concat())?;
    if takes_ids(profile) {
        put("labels_after", "<i8", &[calls, batch])?;
    } else {
        put("labels_after", "<f4", &[calls, batch, phase.classes.into()])?;
    }
    for name in ["target_a", "target_b", "lam"] {
        put(name, "<f8", &[calls, batch])?;
    }
    if profile.method != Method::Mixup && faults.pixels != Pixels::BaseExchanged {
        put("bbox", "<i8", &[calls, batch, 4])?;
        put("index", "<i8", &[calls, batch])?;
        // Sides that are drawn without lambda have none to report.
        if !between(profile) {
            put("lam_raw", "<f8", &[calls, batch])?;
        }
    }
    Ok(())
}
