//! `selftest`: does the core compute on this machine what it computes everywhere?

use std::process::ExitCode;
use std::time::Instant;

use cutmix_core::Level;
use cutmix_golden::{Length, Memory, digest};

use super::audits::{self, AuditTally};
use super::audits_pixels;
use super::kernels::progress;
use super::{CliError, LevelArg, say};
use crate::profile::Code;
use crate::suite::{Effort, Operation, axis, run as run_suite};

/// The digests stand for thousands of draws, boxes, labels and pixels; they are the same on every machine. Then all boxes
/// on one axis are held against the reference, and the kernels of every level. Exits with 1 if anything differs.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    level: LevelArg,
    /// All boxes on an axis of up to 512 pixels instead of 48, and the kernel suite at full enumeration: minutes instead of
    /// seconds.
    #[arg(long)]
    exhaustive: bool,
    /// Audit every simulated implementation that its draws tell so many times, instead of the rest: how often right ones fail
    /// and wrong ones pass, and after how many draws. Some 40 seconds for each on two cores.
    #[arg(long, value_name = "TIMES", conflicts_with_all = ["exhaustive", "name"], value_parser = clap::value_parser!(u32).range(1..=100_000))]
    audits: Option<u32>,
    /// Audit every pair of a wrong rule for boxes and a wrong law of lambda, instead of the rest: whether both are named. Some
    /// minutes.
    #[arg(long, conflicts_with_all = ["exhaustive", "name", "audits"])]
    pairs: bool,
    /// Audit so many right implementations, pixels and all, instead of the rest: sharing, pairing, length of batch, probability,
    /// alpha, size, channels and type of each are drawn by its number. Some four a second on two cores.
    #[arg(long, value_name = "TIMES", conflicts_with_all = ["exhaustive", "name", "audits", "pairs"], value_parser = clap::value_parser!(u64).range(1..=1 << 32))]
    audits_pixels: Option<u64>,
    /// The number of the first of them: ranges of numbers add up, on one machine or several.
    #[arg(long, value_name = "NUMBER", default_value_t = 0, requires = "audits_pixels", value_parser = clap::value_parser!(u64).range(0..=1 << 40))]
    from: u64,
}

/// Pairs of what is wrong, and those of which not all is named.
fn pairs() -> ExitCode {
    let mut counts = [0_u32; 2];
    let fine = audits::pairs(|profile, found, named| {
        counts[usize::from(named)] += 1;
        if !named {
            say(false, &format!("{} with {:?}: {}", profile.shape.name, profile.lambda, Code::join(found, " ")));
        }
    });
    say(false, &format!("{} pairs: all parts named of {}, not of {}", counts[0] + counts[1], counts[1], counts[0]));
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// No right implementation fails: counts by all that audits are made of.
fn audits_pixels(from: u64, number: u64) -> ExitCode {
    let tally = audits_pixels::audits(from..from + number, |done| progress("audits", done, number));
    for (number, what, codes) in &tally.failed {
        say(false, &format!("audit {number} FAIL {codes}: {what}"));
    }
    say(false, "what                       audits    PASS    open    FAIL");
    for ((kind, value), row) in &tally.kinds {
        let [audits, passed, open, failed] = row;
        say(false, &format!("{:<25}{audits:>8}{passed:>8}{open:>8}{failed:>8}", format!("{kind} {value}")));
    }
    say(false, &format!("{} audits of right implementations, {} FAIL", tally.audits, tally.failed.len()));
    if tally.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The auditor's own proof: false alarms, missed deviations, draws until detection.
fn audits(number: u32) -> ExitCode {
    let head = "implementation           alpha   draws  audits   PASS   FAIL  named  sure after  E>10 >100 >1000";
    say(false, head);
    let tallies = audits::audits(number, |tally| {
        let &AuditTally { name, right, alpha, draws, audits, passed, failed, named, sure, above } = tally;
        let sure = sure.map_or("-".into(), |draws| draws.to_string());
        let above = if right { above.map(|count| count.to_string()).join(" ") } else { "-".into() };
        let numbers = format!("{alpha:>6}{draws:>8}{audits:>8}{passed:>7}{failed:>7}{named:>7}{sure:>12}");
        say(false, &format!("{name:<24}{numbers}  {above}"));
    });
    let sum = |right: bool, of: fn(&AuditTally) -> u32| {
        tallies.iter().filter(|tally| tally.right == right).map(of).sum::<u32>()
    };
    say(
        false,
        &format!(
            "right: {} audits, {} FAIL, {} PASS; wrong: {} audits, {} PASS, {} FAIL, {} of them with all codes",
            sum(true, |t| t.audits),
            sum(true, |t| t.failed),
            sum(true, |t| t.passed),
            sum(false, |t| t.audits),
            sum(false, |t| t.passed),
            sum(false, |t| t.failed),
            sum(false, |t| t.named),
        ),
    );
    if audits::as_promised(&tallies) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    if args.pairs {
        return Ok(pairs());
    }
    if let Some(number) = args.audits {
        return Ok(audits(number));
    }
    if let Some(number) = args.audits_pixels {
        return Ok(audits_pixels(args.from, number));
    }
    let levels = args.level.given()?.map_or_else(|| Level::available().to_vec(), |level| vec![level]);
    let target = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    let mut fine = true;
    say(false, &row([&target, "level", "what", "begins, cases", "seconds", "result"]));
    let mut memory = Box::new(Memory::new());
    for &level in &levels {
        for length in [Length::Short, Length::Full] {
            let start = Instant::now();
            let hex = digest(length, level, &mut memory)?;
            let hex = String::from_utf8_lossy(&hex);
            let same = hex == length.expected();
            fine &= same;
            let what = format!("{} digest", length.name());
            let begin = hex.get(..12).unwrap_or(&hex);
            let result = if same { "equal" } else { "DIFFERS" };
            say(false, &row(["", level.name(), &what, begin, &seconds(start), result]));
        }
    }
    let longest = if args.exhaustive { 512 } else { 48 };
    let start = Instant::now();
    let boxes = axis(1..=longest, 1, &mut |done, total| progress("boxes: lengths", done, total));
    let (cases, result) = boxes.as_ref().map_or(("-".into(), "FAILED"), |boxes| (boxes.to_string(), "passed"));
    say(false, &row(["", "", &format!("boxes, 1 to {longest}"), &cases, &seconds(start), result]));
    if let Err(failure) = boxes {
        fine = false;
        say(false, &failure.to_string());
    }
    let effort = if args.exhaustive { Effort::Exhaustive } else { Effort::Quick };
    for &level in &levels {
        let start = Instant::now();
        let checked =
            run_suite(&level, &Operation::ALL, effort, &mut |done, total| progress(level.name(), done, total));
        let what = format!("kernels, {}", effort.name());
        let (cases, result) = match &checked {
            Ok(report) => (report.cases().to_string(), "passed"),
            Err(_) => ("-".into(), "FAILED"),
        };
        say(false, &row(["", level.name(), &what, &cases, &seconds(start), result]));
        if let Err(failure) = checked {
            fine = false;
            say(false, failure.to_string().trim_end());
        }
    }
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn seconds(start: Instant) -> String {
    format!("{:.1}", start.elapsed().as_secs_f64())
}

fn row([target, level, what, detail, seconds, result]: [&str; 6]) -> String {
    format!("{target:<14} {level:<9} {what:<19} {detail:>13} {seconds:>8}  {result}")
}
