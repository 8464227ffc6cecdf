//! One axis: which interval of pixels a box covers, given `s`.

use super::lambda::Grid;
pub(crate) use crate::profile::{Centres, Cut, Ends, Side};

/// An interval of pixels; `(0, 0)` if there are none.
pub(crate) type Interval = (u32, u32);

/// `constant + slope s`: a probability while `s` is in one cell of a grid.
pub(crate) type Line = [f64; 2];

/// Adds a line to a sum of lines.
pub(super) fn add(sum: &mut Line, line: Line) {
    sum[0] += line[0];
    sum[1] += line[1];
}

/// The product of two lines, by powers of `s`.
pub(super) fn product(a: Line, b: Line) -> [f64; 3] {
    [a[0] * b[0], a[0] * b[1] + a[1] * b[0], a[1] * b[1]]
}

/// The expectation of a polynomial in `s`, given the moments.
pub(super) fn dot(by_power: [f64; 3], moments: [f64; 3]) -> f64 {
    by_power[0] * moments[0] + by_power[1] * moments[1] + by_power[2] * moments[2]
}

/// The probability of an interval while `s` is in one cell of a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Segment {
    /// First pixel, and the one after the last.
    pub(crate) interval: Interval,
    /// Its probability.
    pub(crate) line: Line,
}

impl Segment {
    /// The probability at `s`.
    pub(crate) fn at(&self, s: f64) -> f64 {
        at(self.line, s)
    }
}

fn at(line: Line, s: f64) -> f64 {
    line[0] + line[1] * s
}

/// A side on an axis: `length` is that of the image's axis, `drawn` the one that centres or starts are drawn for, `scale` the
/// one that `s` is multiplied by, `border` the one that edges are clipped at. All are the same where nothing is mixed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Axis {
    pub(crate) side: Side,
    pub(crate) length: u32,
    pub(crate) drawn: u32,
    pub(crate) scale: u32,
    pub(crate) border: u32,
}

/// Pushes with neighbours of one interval put together.
fn push(entries: &mut Vec<Segment>, interval: Interval, line: Line) {
    match entries.last_mut() {
        Some(last) if last.interval == interval => add(&mut last.line, line),
        _ => entries.push(Segment { interval, line }),
    }
}

impl Axis {
    /// An axis where nothing is mixed up.
    pub(crate) const fn plain(side: Side, length: u32) -> Self {
        Self { side, length, drawn: length, scale: length, border: length }
    }

    /// Into how many parts a grid divides `1 / length`: whole multiples are enough unless something is rounded to nearest, or
    /// interpolated.
    pub(crate) const fn parts(&self) -> u32 {
        match self.side {
            Side::Centred(Cut::FullRound | Cut::RoundHalf, _) => 2,
            Side::InsideReal => 4,
            _ => 1,
        }
    }

    /// The intervals of a cell of a grid, which has edges at all multiples of `1 / (parts scale)`.
    pub(crate) fn entries(&self, grid: &Grid, cell: usize) -> Vec<Segment> {
        let s = grid.inside(cell);
        let mut entries = Vec::new();
        match self.side {
            Side::RealTruncated => self.real(s, 0.0, &mut entries),
            Side::RealCentre => self.real(s, 0.5, &mut entries),
            Side::InsideReal => self.inside_real(grid, cell, &mut entries),
            _ => self.whole_pixels(s, &mut entries),
        }
        entries
    }

