//! Which pixels a box replaces.

/// The three rules that the core offers, written as membership of a single pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The pixel's centre lies in the real box of the paper.
    Paper,
    /// The paper authors' code: whole-pixel centre, half side floored.
    Official,
    /// As `Official`, but an odd side keeps its pixel on the far side.
    FullExtent,
}

/// The real box's side on an axis of `length` pixels: `L sqrt(1 - lambda)`.
#[must_use]
pub fn side_of(lambda: f64, length: u32) -> f64 {
    let r = (1.0 - lambda).sqrt();
    f64::from(length) * r
}

/// Whether pixel `i` of an axis is replaced, for a box of side `extent` around `centre`.
#[must_use]
pub fn inside_axis(rule: Rule, extent: f64, centre: f64, i: u32) -> bool {
    let pixel = f64::from(i);
    match rule {
        Rule::Paper => {
            let half = extent / 2.0;
            centre - half <= pixel + 0.5 && pixel + 0.5 < centre + half
        }
        Rule::Official => {
            let half = (extent.trunc() / 2.0).floor();
            centre.floor() - half <= pixel && pixel < centre.floor() + half
        }
        Rule::FullExtent => {
            let side = extent.trunc();
            centre.floor() - (side / 2.0).floor() <= pixel && pixel < centre.floor() + (side / 2.0).ceil()
        }
    }
}

/// Whether pixel `(x, y)` of a `width` x `height` image is replaced for this `lambda` and centre.
#[must_use]
pub fn inside_law(rule: Rule, lambda: f64, centre: (f64, f64), size: (u32, u32), pixel: (u32, u32)) -> bool {
    inside_axis(rule, side_of(lambda, size.0), centre.0, pixel.0)
        && inside_axis(rule, side_of(lambda, size.1), centre.1, pixel.1)
}

/// The same for a box of fixed sides in pixels.
#[must_use]
pub fn inside_fixed(rule: Rule, sides: (u32, u32), centre: (f64, f64), pixel: (u32, u32)) -> bool {
    inside_axis(rule, f64::from(sides.0), centre.0, pixel.0) && inside_axis(rule, f64::from(sides.1), centre.1, pixel.1)
}

/// Columns `x0..x1` and rows `y0..y1`, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoxSpec {
    /// First column.
    pub x0: u32,
    /// First row.
    pub y0: u32,
    /// Column after the last.
    pub x1: u32,
    /// Row after the last.
    pub y1: u32,
}

impl BoxSpec {
    /// Whether the pixel is in the box.
    #[must_use]
    pub fn contains(&self, x: u32, y: u32) -> bool {
        x >= self.x0 && x < self.x1 && y >= self.y0 && y < self.y1
    }
}

/// Columns or rows of a box on one axis, found one pixel at a time: from the first that is inside past the last.
#[must_use]
pub fn span(rule: Rule, extent: f64, centre: f64, length: u32) -> (u32, u32) {
    let inside = |&i: &u32| inside_axis(rule, extent, centre, i);
    match ((0..length).find(inside), (0..length).rev().find(inside)) {
        (Some(first), Some(last)) => (first, last + 1),
        _ => (0, 0),
    }
}

/// The number of pixels outside the box, counted one by one: the numerator of lambda'.
#[must_use]
pub fn kept_pixels(patch: BoxSpec, size: (u32, u32)) -> u64 {
    let mut kept = 0;
    for y in 0..size.1 {
        for x in 0..size.0 {
            if !patch.contains(x, y) {
                kept += 1;
            }
        }
    }
    kept
}
