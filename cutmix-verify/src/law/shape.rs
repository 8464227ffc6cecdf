//! A rule at work: its axes on images of a size.

use super::axis::Axis;
use super::lambda::Grid;
use crate::profile::shape::{Axes, Shape};

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
            }
        })
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
