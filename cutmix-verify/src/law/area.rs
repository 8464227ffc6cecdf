//! Boxes of a drawn area and a drawn ratio, which have no part of lambda: how probable their sides are.
//!
//! With `u` and `v` the real height and width, the area is `u v` and the ratio `u / v`; so `dA dlog(r) = 2 du dv`, and
//! `dA dr = 2 u / v du dv`. Each pair of whole sides is a square of the plane of `u` and `v`, of which the bounds of area and ratio
//! leave a part. Along `v` its ends are constants, hyperbolas and lines, whose integrals are known.

use crate::profile::{Area, Bounds};

/// An end of a range of `u` as a function of `v`.
#[derive(Clone, Copy, Debug)]
enum End {
    Constant(f64),
    /// `a / v`.
    Area(f64),
    /// `r v`.
    Ratio(f64),
}

impl End {
    fn at(self, v: f64) -> f64 {
        match self {
            Self::Constant(c) => c,
            Self::Area(a) => a / v,
            Self::Ratio(r) => r * v,
        }
    }

    /// An antiderivative along `v` of the density's own antiderivative along `u`, up to this end.
    fn integral(self, v: f64, uniform: bool) -> f64 {
        match (self, uniform) {
            (Self::Constant(c), false) => c * v,
            (Self::Area(a), false) => a * libm::log(v),
            (Self::Ratio(r), false) => r * v * v / 2.0,
            (Self::Constant(c), true) => c * c * libm::log(v) / 2.0,
            (Self::Area(a), true) => -a * a / (4.0 * v * v),
            (Self::Ratio(r), true) => r * r * v * v / 4.0,
        }
    }
}

/// The probability that height and width lie in these ranges, of a drawn area in pixels and a drawn ratio.
fn cell([u0, u1]: [f64; 2], [v0, v1]: [f64; 2], bounds: &Bounds) -> f64 {
    let ([a0, a1], [r0, r1]) = (bounds.area, bounds.ratio);
    // Most cells of a large image have no part of it.
    if u1 * v1 <= a0 || u0 * v0 >= a1 || u1 <= r0 * v0 || u0 >= r1 * v1 {
        return 0.0;
    }
    let mut places = vec![v0, v1];
    for a in [a0, a1] {
        places.extend([a / u0, a / u1, libm::sqrt(a / r0), libm::sqrt(a / r1)]);
    }
    for r in [r0, r1] {
        places.extend([u0 / r, u1 / r]);
    }
    places.retain(|v| v.is_finite() && (v0..=v1).contains(v));
    places.sort_by(f64::total_cmp);
    let lower = [End::Constant(u0), End::Area(a0), End::Ratio(r0)];
    let upper = [End::Constant(u1), End::Area(a1), End::Ratio(r1)];
    let mut sum = 0.0;
    for pair in places.windows(2).filter(|pair| pair[0] < pair[1]) {
        let v = f64::midpoint(pair[0], pair[1]);
        let low = lower.into_iter().fold(lower[0], |end, other| if other.at(v) > end.at(v) { other } else { end });
        let high = upper.into_iter().fold(upper[0], |end, other| if other.at(v) < end.at(v) { other } else { end });
        if high.at(v) > low.at(v) {
            let between = |end: End| end.integral(pair[1], bounds.uniform) - end.integral(pair[0], bounds.uniform);
            sum += between(high) - between(low);
        }
    }
    let all = if bounds.uniform { r1 - r0 } else { libm::log(r1 / r0) };
    2.0 * sum.max(0.0) / ((a1 - a0) * all)
}

/// In how many places of all a box of these sides lies inside, where its first corner is any pixel.
fn places(sides: [u32; 2], size: [u32; 2]) -> f64 {
    let of = |axis: usize| {
        let (side, length) = (f64::from(sides[axis]), f64::from(size[axis]));
        ((length - side + 1.0) / length).clamp(0.0, 1.0)
    };
    of(0) * of(1)
}

