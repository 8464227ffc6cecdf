//! The command-line tool. Exit codes: 0 fine, 1 a picture, a kernel or an audited implementation is wrong, 2 a usage error or an
//! unreadable file, 3 an audit without a verdict. Nothing half-written is left behind.

mod audits;
mod audits_pixels;
pub mod bytes;
mod check;
mod demo;
mod files;
mod generate;
mod identify;
mod kernels;
mod mix;
mod picture;
mod plan;
mod plan_file;
mod probe;
mod progress;
mod replay;
mod selftest;
mod signals;
mod simulate;
mod vectors;

use std::ffi::OsString;
use std::fmt;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::sync::Mutex;

use clap::{Parser, Subcommand, ValueEnum};
use cutmix_core::{BoxRule, Level};

use crate::reference::Rule;

/// CutMix, Mixup and Cutout that you can prove.
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Mix two photographs by every method, hold each picture against the reference, and draw a contact sheet.
    Demo(demo::Args),
    /// Mix two images of equal size and write the result, its mask and its plan.
    Mix(mix::Args),
    /// List the instruction sets that the kernels know, and hold each that this machine has against the reference.
    Kernels(kernels::Args),
    /// Compute the digests that are the same on every machine, and check the kernels.
    Selftest(selftest::Args),
    /// Write a probe: images whose every value says where it came from, for any implementation to mix.
    Probe(probe::Args),
    /// Say how many draws an audit needs, what they cost, and what they do not show.
    Plan(plan::Args),
    /// Judge traces: what an implementation made of a probe.
    Check(check::Args),
    /// Say which rule, law and label made a trace, and which known implementations are like it.
    Identify(identify::Args),
    /// Hold a trace against a known implementation, bit for bit: whether the profile of a package is stale.
    Replay(replay::Args),
    /// Say what a code of a report means, what it does to training, and how to mend it.
    Explain(check::ExplainArgs),
    /// Write the trace of an implementation that is right, or wrong in a known way.
    Simulate(simulate::Args),
    /// Test vectors for programs in any language: write them, and put them to a program.
    Vectors(vectors::Args),
    /// Print the completions of a shell.
    Completions(generate::CompletionsArgs),
    /// Print the manual page, or write one for each verb.
    Man(generate::ManArgs),
}

/// Which kernels compute.
#[derive(clap::Args)]
struct LevelArg {
    /// Use the kernels of this level instead of the best one of this machine; `kernels` lists them.
    #[arg(long = "level", value_name = "NAME")]
    name: Option<String>,
}

impl LevelArg {
    /// The level that was asked for, if one was.
    fn given(&self) -> Result<Option<Level>, CliError> {
        let Some(name) = &self.name else { return Ok(None) };
        crate::suite::expect_level_named(name).map_err(|error| CliError(format!("level {error}")))?;
        Ok(Level::from_name(name))
    }

    fn get(&self) -> Result<Level, CliError> {
        Ok(self.given()?.unwrap_or_else(Level::detect))
    }
}

/// How the box becomes pixels.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum RuleArg {
    /// The formula of the paper on pixel centres.
    #[default]
    Paper,
    /// The paper authors' code, torchvision.
    Official,
    /// timm from 1.0.29 on, keras-cv.
    FullExtent,
}

impl RuleArg {
    fn core(self) -> BoxRule {
        crate::subject::core::rule(self.reference())
    }

    fn reference(self) -> Rule {
        match self {
            Self::Paper => Rule::Paper,
            Self::Official => Rule::Official,
            Self::FullExtent => Rule::FullExtent,
        }
    }
}

/// A mistake of the caller or of a file: one line that names it and says what was expected.
#[derive(Debug)]
struct CliError(String);

/// Ends a command with a message.
fn fail<T>(message: impl Into<String>) -> Result<T, CliError> {
    Err(CliError(message.into()))
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One line, whatever a file name or a decoder's message contains.
        f.write_str(&self.0.replace(char::is_control, " "))
    }
}

/// For errors that name what they are about.
impl<E: std::error::Error> From<E> for CliError {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Runs the tool on arguments, of which the first is the tool's own name. What it prints goes to stdout and stderr.
pub fn main<T: Into<OsString> + Clone>(args: impl IntoIterator<Item = T>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        // Usage errors have 2, help and version 0: clap's own convention. Who does not read them misses nothing.
        Err(told) => {
            let _ = told.print();
            return ExitCode::from(told.exit_code() as u8);
        }
    };
    signals::handle();
    let result = match cli.command {
        Command::Demo(args) => demo::run(&args),
        Command::Mix(args) => mix::run(&args),
        Command::Kernels(args) => kernels::run(&args),
        Command::Selftest(args) => selftest::run(&args),
        Command::Probe(args) => probe::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Identify(args) => identify::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Explain(args) => check::explain(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Vectors(args) => vectors::run(&args),
        Command::Completions(args) => Ok(generate::completions(&args)),
        Command::Man(args) => generate::man(&args),
    };
    // A verdict that nobody could read is none.
    let lost = LOST.lock().ok().and_then(|mut lost| lost.take());
    let told = lost.map_or(Ok(()), |error| fail(format!("stdout: {error}, expected room for what is printed")));
    result.and_then(|code| told.map(|()| code)).unwrap_or_else(|error| {
        eprintln!("cutmix-verify: {error}");
        ExitCode::from(2)
    })
}

/// Why something could not be printed.
static LOST: Mutex<Option<String>> = Mutex::new(None);

/// Prints a line unless `--quiet` was given. A reader that has gone away is no error; a full disk is, once all is done.
fn say(quiet: bool, line: &str) {
    if quiet {
        return;
    }
    let mut out = std::io::stdout();
    let printed = writeln!(out, "{line}").and_then(|()| out.flush());
    if let (Err(error), Ok(mut lost)) = (printed, LOST.lock())
        && error.kind() != ErrorKind::BrokenPipe
    {
        *lost = Some(error.to_string());
    }
}
