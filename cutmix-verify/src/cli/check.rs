//! `check`: judges traces. `explain`: says what a code means.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{CliError, files, say};
use crate::audit::{Audit, ENTRIES, Options, Prob, entry};
use crate::report::text;

#[derive(clap::Args)]
#[command(after_help = "Exit codes: 0 PASS, 1 FAIL, 3 INCONCLUSIVE, 2 a usage error or an unreadable trace.

Examples:
  cutmix-verify check trace.npz --alpha 1
  cutmix-verify check a.npz b.npz --prob unknown -o report.txt")]
pub(super) struct Args {
    /// Traces of one implementation, judged together.
    #[arg(required = true, value_name = "TRACE.npz")]
    traces: Vec<PathBuf>,
    /// The alpha that the implementation was run with; once for each trace, if they differ.
    #[arg(long, value_name = "ALPHA")]
    alpha: Vec<f64>,
    /// The probability with which it promises to mix, or `unknown`.
    #[arg(long, value_name = "P", default_value = "1", value_parser = prob)]
    prob: Prob,
    /// The implementation may change the images that are passed in.
    #[arg(long)]
    in_place: bool,
    /// Write the report to a file as well.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only the first line of the report.
    #[arg(long)]
    quiet: bool,
}

fn prob(text: &str) -> Result<Prob, String> {
    match text.parse::<f64>() {
        _ if text == "unknown" => Ok(Prob::Unknown),
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(Prob::Known(p)),
        _ => Err("expected a number from 0 to 1, or unknown".into()),
    }
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    if let Some(alpha) = args.alpha.iter().find(|alpha| !(1e-3..=1e6).contains(*alpha)) {
        return Err(CliError::new(format!("--alpha {alpha}: expected a number from 0.001 to 1000000")));
    }
    let options = Options { prob: args.prob, alphas: args.alpha.clone(), in_place: args.in_place };
    let mut audit = Audit::new(options);
    for trace in &args.traces {
        audit.read(trace, |_, _| {}).map_err(|error| CliError::new(error.to_string()))?;
    }
    let report = audit.report();
    let whole = text(&report);
    if let Some(output) = &args.output {
        files::write(output, whole.as_bytes())?;
    }
    if args.quiet {
        say(false, whole.lines().next().unwrap_or_default());
    } else {
        say(false, whole.trim_end());
    }
    Ok(ExitCode::from(report.exit_code()))
}

#[derive(clap::Args)]
pub(super) struct ExplainArgs {
    /// A code of a report; without one, all are listed.
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn explain(args: &ExplainArgs) -> Result<ExitCode, CliError> {
    let Some(code) = &args.code else {
        for entry in ENTRIES {
            say(false, &format!("{:<20} {:<4} {}", entry.code, entry.check, entry.sentence));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(entry) = entry(&code.to_ascii_uppercase()) else {
        return Err(CliError::new(format!("explain: no code {code}, expected one that `cutmix-verify explain` lists")));
    };
    say(false, &format!("{} (check {})\n{}\n", entry.code, entry.check, entry.sentence));
    for (label, text) in [("effect", entry.effect), ("example", entry.example), ("to mend", entry.hint)] {
        say(false, &format!("{label:<9}{text}"));
    }
    Ok(ExitCode::SUCCESS)
}
