//! Sides and areas of boxes beside the exact law of an accepted rule.

use plotters::prelude::*;

use super::{BLUE, ORANGE, Scales, small};
use crate::report::Extents;

/// Bars of a histogram, at most.
const BARS: usize = 96;
/// What a count of a right implementation is away from its mean once in a million, in standard deviations.
const SPREAD: f64 = 4.9;

/// How often boxes have as many columns (axis 0) or rows (axis 1): bars, and dots with whiskers for what is expected.
pub(in crate::report) fn sides(extents: &Extents, axis: usize) -> Option<String> {
    let all = extents.sides.get(axis).filter(|all| !all.is_empty())?;
    // Wide images have several numbers in one bar.
    let step = all.len().div_ceil(BARS);
    let bars: Vec<(f64, f64, f64)> = all
        .chunks(step)
        .enumerate()
        .map(|(i, chunk)| {
            let count: u64 = chunk.iter().map(|(count, _)| count).sum();
            let p: f64 = chunk.iter().map(|(_, p)| p).sum();
            ((i * step) as f64 - 0.5, count as f64, p.clamp(0.0, 1.0))
        })
        .collect();
    let draws = extents.draws as f64;
    let whisker = |p: f64| SPREAD * (draws * p * (1.0 - p)).sqrt();
    let most = bars.iter().map(|&(_, count, p)| count.max(draws * p + whisker(p))).fold(1.0, f64::max);
    let width = step as f64;
    let names = [["columns of a box", "boxes"], ["rows of a box", "boxes"]];
    let axes = Scales { names: *names.get(axis)?, x: &|x| format!("{x}"), y: &|y| format!("{y}") };
    small(-0.5..bars.len() as f64 * width - 0.5, 0.0..most * 1.05, &axes, |chart| {
        chart.draw_series(bars.iter().filter(|bar| bar.1 > 0.0).map(|&(x, count, _)| {
            Rectangle::new([(x + 0.1 * width, 0.0), (x + 0.9 * width, count)], BLUE.mix(0.7).filled())
        }))?;
        for &(x, _, p) in bars.iter().filter(|bar| bar.2 > 0.0) {
            let (x, mean, spread) = (x + 0.5 * width, draws * p, whisker(p));
            let ends = [(x, (mean - spread).max(0.0)), (x, mean + spread)];
            chart.draw_series(LineSeries::new(ends, ORANGE.stroke_width(2)))?;
            chart.draw_series([Circle::new((x, mean), 3, ORANGE.filled())])?;
        }
        Ok(())
    })
}

/// The share of boxes up to an area, as a line above the band around what is expected.
pub(in crate::report) fn area(extents: &Extents) -> Option<String> {
    if extents.area.is_empty() {
        return None;
    }
    let axes = Scales {
        names: ["area, as a share of the image", "share of boxes up to it"],
        x: &|x| format!("{x:.1}"),
        y: &|y| format!("{y:.1}"),
    };
    let edge = |sign: f64| {
        extents.area.iter().map(move |&(area, _, expected)| (area, (expected + sign * extents.band).clamp(0.0, 1.0)))
    };
    let band: Vec<(f64, f64)> = edge(1.0).chain(edge(-1.0).rev()).collect();
    small(0.0..1.0_f64, 0.0..1.0, &axes, |chart| {
        chart.draw_series([Polygon::new(band, ORANGE.mix(0.3))])?;
        let line = |of: fn(&(f64, f64, f64)) -> f64| extents.area.iter().map(move |point| (point.0, of(point)));
        chart.draw_series(LineSeries::new(line(|point| point.2), ORANGE.stroke_width(2)))?;
        chart.draw_series(LineSeries::new(line(|point| point.1), BLUE.stroke_width(2)))?;
        Ok(())
    })
}
