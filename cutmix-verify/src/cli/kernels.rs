//! `kernels`: which levels there are, which of them this machine has, and whether those compute what the reference says.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use cutmix_core::Level;

use super::{CliError, LevelArg, say};
use crate::suite::{Effort, Failure, Operation, Report, run as run_suite};

/// Exits with 1 if a kernel differs from the reference, and says in which case and at which bytes.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    level: LevelArg,
    /// How much is checked: quick (seconds), reduced, or exhaustive (minutes).
    #[arg(long, value_name = "EFFORT", default_value = "quick", value_parser = parse_effort)]
    effort: Effort,
}

fn parse_effort(text: &str) -> Result<Effort, String> {
    Effort::from_name(text).ok_or_else(|| {
        let names: Vec<_> = Effort::ALL.iter().map(|effort| effort.name()).collect();
        format!("one of {} is expected", names.join(", "))
    })
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let only = args.level.given()?;
    let check = &|level: Level| {
        run_suite(&level, &Operation::ALL, args.effort, &mut |done, total| progress(level.name(), done, total))
    };
    let fine = list(only, check, &mut |line| say(false, line));
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the table and what went wrong; whether nothing did.
fn list(only: Option<Level>, check: &dyn Fn(Level) -> Result<Report, Failure>, print: &mut dyn FnMut(&str)) -> bool {
    print(&row(["level", "available", "operations", "cases", "self-check"]));
    let operations = Operation::ALL.len().to_string();
    let mut failures = Vec::new();
    for name in Level::NAMES {
        let line = match Level::from_name(name) {
            None => row([name, "no", "-", "-", "-"]),
            Some(level) if only.is_some_and(|only| only != level) => row([name, "yes", &operations, "-", "not asked"]),
            Some(level) => match check(level) {
                Ok(report) => row([name, "yes", &operations, &report.cases().to_string(), "passed"]),
                Err(failure) => {
                    failures.push(failure);
                    row([name, "yes", &operations, "-", "FAILED"])
                }
            },
        };
        print(&line);
    }
    print(&format!("without --level: {}", Level::detect().name()));
    for failure in &failures {
        print(&format!("\n{}", failure.to_string().trim_end()));
    }
    failures.is_empty()
}

fn row([level, available, operations, cases, check]: [&str; 5]) -> String {
    format!("{level:<9} {available:>9} {operations:>11} {cases:>11}  {check}")
}

/// One line that overwrites itself, where somebody watches.
pub(super) fn progress(name: &str, done: u64, total: u64) {
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        let end = if done == total { "\r\x1b[K" } else { "" };
        let _ = write!(stderr, "\r{name}: {done} of {total}{end}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_fails_is_shown_with_its_case() {
        let check = |level: Level| {
            if level != Level::detect() {
                return Ok(Report::default());
            }
            Err(Failure {
                level: level.name(),
                operation: "copy",
                seed: 7,
                case: "a case".into(),
                problem: "a problem".into(),
                matrix: "..x..\n".into(),
            })
        };
        let mut text = String::new();
        assert!(!list(None, &check, &mut |line| text.extend([line, "\n"])));
        assert_eq!((text.matches("FAILED").count(), text.matches("passed").count()), (1, Level::available().len() - 1));
        let name = Level::detect().name();
        let end =
            format!("without --level: {name}\n\ncopy at level {name}: a problem\ncase: a case; seed 0x7\n..x..\n");
        assert!(text.ends_with(&end), "{text}");
        assert!(list(None, &|_| Ok(Report::default()), &mut |_| {}));
    }
}