    /// Rules with whole-pixel centres or starts: each of them is equally likely.
    fn whole_pixels(&self, s: f64, entries: &mut Vec<Segment>) {
        let length = i64::from(self.drawn);
        let real = f64::from(self.scale) * s;
        let end = i64::from(self.border);
        let clip = |lo: i64, hi: i64| -> Interval {
            let (lo, hi) = (lo.clamp(0, end), hi.clamp(0, end));
            if lo < hi { (lo as u32, hi as u32) } else { (0, 0) }
        };
        let mut all = |from: i64, to: i64, interval: &dyn Fn(i64) -> Interval| {
            let each = 1.0 / (to - from).max(1) as f64;
            for place in from..to.max(from + 1) {
                push(entries, interval(place), [each, 0.0]);
            }
        };
        match self.side {
            Side::Centred(cut, centres) => {
                let (below, above) = cut.sides(real);
                let one = cut == Cut::AtLeastOne && below == 0;
                let above = if one { 1 } else { above };
                let (from, to) = centres.range(length, real.floor() as i64);
                all(from, to, &|centre| clip(centre - below, centre + above));
            }
            Side::Inside | Side::InsideShort => {
                let cut = (real.floor() as i64).min(length);
                let past = if self.side == Side::Inside { 1 } else { -1 };
                all(0, length - cut + past, &|start| clip(start, start + cut));
            }
            Side::Corner => {
                let cut = real.ceil() as i64;
                all(0, length, &|start| clip(start, start + cut));
            }
            Side::LastNever => {
                let half = (real / 2.0).floor() as i64;
                all(0, length + 1, &|centre| {
                    let lo = (centre - half).clamp(0, length - 1);
                    let hi = (centre + half).clamp(0, length - 1);
                    // At the far end the one pixel would be the last; it begins one before.
                    clip(lo, hi.max(lo + 1))
                });
            }
            Side::ClippedLeft => {
                let cut = real.floor() as i64;
                all(0, length, &|centre| {
                    let lo = (centre - cut / 2).max(0);
                    clip(lo, lo + cut)
                });
            }
            Side::Between(least, most, ends) => {
                let (least, most) = (length * i64::from(least) / 10, length * i64::from(most) / 10);
                let lengths = (most - least + i64::from(ends == Ends::ShortClosed)).max(1);
                for cut in least..least + lengths {
                    let starts = (length - cut + i64::from(ends == Ends::Inside)).max(1);
                    for start in 0..starts {
                        push(entries, clip(start, start + cut), [1.0 / (lengths * starts) as f64, 0.0]);
                    }
                }
            }
            Side::Points(ends) => {
                let points = length + i64::from(ends == Ends::Inside);
                let each = 1.0 / (points * points) as f64;
                push(entries, (0, 0), [points as f64 * each, 0.0]);
                for lo in 0..points {
                    (lo + 1..points).for_each(|hi| push(entries, clip(lo, hi), [2.0 * each, 0.0]));
                }
            }
            Side::Fixed(below, above, centres) => {
                let (from, to) = centres.range(length, i64::from(below + above));
                all(from, to, &|centre| clip(centre - i64::from(below), centre + i64::from(above)));
            }
            Side::FixedInside(cut) => {
                let cut = i64::from(cut).min(length);
                all(0, length - cut + 1, &|start| clip(start, start + cut));
            }
            Side::Whole => push(entries, (0, self.length), [1.0, 0.0]),
            Side::RealTruncated | Side::RealCentre | Side::InsideReal => {}
        }
    }

    /// The places between two ends where something changes, as lines in `s` in their order at this `s`: whole numbers and `offset`
    /// with each of the slopes.
    fn places(&self, ends: [Line; 2], offset: f64, slopes: [f64; 2], s: f64) -> Vec<Line> {
        let at = |line| at(line, s);
        let mut places = ends.to_vec();
        for pixel in 0..=self.drawn {
            let lines = slopes.map(|slope| [f64::from(pixel) + offset, slope]);
            places.extend(lines.into_iter().filter(|&line| at(line) > at(ends[0]) && at(line) < at(ends[1])));
        }
        places.sort_by(|a, b| at(*a).total_cmp(&at(*b)));
        places
    }

    /// The interval from one pixel to before another, which is none if that is not beyond.
    fn until(&self, lo: u32, hi: u32) -> Interval {
        if lo < hi { (lo, hi.min(self.drawn)) } else { (0, 0) }
    }

    /// A centre that is uniform on `[0, L)`: an edge moves on at `c = threshold + h` and `c = threshold - h`, `h = L s / 2`,
    /// which are linear in `s` and keep their order within a cell. Thresholds are whole numbers and `offset`.
    fn real(&self, s: f64, offset: f64, entries: &mut Vec<Segment>) {
        let length = f64::from(self.drawn);
        let half = f64::from(self.scale) / 2.0;
        let at = |line| at(line, s);
        let places = self.places([[0.0; 2], [length, 0.0]], offset, [half, -half], s);
        for pair in places.windows(2).filter(|pair| at(pair[0]) < at(pair[1])) {
            let centre = f64::midpoint(at(pair[0]), at(pair[1]));
            let edge = |real: f64| {
                let clipped = real.clamp(0.0, length);
                if offset > 0.0 { (clipped - 0.5).ceil() as u32 } else { clipped.floor() as u32 }
            };
            let interval = self.until(edge(centre - half * s), edge(centre + half * s));
            push(entries, interval, [0, 1].map(|i| (pair[1][i] - pair[0][i]) / length));
        }
    }

