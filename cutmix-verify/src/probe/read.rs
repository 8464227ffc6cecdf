//! Reading what a probe file is; its arrays follow from that.

use std::path::Path;

use super::spec::Spec;
use crate::npz::{Archive, NpzError};

/// The meta of a probe file.
///
/// # Errors
/// If the file is no probe of this version.
pub fn read_spec(path: &Path) -> Result<Spec, NpzError> {
    let archive = Archive::open(path)?;
    let spec: Spec = archive.json("meta", "the meta of a probe")?;
    spec.check().map_err(|error| archive.error("meta", format!("{} {}", error.field, error.given), error.expected))?;
    Ok(spec)
}
