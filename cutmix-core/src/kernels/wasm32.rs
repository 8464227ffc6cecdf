//! wasm with simd128, which is fixed when the module is compiled: a machine without it would not load the module.
//!
//! Arithmetic besides the blend of bytes is the portable code, which the compiler vectorises for simd128.

#![allow(unsafe_code)]
#![allow(clippy::wildcard_imports, clippy::cast_ptr_alignment)] // The architecture's own names; unaligned loads.

use core::arch::wasm32::*;

use super::raw::{Both, Pair, Raw, each_row};
use super::{Kernels, lanes16, portable};
use crate::view::{Rect, RectMut};

pub(super) static SIMD128: Kernels = Kernels {
    copy: |dst, src| lanes16::copy::<v128>(Pair::new(dst, src)),
    exchange: |a, b| lanes16::exchange::<v128>(Both::new(a, b)),
    fill,
    blend_u8,
    ..portable::TABLE
};

fn fill(dst: &mut RectMut<'_>, pattern: &[u8]) {
    let Some(byte) = super::uniform(pattern) else {
        if !lanes16::pattern(Raw::new(dst), pattern, lanes16::copy::<v128>) {
            portable::fill(dst, pattern);
        }
        return;
    };
    lanes16::fill(Raw::new(dst).joined(), byte, u8x16_splat(byte));
}

/// `a + round((a - b) (q - 2^15) / 2^15)`: `q15mulr_sat(x, w)` is `(x w + 2^14) >> 15` and saturates only at
/// `x = w = -2^15`.
fn lerp(a: v128, b: v128, weight: v128) -> v128 {
    let half = |a, b| i16x8_add(a, i16x8_q15mulr_sat(i16x8_sub(a, b), weight));
    u8x16_narrow_i16x8(
        half(u16x8_extend_low_u8x16(a), u16x8_extend_low_u8x16(b)),
        half(u16x8_extend_high_u8x16(a), u16x8_extend_high_u8x16(b)),
    )
}

fn blend_u8(a: &mut RectMut<'_>, b: &Rect<'_>, q: u16) {
    let pair = Pair::new(a, b);
    let n = pair.row_bytes;
    let weight = i16x8_splat(portable::mulhrs_weight(q));
    each_row!(pair, dst, src, {
        let mut at = 0;
        while at + 16 <= n {
            let to = dst.wrapping_add(at).cast::<v128>();
            // SAFETY: (all three) `at..at + 16` lies in the row (`raw`).
            let a = unsafe { v128_load(to) };
            // SAFETY: as above.
            let b = unsafe { v128_load(src.wrapping_add(at).cast()) };
            // SAFETY: as above.
            unsafe { v128_store(to, lerp(a, b, weight)) };
            at += 16;
        }
        while at < n {
            // SAFETY: byte `at` lies in the rows.
            unsafe { lanes16::blend_byte(dst.wrapping_add(at), src.wrapping_add(at), q) };
            at += 1;
        }
    });
}
