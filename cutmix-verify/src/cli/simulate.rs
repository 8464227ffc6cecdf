//! `simulate`: the trace of an implementation that is right, or wrong in a known way.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use super::{CliError, fail, files, say};
use crate::adapter::PROTOCOL;
use crate::audit::{TOLERANCE, planned_draws};
use crate::play::{LAWS, VARIANTS, Variant, simulate, variant};
use crate::probe::{Spec, read_spec};
use crate::profile::Code;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  cutmix-verify simulate                               list them
  cutmix-verify simulate label-raw -o trace.npz        then: cutmix-verify check trace.npz
  cutmix-verify check --exec 'cutmix-verify simulate label-raw --adapter'")]
pub(super) struct Args {
    /// Which; without one, all are listed with what the auditor says of them.
    #[arg(value_name = "NAME", requires = "what")]
    name: Option<String>,
    /// The trace to write.
    #[arg(short, long, value_name = "FILE", group = "what")]
    output: Option<PathBuf>,
    /// Mix the probes that `check --exec` sends, as any adapter does.
    #[arg(long, group = "what", requires = "name")]
    adapter: bool,
    /// Parameter of the Beta distribution of lambda.
    #[arg(long, default_value_t = 1.0)]
    alpha: f64,
    /// Independent draws of a box that the trace is to have beside those that show structure; by default a little more than
    /// a PASS needs.
    #[arg(long, value_name = "DRAWS", value_parser = clap::value_parser!(u64).range(0..=1 << 22))]
    draws: Option<u64>,
    /// Seed of the draws.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let Some(name) = &args.name else {
        for variant in VARIANTS.iter().chain(LAWS) {
            let codes = variant.codes();
            let expected = if codes.is_empty() { "right".into() } else { Code::join(&codes, " ") };
            say(false, &format!("{:<22} {expected:<28} {}", variant.name, variant.about));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(variant) = variant(name) else {
        return fail(format!("simulate: no {name}, expected a name that `cutmix-verify simulate` lists"));
    };
    cutmix_core::Beta::symmetric(args.alpha)?;
    let Some(output) = &args.output else { return adapter(args, variant) };
    let planned = || planned_draws([40, 24], args.alpha.max(0.05), TOLERANCE);
    // Some of them will be empty.
    let draws = args.draws.unwrap_or_else(|| planned() + planned() / if args.alpha < 0.5 { 2 } else { 16 });
    let mut phases = vec![variant.phase()];
    if draws > 0 {
        phases.push(variant.law_phase(draws.min(1 << 20)));
    }
    let spec = Spec::new(variant.spec().method, phases);
    files::write_with(output, |file| {
        simulate(&spec, variant, args.alpha, args.seed, BufWriter::new(file))?.into_inner()?;
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A request, of which an adapter needs this much.
#[derive(serde::Deserialize)]
struct Request {
    protocol: String,
    #[serde(default)]
    hello: bool,
    #[serde(default)]
    round: u64,
    alpha: Option<f64>,
    #[serde(default)]
    probe: PathBuf,
    #[serde(default)]
    trace: PathBuf,
}

/// Answers requests until stdin ends.
fn adapter(args: &Args, variant: &Variant) -> Result<ExitCode, CliError> {
    for line in std::io::stdin().lines() {
        let line = line.or_else(|error| fail(format!("stdin: {error}, expected lines of JSON")))?;
        let answer = answer(args, variant, &line).unwrap_or_else(|error| serde_json::json!({ "error": error.0 }));
        say(false, &answer.to_string());
    }
    Ok(ExitCode::SUCCESS)
}

fn answer(args: &Args, variant: &Variant, line: &str) -> Result<serde_json::Value, CliError> {
    let request: Request = serde_json::from_str(line).or_else(|error| fail(format!("request: {error}")))?;
    if request.protocol != PROTOCOL {
        return fail(format!("protocol {:?}, expected {PROTOCOL:?}", request.protocol));
    }
    if !request.hello {
        let spec = read_spec(&request.probe)?;
        if spec.method != variant.spec().method {
            return fail(format!("a probe of {}, expected {}", spec.method.name(), variant.spec().method.name()));
        }
        let file = File::create_new(&request.trace)?;
        // Other draws in every round.
        let seed = args.seed.wrapping_add(request.round);
        let alpha = request.alpha.unwrap_or(args.alpha);
        cutmix_core::Beta::symmetric(alpha)?;
        simulate(&spec, variant, alpha, seed, BufWriter::new(file))?.into_inner()?;
    }
    Ok(serde_json::json!({ "ok": true, "adapter": { "name": variant.name, "version": "simulated" } }))
}
