//! Every level against the portable one, small enough for Miri. The suite of `cutmix-verify` is the thorough one; this
//! one reaches the kernels' own functions.

extern crate std;
use std::vec;
use std::vec::Vec;

use super::{Level, Noise};
use crate::geometry::{PatchBox, Size};
use crate::view::{ImageView, ImageViewMut, Layout, Rect, RectMut};

const LENGTHS: &[u32] = if cfg!(miri) {
    &[0, 1, 3, 4, 8, 16, 17, 33, 48, 64, 65, 130]
} else {
    &[
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 47, 48, 49, 63, 64, 65, 80, 95, 96, 97, 127, 128,
        129, 130, 191, 192, 193, 255, 256, 257, 258, 511, 512, 513, 1000, 4095, 4096, 4097,
    ]
};

/// A frame of some more than `length` bytes a row, three rows, forwards or bottom up, at some offset.
fn frame(length: u32, offset: u32, flipped: bool) -> (Layout, PatchBox, usize) {
    let size = Size::new(length + offset + 3, 4).unwrap();
    let layout = Layout::nhwc(size, 1, 1).unwrap();
    let layout = if flipped { layout.bottom_up() } else { layout };
    (layout, PatchBox::new(offset, 1, offset + length, 4).unwrap(), layout.buffer_bytes())
}

fn painted(bytes: usize, seed: u32) -> Vec<u8> {
    (0..bytes as u32)
        .map(|i| (i.wrapping_mul(0x9e37_79b1) ^ seed.wrapping_mul(0x85eb_ca6b)).rotate_left(i % 32) as u8)
        .collect()
}

/// Applies `op` of the level and of the portable one to equal frames; everything in them must stay equal.
fn check(what: &str, level: Level, op: &dyn Fn(Level, &mut RectMut<'_>, &mut RectMut<'_>)) {
    for (n, &length) in LENGTHS.iter().enumerate() {
        for k in 0..if cfg!(miri) { 2 } else { 4 } {
            let (offset, other, flipped) = ((7 * k + n as u32) % 37, (5 * n as u32 + k) % 41, k % 2 == 1);
            let ((to, patch, bytes), (from, source, source_bytes)) =
                (frame(length, offset, flipped), frame(length, other, k == 2));
            let run = |level: Level| {
                let (mut a, mut b) = (painted(bytes, 1), painted(source_bytes, 2));
                let mut view_a = ImageViewMut::new(&mut a, to).unwrap();
                let mut view_b = ImageViewMut::new(&mut b, from).unwrap();
                op(level, &mut view_a.rect_mut(0, patch), &mut view_b.rect_mut(0, source));
                (a, b)
            };
            assert!(run(level) == run(Level::PORTABLE), "{what} of {} at {length} bytes, {k}", level.name());
        }
    }
}

/// The same bytes to read.
fn read<R>(rect: &mut RectMut<'_>, f: impl FnOnce(&Rect<'_>) -> R) -> R {
    let (rows, row_bytes) = (rect.rows(), rect.row_bytes());
    let line: Vec<u8> = (0..rows).flat_map(|y| rect.row_mut(y).to_vec()).collect();
    let size = Size::new(row_bytes.max(1) as u32, rows.max(1) as u32).unwrap();
    let line = if line.is_empty() { vec![0] } else { line };
    let patch = if row_bytes == 0 { PatchBox::EMPTY } else { PatchBox::full(size) };
    f(&ImageView::nhwc(&line, size, 1).unwrap().rect(0, patch))
}

#[test]
fn every_level_equals_portable() {
    let best = [Level::detect()];
    // One level a run is enough for Miri, which is slow: its level is what the compiler was told.
    for &level in if cfg!(miri) { &best } else { Level::available() } {
        check("copy", level, &|level, a, b| read(b, |b| level.copy(a, b)));
        check("exchange", level, &|level, a, b| level.exchange(a, b));
        for pattern in [&[0][..], &[7, 7], &[1, 2, 3], &[1, 2, 3, 4, 5, 6, 7], &[9; 300], &painted(300, 3)] {
            check("fill", level, &|level, a, _| {
                // A row is a whole number of patterns, or the pattern is one byte.
                if a.row_bytes().is_multiple_of(pattern.len()) || pattern.iter().all(|byte| byte == &pattern[0]) {
                    level.fill(a, pattern);
                }
            });
        }
        for &q in if cfg!(miri) { &[0, 20_000][..] } else { &[0, 1, 16_383, 16_384, 20_000, 32_767, 32_768] } {
            // Miri does not know the 512-bit rounding product.
            if !(cfg!(miri) && level.name() == "avx512") {
                check("blend_u8", level, &|level, a, b| read(b, |b| level.blend_u8(a, b, q)));
            }
            check("blend_u16", level, &|level, a, b| read(b, |b| level.blend_u16(a, b, q)));
        }
        // The upper half of the word's number changes within the first row of some.
        let firsts = [(1 << 34) - 70, (1 << 33) - 30, (1 << 32) - 9, u64::MAX - 20, 0, 1, 2, 3];
        for &first in if cfg!(miri) { &firsts[..3] } else { &firsts } {
            let noise = Noise { words: [0x1234_5678, 0x9abc_def0], first, row_step: 1001 };
            check("noise_u8", level, &|level, a, _| level.noise_u8(a, noise));
            // Rows of elements are whole elements.
            check("noise_u16", level, &|level, a, _| {
                if a.row_bytes().is_multiple_of(2) {
                    level.noise_u16(a, noise);
                }
            });
            check("noise_f32", level, &|level, a, _| {
                if a.row_bytes().is_multiple_of(4) {
                    level.noise_f32(a, noise, [-0.5, 2.25]);
                }
            });
        }
        for classes in [0, 1, 7, 10, 100] {
            let (a, b): (Vec<f32>, Vec<f32>) = (0..classes).map(|i| (i as f32 / 3.0, 1.0 / (1 + i) as f32)).unzip();
            let run = |level: Level| {
                let mut out = vec![0.0; classes];
                level.mix_rows(&mut out, &a, &b, [0.3, 0.7]);
                out
            };
            assert_eq!(run(level), run(Level::PORTABLE), "mix_rows of {}", level.name());
        }
        check_f32(level);
    }
}

/// Numbers without NaN, whose bits are not promised.
fn check_f32(level: Level) {
    for n in [1_u32, 3, 4, 7, 8, 15, 16, 17, 33, 70] {
        let size = Size::new(n, 2).unwrap();
        let run = |level: Level| {
            let mut a: Vec<f32> = (0..2 * n).map(|i| (i as f32 - 9.0) * 1e-3).collect();
            let b: Vec<f32> = (0..2 * n).map(|i| 1.0 / (i as f32 + 0.3)).collect();
            let mut view = ImageViewMut::nhwc(&mut a, size, 1).unwrap();
            let other = ImageView::nhwc(&b, size, 1).unwrap();
            level.blend_f32(
                &mut view.rect_mut(0, PatchBox::full(size)),
                &other.rect(0, PatchBox::full(size)),
                [0.3, 0.7],
            );
            a.iter().map(|x| x.to_bits()).collect::<Vec<_>>()
        };
        assert_eq!(run(level), run(Level::PORTABLE), "blend_f32 of {} at {n}", level.name());
    }
}
