//! `plan`: how many draws an audit needs, what that costs, and what it will not show.

use std::process::ExitCode;

use super::probe::{Images, call_bytes};
use super::{CliError, say};
use crate::audit::TOLERANCE;
use crate::audit::judge::budget::{Budget, DRAWS_MOST, budget};
use crate::audit::judge::weights;
use crate::probe::{Kind, Layout, Method, Phase};

/// Estimates: how many times smaller a deflated trace of 8 bits a pixel is, and any trace at most.
const DEFLATED: f64 = 18.0;
const MOST_DEFLATED: f64 = 40.0;
/// Estimates with room: mebibytes that are read in a second, and seconds that judging one draw takes. benches/README.md has what
/// was measured: 1.56 GB, stored, in 1.2 s, and 45,056 draws in 0.6 s.
const READ: f64 = 400.0;
const JUDGED: f64 = 3e-5;
/// Below this alpha, laws that are near the one asked for take more draws than an alpha that is off.
const SMALL: f64 = 0.5;
/// Images of a batch from which a permutation is told from other partners in a few calls.
const PARTNERS: u32 = 8;

/// Who shares a draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Sharing {
    /// Every sample has a box of its own.
    #[default]
    Sample,
    /// All samples of a call have one.
    Batch,
}

#[derive(clap::Args)]
#[command(after_help = "Examples:
  cutmix-verify plan                                    what `check --exec` does by default
  cutmix-verify plan --alpha 1 --alpha 0.2 --tol 1.1 --sharing batch
  cutmix-verify plan --size 32x32                       a square image hides exchanged axes")]
pub(super) struct Args {
    #[command(flatten)]
    images: Images,
    /// The alpha that the implementation is run with; repeat it for several.
    #[arg(long, value_name = "ALPHA", default_value = "1")]
    alpha: Vec<f64>,
    /// By which factor alpha may be off before it must show.
    #[arg(long, value_name = "FACTOR", default_value_t = TOLERANCE, value_parser = super::check::tolerance)]
    tol: f64,
    /// Who shares a draw.
    #[arg(long, value_enum, default_value_t)]
    sharing: Sharing,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    super::check::alphas(&args.alpha)?;
    let structure = args.images.phase(Phase::structure(), Kind::Scr, None)?;
    let law = args.images.phase(Phase::law(), Kind::Scr, None)?;
    let line = |text: &str| say(false, text);
    line(&format!("{} of {}x{}, {}", args.images.method.name(), law.width, law.height, law.dtype.name()));
    let mib = |phase: &Phase, calls: u64| call_bytes(phase) as f64 * calls as f64 / f64::from(1 << 20);
    let mut hidden = Vec::new();
    for &alpha in &args.alpha {
        let Budget { draws, shows_alpha } = match args.images.method {
            Method::Mixup => weights::planned(alpha, args.tol),
            Method::Cutmix | Method::Cutout => budget([law.width, law.height], alpha, args.tol),
        };
        if !shows_alpha {
            hidden.push(format!(
                "alpha {alpha}: to tell it from one that is off by a factor of {} takes more than {DRAWS_MOST} draws of these images",
                args.tol
            ));
        }
        let each = if args.sharing == Sharing::Batch { 1 } else { u64::from(law.batch) };
        let calls = draws.div_ceil(each);
        line(&format!(
            "alpha {alpha}: {} calls of {} to show structure ({:.1} MiB), and {draws} draws: {calls} calls of {} ({:.1} MiB)",
            structure.calls,
            structure.batch,
            mib(&structure, structure.calls.into()),
            law.batch,
            mib(&law, calls),
        ));
        let bytes = mib(&structure, structure.calls.into()) + mib(&law, calls);
        line(&format!(
            "    a trace of about {:.1} MiB deflated; read and judged in about {:.0} s",
            bytes / (DEFLATED * law.dtype.bytes() as f64).min(MOST_DEFLATED),
            (1.0 + bytes / READ + draws as f64 * JUDGED).ceil(),
        ));
    }
    if hidden.is_empty() {
        line(&format!(
            "enough to refute every alpha beyond a factor of {} and every rule of the catalogue by 10^4 to 1, in all but one\naudit of a million",
            args.tol
        ));
    }
    line("\nnot shown by this plan:");
    for gap in hidden.into_iter().chain(gaps(args, &structure).map(Into::into)) {
        line(&format!("    {gap}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a probe of these images cannot show.
fn gaps(args: &Args, phase: &Phase) -> impl Iterator<Item = &'static str> {
    let method = args.images.method;
    let small = args.alpha.iter().any(|&alpha| alpha < SMALL) && method != Method::Mixup;
    let gaps = [
        (phase.width == phase.height, "exchanged axes, or a box from one side only: width and height are equal"),
        (args.alpha.iter().all(|&alpha| alpha == 1.0), "an alpha that is ignored: ask for one beside 1, as 0.2"),
        (
            small,
            "laws of lambda that are near the one asked for at small alphas: `check --exec` makes up to 16 times the draws",
        ),
        (phase.channels == 1 && method == Method::Cutmix, "boxes that differ by channel: there is one"),
        (phase.frames.is_none(), "boxes that differ by frame: --frames"),
        (!phase.masks, "masks that travel with the images: --masks"),
        (phase.dtype.is_float(), "NaN and infinities: a probe of --kind nan"),
        (phase.batch < PARTNERS, "partners: fewer than 8 images tell a permutation from others only now and then"),
        (phase.layout == Layout::Nchw, "images of the layout nhwc: --layout nhwc"),
    ];
    gaps.into_iter().filter_map(|(given, text)| given.then_some(text))
}
