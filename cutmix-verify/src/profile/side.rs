//! How the side of a box becomes pixels.

/// How the side of a box becomes pixels, on an axis of `L` pixels: a side of the real length `L s`, at a centre `c` or from
/// a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Whole pixels on both sides of a whole-pixel centre, clipped.
    Centred(Cut, Centres),
    /// Real centre in `[0, L)`, both edges clipped, then cut off to whole pixels.
    RealTruncated,
    /// Real centre in `[0, L)`: the pixels whose own centre is inside.
    RealCentre,
    /// `floor(L s)` pixels from a start that leaves all of them inside.
    Inside,
    /// The same from `floor(U (L - k - 1))`, which never reaches the last pixel.
    InsideShort,
    /// Real length and start inside: the pixels whose first edge is in it.
    InsideReal,
    /// `ceil(L s)` pixels from any start, cut off at the end.
    Corner,
    /// Half sides cut off, centre from 0 to `L` inclusive, both edges at most `L - 1`, at least one pixel.
    LastNever,
    /// Clipped on the left alone: `floor(L s)` pixels from there.
    ClippedLeft,
    /// All pixels, whatever `s` is.
    Whole,
    /// A length between two tenths of `L`, whatever `s` is, inside.
    Between(u32, u32, Ends),
    /// From one of two whole-pixel points to the other, whatever `s` is: points from 0 to `L` inclusive, or to `L - 1` where the
    /// last is left out.
    Points(Ends),
    /// So many pixels before and after a whole-pixel centre, whatever `s` is, clipped.
    Fixed(u32, u32, Centres),
    /// So many pixels inside, whatever `s` is.
    FixedInside(u32),
}

/// Which ends belong to a length that is drawn between `floor(f L)` and `floor(g L)`, and to its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ends {
    /// Lengths below the upper bound, every start inside: `k` in `floor(f L) .. floor(g L)`, start in `0 ..= L - k`.
    Inside,
    /// The same lengths, starts below `L - k`, so never the last pixel.
    Short,
    /// Lengths up to the upper bound, starts below `L - k`.
    ShortClosed,
}

/// Pixels before and after the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cut {
    /// `floor(L s / 2)` on both sides.
    HalfFloor,
    /// `k = floor(L s)`: `floor(k / 2)` before and the rest after.
    FullFloor,
    /// `k = round(L s)`: the same.
    FullRound,
    /// `floor(round(L s) / 2)` on both sides.
    RoundHalf,
    /// `round(L s / 2)` on both sides.
    HalfRound,
    /// `ceil(L s / 2)` on both sides.
    HalfCeil,
    /// [`HalfFloor`](Self::HalfFloor), but one pixel where that is none.
    AtLeastOne,
    /// [`HalfFloor`](Self::HalfFloor), at least so many on both sides.
    HalfLeast(u32),
    /// `k = floor(L s)`, at least so many: `floor(k / 2)` before and the rest after.
    FullLeast(u32),
}

/// Where whole-pixel centres are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Centres {
    /// `0 .. L`.
    All,
    /// `0 ..= L`.
    Inclusive,
    /// `1 ..= L`.
    OneBased,
    /// `0 .. L - 1`.
    Short,
    /// `k = floor(L s)`: `-ceil(k / 2) .. L + floor(k / 2)`, as far beyond as a box can reach the image.
    Beyond,
}
