//! Reading a trace: what an adapter wrote, checked against the probe it was made from, one call at a time.
//!
//! ```
//! use cutmix_verify::trace::{Call, Trace};
//!
//! let trace = Trace::open("tests/traces/torchvision-cutmix-structure.npz".as_ref())?;
//! let phase = &trace.spec.phases[0];
//! let mut calls = trace.phase(phase)?.expect("images of the only phase");
//! let mut call = Call::default();
//! while calls.read(&mut call)? {
//!     assert_eq!(call.images.len(), phase.batch as usize * phase.image_len() * phase.dtype.bytes());
//!     assert_eq!(call.changed, Some(vec![]), "the images that were passed in are as they were");
//! }
//! assert_eq!(call.number, calls.calls - 1);
//! # Ok::<(), cutmix_verify::npz::NpzError>(())
//! ```

mod beside;
mod calls;
mod labels_after;

use std::io::Read;
use std::path::Path;

use serde::Deserialize;

pub use calls::{Call, Calls, LabelsOut, Misshapen};

use crate::npz::{Archive, NpzError};
use crate::probe::{Declares, Phase, Spec, digest};

/// What the audited code was given as labels.
///
/// ```
/// use cutmix_verify::trace::LabelsIn;
///
/// // In the meta of a trace.
/// assert_eq!(serde_json::from_str::<LabelsIn>("\"rows\"")?, LabelsIn::Rows);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LabelsIn {
    /// Class ids.
    #[default]
    Ids,
    /// Rows, some of them soft.
    Rows,
    /// Nothing.
    None,
}

/// Whose weight `lam` is.
///
/// ```
/// use cutmix_verify::trace::LamIs;
///
/// assert_eq!(serde_json::from_str::<LamIs>("\"b\"")?, LamIs::B);
/// assert!(serde_json::from_str::<LamIs>("\"c\"").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LamIs {
    /// The base's.
    #[default]
    A,
    /// The donor's.
    B,
}

/// What the adapter says of itself. Untrusted text: whoever shows it escapes it.
///
/// ```
/// use cutmix_verify::trace::Adapter;
///
/// // What is not said is nothing, and its default.
/// let adapter: Adapter = serde_json::from_str(r#"{"name": "timm", "smoothing": 0.1}"#)?;
/// assert_eq!(adapter, Adapter { name: "timm".into(), smoothing: 0.1, ..Adapter::default() });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Adapter {
    /// What is being tested.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it was given as labels.
    pub labels_in: LabelsIn,
    /// Whose weight `lam` is.
    pub lam_is: LamIs,
    /// Label smoothing that it documents.
    pub smoothing: f64,
    /// Limits that it documents.
    pub declares: Vec<Declares>,
}

#[derive(Deserialize)]
struct Meta {
    probe: Spec,
    #[serde(default)]
    adapter: Adapter,
}

/// A trace whose meta has been read and whose probe is known.
///
/// ```
/// use cutmix_verify::trace::Trace;
///
/// // One line that says which file, what was found and what was expected.
/// let error = Trace::open("Cargo.toml".as_ref()).unwrap_err();
/// assert!(error.to_string().starts_with("Cargo.toml: found ") && error.expected == "an .npz file");
/// ```
#[derive(Debug)]
pub struct Trace {
    archive: Archive,
    /// What it was made from.
    pub spec: Spec,
    /// Who made it.
    pub adapter: Adapter,
}

/// The names of the arrays of a phase.
const KEYS: &str = "images_out labels_out target_a target_b lam images_after labels_after masks_out bbox index lam_raw repeat_images_out";

impl Trace {
    /// Opens a trace.
    ///
    /// # Errors
    /// If the file is no trace of a probe of this version, or has keys that nobody knows.
    pub fn open(path: &Path) -> Result<Self, NpzError> {
        Self::open_within(path, u64::MAX)
    }

    /// The same of a file of at most so many bytes.
    pub(crate) fn open_within(path: &Path, most: u64) -> Result<Self, NpzError> {
        let archive = Archive::open_within(path, most)?;
        let expected = "{\"probe\": the probe's meta, \"adapter\": {...}}";
        let Meta { probe: spec, adapter } = archive.json("meta", expected)?;
        let wrong = |found: String, expected: &str| archive.error("meta", found, expected);
        spec.check().map_err(|error| wrong(format!("probe: {} {}", error.field, error.given), &error.expected))?;
        if !(0.0..1.0).contains(&adapter.smoothing) {
            return Err(wrong(format!("adapter.smoothing {}", adapter.smoothing), "0 or more and less than 1"));
        }
        for key in archive.keys() {
            let known = key == "meta"
                || spec.phases.iter().any(|phase| {
                    let rest = key.strip_prefix(&phase.name).and_then(|rest| rest.strip_prefix('_'));
                    rest.is_some_and(|rest| KEYS.split(' ').any(|known| known == rest))
                });
            if !known {
                let names: Vec<&str> = spec.phases.iter().map(|phase| phase.name.as_str()).collect();
                let expected = format!("PHASE_images_out and the like, of the phases {}", names.join(", "));
                return Err(archive.error(key, "a key that no trace has", expected));
            }
        }
        let trace = Self { archive, spec, adapter };
        if !trace.spec.phases.iter().any(|phase| trace.has(phase, "images_out")) {
            return Err(trace.archive.error("", "no key PHASE_images_out", "one at least"));
        }
        Ok(trace)
    }

    /// The file's name without folders. Untrusted.
    #[must_use]
    pub fn name(&self) -> String {
        self.archive.path().file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Key, length and checksum of every array.
    #[must_use]
    pub fn contents(&self) -> Vec<(String, u64, u32)> {
        self.archive.contents()
    }

    /// All bytes of the file, as they were when it was opened.
    pub(crate) fn bytes(&self) -> impl Read + Send + use<> {
        self.archive.bytes()
    }

    fn has(&self, phase: &Phase, name: &str) -> bool {
        self.archive.has(&format!("{}_{name}", phase.name))
    }

    /// The phases of which there are images, with the arrays of each. Compares the digest of the probe.
    ///
    /// # Errors
    /// If the probe's digest is another one than this version makes, or arrays do not fit the probe or each other.
    pub fn phase(&self, phase: &Phase) -> Result<Option<Calls>, NpzError> {
        if !self.has(phase, "images_out") {
            if let Some(key) = self.archive.keys().find(|key| key.starts_with(&format!("{}_", phase.name))) {
                let missing = format!("{}_images_out beside it", phase.name);
                return Err(self.archive.error(key, "no images", missing));
            }
            return Ok(None);
        }
        let known = digest(phase);
        if phase.sha256 != known {
            let given: String = phase.sha256.chars().take(64).collect();
            let found = format!("sha256 {given:?} of phase {}", phase.name);
            return Err(self.archive.error("meta", found, format!("{known}, a probe of this version")));
        }
        Calls::open(self, phase).map(Some)
    }
}
