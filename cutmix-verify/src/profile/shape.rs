//! The catalogue of boxes: every rule that somebody uses, right or wrong.

use super::area::Area;
use super::code::Code;
use super::side::{Centres, Cut, Ends, Side};

/// Which lengths the two axes use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axes {
    Own,
    /// Both sides are a share of the height.
    WidthFromHeight,
    /// Both sides are a share of the width.
    HeightFromWidth,
    /// Each side is a share of the other length.
    SidesExchanged,
    /// The whole box is drawn for rows and columns exchanged.
    Transposed,
    /// The same, and each edge is clipped at the other length before it cuts its own axis.
    Sliced,
}

/// Whether both axes have one `s`, two, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Roots {
    One,
    Two,
    /// There is none: both sides come of an area and a ratio.
    Area(Area),
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
    /// Of columns, and of rows.
    pub sides: [Side; 2],
    pub axes: Axes,
    pub roots: Roots,
}

/// A rule of both axes that uses their own lengths; the table names it.
const fn both(side: Side) -> Shape {
    Shape { name: "", what: "", code: None, sides: [side; 2], axes: Axes::Own, roots: Roots::One }
}

/// Centres by the rule, and the authors' half sides.
const fn centred(centres: Centres) -> Shape {
    both(Side::Centred(Cut::HalfFloor, centres))
}

const fn cut(cut: Cut) -> Shape {
    both(Side::Centred(cut, Centres::All))
}

const fn mixed_up(axes: Axes) -> Shape {
    Shape { axes, ..OFFICIAL }
}

const fn between(tenths: u32, ends: Ends) -> Shape {
    both(Side::Between(tenths, 8, ends))
}

const fn area(area: Area) -> Shape {
    Shape { roots: Roots::Area(area), ..both(Side::Whole) }
}

const OFFICIAL: Shape = cut(Cut::HalfFloor);
const HALVES: Side = OFFICIAL.sides[0];

macro_rules! shapes {
    ($($name:literal [$($code:ident)?] $of:expr, $what:literal;)*) => {
        [$(Shape { name: $name, what: $what, code: shapes!(@ $($code)?), ..$of }),*]
    };
    (@) => { None };
    (@ $code:ident) => { Some(Code::$code) };
}

/// Those that the paper's formula allows first.
pub const SHAPES: &[Shape] = &shapes! {
    "official" [] OFFICIAL, "half sides cut off to whole pixels, even extents: the paper authors' code";
    "paper" [] both(Side::RealCentre), "pixels whose centre is in the real box: the paper's formula";
    "full-extent" [] cut(Cut::FullFloor), "whole sides cut off, odd extents as well";
    "full-round" [] cut(Cut::FullRound), "whole sides rounded to nearest";
    "round-half" [] cut(Cut::RoundHalf), "whole sides rounded to nearest, then halved";
    "half-round" [] cut(Cut::HalfRound), "half sides rounded to nearest";
    "half-ceil" [] cut(Cut::HalfCeil), "half sides rounded up";
    "real-truncated" [] both(Side::RealTruncated), "real edges, clipped and cut off to whole pixels";
    "least-one" [BoxLeastOne] cut(Cut::AtLeastOne), "a box of no pixel gets one";
    "half-least-one" [BoxLeastOne] cut(Cut::HalfLeast(1)), "half sides of one pixel at least, so sides of two";
    "half-least-two" [BoxLeastOne] cut(Cut::HalfLeast(2)), "half sides of two pixels at least";
    "full-least-one" [BoxLeastOne] cut(Cut::FullLeast(1)), "whole sides of one pixel at least";
    "full-least-two" [BoxLeastOne] cut(Cut::FullLeast(2)), "whole sides of two pixels at least";
    "centre-inclusive" [BoxCentre] centred(Centres::Inclusive), "centres from 0 to L inclusive";
    "centre-one-based" [BoxCentre] centred(Centres::OneBased), "centres from 1 to L";
    "centre-short" [BoxCentre] centred(Centres::Short), "centres from 0 to L-2";
    "inside" [BoxInside] both(Side::Inside), "the whole box inside the image, never clipped";
    "inside-short" [BoxInside] both(Side::InsideShort), "inside, and never at the last pixel";
    "inside-real" [BoxInside] both(Side::InsideReal), "a real box inside the image";
    "corner" [BoxCorner] both(Side::Corner), "the drawn point is the box's first corner, not its centre";
    "last-never" [BoxLastNever] both(Side::LastNever), "edges end before the last pixel";
    "clipped-left" [BoxClippedLeft] both(Side::ClippedLeft), "clipped on one side alone";
    "strip" [BoxStrip] Shape { sides: [HALVES, Side::Whole], ..OFFICIAL }, "all rows, some columns";
    "strip-across" [BoxStrip] Shape { sides: [Side::Whole, HALVES], ..OFFICIAL }, "all columns, some rows";
    "two-lambdas" [BoxTwoLambdas] Shape { roots: Roots::Two, ..OFFICIAL }, "a lambda for each axis";
    "between-2-8" [BoxBetween] between(2, Ends::Inside), "sides drawn between 0.2 and 0.8 of the image's, inside";
    "between-3-8" [BoxBetween] between(3, Ends::Inside), "sides drawn between 0.3 and 0.8 of the image's, inside";
    "between-2-8-short" [BoxBetween] between(2, Ends::Short), "sides drawn between 0.2 and 0.8 of the image's, inside, and never at the last pixel";
    "between-3-8-short" [BoxBetween] between(3, Ends::Short), "sides drawn between 0.3 and 0.8 of the image's, inside, and never at the last pixel";
    "between-3-8-closed" [BoxBetween] between(3, Ends::ShortClosed), "sides drawn from 0.3 to 0.8 of the image's, both inclusive, inside, and never at the last pixel";
    "two-points" [BoxBetween] both(Side::Points(Ends::Inside)), "from one random point to another on each axis, without lambda";
    "two-points-short" [BoxBetween] both(Side::Points(Ends::Short)), "from one random point to another on each axis, without lambda, and never at the last pixel";
    "half-area" [BoxBetween] area(Area::Half), "always half of the area, inside, with a random width";
    "random-erasing" [BoxBetween] area(Area::Erasing), "Random Erasing (torchvision): 2 to 33 % of the area, a log-uniform ratio of 0.3 to 3.3, inside";
    "random-erasing-third" [BoxBetween] area(Area::ErasingThird), "Random Erasing (timm): 2 % to a third of the area, a log-uniform ratio of 0.3 to 1/0.3, inside";
    "random-erasing-uniform" [BoxBetween] area(Area::ErasingUniform), "Random Erasing (its authors): 2 to 40 % of the area, a uniform ratio of 0.3 to 1/0.3, inside";
    "segmentation" [BoxBetween] area(Area::Segmentation), "semi-supervised segmentation: 2 to 40 % of the area, a ratio of 0.3 to 1/0.3, drawn again until it lies inside";
    "centre-beyond" [BoxBeyond] centred(Centres::Beyond), "centres half a box beyond the image as well, so that all pixels are replaced equally often";
    "width-from-height" [BoxAxes] mixed_up(Axes::WidthFromHeight), "columns cut by the number of rows";
    "height-from-width" [BoxAxes] mixed_up(Axes::HeightFromWidth), "rows cut by the number of columns";
    "sides-exchanged" [BoxAxes] mixed_up(Axes::SidesExchanged), "each side cut by the other's length";
    "transposed" [BoxAxes] mixed_up(Axes::Transposed), "box drawn for rows and columns exchanged";
    "sliced-transposed" [BoxAxes] mixed_up(Axes::Sliced), "rows and columns exchanged in slicing: each edge is clipped at the other length";
};

