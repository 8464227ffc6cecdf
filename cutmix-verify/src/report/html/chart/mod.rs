//! Charts as SVG with nothing but shapes and numbers in it. Words are the page's: its styles make them dark or light.

mod evidence;
mod extents;
mod interval;
mod scatter;

use core::ops::Range;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{AsRangedCoord, DefaultFormatting, KeyPointHint, ValueFormatter};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

pub(super) use evidence::{colors, ends, evidence};
pub(super) use extents::{area, sides};
pub(super) use interval::interval;
pub(super) use scatter::{lines, scatter};

/// What was observed, what is expected, and what is refuted: seen on light and on dark alike.
pub(super) const BLUE: RGBColor = RGBColor(0x2f, 0x6f, 0xb5);
pub(super) const ORANGE: RGBColor = RGBColor(0xe0, 0x7a, 0x10);
pub(super) const GREEN: RGBColor = RGBColor(0x2a, 0x9d, 0x55);
pub(super) const RED: RGBColor = RGBColor(0xe4, 0x57, 0x56);

/// Two of these stand side by side, and one fills a phone.
const SMALL: (u32, u32) = (480, 330);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Failed = DrawingAreaErrorKind<<SVGBackend<'static> as DrawingBackend>::ErrorType>;
type Chart<'a, 'b, X> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<X, RangedCoordf64>>;

/// As a style sheet has it.
pub(super) fn hex(RGBColor(r, g, b): RGBColor) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn svg(size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Result<(), Failed>) -> Option<String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&root).and_then(|()| root.present()).ok()?;
    }
    Some(svg)
}

/// What stands at the axes of a small chart.
struct Scales<'a> {
    names: [&'a str; 2],
    x: &'a dyn Fn(&f64) -> String,
    y: &'a dyn Fn(&f64) -> String,
}

/// A small chart: its axes, and then what `body` draws.
fn small<X>(
    x: X,
    y: Range<f64>,
    axes: &Scales<'_>,
    body: impl FnOnce(&mut Chart<'_, '_, X::CoordDescType>) -> Result<(), Failed>,
) -> Option<String>
where
    X: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
{
    svg(SMALL, |root| {
        let mut chart =
            ChartBuilder::on(root).margin(10).x_label_area_size(40).y_label_area_size(56).build_cartesian_2d(x, y)?;
        chart
            .configure_mesh()
            .x_labels(6)
            .y_labels(6)
            .x_label_formatter(&axes.x)
            .y_label_formatter(&axes.y)
            .x_desc(axes.names[0])
            .y_desc(axes.names[1])
            .label_style(("sans-serif", 18))
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.15))
            .draw()?;
        body(&mut chart)
    })
}

/// A logarithmic axis with round numbers at it. Its coordinates are logarithms of base 10, the same on every machine.
#[derive(Clone)]
struct Logs {
    ends: [f64; 2],
    marks: Vec<f64>,
}

/// From one number to another, both positive.
impl From<Range<f64>> for Logs {
    fn from(Range { start, end }: Range<f64>) -> Self {
        let digits = |digits: &[f64]| -> Vec<f64> {
            let mark = |power: i32, digit: f64| {
                // Divided by a whole number, so that 0.2 is 0.2.
                let ten = libm::pow(10.0, f64::from(power.abs()));
                if power < 0 { digit / ten } else { digit * ten }
            };
            let all = (-12..=12).flat_map(|power| digits.iter().map(move |&digit| mark(power, digit)));
            all.filter(|mark| (start..=end).contains(mark)).collect()
        };
        // As many of every power of ten as there is room for.
        let choices = [&[1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0][..], &[1.0, 2.0, 5.0], &[1.0]];
        let marks = choices.map(digits).into_iter().find(|marks| marks.len() <= 8);
        Self { ends: [start, end].map(libm::log10), marks: marks.unwrap_or_else(|| vec![start, end]) }
    }
}

impl Logs {
    /// The number that has a mark at a coordinate.
    fn label(&self, x: f64) -> String {
        let distance = |mark: f64| (libm::log10(mark) - x).abs();
        let nearest = self.marks.iter().copied().min_by(|&a, &b| distance(a).total_cmp(&distance(b)));
        nearest.map_or(String::new(), |mark| mark.to_string())
    }
}

impl Ranged for Logs {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        RangedCoordf64::from(self.range()).map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.marks.iter().map(|&mark| libm::log10(mark)).collect()
    }

    fn range(&self) -> Range<f64> {
        self.ends[0]..self.ends[1]
    }
}

#[cfg(test)]
mod tests {
    use super::Logs;

    #[test]
    fn marks_are_round_and_few() {
        assert_eq!(Logs::from(0.45..1.6).marks, [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5]);
        assert_eq!(Logs::from(0.1..9.0).marks, [0.1, 0.2, 0.5, 1.0, 2.0, 5.0]);
        assert_eq!(Logs::from(4.0..8448.0).marks, [10.0, 100.0, 1000.0]);
        let logs = Logs::from(0.3..1.0);
        assert!(logs.marks.iter().all(|&mark| logs.label(libm::log10(mark)) == mark.to_string()));
    }
}
