//! One axis of a box, in a package's own arithmetic: from lambda and a uniform number to pixels.

/// In which types `r = sqrt(1 - lambda)` and `L r` are formed. Each step is rounded once to the type named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// All in binary64.
    Wide,
    /// Lambda is drawn in binary32; then as [`Wide`](Self::Wide).
    WideOfNarrow,
    /// All in binary32.
    Narrow,
    /// The same, but the root may be a neighbour of the right one: torch's, which on many machines is MKL's.
    NarrowNear,
    /// Lambda is `g / (g + h)` of binary32 numbers `g = lambda` and `h = 1 - lambda`; then as [`Narrow`](Self::Narrow).
    Gammas,
    /// `1 - lambda` in binary32, root and product in binary64.
    Mixed,
}

/// `r` of one draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ratio {
    Wide(f64),
    Narrow(f32),
}

impl Root {
    /// The root, moved by so many units in the last place where it may be another than the right one.
    pub(super) fn of(self, lambda: f64, units: i32) -> Ratio {
        let narrow = lambda as f32;
        match self {
            Self::Wide => Ratio::Wide((1.0 - lambda).sqrt()),
            Self::WideOfNarrow => Ratio::Wide((1.0 - f64::from(narrow)).sqrt()),
            Self::Narrow => Ratio::Narrow((1.0 - narrow).sqrt()),
            Self::NarrowNear => {
                let right = (1.0 - narrow).sqrt();
                // 0 and 1 have exact roots, which nobody gets wrong.
                let inner = right > 0.0 && right < 1.0;
                let moved = f32::from_bits(right.to_bits().wrapping_add_signed(units));
                Ratio::Narrow(if inner { moved } else { right })
            }
            Self::Gammas => {
                let other = 1.0 - narrow;
                Ratio::Narrow((1.0 - narrow / (narrow + other)).sqrt())
            }
            Self::Mixed => Ratio::Wide(f64::from(1.0 - narrow).sqrt()),
        }
    }

    /// What the type is called in a profile.
    pub(super) const fn precision(self) -> &'static str {
        match self {
            Self::Wide | Self::WideOfNarrow => "f64",
            Self::Narrow | Self::NarrowNear | Self::Gammas | Self::Mixed => "f32",
        }
    }
}

impl Ratio {
    /// `L r`; a binary32 is exact in the result.
    fn of(self, length: u32) -> f64 {
        match self {
            Self::Wide(ratio) => f64::from(length) * ratio,
            Self::Narrow(ratio) => f64::from(length as f32 * ratio),
        }
    }
}

/// How a side becomes pixels. `k` is the side in pixels, `c = floor(u L)` the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// `k = trunc(L r)`, halves `floor(k / 2)` on either side of `c`, clipped. Halving before it is truncated is the same.
    Official,
    /// As [`Official`](Self::Official); `u L` is a binary32.
    OfficialNarrowCentre,
    /// `k = trunc(L r)`, the upper half is `ceil(k / 2)`.
    FullExtent,
    /// `k` is `L r` rounded half to even, halves `floor(k / 2)`.
    RoundHalf,
    /// `k = floor(L r)`, start `floor(f32(u (L - k - 1)))`: -1 for a whole side.
    InsideShort,
    /// `k = floor(L r)`, start `min(floor(f32(u (L - k + 1))), L - k)`.
    Inside,
    /// Real ends in binary32: `x0 = u (L - len)`, `x1 = x0 + len`; pixels `x0 <= i < x1`.
    InsideReal,
    /// From `c` to `ceil(f32(c + f32(L r)))`.
    Corner,
    /// Sides drawn between two fractions of the image's: see [`extents`].
    MinMaxShort,
    /// The same; a start may be the last that there is.
    MinMax,
}

