//! The alphas that are left, beside the one that was given.

use plotters::prelude::*;

use super::{BLUE, GREEN, Logs, svg};
use crate::report::LawRun;

/// One line of marks and a bar above it.
const SIZE: (u32, u32) = (480, 104);

/// The interval as a bar with its most likely alpha, above a band of the alphas that are near enough to the given one.
pub(in crate::report) fn interval(run: &LawRun) -> Option<String> {
    let interval = run.interval?;
    let band = run.alpha.map(|alpha| [alpha / run.tolerance, alpha * run.tolerance]);
    let ends = || [interval.low, interval.high].into_iter().chain(band.into_iter().flatten());
    let (low, high) = (ends().fold(f64::MAX, f64::min) / 1.15, ends().fold(0.0, f64::max) * 1.15);
    let valid = low.is_finite() && low > 0.0 && high.is_finite() && low < high;
    if !valid {
        return None;
    }
    let logs = Logs::from(low..high);
    let [from, hat, to] = [interval.low, interval.hat, interval.high].map(libm::log10);
    svg(SIZE, |root| {
        let mut chart =
            ChartBuilder::on(root).margin(6).x_label_area_size(46).build_cartesian_2d(logs.clone(), 0.0..1.0_f64)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .x_label_formatter(&|x| logs.label(*x))
            .x_desc("alpha")
            .label_style(("sans-serif", 18))
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.15))
            .draw()?;
        if let (Some(band), Some(alpha)) = (band, run.alpha) {
            let [least, most] = band.map(libm::log10);
            chart.draw_series([Rectangle::new([(least, 0.0), (most, 1.0)], GREEN.mix(0.22).filled())])?;
            chart.draw_series(LineSeries::new([0.0, 1.0].map(|y| (libm::log10(alpha), y)), GREEN.stroke_width(2)))?;
        }
        chart.draw_series(LineSeries::new([from, to].map(|x| (x, 0.5)), BLUE.stroke_width(4)))?;
        for end in [from, to] {
            chart.draw_series(LineSeries::new([0.25, 0.75].map(|y| (end, y)), BLUE.stroke_width(2)))?;
        }
        chart.draw_series([Circle::new((hat, 0.5), 6, BLUE.filled())])?;
        Ok(())
    })
}
