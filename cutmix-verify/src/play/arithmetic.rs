//! From a draw to the pixels of a box, in the types that a profile names: each step is rounded once.

use super::area::by_area;
use super::draws::{DrawnCall, OneDraw};
use crate::probe::Phase;
use crate::profile::shape::{Axes, Roots, Shape};
use crate::profile::{Centres, Cut, Ends, LambdaLaw, OFFICIAL, Places, Precision, Profile, Root, Side, Types};
use crate::reference::Patch;

/// The binary32 next to a number.
pub(super) fn single(value: f64) -> f64 {
    f64::from(value as f32)
}

/// `r` of one draw, and whether its products are binary32.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ratio {
    value: f64,
    narrow: bool,
}

impl Ratio {
    /// `sqrt(1 - lambda)`, moved by so many units in the last place where it may be another than the right one.
    fn new(types: &Types, law: LambdaLaw, lambda: f64, units: i32) -> Self {
        let narrow = single(lambda);
        let rest = match types.root {
            Root::Wide => 1.0 - lambda,
            Root::WideOfNarrow => 1.0 - narrow,
            Root::Gammas => single(1.0 - single(narrow / single(narrow + single(1.0 - narrow)))),
            Root::Narrow | Root::NarrowNear | Root::Mixed | Root::NarrowRoot => single(1.0 - narrow),
        };
        let root = if law == LambdaLaw::NoRoot { rest } else { rest.sqrt() };
        match types.root {
            Root::Wide | Root::WideOfNarrow | Root::Mixed => Self { value: root, narrow: false },
            Root::NarrowRoot => Self { value: single(root), narrow: false },
            // 0 and 1 have exact roots, which nobody gets wrong.
            Root::NarrowNear if root > 0.0 && single(root) < 1.0 => {
                let moved = (root as f32).to_bits().wrapping_add_signed(units);
                Self { value: f64::from(f32::from_bits(moved)), narrow: true }
            }
            Root::Narrow | Root::NarrowNear | Root::Gammas => Self { value: single(root), narrow: true },
        }
    }

    /// `L r`.
    fn of(self, length: u32) -> f64 {
        let product = f64::from(length) * self.value;
        if self.narrow { single(product) } else { product }
    }
}

/// One axis of a box: clipped edges, and its length before clipping, as cut and in real numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct AxisBox {
    /// First pixel.
    pub(super) from: u32,
    /// Pixel after the last, not before the first.
    pub(super) to: u32,
    /// First pixel before clipping.
    pub(super) start: i64,
    /// Pixels before clipping.
    pub(super) cut: i64,
    /// The distance of the real edges.
    pub(super) real: f64,
}

/// One axis as its rule sees it.
struct AxisDraw<'a> {
    /// Pixels of the image.
    length: u32,
    /// The lengths that centres and sides are shares of, and the one that edges are clipped at.
    lengths: [u32; 3],
    ratio: Ratio,
    /// What a side that is drawn follows.
    share: f64,
    place: f64,
    types: &'a Types,
    places: Places,
}

