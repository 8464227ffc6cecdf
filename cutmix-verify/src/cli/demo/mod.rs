//! `demo`: two photographs, every method, every pixel compared with the reference; a contact sheet (sheet.png), the mask M and
//! a heat map of how often each pixel is replaced (coverage.png).

mod coverage;
mod draw;
mod sheet;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cutmix_core::ops::{Fill, NoiseRange};
use cutmix_core::plan::Methods;
use cutmix_core::{Method, PlanConfig, SampleKey, SamplePlan, Size};
use image::{DynamicImage, ExtendedColorType, RgbImage};

use super::picture::scaled;
use super::{CliError, LevelArg, RuleArg, fail, files, mix, say};
use crate::reference::{self, Patch};

/// Exits with 1 if a single pixel differs.
#[derive(clap::Args)]
pub(super) struct Args {
    /// First photograph; the bundled cat by default.
    #[arg(long, value_name = "FILE")]
    a: Option<PathBuf>,
    /// Second photograph; the bundled cup of coffee by default.
    #[arg(long, value_name = "FILE")]
    b: Option<PathBuf>,
    /// Lambda is drawn from Beta(ALPHA, ALPHA); 0.001 to 1e6.
    #[arg(long, default_value_t = 1.0)]
    alpha: f64,
    /// Seed of the run.
    #[arg(long, default_value_t = 2)]
    seed: u64,
    /// How the box becomes pixels.
    #[arg(long, value_enum, default_value_t)]
    rule: RuleArg,
    /// Both photographs are scaled and cropped to this size.
    #[arg(long, value_name = "WxH", default_value = "360x240", value_parser = parse_size)]
    size: Size,
    /// Where to write the pictures.
    #[arg(long, value_name = "DIR", default_value = "target/demo")]
    out: PathBuf,
    #[command(flatten)]
    level: LevelArg,
    /// Print nothing but errors.
    #[arg(long)]
    quiet: bool,
}

fn parse_size(text: &str) -> Result<Size, String> {
    let size = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    match size.map(|(w, h)| Size::new(w, h)) {
        Some(Ok(size)) if size.total() <= 1 << 26 => Ok(size),
        Some(Err(error)) => Err(error.to_string()),
        _ => Err("two whole numbers such as 360x240, at most 2^26 pixels, are expected".into()),
    }
}

/// A photograph and its name in captions.
struct Photo {
    name: String,
    pixels: RgbImage,
}

/// One cell of the sheet.
struct Picture {
    title: &'static str,
    caption: String,
    pixels: RgbImage,
}

/// The methods of the sheet, in its order.
const COLUMNS: [(&str, &str, Option<Method>); 5] = [
    ("Original", "original", None),
    ("Mixup", "mixup", Some(Method::Mixup)),
    ("Cutout (black)", "cutout-black", Some(Method::Cutout)),
    ("Cutout (noise)", "cutout-noise", Some(Method::Cutout)),
    ("CutMix", "cutmix", Some(Method::CutMix)),
];

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let level = args.level.get()?;
    let a = photo(args.a.as_deref(), "cat", include_bytes!("../../../assets/chelsea.png"), args.size)?;
    let b = photo(args.b.as_deref(), "coffee", include_bytes!("../../../assets/coffee.png"), args.size)?;
    // A wrong option is refused before anything is made.
    plan(args, None, 0)?;
    std::fs::create_dir_all(&args.out)
        .or_else(|error| fail(format!("{}: cannot be made: {error}", args.out.display())))?;
    let mut wrong = 0;
    let mut rows = Vec::new();
    // Each photograph is the base once; a sample's index is its row.
    for (index, (prefix, base, donor)) in [("a", &a, &b), ("b", &b, &a)].into_iter().enumerate() {
        let mut row = Vec::new();
        for (title, name, method) in COLUMNS {
            let fill = if name == "cutout-noise" { Fill::Noise(NoiseRange::default()) } else { Fill::Zero };
            let plan = plan(args, method, index as u64)?;
            let mut pixels = base.pixels.clone();
            pixels.copy_from_slice(&mix::mixed(level, [&base.pixels, &donor.pixels], 3, args.size, &plan, fill)?);
            let expected = expected(base, donor, &plan, fill, args);
            let differ = pixels.chunks_exact(3).zip(expected.data.chunks_exact(3)).filter(|(p, e)| p != e).count();
            wrong += differ;
            let (w_a, w_b) = plan.label_ratio().weights();
            let caption = match method {
                Some(Method::CutMix | Method::Mixup) => format!("{} {w_a:.2}, {} {w_b:.2}", base.name, donor.name),
                _ => format!("{} 1.00", base.name),
            };
            let verdict = if differ == 0 {
                format!("verified: {} pixels equal the reference", args.size.total())
            } else {
                format!("WRONG: {differ} of {} pixels differ from the reference", args.size.total())
            };
            say(args.quiet, &format!("{prefix}-{name}.png: {caption}; {}{verdict}", details(&plan, method)));
            files::write(&args.out.join(format!("{prefix}-{name}.png")), &rgb_png(&pixels)?)?;
            row.push(Picture { title, caption, pixels });
            if method == Some(Method::CutMix) {
                let mask = mix::mask_png(&plan, args.size)?;
                files::write(&args.out.join(format!("{prefix}-mask.png")), &mask)?;
                row.push(mask_picture(&plan, args.size));
            }
        }
        rows.push(row);
    }
    files::write(&args.out.join("sheet.png"), &rgb_png(&sheet::draw(&rows))?)?;
    let map = coverage::measure(args)?;
    files::write(&args.out.join("coverage.png"), &rgb_png(&map.picture)?)?;
    say(args.quiet, &map.summary);
    say(args.quiet, &format!("look at {} and coverage.png beside it", args.out.join("sheet.png").display()));
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn photo(path: Option<&Path>, name: &str, bundled: &[u8], size: Size) -> Result<Photo, CliError> {
    let (name, image): (String, DynamicImage) = match path {
        Some(path) => (files::stem(path), files::load(path)?),
        None => (
            name.into(),
            image::load_from_memory(bundled).or_else(|error| fail(format!("the bundled {name}: {error}")))?,
        ),
    };
    let image =
        if (image.width(), image.height()) == (size.width(), size.height()) { image } else { scaled(&image, size) };
    Ok(Photo { name, pixels: image.into_rgb8() })
}

