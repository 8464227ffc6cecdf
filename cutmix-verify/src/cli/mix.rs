//! `mix`: two images in, one out.

use std::path::{Path, PathBuf};

use cutmix_core::ops::{self, Blend, Fill, Frame, NoiseRange};
use cutmix_core::plan::{Extent, Methods};
use cutmix_core::{ImageView, ImageViewMut, Level, Method, PlanConfig, SampleKey, SamplePlan, Size, geometry};
use image::ExtendedColorType;

use super::picture::{Pair, Samples};
use super::plan_file::Plan;
use super::{CliError, LevelArg, MethodArg, RuleArg, files, say};

/// Mix two images of equal size.
///
/// Examples:
///   cutmix-verify mix cat.png coffee.png -o mixed.png --resize --seed 3
///   cutmix-verify mix cat.png coffee.png -o out.png --method cutout --side 64 --fill noise --mask mask.png
///   cutmix-verify mix cat.png coffee.png -o out.png --json plan.json
///   cutmix-verify mix cat.png coffee.png -o again.png --replay plan.json
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
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
    method: MethodArg,
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

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    for path in [Some(&args.out), args.mask.as_ref()].into_iter().flatten() {
        expect_png(path)?;
    }
    let level = args.level.get()?;
    let pair = Pair::load(&args.a, &args.b, args.resize)?;
    let plan = match &args.replay {
        Some(path) => {
            let plan = Plan::read(path)?;
            if plan.size != pair.size {
                return Err(CliError::new(format!(
                    "{}: the plan is for {} pixels, but the images are {}",
                    path.display(),
                    plan.size,
                    pair.size
                )));
            }
            plan
        }
        None => draw(args, pair.size)?,
    };
    let mixed = apply(level, &pair, &plan)?;
    // Everything is made before anything is written.
    let png = mixed.to_png(pair.size, pair.color)?;
    let mask =
        args.mask.as_ref().map(|path| Ok::<_, CliError>((path, mask_png(&plan.sample, pair.size)?))).transpose()?;
    files::write(&args.out, &png)?;
    if let Some((path, mask)) = mask {
        files::write(path, &mask)?;
    }
    if let Some(path) = &args.json {
        plan.write(path)?;
    }
    report(args, &plan.sample);
    Ok(())
}

fn expect_png(path: &Path) -> Result<(), CliError> {
    let png = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png"));
    if png { Ok(()) } else { Err(CliError::new(format!("{}: a name ending in .png is expected", path.display()))) }
}

fn draw(args: &Args, size: Size) -> Result<Plan, CliError> {
    let mut config = PlanConfig::cutmix(size)
        .with_methods(Methods::Only(args.method.core()))?
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
    let channels = pair.channels();
    match (&pair.a, &pair.b) {
        (Samples::Eight(a), Samples::Eight(b)) => mixed(level, a, b, channels, plan).map(Samples::Eight),
        (Samples::Sixteen(a), Samples::Sixteen(b)) => mixed(level, a, b, channels, plan).map(Samples::Sixteen),
        _ => Err(CliError::new("the two images have different depths")),
    }
}

fn mixed<T: Blend + std::str::FromStr>(
    level: Level,
    a: &[T],
    b: &[T],
    channels: u32,
    plan: &Plan,
) -> Result<Vec<T>, CliError> {
    let (size, sample) = (plan.size, &plan.sample);
    let constant = constant_fill(&plan.fill, channels)?;
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
            let fill = match &constant {
                Constant::Black => Fill::Zero,
                Constant::Noise => Fill::Noise(NoiseRange::default()),
                Constant::Values(values) => Fill::Constant(values),
            };
            ops::cutout(level, &mut base, sample.patch, fill, sample.noise, Frame::whole(size))?;
        }
    }
    Ok(out)
}

enum Constant<T> {
    Black,
    Noise,
    Values(Vec<T>),
}

/// Reads `--fill`; colours without a value for alpha are refused like any other wrong count.
fn constant_fill<T: std::str::FromStr>(fill: &str, channels: u32) -> Result<Constant<T>, CliError> {
    match fill {
        "black" => Ok(Constant::Black),
        "noise" => Ok(Constant::Noise),
        _ => {
            let values: Option<Vec<T>> = fill.split(',').map(|value| value.trim().parse().ok()).collect();
            values.filter(|values| values.len() == channels as usize).map(Constant::Values).ok_or_else(|| {
                CliError::new(format!(
                    "fill is {fill:?}, but black, noise or {channels} whole numbers of the image's depth are expected"
                ))
            })
        }
    }
}

/// The mask M as black (0, replaced) and white (1, kept).
pub(super) fn mask_png(sample: &SamplePlan, size: Size) -> Result<Vec<u8>, CliError> {
    let total = usize::try_from(size.total()).map_err(|_| CliError::new("the mask does not fit in memory"))?;
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
