//! `check`: judges traces. `explain`: says what a code means.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::probe::{Images, call_bytes};
use super::progress::Progress;
use super::{CliError, fail, files, say};
use crate::audit::{Audit, Code, Live, Options, Prob, Rounds, TOLERANCE, TOLERANCES, all_entries, entry};
use crate::probe::{Kind, Phase};
use crate::profile::shape::{SHAPES, Shape, shape_named};
use crate::profile::{Promised, Promises, Sharing, Throw};
use crate::report::{self, Report, text};

#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 PASS, 1 FAIL, 3 INCONCLUSIVE, 2 a usage error, an unreadable trace or an adapter that fails.

Examples:
  cutmix-verify check trace.npz --alpha 1 --html report.html
  cutmix-verify check a.npz b.npz --prob unknown -o report.txt
  cutmix-verify check --exec 'python3 adapter.py' --alpha 1 --alpha 0.2
  cutmix-verify check --exec 'node adapter.mjs' --dtype u8 --layout nhwc --tol 1.5"
)]
pub(super) struct Args {
    /// Traces of one implementation, judged together.
    #[arg(required_unless_present = "exec", value_name = "TRACE.npz")]
    traces: Vec<PathBuf>,
    /// Run an adapter and have it mix probes, round after round, until the planned draws were made. Words are split as a
    /// shell does; no shell is started.
    #[arg(long, value_name = "COMMAND", conflicts_with = "traces")]
    exec: Option<String>,
    /// The alpha that the implementation was run with, once for each trace if they differ; with `--exec`, those that it is
    /// to run with.
    #[arg(long, value_name = "ALPHA")]
    alpha: Vec<f64>,
    /// The probability with which it promises to mix, or `unknown`.
    #[arg(long, value_name = "P", default_value = "1", value_parser = prob)]
    prob: Prob,
    /// The implementation may change the images that are passed in.
    #[arg(long)]
    in_place: bool,
    /// By which factor alpha may be off before it must show: 1.02 to 4. The smaller, the more draws a PASS needs.
    #[arg(long, value_name = "FACTOR", default_value_t = TOLERANCE, value_parser = tolerance)]
    tol: f64,
    /// Who shares a draw, as it is promised: `lambda` and `place` are one lambda, or one place, a batch and the other for each
    /// sample.
    #[arg(long, value_name = "WHO")]
    sharing: Option<SharingArg>,
    /// Who is paired with whom, as it is promised; `given` if the caller says so.
    #[arg(long, value_name = "HOW", value_parser = promised)]
    pairing: Option<Promised>,
    /// Whether the probability is promised to be thrown once a batch, or for each sample.
    #[arg(long, value_name = "WHAT", value_parser = throw)]
    prob_by: Option<Throw>,
    /// Rules for boxes that are accepted, with commas: `paper` for all that its formula allows, or names of rules.
    #[arg(long, value_name = "RULES", default_value = "paper", value_parser = accept)]
    accept: Accept,
    /// A code that is known and expected; repeat it for several. The audit passes if these, and no others, are found.
    #[arg(long, value_name = "CODE", value_parser = known)]
    expect: Vec<Code>,
    /// Keep the evidence in this file, and add to what earlier audits of the same version left there.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// With `--exec`: end after so many draws of each alpha, decided or not; by default sixteen times as many as planned.
    #[arg(long, value_name = "DRAWS", value_parser = clap::value_parser!(u64).range(1..=1 << 32))]
    max_draws: Option<u64>,
    /// How long the adapter may take for a round, in seconds; by default 300.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    #[command(flatten)]
    images: Images,
    /// Write the report to a file as well.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the report as JSON (schemas/report-v1.schema.json).
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write it as `JUnit` XML.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write it as Markdown, for the summary of a CI job.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Write it as one page of HTML with pictures, which loads nothing.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Only the first line of the report, and no progress.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.1..=1e6).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "expected 0.1 to 1000000 seconds".into())
}

fn prob(text: &str) -> Result<Prob, String> {
    match text.parse::<f64>() {
        _ if text == "unknown" => Ok(Prob::Unknown),
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(Prob::Known(p)),
        _ => Err("expected a number from 0 to 1, or unknown".into()),
    }
}

