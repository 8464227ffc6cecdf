//! Kernels that only move bytes, with registers of 16: SSE2, NEON and simd128 share them. `V` is the level's register
//! type, whose presence is known when this is compiled.

#![allow(unsafe_code)]
#![allow(clippy::inline_always)] // A few moves each; a call would cost more than they do.

use core::mem::size_of;

use super::portable;
use super::raw::{Both, Pair, Raw, each_both, each_dst, each_row};

/// Copies `size_of::<V>()` bytes through one register.
///
/// # Safety
/// So many bytes can be read at `src` and written at `dst`, which do not overlap.
#[inline(always)]
unsafe fn mv<V: Copy>(dst: *mut u8, src: *const u8) {
    // SAFETY: the caller's promise.
    let value = unsafe { src.cast::<V>().read_unaligned() };
    // SAFETY: the caller's promise.
    unsafe { dst.cast::<V>().write_unaligned(value) };
}

/// Copies `n` bytes as their first and their last `size_of::<V>()`, which may share some. Both are read and written in
/// ascending order.
///
/// # Safety
/// As [`mv`] for `n` bytes; `size_of::<V>() <= n`.
#[inline(always)]
unsafe fn ends<V: Copy>(dst: *mut u8, src: *const u8, n: usize) {
    debug_assert!(n >= size_of::<V>());
    let last = n - size_of::<V>();
    // SAFETY: `0..size_of::<V>()` lies in `0..n`.
    unsafe { mv::<V>(dst, src) };
    // SAFETY: `last..n` lies in `0..n`.
    unsafe { mv::<V>(dst.wrapping_add(last), src.wrapping_add(last)) };
}

/// Rows up to here are copied by registers, longer ones by `memcpy`.
const LONGEST: usize = 48;

/// Copies every row; the width class is chosen once.
#[inline]
pub(super) fn copy<V: Copy>(pair: Pair<'_>) {
    const { assert!(size_of::<V>() == 16) };
    let n = pair.row_bytes;
    // Of every block here: `n` bytes of each row can be read and written (`raw`), and the class gives the least
    // `n` that its moves need.
    match n {
        0 => {}
        1 => each_row!(pair, dst, src, {
            // SAFETY: n = 1.
            unsafe { mv::<u8>(dst, src) }
        }),
        2..=3 => each_row!(pair, dst, src, {
            // SAFETY: n >= 2.
            unsafe { ends::<u16>(dst, src, n) }
        }),
        4..=7 => each_row!(pair, dst, src, {
            // SAFETY: n >= 4.
            unsafe { ends::<u32>(dst, src, n) }
        }),
        8..=15 => each_row!(pair, dst, src, {
            // SAFETY: n >= 8.
            unsafe { ends::<u64>(dst, src, n) }
        }),
        16 => each_row!(pair, dst, src, {
            // SAFETY: n = 16.
            unsafe { mv::<V>(dst, src) }
        }),
        17..=32 => each_row!(pair, dst, src, {
            // SAFETY: n >= 16.
            unsafe { ends::<V>(dst, src, n) }
        }),
        33..=LONGEST => each_row!(pair, dst, src, {
            // SAFETY: n >= 32.
            unsafe { mv::<V>(dst, src) };
            // SAFETY: n - 16 >= 16.
            unsafe { ends::<V>(dst.wrapping_add(16), src.wrapping_add(16), n - 16) };
        }),
        _ => memcpy(pair),
    }
}

/// Copies every row with the compiler's `memcpy`.
#[inline]
pub(super) fn memcpy(pair: Pair<'_>) {
    each_row!(pair, dst, src, {
        // SAFETY: `row_bytes` bytes of each row can be read and written, and the two borrows do not overlap (`raw`).
        unsafe { dst.copy_from_nonoverlapping(src, pair.row_bytes) };
    });
}

/// Exchanges `size_of::<V>()` bytes.
///
/// # Safety
/// So many bytes can be read and written at both, which do not overlap.
#[inline(always)]
unsafe fn swap<V: Copy>(a: *mut u8, b: *mut u8) {
    // SAFETY: the caller's promise.
    let from_a = unsafe { a.cast::<V>().read_unaligned() };
    // SAFETY: the caller's promise.
    unsafe { mv::<V>(a, b) };
    // SAFETY: the caller's promise.
    unsafe { b.cast::<V>().write_unaligned(from_a) };
}

