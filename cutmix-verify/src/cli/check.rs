//! `check`: judges traces. `explain`: says what a code means.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use super::probe::{Images, call_bytes};
use super::progress::Progress;
use super::{CliError, fail, files, say};
use crate::audit::{
    Audit, Caps, Code, Live, Options, Prob, Rounds, STATE_MOST, TOLERANCE, TOLERANCES, all_entries, entry,
};
use crate::probe::{Kind, Phase};
use crate::profile::LambdaLaw;
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
    /// Rules for boxes and laws of lambda that are accepted, with commas: `paper` for all that its formula allows, or names of
    /// rules; `beta`, `uniform`, `folded`, `folded-up`, `no-root`, `clipped=0.2-0.8` or `uniform=0.3-0.7` for lambda.
    #[arg(long, value_name = "RULES,LAWS", default_value = "paper", value_parser = accept)]
    accept: Accept,
    /// Whether the law of the draws is judged, or `none`: then pixels, masks and labels alone.
    #[arg(long, value_name = "LAW", value_enum, default_value_t)]
    law: JudgedLaw,
    /// The side of the squares that Cutout cuts, in pixels: one that is promised is judged.
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    side: Option<u32>,
    /// A code that is known and expected; repeat it for several. The audit passes if these, and no others, are found.
    #[arg(long, value_name = "CODE", value_parser = known)]
    expect: Vec<Code>,
    /// Keep the evidence in this file, and add to what earlier audits of the same version left there.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// With `--exec`: make so many draws of each alpha at most, decided or not; by default sixteen times as many as planned.
    #[arg(long, value_name = "DRAWS", value_parser = clap::value_parser!(u64).range(1..=1 << 32))]
    max_draws: Option<u64>,
    /// With `--exec`: begin no round after so many seconds, decided or not; by default 1800.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    max_seconds: Option<Duration>,
    /// With `--exec`: make so many rounds at most, decided or not; by default 4096.
    #[arg(long, value_name = "ROUNDS", value_parser = clap::value_parser!(u32).range(1..))]
    max_rounds: Option<u32>,
    /// With `--exec`: make all planned draws, even after a FAIL that none of them can change.
    #[arg(long)]
    all: bool,
    /// How long the adapter may take for a round, in seconds; by default 300.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    #[command(flatten)]
    images: Images,
    /// With `--exec`: how values say where they came from, in the rounds that show structure.
    #[arg(long, value_enum, default_value_t)]
    kind: Kind,
    /// With `--exec`: calls of the first round of each alpha, by default 64.
    #[arg(long, value_name = "N")]
    calls: Option<u32>,
    /// With `--exec`: leave out the rounds that try other types, channels, sizes, values, forms of memory and batches.
    #[arg(long)]
    no_breadth: bool,
    #[command(flatten)]
    written: Written,
}

/// Where the report goes.
#[derive(clap::Args)]
struct Written {
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

/// Which law of the draws is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum JudgedLaw {
    /// That of the alpha, or what is accepted.
    #[default]
    Asked,
    /// None.
    None,
}

/// Rules and laws by their names; what is not named is as by default.
#[derive(Clone)]
struct Accept {
    shapes: Vec<&'static Shape>,
    laws: Vec<LambdaLaw>,
}

