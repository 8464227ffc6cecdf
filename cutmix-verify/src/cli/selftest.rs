//! `selftest`: does the core compute on this machine what it computes everywhere?

use std::process::ExitCode;
use std::time::Instant;

use cutmix_core::Level;
use cutmix_golden::{Length, Memory, digest};

use super::kernels::progress;
use super::{CliError, LevelArg, say};
use crate::suite::{Effort, axis, run as run_suite};

/// Compute the golden digests at every level of this machine, and hold its kernels against the reference.
///
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
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
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
        let checked = run_suite(level, effort, &mut |done, total| progress(level.name(), done, total));
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
