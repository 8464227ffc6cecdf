//! The heat map: how often each pixel is replaced over many plans, beside the exact expectation.

use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
use image::{Rgb, RgbImage};

use super::Args;
use super::draw::{INK, PAPER, fit, rectangle, text};
use crate::cli::CliError;
use crate::law;

const PLANS: u32 = 100_000;
/// The longer side of the map in cells: fine enough to see the shape, coarse enough to compare cell by cell.
const SIDE: u32 = 96;

pub(super) struct Map {
    pub(super) picture: RgbImage,
    pub(super) summary: String,
}

/// Draws the plans and compares them with the law.
pub(super) fn measure(args: &Args) -> Result<Map, CliError> {
    let longer = args.size.width().max(args.size.height());
    let cells =
        |side: u32| if longer <= SIDE { side } else { (side as u64 * SIDE as u64 / longer as u64).max(1) as u32 };
    let size = Size::new(cells(args.size.width()), cells(args.size.height()))?;
    let config = PlanConfig::cutmix(size).with_alpha(args.alpha)?.with_rule(args.rule.core());
    let observed = count(args.seed, &config);
    let expected = law::coverage(args.rule.reference(), args.alpha, size.width(), size.height());
    let worst = observed
        .iter()
        .zip(&expected)
        .map(|(&o, &e)| (o - e).abs() / (e * (1.0 - e) / f64::from(PLANS)).sqrt().max(1e-12))
        .fold(0.0, f64::max);
    let summary = format!(
        "coverage.png: {PLANS} plans at {size}; the largest deviation of a pixel's rate from the exact law is {worst:.2} standard errors over {} pixels",
        size.total()
    );
    let title = format!("alpha {}, rule {}, {size} pixels, {PLANS} plans", args.alpha, args.rule.core().name());
    Ok(Map { picture: draw(&observed, &expected, size, &title), summary })
}

/// The share of plans that replace each pixel: corners of the boxes summed up to areas.
fn count(seed: u64, config: &PlanConfig) -> Vec<f64> {
    let (width, height) = (config.size().width() as usize, config.size().height() as usize);
    let pitch = width + 1;
    let mut corners = vec![0_i64; pitch * (height + 1)];
    for index in 0..PLANS {
        let patch = SamplePlan::draw(SampleKey { seed, epoch: 1, index: index.into() }, config).patch;
        let at = |x: u32, y: u32| y as usize * pitch + x as usize;
        corners[at(patch.x0(), patch.y0())] += 1;
        corners[at(patch.x1(), patch.y1())] += 1;
        corners[at(patch.x0(), patch.y1())] -= 1;
        corners[at(patch.x1(), patch.y0())] -= 1;
    }
    for y in 0..=height {
        for x in 0..=width {
            let at = |x: usize, y: usize| corners[y * pitch + x];
            let left = if x > 0 { at(x - 1, y) } else { 0 };
            let up = if y > 0 { at(x, y - 1) } else { 0 };
            let both = if x > 0 && y > 0 { at(x - 1, y - 1) } else { 0 };
            corners[y * pitch + x] += left + up - both;
        }
    }
    (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .map(|(x, y)| corners[y * pitch + x] as f64 / f64::from(PLANS))
        .collect()
}

fn color(rate: f64, top: f64) -> Rgb<u8> {
    let color = colorous::VIRIDIS.eval_continuous((rate / top).clamp(0.0, 1.0));
    Rgb([color.r, color.g, color.b])
}

fn draw(observed: &[f64], expected: &[f64], size: Size, title: &str) -> RgbImage {
    let cell = (480 / size.width().max(size.height())).max(1);
    let (width, height) = (size.width() * cell, size.height() * cell);
    // Half is the highest rate that the paper's law gives any pixel; other rules stay near it.
    let top = observed.iter().chain(expected).copied().fold(0.5, f64::max);
    let (gap, head, panel) = (24, 76, width.max(200));
    let mut picture = RgbImage::from_pixel(3 * gap + 2 * panel + 110, head + height.max(160) + 2 * gap, PAPER);
    let middle = picture.width() / 2;
    let room = picture.width() - 8;
    text(&mut picture, title, (middle, 10), fit(title, room, 20.0, true), true);
    for (i, (name, rates)) in [("observed", observed), ("exact expectation", expected)].into_iter().enumerate() {
        let left = gap + i as u32 * (panel + gap) + (panel - width) / 2;
        text(&mut picture, name, (left + width / 2, 44), 20.0, false);
        for (row, y) in rates.chunks_exact(size.width() as usize).zip(0_u32..) {
            for (&rate, x) in row.iter().zip(0_u32..) {
                rectangle(&mut picture, (left + x * cell, head + y * cell), (cell, cell), color(rate, top));
            }
        }
    }
    let (left, tall) = (3 * gap + 2 * panel, height.max(160));
    for y in 0..tall {
        let rate = top * f64::from(tall - 1 - y) / f64::from(tall - 1);
        rectangle(&mut picture, (left, head + y), (26, 1), color(rate, top));
    }
    for step in 0..=5 {
        let y = head + (tall - 1) * (5 - step) / 5;
        rectangle(&mut picture, (left + 26, y), (6, 1), INK);
        let label = format!("{:.2}", top * f64::from(step) / 5.0);
        text(&mut picture, &label, (left + 60, y.saturating_sub(9)), 18.0, false);
    }
    text(&mut picture, "share of plans that replace the pixel", (middle, head + tall + 12), 18.0, false);
    picture
}
