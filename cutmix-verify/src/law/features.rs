//! How probable what can be seen of a box is: extents, places, borders, area, pixels.

use super::axis::{Interval, Line, Segment, add, dot, product};
use super::lambda::{Grid, Moments};
use super::shape::Cells;
use crate::profile::shape::{Roots, Shape};

/// All intervals of both axes, for whatever law of lambda. Needs some bytes for every cell and pixel of an axis.
#[derive(Clone, Debug)]
pub(crate) struct Features {
    grid: Grid,
    /// The probabilities of the cells, where they follow no lambda.
    own: Option<Moments>,
    roots: Roots,
    size: [u32; 2],
    cells: [Vec<Vec<Segment>>; 2],
}

fn mass(line: Line, moment: [f64; 3]) -> f64 {
    line[0] * moment[0] + line[1] * moment[1]
}

impl Features {
    /// Of a rule on images of this size (columns, rows).
    pub(crate) fn new(shape: &Shape, size: [u32; 2]) -> Self {
        let Cells { grid, mut entries, own } = shape.cells(size);
        entries.iter_mut().flatten().for_each(|cell| cell.retain(|entry| entry.interval != (0, 0)));
        Self { grid, own, roots: shape.roots, size, cells: entries }
    }

    /// The grid whose moments are asked for.
    pub(crate) const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The sum of the lines of every class in a cell.
    fn lines(&self, axis: usize, cell: usize, number: usize, class: &dyn Fn(Interval) -> usize) -> Vec<Line> {
        let mut lines = vec![[0.0; 2]; number];
        for entry in &self.cells[axis][cell] {
            add(&mut lines[class(entry.interval)], entry.line);
        }
        lines
    }

    /// What is expected of every product of a line of the columns and one of the rows, row after row; `lines` gives those of an
    /// axis in a cell, `numbers` of them.
    fn products(&self, moments: &Moments, numbers: [usize; 2], lines: &dyn Fn(usize, usize) -> Vec<Line>) -> Vec<f64> {
        let moments = self.own.as_ref().unwrap_or(moments);
        if self.roots == Roots::Two {
            let [xs, ys] = [0, 1].map(|axis| {
                let mut sums = vec![0.0; numbers[axis]];
                for (cell, &moment) in moments.iter().enumerate() {
                    sums.iter_mut().zip(lines(axis, cell)).for_each(|(sum, line)| *sum += mass(line, moment));
                }
                sums
            });
            return ys.iter().flat_map(|y| xs.iter().map(move |x| x * y)).collect();
        }
        let mut out = vec![0.0; numbers[0] * numbers[1]];
        for (cell, &moment) in moments.iter().enumerate().filter(|(_, moment)| moment[0] > 0.0) {
            let (xs, ys) = (lines(0, cell), lines(1, cell));
            for (row, &y) in out.chunks_exact_mut(numbers[0].max(1)).zip(&ys) {
                if y != [0.0; 2] {
                    row.iter_mut().zip(&xs).for_each(|(out, &x)| *out += dot(product(x, y), moment));
                }
            }
        }
        out
    }

    /// The probability of every pair of a class of columns and a class of rows, row after row, given that the box is not
    /// empty. Each interval must have a class below `numbers`.
    pub(crate) fn joint(
        &self,
        moments: &Moments,
        numbers: [usize; 2],
        classes: [&dyn Fn(Interval) -> usize; 2],
    ) -> Vec<f64> {
        let mut out =
            self.products(moments, numbers, &|axis, cell| self.lines(axis, cell, numbers[axis], classes[axis]));
        let total: f64 = out.iter().sum();
        if total > 0.0 {
            // A speck below nothing is what differences of nearly equal moments leave.
            for p in &mut out {
                *p = (*p / total).max(0.0);
            }
        }
        out
    }

    /// The same of a class of columns (axis 0) or rows (axis 1) alone.
    #[must_use]
    pub(crate) fn along(
        &self,
        moments: &Moments,
        axis: usize,
        number: usize,
        class: &dyn Fn(Interval) -> usize,
    ) -> Vec<f64> {
        let (mut numbers, all) = ([1; 2], |_: Interval| 0);
        numbers[axis] = number;
        self.joint(moments, numbers, if axis == 0 { [class, &all] } else { [&all, class] })
    }

    /// The probability of every area in pixels, from 0 on, given that the box is not empty.
    pub(crate) fn areas(&self, moments: &Moments) -> Vec<f64> {
        let [width, height] = self.size.map(|length| length as usize);
        let extent = |(lo, hi): Interval| (hi - lo) as usize;
        let joint = self.joint(moments, [width + 1, height + 1], [&extent, &extent]);
        let mut areas = vec![0.0; width * height + 1];
        for (h, row) in joint.chunks_exact(width + 1).enumerate() {
            for (w, p) in row.iter().enumerate() {
                areas[w * h] += p;
            }
        }
        areas
    }

    /// The probability that each pixel is replaced, row by row, given that the box is not empty.
    pub(crate) fn coverage(&self, moments: &Moments) -> Vec<f64> {
        let size = self.size.map(|length| length as usize);
        let cover = |axis: usize, cell: usize| -> Vec<Line> {
            // Differences first, sums after.
            let mut lines = vec![[0.0; 2]; size[axis] + 1];
            for Segment { interval: (lo, hi), line } in &self.cells[axis][cell] {
                add(&mut lines[*lo as usize], *line);
                add(&mut lines[*hi as usize], line.map(|value| -value));
            }
            for i in 1..lines.len() {
                let before = lines[i - 1];
                add(&mut lines[i], before);
            }
            lines.truncate(size[axis]);
            lines
        };
        let mut out = self.products(moments, size, &cover);
        let all = self.products(moments, [1, 1], &|axis, cell| self.lines(axis, cell, 1, &|_| 0))[0];
        if all > 0.0 {
            for p in &mut out {
                *p /= all;
            }
        }
        out
    }

