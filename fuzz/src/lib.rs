//! The oracles of the fuzz targets, one module each: plain functions from bytes to an [`Outcome`], which panic where the
//! code under test is wrong. The targets in `fuzz_targets/` call them under libFuzzer, `tests/corpus.rs` calls them on
//! the committed corpora with a stable compiler.

mod answer;
mod batches;
mod beta;
mod capi;
mod drawn;
mod frame;
mod image;
mod in_place;
mod kernels;
mod npz;
mod numbers;
mod ops;
mod pixels;
mod plan;
mod plan_json;
mod rules;
mod spans;
mod trace;
mod view;

use arbitrary::{Arbitrary, Unstructured};

pub use image::Knobs;

/// What became of an input. A defect is a panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The bytes are no input for this target; the fuzzer need not keep them.
    Malformed,
    /// The code refused it, and the oracle agrees.
    Refused,
    /// The code did it, and the oracle agrees.
    Verified,
}

/// An oracle.
pub type Check = fn(&[u8]) -> Outcome;

/// All targets with their oracles.
pub const TARGETS: [(&str, Check); 14] = [
    ("kernels", kernels::check),
    ("ops", ops::check),
    ("in_place", in_place::check),
    ("plan", plan::check),
    ("beta", beta::check),
    ("rules", rules::check),
    ("view", view::check),
    ("frame", frame::check),
    ("image", image::check),
    ("plan_json", plan_json::check),
    ("npz", npz::check),
    ("trace", trace::check),
    ("answer", answer::check),
    ("capi", capi::check),
];

/// The structured input that the bytes stand for.
fn read<'a, T: Arbitrary<'a>>(data: &'a [u8]) -> Option<T> {
    T::arbitrary_take_rest(Unstructured::new(data)).ok()
}

/// The oracle of a target on an input.
#[must_use]
pub fn check(target: &str, data: &[u8]) -> Outcome {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    found.expect("a target of the list").1(data)
}

/// Runs an oracle on every file that the command line names: how a crash is replayed without cargo-fuzz.
pub fn replay(target: &str) {
    for path in std::env::args_os().skip(1) {
        match std::fs::read(&path) {
            Ok(data) => println!("{}: {:?}", path.display(), check(target, &data)),
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
}

/// The entry point of a target: libFuzzer's under cargo-fuzz, else a tool that replays files.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|data: &[u8]| -> libfuzzer_sys::Corpus {
            match $crate::check(stringify!($name), data) {
                $crate::Outcome::Malformed => libfuzzer_sys::Corpus::Reject,
                $crate::Outcome::Refused | $crate::Outcome::Verified => libfuzzer_sys::Corpus::Keep,
            }
        });

        #[cfg(not(fuzzing))]
        fn main() {
            $crate::replay(stringify!($name));
        }
    };
}
