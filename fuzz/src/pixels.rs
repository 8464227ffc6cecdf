//! Layouts, painted memory, and the way to the reference and back: what the oracles of pixels share.

use std::fmt::Debug;

use arbitrary::Arbitrary;
use bytemuck::Pod;
use cutmix_core::ops::{Blend, NoiseRange};
use cutmix_core::{Layout, Level, PatchBox, Size};
use cutmix_verify::reference::{self, Image, Patch};

/// A small image.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Shape {
    width: u8,
    height: u8,
    channels: u8,
}

impl Shape {
    /// Its size: up to 40 x 24, mostly less.
    #[must_use]
    pub fn size(self) -> Size {
        Size::new(1 + u32::from(self.width) % 40, 1 + u32::from(self.height) % 24).expect("sides of at least 1")
    }

    /// One to five.
    #[must_use]
    pub fn channels(self) -> u32 {
        1 + u32::from(self.channels) % 5
    }
}

/// Which pixels lie together. Images that are mixed agree on it; their pitches may differ.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Interleaved.
    Nhwc,
    /// Planar.
    Nchw,
    /// Tiled by four channels.
    Nc4hw4,
}

/// How an image lies in memory.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Memory {
    row_padding: u8,
    plane_padding: u8,
    origin: u8,
    /// Rows upside down.
    bottom_up: bool,
    /// The last plane first.
    planes_back: bool,
    /// The planes of a row side by side.
    planes_in_rows: bool,
}

/// The layout of an image for elements of `bytes` bytes.
#[must_use]
pub fn layout(shape: Shape, format: Format, memory: Memory, bytes: usize) -> Layout {
    let channels = shape.channels() as usize;
    let (planes, pixel) = match format {
        Format::Nhwc => (1, channels * bytes),
        Format::Nchw => (channels, bytes),
        Format::Nc4hw4 => (channels.div_ceil(4), 4 * bytes),
    };
    let size = shape.size();
    let (row, rows) = (size.width() as usize * pixel, size.height() as usize);
    let (pad_row, pad_plane) = (memory.row_padding as usize % 9 * bytes, memory.plane_padding as usize % 9 * bytes);
    let (row_pitch, plane_pitch) = if memory.planes_in_rows {
        (planes * (row + pad_plane) + pad_row, row + pad_plane)
    } else {
        (row + pad_row, (row + pad_row) * rows + pad_plane)
    };
    let mut origin = memory.origin as usize % 33 * bytes;
    let mut signed = |pitch: usize, count: usize, back: bool| {
        if back {
            origin += (count - 1) * pitch;
            -(pitch as isize)
        } else {
            pitch as isize
        }
    };
    let row_pitch = signed(row_pitch, rows, memory.bottom_up);
    let plane_pitch = signed(plane_pitch, planes, memory.planes_back);
    Layout::new(size, planes as u32, pixel as u32, row_pitch, plane_pitch, origin).expect("a layout without overlap")
}

/// A box in an image: corners taken modulo its sides and put in order.
#[must_use]
pub fn inside(size: Size, corners: [u8; 4]) -> PatchBox {
    let [a, b, c, d] = corners.map(u32::from);
    let (x, y) = ([a, b].map(|x| x % (size.width() + 1)), [c, d].map(|y| y % (size.height() + 1)));
    PatchBox::new(x[0].min(x[1]), y[0].min(y[1]), x[0].max(x[1]), y[0].max(y[1])).expect("corners in order")
}

/// A box for the reference.
#[must_use]
pub fn spec(patch: PatchBox) -> Patch {
    Patch { x0: patch.x0(), y0: patch.y0(), x1: patch.x1(), y1: patch.y1() }
}

/// One of the levels of this machine.
#[must_use]
pub fn level(choice: u8) -> Level {
    let levels = Level::available();
    levels[usize::from(choice) % levels.len()]
}

/// What the offsets of a layout are, from its numbers alone: element `e` of pixel `(x, y)` of plane `p`.
fn at(layout: &Layout, bytes: usize, [p, y, x, e]: [u32; 4]) -> usize {
    let start = layout.origin() as i64
        + i64::from(p) * layout.plane_pitch() as i64
        + i64::from(y) * layout.row_pitch() as i64
        + i64::from(x) * i64::from(layout.pixel_bytes());
    start as usize / bytes + e as usize
}

