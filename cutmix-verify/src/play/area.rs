//! Boxes of a drawn area and a drawn ratio, as code draws them.

use super::draws::OneDraw;
use crate::profile::Area;
use crate::reference::Stream;

/// First pixel and length on both axes of a box by its area and its ratio: numbers that are drawn again are those of a stream that the draw's own begin.
pub(super) fn by_area(area: Area, size: [u32; 2], draw: &OneDraw) -> [[i64; 2]; 2] {
    let [width, height] = size.map(i64::from);
    let mut rng = Stream::new(*b"CM1.area", [draw.lengths[0].to_bits(), draw.lengths[1].to_bits(), 0, 0]);
    let whole = |u: f64, n: i64| ((u * n as f64) as i64).min(n - 1);
    // A corner that leaves room.
    let inside = |sides: [i64; 2]| {
        [0, 1].map(|axis| {
            let (length, side) = (i64::from(size[axis]), sides[axis].min(i64::from(size[axis])));
            let start = whole(draw.place[axis], length - side + 1);
            [start, side]
        })
    };
    let pixels = (width * height) as f64;
    let Some(bounds) = area.bounds(pixels) else {
        let widths = width - width / 2 - 1;
        let across = width / 2 + 1 + whole(draw.lengths[0], widths.max(1));
        let down = libm::rint(pixels / 2.0 / across as f64) as i64;
        return if widths < 1 || down < 1 { inside([0, 0]) } else { inside([across, down]) };
    };
    let ([a, b], [r, t]) = (bounds.area, bounds.ratio);
    let mut drawn = a + (b - a) * rng.unit();
    let ratio = |rng: &mut Stream| {
        let u = rng.unit();
        if bounds.uniform { r + (t - r) * u } else { libm::exp(libm::log(r) + (libm::log(t) - libm::log(r)) * u) }
    };
    if bounds.cut_off {
        loop {
            let ratio = ratio(&mut rng);
            let sides = [drawn / ratio, drawn * ratio].map(|square| square.sqrt() as i64);
            let corner = [width, height].map(|length| whole(rng.unit(), length));
            if corner[0] + sides[0] <= width && corner[1] + sides[1] <= height {
                return [0, 1].map(|axis| [corner[axis], sides[axis]]);
            }
        }
    }
    for _ in 0..bounds.tries {
        let ratio = ratio(&mut rng);
        let sides = [drawn / ratio, drawn * ratio].map(|square| libm::rint(square.sqrt()) as i64);
        if sides[0] < width && sides[1] < height {
            return inside(sides);
        }
        drawn = a + (b - a) * rng.unit();
    }
    inside([0, 0])
}
