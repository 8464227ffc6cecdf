//! The catalogue of boxes: every rule that somebody uses, right or wrong.
//!
//! ```
//! use cutmix_verify::law::shape::{SHAPES, shape_named};
//!
//! // Those without a code are roundings of the paper's formula; the others are findings.
//! assert!(shape_named("official").unwrap().allowed());
//! assert_eq!(shape_named("corner").unwrap().code, "BOX_CORNER");
//! assert!(SHAPES.iter().filter(|shape| shape.allowed()).count() < SHAPES.len() / 2);
//! ```

use super::axis::{Axis, Centres, Cut, Ends, Side};
use super::lambda::Grid;

/// Which lengths the two axes use.
///
/// ```
/// use cutmix_verify::law::shape::{Axes, shape_named};
///
/// // Exchanged lengths do not show on square images.
/// let shape = shape_named("sides-exchanged").unwrap();
/// assert_eq!(shape.axes, Axes::SidesExchanged);
/// assert!(shape.needs_oblong());
/// assert_eq!(shape.on(40, 24).map(|axis| axis.scale), [24, 40]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axes {
    /// Each its own.
    Own,
    /// Both sides are a share of the height.
    WidthFromHeight,
    /// Both sides are a share of the width.
    HeightFromWidth,
    /// Each side is a share of the other length.
    SidesExchanged,
    /// The whole box is drawn for rows and columns exchanged.
    Transposed,
}

/// Whether both axes have one `s`.
///
/// ```
/// use cutmix_verify::law::shape::{Roots, shape_named};
///
/// let shape = shape_named("two-lambdas").unwrap();
/// assert_eq!(shape.roots, Roots::Two);
/// assert!(!shape.sides_of_one_draw() && shape_named("official").unwrap().sides_of_one_draw());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Roots {
    /// One draw of lambda.
    One,
    /// One for each axis.
    Two,
}

/// A rule for boxes.
///
/// ```
/// use cutmix_verify::law::shape::shape_named;
///
/// let shape = shape_named("full-round").unwrap();
/// assert!(shape.allowed() && shape.sides_of_one_draw() && !shape.needs_oblong() && !shape.without_lambda());
/// // What is rounded to nearest changes at half pixels, so its grid has twice as many edges.
/// assert_eq!(shape.parts(4, 4), 2);
/// assert_eq!(shape.grid(4, 4).edges.len(), 9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// As `--accept` and reports name it.
    pub name: &'static str,
    /// What it does, in a few words.
    pub what: &'static str,
    /// The code of a finding; empty for those that the paper's formula allows.
    pub code: &'static str,
    /// The rule of columns, and of rows.
    pub sides: [Side; 2],
    /// Which lengths they use.
    pub axes: Axes,
    /// Whether they share a draw.
    pub roots: Roots,
}

/// A rule of both axes that uses their own lengths.
const fn shape(name: &'static str, code: &'static str, side: Side, what: &'static str) -> Shape {
    Shape { name, what, code, sides: [side, side], axes: Axes::Own, roots: Roots::One }
}

const fn centred(cut: Cut) -> Side {
    Side::Centred(cut, Centres::All)
}

const OFFICIAL: Side = centred(Cut::HalfFloor);

const fn mixed_up(name: &'static str, code: &'static str, axes: Axes, what: &'static str) -> Shape {
    Shape { name, what, code, sides: [OFFICIAL, OFFICIAL], axes, roots: Roots::One }
}

