//! AVX-512 with BW and VL: byte masks, so that a row of up to 64 bytes is one load and one store.

#![allow(unsafe_code)]
#![allow(clippy::wildcard_imports)] // Two architectures have these names in two places.

#[cfg(target_arch = "x86")]
use core::arch::x86::*;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

use super::{avx2, noise};
use crate::kernels::raw::{Both, Pair, Raw, each_both, each_dst, each_row};
use crate::kernels::{Kernels, Noise, lanes16, noise_word, portable};
use crate::view::{Rect, RectMut};

pub(crate) static KERNELS: Kernels = Kernels {
    copy,
    exchange,
    fill: avx2::fill,
    blend_u8,
    blend_u16,
    blend_f32,
    noise_u8,
    noise_u16,
    noise_f32,
    mix_rows,
};

/// The first `n` of 64 bytes; all of them from 64 on.
#[inline]
fn first(n: usize) -> u64 {
    u64::MAX.checked_shr(64_u32.saturating_sub(n as u32)).unwrap_or(0)
}

#[target_feature(enable = "avx512bw,avx512vl")]
fn copy(dst: &mut RectMut<'_>, src: &Rect<'_>) {
    copy_pair(Pair::new(dst, src));
}

#[inline]
#[target_feature(enable = "avx512bw,avx512vl")]
fn copy_pair(pair: Pair<'_>) {
    /// One masked register a row, two rows at a time.
    macro_rules! masked {
        ($mask:ty, $load:ident, $store:ident) => {{
            let mask = first(pair.row_bytes) as $mask;
            let (mut dst, mut src) = (pair.dst, pair.src);
            for _ in 0..pair.rows / 2 {
                let (next_dst, next_src) = (dst.wrapping_offset(pair.dst_pitch), src.wrapping_offset(pair.src_pitch));
                // SAFETY: (all four) the mask holds the bytes of the row and no other (`raw`); what it leaves out is not
                // accessed.
                let row = unsafe { $load(mask, src.cast()) };
                // SAFETY: as above.
                let next = unsafe { $load(mask, next_src.cast()) };
                // SAFETY: as above.
                unsafe { $store(dst.cast(), mask, row) };
                // SAFETY: as above.
                unsafe { $store(next_dst.cast(), mask, next) };
                (dst, src) = (next_dst.wrapping_offset(pair.dst_pitch), next_src.wrapping_offset(pair.src_pitch));
            }
            if pair.rows % 2 == 1 {
                // SAFETY: (both) as above.
                let row = unsafe { $load(mask, src.cast()) };
                // SAFETY: as above.
                unsafe { $store(dst.cast(), mask, row) };
            }
        }};
    }
    match pair.row_bytes {
        0 => {}
        1..=16 => masked!(u16, _mm_maskz_loadu_epi8, _mm_mask_storeu_epi8),
        17..=32 => masked!(u32, _mm256_maskz_loadu_epi8, _mm256_mask_storeu_epi8),
        33..=64 => masked!(u64, _mm512_maskz_loadu_epi8, _mm512_mask_storeu_epi8),
        // 64-byte registers gain nothing over aligned 32-byte ones.
        65..avx2::LONG => avx2::copy_long(pair),
        _ => lanes16::memcpy(pair),
    }
}

/// Masks serve for what is left of a row: whole registers without a mask are faster once the rows leave the cache.
#[target_feature(enable = "avx512bw,avx512vl")]
fn exchange(a: &mut RectMut<'_>, b: &mut RectMut<'_>) {
    let both = Both::new(a, b);
    let n = both.row_bytes;
    let tail = first(n % 32) as u32;
    each_both!(both, a, b, {
        let mut at = 0;
        while at + 32 <= n {
            let (to_a, to_b) = (a.wrapping_add(at).cast(), b.wrapping_add(at).cast());
            // SAFETY: (all four) `at..at + 32` lies in both rows (`raw`).
            let from_a = unsafe { _mm256_loadu_si256(to_a) };
            // SAFETY: as above.
            let from_b = unsafe { _mm256_loadu_si256(to_b) };
            // SAFETY: as above.
            unsafe { _mm256_storeu_si256(to_a, from_b) };
            // SAFETY: as above.
            unsafe { _mm256_storeu_si256(to_b, from_a) };
            at += 32;
        }
        let (to_a, to_b) = (a.wrapping_add(at).cast(), b.wrapping_add(at).cast());
        // SAFETY: (all four) the mask holds the bytes from `at` to the end of the rows and no other.
        let from_a = unsafe { _mm256_maskz_loadu_epi8(tail, to_a) };
        // SAFETY: as above.
        let from_b = unsafe { _mm256_maskz_loadu_epi8(tail, to_b) };
        // SAFETY: as above.
        unsafe { _mm256_mask_storeu_epi8(to_a, tail, from_b) };
        // SAFETY: as above.
        unsafe { _mm256_mask_storeu_epi8(to_b, tail, from_a) };
    });
}

/// Bytes to the next address that a whole register is aligned at, or the whole row if that is shorter.
#[inline]
fn to_aligned(dst: *const u8, n: usize) -> usize {
    (dst.addr().wrapping_neg() & 63).min(n)
}

