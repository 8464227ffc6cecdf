//! The kernels in safe Rust. No intrinsics, no unsafe, no assumption on alignment; fast where the compiler vectorises.

use super::{Kernels, Noise, noise_word};
use crate::view::{Rect, RectMut};

pub(super) static KERNELS: Kernels =
    Kernels { copy, fill, blend_u8, blend_u16, blend_f32, noise_u8, noise_u16, noise_f32 };

fn copy(dst: &mut RectMut<'_>, src: &Rect<'_>) {
    for y in 0..dst.rows() {
        let (to, from) = (dst.row_mut(y), src.row(y));
        // Equal by contract; written so that no length can panic.
        if to.len() == from.len() {
            to.copy_from_slice(from);
        }
    }
}

fn fill(dst: &mut RectMut<'_>, pattern: &[u8]) {
    let (Some(&first), len) = (pattern.first(), pattern.len()) else { return };
    let uniform = pattern.iter().all(|&byte| byte == first);
    for y in 0..dst.rows() {
        let row = dst.row_mut(y);
        if uniform {
            row.fill(first);
        } else {
            for cell in row.chunks_exact_mut(len) {
                cell.copy_from_slice(pattern);
            }
        }
    }
}

fn blend_u8(dst: &mut RectMut<'_>, src: &Rect<'_>, q: u16) {
    let (p, q) = (32768 - u32::from(q.min(32768)), u32::from(q));
    for y in 0..dst.rows() {
        for (a, &b) in dst.row_mut(y).iter_mut().zip(src.row(y)) {
            *a = ((q * u32::from(*a) + p * u32::from(b) + 16384) >> 15) as u8;
        }
    }
}

/// Applies `f` to the `N`-byte elements of two rows.
fn zip_elements<const N: usize>(dst: &mut [u8], src: &[u8], f: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    let (cells, _) = dst.as_chunks_mut::<N>();
    let (others, _) = src.as_chunks::<N>();
    for (a, b) in cells.iter_mut().zip(others) {
        *a = f(*a, *b);
    }
}

fn blend_u16(dst: &mut RectMut<'_>, src: &Rect<'_>, q: u16) {
    let (p, q) = (32768 - u32::from(q.min(32768)), u32::from(q));
    for y in 0..dst.rows() {
        zip_elements(dst.row_mut(y), src.row(y), |a, b| {
            let (a, b) = (u32::from(u16::from_ne_bytes(a)), u32::from(u16::from_ne_bytes(b)));
            // At most 2^15 (2^16 - 1) + 2^14 < 2^32.
            (((q * a + p * b + 16384) >> 15) as u16).to_ne_bytes()
        });
    }
}

fn blend_f32(dst: &mut RectMut<'_>, src: &Rect<'_>, [w_a, w_b]: [f32; 2]) {
    for y in 0..dst.rows() {
        zip_elements(dst.row_mut(y), src.row(y), |a, b| {
            // Rust never fuses these, so each operation rounds.
            (w_a * f32::from_ne_bytes(a) + w_b * f32::from_ne_bytes(b)).to_ne_bytes()
        });
    }
}

/// Writes the elements of a row, of which a noise word holds `4 / N`, the first in the lowest bits.
fn noise_parts<const N: usize>(row: &mut [u8], words: [u32; 2], first: u64, f: impl Fn(u32) -> [u8; N]) {
    let per_word = 4 / N as u64;
    let (cells, _) = row.as_chunks_mut::<N>();
    for (i, cell) in cells.iter_mut().enumerate() {
        let index = first.wrapping_add(i as u64);
        let shift = 8 * N as u64 * (index % per_word);
        *cell = f(noise_word(words, index / per_word) >> shift);
    }
}

fn noise_u8(dst: &mut RectMut<'_>, noise: Noise) {
    for y in 0..dst.rows() {
        noise_parts(dst.row_mut(y), noise.words, noise.row(y), |word| [word as u8]);
    }
}

fn noise_u16(dst: &mut RectMut<'_>, noise: Noise) {
    for y in 0..dst.rows() {
        noise_parts(dst.row_mut(y), noise.words, noise.row(y), |word| (word as u16).to_ne_bytes());
    }
}

fn noise_f32(dst: &mut RectMut<'_>, noise: Noise, [lo, span]: [f32; 2]) {
    for y in 0..dst.rows() {
        noise_parts(dst.row_mut(y), noise.words, noise.row(y), |word| {
            // 24 bits, so the conversion and the scaling are exact.
            let u = (word >> 8) as f32 * (1.0 / 16777216.0);
            (lo + u * span).to_ne_bytes()
        });
    }
}
