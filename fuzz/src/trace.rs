//! Traces of small probes with anything done to images and labels: the audit never panics, gives the same report twice, in
//! every form, and finds nothing in images that came back as they were.

use std::io::{Cursor, Write as _};

use arbitrary::Arbitrary;
use cutmix_verify::audit::{Audit, Options, Prob};
use cutmix_verify::npz::Writer;
use cutmix_verify::probe::{Codes, Dtype, Kind, Layout, Method, Phase, Spec, digest, label_of};
use cutmix_verify::report::{self, Report, Verdict};

use crate::Outcome;

#[derive(Arbitrary, Debug)]
struct Forged<'a> {
    method: u8,
    kind: u8,
    dtype: u8,
    nhwc: bool,
    frames: Option<u8>,
    batch: u8,
    sides: [u8; 2],
    channels: u8,
    calls: u8,
    rows: bool,
    after: bool,
    /// Copies of rectangles: image, donor, place and size, all modulo what there is.
    pastes: Vec<[u8; 6]>,
    /// Bytes put over the images from the first on, one of so many.
    noise: &'a [u8],
    every: u8,
    /// The weights of labels.
    weights: Vec<f32>,
}

impl Forged<'_> {
    fn phase(&self) -> Option<Phase> {
        let dtypes = [Dtype::U8, Dtype::U16, Dtype::F16, Dtype::Bf16, Dtype::F32, Dtype::F64];
        let kinds = [Kind::Scr, Kind::Tri, Kind::Word24, Kind::Digits, Kind::Flat, Kind::Nan];
        let mut phase = Phase {
            kind: kinds[usize::from(self.kind) % 6],
            dtype: dtypes[usize::from(self.dtype) % 6],
            layout: if self.nhwc { Layout::Nhwc } else { Layout::Nchw },
            frames: self.frames.map(|frames| u32::from(frames % 3) + 1),
            batch: u32::from(self.batch % 5) + 1,
            width: u32::from(self.sides[0] % 12) + 1,
            height: u32::from(self.sides[1] % 12) + 1,
            channels: u32::from(self.channels % 4) + 1,
            calls: u32::from(self.calls % 3) + 1,
            classes: 16,
            ..Phase::structure()
        };
        phase.sha256 = digest(&phase);
        phase.check().ok()?;
        Some(phase)
    }

    fn method(&self) -> Method {
        [Method::Cutmix, Method::Mixup, Method::Cutout][usize::from(self.method) % 3]
    }

    /// The images of a call as they came out.
    fn images(&self, phase: &Phase, call: u32, given: &[u8]) -> Vec<u8> {
        let mut out = given.to_vec();
        let (size, length) = (phase.dtype.bytes(), phase.image_len());
        for &[to, from, x, y, w, h] in &self.pastes {
            let image = |n: u8| usize::from(n) % phase.batch as usize * length;
            let (x, y) = (usize::from(x) % phase.width as usize, usize::from(y) % phase.height as usize);
            for plane in 0..phase.planes() {
                for (x, y) in (y..(y + usize::from(h % 16)).min(phase.height as usize))
                    .flat_map(|y| (x..(x + usize::from(w % 16)).min(phase.width as usize)).map(move |x| (x, y)))
                {
                    let at = phase.element(plane, y, x);
                    let (a, b) = ((image(to) + at) * size, (image(from) + at) * size);
                    out[a..a + size].copy_from_slice(&given[b..b + size]);
                }
            }
        }
        let step = usize::from(self.every) + 1 + call as usize;
        for (byte, noise) in out.iter_mut().step_by(step).zip(self.noise) {
            *byte = *noise;
        }
        out
    }

    fn file(&self, spec: &Spec) -> std::io::Result<Vec<u8>> {
        let phase = &spec.phases[0];
        let labels_in = if self.rows { "rows" } else { "ids" };
        let meta = serde_json::json!({ "probe": spec, "adapter": { "labels_in": labels_in } });
        let meta = serde_json::to_vec(&meta)?;
        let mut npz = Writer::new(Cursor::new(Vec::new()), false);
        npz.array("meta", "|u1", &[meta.len() as u64])?;
        npz.write_all(&meta)?;
        let mut array = |key: &str, descr: &str, shape: &[u64], of: &dyn Fn(u32) -> Vec<u8>| {
            npz.array(&format!("structure_{key}"), descr, &[&[phase.calls.into()], shape].concat())?;
            (0..phase.calls).try_for_each(|call| npz.write_all(&of(call)))
        };
        let shape: Vec<u64> = phase.image_shape().into_iter().collect();
        let descr = match phase.dtype {
            Dtype::U8 => "|u1",
            Dtype::U16 | Dtype::Bf16 => "<u2",
            Dtype::I16 => "<i2",
            Dtype::F16 => "<f2",
            Dtype::F32 => "<f4",
            Dtype::F64 => "<f8",
        };
        let given = |call| {
            let codes = Codes::new(phase, call);
            let mut bytes = Vec::new();
            (0..phase.batch as usize).for_each(|i| codes.write(i, &mut bytes));
            bytes
        };
        array("images_out", descr, &shape, &|call| self.images(phase, call, &given(call)))?;
        if self.after {
            array("images_after", descr, &shape, &given)?;
        }
        let (batch, classes) = (phase.batch as usize, phase.classes as usize);
        let weight = |n: usize| self.weights.get(n).copied();
        if self.rows {
            array("labels_out", "<f4", &[batch as u64, classes as u64], &|call| {
                let labels = label_of(phase, call);
                let row = |i: usize| {
                    let mut row = vec![0.0_f32; classes];
                    labels.row(i).iter().for_each(|&(class, weight)| row[class as usize] += weight);
                    row.into_iter().enumerate().map(move |(class, value)| weight(i * classes + class).unwrap_or(value))
                };
                (0..batch).flat_map(row).flat_map(f32::to_le_bytes).collect()
            })?;
        } else {
            for key in ["target_a", "target_b"] {
                array(key, "<i8", &[batch as u64], &|call| {
                    label_of(phase, call).ids.into_iter().flat_map(|id| i64::from(id).to_le_bytes()).collect()
                })?;
            }
            array("lam", "<f4", &[batch as u64], &|call| {
                let first = call as usize * batch;
                (first..first + batch).flat_map(|n| weight(n).unwrap_or(1.0).to_le_bytes()).collect()
            })?;
        }
        Ok(npz.finish()?.into_inner())
    }
}