impl AxisDraw<'_> {
    /// A whole number from 0 to below `n`: the product with the place in its type, rounded down.
    fn whole(&self, n: i64) -> i64 {
        let u = self.place;
        let product = if self.types.narrow_place { single(single(u) * single(n as f64)) } else { u * n as f64 };
        product.floor() as i64
    }

    /// Pixels before and after a centre.
    fn halves(cut: Cut, real: f64) -> [i64; 2] {
        let (floor, near) = (real as i64, libm::rint(real) as i64);
        match cut {
            Cut::HalfFloor => [floor / 2, floor / 2],
            Cut::FullFloor => [floor / 2, floor - floor / 2],
            Cut::FullRound => [near / 2, near - near / 2],
            Cut::RoundHalf => [near / 2, near / 2],
            Cut::HalfRound => [libm::rint(real / 2.0) as i64; 2],
            Cut::HalfCeil => [(real / 2.0).ceil() as i64; 2],
            Cut::AtLeastOne => [floor / 2, if floor / 2 == 0 { 1 } else { floor / 2 }],
            Cut::HalfLeast(least) => [(floor / 2).max(least.into()); 2],
            Cut::FullLeast(least) => {
                let cut = floor.max(least.into());
                [cut / 2, cut - cut / 2]
            }
        }
    }

    /// A whole-pixel centre, of a box of so many pixels.
    fn centre(&self, centres: Centres, cut: i64) -> i64 {
        let length = i64::from(self.length);
        match centres {
            Centres::All => self.whole(self.lengths[0].into()),
            Centres::Inclusive => self.whole(length + 1),
            Centres::OneBased => self.whole(self.lengths[0].into()) + 1,
            Centres::Short => self.whole(length - 1),
            Centres::Beyond => self.whole(length + cut) - (cut - cut / 2),
        }
    }

    /// A start that leaves `cut` pixels inside.
    fn inside(&self, cut: i64) -> i64 {
        let room = i64::from(self.length) - cut;
        match self.places {
            Places::NotLast => self.whole(room).min(room - 1),
            Places::NotFirst => self.whole(room).min(room - 1) + 1,
            _ => self.whole(room + 1).min(room),
        }
    }

    /// The axis of a box by its rule.
    fn extent(&self, side: Side) -> AxisBox {
        let whole = i64::from(self.length);
        let drawn = self.ratio.of(self.lengths[1]);
        let at = f64::from(self.lengths[0]) * self.place;
        let floor = drawn as i64;
        // What is formed of a binary32 is one.
        let typed = |value: f64| if self.types.root.precision() == Precision::F32 { single(value) } else { value };
        let real = (at + drawn / 2.0).min(f64::from(self.length)) - (at - drawn / 2.0).max(0.0);
        let extent = |start: i64, end: i64, cut: i64, real: f64| {
            // What slices beyond the axis ends with it.
            let border = i64::from(self.lengths[2]);
            let [from, to] = [start, end].map(|edge| edge.clamp(0, border).min(whole) as u32);
            AxisBox { from, to: to.max(from), start, cut, real }
        };
        match side {
            Side::Centred(cut, centres) => {
                let centre = self.centre(centres, floor);
                let [below, above] = Self::halves(cut, drawn);
                let cut = if let Cut::FullLeast(_) = cut { below + above } else { floor };
                extent(centre - below, centre + above, cut, real)
            }
            Side::RealCentre => {
                let half = drawn / 2.0;
                extent((at - half - 0.5).ceil() as i64, (at + half - 0.5).ceil() as i64, floor, real)
            }
            Side::RealTruncated => {
                let half = drawn / 2.0;
                extent((at - half).max(0.0) as i64, (at + half) as i64, floor, real)
            }
            Side::Inside => {
                // Where one start is left out, there must be another one.
                let cut = if matches!(self.places, Places::NotLast | Places::NotFirst) {
                    floor.min(whole - 1)
                } else {
                    floor
                };
                let start = self.inside(cut);
                extent(start, start + cut, cut, real)
            }
            Side::InsideShort => {
                // Of a whole side the start would be -1: as it is in binary32, and moved to 0 otherwise.
                let start = self.whole(whole - floor - 1);
                let start = if self.types.narrow_place { start } else { start.max(0) };
                extent(start, start + floor, floor, real)
            }
            Side::InsideReal => {
                let first = typed(self.place * typed(f64::from(self.length) - drawn));
                let last = typed(first + drawn);
                // The distance of the ends is not the side again.
                extent(first.ceil() as i64, last.ceil() as i64, floor, typed(last - first))
            }
            Side::Corner => {
                let first = self.centre(Centres::All, floor);
                extent(first, typed(first as f64 + typed(drawn)).ceil() as i64, floor, real)
            }
            Side::LastNever => {
                let (centre, half) = (self.centre(Centres::Inclusive, floor), floor / 2);
                let start = (centre - half).clamp(0, whole - 1);
                extent(start, (centre + half).clamp(0, whole - 1).max(start + 1), floor, real)
            }
            Side::ClippedLeft => {
                let start = (self.centre(Centres::All, floor) - floor / 2).max(0);
                extent(start, start + floor, floor, real)
            }
            Side::Whole => extent(0, whole, whole, whole as f64),
            Side::Between(least, most, ends) => {
                let [least, most] = [least, most].map(|tenths| whole * i64::from(tenths) / 10);
                let lengths = (most - least + i64::from(ends == Ends::ShortClosed)).max(1);
                let cut = least + (lengths as f64 * self.share) as i64;
                let start = self.whole((whole - cut + i64::from(ends == Ends::Inside)).max(1));
                extent(start, start + cut, cut, cut as f64)
            }
            Side::Points(ends) => {
                let points = whole + i64::from(ends == Ends::Inside);
                let [one, other] = [self.place, self.share].map(|u| ((u * points as f64) as i64).min(points - 1));
                let (start, end) = (one.min(other), one.max(other));
                extent(start, end, end - start, (end - start) as f64)
            }
            Side::Fixed(below, above, centres) => {
                let (below, above) = (i64::from(below), i64::from(above));
                let centre = self.centre(centres, below + above);
                extent(centre - below, centre + above, below + above, real)
            }
            Side::FixedInside(cut) => {
                let cut = i64::from(cut).min(whole);
                let start = self.inside(cut);
                extent(start, start + cut, cut, cut as f64)
            }
        }
    }
}

