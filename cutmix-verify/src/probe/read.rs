//! Reading what a probe file is; its arrays follow from that.

use std::path::Path;

use super::spec::Spec;
use crate::npz::{Archive, NpzError};

/// The longest meta that is read.
const META_MOST: u64 = 1 << 20;

/// The meta of a probe file.
///
/// # Errors
/// If the file is no probe of this version.
pub fn read_spec(path: &Path) -> Result<Spec, NpzError> {
    let archive = Archive::open(path)?;
    let mut meta = archive.array("meta")?;
    let [length @ ..=META_MOST] = *meta.shape() else {
        return Err(meta.shape_error("the bytes of a JSON text, 1 MiB at most"));
    };
    if meta.scalar().bytes() != 1 {
        return Err(meta.error(format!("values of type {}", meta.scalar().name()), "bytes"));
    }
    let mut bytes = vec![0; length as usize];
    meta.read(&mut bytes)?;
    let spec: Spec = serde_json::from_slice(&bytes).map_err(|error| meta.error(error, "the meta of a probe"))?;
    spec.check().map_err(|error| meta.error(format!("{} {}", error.field, error.given), error.expected))?;
    Ok(spec)
}