/// Exchanges `n < 32` bytes, by the binary digits of `n`.
///
/// # Safety
/// `n` bytes can be read and written at both, which do not overlap.
#[inline(always)]
pub(super) unsafe fn swap_short<V: Copy>(mut a: *mut u8, mut b: *mut u8, n: usize) {
    macro_rules! part {
        ($type:ty) => {
            if n & size_of::<$type>() != 0 {
                // SAFETY: the digits of `n` sum to `n`, so this part lies in `0..n`.
                unsafe { swap::<$type>(a, b) };
                a = a.wrapping_add(size_of::<$type>());
                b = b.wrapping_add(size_of::<$type>());
            }
        };
    }
    part!(V);
    part!(u64);
    part!(u32);
    part!(u16);
    if n & 1 != 0 {
        // SAFETY: as above.
        unsafe { swap::<u8>(a, b) };
    }
}

/// Exchanges every row.
#[inline]
pub(super) fn exchange<V: Copy>(both: Both<'_>) {
    const { assert!(size_of::<V>() == 16) };
    let n = both.row_bytes;
    each_both!(both, a, b, {
        let mut at = 0;
        while at + 16 <= n {
            // SAFETY: `at..at + 16` lies in `0..n` (`raw`).
            unsafe { swap::<V>(a.wrapping_add(at), b.wrapping_add(at)) };
            at += 16;
        }
        // SAFETY: `at..n` is less than 16 bytes long and lies in `0..n` (`raw`).
        unsafe { swap_short::<V>(a.wrapping_add(at), b.wrapping_add(at), n - at) };
    });
}

/// Bytes of the line that [`pattern`] copies from: enough for a good share of a row, little enough for a small stack.
const LINE: usize = 256;

/// Fills every row with a repeated pattern: a line of whole patterns is copied to strips of its width. Gives up, and
/// says so, where the pattern is longer than the line.
#[inline]
pub(super) fn pattern(raw: Raw<'_>, pattern: &[u8], copy: impl Fn(Pair<'_>)) -> bool {
    let mut line = [0; LINE];
    let whole = LINE - LINE.checked_rem(pattern.len()).unwrap_or(LINE);
    let Some(line) = line.get_mut(..whole.min(raw.row_bytes)) else { return false };
    if whole == 0 {
        return false;
    }
    for (to, &from) in line.iter_mut().zip(pattern.iter().cycle()) {
        *to = from;
    }
    let mut at = 0;
    while at < raw.row_bytes {
        copy(Pair::from_line(raw.columns_from(at), line));
        at += line.len();
    }
    true
}

/// Fills every row with one byte; short rows by overlapping stores of a register, which `splat` makes.
#[inline]
pub(super) fn fill<V: Copy>(raw: Raw<'_>, byte: u8, splat: V) {
    const { assert!(size_of::<V>() == 16) };
    let n = raw.row_bytes;
    match n {
        0 => {}
        16..=64 => each_dst!(raw, dst, {
            let mut at = 0;
            while at + 16 < n {
                // SAFETY: `at..at + 16` lies in `0..n`, `n` bytes of which can be written (`raw`).
                unsafe { dst.wrapping_add(at).cast::<V>().write_unaligned(splat) };
                at += 16;
            }
            // SAFETY: `n >= 16`, so `n - 16..n` lies in `0..n`.
            unsafe { dst.wrapping_add(n - 16).cast::<V>().write_unaligned(splat) };
        }),
        1..=15 => {
            let line = [byte; 16];
            copy::<V>(Pair::from_line(raw, &line));
        }
        _ => each_dst!(raw, dst, {
            // SAFETY: `n` bytes of each row can be written (`raw`).
            unsafe { dst.write_bytes(byte, n) };
        }),
    }
}

/// Blends one byte: the ends of rows that no register fits.
///
/// # Safety
/// One byte can be read at both, and written at `dst`.
#[inline(always)]
pub(super) unsafe fn blend_byte(dst: *mut u8, src: *const u8, q: u16) {
    // SAFETY: the caller's promise.
    let a = unsafe { dst.read() };
    // SAFETY: the caller's promise.
    let b = unsafe { src.read() };
    // SAFETY: the caller's promise.
    unsafe { dst.write(portable::lerp_u8(a, b, q)) };
}