/// Who shares a draw.
#[derive(Clone, Copy, clap::ValueEnum)]
enum SharingArg {
    Batch,
    Pair,
    Sample,
    Lambda,
    Place,
}

impl From<SharingArg> for Sharing {
    fn from(arg: SharingArg) -> Self {
        match arg {
            SharingArg::Batch => Self::Batch,
            SharingArg::Pair => Self::Pair,
            SharingArg::Sample => Self::Sample,
            SharingArg::Lambda => Self::Lambda,
            SharingArg::Place => Self::Centre,
        }
    }
}

fn promised(text: &str) -> Result<Promised, String> {
    Promised::named(text).ok_or_else(|| format!("expected {}", Promised::ALL.map(Promised::name).join(", ")))
}

fn throw(text: &str) -> Result<Throw, String> {
    Throw::ALL.into_iter().find(|throw| throw.name() == text).ok_or_else(|| "expected batch or sample".into())
}

fn known(text: &str) -> Result<Code, String> {
    Code::named(&text.to_ascii_uppercase()).ok_or_else(|| "expected a code that `cutmix-verify explain` lists".into())
}

/// Rules by their names.
#[derive(Clone)]
struct Accept(Vec<&'static Shape>);

fn accept(text: &str) -> Result<Accept, String> {
    let mut shapes = Vec::new();
    for name in text.split(',') {
        match (name, shape_named(name)) {
            ("paper", _) => shapes.extend(SHAPES.iter().filter(|shape| shape.allowed())),
            // The paper's own rule alone.
            ("pixel-centre", _) => shapes.extend(shape_named("paper")),
            (_, Some(shape)) => shapes.push(shape),
            (_, None) => {
                let names: Vec<&str> = SHAPES.iter().map(|shape| shape.name).filter(|name| *name != "paper").collect();
                return Err(format!("expected paper, pixel-centre, {}", names.join(", ")));
            }
        }
    }
    Ok(Accept(shapes))
}

pub(super) fn tolerance(text: &str) -> Result<f64, String> {
    let [least, most] = TOLERANCES;
    let factor = text.parse::<f64>().ok().filter(|factor| (least..=most).contains(factor));
    factor.ok_or_else(|| format!("expected a factor from {least} to {most}"))
}

/// A report as a file.
type Form = fn(&Report) -> String;

/// Every one in the range of the Beta sampler.
pub(super) fn alphas(given: &[f64]) -> Result<(), CliError> {
    match given.iter().find(|alpha| !(1e-3..=1e6).contains(*alpha)) {
        Some(alpha) => fail(format!("--alpha {alpha}: expected a number from 0.001 to 1000000")),
        None => Ok(()),
    }
}

/// Reads traces one after the other.
pub(super) fn read(audit: &mut Audit, traces: &[PathBuf], quiet: bool) -> Result<(), CliError> {
    for trace in traces {
        let mut progress = Progress::new(quiet, "calls");
        progress.message(files::stem(trace));
        audit.read(trace, |done, total| progress.at(done, total))?;
    }
    Ok(())
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    alphas(&args.alpha)?;
    if args.alpha.len() > 1 && args.exec.is_none() && args.alpha.len() != args.traces.len() {
        let (alphas, traces) = (args.alpha.len(), args.traces.len());
        return fail(format!("--alpha: {alphas} for {traces} traces, expected one, or one for each"));
    }
    let options = Options {
        prob: args.prob,
        alphas: args.alpha.clone(),
        in_place: args.in_place,
        accept: args.accept.0.clone(),
        tolerance: args.tol,
        promises: Promises { sharing: args.sharing.map(Sharing::from), pairing: args.pairing, throw: args.prob_by },
        expect: args.expect.clone(),
    };
    let mut audit = Audit::new(options);
    if let Some(command) = &args.exec {
        live(args, command, &mut audit)?;
    } else {
        if args.images.asked() || args.timeout.is_some() || args.max_draws.is_some() {
            let options = "--timeout, --max-draws, --method, --size, --batch, --channels, --frames, --layout, --dtype, --masks, --key";
            return fail(format!("{options}: only with --exec; a trace says what its probe was"));
        }
        read(&mut audit, &args.traces, args.quiet)?;
    }
    if let Some(path) = &args.state {
        recall(path, &mut audit)?;
    }
    let report = audit.report();
    let whole = text(&report);
    let forms: [(_, Form); 5] = [
        (&args.output, text),
        (&args.json, report::json),
        (&args.junit, report::junit),
        (&args.markdown, report::markdown),
        (&args.html, report::html),
    ];
    if let Some(path) = &args.state {
        files::write(path, audit.state().as_bytes())?;
    }
    for (path, form) in forms {
        if let Some(path) = path {
            files::write(path, form(&report).as_bytes())?;
        }
    }
    say(false, if args.quiet { whole.lines().next().unwrap_or_default() } else { whole.trim_end() });
    Ok(ExitCode::from(report.exit_code()))
}

/// Adds the evidence of earlier audits, if there is any.
fn recall(path: &Path, audit: &mut Audit) -> Result<(), CliError> {
    let recalled = match std::fs::read_to_string(path) {
        Ok(text) => audit.recall(&text).map(|_| ()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.to_string()),
    };
    recalled.or_else(|error| fail(format!("{}: {error}", path.display())))
}

/// Becomes true when the user or the system wants an end: what was started must be ended with it.
pub(super) fn interrupts() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Where no handler can be set, the child still ends with its stdin.
    let _ = ctrlc::set_handler(move || {
        // Twice: at once.
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(2);
        }
    });
    stop
}

