//! The auditor over a Rust implementation: what it makes of probes, written as a trace and read like any other.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::audit::{Audit, Options, TOLERANCE, planned_draws};
use crate::npz::Writer;
use crate::probe::{Codes, Method, Phase, Spec, digest, label_of};
use crate::report::Report;
use crate::subject::{Answer, CutMixUnderTest, Dtype, ImageShape, Layout, Picture, Refusal};

fn stop(error: impl std::fmt::Display) -> Refusal {
    Refusal::because(format!("the audit cannot be made: {error}"))
}

/// Mixes the calls of a phase.
fn answer(subject: &dyn CutMixUnderTest, phase: &Phase, alpha: f64, first: u64) -> Answer<(Vec<u8>, Vec<u8>)> {
    let turns = Codes::turns(phase);
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    let row_pitch = phase.width as usize * 4;
    let (width, height, channels) = (phase.width, phase.height, phase.channels);
    let shape = ImageShape { dtype: Dtype::F32, layout: Layout::Nchw, width, height, channels, row_pitch };
    for call in 0..phase.calls {
        let codes = &turns[call as usize % turns.len()];
        let image = |i: u32| {
            let mut bytes = Vec::with_capacity(shape.bytes());
            codes.write(i as usize, &mut bytes);
            Picture { shape, bytes }
        };
        let mut images: Vec<Picture> = (0..phase.batch).map(image).collect();
        let ids = label_of(phase, call).ids;
        let rows = subject.mix(&mut images, &ids, phase.classes, alpha, first + u64::from(call))?;
        if rows.len() != images.len() || rows.iter().any(|row| row.len() != phase.classes as usize) {
            return Err(stop("the labels are not one row of all classes for each image"));
        }
        pixels.extend(images.iter().flat_map(|image| &image.bytes));
        labels.extend(rows.iter().flatten().flat_map(|&y| (y as f32).to_le_bytes()));
    }
    Ok((pixels, labels))
}

fn write(path: &Path, spec: &Spec, name: &str, phase: &Phase, pixels: &[u8], labels: &[u8]) -> io::Result<()> {
    let meta = serde_json::json!({ "probe": spec, "adapter": { "name": name, "labels_in": "ids" } });
    let meta = serde_json::to_vec(&meta)?;
    let mut npz = Writer::new(BufWriter::new(File::create(path)?), false);
    npz.array("meta", "|u1", &[meta.len() as u64])?;
    npz.write_all(&meta)?;
    let (calls, batch) = (u64::from(phase.calls), u64::from(phase.batch));
    npz.array(&format!("{}_images_out", phase.name), "<f4", &[&[calls], &phase.image_shape()[..]].concat())?;
    npz.write_all(pixels)?;
    npz.array(&format!("{}_labels_out", phase.name), "<f4", &[calls, batch, phase.classes.into()])?;
    npz.write_all(labels)?;
    npz.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(())
}

/// Audits an implementation at these alphas, with as many draws as a PASS needs and some more.
pub(super) fn audit(subject: &dyn CutMixUnderTest, alphas: &[f64]) -> Answer<Report> {
    let mut audit = Audit::new(Options { alphas: alphas.to_vec(), ..Options::default() });
    let folder = tempfile::tempdir().map_err(stop)?;
    let path = folder.path().join("trace.npz");
    let mut done = 0;
    for (number, &alpha) in alphas.iter().enumerate() {
        let mut structure =
            vec![Phase::structure(), Phase { name: "odd".into(), calls: 16, batch: 5, ..Phase::structure() }];
        let planned = planned_draws([40, 24], alpha, TOLERANCE);
        let mut rounds = 0;
        loop {
            let phases = if structure.is_empty() {
                let made = audit.law_draws(Some(alpha));
                // Where boxes are empty or shared, more calls are needed than draws.
                if made >= planned + planned / 4 || rounds == 64 {
                    break;
                }
                rounds += 1;
                let key = 0x1a57 + 64 * number as u64 + rounds;
                vec![Phase { calls: 1024, batch: 8, classes: 17, key, ..Phase::law() }]
            } else {
                std::mem::take(&mut structure)
            };
            for mut phase in phases {
                phase.sha256 = digest(&phase);
                let spec = Spec::new(Method::Cutmix, vec![phase.clone()]);
                let (pixels, labels) = answer(subject, &phase, alpha, done)?;
                done += u64::from(phase.calls);
                write(&path, &spec, &subject.name(), &phase, &pixels, &labels).map_err(stop)?;
                audit.read_answer(&path, &spec, Some(alpha)).map_err(stop)?;
            }
        }
    }
    Ok(audit.report())
}
