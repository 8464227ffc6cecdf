//! The catalogue of boxes: every rule that somebody uses, right or wrong.

use super::code::Code;
use super::side::{Centres, Cut, Ends, Side};

/// Which lengths the two axes use.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Roots {
    /// One draw of lambda.
    One,
    /// One for each axis.
    Two,
}

/// A rule for boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// As `--accept` and reports name it.
    pub name: &'static str,
    /// What it does, in a few words.
    pub what: &'static str,
    /// The code of a finding; none for those that the paper's formula allows.
    pub code: Option<Code>,
    /// The rule of columns, and of rows.
    pub sides: [Side; 2],
    /// Which lengths they use.
    pub axes: Axes,
    /// Whether they share a draw.
    pub roots: Roots,
}

/// A rule of both axes that uses their own lengths.
const fn rule(name: &'static str, code: Option<Code>, side: Side, what: &'static str) -> Shape {
    Shape { name, what, code, sides: [side, side], axes: Axes::Own, roots: Roots::One }
}

const fn centred(cut: Cut) -> Side {
    Side::Centred(cut, Centres::All)
}

const OFFICIAL: Side = centred(Cut::HalfFloor);

const fn mixed_up(name: &'static str, code: Option<Code>, axes: Axes, what: &'static str) -> Shape {
    Shape { name, what, code, sides: [OFFICIAL, OFFICIAL], axes, roots: Roots::One }
}

/// Those that the paper's formula allows first.
pub const SHAPES: &[Shape] = &[
    rule("official", None, OFFICIAL, "half sides cut off to whole pixels, even extents: the paper authors' code"),
    rule("paper", None, Side::RealCentre, "pixels whose centre is in the real box: the paper's formula"),
    rule("full-extent", None, centred(Cut::FullFloor), "whole sides cut off, odd extents as well"),
    rule("full-round", None, centred(Cut::FullRound), "whole sides rounded to nearest"),
    rule("round-half", None, centred(Cut::RoundHalf), "whole sides rounded to nearest, then halved"),
    rule("half-round", None, centred(Cut::HalfRound), "half sides rounded to nearest"),
    rule("half-ceil", None, centred(Cut::HalfCeil), "half sides rounded up"),
    rule("real-truncated", None, Side::RealTruncated, "real edges, clipped and cut off to whole pixels"),
    rule("least-one", Some(Code::BoxLeastOne), centred(Cut::AtLeastOne), "a box of no pixel gets one"),
    rule(
        "centre-inclusive",
        Some(Code::BoxCentre),
        Side::Centred(Cut::HalfFloor, Centres::Inclusive),
        "centres from 0 to L inclusive",
    ),
    rule(
        "centre-one-based",
        Some(Code::BoxCentre),
        Side::Centred(Cut::HalfFloor, Centres::OneBased),
        "centres from 1 to L",
    ),
    rule("centre-short", Some(Code::BoxCentre), Side::Centred(Cut::HalfFloor, Centres::Short), "centres from 0 to L-2"),
    rule("inside", Some(Code::BoxInside), Side::Inside, "the whole box inside the image, never clipped"),
    rule("inside-short", Some(Code::BoxInside), Side::InsideShort, "inside, and never at the last pixel"),
    rule("inside-real", Some(Code::BoxInside), Side::InsideReal, "a real box inside the image"),
    rule("corner", Some(Code::BoxCorner), Side::Corner, "the drawn point is the box's first corner, not its centre"),
    rule("last-never", Some(Code::BoxLastNever), Side::LastNever, "edges end before the last pixel"),
    rule("clipped-left", Some(Code::BoxClippedLeft), Side::ClippedLeft, "clipped on one side alone"),
    Shape { sides: [OFFICIAL, Side::Whole], ..rule("strip", Some(Code::BoxStrip), OFFICIAL, "all rows, some columns") },
    Shape {
        sides: [Side::Whole, OFFICIAL],
        ..rule("strip-across", Some(Code::BoxStrip), OFFICIAL, "all columns, some rows")
    },
    Shape { roots: Roots::Two, ..rule("two-lambdas", Some(Code::BoxTwoLambdas), OFFICIAL, "a lambda for each axis") },
    rule(
        "between-2-8",
        Some(Code::BoxBetween),
        Side::Between(2, 8, Ends::Inside),
        "sides drawn between 0.2 and 0.8 of the image's, inside",
    ),
    rule(
        "between-3-8",
        Some(Code::BoxBetween),
        Side::Between(3, 8, Ends::Inside),
        "sides drawn between 0.3 and 0.8 of the image's, inside",
    ),
    rule(
        "between-2-8-short",
        Some(Code::BoxBetween),
        Side::Between(2, 8, Ends::Short),
        "sides drawn between 0.2 and 0.8 of the image's, inside, and never at the last pixel",
    ),
    rule(
        "between-3-8-short",
        Some(Code::BoxBetween),
        Side::Between(3, 8, Ends::Short),
        "sides drawn between 0.3 and 0.8 of the image's, inside, and never at the last pixel",
    ),
    rule(
        "between-3-8-closed",
        Some(Code::BoxBetween),
        Side::Between(3, 8, Ends::ShortClosed),
        "sides drawn from 0.3 to 0.8 of the image's, both inclusive, inside, and never at the last pixel",
    ),
    rule(
        "centre-beyond",
        Some(Code::BoxBeyond),
        Side::Centred(Cut::HalfFloor, Centres::Beyond),
        "centres half a box beyond the image as well, so that all pixels are replaced equally often",
    ),
    mixed_up("width-from-height", Some(Code::BoxAxes), Axes::WidthFromHeight, "columns cut by the number of rows"),
    mixed_up("height-from-width", Some(Code::BoxAxes), Axes::HeightFromWidth, "rows cut by the number of columns"),
    mixed_up("sides-exchanged", Some(Code::BoxAxes), Axes::SidesExchanged, "each side cut by the other's length"),
    mixed_up("transposed", Some(Code::BoxAxes), Axes::Transposed, "box drawn for rows and columns exchanged"),
];