fn live(args: &Args, command: &str, audit: &mut Audit) -> Result<(), CliError> {
    let phase = |base| args.images.phase(base, Kind::Scr, None);
    let mut structure = vec![phase(Phase::structure())?];
    if args.images.batch.is_none() {
        structure.push(phase(Phase { name: "odd".into(), calls: 16, batch: 5, ..Phase::structure() })?);
    }
    let mut law = phase(Phase { calls: 1056, ..Phase::law() })?;
    // A call of large images is much: fewer of them a round.
    let limit = |phase: &mut Phase, bytes: u64, least: u64| {
        phase.calls = phase.calls.min((bytes / call_bytes(phase).max(1)).max(least) as u32);
    };
    limit(&mut law, 256 << 20, 1);
    structure.iter_mut().for_each(|phase| limit(phase, 1 << 30, 8));
    let rounds = Rounds {
        method: args.images.method,
        structure,
        law,
        fixed_batch: args.images.batch.is_some(),
        alphas: args.alpha.clone(),
        tolerance: args.tol,
        most: args.max_draws,
    };
    let mut progress = Progress::new(args.quiet, "draws");
    let timeout = args.timeout.unwrap_or(Duration::from_secs(300));
    let live = Live::start(command, timeout, interrupts(), rounds)?;
    live.run(audit, |made| {
        let alpha = made.alpha.map_or(String::new(), |alpha| format!("alpha {alpha}, "));
        progress.message(format!("{alpha}round {}", made.round + 1));
        progress.at(made.draws, made.planned);
    })?;
    Ok(())
}

#[derive(clap::Args)]
pub(super) struct ExplainArgs {
    /// A code of a report; without one, all are listed.
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn explain(args: &ExplainArgs) -> Result<ExitCode, CliError> {
    let Some(code) = &args.code else {
        for entry in all_entries() {
            say(false, &format!("{:<20} {:<4} {}", entry.code, entry.check, entry.sentence));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(entry) = Code::named(&code.to_ascii_uppercase()).and_then(entry) else {
        return fail(format!("explain: no code {code}, expected one that `cutmix-verify explain` lists"));
    };
    say(false, &format!("{} (check {})\n{}\n", entry.code, entry.check, entry.sentence));
    for (label, text) in [("effect", entry.effect), ("example", entry.example), ("to mend", entry.hint)] {
        say(false, &format!("{label:<9}{text}"));
    }
    Ok(ExitCode::SUCCESS)
}