/// The probability that a box of an area lies inside, with any ratio and any first corner.
fn inside(area: f64, size: [u32; 2], bounds: &Bounds) -> f64 {
    let [r0, r1] = bounds.ratio;
    let mut ratios = vec![r0, r1];
    ratios.extend((1..=size[1] + 1).map(|h| f64::from(h) * f64::from(h) / area));
    ratios.extend((1..=size[0] + 1).map(|w| area / (f64::from(w) * f64::from(w))));
    ratios.retain(|ratio| (r0..=r1).contains(ratio));
    ratios.sort_by(f64::total_cmp);
    let of = |pair: &[f64]| {
        let ratio = f64::midpoint(pair[0], pair[1]);
        let sides = [area / ratio, area * ratio].map(|square| libm::sqrt(square) as u32);
        (pair[1] - pair[0]) / (r1 - r0) * places(sides, size)
    };
    ratios.windows(2).map(of).sum()
}

/// Columns and rows of every box of a rule on images of this size, and how probable each is; what is missing of 1 is no box.
pub(super) fn sides(area: Area, size: [u32; 2]) -> Vec<([u32; 2], f64)> {
    let [width, height] = size;
    let pixels = f64::from(width) * f64::from(height);
    let Some(bounds) = area.bounds(pixels) else {
        // Half of the image: any width that leaves room, and the height that makes it half.
        let widths = width / 2 + 1..width;
        let each = 1.0 / widths.len().max(1) as f64;
        let of = |w: u32| ([w, libm::rint(pixels / 2.0 / f64::from(w)) as u32], each);
        return widths.map(of).filter(|([_, h], _)| (1..=height).contains(h)).collect();
    };
    let from = |side: u32| if bounds.cut_off { f64::from(side) } else { f64::from(side) - 0.5 };
    let range = |side: u32| [from(side).max(0.0), from(side + 1)];
    // Sides of the image itself are drawn again by the rules that round.
    let past = u32::from(bounds.cut_off);
    let all = || (0..height + past).flat_map(move |h| (0..width + past).map(move |w| [w, h]));
    let of = |[w, h]: [u32; 2]| {
        let p = cell(range(h), range(w), &bounds);
        if !bounds.cut_off || p <= 0.0 {
            return ([w, h], p);
        }
        // The ratio and the corner are drawn again until the box lies inside, the area is not.
        let middle = [range(h), range(w)].map(|[from, to]| f64::midpoint(from, to));
        let area = (middle[0] * middle[1]).clamp(bounds.area[0], bounds.area[1]);
        let inside = inside(area, size, &bounds);
        ([w, h], if inside > 0.0 { p * places([w, h], size) / inside } else { 0.0 })
    };
    let all: Vec<([u32; 2], f64)> = all().map(of).filter(|(_, p)| *p > 0.0).collect();
    let accepted: f64 = all.iter().map(|(_, p)| p).sum();
    let some = if bounds.cut_off { 1.0 } else { 1.0 - libm::pow(1.0 - accepted.min(1.0), f64::from(bounds.tries)) };
    let filled = all.into_iter().filter(|([w, h], _)| *w > 0 && *h > 0);
    filled.map(|(sides, p)| (sides, p / accepted * some)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_the_plane_are_all_of_it() {
        for area in Area::ALL {
            let Some(bounds) = area.bounds(960.0) else { continue };
            let mut sum = 0.0;
            for u in 0..60 {
                for v in 0..60 {
                    let range = |i: i32| [f64::from(i), f64::from(i + 1)];
                    sum += cell(range(u), range(v), &bounds);
                }
            }
            assert!((sum - 1.0).abs() < 1e-12, "{area:?}: {sum}");
        }
    }

    #[test]
    fn half_of_the_image_is_half_of_it() {
        let all = sides(Area::Half, [40, 24]);
        assert!(all.len() == 19 && (all.iter().map(|(_, p)| p).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(all.iter().all(|([w, h], _)| (w * h).abs_diff(480) <= w / 2));
    }
}
