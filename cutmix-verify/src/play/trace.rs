//! A simulated implementation's trace.

use std::io::{self, Seek, Write};

use super::arithmetic::{AxisBox, boxed};
use super::draws::{DrawnCall, Lambdas, between, drawn};
use super::labels::{LabelSource, kept, wide_row};
use super::pixels::{Batch, given};
use crate::npz::Writer;
use crate::probe::{Codes, Dtype, Kind, Layout, Method, Phase, Spec, label_of, mask_phase};
use crate::profile::{Faults, Forms, Label, Pixels, Profile, Reports, Variant};
use crate::reference::Patch;

/// Calls that are repeated from the same seed.
const REPEATS: u32 = 4;

/// The arrays of a phase, as they grow.
#[derive(Default)]
struct Arrays {
    images: Vec<u8>,
    after: Vec<u8>,
    repeat: Vec<u8>,
    masks: Vec<u8>,
    rows: Vec<u8>,
    a: Vec<u8>,
    b: Vec<u8>,
    lam: Vec<u8>,
    boxes: Vec<u8>,
    index: Vec<u8>,
    lambda: Vec<u8>,
}

/// Writes the trace of an implementation for a probe whose phases have their digests. Same seed, same bytes. Holds the arrays
/// of a phase in memory.
///
/// # Errors
/// An alpha outside 0.001 to 1000000, and what the file reports.
pub fn simulate<W: Write + Seek>(spec: &Spec, variant: &Variant, alpha: f64, seed: u64, file: W) -> io::Result<W> {
    simulate_with(spec, variant, alpha, seed, true, file)
}

/// The same, deflated or stored as it is.
///
/// # Errors
/// As [`simulate`].
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
        "labels_in": if in_targets(profile) { "ids" } else { "rows" },
        "smoothing": profile.types.smoothing,
        "declares": if profile.types.declares_raw { &["raw_label"][..] } else { &[] },
    });
    let meta = serde_json::to_vec(&serde_json::json!({ "probe": spec, "adapter": adapter }))?;
    npz.array("meta", "|u1", &[meta.len() as u64])?;
    npz.write_all(&meta)?;
    for (number, phase) in spec.phases.iter().enumerate() {
        let run =
            PhaseRun { profile, phase, number: number as u64, lambdas: &lambdas, seed, arrays: Arrays::default() };
        let arrays = run.calls();
        write(&mut npz, phase, profile, &arrays)?;
    }
    npz.finish()
}

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

/// What a call draws, and the boxes of it.
struct Boxes {
    drawn: DrawnCall,
    patches: Vec<Patch>,
    extents: Vec<[AxisBox; 2]>,
}

fn push(out: &mut Vec<u8>, images: &[Vec<u64>], dtype: Dtype, convert: impl Fn(u64) -> u64) {
    for &bits in images.iter().flatten() {
        out.extend_from_slice(&convert(bits).to_le_bytes()[..dtype.bytes()]);
    }
}

/// The type in which images come out.
fn out_dtype(profile: &Profile, phase: &Phase) -> Dtype {
    if profile.faults.pixels == Pixels::OtherType { Dtype::F64 } else { profile.types.out.unwrap_or(phase.dtype) }
}

/// Whether the label is two classes and a weight.
fn in_targets(profile: &Profile) -> bool {
    profile.types.forms == Forms::Targets || profile.label == Label::Numeric
}