impl Rule {
    /// The name in a profile.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Official | Self::OfficialNarrowCentre => "official",
            Self::FullExtent => "full-extent",
            Self::RoundHalf => "round-half",
            Self::InsideShort => "inside-short",
            Self::Inside => "inside",
            Self::InsideReal => "inside-real",
            Self::Corner => "corner",
            Self::MinMaxShort => "between-2-8-short",
            Self::MinMax => "between-2-8",
        }
    }

    /// Whether sides are drawn, so that lambda counts only where it is 1.
    pub(super) const fn min_max(self) -> bool {
        matches!(self, Self::MinMaxShort | Self::MinMax)
    }
}

/// One axis of a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    /// First pixel.
    pub(super) start: u32,
    /// Pixel after the last, not before the first.
    pub(super) end: u32,
    /// The side before it was clipped, as whole pixels or (`InsideReal`) as binary32: what some labels have.
    pub(super) side: f64,
}

/// The fractions that the profiles of `minmax` have.
pub(super) const MIN_MAX: [f64; 2] = [0.2, 0.8];
/// `1 - 2^-23 - u` is another uniform number of the same steps.
const LAST: f64 = 1.0 - 1.0 / 8_388_608.0;

/// The pixels from `start` to before `end` that there are.
fn clipped(start: i64, end: i64, length: u32, side: f64) -> Axis {
    let clamp = |edge: i64| edge.clamp(0, i64::from(length)) as u32;
    let start = clamp(start);
    Axis { start, end: clamp(end).max(start), side }
}

/// A whole number from 0 to below `n`, 0 where there is none.
fn whole(u: f64, n: i64) -> i64 {
    (u * n as f64).floor() as i64
}

/// One axis of length `length` from the root and a uniform number.
pub(super) fn axis(rule: Rule, ratio: Ratio, u: f64, length: u32) -> Axis {
    let (long, side) = (i64::from(length), ratio.of(length));
    let centre = whole(u, long);
    let around = |k: i64, lower: i64, upper: i64| clipped(centre - lower, centre + upper, length, k as f64);
    match rule {
        Rule::Official => {
            let k = side as i64;
            around(k, k / 2, k / 2)
        }
        Rule::OfficialNarrowCentre => {
            let (k, centre) = (side as i64, (u as f32 * length as f32) as i64);
            clipped(centre - k / 2, centre + k / 2, length, k as f64)
        }
        Rule::FullExtent => {
            let k = side as i64;
            around(k, k / 2, (k + 1) / 2)
        }
        Rule::RoundHalf => {
            let k = libm::rint(side) as i64;
            around(k, k / 2, k / 2)
        }
        Rule::InsideShort => {
            let k = side as i64;
            let start = (u as f32 * (long - k - 1) as f32).floor() as i64;
            clipped(start, start + k, length, k as f64)
        }
        Rule::Inside => {
            let k = side as i64;
            let start = ((u as f32 * (long - k + 1) as f32).floor() as i64).min(long - k);
            clipped(start, start + k, length, k as f64)
        }
        Rule::InsideReal => {
            let side = side as f32;
            let first = u as f32 * (length as f32 - side);
            let last = first + side;
            // The label has the distance of the ends, which is not the side again.
            clipped(first.ceil() as i64, last.ceil() as i64, length, f64::from(last - first))
        }
        Rule::Corner => {
            let end = (centre as f32 + side as f32).ceil() as i64;
            clipped(centre, end, length, side)
        }
        Rule::MinMaxShort | Rule::MinMax => extents(rule, u, length),
    }
}

