//! Audits of right implementations by the thousand, pixels and all: how often one of them fails, which none should.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use rayon::prelude::*;

use crate::audit::{Audit, Code, Options, Prob};
use crate::play::{Variant, simulate_with};
use crate::probe::{Dtype, Method, Phase, Spec, digest};
use crate::profile::shape::SHAPES;
use crate::profile::{CUTOUT, Faults, MIXUP, OFFICIAL, Pairing, Profile, Sharing};
use crate::reference::Stream;
use crate::report::Verdict;

const SHARINGS: [Sharing; 6] =
    [Sharing::Batch, Sharing::Pair, Sharing::Partners, Sharing::Sample, Sharing::Lambda, Sharing::Centre];
/// With what probability something is done, and whether that is thrown once for all images of a call.
const THROWS: [(f64, bool); 3] = [(1.0, false), (0.5, true), (0.5, false)];
const ALPHAS: [f64; 3] = [0.2, 1.0, 2.0];
const SIZES: [[u32; 2]; 5] = [[16, 12], [40, 24], [32, 32], [9, 7], [12, 31]];
const CHANNELS: [u32; 3] = [1, 3, 4];
const TYPES: [Dtype; 5] = [Dtype::F32, Dtype::U8, Dtype::F16, Dtype::Bf16, Dtype::F64];
const LONGEST: u64 = 8;
/// Calls of another length of batch.
const OTHER: u32 = 32;
/// Samples of an audit.
const SAMPLES: u32 = 1920;

/// One audit.
struct Case {
    profile: Profile,
    phase: Phase,
    /// A few calls of another length of batch.
    other: Phase,
    prob: f64,
    by_call: bool,
    alpha: f64,
}

/// The audit of a number: each choice is a draw of the number's own stream.
fn case(number: u64) -> Case {
    let mut rng = Stream::new(*b"pixelwis", [number, 0, 0, 0]);
    let mut below = |n: usize| rng.below(n as u64) as usize;
    let method = [OFFICIAL, OFFICIAL, OFFICIAL, OFFICIAL, OFFICIAL, OFFICIAL, MIXUP, CUTOUT][below(8)];
    let shapes: Vec<_> = SHAPES.iter().filter(|shape| shape.allowed()).collect();
    let pairings: Vec<Pairing> = Pairing::ALL.iter().copied().filter(|pairing| pairing.codes().is_empty()).collect();
    let (sharing, pairing) = (SHARINGS[below(SHARINGS.len())], pairings[below(pairings.len())]);
    let batch = 1 + below(LONGEST as usize) as u32;
    let ((prob, by_call), alpha) = (THROWS[below(THROWS.len())], ALPHAS[below(ALPHAS.len())]);
    let ([width, height], channels) = (SIZES[below(SIZES.len())], CHANNELS[below(CHANNELS.len())]);
    let (dtype, shape) = (TYPES[below(TYPES.len())], shapes[below(shapes.len())]);
    // Of two images a partner of one class is not told from one that is left alone, and a roll by two leaves both alone.
    let alone = matches!(pairing, Pairing::ClassWise | Pairing::RollTwo);
    let pairing = if alone && batch == 2 { Pairing::Permutation } else { pairing };
    let faults = Faults { prob, by_call, ..method.faults };
    let profile = Profile { shape, sharing, pairing, faults, ..method };
    // Of one plane, or of whole numbers, a fill's values are some image's by chance.
    let (channels, dtype) = if profile.method == Method::Cutout { (3, Dtype::F32) } else { (channels, dtype) };
    let calls = (SAMPLES / batch).min(960);
    let structure = Phase::structure();
    let mut phase =
        Phase { calls, batch, width, height, channels, dtype, classes: 2 * batch + 1, key: number, ..structure };
    phase.sha256 = digest(&phase);
    let batch = 1 + below(LONGEST as usize) as u32;
    let mut other = Phase { name: "other".into(), calls: OTHER, batch, classes: 2 * batch + 1, ..phase.clone() };
    other.sha256 = digest(&other);
    Case { profile, phase, other, prob, by_call, alpha }
}

impl Case {
    /// What it is made of, for the table: a dimension and its value.
    fn kinds(&self) -> [(&'static str, String); 9] {
        let Phase { batch, width, height, channels, dtype, .. } = self.phase;
        let throw = match (self.prob < 1.0, self.by_call) {
            (false, _) => "always".into(),
            (true, true) => format!("{} a batch", self.prob),
            (true, false) => format!("{} a sample", self.prob),
        };
        [
            ("method", self.profile.method.name().into()),
            ("sharing", format!("{:?}", self.profile.sharing)),
            ("pairing", format!("{:?}", self.profile.pairing)),
            ("batch", batch.to_string()),
            ("mixed", throw),
            ("alpha", self.alpha.to_string()),
            ("size", format!("{width}x{height}")),
            ("channels", channels.to_string()),
            ("type", dtype.name().into()),
        ]
    }

    fn audit(&self, seed: u64) -> Result<(Verdict, Vec<Code>), String> {
        let variant = Variant { name: "right", about: "", profile: self.profile };
        let spec = Spec::new(self.profile.method, vec![self.phase.clone(), self.other.clone()]);
        let written = || -> io::Result<tempfile::TempPath> {
            let file = tempfile::NamedTempFile::new()?;
            let out = BufWriter::new(File::create(file.path())?);
            simulate_with(&spec, &variant, self.alpha, seed, false, out)?.flush()?;
            Ok(file.into_temp_path())
        };
        let path = written().map_err(|error| error.to_string())?;
        let options = Options { alphas: vec![self.alpha], prob: Prob::Known(self.prob), ..Options::default() };
        let mut audit = Audit::new(options);
        audit.read(&path, |_, _| {}).map_err(|error| error.to_string())?;
        let report = audit.report();
        Ok((report.verdict, report.findings.iter().map(|finding| finding.code).collect()))
    }
}

/// What came of many audits.
#[derive(Debug, Default)]
pub(super) struct PixelTally {
    /// Audits, and those that passed, were open, and failed, by what they are made of.
    pub(super) kinds: BTreeMap<(&'static str, String), [u64; 4]>,
    /// Number of an audit, what it is made of, and what it found or why it could not be made.
    pub(super) failed: Vec<(u64, String, String)>,
    pub(super) audits: u64,
}

/// Makes the audits of these numbers; `done` is told how many were made. Same numbers, same tally, on any number of cores.
pub(super) fn audits(numbers: std::ops::Range<u64>, mut done: impl FnMut(u64)) -> PixelTally {
    let mut tally = PixelTally::default();
    let numbers: Vec<u64> = numbers.collect();
    // In pieces, so that progress shows.
    for piece in numbers.chunks(64) {
        let made: Vec<_> = piece
            .par_iter()
            .map(|&number| {
                let case = case(number);
                (number, case.kinds(), case.audit(number))
            })
            .collect();
        for (number, kinds, result) in made {
            let column = match &result {
                Ok((Verdict::Pass, _)) => 1,
                Ok((Verdict::Inconclusive, _)) => 2,
                Ok((Verdict::Fail, _)) | Err(_) => 3,
            };
            if column == 3 {
                let what = kinds.iter().map(|(kind, value)| format!("{kind} {value}")).collect::<Vec<_>>().join(", ");
                let codes = result.map_or_else(|error| error, |(_, codes)| Code::join(&codes, " "));
                tally.failed.push((number, what, codes));
            }
            for kind in kinds {
                let row = tally.kinds.entry(kind).or_default();
                row[0] += 1;
                row[column] += 1;
            }
            tally.audits += 1;
        }
        done(tally.audits);
    }
    tally
}
