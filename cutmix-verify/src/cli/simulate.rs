//! `simulate`: the trace of an implementation that is right, or wrong in a known way.

use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use super::{CliError, files, say};
use crate::simulate::{VARIANTS, simulate, variant};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  cutmix-verify simulate                               list them
  cutmix-verify simulate label-raw -o trace.npz        then: cutmix-verify check trace.npz")]
pub(super) struct Args {
    /// Which; without one, all are listed with what the auditor says of them.
    #[arg(value_name = "NAME", requires = "output")]
    name: Option<String>,
    /// The trace to write.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Parameter of the Beta distribution of lambda.
    #[arg(long, default_value_t = 1.0)]
    alpha: f64,
    /// Seed of the draws.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let (Some(name), Some(output)) = (&args.name, &args.output) else {
        for variant in VARIANTS {
            let expected = if variant.expected.is_empty() { "right".into() } else { variant.expected.join(" ") };
            say(false, &format!("{:<22} {expected:<28} {}", variant.name, variant.about));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(variant) = variant(name) else {
        return Err(CliError::new(format!("simulate: no {name}, expected a name that `cutmix-verify simulate` lists")));
    };
    cutmix_core::Beta::symmetric(args.alpha)?;
    files::write_with(output, |file| {
        let file = simulate(&variant.spec(), variant, args.alpha, args.seed, BufWriter::new(file))?;
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}