/// Those that the paper's formula allows first.
pub const SHAPES: &[Shape] = &[
    shape("official", "", OFFICIAL, "half sides cut off to whole pixels, even extents: the paper authors' code"),
    shape("paper", "", Side::RealCentre, "pixels whose centre is in the real box: the paper's formula"),
    shape("full-extent", "", centred(Cut::FullFloor), "whole sides cut off, odd extents as well"),
    shape("full-round", "", centred(Cut::FullRound), "whole sides rounded to nearest"),
    shape("round-half", "", centred(Cut::RoundHalf), "whole sides rounded to nearest, then halved"),
    shape("half-round", "", centred(Cut::HalfRound), "half sides rounded to nearest"),
    shape("half-ceil", "", centred(Cut::HalfCeil), "half sides rounded up"),
    shape("real-truncated", "", Side::RealTruncated, "real edges, clipped and cut off to whole pixels"),
    shape("least-one", "BOX_LEAST_ONE", centred(Cut::AtLeastOne), "a box of no pixel gets one"),
    shape(
        "centre-inclusive",
        "BOX_CENTRE",
        Side::Centred(Cut::HalfFloor, Centres::Inclusive),
        "centres from 0 to L inclusive",
    ),
    shape("centre-one-based", "BOX_CENTRE", Side::Centred(Cut::HalfFloor, Centres::OneBased), "centres from 1 to L"),
    shape("centre-short", "BOX_CENTRE", Side::Centred(Cut::HalfFloor, Centres::Short), "centres from 0 to L-2"),
    shape("inside", "BOX_INSIDE", Side::Inside, "the whole box inside the image, never clipped"),
    shape("inside-short", "BOX_INSIDE", Side::InsideShort, "inside, and never at the last pixel"),
    shape("inside-real", "BOX_INSIDE", Side::InsideReal, "a real box inside the image"),
    shape("corner", "BOX_CORNER", Side::Corner, "the drawn point is the box's first corner, not its centre"),
    shape("last-never", "BOX_LAST_NEVER", Side::LastNever, "edges end before the last pixel"),
    shape("clipped-left", "BOX_CLIPPED_LEFT", Side::ClippedLeft, "clipped on one side alone"),
    Shape { sides: [OFFICIAL, Side::Whole], ..shape("strip", "BOX_STRIP", OFFICIAL, "all rows, some columns") },
    Shape { sides: [Side::Whole, OFFICIAL], ..shape("strip-across", "BOX_STRIP", OFFICIAL, "all columns, some rows") },
    Shape { roots: Roots::Two, ..shape("two-lambdas", "BOX_TWO_LAMBDAS", OFFICIAL, "a lambda for each axis") },
    shape(
        "between-2-8",
        "BOX_BETWEEN",
        Side::Between(2, 8, Ends::Inside),
        "sides drawn between 0.2 and 0.8 of the image's, inside",
    ),
    shape(
        "between-3-8",
        "BOX_BETWEEN",
        Side::Between(3, 8, Ends::Inside),
        "sides drawn between 0.3 and 0.8 of the image's, inside",
    ),
    shape(
        "between-2-8-short",
        "BOX_BETWEEN",
        Side::Between(2, 8, Ends::Short),
        "sides drawn between 0.2 and 0.8 of the image's, inside, and never at the last pixel",
    ),
    shape(
        "between-3-8-short",
        "BOX_BETWEEN",
        Side::Between(3, 8, Ends::Short),
        "sides drawn between 0.3 and 0.8 of the image's, inside, and never at the last pixel",
    ),
    shape(
        "between-3-8-closed",
        "BOX_BETWEEN",
        Side::Between(3, 8, Ends::ShortClosed),
        "sides drawn from 0.3 to 0.8 of the image's, both inclusive, inside, and never at the last pixel",
    ),
    shape(
        "centre-beyond",
        "BOX_BEYOND",
        Side::Centred(Cut::HalfFloor, Centres::Beyond),
        "centres half a box beyond the image as well, so that all pixels are replaced equally often",
    ),
    mixed_up("width-from-height", "BOX_AXES", Axes::WidthFromHeight, "columns cut by the number of rows"),
    mixed_up("height-from-width", "BOX_AXES", Axes::HeightFromWidth, "rows cut by the number of columns"),
    mixed_up("sides-exchanged", "BOX_AXES", Axes::SidesExchanged, "each side cut by the other's length"),
    mixed_up("transposed", "BOX_AXES", Axes::Transposed, "box drawn for rows and columns exchanged"),
];

