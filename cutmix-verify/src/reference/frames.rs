//! Frames whose planes have different resolutions, and packed raw lines.

use super::{Image, Patch};

/// [`snap`] of one edge.
fn snap_edge(edge: u32, step: u32, length: u32) -> u32 {
    let places = (0..=length).filter(|&place| place % step == 0 || place == length);
    // The first of the least.
    places.min_by_key(|place| place.abs_diff(edge)).unwrap_or(0)
}

/// The box with all edges moved to the nearest place where a cell of `cell` = columns, rows of pixels begins or the image of
/// `size` ends; of two equally near, the lower. A box without pixels is all zeros.
///
/// ```
/// use cutmix_verify::reference::{Patch, snap};
///
/// let patch = Patch { x0: 1, y0: 2, x1: 5, y1: 7 };
/// assert_eq!(snap(patch, (2, 2), (8, 7)), Patch { x0: 0, y0: 2, x1: 4, y1: 7 });
/// // Nothing is left of a box of one column.
/// assert_eq!(snap(Patch { x1: 2, ..patch }, (4, 2), (8, 7)), Patch::EMPTY);
/// ```
#[must_use]
pub fn snap(patch: Patch, cell: (u32, u32), size: (u32, u32)) -> Patch {
    let columns = (snap_edge(patch.x0, cell.0, size.0), snap_edge(patch.x1, cell.0, size.0));
    let rows = (snap_edge(patch.y0, cell.1, size.1), snap_edge(patch.y1, cell.1, size.1));
    Patch::spanning(columns, rows)
}

/// How many samples a side of `length` pixels has, one for each `step` of them (from 1 on) or for what is left at the end.
///
/// ```
/// use cutmix_verify::reference::samples;
///
/// assert_eq!([6, 7, 8].map(|length| samples(length, 2)), [3, 4, 4]);
/// ```
#[must_use]
pub fn samples(length: u32, step: u32) -> u32 {
    (0..length).filter(|pixel| pixel % step == 0).count() as u32
}

/// Whether a sample is the donor's: sample `(sx, sy)` stands for the pixels of its cell that are in the image, which have
/// to be in the box all or none.
///
/// # Panics
/// If the box cuts through the cell.
///
/// ```
/// use cutmix_verify::reference::{Patch, sample_inside};
///
/// let patch = Patch { x0: 0, y0: 0, x1: 4, y1: 2 };
/// let inside = |sample| sample_inside(patch, (2, 2), (8, 6), sample);
/// assert!(inside((1, 0)) && !inside((2, 0)) && !inside((1, 1)));
/// ```
#[must_use]
pub fn sample_inside(patch: Patch, cell: (u32, u32), size: (u32, u32), sample: (u32, u32)) -> bool {
    let pixels = |sample: u32, step: u32, length: u32| sample * step..(sample * step + step).min(length);
    let columns = pixels(sample.0, cell.0, size.0);
    let mut inside = pixels(sample.1, cell.1, size.1).flat_map(|y| columns.clone().map(move |x| patch.contains(x, y)));
    let first = inside.next().unwrap_or(false);
    assert!(inside.all(|other| other == first), "{patch:?} cuts through sample {sample:?} of cells {cell:?}");
    first
}

/// `CutMix` of one plane of a frame of `size` pixels, whose samples stand for cells of `cell` pixels.
///
/// # Panics
/// As [`sample_inside`], or if the plane does not have the samples of the frame.
///
/// ```
/// use cutmix_verify::reference::{Patch, Image, cutmix_plane};
///
/// // A chroma plane of 2 x 2 samples of a frame of 4 x 4 pixels; the box is its left half.
/// let plane = |value| Image::from_fn(1, (2, 2), 1, |_, _, _, _| value);
/// let patch = Patch { x0: 0, y0: 0, x1: 2, y1: 4 };
/// assert_eq!(cutmix_plane(&plane(0), &plane(9), patch, (2, 2), (4, 4)).data, [9, 0, 9, 0]);
/// ```
#[must_use]
pub fn cutmix_plane<T: Copy>(
    base: &Image<T>,
    donor: &Image<T>,
    patch: Patch,
    cell: (u32, u32),
    size: (u32, u32),
) -> Image<T> {
    let expected = (samples(size.0, cell.0), samples(size.1, cell.1));
    assert_eq!((base.width, base.height), expected, "samples of the plane");
    Image::from_fn(base.planes, expected, base.elements, |p, y, x, e| {
        if sample_inside(patch, cell, size, (x, y)) { donor.at(p, y, x, e) } else { base.at(p, y, x, e) }
    })
}

/// The pixels of a MIPI CSI-2 line of `group` pixels of `bits` bits: each group is the high 8 bits of its pixels, one byte
/// each, then the low bits of all of them, the first pixel's in the least significant bits.
///
/// RAW10 is groups of 4, RAW12 of 2, RAW14 of 4 (MIPI Alliance Specification for CSI-2, section "Data formats").
///
/// # Panics
/// If the line is not a whole number of groups.
///
/// ```
/// use cutmix_verify::reference::unpack_raw;
///
/// // RAW12: two high bytes, then the low halves of both pixels.
/// assert_eq!(unpack_raw(&[0xab, 0x12, 0x3c], 2, 12), [0xabc, 0x123]);
/// ```
#[must_use]
pub fn unpack_raw(line: &[u8], group: usize, bits: usize) -> Vec<u16> {
    let mut pixels = Vec::new();
    for bytes in line.chunks(group * bits / 8) {
        for i in 0..group {
            let mut value = u16::from(bytes[i]) << (bits - 8);
            for bit in 0..bits - 8 {
                let position = i * (bits - 8) + bit;
                value |= u16::from(bytes[group + position / 8] >> (position % 8) & 1) << bit;
            }
            pixels.push(value);
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_go_to_the_nearest_border() {
        let snapped = |step, length| (0..=length).map(|edge| snap_edge(edge, step, length)).collect::<Vec<_>>();
        assert_eq!(snapped(2, 7), [0, 0, 2, 2, 4, 4, 6, 7]);
        assert_eq!(snapped(4, 10), [0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 10]);
        assert_eq!((samples(7, 2), samples(8, 2), samples(1, 4)), (4, 4, 1));
    }

    #[test]
    fn packed_bits_are_found_where_the_standard_puts_them() {
        // Four pixels of 10 bits: 0x3ff, 0x001, 0x200, 0x2aa.
        assert_eq!(unpack_raw(&[0xff, 0x00, 0x80, 0xaa, 0b10_00_01_11], 4, 10), [0x3ff, 0x001, 0x200, 0x2aa]);
        // Four of 14 bits: the low six of each one after the other, little-endian.
        let low = 0x3f | 0x01 << 6 | 0x2a << 12 | 0x15_u32 << 18;
        let [a, b, c, _] = low.to_le_bytes();
        assert_eq!(unpack_raw(&[1, 2, 3, 4, a, b, c], 4, 14), [0x7f, 0x81, 0xea, 0x115]);
    }
}
