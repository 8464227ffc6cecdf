//! A rule at work: its axes on images of a size.

use super::area::sides;
use super::axis::{Axis, Segment};
use super::lambda::{Grid, Moments};
use crate::profile::shape::{Axes, Roots, Shape};
use crate::profile::{Area, Side};

/// The intervals of both axes in every cell of a grid, in which they are independent.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    pub(super) grid: Grid,
    /// Of columns and of rows, by cell.
    pub(super) entries: [Vec<Vec<Segment>>; 2],
    /// How probable each cell is, where the law of lambda has no part in it: then cells are widths, and none of the grid's.
    pub(super) own: Option<Moments>,
}

/// A cell for each width of a box by its area.
fn by_width(area: Area, size: [u32; 2]) -> ([Vec<Vec<Segment>>; 2], Moments) {
    let all = sides(area, size);
    let number = size[0] as usize + 1;
    let mut own = vec![[0.0; 3]; number];
    for &([width, _], p) in &all {
        own[width as usize][0] += p;
    }
    // What is no box has no width.
    own[0][0] = (1.0 - own[1..].iter().map(|moment| moment[0]).sum::<f64>()).max(0.0);
    let inside = |side: u32, axis: usize, share: f64| {
        let of = move |entry: Segment| Segment { line: entry.line.map(|value| value * share), ..entry };
        Axis::plain(Side::FixedInside(side), size[axis]).entries(&Grid::new(1, 1, 1), 0).into_iter().map(of)
    };
    let columns = (0..number).map(|width| inside(width as u32, 0, 1.0).collect()).collect();
    let mut rows: Vec<Vec<Segment>> = vec![Vec::new(); number];
    rows[0].extend(inside(0, 1, 1.0));
    for ([width, height], p) in all {
        let width = width as usize;
        rows[width].extend(inside(height, 1, p / own[width][0]));
    }
    ([columns, rows], own)
}

impl Shape {
    /// Columns and rows of an image of this size.
    pub(crate) fn on(&self, width: u32, height: u32) -> [Axis; 2] {
        let own = [width, height];
        let other = [height, width];
        core::array::from_fn(|i| {
            let plain = Axis::plain(self.sides[i], own[i]);
            match self.axes {
                Axes::Own => plain,
                Axes::WidthFromHeight => Axis { scale: height, ..plain },
                Axes::HeightFromWidth => Axis { scale: width, ..plain },
                Axes::SidesExchanged => Axis { scale: other[i], ..plain },
                Axes::Transposed => Axis { scale: other[i], drawn: other[i], ..plain },
                Axes::Sliced => Axis { scale: other[i], drawn: other[i], border: own[i].min(other[i]), ..plain },
            }
        })
    }

    /// The intervals of both axes in every cell, on images of this size.
    pub(super) fn cells(&self, size: [u32; 2]) -> Cells {
        let grid = self.grid(size[0], size[1]);
        if let Roots::Area(area) = self.roots {
            let (entries, own) = by_width(area, size);
            return Cells { grid, entries, own: Some(own) };
        }
        let entries =
            self.on(size[0], size[1]).map(|axis| (0..grid.len()).map(|cell| axis.entries(&grid, cell)).collect());
        Cells { grid, entries, own: None }
    }

    /// Into how many parts its grid divides `1 / length`.
    pub(crate) fn parts(&self, width: u32, height: u32) -> u32 {
        let [x, y] = self.on(width, height).map(|axis| axis.parts());
        x.max(y)
    }

    /// A grid on which both axes are constant or linear.
    pub(crate) fn grid(&self, width: u32, height: u32) -> Grid {
        Grid::new(width, height, self.parts(width, height))
    }
}
