//! Kept fractions against label weights.

use minijinja::Value;
use plotters::prelude::*;

use super::{Area, Failed, hex, svg};
use crate::report::Point;

/// Width and height in the units of the drawing.
const SIZE: (u32, u32) = (720, 460);

/// A weight as a function of the kept fraction, as some rule has it.
struct Guide {
    name: &'static str,
    weight: fn(f64) -> f64,
    color: RGBColor,
}

/// The right rule first.
const GUIDES: [Guide; 5] = [
    Guide { name: "kept fraction (right)", weight: |kept| kept, color: RGBColor(0x2a, 0x9d, 0x55) },
    Guide { name: "swapped", weight: |kept| 1.0 - kept, color: RGBColor(0xe4, 0x57, 0x56) },
    Guide { name: "side, not area", weight: |kept| 1.0 - libm::sqrt(1.0 - kept), color: RGBColor(0xb2, 0x79, 0xa2) },
    Guide { name: "squared", weight: |kept| kept * kept, color: RGBColor(0xf5, 0x85, 0x18) },
    Guide { name: "constant 1/2", weight: |_| 0.5, color: RGBColor(0x88, 0x88, 0x88) },
];
const POINTS: RGBColor = super::BLUE;

fn draw(points: &[Point], root: &Area<'_>) -> Result<(), Failed> {
    let mut chart = ChartBuilder::on(root)
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..1.0_f64, 0.0..1.0_f64)?;
    chart
        .configure_mesh()
        .x_labels(6)
        .y_labels(6)
        .x_label_formatter(&|x| format!("{x:.1}"))
        .y_label_formatter(&|y| format!("{y:.1}"))
        .x_desc("fraction of the base's pixels that were kept")
        .y_desc("weight of the base in the label")
        .label_style(("sans-serif", 15))
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.15))
        .draw()?;
    // Beyond the square there is nothing right; such points are put on its edge.
    let inside = |value: f64| if value.is_finite() { value.clamp(0.0, 1.0) } else { 0.0 };
    chart.draw_series(
        points.iter().map(|p| Circle::new((inside(p.kept), inside(p.weight)), 2, POINTS.mix(0.55).filled())),
    )?;
    for Guide { weight, color, .. } in GUIDES {
        let line = (0..=60).map(|i| (f64::from(i) / 60.0, weight(f64::from(i) / 60.0)));
        chart.draw_series(LineSeries::new(line, color.stroke_width(2)))?;
    }
    Ok(())
}

pub(in crate::report) fn lines() -> Value {
    GUIDES.iter().map(|rule| [hex(rule.color), rule.name.into()]).collect()
}

/// The scatter of kept fractions and label weights with the lines of right and wrong rules; `None` without points.
pub(in crate::report) fn scatter(points: &[Point]) -> Option<String> {
    if points.is_empty() {
        return None;
    }
    svg(SIZE, |root| draw(points, root))
}
