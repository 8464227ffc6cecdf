//! A probe as a file.

use std::io::{self, Seek, Write};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::code::Codes;
use super::draws::{CallDraws, draws_of};
use super::element::{Dtype, Values};
use super::label::label_of;
use super::spec::{Kind, Phase, Spec};
use crate::npz::Writer;

/// The masks of a phase as images: one plane of bytes, their code words the class indices.
pub(crate) fn mask_phase(phase: &Phase) -> Phase {
    Phase {
        kind: Kind::Scr,
        key: phase.key ^ 0xa5_4a5c,
        channels: 1,
        frames: None,
        dtype: Dtype::U8,
        masks: false,
        draws: false,
        values: Values::Unit,
        ..phase.clone()
    }
}

/// The bytes of the images of one call after the other, until they repeat.
fn turns(phase: &Phase) -> Vec<Vec<u8>> {
    let bytes = |codes: &Codes| {
        let mut bytes = Vec::with_capacity(phase.batch as usize * phase.image_len() * phase.dtype.bytes());
        (0..phase.batch as usize).for_each(|i| codes.write(i, &mut bytes));
        bytes
    };
    Codes::turns(phase).iter().take(phase.calls as usize).map(bytes).collect()
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Values at either end of an image that its digest is of.
const DIGESTED: usize = 4096;

/// Puts the first and last values of every image of the calls before they repeat into a digest. A function of the place
/// is known by a part of its values; all 231 MB of a large phase would take longer than reading its trace.
fn digest_images(hash: &mut Sha256, phase: &Phase) {
    let length = phase.image_len();
    let ends = |codes: &Codes| {
        let mut bytes = Vec::new();
        for i in 0..phase.batch as usize {
            codes.write_some(i, 0..length.min(DIGESTED), &mut bytes);
            codes.write_some(i, length.saturating_sub(DIGESTED).max(DIGESTED.min(length))..length, &mut bytes);
        }
        bytes
    };
    let turns = Codes::turns(phase);
    let calls: Vec<Vec<u8>> = turns.par_iter().take(phase.calls as usize).map(ends).collect();
    for bytes in &calls {
        hash.update(bytes);
    }
}

/// The digest of a phase's content, in lower-case hexadecimal; see `docs/TRACE.md`. Of large images it takes the ends
/// alone.
///
/// ```
/// use cutmix_verify::probe::{Phase, digest};
///
/// let phase = Phase { calls: 4, width: 8, height: 6, ..Phase::structure() };
/// assert_eq!(digest(&phase).len(), 64);
/// assert_ne!(digest(&phase), digest(&Phase { key: 1, ..phase.clone() }), "another key, other images");
/// ```
#[must_use]
pub fn digest(phase: &Phase) -> String {
    let mut hash = Sha256::new();
    digest_images(&mut hash, phase);
    for (class, weight) in (0..phase.calls).flat_map(|call| label_of(phase, call).rows()).flatten() {
        hash.update(class.to_le_bytes());
        hash.update(weight.to_le_bytes());
    }
    if phase.masks {
        digest_images(&mut hash, &mask_phase(phase));
    }
    if phase.draws {
        for call in 0..phase.calls {
            let draws = draws_of(phase, call);
            for (_, _, bytes) in DRAWS {
                hash.update(bytes(&draws));
            }
        }
    }
    hex(&hash.finalize())
}

/// How `numpy` names the type of the images.
pub(crate) const fn descr(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::U8 => "|u1",
        Dtype::U16 | Dtype::Bf16 => "<u2",
        Dtype::I16 => "<i2",
        Dtype::F16 => "<f2",
        Dtype::F32 => "<f4",
        Dtype::F64 => "<f8",
    }
}

/// The arrays of draws: key, type, and the little-endian bytes of a call's.
type DrawArray = (&'static str, &'static str, fn(&CallDraws) -> Vec<u8>);
const DRAWS: [DrawArray; 4] = [
    ("draw_lambda", "<f8", |draws| floats(&draws.lambda)),
    ("draw_x", "<f8", |draws| floats(&draws.x)),
    ("draw_y", "<f8", |draws| floats(&draws.y)),
    ("draw_partner", "<i8", |draws| draws.partner.iter().flat_map(|&j| (j as i64).to_le_bytes()).collect()),
];

fn floats(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Writes the probe. `done` is told the bytes of images written so far, and of how many.
///
/// # Errors
/// What the file reports.
///
/// ```
/// use cutmix_verify::probe::{Method, Phase, Spec, digest, write};
///
/// let mut phase = Phase { calls: 2, width: 6, height: 4, classes: 17, ..Phase::structure() };
/// phase.sha256 = digest(&phase);
/// let (spec, mut told) = (Spec::new(Method::Cutmix, vec![phase]), 0);
/// write(&spec, std::io::Cursor::new(Vec::new()), false, |bytes, _| told = bytes)?;
/// assert_eq!(told, 2 * 8 * 3 * 4 * 6 * 4, "calls, images, planes, rows, columns, bytes");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write<W: Write + Seek>(spec: &Spec, file: W, deflate: bool, mut done: impl FnMut(u64, u64)) -> io::Result<W> {
    let mut npz = Writer::new(file, deflate);
    let meta = serde_json::to_vec(spec)?;
    npz.array("meta", "|u1", &[meta.len() as u64])?;
    npz.write_all(&meta)?;
    let call_bytes = |phase: &Phase| phase.batch as u64 * (phase.image_len() * phase.dtype.bytes()) as u64;
    let total = spec.phases.iter().map(|phase| call_bytes(phase) * u64::from(phase.calls)).sum();
    let mut written = 0;
    for phase in &spec.phases {
        let (name, calls, batch) = (&phase.name, u64::from(phase.calls), u64::from(phase.batch));
        let images = turns(phase);
        let shape: Vec<u64> = [calls].into_iter().chain(phase.image_shape()).collect();
        npz.array(&format!("{name}_images"), descr(phase.dtype), &shape)?;
        for bytes in images.iter().cycle().take(phase.calls as usize) {
            npz.write_all(bytes)?;
            written += call_bytes(phase);
            done(written, total);
        }
        npz.array(&format!("{name}_ids"), "<i8", &[calls, batch])?;
        for id in (0..phase.calls).flat_map(|call| label_of(phase, call).ids) {
            npz.write_all(&i64::from(id).to_le_bytes())?;
        }
        npz.array(&format!("{name}_rows"), "<f4", &[calls, batch, phase.classes.into()])?;
        let mut row = Vec::new();
        for own in (0..phase.calls).flat_map(|call| label_of(phase, call).rows()) {
            row.clear();
            row.resize(4 * phase.classes as usize, 0);
            for (class, weight) in own {
                row[4 * class as usize..][..4].copy_from_slice(&weight.to_le_bytes());
            }
            npz.write_all(&row)?;
        }
        if phase.masks {
            let masks = turns(&mask_phase(phase));
            npz.array(&format!("{name}_masks"), "|u1", &[calls, batch, phase.height.into(), phase.width.into()])?;
            for bytes in masks.iter().cycle().take(phase.calls as usize) {
                npz.write_all(bytes)?;
            }
        }
        if phase.draws {
            for (key, descr, bytes) in DRAWS {
                npz.array(&format!("{name}_{key}"), descr, &[calls, batch])?;
                for call in 0..phase.calls {
                    npz.write_all(&bytes(&draws_of(phase, call)))?;
                }
            }
        }
    }
    npz.finish()
}
