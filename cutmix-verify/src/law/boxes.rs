//! How probable boxes are.

use super::axis::{Interval, Line, Segment, add, dot, product};
use super::lambda::{Grid, Moments};
use super::shape::Cells;
use crate::profile::shape::{Roots, Shape};
use crate::reference::Patch;

/// A cell of a grid, and the line in it.
type Piece = (u32, Line);

/// A cell of a grid, and a probability in it as a polynomial in `s`; those of one thing add up.
type Term = (u32, [f64; 3]);

fn expected<'a>(sums: &'a [Vec<Term>], moments: &'a Moments) -> impl Iterator<Item = f64> + 'a {
    sums.iter().map(|terms| terms.iter().map(|&(cell, by_power)| dot(by_power, moments[cell as usize])).sum())
}

/// The terms of both at once, where both axes share `s`.
fn both(columns: &[Piece], rows: &[Piece]) -> Vec<Term> {
    let (mut i, mut j, mut terms) = (0, 0, Vec::new());
    while let (Some(&(x, of_x)), Some(&(y, of_y))) = (columns.get(i), rows.get(j)) {
        if x == y {
            terms.push((x, product(of_x, of_y)));
        }
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    terms
}

/// What is needed of one axis: the pieces of some intervals, and of the empty one.
struct Lines {
    /// In the order asked for; cells ascend.
    wanted: Vec<Vec<Piece>>,
    empty: Vec<Line>,
}

impl Lines {
    fn new(length: u32, cells: &[Vec<Segment>], intervals: &[Interval]) -> Self {
        // From an interval to its place among the wanted.
        let side = length as usize + 1;
        let mut places = vec![u32::MAX; side * side];
        for (place, &(lo, hi)) in intervals.iter().enumerate() {
            places[lo as usize * side + hi as usize] = place as u32;
        }
        let mut wanted: Vec<Vec<Piece>> = vec![Vec::new(); intervals.len()];
        let mut empty = vec![[0.0; 2]; cells.len()];
        for (cell, (empty, entries)) in empty.iter_mut().zip(cells).enumerate() {
            for &Segment { interval: (lo, hi), line } in entries {
                if hi == 0 {
                    add(empty, line);
                    continue;
                }
                let place = places[lo as usize * side + hi as usize];
                let Some(pieces) = wanted.get_mut(place as usize) else { continue };
                match pieces.last_mut() {
                    // Different centres, one box.
                    Some((last, sum)) if *last == cell as u32 => add(sum, line),
                    _ => pieces.push((cell as u32, line)),
                }
            }
        }
        Self { wanted, empty }
    }
}

/// The probabilities of some boxes under one rule, for whatever law of lambda.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    grid: Grid,
    /// The probabilities of the cells, where they follow no lambda.
    own: Option<Moments>,
    /// Whether each axis has a lambda of its own.
    two: bool,
    /// Of boxes where both axes share `s`; else of intervals, by axis.
    sums: [Vec<Vec<Term>>; 2],
    /// Where each box's intervals are in `sums`, with two roots.
    places: Vec<[u32; 2]>,
    /// Not empty, by cell; else by axis and cell.
    filled: [Vec<[f64; 3]>; 2],
}

impl Table {
    /// Of boxes on an image of this size. Costs a few entries a cell and pixel of an axis, and some cells a box.
    ///
    /// # Panics
    /// If a box leaves the image or is empty.
    pub(crate) fn new(shape: &Shape, [width, height]: [u32; 2], boxes: &[Patch]) -> Self {
        let Cells { grid, entries, own } = shape.cells([width, height]);
        let intervals: [Vec<Interval>; 2] = core::array::from_fn(|axis| {
            let mut intervals: Vec<Interval> = boxes.iter().map(|patch| patch.span(axis)).collect();
            intervals.sort_unstable();
            intervals.dedup();
            intervals
        });
        let lines: [Lines; 2] =
            core::array::from_fn(|axis| Lines::new([width, height][axis], &entries[axis], &intervals[axis]));
        let place = |patch: &Patch| -> [u32; 2] {
            core::array::from_fn(|axis| intervals[axis].partition_point(|known| *known < patch.span(axis)) as u32)
        };
        let places: Vec<[u32; 2]> = boxes.iter().map(place).collect();
        let full = |line: Line| [1.0 - line[0], -line[1]];
        let alone = |line: Line| [line[0], line[1], 0.0];
        let (sums, filled) = if shape.roots == Roots::Two {
            let terms = |pieces: &Vec<Piece>| pieces.iter().map(|&(cell, line)| (cell, alone(line))).collect();
            (
                lines.each_ref().map(|lines| lines.wanted.iter().map(terms).collect()),
                lines.each_ref().map(|lines| lines.empty.iter().map(|&line| alone(full(line))).collect()),
            )
        } else {
            let [xs, ys] = &lines;
            let terms = |&[x, y]: &[u32; 2]| both(&xs.wanted[x as usize], &ys.wanted[y as usize]);
            let cells = xs.empty.iter().zip(&ys.empty).map(|(&x, &y)| product(full(x), full(y)));
            ([places.iter().map(terms).collect(), Vec::new()], [cells.collect(), Vec::new()])
        };
        Self { grid, own, two: shape.roots == Roots::Two, sums, places, filled }
    }

