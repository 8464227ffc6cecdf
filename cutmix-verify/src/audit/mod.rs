//! The auditor: what a trace shows, held against CutMix, Mixup and Cutout.
//!
//! Exact checks: each decides by one sample. Imports `decode`, `probe`, `trace` and `report`; nothing of the core.
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

mod findings;
pub mod judge;
mod live;
mod observe;
mod options;
mod state;
mod verdict;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use findings::Ledger;
pub use findings::{CHECKS, Entry, all_entries, entry};
use judge::Evidence;
pub use judge::budget::{TOLERANCE, TOLERANCES, planned_draws};
use judge::collect::{Collector, Partners};
pub use live::{Live, LiveError, Progress, Rounds};
pub use options::{Options, Prob};

use crate::decode::Decoder;
use crate::npz::{NpzError, Scalar};
use crate::probe::{Codes, Declares, Dtype, Kind, Method, Phase, Spec, hex, mask_phase};
pub use crate::profile::Code;
use crate::profile::{self, matching::Fingerprint};
use crate::report::{Fact, Input, LawRun, Report};
use crate::trace::{Adapter, Call, LabelsOut, Trace};
use observe::extents::Extents;
use observe::label_checks::LabelChecks;
use observe::sharing::{Draws, Seen, Sharing};
use observe::{pixels, show};

/// The longest side of an image whose law is judged.
const LONGEST: u32 = 1024;

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
/// assert!(audit.recall("{}").is_err());
/// ```
#[derive(Debug)]
pub struct Audit {
    options: Options,
    ledger: Ledger,
    adapter: Adapter,
    method: Method,
    inputs: Vec<Input>,
    contents: Vec<Vec<(String, u64, u32)>>,
    stderr: String,
    seen: Seen,
    /// The first draws of the phase before, by its kind, to see whether they are repeated.
    before: BTreeMap<String, Vec<Draws>>,
    /// Whether traces are rounds of one process, which has no reason to repeat its draws.
    live: bool,
    /// Whether there were images of different sides.
    oblong: bool,
    /// Whether images of floats had special values, once there were such images.
    specials: Option<bool>,
    /// Draws by alpha, in the order in which alphas came.
    evidence: Vec<Evidence>,
    /// Weights of blends by alpha, in the same order.
    weights: Vec<Vec<f64>>,
    /// What the boxes of every phase showed of sides and edges.
    extents: Vec<Extents>,
    /// Codes that earlier audits found.
    earlier: Vec<String>,
    /// What is known of conventions.
    seen_so_far: Fingerprint,
    /// Names of phases that were read, and how many traces were opened.
    phase_names: Vec<String>,
    opened: usize,
}