/// The rule of a name.
///
/// ```
/// use cutmix_verify::law::shape::shape_named;
///
/// assert_eq!(shape_named("inside").map(|shape| shape.code), Some("BOX_INSIDE"));
/// assert!(shape_named("outside").is_none());
/// ```
#[must_use]
pub fn shape_named(name: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.name == name)
}

/// Rules for a box of fixed sides, whatever lambda is: the first Cutout's, and what may be wrong with it.
///
/// ```
/// use cutmix_verify::law::lambda::Grid;
/// use cutmix_verify::law::shape::fixed;
///
/// let rules = fixed([4, 4]);
/// assert_eq!(rules[0].name, "fixed");
/// // Four pixels of eight, whatever lambda is, unless the border clips them.
/// assert!(rules.iter().all(|rule| rule.without_lambda()));
/// let entries = rules[0].on(8, 8)[0].entries(&Grid::new(8, 8, 1), 0);
/// assert_eq!(entries.iter().filter(|entry| entry.interval.1 - entry.interval.0 == 4).count(), 5);
/// ```
#[must_use]
pub fn fixed([width, height]: [u32; 2]) -> Vec<Shape> {
    let of = |name, code, what, side: &dyn Fn(u32) -> Side| Shape {
        sides: [side(width), side(height)],
        ..shape(name, code, OFFICIAL, what)
    };
    let around = |centres| move |cut: u32| Side::Fixed(cut / 2, cut - cut / 2, centres);
    vec![
        of("fixed", "", "a box of fixed sides around any centre, clipped", &around(Centres::All)),
        of("fixed-short", "BOX_CENTRE", "the same, centres from 0 to L-2", &around(Centres::Short)),
        of("fixed-inclusive", "BOX_CENTRE", "the same, centres from 0 to L inclusive", &around(Centres::Inclusive)),
        of("fixed-one-based", "BOX_CENTRE", "the same, centres from 1 to L", &around(Centres::OneBased)),
        of("fixed-inside", "BOX_INSIDE", "the same, inside the image", &|cut| Side::FixedInside(cut)),
        of("fixed-corner", "BOX_CORNER", "the drawn point is its first corner", &|cut| {
            Side::Fixed(0, cut, Centres::All)
        }),
    ]
}

impl Shape {
    /// Whether the paper's formula allows it: a rounding within one pixel an edge.
    #[must_use]
    pub const fn allowed(&self) -> bool {
        self.code.is_empty()
    }

    /// Whether the lengths of both sides follow from one draw, or are drawn on purpose without lambda.
    #[must_use]
    pub fn sides_of_one_draw(&self) -> bool {
        self.axes == Axes::Own && self.roots == Roots::One && !self.sides.contains(&Side::Whole)
    }

    /// Whether it differs from another only where the image is not square.
    #[must_use]
    pub fn needs_oblong(&self) -> bool {
        self.axes != Axes::Own
    }

    /// Whether the law of lambda has no part in it.
    #[must_use]
    pub fn without_lambda(&self) -> bool {
        self.sides
            .iter()
            .all(|side| matches!(side, Side::Between(..) | Side::Fixed(..) | Side::FixedInside(_) | Side::Whole))
    }

    /// Columns and rows of an image of this size.
    #[must_use]
    pub fn on(&self, width: u32, height: u32) -> [Axis; 2] {
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
    #[must_use]
    pub fn parts(&self, width: u32, height: u32) -> u32 {
        let [x, y] = self.on(width, height).map(|axis| axis.parts());
        x.max(y)
    }

    /// A grid on which both axes are constant or linear.
    #[must_use]
    pub fn grid(&self, width: u32, height: u32) -> Grid {
        Grid::new(width, height, self.parts(width, height))
    }
}