fn audit(bytes: &[u8]) -> Result<Report, String> {
    let mut file = tempfile::NamedTempFile::new().expect("room for a file");
    file.write_all(bytes).expect("room for a file");
    let mut audit = Audit::new(Options { prob: Prob::Unknown, ..Options::default() });
    audit.read(file.path(), |_, _| {}).map_err(|error| error.to_string())?;
    let mut report = audit.report();
    // A temporary name.
    report.inputs.clear();
    Ok(report)
}

pub(crate) fn check(data: &[u8]) -> Outcome {
    let Some(forged) = crate::read::<Forged<'_>>(data) else { return Outcome::Malformed };
    let Some(phase) = forged.phase() else { return Outcome::Malformed };
    let spec = Spec::new(forged.method(), vec![phase]);
    if spec.check().is_err() {
        return Outcome::Malformed;
    }
    let Ok(bytes) = forged.file(&spec) else { return Outcome::Malformed };
    let report = match audit(&bytes) {
        Ok(report) => report,
        Err(error) => panic!("a trace that is well made: {error}"),
    };
    let again = audit(&bytes).expect("the same trace");
    let forms: [fn(&Report) -> String; 5] = [report::text, report::json, report::junit, report::markdown, report::html];
    for form in forms {
        assert_eq!(form(&report), form(&again));
    }
    let json: serde_json::Value = serde_json::from_str(&report::json(&report)).expect("JSON");
    assert_eq!(json["verdict"], report.verdict.name());
    assert_eq!(report.verdict == Verdict::Fail, !report.findings.is_empty());
    assert_eq!(report.samples, u64::from(spec.phases[0].calls * spec.phases[0].batch));
    for finding in &report.findings {
        assert!(finding.count > 0 && finding.count <= finding.of, "{finding:?}");
    }
    let untouched = forged.pastes.is_empty() && forged.noise.is_empty() && forged.weights.is_empty();
    if untouched {
        assert!(report.findings.is_empty(), "{:?}", report.findings[0]);
        return Outcome::Verified;
    }
    if report.findings.is_empty() { Outcome::Verified } else { Outcome::Refused }
}
