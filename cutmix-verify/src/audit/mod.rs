//! The auditor: reads traces of an implementation of `CutMix`, Mixup or Cutout and says whether it is a right one.
//!
//! Three rooms do the work. `observe` looks at one call after the other: what was drawn, and what is wrong with single samples.
//! [`judge`] takes the draws of all calls and says which rule and which law of lambda made them. `findings` holds the
//! codes' meaning and the ledger in which findings are counted. The audit itself reads phases (`phase`), runs adapters
//! (`live`), keeps evidence from one audit to the next (`state`) and concludes (`verdict`). Imports `decode`, `probe`, `trace`,
//! `adapter`, `law`, `profile` and the model of `report`; nothing of the core.
//!
//! ```
//! use cutmix_verify::audit::{Audit, Options};
//! use cutmix_verify::probe::{Phase, Spec, digest};
//! use cutmix_verify::report::Verdict;
//! use cutmix_verify::play::{simulate, variant};
//!
//! // A trace of code that is right; `docs/TRACE.md` says how to write one of your own.
//! let right = variant("torchvision").unwrap();
//! let mut phase = Phase { calls: 8, width: 8, height: 6, ..right.phase() };
//! phase.sha256 = digest(&phase);
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("trace.npz");
//! simulate(&Spec::new(right.spec().method, vec![phase]), right, 1.0, 7, std::fs::File::create(&path)?)?;
//!
//! let mut audit = Audit::new(Options { alphas: vec![1.0], ..Options::default() });
//! audit.read(&path, |_, _| {})?;
//! let report = audit.report();
//! assert!(report.findings.is_empty());
//! assert_eq!(report.verdict, Verdict::Inconclusive, "eight calls are too few for the law of the boxes");
//! assert!(report.facts.iter().any(|fact| fact.name == "sharing"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod applied;
mod ask;
mod batches;
mod breadth;
mod cutout;
mod findings;
#[doc(hidden)]
pub mod judge;
mod live;
mod observe;
mod options;
mod phase;
mod prob;
mod state;
mod verdict;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use findings::Ledger;
pub use findings::{CHECKS, Entry, all_entries, entry};
pub use judge::budget::{TOLERANCE, TOLERANCES, planned_draws};
use judge::extents::judge_extents;
use judge::{Blended, Evidence, Judged};
pub use live::{Caps, Live, LiveError, Progress, Rounds};
use observe::extents::SeenExtents;
use observe::sharing::{Batching, FirstCalls};
pub use options::Options;
pub use prob::Prob;
#[doc(hidden)]
pub use state::STATE_MOST;

use crate::npz::NpzError;
use crate::probe::{Method, Phase, Spec, hex};
use crate::profile::matching::Fingerprint;
pub use crate::profile::{Code, Promised, Promises, Throw};
use crate::report::words::tried::Forms;
use crate::report::{Input, LawRun, Report, Tried, Verdict, words};
use crate::trace::{Adapter, Trace};

/// Draws that a plan makes of a method on images of this size; see [`planned_draws`].
pub(crate) fn planned(method: Method, size: [u32; 2], alpha: f64, tolerance: f64) -> u64 {
    match method {
        Method::Mixup => judge::weights::planned(alpha, tolerance).draws,
        Method::Cutmix | Method::Cutout => planned_draws(size, alpha, tolerance),
    }
}

/// What was read.
#[derive(Debug, Default)]
struct Inputs {
    files: Vec<Input>,
    /// Names, lengths and checksums of what each file holds, to know one that is read twice.
    contents: Vec<Vec<(String, u64, u32)>>,
    /// Names of phases that were read, and how many traces were opened.
    phases: Vec<String>,
    opened: usize,
    /// Whether traces are rounds of one process, which has no reason to repeat its draws.
    live: bool,
    /// Whether there were images of different sides.
    oblong: bool,
    /// Whether images of floats had special values, once there were such images.
    specials: Option<bool>,
    /// Whether there were images of whole numbers.
    whole: bool,
    /// The end of what a child process wrote to stderr.
    stderr: String,
    /// In which forms images came.
    forms: Forms,
}

/// How the audited code goes about it, as far as that is seen: conventions, no defects.
#[derive(Debug, Default)]
struct Habits {
    /// What known implementations are recognised by.
    fingerprint: Fingerprint,
    /// Whether a pipeline scales the values of some phase.
    scaled: bool,
    /// What the last phase showed of sharing and pairing.
    batching: Batching,
    /// What every phase showed of them, as it is compared and as it is said.
    shown: Vec<batches::ShownPhase>,
    /// Whether sharing, pairing and the throw were seen well enough to judge what was promised.
    judged: [bool; 3],
    /// The first draws of the phase before, by its kind, to see whether they are repeated.
    before: BTreeMap<String, FirstCalls>,
}

/// All draws that were made with one alpha.
#[derive(Debug, Default)]
struct AlphaDraws {
    /// Of boxes.
    boxes: Evidence,
    /// Of blends.
    blends: Blended,
}