fn accept(text: &str) -> Result<Accept, String> {
    let (mut shapes, mut laws) = (Vec::new(), Vec::new());
    for name in text.split(',') {
        if let Some(law) = LambdaLaw::named(name) {
            laws.push(law);
            continue;
        }
        match (name, shape_named(name)) {
            ("paper", _) => shapes.extend(SHAPES.iter().filter(|shape| shape.allowed())),
            // The paper's own rule alone.
            ("pixel-centre", _) => shapes.extend(shape_named("paper")),
            (_, Some(shape)) => shapes.push(shape),
            (_, None) => {
                let names: Vec<&str> = SHAPES.iter().map(|shape| shape.name).filter(|name| *name != "paper").collect();
                let laws = LambdaLaw::NAMES.map(|(name, _)| name).join(", ");
                return Err(format!(
                    "expected paper, pixel-centre, {}; or a law of lambda: {laws}, clipped=0.2-0.8, uniform=0.3-0.7",
                    names.join(", ")
                ));
            }
        }
    }
    let Options { accept, laws: asked, .. } = Options::default();
    Ok(Accept {
        shapes: if shapes.is_empty() { accept } else { shapes },
        laws: if laws.is_empty() { asked } else { laws },
    })
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
        accept: args.accept.shapes.clone(),
        laws: args.accept.laws.clone(),
        judge_law: args.law == JudgedLaw::Asked,
        tolerance: args.tol,
        side: args.side,
        promises: Promises { sharing: args.sharing.map(Sharing::from), pairing: args.pairing, throw: args.prob_by },
        expect: args.expect.clone(),
    };
    let mut audit = Audit::new(options);
    let earlier = args.state.as_deref().map(kept).transpose()?.flatten();
    if let Some(command) = &args.exec {
        live(args, command, &mut audit)?;
    } else {
        let asked = args.kind != Kind::default() || args.calls.is_some() || args.no_breadth || args.images.asked();
        let capped = args.max_draws.is_some() || args.max_seconds.is_some() || args.max_rounds.is_some();
        if asked || args.timeout.is_some() || capped || args.all {
            let options = "--timeout, --max-draws, --max-seconds, --max-rounds, --all, --kind, --calls, --no-breadth, --method, --size, --batch, --channels, --frames, --layout, --dtype, --masks, --key";
            return fail(format!("{options}: only with --exec; a trace says what its probe was"));
        }
        read(&mut audit, &args.traces, args.written.quiet)?;
    }
    if let Some(earlier) = &earlier {
        audit.recall(earlier).or_else(fail)?;
    }
    let report = audit.report();
    let whole = text(&report);
    let forms: [(_, Form); 5] = [
        (&args.written.output, text),
        (&args.written.json, report::json),
        (&args.written.junit, report::junit),
        (&args.written.markdown, report::markdown),
        (&args.written.html, report::html),
    ];
    if let Some(path) = &args.state {
        files::write(path, audit.state().as_bytes())?;
    }
    for (path, form) in forms {
        if let Some(path) = path {
            files::write(path, form(&report).as_bytes())?;
        }
    }
    say(false, if args.written.quiet { whole.lines().next().unwrap_or_default() } else { whole.trim_end() });
    Ok(ExitCode::from(report.exit_code()))
}

/// The evidence of earlier audits, if there is any. What is none is refused before anything is judged.
fn kept(path: &Path) -> Result<Option<String>, CliError> {
    let read = || {
        let file = match std::fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Ok(meta) if !meta.is_file() => {
                return Err("no regular file, expected evidence of earlier audits".to_owned());
            }
            _ => std::fs::File::open(path).map_err(|error| error.to_string())?,
        };
        let mut text = String::new();
        file.take(STATE_MOST + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
        Audit::check_state(&text).map(|()| Some(text))
    };
    read().or_else(|error| fail(format!("{}: {error}", path.display())))
}

fn live(args: &Args, command: &str, audit: &mut Audit) -> Result<(), CliError> {
    // Other kinds are for what they show; the law needs one that tells boxes.
    let draws = if args.kind == Kind::Flat { Kind::Flat } else { Kind::Scr };
    let shows = |base| args.images.phase(base, args.kind, args.calls);
    let phase = |base| args.images.phase(base, draws, None);
    let mut structure = vec![shows(Phase::structure())?];
    if args.images.batch.is_none() {
        structure.push(shows(Phase { name: "odd".into(), calls: 16, batch: 5, ..Phase::structure() })?);
    }
    // As many channels as showed the structure: code that takes three only is asked for no others.
    let mut law = phase(Phase { calls: 1056, channels: Phase::structure().channels, ..Phase::law() })?;
    // A call of large images is much: fewer of them a round.
    let limit = |phase: &mut Phase, bytes: u64, least: u64| {
        phase.calls = phase.calls.min((bytes / call_bytes(phase).max(1)).max(least) as u32);
    };
    limit(&mut law, 256 << 20, 1);
    for phase in &mut structure {
        limit(phase, 1 << 30, 8);
    }
    let usual = Caps::default();
    let rounds = Rounds {
        method: args.images.method,
        structure,
        law,
        fixed_batch: args.images.batch.is_some(),
        alphas: args.alpha.clone(),
        tolerance: args.tol,
        breadth: !args.no_breadth,
        caps: Caps {
            draws: args.max_draws,
            rounds: args.max_rounds.unwrap_or(usual.rounds),
            time: args.max_seconds.unwrap_or(usual.time),
        },
        all: args.all,
    };
    let mut progress = Progress::new(args.written.quiet, "draws");
    let timeout = args.timeout.unwrap_or(Duration::from_secs(300));
    let live = Live::start(command, timeout, super::signals::interrupts(), rounds)?;
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