/// See `avx2::lerp`.
#[inline]
#[target_feature(enable = "avx512bw,avx512vl")]
fn lerp(a: __m512i, b: __m512i, weight: __m512i) -> __m512i {
    let zero = _mm512_setzero_si512();
    let half = |a, b| _mm512_add_epi16(a, _mm512_mulhrs_epi16(_mm512_sub_epi16(a, b), weight));
    _mm512_packus_epi16(
        half(_mm512_unpacklo_epi8(a, zero), _mm512_unpacklo_epi8(b, zero)),
        half(_mm512_unpackhi_epi8(a, zero), _mm512_unpackhi_epi8(b, zero)),
    )
}

/// Runs a blend over rows of `$dst` and `$src`: a masked head up to an aligned address of the destination, whole
/// registers, a masked tail. `$blend` takes and gives one register.
macro_rules! blend_rows {
    ($pair:expr, |$a:ident, $b:ident| $blend:expr) => {
        each_row!($pair, dst, src, {
            let n = $pair.row_bytes;
            let head = to_aligned(dst, n);
            let mut at = 0;
            let mut mask = first(head);
            let mut last = head == n;
            loop {
                let (to, from) = (dst.wrapping_add(at).cast(), src.wrapping_add(at).cast());
                // SAFETY: (all three) the mask holds bytes of the rows and no other (`raw`): first those of the head,
                // then those from the last whole register to the end.
                let $a = unsafe { _mm512_maskz_loadu_epi8(mask, to) };
                // SAFETY: as above.
                let $b = unsafe { _mm512_maskz_loadu_epi8(mask, from) };
                let blended = $blend;
                // SAFETY: as above.
                unsafe { _mm512_mask_storeu_epi8(to, mask, blended) };
                if last {
                    break;
                }
                at = head;
                while at + 64 <= n {
                    let (to, from) = (dst.wrapping_add(at).cast(), src.wrapping_add(at).cast());
                    // SAFETY: (all three) `at..at + 64` lies in the rows (`raw`).
                    let $a = unsafe { _mm512_loadu_si512(to) };
                    // SAFETY: as above.
                    let $b = unsafe { _mm512_loadu_si512(from) };
                    let blended = $blend;
                    // SAFETY: as above.
                    unsafe { _mm512_storeu_si512(to.cast(), blended) };
                    at += 64;
                }
                (mask, last) = (first(n - at), true);
            }
        });
    };
}

#[target_feature(enable = "avx512bw,avx512vl")]
fn blend_u8(a: &mut RectMut<'_>, b: &Rect<'_>, q: u16) {
    let pair = Pair::new(a, b);
    let weight = _mm512_set1_epi16(portable::mulhrs_weight(q));
    blend_rows!(pair, |a, b| lerp(a, b, weight));
}

/// Elements that begin at an address that is no multiple of 4 stay whole: the head then is the whole row, or none.
#[target_feature(enable = "avx512bw,avx512vl")]
fn blend_f32(a: &mut RectMut<'_>, b: &Rect<'_>, [w_a, w_b]: [f32; 2]) {
    let pair = Pair::new(a, b);
    if !(pair.dst.addr() | pair.dst_pitch.unsigned_abs()).is_multiple_of(4) {
        return portable::blend_f32(a, b, [w_a, w_b]);
    }
    let (w_a, w_b) = (_mm512_set1_ps(w_a), _mm512_set1_ps(w_b));
    blend_rows!(pair, |a, b| {
        let sum = _mm512_add_ps(_mm512_mul_ps(w_a, _mm512_castsi512_ps(a)), _mm512_mul_ps(w_b, _mm512_castsi512_ps(b)));
        _mm512_castps_si512(sum)
    });
}

// The compiler vectorises these by itself where it may use AVX-512.

#[target_feature(enable = "avx512bw,avx512vl")]
fn blend_u16(a: &mut RectMut<'_>, b: &Rect<'_>, q: u16) {
    portable::blend_u16(a, b, q);
}

#[target_feature(enable = "avx512bw,avx512vl")]
fn mix_rows(out: &mut [f32], a: &[f32], b: &[f32], weights: [f64; 2]) {
    portable::mix_rows(out, a, b, weights);
}

/// # Safety
/// 64 bytes can be written at `dst`.
#[inline]
#[target_feature(enable = "avx512bw,avx512vl")]
unsafe fn store(dst: *mut u8, value: __m512i) {
    // SAFETY: the caller's promise; the store needs no alignment.
    unsafe { _mm512_storeu_si512(dst.cast(), value) };
}

/// Sixteen noise words, of which `low` holds the numbers' lower halves.
#[inline]
#[target_feature(enable = "avx512bw,avx512vl")]
fn words(low: __m512i, k0: __m512i, between: __m512i) -> __m512i {
    let mut x = _mm512_xor_si512(low, k0);
    x = _mm512_xor_si512(x, _mm512_srli_epi32::<16>(x));
    x = _mm512_mullo_epi32(x, _mm512_set1_epi32(0x7feb_352d));
    x = _mm512_xor_si512(x, _mm512_srli_epi32::<15>(x));
    x = _mm512_add_epi32(x, between);
    x = _mm512_mullo_epi32(x, _mm512_set1_epi32(0x846c_a68b_u32 as i32));
    _mm512_xor_si512(x, _mm512_srli_epi32::<16>(x))
}

noise::kernels! { "avx512bw,avx512vl", 64, words, store, __m512i, _mm512_set1_epi32, _mm512_add_epi32,
    _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    |word, lo, span| {
        let u = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_srli_epi32::<8>(word)), _mm512_set1_ps(noise::UNIT));
        _mm512_castps_si512(_mm512_add_ps(_mm512_set1_ps(lo), _mm512_mul_ps(u, _mm512_set1_ps(span))))
    }
}
