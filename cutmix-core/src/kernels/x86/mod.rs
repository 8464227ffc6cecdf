//! x86 and x86-64: SSE2, which the target promises, and AVX2 and AVX-512, which the processor may have.
//!
//! The functions of a table may only run where its level is available. They are reached through `Level::kernels`
//! alone, and a `Level` value is the proof: that is what the unsafe calls from a table's functions rest on.

#![allow(clippy::wildcard_imports)] // Two architectures have these names in two places.

mod avx2;
mod avx512;
mod noise;

#[cfg(target_arch = "x86")]
use core::arch::x86::*;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

use super::raw::{Both, Pair, Raw, each_row};
use super::{Kernels, lanes16, portable};
use crate::view::{Rect, RectMut};

pub(super) use avx2::KERNELS as AVX2;
pub(super) use avx512::KERNELS as AVX512;

/// Arithmetic besides the blend of bytes is the portable code, compiled for SSE2.
pub(super) static SSE2: Kernels = Kernels { copy, exchange, fill, blend_u8, ..portable::TABLE };

fn copy(dst: &mut RectMut<'_>, src: &Rect<'_>) {
    lanes16::copy::<__m128i>(Pair::new(dst, src));
}

fn exchange(a: &mut RectMut<'_>, b: &mut RectMut<'_>) {
    lanes16::exchange::<__m128i>(Both::new(a, b));
}

fn fill(dst: &mut RectMut<'_>, pattern: &[u8]) {
    let Some(byte) = super::uniform(pattern) else {
        if !lanes16::pattern(Raw::new(dst), pattern, lanes16::copy::<__m128i>) {
            portable::fill(dst, pattern);
        }
        return;
    };
    #[allow(unsafe_code, unused_unsafe)] // Whether this is safe depends on the compiler's release.
    // SAFETY: SSE2 is compiled in wherever this module is.
    let splat = unsafe { _mm_set1_epi8(byte as i8) };
    lanes16::fill(Raw::new(dst).joined(), byte, splat);
}

/// `(q a + p b + 2^14) >> 15` of 16 bytes, with pairs of products in 32 bits: SSE2 has no rounding Q15 multiplication.
#[inline]
#[target_feature(enable = "sse2")]
fn lerp(a: __m128i, b: __m128i, weights: __m128i) -> __m128i {
    let (zero, half) = (_mm_setzero_si128(), _mm_set1_epi32(1 << 14));
    let four = |pairs| _mm_srli_epi32::<15>(_mm_add_epi32(_mm_madd_epi16(pairs, weights), half));
    // Bytes of a and b side by side, then as 16-bit numbers.
    let eight = |pairs| _mm_packs_epi32(four(_mm_unpacklo_epi8(pairs, zero)), four(_mm_unpackhi_epi8(pairs, zero)));
    _mm_packus_epi16(eight(_mm_unpacklo_epi8(a, b)), eight(_mm_unpackhi_epi8(a, b)))
}

#[target_feature(enable = "sse2")]
#[allow(unsafe_code)]
fn blend_u8(a: &mut RectMut<'_>, b: &Rect<'_>, q: u16) {
    if q == 0 || q >= 1 << 15 {
        // Weights of 2^15 do not fit 16 bits; these are a copy, or nothing.
        if q == 0 {
            copy(a, b);
        }
        return;
    }
    let pair = Pair::new(a, b);
    let n = pair.row_bytes;
    let weights = _mm_set1_epi32((i32::from((1 << 15) - q) << 16) | i32::from(q));
    each_row!(pair, dst, src, {
        let mut at = 0;
        while at + 16 <= n {
            // SAFETY: (all three) `at..at + 16` lies in the rows (`raw`).
            let a = unsafe { _mm_loadu_si128(dst.wrapping_add(at).cast()) };
            // SAFETY: as above.
            let b = unsafe { _mm_loadu_si128(src.wrapping_add(at).cast()) };
            let blended = lerp(a, b, weights);
            // SAFETY: as above.
            unsafe { _mm_storeu_si128(dst.wrapping_add(at).cast(), blended) };
            at += 16;
        }
        while at < n {
            // SAFETY: byte `at` lies in the rows.
            unsafe { lanes16::blend_byte(dst.wrapping_add(at), src.wrapping_add(at), q) };
            at += 1;
        }
    });
}
