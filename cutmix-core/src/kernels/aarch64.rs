//! aarch64: NEON, which is part of the architecture; no probe is needed.
//!
//! Arithmetic besides the blend of bytes is the portable code, which the compiler vectorises for NEON.

#![allow(unsafe_code)]
#![allow(clippy::wildcard_imports)] // The architecture's own names.

use core::arch::aarch64::*;

use super::raw::{Both, Pair, Raw, each_row};
use super::{Kernels, lanes16, portable};
use crate::view::{Rect, RectMut};

pub(super) static NEON: Kernels = Kernels {
    copy: |dst, src| lanes16::copy::<uint8x16_t>(Pair::new(dst, src)),
    exchange: |a, b| lanes16::exchange::<uint8x16_t>(Both::new(a, b)),
    fill,
    blend_u8,
    ..portable::TABLE
};

fn fill(dst: &mut RectMut<'_>, pattern: &[u8]) {
    let Some(byte) = super::uniform(pattern) else {
        if !lanes16::pattern(Raw::new(dst), pattern, lanes16::copy::<uint8x16_t>) {
            portable::fill(dst, pattern);
        }
        return;
    };
    // SAFETY: NEON is compiled in wherever this module is.
    let splat = unsafe { vdupq_n_u8(byte) };
    lanes16::fill(Raw::new(dst).joined(), byte, splat);
}

/// `a + round((a - b) (q - 2^15) / 2^15)`: `vqrdmulhq_s16(x, w)` is `(2 x w + 2^15) >> 16`, the same as
/// `(x w + 2^14) >> 15`, and saturates only at `x = w = -2^15`.
#[cfg(not(miri))]
#[inline]
#[target_feature(enable = "neon")]
fn lerp(a: uint8x16_t, b: uint8x16_t, weight: int16x8_t) -> uint8x16_t {
    let half = |a: uint8x8_t, b: uint8x8_t| {
        let (a, difference) = (vreinterpretq_s16_u16(vmovl_u8(a)), vreinterpretq_s16_u16(vsubl_u8(a, b)));
        vqmovun_s16(vaddq_s16(a, vqrdmulhq_s16(difference, weight)))
    };
    vcombine_u8(half(vget_low_u8(a), vget_low_u8(b)), half(vget_high_u8(a), vget_high_u8(b)))
}

/// Miri does not know the rounding product; the same lane by lane, so that it still sees every load and store.
#[cfg(miri)]
#[target_feature(enable = "neon")]
fn lerp(x: uint8x16_t, y: uint8x16_t, weight: int16x8_t) -> uint8x16_t {
    let (mut a, mut b, mut weights) = ([0; 16], [0; 16], [0; 8]);
    // SAFETY: (all four) the arrays have as many bytes as the registers.
    unsafe { (vst1q_u8(a.as_mut_ptr(), x), vst1q_u8(b.as_mut_ptr(), y), vst1q_s16(weights.as_mut_ptr(), weight)) };
    let blended = core::array::from_fn::<u8, 16, _>(|i| {
        let product = (i32::from(a[i]) - i32::from(b[i])) * i32::from(weights[0]);
        (i32::from(a[i]) + ((product + (1 << 14)) >> 15)) as u8
    });
    // SAFETY: as above.
    unsafe { vld1q_u8(blended.as_ptr()) }
}

#[target_feature(enable = "neon")]
fn blend_u8(a: &mut RectMut<'_>, b: &Rect<'_>, q: u16) {
    let pair = Pair::new(a, b);
    let n = pair.row_bytes;
    let weight = vdupq_n_s16(portable::mulhrs_weight(q));
    each_row!(pair, dst, src, {
        let mut at = 0;
        while at + 16 <= n {
            // SAFETY: (all three) `at..at + 16` lies in the row (`raw`).
            let a = unsafe { vld1q_u8(dst.wrapping_add(at)) };
            // SAFETY: as above.
            let b = unsafe { vld1q_u8(src.wrapping_add(at)) };
            let blended = lerp(a, b, weight);
            // SAFETY: as above.
            unsafe { vst1q_u8(dst.wrapping_add(at), blended) };
            at += 16;
        }
        while at < n {
            // SAFETY: byte `at` lies in the rows.
            unsafe { lanes16::blend_byte(dst.wrapping_add(at), src.wrapping_add(at), q) };
            at += 1;
        }
    });
}
