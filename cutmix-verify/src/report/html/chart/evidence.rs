//! How evidence grew with the draws.

use plotters::prelude::*;

use super::{BLUE, GREEN, Logs, ORANGE, RED, Scales, hex, small};
use crate::report::model_law::{REFUTED, SURE};
use crate::report::{Curve, LawRun};

/// Evidence is drawn from the first to the second; what is beyond lies on the edge.
const ENDS: [i32; 2] = [-4, 12];
/// What refutes a deviation, and from where a rule is ruled out.
const LIMITS: [f64; 2] = [REFUTED, SURE];
/// Colours of curves, in order.
const COLORS: [RGBColor; 7] = [
    BLUE,
    ORANGE,
    GREEN,
    RGBColor(0xb2, 0x79, 0xa2),
    RGBColor(0x1b, 0x9e, 0xa8),
    RGBColor(0xa8, 0x7b, 0x4f),
    RGBColor(0x88, 0x88, 0x88),
];

/// The bounds of the drawing, for its words.
pub(in crate::report) const fn ends() -> [i32; 2] {
    ENDS
}

/// Curves that can be told apart on paper: a law in binary32 has the course of the same law.
fn distinct(run: &LawRun) -> Vec<&Curve> {
    let near = |a: &Curve, b: &Curve| {
        a.points.len() == b.points.len() && a.points.iter().zip(&b.points).all(|(a, b)| (a.1 - b.1).abs() < 0.05)
    };
    let mut shown: Vec<&Curve> = Vec::new();
    for curve in run.curves.iter().filter(|curve| !curve.points.is_empty()) {
        if shown.len() < COLORS.len() && shown.iter().all(|other| !near(curve, other)) {
            shown.push(curve);
        }
    }
    shown
}

/// Colours and names of the curves.
pub(in crate::report) fn colors(run: &LawRun) -> Vec<(String, String)> {
    distinct(run).iter().zip(COLORS).map(|(curve, color)| (hex(color), curve.against.to_string())).collect()
}

/// Evidence against draws, which have a logarithmic axis, with lines where it refutes and rules out.
pub(in crate::report) fn evidence(run: &LawRun) -> Option<String> {
    let curves = distinct(run);
    let draws = || curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.0.max(1)));
    let (first, last) = (draws().min()? as f64, draws().max()? as f64);
    let last = last.max(first + 1.0);
    let logs = Logs::from(first..last);
    let axes = Scales { names: ["draws", "log10 of the evidence"], x: &|x| logs.label(*x), y: &|y| format!("{y}") };
    let [low, high] = ENDS.map(f64::from);
    small(logs.clone(), low..high, &axes, |chart| {
        for limit in LIMITS {
            chart.draw_series(LineSeries::new(logs.ends.map(|x| (x, limit)), RED.mix(0.7).stroke_width(1)))?;
        }
        for (curve, color) in curves.iter().zip(COLORS) {
            let points = curve.points.iter().map(|&(x, y)| (libm::log10(x.max(1) as f64), y.clamp(low, high)));
            chart.draw_series(LineSeries::new(points, color.stroke_width(2)))?;
        }
        Ok(())
    })
}