    /// A start that is uniform on `[0, L - L s]`. Not linear in `s`: between the ends of a cell it is interpolated.
    fn inside_real(&self, grid: &Grid, cell: usize, entries: &mut Vec<Segment>) {
        if cell >= grid.one() {
            let interval = if cell == grid.zero() { (0, 0) } else { (0, self.drawn) };
            push(entries, interval, [1.0, 0.0]);
            return;
        }
        let length = f64::from(self.drawn);
        let scale = f64::from(self.scale);
        let ([from, to], middle) = (grid.ends(cell), grid.inside(cell));
        // Starts where something changes: whole numbers, and whole numbers less the side.
        let places = self.places([[0.0; 2], [length, -scale]], 0.0, [0.0, -scale], middle);
        for pair in places.windows(2) {
            let start = f64::midpoint(at(pair[0], middle), at(pair[1], middle));
            let interval = self.until(start.ceil() as u32, (start + scale * middle).ceil() as u32);
            let share = |s: f64| {
                // At the end there is neither room nor width: as in the middle of the cell.
                let s = if length - scale * s > 1e-9 { s } else { middle };
                (at(pair[1], s) - at(pair[0], s)).max(0.0) / (length - scale * s)
            };
            let slope = (share(to) - share(from)) / (to - from);
            push(entries, interval, [share(from) - slope * from, slope]);
        }
    }
}

impl Centres {
    /// Of an axis of so many pixels, and a box of so many.
    const fn range(self, length: i64, cut: i64) -> (i64, i64) {
        match self {
            Self::All => (0, length),
            Self::Inclusive => (0, length + 1),
            Self::OneBased => (1, length + 1),
            Self::Short => (0, length - 1),
            Self::Beyond => (-(cut - cut / 2), length + cut / 2),
        }
    }
}