impl PhaseRun<'_> {
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
        let drawn = drawn(self.profile, self.phase, self.lambdas, key);
        let size = [self.phase.width, self.phase.height];
        let (patches, extents) = drawn.samples.iter().map(|draw| boxed(self.profile, size, draw, 0)).unzip();
        Boxes { drawn, patches, extents }
    }

    fn calls(mut self) -> Arrays {
        let (profile, phase, faults) = (self.profile, self.phase, &self.profile.faults);
        let cycle = if phase.kind == Kind::Digits { Codes::PASSES } else { Codes::CYCLE };
        let turns: Vec<Vec<Vec<u64>>> = (0..cycle).map(|turn| given(&Codes::new(phase, turn))).collect();
        let masks_of = mask_phase(phase);
        let mask_turns: Vec<Vec<Vec<u64>>> =
            (0..Codes::CYCLE).map(|turn| given(&Codes::new(&masks_of, turn))).collect();
        let cycle = cycle as usize;
        let dtype = out_dtype(profile, phase);
        let convert = |bits: u64| if dtype == phase.dtype { bits } else { dtype.bits(phase.dtype.value(bits)) };
        for call in 0..phase.calls {
            let turn = call as usize % cycle;
            let (now, before) = (&turns[turn], &turns[(turn + cycle - 1) % cycle]);
            let boxes = self.boxes(call, 0);
            let images = boxes.batch(phase, now, before).mixed(profile);
            push(&mut self.arrays.images, &images, dtype, convert);
            let after = if faults.reports == Reports::InputChanged { &images } else { now };
            push(&mut self.arrays.after, after, phase.dtype, |bits| bits);
            if call < REPEATS.min(phase.calls) {
                let again = self.boxes(call, u64::from(faults.reports == Reports::NotSeeded));
                push(&mut self.arrays.repeat, &again.batch(phase, now, before).mixed(profile), dtype, convert);
            }
            self.labels(call, &boxes);
            if phase.masks {
                let given = &mask_turns[call as usize % mask_turns.len()];
                self.masks(call, boxes, &masks_of, given);
            }
        }
        self.arrays
    }

    /// Labels and reports of a call.
    fn labels(&mut self, call: u32, boxes: &Boxes) {
        let (profile, phase, faults) = (self.profile, self.phase, &self.profile.faults);
        let (arrays, batch) = (&mut self.arrays, phase.batch as usize);
        let before = if profile.label == Label::Stale { call.saturating_sub(1) } else { call };
        let (labels, rows) = (label_of(phase, call), label_of(phase, before));
        let right = Profile { label: Label::Kept, ..*profile };
        let shares = boxes.kept(profile, phase);
        let inverted: Vec<f64> = shares.iter().map(|kept| 1.0 - kept).collect();
        for (i, draw) in boxes.drawn.samples.iter().enumerate() {
            let (profile, rows) = if draw.wrong { (profile, &rows) } else { (&right, &labels) };
            let (patch, extents) = (boxes.patches[i], &boxes.extents[i]);
            // What an implementation that exchanged its images takes for base and partner.
            let exchanged = faults.pixels == Pixels::BaseExchanged && profile.method == Method::Cutmix;
            let partner =
                if profile.label == Label::OtherPartner { boxes.drawn.others[i] } else { boxes.drawn.partners[i] };
            let (base, partner) = if exchanged { ((i + 1) % batch, (i + 2) % batch) } else { (i, partner) };
            let kept = if faults.pixels == Pixels::Inverted && !patch.is_empty() { &inverted } else { &shares };
            let source = LabelSource { phase, i: base, draw, patch, extents, kept };
            let weights = source.weights(profile);
            if in_targets(profile) {
                let (a, b) = (f64::from(labels.ids[base]), f64::from(labels.ids[partner]));
                let w = weights.base;
                let numeric = profile.label == Label::Numeric;
                let (a, w) = if numeric { (w * a + (1.0 - w) * b, 1.0) } else { (a, w) };
                for (array, value) in [(&mut arrays.a, a), (&mut arrays.b, b), (&mut arrays.lam, w)] {
                    array.extend_from_slice(&value.to_le_bytes());
                }
            } else {
                let cutout = profile.method == Method::Cutout && profile.label == Label::Kept;
                let pair = [base, if cutout { base } else { partner }];
                for weight in wide_row(profile, rows, pair, weights, phase.classes) {
                    let integer = (weight as i32).to_le_bytes();
                    let bytes = if profile.label == Label::Integers { integer } else { weight.to_le_bytes() };
                    arrays.rows.extend_from_slice(&bytes);
                }
            }
            let [x, y] = extents;
            let edges = match faults.reports {
                Reports::BoxUnclipped => [x.start, y.start, x.start + x.cut, y.start + y.cut],
                Reports::BoxTransposed => [patch.y0, patch.x0, patch.y1, patch.x1].map(i64::from),
                _ => patch.edges().map(i64::from),
            };
            for edge in edges {
                arrays.boxes.extend_from_slice(&edge.to_le_bytes());
            }
            let partners = &boxes.drawn.partners;
            let inverse = || partners.iter().position(|&j| j == i).unwrap_or(i);
            let reported = if faults.reports == Reports::PartnerInverse { inverse() } else { partners[i] };
            arrays.index.extend_from_slice(&(reported as i64).to_le_bytes());
            let lambda = if faults.reports == Reports::LambdaComplement { 1.0 - draw.lambda } else { draw.lambda };
            arrays.lambda.extend_from_slice(&lambda.to_le_bytes());
        }
    }

    /// Masks of a call, cut like the images.
    fn masks(&mut self, call: u32, boxes: Boxes, masks_of: &Phase, given: &[Vec<u64>]) {
        let reports = self.profile.faults.reports;
        let other = self.boxes(call, 7);
        let patches = if reports == Reports::MaskOtherBox { other.patches } else { boxes.patches };
        let boxes = Boxes { patches, ..boxes };
        let method = if reports == Reports::MaskBlended { Method::Mixup } else { Method::Cutmix };
        let faults = Faults { pixels: Pixels::Copy, ..self.profile.faults };
        let cut = boxes.batch(masks_of, given, given).mixed(&Profile { method, faults, ..*self.profile });
        if reports == Reports::MaskFloat {
            for &bits in cut.iter().flatten() {
                self.arrays.masks.extend_from_slice(&(bits as f32).to_le_bytes());
            }
        } else {
            push(&mut self.arrays.masks, &cut, Dtype::U8, |bits| bits);
        }
    }
}