impl AlphaDraws {
    /// Those of an alpha among all, which are in the order in which alphas came.
    fn of(all: &mut Vec<Self>, alpha: Option<f64>) -> &mut Self {
        let number = all.iter().position(|draws| draws.boxes.alpha == alpha).unwrap_or_else(|| {
            all.push(Self { boxes: Evidence { alpha, ..Evidence::default() }, blends: Blended::default() });
            all.len() - 1
        });
        &mut all[number]
    }
}

/// Judges traces, one after the other, as one audit.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
///
/// let mut audit = Audit::new(Options::default());
/// audit.untested("G01: only square images were made".into());
/// let report = audit.report();
/// assert!(report.untested.iter().any(|note| note.starts_with("G01")));
/// assert_eq!((audit.draws(), audit.law_draws(Some(1.0)), audit.laws().len()), (0, 0, 0));
/// // What is known is kept from one audit to the next as a text.
/// let kept = audit.state();
/// assert_eq!(Audit::new(Options::default()).recall(&kept), Ok("0 draws of earlier audits".into()));
/// assert!(audit.recall("{}").is_err() && Audit::check_state("{}").is_err() && Audit::check_state(&kept).is_ok());
/// ```
#[derive(Debug, Default)]
pub struct Audit {
    options: Options,
    ledger: Ledger,
    adapter: Adapter,
    method: Method,
    inputs: Inputs,
    habits: Habits,
    applied: applied::Applied,
    draws: Vec<AlphaDraws>,
    /// What the boxes of every phase showed of sides and edges.
    extents: Vec<SeenExtents>,
    /// What was tried beside the rounds of the law.
    tried: Vec<Tried>,
    /// Codes that earlier audits found.
    earlier: Vec<String>,
    /// Why not all that was asked for was done, if so.
    ended: Option<String>,
}

impl Audit {
    /// An audit that has seen nothing.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// The end of what a child process wrote to stderr.
    pub fn stderr(&mut self, text: &str) {
        text.clone_into(&mut self.inputs.stderr);
    }

    /// Something that was not tested, in one sentence.
    pub fn untested(&mut self, note: String) {
        self.ledger.untested(note);
    }

    /// That there was an end before all was done, and why: nothing passes then.
    fn ended(&mut self, why: String) {
        self.ended = Some(why);
    }

    /// Different draws of a box (or weight) so far, those of repeated traces left out.
    #[must_use]
    pub const fn draws(&self) -> u64 {
        self.ledger.totals[2]
    }

    /// Independent draws of one alpha that its law is judged by, so far.
    #[must_use]
    pub fn law_draws(&self, alpha: Option<f64>) -> u64 {
        let Some(draws) = self.draws.iter().find(|draws| draws.boxes.alpha == alpha) else { return 0 };
        let number: usize = match self.method {
            Method::Mixup => draws.blends.weights.iter().filter(|weight| judge::weights::judged(**weight)).count(),
            Method::Cutmix | Method::Cutout => draws.boxes.parts.iter().map(|part| part.boxes.len()).sum(),
        };
        number as u64
    }

    /// What the draws of every alpha say of their law so far, in the order in which alphas came. Costs as much as
    /// [`judge::judge`] for each of them.
    #[must_use]
    pub fn laws(&self) -> Vec<LawRun> {
        self.judged(|_| true).into_iter().map(|judged| judged.run).collect()
    }

    /// What the draws of one alpha say of their law.
    fn law(&self, alpha: Option<f64>) -> Option<Judged> {
        self.judged(|of| of == alpha).into_iter().next()
    }

    /// Reads the answer to a probe that has just been written: a trace of any other is refused.
    ///
    /// # Errors
    /// As [`read`](Self::read), and if it is the trace of another probe, or larger than any of this one.
    pub fn read_answer(&mut self, path: &Path, spec: &Spec, alpha: Option<f64>) -> Result<(), NpzError> {
        let trace = Trace::open_within(path, trace_most(spec))?;
        if trace.spec != *spec {
            return Err(NpzError::at(path, "meta", "the meta of another probe", "that of this round's, unchanged"));
        }
        self.inputs.live = true;
        self.judge(path, &trace, alpha, |_, _| {})
    }

    /// Reads a trace. `done` is told how many calls of how many were read. It was made with the alpha of its number, or with
    /// the only one.
    ///
    /// # Errors
    /// If it is damaged, or no trace of a probe, or of another method than the ones before.
    pub fn read(&mut self, path: &Path, mut done: impl FnMut(u64, u64)) -> Result<(), NpzError> {
        let trace = Trace::open(path)?;
        let alphas = &self.options.alphas;
        let alpha = if alphas.len() == 1 { alphas.first() } else { alphas.get(self.inputs.opened) }.copied();
        self.inputs.opened += 1;
        self.judge(path, &trace, alpha, &mut done)
    }

