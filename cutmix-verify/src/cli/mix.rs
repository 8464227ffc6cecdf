//! `mix`: two images in, one out.

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use cutmix_core::ops::{self, Blend, Fill, Frame, NoiseRange};
use cutmix_core::plan::{Extent, Methods};
use cutmix_core::{ImageView, ImageViewMut, Level, Method, PlanConfig, SampleKey, SamplePlan, Size, geometry};
use image::ExtendedColorType;

use super::picture::{Pair, Samples};
use super::plan_file::Plan;
use super::{CliError, LevelArg, RuleArg, fail, files, say};
use crate::reference;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Base image (A): PNG, JPEG or PNM.
    a: PathBuf,
    /// Donor image (B).
    b: PathBuf,
    /// Where to write the result, a PNG.
    #[arg(short, long, value_name = "OUT.png")]
    out: PathBuf,
    /// What to do.
    #[arg(long, value_enum, default_value_t)]
    method: reference::Method,
    /// Lambda is drawn from Beta(ALPHA, ALPHA); 0.001 to 1e6.
    #[arg(long, default_value_t = 1.0)]
    alpha: f64,
    /// Seed of the run.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Pass over the data.
    #[arg(long, default_value_t = 0)]
    epoch: u64,
    /// Index of the sample in the data set.
    #[arg(long, default_value_t = 0)]
    index: u64,
    /// How the box becomes pixels.
    #[arg(long, value_enum, default_value_t)]
    rule: RuleArg,
    /// Probability that the image is mixed at all.
    #[arg(long, default_value_t = 1.0)]
    prob: f64,
    /// What Cutout fills with: black, noise, or one number a channel such as 124,116,104.
    #[arg(long, default_value = "black")]
    fill: String,
    /// A box of this fixed side in pixels, instead of the CutMix law.
    #[arg(long, value_name = "PIXELS")]
    side: Option<u32>,
    /// Scale the second image to the size of the first.
    #[arg(long)]
    resize: bool,
    /// Also write the mask M: white where the base is kept.
    #[arg(long, value_name = "M.png")]
    mask: Option<PathBuf>,
    /// Also write the plan.
    #[arg(long, value_name = "PLAN.json")]
    json: Option<PathBuf>,
    /// Apply a plan written earlier instead of drawing one.
    #[arg(long, value_name = "PLAN.json", conflicts_with_all = [
        "json", "method", "alpha", "seed", "epoch", "index", "rule", "prob", "fill", "side",
    ])]
    replay: Option<PathBuf>,
    #[command(flatten)]
    level: LevelArg,
    /// Print nothing.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    for path in [Some(&args.out), args.mask.as_ref()].into_iter().flatten() {
        if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")) {
            return fail(format!("{}: a name ending in .png is expected", path.display()));
        }
    }
    let level = args.level.get()?;
    let pair = Pair::load(&args.a, &args.b, args.resize)?;
    let plan = match &args.replay {
        Some(path) => {
            let plan = Plan::read(path)?;
            if plan.size != pair.size {
                let (name, size) = (path.display(), plan.size);
                return fail(format!("{name}: the plan is for {size} pixels, but the images are {}", pair.size));
            }
            plan
        }
        None => draw(args, pair.size)?,
    };
    let mixed = apply(level, &pair, &plan)?;
    // Everything is made before anything is written.
    let png = mixed.to_png(pair.size, pair.color)?;
    let mask = args.mask.as_ref().map(|_| mask_png(&plan.sample, pair.size)).transpose()?;
    files::write(&args.out, &png)?;
    if let (Some(path), Some(mask)) = (&args.mask, mask) {
        files::write(path, &mask)?;
    }
    if let Some(path) = &args.json {
        files::write(path, plan.to_json().as_bytes())?;
    }
    report(args, &plan.sample);
    Ok(ExitCode::SUCCESS)
}