impl Audit {
    /// An audit that has seen nothing.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            ledger: Ledger::default(),
            adapter: Adapter::default(),
            method: Method::Cutmix,
            inputs: Vec::new(),
            contents: Vec::new(),
            stderr: String::new(),
            seen: Seen::default(),
            before: BTreeMap::new(),
            live: false,
            oblong: false,
            specials: None,
            evidence: Vec::new(),
            weights: Vec::new(),
            extents: Vec::new(),
            earlier: Vec::new(),
            seen_so_far: Fingerprint::default(),
            phase_names: Vec::new(),
            opened: 0,
        }
    }

    /// The end of what a child process wrote to stderr.
    pub fn stderr(&mut self, text: &str) {
        text.clone_into(&mut self.stderr);
    }

    /// Something that was not tested, in one sentence.
    pub fn untested(&mut self, note: String) {
        self.ledger.untested(note);
    }

    /// Different draws of a box (or weight) so far, those of repeated traces left out.
    #[must_use]
    pub const fn draws(&self) -> u64 {
        self.ledger.totals().2
    }

    /// Independent draws of one alpha that its law is judged by, so far.
    #[must_use]
    pub fn law_draws(&self, alpha: Option<f64>) -> u64 {
        let number = self.evidence.iter().position(|evidence| evidence.alpha == alpha);
        let draws = |number: usize| match self.method {
            Method::Mixup => self.weights[number].iter().filter(|weight| judge::weights::judged(**weight)).count(),
            Method::Cutmix | Method::Cutout => self.evidence[number].parts.iter().map(|part| part.boxes.len()).sum(),
        };
        number.map_or(0, draws) as u64
    }

    /// What the draws of every alpha say of their law so far, in the order in which alphas came. Costs as much as
    /// [`judge::judge`] for each of them.
    #[must_use]
    pub fn laws(&self) -> Vec<LawRun> {
        self.judged().into_iter().map(|judged| judged.run).collect()
    }

    /// What the last phase showed of sharing and pairing.
    #[must_use]
    pub(crate) const fn seen(&self) -> Seen {
        self.seen
    }

    /// Reads the answer to a probe that has just been written: a trace of any other is refused.
    ///
    /// # Errors
    /// As [`read`](Self::read), and if it is the trace of another probe.
    pub fn read_answer(&mut self, path: &Path, spec: &Spec, alpha: Option<f64>) -> Result<(), NpzError> {
        let trace = Trace::open(path)?;
        if trace.spec != *spec {
            return Err(NpzError {
                file: path.to_owned(),
                key: "meta".into(),
                found: "the meta of another probe".into(),
                expected: "that of this round's, unchanged".into(),
            });
        }
        self.live = true;
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
        let alpha = if alphas.len() == 1 { alphas.first() } else { alphas.get(self.opened) }.copied();
        self.opened += 1;
        self.judge(path, &trace, alpha, &mut done)
    }

    fn judge(
        &mut self,
        path: &Path,
        trace: &Trace,
        alpha: Option<f64>,
        mut done: impl FnMut(u64, u64),
    ) -> Result<(), NpzError> {
        if !self.inputs.is_empty() && trace.spec.method != self.method {
            let found = format!("a trace of {}", trace.spec.method.name());
            return Err(NpzError {
                file: path.to_owned(),
                key: "meta".into(),
                found,
                expected: format!("{}, as the traces before", self.method.name()),
            });
        }
        let name = trace.name();
        let contents = trace.contents();
        if let Some((same, _)) = self.inputs.iter().zip(&self.contents).find(|(_, known)| **known == contents) {
            let note = format!("{name} holds the same as {}: it adds nothing", same.name);
            self.ledger.untested(note);
            return Ok(());
        }
        self.method = trace.spec.method;
        self.adapter = trace.adapter.clone();
        let total = trace.spec.phases.iter().map(|phase| u64::from(phase.calls)).sum();
        // The digest takes about as long as the rest.
        let (read, sha256) = std::thread::scope(|scope| {
            let digest = scope.spawn(|| file_digest(path));
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
        self.inputs.push(Input { name, sha256 });
        self.contents.push(contents);
        Ok(())
    }

    fn phase(
        &mut self,
        trace: &Trace,
        phase: &Phase,
        alpha: Option<f64>,
        mut done: impl FnMut(u64),
    ) -> Result<(), NpzError> {
        let Some(mut calls) = trace.phase(phase)? else {
            self.ledger.untested(format!("phase {}: not in the trace", phase.name));
            return Ok(());
        };
        let ledger = &mut self.ledger;
        ledger.phase(&phase.name);
        ledger.tested("S01", u64::from(calls.calls));
        if let Some(misshapen) = &calls.misshapen {
            let example = ledger.example(0, 0);
            ledger.fail(
                Code::Shape,
                example.expected(&format!("{:?}", misshapen.expected)).actual(&misshapen.to_string()),
            );
            ledger.untested(format!("phase {}: images of another shape cannot be read", phase.name));
            return Ok(());
        }
        ledger.tested("S17", 1);
        if calls.dtype != phase.dtype {
            let example = ledger.example(0, 0).expected(phase.dtype.name()).actual(calls.dtype.name());
            ledger.fail(Code::DtypeChanged, example);
        }
        let decoder = Decoder::new(phase, calls.dtype, self.method);
        let masks = phase.masks.then(|| mask_phase(phase));
        let mask_decoder = masks.as_ref().map(|masks| Decoder::new(masks, Dtype::U8, Method::Cutmix));
        if calls.mask_scalar().is_some_and(|scalar| scalar.bytes() != 1) {
            let example = ledger.example(0, 0).expected("u1");
            let found = calls.mask_scalar().map(Scalar::name).unwrap_or_default();
            ledger.fail(Code::MaskDtype, example.actual(&found));
        }
        let mut sharing = Sharing::new(phase.batch as usize);
        let mut labels = LabelChecks::new(&self.adapter, phase, calls.classes, calls.label_scalar);
        LabelChecks::dtype(ledger, calls.label_scalar);
        let mut context = pixels::Context {
            phase,
            method: self.method,
            decoder: &decoder,
            mask_decoder: mask_decoder.as_ref(),
            in_place: self.options.in_place || self.adapter.declares.contains(&Declares::InPlace),
            totals: None,
            collector: Collector::new(
                [self.inputs.len() as u32, self.phase_names.len() as u32],
                [phase.width, phase.height],
                phase.batch,
            ),
            weights: Vec::new(),
            extents: Extents::new(phase, alpha),
        };
        self.phase_names.push(phase.name.clone());
        let mut call = Call::default();
        while let Some(plain) = calls.read_with(&mut call, |number, i, image| decoder.at_once(number, i, image))? {
            if phase.kind == Kind::Digits && call.number % Codes::PASSES > 0 {
                context.digits(ledger, &call);
                done(u64::from(call.number) + 1);
                continue;
            }
            let samples = context.call(ledger, &mut sharing, &call, plain);
            labels.call(ledger, self.method, &call, &samples);
            if let Some((i, weight, kept)) = labels.fresh() {
                let subject = format!("label weight {weight:.6}, kept fraction {kept:.6}");
                ledger.show_label(show::shown(&decoder, &call, i, &samples[i].picture, &subject));
            }
            done(u64::from(call.number) + 1);
        }
        context.finish(ledger);
        labels.finish(ledger, self.method);
        let hides = context.hides();
        let (collector, weights) = (context.collector, context.weights);
        context.extents.add_to(&mut self.extents);
        // The law's tables grow with the square of a side.
        let large = phase.width.max(phase.height) > LONGEST;
        if large {
            ledger.untested(format!(
                "phase {}: the law of the draws on images longer than {LONGEST} pixels; a smaller probe shows it",
                phase.name
            ));
        }
        if hides {
            ledger.untested(format!("phase {}: the law of the boxes, of which one plane shows too little", phase.name));
        }
        if phase.draws {
            self.ledger.untested(format!("phase {}: the law of the draws, which the probe gave", phase.name));
        }
        if self.conventions(&trace.name(), phase, &sharing, calls.calls) && !hides && !large && !phase.draws {
            self.drawn(alpha, &sharing, collector, &weights);
        }
        Ok(())
    }

    /// Adds a phase's draws to those of its alpha.
    fn drawn(&mut self, alpha: Option<f64>, sharing: &Sharing, collector: Collector, weights: &[Vec<Option<f64>>]) {
        let number = self.evidence.iter().position(|evidence| evidence.alpha == alpha).unwrap_or_else(|| {
            self.evidence.push(Evidence { alpha, ..Evidence::default() });
            self.weights.push(Vec::new());
            self.evidence.len() - 1
        });
        let evidence = &mut self.evidence[number];
        evidence.one_process = self.live;
        self.seen_so_far.sharing = self.seen_so_far.sharing.or(sharing.scope());
        self.seen_so_far.inside |= collector.inverted();
        if self.seen_so_far.pairings.is_empty() {
            self.seen_so_far.pairings = sharing.pairings();
        }
        if sharing.scope() == Some(profile::Sharing::Sample) {
            let value = match (collector.one_lambda(), collector.one_centre()) {
                (true, _) => "one lambda a batch, a centre for each sample",
                (_, true) => "one centre a batch, a lambda for each sample",
                _ => "",
            };
            if !value.is_empty() {
                let value = format!("{value}: a call counts as one draw");
                self.ledger.fact(Fact { name: "sharing", value });
                let shared = if collector.one_lambda() { profile::Sharing::Lambda } else { profile::Sharing::Centre };
                self.seen_so_far.sharing = Some(shared);
            }
        }
        if self.method == Method::Mixup {
            sharing.independent(weights, |weight| self.weights[number].push(weight));
            return;
        }
        let partners = if self.method == Method::Cutout { Partners::Nobody } else { sharing.partners() };
        for place in collector.finish(evidence, sharing.unit(), partners, self.options.prob) {
            let example = self.ledger.example(0, place as usize).expected("changed as often as the others");
            let actual = format!("image {place} of the batch never is");
            self.ledger.fail(Code::ApplyRate, example.actual(&actual));
        }
    }

    /// Whether a phase begins with the draws of the one before of its name and size. Remembers them for the next.
    fn repeated(&mut self, phase: &Phase, sharing: &Sharing) -> bool {
        let Some(first) = sharing.first() else { return false };
        let kind = format!("{} {:?}", phase.name, phase.image_shape());
        self.before.insert(kind, first.to_vec()).is_some_and(|before| before == first)
    }

    /// What a whole phase shows. Says whether its draws are new.
    fn conventions(&mut self, name: &str, phase: &Phase, sharing: &Sharing, calls: u32) -> bool {
        let repeated = self.repeated(phase, sharing);
        let ledger = &mut self.ledger;
        // Scripts are often run with one seed for several probes: no defect, but no new draws either.
        let draws = if repeated && !self.live { 0 } else { sharing.draws() };
        ledger.counts(u64::from(calls), u64::from(calls) * u64::from(phase.batch), draws);
        if repeated && self.live {
            let example = ledger.example(0, 0).expected("other boxes or partners than a round before");
            ledger.fail(Code::SameDraws, example.actual("the same of every sample in the first calls"));
        } else if repeated {
            ledger.untested(format!("{name}, phase {}: the draws of a trace before; it adds nothing", phase.name));
        }
        ledger.tested("G03", u64::from(calls));
        if sharing.same_draws() {
            let example = ledger.example(1, 0).expected("other boxes or partners than in call 0");
            ledger.fail(Code::SameDraws, example.actual("the same of every sample"));
        }
        self.seen = sharing.seen();
        if phase.batch % 2 == 1 && phase.batch > 1 {
            ledger.tested("B01", u64::from(calls));
        }
        self.oblong |= phase.width != phase.height;
        if phase.dtype.is_float() {
            self.specials = Some(self.specials == Some(true) || phase.kind == Kind::Nan);
        }
        // Of the four calls of a digits probe one shows boxes.
        let calls = if phase.kind == Kind::Digits { calls.div_ceil(Codes::PASSES) } else { calls };
        let samples = f64::from(calls) * f64::from(phase.batch);
        match self.options.prob {
            Prob::Known(p) if p > 0.0 => {
                // Two thirds of all boxes are not empty, whatever the alpha; a third of a batch of permutations may stay.
                let surely = (1.0 - p / 3.0).powf(f64::from(calls).max(samples / 8.0)) < 1e-9;
                if sharing.touched() > 0 || surely {
                    ledger.tested("S16", samples as u64);
                } else {
                    ledger.untested(format!(
                        "S16: too few calls in phase {} to tell whether anything is applied",
                        phase.name
                    ));
                }
                if phase.batch == 1 && self.method != Method::Cutout && sharing.touched() == 0 {
                    let note = format!("phase {}: batches of one image, which has no partner but itself", phase.name);
                    ledger.untested(note);
                } else if sharing.touched() == 0 && surely {
                    let example = ledger.example(0, 0).expected("some samples changed");
                    ledger.fail(Code::NeverApplied, example.actual(&format!("none of {samples}")));
                }
            }
            Prob::Known(_) => {
                ledger.tested("S16", samples as u64);
                if sharing.touched() > 0 {
                    let example = ledger.example(0, 0).expected("no sample changed at probability 0");
                    ledger.fail(Code::AppliedAtZero, example.actual(&format!("{} changed", sharing.touched())));
                }
            }
            Prob::Unknown => {}
        }
        for fact in sharing.facts() {
            ledger.fact(fact);
        }
        !repeated
    }

    /// The judgement of all that was read; more may be read afterwards. Costs as much as [`laws`](Self::laws).
    #[must_use]
    pub fn report(&self) -> Report {
        let mut ledger = self.ledger.clone();
        let laws = self.law_findings(&mut ledger);
        self.extent_findings(&mut ledger, &laws);
        let findings = ledger.findings();
        let checks = ledger.checks(&self.adapter, self.method, self.options.prob == Prob::Unknown);
        let mut untested = ledger.notes();
        if self.options.prob == Prob::Unknown {
            untested.push("S16: how often it is applied, since --prob is unknown".into());
        }
        if self.specials == Some(false) && self.method == Method::Cutmix {
            untested.push("NaN, infinities and negative zeros: no phase of kind nan".into());
        }
        let (verdict, because) = self.verdict(&findings, &laws, &checks, &mut untested);
        let (calls, samples, draws) = ledger.totals();
        let because = if self.oblong { because } else { format!("{because} (for square images)") };
        Report {
            tool: concat!("cutmix-verify ", env!("CARGO_PKG_VERSION")).into(),
            inputs: self.inputs.clone(),
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
            facts: ledger.facts(),
            untested,
            scatter: ledger.scatter(),
            coverage: ledger.coverage(),
            stderr: self.stderr.clone(),
        }
    }
}

/// The digest of a file.
fn file_digest(path: &Path) -> Result<String, NpzError> {
    let fail = |cause: std::io::Error| NpzError {
        file: path.to_owned(),
        key: String::new(),
        found: cause.to_string(),
        expected: "a readable file".into(),
    };
    let mut file = std::fs::File::open(path).map_err(fail)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(fail)? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
    }
    Ok(hex(&hash.finalize()))
}

/// Whether labels came out in this call.
const fn has_labels(call: &Call) -> bool {
    !matches!(call.labels, None | Some(LabelsOut::None))
}
