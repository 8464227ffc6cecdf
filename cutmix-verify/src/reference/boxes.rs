//! Which pixels a box replaces.

use super::Patch;

/// The three rules that the core offers, written as membership of a single pixel.
///
/// ```
/// use cutmix_verify::reference::{Rule, inside_axis};
///
/// // A side of 3 pixels around the middle of 8: the authors' code floors its half, which loses a pixel.
/// let inside = |rule| (0..8).filter(|&i| inside_axis(rule, 3.0, 4.0, i)).collect::<Vec<_>>();
/// assert_eq!(Rule::ALL.map(inside), [vec![2, 3, 4], vec![3, 4], vec![3, 4, 5]]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The pixel's centre lies in the real box of the paper.
    Paper,
    /// The paper authors' code: whole-pixel centre, half side floored.
    Official,
    /// As `Official`, but an odd side keeps its pixel on the far side.
    FullExtent,
}

impl Rule {
    /// All of them, in the order of the core's.
    pub const ALL: [Self; 3] = [Self::Paper, Self::Official, Self::FullExtent];

    /// The name in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Official => "official",
            Self::FullExtent => "full-extent",
        }
    }
}

/// The real box's side in pixels on an axis of `length` pixels: `L sqrt(1 - lambda)`, in binary64. Lambda lies in [0, 1];
/// above it, the side is not a number.
///
/// ```
/// use cutmix_verify::reference::side_of;
///
/// assert_eq!(side_of(0.75, 224), 112.0); // Half of each side, a quarter of the area.
/// assert_eq!(side_of(1.0, 224), 0.0);
/// ```
#[must_use]
pub fn side_of(lambda: f64, length: u32) -> f64 {
    let r = (1.0 - lambda).sqrt();
    f64::from(length) * r
}

/// Whether pixel `i` of an axis is replaced, for a box of side `extent` around `centre`: both in pixels, the near border of
/// pixel 0 being 0.
///
/// ```
/// use cutmix_verify::reference::{Rule, inside_axis};
///
/// // The box ends on the centres of pixels 2, which is in, and 4, which is not.
/// let inside = |&i: &u32| inside_axis(Rule::Paper, 2.0, 3.5, i);
/// assert_eq!((0..8).filter(inside).collect::<Vec<_>>(), [2, 3]);
/// ```
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
///
/// ```
/// use cutmix_verify::reference::{Rule, inside_law};
///
/// // Half of both sides of 8 x 8 pixels around the middle: columns and rows 2 to 5.
/// let inside = |x, y| inside_law(Rule::Paper, 0.75, (4.0, 4.0), (8, 8), (x, y));
/// assert!(inside(2, 5) && !inside(1, 5) && !inside(2, 6));
/// ```
#[must_use]
pub fn inside_law(rule: Rule, lambda: f64, centre: (f64, f64), size: (u32, u32), pixel: (u32, u32)) -> bool {
    inside_axis(rule, side_of(lambda, size.0), centre.0, pixel.0)
        && inside_axis(rule, side_of(lambda, size.1), centre.1, pixel.1)
}

/// The same for a box of fixed sides (columns, rows) in pixels.
///
/// ```
/// use cutmix_verify::reference::{Rule, inside_fixed};
///
/// // Four columns, two rows.
/// let inside = |x, y| inside_fixed(Rule::Paper, (4, 2), (4.0, 4.0), (x, y));
/// assert!(inside(2, 3) && inside(5, 4) && !inside(2, 2) && !inside(6, 4));
/// ```
#[must_use]
pub fn inside_fixed(rule: Rule, sides: (u32, u32), centre: (f64, f64), pixel: (u32, u32)) -> bool {
    inside_axis(rule, f64::from(sides.0), centre.0, pixel.0) && inside_axis(rule, f64::from(sides.1), centre.1, pixel.1)
}

/// Columns or rows of a box on one axis, found one pixel at a time by [`inside_axis`]: from the first that is inside past
/// the last; (0, 0) where none is.
pub(crate) fn span(rule: Rule, extent: f64, centre: f64, length: u32) -> (u32, u32) {
    first_and_last(length, |i| inside_axis(rule, extent, centre, i))
}

pub(super) fn first_and_last(length: u32, inside: impl Fn(u32) -> bool) -> (u32, u32) {
    let inside = |&i: &u32| inside(i);
    match ((0..length).find(inside), (0..length).rev().find(inside)) {
        (Some(first), Some(last)) => (first, last + 1),
        _ => (0, 0),
    }
}

/// The number of pixels of an image of `size` = columns, rows outside the box, counted one by one: the numerator of lambda'.
///
/// ```
/// use cutmix_verify::reference::{Patch, kept_pixels};
///
/// assert_eq!(kept_pixels(Patch { x0: 1, y0: 0, x1: 4, y1: 2 }, (4, 3)), 12 - 6);
/// ```
#[must_use]
pub fn kept_pixels(patch: Patch, size: (u32, u32)) -> u64 {
    let pixels = (0..size.1).flat_map(|y| (0..size.0).map(move |x| (x, y)));
    pixels.filter(|&(x, y)| !patch.contains(x, y)).count() as u64
}