/// The plan of a cell; the original's is a `CutMix` plan that is never applied.
fn plan(args: &Args, method: Option<Method>, index: u64) -> Result<SamplePlan, CliError> {
    let config = PlanConfig::cutmix(args.size)
        .with_methods(Methods::Only(method.unwrap_or(Method::CutMix)))?
        .with_alpha(args.alpha)?
        .with_rule(args.rule.core())
        .with_probability(if method.is_some() { 1.0 } else { 0.0 })?;
    Ok(SamplePlan::draw(SampleKey { seed: args.seed, epoch: 0, index }, &config))
}

fn details(plan: &SamplePlan, method: Option<Method>) -> String {
    let Some(method) = method else { return String::new() };
    let patch = if method == Method::Mixup { String::new() } else { format!("box {}; ", plan.patch) };
    format!("lambda {:.6}; {patch}lambda' {}; ", plan.lambda, plan.label_ratio())
}

/// What the reference makes of it.
fn expected(base: &Photo, donor: &Photo, plan: &SamplePlan, fill: Fill<'_, u8>, args: &Args) -> reference::Image<u8> {
    let image = |photo: &Photo| reference::Image {
        planes: 1,
        width: args.size.width(),
        height: args.size.height(),
        elements: 3,
        data: photo.pixels.as_raw().clone(),
    };
    let (base, donor) = (image(base), image(donor));
    let patch = Patch { x0: plan.patch.x0(), y0: plan.patch.y0(), x1: plan.patch.x1(), y1: plan.patch.y1() };
    match plan.method {
        _ if !plan.applied => base,
        Method::CutMix => reference::cutmix(&base, &donor, patch),
        Method::Mixup => reference::mixup_integer(&base, &donor, plan.kept.kept()),
        Method::Cutout => reference::cutout(&base, patch, |p, y, x, e| match fill {
            Fill::Noise(_) => reference::noise_integer(plan.noise.words, base.index(p, y, x, e), 1) as u8,
            Fill::Zero | Fill::Constant(_) => 0,
        }),
    }
}

fn mask_picture(plan: &SamplePlan, size: Size) -> Picture {
    let pixels = RgbImage::from_fn(size.width(), size.height(), |x, y| {
        image::Rgb([if plan.patch.contains(x, y) { 0 } else { 255 }; 3])
    });
    Picture { title: "Mask M", caption: format!("kept {}", plan.kept), pixels }
}

fn rgb_png(pixels: &RgbImage) -> Result<Vec<u8>, CliError> {
    files::encode_png(pixels, pixels.dimensions(), ExtendedColorType::Rgb8)
}