/// The image in `data` as the reference takes it.
#[must_use]
pub fn to_reference<T: Pod>(data: &[T], layout: &Layout) -> Image<T> {
    let bytes = size_of::<T>();
    let size = (layout.size().width(), layout.size().height());
    Image::from_fn(layout.planes(), size, layout.pixel_bytes() / bytes as u32, |p, y, x, e| {
        data[at(layout, bytes, [p, y, x, e])]
    })
}

/// Puts an image of the reference into memory, everything between its rows untouched.
pub fn put<T: Pod>(data: &mut [T], layout: &Layout, image: &Image<T>) {
    for (p, y) in (0..image.planes).flat_map(|p| (0..image.height).map(move |y| (p, y))) {
        for (x, e) in (0..image.width).flat_map(|x| (0..image.elements).map(move |e| (x, e))) {
            data[at(layout, size_of::<T>(), [p, y, x, e])] = image.at(p, y, x, e);
        }
    }
}

/// Bytes of a linear congruential generator, `0xff` and `0` more often, so that floats are NaN, infinite and zero too.
pub fn paint(bytes: &mut [u8], seed: u64) {
    let mut state = seed;
    for byte in bytes {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        *byte = match (state >> 40) % 16 {
            0 => 0xff,
            1 => 0,
            2 => 0x7f,
            _ => (state >> 56) as u8,
        };
    }
}

/// Painted memory for a layout, with a few elements after its end.
#[must_use]
pub fn painted<T: Pod>(bytes: usize, seed: u64) -> Vec<T> {
    let mut data = vec![T::zeroed(); bytes / size_of::<T>() + 3];
    paint(bytemuck::cast_slice_mut(&mut data), seed);
    data
}

/// Elements with arithmetic, and what the reference says of them.
pub trait Element: Blend + Debug {
    /// The reference's Mixup with weight `q` on the element's grid.
    fn mixup(base: &Image<Self>, donor: &Image<Self>, q: u64) -> Image<Self>;
    /// The reference's noise.
    fn noise_at(words: [u32; 2], index: u64, range: NoiseRange) -> Self;
    /// Whether both are NaN, of which arithmetic promises no more.
    fn both_nan(self, other: Self) -> bool;
}

impl Element for u8 {
    fn mixup(base: &Image<Self>, donor: &Image<Self>, q: u64) -> Image<Self> {
        reference::mixup_integer(base, donor, q)
    }
    fn noise_at(words: [u32; 2], index: u64, _: NoiseRange) -> Self {
        reference::noise_integer(words, index, 1) as Self
    }
    fn both_nan(self, _: Self) -> bool {
        false
    }
}

impl Element for u16 {
    fn mixup(base: &Image<Self>, donor: &Image<Self>, q: u64) -> Image<Self> {
        reference::mixup_integer(base, donor, q)
    }
    fn noise_at(words: [u32; 2], index: u64, _: NoiseRange) -> Self {
        reference::noise_integer(words, index, 2) as Self
    }
    fn both_nan(self, _: Self) -> bool {
        false
    }
}

impl Element for f32 {
    fn mixup(base: &Image<Self>, donor: &Image<Self>, q: u64) -> Image<Self> {
        reference::mixup_f32(base, donor, q as u32)
    }
    fn noise_at(words: [u32; 2], index: u64, range: NoiseRange) -> Self {
        reference::noise_f32(words, index, range.lo, range.hi)
    }
    fn both_nan(self, other: Self) -> bool {
        self.is_nan() && other.is_nan()
    }
}

/// Whether two buffers hold the same bits.
#[must_use]
pub fn same_bits<T: Pod>(a: &[T], b: &[T]) -> bool {
    bytemuck::cast_slice::<T, u8>(a) == bytemuck::cast_slice::<T, u8>(b)
}

/// The same, where a NaN that arithmetic made may be any NaN.
#[must_use]
pub fn same_numbers<T: Element>(a: &[T], b: &[T]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_bits(&[*a], &[*b]) || a.both_nan(*b))
}
