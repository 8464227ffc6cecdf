//! `identify`: which rule, law and label made a trace, and whose they are.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{CliError, check, say};
use crate::audit::{Audit, Code, Options, Prob, entry};
use crate::report::words::identity;
use crate::report::{Report, plain};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  cutmix-verify identify trace.npz --alpha 1
  cutmix-verify identify trace.npz                      alpha is estimated")]
pub(super) struct Args {
    /// Traces of one implementation.
    #[arg(required = true, value_name = "TRACE.npz")]
    traces: Vec<PathBuf>,
    /// The alpha that it was run with; without one it is estimated.
    #[arg(long, value_name = "ALPHA")]
    alpha: Option<f64>,
    /// No progress.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    check::alphas(args.alpha.as_slice())?;
    let alphas = args.alpha.into_iter().collect();
    // What it promises is not asked for, so that is not judged.
    let mut audit = Audit::new(Options { prob: Prob::Unknown, alphas, ..Options::default() });
    check::read(&mut audit, &args.traces, args.quiet)?;
    for line in lines(&audit.report()) {
        say(false, &line);
    }
    Ok(ExitCode::SUCCESS)
}

fn lines(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |name: &str, value: &str| lines.push(format!("{name:<10}{value}"));
    for (name, value) in report.laws.iter().flat_map(identity) {
        add(name, &value);
    }
    if report.laws.is_empty() {
        add("rule", "not known: no draws, or pixels that no box explains");
    }
    let (labels, others): (Vec<Code>, Vec<Code>) =
        report.causes().map(|finding| finding.code).partition(|&code| of_labels(code));
    let right = report.checks.iter().any(|check| check.id == "S13" && check.tested > 0);
    let none = if right { "the kept fraction" } else { "not seen" };
    add("label", &if labels.is_empty() { none.to_owned() } else { Code::join(&labels, " ") });
    let mut shown: Vec<(&str, &str)> = Vec::new();
    for fact in report.facts.iter().filter(|fact| matches!(fact.name, "sharing" | "pairing")) {
        // Phases that agree are one.
        if !shown.contains(&(fact.name, &fact.value)) {
            shown.push((fact.name, &fact.value));
            add(fact.name, &plain(&fact.value));
        }
    }
    for found in &report.matches {
        let unseen =
            if found.unseen.is_empty() { String::new() } else { format!("; not seen: {}", found.unseen.join(", ")) };
        add("like", &format!("{} {}{unseen}", found.name, found.versions));
    }
    if report.matches.is_empty() {
        add("like", "no known implementation, or too little is sure");
    }
    if !others.is_empty() {
        add("found", &Code::join(&others, " "));
    }
    lines
}

/// Whether a finding says what rule a label follows. Classes that a type rounds are no rule.
fn of_labels(code: Code) -> bool {
    const CHECKS: [&str; 6] = ["S10", "S11", "S12", "S13", "S15", "S20"];
    code != Code::ClassRounded && entry(code).is_some_and(|entry| CHECKS.contains(&entry.check))
}