/// The rule of a name.
#[must_use]
pub fn shape_named(name: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.name == name)
}

/// The rule of a name that is written in a table: another one does not compile.
pub(super) const fn shape(name: &str) -> &'static Shape {
    let mut i = 0;
    while i < SHAPES.len() {
        if same(SHAPES[i].name, name) {
            return &SHAPES[i];
        }
        i += 1;
    }
    panic!("no such rule");
}

/// Whether two names are equal.
pub(super) const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut i = 0;
    while i < one.len() && i < other.len() && one[i] == other[i] {
        i += 1;
    }
    i == one.len() && i == other.len()
}

/// Rules for a box whose sides are fixed and do not follow lambda: the first Cutout's, and what may be wrong with it.
#[must_use]
pub fn fixed([width, height]: [u32; 2]) -> Vec<Shape> {
    let of = |name, code, what, side: &dyn Fn(u32) -> Side| Shape {
        sides: [side(width), side(height)],
        ..rule(name, code, OFFICIAL, what)
    };
    let around = |centres| move |cut: u32| Side::Fixed(cut / 2, cut - cut / 2, centres);
    vec![
        of("fixed", None, "a box of fixed sides around any centre, clipped", &around(Centres::All)),
        of("fixed-short", Some(Code::BoxCentre), "the same, centres from 0 to L-2", &around(Centres::Short)),
        of(
            "fixed-inclusive",
            Some(Code::BoxCentre),
            "the same, centres from 0 to L inclusive",
            &around(Centres::Inclusive),
        ),
        of("fixed-one-based", Some(Code::BoxCentre), "the same, centres from 1 to L", &around(Centres::OneBased)),
        of("fixed-inside", Some(Code::BoxInside), "the same, inside the image", &|cut| Side::FixedInside(cut)),
        of("fixed-corner", Some(Code::BoxCorner), "the drawn point is its first corner", &|cut| {
            Side::Fixed(0, cut, Centres::All)
        }),
    ]
}

impl Shape {
    /// Whether the paper's formula allows it: a rounding within one pixel an edge.
    #[must_use]
    pub const fn allowed(&self) -> bool {
        self.code.is_none()
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
}
