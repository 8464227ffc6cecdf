//! A simulated implementation's trace.

use std::io::{self, Seek, Write};

use cutmix_core::SampleKey;

use super::boxes::{boxed, draws};
use super::labels::{Made, row, weight};
use super::lambdas::Lambdas;
use super::pixels::{Batch, given};
use super::variants::Variant;
use super::{Beside, Geometry, Labels, Pixels};
use crate::npz::Writer;
use crate::probe::{Codes, Dtype, Kind, Layout, Method, Phase, Spec, label_of, mask_phase};

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
/// An alpha that no Beta distribution has, and what the file reports.
///
/// ```
/// use std::io::Cursor;
/// use cutmix_verify::probe::{Phase, Spec, digest};
/// use cutmix_verify::simulate::{simulate, variant};
///
/// let mut phase = Phase { calls: 2, width: 8, height: 6, classes: 17, ..Phase::structure() };
/// phase.sha256 = digest(&phase);
/// let spec = Spec::new(Default::default(), vec![phase]);
/// let trace = |name: &str, seed| simulate(&spec, variant(name).unwrap(), 1.0, seed, Cursor::new(Vec::new()));
/// assert_eq!(trace("official", 1)?, trace("official", 1)?);
/// assert_ne!(trace("official", 1)?, trace("official", 2)?);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn simulate<W: Write + Seek>(spec: &Spec, variant: &Variant, alpha: f64, seed: u64, file: W) -> io::Result<W> {
    simulate_with(spec, variant, alpha, seed, true, file)
}

/// The same, deflated or stored as it is.
///
/// # Errors
/// As [`simulate`].
///
/// ```
/// use std::io::Cursor;
/// use cutmix_verify::probe::{Phase, Spec, digest};
/// use cutmix_verify::simulate::{simulate_with, variant};
///
/// let mut phase = Phase { calls: 2, width: 8, height: 6, classes: 17, ..Phase::structure() };
/// phase.sha256 = digest(&phase);
/// let spec = Spec::new(Default::default(), vec![phase]);
/// let size = |deflate| {
///     let trace = simulate_with(&spec, variant("official").unwrap(), 1.0, 1, deflate, Cursor::new(Vec::new()))?;
///     Ok::<_, std::io::Error>(trace.into_inner().len())
/// };
/// assert!(size(false)? > 2 * size(true)?);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn simulate_with<W: Write + Seek>(
    spec: &Spec,
    variant: &Variant,
    alpha: f64,
    seed: u64,
    deflate: bool,
    file: W,
) -> io::Result<W> {
    let lambdas = Lambdas::new(variant.build.law, alpha).map_err(io::Error::other)?;
    let mut npz = Writer::new(file, deflate);
    let build = &variant.build;
    let adapter = serde_json::json!({
        "name": variant.name,
        "version": "simulated",
        // Two classes and a weight have no room for soft rows.
        "labels_in": if build.targets || build.labels == Labels::Numeric { "ids" } else { "rows" },
        "smoothing": build.smoothing,
        "declares": if build.raw_label { &["raw_label"][..] } else { &[] },
    });
    let meta = serde_json::to_vec(&serde_json::json!({ "probe": spec, "adapter": adapter }))?;
    npz.array("meta", "|u1", &[meta.len() as u64])?;
    npz.write_all(&meta)?;
    for (number, phase) in spec.phases.iter().enumerate() {
        let arrays = run((phase, number as u64), variant, &lambdas, seed);
        write(&mut npz, phase, variant, &arrays)?;
    }
    npz.finish()
}

