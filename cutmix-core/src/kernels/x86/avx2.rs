//! AVX2: 32 bytes a register.

#![allow(unsafe_code)]
#![allow(clippy::wildcard_imports)] // Two architectures have these names in two places.

#[cfg(target_arch = "x86")]
use core::arch::x86::*;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

use super::noise;
use crate::kernels::raw::{Both, Pair, Raw, each_both, each_dst, each_row};
use crate::kernels::{Kernels, Noise, lanes16, noise_word, portable, uniform};
use crate::view::{Rect, RectMut};

pub(crate) static KERNELS: Kernels =
    Kernels { copy, exchange, fill, blend_u8, blend_u16, blend_f32, noise_u8, noise_u16, noise_f32, mix_rows };

/// # Safety
/// 32 bytes can be read at `src`.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load(src: *const u8) -> __m256i {
    // SAFETY: the caller's promise; the load needs no alignment.
    unsafe { _mm256_loadu_si256(src.cast()) }
}

/// # Safety
/// 32 bytes can be written at `dst`.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn store(dst: *mut u8, value: __m256i) {
    // SAFETY: the caller's promise; the store needs no alignment.
    unsafe { _mm256_storeu_si256(dst.cast(), value) };
}

/// From here on `memcpy` is as fast: it meets the limit of the memory.
pub(super) const LONG: usize = 4096;

#[target_feature(enable = "avx2")]
fn copy(dst: &mut RectMut<'_>, src: &Rect<'_>) {
    copy_pair(Pair::new(dst, src));
}

#[inline]
#[target_feature(enable = "avx2")]
fn copy_pair(pair: Pair<'_>) {
    match pair.row_bytes {
        0..=32 => lanes16::copy::<__m128i>(pair),
        33..=64 => each_row!(pair, dst, src, {
            let last = pair.row_bytes - 32;
            // SAFETY: (all four) `0..32` and `last..last + 32` lie in the row (`raw`), since 32 <= n.
            let head = unsafe { load(src) };
            // SAFETY: as above.
            let tail = unsafe { load(src.wrapping_add(last)) };
            // SAFETY: as above.
            unsafe { store(dst, head) };
            // SAFETY: as above.
            unsafe { store(dst.wrapping_add(last), tail) };
        }),
        65..LONG => copy_long(pair),
        _ => lanes16::memcpy(pair),
    }
}

/// Rows of more than 64 bytes: an unaligned head, a body at aligned addresses of the destination, an overlapping tail.
/// Strictly ascending; see `OPTIMIZATION-NOTES.md`.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn copy_long(pair: Pair<'_>) {
    let n = pair.row_bytes;
    if n < 64 {
        // Never the case; the offsets below rest on it.
        return lanes16::memcpy(pair);
    }
    let last = n - 32;
    each_row!(pair, dst, src, {
        macro_rules! step {
            ($at:expr) => {
                // SAFETY: `at <= last`, so that `at..at + 32` lies in the row (`raw`).
                let value = unsafe { load(src.wrapping_add($at)) };
                // SAFETY: as above.
                unsafe { store(dst.wrapping_add($at), value) };
            };
        }
        step!(0);
        // At most 32, and the row has 64.
        let mut at = 32 - (dst.addr() & 31);
        while at + 96 <= last {
            step!(at);
            step!(at + 32);
            step!(at + 64);
            step!(at + 96);
            at += 128;
        }
        while at < last {
            step!(at);
            at += 32;
        }
        step!(last);
    });
}

#[target_feature(enable = "avx2")]
fn exchange(a: &mut RectMut<'_>, b: &mut RectMut<'_>) {
    let both = Both::new(a, b);
    let n = both.row_bytes;
    if n < 32 {
        return lanes16::exchange::<__m128i>(both);
    }
    each_both!(both, a, b, {
        let mut at = 0;
        while at + 32 <= n {
            let (to_a, to_b) = (a.wrapping_add(at), b.wrapping_add(at));
            // SAFETY: (all four) `at..at + 32` lies in both rows (`raw`).
            let from_a = unsafe { load(to_a) };
            // SAFETY: as above.
            let from_b = unsafe { load(to_b) };
            // SAFETY: as above.
            unsafe { store(to_a, from_b) };
            // SAFETY: as above.
            unsafe { store(to_b, from_a) };
            at += 32;
        }
        // SAFETY: `at..n` is less than 32 bytes long and lies in both rows (`raw`).
        unsafe { lanes16::swap_short::<__m128i>(a.wrapping_add(at), b.wrapping_add(at), n - at) };
    });
}

