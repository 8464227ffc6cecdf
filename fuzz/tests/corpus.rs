//! The committed seeds and corpora, replayed with a stable compiler: none crashes its oracle, and each target has inputs
//! that go all the way.

use std::path::Path;

use cutmix_fuzz::{Outcome, TARGETS};

/// The files of a folder in the order of their names; none if it is not there.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn committed_inputs_pass_their_oracles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    println!("{:<10} {:>6} {:>9} {:>8} {:>10} {:>8}", "target", "files", "malformed", "refused", "verified", "bytes");
    for (name, check) in TARGETS {
        let inputs = [files(&root.join("corpus").join(name)), files(&root.join("seeds").join(name))].concat();
        let count = |outcome| inputs.iter().filter(|(_, data)| check(data) == outcome).count();
        let [malformed, refused, verified] = [Outcome::Malformed, Outcome::Refused, Outcome::Verified].map(count);
        let bytes: usize = inputs.iter().map(|(_, data)| data.len()).sum();
        println!("{name:<10} {:>6} {malformed:>9} {refused:>8} {verified:>10} {bytes:>8}", inputs.len());
        assert!(verified >= 3, "{name}: only {verified} inputs of the corpus are verified");
        // Every target but this one has something to refuse.
        assert!(refused >= 1 || name == "kernels", "{name}: no input of the corpus is refused");
        assert!(malformed * 4 <= inputs.len(), "{name}: the corpus no longer parses");
    }
}

#[test]
fn every_seed_is_of_a_target() {
    for folder in ["corpus", "seeds"] {
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            assert!(TARGETS.iter().any(|(target, _)| *target == name), "{folder}/{name}");
        }
    }
}
