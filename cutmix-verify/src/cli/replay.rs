//! `replay`: whether a package still computes, bit for bit, what its profile says.

use std::path::PathBuf;
use std::process::ExitCode;

use super::progress::Progress;
use super::{CliError, fail, files, say};
use crate::play::{Outcome, replay};
use crate::profile::replays;
use crate::report::plain;

#[derive(clap::Args)]
#[command(after_help = "Exit codes: 0 MATCH, 1 STALE, 2 a usage error, an unreadable trace, or a probe without draws.

Examples:
  cutmix-verify replay --list
  cutmix-verify probe -o probe.npz --draws              then mix it with those draws, and write a trace
  cutmix-verify replay trace.npz --profile torchvision-cutmix --json outcome.json")]
pub(super) struct Args {
    /// The trace of a probe with draws.
    #[arg(value_name = "TRACE.npz", required_unless_present = "list")]
    trace: Option<PathBuf>,
    /// Which profile the trace is held against; `--list` has their names.
    #[arg(long, value_name = "ID", required_unless_present = "list")]
    profile: Option<String>,
    /// List the profiles with their packages and versions.
    #[arg(long, conflicts_with_all = ["trace", "profile", "json"])]
    list: bool,
    /// Write the outcome as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only the first line, and no progress.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let (Some(trace), Some(id)) = (&args.trace, &args.profile) else {
        for known in replays() {
            say(false, &format!("{:<24} {:<44} {}", known.id, known.package, known.versions));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(known) = replays().find(|known| known.id == id) else {
        return fail(format!("--profile {id}: expected one that `cutmix-verify replay --list` lists"));
    };
    let mut progress = Progress::new(args.quiet, "calls");
    progress.message(files::stem(trace));
    let outcome = replay(trace, known, |done, total| progress.at(done, total))?;
    drop(progress);
    if let Some(path) = &args.json {
        files::write(path, outcome.json().as_bytes())?;
    }
    let lines = lines(&outcome);
    for line in lines.iter().take(if args.quiet { 1 } else { lines.len() }) {
        say(false, line);
    }
    Ok(ExitCode::from(outcome.exit_code()))
}

fn lines(outcome: &Outcome) -> Vec<String> {
    let Outcome { profile, package, versions, adapter: [name, version], .. } = outcome;
    let adapter = plain(format!("{name} {version}").trim());
    // In the first line, which may be all that is read: a match that needs it is not one of every bit.
    let roots = match outcome.roots {
        0 => String::new(),
        roots => format!(", {roots} of {} samples with a binary32 root one unit beside the right one", outcome.samples),
    };
    let mut lines = vec![format!("{} {profile} ({package}, {versions}): {adapter}{roots}", outcome.verdict())];
    lines.push(format!(
        "{} calls, {} samples, of which {} are changed, with {} different boxes",
        outcome.calls, outcome.samples, outcome.changed, outcome.boxes
    ));
    for aspect in &outcome.aspects {
        lines.push(format!("{:<8}{} of {} equal, {}", aspect.name, aspect.equal, outcome.samples, aspect.form));
        if let Some(first) = &aspect.first {
            lines.push(format!("  first     phase {}, call {}, sample {}", first.phase, first.call, first.sample));
            lines.push(format!("  draws     {}", first.draws));
            lines.push(format!("  expected  {}", first.expected));
            lines.push(format!("  found     {}", first.found));
        }
    }
    lines
}