#[target_feature(enable = "avx2")]
pub(super) fn fill(dst: &mut RectMut<'_>, pattern: &[u8]) {
    let Some(byte) = uniform(pattern) else {
        let raw = Raw::new(dst);
        if !lanes16::pattern(raw, pattern, |pair| copy_pair(pair)) {
            portable::fill(dst, pattern);
        }
        return;
    };
    let raw = Raw::new(dst).joined();
    let n = raw.row_bytes;
    if !(32..=512).contains(&n) {
        return lanes16::fill(raw, byte, _mm_set1_epi8(byte as i8));
    }
    let splat = _mm256_set1_epi8(byte as i8);
    each_dst!(raw, dst, {
        let mut at = 0;
        while at + 32 < n {
            // SAFETY: `at..at + 32` lies in the row (`raw`).
            unsafe { store(dst.wrapping_add(at), splat) };
            at += 32;
        }
        // SAFETY: `n - 32..n` lies in the row.
        unsafe { store(dst.wrapping_add(n - 32), splat) };
    });
}

/// `a + round((a - b) (q - 2^15) / 2^15)` on 16-bit lanes: the same as the formula with two products, since
/// `mulhrs(x, w) = (x w + 2^14) >> 15` and `2^15 a` passes through the shift.
#[inline]
#[target_feature(enable = "avx2")]
fn lerp(a: __m256i, b: __m256i, weight: __m256i) -> __m256i {
    let zero = _mm256_setzero_si256();
    let half = |a: __m256i, b: __m256i| _mm256_add_epi16(a, _mm256_mulhrs_epi16(_mm256_sub_epi16(a, b), weight));
    // Unpacking and packing both stay within halves of the register, so the order comes back.
    _mm256_packus_epi16(
        half(_mm256_unpacklo_epi8(a, zero), _mm256_unpacklo_epi8(b, zero)),
        half(_mm256_unpackhi_epi8(a, zero), _mm256_unpackhi_epi8(b, zero)),
    )
}

/// Head and tail share bytes with the body, which must not be blended twice: so both are computed before anything is
/// written. The body is at aligned addresses of the destination.
#[target_feature(enable = "avx2")]
fn blend_u8(a: &mut RectMut<'_>, b: &Rect<'_>, q: u16) {
    if Pair::new(a, b).row_bytes < 32 {
        // Rare: Mixup takes the whole image, and dense rows are joined.
        return super::blend_u8(a, b, q);
    }
    let pair = Pair::new(a, b);
    let weight = _mm256_set1_epi16(portable::mulhrs_weight(q));
    each_row!(pair, dst, src, {
        macro_rules! blended {
            ($at:expr) => {{
                // SAFETY: (both) `at <= last`, so that `at..at + 32` lies in the rows (`raw`).
                let a = unsafe { load(dst.wrapping_add($at)) };
                // SAFETY: as above.
                let b = unsafe { load(src.wrapping_add($at)) };
                lerp(a, b, weight)
            }};
        }
        let last = pair.row_bytes - 32;
        let (head, tail) = (blended!(0), blended!(last));
        let mut at = (dst.addr().wrapping_neg() & 31).min(last);
        while at < last {
            let body = blended!(at);
            // SAFETY: as above.
            unsafe { store(dst.wrapping_add(at), body) };
            at += 32;
        }
        // SAFETY: as above; what the body wrote here is what is written again.
        unsafe { store(dst, head) };
        // SAFETY: as above.
        unsafe { store(dst.wrapping_add(last), tail) };
    });
}

// The compiler vectorises these by itself where it may use AVX2.

#[target_feature(enable = "avx2")]
fn blend_u16(a: &mut RectMut<'_>, b: &Rect<'_>, q: u16) {
    portable::blend_u16(a, b, q);
}

#[target_feature(enable = "avx2")]
fn blend_f32(a: &mut RectMut<'_>, b: &Rect<'_>, weights: [f32; 2]) {
    portable::blend_f32(a, b, weights);
}

#[target_feature(enable = "avx2")]
fn mix_rows(out: &mut [f32], a: &[f32], b: &[f32], weights: [f64; 2]) {
    portable::mix_rows(out, a, b, weights);
}

/// Eight noise words, of which `low` holds the numbers' lower halves.
#[inline]
#[target_feature(enable = "avx2")]
fn words(low: __m256i, k0: __m256i, between: __m256i) -> __m256i {
    let mut x = _mm256_xor_si256(low, k0);
    x = _mm256_xor_si256(x, _mm256_srli_epi32::<16>(x));
    x = _mm256_mullo_epi32(x, _mm256_set1_epi32(0x7feb_352d));
    x = _mm256_xor_si256(x, _mm256_srli_epi32::<15>(x));
    x = _mm256_add_epi32(x, between);
    x = _mm256_mullo_epi32(x, _mm256_set1_epi32(0x846c_a68b_u32 as i32));
    _mm256_xor_si256(x, _mm256_srli_epi32::<16>(x))
}

noise::kernels! { "avx2", 32, words, store, __m256i, _mm256_set1_epi32, _mm256_add_epi32,
    _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7),
    |word, lo, span| {
        let u = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_srli_epi32::<8>(word)), _mm256_set1_ps(noise::UNIT));
        _mm256_castps_si256(_mm256_add_ps(_mm256_set1_ps(lo), _mm256_mul_ps(u, _mm256_set1_ps(span))))
    }
}