    /// The grid whose moments are asked for.
    pub(crate) const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The probability that a box is not empty.
    pub(crate) fn filled(&self, moments: &Moments) -> f64 {
        let moments = self.own.as_ref().unwrap_or(moments);
        let of = |cells: &[[f64; 3]]| cells.iter().zip(moments).map(|(&cell, &moment)| dot(cell, moment)).sum::<f64>();
        if self.two { of(&self.filled[0]) * of(&self.filled[1]) } else { of(&self.filled[0]) }
    }

    /// The probability of every box among boxes that are not empty, in the order in which they were given. Costs three
    /// multiplications a box and cell.
    pub(crate) fn given_filled(&self, moments: &Moments, out: &mut Vec<f64>) {
        out.clear();
        let moments = self.own.as_ref().unwrap_or(moments);
        let filled = self.filled(moments);
        let scale = if filled > 0.0 { 1.0 / filled } else { 0.0 };
        // Differences of nearly equal moments may leave a speck below nothing.
        let clean = |p: f64| if p > 1e-18 { p * scale } else { 0.0 };
        if self.two {
            let [xs, ys] = [0, 1].map(|axis| expected(&self.sums[axis], moments).collect::<Vec<f64>>());
            out.extend(self.places.iter().map(|place| clean(xs[place[0] as usize] * ys[place[1] as usize])));
        } else {
            out.extend(expected(&self.sums[0], moments).map(clean));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::lambda::Lambda;
    use crate::law::reference::{every_box, number, reference};
    use crate::profile::shape::{SHAPES, shape_named};

    /// A table of some boxes under a law: how probable it is that a box is not empty, and each of them among those that are not.
    fn probabilities(table: &Table, law: &Lambda) -> (f64, Vec<f64>) {
        let moments = law.moments(table.grid());
        let mut p = Vec::new();
        table.given_filled(&moments, &mut p);
        (table.filled(&moments), p)
    }

    /// Expected share of an image's area.
    fn mean_area(boxes: &[Patch], p: &[f64], filled: f64, [width, height]: [u32; 2]) -> f64 {
        let area = |b: &Patch| f64::from(b.width() * b.height()) / f64::from(width * height);
        boxes.iter().zip(p).map(|(b, p)| area(b) * p).sum::<f64>() * filled
    }

    const KNOWN: [(&str, &str); 21] = [
        ("core", "official"),
        ("full width (cut, odd ok)", "full-extent"),
        ("full width, round", "full-round"),
        ("round(Ws)//2 (fastai)", "round-half"),
        ("round(Ws/2)", "half-round"),
        ("ceil(Ws/2)", "half-ceil"),
        ("real centre, trunc", "real-truncated"),
        ("real centre, round", "paper"),
        ("min 1px (keras.io example)", "least-one"),
        ("centre 0..W inclusive", "centre-inclusive"),
        ("centre 1..W", "centre-one-based"),
        ("centre 0..W-2", "centre-short"),
        ("inside only", "inside"),
        ("inside only, W-cut-1 (kornia)", "inside-short"),
        ("inside real (keras3)", "inside-real"),
        ("corner anchored, ceil (MONAI)", "corner"),
        ("full-height strip", "strip"),
        ("indep lambda per axis", "two-lambdas"),
        ("W scale from H", "width-from-height"),
        ("cut W/H swapped, centres ok", "sides-exchanged"),
        ("W/H swapped (ART axes)", "transposed"),
    ];

    #[test]
    fn empty_boxes_and_mean_areas_are_the_known_ones() {
        let known = reference();
        for (width, height) in [(40, 24), (32, 32)] {
            let boxes = every_box([width, height]);
            for (alpha, key) in [(0.2, "0.2"), (0.5, "0.5"), (1.0, "1.0"), (2.0, "2.0")] {
                let rows = &known["profiles"][format!("{width}x{height},alpha={key}")];
                let beta = |a, b| Lambda::Beta { a, b };
                // In terms of q = 1 - lambda, so the parameters are exchanged.
                let laws = [
                    ("Beta(a+1,a)", beta(alpha, alpha + 1.0)),
                    ("Beta(a,1)", beta(1.0, alpha)),
                    ("Beta(1,a)", beta(alpha, 1.0)),
                    ("sqrt omitted", Lambda::NoRoot(alpha)),
                ];
                let shapes = KNOWN.map(|(theirs, ours)| (theirs, ours, beta(alpha, alpha)));
                for (theirs, ours, law) in shapes.into_iter().chain(laws.map(|(theirs, law)| (theirs, "official", law)))
                {
                    let table = Table::new(shape_named(ours).unwrap(), [width, height], &boxes);
                    let (filled, p) = probabilities(&table, &law);
                    let total: f64 = p.iter().sum();
                    assert!((total - 1.0).abs() < 1e-9, "{theirs}: {total}");
                    let mean = mean_area(&boxes, &p, filled, [width, height]);
                    let row = &rows[theirs];
                    // At 1 these are the law itself.
                    if row.is_null() && alpha == 1.0 && ["Beta(a,1)", "Beta(1,a)"].contains(&theirs) {
                        continue;
                    }
                    // The last is interpolated between the grid's points; the known values of real centres are good to
                    // 5e-7 (0.115605735993711 is the first of them in 30 digits).
                    let tolerance = match ours {
                        "paper" | "real-truncated" => 5e-7,
                        "inside-real" => 2e-4,
                        _ => 1e-9,
                    };
                    for (name, value, expected) in
                        [("empty", 1.0 - filled, &row["p_empty"]), ("area", mean, &row["E_area_frac"])]
                    {
                        let expected = number(expected);
                        let close = (value - expected).abs() < tolerance;
                        assert!(close, "{theirs} at {alpha} on {width}x{height}: {name} {value}, not {expected}");
                    }
                }
            }
        }
    }

    #[test]
    fn cells_of_the_official_rule_are_the_known_ones() {
        let known = reference();
        for (size, width, height) in [("40x24", 40, 24), ("32x32", 32, 32), ("224x224", 224, 224)] {
            for (alpha, key) in [(0.2, "0.2"), (0.5, "0.5"), (1.0, "1"), (2.0, "2")] {
                let core = &known["core"][format!("{size},alpha={key}")];
                // The grid has an edge at every whole multiple of 1/L; halves of sides change at the even ones.
                let grid = Grid::new(width, height, 1);
                let moments = Lambda::beta(alpha).moments(&grid);
                let mut cells = std::collections::BTreeMap::<[u32; 2], f64>::new();
                for (cell, moment) in moments.iter().enumerate() {
                    let half = |length: u32| (f64::from(length) * grid.inside(cell) / 2.0).floor() as u32;
                    *cells.entry([half(width), half(height)]).or_default() += moment[0];
                }
                for row in core["cells"].as_array().unwrap() {
                    let key = [row[0].as_u64().unwrap() as u32, row[1].as_u64().unwrap() as u32];
                    let expected = number(&row[2]);
                    let ours = cells[&key];
                    assert!((ours / expected - 1.0).abs() < 1e-11, "{size} {alpha} {key:?}: {ours}, not {expected}");
                }
            }
        }
    }

    #[test]
    fn areas_of_the_official_rule_are_the_known_ones() {
        let known = reference();
        let (width, height) = (40, 24);
        let boxes = every_box([width, height]);
        let table = Table::new(shape_named("official").unwrap(), [width, height], &boxes);
        for (alpha, key) in [(0.2, "0.2"), (0.5, "0.5"), (1.0, "1"), (2.0, "2")] {
            let core = &known["core"][format!("40x24,alpha={key}")];
            let (filled, p) = probabilities(&table, &Lambda::beta(alpha));
            let sum = |wanted: &dyn Fn(&Patch) -> bool| -> f64 {
                boxes.iter().zip(&p).filter(|(b, _)| wanted(b)).map(|(_, p)| p).sum()
            };
            for row in core["area_pmf_px"].as_array().unwrap() {
                let (area, expected) = (row[0].as_u64().unwrap() as u32, number(&row[1]));
                let ours = match area {
                    0 => 1.0 - filled,
                    _ => filled * sum(&|b| b.width() * b.height() == area),
                };
                assert!((ours - expected).abs() < 1e-11, "alpha {alpha}, {area} pixels: {ours}, not {expected}");
            }
            for (name, ours) in [
                ("p_x1_eq_0_given_nonempty", sum(&|b| b.x0 == 0)),
                ("p_x2_eq_W_given_nonempty", sum(&|b| b.x1 == width)),
                ("p_y1_eq_0_given_nonempty", sum(&|b| b.y0 == 0)),
                ("p_y2_eq_H_given_nonempty", sum(&|b| b.y1 == height)),
            ] {
                assert!((ours - number(&core[name])).abs() < 1e-12, "alpha {alpha}: {name} {ours}");
            }
            let squares: f64 = p.iter().map(|p| p * p).sum();
            let collision = &known["misc"]
                [format!("collision 40x24 a={}", if key.contains('.') { key.into() } else { format!("{key}.0") })];
            assert!((squares / number(&collision["nonempty"]) - 1.0).abs() < 1e-9, "{squares}");
        }
    }

    #[test]
    fn every_shape_is_a_law_on_every_size() {
        for (width, height) in [(1, 1), (2, 3), (7, 5), (9, 9)] {
            let boxes = every_box([width, height]);
            for shape in SHAPES {
                let table = Table::new(shape, [width, height], &boxes);
                for law in
                    [Lambda::beta(0.3), Lambda::NoRoot(2.0), Lambda::Clipped { alpha: 1.0, least: 0.2, most: 0.8 }]
                {
                    let (filled, p) = probabilities(&table, &law);
                    let total: f64 = p.iter().sum();
                    assert!(filled < 1e-12 || (total - 1.0).abs() < 1e-9, "{} {width}x{height}: {total}", shape.name);
                }
            }
        }
    }
}
