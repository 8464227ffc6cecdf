//! `probe`: writes the images that an implementation is to mix.

use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args as _, FromArgMatches as _};

use super::progress::Progress;
use super::{CliError, files, say};
use crate::probe::{Dtype, Kind, Layout, Method, Phase, Spec, digest, write};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  cutmix-verify probe -o probe.npz                      two phases with sensible defaults
  cutmix-verify probe -o u8.npz --dtype u8 --layout nhwc --size 224x224 --calls 8
  cutmix-verify probe -o nan.npz --kind nan             one NaN, infinity and negative zero an image
  cutmix-verify probe -o draws.npz --draws              draws to use in place of the implementation's own: see replay")]
pub(super) struct Args {
    /// The file to write.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    images: Images,
    /// Calls; by default 64 to show structure, and as many as the law needs, in a phase of its own.
    #[arg(long, value_name = "N")]
    calls: Option<u32>,
    /// How values say where they came from.
    #[arg(long, value_enum, default_value_t)]
    kind: Kind,
    /// Write draws beside the images, to be used in place of the implementation's own: what `replay` needs. One phase.
    #[arg(long)]
    draws: bool,
    /// Store the arrays as they are: a larger file, sooner read.
    #[arg(long)]
    stored: bool,
    /// No progress and no summary.
    #[arg(long)]
    quiet: bool,
}

/// The images of a probe.
#[derive(Clone, Debug, PartialEq, clap::Args)]
pub(super) struct Images {
    /// What the implementation is meant to do.
    #[arg(long, value_enum, default_value_t)]
    pub(super) method: Method,
    /// Width x height in pixels; sides that differ show exchanged axes.
    #[arg(long, value_name = "WxH", default_value = "40x24", value_parser = size)]
    size: (u32, u32),
    /// Images of a call; by default 8 to show structure and 2 to show the law.
    #[arg(long, value_name = "N")]
    pub(super) batch: Option<u32>,
    /// Channels; by default 3 to show structure and 1 to show the law.
    #[arg(long, value_name = "N")]
    channels: Option<u32>,
    /// Frames that share a box.
    #[arg(long, value_name = "N")]
    frames: Option<u32>,
    /// Order of the dimensions.
    #[arg(long, value_enum, default_value_t)]
    layout: Layout,
    /// Type of the values.
    #[arg(long, value_enum, default_value_t)]
    dtype: Dtype,
    /// Class-index masks that travel with the images.
    #[arg(long)]
    pub(super) masks: bool,
    /// What images and labels are drawn from.
    #[arg(long, value_name = "KEY", default_value_t = 0x5eed)]
    key: u64,
}

/// Bytes of the images of a call.
pub(super) fn call_bytes(phase: &Phase) -> u64 {
    phase.image_len() as u64 * u64::from(phase.batch) * phase.dtype.bytes() as u64
}

/// `WxH`.
fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    sides.ok_or_else(|| "expected WIDTHxHEIGHT, as 40x24".into())
}

impl Images {
    /// Whether an option was given that is not its default.
    pub(super) fn asked(&self) -> bool {
        let none = Self::augment_args(clap::Command::new("probe")).get_matches_from(["probe"]);
        Self::from_arg_matches(&none).is_ok_and(|none| *self != none)
    }

    /// A phase of these images.
    pub(super) fn phase(&self, base: Phase, kind: Kind, calls: Option<u32>) -> Result<Phase, CliError> {
        let batch = self.batch.unwrap_or(base.batch);
        let phase = Phase {
            kind,
            key: base.key ^ self.key ^ Phase::structure().key,
            calls: calls.unwrap_or(base.calls),
            batch,
            width: self.size.0,
            height: self.size.1,
            // Of one plane, a value may be that of Cutout's fill by chance.
            channels: self.channels.unwrap_or(if kind == Kind::Tri || self.method == Method::Cutout {
                3
            } else {
                base.channels
            }),
            frames: self.frames,
            layout: self.layout,
            dtype: self.dtype,
            classes: base.classes.max(2 * batch + 1),
            masks: self.masks,
            ..base
        };
        phase.check()?;
        Ok(phase)
    }
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let phase = |base| {
        let phase = Phase { draws: args.draws, ..args.images.phase(base, args.kind, args.calls)? };
        phase.check()?;
        Ok::<_, CliError>(Phase { sha256: digest(&phase), ..phase })
    };
    let mut phases = vec![phase(Phase::structure())?];
    // A number of calls, or a kind for one purpose, asks for one phase; draws are none of a law.
    if args.calls.is_none() && !args.draws && matches!(args.kind, Kind::Scr | Kind::Flat) {
        phases.push(phase(Phase::law())?);
    }
    let spec = Spec::new(args.images.method, phases);
    spec.check()?;
    files::write_with(&args.output, |file| {
        let mut progress = Progress::new(args.quiet, "MiB");
        let done = |written: u64, total: u64| progress.at(written >> 20, total >> 20);
        write(&spec, BufWriter::new(file), !args.stored, done)?
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        Ok(())
    })?;
    for phase in &spec.phases {
        let shape = phase.image_shape().iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let line = format!("{}_images: [{}, {shape}] {}", phase.name, phase.calls, phase.dtype.name());
        say(args.quiet, &line);
    }
    let verb = if args.draws { "replay" } else { "check" };
    let next = format!("mix it, write a trace (docs/TRACE.md), and run cutmix-verify {verb}");
    say(args.quiet, &format!("wrote {}; {next}", args.output.display()));
    Ok(ExitCode::SUCCESS)
}