impl Cut {
    fn sides(self, real: f64) -> (i64, i64) {
        let floor = |x: f64| x.floor() as i64;
        let whole = |k: i64| (k / 2, k - k / 2);
        match self {
            Self::HalfFloor | Self::AtLeastOne => (floor(real / 2.0), floor(real / 2.0)),
            Self::FullFloor => whole(floor(real)),
            Self::FullRound => whole(floor(real + 0.5)),
            Self::RoundHalf => (floor(real + 0.5) / 2, floor(real + 0.5) / 2),
            Self::HalfRound => (floor(real / 2.0 + 0.5), floor(real / 2.0 + 0.5)),
            Self::HalfCeil => ((real / 2.0).ceil() as i64, (real / 2.0).ceil() as i64),
            Self::HalfLeast(least) => [floor(real / 2.0).max(least.into()); 2].into(),
            Self::FullLeast(least) => whole(floor(real).max(least.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::profile::shape::SHAPES;

    /// The probability of every interval at `s`.
    fn by_interval(entries: &[Segment], s: f64) -> BTreeMap<Interval, f64> {
        let mut sums = BTreeMap::new();
        for entry in entries {
            *sums.entry(entry.interval).or_default() += entry.at(s);
        }
        sums
    }

    #[test]
    fn intervals_of_every_cell_add_up_to_one() {
        let fixed = [Side::Fixed(3, 4, Centres::All), Side::FixedInside(4)];
        let sides: Vec<Side> = SHAPES.iter().flat_map(|shape| shape.sides).chain(fixed).collect();
        for (width, height) in [(40, 24), (7, 5), (1, 1), (2, 3), (33, 33)] {
            let grid = Grid::new(width, height, 2);
            for &side in &sides {
                let axis = Axis::plain(side, width);
                for cell in 0..grid.len() {
                    let entries = axis.entries(&grid, cell);
                    for s in grid.ends(cell) {
                        let total: f64 = entries.iter().map(|entry| entry.at(s)).sum();
                        assert!((total - 1.0).abs() < 1e-9, "{side:?} of {width}, cell {cell}: {total}");
                        let least = entries.iter().map(|entry| entry.at(s)).fold(1.0, f64::min);
                        assert!(least > -1e-12, "{side:?} of {width}, cell {cell}: {least}");
                    }
                    for entry in entries {
                        let (lo, hi) = entry.interval;
                        assert!(hi <= width && (lo < hi || (lo, hi) == (0, 0)), "{side:?}: {entry:?}");
                    }
                }
            }
        }
    }

    /// The rules that draw whole numbers, draw by draw, as the code that has them does.
    #[test]
    fn whole_numbers_are_drawn_as_packages_draw_them() {
        // numpy's randint, whose upper end is excluded, and C's, where it is not.
        let randint = |low: i64, high: i64| (low..high).collect::<Vec<i64>>();
        for length in [1_i64, 2, 5, 7, 24, 40] {
            let clip = |lo: i64, hi: i64| (lo.clamp(0, length) as u32, hi.clamp(0, length) as u32);
            let sides = [
                Side::Between(2, 8, Ends::Short),
                Side::Between(3, 8, Ends::Short),
                Side::Between(3, 8, Ends::ShortClosed),
                Side::Centred(Cut::HalfFloor, Centres::Beyond),
            ];
            let grid = Grid::new(length as u32, 3, 1);
            for (side, cell) in sides.into_iter().flat_map(|side| (0..grid.len()).map(move |cell| (side, cell))) {
                let k = (length as f64 * grid.inside(cell)) as i64;
                let mut found = BTreeMap::<Interval, f64>::new();
                let mut draw = |lo: i64, hi: i64, p: f64| {
                    let (lo, hi) = clip(lo, hi);
                    *found.entry(if lo < hi { (lo, hi) } else { (0, 0) }).or_default() += p;
                };
                if let Side::Between(least, most, ends) = side {
                    let [low, high] = [least, most].map(|tenths| (length as f64 * f64::from(tenths) / 10.0) as i64);
                    let cuts = randint(low, high + i64::from(ends == Ends::ShortClosed));
                    // Where there is no length between them, the package raises.
                    if cuts.is_empty() {
                        continue;
                    }
                    for &cut in &cuts {
                        let starts = randint(0, length - cut);
                        let p = 1.0 / (cuts.len() * starts.len()) as f64;
                        for start in starts {
                            draw(start, start + cut, p);
                        }
                    }
                } else {
                    // composer: randint(-cut // 2, L + cut // 2), where Python's // rounds down.
                    let centres = randint((-k).div_euclid(2), length + k / 2);
                    let p = 1.0 / centres.len() as f64;
                    for c in &centres {
                        draw(c - k / 2, c + k / 2, p);
                    }
                    let cover = |pixel: u32| -> f64 {
                        let over = |((lo, hi), _): &(&Interval, &f64)| *lo <= pixel && pixel < *hi;
                        found.iter().filter(over).map(|(_, p)| p).sum()
                    };
                    let first = cover(0);
                    assert!((0..length as u32).all(|pixel| (cover(pixel) - first).abs() < 1e-12), "{length} {k}");
                }
                let entries = Axis::plain(side, length as u32).entries(&grid, cell);
                assert!(entries.iter().all(|entry| entry.line[1] == 0.0));
                let ours = by_interval(&entries, 0.0);
                let close =
                    |(interval, p): (&Interval, &f64)| ours.get(interval).is_some_and(|q| (q - p).abs() < 1e-12);
                let same = ours.len() == found.len() && found.iter().all(close);
                assert!(same, "{side:?} of {length}, {k}: {ours:?}, not {found:?}");
            }
        }
    }

    /// Every interval by a fine sweep over centres, whatever the formula of its probability.
    #[test]
    fn real_centres_are_what_a_sweep_finds() {
        let (length, grid) = (9_u32, Grid::new(9, 4, 1));
        for (side, offset) in [(Side::RealCentre, 0.5), (Side::RealTruncated, 0.0)] {
            for cell in 0..grid.one() {
                let s = grid.edges[cell] * 0.3 + grid.edges[cell + 1] * 0.7;
                let entries = Axis::plain(side, length).entries(&grid, cell);
                let steps = 90_000;
                let mut found = BTreeMap::<Interval, f64>::new();
                for step in 0..steps {
                    let centre = (f64::from(step) + 0.5) / f64::from(steps) * 9.0;
                    let edge = |real: f64| {
                        let real = real.clamp(0.0, 9.0);
                        if offset > 0.0 { (real - offset).ceil() as u32 } else { real.floor() as u32 }
                    };
                    let (lo, hi) = (edge(centre - 4.5 * s), edge(centre + 4.5 * s));
                    *found.entry(if lo < hi { (lo, hi) } else { (0, 0) }).or_default() += 1.0 / f64::from(steps);
                }
                let ours = by_interval(&entries, s);
                for (interval, share) in found {
                    let ours = ours.get(&interval).copied().unwrap_or_default();
                    assert!((ours - share).abs() < 1e-4, "{side:?}, cell {cell}, {interval:?}: {ours} {share}");
                }
            }
        }
    }
}