/// A side from the uniform number and a start from its mirror image `1 - 2^-23 - u`.
fn extents(rule: Rule, u: f64, length: u32) -> Axis {
    let [least, most] = MIN_MAX.map(|fraction| (f64::from(length) * fraction) as i64);
    let k = least + whole(u, most - least);
    let starts = i64::from(length) - k + i64::from(rule == Rule::MinMax);
    let start = whole(LAST - u, starts);
    clipped(start, start + k, length, k as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixels(rule: Rule, root: Root, lambda: f64, u: f64, length: u32) -> (u32, u32) {
        let axis = axis(rule, root.of(lambda, 0), u, length);
        (axis.start, axis.end)
    }

    #[test]
    fn sides_by_hand() {
        // lambda 0.75: half of every side. 24 x 0.5 = 12 around 12; 7 x 0.5 = 3.5 around 3.
        assert_eq!(pixels(Rule::Official, Root::Wide, 0.75, 0.5, 24), (6, 18));
        assert_eq!(pixels(Rule::Official, Root::Wide, 0.75, 0.5, 7), (2, 4));
        assert_eq!(pixels(Rule::FullExtent, Root::Wide, 0.75, 0.5, 7), (2, 5));
        assert_eq!(pixels(Rule::RoundHalf, Root::Narrow, 0.75, 0.5, 7), (1, 5));
        // 5 x 0.5 = 2.5 is 2, as the even one.
        assert_eq!(pixels(Rule::RoundHalf, Root::Narrow, 0.75, 0.5, 5), (1, 3));
        assert_eq!(pixels(Rule::Official, Root::Wide, 0.75, 0.0, 24), (0, 6));
        assert_eq!(pixels(Rule::Official, Root::Wide, 0.75, LAST, 24), (17, 24));
        assert_eq!(pixels(Rule::Inside, Root::Narrow, 0.75, LAST, 24), (12, 24));
        assert_eq!(pixels(Rule::InsideShort, Root::Narrow, 0.75, LAST, 24), (10, 22));
        // A whole side begins a pixel before the image.
        assert_eq!(pixels(Rule::InsideShort, Root::Narrow, 0.0, 0.5, 24), (0, 23));
        assert_eq!(pixels(Rule::InsideShort, Root::Narrow, 0.0, 0.0, 24), (0, 24));
        // x0 = 0.5 x 3.5 = 1.75, x1 = 5.25.
        assert_eq!(pixels(Rule::InsideReal, Root::Narrow, 0.75, 0.5, 7), (2, 6));
        assert_eq!(pixels(Rule::Corner, Root::Mixed, 0.75, 0.5, 7), (3, 7));
        assert_eq!(pixels(Rule::Corner, Root::Mixed, 1.0, 0.5, 7), (3, 3));
        // 40: sides 8 to 31. u = 0: side 8, start the last of 32, or of 33.
        assert_eq!(pixels(Rule::MinMaxShort, Root::Wide, 0.5, 0.0, 40), (31, 39));
        assert_eq!(pixels(Rule::MinMax, Root::Wide, 0.5, 0.0, 40), (32, 40));
        assert_eq!(pixels(Rule::MinMax, Root::Wide, 0.5, LAST, 40), (0, 31));
    }

    #[test]
    fn types_differ_where_they_must() {
        // 1 - 2^-30 is 1 in binary32.
        let lambda = 1.0 / 1_073_741_824.0;
        assert_eq!(pixels(Rule::Official, Root::Wide, lambda, 0.5, 24), (1, 23));
        assert_eq!(pixels(Rule::Official, Root::Narrow, lambda, 0.5, 24), (0, 24));
        assert_eq!(pixels(Rule::Official, Root::Gammas, lambda, 0.5, 24), (0, 24));
        // 0.1 is another number in binary32.
        assert_ne!(Root::Wide.of(0.1, 0), Root::WideOfNarrow.of(0.1, 0));
        assert_ne!(Root::Mixed.of(0.1, 0), Root::WideOfNarrow.of(0.1, 0));
        // A root may be a neighbour only where it is torch's, and not at the ends.
        assert_ne!(Root::NarrowNear.of(0.5, 1), Root::NarrowNear.of(0.5, 0));
        assert_eq!(Root::Narrow.of(0.5, 1), Root::Narrow.of(0.5, 0));
        assert_eq!(Root::NarrowNear.of(1.0, 1), Root::NarrowNear.of(1.0, 0));
        assert_eq!(Root::NarrowNear.of(0.0, 1), Root::NarrowNear.of(0.0, 0));
    }
}