fn draw(args: &Args, size: Size) -> Result<Plan, CliError> {
    let method = match args.method {
        reference::Method::Cutmix => Method::CutMix,
        reference::Method::Mixup => Method::Mixup,
        reference::Method::Cutout => Method::Cutout,
    };
    let mut config = PlanConfig::cutmix(size)
        .with_methods(Methods::Only(method))?
        .with_alpha(args.alpha)?
        .with_rule(args.rule.core())
        .with_probability(args.prob)?;
    if let Some(side) = args.side {
        config = config.with_extent(Extent::Fixed { width: side, height: side })?;
    }
    let key = SampleKey { seed: args.seed, epoch: args.epoch, index: args.index };
    Ok(Plan { key, size, sample: SamplePlan::draw(key, &config), fill: args.fill.clone() })
}

/// The mixed image, for a plan of the images' size.
pub(super) fn apply(level: Level, pair: &Pair, plan: &Plan) -> Result<Samples, CliError> {
    match (&pair.a, &pair.b) {
        (Samples::Eight(a), Samples::Eight(b)) => filled(level, [a, b], pair, plan).map(Samples::Eight),
        (Samples::Sixteen(a), Samples::Sixteen(b)) => filled(level, [a, b], pair, plan).map(Samples::Sixteen),
        _ => fail("the two images have different depths"),
    }
}

/// The same of one depth, whose numbers `--fill` has; colours without a value for alpha are refused like any other wrong count.
fn filled<T: Blend + FromStr>(level: Level, ab: [&[T]; 2], pair: &Pair, plan: &Plan) -> Result<Vec<T>, CliError> {
    let (text, channels) = (plan.fill.as_str(), u32::from(pair.color.channel_count()));
    let values: Option<Vec<T>> = text.split(',').map(|value| value.trim().parse().ok()).collect();
    let fill = match (text, &values) {
        ("black", _) => Fill::Zero,
        ("noise", _) => Fill::Noise(NoiseRange::default()),
        (_, Some(values)) if values.len() == channels as usize => Fill::Constant(values),
        _ => {
            return fail(format!(
                "fill is {text:?}, but black, noise or {channels} whole numbers of the image's depth are expected"
            ));
        }
    };
    mixed(level, ab, channels, plan.size, &plan.sample, fill)
}

/// The mix of two images of interleaved channels.
pub(super) fn mixed<T: Blend>(
    level: Level,
    [a, b]: [&[T]; 2],
    channels: u32,
    size: Size,
    sample: &SamplePlan,
    fill: Fill<'_, T>,
) -> Result<Vec<T>, CliError> {
    let mut out = a.to_vec();
    if !sample.applied {
        return Ok(out);
    }
    let mut base = ImageViewMut::nhwc(&mut out, size, channels)?;
    let donor = ImageView::nhwc(b, size, channels)?;
    match sample.method {
        Method::CutMix => {
            ops::cutmix_in_place(level, &mut base, &donor, sample.patch)?;
        }
        Method::Mixup => ops::mixup_in_place(level, &mut base, &donor, sample.kept)?,
        Method::Cutout => {
            ops::cutout(level, &mut base, sample.patch, fill, sample.noise, Frame::whole(size))?;
        }
    }
    Ok(out)
}

/// The mask M as black (0, replaced) and white (1, kept).
pub(super) fn mask_png(sample: &SamplePlan, size: Size) -> Result<Vec<u8>, CliError> {
    let Ok(total) = usize::try_from(size.total()) else { return fail("the mask does not fit in memory") };
    let mut mask = vec![0; total];
    geometry::mask_bytes(sample.patch, size, &mut mask)?;
    for byte in &mut mask {
        *byte *= 255;
    }
    files::encode_png(&mask, (size.width(), size.height()), ExtendedColorType::L8)
}

fn report(args: &Args, sample: &SamplePlan) {
    let (w_a, w_b) = sample.label_ratio().weights();
    let ratio = sample.label_ratio();
    say(
        args.quiet,
        &format!("method   {}{}", sample.method.name(), if sample.applied { "" } else { " (not applied)" }),
    );
    say(args.quiet, &format!("lambda   {} (drawn)", sample.lambda));
    say(args.quiet, &format!("box      {}", sample.patch));
    say(args.quiet, &format!("lambda'  {ratio} = {w_a}"));
    let label = format!("{} {w_a:.4}, {} {w_b:.4}", files::stem(&args.a), files::stem(&args.b));
    say(args.quiet, &format!("label    {label}"));
}
