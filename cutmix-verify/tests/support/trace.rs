//! Simulated implementations and their audits.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use cutmix_verify::audit::{Audit, Options};
use cutmix_verify::play::{Variant, simulate_with};
use cutmix_verify::probe::Spec;
use cutmix_verify::report::Report;

/// Writes a trace, stored as it is: to deflate it takes longer than all the rest, and other tests read deflated ones.
pub(crate) fn simulated(path: &Path, variant: &Variant, spec: &Spec, alpha: f64, seed: u64) {
    let file = BufWriter::new(File::create(path).unwrap());
    simulate_with(spec, variant, alpha, seed, false, file).unwrap().flush().unwrap();
}

/// The report of a simulated trace.
pub(crate) fn audited(variant: &Variant, spec: &Spec, alpha: f64, seed: u64, options: Options) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.npz");
    simulated(&path, variant, spec, alpha, seed);
    let mut audit = Audit::new(options);
    audit.read(&path, |_, _| {}).unwrap();
    audit.report()
}
