//! x86 and x86-64: SSE2, which the target promises, and AVX2 and AVX-512, which the processor may have.
//!
//! The functions of a table may only run where its level is available. They are reached through `Level::kernels`
//! alone, and a `Level` value is the proof: that is what the unsafe calls from a table's functions rest on.

mod avx2;
mod avx512;
mod noise;

#[cfg(target_arch = "x86")]
use core::arch::x86::{__m128i, _mm_set1_epi8};
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{__m128i, _mm_set1_epi8};

use super::raw::{Both, Pair, Raw};
use super::{Kernels, lanes16, portable};
use crate::view::{Rect, RectMut};

pub(super) use avx2::KERNELS as AVX2;
pub(super) use avx512::KERNELS as AVX512;

/// Arithmetic is the portable code, which the compiler vectorises for SSE2: see `OPTIMIZATION-NOTES.md`.
pub(super) static SSE2: Kernels = Kernels { copy, exchange, fill, ..portable::TABLE };

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