#[allow(clippy::too_many_lines)] // A call from its draws to its arrays, in the order of an implementation.
fn run((phase, number): (&Phase, u64), variant: &Variant, lambdas: &Lambdas, seed: u64) -> Arrays {
    let build = &variant.build;
    let cycle = if phase.kind == Kind::Digits { Codes::PASSES } else { Codes::CYCLE };
    let turns: Vec<Vec<Vec<u64>>> = (0..cycle).map(|turn| given(&Codes::new(phase, turn))).collect();
    let masks_of = mask_phase(phase);
    let mask_turns: Vec<Vec<Vec<u64>>> = (0..Codes::CYCLE).map(|turn| given(&Codes::new(&masks_of, turn))).collect();
    let (cycle, batch) = (cycle as usize, phase.batch as usize);
    let out_dtype = if build.pixels == Pixels::OtherType { Dtype::F64 } else { phase.dtype };
    let mut arrays = Arrays::default();
    for call in 0..phase.calls {
        let turn = call as usize % cycle;
        let (now, before) = (&turns[turn], &turns[(turn + cycle - 1) % cycle]);
        let seeded = match (build.beside, build.period) {
            (Beside::SeededEveryCall, _) => 0,
            (_, 0) => call,
            (_, period) => call % period,
        };
        // Draws of its own for every phase.
        let key = |epoch: u64| SampleKey { seed, epoch: epoch + 16 * number, index: u64::from(seeded) };
        let drawn = draws(build, phase, lambdas, key(0));
        let boxes: Vec<_> = drawn.samples.iter().map(|draw| boxed(build, phase, draw)).collect();
        let patches: Vec<_> = boxes.iter().map(|(patch, _)| *patch).collect();
        let made =
            Batch { phase, given: now, before, partners: &drawn.partners, samples: &drawn.samples, patches: &patches };
        let images = made.mixed(build);
        let convert = |bits: u64| if out_dtype == phase.dtype { bits } else { out_dtype.bits(phase.dtype.value(bits)) };
        let push = |out: &mut Vec<u8>, images: &[Vec<u64>], dtype: Dtype, convert: &dyn Fn(u64) -> u64| {
            for &bits in images.iter().flatten() {
                out.extend_from_slice(&convert(bits).to_le_bytes()[..dtype.bytes()]);
            }
        };
        push(&mut arrays.images, &images, out_dtype, &convert);
        let after = if build.beside == Beside::InputChanged { &images } else { now };
        push(&mut arrays.after, after, phase.dtype, &|bits| bits);
        if call < REPEATS.min(phase.calls) {
            let epoch = u64::from(build.beside == Beside::NotSeeded);
            let again = draws(build, phase, lambdas, key(epoch));
            let patches: Vec<_> = again.samples.iter().map(|draw| boxed(build, phase, draw).0).collect();
            let made = Batch { partners: &again.partners, samples: &again.samples, patches: &patches, ..made };
            push(&mut arrays.repeat, &made.mixed(build), out_dtype, &convert);
        }
        let labels = label_of(phase, call);
        let earlier = label_of(phase, call.saturating_sub(1));
        let kept: Vec<f64> = match build.method {
            Method::Mixup if build.pixels != Pixels::BaseExchanged => {
                drawn.samples.iter().map(|draw| draw.lambda).collect()
            }
            _ => patches.iter().map(|patch| 1.0 - patch.area() as f64 / phase.area() as f64).collect(),
        };
        let right = super::Build { labels: Labels::Kept, ..*build };
        for (i, draw) in drawn.samples.iter().enumerate() {
            let build = if draw.wrong { build } else { &right };
            let (patch, sides) = (patches[i], &boxes[i].1);
            let partner = drawn.partners[i];
            // What an implementation that exchanged its images takes for base and partner.
            let exchanged = build.pixels == Pixels::BaseExchanged && build.method == Method::Cutmix;
            let (base, partner) = if exchanged { ((i + 1) % batch, (i + 2) % batch) } else { (i, partner) };
            let inverted = build.pixels == Pixels::Inverted && !patch.is_empty();
            let kept: Vec<f64> = if inverted { kept.iter().map(|kept| 1.0 - kept).collect() } else { kept.clone() };
            let made = Made {
                phase,
                labels: &labels,
                before: &earlier,
                i: base,
                partner,
                other: drawn.others[i],
                draw,
                patch,
                sides,
                kept: &kept,
            };
            let cutout = build.method == Method::Cutout && build.labels == Labels::Kept;
            if build.targets || build.labels == Labels::Numeric {
                let w = weight(build, &made);
                let (a, b) = (f64::from(labels.ids[base]), f64::from(labels.ids[partner]));
                let (a, b, w) =
                    if build.labels == Labels::Numeric { (w * a + (1.0 - w) * b, b, 1.0) } else { (a, b, w) };
                arrays.a.extend_from_slice(&a.to_le_bytes());
                arrays.b.extend_from_slice(&b.to_le_bytes());
                arrays.lam.extend_from_slice(&w.to_le_bytes());
            } else {
                let made = if cutout { Made { partner: base, other: base, ..made } } else { made };
                for weight in row(build, &made) {
                    if build.labels == Labels::Integers {
                        arrays.rows.extend_from_slice(&(libm::rintf(weight) as i32).to_le_bytes());
                    } else {
                        arrays.rows.extend_from_slice(&weight.to_le_bytes());
                    }
                }
            }
            let [x, y] = sides;
            let edges = match build.beside {
                Beside::BoxUnclipped => [x.start, y.start, x.start + x.cut, y.start + y.cut],
                Beside::BoxTransposed => [patch.y0, patch.x0, patch.y1, patch.x1].map(i64::from),
                _ => patch.edges().map(i64::from),
            };
            for edge in edges {
                arrays.boxes.extend_from_slice(&edge.to_le_bytes());
            }
            let reported = if build.beside == Beside::PartnerInverse {
                drawn.partners.iter().position(|&j| j == i).unwrap_or(i)
            } else {
                drawn.partners[i]
            };
            arrays.index.extend_from_slice(&(reported as i64).to_le_bytes());
            let lambda = if build.beside == Beside::LambdaComplement { 1.0 - draw.lambda } else { draw.lambda };
            arrays.lambda.extend_from_slice(&lambda.to_le_bytes());
        }
        if phase.masks {
            let given = &mask_turns[call as usize % mask_turns.len()];
            let other = draws(build, phase, lambdas, key(7));
            let elsewhere: Vec<_> = other.samples.iter().map(|draw| boxed(build, phase, draw).0).collect();
            let patches = if build.beside == Beside::MaskOtherBox { &elsewhere } else { &patches };
            let samples = &drawn.samples;
            let made = Batch { phase: &masks_of, given, before: given, partners: &drawn.partners, samples, patches };
            let plain = super::Build { pixels: Pixels::Copy, method: Method::Cutmix, ..*build };
            let blended = super::Build { method: Method::Mixup, ..plain };
            let cut = made.mixed(if build.beside == Beside::MaskBlended { &blended } else { &plain });
            if build.beside == Beside::MaskFloat {
                for &bits in cut.iter().flatten() {
                    arrays.masks.extend_from_slice(&(bits as f32).to_le_bytes());
                }
            } else {
                push(&mut arrays.masks, &cut, Dtype::U8, &|bits| bits);
            }
        }
    }
    arrays
}