/// The lengths that centres and sides of both axes are shares of, and that their edges are clipped at.
fn lengths(axes: Axes, [width, height]: [u32; 2]) -> [[u32; 3]; 2] {
    match axes {
        Axes::Own => [[width; 3], [height; 3]],
        Axes::WidthFromHeight => [[width, height, width], [height; 3]],
        Axes::HeightFromWidth => [[width; 3], [height, width, height]],
        Axes::SidesExchanged => [[width, height, width], [height, width, height]],
        Axes::Transposed => [[height, height, width], [width, width, height]],
        Axes::Sliced => [[height; 3], [width; 3]],
    }
}

/// The box of a draw on images of this size, and both its axes. `units` moves a root that may be another than the right one.
pub(super) fn boxed(profile: &Profile, size: [u32; 2], draw: &OneDraw, units: i32) -> (Patch, [AxisBox; 2]) {
    let shape: &Shape = if draw.wrong { profile.shape } else { OFFICIAL.shape };
    let lambdas = match shape.roots {
        Roots::One | Roots::Area(_) => [draw.lambda; 2],
        Roots::Two => [draw.lambda, draw.lengths[1]],
    };
    let lengths = lengths(shape.axes, size);
    let of_area = if let Roots::Area(area) = shape.roots { Some(by_area(area, size, draw)) } else { None };
    let extents = [0, 1].map(|axis| {
        if let Some([start, cut]) = of_area.map(|sides| sides[axis]) {
            return AxisBox { from: start as u32, to: (start + cut) as u32, start, cut, real: cut as f64 };
        }
        let line = AxisDraw {
            length: size[axis],
            lengths: lengths[axis],
            ratio: Ratio::new(&profile.types, profile.lambda, lambdas[axis], units),
            share: draw.lengths[axis],
            place: draw.place[axis],
            types: &profile.types,
            places: profile.faults.places,
        };
        line.extent(shape.sides[axis])
    });
    let patch = Patch::of([extents[0].from, extents[1].from, extents[0].to, extents[1].to]);
    (if patch.is_empty() || !draw.applied { Patch::EMPTY } else { patch }, extents)
}

/// What a call draws, and the boxes of it.
pub(super) struct Boxes {
    pub(super) drawn: DrawnCall,
    pub(super) patches: Vec<Patch>,
    pub(super) extents: Vec<[AxisBox; 2]>,
}

impl Boxes {
    pub(super) fn new(profile: &Profile, phase: &Phase, drawn: DrawnCall, units: i32) -> Self {
        let size = [phase.width, phase.height];
        let (patches, extents) = drawn.samples.iter().map(|draw| boxed(profile, size, draw, units)).unzip();
        Self { drawn, patches, extents }
    }

