//! The kernels in safe Rust. No intrinsics, no unsafe, no assumption on alignment; fast where the compiler vectorises.

#![allow(clippy::inline_always)] // What several levels compile must become part of their functions.

use super::{Kernels, Noise, noise_word};
use crate::view::{Rect, RectMut};

pub(super) static KERNELS: Kernels = TABLE;

/// As a constant, so that the other levels can take what they have no better function for.
pub(super) const TABLE: Kernels = Kernels {
    copy,
    exchange,
    fill,
    blend_u8,
    blend_u16,
    blend_f32,
    noise_u8: |dst, noise| noise_parts::<1>(dst, noise, |word| [word as u8]),
    noise_u16: |dst, noise| noise_parts::<2>(dst, noise, |word| (word as u16).to_ne_bytes()),
    noise_f32,
    mix_rows,
};

fn copy(dst: &mut RectMut<'_>, src: &Rect<'_>) {
    for y in 0..dst.rows() {
        let (to, from) = (dst.row_mut(y), src.row(y));
        // Equal by contract; written so that no length can panic.
        if to.len() == from.len() {
            to.copy_from_slice(from);
        }
    }
}

fn exchange(a: &mut RectMut<'_>, b: &mut RectMut<'_>) {
    for y in 0..a.rows() {
        let (a, b) = (a.row_mut(y), b.row_mut(y));
        if a.len() == b.len() {
            a.swap_with_slice(b);
        }
    }
}

pub(super) fn fill(dst: &mut RectMut<'_>, pattern: &[u8]) {
    if pattern.is_empty() {
        return;
    }
    let uniform = super::uniform(pattern);
    for y in 0..dst.rows() {
        let row = dst.row_mut(y);
        match uniform {
            Some(byte) => row.fill(byte),
            None => row.chunks_exact_mut(pattern.len()).for_each(|cell| {
                // Equal, as above.
                if cell.len() == pattern.len() {
                    cell.copy_from_slice(pattern);
                }
            }),
        }
    }
}

/// `(q - 2^15)` as the factor of a rounding Q15 multiplication of `a - b`; 0 for `q = 2^15` and above.
pub(super) const fn mulhrs_weight(q: u16) -> i16 {
    if q >= 1 << 15 { 0 } else { (q as i32 - (1 << 15)) as i16 }
}

/// `(q a + (2^15 - q) b + 2^14) >> 15`, with one product: `2^15 a` passes through the shift.
#[inline(always)]
pub(super) const fn lerp_u8(a: u8, b: u8, q: u16) -> u8 {
    let weighted = (a as i32 - b as i32) * mulhrs_weight(q) as i32;
    (a as i32 + ((weighted + (1 << 14)) >> 15)) as u8
}

// Those that follow are compiled once more for each level whose registers the compiler then uses by itself.

#[inline(always)]
fn blend_u8(dst: &mut RectMut<'_>, src: &Rect<'_>, q: u16) {
    for y in 0..dst.rows() {
        zip_elements(dst.row_mut(y), src.row(y), |[a], [b]| [lerp_u8(a, b, q)]);
    }
}

/// Applies `f` to the `N`-byte elements of two rows.
#[inline(always)]
fn zip_elements<const N: usize>(dst: &mut [u8], src: &[u8], f: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    let (cells, _) = dst.as_chunks_mut::<N>();
    let (others, _) = src.as_chunks::<N>();
    for (a, b) in cells.iter_mut().zip(others) {
        *a = f(*a, *b);
    }
}

#[inline(always)]
pub(super) fn blend_u16(dst: &mut RectMut<'_>, src: &Rect<'_>, q: u16) {
    let (p, q) = (32768 - u32::from(q.min(32768)), u32::from(q));
    for y in 0..dst.rows() {
        zip_elements(dst.row_mut(y), src.row(y), |a, b| {
            let (a, b) = (u32::from(u16::from_ne_bytes(a)), u32::from(u16::from_ne_bytes(b)));
            // At most 2^15 (2^16 - 1) + 2^14 < 2^32.
            (((q * a + p * b + 16384) >> 15) as u16).to_ne_bytes()
        });
    }
}

#[inline(always)]
pub(super) fn blend_f32(dst: &mut RectMut<'_>, src: &Rect<'_>, [w_a, w_b]: [f32; 2]) {
    for y in 0..dst.rows() {
        zip_elements(dst.row_mut(y), src.row(y), |a, b| {
            // Rust never fuses these, so each operation rounds.
            (w_a * f32::from_ne_bytes(a) + w_b * f32::from_ne_bytes(b)).to_ne_bytes()
        });
    }
}

/// Writes the elements of every row, of which a noise word holds `4 / N`, the first in the lowest bits.
#[inline(always)]
fn noise_parts<const N: usize>(dst: &mut RectMut<'_>, noise: Noise, part: impl Fn(u32) -> [u8; N]) {
    let per_word = 4 / N as u64;
    let bits = 8 * N as u32;
    for y in 0..dst.rows() {
        let (mut cells, _) = dst.row_mut(y).as_chunks_mut::<N>();
        let mut index = noise.row(y);
        while !cells.is_empty() {
            let (phase, j) = ((index % per_word) as usize, index / per_word);
            let block = WORDS * per_word as usize;
            // Whole words with the same upper half of their number are computed together, which compilers vectorise.
            let together = phase == 0 && cells.len() >= block && (j as u32).checked_add(WORDS as u32).is_some();
            let here = if together { block } else { (per_word as usize - phase).min(cells.len()) };
            let Some((now, later)) = cells.split_at_mut_checked(here) else { break }; // Never more than there are.
            if together {
                let words: [u32; WORDS] = core::array::from_fn(|k| noise_word(noise.words, j + k as u64));
                for (cells, word) in now.chunks_exact_mut(per_word as usize).zip(words) {
                    for (i, cell) in cells.iter_mut().enumerate() {
                        *cell = part(word >> (bits * i as u32));
                    }
                }
            } else {
                let word = noise_word(noise.words, j);
                for (i, cell) in now.iter_mut().enumerate() {
                    *cell = part(word >> (bits * (phase + i) as u32));
                }
            }
            index = index.wrapping_add(here as u64);
            cells = later;
        }
    }
}

/// Noise words that are computed together.
const WORDS: usize = 16;

#[inline(always)]
fn noise_f32(dst: &mut RectMut<'_>, noise: Noise, [lo, span]: [f32; 2]) {
    noise_parts::<4>(dst, noise, |word| {
        // 24 bits, so the conversion and the scaling are exact.
        let u = (word >> 8) as f32 * (1.0 / 16_777_216.0);
        (lo + u * span).to_ne_bytes()
    });
}

#[inline(always)]
pub(super) fn mix_rows(out: &mut [f32], a: &[f32], b: &[f32], [w_a, w_b]: [f64; 2]) {
    for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
        *out = (w_a * f64::from(a) + w_b * f64::from(b)) as f32;
    }
}