impl Boxes {
    fn batch<'a>(&'a self, phase: &'a Phase, given: &'a [Vec<u64>], before: &'a [Vec<u64>]) -> Batch<'a> {
        let DrawnCall { partners, samples, .. } = &self.drawn;
        Batch { phase, given, before, partners, samples, patches: &self.patches }
    }

    /// What is left of each base: of a blend its weight.
    fn kept(&self, profile: &Profile, phase: &Phase) -> Vec<f64> {
        match profile.method {
            Method::Mixup if profile.faults.pixels != Pixels::BaseExchanged => {
                self.drawn.samples.iter().map(|draw| draw.lambda).collect()
            }
            _ => kept(&self.patches, phase),
        }
    }
}

fn write<W: Write + Seek>(npz: &mut Writer<W>, phase: &Phase, profile: &Profile, arrays: &Arrays) -> io::Result<()> {
    let faults = &profile.faults;
    let descr = |dtype: Dtype| match dtype {
        Dtype::U8 => "|u1",
        Dtype::U16 | Dtype::Bf16 => "<u2",
        Dtype::F16 => "<f2",
        Dtype::F32 => "<f4",
        Dtype::F64 => "<f8",
    };
    let (calls, batch) = (u64::from(phase.calls), u64::from(phase.batch));
    let mut shape = phase.image_shape();
    if faults.pixels == Pixels::OtherLayout && phase.layout == Layout::Nchw {
        let channels = shape.remove(shape.len() - 3);
        shape.push(channels);
    }
    let image = |calls: u64, shape: &[u64]| [&[calls], shape].concat();
    let given = descr(phase.dtype);
    let out = descr(out_dtype(profile, phase));
    let mut put = |name: &str, descr: &str, shape: &[u64], bytes: &[u8]| {
        if bytes.is_empty() {
            return Ok(());
        }
        npz.array(&format!("{}_{name}", phase.name), descr, shape)?;
        npz.write_all(bytes)
    };
    put("images_out", out, &image(calls, &shape), &arrays.images)?;
    put("images_after", given, &image(calls, &phase.image_shape()), &arrays.after)?;
    put("repeat_images_out", out, &image(calls.min(REPEATS.into()), &shape), &arrays.repeat)?;
    let masks = if faults.reports == Reports::MaskFloat { "<f4" } else { "|u1" };
    put("masks_out", masks, &[calls, batch, phase.height.into(), phase.width.into()], &arrays.masks)?;
    let rows = if profile.label == Label::Integers { "<i4" } else { "<f4" };
    put("labels_out", rows, &[calls, batch, phase.classes.into()], &arrays.rows)?;
    for (name, bytes) in [("target_a", &arrays.a), ("target_b", &arrays.b), ("lam", &arrays.lam)] {
        put(name, "<f8", &[calls, batch], bytes)?;
    }
    if profile.method != Method::Mixup && faults.pixels != Pixels::BaseExchanged {
        put("bbox", "<i8", &[calls, batch, 4], &arrays.boxes)?;
        put("index", "<i8", &[calls, batch], &arrays.index)?;
        // Sides that are drawn without lambda have none to report.
        if !between(profile) {
            put("lam_raw", "<f8", &[calls, batch], &arrays.lambda)?;
        }
    }
    Ok(())
}