    /// What boxes leave of their images, as shares.
    pub(super) fn kept(&self, phase: &Phase) -> Vec<f64> {
        self.patches.iter().map(|patch| 1.0 - patch.area() as f64 / phase.area() as f64).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::draws::LAST;
    use crate::profile::shape::shape_named;

    fn axis(rule: &str, types: Types, lambda: f64, u: f64, length: u32) -> (u32, u32) {
        let profile = Profile { shape: shape_named(rule).unwrap(), types, ..OFFICIAL };
        let place = if rule.starts_with("between") { LAST - u } else { u };
        let draw = OneDraw { lambda, lengths: [u; 2], place: [place; 2], wrong: true, applied: true };
        let (_, [x, y]) = boxed(&profile, [length; 2], &draw, 0);
        assert_eq!(x, y);
        (x.from, x.to)
    }

    const NARROW: Types = Types { root: Root::Narrow, ..Types::WIDE };
    const KORNIA: Types = Types { narrow_place: true, ..NARROW };

    #[test]
    fn sides_by_hand() {
        let (wide, narrow) = (Types::WIDE, NARROW);
        // lambda 0.75: half of every side. 24 x 0.5 = 12 around 12; 7 x 0.5 = 3.5 around 3.
        assert_eq!(axis("official", wide, 0.75, 0.5, 24), (6, 18));
        assert_eq!(axis("official", wide, 0.75, 0.5, 7), (2, 4));
        assert_eq!(axis("full-extent", wide, 0.75, 0.5, 7), (2, 5));
        assert_eq!(axis("round-half", narrow, 0.75, 0.5, 7), (1, 5));
        // 5 x 0.5 = 2.5 is 2, as the even one.
        assert_eq!(axis("round-half", narrow, 0.75, 0.5, 5), (1, 3));
        assert_eq!(axis("official", wide, 0.75, 0.0, 24), (0, 6));
        assert_eq!(axis("official", wide, 0.75, LAST, 24), (17, 24));
        assert_eq!(axis("inside", KORNIA, 0.75, LAST, 24), (12, 24));
        assert_eq!(axis("inside-short", KORNIA, 0.75, LAST, 24), (10, 22));
        // A whole side begins a pixel before the image.
        assert_eq!(axis("inside-short", KORNIA, 0.0, 0.5, 24), (0, 23));
        assert_eq!(axis("inside-short", KORNIA, 0.0, 0.0, 24), (0, 24));
        assert_eq!(axis("inside-short", wide, 0.0, 0.5, 24), (0, 24));
        // x0 = 0.5 x 3.5 = 1.75, x1 = 5.25.
        assert_eq!(axis("inside-real", KORNIA, 0.75, 0.5, 7), (2, 6));
        let mixed = Types { root: Root::Mixed, ..wide };
        assert_eq!(axis("corner", mixed, 0.75, 0.5, 7), (3, 7));
        assert_eq!(axis("corner", mixed, 1.0, 0.5, 7), (3, 3));
        // 40: sides 8 to 31. u = 0: side 8, start the last of 32, or of 33.
        assert_eq!(axis("between-2-8-short", wide, 0.5, 0.0, 40), (31, 39));
        assert_eq!(axis("between-2-8", wide, 0.5, 0.0, 40), (32, 40));
        assert_eq!(axis("between-2-8", wide, 0.5, LAST, 40), (0, 31));
        // Up to 32, and at most to the last pixel but one.
        assert_eq!(axis("between-3-8-closed", wide, 0.5, LAST, 40), (0, 32));
        assert_eq!(axis("between-3-8-closed", wide, 0.5, 0.0, 40), (27, 39));
    }

    #[test]
    fn types_differ_where_they_must() {
        let of = |root: Root| Types { root, ..Types::WIDE };
        let root = |root: Root, lambda: f64, units| Ratio::new(&of(root), LambdaLaw::AsAsked, lambda, units);
        // 1 - 2^-30 is 1 in binary32.
        let lambda = 1.0 / 1_073_741_824.0;
        assert_eq!(axis("official", of(Root::Wide), lambda, 0.5, 24), (1, 23));
        assert_eq!(axis("official", of(Root::Narrow), lambda, 0.5, 24), (0, 24));
        assert_eq!(axis("official", of(Root::Gammas), lambda, 0.5, 24), (0, 24));
        // 0.1 is another number in binary32.
        assert_ne!(root(Root::Wide, 0.1, 0), root(Root::WideOfNarrow, 0.1, 0));
        assert_ne!(root(Root::Mixed, 0.1, 0), root(Root::WideOfNarrow, 0.1, 0));
        // A root may be a neighbour only where it is torch's, and not at the ends.
        assert_ne!(root(Root::NarrowNear, 0.5, 1), root(Root::NarrowNear, 0.5, 0));
        assert_eq!(root(Root::Narrow, 0.5, 1), root(Root::Narrow, 0.5, 0));
        assert_eq!(root(Root::NarrowNear, 1.0, 1), root(Root::NarrowNear, 1.0, 0));
        assert_eq!(root(Root::NarrowNear, 0.0, 1), root(Root::NarrowNear, 0.0, 0));
        // Rounding once more after binary64 gives what binary32 gives.
        for lambda in [0.1, 0.3, 0.7, 0.999] {
            let narrow = (1.0 - lambda as f32).sqrt();
            assert_eq!(root(Root::Narrow, lambda, 0).of(37), f64::from(37.0 * narrow));
        }
    }
}