    fn judge(
        &mut self,
        path: &Path,
        trace: &Trace,
        alpha: Option<f64>,
        mut done: impl FnMut(u64, u64),
    ) -> Result<(), NpzError> {
        if !self.inputs.files.is_empty() && trace.spec.method != self.method {
            let found = format!("a trace of {}", trace.spec.method.name());
            return Err(NpzError::at(path, "meta", found, format!("{}, as the traces before", self.method.name())));
        }
        let name = trace.name();
        let contents = trace.contents();
        if let Some(same) = self.inputs.contents.iter().position(|known| *known == contents) {
            self.untested(format!("{name} holds the same as {}: it adds nothing", self.inputs.files[same].name));
            return Ok(());
        }
        self.method = trace.spec.method;
        self.adapter = trace.adapter.clone();
        let total = trace.spec.phases.iter().map(|phase| u64::from(phase.calls)).sum();
        // The digest takes about as long as the rest.
        let (read, sha256) = std::thread::scope(|scope| {
            let digest = scope.spawn(|| file_digest(path, trace.bytes()));
            let mut read = 0;
            let result = trace.spec.phases.iter().try_for_each(|phase| {
                let start = read;
                read += u64::from(phase.calls);
                self.phase(trace, phase, alpha, |calls| done(start + calls, total))
            });
            (result, digest.join())
        });
        read?;
        let sha256 = sha256.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        self.inputs.files.push(Input { name, sha256 });
        self.inputs.contents.push(contents);
        Ok(())
    }

    /// The judgement of all that was read; more may be read afterwards. Costs as much as [`laws`](Self::laws).
    #[must_use]
    pub fn report(&self) -> Report {
        let mut ledger = self.ledger.clone();
        let laws = self.law_findings(&mut ledger);
        self.promised_side(&mut ledger);
        for extents in self.extents.iter().filter(|_| self.options.judge_law) {
            let run = laws.iter().find(|run| run.alpha == extents.alpha);
            // Of draws that nothing explains, for which no alpha was given, nothing was asked.
            if run.is_some_and(|run| run.alpha.is_none() && !run.identified.explains) {
                continue;
            }
            let run = run.filter(|run| run.identified.explains);
            ledger.add(judge_extents(extents, run, &self.options.accept, self.habits.fingerprint.inside));
        }
        self.applied.judge(&mut ledger);
        let findings = ledger.findings();
        let checks = ledger.checks(&self.adapter, self.method, self.options.prob == Prob::Unknown);
        let mut untested = std::mem::take(&mut ledger.notes);
        if self.options.prob == Prob::Unknown {
            untested.push("S16: how often it is applied, since --prob is unknown".into());
        }
        if self.inputs.specials == Some(false) && self.method == Method::Cutmix {
            untested.push("NaN, infinities and negative zeros: no phase of kind nan".into());
        }
        untested.extend(self.ended.as_deref().map(words::ended));
        if !self.inputs.whole && self.method == Method::Mixup && !self.inputs.phases.is_empty() {
            untested.push("how blends are rounded: no phase of whole numbers (--dtype u8)".into());
        }
        untested.extend(self.promises_not_judged());
        let (verdict, because) = self.verdict(&findings, &laws, &checks, &mut untested);
        let [calls, samples, draws] = ledger.totals;
        // Of a blend the sides of the image are no matter.
        let square = verdict == Verdict::Pass && self.method != Method::Mixup && !self.inputs.oblong;
        let because = if square { format!("{because} (for square images)") } else { because };
        Report {
            tool: concat!("cutmix-verify ", env!("CARGO_PKG_VERSION")).into(),
            inputs: self.inputs.files.clone(),
            name: self.adapter.name.clone(),
            version: self.adapter.version.clone(),
            method: self.method.name(),
            verdict,
            because,
            calls,
            samples,
            draws,
            matches: self.matches(&laws, &findings, &checks),
            checks,
            laws,
            expected: self.options.expect.clone(),
            shown: ledger.shown(),
            findings,
            facts: ledger.conventions,
            tried: self.tried.clone(),
            untested,
            scatter: ledger.scatter,
            coverage: ledger.coverage,
            stderr: self.inputs.stderr.clone(),
        }
    }
}

/// Arrays of a trace beside the images that came out which may be as large: those that went in, and of the repeated run.
const COPIES: u64 = 4;
/// Bytes of the largest type.
const WIDEST: u64 = 8;
/// What is left for the archive's directory, headers, the meta and small arrays.
const REST: u64 = 1 << 24;

/// Bytes that no trace of a probe exceeds.
fn trace_most(spec: &Spec) -> u64 {
    let of = |phase: &Phase| {
        let sample = COPIES * phase.image_len() as u64 + phase.area() as u64 + 2 * u64::from(phase.classes) + 64;
        u64::from(phase.calls) * u64::from(phase.batch) * sample * WIDEST
    };
    spec.phases.iter().map(of).sum::<u64>() + REST
}

/// The digest of a file's bytes.
fn file_digest(path: &Path, mut bytes: impl Read) -> Result<String, NpzError> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match bytes.read(&mut buffer).map_err(|cause| NpzError::at(path, "", cause, "a readable file"))? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
    }
    Ok(hex(&hash.finalize()))
}