    /// The probability that two draws are the same box, given that neither is empty. For rules with one root; within a cell
    /// `s` is taken for its mean.
    pub(crate) fn collision(&self, moments: &Moments) -> f64 {
        let moments = self.own.as_ref().unwrap_or(moments);
        let number = moments.len();
        let means: Vec<f64> = moments.iter().map(|m| if m[0] > 0.0 { m[1] / m[0] } else { 0.0 }).collect();
        let same: [Vec<f64>; 2] = core::array::from_fn(|axis| {
            let side = self.size[axis] as usize + 1;
            let mut pieces: Vec<Vec<(usize, f64)>> = vec![Vec::new(); side * side];
            for (cell, entries) in self.cells[axis].iter().enumerate() {
                for entry in entries {
                    let place = entry.interval.0 as usize * side + entry.interval.1 as usize;
                    pieces[place].push((cell, entry.at(means[cell])));
                }
            }
            let mut same = vec![0.0; number * number];
            for list in &pieces {
                for &(i, p) in list {
                    for &(j, q) in list {
                        same[i * number + j] += p * q;
                    }
                }
            }
            same
        });
        let filled =
            |axis: usize, cell: usize| self.cells[axis][cell].iter().map(|entry| entry.at(means[cell])).sum::<f64>();
        let all: f64 = (0..number).map(|cell| moments[cell][0] * filled(0, cell) * filled(1, cell)).sum();
        let mut sum = 0.0;
        for i in 0..number {
            for j in 0..number {
                let place = i * number + j;
                sum += moments[i][0] * moments[j][0] * same[0][place] * same[1][place];
            }
        }
        if all > 0.0 { sum / (all * all) } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::boxes::Table;
    use crate::law::lambda::Lambda;
    use crate::law::reference::{every_box, number, reference};
    use crate::profile::shape::{SHAPES, shape_named};
    use crate::reference::Patch;

    #[test]
    fn features_are_sums_over_boxes() {
        let size = [9, 5];
        let boxes = every_box(size);
        for shape in SHAPES {
            for law in [Lambda::beta(0.4), Lambda::beta(2.5), Lambda::NoRoot(1.0)] {
                let table = Table::new(shape, size, &boxes);
                let features = Features::new(shape, size);
                let moments = law.moments(table.grid());
                let mut p = Vec::new();
                table.given_filled(&moments, &mut p);
                let sum = |of: &dyn Fn(&Patch) -> bool| -> f64 {
                    boxes.iter().zip(&p).filter(|(b, _)| of(b)).map(|(_, p)| p).sum()
                };
                for (area, ours) in features.areas(&moments).iter().enumerate() {
                    let sum = sum(&|b| b.area() == area as u64);
                    assert!((ours - sum).abs() < 1e-9, "{} area {area}: {ours} {sum}", shape.name);
                }
                for (pixel, ours) in features.coverage(&moments).iter().enumerate() {
                    let (x, y) = (pixel as u32 % 9, pixel as u32 / 9);
                    let sum = sum(&|b| b.contains(x, y));
                    assert!((ours - sum).abs() < 1e-9, "{} pixel {x} {y}: {ours} {sum}", shape.name);
                }
            }
        }
    }

    #[test]
    fn touches_and_collisions_are_the_known_ones() {
        let known = reference();
        for (size, [width, height]) in [("40x24", [40, 24]), ("32x32", [32, 32]), ("224x224", [224, 224])] {
            let features = Features::new(shape_named("official").unwrap(), [width, height]);
            for (alpha, key, long) in [(0.2, "0.2", "0.2"), (1.0, "1", "1.0")] {
                let moments = Lambda::beta(alpha).moments(features.grid());
                let core = &known["core"][format!("{size},alpha={key}")];
                let class = |length: u32| {
                    move |(lo, hi): Interval| match (lo == 0, hi == length) {
                        (true, _) => 0,
                        (_, true) => 2,
                        _ => 1,
                    }
                };
                let touch = features.joint(&moments, [3, 3], [&class(width), &class(height)]);
                let names = ["lo", "in", "hi"];
                for (place, ours) in touch.iter().enumerate() {
                    let name = format!("x_{},y_{}", names[place % 3], names[place / 3]);
                    let expected = number(&core["touch_pattern_3x3_given_nonempty"][&name]);
                    assert!((ours - expected).abs() < 1e-12, "{size} {alpha} {name}: {ours} {expected}");
                }
                let collision = number(&known["misc"][format!("collision {size} a={long}")]["nonempty"]);
                let ours = features.collision(&moments);
                // That of the largest size was simulated.
                let tolerance = if width == 224 { 0.05 } else { 1e-9 };
                assert!((ours / collision - 1.0).abs() < tolerance, "{size} {alpha}: {ours} {collision}");
                let filled = 1.0 - number(&core["p_area0"]);
                let coverage = features.coverage(&moments);
                for (name, at) in [("coverage_TL(0,0)", 0), ("coverage_BR(H-1,W-1)", (width * height - 1) as usize)] {
                    let expected = number(&core[name]);
                    assert!((coverage[at] * filled - expected).abs() < 1e-12, "{size} {alpha} {name}");
                }
            }
        }
    }
}
