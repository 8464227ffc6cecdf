//! Layouts, painted memory, and the way to the reference and back: what the oracles of pixels share.

use std::fmt::Debug;

use arbitrary::Arbitrary;
use bytemuck::Pod;
use cutmix_core::ops::{Blend, Fill, NoiseRange};
use cutmix_core::view::BatchLayout;
use cutmix_core::{Layout, Level, Method, NoiseKey, PatchBox, SamplePlan, Size};
use cutmix_verify::reference::{self, Image};

/// A small image.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) struct Shape {
    width: u8,
    height: u8,
    channels: u8,
}

impl Shape {
    /// Its size: up to 40 x 24, mostly less.
    pub(crate) fn size(self) -> Size {
        Size::new(1 + u32::from(self.width) % 40, 1 + u32::from(self.height) % 24).expect("sides of at least 1")
    }

    /// One to five.
    pub(crate) fn channels(self) -> u32 {
        1 + u32::from(self.channels) % 5
    }
}

/// Which pixels lie together. Images that are mixed agree on it; their pitches may differ.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Interleaved.
    Nhwc,
    /// Planar.
    Nchw,
    /// Tiled by four channels.
    Nc4hw4,
}

/// How an image lies in memory.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) struct Memory {
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
pub(crate) fn layout(shape: Shape, format: Format, memory: Memory, bytes: usize) -> Layout {
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
pub(crate) fn inside(size: Size, corners: [u8; 4]) -> PatchBox {
    let [a, b, c, d] = corners.map(u32::from);
    let (x, y) = ([a, b].map(|x| x % (size.width() + 1)), [c, d].map(|y| y % (size.height() + 1)));
    PatchBox::new(x[0].min(x[1]), y[0].min(y[1]), x[0].max(x[1]), y[0].max(y[1])).expect("corners in order")
}

/// One of the levels of this machine.
pub(crate) fn level(choice: u8) -> Level {
    let levels = Level::available();
    levels[usize::from(choice) % levels.len()]
}

/// Bytes of a linear congruential generator, `0xff` and `0` more often, so that floats are NaN, infinite and zero too.
pub(crate) fn paint(bytes: &mut [u8], seed: u64) {
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
pub(crate) fn painted<T: Pod>(bytes: usize, seed: u64) -> Vec<T> {
    let mut data = vec![T::zeroed(); bytes / size_of::<T>() + 3];
    paint(bytemuck::cast_slice_mut(&mut data), seed);
    data
}

// What the property tests of cutmix-verify share with these oracles.
include!("../../cutmix-verify/tests/support/pixels.rs");
