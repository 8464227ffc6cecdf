//! `vectors`: cases with their answers, written, put to a program, and answered.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Subcommand;

use super::check::seconds;
use super::kernels::progress;
use super::signals::interrupts;
use super::{CliError, RuleArg, fail, say};
use crate::play::mistaken::{self, MISTAKES};
use crate::report::plain;
use crate::subject::CutMixUnderTest;
use crate::subject::core::Core;
use crate::subject::reference::Naive;
use crate::vectors::read::{folder, published};
use crate::vectors::{Case, File, KINDS, SCHEMAS, all, exec};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the files of vectors: the same bytes on every machine.
    Emit(EmitArgs),
    /// Put the cases to a program, one line of JSON each, and say which notes bite (docs/VECTORS.md has the protocol).
    Verify(VerifyArgs),
    /// Answer cases on stdin: as the core, as the reference, or as the core with a planted mistake.
    Serve(ServeArgs),
}

#[derive(clap::Args)]
struct EmitArgs {
    /// The folder; files of other names in it stay.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print nothing.
    #[arg(long)]
    quiet: bool,
}

#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 all asked cases passed, 1 one failed, 3 none failed but some that are not optional had no answer,
2 a usage error, a program that cannot be run, or an interruption.

Examples:
  cutmix-verify vectors verify --exec 'python3 cutmix-verify/vectors/runners/numpy_vectors.py'
  cutmix-verify vectors verify --exec 'node runner.mjs' --only box,label,apply
  cutmix-verify vectors verify --exec 'cutmix-verify vectors serve label-raw-lambda'"
)]
struct VerifyArgs {
    /// The program. Words are split as a shell does; no shell is started.
    #[arg(long, value_name = "COMMAND")]
    exec: String,
    /// Kinds of cases, with commas: box, label, apply, batch, mixup, cutout, law, beta, stream, invalid.
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = kind)]
    only: Vec<String>,
    /// The rule whose boxes must be right; those of the others may be refused.
    #[arg(long, value_enum, default_value_t)]
    accept: RuleArg,
    /// Exit with 0 although cases that are not optional had no answer.
    #[arg(long)]
    allow_untested: bool,
    /// Read the cases from this folder instead of the published ones.
    #[arg(long, value_name = "DIR")]
    vectors: Option<PathBuf>,
    /// How long the program may take for a case, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    timeout: Duration,
    /// Every failure, not some of each operation.
    #[arg(long)]
    all: bool,
    /// Only the first line of the report, and no progress.
    #[arg(long)]
    quiet: bool,
}

