//! Reading what a probe file is; its arrays follow from that.

use std::path::Path;

use super::spec::Spec;
use crate::npz::{Archive, NpzError};

/// The meta of a probe file.
///
/// # Errors
/// If the file is no probe of this version.
///
/// ```
/// use cutmix_verify::probe::{Method, Phase, Spec, digest, read_spec, write};
///
/// let mut phase = Phase { calls: 2, width: 6, height: 4, classes: 17, ..Phase::structure() };
/// phase.sha256 = digest(&phase);
/// let spec = Spec::new(Method::Cutmix, vec![phase]);
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("probe.npz");
/// write(&spec, std::fs::File::create(&path)?, true, |_, _| {})?;
/// assert_eq!(read_spec(&path)?, spec);
/// let error = read_spec(&folder.path().join("absent.npz")).unwrap_err();
/// assert!(error.to_string().contains("absent.npz"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_spec(path: &Path) -> Result<Spec, NpzError> {
    let archive = Archive::open(path)?;
    let spec: Spec = archive.json("meta", "the meta of a probe")?;
    spec.check().map_err(|error| archive.error("meta", format!("{} {}", error.field, error.given), error.expected))?;
    Ok(spec)
}