fn write<W: Write + Seek>(npz: &mut Writer<W>, phase: &Phase, variant: &Variant, arrays: &Arrays) -> io::Result<()> {
    let build = &variant.build;
    let descr = |dtype: Dtype| match dtype {
        Dtype::U8 => "|u1",
        Dtype::U16 | Dtype::Bf16 => "<u2",
        Dtype::F16 => "<f2",
        Dtype::F32 => "<f4",
        Dtype::F64 => "<f8",
    };
    let (calls, batch) = (u64::from(phase.calls), u64::from(phase.batch));
    let mut shape = phase.image_shape();
    if build.pixels == Pixels::OtherLayout && phase.layout == Layout::Nchw {
        let channels = shape.remove(shape.len() - 3);
        shape.push(channels);
    }
    let image = |calls: u64, shape: &[u64]| [&[calls], shape].concat();
    let given = descr(phase.dtype);
    let out = if build.pixels == Pixels::OtherType { "<f8" } else { given };
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
    let masks = if build.beside == Beside::MaskFloat { "<f4" } else { "|u1" };
    put("masks_out", masks, &[calls, batch, phase.height.into(), phase.width.into()], &arrays.masks)?;
    let rows = if build.labels == Labels::Integers { "<i4" } else { "<f4" };
    put("labels_out", rows, &[calls, batch, phase.classes.into()], &arrays.rows)?;
    for (name, bytes) in [("target_a", &arrays.a), ("target_b", &arrays.b), ("lam", &arrays.lam)] {
        put(name, "<f8", &[calls, batch], bytes)?;
    }
    if build.method != Method::Mixup && build.pixels != Pixels::BaseExchanged {
        put("bbox", "<i8", &[calls, batch, 4], &arrays.boxes)?;
        put("index", "<i8", &[calls, batch], &arrays.index)?;
        // Sides that are drawn without lambda have none to report.
        if !matches!(build.geometry, Geometry::Between | Geometry::BetweenShort) {
            put("lam_raw", "<f8", &[calls, batch], &arrays.lambda)?;
        }
    }
    Ok(())
}