/// The rule of a name.
#[must_use]
pub fn shape_named(name: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.name == name)
}

/// The rule of a name that is written in a table: another one does not compile.
pub(super) const fn shape(name: &str) -> &'static Shape {
    let mut i = 0;
    while i < SHAPES.len() {
        let (known, name) = (SHAPES[i].name.as_bytes(), name.as_bytes());
        let mut at = 0;
        while at < known.len() && at < name.len() && known[at] == name[at] {
            at += 1;
        }
        if at == known.len() && at == name.len() {
            return &SHAPES[i];
        }
        i += 1;
    }
    panic!("no such rule");
}

/// Rules for a box whose sides are fixed and do not follow lambda: the first Cutout's, and what may be wrong with it.
pub(crate) fn fixed(size: [u32; 2]) -> Vec<Shape> {
    let sides = |side: &dyn Fn(u32) -> Side| Shape { sides: size.map(side), ..OFFICIAL };
    let around = |centres| sides(&|cut| Side::Fixed(cut / 2, cut - cut / 2, centres));
    shapes! {
        "fixed" [] around(Centres::All), "a box of fixed sides around any centre, clipped";
        "fixed-short" [BoxCentre] around(Centres::Short), "the same, centres from 0 to L-2";
        "fixed-inclusive" [BoxCentre] around(Centres::Inclusive), "the same, centres from 0 to L inclusive";
        "fixed-one-based" [BoxCentre] around(Centres::OneBased), "the same, centres from 1 to L";
        "fixed-inside" [BoxInside] sides(&Side::FixedInside), "the same, inside the image";
        "fixed-corner" [BoxCorner] sides(&|cut| Side::Fixed(0, cut, Centres::All)), "the drawn point is its first corner";
    }
    .to_vec()
}

impl Shape {
    /// Whether the paper's formula allows it: a rounding within one pixel an edge.
    #[must_use]
    pub const fn allowed(&self) -> bool {
        self.code.is_none()
    }

    /// Whether the lengths of both sides follow from one draw, or are drawn on purpose without lambda.
    pub(crate) fn sides_of_one_draw(&self) -> bool {
        let on_purpose = matches!(self.roots, Roots::Area(_));
        on_purpose || self.axes == Axes::Own && self.roots == Roots::One && !self.sides.contains(&Side::Whole)
    }

    /// Whether it differs from another only where the image is not square.
    pub(crate) fn needs_oblong(&self) -> bool {
        self.axes != Axes::Own
    }

    /// Whether the law of lambda has no part in it.
    pub(crate) fn without_lambda(&self) -> bool {
        self.sides.iter().all(|side| {
            matches!(side, Side::Between(..) | Side::Points(_) | Side::Fixed(..) | Side::FixedInside(_) | Side::Whole)
        })
    }
}