#[derive(clap::Args)]
struct ServeArgs {
    /// `core`, `reference`, or the name of a planted mistake; without one, all are listed.
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

fn kind(text: &str) -> Result<String, String> {
    let text = text.trim();
    if KINDS.contains(&text) { Ok(text.into()) } else { Err(format!("expected some of {}", KINDS.join(", "))) }
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    match &args.command {
        Command::Emit(args) => emit(args),
        Command::Verify(args) => verify(args),
        Command::Serve(args) => serve(args),
    }
}

/// The vectors and their schemas: all are made and written under other names before the first takes its place.
fn emit(args: &EmitArgs) -> Result<ExitCode, CliError> {
    let vectors: Vec<_> = all().collect();
    let schemas = args.out.join("schemas");
    std::fs::create_dir_all(&schemas)
        .or_else(|error| fail(format!("{}: {error}, expected a folder", schemas.display())))?;
    let texts: Vec<String> = vectors.iter().map(File::text).collect();
    let named = |file: &File| args.out.join(format!("{}.json", file.kind));
    let mut files: Vec<(PathBuf, &[u8])> = vectors.iter().map(named).zip(texts.iter().map(String::as_bytes)).collect();
    files.extend(SCHEMAS.map(|(name, text)| (schemas.join(format!("{name}.schema.json")), text.as_bytes())));
    super::files::write_all(&files)?;
    for file in &vectors {
        say(args.quiet, &format!("{:<14}{:>6} cases", format!("{}.json", file.kind), file.len()));
    }
    let cases: usize = vectors.iter().map(File::len).sum();
    say(args.quiet, &format!("{:<14}{cases:>6} cases", "all"));
    Ok(ExitCode::SUCCESS)
}

fn verify(args: &VerifyArgs) -> Result<ExitCode, CliError> {
    let mut cases: Vec<Case> = match &args.vectors {
        Some(path) => folder(path)?,
        None => published(),
    };
    cases.retain(|case| args.only.is_empty() || args.only.contains(&case.kind));
    let rule = args.accept.reference().name();
    let cases = cases.into_iter().map(|case| case.under(rule)).collect();
    let stop = interrupts();
    let (about, findings) = exec::run(&args.exec, args.timeout, &stop, cases, |done, total| {
        if !args.quiet {
            progress("cases", done, total);
        }
    })?;
    let tally = findings.tally();
    let name = plain(format!("{} {}", about.name, about.version).trim());
    let name = if name.is_empty() { "a program that does not say its name".into() } else { name };
    let (verdict, code) = match tally {
        _ if tally.cases() == 0 => return fail("--exec: no cases left, expected some kinds in common"),
        _ if tally.failed > 0 => ("FAIL", 1),
        _ if tally.passed == 0 => ("INCONCLUSIVE", 3),
        _ if tally.missing > 0 && !args.allow_untested => ("INCONCLUSIVE", 3),
        _ => ("PASS", 0),
    };
    let foremost = match findings.flags().first() {
        Some((flag, tally)) if tally.failed > 0 => format!("; foremost {flag}, {} of {}", tally.failed, tally.cases()),
        _ => String::new(),
    };
    let given_up = findings.given_up.as_ref().map_or(String::new(), |why| format!("; given up {why}"));
    say(
        false,
        &format!(
            "{verdict}: {} of {} cases failed, {} passed, {} untested ({} of them not optional): {name}{foremost}{given_up}",
            tally.failed,
            tally.cases(),
            tally.passed,
            tally.untested,
            tally.missing
        ),
    );
    if let Some(kinds) = &about.kinds {
        let missing: Vec<&str> = KINDS.into_iter().filter(|kind| !kinds.iter().any(|own| own == kind)).collect();
        say(args.quiet, &format!("not declared by the program, so not asked: {}", missing.join(", ")));
    }
    say(args.quiet, &format!("\n{}", findings.text(args.all).trim_end()));
    Ok(ExitCode::from(code))
}

fn serve(args: &ServeArgs) -> Result<ExitCode, CliError> {
    let Some(name) = &args.name else {
        say(false, &format!("{:<32}{:<14}", "core", "the core"));
        say(false, &format!("{:<32}{:<14}", "reference", "the reference"));
        for mistake in MISTAKES {
            say(false, &format!("{:<32}{:<14}{}", mistake.name, mistake.family, mistake.flag));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let subject: Box<dyn CutMixUnderTest> = match (name.as_str(), mistaken::named(name)) {
        ("core", _) => Box::new(Core),
        ("reference", _) => Box::new(Naive),
        (_, Some(mistaken)) => Box::new(mistaken),
        (_, None) => {
            return fail(format!("serve: no {name}, expected a name that `cutmix-verify vectors serve` lists"));
        }
    };
    // A panic is an answer here, and no text for a terminal.
    std::panic::set_hook(Box::new(|_| {}));
    for line in std::io::stdin().lock().lines() {
        let line = line.or_else(|error| fail(format!("stdin: {error}")))?;
        let mut out = std::io::stdout().lock();
        // Nobody listens any more: the end.
        if writeln!(out, "{}", exec::serve(&*subject, &line)).and_then(|()| out.flush()).is_err() {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}
