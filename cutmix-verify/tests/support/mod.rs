//! What the property tests share: random shapes and layouts, painted memory, and the way to the reference and back.

#![allow(dead_code, unreachable_pub)] // Each test takes what it needs.

use std::fmt::Debug;

use bytemuck::Pod;
use cutmix_core::ops::{Blend, Fill, NoiseRange};
use cutmix_core::view::BatchLayout;
use cutmix_core::{Layout, Method, NoiseKey, PatchBox, SamplePlan, Size};
use cutmix_verify::reference::{self, Image};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

include!("pixels.rs");

pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(20190513), failure_persistence: None, ..ProptestConfig::default() }
}

pub fn side(most: u32) -> impl Strategy<Value = u32> {
    prop_oneof![1..9_u32, prop::sample::select(vec![15, 16, 17, 31, 32, 33, 63, 64, 65, 127]), 1..=most]
}

/// What [`any_box`] takes.
pub type Corners = [f64; 4];

pub fn corners() -> impl Strategy<Value = Corners> {
    [0.0..1.0_f64, 0.0..1.0, 0.0..1.0, 0.0..1.0]
}

/// Image size, channels, kind of layout, padding in elements.
pub fn shape() -> impl Strategy<Value = (Size, u32, u32, u32)> {
    (side(300), side(200), 1..6_u32, 0..6_u32, 0..5_u32)
        .prop_map(|(w, h, channels, kind, pad)| (Size::new(w, h).unwrap(), channels, kind, pad))
}

pub fn any_box(size: Size, corners: Corners) -> PatchBox {
    let at = |u: f64, length: u32| (u * f64::from(length + 1)) as u32;
    let [a, b, c, d] = corners;
    let (x, y) = ([at(a, size.width()), at(b, size.width())], [at(c, size.height()), at(d, size.height())]);
    PatchBox::new(x[0].min(x[1]), y[0].min(y[1]), x[0].max(x[1]), y[0].max(y[1])).unwrap()
}

/// A layout of the given kind for elements of `bytes` bytes.
pub fn layout((size, channels, kind, pad): (Size, u32, u32, u32), bytes: u32) -> Layout {
    let (pad_bytes, w, h) = ((pad * bytes) as isize, size.width() as isize, size.height() as isize);
    let nhwc = Layout::nhwc(size, channels, bytes).unwrap();
    let nchw = Layout::nchw(size, channels, bytes).unwrap();
    match kind {
        0 => nhwc,
        1 => nchw.with_row_pitch(w * bytes as isize + pad_bytes).unwrap(),
        2 => Layout::nc4hw4(size, channels, bytes).unwrap(),
        3 => nhwc.with_row_pitch(nhwc.row_bytes() as isize + pad_bytes).unwrap().bottom_up(),
        // A crop of a larger frame.
        4 => {
            let frame = Size::new(size.width() + pad + 1, size.height() + 2).unwrap();
            let window = PatchBox::new(pad, 1, pad + size.width(), 1 + size.height()).unwrap();
            Layout::nchw(frame, channels, bytes).unwrap().crop(window).unwrap()
        }
        // The planes of a row side by side.
        _ => {
            let plane = w * bytes as isize;
            Layout::new(size, channels, bytes, plane * channels as isize + pad_bytes, plane, 0)
                .unwrap_or_else(|error| panic!("{error} for {w}x{h}"))
        }
    }
}

/// `data` with the image's pixels replaced, everything else as it was.
pub fn from_reference<T: Pod>(data: &[T], layout: &Layout, image: &Image<T>) -> Vec<T> {
    let mut out = data.to_vec();
    put(&mut out, layout, image);
    out
}

/// Random bits, others for every seed: for floats NaN, infinities and -0.0 too.
pub fn painted<T: Pod>(layout: &Layout, seed: u32) -> Vec<T> {
    let mut state = 2 * u64::from(seed) + 1;
    let len = layout.buffer_bytes() / size_of::<T>() + 3;
    (0..len)
        .map(|_| {
            let mut element = T::zeroed();
            for byte in bytemuck::bytes_of_mut(&mut element) {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                *byte = (state >> 56) as u8;
                // Exponents of all ones are rare in random bits.
                if (state >> 40) % 8 == 0 {
                    *byte = 0xff;
                }
            }
            element
        })
        .collect()
}
